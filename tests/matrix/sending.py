"""What is sent to each address, and the state in which its thing has to be, so that whoever may do
it succeeds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from evaluation.appraisal.one_on_ones.models import OneOnOne, PrivateNote
from evaluation.appraisal.sheets.models import Goal, Sheet
from evaluation.pdca.actions.models import Action
from evaluation.pdca.reviews.models import Review
from municipality.accounts.models import Authenticator, IdentityProvider, Renewal
from municipality.audit.models import Entry
from municipality.decisions.models import Absence, Circulation, Decision, RouteStep, Step
from municipality.imports.models import FileImport
from municipality.imports.operations.imports import commit_import
from municipality.organisation.models import Member, Posting
from municipality.organisation.open_days import open_days
from municipality.reminders.operations.announcements import Audience, members_meant, seal_of
from pilots.participants.models import Participant
from pilots.planning.models import Expansion, ExpansionDepartment, Pilot
from rollout.readiness.models import Answer, Assessment, Round
from tests.build.municipality import an_account
from tests.build.training import a_required_course
from tests.world.town import Town
from training.completions.models import Completion

Given = Callable[[Town, Any], None]
Data = Callable[[Town, Any, str], dict[str, Any]]


@dataclass(frozen=True)
class Sending:
    """`given` brings the thing into its state; `data` is a minimal valid form (of the town, the
    thing, the persona).
    """

    given: Given | None = None
    data: Data | None = None
    more: dict[str, str] | None = None


def _set(**facts: Any) -> Given:
    def given(town: Town, thing: Any) -> None:
        type(thing)._base_manager.filter(pk=thing.pk).update(**facts)

    return given


# --- decisions ------------------------------------------------------------------------------------


def _returned(town: Town, decision: Decision) -> None:
    """Sent back to the drafter; its pilot is planned again."""
    Step.objects.filter(decision=decision).update(state="ended")
    Decision.objects.filter(pk=decision.pk).update(state="returned")
    Pilot.objects.filter(pk=decision.subject_id).update(state="planned")


def _left_behind(town: Town, decision: Decision) -> None:
    """Sent back to a drafter who is away."""
    _returned(town, decision)
    Absence.objects.get_or_create(
        municipality=decision.municipality,
        member=decision.drafter,
        reason="休暇",
        starts_on=town.today,
        ends_on=town.today,
    )


def _decided_by_deputy(town: Town, decision: Decision) -> None:
    """The deputy decided in the mayor's place."""
    Step.objects.filter(decision=decision, order=1).exclude(state="skipped").update(
        state="approved", acted_by=town.people["other_person"], acted_at=town.now
    )
    Step.objects.filter(decision=decision, order=2).update(
        state="approved",
        capacity="deputy",
        acted_by=town.people["deputy"],
        acted_name="職員",
        acted_at=town.now,
    )
    Decision.objects.filter(pk=decision.pk).update(state="decided", closed_at=town.now)


def _turn(town: Town, decision: Decision, who: str) -> dict[str, Any]:
    step = Step.objects.filter(decision=decision, state="current").first()
    return {"step": step.pk if step else 0, "comment": "確認しました。"}


def _last_step(town: Town, decision: Decision, who: str) -> dict[str, Any]:
    step = Step.objects.filter(decision=decision, order=2).first()
    return {"step": step.pk if step else 0}


def _paper(town: Town, decision: Decision, who: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("資料.txt", "追加の資料".encode(), "text/plain")}


def _document(town: Town, decision: Decision, who: str) -> dict[str, Any]:
    return {
        "number": "総第1号",
        "retention_years": 5,
        "edition": Decision.objects.get(pk=decision.pk).edition,
    }


def _circulated(town: Town, decision: Decision, who: str) -> dict[str, Any]:
    return {"member": town.people["colleague"].number, "department": "", "post": ""}


def _on_paper(town: Town, decision: Decision, who: str) -> dict[str, Any]:
    file = SimpleUploadedFile("決裁.pdf", b"%PDF-1.7\n", "application/pdf")
    post = Posting.objects.get(member=town.people["executive"]).post_id
    facts = {"department": town.departments["root"].pk, "post": post}
    return {"number": "総第2号", "decided_on": town.today.isoformat(), **facts, "file": file}


