"""A real body from nothing to a closed review: each step by the person whose step it is, through
the pages.
"""

from __future__ import annotations

import base64
import re
from io import StringIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django_otp.oath import TOTP

from evaluation.appraisal.one_on_ones.models import OneOnOne
from evaluation.appraisal.sheets.models import Sheet
from evaluation.pdca.reviews.models import Review, ReviewFigure
from municipality.audit.chain import verify_chains
from municipality.audit.models import Chain
from municipality.decisions.models import Decision
from municipality.organisation.models import Department, Member
from municipality.tasks import deliver
from pilots.days.models import Usage
from pilots.planning.models import Expansion, Pilot
from rollout.readiness.models import Assessment
from training.courses.models import Course

from .person import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PASSWORD = "yama-kawa-umi-sora-26"
CODE = "993026"


class Staff(Person):
    """A person of the town with an authenticator."""

    def __init__(self, clock) -> None:
        super().__init__()
        self.clock, self.name, self.secret = clock, "", b""

    def accept(self, link: str) -> None:
        """Take the invitation: name of sign-in, password, authenticator, recovery codes."""
        self.open(re.sub(r"^https?://[^/]+", "", link))
        self.sees("招待を受け取る")
        proposed = next(
            form.values["username"][0] for form in self.page.forms if "username" in form.names
        )
        self.name = proposed or "sora.ito"
        self.fill("次へ", username=self.name, password1=PASSWORD, password2=PASSWORD)
        self.sees("認証アプリを登録する")
        letters = (
            re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", self.page.text).group().replace(" ", "")
        )
        self.secret = base64.b32decode(letters)
        self.fill("登録して進む", token=self.digits())
        self.sees("回復コード")

    def digits(self) -> str:
        """What the authenticator shows now."""
        totp = TOTP(self.secret)
        totp.time = self.clock.moment.timestamp()
        return f"{totp.token():06d}"

    def sign_in(self) -> None:
        """Name, password, six digits."""
        self.clock.wait()
        if self.open("/accounts/login/") and self.address != "/accounts/login/":
            return  # the session of this day still holds
        self.fill("次へ", login=self.name, password=PASSWORD)
        self.fill("ログインする", token=self.digits())


def found(clock) -> str:
    """A real body; the address of its first invitation."""
    said = StringIO()
    call_command(
        "create_municipality", CODE, "みどり町", "--office", "jimu@midori.example.jp", stdout=said
    )
    return said.getvalue().split()[-1]


DEPARTMENTS = """部署コード,部署名,上位部署コード,種別,開始日,終了日
0110,企画係,0100,係,令和8年4月1日,
0100,企画財政課,,課,2026/4/1,
0200,税務課,,課,R8.4.1,
0300,総務課,,課,2026-04-01,
"""
PEOPLE_HEAD = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日\n"
PEOPLE = """000001,雨宮 登,アメミヤ ノボル,mayor@midori.example.jp,,町長,決裁者,本務,2026-04-01,
000010,髙瀬 由紀,タカセ ユキ,takase@midori.example.jp,0100,課長,所属長,本務,2026-04-01,
000011,山﨑 海,ヤマサキ ウミ,yamasaki@midori.example.jp,0100,主事,職員,本務,2026-04-01,
000012,伊東 空,イトウ ソラ,,0100,主任,職員,本務,2026-04-01,
000020,木戸 明里,キド アカリ,kido@midori.example.jp,0200,課長,所属長,本務,2026-04-01,
000030,相馬 灯,ソウマ アカリ,soma@midori.example.jp,0300,課長,所属長・人事,本務,2026-04-01,
000040,三枝 千景,サエグサ チカゲ,saegusa@advice.example.jp,,専門家,外部専門家,本務,2026-04-01,
"""
BAD_ROW = "000050,東 千尋,ヒガシ チヒロ,azuma@midori.example.jp,0999,主事,職員,本務,2026-04-01,\n"
USAGE_HEAD = "職員番号,実施日,単位,時間数,場所,方式\n"


def a_file(name: str, text: str, encoding: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(encoding), content_type="text/csv")


