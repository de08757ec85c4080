"""Odd names live: from a file to the page, found as people type them, into a file, and back."""

from __future__ import annotations

import csv
import io

import pytest

from municipality.imports.operations.imports import take_in
from municipality.organisation.models import Member
from tests.build.municipality import at
from tests.build.town import a_town

pytestmark = pytest.mark.django_db
NOW = at(2026, 5, 1)
HEAD = "職員番号,氏名,カナ,メール,部署コード,職位,役割,本務兼務,開始日,終了日"
TYPED = {
    "髙橋 一郎": "高橋一郎",
    "𠮷田 恵子": "吉田",
    "山﨑 修": "山崎修",
    "齋藤 渚": "斎藤渚",
    "齊藤 航": "斉藤 航",
    "渡邉 光": "渡辺　光",
    "渡邊 満子": "渡辺満子",
    "葛\U000e0100城 静": "葛城",
    "辻\U000e0101 誠": "辻誠",
    "祇\U000e0100園 学": "祇園",
    "𣘺本 剛": "橋本",
    "濵田 玲": "浜田",
    "濱﨑 翼": "浜崎",
    "德田 真": "徳田",
    "嶋﨑 豊": "島崎豊",
    "嵜本 稔": "崎本",
    "桒原 実": "桑原",
    "舘野 薫": "館野",
    "冨樫 隆": "富樫",
    "柳\ufe00谷 潤": "柳谷",
    "栁田 直": "柳田",
    "薮内 恒": "藪内",
    "邉見 泉": "辺見",
    "澤邊 徹": "沢辺",
    "廣瀨 慧": "広瀬",
    "國枝 治": "国枝",
    "眞鍋 望": "真鍋",
    "惠良 歩": "恵良",
    "佐々木 凜": "佐佐木",
    "龍ヶ崎 湊": "竜ケ崎",
    "草彅 岳": "草彅",
    "鷗 外": "鴎外",
    "鯵ヶ沢 舞": "鯵ケ沢",
    "祢津 晃": "禰津",
    "瀨戸 勲": "瀬戸",
    "圡井 昇": "土井",
    "㐂多 八": "喜多",
    "増 田 大 輔": "増田大輔",
    "ジョン・スミス": "じょん すみす",
    "Ó Súilleabháin Seán": "súilleabháin",
    "O'Brien Ann": "ｏｂｒｉｅｎ",
    "巽　〆子": "巽〆子",
}


def test_odd_names_live_from_file_to_file():
    town = a_town()
    client, path = town.client("office"), f"/{town.body.pk}/people/"

    def take(names):
        lines = [
            f"{n:06},{name},カナ,,{town.soumu.code},主事,職員,本務,2026-04-01,"
            for n, name in enumerate(names, 900_001)
        ]
        content = "\r\n".join([HEAD, *lines]).encode()
        return str(take_in(town.body, "people", "people.csv", content, now=NOW))

    assert take(TYPED) == f"追加 {len(TYPED)} 変更 0 変更なし 0 終了 0"
    for name, typed in TYPED.items():
        page = client.get(path, {"q": typed})
        assert [row.name for row in page.context["rows"]] == [name], typed
        person = Member.objects.get(name=name)
        assert name.replace("'", "&#x27;") in client.get(f"{path}{person.pk}/").content.decode()
    answer = client.get(path, {"file": "csv"})
    text = b"".join(answer).decode("utf-8-sig")
    exported = {row["職員番号"]: row["氏名"] for row in csv.DictReader(io.StringIO(text))}
    names = [exported[f"{n:06}"] for n in range(900_001, 900_001 + len(TYPED))]
    assert names == list(TYPED)
    assert take(names) == f"追加 0 変更 0 変更なし {len(TYPED)} 終了 0"
