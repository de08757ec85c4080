"""Who may read which text, field by field and object by object, written by hand from what the
product promises.

Every text, JSON and binary field of our models stands either in SENSITIVE, with its readers for
each object of the world, or in OPEN, with the reason why it needs none. A field in neither list
fails a test.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Readers = dict[str, str]
"""Slot of the object → personas, separated by spaces."""


@dataclass(frozen=True)
class Sensitive:
    """Its readers per object, and the page (with the family of its objects) on which each of them
    does read it.

    Without a page it has none of its own. `also` may read it elsewhere, as far as it is told there.
    """

    readers: Readers
    page: str = ""
    family: str = ""
    also: Readers = field(default_factory=dict)

    def allowed(self, slot: str) -> frozenset[str]:
        """Everybody who may read it in this slot."""
        return frozenset([*self.readers[slot].split(), *self.also.get(slot, "").split()])


WHOLE_BODY = "office hr executive consultant auditor"
EVERYBODY = "staff manager manager_other until_yesterday deputy concurrent " + WHOLE_BODY

# A department and what belongs to it: its own people, its manager, the manager above, and whoever
# reaches the whole body.
PLACE: Readers = {
    "own": "staff deputy concurrent manager " + WHOLE_BODY,
    "below": "manager " + WHOLE_BODY,
    "other": "manager_other concurrent until_yesterday " + WHOLE_BODY,
}
# A person: themselves, who leads them, office, HR. Experts from outside and auditors read of no
# person.
PERSON: Readers = {
    "self": "staff manager office hr executive",
    "own": "manager office hr executive",
    "below": "manager office hr executive",
    "other": "manager_other concurrent office hr executive",
}
# A name is known to the people of the department and to whoever acts in its matters; the external
# expert works without names.
NAME: Readers = {
    "self": "staff deputy manager office hr executive auditor",
    "own": "staff deputy manager office hr executive auditor",
    "below": "manager office hr executive auditor manager_other",
    "other": "manager_other concurrent until_yesterday office hr executive auditor",
    "at work": EVERYBODY.replace(" consultant", ""),
}
# Why somebody is away is said to the office, and known to oneself.
AWAY: Readers = {"self": "staff office", "own": "office", "other": "office"}
# What somebody has to learn: themselves, their managers (所属長, not every decider above), office,
# HR.
LEARNING: Readers = {
    "self": "staff manager office hr",
    "own": "manager office hr",
    "below": "manager office hr",
    "other": "manager_other concurrent office hr",
}
# Goals: the person, the evaluator while they lead the person, HR. Not the office, not who led until
# yesterday.
GOALS: Readers = {
    "self": "staff manager hr",
    "own": "manager hr",
    "below": "manager hr",
    "other": "manager_other hr",
    "left": "hr",
    "chief": "manager executive hr",
}
# A talk: the two, and nobody else at all.
TALK: Readers = {
    "self": "staff manager",
    "own": "manager",
    "below": "manager",
    "other": "manager_other",
    "left": "",
}
# A private note: its author.
NOTE: Readers = {
    "self": "staff",
    "self_manager": "manager",
    "own": "manager",
    "other": "manager_other",
    "left": "",
}
# A decision on its way: who drafted it, whose post it passes, who answers for the department,
# office and auditor; the deputy
# while it is the absent decider's turn.
PASSING: Readers = {
    "own": "manager manager_other office executive auditor",
    "below": "manager manager_other office executive auditor",
    "other": "manager_other concurrent office executive auditor deputy",
}
COMMENTED: Readers = {
    "own": "manager office executive auditor deputy",
    "below": "manager office executive auditor deputy",
    "other": "manager_other concurrent office executive auditor deputy",
}
# A review that is being written: who answers for the department, and whoever reaches the whole
# body. Staff read it when closed.
REVIEW: Readers = {
    "own": "manager " + WHOLE_BODY,
    "below": "manager " + WHOLE_BODY,
    "other": "manager_other concurrent " + WHOLE_BODY,
    "body": "manager manager_other concurrent " + WHOLE_BODY,
    "closed": "staff deputy concurrent manager " + WHOLE_BODY,
}
CLOSED: Readers = {"closed": REVIEW["closed"]}
# An action: who reads its review, and who has to do it.
ACTION: Readers = {**REVIEW, "self": "staff " + REVIEW["own"]}
# Who wrote a remark: not told to experts from outside and auditors.
REMARKER: Readers = {
    slot: found.replace(" consultant", "").replace(" auditor", "") for slot, found in REVIEW.items()
}
# Why somebody begins anew: the office and who leads the person.
BEGUN_ANEW: Readers = {
    "own": "manager office executive",
    "below": "manager office executive",
    "other": "manager_other concurrent office executive",
}
OFFICE: Readers = {"any": "office", "refused": "office", "invited": "office"}
ALL: Readers = {"any": EVERYBODY}
WORKING: Readers = {"any": EVERYBODY.replace(" consultant auditor", "")}
ONESELF: Readers = {
    name: name
    for name in (
        *EVERYBODY.split(),
        "half",
        "not_set_up",
        "deactivated",
        "consultant_ended",
        "cut_off",
        "locked",
        "office_other",
    )
}
NOBODY: Readers = dict.fromkeys([*ONESELF, "any", "invited", "self", "own"], "")

SENSITIVE: dict[str, Sensitive] = {
    # --- the ground floor
    # Whoever's password was right is told whom to ask when the second factor is lost.
    "municipality.Municipality.contact": Sensitive(
        ALL, "municipality:notices", also={"any": "half not_set_up consultant_ended locked"}
    ),
    "municipality.Disposal.reason": Sensitive(
        {"any": "office auditor"}, "municipality:disposal", "disposal"
    ),
    "municipality.Disposal.comment": Sensitive(
        {"any": "office auditor"}, "municipality:disposal", "disposal"
    ),
    "municipality.Municipality.sender": Sensitive(OFFICE, "municipality:settings"),
    "municipality.Municipality.reply_to": Sensitive(OFFICE, "municipality:settings"),
    "municipality.Member.name": Sensitive(NAME),
    "municipality.Member.kana": Sensitive(PERSON, "municipality:member", "member"),
    "municipality.Member.mail": Sensitive(PERSON, "municipality:member", "member"),
    "municipality.Member.employment": Sensitive(PERSON, "municipality:member", "member"),
    "municipality.Absence.reason": Sensitive(AWAY, "municipality:member", "member"),
    "municipality.IdentityProvider.issuer": Sensitive(OFFICE, "municipality:provider", "provider"),
    "municipality.Renewal.reason": Sensitive(BEGUN_ANEW, "municipality:renewal", "renewal"),
    "municipality.Invitation.sealed_token": Sensitive(OFFICE, "municipality:slip", "newcomer"),
    "municipality.Invitation.digest": Sensitive(NOBODY),
    "municipality.User.username": Sensitive(ONESELF),
    "municipality.User.email": Sensitive(ONESELF, "municipality_outside:account"),
    "municipality.User.password": Sensitive(NOBODY),
    "municipality.Decision.title": Sensitive(PASSING, "municipality:decision", "decision"),
    "municipality.Decision.number": Sensitive(PASSING, "municipality:decision", "decision"),
    "municipality.Revision.content": Sensitive(
        PASSING, "municipality:decision", "decision", also=PLACE
    ),
    "municipality.Attachment.name": Sensitive(PASSING, "municipality:decision", "decision"),
    "municipality.Attachment.content": Sensitive(PASSING),
    "municipality.Step.comment": Sensitive(COMMENTED, "municipality:decision", "commented"),
    "municipality.FileImport.name": Sensitive(OFFICE, "municipality:import", "import"),
    "municipality.FileImport.changes": Sensitive(OFFICE, "municipality:import", "import"),
    "municipality.FileImport.findings": Sensitive(OFFICE, "municipality:import", "import"),
    "municipality.Passed.title": Sensitive(
        {"self": "staff office", "own": "office"}, "municipality:transfer", "transfer"
    ),
    "municipality.Passed.note": Sensitive(
        {"self": "staff office", "own": "office"}, "municipality:transfer", "transfer"
    ),
    "municipality.Notice.params": Sensitive({"self": "staff", "own": ""}, "municipality:notices"),
    "municipality.EntryContent.body": Sensitive(NOBODY),
    "municipality.Mail.error": Sensitive(OFFICE, "municipality:mails"),
    "municipality.Announcement.subject": Sensitive(OFFICE, "municipality:announcements"),
    "municipality.Announcement.body": Sensitive(OFFICE, "municipality:announcements"),
    # --- preparing
    "rollout.Round.name": Sensitive(ALL, "rollout:readiness"),
    "rollout.Assessment.remark": Sensitive(PLACE, "rollout:assessment", "assessment"),
    "rollout.Answer.comment": Sensitive(PLACE, "rollout:assessment", "assessment"),
    "rollout.Answer.reviewed_comment": Sensitive(PLACE, "rollout:assessment", "assessment"),
    "rollout.Answer.previous_comment": Sensitive(PLACE, "rollout:assessment", "assessment"),
    "rollout.Answer.return_remark": Sensitive(PLACE, "rollout:assessment", "assessment"),
    "rollout.Answer.return_reply": Sensitive(PLACE, "rollout:assessment", "assessment"),
    "rollout.Answer.returned_comment": Sensitive(PLACE, "rollout:assessment", "assessment"),
    "rollout.BlockerException.reason": Sensitive(PLACE, "rollout:conditions", "assessment"),
    "rollout.BlockerException.conditions": Sensitive(PLACE, "rollout:conditions", "assessment"),
    "rollout.ExceptionRequest.reason": Sensitive(PLACE, "rollout:conditions", "assessment"),
    "rollout.ExceptionRequest.remark": Sensitive(PLACE, "rollout:conditions", "assessment"),
    "rollout.Reexamination.comment": Sensitive(PLACE, "rollout:conditions", "assessment"),
    "rollout.Reexamination.remark": Sensitive(PLACE, "rollout:conditions", "assessment"),
    # --- learning
    "training.Course.title": Sensitive(ALL, "training:course", "course"),
    "training.Course.materials": Sensitive(ALL, "training:course", "course"),
    "training.Assignment.reason": Sensitive(LEARNING, "training:assignment", "assignment"),
    "training.Completion.void_reason": Sensitive(LEARNING, "training:completion", "completion"),
    # --- trying
    "pilots.Pilot.name": Sensitive(PLACE, "pilots:pilot", "pilot"),
    "pilots.Pilot.purpose": Sensitive(PLACE, "pilots:pilot", "pilot"),
    "pilots.Pilot.scope": Sensitive(PLACE, "pilots:pilot", "pilot"),
    "pilots.Pilot.outcome_note": Sensitive(PLACE, "pilots:pilot", "finished"),
    "pilots.Expansion.name": Sensitive(PLACE, "pilots:expansion", "expansion", also=COMMENTED),
    "pilots.Expansion.explanation": Sensitive(
        PLACE, "pilots:expansion", "expansion", also=COMMENTED
    ),
    "pilots.ExpansionDepartment.purpose": Sensitive(
        PLACE, "pilots:expansion", "expansion", also=COMMENTED
    ),
    "pilots.ExpansionDepartment.scope": Sensitive(
        PLACE, "pilots:expansion", "expansion", also=COMMENTED
    ),
    "pilots.Participant.device": Sensitive(PERSON, "pilots:participant", "participant"),
    # --- judging
    "evaluation.EvaluationPeriod.name": Sensitive(WORKING, "evaluation:period", "period"),
    "evaluation.Goal.title": Sensitive(GOALS, "evaluation:sheet", "sheet"),
    "evaluation.Goal.measure": Sensitive(GOALS, "evaluation:sheet", "sheet"),
    "evaluation.Sheet.return_comment": Sensitive(GOALS, "evaluation:sheet", "sheet"),
    "evaluation.OneOnOne.topics": Sensitive(TALK, "evaluation:one_on_one", "talk"),
    "evaluation.OneOnOne.shared_note": Sensitive(TALK, "evaluation:one_on_one", "talk"),
    "evaluation.Promise.text": Sensitive(TALK, "evaluation:one_on_one", "talk"),
    "evaluation.PrivateNote.sealed": Sensitive(NOTE, "evaluation:one_on_one", "talk"),
    "evaluation.Review.plan_text": Sensitive(REVIEW, "evaluation:review", "review"),
    "evaluation.Review.do_text": Sensitive(REVIEW, "evaluation:review", "review"),
    "evaluation.Review.check_text": Sensitive(REVIEW, "evaluation:review", "review"),
    "evaluation.Review.act_text": Sensitive(REVIEW, "evaluation:review", "review"),
    "evaluation.Remark.text": Sensitive(REVIEW, "evaluation:review", "review"),
    "evaluation.Remark.name": Sensitive(REMARKER, "evaluation:review", "review"),
    "evaluation.Remark.post": Sensitive(REMARKER, "evaluation:review", "review"),
    "evaluation.Action.what": Sensitive(ACTION, "evaluation:action", "action"),
    "evaluation.Action.outcome": Sensitive(ACTION, "evaluation:action", "ended"),
    "evaluation.ActionEntry.text": Sensitive(ACTION, "evaluation:action", "action"),
    "evaluation.ActionInReview.last_report": Sensitive(CLOSED, "evaluation:review", "review"),
    "evaluation.ActionInReview.outcome": Sensitive(CLOSED, "evaluation:review", "review"),
    "evaluation.ReviewRevision.content": Sensitive(CLOSED, "evaluation:review", "review"),
    "evaluation.ReviewRevision.reason": Sensitive(CLOSED, "evaluation:review", "review"),
}

CODE = "a key or code of the product, never free text"
DIGEST = "a digest or a salt: says nothing without its key, and is shown in eight letters at most"
SEALED = (
    "encrypted with FIELD_KEYS: what it hides is planted where it is shown, or is made anew for "
    "each set-up"
)
CATALOGUE = "comes with the product, alike in every body"
PLAN = (
    "the organisation as everybody at work knows it; alike in both bodies of the world on purpose"
)

OPEN: dict[str, str] = {
    "municipality.Identity.issuer": (
        "shown on no page; tests/municipality/accounts/test_identities.py"
    ),
    "municipality.Identity.subject": (
        "shown on no page; tests/municipality/accounts/test_identities.py"
    ),
    "municipality.Authenticator.name": CODE,
    "municipality.Authenticator.sealed_key": SEALED,
    "municipality.Invitation.code_digest": DIGEST,
    "municipality.IdentityProvider.slug": CODE,
    "municipality.IdentityProvider.name": "stands on a button of the sign-in page",
    "municipality.IdentityProvider.client_id": "named to every browser that goes to the provider",
    "municipality.IdentityProvider.sealed_secret": SEALED,
    "municipality.IdentityProvider.end_session": "named to everybody who signs out",
    "municipality.CodeTable.name": CODE,
    "municipality.CodeTable.sealed_key": SEALED,
    "municipality.RecoverySheet.name": CODE,
    "municipality.RecoverySheet.sealed_key": SEALED,
    "municipality.RecoveryCode.digest": DIGEST,
    "municipality.NationalHoliday.name": "public: the national holidays",
    "municipality.ClosedDay.name": "public: the town hall's door says it",
    "municipality.Municipality.name": PLAN,
    "municipality.Municipality.kana": PLAN,
    "municipality.Department.code": PLAN,
    "municipality.Department.further_successors": CODE,
    "municipality.Department.name": PLAN,
    "municipality.Department.path": CODE,
    "municipality.DepartmentVersion.name": PLAN,
    "municipality.Post.title": PLAN,
    "municipality.EmploymentKind.name": PLAN,
    "municipality.Member.number": (
        "written on every slip of paper; alike in both bodies of the world on purpose"
    ),
    "municipality.Member.series": CODE,
    "municipality.RouteTemplate.matter": CODE,
    "municipality.RouteTemplate.name": PLAN,
    "municipality.RouteTemplate.variant": CODE,
    "municipality.Decision.matter": CODE,
    "municipality.Step.instead_of": PLAN,
    "municipality.Decision.route": PLAN,
    "municipality.Revision.hash": DIGEST,
    "municipality.Attachment.sha256": DIGEST,
    "municipality.Decision.decided_post": PLAN,
    "municipality.Step.acted_name": "the seal on a decision: its readers are those of the decision",
    "municipality.Takeover.reason": "stands in 経過: its readers are those of the decision",
    "municipality.Step.acted_post": "the seal on a decision: its readers are those of the decision",
    "municipality.Deputy.matter": CODE,
    "municipality.SettingVersion.key": CODE,
    "municipality.SettingVersion.values": (
        "what stands on the settings page of the office itself; persons by number"
    ),
    "municipality.SetupMark.item": CODE,
    "municipality.JobRun.job": CODE,
    "evaluation.ReviewFigure.details": CODE,
    "evaluation.ReviewFigure.previous_details": CODE,
    "municipality.JobRun.error": CODE,
    "municipality.JobRun.place": CODE,
    "municipality.Chain.head": DIGEST,
    "municipality.Chain.seal": DIGEST,
    "municipality.EntryContent.erased": DIGEST,
    "municipality.Checkpoint.hash": DIGEST,
    "municipality.Checkpoint.signature": DIGEST,
    "municipality.Verification.head": DIGEST,
    "municipality.Verification.reason": CODE,
    "municipality.Verification.signature": DIGEST,
    "municipality.VerificationProgress.hash": DIGEST,
    "municipality.VerificationProgress.signature": DIGEST,
    "municipality.Disposal.cutoffs": "days per group of lines",
    "municipality.Entry.verb": CODE,
    "municipality.Entry.subject_type": CODE,
    "municipality.Entry.digest": DIGEST,
    "municipality.Entry.previous": DIGEST,
    "municipality.Entry.hash": DIGEST,
    "municipality.EntryContent.salt": DIGEST,
    "municipality.FileImport.kind": CODE,
    "municipality.FileImport.options": CODE,
    "municipality.FileImport.summary": (
        "numbers and notes about the columns; what would change is planted beside it"
    ),
    "municipality.FileImport.undo": "packed keys and old values, shown on no page",
    "municipality.FileImport.content": (
        "the file itself is shown on no page; what it says is planted in name, summary, findings"
    ),
    "municipality.FileImport.digest": DIGEST,
    "municipality.Mail.batch": CODE,
    "municipality.Mail.message_id": CODE,
    "municipality.Member.wrong_mail": "the address once more, compared only and shown on no page",
    "municipality.Announcement.audience": "keys of departments, roles and people, shown on no page",
    "municipality.BodyHoliday.name": "public: the national holidays",
    "municipality.CalendarFeed.digest": DIGEST,
    "municipality.LadderVersion.stages": "numbers, for the office alone",
    "municipality.MailHours.days_off": "numbers of weekdays, shown to oneself alone",
    "municipality.Wording.rule": CODE,
    "municipality.Wording.language": CODE,
    "municipality.Wording.subject": (
        "the body's words for a kind of notice, alike for whoever gets one"
    ),
    "municipality.Wording.body": (
        "the body's words for a kind of notice, alike for whoever gets one"
    ),
    "municipality.Notice.rule": CODE,
    "municipality.Notice.stage": CODE,
    "municipality.Notice.key": CODE,
    "municipality.Pulse.name": CODE,
    "municipality.Passed.kind": CODE,
    "municipality.Roll.stamp": CODE,
    "municipality.Roll.kept": "numbers only, shown on no page",
    "rollout.Criterion.code": CATALOGUE,
    "rollout.Criterion.title": CATALOGUE,
    "rollout.Criterion.question": CATALOGUE,
    "rollout.Criterion.levels": CATALOGUE,
    "rollout.Criterion.english": CATALOGUE,
    "rollout.BlockerException.criterion": CATALOGUE,
    "rollout.BlockerException.granted_as": "the title of a post, which every decision names",
    "rollout.Assessment.scores": "numbers, by department; who sees them is the matrix's matter",
    "training.Course.code": CODE,
    "training.Course.audience": CODE,
    "training.Course.english": "the course's title and material once more, for the same readers",
    "pilots.SuccessCriterion.indicator": CODE,
    "pilots.Pilot.readiness": (
        "departments, levels and posts, frozen for the decision that shows them"
    ),
    "pilots.Expansion.evidence": "numbers and departments; the explanation beside it is planted",
    "pilots.Expansion.evidence_hash": DIGEST,
    "pilots.PilotResult.values": "numbers and departments, as the evidence of an expansion",
    "pilots.PilotResult.hash": DIGEST,
    "pilots.Usage.part": "a time of day or a number",
    "pilots.DeletedUsage.part": "a time of day or a number",
    "pilots.DeletedUsage.reason": "shown by itself on no page; the preview of a file copies it",
    "municipality.SentForm.token": DIGEST,
    "municipality.SentForm.digest": DIGEST,
    "municipality.SentForm.address": "an address below the body, shown on no page",
    "pilots.ExpansionDepartment.criteria": CODE,
    "evaluation.Indicator.code": CATALOGUE,
    "evaluation.Indicator.name": CATALOGUE,
    "evaluation.Indicator.name_en": CATALOGUE,
    "evaluation.Indicator.unit": CATALOGUE,
    "evaluation.Indicator.unit_en": CATALOGUE,
    "evaluation.Indicator.formula": CATALOGUE,
    "evaluation.Indicator.formula_en": CATALOGUE,
    "evaluation.Indicator.note": CATALOGUE,
    "evaluation.Indicator.note_en": CATALOGUE,
    "evaluation.ReviewRevision.stamp": DIGEST,
    "evaluation.Review.stamp": DIGEST,
}
