"""任用区分: who counts as staff."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.core.refusals import Conflict, Denied
from municipality.organisation.models import EmploymentKind, Member, Posting
from municipality.organisation.operations import employment_kinds as operations
from municipality.organisation.queries import staff_postings
from municipality.organisation.staff_on import roster_on
from municipality.transfers.staffing_checks import people_gaps
from tests.build.municipality import a_body, a_department, a_member, at, root_of, signed_in

pytestmark = pytest.mark.django_db

NOW = at(2026, 5, 1)


@pytest.fixture
def body():
    return a_body()


def staff(body) -> set[str]:
    rows = staff_postings(Posting.objects.of(body).on(date(2026, 5, 1)))
    return set(rows.values_list("member__name", flat=True))


def test_a_body_gets_its_kinds_and_names_those_who_are_no_staff(body):
    unit = a_department(body)
    a_member(root_of(body), "executive", post="町長", name="町長")
    a_member(root_of(body), "consultant", name="専門家")
    a_member(unit, "auditor", "staff", name="監査も職員も")
    a_member(unit, name="正規", employment="正規職員")
    a_member(unit, name="空欄")
    operations.keep_employment_kinds(body, NOW)
    assert dict(Member.objects.values_list("name", "employment")) == {
        "町長": "特別職",
        "専門家": "外部",
        "監査も職員も": "",
        "正規": "正規職員",
        "空欄": "",
    }
    assert operations.kinds_of(body) == {
        "正規職員": True,
        "特別職": False,
        "外部": False,
        "外部専門家": False,
        "監査委員": False,
    }
    assert staff(body) == {"監査も職員も", "正規", "空欄"}


def test_a_later_kind_is_added_and_nobody_is_renamed_again(body):
    operations.keep_employment_kinds(body, NOW)
    a_member(root_of(body), "executive", post="町長", name="新町長")
    a_member(root_of(body), name="再任用", employment="再任用")
    operations.keep_employment_kinds(body, NOW)
    assert Member.objects.get(name="新町長").employment == ""
    assert operations.kinds_of(body)["再任用"] is True


def test_the_office_decides_what_counts(body):
    unit = a_department(body)
    office = a_member(unit, "office")
    a_member(unit, name="嘱託", employment="嘱託")
    operations.keep_employment_kinds(body, NOW)
    kind = EmploymentKind.objects.get(name="嘱託")
    client = signed_in(office)
    page = f"/{body.pk}/settings/employment-kinds/"
    client.post(f"{page}{kind.pk}/count/", {"edition": kind.edition})
    assert "嘱託" not in staff(body)
    words = client.get(page).content.decode()
    assert "数えない" in words
    assert "変更した人" in words
    assert client.post(page, {"name": "非常勤", "counts_as_staff": "on"}).status_code == 302
    with pytest.raises(Conflict):
        operations.add_employment_kind(
            body, name="非常勤", counts_as_staff=True, by=office, now=NOW
        )
    with pytest.raises(Denied):
        operations.count_as_staff(
            kind, counts=True, edition=2, by=a_member(unit, "manager"), now=NOW
        )


def test_the_check_lists_people_from_outside_who_count_as_staff(body):
    a_member(root_of(body), "consultant", name="専門家")

    def outside() -> list[str]:
        gaps = people_gaps(body, roster_on(body, date(2026, 5, 1)), NOW)
        return [gap.text for gap in gaps if gap.code == "member.outside"]

    assert outside() == ["専門家"]
    operations.keep_employment_kinds(body, NOW)
    assert outside() == []
