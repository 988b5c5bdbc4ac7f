"""The words that dates are made of: one expression finds them, each becomes a token."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nlu.festivals import FESTIVAL_STARTS, FESTIVAL_WORDS
from nlu.measures import NOT_A_TAIL
from nlu.numbers import han_value, small


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a date; what `a`, `b` and `c` hold depends on its kind (see _READERS)."""

    kind: str
    start: int
    end: int
    a: int = 0
    b: int = 0
    c: int = 0
    word: str = ""


_H = "一二三四五六七八九"
_MONTH = rf"(?:1[0-2]|0?[1-9]|十[一二]?|[{_H}])"
_DAY = rf"(?:[12][0-9]|3[01]|0?[1-9]|[二三]?十[{_H}]?|[{_H}]|廿[{_H}]?)"
_COUNT = rf"(?!(?:19|20)[0-9]{{2}} ?年)(?:[0-9]{{1,9}}(?:\.5)?|[{_H}十百千零两几半]{{1,6}})"
_WEEK = r"(?:周|星期|礼拜)"
_WD = r"[一二三四五六日天]"
_NEAR = r"(?:上{1,3}|下{1,3}|这|本|今|当|同)"
_SPAN = (
    r"(?:个?工作日|天|周(?![一二三四五六日天])|个?(?:星期|礼拜)(?![一二三四五六日天])|个月|年|"
    r"个?季度|个?小时|个?钟头?|分钟?|刻钟|秒钟?)"
)
_LAST = rf"{_COUNT} ?(?:多|来)?(?:个?半)?(?:个多)?{_SPAN}(?:半|多)?"
_LED = rf"{_COUNT} ?(?:多|来)?(?:个?半)?(?:个月|月(?![0-9{_H}十份初底中])|{_SPAN})(?:半|多)?"
_AFTER = r" ?的?(?:以后|之后|过后|后|以内|之内|内|里(?![程面])|以前|之前|前|以来)"
_LEAD = (
    r"(?:最近的?|近|过去的?|未来的?|今后|接下来的?|接下去|往后|之后|之前|再过|过|往前|还剩下?|还有|"
    r"(?<![一以之如此会饭课底门地楼])[上下前后])"
)
_CLOCK_HOUR = rf"(?:[01]?[0-9]|2[0-4]|二十[一二三四]?|十[{_H}]?|[零{_H}两])"
_MINUTE = rf"(?:[0-5]?[0-9](?![0-9])|[二三四五]?十[{_H}]?|[零〇][{_H}])"
_JOIN = r" ?(?:-|~|—+|–|到|至|、) ?"