def _to_be_read(town: Town, decision: Decision) -> None:
    """Decided, and open to be read."""
    _decided_by_deputy(town, decision)
    Circulation.objects.filter(decision=decision).update(due_on=town.today, opened_at=town.now)


# --- the ground floor -----------------------------------------------------------------------------


def _new_department(town: Town, thing: Any, who: str) -> dict[str, Any]:
    parent = town.departments["own"].pk
    return {
        "code": "0990",
        "name": "企画課",
        "kind": "section",
        "parent": parent,
        "starts_on": town.today.isoformat(),
    }


def _person(town: Town, member: Any, who: str) -> dict[str, Any]:
    return {
        "name": "安藤 海",
        "kana": "アンドウ カイ",
        "mail": "",
        "employment": "",
        "edition": member.edition,
    }


def _away(prefix: str = "") -> Data:
    def data(town: Town, thing: Any, who: str) -> dict[str, Any]:
        facts = {
            "reason": "研修",
            "starts_on": town.today.isoformat(),
            "ends_on": town.today.isoformat(),
        }
        named = {"away-member": town.people["colleague"].number} if prefix else {}
        return {**{f"{prefix}{name}": value for name, value in facts.items()}, **named}

    return data


def _file(town: Town, thing: Any, who: str) -> dict[str, Any]:
    """A list of departments from the office; records of telework from whoever hands in for some."""
    if who != "office":
        text = "職員番号,実施日,単位,場所,方式\n900001,2026-10-01,終日,自宅,VPN方式\n"
        file = SimpleUploadedFile("実施記録.csv", text.encode(), "text/csv")
        return {"kind": "usage", "file": file}
    text = f"部署コード,部署名,上位部署コード,種別,開始日,終了日\n0998,出納室,,室,{town.today.isoformat()},\n"
    return {
        "kind": "departments",
        "file": SimpleUploadedFile("部署.csv", text.encode(), "text/csv"),
    }


def _records_left_out(town: Town, taken: Any) -> None:
    """The file holds records of telework, of which some were deleted on a page."""
    text = "職員番号,実施日,単位,場所,方式\n"
    rows = FileImport.objects.filter(pk=taken.pk)
    rows.update(kind="usage", name="実施記録.csv", content=text.encode())


def _taken_in(town: Town, taken: Any) -> None:
    """The file was committed, and nothing has built on it."""
    commit_import(FileImport.objects.get(pk=taken.pk), by=town.people["office"], now=town.now)


def _settings(town: Town, thing: Any, who: str) -> dict[str, Any]:
    return {
        "name": town.name,
        "network": "α",
        "small_cell": 6,
        "sending": "on",
        "edition": town.body.edition,
    }


YEARS = ("sign_in", "reading", "refusal", "change", "decision", "files", "settings", "record")


def _past_retention(town: Town, thing: Any) -> None:
    """A first line that is past every retention."""
    first = Entry.objects.filter(chain__municipality=town.body).order_by("seq").first()
    Entry.objects.filter(pk=first.pk if first else 0).update(at=town.now - timedelta(days=20_000))


def _closed_day(town: Town, thing: Any, who: str) -> dict[str, Any]:
    return {"date": (town.today + timedelta(days=120)).isoformat(), "name": "臨時休庁"}


def _route(town: Town, thing: Any, who: str) -> dict[str, Any]:
    mayor = Posting.objects.get(member=town.people["executive"]).post_id
    stages = {f"s{n}-order": n for n in range(1, 7)} | {
        f"s{n}-kind": "approve" for n in range(1, 7)
    }
    return {
        "matter": "pilots.pilot",
        "name": "町長専決",
        "open_days": 3,
        **stages,
        "s1-kind": "decide",
        "s1-post": mayor,
        "s1-department": town.departments["root"].pk,
    }


