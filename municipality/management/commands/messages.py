"""Catalogues without GNU gettext: Japanese is written in the source, English in parts, one for each
subject. Babel finds, reads, writes and compiles; what is asked of the words is checked here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from babel.messages import Catalog, Message, mofile, pofile
from babel.messages.extract import extract_from_dir, extract_python
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
HEADER = """msgid ""
msgstr ""
"Language: %(language)s\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: %(plurals)s\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdif]|\{\w*\}")
LEAST_WITHOUT_CONTEXT = 5
SHOWN = 60

Key = tuple[str | None, str]
"""Context and source string, in the singular."""


class Command(BaseCommand):
    """`update` puts every string of the source into the part of its subject, `check` fails on
    anything incomplete, `compile` makes the catalogues.
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
            merged = Catalog(language, fuzzy=False)
            for first, *_others in translations(language).values():
                merged[first.id] = first
            folder.mkdir(parents=True, exist_ok=True)
            draft = target.with_suffix(".new")
            with draft.open("wb") as file:
                mofile.write_mo(file, merged)
            draft.replace(target)
            if verbosity:
                self.stdout.write(f"{language}: {len(merged)}")

    def update(self, _verbosity: int) -> None:
        """Write the parts anew: each string in that of the place where it stands first, with the
        translation it has; what nobody says any more is left out.
        """
        sources, known = strings_of(settings.BASE_DIR), translations("en")
        if contradictions := list(conflicts(known, sources)):
            raise CommandError("\n".join(contradictions))
        parts: dict[str, Catalog] = {}
        for key, source in sources.items():
            part = parts.setdefault(part_of(source), Catalog("en"))
            best = max(known.get(key, ()), key=is_done, default=Message(source.id))
            part.add(source.id, best.string, flags=best.flags, context=source.context)
        folder = catalogue("en") / "parts"
        for path in folder.glob("*.po"):
            if path.stem not in parts:
                path.unlink()
        for name, part in parts.items():
            write(part, folder / f"{name}.po")
        self.stdout.write(f"+ {len(sources.keys() - known)} - {len(known.keys() - sources)}")

    def check_all(self, _verbosity: int) -> None:
        """Check that everything said is translated, nothing else is, nothing twice in two ways, and
        placeholders agree.
        """
        sources, known = strings_of(settings.BASE_DIR), translations("en")
        findings = [
            *(f"使われていない stale: {shown(key)}" for key in known if key not in sources),
            *conflicts(known, sources),
            *(
                f"短い、文脈が必要 short: {shown(key)} {place(source)}"
                for key, source in sources.items()
                if needs_context(key)
            ),
            *(
                f"差し込みが違う placeholders: {shown(key)}"
                for key, messages in known.items()
                if not agrees(messages[0])
            ),
            *(
                f"和訳がない missing in locale/ja: {shown(key)}"
                for key in untranslated_third_parties()
            ),
            *(
                f"訳がない missing: {shown(key)} {place(source)}"
                for key, source in sources.items()
                if not known.get(key) or not all(is_done(each) for each in known[key])
            ),
        ]
        if findings:
            raise CommandError("\n".join([*findings[:SHOWN], f"計 {len(findings)} 件"]))
        self.stdout.write(f"訳文はそろっています（{len(sources)} 件）。")


def catalogue(language: str) -> Path:
    """The folder of one language's catalogue."""
    return settings.BASE_DIR / "locale" / language / "LC_MESSAGES"


def translations(language: str) -> dict[Key, list[Message]]:
    """Every entry of every part by its key; more than one where several hands wrote it."""
    entries: dict[Key, list[Message]] = {}
    for path in sorted((catalogue(language) / "parts").glob("*.po")):
        for message in read(path, language):
            entries.setdefault(key_of(message), []).append(message)
    return entries


def read(path: Path, language: str) -> list[Message]:
    """The entries of one file without its header; what was set aside (#~) is passed over."""
    with path.open("rb") as file:
        catalog = pofile.read_po(file, language, ignore_obsolete=True, charset="utf-8")
    return [message for message in catalog if message.id]


def write(part: Catalog, path: Path) -> None:
    """Write a part without times and line numbers, which would differ for everybody."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write((HEADER % {"language": "en", "plurals": PLURALS["en"]}).encode())
        pofile.write_po(file, part, width=0, no_location=True, omit_header=True)


def key_of(message: Message) -> Key:
    """Context and source string of an entry."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def strings_of(root: Path) -> dict[Key, Message]:
    """Every string of our own source and templates, with the places where it stands."""
    python = (said_in(root, app, [("**.py", "python")]) for app in APPS)
    kinds: list[tuple[str, Any]] = [
        (f"**.{kind}", from_template) for kind in ("html", "txt", "svg")
    ]
    messages = [
        message for part in (*python, said_in(root, "templates", kinds)) for message in part
    ]
    return gathered(messages)


