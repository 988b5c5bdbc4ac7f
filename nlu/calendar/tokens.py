"""The words that dates are made of: one expression finds them, each becomes a token."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from nlu.amounts.numbers import han_value, small
from nlu.calendar.festivals import FESTIVAL_STARTS
from nlu.calendar.words import PATTERNS


class Token(NamedTuple):
    """A word of a date; what `a`, `b` and `c` hold depends on its kind (see _READERS)."""

    kind: str
    start: int
    end: int
    a: int = 0
    b: int = 0
    c: int = 0
    word: str = ""


_NUMERALS = "〇零一二两三四五六七八九十"
_RELATIVE = "上下这本今当同前后去来明昨大"
_BY_FIRST = (
    (
        "0123456789",
        "date yearmonth years year monthday month months weekday nth offset day days quarter md "
        "clock hours festival",
    ),
    (
        _NUMERALS + "几半廿",
        "year monthday month months offset day days quarter clock hours festival noon",
    ),
    (
        _RELATIVE + "再那次翌隔",
        "eve same ryear rmonth rquarter half halfmonth weekday week festival lunar nth offset "
        "rday that edge noon now",
    ),
    ("最近过未接往之还第末头再", "eve nth offset quarter recent"),
    ("周星礼", "weekday"),
    ("每逢", "every"),
    ("年月季初底中末", "nth offset ryear todate edge noon festival"),
    ("刚听琴寻现目眼此首TtYy", "just rday now quarter"),
    ("QqHh", "half quarter"),
    ("正冬腊农阴旧凌清早晌午傍晚夜深", "lunar festival noon clock"),
    (FESTIVAL_STARTS, "festival"),
)


_UNIT_AHEAD = r"[-/.:·年月号日点时周天个到至~—–小钟分刻秒星礼工季多来半、QqHh]"
_GUARDS = (
    r"(?<![0-9A-Za-z.][0-9])"
    rf"(?<![0-9](?![0-9]* ?{_UNIT_AHEAD}|(?:[0-9]{{7}}|[0-9]{{3}})(?![0-9])|18))",
    rf"(?<![{_NUMERALS}几廿](?![{_NUMERALS}几廿]{{0,7}} ?{_UNIT_AHEAD}|[一八四夕]|大?早))",
    "(?<!去(?!年))(?<!来(?!年))(?<!那(?![一天日]))(?<!大(?![前后年早上]))(?<!明(?![天日年早晚晨儿]))",
    "(?<!后(?![天日年儿晚半一两二三四五六七八九十几0-9]))(?<!前(?![天日年儿晚半一两二三四五六七八九十几0-9]))",
    "(?<!万(?!圣))(?<!建(?![党军]))(?<!国(?![庆际]))(?<!中(?![秋午旬]))(?<!公(?!历))(?<!教(?!师))",
    "(?<!这(?![个一月周星礼季]))(?<!下(?![下一个周星礼月半季年旬午昼0-9两二三四五六七八九十几 ]))",
    "(?<!上(?![上一个周星礼月半季年旬午昼0-9两二三四五六七八九十几 ]))",
    "(?<!过(?![去0-9一二两三四五六七八九十几半 ]))",
    "(?<![A-Za-z][QqHhTtYy])(?<![QqHh](?![1-4]))",
)


@cache
def _lexers() -> tuple[re.Pattern[str], dict[str, re.Pattern[str]]]:
    """What a date word may begin with, and for each such character the words to try."""
    kinds: dict[str, set[str]] = {}
    for chars, said in _BY_FIRST:
        for char in chars:
            kinds.setdefault(char, set()).update(said.split())
    compiled: dict[frozenset[str], re.Pattern[str]] = {}
    lexers = {}
    for char, names in kinds.items():
        chosen = frozenset(names)
        if chosen not in compiled:
            parts = (f"(?P<{kind}>{PATTERNS[kind]})" for kind in PATTERNS if kind in chosen)
            compiled[chosen] = re.compile("|".join(parts))
        lexers[char] = compiled[chosen]
    return re.compile(f"[{''.join(lexers)}]" + "".join(_GUARDS)), lexers


_DIGITS = re.compile(r"[0-9]+")
_WEEKDAYS = {char: number for number, chars in enumerate(
    ("一1", "二2", "三3", "四4", "五5", "六6", "日天7末"), 1) for char in chars}  # fmt: skip
_FAR = {"大前": -3, "大后": 3, "前": -2, "昨": -1, "琴": -1, "寻": -1, "今": 0, "明": 1, "听": 1,
        "后": 2}  # fmt: skip
_PARTS = {"晚": "晚上", "夜": "夜里", "早": "早上", "晨": "早上", "朝": "早上"}
_ENGLISH = {"today": 0, "tomorrow": 1, "yesterday": -1, "tonight": 0, "this": 0}
NO_WEEK = 99


def tokens_of(text: str) -> Iterator[Token]:
    """The date words of a normalised text, in order; linear, for every repeat is bounded."""
    pattern, lexers = _lexers()
    trigger = pattern.search
    begin = trigger(text)
    last = 0
    while begin is not None:
        start = begin.start()
        match = lexers[text[start]].match(text, start)
        token = None
        if match is not None and not _is_inside(text, start, last, match.lastgroup or ""):
            token = _READERS[match.lastgroup or ""](match.group(), start, match.end())
        if token is not None:
            last = token.end
            yield token
        begin = trigger(text, last if token else start + 1)


def _is_inside(text: str, start: int, last: int, kind: str) -> bool:
    """Whether the word begins amid a numeral that was no date word (七万八 月底)."""
    if start and text[start + 1 : start + 2] == " " and text[start - 1] in "万千百亿wk块元":
        return True
    if start <= last or text[start] not in _NUMERALS or text[start - 1] not in _NUMERALS:
        return False
    return kind not in ("noon", "rday")


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
        if (second == first + 1 and first) or (first, second) == (3, 5):
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
        days = [
            char for char in re.split("周|星期|礼拜", word, maxsplit=1)[1] if char in _WEEKDAYS
        ]
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
    """`a` hours, `b` minutes, `c` 1 for digits and colon, the word 早, 晚, am or pm."""
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
    "eve": _plain("eve"), "that": _that_day, "just": _plain("just"), "month": _counted("month"),
    "months": _counted("month"), "day": _counted("day"), "days": _counted("day"),
    "quarter": _quarter, "edge": _edge, "noon": _plain("noon"), "clock": _clock,
    "hours": _hours, "md": _month_day, "monthday": _month_then_day, "now": _plain("now"),
    "recent": _plain("recent"),
}  # fmt: skip
