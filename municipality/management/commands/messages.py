"""Catalogues without GNU gettext: Japanese is written in the source, English in parts by several
hands.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

APPS = ("municipality", "rollout", "training", "pilots", "evaluation", "dashboard", "config")
THIRD_PARTIES = ("django_otp", "allauth")
"""Packages whose English texts may be shown; what their own Japanese catalogue lacks stands in
locale/ja.
"""

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLURALS = {"en": "nplurals=2; plural=(n != 1);", "ja": "nplurals=1; plural=0;"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdif]|\{\w*\}")
LEAST_WITHOUT_CONTEXT = 5
SHOWN = 60

Key = tuple[str | None, str]
"""Context and source string."""


@dataclass
class Source:
    """A string of the source with the places where it stands; `app` is that of the first of
    them.
    """

    app: str
    plural: str = ""
    places: list[str] = field(default_factory=list)


class Command(BaseCommand):
    """`update` adds what is missing to the parts, `check` fails on anything incomplete, `compile`
    makes the catalogues.
    """

    help = "訳文の収集（update）・検査（check）・変換（compile）。 Collect, check or compile the translations."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("action", choices=["update", "check", "compile"])

    def handle(self, *, action: str, verbosity: int, **options) -> None:
        {"update": self.update, "check": self.check_all, "compile": self.compile}[action](verbosity)

    def compile(self, verbosity: int) -> None:
        """Merge the parts of each language into one catalogue, unless that is newer than all of
        them.
        """
        for language in PLURALS:
            folder = catalogue(language)
            target, parts = folder / "django.mo", sorted((folder / "parts").glob("*.po"))
            newest = max((path.stat().st_mtime for path in parts), default=0)
            if target.exists() and target.stat().st_mtime > newest:
                continue
            merged = polib.POFile()
            merged.metadata = header(language)
            merged.extend(first for first, *_others in written(language).values())
            folder.mkdir(parents=True, exist_ok=True)
            draft = target.with_suffix(".new")
            merged.save_as_mofile(str(draft))
            draft.replace(target)
            if verbosity:
                self.stdout.write(f"{language}: {len(merged.translated_entries())}")

    def update(self, _verbosity: int) -> None:
        """Write each missing string with an empty translation into its app's part; set aside what
        nobody says any more.
        """
        sources, known = found_in(settings.BASE_DIR), written("en")
        for name, path in parts_of("en"):
            part = (
                polib.pofile(str(path), encoding="utf-8", wrapwidth=110)
                if path.exists()
                else new_part()
            )
            stale = [entry for entry in part if not entry.obsolete and key_of(entry) not in sources]
            missing = [
                key for key, source in sources.items() if source.app == name and key not in known
            ]
            for entry in stale:
                entry.obsolete = True
            part.extend(entry_for(key, sources[key]) for key in missing)
            if stale or missing:
                path.parent.mkdir(parents=True, exist_ok=True)
                part.save(str(path))
                self.stdout.write(f"{name}: + {len(missing)} - {len(stale)}")

    def check_all(self, _verbosity: int) -> None:
        """Everything said is translated, nothing else is, nothing twice in two ways, and
        placeholders agree.
        """
        sources, known = found_in(settings.BASE_DIR), written("en")
        findings = [
            *(f"使われていない stale: {shown(key)}" for key in known if key not in sources),
            *conflicts(known, sources),
            *(
                f"短い、文脈が必要 short: {shown(key)} {sources[key].places[0]}"
                for key in sources
                if needs_context(key)
            ),
            *(
                f"差し込みが違う placeholders: {shown(key)}"
                for key, found in known.items()
                if not agrees(found[0])
            ),
            *(
                f"和訳がない missing in locale/ja: {shown(key)}"
                for key in untranslated_third_parties()
            ),
            *(
                f"訳がない missing: {shown(key)} {sources[key].places[0]}"
                for key in sources
                if not is_done(known.get(key))
            ),
        ]
        if findings:
            raise CommandError("\n".join([*findings[:SHOWN], f"計 {len(findings)} 件"]))
        self.stdout.write(f"訳文はそろっています（{len(sources)} 件）。")


def catalogue(language: str) -> Path:
    """The folder of one language's catalogue."""
    return settings.BASE_DIR / "locale" / language / "LC_MESSAGES"


def header(language: str) -> dict[str, str]:
    """What a catalogue says about itself."""
    return {
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": PLURALS[language],
    }


def parts_of(language: str) -> Iterator[tuple[str, Path]]:
    """Name and path of each part: those that are there, and one for every app."""
    folder = catalogue(language) / "parts"
    names = {path.stem for path in folder.glob("*.po")} | set(APPS)
    return ((name, folder / f"{name}.po") for name in sorted(names))


def new_part() -> polib.POFile:
    """An empty part of the English catalogue."""
    part = polib.POFile(wrapwidth=110)
    part.metadata = header("en")
    return part


