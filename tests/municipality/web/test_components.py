"""Components as they are really drawn: what they say, in both languages, and that nothing typed
becomes markup.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import count

import pytest
from django import forms
from django.core.paginator import Paginator
from django.db.models import TextChoices
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils import translation

from municipality.web.components import boxes as components_boxes
from municipality.web.components import charts as components_charts
from municipality.web.components import figures as components_figures
from municipality.web.components import lists as components_lists
from municipality.web.components import steps as components_steps
from municipality.web.components import todo as components_todo
from municipality.web.components.charts import top_of
from municipality.web.components.figures import heat_level
from municipality.web.components.icons import DRAWINGS

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&"
TODAY = date(2026, 11, 10)


def draw(source: str, language: str = "ja", path: str = "/993018/pilots/", **facts) -> str:
    """The HTML of a piece of a page, spaces between elements left out."""
    request = RequestFactory().get(path)
    with translation.override(language):
        html = engines["django"].from_string(source).render(facts, request)
    return re.sub(r"\s+", " ", html).replace("> <", "><").strip()


class Reader(HTMLParser):
    """Elements, ids and attributes of a piece of HTML, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]

    def ids(self):
        return [attrs["id"] for _tag, attrs in self.elements if attrs.get("id")]


class State(TextChoices):
    DRAFT = "draft", "下書き"
    RUNNING = "running", "実施中"


State.tones = {"draft": "neutral", State.RUNNING: "run"}


class Pilot:
    State = State
    state = "running"


class PilotForm(forms.Form):
    name = forms.CharField(label="試行の名前", help_text="30文字まで", max_length=30)
    starts_on = forms.DateField(label="開始日")
    departments = forms.MultipleChoiceField(
        label="対象部署",
        choices=[("1", "総務課"), ("2", "税務課")],
        widget=forms.CheckboxSelectMultiple,
        help_text="確定した部署",
    )
    method = forms.ChoiceField(
        label="方式", choices=[("1", "画面転送")], widget=forms.RadioSelect, required=False
    )
    kind = forms.ChoiceField(label="種別", choices=[("", "—"), ("1", "試行")])
    limit = forms.IntegerField(label="上限", widget=forms.NumberInput(attrs={"data-unit": "日"}))
    note = forms.CharField(label="理由", widget=forms.Textarea, required=False)
    paper = forms.FileField(label="添付", required=False)
    agreed = forms.BooleanField(label="内容を確認しました")
    edition = forms.IntegerField(widget=forms.HiddenInput)


# --- dates and numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "japanese", "english"),
    [
        ("{{ d|day }}", "11月4日(水)", "4 Nov 2026"),
        ("{{ d|wareki }}", "令和8年11月4日(水)", "4 Nov 2026"),
        ("{{ d|seal_date }}", "8.11.4", "8.11.4"),
        ("{{ d|short_day }}", "11/4", "4 Nov"),
        ("{{ d|month }}", "令和8年11月", "Nov 2026"),
        ("{{ d|fiscal_year }}", "令和8年度", "FY2026"),
        ("{{ 2019|fiscal_year }}", "令和元年度", "FY2019"),
        ("{{ moment|clock }}", "0:05", "0:05"),
        ("{{ moment|moment }}", "11月5日(木) 0:05", "5 Nov 2026 0:05"),
        ("{{ none|day }}{{ none|wareki }}", "——", "——"),
        ("{{ far|day:d }}", "令和9年4月1日(木)", "1 Apr 2027"),
        ("{% span d far %}", "令和8年11月4日(水)から令和9年4月1日(木)まで", None),
    ],
)
def test_dates_follow_the_language_of_the_page(source, japanese, english):
    moment = datetime(2026, 11, 4, 15, 5, tzinfo=UTC)
    facts = {"d": date(2026, 11, 4), "far": date(2027, 4, 1), "moment": moment, "none": None}
    assert draw(source, "ja", **facts) == japanese
    assert english is None or draw(source, "en", **facts) == english


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2019, 4, 30), "平成31年4月30日(火)"),
        (date(2019, 5, 1), "令和元年5月1日(水)"),
        (date(1989, 1, 7), "昭和64年1月7日(土)"),
    ],
)
def test_eras_change_on_their_day(day, written):
    assert draw("{{ d|wareki }}", d=day) == written


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{{ 1240|number }}", "1,240"),
        ("{{ -3.5|minus }}", "−3.5"),
        ("{{ 0|number }}", "0"),
        ("{{ none|number }}", "—"),
        ("{{ 4.2|signed:1 }}", "+4.2"),
        ("{{ -2|signed }}", "−2"),
        ("{{ 0|signed }}", "±0"),
        ("{{ 0.3836|percent }}", "38.4%"),
        ("{{ 225|hours }}", "3時間45分"),
        ("{{ 0|hours }}", "0分"),
    ],
)
def test_numbers_keep_zero_nothing_and_minus_apart(source, written):
    assert draw(source, none=None) == written


