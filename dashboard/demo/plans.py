"""What the demonstration bodies are made of: a town written out by hand, and larger bodies laid out
by rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.demo.accounts import ROLES
from dashboard.demo.names import Name, split
from municipality.organisation.models import Department, Municipality
from municipality.organisation.operations.departments import check_digit

KIND = Department.Kind


@dataclass(frozen=True)
class Unit:
    """A department: code, name, kind, code of the one above (empty: the body), and how many people
    are posted in it.
    """

    code: str
    name: str
    people: int
    kind: str = KIND.SECTION
    above: str = ""


@dataclass(frozen=True)
class CastMember:
    """A person of the cast: department (empty: the body itself), post, roles, and the role whose
    account is theirs.
    """

    department: str
    post: str
    name: Name
    roles: tuple[str, ...]
    account: str = ""


@dataclass(frozen=True)
class BodyPlan:
    """A body to be founded.

    `first` and `second` are the departments of its two waves, `office` runs the rollout, `general`
    is asked for its agreement. `accounts` are the roles that get one, with names of sign-in below
    `account_domain`.
    """

    code: str
    name: str
    kana: str
    kind: str
    domain: str
    head: str
    vice: str
    units: tuple[Unit, ...]
    cast: tuple[CastMember, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    office: str
    general: str
    accounts: tuple[str, ...] = ROLES
    account_domain: str = ""

    @property
    def answering(self) -> list[Unit]:
        """The departments that answer for work of their own: sections, not what stands above
        them.
        """
        return [unit for unit in self.units if unit.kind not in (KIND.BUREAU, KIND.DIVISION)]


def named(written: str, read: str) -> Name:
    """A name of the cast."""
    return Name(written, read)


def town() -> BodyPlan:
    """あおば町: twelve departments, 110 people. The smallest department lies below the threshold
    for small cells.
    """
    units = (
        Unit("0101", "総務課", 12),
        Unit("0102", "企画財政課", 14),
        Unit("0103", "税務課", 9),
        Unit("0104", "住民課", 10),
        Unit("0105", "福祉課", 10),
        Unit("0106", "子育て支援課", 11),
        Unit("0107", "健康推進課", 8),
        Unit("0108", "産業観光課", 7),
        Unit("0109", "建設課", 8),
        Unit("0110", "上下水道課", 6),
        Unit("0201", "教育委員会事務局", 8, KIND.OFFICE),
        Unit("0301", "議会事務局", 3, KIND.OFFICE),
    )
    named_there = (
        CastMember("0107", "課長", named("戸塚 葵", "トツカ アオイ"), ("manager", "staff")),
        CastMember("0106", "課長", named("𠮷田 恵子", "ヨシダ ケイコ"), ("manager", "staff")),
    )
    return BodyPlan(
        code="993018",
        name="あおば町",
        kana="アオバチョウ",
        kind=Municipality.Kind.TOWN,
        domain="aoba.example.jp",
        head="町長",
        vice="副町長",
        units=units,
        cast=(*cast("町長", "副町長", office="0102", general="0101"), *named_there),
        first=("0102", "0101"),
        second=("0103", "0106"),
        office="0102",
        general="0101",
    )


def cast(head: str, vice: str, *, office: str, general: str) -> tuple[CastMember, ...]:
    """The people whose accounts the demonstration has, and those beside them in the routes of
    decisions.
    """
    return (
        CastMember("", head, named("長谷部 茂", "ハセベ シゲル"), ("executive",), "executive"),
        CastMember("", vice, named("神田 美智子", "カンダ ミチコ"), ("executive",)),
        CastMember("", "監査委員", named("古賀 義雄", "コガ ヨシオ"), ("auditor",), "auditor"),
        CastMember(
            "", "外部専門家", named("三枝 千景", "サエグサ チカゲ"), ("consultant",), "consultant"
        ),
        CastMember(
            office, "課長", named("髙瀬 由紀", "タカセ ユキ"), ("manager", "staff"), "manager"
        ),
        CastMember(
            office, "係長", named("西村 航", "ニシムラ ワタル"), ("office", "staff"), "office"
        ),
        CastMember(general, "係長", named("小野寺 智子", "オノデラ トモコ"), ("hr", "staff"), "hr"),
        CastMember(office, "主事", named("大石 健", "オオイシ ケン"), ("staff",), "staff"),
        CastMember(general, "課長", named("山﨑 修", "ヤマサキ オサム"), ("manager", "staff")),
    )


CITY_DIVISIONS = (
    ("総務部", ("総務課", "企画課", "財政課", "人事課", "情報政策課")),
    ("市民部", ("市民課", "税務課", "保険年金課", "地域づくり課", "文化振興課")),
    ("福祉部", ("福祉総務課", "高齢福祉課", "障害福祉課", "生活支援課", "介護保険課")),
    ("こども部", ("こども政策課", "保育課", "子育て支援課", "母子保健課", "青少年課")),
    ("環境部", ("環境政策課", "廃棄物対策課", "公園緑地課", "生活安全課", "斎場管理課")),
    ("経済部", ("商工課", "観光課", "農政課", "労政課", "企業立地課")),
    ("建設部", ("土木課", "道路課", "河川課", "建築課", "住宅課")),
    ("都市部", ("都市計画課", "開発指導課", "区画整理課", "交通政策課", "景観課")),
    ("上下水道部", ("経営課", "水道課", "下水道課", "施設課", "お客様課")),
    ("教育部", ("教育総務課", "学校教育課", "生涯学習課", "スポーツ課", "図書館")),
    ("健康部", ("健康政策課", "健康づくり課", "予防課", "地域医療課", "食育課")),
    ("危機管理部", ("危機管理課", "防災課", "消防総務課", "警防課", "予防安全課")),
)


def city() -> BodyPlan:
    """A city of about 1,000 people: 12 部 with 5 課 each."""
    units = list(_divisions("", "0", CITY_DIVISIONS, people=16))
    return _large(
        "992011",
        "みなと市",
        "ミナトシ",
        Municipality.Kind.CITY,
        units,
        first=("00101", "00102", "00103"),
        second=("00104", "00105"),
    )


def designated() -> BodyPlan:
    """A designated city of about 20,000 people: 12 局, each with the divisions of a city."""
    units: list[Unit] = []
    for number, (division, _sections) in enumerate(CITY_DIVISIONS, 1):
        bureau = f"{number:02d}"
        units.append(Unit(bureau, f"{division.removesuffix('部')}局", 2, KIND.BUREAU))
        units += _divisions(bureau, bureau, CITY_DIVISIONS, people=27)
    first = tuple(f"01{1:02d}{place:02d}" for place in range(1, 6))
    return _large(
        "991007",
        "うみかぜ市",
        "ウミカゼシ",
        Municipality.Kind.DESIGNATED,
        units,
        first=first,
        second=("010201", "010202"),
    )


def prefecture() -> Iterator[BodyPlan]:
    """33 towns of about 280 people in one installation (共同利用). The accounts are those of the
    first.

    The consultant serves the first three of them with one account.
    """
    for number in range(33):
        five = f"99{401 + number:03d}"
        units = list(_divisions("", "0", CITY_DIVISIONS[:6], people=9))
        yield _large(
            five + check_digit(five),
            f"{TOWNS[number].written}町",
            f"{TOWNS[number].read}チョウ",
            Municipality.Kind.TOWN,
            units,
            first=("00101", "00102"),
            second=("00103",),
            accounts=ROLES if number == 0 else ("consultant",) if number < 3 else (),
            account_domain="kyodo.example.jp",
        )


TOWNS = split("""
若葉ワカバ 白砂シラスナ 青葉台アオバダイ 月見ツキミ 花園ハナゾノ 緑川ミドリカワ 清流セイリュウ 朝日野アサヒノ
夕凪ユウナギ 星見ホシミ 桜台サクラダイ 松風マツカゼ 竹里タケサト 梅林バイリン 楓原カエデハラ 湖畔コハン
岬台ミサキダイ 峰岸ミネギシ 谷中ヤナカ 丘上オカウエ 渚ナギサ 泉原イズミハラ 滝沢見タキサワミ 森下モリシタ
野辺ノベ 里山サトヤマ 川口原カワグチハラ 浜辺ハマベ 島影シマカゲ 坂上サカウエ 橋詰ハシヅメ 鐘野カネノ
灯トモシビ
""")


def _divisions(above: str, prefix: str, divisions, *, people: int) -> Iterator[Unit]:
    """部 with their 課 below a bureau or the body; the 部長 stands in the 部 itself."""
    for number, (division, sections) in enumerate(divisions, 1):
        code = f"{prefix}{number:02d}"
        yield Unit(code, division, 1, KIND.DIVISION, above)
        for place, section in enumerate(sections, 1):
            yield Unit(f"{code}{place:02d}", section, people, KIND.SECTION, code)


def _large(
    code: str, name: str, kana: str, kind: str, units: list[Unit], *, first, second, **more
) -> BodyPlan:
    head, vice = ("町長", "副町長") if kind == Municipality.Kind.TOWN else ("市長", "副市長")
    sections = [unit.code for unit in units if unit.kind == KIND.SECTION]
    general, office = sections[0], sections[1]
    return BodyPlan(
        code=code,
        name=name,
        kana=kana,
        kind=kind,
        domain=f"b{code}.example.jp",
        head=head,
        vice=vice,
        units=tuple(units),
        cast=cast(head, vice, office=office, general=general),
        first=tuple(first),
        second=tuple(second),
        office=office,
        general=general,
        **more,
    )
