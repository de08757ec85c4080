"""The indentation of a template is not sent along; what values bring along is."""

from __future__ import annotations

from django.template import engines
from django.template.loader import get_template

from municipality.web.template_loader import Loader


def test_lines_begin_without_blanks_and_stay_where_they_are(tmp_path):
    (tmp_path / "page.html").write_text("<ul>\n  <li>\n    {{ value }}\n  </li>\n</ul>\n")
    engine = engines["django"].engine
    loader = Loader(engine, [tmp_path])
    origin = next(iter(loader.get_template_sources("page.html")))
    assert loader.get_contents(origin) == "<ul>\n<li>\n{{ value }}\n</li>\n</ul>\n"


def test_the_templates_of_the_house_are_read_so():
    nodes = get_template("base.html").template.source
    assert not any(line.startswith(" ") for line in nodes.splitlines())


def test_a_value_keeps_its_blanks():
    page = engines["django"].from_string("<textarea>{{ value }}</textarea>")
    assert page.render({"value": "a\n  b"}) == "<textarea>a\n  b</textarea>"
