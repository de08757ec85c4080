"""決裁 on the page: what one may do, what came too late, what changed since, papers, the printed
sheet, and what it costs.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from municipality.core.registry import deadlines
from municipality.deadlines.queries import owed_by_others
from municipality.decisions.models import Absence, Attachment, Decision, Revision
from municipality.decisions.operations.circulation import circulate
from municipality.decisions.operations.decisions import approve
from municipality.decisions.operations.papers import add_paper
from municipality.organisation.models import Member, Posting
from tests.build import decisions as build
from tests.build.municipality import (
    a_body,
    a_department,
    a_member,
    also_posted,
    at,
    root_of,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
PDF = b"%PDF-1.7 decided"


@pytest.fixture
def town():
    """総務課: two 課長 (合議 with 税務課長), then the 副町長 decides; a decision that waits for the
    first.
    """

    class Town:
        body = a_body()
        root = root_of(body)
        soumu = a_department(body, "総務課")
        zeimu = a_department(body, "税務課")
        drafter = a_member(soumu, name="西村 航")
        chief = a_member(soumu, "manager", name="髙瀬 由紀", post="課長")
        second = a_member(soumu, "manager", name="山﨑 修", post="課長")
        tax = a_member(zeimu, "manager", name="木戸 明里", post="課長")
        vice = a_member(root, "executive", name="神田 美智子", post="副町長")
        office = a_member(root, "office", name="事務局 一")
        route = build.a_route(
            soumu,
            (1, "approve", "課長", soumu),
            (2, "agree", "課長", zeimu),
            (3, "decide", "副町長", root),
        )
        decision = build.a_running(drafter, soumu, now=timezone.now())

        def page(self, who, name="decision", **facts):
            return signed_in(who).get(self.address(name, **facts))

        def post(self, who, name, *more, **data):
            return signed_in(who).post(self.address(name, *more), data)

        def address(self, name="decision", *more):
            return reverse(f"municipality:{name}", args=[self.body.pk, self.decision.pk, *more])

    return Town()


def text(answer):
    return answer.content.decode()


def approved(town, order, by):
    approve(build.step_of(town.decision, order), by=by, now=timezone.now())


@pytest.mark.parametrize(
    ("today", "words", "others"),
    [
        ((2026, 12, 4), "今日まで", "期限を過ぎています"),
        ((2026, 12, 5), "期限を過ぎています", "今日まで"),  # the Saturday after it
    ],
)
def test_a_turn_is_late_on_the_closed_days_after_its_due_date(
    town, monkeypatch, today, words, others
):
    town.decision.steps.update(due_on=date(2026, 12, 4))
    monkeypatch.setattr(timezone, "now", lambda: at(*today))
    page = text(town.page(town.chief))
    assert words in page
    assert others not in page


def test_who_comes_second_reads_who_was_first_on_the_page_as_it_is_now_with_what_they_typed(town):
    step = build.step_of(town.decision, 1)
    approved(town, 1, town.chief)
    answer = town.post(
        town.second, "decision_return", step=step.pk, comment="上限を週2日に改めてください。"
    )
    assert answer.status_code == 409
    page = text(answer)
    assert "課長の髙瀬 由紀さんが" in page
    assert "あなたの操作は記録していません" in page
    assert "上限を週2日に改めてください。" in page
    assert "税務課長" in page, "the 決裁欄 as it is now"


@pytest.mark.parametrize("action", ["approve", "return", "reject"])
@pytest.mark.parametrize("order", [2, 3])
def test_nobody_answers_before_their_turn_whatever_step_is_sent(town, order, action):
    step = build.step_of(town.decision, order)
    who = {2: town.tax, 3: town.vice}[order]
    answer = town.post(who, f"decision_{action}", step=step.pk, comment="先に決めます。")
    assert answer.status_code == 409
    assert "この段階は、いまは確認の対象ではありません" in text(answer) or (order, action) == (
        2,
        "reject",
    )
    assert set(town.decision.steps.values_list("order", "state")) == {
        (1, "current"),
        (2, "waiting"),
        (3, "waiting"),
    }


def test_what_was_typed_stands_in_the_field_while_one_may_still_act(town):
    also_posted(town.second, town.zeimu, post="課長")
    step = build.step_of(town.decision, 1)
    approved(town, 1, town.chief)
    page = text(town.post(town.second, "decision_approve", step=step.pk, comment="確認しました。"))
    assert "確認しました。</textarea>" in page


def test_an_agreement_offers_no_rejection_and_calls_disagreement_by_its_name(town):
    approved(town, 1, town.chief)
    page = text(town.page(town.tax))
    assert ("不同意で差し戻す" in page, "却下する" in page, "同意する" in page) == (
        True,
        False,
        True,
    )
    step = build.step_of(town.decision, 2)
    assert (
        town.post(town.tax, "decision_reject", step=step.pk, comment="時期が早い。").status_code
        == 409
    )
    assert (
        town.post(town.tax, "decision_return", step=step.pk, comment="時期が早い。").status_code
        == 302
    )
    assert "不同意" in text(town.page(town.drafter))


def test_raising_says_whose_place_it_takes_and_marks_the_seal_field(town):
    approved(town, 1, town.chief)
    today = timezone.localdate()
    Absence.objects.create(
        municipality=town.body, member=town.tax, reason="病気休暇", starts_on=today, ends_on=today
    )
    page = text(town.page(town.vice))
    assert ("引き上げて承認する" in page, "課長の不在または欠員により引き上げます" in page) == (
        True,
        True,
    )
    assert (
        town.post(
            town.vice, "decision_approve", step=build.step_of(town.decision, 2).pk
        ).status_code
        == 302
    )
    page = text(town.page(town.tax))
    assert (
        '<abbr class="mark" title="引上げ">引</abbr>' in page,
        "後閲 未" in page,
        "後閲する" in page,
    ) == (True,) * 3
    assert "病気休暇" not in text(town.page(town.drafter)), (
        "why somebody is away is not for everybody"
    )


def test_the_page_says_whose_turn_it_is_since_when_and_who_may_stand_in(town):
    today = timezone.localdate()
    for person in (town.chief, town.second):
        Absence.objects.create(
            municipality=town.body, member=person, reason="出張", starts_on=today, ends_on=today
        )
    page = text(town.page(town.drafter))
    assert (
        "髙瀬 由紀、山﨑 修" in page,
        "代わりに確認できる人" in page,
        "神田 美智子" in page,
    ) == (True,) * 3
    assert "開庁日経過" in page


def test_what_changed_in_the_subject_since_is_shown_beside_what_was_frozen(town, monkeypatch):
    assert "元の内容が変わっています" not in text(town.page(town.chief))
    monkeypatch.setitem(build.content, "spec", [["対象部署", "総務課・税務課"]])
    page = text(town.page(town.chief))
    assert "決裁に回した後で、元の内容が変わっています" in page
    assert '<del><span class="vh">固定した内容 </span>総務課</del>' in page
    assert '<ins><span class="vh">いまの内容 </span>総務課・税務課</ins>' in page


def test_the_second_version_shows_what_it_changed(town, monkeypatch):
    step = build.step_of(town.decision, 1)
    town.post(town.chief, "decision_return", step=step.pk, comment="改めて")
    monkeypatch.setitem(build.content, "spec", [["対象部署", "税務課"]])
    assert town.post(town.drafter, "decision_submit").status_code == 302
    page = text(town.page(town.chief))
    assert "前の版との違い(1か所)" in page
    assert '<del><span class="vh">前の版 </span>総務課</del>' in page


def test_a_record_that_was_altered_is_said_and_cannot_be_approved(town):
    revision = Revision.objects.get()
    Revision.objects.filter(pk=revision.pk).update(content={**revision.content, "lead": "別の伺い"})
    page = text(town.page(town.chief))
    assert ("固定した内容と照合値が合いません" in page, "不一致" in page) == (True, True)
    assert "不一致" in text(town.page(town.chief, "decision_print"))
    assert (
        town.post(
            town.chief, "decision_approve", step=build.step_of(town.decision, 1).pk
        ).status_code
        == 409
    )


def test_the_drafter_takes_it_back_chooses_another_class_and_sends_it_again(town):
    other = build.a_route(town.soumu, (1, "decide", "副町長", town.root), name="副町長専決")
    assert town.post(town.drafter, "decision_take_back").status_code == 302
    page = text(town.page(town.drafter))
    assert ("副町長専決" in page, "決裁に回す" in page) == (True, True)
    assert town.post(town.drafter, "decision_submit", route=999999).status_code == 422
    assert town.post(town.drafter, "decision_submit", route=other.pk).status_code == 302
    assert Decision.objects.get().route == "副町長専決"


# --- papers ---------------------------------------------------------------------------------------


def test_a_paper_is_added_and_handed_out_to_be_saved_only(town):
    file = SimpleUploadedFile("見積書 第2版.pdf", PDF, "text/html")
    assert town.post(town.drafter, "decision_file_add", file=file).status_code == 302
    answer = signed_in(town.chief).get(town.address("decision_file", 1))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (
        answer["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    )
    assert "no-store" in answer["Cache-Control"]
    assert "追加資料" in text(town.page(town.chief))


def test_a_bad_paper_is_refused_with_what_is_expected(town):
    file = SimpleUploadedFile("悪.pdf", b"<script>", "application/pdf")
    answer = town.post(town.drafter, "decision_file_add", file=file)
    assert answer.status_code == 422
    assert "ファイルの中身が、名前の種類と合いません" in text(answer)
    assert not Attachment.objects.exists()


def test_who_does_not_see_the_decision_does_not_see_its_papers(town):
    add_paper(town.decision, name="a.txt", content=b"a", by=town.drafter, now=timezone.now())
    stranger = a_member(town.zeimu)
    assert signed_in(stranger).get(town.address("decision_file", 1)).status_code == 404
    assert signed_in(town.drafter).get(town.address("decision_file", 2)).status_code == 404


def test_number_and_retention_are_edited_and_a_stale_form_is_refused(town):
    data = {"number": "あ企第318号", "retention_years": 10, "edition": town.decision.edition}
    assert town.post(town.office, "decision_document", **data).status_code == 302
    assert town.post(town.office, "decision_document", **data).status_code == 409
    page = text(town.page(town.drafter))
    assert ("あ企第318号" in page, "10年" in page) == (True, True)
    assert town.page(town.chief, "decision_document").status_code == 403


def test_a_decision_on_paper_is_recorded_by_the_office(town):
    post = Posting.objects.get(member=town.vice).post_id
    data = {
        "number": "あ企第318号",
        "decided_on": "2026-11-04",
        "department": town.root.pk,
        "post": post,
    }
    later = {**data, "decided_on": "2999-01-01", "file": SimpleUploadedFile("決裁.pdf", PDF)}
    assert town.post(town.office, "decision_record", **later).status_code == 422
    assert (
        town.post(
            town.office, "decision_record", **data, file=SimpleUploadedFile("決.docx", PDF)
        ).status_code
        == 422
    )
    assert (
        town.post(
            town.office, "decision_record", **data, file=SimpleUploadedFile("決裁.pdf", PDF)
        ).status_code
        == 302
    )
    page = text(town.page(town.drafter))
    assert "紙または文書管理システムで決裁されました" in page
    assert "あおば町 副町長が決裁(文書番号 あ企第318号)。事務局 一が記録しました。" in page


def test_who_is_to_read_it_finds_it_and_notes_it(town):
    reader = a_member(town.zeimu, name="大石 健")
    assert town.post(town.drafter, "decision_circulate", member=reader.number).status_code == 302
    assert (
        town.post(
            town.drafter, "decision_circulate", member="", department=town.zeimu.pk
        ).status_code
        == 422
    )
    assert town.page(reader).status_code == 404
    for order, by in ((1, town.chief), (2, town.tax), (3, town.vice)):
        approved(town, order, by)
    home = text(signed_in(reader).get(f"/{town.body.pk}/"))
    assert "の供覧" in home
    assert "確認しました" in text(town.page(reader))
    assert town.post(reader, "decision_read").status_code == 302
    assert "の供覧" not in text(signed_in(reader).get(f"/{town.body.pk}/"))
    assert "に確認" in text(town.page(town.drafter))


def test_the_printed_sheet_has_its_seals_its_hash_and_its_foot(town):
    approved(town, 1, town.chief)
    page = text(town.page(town.office, "decision_print"))
    assert "課長 髙瀬の印" in page
    assert Revision.objects.get().hash in page
    assert 'class="paper-foot"' in page
    assert "事務局 一 印刷" in page


def tab_of(town, who):
    page = signed_in(who).get(f"/{town.body.pk}/decisions/")
    return page.context["listing"], next(tab for tab in page.context["tabs"] if tab.current)


def test_the_list_opens_with_the_first_tab_that_holds_any(town):
    """Staff and experts, whose turn it never is, would come to an empty page."""
    for who, label in (
        (town.chief, "あなたの番"),
        (town.office, "ほかの人の番"),
        (town.drafter, "ほかの人の番"),
    ):
        listing, tab = tab_of(town, who)
        assert (tab.label, len(listing.rows)) == (label, 1), who


def test_what_home_counts_as_waiting_for_others_is_what_the_link_leads_to(town):
    """Two holders of a post are asked about one decision."""
    build.a_running(town.drafter, town.soumu, subject_id=2, now=timezone.now())
    today = timezone.localdate()
    [owed] = [
        row
        for row in owed_by_others(Member.objects.get(pk=town.office.pk), today)
        if row.rule == "decision.step"
    ]
    kind = deadlines()[owed.rule]
    address = f"/{town.body.pk}/decisions/?{kind.list_query}"
    rows = signed_in(town.office).get(address).context["listing"].rows
    assert (owed.count, len(rows)) == (2, 2)


# --- what it costs --------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_much_lies_beside_it(town, rows, django_assert_num_queries):
    for number in range(rows):
        add_paper(
            town.decision, name=f"{number}.txt", content=b"a", by=town.drafter, now=timezone.now()
        )
        circulate(town.decision, member=a_member(town.zeimu), by=town.drafter, now=timezone.now())
    client = signed_in(town.chief)
    client.get(town.address())
    with django_assert_num_queries(14):
        assert client.get(town.address()).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("tab", ["mine", "others", "drafted", "all"])
def test_the_list_costs_the_same_however_long_it_is(town, rows, tab, django_assert_num_queries):
    for number in range(1, rows):
        build.a_running(town.drafter, town.soumu, subject_id=number + 1, now=timezone.now())
    client = signed_in(town.chief)
    client.get(f"/{town.body.pk}/decisions/?tab={tab}")
    with django_assert_num_queries(7 if tab == "drafted" else 9):
        assert client.get(f"/{town.body.pk}/decisions/?tab={tab}").status_code == 200
