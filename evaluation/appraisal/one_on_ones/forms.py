"""Forms of 1on1. They validate; they never save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.appraisal.one_on_ones.models import OneOnOne, Pair
from municipality.organisation.people_fields import PersonField
from municipality.web.forms import EditionForm, WholeField, area, day

MOST_PROMISES = 2


class PairForm(forms.Form):
    """Member with whom 1on1 begins."""

    def __init__(self, *args: Any, people: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = PersonField(people, label=_("1on1の相手"))


class TalkForm(EditionForm):
    """A 1on1 that was held, and its promises. Cleans to `content` and `promises`."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    held_on = day(label=_("実施した日"))
    minutes = WholeField(
        label=pgettext_lazy("1on1", "時間"),
        min_value=5,
        max_value=240,
        initial=30,
        widget=forms.NumberInput(attrs={"data-unit": pgettext_lazy("1on1", "分間")}),
    )
    mode = forms.ChoiceField(
        label=_("実施の方法"),
        choices=OneOnOne.Mode.choices,
        widget=forms.RadioSelect,
        initial="face",
    )
    topics = forms.CharField(label=_("話したこと"), max_length=2000, widget=area(3))
    shared_note = forms.CharField(
        label=pgettext_lazy("1on1", "共有メモ"),
        max_length=4000,
        widget=area(6),
        required=False,
        help_text=_("1on1の2人だけが読めます。ほかの人には、実施したことだけが伝わります。"),
    )
    next_on = day(label=_("次回の予定日"), required=False)

    TALK = ("held_on", "minutes", "mode", "topics", "shared_note", "next_on")

    def __init__(self, *args: Any, pair: Pair, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair, self.today = pair, today
        owners = [
            ("", "—"),
            (str(pair.member_id), pair.member.name),
            (str(pair.manager_id), pair.manager.name),
        ]
        self.groups = []
        for n in range(1, MOST_PROMISES + 1):
            self.fields[f"text_{n}"] = forms.CharField(
                label=_("約束の内容"), max_length=200, required=False
            )
            self.fields[f"owner_{n}"] = forms.ChoiceField(
                label=_("約束した人"), choices=owners, required=False
            )
            self.fields[f"due_{n}"] = day(label=pgettext_lazy("1on1", "期限"), required=False)
            help_text = _("約束がなければ、空のままで構いません。") if n == 1 else ""
            self.groups.append(
                (_("約束 %(n)s") % {"n": n}, help_text, [f"text_{n}", f"owner_{n}", f"due_{n}"])
            )

    def clean_held_on(self) -> date | None:
        """Today or earlier."""
        held_on = self.cleaned_data["held_on"]
        if held_on is not None and held_on > self.today:
            raise ValidationError(_("実施した日には、今日までの日を入力してください。"))
        return held_on

    def clean(self) -> dict[str, Any]:
        """The next 1on1 is later, and a promise that was begun is complete."""
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("next_on")
            and cleaned.get("held_on")
            and cleaned["next_on"] <= cleaned["held_on"]
        ):
            self.add_error("next_on", _("次回の予定日は、実施した日より後の日にしてください。"))
        cleaned["content"] = {name: cleaned.get(name) for name in self.TALK}
        cleaned["promises"] = [
            promise for n in range(1, MOST_PROMISES + 1) if (promise := self._promise(cleaned, n))
        ]
        return cleaned

    def _promise(self, cleaned: dict[str, Any], n: int) -> dict[str, Any] | None:
        text, owner, due_on = (cleaned.get(f"{part}_{n}") for part in ("text", "owner", "due"))
        if not (text or owner or due_on):
            return None
        for part in ("text", "owner", "due"):
            if not cleaned.get(f"{part}_{n}") and f"{part}_{n}" not in self.errors:
                self.add_error(
                    f"{part}_{n}", _("約束には、内容・約束した人・期限のすべてが必要です。")
                )
        person = self.pair.manager if owner == str(self.pair.manager_id) else self.pair.member
        return {"owner": person, "text": text, "due_on": due_on}


class NoteForm(EditionForm):
    """Private note; edition 0 is a first note."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(
        label=_("自分だけのメモ"),
        max_length=4000,
        widget=area(4),
        required=False,
        help_text=_("暗号化して保存し、書いた本人だけが読めます。空にして保存すると消えます。"),
    )
