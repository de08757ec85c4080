"""What must not be forgotten, as checks of source text: each takes (path inside the project, text)
and gives its findings.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

APPS = ("municipality", "rollout", "training", "pilots", "evaluation", "dashboard")
NAMELESS_ROOMS = {"utils", "helpers", "common", "mixins", "signals"}
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
Finding = str
Check = Callable[[PurePosixPath, str], Iterator[Finding]]

CLOCK_READERS = {"middleware.py", "tasks.py", "commands", "demo"}
"""Where the clock may be read: views get `request.now`, operations get `now`. A default of `now or
timezone.now()` stands in notices, mails and history, which are called from everywhere.
"""
OWN_CLOCK = {
    "municipality/audit/log.py": "a line's own time is when it is written",
    "municipality/notifications/operations/notify.py": (
        "called from everywhere; a caller that has a moment hands it in"
    ),
    "municipality/notifications/operations/outbox.py": (
        "each mail is sent when it is sent, not when the round began"
    ),
    "training/migrations/0006_days_of_cancellation.py": (
        "what was cancelled on a day that nobody kept is treated as cancelled now"
    ),
    "municipality/organisation/models/people.py": "an authority that nobody set is today's",
    "municipality/accounts/models/second_factor.py": (
        "the code of an authenticator is of this moment"
    ),
    "municipality/accounts/allauth_adapter.py": "allauth calls without a moment",
    "municipality/accounts/secret_links.py": "a secret is read when the mail goes out",
    "municipality/setup/views/health.py": "asks whether the parts are alive now",
    "municipality/web/forms.py": "the range of a day is ten years from now, in every form alike",
}
EXEMPT = {
    (
        "sizes",
        "municipality/decisions/models/decisions.py",
    ): "a decision, its steps and its readers ask for one another",
    ("own_drawing", "municipality/records/exports.py"): "a file, to the second",
    ("own_drawing", "municipality/core/spreadsheets/cell_safety.py"): "a cell of a file",
    ("own_drawing", "templates/municipality/web/components/tabs.html"): "the component",
    ("enumerated", "municipality/setup/checklist.py"): "states of a page, in no column",
    ("enumerated", "municipality/setup/presenters.py"): "states of a page, in no column",
    ("enumerated", "dashboard/home/journey.py"): "states of a page, in no column",
    (
        "dangerous",
        "municipality/setup/system_status.py",
    ): "the plainest question that a database can answer",
}
"""Where a check does not apply, each with its reason."""


SCHEMA_STEP = re.compile(r"migrations\.(Create|Delete|Rename|Alter|Add|Remove)\w+\(")


def plain_migrations(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """A migration imports nothing of the project, which changes while the migration must not; and
    it changes either tables or rows.
    """
    if path.suffix != ".py" or "migrations" not in path.parts:
        return
    for node in ast.walk(ast.parse(text)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["." * node.level + (node.module or "")]
        for name in names:
            if name.startswith(".") or name.split(".")[0] in (*APPS, "config", "tests"):
                yield f"{path}:{node.lineno} imports {name}"
    if re.search(r"migrations\.Run(Python|SQL)\(", text) and SCHEMA_STEP.search(text):
        yield f"{path} changes tables and rows at once"


def bounded_files(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """A view that takes a file says how large it may be: beyond the bound of a form nothing else
    comes through.
    """
    if path.suffix != ".py" or ("views" not in path.parts and path.name != "views.py"):
        return
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, FUNCTION):
            continue
        said = {
            keyword.arg
            for decorator in node.decorator_list
            if isinstance(decorator, ast.Call)
            for keyword in decorator.keywords
        }
        if "most_bytes" not in said and any(
            isinstance(each, ast.Attribute) and each.attr == "FILES" for each in ast.walk(node)
        ):
            yield f"{path}:{node.lineno} {node.name} takes a file of any size"


def path_ranges(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """Department paths are compared as half-open ranges: LIKE is blind to case on SQLite, and
    scans.
    """
    if path.suffix != ".py":
        return
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"path__(i?startswith|i?contains|i?regex|like)", line):
            yield f"{path}:{number} {line.strip()}"


def short_words(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """A Japanese source of four letters or less has a context, since it is several words in
    English.
    """
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Call)
            and _name(node.func) in {"_", "gettext", "gettext_lazy"}
            and node.args
        ):
            word = node.args[0]
            if (
                isinstance(word, ast.Constant)
                and isinstance(word.value, str)
                and len(word.value) <= 4
                and not word.value.isascii()
            ):
                yield f"{path}:{node.lineno} {word.value}"


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


MISSION_WORDS = ("テレワーク", "試行", "研修", "準備度", "目標", "1on1", "実施率")
GROUND_FLOOR_WORDS = {
    ("municipality/web/frame.py", "テレワーク推進"): "the name of the product",
    ("municipality/web/frame.py", "試行"): "the navigation has the order of the rollout",
    (
        "templates/municipality/accounts/accessibility.html",
        "JIS X 8341-3:2016 の適合レベルAAに準拠することを目標とし",
    ): "what the pages aim at, no goal of a person",
}
"""(file, text) → why the ground floor says a word of the mission all the same."""
SHARED_TEMPLATES = {"municipality", "account", "socialaccount"}
"""Folders of the templates that are drawn whatever the mission is, like those beside them."""


def ground_floor_words(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """Municipality speaks of bodies, people and decisions; words of the mission come from the apps
    above it, by their registration.
    """
    if path.parts[0] == "templates" and (len(path.parts) == 2 or path.parts[1] in SHARED_TEMPLATES):
        for number, line in enumerate(text.splitlines(), 1):
            said = [word for word in MISSION_WORDS if word in line]
            allowed = any(str(path) == file and words in line for file, words in GROUND_FLOOR_WORDS)
            if said and not allowed:
                yield f"{path}:{number} says {'、'.join(said)}"
    if path.suffix != ".py" or path.parts[0] != "municipality" or "migrations" in path.parts:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = [word for word in MISSION_WORDS if word in node.value]
            if said and (str(path), node.value) not in GROUND_FLOOR_WORDS:
                yield f"{path}:{node.lineno} says {'、'.join(said)}"


def clock(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """Time is an argument: only middleware, tasks and commands read the clock."""
    if (
        path.suffix != ".py"
        or path.parts[0] not in APPS
        or str(path) in OWN_CLOCK
        or CLOCK_READERS & set(path.parts)
    ):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(
            r"\bdate\.today\(|timezone\.now\(|localdate\(\)|datetime\.now\(|localtime\(\)", line
        ):
            yield f"{path}:{number} {line.strip()}"


def sizes(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """Views at most 15 statements, other functions at most 20, modules at most 400 lines."""
    if path.suffix != ".py" or "migrations" in path.parts:
        return
    count = len(text.splitlines())
    if count > 400:
        yield f"{path} has {count} lines"
    if path.parts[0] not in (*APPS, "config"):
        return
    most = 15 if {"views", "views.py"} & set(path.parts) else 20
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, FUNCTION) and (found := _statements(node)) > most:
            yield f"{path}:{node.lineno} {node.name} has {found} statements"


def _statements(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Statements of a function, those inside others too; its docstring does not count."""
    inside = sum(isinstance(each, ast.stmt) for each in ast.walk(node)) - 1
    return inside - (ast.get_docstring(node) is not None)


