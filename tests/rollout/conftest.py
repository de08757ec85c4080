"""The town that the tests of this app share."""

from __future__ import annotations

import pytest

from tests.build.municipality import a_body, a_department, a_member, root_of, with_duty


@pytest.fixture
def town():
    """総務課 and 税務課 with a manager, a clerk and staff each; the office, a consultant and others
    beside them.
    """

    class Town:
        body = a_body()
        root = root_of(body)
        soumu = a_department(body, "総務課")
        zeimu = a_department(body, "税務課")
        manager = a_member(soumu, "manager", name="髙瀬 由紀", post="課長")
        other_manager = a_member(zeimu, "manager", name="木戸 明里", post="課長")
        staff = a_member(soumu, name="西村 航")
        clerk = a_member(soumu, name="小椋 栞")
        office = a_member(soumu, "office", name="戸塚 葵", post="係長")
        second_office = a_member(soumu, "office", name="野々村 圭", post="主任")
        consultant = a_member(root, "consultant", name="三枝 千景")
        hr = a_member(soumu, "hr", name="古賀 亮")
        auditor = a_member(root, "auditor", name="朝倉 仁")
        executive = a_member(root, "executive", name="榊原 誠一", post="副町長")

    with_duty(Town.clerk, "clerk", Town.soumu)
    return Town