def written(language: str) -> dict[Key, list[polib.POEntry]]:
    """Every entry of every part by its key; more than one where several hands wrote it."""
    entries: dict[Key, list[polib.POEntry]] = defaultdict(list)
    for _name, path in parts_of(language):
        for entry in polib.pofile(str(path), encoding="utf-8") if path.exists() else ():
            if not entry.obsolete:
                entries[key_of(entry)].append(entry)
    return dict(entries)


def key_of(entry: polib.POEntry) -> Key:
    """Context and source string of an entry."""
    return entry.msgctxt, entry.msgid


def entry_for(key: Key, source: Source) -> polib.POEntry:
    """An entry that waits for its translation."""
    plural = (
        {"msgid_plural": source.plural, "msgstr_plural": {0: "", 1: ""}} if source.plural else {}
    )
    flags = ["python-format"] if "%(" in key[1] else []
    return polib.POEntry(msgctxt=key[0], msgid=key[1], flags=flags, **plural)


def found_in(root: Path) -> dict[Key, Source]:
    """Every string of our own source and templates; a template belongs to the app whose folder it
    lies in.
    """
    sources: dict[Key, Source] = {}
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                gather(sources, app, path.relative_to(root), path.read_bytes())
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt", ".svg"}:
            first = path.relative_to(root / "templates").parts[0]
            place = path.relative_to(root)
            gather(sources, first if first in APPS else "config", place, as_python(path))
    return sources


def as_python(path: Path) -> bytes:
    """A template turned into calls of gettext, line by line, as Django's own makemessages does
    it. How far a line is indented would mean something to Python, so that goes.
    """
    code = templatize(path.read_text("utf-8"), origin=str(path))
    return "\n".join(line.lstrip() for line in code.split("\n")).encode()


def gather(sources: dict[Key, Source], app: str, place: Path, code: bytes) -> None:
    """Add the strings of one file."""
    for line, message, _comments, context in extract(
        "python", io.BytesIO(code), KEYWORDS, options={"encoding": "utf-8"}
    ):
        text, plural = (
            (message, "") if isinstance(message, str) else (str(message[0]), str(message[1]))
        )
        source = sources.setdefault((context, text), Source(app))
        source.plural = source.plural or plural
        source.places.append(f"{place}:{line}")


def is_done(entries: list[polib.POEntry] | None) -> bool:
    """Is there a translation, in all plural forms, that nobody marked as a guess?"""
    return bool(entries) and all(entry.translated() for entry in entries or ())


def needs_context(key: Key) -> bool:
    """A word of four letters or less means too many things to have one translation: 氏名, 取消,
    年.
    """
    context, text = key
    return context is None and len(text) < LEAST_WITHOUT_CONTEXT and not text.isascii()


def conflicts(known: dict[Key, list[polib.POEntry]], sources: dict[Key, Source]) -> Iterator[str]:
    """The same string translated in two ways, or with another plural than the source has."""
    for key, entries in known.items():
        if (
            len({(entry.msgstr, tuple(sorted(entry.msgstr_plural.items()))) for entry in entries})
            > 1
        ):
            yield f"訳が二通り conflict: {shown(key)}"
        if key in sources and any(
            (entry.msgid_plural or "") != sources[key].plural for entry in entries
        ):
            yield f"複数形が違う plural: {shown(key)}"


def agrees(entry: polib.POEntry) -> bool:
    """Does the translation use exactly the source's placeholders? A singular may leave out the
    number.
    """
    wanted = set(PLACEHOLDER.findall(entry.msgid))
    if not entry.msgid_plural:
        return not entry.msgstr or set(PLACEHOLDER.findall(entry.msgstr)) == wanted
    forms = [set(PLACEHOLDER.findall(text)) for text in entry.msgstr_plural.values() if text]
    return all(form <= wanted for form in forms) and (not forms or forms[-1] == wanted)


def untranslated_third_parties() -> Iterator[Key]:
    """Texts of the packages we show that neither their own Japanese catalogue nor ours has."""
    ours = written("ja")
    for package in THIRD_PARTIES:
        spec = find_spec(package)
        root = Path(str(spec.origin)).parent if spec else Path()
        catalogues = [polib.pofile(str(path)) for path in root.rglob("ja/LC_MESSAGES/django.po")]
        theirs = {
            key_of(entry) for entries in catalogues for entry in entries if entry.translated()
        }
        for key in shown_by(package, root):
            if key not in theirs and not is_done(ours.get(key)):
                yield key


def shown_by(package: str, root: Path) -> dict[Key, Source]:
    """The strings in those modules of a package that are installed as apps."""
    sources: dict[Key, Source] = {}
    for app in settings.INSTALLED_APPS:
        if app.partition(".")[0] == package:
            folder = root.joinpath(*app.split(".")[1:])
            for path in sorted(folder.glob("*.py")):
                gather(sources, package, path, path.read_bytes())
    return sources


def shown(key: Key) -> str:
    """A key in a finding."""
    return f"「{key[1]}」" + (f"（{key[0]}）" if key[0] else "")
