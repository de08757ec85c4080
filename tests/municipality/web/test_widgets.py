"""Widgets drawn in Python are, element for element, those of Django's own templates."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from municipality.web.components.widgets import DRAWN, Renderer
from tests.municipality.web.test_components import HOSTILE, Reader

CHOICES = [
    ("", "---"),
    (1, "総務課"),
    ("a&b", HOSTILE),
    (HOSTILE, mark_safe("<b>bold</b>")),
    ("課", [("x", "係"), (3, "室 & 班")]),
]
PLAIN = CHOICES[:4]
ATTRS = {
    "id": "id_x",
    "class": "in in-s",
    "aria-describedby": "id_x_helptext",
    "required": True,
    "disabled": False,
    "data-hostile": HOSTILE,
    "maxlength": 30,
}


def inside(html: str) -> tuple[list, str]:
    """Elements and words, spaces at the ends of words left out."""
    found = Reader(html)
    return found.elements, "".join(found.text.split())


CASES: list[tuple[forms.Widget, Any]] = [
    *((kind(), HOSTILE) for kind in (forms.TextInput, forms.EmailInput, forms.URLInput)),
    *((kind(), 12) for kind in (forms.NumberInput, forms.HiddenInput)),
    (forms.TextInput(), None),
    (forms.TextInput(), ""),
    (forms.PasswordInput(), "secret"),
    (forms.PasswordInput(render_value=True), "secret"),
    (forms.DateInput(), "2026-11-10"),
    (forms.TimeInput(), "10:30"),
    (forms.FileInput(), None),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.CheckboxInput(), "word"),
    (forms.Textarea(), f"\nfirst\n{HOSTILE}"),
    (forms.Textarea(), None),
    (forms.Select(choices=CHOICES), "1"),
    (forms.Select(choices=CHOICES), None),
    (forms.Select(choices=[]), None),
    (forms.SelectMultiple(choices=CHOICES), ["1", "3"]),
    (forms.NullBooleanSelect(), True),
    (forms.RadioSelect(choices=PLAIN), "1"),
    (forms.CheckboxSelectMultiple(choices=PLAIN), ["1", HOSTILE]),
    (forms.RadioSelect(choices=CHOICES), "x"),
]


@pytest.mark.parametrize(("widget", "value"), CASES)
@pytest.mark.parametrize("attrs", [{}, ATTRS])
def test_a_widget_has_the_elements_that_django_gives_it(widget, value, attrs):
    ours = widget.render("name<&", value, attrs, renderer=Renderer())
    theirs = widget.render("name<&", value, attrs, renderer=DjangoTemplates())
    assert inside(ours) == inside(theirs)


@pytest.mark.parametrize("kind", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_single_buttons_of_a_group_are_those_of_django(kind):
    class Choosing(forms.Form):
        one = forms.MultipleChoiceField(choices=PLAIN, widget=kind)

    def tags(renderer: DjangoTemplates) -> list:
        bound = Choosing({"one": ["1"]}, renderer=renderer)["one"]
        return [inside(choice.tag()) for choice in bound.subwidgets]

    assert tags(Renderer()) == tags(DjangoTemplates())


def test_a_select_is_drawn_without_a_template():
    class NoTemplates(Renderer):
        def get_template(self, template_name: str) -> Any:
            raise AssertionError(f"{template_name} was asked for")

    many = forms.Select(choices=[(number, f"第{number}課") for number in range(800)])
    assert many.render("department", "3", renderer=NoTemplates()).count("<option") == 800


def test_what_is_not_drawn_here_is_left_to_django():
    both = forms.SplitDateTimeWidget()
    assert "multiwidget" not in DRAWN
    assert inside(both.render("at", None, {"id": "at"}, renderer=Renderer())) == inside(
        both.render("at", None, {"id": "at"}, renderer=DjangoTemplates())
    )
