"""Canaries: every text of ours is in a list, each is found where it may be read, and the scanner
sees all that is sent.
"""

from __future__ import annotations

import io
import logging
import zipfile

import pytest
from django.apps import apps
from django.core import mail
from django.db import models, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone

from municipality.decisions.models.deputies import AbsenceQuerySet
from municipality.notifications.operations.outbox import deliver_mails
from municipality.organisation.models import Member
from municipality.reminders.operations.planning import plan_reminders
from rollout.readiness.models import Assessment
from tests.world.keeping import Listening, heard_by
from tests.world.marks import Canary, Registry
from tests.world.readers import OPEN, SENSITIVE
from tests.world.scanner import Unreadable, leaks_in
from tests.world.town import INSIDE

pytestmark = pytest.mark.django_db
APPS = ("municipality", "rollout", "training", "pilots", "evaluation", "dashboard")
TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)


def texts_of(model: type[models.Model]) -> set[str]:
    """The fields of a model in which somebody can write something; a choice is none, nor is a
    key.
    """
    fields = [field for field in model._meta.concrete_fields if isinstance(field, TEXTS)]
    return {
        f"{model._meta.label}.{field.name}"
        for field in fields
        if not field.choices and not field.primary_key
    }


def test_every_text_of_ours_is_sensitive_with_readers_or_open_with_a_reason():
    found = {
        name
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for name in texts_of(model)
    }
    assert found - set(SENSITIVE) - set(OPEN) == set(), (
        "in no list: say who may read it in tests/world/readers.py"
    )
    assert (set(SENSITIVE) | set(OPEN)) - found == set(), "gone"
    assert set(SENSITIVE) & set(OPEN) == set()
    assert all(len(reason) > 10 for reason in OPEN.values())


def test_every_sensitive_text_is_planted_in_both_bodies(world):
    planted = {
        (canary.code, canary.field)
        for canary in [*world.canaries.canaries, *world.canaries.secrets.values()]
    }
    for code in (world.here.code, world.there.code):
        assert {name for name in SENSITIVE if (code, name) not in planted} - {
            "municipality.User.username",
            "municipality.User.email",
            "municipality.User.password",
        } == set()


@pytest.mark.parametrize("name", [name for name, field in SENSITIVE.items() if field.page])
def test_whoever_may_read_it_does_read_it(name, world, asker, record_property):
    field, missed, count = SENSITIVE[name], [], 0
    for slot, readers in planted_at(world, name).items():
        for who in sorted(readers & set(INSIDE)):
            answer = asker.ask(
                who, "GET", page_of(world, name, slot), given=given_for(world, name, slot)
            )
            count += 1
            if text_of(world, name, slot) not in answer.content.decode():
                missed.append(
                    f"{who} does not read {name} [{slot}] on {field.page}: {answer.status} "
                    f"{answer.leak}"
                )
    record_property("cases", count)
    assert missed == []
    assert count


def planted_at(world, name: str) -> dict[str, set[str]]:
    """Slots in which the text was planted, each with those who are to read it there."""
    found = [*world.canaries.canaries, *world.canaries.secrets.values()]
    slots = {
        canary.slot for canary in found if (canary.code, canary.field) == (world.here.code, name)
    }
    return {slot: set(SENSITIVE[name].readers[slot].split()) for slot in sorted(slots)}


def page_of(world, name: str, slot: str) -> str:
    """Where it is read."""
    field = SENSITIVE[name]
    if not field.family:
        return reverse(field.page, args=[] if "outside" in field.page else [world.here.code])
    thing = (
        world.here.things[field.family].get(slot)
        or world.here.things[field.family][slot.partition("_")[0]]
    )
    return reverse(field.page, args=[world.here.code, thing.pk])


def given_for(world, name: str, slot: str):
    """Answers are shown once they are handed in; what is to be mended, while they are sent back."""
    if not name.startswith("rollout.Answer.") or name == "rollout.Answer.return_remark":
        return None
    return lambda: Assessment.objects.filter(pk=world.here.things["assessment"][slot].pk).update(
        state="submitted"
    )


def text_of(world, name: str, slot: str) -> str:
    """The planted string."""
    secret = [
        text
        for text, canary in world.canaries.secrets.items()
        if (canary.field, canary.slot) == (name, slot)
    ]
    return secret[0] if secret else world.canaries.text_of(world.here.code, name, slot)


