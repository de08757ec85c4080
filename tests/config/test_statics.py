"""What pages load: one style sheet, one font with the characters of an office, packed and named by
content.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from tools.font import missing
from tools.vendor import SHEETS, characters

FONT = settings.VENDOR_DIR / "noto-sans-jp.woff2"


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The folder of the collected files, and the names in its manifest."""
    var = tmp_path_factory.mktemp("var")
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "VAR_DIR": str(var),
            "STATIC_COLLECTED": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        check=True,
    )
    folder = var / "static"
    return folder, json.loads((folder / "staticfiles.json").read_text())["paths"]


def test_the_style_sheet_is_packed_and_names_what_it_loads_by_content(collected):
    folder, paths = collected
    sheet = folder / paths["vendor/site.css"]
    assert re.fullmatch(r"vendor/site\.[0-9a-f]{12}\.css", paths["vendor/site.css"])
    text = sheet.read_text()
    assert gzip.decompress(Path(f"{sheet}.gz").read_bytes()).decode() == text
    assert Path(f"{sheet}.br").exists()
    assert paths["vendor/noto-sans-jp.woff2"].rpartition("/")[2] in text
    loaded = re.findall(r"url\(\"?([^)\"]+)", text)
    assert loaded
    assert all((sheet.parent / name).exists() for name in loaded)


def test_every_style_sheet_of_ours_is_in_the_one():
    folder = settings.BASE_DIR / "static" / "css"
    assert {file.stem for file in folder.glob("*.css")} == set(SHEETS)
    bundle = (settings.VENDOR_DIR / "site.css").read_text()
    assert "--color-primitive-light-blue-1000" in bundle
    assert all((folder / f"{name}.css").read_text() in bundle for name in SHEETS)


def test_a_character_that_the_font_lacks_is_named(tmp_path):
    assert missing(FONT, {ord("あ"), 0x4E04, ord("A")}) == chr(0x4E04)
    assert missing(tmp_path / "none.woff2", {ord("あ")}) == "あ"


@pytest.mark.parametrize(
    "text", ["templates/base.html", "locale/en/LC_MESSAGES/parts/pilots.po", "dashboard/apps.py"]
)
def test_whatever_brings_new_words_has_the_font_looked_at_again(text):
    dry = subprocess.run(
        ["make", "-n", "-W", text, "-o", ".vendor/.run", "setup"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "tools.vendor --font" in dry.stdout


def test_the_font_has_our_words_and_the_letters_of_names_in_every_weight():
    font = TTFont(FONT)
    known = set(font.getBestCmap())
    assert set(map(ord, "あア亜髙﨑①㈱0Aéー〜－")) <= known
    assert missing(FONT, characters()) == ""
    (weight,) = font["fvar"].axes
    assert (weight.axisTag, weight.minValue, weight.maxValue) == ("wght", 100, 900)
    drawn = font.getBestCmap()[ord("髙")]
    assert font["gvar"].variations[drawn]
    assert {"kern", "palt"} <= {
        record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord
    }
