"""Forms of improvement actions. They validate; they never save."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.pdca.actions.models import Action
from municipality.organisation.models import Member
from municipality.organisation.open_days import OpenDays
from municipality.organisation.people_fields import PersonField
from municipality.web.forms import EditionForm, area, open_day

if TYPE_CHECKING:
    from evaluation.pdca.reviews.models import Review


class ActionForm(EditionForm):
    """What, who, until when. In a review that is closed all three are needed."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    what = forms.CharField(label=_("何をするか"), max_length=200)
    field_order = ("edition", "what", "who", "due_on")

    def __init__(
        self,
        *args: Any,
        people: QuerySet,
        review: Review,
        calendar: OpenDays,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        complete = not review.is_entering
        self.fields["who"] = PersonField(people, label=_("誰がするか"), required=complete)
        stands = self.initial.get("due_on")
        is_past = stands is not None and stands < today
        self.fields["due_on"] = open_day(
            calendar,
            earliest=None if is_past else today,
            label=_("いつまでにするか"),
            required=complete,
        )
        self.order_fields(self.field_order)

    def clean_due_on(self) -> date | None:
        """A day that has passed can stay, but not be set."""
        day: date | None = self.cleaned_data["due_on"]
        if day is not None and day < self.today and day != self.initial.get("due_on"):
            raise forms.ValidationError(_("今日以降の日にしてください。"))
        return day

    @staticmethod
    def shown(action: Action) -> dict[str, Any]:
        """Initial values of the form."""
        return {
            "edition": action.edition,
            "what": action.what,
            "who": action.who,
            "due_on": action.due_on,
        }


class ActionWordsForm(EditionForm):
    """What is to be done, in other words. Who and until when have forms of their own once the
    review is closed.
    """

    what = forms.CharField(label=_("何をするか"), max_length=200)


class ReportForm(forms.Form):
    """経過の報告, with another day where the present one cannot be kept."""

    text = forms.CharField(label=_("報告の内容"), max_length=1000, widget=area(3))

    def __init__(self, *args: Any, calendar: OpenDays, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted_due_on"] = open_day(
            calendar,
            earliest=today,
            label=_("希望する期限"),
            required=False,
            help_text=_("期限に間に合わないときだけ入力します。例 令和8年4月1日"),
        )


class DueDateForm(EditionForm):
    """Another day, and why."""

    field_order = ("edition", "due_on", "reason")
    reason = forms.CharField(label=_("変更の理由"), max_length=1000, widget=area(3))

    def __init__(self, *args: Any, calendar: OpenDays, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"] = open_day(calendar, earliest=today, label=_("新しい期限"))
        self.order_fields(self.field_order)


class HolderForm(EditionForm):
    """Another holder, and why."""

    field_order = ("edition", "who", "reason")
    reason = forms.CharField(label=_("変更の理由"), max_length=1000, widget=area(3))

    def __init__(self, *args: Any, people: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"] = PersonField(people, label=_("新しい担当"))
        self.order_fields(self.field_order)


class OutcomeForm(forms.Form):
    """Outcome of an action."""

    outcome = forms.CharField(label=_("どうなったか"), max_length=1000, widget=area(3))


class ReasonForm(forms.Form):
    """Why an action is taken up again."""

    reason = forms.CharField(
        label=pgettext_lazy("改善項目", "進行中に戻す理由"), max_length=1000, widget=area(3)
    )


def people_for(member: Member, action: Action | None = None) -> QuerySet:
    """Members who can be given an action: those whom the writer sees, and the present one, in order
    of kana.
    """
    people = Member.objects.visible_to(member).filter(is_active=True)
    if action is not None and action.who_id:
        people = people | Member.objects.of(member.municipality_id).filter(pk=action.who_id)
    return people.order_by("kana", "number")