def test_a_mail_says_nothing_that_its_reader_may_not_read(world, settings, record_property):
    now = timezone.now()
    with transaction.atomic():
        for town in (world.here, world.there):
            plan_reminders(town.body, now=now)
        deliver_mails(now=now)
        transaction.set_rollback(True)
    owners = {person.mail: name for name, person in world.here.people.items()}
    found = []
    for sent in mail.outbox:
        reader = owners.get(sent.to[0])
        leaks = [
            canary
            for canary in world.canaries.found_in(f"{sent.subject}\n{sent.body}")
            if strange(canary, reader)
        ]
        found += [f"{sent.to[0]}: {leak}" for leak in leaks]
    record_property("cases", len(mail.outbox))
    assert len(mail.outbox) >= 4
    assert found == []


def strange(canary: Canary, reader: str | None) -> bool:
    """Is it somebody's who must not read it? Of people who are no personas: only texts of the other
    body are told apart.
    """
    if reader in INSIDE:
        return reader not in canary.readers
    return reader is not None and canary.code != "993018"


# --- the scanner itself ---------------------------------------------------------------------------


@pytest.fixture
def registry() -> Registry:
    known = Registry()
    known.plant(Canary("993018", "evaluation.Goal.title", "self", frozenset({"manager"})))
    known.secrets["abcd-efgh"] = Canary(
        "993018", "municipality.Invitation.sealed_token", "own", frozenset()
    )
    return known


def packed(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f"<si><t>{text}</t></si>")
    return buffer.getvalue()


def header(text: str) -> HttpResponse:
    response = HttpResponse("ok", content_type="text/plain")
    response["Content-Disposition"] = f'attachment; filename="{text}.csv"'
    return response


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLANTED = {
    "text": lambda text: HttpResponse(f"<p>{text}</p>"),
    "attribute": lambda text: HttpResponse(f'<input value="{text}">'),
    "cp932": lambda text: HttpResponse(
        f"氏名,{text}".encode("cp932"), content_type="text/csv; charset=Shift_JIS"
    ),
    "workbook": lambda text: HttpResponse(packed(text), content_type=XLSX),
    "stream": lambda text: StreamingHttpResponse(
        [text[:3].encode(), text[3:].encode()], content_type="text/csv"
    ),
    "json": lambda text: HttpResponse(f'{{"detail": "{text}"}}', content_type="application/json"),
    "header": header,
}


@pytest.mark.selfcheck
@pytest.mark.parametrize("text", ["zq0000qz", "abcd-efgh"])
@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_leak_is_found_wherever_it_hides(kind, text, registry):
    assert leaks_in(PLANTED[kind](text), "staff", registry) != []
    assert leaks_in(PLANTED[kind]("nothing"), "staff", registry) == []


@pytest.mark.selfcheck
def test_who_may_read_it_is_no_leak_and_an_unknown_kind_of_file_is_refused(registry):
    assert leaks_in(HttpResponse("zq0000qz"), "manager", registry) == []
    with pytest.raises(Unreadable):
        leaks_in(HttpResponse(b"%PDF-1.7", content_type="application/pdf"), "manager", registry)


@pytest.mark.selfcheck
def test_a_canary_in_the_log_is_heard(registry):
    listening = Listening(registry)
    with heard_by(listening):
        logging.getLogger("evaluation").warning("invited by %s", "abcd-efgh")
        logging.getLogger("django.request").warning("Not Found: /invitation/%s/", "abcd-efgh")
        logging.getLogger("evaluation").warning("saved 1")
    assert len(listening.leaks) == 2


@pytest.mark.selfcheck
def test_a_text_that_is_in_no_list_is_found():
    class Planted(models.Model):
        secret = models.TextField()

        class Meta:
            app_label = "planted"

        def __str__(self) -> str:
            return self.secret

    assert texts_of(Planted) == {"planted.Planted.secret"}
    assert "municipality.Member.name" in texts_of(Member)


@pytest.mark.selfcheck
def test_a_page_that_shows_too_much_is_caught_in_the_act(world, asker, monkeypatch):
    monkeypatch.setattr(
        AbsenceQuerySet,
        "visible_to",
        lambda self, member: self.filter(municipality=member.municipality_id),
    )
    monkeypatch.setattr(
        "municipality.decisions.rules.may_note_absence.__code__",
        (lambda member, person: True).__code__,
    )
    address = page_of(world, "municipality.Member.mail", "own")
    assert "Absence.reason" in asker.ask("manager", "GET", address).leak
