"""Icons, drawn by us on a grid of 20 with a line of 1.75. They take the colour of the text beside
them.
"""

from __future__ import annotations

from functools import cache

from django.template import Library, TemplateSyntaxError
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = Library()


_RING = '<circle cx="10" cy="10" r="7.25"/>'

DRAWINGS = {
    "arrow-up": '<path d="M10 16.5v-13M4.75 8.75 10 3.5l5.25 5.25"/>',
    "back": '<path d="M7.5 4 3.5 8l4 4"/><path d="M3.5 8h8.75a4 4 0 0 1 0 8H9"/>',
    "bell": '<path d="M5 13.5V9a5 5 0 0 1 10 0v4.5l1.5 1.75h-13zM8.25 17.75h3.5"/>',
    "calendar": (
        '<rect x="3" y="4" width="14" height="13" rx="1.5"/><path d="M3 8h14M7 2.5v3M13 2.5v3"/>'
    ),
    "check": '<path d="m4 10.5 4 4 8-9"/>',
    "check-circle": _RING + '<path d="m6.75 10.25 2.25 2.25 4.25-4.75"/>',
    "chevron": '<path d="m5 7.5 5 5 5-5"/>',
    "clock": _RING + '<path d="M10 5.75v4.5l2.75 1.5"/>',
    "close": '<path d="m5 5 10 10M15 5 5 15"/>',
    "comment": '<path d="M3 4h14v9.5H9l-3.5 3v-3H3z"/>',
    "down": '<path d="M10 3.5v13M4.75 11.25 10 16.5l5.25-5.25"/>',
    "download": '<path d="M10 3v9.5M6 9l4 4 4-4M4 16.75h12"/>',
    "external": '<path d="M11.5 3.5h5v5M16.5 3.5 9 11M14.5 12v4.5h-11v-11H8"/>',
    "file": '<path d="M5 2.75h6.5L15.5 7v10.25H5zM11.5 2.75V7h4"/>',
    "half": _RING + '<path d="M10 2.75a7.25 7.25 0 0 0 0 14.5z" fill="currentColor"/>',
    "info": _RING + '<path d="M10 9.25V14M10 6.4v.1"/>',
    "level": '<path d="M3.5 10h13M11.25 4.75 16.5 10l-5.25 5.25"/>',
    "lock": (
        '<rect x="4.5" y="9" width="11" height="8" rx="1.5"/><path d="M7 9V6.5a3 3 0 0 1 6 0V9"/>'
    ),
    "menu": '<path d="M3 5h14M3 10h14M3 15h14"/>',
    "next": '<path d="m7.5 5 5 5-5 5"/>',
    "open": _RING,
    "pen": '<path d="m12.5 4.5 3 3L7 16l-3.75.75L4 13z"/>',
    "person": (
        '<circle cx="10" cy="6.75" r="3.25"/>'
        '<path d="M3.75 17c.5-3.5 3-5.25 6.25-5.25s5.75 1.75 6.25 5.25"/>'
    ),
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "print": '<path d="M6 7.5V3h8v4.5M6 14H3.5V7.5h13V14H14"/><path d="M6 11.5h8V17H6z"/>',
    "search": '<circle cx="9" cy="9" r="5.25"/><path d="m13 13 4 4"/>',
    "slash": _RING + '<path d="m5 15 10-10"/>',
    "triangle": '<path d="M10 3 18 16.75H2z"/><path d="M10 8.25v3.5M10 14.2v.1"/>',
    "up": '<path d="M10 16.5v-13M4.75 8.75 10 3.5l5.25 5.25"/>',
    "upload": '<path d="M10 13V3.5M6 7l4-4 4 4M4 16.75h12"/>',
}


@register.simple_tag
@cache
def icon(name: str, small: bool = False, label: str = "") -> SafeString:
    """`{% icon 'check' %}`: one icon. `small` is 16 px instead of 20. Give `label` only where no
    word stands beside it.
    """
    if name not in DRAWINGS:
        raise TemplateSyntaxError(f"there is no icon {name!r}")
    spoken = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<svg class="i{}" viewBox="0 0 20 20" {} focusable="false">{}</svg>',
        " i-s" if small else "",
        spoken,
        SafeString(DRAWINGS[name]),
    )
