"""Forms of this room. They validate and clean; they never save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.forms import DayField, EditionForm
from municipality.models import Member
from municipality.periods import OpenDays

from .fields import PersonField
from .models import Action, Goal, OneOnOne, Pair, Review
from .operations.sheets import MOST_GOALS

MOST_PROMISES = 2


def area(rows: int = 4) -> forms.Textarea:
    """A text area of so many lines at first."""
    return forms.Textarea(attrs={"rows": rows})


def day(**facts: Any) -> DayField:
    """A day in a field no wider than a day."""
    return DayField(widget=forms.TextInput(attrs={"class": "in-s"}), **facts)


class PeriodForm(forms.Form):
    """A new evaluation period."""

    name = forms.CharField(label=_("評価期間の名称"), max_length=60, help_text=_("例 令和8年度 下期"))
    starts_on = day(label=pgettext_lazy("期間", "開始日"))
    ends_on = day(label=pgettext_lazy("期間", "終了日"))
    goals_due_on = day(label=_("目標の提出期限"))
    agree_due_on = day(label=_("面談と確定の期限"))

    def __init__(self, *args: Any, calendar: OpenDays, periods: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar, self.periods = calendar, periods

    def clean_name(self) -> str:
        """A name is used once."""
        name = self.cleaned_data["name"]
        if self.periods.filter(name=name).exists():
            raise ValidationError(_("同じ名称の評価期間があります。"))
        return name

    def clean_goals_due_on(self) -> date | None:
        """A due day is an open day."""
        return self._open_day("goals_due_on")

    def clean_agree_due_on(self) -> date | None:
        """A due day is an open day."""
        return self._open_day("agree_due_on")

    def _open_day(self, field: str) -> date | None:
        due_on = self.cleaned_data[field]
        if due_on is not None and not self.calendar.is_open(due_on):
            words = {"day": date_format(due_on, "Y-m-d"), "next": date_format(self.calendar.roll(due_on), "Y-m-d")}
            raise ValidationError(_("%(day)sは閉庁日です。%(next)sなどの開庁日にしてください。"), params=words)
        return due_on

    def clean(self) -> dict[str, Any]:
        """Days in their order."""
        facts = super().clean() or self.cleaned_data
        order = ("starts_on", "ends_on", _("終了日は、開始日より後の日にしてください。"))
        agree = ("goals_due_on", "agree_due_on", _("面談と確定の期限は、目標の提出期限より後の日にしてください。"))
        for earlier, later, message in (order, agree):
            if facts.get(earlier) and facts.get(later) and facts[earlier] >= facts[later]:
                self.add_error(later, message)
        return facts


class GoalsForm(EditionForm):
    """Up to MOST_GOALS goals in a row of blocks; an empty block is no goal. Cleans to a list in `goals`."""

    PARTS = ("title", "measure", "weight", "difficulty")

    def __init__(self, *args: Any, goals: list[Goal] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = []
        for n in range(1, MOST_GOALS + 1):
            self._add_block(n, goals[n - 1] if goals and len(goals) >= n else None)
            self.groups.append((_("目標 %(n)s") % {"n": n}, "", [f"{part}_{n}" for part in self.PARTS]))

    def _add_block(self, n: int, goal: Goal | None) -> None:
        shown = {part: getattr(goal, part) for part in self.PARTS} if goal else {"difficulty": Goal.Difficulty.B}
        first = n == 1
        self.fields[f"title_{n}"] = forms.CharField(label=pgettext_lazy("目標", "目標"), max_length=120, required=first)
        self.fields[f"measure_{n}"] = forms.CharField(
            label=_("達成を測る物差し"), max_length=600, required=first, widget=area(3),
            help_text=_("何がどうなれば達成かを、第三者にも分かるように書きます。") if first else "",
        )  # fmt: skip
        self.fields[f"weight_{n}"] = forms.IntegerField(
            label=pgettext_lazy("目標", "ウエイト"),
            min_value=1,
            max_value=100,
            required=first,
            widget=forms.NumberInput(attrs={"data-unit": "%"}),
        )
        self.fields[f"difficulty_{n}"] = forms.ChoiceField(
            label=pgettext_lazy("目標", "難易度"), choices=Goal.Difficulty.choices, required=first
        )
        for part, value in shown.items():
            self.fields[f"{part}_{n}"].initial = value

    def clean(self) -> dict[str, Any]:
        """Each block that was begun is complete; empty blocks fall away."""
        facts = super().clean() or self.cleaned_data
        goals = []
        for n in range(1, MOST_GOALS + 1):
            block = {part: facts.get(f"{part}_{n}") for part in self.PARTS}
            if not any(block[part] for part in ("title", "measure", "weight")):
                continue
            for part in self.PARTS:
                if not block[part] and f"{part}_{n}" not in self.errors:
                    words = {"n": n, "label": self.fields[f"{part}_{n}"].label}
                    self.add_error(f"{part}_{n}", _("目標 %(n)sの「%(label)s」を入力してください。") % words)
            goals.append(block)
        facts["goals"] = goals
        return facts


class ReturnForm(forms.Form):
    """Sending goals back."""

    comment = forms.CharField(label=_("差戻しの理由"), max_length=1000, widget=area(3))


class PairForm(forms.Form):
    """Beginning 1on1 with somebody."""

    def __init__(self, *args: Any, people: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = PersonField(people, label=_("1on1の相手"))


class TalkForm(EditionForm):
    """A talk that was held, and what was promised. Cleans to `facts` and `promises`."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    held_on = day(label=_("実施した日"))
    minutes = forms.IntegerField(
        label=pgettext_lazy("1on1", "時間"),
        min_value=5,
        max_value=240,
        initial=30,
        widget=forms.NumberInput(attrs={"data-unit": pgettext_lazy("1on1", "分間")}),
    )
    mode = forms.ChoiceField(
        label=_("実施の方法"), choices=OneOnOne.Mode.choices, widget=forms.RadioSelect, initial="face"
    )
    topics = forms.CharField(label=_("話したこと"), max_length=2000, widget=area(3))
    shared_note = forms.CharField(
        label=pgettext_lazy("1on1", "共有メモ"), max_length=4000, widget=area(6), required=False,
        help_text=_("1on1の2人だけが読めます。ほかの人には、実施したことだけが伝わります。"),
    )  # fmt: skip
    next_on = day(label=_("次回の予定日"), required=False)

    TALK = ("held_on", "minutes", "mode", "topics", "shared_note", "next_on")

    def __init__(self, *args: Any, pair: Pair, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair, self.today = pair, today
        owners = [("", "—"), (str(pair.member_id), pair.member.name), (str(pair.manager_id), pair.manager.name)]
        self.groups = []
        for n in range(1, MOST_PROMISES + 1):
            self.fields[f"text_{n}"] = forms.CharField(label=_("約束の内容"), max_length=200, required=False)
            self.fields[f"owner_{n}"] = forms.ChoiceField(label=_("約束した人"), choices=owners, required=False)
            self.fields[f"due_{n}"] = day(label=pgettext_lazy("1on1", "期限"), required=False)
            help_text = _("約束がなければ、空のままで構いません。") if n == 1 else ""
            self.groups.append((_("約束 %(n)s") % {"n": n}, help_text, [f"text_{n}", f"owner_{n}", f"due_{n}"]))

    def clean_held_on(self) -> date | None:
        """A talk was held today at the latest."""
        held_on = self.cleaned_data["held_on"]
        if held_on is not None and held_on > self.today:
            raise ValidationError(_("実施した日には、今日までの日を入力してください。"))
        return held_on

    def clean(self) -> dict[str, Any]:
        """The next talk is later; a promise that was begun is complete."""
        facts = super().clean() or self.cleaned_data
        if facts.get("next_on") and facts.get("held_on") and facts["next_on"] <= facts["held_on"]:
            self.add_error("next_on", _("次回の予定日は、実施した日より後の日にしてください。"))
        facts["facts"] = {name: facts.get(name) for name in self.TALK}
        facts["promises"] = [promise for n in range(1, MOST_PROMISES + 1) if (promise := self._promise(facts, n))]
        return facts

    def _promise(self, facts: dict[str, Any], n: int) -> dict[str, Any] | None:
        text, owner, due_on = (facts.get(f"{part}_{n}") for part in ("text", "owner", "due"))
        if not (text or owner or due_on):
            return None
        for part in ("text", "owner", "due"):
            if not facts.get(f"{part}_{n}") and f"{part}_{n}" not in self.errors:
                self.add_error(f"{part}_{n}", _("約束には、内容・約束した人・期限のすべてが必要です。"))
        person = self.pair.manager if owner == str(self.pair.manager_id) else self.pair.member
        return {"owner": person, "text": text, "due_on": due_on}


class NoteForm(EditionForm):
    """A note for oneself; edition 0 is a first note."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(
        label=_("自分だけのメモ"), max_length=4000, widget=area(4), required=False,
        help_text=_("暗号化して保存し、書いた本人だけが読めます。空にして保存すると消えます。"),
    )  # fmt: skip


class ReviewForm(EditionForm):
    """The texts of a review."""

    plan_text = forms.CharField(label=_("今期のねらい"), max_length=4000, widget=area(), required=False)
    do_text = forms.CharField(
        label=pgettext_lazy("レビュー", "行ったこと"), max_length=4000, widget=area(), required=False
    )
    check_text = forms.CharField(label=_("分かったこと"), max_length=4000, widget=area(), required=False)
    act_text = forms.CharField(label=_("次に向けて"), max_length=4000, widget=area(), required=False)

    groups = (
        (pgettext_lazy("PDCA", "P 計画"), "", ["plan_text"]),
        (pgettext_lazy("PDCA", "D 実施"), "", ["do_text"]),
        (pgettext_lazy("PDCA", "C 評価"), "", ["check_text"]),
        (pgettext_lazy("PDCA", "A 改善"), "", ["act_text"]),
    )

    @staticmethod
    def shown(review: Review) -> dict[str, Any]:
        """What the form is filled with at first."""
        return {"edition": review.edition, **{part: getattr(review, part) for part in Review.PARTS}}


class RemarkForm(forms.Form):
    """A remark on a review."""

    text = forms.CharField(label=pgettext_lazy("レビュー", "所見"), max_length=2000, widget=area())

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


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
        """What the form is filled with at first."""
        return {"edition": action.edition, "what": action.what, "who": action.who, "due_on": action.due_on}


class OutcomeForm(forms.Form):
    """How an action ended."""

    outcome = forms.CharField(label=_("どうなったか"), max_length=1000, widget=area(3))


def people_for(member: Member, action: Action | None = None) -> QuerySet:
    """Who can be given an action: those whom the writer sees, and whoever has it already, in order of kana."""
    people = Member.objects.visible_to(member).filter(is_active=True)
    if action is not None and action.who_id:
        people = people | Member.objects.of(member.municipality_id).filter(pk=action.who_id)
    return people.order_by("kana", "number")
