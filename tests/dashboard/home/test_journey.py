"""The seven phases are told from what is there, and only one of them is now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dashboard.home.journey import Progress, RoundProgress, phases

CONFIRMED = RoundProgress("第1回", asked=12, confirmed=12)
HALF_CONFIRMED = RoundProgress("第1回", asked=12, confirmed=9)


def progress(**given) -> Progress:
    empty = Progress(
        rounds=[],
        departments=0,
        led=0,
        tried=0,
        has_office=True,
        has_decided_pilot=False,
        has_running_pilot=False,
        has_approved_expansion=False,
        has_deciding_expansion=False,
        has_decided_year=False,
    )
    return replace(empty, **given)


STEPS = [
    ({}, 0, "次は部署の登録です。担当は事務局です。"),
    ({"departments": 12, "led": 10}, 0, "所属長のいない部署が2部署あります。"),
    ({"departments": 12, "led": 12}, 1, "次は準備度評価の受付開始です。担当は事務局です。"),
    ({"rounds": [HALF_CONFIRMED]}, 1, "第1回は12部署のうち9部署が確定しています。"),
    ({"rounds": [CONFIRMED]}, 2, "次は試行の計画と決裁です。担当は事務局と所属長です。"),
    (
        {"has_decided_pilot": True, "decided_pilot": "第1期"},
        3,
        "次は試行の開始です。担当は試行の責任者です。",
    ),
    (
        {
            "has_running_pilot": True,
            "running_pilot": "第1期",
            "running_until": date(2026, 12, 25),
        },
        3,
        "「第1期」を令和8年12月25日(金)まで実施し、結果から展開を申請します。",
    ),
    (
        {"has_deciding_expansion": True, "deciding_expansion": "第2期"},
        3,
        "「第2期」の展開申請が決裁中です。",
    ),
    (
        {"has_approved_expansion": True, "approved_expansion": "第2期", "tried": 2},
        4,
        "12部署のうち2部署で実施",
    ),
    ({"tried": 12}, 5, "次は年次レビューの決裁です。"),
    ({"has_decided_year": True}, 6, ""),
]


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_the_first_phase_that_is_not_done_is_now(number):
    given = {key: value for step in STEPS[: number + 1] for key, value in step[0].items()}
    shown = phases(progress(**given))
    now = [(phase.number, phase.note) for phase in shown if phase.state == "now"]
    assert now == [(STEPS[number][1], STEPS[number][2])]
    assert [phase.state for phase in shown[: now[0][0]]] == ["done"] * now[0][0]
    assert {phase.state for phase in shown[now[0][0] + 1 :]} <= {"todo"}


def test_a_second_round_under_way_does_not_undo_the_first():
    given = {
        "departments": 12,
        "led": 12,
        "rounds": [CONFIRMED, RoundProgress("第2回", asked=12, confirmed=0)],
    }
    assert phases(progress(**given))[1].state == "done"


def test_without_an_office_nothing_is_done():
    assert phases(progress(departments=1, led=1, has_office=False))[0].state == "now"
