"""Which kind of line an event of the history makes: what the log is searched by."""

from __future__ import annotations

from django.db.models import Q

from municipality.audit.models import VerbGroup
from municipality.core.registry import verbs

SUBJECTS = {
    VerbGroup.RECORD: {"log", "disposal", "retention", "preview"},
    VerbGroup.SIGN_IN: {
        "sign_in",
        "second_factor",
        "password",
        "sessions",
        "recovery_codes",
        "invitation",
        "account",
        "member_account",
        "renewal",
    },
    VerbGroup.DECISION: {"decision", "step"},
    VerbGroup.FILES: {"import", "export"},
    VerbGroup.SETTINGS: {
        "body",
        "closed_day",
        "route",
        "deputy",
        "post",
        "setup",
        "ladder",
        "wording",
        "municipality",
        "provider",
    },
}
"""The word before the dot of a verb, by group. What stands nowhere is a change of the work's own
records.
"""


def group_of(verb: str) -> VerbGroup:
    """The group of a verb."""
    subject, _dot, act = verb.partition(".")
    if verb == "access.refused":
        return VerbGroup.REFUSAL
    if act.startswith("exported"):
        return VerbGroup.FILES
    if act.endswith("read") or act == "listed":
        return VerbGroup.READING
    return next((group for group, words in SUBJECTS.items() if subject in words), VerbGroup.CHANGE)


def of_group(group: str) -> Q:
    """Lines of a group. An event type that no app knows any more counts as a change."""
    others = [verb for verb in verbs() if group_of(verb) != group]
    if group == VerbGroup.CHANGE:
        return ~Q(verb__in=others)
    return Q(verb__in=[verb for verb in verbs() if group_of(verb) == group])