# --- states ---------------------------------------------------------------------------------------


def test_a_badge_says_the_state_by_word_shape_and_colour():
    html = draw("{% badge pilot '6 / 8' %}", pilot=Pilot())
    assert 'class="badge is-run"' in html
    assert "実施中 6 / 8" in html
    assert DRAWINGS["half"] in html
    assert "is-neutral" in draw("{% badge state %}", state=State.DRAFT)


def test_a_tone_or_an_icon_that_does_not_exist_is_an_error_of_the_page():
    with pytest.raises(TemplateSyntaxError, match="tone"):
        draw("{% badge_of 'green' '確定' %}")
    with pytest.raises(TemplateSyntaxError, match="icon"):
        draw("{% icon 'rocket' %}")


@pytest.mark.parametrize(
    ("due_on", "left", "tone", "words"),
    [
        (date(2026, 11, 4), -4, "over", "4開庁日超過"),
        (TODAY, 0, "near", "今日まで"),
        (date(2026, 11, 12), 2, "near", "あと2開庁日"),
        (date(2026, 11, 13), 3, "far", "あと3開庁日"),
        (None, None, "none", "期限なし"),
    ],
)
def test_a_due_chip_counts_open_days_and_names_the_day(due_on, left, tone, words):
    html = draw("{% due due_on today left %}", due_on=due_on, today=TODAY, left=left)
    assert f"due is-{tone}" in html
    assert words in html
    assert due_on is None or f'datetime="{due_on.isoformat()}"' in html


def test_a_done_thing_is_not_overdue():
    html = draw(
        "{% due due_on today -4 done_on=done %}",
        due_on=date(2026, 11, 4),
        today=TODAY,
        done=date(2026, 11, 6),
    )
    assert "is-done" in html
    assert "11月6日(金)" in html


def test_a_notice_has_a_role_only_when_asked():
    assert 'role="alert"' in draw(
        "{% notice 'bad' 'だめです' role='alert' %}<p>x</p>{% endnotice %}"
    )
    html = draw("{% notice 'info' 'お知らせ' %}<p>本文</p>{% endnotice %}")
    assert "role=" not in html
    assert "<p>本文</p>" in html


# --- forms ----------------------------------------------------------------------------------------


def test_a_field_ties_label_help_and_error_to_its_input():
    form = PilotForm({"name": "あ" * 31})
    form.is_valid()
    page = Reader(draw("{% field form.name %}", form=form))
    entry = page.all("input")[0]
    assert entry["aria-invalid"] == "true"
    assert (
        set(entry["aria-describedby"].split())
        == {"id_name_helptext", "id_name_error"}
        <= set(page.ids())
    )
    assert page.all("label")[0]["for"] == entry["id"]
    assert entry["value"] == "あ" * 31
    assert "必須" in page.text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("starts_on", "in in-s"),
        ("limit", "in in-s"),
        ("kind", "in"),
        ("note", "in"),
        ("paper", "in"),
    ],
)
def test_every_kind_of_input_has_the_look(name, kind):
    page = Reader(draw("{% field bound %}", bound=PilotForm()[name]))
    assert [
        attrs["class"] for tag, attrs in page.elements if tag in {"input", "select", "textarea"}
    ] == [kind]


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    page = Reader(draw("{% field form.departments %}", form=PilotForm()))
    assert len(page.all("input")) == 2
    assert page.all("fieldset")[0]["aria-describedby"] == "id_departments_helptext"
    assert page.all("legend")


