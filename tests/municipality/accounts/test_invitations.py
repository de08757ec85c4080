"""Accounts arise by invitation only: for one person, once, for a time; and a lost sign-in is mended
the same way.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from municipality.accounts.forms import accounts
from municipality.accounts.models import Invitation, User
from municipality.accounts.operations.credential_resets import ask_renewal
from municipality.accounts.operations.invitations import (
    ENROLMENT,
    accept_invitation,
    invite,
    revoke,
)
from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.notifications.models import Mail
from municipality.notifications.operations.outbox import deliver_mails
from municipality.organisation.models import Member, Municipality
from tests.build.accounts import (
    SETUP,
    VERIFY,
    code_of,
    dump_of_all_tables,
    followed,
    half_signed_in,
    invited,
    key_offered,
    presses,
    someone,
)
from tests.build.municipality import PASSWORD, a_body, a_department, a_member, signed_in

pytestmark = pytest.mark.django_db
FORM = "/invitation/"
BETTER = "yuunagi-no-hamabe-27"
GOOD = {"username": "y.takase", "password1": BETTER, "password2": BETTER, "language": "ja"}


@pytest.fixture
def office():
    return someone("office", name="事務 花子")


@pytest.fixture
def soumu(office):
    return a_department(office.municipality, "総務課")


@pytest.fixture
def newcomer(soumu):
    return a_member(soumu, name="髙瀬 陽子", mail="y.takase@town.example.jp")


# --- accepting ------------------------------------------------------------------------------------


def test_the_link_leads_to_a_form_that_names_body_and_person_only(newcomer, office):
    client = followed(invited(newcomer, by=office))
    page = client.get(FORM)
    text = page.content.decode()
    assert page.status_code == 200
    assert "あおば町" in text
    assert "髙瀬 陽子" in text
    assert "総務課" not in text
    assert newcomer.number not in text
    assert "12文字" in text or "12 文字" in text


def test_the_secret_leaves_the_address_at_once_and_is_passed_on_to_nobody(newcomer, caplog):
    address = invited(newcomer)
    token = address.split("/")[2]
    client = Client()
    with caplog.at_level(logging.DEBUG):
        first = client.get(address)
        page = client.get(FORM)
        client.post(FORM, {**GOOD, "password2": "other"})
    assert first["Referrer-Policy"] == "no-referrer"
    assert page["Referrer-Policy"] == "same-origin", (
        "without any, browsers send forms with the origin null"
    )
    assert "no-store" in first["Cache-Control"]
    assert token not in page.content.decode()
    ours = [record for record in caplog.records if record.name != "django.db.backends"]
    assert token not in "".join(record.getMessage() for record in ours)


def test_accepting_makes_the_account_and_leads_to_the_second_factor(newcomer, office):
    client = followed(invited(newcomer, by=office))
    before = client.session.session_key
    answer = client.post(FORM, GOOD)
    assert (answer.status_code, answer["Location"]) == (302, SETUP)
    user = User.objects.get(username="y.takase")
    assert user.check_password(BETTER)
    assert Member.objects.get(pk=newcomer.pk).user == user
    assert client.session.session_key != before
    assert client.get("/")["Location"].startswith(VERIFY)
    key = key_offered(client)
    assert client.post(SETUP, {"token": code_of(key)}).status_code == 200
    assert client.get("/")["Location"] == "/993018/"
    verbs = list(
        Entry.objects.filter(actor_id=newcomer.pk).order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["invitation.accepted", "sign_in.succeeded", "second_factor.enrolled"]


@pytest.mark.parametrize(
    ("chosen", "kept", "email"),
    [
        ("Y.Takase", "y.takase", ""),
        ("ｙ＿ｔａｋａｓｅ", "y_takase", ""),
        ("Y.Takase@Town.example.jp", "y.takase@town.example.jp", "y.takase@town.example.jp"),
    ],
)
def test_the_name_is_kept_plain_and_an_address_serves_resets(newcomer, chosen, kept, email):
    followed(invited(newcomer)).post(FORM, {**GOOD, "username": chosen})
    user = Member.objects.get(pk=newcomer.pk).user
    assert (user.username, user.email) == (kept, email)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("username", "", "ログイン名"),
        ("username", "ab", "3"),
        ("username", "高瀬陽子", "英数字"),
        ("username", "a b c", "英数字"),
        ("username", "<script>", "英数字"),
        ("username", "x" * 151, "150"),
        ("username", "taken.name", "すでに使われています"),
        ("username", "TAKEN.name", "すでに使われています"),
        ("password1", "short-1", "12"),
        ("password1", "123456789012345", "数字"),
        ("password1", "y.takase.26x", "似"),
        ("password1", "\x00" * 14, "文字"),
        ("password2", "something-else-9", "同じではありません"),
        ("language", "fr", "言語"),
        ("language", "", "言語"),
    ],
)
def test_bad_input_is_refused_with_words_and_nothing_happens(newcomer, field, value, words):
    User.objects.create_user("taken.name", PASSWORD)
    client = followed(invited(newcomer))
    both = {"password2": value} if field == "password1" else {}
    answer = client.post(FORM, {**GOOD, field: value, **both})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert BETTER not in answer.content.decode()
    assert Member.objects.get(pk=newcomer.pk).user is None
    assert Invitation.objects.get().accepted_at is None


def test_nobody_lists_accounts_with_an_invitation(newcomer):
    names = [f"taken.{number}" for number in range(7)]
    for name in names:
        User.objects.create_user(name)
    client = followed(invited(newcomer))
    pages = [client.post(FORM, {**GOOD, "username": name}).content.decode() for name in names]
    assert ["すでに使われています" in page for page in pages] == [True] * 5 + [False] * 2
    late = client.post(FORM, {**GOOD, "username": "free.name"})
    assert (late.status_code, "使われている名前が続いた" in late.content.decode()) == (422, True)


def test_an_invitation_works_once(newcomer):
    address = invited(newcomer)
    late = followed(address)
    followed(address).post(FORM, GOOD)
    assert late.get(FORM).status_code == 404
    assert late.post(FORM, {**GOOD, "username": "second"}).status_code == 404
    assert Client().get(address).status_code == 404
    assert not User.objects.filter(username="second").exists()


def test_wrong_used_expired_and_revoked_ones_get_the_same_page(newcomer, office, soumu):
    used, revoked, expired = (a_member(soumu) for _number in range(3))
    addresses = [invited(person) for person in (used, revoked, expired)]
    accept(used)
    revoke(revoked, now=timezone.now())
    Invitation.objects.filter(member=expired).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    stopped = invited(newcomer)
    Member.objects.filter(pk=newcomer.pk).update(is_active=False)
    answers = [
        Client().get(address)
        for address in (*addresses, stopped, "/invitation/never-existed/", FORM)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert (
        len(
            {
                re.sub(r"token\" value=\"\w+|value=\"/invitation/\S*\"", "", one.content.decode())
                for one in answers
            }
        )
        == 1
    )
    assert "この招待は使えません" in answers[0].content.decode()


def accept(person: Member) -> User:
    invitation = Invitation.objects.filter(member=person).latest("pk")
    return accept_invitation(
        invitation, username=f"user{person.pk}", password=BETTER, language="ja", now=timezone.now()
    )


def test_somebody_who_left_meanwhile_cannot_accept(newcomer):
    client = followed(invited(newcomer))
    Member.objects.filter(pk=newcomer.pk).update(is_active=False)
    assert client.post(FORM, GOOD).status_code == 404


def test_of_two_who_accept_the_second_is_told(newcomer):
    invited(newcomer)
    accept(newcomer)
    with pytest.raises(Conflict):
        accept(newcomer)
    assert (
        User.objects.filter(username__startswith="user").exclude(username__contains="@").count()
        == 1
    )


def test_a_name_taken_in_the_same_moment_is_a_conflict_that_shows_no_password(
    newcomer, monkeypatch
):
    User.objects.create_user("y.takase", PASSWORD)
    monkeypatch.setattr(
        accounts.AcceptForm, "clean_username", lambda form: form.cleaned_data["username"]
    )
    answer = followed(invited(newcomer)).post(FORM, GOOD)
    assert answer.status_code == 409
    assert BETTER not in answer.content.decode()
    assert Invitation.objects.get().accepted_at is None


def test_the_time_to_register_an_authenticator_is_a_day(newcomer):
    invited(newcomer)
    now = timezone.now()
    user = accept(newcomer)
    assert now + ENROLMENT <= user.enrols_until <= timezone.now() + ENROLMENT


# --- with an account already ----------------------------------------------------------------------


@pytest.fixture
def elsewhere():
    """Somebody who works in another body and has an account."""
    return someone("consultant", body=a_body("131016", "みどり市"), name="髙瀬 陽子")


def test_who_is_signed_in_adds_the_body_to_the_account(newcomer, elsewhere):
    client = signed_in(elsewhere)
    client.get(invited(newcomer))
    page = client.get(FORM).content.decode()
    assert elsewhere.user.username in page
    assert Member.objects.get(pk=newcomer.pk).user is None
    assert client.post(FORM)["Location"] == "/993018/"
    assert Member.objects.get(pk=newcomer.pk).user == elsewhere.user
    page = client.get("/").content.decode()
    assert re.findall(r'class="choice"\s+href="(\S+?)"', page) == ["/131016/", "/993018/"]


def test_half_signed_in_one_cannot_add_a_body(newcomer, elsewhere):
    half = half_signed_in(elsewhere.user)
    address = invited(newcomer)
    assert half.get(address)["Location"] == f"{VERIFY}?next=%2F"
    assert half.post(FORM)["Location"].startswith(VERIFY)
    assert Member.objects.get(pk=newcomer.pk).user is None


def test_one_account_is_one_person_in_a_body(newcomer, office):
    client = signed_in(office)
    client.get(invited(newcomer, by=office))
    answer = client.post(FORM)
    assert answer.status_code == 409
    assert "すでに使われています" in answer.content.decode()
    assert Invitation.objects.get().accepted_at is None


# --- sending --------------------------------------------------------------------------------------


def test_the_office_invites_and_the_mail_carries_the_link(newcomer, office):
    answer = presses(signed_in(office), "invite", newcomer)
    assert answer["Location"] == f"/993018/people/{newcomer.pk}/slip/"
    deliver_mails()
    (sent,) = mail.outbox
    assert sent.to == ["y.takase@town.example.jp"]
    address = re.search(r"http://127.0.0.1:8000(/invitation/\S+/)", sent.body).group(1)
    assert Client().get(address)["Location"] == FORM
    assert "髙瀬" not in sent.subject


def test_no_table_holds_the_secret_and_using_it_erases_it(newcomer, office):
    address = invited(newcomer, by=office)
    token = address.split("/")[2]
    client = followed(address)
    assert token not in dump_of_all_tables()
    client.post(FORM, GOOD)
    assert Invitation.objects.get().sealed_token is None


def test_a_new_invitation_revokes_the_earlier_one_and_its_mail(newcomer, office):
    first = invited(newcomer, by=office)
    second = invited(newcomer, by=office)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 302
    assert deliver_mails() == 1
    assert second in mail.outbox[0].body
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent", "dropped"}


def test_what_was_accepted_or_ran_out_is_not_mailed_any_more(newcomer, office, soumu):
    other = a_member(soumu)
    invited(newcomer, by=office)
    accept(newcomer)
    invited(other, by=office)
    Invitation.objects.filter(member=other).update(expires_at=timezone.now())
    assert deliver_mails() == 0
    assert mail.outbox == []


def test_while_the_body_prepares_nothing_is_mailed_but_the_slip_can_be_printed(newcomer, office):
    Municipality.objects.update(sending=False)
    client = signed_in(office)
    page = client.get(presses(client, "invite", newcomer)["Location"]).content.decode()
    assert "/invitation/" in page
    assert "印刷して渡してください" in page
    assert deliver_mails() == 0


def test_the_slip_shows_link_and_qr_code_and_its_reading_is_written_down(newcomer, office):
    address = invited(newcomer, by=office)
    answer = signed_in(office).get(reverse("municipality:slip", args=["993018", newcomer.pk]))
    page = answer.content.decode()
    assert f"http://127.0.0.1:8000{address}" in page
    assert page.count("<svg") >= 1
    assert answer["Referrer-Policy"] == "same-origin"
    entry = Entry.objects.get(verb="invitation.printed")
    assert (entry.actor_id, entry.subject_id) == (office.pk, newcomer.pk)


def test_without_an_open_invitation_the_slip_offers_to_make_one(newcomer, office):
    client = signed_in(office)
    page = client.get(reverse("municipality:slip", args=["993018", newcomer.pk])).content.decode()
    assert "使える招待がありません" in page
    assert f"/993018/people/{newcomer.pk}/invite/" in page
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("what", ["invite", "slip", "unlock"])
def test_only_the_office_invites(newcomer, soumu, what):
    chief = someone("manager", body=newcomer.municipality)
    client = signed_in(chief)
    address = reverse(f"municipality:{what}", args=["993018", newcomer.pk])
    answer = client.get(address) if what == "slip" else client.post(address)
    assert answer.status_code == 403
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("what", ["invite", "slip", "unlock"])
def test_people_of_another_body_are_not_there(newcomer, office, elsewhere, what):
    stranger = someone("office", body=elsewhere.municipality)
    client = signed_in(stranger)
    for code, pk in (
        (elsewhere.municipality_id, newcomer.pk),
        (newcomer.municipality_id, newcomer.pk),
    ):
        address = f"/{code}/people/{pk}/{what}/"
        answer = client.get(address) if what == "slip" else client.post(address)
        assert answer.status_code == 404
    with pytest.raises(Denied):
        invite(newcomer, by=stranger, now=timezone.now())


def test_whoever_has_an_account_is_not_invited_again_and_who_has_none_does_not_renew(
    newcomer, office
):
    with pytest.raises(Conflict):
        invite(office, by=office, now=timezone.now())
    with pytest.raises(Conflict):
        ask_renewal(newcomer, reason="機種変更", by=office, now=timezone.now())


def test_a_get_invites_nobody(newcomer, office):
    assert signed_in(office).get(f"/993018/people/{newcomer.pk}/invite/").status_code == 405
    assert Invitation.objects.count() == 0
