"""The file of people: one row per posting, and what it must not do to anybody's account."""

from __future__ import annotations

from datetime import date

import pytest

from municipality.accounts.models import User
from municipality.imports.operations.imports import take_in
from municipality.imports.people import known_ranks
from municipality.organisation.models import Grant, Member, Post, Posting
from tests.build.municipality import a_body, a_department, a_member, an_account, at, root_of

pytestmark = pytest.mark.django_db
NOW = at(2026, 5, 1)
HEAD = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日"
HANAKO = "000123,山﨑 花子,ヤマザキ ハナコ,hanako@town.example.jp,0101,主事,職員,本務,2026-04-01,"


def take(body, *lines, head=HEAD, code="utf-8", now=NOW):
    return take_in(body, "people", "people.csv", "\r\n".join([head, *lines]).encode(code), now=now)


def told(body, *lines, **how):
    return [str(finding) for finding in take(body, *lines, **how).findings]


@pytest.fixture
def body():
    body = a_body()
    a_department(body, "総務課", code="0101")
    a_department(body, "税務課", code="0102")
    return body


def test_a_row_becomes_a_person_with_a_posting_and_roles(body):
    plan = take(body, HANAKO.replace("主事,職員", "課長,所属長・事務局"))
    assert str(plan) == "追加 1 変更 0 変更なし 0 終了 0"
    member = Member.objects.get(number="000123")
    posting = member.postings.get()
    assert (member.name, member.kana, member.mail, member.user) == (
        "山﨑 花子",
        "ヤマザキ ハナコ",
        "hanako@town.example.jp",
        None,
    )
    assert (posting.department.code, posting.post.title, posting.kind, posting.status) == (
        "0101",
        "課長",
        "main",
        "present",
    )
    assert sorted(posting.grants.values_list("role", flat=True)) == ["manager", "office"]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp932"])
def test_the_same_file_again_changes_nothing(body, code):
    lines = [HANAKO, "000124,髙瀬 由紀,タカセ ユキ,,0102,課長,所属長,本務,R8.4.1,令和9年3月31日"]
    take(body, *lines)
    before = [
        list(model.objects.order_by("pk").values()) for model in (Member, Posting, Grant, Post)
    ]
    assert str(take(body, *lines, code=code)) == "追加 0 変更 0 変更なし 2 終了 0"
    assert [
        list(model.objects.order_by("pk").values()) for model in (Member, Posting, Grant, Post)
    ] == before


@pytest.mark.parametrize("name", ["髙瀬 由紀", "山﨑 健", "𠮷野 家", "葛\U000e0100城 巌"])
def test_rare_letters_of_names_survive(body, name):
    take(body, HANAKO.replace("山﨑 花子", name))
    assert Member.objects.get(number="000123").name == name


def test_an_empty_department_is_the_body_itself(body):
    take(body, "000001,雨宮 登,アメミヤ ノボル,,,町長,決裁者,本務,2026-04-01,")
    assert Posting.objects.get(member__number="000001").department == root_of(body)


def test_an_unknown_post_is_added_with_its_usual_rank(body):
    plan = take(
        body,
        HANAKO.replace("主事", "課長補佐"),
        HANAKO.replace("000123", "000124").replace("主事", "推進専門官"),
    )
    assert plan.notes == [
        "新しい職位「課長補佐」を順位6で登録します。",
        "新しい職位「推進専門官」を順位50で登録します。",
    ]
    assert dict(
        Post.objects.filter(title__in=["課長補佐", "推進専門官"]).values_list("title", "rank")
    ) == {
        "課長補佐": 6,
        "推進専門官": 50,
    }


def test_the_ranks_of_usual_posts_go_from_the_top_down():
    ranks = known_ranks()
    order = [
        ranks[title]
        for title in ("町長", "副町長", "部長", "課長", "課長補佐", "係長", "主任", "主事")
    ]
    assert order == sorted(order)
    assert len(set(order)) == len(order)


def test_several_postings_of_one_person(body):
    plan = take(body, HANAKO, HANAKO.replace("0101,主事,職員,本務", "0102,主任,職員,兼務"))
    assert plan.added == 2
    assert Member.objects.get(number="000123").postings.count() == 2


def test_a_transfer_ends_one_posting_and_begins_another(body):
    take(body, HANAKO)
    moved = HANAKO.replace("0101,主事,職員,本務,2026-04-01,", "0102,主任,職員,本務,2026-07-01,")
    plan = take(body, HANAKO + "2026-06-30", moved)
    assert str(plan) == "追加 1 変更 0 変更なし 0 終了 1"
    assert list(Posting.objects.values_list("starts_on", "ends_on").order_by("starts_on")) == [
        (date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), None),
    ]


