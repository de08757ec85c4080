"""Components of our pages, named after the Digital Agency's design system where it has one.

All tags and filters are template builtins: no page needs `{% load %}`. A component's Python
signature is its list of properties; its docstring shows the call. Objects are taken by their
attributes, so the dataclasses here are a description and a convenience, not a demand.
"""

from django.template import Library

from . import boxes, charts, dates, fields, figures, icons, lists, states, steps, todo
from .boxes import SealCell
from .charts import Bar, ChartLine, TimelineSpan
from .figures import Tile
from .lists import Tab
from .steps import Stage
from .todo import StripDay, TodoRow

__all__ = [
    "Bar",
    "ChartLine",
    "SealCell",
    "Stage",
    "StripDay",
    "Tab",
    "Tile",
    "TimelineSpan",
    "TodoRow",
    "register",
]

register = Library()
for part in (boxes, charts, dates, fields, figures, icons, lists, states, steps, todo):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
