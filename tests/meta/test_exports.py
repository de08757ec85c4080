"""Every page with a list has the button for a file, or stands here with the reason why not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
REASONS = {
    "municipality/web/components/line_chart.html": "the table of a chart",
    "dashboard/overview/dashboard.html": (
        "a summary of other pages' lists: each of those has the button"
    ),
    "dashboard/home/home.html": "what waits at this moment; the checklist of an empty body",
    "evaluation/appraisal/one_on_ones/one_on_ones.html": (
        "one's own pairs; what two people talk about stays with them"
    ),
    "evaluation/appraisal/one_on_ones/pair.html": "the talks of two people stay with them",
    "evaluation/pdca/reviews/review.html": "one review, a document",
    "evaluation/appraisal/sheets/sheet.html": (
        "the goals of one person stay with those who may read them"
    ),
    "evaluation/appraisal/sheets/sheets.html": (
        "one's own sheets; those of others are listed by period, with the button"
    ),
    "evaluation/appraisal/one_on_ones/talk.html": "what two people talk about stays with them",
    "municipality/accounts/account.html": "one's own sessions",
    "municipality/accounts/arrivals.html": (
        "who has to act at this moment; the list of people, with each one's account, has the button"
    ),
    "municipality/accounts/providers.html": "settings, few lines",
    "municipality/accounts/sign_in_settings.html": "settings with what they were",
    "municipality/decisions/decision.html": "one decision, a document that can be printed",
    "municipality/decisions/decision_print.html": "one decision, the document itself",
    "municipality/directory/department.html": (
        "one department; its people and those below it are in the lists with the button"
    ),
    "municipality/transfers/department_end.html": "a form, with what it would bring about",
    "municipality/transfers/transfers.html": (
        "lists that came in and hand-overs: each opens its own list, with the button"
    ),
    "municipality/records/disposals.html": "a few proposals, each with a page of its own",
    "municipality/records/log_check.html": (
        "what was found on which day; the server's command says the same"
    ),
    "municipality/setup/preview.html": "a form; the frame of the settings has the table",
    "municipality/records/retention.html": "settings with what they were",
    "municipality/records/log.html": "the log has rules of its own for who takes it away",
    "municipality/directory/member.html": "one person",
    "409.html": "two states of one thing side by side",
    "municipality/reminders/announcements.html": "what the office sent, with a form",
    "municipality/reminders/hold.html": "what waits to be let go, at this moment",
    "municipality/reminders/mails.html": "what waits to be mended, at this moment",
    "municipality/reminders/reminders.html": "settings, few lines",
    "municipality/reminders/wording.html": "a form",
    "municipality/reminders/wordings.html": "settings, few lines",
    "municipality/setup/running.html": "whether the parts of the system run, at this moment",
    "municipality/organisation/settings_base.html": "the frame of the settings, with what each was",
    "municipality/setup/checklist.html": "a checklist of set-up",
    "municipality/decisions/deputies.html": "settings, few lines",
    "municipality/organisation/employment_kinds.html": "settings, few lines",
    "municipality/organisation/posts.html": "settings, few lines",
    "municipality/decisions/routes.html": "settings, few lines",
    "municipality/organisation/settings.html": "settings with what they were",
    "pilots/expansion/expand.html": "a form",
    "pilots/expansion/plan.html": "a form",
    "pilots/results/criteria.html": "a form",
    "pilots/expansion/expansion.html": "one application, a document",
    "rollout/readiness/exception_post.html": "a form",
    "pilots/days/usage_setting.html": "a form",
    "rollout/readiness/assessment.html": "one department's assessment, a document",
    "training/courses/starter.html": "what could be added, not what is there",
}
TABLE, BUTTON = re.compile(r"<table\b|\{% listing "), re.compile(r"\{% export_button %\}")
INCLUDE, EXTENDS = re.compile(r'\{% include "([^"]+)"'), re.compile(r'\{% extends "([^"]+)"')


def whole(name: str, texts: dict[str, str]) -> str:
    """A template with everything it includes and extends, except the frame of all pages."""
    found = [texts.get(name, "")]
    for pattern in (INCLUDE, EXTENDS):
        found += [
            whole(each, texts)
            for each in pattern.findall(found[0])
            if each not in ("base.html", name)
        ]
    return "".join(found)


def without_button(texts: dict[str, str]) -> list[str]:
    """Pages that have a table and neither the button nor a reason."""
    pages = [
        name
        for name in texts
        if not Path(name).name.startswith("_")
        and not name.startswith("municipality/web/components/")
    ]
    return [
        name
        for name in sorted(pages)
        if TABLE.search(whole(name, texts))
        and not BUTTON.search(whole(name, texts))
        and name not in REASONS
    ]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {
        str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")
    }


def test_every_page_with_a_list_has_the_button(texts):
    assert without_button(texts) == []


def test_every_reason_is_still_needed(texts):
    idle = [
        name
        for name in REASONS
        if name not in texts
        or not TABLE.search(whole(name, texts))
        or BUTTON.search(whole(name, texts))
    ]
    assert idle == []


@pytest.mark.selfcheck
def test_a_list_without_the_button_is_found(texts):
    assert without_button(
        {**texts, "pilots/stray.html": '{% extends "base.html" %}<table></table>'}
    ) == ["pilots/stray.html"]
