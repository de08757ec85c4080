"""Invented names of people, drawn without doubles. The lists are our own; nobody in particular is
meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import NamedTuple


class Name(NamedTuple):
    """A full name as written and as read (カナ)."""

    written: str
    read: str


# Variants that a word processor of thirty years ago could not write stand among them on purpose.
FAMILY = """
髙瀬タカセ 山﨑ヤマサキ 𠮷田ヨシダ 髙橋タカハシ 濵田ハマダ 齋藤サイトウ 渡邊ワタナベ 大石オオイシ
西村ニシムラ 戸塚トツカ 三枝サエグサ 佐伯サエキ 川口カワグチ 藤井フジイ 小野寺オノデラ 岡本オカモト
松永マツナガ 中原ナカハラ 石川イシカワ 長谷川ハセガワ 橋本ハシモト 今井イマイ 千葉チバ 菅原スガワラ
五十嵐イガラシ 久保田クボタ 丸山マルヤマ 酒井サカイ 水野ミズノ 永井ナガイ 小林コバヤシ 安藤アンドウ
島田シマダ 平野ヒラノ 工藤クドウ 上田ウエダ 森本モリモト 内藤ナイトウ 福島フクシマ 桜井サクライ
野口ノグチ 新井アライ 武田タケダ 村上ムラカミ 大塚オオツカ 河野コウノ 原ハラ 柴田シバタ
宮崎ミヤザキ 片山カタヤマ 本田ホンダ 秋山アキヤマ 浅野アサノ 北村キタムラ 矢野ヤノ 土屋ツチヤ
須藤スドウ 白石シライシ 早川ハヤカワ 関根セキネ 田辺タナベ 熊谷クマガイ 荒井アライ 堀内ホリウチ
飯田イイダ 樋口ヒグチ 黒田クロダ 星野ホシノ 奥村オクムラ 大久保オオクボ 望月モチヅキ 牧野マキノ
"""

GIVEN = """
由紀ユキ 航ワタル 健ケン 葵アオイ 千景チカゲ 真理マリ 翔太ショウタ 恵子ケイコ
大輔ダイスケ 美咲ミサキ 直樹ナオキ 陽子ヨウコ 拓也タクヤ 結衣ユイ 和彦カズヒコ 裕子ユウコ
隆タカシ 彩香アヤカ 誠マコト 麻衣マイ 修オサム 智子トモコ 亮リョウ 香織カオリ
浩二コウジ 沙織サオリ 悠真ユウマ 紗季サキ 健太郎ケンタロウ 理恵リエ 俊介シュンスケ 奈々ナナ
学マナブ 春菜ハルナ 博文ヒロフミ 瞳ヒトミ 正樹マサキ 友美トモミ 慎一シンイチ 遥ハルカ
淳ジュン 明日香アスカ 祐介ユウスケ 文香フミカ 洋平ヨウヘイ 佳奈カナ 哲也テツヤ 菜摘ナツミ
"""

LONG = Name("長宗我部 アレクサンドラ真理恵", "チョウソカベ アレクサンドラマリエ")


def split(text: str) -> list[Name]:
    """Words that end in katakana, as written and as read."""
    names = []
    for word in text.split():
        cut = len(word)
        while cut and "ァ" <= word[cut - 1] <= "ヶ":
            cut -= 1
        names.append(Name(word[:cut], word[cut:]))
    return names


def drawn(rng: Random, taken: frozenset[str] = frozenset()) -> Iterator[Name]:
    """Full names in a random order, without end and none of `taken`: each once, then over again, as
    namesakes are.
    """
    pairs = list(product(split(FAMILY), split(GIVEN)))
    rng.shuffle(pairs)
    yield LONG
    while True:
        for family, given in pairs:
            name = Name(f"{family.written} {given.written}", f"{family.read} {given.read}")
            if name.written not in taken:
                yield name