_PATTERNS = {
    "date": (
        rf"[12][0-9]{{3}}(?P<by>[-/.])(?:1[0-2]|0?[1-9])(?P=by)(?:[12][0-9]|3[01]|0?[1-9])(?![0-9])"
        r"|20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])"
        r"|[0-3]?[0-9](?P<of>[-/.])[0-3]?[0-9](?P=of)[12][0-9]{3}(?![0-9])"
        r"|[0-3]?[0-9]/[0-3]?[0-9]/[0-9]{2}(?![0-9/])"
        r"|[0-9]{2}\.[01]?[0-9]\.[0-3]?[0-9](?![0-9.])"
    ),
    "yearmonth": (
        r"[12][0-9]{3}/(?:1[0-2]|0?[1-9])(?![0-9/.])"
        r"|(?:19|20)[0-9]{2}[.-](?:1[0-2]|0[1-9])(?![0-9.万亿wWkK元块%]|-[0-9]{2}(?![0-9]))"
    ),
    "years": (
        r"(?:19|20)[0-9]{2}(?= ?(?:-|~|—+|到|至) ?(?:19|20)[0-9]{2} ?年)"
        r"|(?<=[从自])(?:19|20)[0-9]{2}(?=[-~到至](?:19|20)[0-9]{2}(?![0-9.-]))"
        r"|(?<=[从自](?:19|20)[0-9]{2}[-~到至])(?:19|20)[0-9]{2}(?![0-9])"
    ),
    "year": (
        r"[12][0-9]{3} ?年(?:度|份)?|[〇零一二三四五六七八九]{4}年(?:度|份)?"
        rf"|[0-9]{{2}}年(?= ?(?:{_MONTH} ?月|第?[一二三四1-4]个?季|[Qq][1-4]|[上下前后]半年|[底初末第]))"
        rf"|[〇零{_H}]{{2}}年(?!{_AFTER}|以上|多|来)|[0-9]{{2,4}}(?=[Qq][1-4])"
    ),
    "same": r"(?:去年|上年|上个?月|上个?季度|上周)同期",
    "ryear": r"(?<![0-9一二两三四五六七八九十半几全])年内|大前年|前年|去年|上一?年度?|今年度?|本年度?|当年(?!的价)|明年|来年|下一?年度?(?!纪)|大后年|后年",
    "lunar": (
        rf"(?:农历|阴历|旧历)(?:正|腊|冬|{_MONTH}) ?月(?:初[{_H}十]|{_DAY}日?)?"
        rf"|大年(?:初[{_H}十]|三十)|[正腊冬]月(?:初[{_H}十]|{_DAY})"
    ),
    "festival": FESTIVAL_WORDS,
    "every": (
        rf"(?:每|逢)(?:一|个|逢){{0,2}}(?:周|星期|礼拜|月|天|日|年|季度?|工作日|早|晚|半年|小时|半?个?月)"
        rf"(?:{_WD}|[底初末])?"
    ),
    "todate": r"(?:年初|月初|季度?初)(?:以来|至今|到(?:现在|今天|目前)(?:为止)?)",
    "rmonth": rf"(?:上{{1,3}}|下{{1,3}}|这|本|当|同)一?个?月份?(?![{_H}]个|饼)",
    "rquarter": r"(?:上{1,3}|下{1,3}|这|本|当)一?个?季度?(?![节候])",
    "half": r"[上下前后]半年|[Hh][12](?![0-9A-Za-z])",
    "halfmonth": r"[上下]半月",
    "weekday": (
        rf"{_NEAR}一?个?(?:周|星期|礼拜){_WEEK}?(?:{_WD}|末)(?:{_JOIN}{_WEEK}?{_WD}(?![月日号点个年]))?"
        rf"|(?<![每几数0-9双隔])(?<!(?<![周期拜])[一二两三四五六七八九十])(?:周|星期|礼拜)(?:{_WD}|末|[1-7](?![0-9]))"
        rf"(?:{_JOIN}{_WEEK}?{_WD}(?![月日号点个年周天季]))?"
    ),
    "week": rf"{_NEAR}一?个?(?:周|星期|礼拜)(?![边围转总处期年报岁刊经主老工一-二])",
    "nth": (
        rf"(?:第|最后|前|后|头|末)的?{_COUNT}个?(?:{_WEEK}{_WD}|{_WEEK}|天|(?<=个)月|季度|工作日)"
    ),
    "offset": (
        rf"{_LEAD} ?(?![0-9]+月){_LED}(?:{_LAST})?(?:{_AFTER})?|{_LAST}(?:零?{_LAST})?{_AFTER}"
        rf"|{_COUNT}日(?:以内|之内|内)"
    ),
    "rday": (
        r"大前[天日]|大后[天日]|前[天日]|昨[天日]|昨儿个?|今[天日]|今儿个?|明[天日]|明儿个?|(?<![然以之])后[天日](?!期)|"
        r"[后前]儿个?|[听琴寻]日|[今昨明][晚早晨夜](?!期|已|就)|(?<![然以之今往此随先当])[后前]晚|今朝|"
        r"[Tt]oday|[Tt]omorrow|[Yy]esterday|[Tt]onight|[Tt]his (?:morning|afternoon|evening)"
    ),
    "that": r"(?:当|那一?|同一?)[天日](?!线)|次日|翌日|第二天|隔天|当晚",
    "just": r"刚才|刚刚|刚(?=[去跟和见跑给从拜打开签聊谈陪送收接])",
    "monthday": (
        rf"{_MONTH} ?月(?:份)?(?:二?十[{_H}]?|三十一?|[12][0-9]|3[01]|"
        rf"0?[1-9](?=$|[\s,.。;、)]|之?前|[上下]午|晚上))(?![0-9号日多几来余{_H}十]|{NOT_A_TAIL})"
    ),
    "month": rf"{_MONTH} ?月(?:份)?(?![饼薪租])",
    "months": rf"{_MONTH}(?={_JOIN}{_MONTH} ?月)",
    "day": rf"{_DAY} ?(?:号|日(?![元币圆本均产报常后]))",
    "days": rf"{_DAY}(?={_JOIN}{_DAY} ?[号日])",
    "quarter": r"第?[一二三四1-4]个?季度|第[一二三四1-4]季|[Qq][1-4](?![0-9A-Za-z])|首季度?",
    "edge": (
        r"月(?:底|末|初|尾|中旬|中(?![国心间]))|(?<!半)年(?:底|末|初|尾|终(?!奖))|季度?(?:末|底|初)|"
        r"(?<=[年月份度季])(?:底|末|初|中旬|上旬|下旬)|(?<=[月份])中(?![国心间标])|[上中下]旬"
    ),
    "noon": (
        r"凌晨|一大?早|清晨|大?早上(?!好)|早晨|早间|上午(?!好)|中午(?!好)|正午|午间|晌午|下午(?![好茶])|午后|"
        r"傍晚|晚上(?!好)|晚间|夜里|夜间|深夜|半夜|午夜|"
        r"(?<=[日号天一二三四五六末])[早晚](?=[间0-9一二三四五六七八九十两]|的|[,，。 ]|[送到]|$|都|被)间?"
    ),
    "clock": (
        r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9])?(?: ?[ap]\.?m?\.?(?![A-Za-z]))?(?![0-9])"
        rf"|[早晚午]?{_CLOCK_HOUR} ?(?:点钟?|时(?![间候期代长段差效刻])) ?"
        rf"(?:半|[一三]刻|整|{_MINUTE}分?)?(?![{_H}][万亿折倍百千]|[万亿])"
    ),
    "hours": rf"{_CLOCK_HOUR}(?={_JOIN}{_CLOCK_HOUR} ?(?:点|时(?![间候])))",
    "md": (
        r"(?:1[0-2]|0?[1-9])/(?:[12][0-9]|3[01]|0?[1-9])(?![0-9/%A-Za-z])"
        r"|(?:1[0-2]|[1-9])·(?:[12][0-9]|3[01]|[1-9])(?![0-9])"
        r"|(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?![-0-9万亿wkW元块])"
        r"|(?:1[0-2]|[1-9])\.(?:[12][0-9]|3[01]|[1-9])(?=[号日]|之?前|[上下]午|晚上)[号日]?"
    ),
    "now": r"现在|目前|当前(?![阶位])|此刻|眼下",
    "recent": r"最近(?!的)|近来|近期(?!内)",
}  # fmt: skip
_FIRST = (
    "〇零一二三四五六七八九十廿两几半百千上下这本今当同前后去来明昨大最近过未接往再之第末头每逢"
    "年月季周星礼刚次翌隔那听琴寻现初底目眼此还正冬农阴旧凌清早晌中午傍晚夜深首" + FESTIVAL_STARTS
)
_LEXER = re.compile(
    rf"(?:(?<![0-9A-Za-z.])(?=[0-9])|(?=[{_FIRST}])|(?<![A-Za-z])(?=[QqHhTtYy]))(?:"
    + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items())
    + ")"
)
_DIGITS = re.compile(r"[0-9]+")
_NUMERALS = "〇零一二两三四五六七八九十百千"
_WEEKDAYS = {char: number for number, chars in enumerate(
    ("一1", "二2", "三3", "四4", "五5", "六6", "日天7末"), 1) for char in chars}  # fmt: skip
