"""What belongs to the ground floor, to readiness and to training, one thing per slot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from municipality.accounts.models import IdentityProvider, Renewal
from municipality.accounts.operations.invitations import invite
from municipality.audit.access_events import note_reading
from municipality.decisions.models import Absence, Deputy
from municipality.imports.operations.imports import preview
from municipality.notifications.models import Mail, Notice
from municipality.organisation.models import ClosedDay, EmploymentKind, Member, Post
from municipality.organisation.operations.departments import give_duty
from municipality.records.models import Disposal
from municipality.records.operations.disposals import propose_erasure
from municipality.reminders.models import Announcement, Hold
from municipality.transfers.models import Passed, Transfer
from rollout.readiness.models import (
    Answer,
    Assessment,
    BlockerException,
    ExceptionRequest,
    Reexamination,
)
from rollout.readiness.operations.catalogue import load_criteria
from rollout.readiness.operations.rounds import close_round, open_round
from tests.build.training import a_course
from training.assignments.operations import assign_course
from training.completions.models import Completion
from training.courses.models import Course

from .marks import Marks
from .town import INSIDE, Town

PERSONS = {"self": "staff", "own": "colleague", "below": "below_person", "other": "other_person"}
"""The person behind each slot of what belongs to a person."""

COLUMNS = "部署コード,部署名,上位部署コード,種別,開始日,終了日\n"


def ground_floor(town: Town, mark: Marks) -> Iterator[None]:
    """Departments and people as things, absences, a deputy, closed days, files, an invitation,
    notices, a line of the log.
    """
    for slot, department in town.departments.items():
        town.put("department", slot, department)
    for slot, name in PERSONS.items():
        town.put("member", slot, town.people[name])
    town.put("locked", "own", town.people["locked"])
    away = {"starts_on": town.today, "ends_on": town.today + timedelta(days=3)}
    for slot in ("self", "own", "other"):
        person = town.people[PERSONS[slot]]
        reason = mark("municipality.Absence.reason", slot)
        town.put(
            "absence",
            slot,
            Absence.objects.create(municipality=town.body, member=person, reason=reason, **away),
        )
        yield
    for slot in ("own", "below", "other"):
        town.put(
            "renewal",
            slot,
            _renewal(town, town.people[PERSONS[slot]], mark("municipality.Renewal.reason", slot)),
        )
        yield
    town.put("provider", "any", _provider(town, mark))
    yield
    town.put("deputy", "any", _deputy(town))
    closed = ClosedDay.objects.create(
        municipality=town.body, date=town.today + timedelta(days=90), name="開庁記念日"
    )
    town.put("closed_day", "any", closed)
    disposal = propose_erasure(
        town.people["newcomer"],
        reason=mark("municipality.Disposal.reason", "any"),
        by=town.people["second_office"],
        now=town.now,
    )
    Disposal.objects.filter(pk=disposal.pk).update(
        comment=mark("municipality.Disposal.comment", "any")
    )
    town.put("disposal", "any", disposal)
    town.put(
        "employment_kind",
        "any",
        EmploymentKind.objects.create(municipality=town.body, name="再任用"),
    )
    town.put("post", "used", Post.objects.get(municipality=town.body, title="課長"))
    town.put("post", "free", Post.objects.create(municipality=town.body, title="主査", rank=20))
    yield
    yield from _passed(town, mark)
    yield from _files(town, mark)
    yield from _told(town, mark)


def _provider(town: Town, mark: Marks) -> IdentityProvider:
    """An identity provider that nobody uses yet; nobody listens there."""
    address = f"http://127.0.0.1:9/{mark('municipality.IdentityProvider.issuer', 'any')}"
    facts = {
        "name": "庁内認証",
        "client_id": "telework",
        "sealed_secret": IdentityProvider.seal("only-for-tests"),
    }
    return IdentityProvider.objects.create(
        municipality=town.body, slug=f"{town.code}-abc", issuer=address, **facts
    )


def _renewal(town: Town, person: Member, reason: str) -> Renewal:
    """Somebody of the office asks that the person may make the sign-in anew."""
    return Renewal.objects.create(
        municipality=town.body,
        member=person,
        reason=reason,
        asked_by=town.people["second_office"],
        asked_at=town.now,
        expires_at=town.now + timedelta(days=7),
    )


def _deputy(town: Town) -> Deputy:
    """The deputy stands in for the mayor, in every matter."""
    return Deputy.objects.create(
        municipality=town.body,
        department=town.departments["root"],
        post=Post.objects.get(municipality=town.body, title="町長"),
        member=town.people["deputy"],
        starts_on=town.since,
    )


def _passed(town: Town, mark: Marks) -> Iterator[None]:
    """Two hand-overs: something came to the staff persona, and something to a colleague. And a duty
    that can be handed on.
    """
    for slot in ("self", "own"):
        transfer = Transfer.objects.create(
            municipality=town.body, day=town.since, began_at=town.now, finished_at=town.now
        )
        words = {name: mark(f"municipality.Passed.{name}", slot) for name in ("title", "note")}
        Passed.objects.create(
            municipality=town.body,
            transfer=transfer,
            kind="readiness.answer",
            object_id=1,
            outcome="taken",
            taker=town.people[PERSONS[slot]],
            giver=town.people["senior"],
            **words,
        )
        town.put("transfer", slot, transfer)
        yield
    town.put(
        "duty",
        "any",
        give_duty(
            town.people["senior"],
            "clerk",
            department=town.departments["own"],
            starts_on=town.since,
            by=None,
        ),
    )
    yield


def _files(town: Town, mark: Marks) -> Iterator[None]:
    """One file that waits to be taken in, and one that was refused."""
    office = town.people["office"]
    for slot, kind, cell in (
        ("any", "課", "changes"),
        ("refused", mark("municipality.FileImport.findings", "refused"), ""),
    ):
        name = mark("municipality.FileImport.changes", slot) if cell else "税務課"
        content = f"{COLUMNS}0999,{name},,{kind},{town.today.isoformat()},\n".encode()
        file_name = f"{mark('municipality.FileImport.name', slot)}.csv"
        town.put(
            "import",
            slot,
            preview(town.body, "departments", file_name, content, by=office, now=town.now),
        )
        yield


def _told(town: Town, mark: Marks) -> Iterator[None]:
    """An invitation that waits, a notice for two people, and a line of the log with something to
    hide.
    """
    office, newcomer = town.people["office"], town.people["newcomer"]
    invitation, token = invite(newcomer, by=office, now=town.now)
    mark.secret(token, "municipality.Invitation.sealed_token", "invited")
    mark.secret(invitation.digest, "municipality.Invitation.digest", "invited")
    town.put("newcomer", "invited", newcomer)
    town.put("newcomer", "other", town.people["other_newcomer"])
    yield
    for name in INSIDE:
        Notice.objects.create(
            municipality=town.body,
            member=town.people[name],
            rule="readiness.confirmed",
            object_id=1,
            key="unread",
            params={"round": "第1回", "department": "総務課"},
            told_at=town.now,
            wants_mail=False,
        )
    yield
    for slot in ("self", "own"):
        notice = Notice.objects.create(
            municipality=town.body,
            member=town.people[PERSONS[slot]],
            rule="readiness.confirmed",
            object_id=1,
            key=f"planted:{slot}",
            params={"round": mark("municipality.Notice.params", slot), "department": "総務課"},
            told_at=town.now,
            wants_mail=False,
        )
        town.put("notice", slot, notice)
        yield
    note_reading(
        "member.read", newcomer, by=office, planted=mark("municipality.EntryContent.body", "any")
    )
    yield
    yield from _reminding(town, mark)


def _reminding(town: Town, mark: Marks) -> Iterator[None]:
    """Reminders held for the office, mails that the server refused, and an announcement."""
    hold = Hold.objects.create(municipality=town.body, cap=1, held_at=town.now)
    town.put("hold", "any", hold)
    Notice.objects.create(
        municipality=town.body,
        member=town.people["colleague"],
        rule="decision.step",
        object_id=1,
        stage="-5",
        key="held",
        due_on=town.day(7),
        params={"title": "件", "note": "", "escalated": False},
        told_at=town.now,
        hold=hold,
    )
    yield
    for slot in ("self", "own"):
        error = mark("municipality.Mail.error", "any") if slot == "own" else "550"
        facts = {
            "day": town.today,
            "batch": "world",
            "state": "refused",
            "attempts": 12,
            "queued_at": town.now,
        }
        person = town.people[PERSONS[slot]]
        town.put(
            "mail",
            slot,
            Mail.objects.create(municipality=town.body, member=person, error=error, **facts),
        )
        yield
    said = {name: mark(f"municipality.Announcement.{name}", "any") for name in ("subject", "body")}
    Announcement.objects.create(
        municipality=town.body,
        audience={},
        count=3,
        sent_at=town.now,
        sent_by=town.people["office"],
        **said,
    )
    yield


def readiness(town: Town, mark: Marks) -> Iterator[None]:
    """An open round; each department's answers were submitted, looked at and sent back."""
    load_criteria(town.body)
    give_duty(
        town.people["executive"],
        "security",
        department=town.departments["root"],
        starts_on=town.since,
        by=None,
    )
    yield
    _confirmed_before(town)
    yield
    asked = [town.departments[slot] for slot in ("own", "below", "other", "third")]
    round_ = open_round(
        town.body,
        name=mark("rollout.Round.name", "any"),
        due_on=town.day(14),
        by=town.people["office"],
        now=town.now,
        departments=asked,
    )
    town.put("round", "any", round_)
    yield
    for slot, chief in (("own", "manager"), ("below", "manager"), ("other", "manager_other")):
        row = Assessment.objects.get(round=round_, department=town.departments[slot])
        Answer.objects.filter(assessment=row).update(own_level=3)
        first = Answer.objects.filter(assessment=row, criterion__axis="documents").earliest(
            "criterion__order"
        )
        texts = ("comment", "reviewed_comment", "previous_comment")
        texts += ("return_remark", "return_reply", "returned_comment")
        said = {name: mark(f"rollout.Answer.{name}", slot) for name in texts}
        Answer.objects.filter(pk=first.pk).update(**said, reviewed_level=2, previous_level=3)
        Assessment.objects.filter(pk=row.pk).update(
            state="returned",
            submitted_by=town.people[chief],
            submitted_at=town.now,
            confirm_due_on=town.day(10),
            remark=mark("rollout.Assessment.remark", slot),
            returned_by=town.people["office"],
            returned_at=town.now,
        )
        town.put("assessment", slot, Assessment.objects.get(pk=row.pk))
        yield
        _passed_over(town, mark, slot)
        _asked_again(town, mark, slot, chief)
        _asked_to_pass_over(town, mark, slot, chief)
        yield


