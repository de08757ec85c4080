"""Join the slices of a variable font, as npm packages it for the open internet, into one file with
the characters of an office: a page then asks for one file where it asked for thirty.

Each slice is a font of its own with about a hundred characters. Outlines, their variation by weight
and the widths of proportional kana (palt) are copied; what only vertical text needs is left out. A
character that is rarer still is drawn with a font of the reader's machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools.otlLib import builder
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

DROPPED = ("BASE", "HVAR", "VVAR", "vhea", "vmtx")
"""HVAR only repeats what the outlines' variations say; the others are for vertical text."""

SOURCES = ("*.html", "*.py", "*.po", "*.toml", "*.js")


def office_characters(root: Path, folders: Iterable[str]) -> set[int]:
    """JIS X 0208 with the extensions that names need (髙 and 﨑, which CP932 brings), and whatever
    our own texts are written with.
    """
    pairs = [bytes((lead, trail)) for lead in range(0x81, 0xFD) for trail in range(0x40, 0xFD)]
    halves = [bytes((half,)) for half in range(0xA1, 0xE0)]
    known = (
        pair.decode(code, errors="ignore")
        for code in ("shift_jis", "cp932")  # they read 〜 and − differently
        for pair in pairs + halves
    )
    texts = (
        file.read_text(encoding="utf-8")
        for folder in folders
        for kind in SOURCES
        for file in (root / folder).rglob(kind)
    )
    return set(map(ord, set().union(*known, *texts)))


class Joined:
    """A font that grows by the characters of one slice after another."""

    def __init__(self, first: Path) -> None:
        self.font = TTFont(first)
        self.font.ensureDecompiled()
        for tag in DROPPED:
            if tag in self.font:
                del self.font[tag]
        self.glyphs: dict[str, Any] = dict(self.font["glyf"].glyphs)
        self.characters: dict[int, str] = dict(self.font.getBestCmap())
        self.narrow: dict[str, Any] = {}

    def add(self, slice_: Path, wanted: set[int] | None) -> None:
        """Take the wanted characters of a slice (all for None) that are not there yet."""
        font = TTFont(slice_)
        narrow = _narrow(font)
        for character, name in font.getBestCmap().items():
            if character not in self.characters and (wanted is None or character in wanted):
                own = self._take(font, name, slice_.stem)
                self.characters[character] = own
                if name in narrow:
                    self.narrow[own] = narrow[name]

    def _take(self, font: TTFont, name: str, origin: str) -> str:
        own = f"{name}.{re.sub(r'[^0-9a-z]', '', origin)}"
        if own in self.glyphs:
            return own
        glyph = font["glyf"][name]
        self.glyphs[own] = glyph
        self.font["hmtx"].metrics[own] = font["hmtx"].metrics[name]
        self.font["gvar"].variations[own] = font["gvar"].variations.get(name, [])
        if glyph.isComposite():
            for part in glyph.components:
                part.glyphName = self._take(font, part.glyphName, origin)
        return own

    def save(self, target: Path) -> None:
        """Write it as WOFF2."""
        font = self.font
        font.setGlyphOrder(list(self.glyphs))
        font["glyf"].glyphs = self.glyphs
        font["glyf"].setGlyphOrder(list(self.glyphs))
        font["cmap"] = _cmap(self.characters)
        if self.narrow:
            _add_palt(font, self.narrow)
        font.flavor = "woff2"
        font.save(target)


def _narrow(font: TTFont) -> dict[str, Any]:
    """How the feature palt moves and narrows each glyph."""
    if "GPOS" not in font:
        return {}
    table, glyphs = font["GPOS"].table, {}
    for record in table.FeatureList.FeatureRecord:
        for index in record.Feature.LookupListIndex if record.FeatureTag == "palt" else ():
            for subtable in table.LookupList.Lookup[index].SubTable:
                single = getattr(subtable, "ExtSubTable", subtable)
                for place, name in enumerate(single.Coverage.glyphs):
                    glyphs[name] = single.Value if single.Format == 1 else single.Value[place]
    return glyphs


def _cmap(characters: dict[int, str]) -> Any:
    table = newTable("cmap")
    table.tableVersion, table.tables = 0, []
    for format_, platform, encoding, last in ((4, 3, 1, 0xFFFF), (12, 3, 10, 0x10FFFF)):
        part = CmapSubtable.newSubtable(format_)
        part.platformID, part.platEncID, part.language = platform, encoding, 0
        part.cmap = {code: name for code, name in characters.items() if code <= last}
        table.tables.append(part)
    return table


def _add_palt(font: TTFont, narrow: dict[str, Any]) -> None:
    """One more lookup, offered to every script beside what the first slice brought."""
    table = font["GPOS"].table
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = 1, 0
    lookup.SubTable = builder.buildSinglePos(narrow, font.getReverseGlyphMap())
    lookup.SubTableCount = len(lookup.SubTable)
    table.LookupList.Lookup.append(lookup)
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = "palt", otTables.Feature()
    record.Feature.FeatureParams = None
    record.Feature.LookupListIndex = [len(table.LookupList.Lookup) - 1]
    table.FeatureList.FeatureRecord.append(record)
    for script in table.ScriptList.ScriptRecord:
        languages = [each.LangSys for each in script.Script.LangSysRecord]
        for language in (script.Script.DefaultLangSys, *languages):
            if language is not None:
                language.FeatureIndex.append(len(table.FeatureList.FeatureRecord) - 1)


def missing(file: Path, wanted: set[int]) -> str:
    """The kana and kanji among the wanted characters that the font in the file lacks."""
    letters = {each for each in wanted if 0x3041 <= each <= 0x9FFF}
    known = set(TTFont(file).getBestCmap()) if file.exists() else set()
    return "".join(map(chr, sorted(letters - known)))


def join(slices: Path, target: Path, characters: set[int]) -> None:
    """Write one font with these characters and all of the Latin slices."""
    files = sorted(slices.glob("*.woff2"))
    joined = Joined(next(file for file in files if "-latin-wght" in file.name))
    for file in files:
        joined.add(file, None if "latin" in file.name else characters)
    joined.save(target)
