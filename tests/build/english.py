"""Japanese on pages and in decisions that an English reader reads: where somebody typed it, or
where something is called so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace

from django.apps import apps
from django.db import models

from municipality.core.registry import import_kinds
from municipality.decisions.presenters.sheet import post_name
from municipality.notifications.models import Notice
from municipality.organisation.models import Department, Member, Post

JAPANESE = re.compile("[\u3001-\u303f\u3040-\u30ff\u3400-\u9fff\uff08\uff09\U00020000-\U0002ffff]")

LANGUAGE = "日本語"
"""A language is called by its own name."""


def typed_texts(model: type[models.Model]) -> Iterator[str]:
    """What stands in the text fields of a table and has no English beside it, as name has it in
    name_en, or the title of a course in `english`.
    """
    texts = {
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
    }
    names = {field.attname for field in model._meta.concrete_fields}
    for row in model._base_manager.values(*texts, *names & {"english"}) if texts else ():
        english = row.pop("english", {})
        for name, text in row.items():
            if text and not (row.get(f"{name}_en") or english.get(name)):
                yield str(text)


def japanese_data() -> list[str]:
    """What was typed into a text field of any table, the frozen contents apart, and what is made
    of names; the longest first.
    """
    kept = {LANGUAGE}
    for model in apps.get_models():
        kept |= {line.strip() for text in typed_texts(model) for line in text.splitlines()}
    kept |= {
        text
        for params in Notice.objects.values_list("params", flat=True)
        for text in params.values()
        if isinstance(text, str)
    }
    kept |= {member.family_name for member in Member.objects.all()}
    posts = list(Post.objects.all())
    kept |= {
        post_name(SimpleNamespace(department=department, post=post))
        for department in Department.objects.select_related("municipality")
        for post in posts
    }
    kept |= {column.name for kind in import_kinds().values() for column in kind.columns}
    japanese = {text for text in kept if isinstance(text, str) and JAPANESE.search(text)}
    return sorted(japanese, key=len, reverse=True)


def left_over(text: str, data: list[str]) -> str:
    """The text without what is data; empty when nothing Japanese is left. Data of one letter are
    left out where they stand alone: any sentence holds some of them.
    """
    for each in data:
        if each == text or (len(each) > 1 and each in text):
            text = text.replace(each, "")
            if not JAPANESE.search(text):
                return ""
    return text if JAPANESE.search(text) else ""
