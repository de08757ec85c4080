"""確認コード表: the second factor of whoever has no device for an authenticator app."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from municipality.accounts.models import Authenticator, CodeTable, RecoverySheet, table_code
from municipality.accounts.operations.second_factor import renew_codes
from municipality.audit.models import EntryContent
from municipality.core.refusals import Conflict
from municipality.notifications.models import Notice
from municipality.organisation.models import Member, Municipality
from tests.build.accounts import (
    SETUP,
    TABLE,
    VERIFY,
    beside,
    code_of,
    dump_of_all_tables,
    first_in_table,
    gets_in,
    half_signed_in,
    key_offered,
    shown,
    shows,
    someone,
    with_table,
    without_authenticator,
)
from tests.build.municipality import a_body, a_member, root_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return someone(name="髙瀬 陽子")


@pytest.fixture
def table(member):
    return with_table(member)


@pytest.fixture
def half(member, table):
    return half_signed_in(member.user)


def rested(table: CodeTable) -> None:
    """The wait after the last failure is over."""
    CodeTable.objects.filter(pk=table.pk).update(
        throttling_failure_timestamp=timezone.now() - timedelta(hours=2)
    )


# --- registering ----------------------------------------------------------------------------------


def test_the_table_is_registered_by_its_first_code_and_opens_the_session(member):
    client = without_authenticator(member)
    assert TABLE in client.get(SETUP).content.decode()
    answer = shows(client, first_in_table(client), TABLE)
    assert answer["Location"] == "/"
    table = CodeTable.objects.get(user=member.user)
    assert (table.used, table.left) == (1, 59)
    assert "確認コード表を登録しました" in client.get("/account/").content.decode()
    assert EntryContent.objects.get(entry__verb="second_factor.enrolled").body["way"] == "table"
    assert Notice.objects.filter(rule="account.table", member=member).count() == 1


def test_the_page_shows_sixty_codes_the_same_at_each_look_and_never_again(member):
    client = without_authenticator(member)
    pages = [client.get(TABLE).content.decode() for _look in range(2)]
    assert len(re.findall(r"<li>\s*<b>", pages[0])) == 60
    assert first_in_table(client) in pages[1].replace(" ", "")
    shows(client, first_in_table(client), TABLE)
    table = CodeTable.objects.get()
    shown_again = client.get(TABLE).content.decode().replace(" ", "")
    assert all(beside(table, number) not in shown_again for number in range(1, 61))


def test_a_wrong_first_code_registers_nothing(member):
    client = without_authenticator(member)
    client.get(TABLE)
    assert shows(client, "00000000", TABLE).status_code == 422
    assert shows(client, "123", TABLE).status_code == 422
    assert CodeTable.objects.count() == 0
    assert not gets_in(client)


def test_no_table_holds_a_code_in_clear(member):
    client = without_authenticator(member)
    first = first_in_table(client)
    dump = dump_of_all_tables()
    assert first not in dump
    shows(client, first, TABLE)
    table, dump = CodeTable.objects.get(), dump_of_all_tables()
    assert all(beside(table, number) not in dump for number in range(1, 61))
    assert str(table.key) not in dump


def test_the_body_can_rule_it_out_and_the_strictest_of_ones_bodies_holds(member):
    client = without_authenticator(member)
    there = a_member(root_of(a_body("131016", "みどり市", code_tables=False)), "consultant")
    assert client.get(TABLE).status_code == 200
    Member.objects.filter(pk=there.pk).update(user=member.user)
    refused = client.get(TABLE)
    assert refused.status_code == 403
    assert "この団体では、確認コード表を使えません" in refused.content.decode()
    assert TABLE not in client.get(SETUP).content.decode()


def test_after_the_time_for_registering_nobody_registers_a_table(member):
    client = without_authenticator(member)
    type(member.user).objects.update(enrols_until=timezone.now() - timedelta(seconds=1))
    assert client.get(TABLE).status_code == 403
    assert shows(client, "00000000", TABLE).status_code == 403


def test_whoever_knows_the_password_only_cannot_put_a_table_in_the_place_of_the_app(member):
    half = half_signed_in(member.user)
    assert half.get(TABLE)["Location"].startswith(VERIFY)
    stale = signed_in(member)
    assert stale.get(TABLE)["Location"].startswith(VERIFY)
    assert CodeTable.objects.count() == 0


def test_app_and_table_take_each_others_place(member):
    client = half_signed_in(member.user)
    shows(client, shown(member.user))
    renew_codes(member.user)
    shows(client, first_in_table(client), TABLE)
    assert (
        Authenticator.objects.count(),
        RecoverySheet.objects.count(),
        CodeTable.objects.count(),
    ) == (0, 0, 1)
    assert gets_in(client)
    with pytest.raises(Conflict):
        renew_codes(member.user)
    shows(client, code_of(key_offered(client)), SETUP)
    assert (Authenticator.objects.count(), CodeTable.objects.count()) == (1, 0)
    assert gets_in(client)


# --- showing a code -------------------------------------------------------------------------------


def test_the_page_asks_for_the_next_number_and_takes_only_that(half, table):
    assert "<b>2番</b>" in half.get(VERIFY).content.decode()
    assert shows(half, beside(table, 3)).status_code == 422
    rested(table)
    assert shows(half, beside(table, 1)).status_code == 422
    rested(table)
    assert shows(half, beside(table, 2)).status_code == 302
    assert gets_in(half)
    assert CodeTable.objects.get().used == 2


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", "　{0}　{1}　"])
def test_it_is_read_however_it_is_typed(half, table, typed):
    code = beside(table, 2)
    assert shows(half, typed.format(code[:4], code[4:])).status_code == 302


def test_full_width_digits_are_read(half, table):
    wide = beside(table, 2).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert shows(half, wide).status_code == 302


def test_a_code_works_once(member, table, half):
    shows(half, beside(table, 2))
    second = half_signed_in(member.user)
    assert shows(second, beside(table, 2)).status_code == 422
    assert not gets_in(second)


def test_digits_of_an_app_open_nothing_for_whoever_has_a_table(half, member):
    assert shows(half, code_of(b"0123456789abcdefghij")).status_code == 422


def test_guessing_waits_longer_each_time_and_is_told_at_the_fifth(member, table, half):
    for failures in range(1, 6):
        rested(table)
        assert shows(half, "00000000").status_code == 422
        table.refresh_from_db()
        assert table.throttling_failure_count == failures
    assert "秒たってから" in shows(half, beside(table, 2)).content.decode()
    assert Notice.objects.filter(rule="account.guessed", member=member).count() == 1


def test_who_is_near_the_end_is_told_and_can_make_a_new_one(member):
    table = with_table(member, used=49)
    client = half_signed_in(member.user)
    shows(client, beside(table, 50))
    assert Notice.objects.get(rule="account.table_low").params == {"left": 10}
    assert "残りは10個" in client.get("/account/").content.decode()
    shows(client, first_in_table(client), TABLE)
    assert CodeTable.objects.get().left == 59


def test_the_last_code_opens_and_after_it_nothing_does(member):
    table = with_table(member, used=59)
    assert shows(half_signed_in(member.user), beside(table, 60)).status_code == 302
    rested(table)
    later = half_signed_in(member.user)
    assert shows(later, table_code(table.key, 61)).status_code == 422
    assert CodeTable.objects.get().used == 60


def test_the_account_says_how_many_are_left(member, table):
    client = half_signed_in(member.user)
    shows(client, beside(table, 2))
    page = client.get("/account/").content.decode()
    assert "残り58個" in page
    assert "回復コードを作り直す" not in page


@pytest.mark.selfcheck
def test_without_the_count_a_code_would_open_twice(member, table, monkeypatch):
    monkeypatch.setattr(CodeTable, "settle", lambda self, now, condition, **fields: True)
    for _turn in range(2):
        rested(table)
        assert shows(half_signed_in(member.user), beside(table, 2)).status_code == 302


# --- lost -----------------------------------------------------------------------------------------


def test_the_page_for_the_lost_names_the_office_of_each_body(member, half):
    Municipality.objects.update(contact="総務課 内線 1234")
    page = half.get("/accounts/two-factor/lost/").content.decode()
    assert "総務課 内線 1234" in page
    assert "回復コードで確認する" not in page
    app = (
        half_signed_in(someone(body=member.municipality).user)
        .get("/accounts/two-factor/lost/")
        .content.decode()
    )
    assert "回復コードで確認する" in app


def test_a_recovery_code_leads_to_a_new_app_at_once():
    other = someone()
    codes, client = renew_codes(other.user), half_signed_in(other.user)
    answer = shows(client, codes[0], "/accounts/two-factor/recovery/?next=/account/")
    assert answer["Location"] == f"{SETUP}?next=%2Faccount%2F"
    page = client.get(answer["Location"]).content.decode()
    assert 'href="/account/"' in page
    shows(client, code_of(key_offered(client)), SETUP)
    assert gets_in(client)
