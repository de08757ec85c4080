"""How widgets are drawn: put together in Python, since Django's own template includes another one
for every option of a select, and a filter of 800 departments would be 800 templates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

Widget = dict[str, Any]
"""What a widget says of itself: the `widget` of Django's `get_context`."""


def attributes(attrs: dict[str, Any]) -> SafeString:
    """Attributes with a space before each; False and None are left out as Django does, True is
    written without a value.
    """
    return SafeString(
        "".join(
            f" {conditional_escape(name)}"
            if value is True
            else f' {conditional_escape(name)}="{conditional_escape(str(value))}"'
            for name, value in attrs.items()
            if value is not False
        )
    )


def input_(widget: Widget) -> SafeString:
    """`<input>` of any type; also one option of radio buttons or boxes."""
    value = {} if widget["value"] is None else {"value": widget["value"]}
    named = {"type": widget["type"], "name": widget["name"], **value}
    drawn = SafeString(f"<input{attributes(named)}{attributes(widget['attrs'])}>")
    if not widget.get("wrap_label"):
        return drawn
    target = {"for": widget["attrs"]["id"]} if widget["attrs"].get("id") else {}
    return format_html("<label{}>{} {}</label>", attributes(target), drawn, widget["label"])


def select(widget: Widget) -> SafeString:
    """`<select>` with its options, those of a group within `<optgroup>`."""
    return SafeString(
        f"<select{attributes({'name': widget['name']})}{attributes(widget['attrs'])}>"
        f"{''.join(_groups(widget))}</select>"
    )


def _groups(widget: Widget) -> Iterator[str]:
    for name, options, _index in widget["optgroups"]:
        drawn = "".join(_option(option) for option in options)
        yield f"<optgroup{attributes({'label': name})}>{drawn}</optgroup>" if name else drawn


def _option(option: Widget) -> str:
    attrs = attributes(option["attrs"]) if option["attrs"] else ""
    value, label = conditional_escape(str(option["value"])), conditional_escape(option["label"])
    return f'<option value="{value}"{attrs}>{label}</option>'


def textarea(widget: Widget) -> SafeString:
    """`<textarea>`. It begins with a line break, because browsers drop the first one."""
    return format_html(
        "<textarea{}{}>\n{}</textarea>",
        attributes({"name": widget["name"]}),
        attributes(widget["attrs"]),
        widget["value"] or "",
    )


INPUTS = (
    "checkbox checkbox_option date datetime email file hidden input input_option number password "
    "radio_option search tel text time url"
)
DRAWN: dict[str, Callable[[Widget], SafeString]] = {
    "select": select,
    "textarea": textarea,
    **dict.fromkeys(INPUTS.split(), input_),
}
"""Django's name of a widget's template → what draws it here."""


class Renderer(DjangoTemplates):
    """Renders the widgets above; other widgets are rendered by Django's templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """HTML of one widget, with the names, ids and attributes that Django gives it."""
        draw = DRAWN.get(template_name.removeprefix("django/forms/widgets/").removesuffix(".html"))
        return draw(context["widget"]) if draw else super().render(template_name, context, request)
