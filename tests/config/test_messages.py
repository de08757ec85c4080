"""Catalogues: found in source and templates, complete, without contradictions, and merged from
several hands.
"""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from municipality.management.commands.messages import untranslated_third_parties

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
GOOD = """
msgid "課題を登録しました。"
msgstr "The issue was recorded."

msgid "%(count)s件の課題があります。"
msgid_plural "%(count)s件の課題があります。"
msgstr[0] "There is one issue."
msgstr[1] "There are %(count)s issues."
"""
PILOTS = """
msgctxt "役割"
msgid "監査"
msgstr "Auditor"

msgid "%(name)sさん、こんにちは。"
msgstr "Hello %(name)s."
"""


@pytest.fixture
def tree(tmp_path: Path, settings) -> Path:
    """A project of two strings in Python and two in templates, completely translated in two
    parts.
    """
    settings.BASE_DIR = tmp_path
    (tmp_path / "municipality").mkdir()
    (tmp_path / "municipality" / "views.py").write_text(
        'done = _("課題を登録しました。")\nmany = ngettext("%(count)s件の課題があります。", "%(count)s件の課題があります。", n)\n'
    )
    (tmp_path / "templates" / "pilots").mkdir(parents=True)
    (tmp_path / "templates" / "pilots" / "page.html").write_text(
        '{% translate "監査" context "役割" %}'
        "{% blocktranslate trimmed %}{{ name }}さん、こんにちは。{% endblocktranslate %}"
    )
    write(tmp_path, "municipality", GOOD)
    write(tmp_path, "pilots", PILOTS)
    return tmp_path


def write(tree: Path, name: str, entries: str) -> None:
    folder = tree / "locale/en/LC_MESSAGES/parts"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.po").write_text(HEADER + entries)


@pytest.fixture(autouse=True)
def _no_third_parties(monkeypatch):
    monkeypatch.setattr("municipality.management.commands.messages.THIRD_PARTIES", ())


def refusal() -> str:
    with pytest.raises(CommandError) as error:
        call_command("messages", "check")
    return str(error.value)


def test_complete_catalogues_pass(tree, capsys):
    call_command("messages", "check")
    assert "4" in capsys.readouterr().out


def test_the_parts_are_merged_into_one_catalogue(tree):
    call_command("messages", "compile", verbosity=0)
    with (tree / "locale/en/LC_MESSAGES/django.mo").open("rb") as file:
        english = gettext.GNUTranslations(file)
    assert english.gettext("課題を登録しました。") == "The issue was recorded."
    assert english.pgettext("役割", "監査") == "Auditor"
    several = "%(count)s件の課題があります。"
    assert [english.ngettext(several, several, n) for n in (1, 2)] == [
        "There is one issue.",
        "There are %(count)s issues.",
    ]


def test_a_compiled_catalogue_is_made_anew_only_when_a_part_changed(tree):
    target = tree / "locale/en/LC_MESSAGES/django.mo"
    call_command("messages", "compile", verbosity=0)
    first = target.stat().st_ino
    call_command("messages", "compile", verbosity=0)
    assert target.stat().st_ino == first
    target.touch()
    write(tree, "pilots", PILOTS.replace("Hello", "Good day,"))
    call_command("messages", "compile", verbosity=0)
    assert b"Good day" in target.read_bytes()


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        (
            '_("まだ訳のない文です。")',
            "訳がない missing: 「まだ訳のない文です。」 municipality/more.py:1",
        ),
        ('_("氏名")', "短い、文脈が必要 short: 「氏名」"),
        ('pgettext("欄", "氏名")', "訳がない missing: 「氏名」（欄）"),
    ],
)
def test_a_new_string_is_found(tree, source, finding):
    (tree / "municipality" / "more.py").write_text(source)
    assert finding in refusal()


@pytest.mark.parametrize(
    ("entries", "finding"),
    [
        (GOOD.replace("The issue was recorded.", ""), "missing: 「課題を登録しました。」"),
        (
            GOOD.replace("There are %(count)s issues.", ""),
            "missing: 「%(count)s件の課題があります。」",
        ),
        ("#, fuzzy\n" + GOOD.lstrip(), "missing: 「課題を登録しました。」"),
        (
            GOOD + '\nmsgid "もう使わない文です。"\nmsgstr "No longer said."\n',
            "stale: 「もう使わない文です。」",
        ),
        (
            GOOD.replace("are %(count)s", "are %(number)s"),
            "placeholders: 「%(count)s件の課題があります。」",
        ),
        (
            GOOD.replace("recorded.", "recorded by %(who)s."),
            "placeholders: 「課題を登録しました。」",
        ),
        (
            GOOD + '\nmsgid "%(name)sさん、こんにちは。"\nmsgstr "Hi %(name)s."\n',
            "conflict: 「%(name)sさん、こんにちは。」",
        ),
        (
            GOOD
            + '\nmsgctxt "役割"\nmsgid "監査"\nmsgid_plural "監査"\nmsgstr[0] "a"\nmsgstr[1] "b"\n',
            "plural: 「監査」",
        ),
    ],
)
def test_what_is_incomplete_or_contradicts_itself_is_refused(tree, entries, finding):
    write(tree, "municipality", entries)
    assert finding in refusal()


