"""The page of a conflict (409) shows again what somebody typed, and no code of a choice."""

from __future__ import annotations

from django.test import RequestFactory

from municipality.core.refusals import Conflict
from municipality.web.middleware import typed_in


def test_what_was_typed_is_shown_again_without_the_codes_of_choices():
    sent = {
        "purpose": "窓口の事務で試す",
        "starts_on": "2027-04-12",
        "mail": "tanaka@example.lg.jp",
        "method": "remote_desktop",
        "half_days": "on",
        "lead": "17",
    }
    request = RequestFactory().post("/", sent)
    assert typed_in(request, Conflict("x")) == [
        "窓口の事務で試す",
        "2027-04-12",
        "tanaka@example.lg.jp",
    ]
