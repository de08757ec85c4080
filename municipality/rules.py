"""Who may. A rule answers True or No(reason); the same answer guards the operation and explains the button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .authority import departments_of, is_only_office
from .standing import Standing

if TYPE_CHECKING:
    from .models import Decision, Department, Disposal, FileImport, Hold, Mail, Member, Renewal, Step


@dataclass(frozen=True)
class No:
    """A refusal with its reason in the reader's language, and where it can be mended."""

    reason: str | Promise
    address: str = ""

    def __bool__(self) -> Literal[False]:
        return False


Answer = Literal[True] | No


class Denied(Exception):
    """Somebody may not do this: answered with 403 and the reason."""

    def __init__(self, no: No) -> None:
        super().__init__(str(no.reason))
        self.no = no


@dataclass(frozen=True)
class Difference:
    """One field of a form that came too late: what stands there now, and what was typed."""

    label: str
    now: str
    typed: str


class Conflict(Exception):
    """Not possible now, or somebody else was first: answered with 409 and the reason. A form that came too late shows its
    `differences`, so that both texts can be compared.
    """

    def __init__(self, reason: str | Promise, address: str = "", differences: Sequence[Difference] = ()) -> None:
        super().__init__(str(reason))
        self.reason, self.address, self.differences = reason, address, differences


def require(answer: Answer) -> None:
    """Go on only when the rule said yes. Raises Denied."""
    if isinstance(answer, No):
        raise Denied(answer)


NOT_OFFICE = No(_("事務局の人だけが行えます。"))
NOT_NAMES = No(_("氏名は表示されません。"))
OWN_DRAFT = No(_("自分が起案したものは決裁できません。"))
NOT_HERE = No(_("この部署の所属長か、事務局の人だけが行えます。"))


def anyone(member: Member, obj: object = None) -> Answer:
    """Every member of the body."""
    return True


def is_office(member: Member, obj: object = None) -> Answer:
    """The project office of the body."""
    return True if member.authority.is_office else NOT_OFFICE


def may_see_log(member: Member, obj: object = None) -> Answer:
    """The access log is for auditors and the office."""
    if member.authority.is_auditor or member.authority.is_office:
        return True
    return No(_("アクセスログは、監査・事務局の人だけが見られます。"))


def may_propose_disposal(member: Member, obj: object = None) -> Answer:
    """The office proposes what is to be disposed of."""
    return is_office(member)


def may_approve_disposal(member: Member, disposal: Disposal) -> Answer:
    """A second person approves: an auditor who did not propose it."""
    if not member.authority.is_auditor:
        return No(_("記録の廃棄は、監査の人だけが承認できます。"))
    if disposal.proposed_by_id == member.pk:
        return No(_("自分が申し出たものは承認できません。"))
    return True


def may_see_people(member: Member, obj: object = None) -> Answer:
    """The list of people is for those who answer for some: not for staff and consultants."""
    authority = member.authority
    if authority.is_office or authority.is_hr or authority.is_manager or authority.is_executive:
        return True
    return No(_("職員の一覧は、事務局・人事・所属長の人だけが見られます。"))


def may_see_names(member: Member, obj: object = None) -> Answer:
    """Who heads a department is known to all who work here; external experts and auditors see posts, not persons."""
    return True if member.authority.roles - {"consultant", "auditor"} else NOT_NAMES


def may_see_member(member: Member, person: Member | None = None) -> Answer:
    """What is known of a person: for themselves, and for those who answer for people."""
    return True if person is not None and person.pk == member.pk else may_see_people(member)


def may_change_member(member: Member, person: Member | None = None) -> Answer:
    """Name and addresses of a person are kept by the office of their own body."""
    if person is not None and person.municipality_id != member.municipality_id:
        return NOT_OFFICE
    return is_office(member)


def may_note_absence(member: Member, person: Member) -> Answer:
    """不在 is noted by oneself or by the office."""
    if member.pk == person.pk or may_change_member(member, person):
        return True
    return No(_("不在は、本人か事務局の人だけが登録できます。"))


def may_import(member: Member, file_import: FileImport | None = None) -> Answer:
    """Files are taken in by the office."""
    return is_office(member)


def may_invite(member: Member, person: Member | None = None) -> Answer:
    """Invitations, their slips and what mends a lost sign-in are the office's, for the people of its own body."""
    if person is not None and person.municipality_id != member.municipality_id:
        return NOT_OFFICE
    return is_office(member)


def is_above(member: Member, person: Member) -> bool:
    """Does the member lead the person today: as manager or executive of one of the person's departments, or above it?"""
    paths = departments_of(person, member.authority.day)
    return any(member.authority.has(role, path) for role in ("manager", "executive") for path in paths)


def may_ask_renewal(member: Member, person: Member | None = None) -> Answer:
    """The office asks that a lost sign-in be made anew, never one's own; for the only one in the office, who leads them asks."""
    if person is None or person.municipality_id != member.municipality_id:
        return NOT_OFFICE
    if person.pk == member.pk:
        return No(_("自分のやり直しは、自分では申し込めません。ほかの人に頼んでください。"))
    if member.authority.is_office or (is_above(member, person) and is_only_office(person, member.authority.day)):
        return True
    return NOT_OFFICE