def test_a_unit_stands_after_its_input():
    assert draw("{% field form.limit %}", form=PilotForm()).count("<span>日</span>") == 1


def test_the_summary_counts_and_leads_to_each_field():
    html = draw(
        "{% form form submit='決裁に回す' cancel='/x/' %}",
        form=PilotForm({"name": "第3期", "edition": ""}),
    )
    page = Reader(html)
    targets = [attrs["href"][1:] for attrs in page.all("a") if attrs["href"].startswith("#")]
    assert set(targets) <= set(page.ids())
    assert "id_departments_0" in targets
    assert "6か所を直してください" in page.text
    assert "開始日を入力してください。" in page.text
    assert "対象部署を選んでください。" in page.text
    assert "「内容を確認しました」に印を付けてください。" in page.text
    assert len(page.ids()) == len(set(page.ids()))
    assert page.all("form")[0]["enctype"] == "multipart/form-data"


def test_a_fresh_form_shows_no_summary():
    assert "errors" not in draw("{% form form %}", form=PilotForm())


def test_a_whole_form_carries_the_proof_of_its_origin():
    assert 'name="csrfmiddlewaretoken"' in draw("{% form form %}", form=PilotForm())
    assert 'name="csrfmiddlewaretoken"' in draw(
        "{% post_button '/x/' '削除する' confirm='削除しますか' %}"
    )


def test_fields_are_grouped_as_the_form_says():
    class Grouped(PilotForm):
        groups = (("基準", "後から変えられません。", ("limit", "kind")),)

    page = Reader(draw("{% form form %}", form=Grouped()))
    assert "基準" in page.text
    assert len([attrs for attrs in page.all("fieldset") if attrs["class"] == "fs"]) == 1
    names = [
        attrs["name"]
        for tag, attrs in page.elements
        if tag in {"input", "select", "textarea"} and "name" in attrs
    ]
    assert names.index("limit") > names.index("paper")


# --- lists ----------------------------------------------------------------------------------------


def test_pages_keep_the_filters_of_the_address():
    page = Paginator(range(120), 50).page(2)
    html = draw("{% pager page %}", path="/993018/pilots/?state=running&page=2", page=page)
    assert "120件中 51–100件" in html
    assert 'href="?state=running&amp;page=1"' in html
    assert '<b aria-current="page">' in html


def test_a_sorted_column_says_so_and_turns_round():
    html = draw("{% sort_link '業務' 'name' %}", path="/993018/work/?sort=name&page=3")
    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-name"' in html


def test_a_late_row_has_the_filled_button_and_its_escalation():
    row = components_todo.TodoRow(
        "印刷できない",
        "/x/",
        date(2026, 11, 4),
        -4,
        "課題",
        ["担当 大石"],
        "所属長へ連絡 11/9",
        "対応を決める",
    )
    html = draw("{% todo row today %}", row=row, today=TODAY)
    assert "btn-1" in html
    assert "所属長へ連絡 11/9" in html
    assert "btn-2" in draw(
        "{% todo row today %}",
        row=components_todo.TodoRow("x", "/x/", TODAY, 0, action="見る"),
        today=TODAY,
    )


def test_the_day_strip_tells_closed_days_in_words():
    days = [
        components_todo.StripDay(TODAY, weekday="今日", today=True),
        components_todo.StripDay(date(2026, 11, 14), weekday="土", closed=True),
    ]
    html = draw("{% day_strip days %}", days=days)
    assert 'aria-current="date"' in html
    assert "閉庁日" in html


# --- 決裁欄 ---------------------------------------------------------------------------------------


def _route(length: int) -> list[components_boxes.SealCell]:
    number = count(1)
    return [
        components_boxes.SealCell(
            "承認", "課長", "done", "課長", date(2026, 11, 4), f"職員{next(number)}", note="11月4日"
        )
        for _ in range(length)
    ]