def _deputy(town: Town, thing: Any, who: str) -> dict[str, Any]:
    post = Posting.objects.get(member=town.people["executive"]).post_id
    number = town.people["colleague"].number
    return {
        "department": town.departments["root"].pk,
        "post": post,
        "member": number,
        "matter": "",
        "starts_on": town.today.isoformat(),
    }


# --- reminders and mail ---------------------------------------------------------------------------


def _announcement(town: Town, thing: Any, who: str) -> dict[str, Any]:
    """As the preview has shown it, so that it is sent."""
    facts = {"subject": "提出のお願い", "text": "今週中に提出してください。"}
    meant = members_meant(town.body, Audience(roles=("hr",)), town.today)
    return {**facts, "roles": ["hr"], "seen": seal_of(*facts.values(), meant)}


LADDER = {"version": 0, "stages": "-5, 0, 3", "manager_from": 3}
WORDS = {"version": 0, "subject": "{title}", "text": "{stage}"}


def _whole_list(town: Town, thing: Any, who: str) -> dict[str, Any]:
    text = (
        "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日\n"
        f"990001,新田 光,,,0100,主事,職員,本務,{town.today.isoformat()},\n"
    )
    file = SimpleUploadedFile("異動.csv", text.encode(), "text/csv")
    return {"whole_on": town.today.isoformat(), "file": file}


def _renamed(town: Town, department: Any, who: str) -> dict[str, Any]:
    facts = {
        "name": "改正課",
        "kind": department.kind,
        "parent": department.parent_id or "",
        "draft": "1",
    }
    return {**facts, "on": (town.today + timedelta(days=30)).isoformat()}


def _ended(town: Town, department: Any, who: str) -> dict[str, Any]:
    facts = {
        "code": "0991",
        "name": "統合課",
        "kind": "section",
        "parent": town.departments["root"].pk,
        "draft": "1",
    }
    return {**facts, "on": (town.today + timedelta(days=30)).isoformat()}


def _duty(town: Town, thing: Any, who: str) -> dict[str, Any]:
    place, number = town.departments["own"].pk, town.people["colleague"].number
    return {
        "kind": "operator",
        "department": place,
        "member": number,
        "starts_on": town.today.isoformat(),
    }


def _duty_change(town: Town, duty: Any, who: str) -> dict[str, Any]:
    return {
        "on": town.today.isoformat(),
        "member": town.people["colleague"].number,
        "edition": duty.edition,
    }


# --- sign-in --------------------------------------------------------------------------------------


def _registered(town: Town, member: Any) -> None:
    """The person has an account, and nobody asked for a new beginning yet."""
    Renewal.objects.filter(member=member).update(state="refused")
    found = Member.objects.get(pk=member.pk)
    if found.user_id is None:
        an_account(found)


def _paused(town: Town, member: Any) -> None:
    """Codes were typed wrong again and again."""
    _registered(town, member)
    user = Member.objects.get(pk=member.pk).user
    Authenticator.objects.filter(user=user).update(
        throttling_failure_count=9, throttling_failure_timestamp=town.now
    )


def _provider(town: Town, provider: Any, who: str) -> dict[str, Any]:
    secret = "" if provider else "only-for-tests"
    facts = {
        "name": "庁内認証",
        "issuer": "http://127.0.0.1:9/new",
        "client_id": "telework",
        "secret": secret,
    }
    return {**facts, "edition": provider.edition if provider else ""}


def _in_use(town: Town, provider: Any) -> None:
    IdentityProvider.objects.filter(pk=provider.pk).update(is_active=True)


def _sign_in_settings(town: Town, thing: Any, who: str) -> dict[str, Any]:
    lasts = {"session_idle_minutes": 20, "session_absolute_hours": 10}
    return {**lasts, "code_tables": "on", "edition": town.body.edition}


# --- preparing and learning -----------------------------------------------------------------------


def _no_round(town: Town, thing: Any) -> None:
    facts = {"state": "closed", "closed_at": town.now, "closed_by": town.people["office"]}
    Round.objects.filter(municipality=town.body).update(**facts)