def test_the_same_translation_by_two_hands_is_no_conflict(tree):
    write(tree, "dashboard", '\nmsgid "課題を登録しました。"\nmsgstr "The issue was recorded."\n')
    call_command("messages", "check")


def test_update_asks_for_what_is_new_and_leaves_out_what_is_gone(tree):
    (tree / "templates" / "pilots" / "page.html").write_text('{% translate "新しい見出しです" %}')
    write(tree, "pilots", PILOTS + '\n#~ msgid "前の見出しです"\n#~ msgstr "Former heading"\n')
    call_command("messages", "update", verbosity=0)
    part = (tree / "locale/en/LC_MESSAGES/parts/pilots.po").read_text()
    assert 'msgid "新しい見出しです"\nmsgstr ""' in part
    assert "監査" not in part
    assert "前の見出しです" not in part
    assert (
        GOOD.strip().splitlines()[1]
        in (tree / "locale/en/LC_MESSAGES/parts/municipality.po").read_text()
    )


def test_a_string_stands_in_the_part_of_the_subject_that_says_it_first(tree):
    for path, code in {
        "municipality/decisions/views/papers.py": '_("共通の文を一つ置きます。")',
        "pilots/days/forms.py": '_("共通の文を一つ置きます。")\n_("その日だけの文です。")',
        "evaluation/pdca/reviews/rules.py": '_("見直しの文を置きます。")',
        "config/urls.py": '_("全体の文を置きます。")',
        "templates/account/login.html": '{% translate "ログインの文を置きます。" %}',
    }.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(code)
    write(tree, "old", '\nmsgid "その日だけの文です。"\nmsgstr "Of that day only."\n')
    call_command("messages", "update", verbosity=0)
    folder = tree / "locale/en/LC_MESSAGES/parts"
    parts = {path.stem: path.read_text() for path in folder.glob("*.po")}
    assert set(parts) == {
        "municipality",
        "pilots",
        "municipality_decisions",
        "pilots_days",
        "evaluation_pdca",
        "config",
    }
    assert "共通の文を一つ置きます。" in parts["municipality_decisions"]
    assert 'msgid "その日だけの文です。"\nmsgstr "Of that day only."' in parts["pilots_days"]
    assert "ログインの文を置きます。" in parts["config"]


def test_update_is_the_same_the_second_time(tree):
    folder = tree / "locale/en/LC_MESSAGES/parts"
    call_command("messages", "update", verbosity=0)
    first = {path.name: path.read_bytes() for path in folder.glob("*.po")}
    call_command("messages", "update", verbosity=0)
    assert {path.name: path.read_bytes() for path in folder.glob("*.po")} == first
    call_command("messages", "check")


def test_update_keeps_a_guess_as_a_guess(tree):
    write(tree, "municipality", "#, fuzzy\n" + GOOD.lstrip())
    call_command("messages", "update", verbosity=0)
    part = (tree / "locale/en/LC_MESSAGES/parts/municipality.po").read_text()
    assert '#, fuzzy\nmsgid "課題を登録しました。"\nmsgstr "The issue was recorded."' in part


def test_update_touches_nothing_while_two_translations_contradict_each_other(tree):
    second = '\nmsgid "課題を登録しました。"\nmsgstr "Issue saved."\n'
    write(tree, "dashboard", second)
    with pytest.raises(CommandError, match="conflict: 「課題を登録しました。」"):
        call_command("messages", "update", verbosity=0)
    assert (tree / "locale/en/LC_MESSAGES/parts/dashboard.po").read_text() == HEADER + second


def test_texts_of_other_packages_are_japanese(monkeypatch, settings):
    """On the real tree: what django-otp and allauth may say is in their own catalogue or in
    ours.
    """
    monkeypatch.setattr(
        "municipality.management.commands.messages.THIRD_PARTIES", ("django_otp", "allauth")
    )
    assert list(untranslated_third_parties()) == []
