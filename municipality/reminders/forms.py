"""Forms of reminders: ladder, words, announcements, and each person's hours of mail. They validate;
they never save.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.digits import narrow
from municipality.core.name_lists import all_names
from municipality.notifications.wording import faults_in
from municipality.organisation.forms import BodyForm
from municipality.organisation.models import Department, Grant, Municipality
from municipality.organisation.people_fields import PeopleInput, SeveralPeopleField
from municipality.reminders.operations.announcements import Audience, rules_to_ask
from municipality.reminders.schedule import EARLIEST, LATEST, MOST_STAGES, Ladder
from municipality.web.forms import DayField, SeveralField, WholeField

SEPARATORS = re.compile(r"[\s,、，;]+")

MOST_PEOPLE = 500

HOURS = range(7, 21)

WEEKDAYS = (
    (0, pgettext_lazy("曜日", "月曜日")),
    (1, pgettext_lazy("曜日", "火曜日")),
    (2, pgettext_lazy("曜日", "水曜日")),
    (3, pgettext_lazy("曜日", "木曜日")),
    (4, pgettext_lazy("曜日", "金曜日")),
    (5, pgettext_lazy("曜日", "土曜日")),
    (6, pgettext_lazy("曜日", "日曜日")),
)


class LadderForm(forms.Form):
    """The stages of the reminders, and who is told beside the person when it is late."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    stages = forms.CharField(
        label=_("知らせる段階(期限からの開庁日数)"),
        max_length=120,
        help_text=_(
            "期限の前は「-5」、当日は「0」、過ぎてからは「3」のように、読点か空白で区切って入力してください。"
        ),
    )
    manager_from = WholeField(
        label=_("所属長に知らせる段階"),
        min_value=1,
        max_value=LATEST,
        required=False,
        help_text=_(
            "期限を過ぎて、この開庁日数の段階から所属長にも知らせます。空欄のときは知らせません。"
        ),
    )
    office_from = WholeField(
        label=_("事務局に知らせる段階"),
        min_value=1,
        max_value=LATEST,
        required=False,
        help_text=_(
            "この段階から事務局にも知らせます。所属長がいない部署では、所属長の段階から知らせます。"
        ),
    )
    cap = WholeField(
        label=_("一度に送る通知の上限"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=_(
            "これより多いときは送らずに止め、事務局が確認します。空欄のときは、利用できる職員の数(100より少ないときは100)です。"
        ),
    )

    @classmethod
    def of(cls, ladder: Ladder, data: Any = None) -> LadderForm:
        """Filled with a ladder, or with what was sent."""
        written = all_names(ladder.stages)
        initial = {
            "manager_from": ladder.manager_from,
            "office_from": ladder.office_from,
            "cap": ladder.cap,
        }
        return cls(data, initial={"version": ladder.version, "stages": written, **initial})

    def clean_stages(self) -> list[int]:
        """Different whole numbers within bounds, in their order."""
        text = narrow(self.cleaned_data["stages"]).replace("−", "-")
        parts = [part for part in SEPARATORS.split(text) if part]
        if not parts or not all(re.fullmatch(r"[+-]?[0-9]{1,3}", part) for part in parts):
            raise ValidationError(_("開庁日数を、-5、-1、0、1、3、5 のように入力してください。"))
        stages = sorted({int(part) for part in parts})
        if len(stages) > MOST_STAGES or stages[0] < EARLIEST or stages[-1] > LATEST:
            limits = {"first": EARLIEST, "last": LATEST, "most": MOST_STAGES}
            raise ValidationError(
                _("%(first)sから%(last)sまでの数を、%(most)s個までにしてください。") % limits
            )
        return stages

    def clean(self) -> dict[str, Any]:
        """Whoever is told beside the person is told at a stage that exists."""
        values = super().clean() or self.cleaned_data
        for name in ("manager_from", "office_from"):
            if (
                values.get(name) is not None
                and values.get("stages")
                and values[name] not in values["stages"]
            ):
                self.add_error(name, _("「知らせる段階」の中の数を入力してください。"))
        return values


class WordingForm(forms.Form):
    """The body's own words for one kind of notice."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    subject = forms.CharField(label=pgettext_lazy("通知", "件名"), max_length=120)
    text = forms.CharField(
        label=pgettext_lazy("通知", "本文"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("{ } で囲んだ名前の所に、知らせるたびに値が入ります。"),
    )

    def __init__(self, rule: str, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.rule = rule

    def clean_subject(self) -> str:
        """Only placeholders that are filled in."""
        return self._checked(self.cleaned_data["subject"])

    def clean_text(self) -> str:
        """Only placeholders that are filled in."""
        return self._checked(self.cleaned_data["text"])

    def _checked(self, text: str) -> str:
        if faults := faults_in(self.rule, text):
            raise ValidationError(
                _("%(places)s は使えません。下の表にある名前を { } で囲んでください。")
                % {"places": all_names(faults)}
            )
        return text


class HoursForm(forms.Form):
    """When one wants mail."""

    from_hour = forms.TypedChoiceField(
        label=_("メールを受け取る時刻"),
        coerce=int,
        help_text=_("この時刻より前の督促と依頼は、この時刻にまとめて届きます。"),
    )
    days_off = forms.TypedMultipleChoiceField(
        label=_("受け取らない曜日"),
        coerce=int,
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("閉庁日の督促は、選ばなくても届きません。"),
    )
    paused_until = DayField(
        label=_("この日まで休止する"),
        required=False,
        help_text=_(
            "休暇などの間、メールを止めます。止めている間のことは、次に受け取る日に最新のものだけが届きます。"
        ),
    )

    def __init__(self, today: date, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today
        hours = [(hour, _("%(hour)s時から") % {"hour": hour}) for hour in HOURS]
        self.fields["from_hour"].choices = [(0, _("時刻は決めない")), *hours]  # type: ignore[attr-defined]

    def clean_days_off(self) -> list[int]:
        """At least one day is left."""
        if len(self.cleaned_data["days_off"]) == len(WEEKDAYS):
            raise ValidationError(_("受け取る曜日を、1つは残してください。"))
        return sorted(self.cleaned_data["days_off"])

    def clean_paused_until(self) -> date | None:
        """A day to come, within a year: a pause that nobody remembers would be silence for ever."""
        until = self.cleaned_data["paused_until"]
        if until is not None and not self.today <= until <= self.today + timedelta(days=366):
            raise ValidationError(_("今日から1年以内の日付を入力してください。"))
        return until


class AnnouncementForm(BodyForm):
    """A notice in the office's own words, and who is meant."""

    subject = forms.CharField(label=pgettext_lazy("通知", "件名"), max_length=100)
    text = forms.CharField(
        label=pgettext_lazy("通知", "本文"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("画面の通知と、その日のメールに、このまま載ります。"),
    )
    departments = SeveralField(
        Department.objects.none(),
        label=pgettext_lazy("組織", "部署"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("選んだ部署と、その下の部署の人に送ります。複数選べます。"),
    )
    roles = forms.MultipleChoiceField(
        label=pgettext_lazy("人", "役割"),
        choices=Grant.Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("部署も選んだときは、その部署で役割を持つ人だけに送ります。"),
    )
    rule = forms.ChoiceField(
        label=_("まだ済んでいない人"),
        required=False,
        help_text=_(
            "選んだことがまだ済んでいない人に送ります。部署や役割も選んだときは、その中の人だけに送ります。"
        ),
    )
    people = SeveralPeopleField(
        label=pgettext_lazy("通知", "加える人"),
        required=False,
        most=MOST_PEOPLE,
        widget=PeopleInput(attrs={"rows": 2}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, body: Municipality, data: Any = None, **kwargs: Any) -> None:
        super().__init__(body, data, **kwargs)
        asked = [
            (
                deadline.rule,
                _("%(kind)s(%(action)s)") % {"kind": deadline.kind, "action": deadline.action},
            )
            for deadline in rules_to_ask()
        ]
        self.fields["rule"].choices = [("", pgettext_lazy("宛先", "選ばない")), *asked]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Somebody is chosen."""
        values = super().clean() or self.cleaned_data
        chosen = [values.get(name) for name in ("departments", "roles", "rule", "people")]
        if not self.errors and not any(chosen):
            self.add_error(
                None, _("宛先を、部署・役割・済んでいない人・加える人のどれかで選んでください。")
            )
        return values

    @property
    def audience(self) -> Audience:
        """Who is meant."""
        values = self.cleaned_data
        places = tuple(sorted(place.pk for place in values["departments"]))
        people = tuple(person.pk for person in values["people"])
        return Audience(places, tuple(values["roles"]), people, values["rule"])