def said_in(root: Path, folder: str, methods: list[tuple[str, Any]]) -> Iterator[Message]:
    """The strings below a folder, file by file in the order of their names."""
    for name, line, text, _comments, context in extract_from_dir(
        root / folder, methods, keywords=KEYWORDS, directory_filter=is_searched
    ):
        yield Message(text, context=context, locations=[(f"{folder}/{name}", line)])


def is_searched(folder: str) -> bool:
    """Is the file searched for strings? Migrations are not: their words are of their day."""
    return Path(folder).name not in {"migrations", "__pycache__"}


def from_template(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterable[Any]:
    """A template turned into calls of gettext, line by line, as Django's own makemessages does
    it. How far a line is indented would mean something to Python, so that goes.
    """
    code = templatize(file.read().decode())
    code = "\n".join(line.lstrip() for line in code.split("\n"))
    return extract_python(io.BytesIO(code.encode()), keywords, comment_tags, options)


def gathered(messages: Iterable[Message]) -> dict[Key, Message]:
    """One entry for each string: with all its places, and with its plural if it has one
    anywhere.
    """
    strings: dict[Key, Message] = {}
    for message in messages:
        first = strings.setdefault(key_of(message), message)
        if first is not message:
            first.locations += message.locations
            first.id = message.id if message.pluralizable else first.id
    return strings


def part_of(source: Message) -> str:
    """The part of the first place where a string stands: app and subject, by the folders it lies
    in. What lies in no app's folder belongs to config.
    """
    folders = Path(source.locations[0][0]).parent.parts
    folders = folders[1:] if folders[0] == "templates" else folders
    return "_".join(folders[:2]) if folders and folders[0] in APPS else "config"


def place(source: Message) -> str:
    """Where a string stands first."""
    name, line = source.locations[0]
    return f"{name}:{line}"


def forms_of(message: Message) -> list[str]:
    """The translation: one text, or one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def is_done(message: Message) -> bool:
    """Is there a translation, in all plural forms, that nobody marked as a guess?"""
    return all(forms_of(message)) and not message.fuzzy


def needs_context(key: Key) -> bool:
    """Must a word of four letters or less have a context? It means too many things for one
    translation: 氏名, 取消, 年.
    """
    context, text = key
    return context is None and len(text) < LEAST_WITHOUT_CONTEXT and not text.isascii()


def conflicts(known: dict[Key, list[Message]], sources: dict[Key, Message]) -> Iterator[str]:
    """The same string translated in two ways, or with another plural than the source has."""
    for key, entries in known.items():
        if len({tuple(forms_of(entry)) for entry in entries if is_done(entry)}) > 1:
            yield f"訳が二通り conflict: {shown(key)}"
        if key in sources and any(entry.id != sources[key].id for entry in entries):
            yield f"複数形が違う plural: {shown(key)}"


def agrees(message: Message) -> bool:
    """Does the translation use exactly the source's placeholders? A singular may leave out the
    number.
    """
    wanted = set(PLACEHOLDER.findall(key_of(message)[1]))
    forms = [set(PLACEHOLDER.findall(text)) for text in forms_of(message) if text]
    return all(form <= wanted for form in forms) and (not forms or forms[-1] == wanted)


def untranslated_third_parties() -> Iterator[Key]:
    """Texts of the packages we show that neither their own Japanese catalogue nor ours has."""
    ours = translations("ja")
    for package in THIRD_PARTIES:
        spec = find_spec(package)
        root = Path(str(spec.origin)).parent if spec else Path()
        files = root.rglob("ja/LC_MESSAGES/django.po")
        entries = [entry for path in files for entry in read(path, "ja")]
        done = {key_of(entry) for entry in entries if is_done(entry)}
        done |= {key for key, messages in ours.items() if is_done(messages[0])}
        yield from (key for key in shown_by(package, root) if key not in done)


def shown_by(package: str, root: Path) -> dict[Key, Message]:
    """The strings in those modules of a package that are installed as apps."""
    apps = [app.split(".") for app in settings.INSTALLED_APPS if app.split(".")[0] == package]
    folders = [root.joinpath(*names) for _package, *names in apps]
    return gathered(
        message for folder in folders for message in said_in(folder, ".", [("*.py", "python")])
    )


def shown(key: Key) -> str:
    """A key in a finding."""
    return f"「{key[1]}」" + (f"（{key[0]}）" if key[0] else "")