def may_see_renewal(member: Member, renewal: Renewal) -> Answer:
    """The office, and who leads the person."""
    if member.authority.is_office or is_above(member, renewal.member):
        return True
    return No(_("この人の所属長か、事務局の人だけが行えます。"))


def may_answer_renewal(member: Member, renewal: Renewal) -> Answer:
    """A second person: not the one who asked, and never about oneself."""
    if member.pk == renewal.member_id:
        return No(_("自分のやり直しは、自分では確認できません。"))
    if member.pk == renewal.asked_by_id:
        return No(_("申し込んだ人とは別の人が確認します。"))
    return may_see_renewal(member, renewal)


def leads(member: Member, department: Department) -> Answer:
    """The manager of the department (or of one above it), or the office."""
    if member.authority.is_office:
        return True
    if member.authority.has("manager", department.path):
        return True
    return NOT_HERE


def may_act_on(member: Member, step: Step) -> Answer:
    """Only who holds the step's post today, and nobody on their own draft."""
    if step.decision.drafter_id == member.pk:
        return OWN_DRAFT
    if member.authority.holds_post(step.department_id, step.post_id):
        return True
    return No(_("%(post)sの職にある人だけが行えます。") % {"post": step.post})


def may_decide_for(member: Member, step: Step) -> Answer:
    """代決: a named deputy, at the decider's step only, while every holder of the post is away."""
    if step.decision.drafter_id == member.pk:
        return OWN_DRAFT
    if step.kind != "decide":
        return No(_("代決は、決裁者の段階だけで行えます。"))
    standing = Standing.of([step], member.authority.day)
    if not standing.all_away(step):
        return No(_("決裁者の不在が登録されていないため、代決できません。"))
    if member.pk in standing.deputies_of(step):
        return True
    return No(_("代決する人に指定されていません。"))


def may_raise(member: Member, step: Step) -> Answer:
    """引上げ: the nearest higher post of the route with anybody there, while nobody is at the step's post."""
    if step.decision.drafter_id == member.pk:
        return OWN_DRAFT
    if step.kind == "decide":
        return No(_("決裁者の段階は、引上げできません。"))
    standing = Standing.of([step], member.authority.day)
    if not standing.lack(step):
        return No(_("%(post)sの職にある人がいるため、引上げできません。") % {"post": step.post})
    if member.pk in standing.raisers_of(step):
        return True
    return No(_("引上げは、この決裁の経路で次に上位の職にある人だけが行えます。"))


def may_answer(member: Member, step: Step) -> Answer:
    """Approve, return or reject: by post, as deputy, or in place of a lower post."""
    own = may_act_on(member, step)
    if own:
        return own
    in_place = may_decide_for if step.kind == "decide" else may_raise
    return True if in_place(member, step) else own


def may_review(member: Member, step: Step) -> Answer:
    """後閲: the holder of the post reads what somebody else did in its place."""
    if step.acted_by_id == member.pk:
        return No(_("自分が行ったものに、後閲は必要ありません。"))
    return may_act_on(member, step)


def may_add_paper(member: Member, decision: Decision) -> Answer:
    """Papers are added by the drafter, and while it runs by whoever's turn it is."""
    if decision.drafter_id == member.pk:
        return True
    for step in decision.steps.of_round(decision).current().select_related("decision", "post"):
        if may_answer(member, step):
            return True
    return No(_("資料を加えられるのは、起案者と、いま確認している職位の人だけです。"))


def may_keep_document(member: Member, decision: Decision) -> Answer:
    """文書番号 and 保存年限 are kept by the office and the drafter."""
    if decision.drafter_id == member.pk or member.authority.is_office:
        return True
    return No(_("起案者か、事務局の人だけが行えます。"))


def may_circulate(member: Member, decision: Decision) -> Answer:
    """供覧 is ordered by the drafter or the office."""
    return may_keep_document(member, decision)


def may_note_reading(member: Member, decision: Decision) -> Answer:
    """Whoever was named to read it, or holds a post that was."""
    if decision.circulations.to(member).exists():
        return True
    return No(_("供覧の対象になっている人だけが行えます。"))


def may_record_decision(member: Member, decision: Decision) -> Answer:
    """A decision made outside is recorded by the office, nobody's own draft by themselves."""
    if decision.drafter_id == member.pk:
        return OWN_DRAFT
    return is_office(member)


def may_withdraw(member: Member, decision: Decision) -> Answer:
    """The drafter takes back (取下げ) what is not decided yet."""
    if decision.drafter_id == member.pk:
        return True
    return No(_("起案者だけが取り下げられます。"))


# --- reminders and mail ----------------------------------------------------------------------------------------------------


def may_decide_hold(member: Member, hold: Hold | None = None) -> Answer:
    """What was held back is let go or dropped by the office of the body."""
    return is_office(member)


def may_care_for_mail(member: Member, mail: Mail | None = None) -> Answer:
    """Mail that did not arrive is looked after by the office of the body."""
    if mail is not None and mail.municipality_id != member.municipality_id:
        return NOT_OFFICE
    return is_office(member)
