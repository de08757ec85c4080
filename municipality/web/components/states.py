"""Words with a shape: state badge, due chip, kind, count, judgement letter, notice, section, card,
description list.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Choices
from django.template import Library, TemplateSyntaxError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext, pgettext

from municipality.core.date_words import day_words
from municipality.web.components.dates import iso
from municipality.web.components.drawing import draw
from municipality.web.components.icons import icon

register = Library()


TONES = {
    "neutral": "open",
    "run": "half",
    "ok": "check-circle",
    "warn": "half",
    "back": "back",
    "bad": "triangle",
    "stop": "slash",
}

NOTICES = {"info": "info", "ok": "check-circle", "warn": "triangle", "bad": "triangle"}

NEAR = 2


def face(thing: Any) -> tuple[str, str]:
    """Tone and word of a state: of a choice, of a row with `state` and `State`, or of an object
    with `tone` and `label`.
    """
    if not isinstance(thing, Choices) and hasattr(thing, "tone"):
        return thing.tone, str(getattr(thing, "label", thing))
    state: Any = thing if isinstance(thing, Choices) else thing.State(thing.state)
    tones = {getattr(key, "value", key): tone for key, tone in type(state).tones.items()}
    return tones[state.value], str(state.label)


@register.simple_tag
def badge(state, progress: str = "", shape: str = "") -> SafeString:
    """`{% badge pilot %}`, `{% badge pilot '6 / 8' %}`: the state as icon, word and colour (chip
    label).

    Takes a row with `state`, a choice whose class has `tones`, or an object with `tone` and
    `label`.
    """
    tone, label = face(state)
    return badge_of(tone, label, progress, shape)


@register.simple_tag
def badge_of(tone: str, label: str, progress: str = "", shape: str = "") -> SafeString:
    """`{% badge_of 'warn' '残り1件' %}`: a badge by tone and word. `shape` names another icon than
    the tone's.
    """
    if tone not in TONES:
        raise TemplateSyntaxError(f"there is no tone {tone!r}")
    words = f"{label} {progress}" if progress else label
    return format_html(
        '<span class="badge is-{}">{}{}</span>', tone, icon(shape or TONES[tone], small=True), words
    )


def _due_words(left: int | None) -> tuple[str, str, str]:
    """Class, icon and words for a number of open days left."""
    if left is None or left > NEAR:
        words = "" if left is None else ngettext("あと%d開庁日", "あと%d開庁日", left) % left
        return "", "calendar", words
    if left < 0:
        return "over", "triangle", ngettext("%d開庁日超過", "%d開庁日超過", -left) % -left
    return "near", "clock", ngettext("あと%d開庁日", "あと%d開庁日", left) % left


@register.simple_tag
def due(
    due_on, today=None, open_days_left: int | None = None, done_on=None, done_word: str = ""
) -> SafeString:
    """`{% due row.due_on today row.open_days_left %}`: how many open days are left (negative:
    over), and the date.

    With `done_on` the chip is ticked and tells `done_word` and that day. Without a date: 期限なし.
    """
    if done_on:
        words = done_word or pgettext("期限", "済みました")
        return _chip("done", "check-circle", words, done_on, today)
    if not due_on:
        return _chip("none", "calendar", pgettext("期限", "期限なし"), None, today)
    tone, shape, words = _due_words(open_days_left)
    if due_on == today and open_days_left is not None and open_days_left >= 0:
        tone, shape, words = "near", "clock", pgettext("期限", "今日まで")
    return _chip(tone, shape, words, due_on, today)


def _chip(tone: str, shape: str, words: str, date, today) -> SafeString:
    """HTML of a chip. It is built without a template, because a list draws hundreds of them."""
    written = (
        format_html(' <time datetime="{}">{}</time>', iso(date), day_words(date, today))
        if date
        else ""
    )
    return format_html(
        '<span class="due is-{}">{}<b>{}</b>{}</span>',
        tone or "far",
        icon(shape, small=True),
        words,
        written,
    )


@register.simple_tag
def kind(label: str) -> SafeString:
    """`{% kind '課題' %}`: what sort of thing a row is."""
    return format_html('<span class="kind">{}</span>', label)


@register.simple_tag
def count(n: int | str | None, bad: bool = False, spoken: str = "") -> SafeString:
    """`{% count 3 %}`: a number in a bubble, red when `bad`. Nothing for None or an empty text.
    `spoken` adds words for a screen reader.
    """
    if n is None or n == "":
        return SafeString()
    hidden = format_html('<span class="vh">{}</span>', spoken) if spoken else ""
    return format_html('<span class="count{}">{}{}</span>', " is-bad" if bad else "", n, hidden)


def judgement_words() -> dict[str, str]:
    """Short words of the judgements A to D."""
    return {
        "A": pgettext("判定", "実施可"),
        "B": pgettext("判定", "条件付き"),
        "C": pgettext("判定", "一部のみ"),
        "D": pgettext("判定", "現時点で不可"),
    }


@register.simple_tag
def judgement(letter: str, word: str | None = None, large: bool = False) -> SafeString:
    """`{% judgement 'B' %}`: the letter with its fill and its word. `word=''` leaves the letter
    alone, the word spoken.
    """
    words = judgement_words()
    if letter not in words:
        return format_html('<span class="t3">{}</span>', "—")
    shown = words[letter] if word is None else word
    return draw(
        "judgement",
        letter=letter,
        tone=letter.lower(),
        shown=shown,
        spoken=words[letter],
        large=large,
    )


@register.simple_block_tag
def notice(content, tone: str, title: str = "", role: str = "", id: str = "") -> SafeString:  # noqa: A002 - the HTML name
    """`{% notice 'warn' title %}…{% endnotice %}`: what happened and what to do (notification
    banner).

    `role` is 'status' for a result, 'alert' for an error after an action, else empty.
    """
    return draw(
        "notice",
        tone=tone,
        shape=NOTICES[tone],
        title=title,
        role=role,
        id=id,
        content=content.strip() and content,
    )


@register.simple_block_tag
def section(
    content,
    title: str,
    asof: str = "",
    *,
    link: str = "",
    link_label: str = "",
    id: str = "",  # noqa: A002 - the HTML name
    mark: str = "",
) -> SafeString:
    """`{% section title asof=… link=url link_label=… mark=badge %}…{% endsection %}`: a part of a
    page under an h2.
    """
    return draw(
        "section",
        content=content,
        title=title,
        asof=asof,
        link=link,
        link_label=link_label,
        id=id,
        mark=mark,
    )


@register.simple_block_tag
def card(content, title: str = "") -> SafeString:
    """`{% card title %}…{% endcard %}`: a thing apart, such as the data of a document. Never a card
    in a card.
    """
    return draw("card", content=content, title=title)


@register.simple_block_tag
def panel(content, title: str, id: str = "panel") -> SafeString:  # noqa: A002 - the HTML name
    """`{% panel title %}…{% endpanel %}`: the place to act in, with a 藍 frame, in the rail."""
    return draw("panel", content=content, title=title, id=id)


@register.simple_block_tag
def pdca(content, letter: str, word: str) -> SafeString:
    """`{% pdca 'C' word %}…{% endpdca %}`: one part of a review with its letter in the margin."""
    return draw("pdca", content=content, letter=letter, word=word)


@register.simple_block_tag
def region(content) -> SafeString:
    """`{% region as rail %}{% block rail %}{% endblock %}{% endregion %}`: a block's HTML, empty
    when nothing was put in.
    """
    return SafeString(content.strip())


@register.simple_tag(name="facts")
def description_list(pairs) -> SafeString:
    """`{% facts pairs %}`: label and value, small, for rails and cards (description list)."""
    return draw("facts", pairs=pairs, style="facts")


@register.simple_tag
def spec(pairs) -> SafeString:
    """`{% spec pairs %}`: label and value with rules between, in reading size, for what is asked or
    agreed.
    """
    return draw("facts", pairs=pairs, style="spec")