def test_the_boxes_stand_in_the_order_of_the_route_with_a_key_to_their_marks():
    cells = [
        *_route(1),
        components_boxes.SealCell(
            "承認", "係長", "skipped", mark="引", text="不在(出張)", note="引上げ"
        ),
        components_boxes.SealCell("承認", "福祉課長", "returned"),
        components_boxes.SealCell("承認", "副町長", "now", note="11月12日まで"),
        components_boxes.SealCell("決裁", "町長"),
    ]
    html = draw("{% decision_boxes cells %}", cells=cells)
    page = Reader(html)
    assert [attrs["class"] for attrs in page.all("li")] == [
        "is-done",
        "is-skipped",
        "is-returned",
        "is-now",
        "is-todo",
    ]
    assert 'aria-label="課長 職員1の印、8.11.4"' in html
    assert "不在(出張)" in html
    assert "引＝引上げ" in html
    assert "代＝代決" not in html
    assert html.count('aria-current="step"') == 1


@pytest.mark.parametrize(("steps", "rows"), [(1, 1), (9, 1), (10, 2), (14, 2)])
def test_more_than_nine_steps_stand_in_two_rows(steps, rows):
    assert draw("{% decision_boxes cells %}", cells=_route(steps)).count("<ol") == rows


def test_a_long_name_gets_smaller_letters_in_its_seal():
    sizes = re.findall(
        r'font-size="(\d+)"', draw("{% seal '子育て支援課長' '8.11.4' '勅使河原' %}")
    )
    assert int(sizes[0]) < 14
    assert int(sizes[2]) <= 14


# --- figures and charts ---------------------------------------------------------------------------


def test_suppressed_missing_and_nothing_are_three_marks():
    assert "少人数のため非表示" in draw(
        "{% tile t %}", t=components_figures.Tile("利用率", "38.4", "%", suppressed=True)
    )
    assert "38.4" not in draw(
        "{% tile t %}", t=components_figures.Tile("利用率", "38.4", "%", suppressed=True)
    )
    assert "未提出" in draw(
        "{% tile t %}", t=components_figures.Tile("印刷枚数", missing_text="3課が未提出")
    )
    assert "—" in draw("{% tile t %}", t=components_figures.Tile("印刷枚数"))


def test_a_tile_says_whether_a_rise_is_good():
    rise = {"direction": "up", "change_text": "3.5ポイント"}
    assert "3.5ポイント 悪化" in draw(
        "{% tile t %}", t=components_figures.Tile("負担感", "27.3", "%", change_good=False, **rise)
    )
    assert "3.5ポイント 改善" in draw(
        "{% tile t %}", t=components_figures.Tile("実施率", "27.3", "%", change_good=True, **rise)
    )


def test_a_heat_cell_shows_number_shade_and_unmet_condition():
    assert [heat_level(value) for value in (0.9, 1.0, 2.0, 2.8, 3.4)] == [0, 1, 2, 3, 4]
    assert draw("{% heat 3.0 %}") == '<td class="h3">3.0</td>'
    assert "必須条件が未達" in draw("{% heat 1.8 blocker=True %}")
    assert 'title="未提出"' in draw("{% heat state='missing' %}")
    assert "＊" in draw("{% heat state='suppressed' %}")


def test_a_gap_in_a_line_stays_a_gap():
    html = draw(
        "{% line_chart lines labels label='推移' %}",
        lines=[components_charts.ChartLine("実施率", [1, 2, None, 4, 5])],
        labels="12345",
    )
    assert html.count("<polyline") == 2 * 2
    assert html.count('role="img"') == 2
    assert html.count('<td class="num">—</td>') == 1


def test_a_value_that_is_hidden_is_no_gap():
    line = components_charts.ChartLine("実施率", [1, None, 3], hidden=(1,))
    html = draw("{% line_chart lines labels label='推移' %}", lines=[line], labels="123")
    assert '<td class="num"><abbr title="少人数のため非表示">＊</abbr></td>' in html
    assert "—" not in html


@pytest.mark.parametrize(
    ("values", "top"), [([38.4], 40), ([0], 1), ([], 1), ([0.21], 0.25), ([8490], 10000)]
)
def test_the_scale_ends_above_the_largest_value(values, top):
    assert top_of(values)[0] == pytest.approx(top)


def test_shares_add_up_to_the_whole():
    bars = [
        components_charts.Bar("A", 3620, "", "a"),
        components_charts.Bar("B", 2700, "", "b"),
        components_charts.Bar("D", 0, "", "d"),
    ]
    widths = [
        float(width)
        for width in re.findall(
            r'width="([\d.]+)%"', draw("{% share_bar bars label='割合' %}", bars=bars)
        )
    ]
    assert sum(widths[1:]) == pytest.approx(100, abs=0.1)
    assert len(widths) == 3