def _submitted(town: Town, assessment: Assessment) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(state="submitted")


def _reviewed(town: Town, assessment: Assessment) -> None:
    """Submitted, and the 必須条件 were looked at."""
    _submitted(town, assessment)
    Answer.objects.filter(assessment=assessment).update(reviewed_level=3)


def _blocked(town: Town, assessment: Assessment) -> None:
    """Confirmed with a 必須条件 that is not met."""
    office = town.people["second_office"]
    Assessment.objects.filter(pk=assessment.pk).update(
        state="confirmed", confirmed_by=office, confirmed_at=town.now
    )
    answer = Answer.objects.filter(assessment=assessment, criterion__code="I2")
    answer.update(own_level=1, reviewed_level=1)


def _not_asked(town: Town, round_: Round) -> None:
    """住民課 is not among those asked."""
    Assessment.objects.filter(round=round_, department=town.departments["third"]).delete()


def _named_post(town: Town, thing: Any, who: str) -> dict[str, Any]:
    post = Posting.objects.get(member=town.people["executive"]).post_id
    return {"edition": 0, "department": town.departments["root"].pk, "post": post}


def _corrected_usage(town: Town, usage: Any, who: str) -> dict[str, Any]:
    values = {"what": "change", "unit": "morning", "place": "satellite", "method": "vpn"}
    return {**values, "reason": "出勤簿と照合した。", "edition": usage.edition}


def _new_usage(town: Town, thing: Any, who: str) -> dict[str, Any]:
    values = {"unit": "morning", "time": "", "place": "home", "method": "vpn"}
    who_and_when = {"who": town.people[who].number, "day": town.today.isoformat()}
    return {**values, **who_and_when, "reason": "届出による。"}


def _later(town: Town, thing: Any, who: str) -> dict[str, Any]:
    return {"due_on": town.day(40).isoformat()}


def _levels(town: Town, assessment: Assessment, who: str) -> dict[str, Any]:
    rows = Answer.objects.filter(assessment=assessment, criterion__axis="documents").values_list(
        "criterion", flat=True
    )
    levels = {f"level_{number}": 2 for number in rows} | {
        f"comment_{number}": "規程を改めた。" for number in rows
    }
    return {**levels, "edition": assessment.edition, "draft": "1"}


def _course(town: Town, course: Any, who: str) -> dict[str, Any]:
    facts = {"title": "情報の守り方", "mode": "group", "minutes": 30, "audience": ["staff"]}
    return (
        {**facts, "edition": course.edition, "is_active": "on"}
        if course
        else {**facts, "code": "T77"}
    )


def _assign(town: Town, course: Any, who: str) -> dict[str, Any]:
    place, day = town.departments["third"].pk, town.day(20).isoformat()
    number = town.people["third_chief"].number
    return {"department": place, "roles": ["staff"], "due_on": day, "named": number}


def _attended(town: Town, course: Any, who: str) -> dict[str, Any]:
    rows = course.assignments.open().values_list("pk", flat=True)
    return {"people": list(rows), "completed_on": town.today.isoformat()}


def _standing(town: Town, completion: Any) -> None:
    Completion.objects.filter(pk=completion.pk).update(voided_at=None, void_reason="")


def _completed(town: Town, assignment: Any, who: str) -> dict[str, Any]:
    own = assignment.member_id == town.people["staff"].pk and who == "staff"
    return {"read": "on"} if own else {"completed_on": town.today.isoformat(), "score": 80}


# --- trying ---------------------------------------------------------------------------------------

PLACES = {"manager": "own", "manager_other": "other", "concurrent": "other"}


def _plan(town: Town, pilot: Any, who: str) -> dict[str, Any]:
    """A plan for the pilot's own department, or for one's own (the office: 総務課)."""
    place = pilot.departments.get().pk if pilot else town.departments[PLACES.get(who, "own")].pk
    lead = pilot.lead if pilot else town.people.get(who, town.people["office"])
    return {
        "name": "第3期試行",
        "kind": "department",
        "purpose": "窓口の事務で試す",
        "departments": [place],
        "lead": lead.number,
        "starts_on": town.day(5).isoformat(),
        "ends_on": town.day(50).isoformat(),
        "method": "vdi",
        "days_per_week": 2,
        "edition": pilot.edition if pilot else "",
    }


