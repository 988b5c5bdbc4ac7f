"""Festivals and the day each falls on in a year."""

from __future__ import annotations

from datetime import date, timedelta

from nlu.calendar.lunar import lunar_day, solar_term

_SOLAR = {
    "元旦": (1, 1), "新年": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "三八": (3, 8),
    "植树节": (3, 12), "愚人节": (4, 1), "劳动节": (5, 1), "五一": (5, 1), "青年节": (5, 4),
    "五四": (5, 4), "护士节": (5, 12), "儿童节": (6, 1), "六一": (6, 1), "建党节": (7, 1),
    "七一": (7, 1), "建军节": (8, 1), "八一": (8, 1), "教师节": (9, 10), "国庆": (10, 1),
    "十一": (10, 1), "万圣节": (10, 31), "光棍节": (11, 11), "双十一": (11, 11),
    "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "平安夜": (12, 24),
    "圣诞": (12, 25), "618": (6, 18), "消费者权益日": (3, 15), "世界环境日": (6, 5),
}  # fmt: skip
_LUNAR = {
    "春节": (1, 1), "大年初一": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7),
    "中元": (7, 15), "中秋": (8, 15), "重阳": (9, 9), "腊八": (12, 8),
}  # fmt: skip
_NTH = {"母亲节": (5, 2, 6), "父亲节": (6, 3, 6), "感恩节": (11, 4, 3)}
_TERMS = {"清明": 15, "冬至": 270}
FESTIVAL_NAMES = (*_SOLAR, *_LUNAR, *_NTH, *_TERMS, "除夕")
_GOODS = (
    "福利|礼|团购|月饼|粽|汤圆|红酒|白酒|用酒|酒|档|促销|大促|备货|订单|专场|单子|[那这]单|[那这]个单|方案|采购|物资|"
    "慰问|套餐|装(?![修运])|款|货(?!到)|堆头|卡券?|券|旺季|市场|物料|海报|主题|定制|特供|限定|年货|红包|预售|菜单|家宴|家装节"
)
"""What a festival is for: 中秋礼盒 tells a kind of goods, and no day."""
_NOT_WISHED = (
    "(?!节?日?(?:快乐|愉快|安康|吉祥|大吉|好|高铁|路|街|村|大道|广场|中路|小学|中学)"
    f"|节?的?(?:{_GOODS}))"
)
FESTIVAL_WORDS = (
    r"(?:下一?个|上一?个)?(?:阳历新年|公历新年|五一国际劳动节|国际劳动节|三八妇女节|六一儿童节|"
    r"八一建军节|七一建党节|五四青年节|圣诞节|国庆节|元旦节|春节|端午节|中秋节|重阳节|元宵节|七夕节|清明节|"
    r"劳动节|国庆|元旦|情人节|妇女节|植树节|愚人节|青年节|护士节|儿童节|建党节|建军节|教师节|万圣节|光棍节|"
    r"平安夜|圣诞|母亲节|父亲节|感恩节|除夕|大年初一|元宵|端午|七夕|中秋|重阳|腊八节?|冬至|清明(?!上河)|"
    r"双十一|双11|双十二|双12|新年(?!度|会|前后)|618(?=大促|活动|期间|前|后)|"
    r"五一(?=节|前|后|期间|假|长假|放|黄金|回|去|约|到|要|,|。|$)|"
    r"(?:三八|六一|七一|八一|五四)节|"
    r"(?<![一二三四五六七八九十百千万0-9第共有给要报])十一(?=节|前|之前|后|期间|假|长假|放|黄金|$))节?"
    + _NOT_WISHED
)  # fmt: skip
FESTIVAL_STARTS = (
    "下上阳公五国三六八七圣元春端中重清劳情妇植愚青护儿建教万光平母父感除大腊冬双新十"
)


def festival_day(word: str, year: int) -> date:
    """The day of a festival as named in a text; ValueError for one that we don't know."""
    for name in sorted(FESTIVAL_NAMES, key=len, reverse=True):
        if name in word:
            return _day(name, year)
    raise ValueError(word)


def _day(name: str, year: int) -> date:
    if name in _SOLAR:
        return date(year, *_SOLAR[name])
    if name in _LUNAR:
        lunar_year = year - 1 if name == "腊八" else year
        return lunar_day(lunar_year, *_LUNAR[name])
    if name in _TERMS:
        return solar_term(year, _TERMS[name])
    if name == "除夕":
        return lunar_day(year, 1, 1) - timedelta(days=1)
    month, count, weekday = _NTH[name]
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))
