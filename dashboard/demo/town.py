"""The demonstration town: its departments, its cast, and everybody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from municipality.models import Department, Duty, Member, Municipality, Post
from municipality.operations.organisation import add_department, create_body, give_duty, post_member

from .accounts import ROLES, open_account
from .names import Name, drawn

CODE = "993018"
DOMAIN = "aoba.example.jp"
POSTS = {
    "町長": 1, "副町長": 2, "教育長": 3, "監査委員": 4, "課長": 10, "課長補佐": 20, "係長": 30, "主任": 40, "主事": 50, "外部専門家": 90,
}  # fmt: skip
# Code, name and number of people; the smallest lies below the threshold for small cells.
DEPARTMENTS = (
    ("0101", "総務課", 12), ("0102", "企画財政課", 14), ("0103", "税務課", 9), ("0104", "住民課", 10), ("0105", "福祉課", 10),
    ("0106", "子育て支援課", 11), ("0107", "健康推進課", 8), ("0108", "産業観光課", 7), ("0109", "建設課", 8), ("0110", "上下水道課", 6),
    ("0201", "教育委員会事務局", 8), ("0301", "議会事務局", 3),
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A person of the cast: department (empty: the body itself), post, roles, and the role whose account is theirs."""

    department: str
    post: str
    name: Name
    roles: tuple[str, ...]
    account: str = ""


CAST = (
    Part("", "町長", Name("長谷部 茂", "ハセベ シゲル"), ("executive",), "executive"),
    Part("", "副町長", Name("神田 美智子", "カンダ ミチコ"), ("executive",)),
    Part("", "監査委員", Name("古賀 義雄", "コガ ヨシオ"), ("auditor",), "auditor"),
    Part("", "外部専門家", Name("三枝 千景", "サエグサ チカゲ"), ("consultant",), "consultant"),
    Part("0102", "課長", Name("髙瀬 由紀", "タカセ ユキ"), ("manager", "staff"), "manager"),
    Part("0102", "係長", Name("西村 航", "ニシムラ ワタル"), ("office", "staff"), "office"),
    Part("0101", "係長", Name("小野寺 智子", "オノデラ トモコ"), ("hr", "staff"), "hr"),
    Part("0102", "主事", Name("大石 健", "オオイシ ケン"), ("staff",), "staff"),
    Part("0101", "課長", Name("山﨑 修", "ヤマサキ オサム"), ("manager", "staff")),
    Part("0107", "課長", Name("戸塚 葵", "トツカ アオイ"), ("manager", "staff")),
    Part("0106", "課長", Name("𠮷田 恵子", "ヨシダ ケイコ"), ("manager", "staff")),
)


@dataclass
class Town:
    """A demonstration body while it is being filled."""

    body: Municipality
    seed: int
    as_of: date
    rng: Random
    departments: dict[str, Department] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, list[Member]] = field(default_factory=dict)
    account: dict[str, Member] = field(default_factory=dict)

    def manager(self, code: str) -> Member:
        """The 所属長 of a department: whoever was posted there first."""
        return self.people[code][0]


def found_town(*, seed: int, as_of: date, opened_on: date) -> Town:
    """The town with its departments, posts, people and accounts, all since `opened_on`. Nothing has happened in it yet."""
    body = create_body(
        CODE, "あおば町", today=opened_on, kana="アオバチョウ", kind=Municipality.Kind.TOWN, is_demo=True, sending=False,
        contact="テレワーク推進事務局(企画財政課 内線214)",
    )  # fmt: skip
    town = Town(body, seed, as_of, Random(f"{seed} {as_of}"))  # noqa: S311 - invented data
    town.posts = {
        title: Post.objects.create(municipality=body, title=title, rank=rank) for title, rank in POSTS.items()
    }
    town.departments[""] = root = Department.objects.get(municipality=body, code="")
    for code, name, _people in DEPARTMENTS:
        kind = Department.Kind.OFFICE if name.endswith("事務局") else Department.Kind.SECTION
        town.departments[code] = add_department(body, code=code, name=name, kind=kind, parent=root, starts_on=opened_on)
    _fill(town, opened_on)
    _accounts(town)
    _duties(town, opened_on)
    return town


def _fill(town: Town, since: date) -> None:
    """Post the cast, then everybody else by rank; every department has a 課長 who leads it."""
    names = drawn(town.rng, frozenset(part.name.written for part in CAST))
    for code, wanted in [("", 4), *((code, people) for code, _name, people in DEPARTMENTS)]:
        cast = [part for part in CAST if part.department == code]
        if code and not any(part.post == "課長" for part in cast):
            cast.insert(0, Part(code, "課長", next(names), ("manager", "staff")))
        cast.sort(key=lambda part: POSTS[part.post])
        for part in cast:
            _post(town, part, since)
        for place in range(len(cast), wanted):
            _post(town, Part(code, _title(place), next(names), ("staff",)), since)


def _title(place: int) -> str:
    """The post of the n-th person of a department: an assistant, two chiefs, then the rest."""
    return {1: "課長補佐", 2: "係長", 3: "係長", 4: "主任", 5: "主任"}.get(place, "主任" if place % 3 == 0 else "主事")


def _post(town: Town, part: Part, since: date) -> None:
    number = f"{sum(map(len, town.people.values())) + 1:06d}"
    temporary = part.post == "主事" and town.rng.random() < 0.2
    member = Member.objects.create(
        municipality=town.body, number=number, name=part.name.written, kana=part.name.read, mail=f"s{number}@{DOMAIN}",
        employment="会計年度任用職員" if temporary else "正規職員",
    )  # fmt: skip
    department, post = town.departments[part.department], town.posts[part.post]
    post_member(member, department=department, post=post, roles=list(part.roles), starts_on=since)
    town.people.setdefault(part.department, []).append(member)
    if part.account:
        town.account[part.account] = member


def _accounts(town: Town) -> None:
    for role in ROLES:
        open_account(town.account[role], role, domain=DOMAIN, seed=town.seed)


def _duties(town: Town, since: date) -> None:
    """A 庶務担当 in each department, who fills in for it, and the town's 情報セキュリティ責任者."""
    for code, _name, _people in DEPARTMENTS:
        give_duty(town.people[code][-1], Duty.Kind.CLERK, department=town.departments[code], starts_on=since, by=None)
    vice = town.people[""][1]
    give_duty(vice, Duty.Kind.SECURITY, department=town.departments[""], starts_on=since, by=None)
