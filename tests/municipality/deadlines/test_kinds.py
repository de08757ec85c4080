"""Every kind of deadline names the table of the page that it leads to."""

from __future__ import annotations

import pytest
from django.urls import resolve, reverse

from municipality.core.registry import deadlines

PERSONAL = {"sheet.goals", "sheet.agree", "promise.keep"}
"""Pages that fetch their row themselves, and open for nobody but the two whom it concerns."""


@pytest.mark.parametrize("rule", sorted(deadlines()))
def test_the_model_is_that_of_the_page(rule):
    deadline = deadlines()[rule]
    view = resolve(reverse(deadline.page, args=["993018", 0])).func
    assert deadline.model is view.page.of
    assert (deadline.model is None) is (rule in PERSONAL)