def _criteria(town: Town, pilot: Pilot, who: str) -> dict[str, Any]:
    return {"threshold_K40": "40", "direction_K40": "at_least", "edition": pilot.edition}


def _startable(town: Town, pilot: Pilot) -> None:
    Pilot.objects.filter(pk=pilot.pk).update(state="approved")
    Participant.objects.filter(pilot=pilot).update(state="agreed", agreed_on=town.today)


def _running(town: Town, pilot: Pilot) -> None:
    facts = {"started_at": town.now, "report_due_on": town.today, "ends_on": town.today}
    Pilot.objects.filter(pk=pilot.pk).update(state="running", **facts)


def _required(town: Town, participant: Participant) -> None:
    a_required_course(town.body)


def _candidate(town: Town, pilot: Pilot, who: str) -> dict[str, Any]:
    name = {"0100": "newcomer", "0110": "below_person", "0200": "other_newcomer"}[
        pilot.departments.get().code
    ]
    return {"members": [town.people[name].pk], "device": "貸与端末"}


def _free_below(town: Town, pilot: Pilot) -> None:
    """The only person of 庶務係 is asked already; who has left can be asked again."""
    Participant.objects.filter(pilot=pilot, member=town.people["below_person"]).update(
        state="left", agreed_on=None
    )


def _expansion(town: Town, thing: Any, who: str) -> dict[str, Any]:
    first, last = town.day(200), town.day(260)
    return {
        "name": "第2期試行",
        "departments": [town.departments["third"].pk],
        "starts_on": first.isoformat(),
        "ends_on": last.isoformat(),
        "method": "vdi",
        "days_per_week": 2,
        "initial_yen": 0,
        "monthly_yen": 0,
        "explanation": "基準を満たさない分は研修で補う。",
        "edition": getattr(thing, "edition", ""),
    }


def _came_back(town: Town, expansion: Expansion) -> None:
    Expansion.objects.filter(pk=expansion.pk).update(state="draft")
    found = Decision.objects.filter(matter="pilots.expansion", subject_id=expansion.pk)
    Step.objects.filter(decision__in=found, state="current").update(state="ended")
    found.update(state="returned")


def _plan_back(town: Town, plan: ExpansionDepartment) -> None:
    _came_back(town, Expansion.objects.get(pk=plan.expansion_id))


def _department_plan(town: Town, plan: ExpansionDepartment, who: str) -> dict[str, Any]:
    return {
        "purpose": "窓口の後の事務で試す",
        "scope": "審査",
        "lead": "",
        "threshold_K40": "40",
        "direction_K40": "at_least",
        "edition": plan.edition,
    }


def _taken_back(town: Town, expansion: Expansion) -> None:
    _came_back(town, expansion)
    found = Decision.objects.filter(matter="pilots.expansion", subject_id=expansion.pk)
    found.update(state="withdrawn", closed_at=town.now)


def _without_decider(given: Given | None = None) -> Given:
    """No route of the body has a deciding stage."""

    def without(town: Town, thing: Any) -> None:
        if given:
            given(town, thing)
        RouteStep.objects.of(town.body).filter(kind="decide").update(kind="approve")

    return without


# --- judging --------------------------------------------------------------------------------------


def _period(town: Town, thing: Any, who: str) -> dict[str, Any]:
    later = town.today + timedelta(days=200)
    days = {
        "starts_on": later,
        "ends_on": later + timedelta(days=180),
        "goals_due_on": town.day(30),
        "agree_due_on": town.day(60),
    }
    return {"name": "次の期間", **{name: day.isoformat() for name, day in days.items()}}


def _corrected_period(town: Town, period: Any, who: str) -> dict[str, Any]:
    return {**_period(town, period, who), "edition": period.edition}


