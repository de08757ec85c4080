"""Forms: one field, the summary of errors, and a complete form."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.template import Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from municipality.web.components.drawing import draw
from municipality.web.components.icons import icon
from municipality.web.sent_once import TOKEN_FIELD, new_token

register = Library()


NARROW = (
    forms.DateField,
    forms.TimeField,
    forms.IntegerField,
    forms.DecimalField,
    forms.FloatField,
)

CHOSEN = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.FileInput)


@dataclass(frozen=True)
class Mistake:
    """One line of the error summary: the message and, where there is a field, the id of its first
    input.
    """

    message: str
    target: str = ""


def shape_of(bound: BoundField) -> str:
    """Layout of a field: hidden, tick (one box), group (radio buttons, boxes), file, area or
    line.
    """
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "area" if isinstance(widget, forms.Textarea) else "line"


def messages_of(bound: BoundField) -> list[str]:
    """Errors of the field; a missing value is worded with the field's name and the verb for its
    input.
    """
    return [_worded(bound, error) for error in bound.form.errors.as_data().get(bound.name, [])]


def _worded(bound: BoundField, error: ValidationError) -> str:
    standard = forms.Field.default_error_messages["required"]
    if (
        error.code == "required"
        and error.message == bound.field.error_messages["required"] == standard
    ):
        return _missing(bound.field.widget) % {"label": bound.label}
    return " ".join(str(message) for message in error.messages)


def _missing(widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return _("「%(label)s」に印を付けてください。")
    return (
        _("%(label)sを選んでください。")
        if isinstance(widget, CHOSEN)
        else _("%(label)sを入力してください。")
    )


def first_id(bound: BoundField) -> str:
    """Id of the input that a link to this field leads to."""
    return (
        f"{bound.auto_id}_0" if shape_of(bound) == "group" else bound.id_for_label or bound.auto_id
    )


def mistakes(form) -> list[Mistake]:
    """All errors of a form in the order of its fields; errors of the form itself come first. Where
    several fields bear one label, the title of the group says which of them it is.
    """
    mistakes = [Mistake(message) for message in form.non_field_errors()]
    labels = Counter(str(bound.label) for bound in form)
    items = {name: title for title, _help, names in getattr(form, "groups", ()) for name in names}
    for bound in form:
        label = str(bound.label)
        target = "" if bound.is_hidden else first_id(bound)
        item = items.get(bound.name, "") if labels[label] > 1 else ""
        for message in messages_of(bound):
            named = bound.is_hidden or label in message
            words = (item, "" if named else label, message)
            mistakes.append(Mistake(" ".join(filter(None, words)), target))
    return mistakes


def _input(bound: BoundField, shape: str) -> SafeString:
    own = bound.field.widget.attrs.get("class", "")
    narrow = " in-s" if isinstance(bound.field, NARROW) else ""
    if shape == "tick":
        return bound.as_widget()
    return bound.as_widget(attrs={"class": f"in{narrow} {own}".strip()})


@register.simple_tag
def field(bound: BoundField, plain: bool = False, label: str = "", unit: str = "") -> SafeString:
    """`{% field form.name %}`: label, 必須/任意, help, input and error of one field.

    `plain` leaves out 必須/任意 (sign-in); `unit` stands after the input, as does the widget's
    attribute `data-unit`.
    """
    if bound.is_hidden:
        return bound.as_widget()
    shape = shape_of(bound)
    return draw(
        "field_group" if shape == "group" else "field_tick" if shape == "tick" else "field",
        bound=bound,
        shape=shape,
        label=label or bound.label,
        input=_input(bound, shape) if shape != "group" else "",
        unit=unit or bound.field.widget.attrs.get("data-unit", ""),
        messages=messages_of(bound),
        plain=plain,
    )


@register.simple_tag
def errors(form) -> SafeString:
    """`{% errors form %}`: the summary over a form with errors: how many, and a link to each.
    Nothing without errors.
    """
    if not form.is_bound or not form.errors:
        return SafeString()
    return draw("errors", mistakes=mistakes(form))


@register.simple_tag(takes_context=True)
def fault_mark(context) -> str:
    """`{% fault_mark %}`: エラー： in front of a page's title when a form that was sent has errors: who
    hears the page read aloud learns so first. Nothing else.
    """
    request = context.get("request")
    if request is None or request.method != "POST":
        return ""
    forms_shown = (
        value for value in context.flatten().values() if isinstance(value, forms.BaseForm)
    )
    is_faulty = any(form.is_bound and form.errors for form in forms_shown)
    return pgettext("見出し", "エラー：") if is_faulty else ""


@dataclass(frozen=True)
class FieldGroup:
    """Fields under one legend. A form defines them as `groups = ((title, help, names), …)`."""

    title: str
    help: str
    fields: list[BoundField]


def grouped(form) -> list[FieldGroup]:
    """Visible fields of a form by group; fields without a group come first, without a legend."""
    named = [
        FieldGroup(title, help_text, [form[name] for name in names])
        for title, help_text, names in getattr(form, "groups", ())
    ]
    taken = {bound.name for group in named for bound in group.fields}
    rest = [bound for bound in form.visible_fields() if bound.name not in taken]
    return ([FieldGroup("", "", rest)] if rest else []) + named


@register.simple_tag(name="form", takes_context=True)
def form_tag(
    context,
    form,
    submit: str = "",
    *,
    cancel: str = "",
    draft: str = "",
    action: str = "",
    tone: str = "1",
    plain: bool = False,
) -> SafeString:
    """`{% form form submit='保存する' cancel=url %}`: summary of errors, all fields, the buttons at
    the end.

    `draft` is the word of a second button that sends `draft=1`. `tone='back'` or `'bad'` draws the
    button of a refusal.
    """
    options = {
        "submit": submit or pgettext("入力", "保存する"),
        "cancel": cancel,
        "draft": draft,
        "action": action,
        "tone": tone,
        "plain": plain,
    }
    return draw("form", form=form, groups=grouped(form), guards=guards_tag(context), **options)


@register.simple_tag(name="guards", takes_context=True)
def guards_tag(context) -> SafeString:
    """`{% guards %}`: hidden fields of a form of a body, against forged requests (as `{% csrf_token
    %}` writes it) and against sending it twice.
    """
    token = context.get("csrf_token")
    if not token or token == "NOTPROVIDED":  # noqa: S105 - Django's own mark, not a secret
        return SafeString()
    hidden = (("csrfmiddlewaretoken", token), (TOKEN_FIELD, new_token()))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', hidden)


@register.simple_tag(takes_context=True)
def post_button(
    context,
    address: str,
    label: str,
    tone: str = "2",
    *,
    shape: str = "",
    small: bool = False,
    confirm: str = "",
    **values,
) -> SafeString:
    """`{% post_button address label %}`: one button that is a form of its own. Extra arguments
    become hidden fields.

    `confirm` asks that question in a dialog first; `tone` is '1' filled, '2' outline, '3' text,
    'back' or 'bad'.
    """
    hidden = format_html_join("", '<input type="hidden" name="{}" value="{}">', values.items())
    return format_html(
        '<form class="one" method="post" action="{}"{}>{}{}'
        '<button class="btn btn-{}{}">{}{}</button>'
        "</form>",
        address,
        format_html(' data-confirm="{}"', confirm) if confirm else "",
        guards_tag(context),
        hidden,
        tone,
        " btn-s" if small else "",
        icon(shape) if shape else "",
        label,
    )