def _confirmed_before(town: Town) -> None:
    """An earlier round, closed, in which all four departments were confirmed at level 3."""
    office = town.people["office"]
    asked = [town.departments[slot] for slot in ("own", "below", "other", "third")]
    round_ = open_round(
        town.body, name="前の回", due_on=town.day(14), by=office, now=town.now, departments=asked
    )
    Answer.objects.filter(assessment__round=round_).update(own_level=3, reviewed_level=3)
    Assessment.objects.filter(round=round_).update(
        state="confirmed",
        submitted_by=town.people["senior"],
        submitted_at=town.now,
        confirm_due_on=town.day(10),
        confirmed_by=office,
        confirmed_at=town.now,
    )
    close_round(round_, by=office, now=town.now)


def _passed_over(town: Town, mark: Marks, slot: str) -> None:
    """A 必須条件 of the department that was passed over."""
    said = {
        name: mark(f"rollout.BlockerException.{name}", slot) for name in ("reason", "conditions")
    }
    exception = BlockerException.objects.create(
        municipality=town.body,
        department=town.departments[slot],
        criterion="S1",
        level=1,
        valid_until=town.day(200),
        granted_by=town.people["executive"],
        granted_as="町長",
        granted_at=town.now,
        **said,
    )
    town.put("exception", slot, exception)


