"""A lost sign-in is made anew by two persons: one asks, another confirms, and neither is the one it
is about.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from municipality.accounts.models import Invitation, Renewal
from municipality.accounts.operations.credential_resets import (
    ask_renewal,
    confirm_renewal,
    confirmers,
    refuse_renewal,
)
from municipality.accounts.operations.invitations import renew_access
from municipality.audit.models import Entry
from municipality.core.refusals import Conflict, Denied
from municipality.notifications.models import Notice
from tests.build.accounts import presses, someone
from tests.build.municipality import a_body, a_department, a_member, an_account, root_of, signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
REASON = {"reason": "職員証で確かめた。機種変更のため。"}


class Town:
    """An office of two, a department with its manager, a colleague, and the person who lost the
    sign-in.
    """

    def __init__(self) -> None:
        self.body = a_body()
        self.soumu = a_department(self.body, "総務課")
        self.office = someone("office", body=self.body, name="事務 花子")
        self.second = someone("office", body=self.body, name="二人目 太郎")
        self.manager = a_member(self.soumu, "manager", name="課長 次郎", post="課長")
        self.colleague = a_member(self.soumu, name="同僚 三郎")
        self.person = a_member(self.soumu, name="髙瀬 陽子")
        self.elsewhere = a_member(
            a_department(self.body, "税務課"), "manager", name="別の 課長", post="課長"
        )
        self.mayor = a_member(root_of(self.body), "executive", name="町長 四郎", post="町長")
        for member in (self.manager, self.colleague, self.person, self.elsewhere, self.mayor):
            an_account(member)

    def asked(self, by=None, now=NOW) -> Renewal:
        """The office asked for the person."""
        return ask_renewal(self.person, **REASON, by=by or self.office, now=now)


@pytest.fixture
def town():
    return Town()


def test_the_office_asks_and_nothing_changes_but_the_second_persons_and_the_person_are_told(town):
    renewal = town.asked()
    assert Invitation.objects.count() == 0
    assert {member.name for member in confirmers(renewal, now=NOW)} == {"二人目 太郎", "課長 次郎"}
    assert set(
        Notice.objects.filter(rule="renewal.asked").values_list("member__name", flat=True)
    ) == {
        "二人目 太郎",
        "課長 次郎",
    }
    assert Notice.objects.get(rule="account.renewal").member == town.person
    assert (
        Entry.objects.filter(
            verb="renewal.asked", actor_id=town.office.pk, subject_id=town.person.pk
        ).count()
        == 1
    )


@pytest.mark.parametrize("who", ["second", "manager", "mayor"])
def test_a_second_person_confirms_and_the_invitation_goes_out(town, who):
    renewal = town.asked()
    invitation = confirm_renewal(renewal, by=getattr(town, who), now=NOW)
    assert (invitation.renews, invitation.member) == (True, town.person)
    renewal.refresh_from_db()
    assert (renewal.state, renewal.answered_by) == ("confirmed", getattr(town, who))
    assert (
        Entry.objects.filter(verb="renewal.confirmed", actor_id=getattr(town, who).pk).count() == 1
    )


@pytest.mark.parametrize("who", ["office", "person", "colleague", "elsewhere"])
def test_nobody_else_confirms(town, who):
    renewal = town.asked()
    with pytest.raises(Denied):
        confirm_renewal(renewal, by=getattr(town, who), now=NOW)
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("who", ["person", "colleague", "manager", "elsewhere", "mayor"])
def test_nobody_but_the_office_asks(town, who):
    with pytest.raises(Denied):
        town.asked(by=getattr(town, who))


def test_somebody_of_the_office_asks_not_for_themselves(town):
    with pytest.raises(Denied):
        ask_renewal(town.office, **REASON, by=town.office, now=NOW)
    renewal = ask_renewal(town.office, **REASON, by=town.second, now=NOW)
    with pytest.raises(Denied):
        confirm_renewal(renewal, by=town.office, now=NOW)
    assert confirm_renewal(renewal, by=town.mayor, now=NOW).renews


def test_for_the_only_one_of_an_office_whoever_leads_them_asks_and_another_confirms():
    body = a_body()
    soumu = a_department(body, "総務課")
    alone = a_member(soumu, "office", name="事務 花子")
    manager, mayor = (
        a_member(soumu, "manager", post="課長"),
        a_member(root_of(body), "executive", post="町長"),
    )
    for member in (alone, manager, mayor):
        an_account(member)
    renewal = ask_renewal(alone, **REASON, by=manager, now=NOW)
    with pytest.raises(Denied):
        confirm_renewal(renewal, by=manager, now=NOW)
    assert confirm_renewal(renewal, by=mayor, now=NOW).member == alone


def test_it_is_asked_for_once_at_a_time_and_answered_once(town):
    renewal = town.asked()
    with pytest.raises(Conflict):
        town.asked(by=town.second)
    stale = Renewal.objects.get(pk=renewal.pk)
    confirm_renewal(renewal, by=town.second, now=NOW)
    for late in (confirm_renewal, refuse_renewal):
        with pytest.raises(Conflict):
            late(stale, by=town.manager, now=NOW)
    assert Invitation.objects.count() == 1


def test_it_lapses_after_a_week_and_can_be_asked_for_again(town):
    renewal = town.asked(now=NOW - timedelta(days=7))
    with pytest.raises(Conflict):
        confirm_renewal(renewal, by=town.second, now=NOW)
    assert town.asked().state == "asked"
    renewal.refresh_from_db()
    assert (renewal.state, renewal.answered_by) == ("refused", None)


def test_the_second_person_refuses_and_whoever_asked_takes_back(town):
    refuse_renewal(town.asked(), by=town.manager, now=NOW)
    refuse_renewal(town.asked(), by=town.office, now=NOW)
    with pytest.raises(Denied):
        refuse_renewal(town.asked(), by=town.colleague, now=NOW)
    assert Invitation.objects.count() == 0


def test_without_the_second_person_no_invitation_of_this_kind_arises(town):
    renewal = town.asked()
    with pytest.raises(Conflict):
        renew_access(renewal, by=town.office, now=NOW)
    renewal.state = "confirmed"
    with pytest.raises(Conflict):
        renew_access(renewal, by=town.office, now=NOW)


@pytest.mark.parametrize(
    "facts",
    [
        {"asked_by": "person"},
        {"answered_by": "person", "state": "refused"},
        {"answered_by": "office", "state": "confirmed"},
        {"answered_by": None, "state": "confirmed"},
    ],
)
def test_the_database_holds_the_two_persons_apart_as_well(town, facts):
    renewal = town.asked()
    values = {
        name: getattr(town, value) if value in vars(town) else value
        for name, value in facts.items()
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Renewal.objects.filter(pk=renewal.pk).update(**values)


def test_the_whole_way_by_the_pages(town):
    office, second = signed_in(town.office), signed_in(town.second)
    ask = f"/993018/people/{town.person.pk}/renewal/"
    assert ask in office.get(town.person.get_absolute_url()).content.decode()
    assert office.post(ask, {"reason": ""}).status_code == 422
    page = office.post(ask, REASON, follow=True).content.decode()
    renewal = Renewal.objects.get()
    assert "申し込んだ人とは別の人が確認します" in page
    assert "二人目 太郎" in page
    assert presses(office, "renewal_confirm", renewal_of(renewal)).status_code == 403
    assert "すでに申し込まれています" in office.get(ask).content.decode()
    assert "本人を確かめたので確認する" in second.get(renewal.get_absolute_url()).content.decode()
    done = presses(second, "renewal_confirm", renewal_of(renewal))
    assert done["Location"] == renewal.get_absolute_url()
    assert "本人に案内を送りました" in second.get(renewal.get_absolute_url()).content.decode()
    assert (
        "本人に案内を送りました"
        not in signed_in(town.colleague).get(renewal.get_absolute_url()).content.decode()
    )


def renewal_of(renewal: Renewal) -> Renewal:
    """What `presses` needs: the thing with its number and its body."""
    return Renewal.objects.get(pk=renewal.pk)


def test_whoever_is_told_can_open_the_page(town):
    town.asked()
    for notice in Notice.objects.filter(rule="renewal.asked").select_related(
        "member__municipality"
    ):
        client = signed_in(notice.member)
        answer = client.post(f"/993018/notices/{notice.pk}/open/", follow=True)
        assert answer.status_code == 200
        assert "2人目として確認する" in answer.content.decode()


@pytest.mark.selfcheck
def test_with_the_rule_off_one_person_alone_would_do(town, monkeypatch):
    monkeypatch.setattr(
        "municipality.accounts.operations.credential_resets.may_answer_renewal",
        lambda member, renewal: True,
    )
    with pytest.raises(IntegrityError):
        confirm_renewal(town.asked(), by=town.office, now=NOW)