def test_postings_that_are_absent_stay(body):
    take(body, HANAKO, HANAKO.replace("000123", "000124"))
    take(body, HANAKO)
    assert Posting.objects.filter(ends_on=None).count() == 2


def test_an_empty_end_means_still(body):
    take(body, HANAKO + "2026-06-30")
    assert str(take(body, HANAKO)) == "追加 0 変更 1 変更なし 0 終了 0"
    assert Posting.objects.get().ends_on is None


def test_roles_are_taken_over_as_they_stand(body):
    take(body, HANAKO)
    assert take(body, HANAKO.replace("職員,本務", "職員・人事,本務")).changed == 1
    assert sorted(Grant.objects.values_list("role", flat=True)) == ["hr", "staff"]


def test_kana_and_mail_change_and_an_empty_cell_says_nothing(body):
    take(body, HANAKO)
    plan = take(body, HANAKO.replace("hanako@", "yamazaki@").replace("ヤマザキ ハナコ", ""))
    member = Member.objects.get(number="000123")
    assert (plan.changed, member.mail, member.kana, member.edition) == (
        1,
        "yamazaki@town.example.jp",
        "ヤマザキ ハナコ",
        2,
    )


def test_mail_may_be_empty_and_shared(body):
    shared = "soumu@town.example.jp"
    plan = take(
        body,
        HANAKO.replace("hanako@town.example.jp", shared),
        HANAKO.replace("000123", "000124").replace("hanako@town.example.jp", shared),
    )
    assert (plan.added, Member.objects.filter(mail=shared).count()) == (2, 2)


def test_optional_columns_of_series_employment_and_status(body):
    head = f"{HEAD},番号系列,任用区分,状態"
    plan = take(
        body,
        f"{HANAKO},教委,会計年度任用職員,休職",
        f"{HANAKO.replace('山﨑 花子', '別人 太郎')},水道,,",
        head=head,
    )
    assert plan.added == 2
    first, second = Member.objects.order_by("series")
    assert (first.series, first.employment, first.postings.get().status) == (
        "教委",
        "会計年度任用職員",
        "leave",
    )
    assert (second.series, second.name, second.postings.get().status) == (
        "水道",
        "別人 太郎",
        "present",
    )


def test_without_the_column_a_leave_stays_a_leave(body):
    take(body, f"{HANAKO},休職", head=f"{HEAD},状態")
    assert take(body, HANAKO).unchanged == 1
    assert Posting.objects.get().status == "leave"


def test_a_space_in_the_name_makes_nobody_else(body):
    take(body, HANAKO)
    assert take(body, HANAKO.replace("山﨑 花子", "山﨑　花子")).unchanged == 1


def test_an_account_is_never_touched(body):
    take(body, HANAKO)
    user = an_account(Member.objects.get(number="000123"), "hanako")
    before = User.objects.values().get(pk=user.pk)
    take(body, HANAKO.replace("hanako@", "new@") + "2026-06-30")
    assert User.objects.values().get(pk=user.pk) == before
    assert Member.objects.get(number="000123").user == user