def _asked_again(town: Town, mark: Marks, slot: str, chief: str) -> None:
    """A 必須条件 that the department asked to look at again."""
    said = {name: mark(f"rollout.Reexamination.{name}", slot) for name in ("comment", "remark")}
    asked = Reexamination.objects.create(
        municipality=town.body,
        answer=Answer.objects.get(assessment=town.things["assessment"][slot], criterion__code="S2"),
        level=4,
        level_before=3,
        asked_by=town.people[chief],
        asked_at=town.now,
        due_on=town.day(14),
        **said,
    )
    town.put("reexamination", slot, asked)


def _asked_to_pass_over(town: Town, mark: Marks, slot: str, chief: str) -> None:
    """A 必須条件 for which the department asked for an exception."""
    said = {name: mark(f"rollout.ExceptionRequest.{name}", slot) for name in ("reason", "remark")}
    asked = ExceptionRequest.objects.create(
        municipality=town.body,
        answer=Answer.objects.get(assessment=town.things["assessment"][slot], criterion__code="D2"),
        asked_by=town.people[chief],
        asked_at=town.now,
        due_on=town.day(14),
        **said,
    )
    town.put("exception_request", slot, asked)


def learning(town: Town, mark: Marks) -> Iterator[None]:
    """A course to be worked through alone, assigned to a person of each kind."""
    course = a_course(
        town.body,
        "T01",
        mark("training.Course.title", "any"),
        materials=f"## {mark('training.Course.materials', 'any')}",
    )
    town.put("course", "any", course)
    yield
    for slot, name in PERSONS.items():
        reason = mark("training.Assignment.reason", slot)
        facts = {
            "due_on": town.day(14),
            "reason": reason,
            "by": town.people["office"],
            "now": town.now,
        }
        town.put("assignment", slot, assign_course(course, members=[town.people[name]], **facts)[0])
        reason = mark("training.Completion.void_reason", slot)
        town.put("completion", slot, _voided(town, course, name, reason))
        yield


def _voided(town: Town, course: Course, name: str, reason: str) -> Completion:
    """An earlier completion of the person, recorded wrongly."""
    return Completion.objects.create(
        municipality=town.body,
        course=course,
        member=town.people[name],
        completed_on=town.today,
        source=Completion.Source.OFFICE,
        voided_at=town.now,
        voided_by=town.people["office"],
        void_reason=reason,
    )
