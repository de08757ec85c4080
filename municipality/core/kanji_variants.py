"""Letters of names that stand for one another: the first of each group is the one people type."""

from __future__ import annotations

OLD_FORMS = """
    乗乘 乱亂 亜亞 仏佛 来來 併倂 仮假 伝傳 偽僞 価價 倹儉 児兒 両兩 剰剩 剣劍 剤劑
    労勞 勲勳 励勵 勧勸 区區 巻卷 即卽 参參 単單 厳嚴 嘱囑 圏圈 国國 囲圍 円圓 図圖
    団團 増增 堕墮 圧壓 塁壘 壊壞 壌壤 壮壯 壱壹 寿壽 奥奧 奨奬 嬢孃 学學 寝寢 実實
    写寫 寛寬 宝寶 将將 専專 対對 届屆 属屬 峡峽 岳嶽 巣巢 帯帶 廃廢 広廣 庁廳 弾彈
    弥彌 径徑 従從 徴徵 徳德 恒恆 恵惠 悪惡 悩惱 慎愼 惨慘 応應 懐懷 恋戀 戦戰 戯戲
    戻戾 払拂 抜拔 拝拜 挟挾 挿插 掲揭 揺搖 捜搜 択擇 撃擊 担擔 拠據 挙擧 拡擴 摂攝
    収收 効效 叙敍 勅敕 数數 断斷 晩晚 昼晝 暦曆 暁曉 曽曾 会會 条條 桟棧 栄榮 概槪
    楽樂 楼樓 枢樞 様樣 横橫 検檢 桜櫻 権權 欧歐 歓歡 歩步 歴歷 帰歸 残殘 殻殼 殴毆
    毎每 気氣 渉涉 涙淚 浄淨 浅淺 渇渴 渓溪 温溫 滞滯 満滿 潜潛 渋澁 沢澤 湿濕 済濟
    浜濱 滝瀧 瀬瀨 湾灣 灯燈 焼燒 営營 炉爐 争爭 為爲 犠犧 状狀 狭狹 独獨 猟獵 獣獸
    献獻 瓶甁 画畫 当當 畳疊 痩瘦 痴癡 発發 盗盜 尽盡 真眞 研硏 砕碎 秘祕 禅禪 礼禮
    称稱 稲稻 穂穗 穏穩 窃竊 並竝 粋粹 糸絲 経經 緑綠 緒緖 縁緣 県縣 縦縱 総總 縄繩
    絵繪 継繼 続續 繊纖 欠缺 缶罐 声聲 聴聽 粛肅 脳腦 胆膽 臓臟 台臺 与與 旧舊 艶艷
    荘莊 茎莖 万萬 薫薰 蔵藏 芸藝 薬藥 処處 虚虛 号號 蛍螢 虫蟲 蚕蠶 蛮蠻 衛衞 装裝
    褒襃 覚覺 覧覽 観觀 触觸 謡謠 証證 訳譯 誉譽 読讀 変變 譲讓 豊豐 予豫 弐貳 売賣
    頼賴 賛贊 践踐 軽輕 転轉 辞辭 逓遞 遅遲 辺邊 郎郞 郷鄕 酔醉 医醫 醸釀 釈釋 録錄
    銭錢 錬鍊 鎮鎭 鉄鐵 鋳鑄 鉱鑛 関關 陥陷 随隨 険險 隠隱 双雙 雑雜 覇霸 霊靈 静靜
    顕顯 翻飜 余餘 騒騷 駆驅 験驗 駅驛 髄髓 体體 髪髮 闘鬭 鶏鷄 塩鹽 麦麥 麺麵 黄黃
    黒黑 黙默 点點 党黨 斎齋 歯齒 齢齡 竜龍
"""
"""Old forms (いわゆる康熙字典体) that 常用漢字表 (平成22年内閣告示第2号) gives in brackets. Those that Unicode
holds compatible (NFKC) are left out.
"""

IN_NAMES = """
    高髙 吉𠮷 崎﨑嵜 斎斉齊 辺邉 浜濵 島嶋嶌 国圀 富冨 峰峯 松枩 柳栁 橋槗𣘺
    館舘 土圡 桑桒 梅楳 杉𣏓 船舩 間閒 鉄鐡 鋭銳 裏裡 群羣 亀龜 尭堯 晃晄 晋晉 凜凛
    涼凉 剣劔 昇曻 昂昻 卯夘 野埜 宝寳 強强 彦彥 悦悅 戸戶 柏栢 淵渕渊 清淸 瑶瑤
    祷禱 穣穰 繋繫 聡聰 蒋蔣 薮藪 諌諫 讃讚 鑑鑒 閲閱 隣鄰 青靑 騨驒 鴎鷗 鴬鶯
    鶴靏靍 兎兔 呉吳 呑吞 喜㐂 壷壺 姫姬 教敎 栃杤 祢禰 禄祿 篭籠 芦蘆
    莱萊 虎乕 蝉蟬 迩邇 鈎鉤 頬頰 麹麴 砺礪 珍珎 靭靱 頴穎 亘亙 萌萠 遥遙 槙槇 桧檜
    巌巖 桝枡 秋秌 説說 税稅 脱脫 内內 産產 顔顏 歳歲 舎舍 蛎蠣 濶闊
"""
"""Variants of names: 常用漢字表の別の字体, 戸籍法施行規則 別表第二 (人名用漢字) and 俗字 of family registers. 斉
and 斎 are two letters, but nobody remembers which of them a person has.
"""


def variants() -> dict[str, str]:
    """The usual letter for each of its variants."""
    groups = f"{OLD_FORMS} {IN_NAMES}".split()
    return {letter: group[0] for group in groups for letter in group[1:]}