def no_nameless_rooms(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """No module whose name says nothing."""
    if path.suffix == ".py" and path.stem in NAMELESS_ROOMS:
        yield str(path)


def dangerous(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """No unescaped HTML, no switched-off protection, no raw SQL, no waiting for a broker."""
    if path.suffix != ".py" or path.parts[0] not in (*APPS, "config"):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(
            r"\bmark_safe\b|csrf_exempt|\.raw\(|RawSQL|\.extra\(|cursor\(\)|\.delay\(|autoescape",
            line,
        ):
            yield f"{path}:{number} {line.strip()}"


def locks(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """A row that is locked is never deleted: a lock without `no_key` would keep others from writing
    rows that refer to it.
    """
    if path.suffix != ".py" or path.parts[0] not in APPS:
        return
    for call in re.finditer(r"select_for_update\(([^)]*)\)", text):
        if "no_key=True" not in call[1]:
            yield f"{path}: {call[0]}"


def templates(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """No inline style or script, nothing from outside, no switched-off escaping."""
    if path.suffix != ".html":
        return
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(
            r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son[a-z]+="
            r"|(src|href)=.https?:|\|safe\b|autoescape off",
            line,
        ):
            yield f"{path}:{number} {line.strip()[:120]}"


SENTENCE = re.compile(r"translate|trans |_\(\"")

TO_A_CHECKER = re.compile(r"\s+# (noqa|type: ignore).*$")


def own_drawing(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """Days, times and tabs are written by the component, so that they look the same everywhere. A
    `datetime` attribute and a file are read by machines.
    """
    own = r"\|time\b|\|date\b(?!:\"c\")|class=\"tabs\"" if path.suffix == ".html" else r"%H:%M"
    if path.suffix not in {".html", ".py"} or path.parts[0] not in (*APPS, "templates"):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(own, line):
            yield f"{path}:{number} {line.strip()[:120]}"


def template_lines(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """A template's line ends at 100 characters; at 160 if it holds a translated sentence, which
    is not cut.
    """
    if path.suffix != ".html":
        return
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > (160 if SENTENCE.search(line) else 100):
            yield f"{path}:{number} has {len(line)} characters: {line.strip()[:60]}"


def python_lines(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """A line of Python ends at 100 characters, whatever their width; what is said to a checker
    behind it is not counted.
    """
    if path.suffix != ".py" or "migrations" in path.parts:
        return
    for number, line in enumerate(text.splitlines(), 1):
        if len(TO_A_CHECKER.sub("", line)) > 100:
            yield f"{path}:{number} has {len(line)} characters: {line.strip()[:60]}"


def styles(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """No asset from outside."""
    if path.suffix in {".css", ".js"} and re.search(
        r"https?://(?!www\.w3\.org)|@import\s+url\(.?https?:", text
    ):
        yield str(path)


def four_eyes(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """No `save()` of a model is overridden and no signal is received: things happen in
    operations.
    """
    if path.suffix != ".py" or path.parts[0] not in APPS:
        return
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(
            r"@receiver|\.connect\(|from django.db.models.signals|^\s+def save\(self", line
        ):
            yield f"{path}:{number} {line.strip()}"


STATES = {"state", "status", "opinion", "outcome", "capacity"}
"""Columns with an enumeration of their own."""


def enumerated(path: PurePosixPath, text: str) -> Iterator[Finding]:
    """A state is compared with the member of its enumeration, never with a word beside it."""
    if path.suffix != ".py" or path.parts[0] not in APPS or "migrations" in path.parts:
        return
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        words = (
            each for side in sides for each in ast.walk(side) if isinstance(each, ast.Constant)
        )
        is_word = any(isinstance(each.value, str) and each.value for each in words)
        if is_word and any(
            isinstance(side, ast.Attribute) and side.attr in STATES for side in sides
        ):
            yield f"{path}:{node.lineno} {ast.unparse(node)}"


CHECKS: tuple[Check, ...] = (
    plain_migrations,
    bounded_files,
    path_ranges,
    short_words,
    ground_floor_words,
    clock,
    sizes,
    no_nameless_rooms,
    dangerous,
    locks,
    templates,
    own_drawing,
    template_lines,
    python_lines,
    styles,
    four_eyes,
    enumerated,
)
