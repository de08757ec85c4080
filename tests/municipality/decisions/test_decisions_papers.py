"""What lies beside a decision: papers with their hash, 文書番号, decisions made outside, and
供覧.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from municipality.audit.models import Entry, EntryContent
from municipality.core.refusals import Conflict, Denied
from municipality.deadlines.queries import due_things
from municipality.decisions.forms.papers import MOST_BYTES, PaperForm, plain_name
from municipality.decisions.models import Attachment, Circulation, Decision, Revision
from municipality.decisions.operations import papers
from municipality.decisions.operations.circulation import circulate, note_read
from municipality.decisions.operations.decisions import approve, submit_decision, take_back
from municipality.decisions.operations.document_numbers import keep_document, record_decision
from municipality.decisions.operations.papers import add_paper, leave_out, open_paper
from municipality.notifications.models import Notice
from municipality.organisation.models import Post
from tests.build import decisions as build
from tests.build.municipality import a_body, a_department, a_member, at, root_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("invented_matter")]
DAY, NOW, LATER = date(2026, 11, 4), at(2026, 11, 4), at(2026, 11, 4, 15)
PDF = b"%PDF-1.7 decided"


@pytest.fixture
def town():
    """総務課: its 課長 decides what 西村 drafted."""

    class Town:
        body = a_body()
        soumu = a_department(body, "総務課")
        drafter = a_member(soumu, name="西村 航")
        chief = a_member(soumu, "manager", name="髙瀬 由紀", post="課長")
        reader = a_member(soumu, name="大石 健")
        office = a_member(root_of(body), "office", name="事務局 一")
        route = build.a_route(soumu, (1, "decide", "課長", soumu))
        draft = build.a_draft(drafter, soumu)

    return Town


def add(town, name="見積書.txt", content=b"1,848,000", by=None):
    return add_paper(town.draft, name=name, content=content, by=by or town.drafter, now=NOW)


def submit(town):
    return submit_decision(town.draft, by=town.drafter, now=NOW)


def test_papers_are_frozen_with_the_content_and_its_hash_covers_them(town):
    paper = add(town)
    submit(town)
    digest = hashlib.sha256(b"1,848,000").hexdigest()
    assert (paper.number, paper.role, paper.sha256) == (1, "attached", digest)
    assert Revision.objects.get().content["attachments"] == [["見積書.txt", 9, digest]]


def test_what_is_added_while_it_runs_is_another_kind_and_leaves_the_frozen_hash_alone(town):
    add(town)
    submit(town)
    before = Revision.objects.get().hash
    later = add(town, "追加.txt", b"more", by=town.chief)
    assert (later.number, later.role, Revision.objects.get().hash) == (2, "later", before)
    approve(build.step_of(town.draft, 1), by=town.chief, now=LATER)
    with pytest.raises(Conflict):
        add(town, "遅い.txt")


def test_a_stranger_adds_nothing(town):
    submit(town)
    for person in (town.reader, town.office):
        with pytest.raises(Denied):
            add(town, by=person)


def test_what_was_frozen_is_left_out_of_the_next_revision_and_never_deleted(town):
    paper = add(town)
    submit(town)
    with pytest.raises(Conflict):
        leave_out(paper, by=town.drafter, now=LATER)
    take_back(town.draft, by=town.drafter, now=LATER)
    leave_out(paper, by=town.drafter, now=LATER)
    add(town, "見積書.txt", b"1,500,000")
    submit(town)
    first, second = Revision.objects.order_by("number")
    assert [row.content["attachments"][0][1:] for row in (first, second)] == [
        [9, hashlib.sha256(b"1,848,000").hexdigest()],
        [9, hashlib.sha256(b"1,500,000").hexdigest()],
    ]
    assert open_paper(Attachment.objects.get(number=1), by=town.drafter) == b"1,848,000"


def test_what_was_never_frozen_goes_for_good(town):
    leave_out(add(town), by=town.drafter, now=NOW)
    assert not Attachment.objects.exists()


def test_a_paper_that_was_altered_is_not_handed_out_and_stops_the_decision(town):
    paper = add(town)
    submit(town)
    Attachment.objects.filter(pk=paper.pk).update(content=b"9,999,999")
    with pytest.raises(Conflict):
        open_paper(Attachment.objects.get(), by=town.chief)
    Attachment.objects.filter(pk=paper.pk).update(sha256=hashlib.sha256(b"9,999,999").hexdigest())
    with pytest.raises(Conflict):
        approve(build.step_of(town.draft, 1), by=town.chief, now=LATER)


def altered(town):
    submit(town)
    Revision.objects.update(content={**Revision.objects.get().content, "lead": "別の伺い"})
    with pytest.raises(Conflict):
        approve(build.step_of(town.draft, 1), by=town.chief, now=LATER)


def test_nobody_approves_what_no_longer_fits_its_hash(town):
    altered(town)


@pytest.mark.selfcheck
def test_without_the_check_of_the_hash_it_is_approved(town, monkeypatch):
    monkeypatch.setattr(
        "municipality.decisions.operations.decisions.require_unaltered", lambda decision: None
    )
    with pytest.raises(pytest.fail.Exception):
        altered(town)


def test_papers_have_a_limit_of_number(town):
    for number in range(papers.MOST_PAPERS):
        add(town, name=f"見積書{number}.txt", content=b"%d" % number)
    with pytest.raises(Conflict):
        add(town, content=b"")


def test_papers_have_a_limit_of_size_together(town, monkeypatch):
    add(town)
    monkeypatch.setattr(papers, "MOST_BYTES_TOGETHER", 12)
    with pytest.raises(Conflict):
        add(town)
    add(town, content=b"abc")


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("中間評価.pdf", PDF, True),
        ("見積書.XLSX", b"PK\x03\x04rest", True),
        ("絵.png", b"\x89PNG\r\n\x1a\nrest", True),
        ("覚え.txt", "髙﨑𠮷".encode(), True),
        ("名前だけ.pdf", b"<script>alert(1)</script>", False),
        ("実行.exe", b"MZ", False),
        ("頁.html", b"<b>", False),
        ("絵.svg", b"<svg/>", False),
        ("二重.pdf.js", PDF, False),
        ("無印", PDF, False),
        ("空.pdf", b"", False),
        ("零.txt", b"a\x00b", False),
    ],
)
def test_a_paper_is_what_it_says_it_is(name, content, taken):
    form = PaperForm({}, {"file": SimpleUploadedFile(name, content)})
    assert form.is_valid() is taken
    assert taken or list(form.errors) == ["file"]


def test_too_large_a_paper_is_refused():
    form = PaperForm({}, {"file": SimpleUploadedFile("大.txt", b"a" * (MOST_BYTES + 1))})
    assert "10MB以内" in str(form.errors)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/中間.pdf", "中間.pdf"),
        ("C:\\temp\\中間.pdf", "中間.pdf"),
        ("gnp.\u202efdp.pdf", "gnp.fdp.pdf"),
        ("改\r\n行.pdf", "改行.pdf"),
        ("長" * 150 + ".pdf", "長" * 96 + ".pdf"),
    ],
)
def test_a_file_name_misleads_nobody(typed, kept):
    assert plain_name(typed) == kept


def test_number_and_retention_are_kept_with_what_they_were(town):
    with pytest.raises(Denied):
        keep_document(town.draft, number="1", retention_years=5, edition=1, by=town.chief, now=NOW)
    keep_document(
        town.draft,
        number="あ企第318号",
        retention_years=10,
        edition=town.draft.edition,
        by=town.office,
        now=NOW,
    )
    assert (town.draft.number, town.draft.retention_years) == ("あ企第318号", 10)
    told = EntryContent.objects.get(entry__verb="decision.document_changed").body
    assert (told["before"], told["after"]) == (
        {"number": "", "retention_years": 5},
        {"number": "あ企第318号", "retention_years": 10},
    )
    with pytest.raises(Conflict):
        keep_document(
            town.draft, number="x", retention_years=1, edition=1, by=town.drafter, now=NOW
        )


# --- decided outside ------------------------------------------------------------------------------


def recorded(town, by=None, **facts):
    post = Post.objects.get(municipality=town.body, title="課長")
    given = {
        "number": "あ企第318号",
        "decided_on": DAY,
        "department": town.soumu,
        "post": post,
        **facts,
    }
    return record_decision(
        town.draft, **given, name="決裁.pdf", content=PDF, by=by or town.office, now=LATER
    )


@pytest.mark.parametrize("state", ["draft", "running", "returned"])
def test_a_decision_made_on_paper_is_recorded_and_the_subject_behaves_as_decided(town, state):
    if state != "draft":
        submit(town)
    if state == "returned":
        take_back(town.draft, by=town.drafter, now=NOW)
    build.calls.clear()
    recorded(town)
    decision = Decision.objects.get()
    assert (decision.state, decision.number, decision.decided_on) == ("decided", "あ企第318号", DAY)
    assert (decision.decided_post, decision.recorded_by) == ("総務課 課長", town.office)
    assert build.calls == [("decided", decision.pk)]
    assert decision.attachments.get().role == "record"
    assert set(decision.steps.values_list("state", flat=True)) <= {"ended"}
    assert decision.revisions.get(number=decision.revision).content["lead"]
    assert Notice.objects.filter(member=town.drafter, rule="decision.decided").count() == 1
    with pytest.raises(Conflict):
        recorded(town)


def test_only_the_office_records_it_and_nobody_their_own_draft(town):
    for person in (town.chief, town.drafter, town.reader):
        with pytest.raises(Denied):
            recorded(town, by=person)
    own = build.a_draft(town.office, town.soumu, subject_id=2)
    town.draft = own
    with pytest.raises(Denied) as refused:
        recorded(town)
    assert "自分が起案したもの" in str(refused.value.no.reason)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=own.pk).update(recorded_by=town.office, decided_on=DAY)


# --- 供覧 -----------------------------------------------------------------------------------------


def test_a_person_and_a_post_read_it_once_it_is_decided(town):
    clerk = Post.objects.get(municipality=town.body, title="主事")
    circulate(town.draft, member=town.office, by=town.drafter, now=NOW)
    circulate(town.draft, department=town.soumu, post=clerk, by=town.drafter, now=NOW)
    submit(town)
    assert not Decision.objects.visible_to(town.reader).exists()
    assert Notice.objects.filter(rule="decision.to_read").count() == 0
    approve(build.step_of(town.draft, 1), by=town.chief, now=LATER)
    assert list(Decision.objects.visible_to(town.reader)) == [town.draft]
    told = set(Notice.objects.filter(rule="decision.to_read").values_list("member", flat=True))
    assert told == {town.office.pk, town.drafter.pk, town.reader.pk}
    assert [(due.rule, due.member_id) for due in due_things(town.body, DAY)] == [
        ("decision.read", town.office.pk),
        ("decision.read_by_post", town.drafter.pk),
        ("decision.read_by_post", town.reader.pk),
    ]
    note_read(town.draft, by=town.reader, now=LATER)
    note_read(town.draft, by=town.office, now=LATER)
    assert due_things(town.body, DAY + timedelta(days=30)) == []
    with pytest.raises(Conflict):
        note_read(town.draft, by=town.reader, now=LATER)


def test_who_is_not_named_notes_nothing_and_orders_nothing(town):
    circulate(town.draft, member=town.reader, by=town.office, now=NOW)
    with pytest.raises(Denied):
        note_read(town.draft, by=town.chief, now=NOW)
    with pytest.raises(Denied):
        circulate(town.draft, member=town.chief, by=town.chief, now=NOW)
    with pytest.raises(Conflict):
        circulate(town.draft, member=town.reader, by=town.office, now=NOW)
    with pytest.raises(Conflict):
        note_read(town.draft, by=town.reader, now=NOW)


def test_a_circulation_goes_to_a_person_or_to_a_post(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        Circulation.objects.create(municipality=town.body, decision=town.draft, named_at=NOW)


def test_reading_a_paper_leaves_a_line_in_the_log(town):
    add(town)
    open_paper(Attachment.objects.get(), by=town.drafter)
    assert Entry.objects.filter(verb="decision.paper_read").count() == 1