_FAR = {"大前": -3, "大后": 3, "前": -2, "昨": -1, "琴": -1, "寻": -1, "今": 0, "明": 1, "听": 1,
        "后": 2}  # fmt: skip
_PARTS = {"晚": "晚上", "夜": "夜里", "早": "早上", "晨": "早上", "朝": "早上"}
_ENGLISH = {"today": 0, "tomorrow": 1, "yesterday": -1, "tonight": 0, "this": 0}
NO_WEEK = 99


def tokens_of(text: str) -> Iterator[Token]:
    """The date words of a normalised text, in order; linear, for every repeat is bounded."""
    last = 0
    for match in _LEXER.finditer(text):
        kind, start = match.lastgroup or "", match.start()
        inside = start > last and text[start] in _NUMERALS and text[start - 1] in _NUMERALS
        if inside and kind not in ("noon", "rday"):
            continue
        token = _READERS[kind](match.group(), start, match.end())
        if token is not None:
            last = token.end
            yield token


def _date(word: str, start: int, end: int) -> Token | None:
    parts = _DIGITS.findall(word)
    if len(parts) == 1:
        parts = [word[:4], word[4:6], word[6:]]
    first, second, third = map(int, parts)
    if len(parts[0]) == 4:
        return Token("date", start, end, first, second, third)
    if len(parts[2]) == 4 or "/" in word:
        month, day = (second, first) if first > 12 else (first, second)
        return Token("date", start, end, third, month, day)
    return Token("date", start, end, first, second, third)


