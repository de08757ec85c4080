"""Forms of improvement actions. They validate; they never save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from evaluation.pdca.reviews.models import Action, Review
from municipality.organisation.forms import PersonField
from municipality.organisation.models import Member
from municipality.web.forms import EditionForm, area, day


class ActionForm(EditionForm):
    """What, who, until when. In a review that is closed all three are needed."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    what = forms.CharField(label=_("何をするか"), max_length=200)
    due_on = day(label=_("いつまでにするか"), required=False)
    field_order = ("edition", "what", "who", "due_on")

    def __init__(self, *args: Any, people: QuerySet, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        complete = not review.is_entering
        self.fields["who"] = PersonField(people, label=_("誰がするか"), required=complete)
        self.fields["due_on"].required = complete
        self.order_fields(self.field_order)

    @staticmethod
    def shown(action: Action) -> dict[str, Any]:
        """Initial values of the form."""
        return {
            "edition": action.edition,
            "what": action.what,
            "who": action.who,
            "due_on": action.due_on,
        }


class OutcomeForm(forms.Form):
    """Outcome of an action."""

    outcome = forms.CharField(label=_("どうなったか"), max_length=1000, widget=area(3))


def people_for(member: Member, action: Action | None = None) -> QuerySet:
    """Members who can be given an action: those whom the writer sees, and the present one, in order
    of kana.
    """
    people = Member.objects.visible_to(member).filter(is_active=True)
    if action is not None and action.who_id:
        people = people | Member.objects.of(member.municipality_id).filter(pk=action.who_id)
    return people.order_by("kana", "number")
