"""The town that the tests of this app share."""

from __future__ import annotations

import pytest

from tests.build.municipality import a_body, a_department, a_member, root_of


@pytest.fixture
def town():
    """総務課 with a unit below it and 税務課, each with a manager and staff; the office, HR and
    others beside them.
    """

    class Town:
        body = a_body()
        root = root_of(body)
        soumu = a_department(body, "総務課")
        unit = a_department(body, "庶務係", parent=soumu, kind="unit")
        zeimu = a_department(body, "税務課")
        manager = a_member(soumu, "manager", name="髙瀬 由紀", post="課長")
        staff = a_member(unit, name="西村 航", number="S0101")
        colleague = a_member(unit, name="小椋 栞", number="S0102")
        other_manager = a_member(zeimu, "manager", name="木戸 明里", post="課長")
        other_staff = a_member(zeimu, name="江口 渉", number="S0103")
        office = a_member(soumu, "office", name="戸塚 葵", post="係長")
        hr = a_member(soumu, "hr", name="古賀 亮")
        auditor = a_member(root, "auditor", name="朝倉 仁")
        executive = a_member(root, "executive", name="榊原 誠一", post="副町長")
        consultant = a_member(root, "consultant", name="三枝 千景")

    return Town