def _year_month(word: str, start: int, end: int) -> Token | None:
    year, month = map(int, _DIGITS.findall(word))
    return Token("yearmonth", start, end, year, month)


def _year(word: str, start: int, end: int) -> Token | None:
    """Years; 三五年 and 两三年 are counts, 零八年 and 三三年 are years."""
    digits = word.partition("年")[0].strip()
    if not digits.isascii() and len(digits) == 2:
        first, second = (han_value(char) or 0 for char in digits)
        if second == first + 1 and first or (first, second) == (3, 5):
            return None
    value = small(digits)
    return None if value is None or len(digits) == 3 else Token("year", start, end, value)


def _relative_year(word: str, start: int, end: int) -> Token | None:
    far = {"大前": -3, "大后": 3, "前": -2, "后": 2, "去": -1, "上": -1, "明": 1, "来": 1, "下": 1}
    count = next((far[head] for head in (word[:2], word[:1]) if head in far), 0)
    return Token("ryear", start, end, count)


def _stepped(kind: str) -> Callable[[str, int, int], Token | None]:
    """上, 下, 上上 … as a count of periods away from now."""

    def read(word: str, start: int, end: int) -> Token | None:
        return Token(kind, start, end, _steps(word))

    return read


def _steps(word: str) -> int:
    head = word[:3]
    for char, sign in (("上", -1), ("下", 1)):
        if head.startswith(char):
            return sign * (len(head) - len(head.lstrip(char)))
    return 0


def _weekday(word: str, start: int, end: int) -> Token | None:
    days = [char for char in word if char in _WEEKDAYS]
    head = word[0] not in "周星礼"
    if head:
        days = [char for char in re.split("周|星期|礼拜", word, maxsplit=1)[1] if char in _WEEKDAYS]
    if word.endswith(("1", "2", "3", "4", "5", "6", "7")):
        days = [word[-1]]
    offset = _steps(word) if head else NO_WEEK
    second = _WEEKDAYS[days[1]] if len(days) > 1 else 0
    return Token("weekday", start, end, _WEEKDAYS[days[0]], offset, second, days[0])


def _relative_day(word: str, start: int, end: int) -> Token | None:
    lower = word.lower()
    if lower.isascii():
        return Token("rday", start, end, _ENGLISH[lower.split()[0]])
    count = _FAR.get(word[:2], _FAR.get(word[:1], 0))
    return Token("rday", start, end, count, word=_PARTS.get(word[1], ""))


def _that_day(word: str, start: int, end: int) -> Token | None:
    part = "晚上" if word.endswith("晚") else ""
    return Token("that", start, end, 1 if word[0] in "次翌隔第" else 0, word=part)