class Journey:
    """The town while it gets under way; each person by name of their part."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.office = Staff(clock)
        self.people: dict[str, Staff] = {}

    def page(self, address: str) -> str:
        return f"/{CODE}/{address}"

    def hand_in(self, kind: str, file: SimpleUploadedFile) -> None:
        """The office hands a file in and sees what it would change."""
        self.office.open(self.page("imports/"))
        self.office.fill("内容を確認する", kind=kind, file=file)

    def set_up_body(self) -> None:
        self.office.accept(found(self.clock))
        self.office.open(self.page(""))
        self.office.sees("みどり町", "部署")

    def take_in_files(self) -> None:
        """Departments in UTF-8 with BOM; people in CP932, at first with a bad row that changes
        nothing.
        """
        self.hand_in("departments", a_file("部署.csv", DEPARTMENTS, "utf-8-sig"))
        self.office.fill("取り込む")
        self.hand_in("people", a_file("職員.csv", PEOPLE_HEAD + PEOPLE + BAD_ROW, "cp932"))
        self.office.sees("9", "部署コード", "0999", "何も取り込んでいません")
        assert not Member.objects.filter(number="000010").exists()
        self.hand_in("people", a_file("職員.csv", PEOPLE_HEAD + PEOPLE, "cp932"))
        self.office.fill("取り込む")
        self.office.open(self.page("people/"))
        self.office.sees("髙瀬 由紀", "山﨑 海", "000010")

    def invite_all(self) -> None:
        """By link in a mail; the one without an address by printed slip."""
        for number, part in PARTS.items():
            member = Member.objects.get(number=number)
            self.office.open(self.page(f"people/{member.pk}/"))
            self.office.fill("招待する")
            self.people[part] = Staff(self.clock)
            self.people[part].accept(self.link_for(member))

    def link_for(self, member: Member) -> str:
        if not member.mail:
            self.office.sees("招待状")
            return re.search(r"http://\S+/invitation/(?!code/)\S+/", self.office.page.text).group()
        mail.outbox.clear()
        deliver()
        (letter,) = [letter for letter in mail.outbox if letter.to == [member.mail]]
        return re.search(r"http://\S+/invitation/\S+", letter.body).group()

    def set_routes(self) -> None:
        """The office says who decides what."""
        self.office.sign_in()
        for matter in ("pilots.pilot", "pilots.expansion"):
            self.office.open(self.page("settings/routes/"))
            stages = {
                "s1-post": "課長",
                "s6-post": "町長",
                "s6-department": "みどり町",
                "s1-kind": "approve",
                "s6-kind": "decide",
            }
            stages |= {f"s{n}-post": "使わない段階" for n in range(2, 6)}
            self.office.fill("設定する", matter=matter, name="町長決裁", **stages)
            self.office.sees("町長決裁")

    def assess(self) -> None:
        """The office asks, 企画財政課 answers axis by axis, the office reviews and confirms."""
        self.office.open(self.page("readiness/open/"))
        self.office.fill(
            "受付を開始", name="第1回(令和8年8月)", due_on="令和8年9月4日", kinds=["section"]
        )
        chief = self.people["chief"]
        chief.open(self.page(""))
        chief.follow("企画財政課")
        chief.follow("回答を始める")
        self.answer_axes(chief, "保存して次へ", "保存して評価の画面へ", "level_", "3")
        chief.fill("提出する")
        assessment = Assessment.objects.get(department__code="0100")
        self.office.open(assessment.get_absolute_url())
        self.office.follow("回答を確認する")
        self.answer_axes(self.office, "保存して次へ", "保存して評価の画面へ", "level_", "3")
        self.office.fill("確定する")
        assessment.refresh_from_db()
        assert assessment.state == Assessment.State.CONFIRMED

    def answer_axes(self, person: Staff, onward: str, last: str, prefix: str, level: str) -> None:
        for turn in range(6):
            button = last if turn == 5 else onward
            form, _button = person._form_with(button)
            person.fill(button, **{name: level for name in form.names if name.startswith(prefix)})

    def offer_courses(self) -> None:
        """The office takes over the standard courses."""
        self.office.open(self.page("training/"))
        self.office.follow("標準の研修を見る")
        self.office.fill("標準の研修を登録する")
        assert Course.objects.filter(required_for_pilots=True).count() == 3

    def plan_pilot(self) -> None:
        """The manager plans, fixes the criteria, asks people; they agree; the mayor decides."""
        chief = self.people["chief"]
        chief.open(self.page("pilots/new/"))
        department = Department.objects.get(code="0100")
        facts = {
            "name": "第1期試行",
            "purpose": "業務継続と働き方の見直し",
            "departments": [department.pk],
            "method": "remote_desktop",
        }
        chief.fill("計画を保存する", **facts, starts_on="令和8年9月7日", ends_on="2026/10/30")
        self.pilot = Pilot.objects.get()
        chief.open(self.page(f"pilots/{self.pilot.pk}/criteria/"))
        chief.fill("基準を固定する", threshold_K40="50")
        chief.open(self.page(f"pilots/{self.pilot.pk}/participants/"))
        takers = Member.objects.filter(number__in=["000011", "000012"])
        chief.fill("参加を依頼する", members=[person.pk for person in takers])
        for part in ("staff", "other"):
            self.people[part].open(self.page(""))
            self.people[part].follow("第1期試行")
            self.people[part].fill("同意して参加する")
        chief.open(self.pilot.get_absolute_url())
        chief.fill("決裁に回す")
        chief.sees("経路「町長決裁」", "起案者本人のため省略")
        chief.fill("決裁に回す")
        self.decide("pilots.pilot", self.pilot.pk, "mayor")

    def decide(self, matter: str, subject: int, *parts: str) -> None:
        """Each in turn opens the decision from the list of things to do, and approves."""
        decision = Decision.objects.get(matter=matter, subject_id=subject)
        for part in parts:
            person = self.people[part]
            person.open(self.page(""))
            person.follow(decision.title)
            person.sees("決裁する")
            person.fill("確定する")
        decision.refresh_from_db()
        assert decision.state == Decision.State.DECIDED

    def teach(self) -> None:
        """The start is refused while training is missing, and says who lacks what; then the courses
        that came with consent and approval are completed.
        """
        chief = self.people["chief"]
        chief.open(self.pilot.get_absolute_url())
        chief.sees("テレワーク入門", "未修了", "山﨑 海")
        answer = chief.client.post(self.page(f"pilots/{self.pilot.pk}/start/"))
        assert answer.status_code == 409
        for part in ("staff", "other", "chief"):
            self.complete_courses(self.people[part])

    def complete_courses(self, person: Staff) -> None:
        for course in Course.objects.filter(required_for_pilots=True):
            person.open(self.page(""))
            person.follow(course.title)
            person.fill("修了する", read="on")

    def run_pilot(self) -> None:
        chief = self.people["chief"]
        chief.open(self.pilot.get_absolute_url())
        chief.fill("試行を始める")
        self.pilot.refresh_from_db()
        assert self.pilot.state == Pilot.State.RUNNING

    def take_in_usage(self) -> None:
        """The file of 庶務事務 in CP932; the same file again changes nothing."""
        rows = [
            f"0000{number},2026/9/{day},終日,,自宅,リモートデスクトップ方式\n"
            for number in (11, 12)
            for day in (8, 9, 15)
        ]
        self.office.sign_in()
        for _turn in range(2):
            self.hand_in("usage", a_file("実施記録.csv", USAGE_HEAD + "".join(rows), "cp932"))
            self.office.fill("取り込む")
        assert Usage.objects.count() == 6

    def agree_goals(self) -> None:
        """HR opens the period, the person writes goals, the manager agrees them, and both meet in a
        1on1.
        """
        hr, person, chief = self.people["hr"], self.people["staff"], self.people["chief"]
        hr.open(self.page("sheets/periods/new/"))
        days = {
            "starts_on": "2026-10-01",
            "ends_on": "2027-03-31",
            "goals_due_on": "2026-10-09",
            "agree_due_on": "2026-10-16",
        }
        hr.fill("設定する", name="令和8年度 下期", **days)
        hr.fill("シートを開く")
        person.open(self.page(""))
        person.follow("令和8年度 下期")
        goal = {
            "title_1": "照会回答の電子化",
            "measure_1": "3業務を移す",
            "weight_1": "100",
            "difficulty_1": "B",
        }
        person.follow("目標を入力")
        person.fill("保存する", **goal)
        person.fill("提出する")
        sheet = Sheet.objects.get(member__number="000011")
        chief.open(sheet.get_absolute_url())
        chief.fill("面談して確定")
        sheet.refresh_from_db()
        assert sheet.state == Sheet.State.AGREED

    def meet(self) -> None:
        chief = self.people["chief"]
        chief.open(self.page("one-on-ones/new/"))
        chief.fill("1on1を始める", member="000011")
        chief.follow("記録する")
        chief.fill(
            "記録する",
            held_on="2026-09-30",
            topics="試行の様子",
            shared_note="窓口当番の日は在宅にしない。",
        )
        assert OneOnOne.objects.count() == 1
        self.office.open(self.page("one-on-ones/"))
        self.office.sees_not("窓口当番の日は在宅にしない。", "試行の様子")

    def expand(self) -> None:
        """The manager asks on frozen figures; 企画財政課's own step is skipped, the mayor
        approves.
        """
        chief = self.people["chief"]
        chief.open(self.page(f"pilots/{self.pilot.pk}/expand/"))
        facts = {
            "name": "第2期試行",
            "departments": [Department.objects.get(code="0200").pk],
            "initial_yen": 0,
            "monthly_yen": 0,
        }
        why = {"explanation": "税務課の準備度評価は次の回で確定します。"}
        chief.fill(
            "根拠を固定して起案する", **facts, **why, starts_on="2027-01-12", ends_on="2027-03-31"
        )
        chief.fill("決裁に回す")
        expansion = Expansion.objects.get()
        assert len(expansion.evidence_hash) == 64
        self.decide("pilots.expansion", expansion.pk, "mayor")
        assert Pilot.objects.get(expansion=expansion).state == Pilot.State.APPROVED

    def open_review(self) -> None:
        """The day's jobs open September's review and mail its reminder once, however often they
        run.
        """
        mail.outbox.clear()
        said = [self.run_day("2026-10-01") for _turn in range(2)]
        assert said[1] == "開始 0 通知 0 メール 0"
        told = [
            letter
            for letter in mail.outbox
            if "月次レビュー" in letter.body or "レビューの締め" in letter.body
        ]
        assert len([letter for letter in told if letter.to == ["jimu@midori.example.jp"]]) == 1
        assert (
            len([letter for letter in mail.outbox if letter.to == ["jimu@midori.example.jp"]]) == 1
        )

    def run_day(self, day: str) -> str:
        said = StringIO()
        call_command("run_day", day, stdout=said)
        return said.getvalue().strip()

    def close_review(self) -> None:
        """The office writes, notes an action with all three, and closes: the figures are frozen."""
        review = Review.objects.get(cadence="month", department=None)
        self.office.sign_in()
        self.office.open(self.page(""))
        self.office.follow("レビュー")
        self.office.open(self.page(f"reviews/{review.pk}/edit/"))
        self.office.fill(
            "保存する",
            plan_text="まず2人で試す。",
            do_text="2人が3日ずつ実施した。",
            check_text="接続は安定している。",
            act_text="来月も2人で続ける。",
        )
        self.office.open(self.page(f"reviews/{review.pk}/actions/new/"))
        self.office.fill("保存する", what="手順書を配る", who="000010", due_on="2026-10-16")
        self.office.open(review.get_absolute_url())
        self.office.fill("締める")
        review.refresh_from_db()
        assert review.state == Review.State.CLOSED
        figure = ReviewFigure.objects.get(review=review, indicator__code="K35")
        assert (figure.numerator, figure.denominator) == (2, 2)

    def advise(self) -> None:
        """The consultant reads the dashboard and the review, without persons, and gives advice."""
        consultant = self.people["consultant"]
        for address in (
            "dashboard/",
            "reviews/",
            Review.objects.get(cadence="month", department=None).get_absolute_url(),
        ):
            consultant.open(address if address.startswith("/") else self.page(address))
            consultant.sees_not("山﨑", "伊東", "髙瀬", "000011")
        consultant.open(self.page("sheets/"), status=403)


PARTS = {
    "000001": "mayor",
    "000010": "chief",
    "000011": "staff",
    "000012": "other",
    "000020": "tax",
    "000030": "hr",
    "000040": "consultant",
}


def test_from_an_empty_machine_to_a_closed_review(clock):
    journey = Journey(clock)
    journey.set_up_body()
    journey.take_in_files()
    journey.invite_all()
    clock.to(8, 25)
    journey.set_routes()
    everybody(journey)
    journey.assess()
    journey.offer_courses()
    journey.plan_pilot()
    clock.to(9, 7)
    everybody(journey)
    journey.teach()
    journey.run_pilot()
    clock.to(9, 30)
    everybody(journey)
    journey.take_in_usage()
    journey.agree_goals()
    journey.meet()
    journey.expand()
    journey.open_review()
    clock.to(10, 2)
    everybody(journey)
    journey.close_review()
    journey.advise()
    assert [verdict.reason for verdict in verify_chains()] == [""] * Chain.objects.count()


def everybody(journey: Journey) -> None:
    """A new day: all sign in again."""
    for person in journey.people.values():
        person.sign_in()
    journey.office.sign_in()
