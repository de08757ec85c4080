"""Frozen contents of decisions as one reads them, and with other words than today's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import override

from municipality.audit.chain import canonical
from municipality.core.registry import subjects
from municipality.core.worded import kept, worded
from municipality.decisions.models import Decision
from tests.build.english import japanese_data, left_over


def as_read(content: Any) -> Any:
    """A content, frozen or not, in the active language."""
    return worded(kept(content))


def read_of(decision: Decision) -> dict[str, Any]:
    """The latest frozen content of a decision in the active language."""
    return as_read(decision.revisions.latest("number").content)


def frozen_alike(make: Callable[[], Any]) -> Any:
    """What is frozen of what this makes. In every language it has to be the same, since a text that
    lost what it was made of (f-string, +, strip) is left in the language of that moment; and read
    in English it holds no Japanese but what was typed.
    """
    frozen = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            frozen[language] = json.loads(canonical(kept(make())))
    assert frozen["en"] == frozen["ja"]
    data = japanese_data()
    with override("en"):
        texts = texts_of(worded(frozen["ja"]))
        assert [text for text in texts if left_over(text, data)] == []
    return frozen["ja"]


def decision_alike(decision: Decision, today: date) -> dict[str, Any]:
    """What would be frozen today of the subject of a decision, alike in every language; so is what
    it is compared to while it is decided.
    """
    subject, number = subjects()[decision.matter], decision.subject_id
    if subject.today:
        frozen_alike(lambda: subject.today(number, today))
    return frozen_alike(lambda: subject.content(number, today))


def texts_of(value: Any) -> Iterator[str]:
    """Every text in a content as one reads it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts_of(each)


def keys_of(content: dict[str, Any]) -> set[str]:
    """Keys of its rows, tables and notices."""
    parts = [*content["tables"], *content.get("notices", [])]
    return {*content["spec_keys"], *(part["key"] for part in parts)}


def reworded(content: dict[str, Any]) -> dict[str, Any]:
    """The content as it would stand had every label, head and title been worded differently."""
    content = as_read(content)
    return {
        **content,
        "spec": [[f"旧{label}", value] for label, value in content["spec"]],
        "tables": [
            {
                **table,
                "title": f"旧{table['title']}",
                "head": [f"旧{each}" for each in table["head"]],
            }
            for table in content["tables"]
        ],
        "notices": [
            {**notice, "title": f"旧{notice['title']}なり", "text": f"旧{notice['text']}"}
            for notice in content.get("notices", [])
        ],
    }


CALLED_THEN = {"結果と分析": "分かったこと", "基準値": "しきい値"}
"""Labels and heads that were others before keys were written."""


def without_keys(content: dict[str, Any]) -> dict[str, Any]:
    """The content as it was frozen before keys were written beside the words, with the words of
    then.
    """
    content = as_read(content)
    rest = {name: value for name, value in content.items() if name != "spec_keys"}
    return {
        **rest,
        "spec": [[CALLED_THEN.get(label, label), value] for label, value in content["spec"]],
        "tables": [
            _without(table, "key", "keys")
            | {"head": [CALLED_THEN.get(each, each) for each in table["head"]]}
            for table in content["tables"]
        ],
        "notices": [_without(each, "key", "explanation") for each in content.get("notices", [])],
    }


def _without(part: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in names}