# --- what is typed never becomes markup -----------------------------------------------------------


class HostileForm(forms.Form):
    name = forms.CharField(label=HOSTILE, help_text="x", max_length=3)
    group = forms.ChoiceField(label=HOSTILE, choices=[("1", HOSTILE)], widget=forms.RadioSelect)
    tick = forms.BooleanField(label=HOSTILE)


PIECES = {
    "badge_of": "{% badge_of 'run' x x %}",
    "kind": "{% kind x %}{% count x spoken=x %}{% crumb x x %}{% icon 'check' label=x %}",
    "due": "{% due d today 3 done_on=d done_word=x %}",
    "notice": "{% notice 'bad' x %}{{ x }}{% endnotice %}",
    "section": "{% section x asof=x link=x link_label=x %}{{ x }}{% endsection %}"
    "{% card x %}{{ x }}{% endcard %}{% panel x %}{% endpanel %}",
    "facts": "{% facts pairs %}{% spec pairs %}{% pdca x x %}{{ x }}{% endpdca %}",
    "todo": "{% todo row today %}{% group x 3 %}{% tabs tabs %}",
    "stages": "{% steps stages %}{% journey stages %}{% day_strip strip %}",
    "empty": "{% empty_state x x x x more_url=x more_label=x %}{% empty_filtered x %}",
    "form": (
        "{% form form submit=x cancel=x draft=x action=x %}{% post_button x x confirm=x name=x %}"
    ),
    "filter": "{% filter_bar form total=3 %}{% sort_link x x %}",
    "boxes": "{% decision_boxes cells label=x %}{% seal x x x %}",
    "tiles": "{% tiles figures %}",
    "charts": (
        "{% line_chart lines labels label=x unit=x %}{% bar_chart bars label=x %}"
        "{% share_bar bars label=x %}{% timeline spans labels today=0.5 today_label=x label=x %}"
    ),
}


@pytest.mark.parametrize("piece", PIECES)
def test_nothing_typed_becomes_markup(piece):
    form = HostileForm({"name": HOSTILE})
    form.is_valid()
    html = draw(
        PIECES[piece],
        path=f"/993018/x/?sort={HOSTILE}&name={HOSTILE}".replace("#", ""),
        x=HOSTILE,
        d=TODAY,
        today=TODAY,
        form=form,
        pairs=[(HOSTILE, HOSTILE)],
        row=components_todo.TodoRow(
            HOSTILE, HOSTILE, TODAY, 3, HOSTILE, [HOSTILE], HOSTILE, HOSTILE, HOSTILE
        ),
        tabs=[components_lists.Tab(HOSTILE, HOSTILE, 3)],
        stages=[components_steps.Stage(HOSTILE, "now", HOSTILE, 3)],
        strip=[components_todo.StripDay(TODAY, HOSTILE, HOSTILE, 3, address=HOSTILE)],
        cells=[
            components_boxes.SealCell(
                HOSTILE, HOSTILE, "done", HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE
            )
        ],
        figures=[
            components_figures.Tile(
                HOSTILE, HOSTILE, HOSTILE, HOSTILE, True, "up", HOSTILE, HOSTILE, HOSTILE
            )
        ],
        lines=[components_charts.ChartLine(HOSTILE, [1, 2])],
        labels=[HOSTILE, HOSTILE],
        bars=[components_charts.Bar(HOSTILE, 3, HOSTILE, address=HOSTILE)],
        spans=[components_charts.TimelineSpan(HOSTILE, 0, 1, HOSTILE, address=HOSTILE)],
    )
    page = Reader(html)
    assert not page.all("script")
    assert not page.all("img")
    assert not [attrs for _tag, attrs in page.elements if "onerror" in attrs or "style" in attrs]


def test_every_icon_is_drawn_without_style_or_script():
    for name in DRAWINGS:
        page = Reader(draw("{% icon name %}", name=name))
        assert {tag for tag, _attrs in page.elements} <= {"svg", "path", "circle", "rect"}
        assert page.all("svg")[0]["aria-hidden"] == "true"