def _unwritten(town: Town, period: Any) -> None:
    """Nobody has written a sheet of it."""
    Goal.objects.filter(sheet__period=period).delete()
    Sheet.objects.filter(period=period).update(state="draft", submitted_at=None)


def _planned_period(town: Town, period: Any) -> None:
    Sheet.objects.filter(period=period, member=town.people["third_chief"]).delete()


def _goals(town: Town, sheet: Sheet, who: str) -> dict[str, Any]:
    goal = {"title_1": "手順書を改める", "measure_1": "3本", "weight_1": 100, "difficulty_1": "B"}
    return {**goal, "edition": sheet.edition}


def _handed_in(town: Town, sheet: Sheet) -> None:
    Sheet.objects.filter(pk=sheet.pk).update(state="submitted")


def _pair(town: Town, thing: Any, who: str) -> dict[str, Any]:
    name = {"manager": "newcomer", "executive": "newcomer"}.get(who, "other_newcomer")
    return {"member": town.people[name].number}


def _talk(town: Town, thing: Any, who: str) -> dict[str, Any]:
    facts = {
        "held_on": town.today.isoformat(),
        "minutes": 30,
        "mode": "face",
        "topics": "体調",
        "shared_note": "",
    }
    return {**facts, "edition": thing.edition if isinstance(thing, OneOnOne) else ""}


def _note(town: Town, talk: OneOnOne, who: str) -> dict[str, Any]:
    person = town.people.get(who)
    own = PrivateNote.objects.filter(one_on_one=talk, author=person).first()
    return {"text": "覚え書き", "edition": own.edition if own else 0}


def _texts(town: Town, review: Review, who: str) -> dict[str, Any]:
    return {
        "plan_text": "ねらい",
        "do_text": "",
        "check_text": "",
        "act_text": "",
        "edition": review.edition,
    }


def _closed(town: Town, review: Review) -> None:
    """締め."""
    facts = {"state": "closed", "closed_by": town.people["second_office"], "closed_at": town.now}
    Review.objects.filter(pk=review.pk).update(**facts)


def _action(town: Town, thing: Any, who: str) -> dict[str, Any]:
    edition = thing.edition if isinstance(thing, Action) else ""
    return {
        "what": "様式を減らす",
        "who": "",
        "due_on": town.day(20).isoformat(),
        "edition": edition,
    }


def _moved_action(town: Town, thing: Any, who: str) -> dict[str, Any]:
    later = open_days(town.body).roll(town.day(40)).isoformat()
    return {"due_on": later, "reason": "繁忙期のため", "edition": thing.edition}


def _given_action(town: Town, thing: Any, who: str) -> dict[str, Any]:
    return {"who": town.people[who].number, "reason": "担当替え", "edition": thing.edition}


def _called_off(town: Town, action: Action) -> None:
    """取りやめ."""
    ended = {"state": "cancelled", "finished_at": town.now, "outcome": "不要"}
    Action.objects.filter(pk=action.pk).update(**ended)


def _said(**facts: Any) -> Data:
    return lambda town, thing, who: dict(facts)


ONLY_WHAT_MAY_MOVE = {"municipality:preview", "municipality:preview_end", "municipality:lift_lock"}
"""What is sent there changes the session or counted tries alone, which need not stand still
(tests/world/prints.py).
"""

