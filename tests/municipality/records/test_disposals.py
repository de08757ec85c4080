"""Retention and erasure: proposed by one, approved by another, carried out by the clock, and the
chain still holds.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from municipality.audit import chain as audit_chain
from municipality.audit import log as audit_log
from municipality.audit.access_events import note_reading
from municipality.audit.chain import verify_chain
from municipality.audit.log import operation, record
from municipality.audit.models import Chain, Checkpoint, Entry, EntryContent, VerbGroup
from municipality.clock.models import JobRun
from municipality.core.periods import fiscal_year_of
from municipality.core.refusals import Conflict, Denied
from municipality.notifications.models import Notice
from municipality.records.models import Disposal
from municipality.records.operations import disposals as operations
from municipality.records.operations.daily_check import check_chains
from municipality.records.queries import DEFAULT_YEARS, first_day_kept, years_of
from tests.build.faults import database_failing
from tests.build.municipality import a_member, at

pytestmark = pytest.mark.django_db
NOW = timezone.now()
YEAR = fiscal_year_of(timezone.localdate(NOW))
LONG_AGO = at(YEAR - 20, 5, 1)


@pytest.fixture
def written(town, monkeypatch):
    """Lines of other years, written with the clock of their time: (verb, moment) in their order."""

    def write(*lines):
        for verb, moment in lines:
            with monkeypatch.context() as patch:
                patch.setattr(audit_log.timezone, "now", lambda moment=moment: moment)
                note_reading(verb, town.people["staff"], by=town.people["manager"])

    return write


def chain_of(town):
    return Chain.objects.get(municipality=town.body)


def disposed(town, now=NOW):
    """Proposed by the office, approved by the auditor, carried out."""
    made = operations.propose_disposal(
        town.body, reason="定期の廃棄", by=town.people["office"], now=now
    )
    operations.approve_disposal(made, by=town.people["auditor"], now=now)
    operations.carry_out(town.body, now)
    made.refresh_from_db()
    return made


@pytest.mark.parametrize(
    ("years", "today", "first"),
    [
        (3, date(2030, 3, 31), date(2026, 4, 1)),
        (3, date(2030, 4, 1), date(2027, 4, 1)),
        (1, date(2028, 4, 1), date(2027, 4, 1)),
        (10, date(2037, 4, 1), date(2027, 4, 1)),
        (30, date(2057, 4, 1), date(2027, 4, 1)),
    ],
)
def test_years_are_counted_from_april_after_the_year_of_the_line(years, today, first):
    assert first_day_kept(years, today) == first


def aged(town):
    """All lines so far are of long ago, and chained anew with the key that only the server has."""
    chain, previous = chain_of(town), ""
    for entry in Entry.objects.filter(chain=chain).order_by("seq"):
        entry.at, entry.previous = LONG_AGO, previous
        entry.hash = previous = audit_chain.line_hash(entry)
        entry.save()
    chain.head = previous
    chain.seal = audit_chain.sealed_head(chain)
    chain.save()
    return chain.length


def test_lines_past_their_retention_lose_their_content_and_the_old_prefix_goes(town, written):
    before = aged(town)
    written(
        ("member.read", at(YEAR - 13, 5, 1)),
        ("decision.approved", at(YEAR - 13, 5, 2)),
        ("member.read", at(YEAR - 13, 5, 3)),
        ("decision.approved", at(YEAR - 5, 5, 1)),
        ("member.read", at(YEAR - 5, 5, 2)),
        ("member.read", at(YEAR - 1, 5, 1)),
    )
    made = disposed(town)
    left = list(
        Entry.objects.filter(chain=chain_of(town))
        .order_by("seq")
        .values_list("verb", "content__erased")
    )
    kept = [(verb, bool(erased)) for verb, erased in left]
    assert kept[:3] == [("decision.approved", False), ("member.read", True), ("member.read", False)]
    assert not any(erased for _verb, erased in kept[3:])
    assert (made.state, made.removed, made.erased) == ("done", before + 3, before + 4)
    assert Checkpoint.objects.get().seq == before + 3
    assert verify_chain(chain_of(town)).reason == ""


def test_a_chain_whose_beginning_was_disposed_of_goes_on_and_can_be_shortened_again(town, written):
    before = aged(town)
    written(("member.read", at(YEAR - 2, 5, 1)))
    first = disposed(town)
    assert (first.removed, Checkpoint.objects.get().seq) == (before, before)
    assert (check_chains(town.body, NOW), verify_chain(chain_of(town)).reason) == (1, "")
    note_reading("member.read", by=town.people["hr"])
    assert verify_chain(chain_of(town)).reason == ""
    second = disposed(town, now=at(YEAR + 2, 5, 1))
    assert (second.removed, Checkpoint.objects.get().seq) == (1, before + 1)
    assert verify_chain(chain_of(town)).reason == ""


@pytest.mark.parametrize("facts", [{"seq": 2}, {"hash": "0" * 64}, {"signature": "0" * 64}])
def test_a_checkpoint_that_was_altered_is_found(town, facts):
    aged(town)
    disposed(town)
    Checkpoint.objects.update(**facts)
    assert verify_chain(chain_of(town)).reason == "the checkpoint was forged"
    Checkpoint.objects.all().delete()
    assert verify_chain(chain_of(town)).reason == "a line is missing"


def test_nothing_is_past_its_retention_yet(town):
    with pytest.raises(Conflict):
        operations.propose_disposal(town.body, reason="定期", by=town.people["office"], now=NOW)
    assert town.post("office", "log/disposals/", reason="定期") == 409


def test_without_approval_nothing_goes(town):
    aged(town)
    made = operations.propose_disposal(town.body, reason="定期", by=town.people["office"], now=NOW)
    before = Entry.objects.count()
    assert operations.carry_out(town.body, NOW) == 0
    operations.refuse_disposal(made, by=town.people["auditor"], now=NOW, comment="待つ")
    assert operations.carry_out(town.body, NOW) == 0
    assert (Entry.objects.count() > before, EntryContent.objects.exclude(erased="").count()) == (
        True,
        0,
    )


def test_nobody_approves_what_they_proposed_and_only_an_auditor_does(town):
    aged(town)
    both = a_member(town.root, "office", "auditor")
    made = operations.propose_disposal(town.body, reason="定期", by=both, now=NOW)
    for who in (
        both,
        *(
            town.people[who]
            for who in ("office", "hr", "executive", "manager", "staff", "consultant")
        ),
    ):
        with pytest.raises(Denied):
            operations.approve_disposal(made, by=who, now=NOW)
    with pytest.raises(Denied):
        operations.propose_disposal(town.body, reason="定期", by=town.people["auditor"], now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposal.objects.filter(pk=made.pk).update(
            state="approved", decided_by=both, decided_at=NOW
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposal.objects.filter(pk=made.pk).update(state="approved")


def test_one_proposal_at_a_time_and_each_is_decided_once(town):
    aged(town)
    office, auditor = town.people["office"], town.people["auditor"]
    made = operations.propose_disposal(town.body, reason="定期", by=office, now=NOW)
    with pytest.raises(Conflict):
        operations.propose_disposal(town.body, reason="もう一度", by=office, now=NOW)
    operations.withdraw_disposal(made, by=office, now=NOW)
    with pytest.raises(Conflict):
        operations.approve_disposal(made, by=auditor, now=NOW)
    again = operations.propose_disposal(town.body, reason="もう一度", by=office, now=NOW)
    operations.approve_disposal(again, by=auditor, now=NOW)
    with pytest.raises(Conflict):
        operations.refuse_disposal(again, by=auditor, now=NOW, comment="遅い")
    assert (operations.carry_out(town.body, NOW), operations.carry_out(town.body, NOW)) == (1, 0)


def test_auditors_are_asked_and_the_office_hears_of_the_end(town):
    aged(town)
    disposed(town)
    told = [(notice.rule, notice.member) for notice in Notice.objects.order_by("pk")]
    assert told == [
        ("disposal.proposed", town.people["auditor"]),
        ("disposal.done", town.people["office"]),
    ]
    verbs = (
        Entry.objects.filter(verb__startswith="disposal.")
        .order_by("seq")
        .values_list("verb", flat=True)
    )
    assert list(verbs) == ["disposal.proposed", "disposal.approved", "disposal.done"]


def test_what_the_log_holds_of_a_person_is_erased_and_the_chain_holds(towns):
    town, other = towns
    staff, manager = town.people["staff"], town.people["manager"]

    @operation
    def act():
        record(staff, "decision.drafted", town.soumu)
        record(manager, "member.changed", staff, before={"mail": "a@town.example.jp"})
        record(manager, "decision.approved", town.soumu, comment=f"{staff.name}の起案")
        record(manager, "decision.approved", town.zeimu, comment="ほかの件")
        record(other.people["staff"], "decision.drafted", other.soumu, comment=staff.name)

    act()
    made = operations.propose_erasure(staff, reason="本人の申出", by=town.people["office"], now=NOW)
    operations.approve_disposal(made, by=town.people["auditor"], now=NOW)
    operations.carry_out(town.body, NOW)
    made.refresh_from_db()
    left = EntryContent.objects.filter(entry__chain=chain_of(town), erased="")
    assert staff.name not in audit_chain.canonical(list(left.values_list("body", flat=True)))
    assert left.filter(entry__verb="decision.approved").count() == 1
    assert (
        EntryContent.objects.filter(entry__chain__municipality=other.body)
        .exclude(erased="")
        .count()
        == 0
    )
    assert (made.state, made.erased, made.removed) == ("done", 3, 0)
    assert verify_chain(chain_of(town)).reason == ""


def test_an_erasure_that_fails_in_the_middle_erases_nothing(town):
    made = operations.propose_erasure(
        town.people["staff"], reason="申出", by=town.people["office"], now=NOW
    )
    operations.approve_disposal(made, by=town.people["auditor"], now=NOW)
    note_reading("member.read", town.people["staff"], by=town.people["hr"])

    with database_failing("INSERT INTO", Notice):
        assert operations.carry_out(town.body, NOW) == 0
    assert JobRun.objects.troubled().get().error == "OSError"
    assert EntryContent.objects.exclude(erased="").count() == 0
    assert operations.carry_out(town.body, NOW + timedelta(minutes=1)) == 1


# --- pages ----------------------------------------------------------------------------------------


def test_the_pages_from_proposal_to_approval(town):
    Entry.objects.filter(chain=chain_of(town), seq=1).update(at=at(1990, 1, 1))
    assert town.post("office", "log/disposals/", reason="") == 422
    assert town.post("office", "log/disposals/", reason="定期の廃棄") == 302
    made = Disposal.objects.get()
    page = town.client("auditor").get(f"/{town.body.pk}/log/disposals/{made.pk}/").content.decode()
    assert "1行の内容が消え" in page
    assert "定期の廃棄" in page
    assert town.post("office", f"log/disposals/{made.pk}/approve/") == 403
    assert town.post("auditor", f"log/disposals/{made.pk}/refuse/", comment="") == 422
    assert town.post("auditor", f"log/disposals/{made.pk}/approve/") == 302
    assert town.post("office", f"log/disposals/{made.pk}/withdraw/") == 409
    assert town.get("office", "log/disposals/") == 200


def test_the_page_of_an_erasure(towns):
    town, other = towns
    facts = {"member": town.people["staff"].number, "reason": "本人の申出"}
    for wrong in (
        {"member": "nobody"},
        {"member": ""},
        {"reason": ""},
        {"member": other.people["staff"].number},
    ):
        assert town.post("office", "log/disposals/erasure/", **facts | wrong) == 422
    assert town.post("office", "log/disposals/erasure/", **facts) == 302
    assert town.post("office", "log/disposals/erasure/", **facts) == 409
    made = Disposal.objects.get()
    assert (made.kind, made.member) == ("person", town.people["staff"])
    assert town.get("other body", f"log/disposals/{made.pk}/") == 404
    assert town.get("manager", f"log/disposals/{made.pk}/") == 403


def test_the_office_sets_how_long_each_kind_is_kept(town):
    years = {group.value: 5 for group in VerbGroup}
    edition = {"edition": 1}
    assert town.post("office", "settings/retention/", **years | edition | {"reading": 4}) == 422
    assert town.post("office", "settings/retention/", **years | edition | {"decision": 30}) == 302
    assert town.post("office", "settings/retention/", **years | edition) == 409
    assert years_of(town.body) == years | {"decision": 30}
    assert town.post("auditor", "settings/retention/", **years) == 403
    page = town.client("office").get(f"/{town.body.pk}/settings/retention/").content.decode()
    assert "変更履歴" in page
    assert "30年" in page
    assert set(DEFAULT_YEARS) == set(VerbGroup)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(town, rows, django_assert_num_queries):
    for n in range(rows):
        operations.propose_erasure(
            town.people[["staff", "hr", "manager"][n]],
            reason="申出",
            by=town.people["office"],
            now=NOW,
        )
    client = town.client("auditor")
    client.get(f"/{town.body.pk}/log/disposals/")
    with django_assert_num_queries(11):
        assert client.get(f"/{town.body.pk}/log/disposals/").status_code == 200