def _counted(kind: str) -> Callable[[str, int, int], Token | None]:
    """A month, day or hour by number."""

    def read(word: str, start: int, end: int) -> Token | None:
        digits = re.split("[ 月号日]", word, maxsplit=1)[0].replace("廿", "二十")
        value = small(digits)
        return None if not value else Token(kind, start, end, value)

    return read


def _quarter(word: str, start: int, end: int) -> Token | None:
    for char in word:
        if char in "一二三四1234首":
            return Token("quarter", start, end, _WEEKDAYS.get(char, 1))
    return None


def _half(word: str, start: int, end: int) -> Token | None:
    return Token("half", start, end, 1 if word[0] in "上前" or word[-1] == "1" else 2)


def _half_month(word: str, start: int, end: int) -> Token | None:
    return Token("halfmonth", start, end, 1 if word[0] == "上" else 2)


def _edge(word: str, start: int, end: int) -> Token | None:
    """Beginning, middle or end; `a` is the period that the word itself names."""
    scope = {"月": 1, "年": 2, "季": 3}.get(word[0], 0)
    if word == "年中":
        return None
    for mark in ("上旬", "中旬", "下旬", "初", "中"):
        if mark in word:
            return Token("edge", start, end, scope, word="中旬" if mark == "中" else mark)
    return Token("edge", start, end, scope, word="底")


def _clock(word: str, start: int, end: int) -> Token | None:
    """A clock time: `a` hours, `b` minutes, `c` 1 for digits and colon, the word 早, 晚, am, pm."""
    if ":" in word:
        hour, minute = map(int, _DIGITS.findall(word)[:2])
        mark = next((name for name in ("a", "p") if name in word), "")
        return Token("clock", start, end, hour, minute, 1, {"a": "am", "p": "pm"}.get(mark, ""))
    mark = word[0] if word[0] in "早晚午" else ""
    digits, _, rest = re.sub("点钟?|时", "|", word[len(mark) :], count=1).partition("|")
    hour_said = small(digits.strip())
    rest = rest.strip().removesuffix("分")
    fixed = {"": 0, "整": 0, "半": 30, "一刻": 15, "三刻": 45}
    said = fixed.get(rest)
    minute_said = said if said is not None else small(rest)
    if hour_said is None or minute_said is None or minute_said > 59:
        return None
    bare = 0 if rest else 2
    return Token("clock", start, end, hour_said, minute_said, bare, mark)


def _hours(word: str, start: int, end: int) -> Token | None:
    value = small(word)
    return None if value is None else Token("clock", start, end, value)


def _month_day(word: str, start: int, end: int) -> Token | None:
    month, day = map(int, _DIGITS.findall(word))
    return Token("md", start, end, month, day)


def _month_then_day(word: str, start: int, end: int) -> Token | None:
    """四月十三: a day without 日."""
    month, _, day = word.partition("月")
    both = small(month.strip()), small(day.removeprefix("份"))
    return Token("md", start, end, both[0] or 0, both[1] or 0)


def _plain(kind: str) -> Callable[[str, int, int], Token | None]:
    """A word that is interpreted later."""

    def read(word: str, start: int, end: int) -> Token | None:
        return Token(kind, start, end, word=word)

    return read


_READERS: dict[str, Callable[[str, int, int], Token | None]] = {
    "date": _date, "yearmonth": _year_month, "years": _year, "year": _year,
    "ryear": _relative_year, "lunar": _plain("lunar"), "festival": _plain("festival"),
    "every": _plain("every"), "todate": _plain("todate"), "same": _plain("same"),
    "rmonth": _stepped("rmonth"), "rquarter": _stepped("rquarter"), "half": _half,
    "halfmonth": _half_month, "weekday": _weekday, "week": _stepped("week"),
    "nth": _plain("nth"), "offset": _plain("offset"), "rday": _relative_day,
    "that": _that_day, "just": _plain("just"), "month": _counted("month"),
    "months": _counted("month"), "day": _counted("day"), "days": _counted("day"),
    "quarter": _quarter, "edge": _edge, "noon": _plain("noon"), "clock": _clock,
    "hours": _hours, "md": _month_day, "monthday": _month_then_day, "now": _plain("now"), "recent": _plain("recent"),
}  # fmt: skip