ON = {"more": {"axis": "documents"}}
BLOCKER = {"more": {"criterion": "I2"}}
SENDING: dict[str, Sending] = {
    "municipality:decision_submit": Sending(_returned),
    "municipality:decision_take_over": Sending(
        _left_behind, lambda town, decision, who: {"reason": "起案者が不在のため。"}
    ),
    "municipality:decision_approve": Sending(data=_turn),
    "municipality:decision_return": Sending(data=_turn),
    "municipality:decision_reject": Sending(data=_turn),
    "municipality:decision_review": Sending(_decided_by_deputy, _last_step),
    "municipality:decision_file": Sending(more={"number": "1"}),
    "municipality:decision_file_add": Sending(data=_paper),
    "municipality:decision_file_leave_out": Sending(_returned, more={"number": "1"}),
    "municipality:decision_document": Sending(data=_document),
    "municipality:decision_circulate": Sending(data=_circulated),
    "municipality:decision_record": Sending(data=_on_paper),
    "municipality:decision_read": Sending(_to_be_read),
    "municipality:department_new": Sending(data=_new_department),
    "municipality:member_edit": Sending(data=_person),
    "municipality:absence_new": Sending(data=_away()),
    "municipality:absence_note": Sending(data=_away("away-")),
    "municipality:imports": Sending(data=_file),
    "municipality:department_change": Sending(data=_renamed),
    "municipality:department_end": Sending(data=_ended),
    "municipality:transfers": Sending(data=_whole_list),
    "municipality:duties": Sending(data=_duty),
    "municipality:duty": Sending(data=_duty_change),
    "municipality:import_choice": Sending(_records_left_out),
    "municipality:import_template": Sending(more={"kind": "usage"}),
    "municipality:import_template_book": Sending(more={"kind": "usage"}),
    "municipality:import_current": Sending(more={"kind": "people"}),
    "municipality:import_undo": Sending(_taken_in),
    "municipality:settings": Sending(data=_settings),
    "municipality:preview": Sending(
        data=lambda town, thing, who: {"department": town.departments["own"].pk}
    ),
    "municipality:log_check_of": Sending(more={"number": "1"}),
    "municipality:disposals": Sending(_past_retention, _said(reason="定期の廃棄")),
    "municipality:erasure_new": Sending(
        data=lambda town, thing, who: {"member": town.people["senior"].number, "reason": "申出"}
    ),
    "municipality:disposal_refuse": Sending(data=_said(comment="年限を確かめてください。")),
    "municipality:retention": Sending(
        data=lambda town, thing, who: dict.fromkeys(YEARS, 10) | {"edition": town.body.edition}
    ),
    "municipality:checklist_mark": Sending(more={"item": "mail"}),
    "municipality:posts": Sending(data=_said(title="会計管理者", below="")),
    "municipality:employment_kinds": Sending(data=_said(name="非常勤", counts_as_staff="on")),
    "municipality:post_rename": Sending(
        data=lambda town, post, who: {"title": "参事", "edition": post.edition}
    ),
    "municipality:post_move": Sending(data=_said(up="1")),
    "municipality:closed_days": Sending(data=_closed_day),
    "municipality:routes": Sending(data=_route),
    "municipality:deputies": Sending(data=_deputy),
    "municipality:reminders": Sending(data=lambda town, thing, who: dict(LADDER)),
    "municipality:wording": Sending(
        data=lambda town, thing, who: dict(WORDS), more={"rule": "decision.step", "language": "ja"}
    ),
    "municipality:announcements": Sending(data=_announcement),
    "municipality:renewal_ask": Sending(
        _registered, lambda town, thing, who: {"reason": "機種変更のため"}
    ),
    "municipality:member_sessions_end": Sending(_registered),
    "municipality:lift_lock": Sending(_paused),
    "municipality:provider_new": Sending(data=_provider),
    "municipality:provider": Sending(data=_provider),
    "municipality:provider_try": Sending(_in_use),
    "municipality:provider_stop": Sending(_in_use),
    "municipality:sign_in_settings": Sending(data=_sign_in_settings),
    "rollout:open_round": Sending(
        _no_round,
        lambda town, thing, who: {
            "name": "次の回",
            "due_on": town.day(20).isoformat(),
            "kinds": ["section"],
        },
    ),
    "rollout:answers": Sending(data=_levels, **ON),
    "rollout:review": Sending(_submitted, _levels, **ON),
    "rollout:extend_round": Sending(data=_later),
    "rollout:add_department": Sending(
        _not_asked, lambda town, thing, who: {"department": town.departments["third"].pk}
    ),
    "rollout:extend": Sending(data=_later),
    "rollout:exception": Sending(
        _blocked,
        lambda town, thing, who: {
            "reason": "住民の情報を扱わないため。",
            "valid_until": town.day(100).isoformat(),
        },
        **BLOCKER,
    ),
    "rollout:exception_ask": Sending(
        _blocked, _said(reason="住民の情報を扱わないため。"), **BLOCKER
    ),
    "rollout:exception_decline": Sending(data=_said(remark="代わりの対策が足りない。")),
    "rollout:reexamine": Sending(
        _blocked, _said(level="3", comment="手順書を確かめた。"), **BLOCKER
    ),
    "rollout:reexamination": Sending(data=_said(remark="確かめた。")),
    "rollout:exception_post": Sending(data=_named_post),
    "rollout:confirm": Sending(_reviewed, lambda town, thing, who: {"edition": thing.edition}),
    "rollout:submit": Sending(data=lambda town, thing, who: {"edition": thing.edition}),
    "rollout:return": Sending(
        _submitted,
        lambda town, thing, who: {
            "remark": "根拠を書いてください。",
            "whole": "on",
            "edition": thing.edition,
        },
    ),
    "training:create_course": Sending(data=_course),
    "training:starter": Sending(),
    "training:edit_course": Sending(data=_course),
    "training:assign": Sending(data=_assign),
    "training:complete": Sending(data=_completed),
    "pilots:usage_setting": Sending(data=lambda town, thing, who: {"file_wins": "on"}),
    "pilots:usage_new": Sending(data=_new_usage),
    "pilots:usage_record": Sending(data=_corrected_usage),
    "training:record_class": Sending(data=_attended),
    "training:void": Sending(_standing, _said(reason="別の人の記録だったため")),
    "pilots:new": Sending(data=_plan),
    "pilots:edit": Sending(data=_plan),
    "pilots:criteria": Sending(data=_criteria),
    "pilots:start": Sending(_startable),
    "pilots:evaluate": Sending(_running),
    "pilots:finish": Sending(_running, _said(outcome="stop", note="要員が足りないため")),
    "pilots:take_courses": Sending(_required),
    "pilots:participants": Sending(_free_below, _candidate),
    "pilots:expand": Sending(_running, _expansion),
    "pilots:expansion_edit": Sending(_came_back, _expansion),
    "pilots:expansion_department": Sending(_plan_back, _department_plan),
    "pilots:ask_for_route": Sending(_without_decider()),
    "pilots:expansion_submit": Sending(_taken_back),
    "pilots:expansion_ask_for_route": Sending(_without_decider(_taken_back)),
    "evaluation:period_new": Sending(data=_period),
    "evaluation:period_edit": Sending(_unwritten, _corrected_period),
    "evaluation:period_withdraw": Sending(_unwritten),
    "evaluation:period_open": Sending(_planned_period),
    "evaluation:goals": Sending(data=_goals),
    "evaluation:sheet_agree": Sending(_handed_in),
    "evaluation:sheet_return": Sending(_handed_in, _said(comment="物差しを書いてください。")),
    "evaluation:pair_new": Sending(data=_pair),
    "evaluation:talk_new": Sending(data=_talk),
    "evaluation:talk_edit": Sending(data=_talk),
    "evaluation:note": Sending(data=_note),
    "evaluation:review_edit": Sending(data=_texts),
    "evaluation:review_reopen": Sending(_closed, _said(reason="記録が遅れて届いたため")),
    "evaluation:review_request": Sending(_closed),
    "evaluation:review_ask_for_route": Sending(_without_decider(_closed)),
    "evaluation:review_remark": Sending(data=_said(text="窓口の待ち時間も見てください。")),
    "evaluation:action_new": Sending(data=_action),
    "evaluation:action_edit": Sending(data=_action),
    "evaluation:action_report": Sending(data=_said(text="半分できた")),
    "evaluation:action_due": Sending(data=_moved_action),
    "evaluation:action_holder": Sending(data=_given_action),
    "evaluation:action_reopen": Sending(_called_off, _said(reason="取り違えたため")),
    "evaluation:action_finish": Sending(data=_said(outcome="終えた")),
    "evaluation:action_cancel": Sending(data=_said(outcome="不要になった")),
}
"""Addresses that are not named need neither a state nor anything sent."""
