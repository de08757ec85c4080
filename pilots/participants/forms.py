"""Form that asks people to take part. It validates; operations save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipality.organisation.models import Member
from municipality.web.forms import SeveralField
from pilots.participants.models import Participant
from pilots.planning.checks import PlanExtent, posted_in
from pilots.planning.forms import offer
from pilots.planning.models import Pilot


def candidates(pilot: Pilot, today: date) -> QuerySet:
    """People posted in the pilot's departments or below who do not take part yet; with `home`, the
    name of their department.
    """
    posted = posted_in(PlanExtent.of(pilot), today)
    taken = (
        Participant.objects.of(pilot.municipality_id)
        .filter(pilot=pilot)
        .exclude(state=Participant.State.LEFT)
    )
    rows = Member.objects.of(pilot.municipality_id).filter(
        is_active=True, pk__in=posted.values("member")
    )
    here = posted.filter(member=OuterRef("pk")).order_by("department__path")
    rows = rows.annotate(
        home=Subquery(here.values("department__name")[:1]),
        path=Subquery(here.values("department__path")[:1]),
    )
    return rows.exclude(pk__in=taken.values("member")).order_by("path", "kana", "pk")


class CandidatesField(SeveralField):
    """Members as checkboxes, each with their department."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, member: Any) -> str:
        """Name and department."""
        return _("%(name)s(%(department)s)") % {"name": member.name, "department": member.home}


class ParticipantsForm(forms.Form):
    """Members of the pilot's departments who are asked to take part."""

    members = CandidatesField(
        Member.objects.none(),
        label=gettext_lazy("参加を依頼する職員"),
        help_text=gettext_lazy("選んだ職員に参加の依頼が届きます。同意は本人だけが行えます。"),
    )
    device = forms.CharField(
        label=pgettext_lazy("試行", "端末"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("例 貸与端末。選んだ職員に共通のときだけ入力してください。"),
    )

    def __init__(self, pilot: Pilot, today: date, data: Any = None) -> None:
        super().__init__(data)
        offer(self, "members", candidates(pilot, today))
        members: Any = self.fields["members"]
        members.choices = list(iter(members.choices))