REFUSED = {
    "no number": ([HANAKO.replace("000123", "")], "行 2 列 職員番号 「」: 空欄です。"),
    "number in wide digits": (
        [HANAKO.replace("000123", "０００１")],
        "行 2 列 職員番号 「０００１」: 半角の英数字",
    ),
    "number as a float": (
        [HANAKO.replace("000123", "1.2E+05")],
        "行 2 列 職員番号 「1.2E+05」: 半角の英数字",
    ),
    "no name": ([HANAKO.replace("山﨑 花子", "")], "行 2 列 氏名 「」: 空欄です。"),
    "long kana": ([HANAKO.replace("ヤマザキ ハナコ", "ア" * 121)], "行 2 列 カナ 「ア"),
    "bad mail": (
        [HANAKO.replace("hanako@town", "hanako＠town")],
        "行 2 列 メール 「hanako＠town.example.jp」: メールアドレスの形",
    ),
    "unknown department": (
        [HANAKO.replace("0101", "9999")],
        "行 2 列 部署コード 「9999」: 登録されていない部署コード",
    ),
    "lost zero": (
        [HANAKO.replace("0101", "101")],
        "行 2 列 部署コード 「101」: 登録されていない部署コード",
    ),
    "no post": ([HANAKO.replace("主事", "")], "行 2 列 職位 「」: 空欄です。"),
    "unknown role": (
        [HANAKO.replace("職員,本務", "管理者,本務")],
        "行 2 列 役割 「管理者」: 職員・所属長・決裁者・事務局・人事・監査",
    ),
    "one unknown of two roles": (
        [HANAKO.replace("職員,本務", "職員・係長,本務")],
        "行 2 列 役割 「職員・係長」: ",
    ),
    "roles joined wrongly": (
        [HANAKO.replace("職員,本務", "職員/人事,本務")],
        "行 2 列 役割 「職員/人事」: ",
    ),
    "no role": ([HANAKO.replace("職員,本務", ",本務")], "行 2 列 役割 「」: 空欄です。"),
    "unknown kind": (
        [HANAKO.replace("本務", "主務")],
        "行 2 列 本務兼務 「主務」: 本務・兼務 のいずれか",
    ),
    "no day": ([HANAKO.replace("2026-04-01", "")], "行 2 列 開始日 「」: 空欄です。"),
    "no such day": (
        [HANAKO.replace("2026-04-01", "令和8年2月30日")],
        "行 2 列 開始日 「令和8年2月30日」: 日付を",
    ),
    "end before beginning": ([HANAKO + "R8.3.31"], "行 2 列 終了日 「R8.3.31」: 開始日より後"),
    "the same posting twice": (
        [HANAKO, HANAKO],
        "行 3 列 職員番号 「000123」: 同じ発令が行 2 にも",
    ),
    "the same posting in another calendar": (
        [HANAKO, HANAKO.replace("2026-04-01", "R8.4.1")],
        "行 3 列 職員番号 「000123」: 同じ",
    ),
    "two names for one number": (
        [HANAKO, HANAKO.replace("山﨑 花子", "山崎 花子").replace("本務", "兼務")],
        "行 3 列 氏名 「山崎 花子」: 同じ職員番号の別の行では",
    ),
    "two mails for one number": (
        [HANAKO, HANAKO.replace("hanako@", "h@").replace("本務", "兼務")],
        "行 3 列 メール 「h@town.example.jp」: 同じ職員番号の行 2 では「hanako@town.example.jp」",
    ),
    "two main postings at once": (
        [HANAKO, HANAKO.replace("0101", "0102").replace("2026-04-01", "2026-06-01")],
        "行 3 列 開始日 「2026-06-01」: 本務の期間が、行 2 の本務(総務課 主事)と重なっています。",
    ),
    "overlap of one day": (
        [HANAKO + "2026-06-01", HANAKO.replace("0101", "0102").replace("2026-04-01", "2026-06-01")],
        "行 3 列 開始日 「2026-06-01」: 本務の期間が、行 2 の本務",
    ),
    "missing column": ([HANAKO.rsplit(",", 1)[0]], "行 1 列 終了日 「」: この列がありません。"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_with_line_column_value_and_what_is_expected(body, name):
    lines, said = REFUSED[name]
    head = HEAD.rsplit(",", 1)[0] if name == "missing column" else HEAD
    assert told(body, *lines, head=head)[0].startswith(said)
    assert (Member.objects.count(), Posting.objects.count()) == (0, 0)


def test_another_name_for_a_number_that_is_taken_is_refused_with_the_way_out(body):
    take(body, HANAKO)
    (found,) = told(body, HANAKO.replace("山﨑", "佐藤"))
    assert found.startswith(
        "行 2 列 氏名 「佐藤 花子」: この職員番号は「山﨑 花子」で登録されています。"
    )
    assert found.endswith("改姓のときは、先に職員のページで氏名を変更してください。")


def test_a_main_posting_beside_one_that_still_runs_is_refused(body):
    take(body, HANAKO)
    found = told(body, HANAKO.replace("0101,主事", "0102,主任").replace("2026-04-01", "2026-07-01"))
    assert found[0].startswith(
        "行 2 列 開始日 「2026-07-01」: 登録済みの本務(総務課 主事 2026-04-01～)と期間が重なっています。"
    )


def test_a_department_that_has_ended_takes_nobody(body):
    row = a_department(body, "旧課", code="0199")
    type(row).objects.filter(pk=row.pk).update(ends_on=date(2026, 4, 30))
    assert told(body, HANAKO.replace("0101", "0199").replace("2026-04-01", "2026-05-01"))[
        0
    ].startswith(
        "行 2 列 開始日 「2026-05-01」: 部署「旧課」は令和8年4月30日(木)に終わっています。"
    )


def test_people_and_departments_of_another_body_do_not_count(body):
    other = a_body("993026", "みどり市")
    department = a_department(other, "総務課", code="0777")
    a_member(department, number="000123", name="別人 太郎")
    assert take(body, HANAKO).added == 1
    assert told(body, HANAKO.replace("000123", "000125").replace("0101", "0777"))[0].startswith(
        "行 2 列 部署コード 「0777」: 登録されていない"
    )


def test_queries_do_not_grow_with_the_rows(body, django_assert_max_num_queries):
    lines = [HANAKO.replace("000123", f"{n:06d}") for n in range(1, 401)]
    with django_assert_max_num_queries(60):
        assert take(body, *lines).added == 400
    ended = [line + "2027-03-31" for line in lines]
    with django_assert_max_num_queries(60):
        assert take(body, *ended).ended == 400
