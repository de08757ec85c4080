"""Several people send the same thing at the same moment: one is done, the others are told, and no
page fails.
"""

from __future__ import annotations

import pytest

from municipality.accounts.models import Invitation
from municipality.decisions.models import Decision
from municipality.organisation.models import Post
from pilots.participants.models import Participant
from tests.build import evaluation, pilots
from tests.build.municipality import a_member, signed_in
from tests.build.town import a_town

from .together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT_ONCE = 5


def sent_at_once(members, address: str, form: dict) -> list[int]:
    """The statuses of the same form, sent by each of the members at the same moment."""
    clients = [signed_in(member) for member in members]
    answers = together([lambda client=client: client.post(address, form) for client in clients])
    return sorted(getattr(answer, "status_code", answer) for answer in answers)


def test_a_person_is_asked_once():
    town = pilots.a_town()
    pilot = pilots.a_planned(town)
    offices = [a_member(town.root, "office") for _ in range(AT_ONCE)]
    form = {"members": [town.staff[0].pk]}
    statuses = sent_at_once(offices, f"{pilot.get_absolute_url()}participants/", form)
    assert statuses[0] == 302
    assert set(statuses[1:]) <= {409, 422}
    assert Participant.objects.filter(pilot=pilot).count() == 1


def test_posts_are_moved_by_several_at_once():
    town = a_town()
    offices = [a_member(town.root, "office") for _ in range(AT_ONCE)]
    post = Post.objects.get(title="課長")
    statuses = sent_at_once(offices, f"/{town.body.pk}/settings/posts/{post.pk}/move/", {"up": "1"})
    assert statuses[0] == 302
    assert set(statuses) <= {302, 409}
    ranks = list(Post.objects.order_by("rank", "pk").values_list("rank", flat=True))
    assert len(ranks) == len(set(ranks)), "each post has a place of its own"


def test_a_review_is_put_to_decision_once():
    town = evaluation.a_town()
    review = evaluation.a_closed(town)
    offices = [a_member(town.root, "office") for _ in range(AT_ONCE)]
    statuses = sent_at_once(offices, f"{review.get_absolute_url()}request/", {})
    assert statuses[0] == 302
    assert set(statuses[1:]) <= {302, 409}
    assert Decision.objects.count() == 1


def test_a_person_has_one_open_invitation():
    town = a_town()
    offices = [a_member(town.root, "office") for _ in range(AT_ONCE)]
    invited = a_member(town.soumu)
    statuses = sent_at_once(offices, f"/{town.body.pk}/people/{invited.pk}/invite/", {})
    assert set(statuses) == {302}
    open_ones = Invitation.objects.filter(member=invited, accepted_at=None, revoked_at=None)
    assert open_ones.count() == 1
