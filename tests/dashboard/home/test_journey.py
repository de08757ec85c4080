"""The seven phases are told from what is there, and only one of them is now."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from dashboard.home.journey import Facts, phases
from dashboard.overview.lines import FactLine

CONFIRMED = Counter({"confirmed": 12})
RUNNING = FactLine("pilot", 1, 0, "第1期", "running", None, None)


def facts(**given) -> Facts:
    empty = Facts(
        departments=0,
        led=0,
        has_office=True,
        rounds={},
        pilots=[],
        tried=0,
        expansions={},
        yearly=0,
    )
    return replace(empty, **given)


STEPS = [
    ({}, 0, "次は部署の登録です。担当は事務局です。"),
    ({"departments": 12, "led": 10}, 0, "所属長のいない部署が2部署あります。"),
    ({"departments": 12, "led": 12}, 1, "次は準備度評価の受付開始です。担当は事務局です。"),
    (
        {"rounds": {"第1回": Counter({"confirmed": 9, "entering": 3})}},
        1,
        "第1回は12部署のうち9部署が確定しています。",
    ),
    ({"rounds": {"第1回": CONFIRMED}}, 2, "次は試行の計画と決裁です。担当は事務局と所属長です。"),
    ({"pilots": [RUNNING]}, 3, "次は試行の開始です。担当は試行の責任者です。"),
    ({"expansions": {"deciding": ["第2期"]}}, 3, "「第2期」の展開申請が決裁中です。"),
    ({"expansions": {"approved": ["第2期"]}, "tried": 2}, 4, "12部署のうち2部署で実施"),
    ({"tried": 12}, 5, "次は年次レビューの決裁です。"),
    ({"yearly": 1}, 6, ""),
]


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_the_first_phase_that_is_not_done_is_now(number):
    given = {key: value for step in STEPS[: number + 1] for key, value in step[0].items()}
    found = phases(facts(**given))
    now = [(phase.number, phase.note) for phase in found if phase.state == "now"]
    assert now == [(STEPS[number][1], STEPS[number][2])]
    assert [phase.state for phase in found[: now[0][0]]] == ["done"] * now[0][0]
    assert {phase.state for phase in found[now[0][0] + 1 :]} <= {"todo"}


def test_a_second_round_under_way_does_not_undo_the_first():
    given = {
        "departments": 12,
        "led": 12,
        "rounds": {"第1回": CONFIRMED, "第2回": Counter({"entering": 12})},
    }
    assert phases(facts(**given))[1].state == "done"


def test_without_an_office_nothing_is_done():
    assert phases(facts(departments=1, led=1, has_office=False))[0].state == "now"
