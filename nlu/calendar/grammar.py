"""How date words compose: each token narrows or replaces the period that those before it name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from nlu.amounts.numbers import small
from nlu.calendar import periods
from nlu.calendar.festivals import festival_day
from nlu.calendar.lunar import lunar_day
from nlu.calendar.offsets import offset
from nlu.calendar.ordinals import nth
from nlu.calendar.periods import Period
from nlu.calendar.tokens import NO_WEEK, Token

_DAYS = ("noon", "clock", "weekday", "offset")
FOLLOWERS: dict[str, frozenset[str]] = {
    kind: frozenset(names.split()) for kind, names in {
        "year": "month rmonth quarter half edge festival lunar nth rday md week",
        "ryear": "ryear month months quarter half edge festival lunar nth rday md",
        "month": "day days edge nth festival halfmonth offset",
        "rmonth": "day days edge nth halfmonth weekday",
        "yearmonth": "day days edge nth",
        "quarter": "edge nth month", "rquarter": "edge nth month", "half": "nth edge",
        "week": "weekday noon",
        "weekday": "noon clock hours month md rmonth day offset",
        "day": "noon clock hours weekday offset eve", "md": "noon clock hours weekday offset eve",
        "date": "noon clock hours weekday offset", "lunar": "noon clock hours weekday",
        "rday": "noon clock hours weekday month md date offset", "edge": "noon clock hours eve",
        "that": "noon clock hours", "festival": "noon clock hours eve",
        "nth": "noon clock hours nth",
        "offset": "noon clock hours", "noon": "clock hours",
        "every": "noon clock hours day weekday edge",
        "now": "", "recent": "",
    }.items()
}  # fmt: skip
FLOATS = {
    "month": "year", "months": "year", "md": "year", "quarter": "year", "half": "year",
    "festival": "year", "lunar": "year", "day": "month", "days": "month",
}  # fmt: skip
VAGUE = frozenset(("now", "recent"))
IMPLICIT = frozenset(("noon", "clock", "hours", "just"))
_AFTERNOON = ("下午", "午后", "傍晚", "晚上", "晚间", "夜里", "夜间", "晚", "pm", "晚上")
_NIGHT = ("晚上", "晚间", "夜里", "夜间", "晚", "半夜", "深夜", "午夜")
_NOON = ("中午", "正午", "午间", "晌午", "午")


class Setting(NamedTuple):
    """What a phrase is read against: now, the day that fills what is open, the last day named."""

    now: datetime
    anchor: date
    previous: Period | None = None


@dataclass(slots=True)
class Draft:
    """The period so far and the part of the day, while tokens are read."""

    period: Period | None = None
    part: str = ""


def compose(tokens: tuple[Token, ...], setting: Setting) -> Period:
    """The period that the tokens name; ValueError where the calendar has no such day."""
    draft = Draft()
    for token in tokens:
        draft.period = _RULES[token.kind](draft, token, setting)
    if draft.period is None:
        raise ValueError(tokens)
    return draft.period


def floats(tokens: tuple[Token, ...]) -> str:
    """The period that the words leave open (year, month, week), or nothing."""
    first = tokens[0]
    if first.kind == "weekday":
        explicit = any(token.kind in ("month", "md", "rmonth", "day") for token in tokens[1:])
        if explicit:
            return floats(tokens[1:])
        return "week" if first.b == NO_WEEK else ""
    if first.kind == "edge":
        early = first.word != "底"
        return {0: "month", 1: "month" if early else "", 2: "year" if early else ""}.get(
            first.a, ""
        )
    if first.kind == "rday":
        return ""
    return FLOATS.get(first.kind, "")


def century(year: int, now: date) -> int:
    """Two digits of a year as the last such year that isn't more than ten years away."""
    if year >= 1000:
        return year
    full = now.year - now.year % 100 + year % 100
    return full - 100 if full > now.year + 10 else full


def _year_of(draft: Draft, setting: Setting) -> int:
    return draft.period.first.year if draft.period else setting.anchor.year


def _date(draft: Draft, token: Token, setting: Setting) -> Period:
    return periods.day(date(century(token.a, setting.now.date()), token.b, token.c))


def _yearmonth(draft: Draft, token: Token, setting: Setting) -> Period:
    return periods.month(token.a, token.b)


def _year(draft: Draft, token: Token, setting: Setting) -> Period:
    return periods.year(century(token.a, setting.now.date()))


def _relative_year(draft: Draft, token: Token, setting: Setting) -> Period:
    base = draft.period.first.year if draft.period else setting.now.year
    return periods.year(base + token.a)


def _month(draft: Draft, token: Token, setting: Setting) -> Period:
    inside = draft.period if draft.period and draft.period.unit != "day" else None
    year = inside.first.year if inside else setting.anchor.year
    return periods.month(year, token.a)


def _relative_month(draft: Draft, token: Token, setting: Setting) -> Period:
    on = periods.add_months(setting.now.date(), token.a)
    return periods.month(on.year, on.month)


def _day(draft: Draft, token: Token, setting: Setting) -> Period:
    base = draft.period.first if draft.period and draft.period.unit == "month" else setting.anchor
    return periods.day(base.replace(day=1).replace(day=token.a))


def _month_day(draft: Draft, token: Token, setting: Setting) -> Period:
    inside = draft.period if draft.period and draft.period.unit == "year" else None
    return periods.day(
        date(inside.first.year if inside else setting.anchor.year, token.a, token.b)
    )


def _week(draft: Draft, token: Token, setting: Setting) -> Period:
    return periods.week(setting.now.date() + timedelta(days=7 * token.a))


def _weekday(draft: Draft, token: Token, setting: Setting) -> Period:
    """A day of a week, two days (周一到周五) or the weekend; beside a day it says nothing new."""
    if draft.period and draft.period.unit in ("day", "minute"):
        return draft.period
    if draft.period and draft.period.unit == "week":
        inside = draft.period.first
    elif token.b != NO_WEEK:
        inside = setting.now.date() + timedelta(days=7 * token.b)
    else:
        inside = setting.anchor
    monday = inside - timedelta(days=inside.weekday())
    if token.word == "末":
        return periods.days(monday + timedelta(days=5), monday + timedelta(days=6))
    first = monday + timedelta(days=token.a - 1)
    if not token.c:
        return periods.day(first)
    last = monday + timedelta(days=token.c - 1)
    return periods.days(first, last if last >= first else last + timedelta(days=7))


def _quarter(draft: Draft, token: Token, setting: Setting) -> Period:
    return periods.quarter(_year_of(draft, setting), token.a)


def _relative_quarter(draft: Draft, token: Token, setting: Setting) -> Period:
    on = periods.add_months(setting.now.date().replace(day=1), 3 * token.a)
    return periods.quarter(on.year, (on.month + 2) // 3)


def _half(draft: Draft, token: Token, setting: Setting) -> Period:
    return periods.half(_year_of(draft, setting), token.a)


def _half_month(draft: Draft, token: Token, setting: Setting) -> Period:
    inside = draft.period.first if draft.period else setting.now.date()
    first = inside.replace(day=1 if token.a == 1 else 16)
    return periods.days(first, first.replace(day=15) if token.a == 1 else periods.month_end(first))


def _edge(draft: Draft, token: Token, setting: Setting) -> Period:
    """月底 and 年底 are the last day, 月初 and 年初 the first, 上中下旬 ten days each."""
    inside = _scope(draft, token, setting)
    if token.word == "底":
        return periods.day(inside.last)
    if token.word == "初":
        return periods.day(inside.first)
    if inside.unit != "month":
        raise ValueError(token.word)
    first = inside.first
    if token.word == "上旬":
        return periods.days(first, first.replace(day=10))
    if token.word == "中旬":
        return periods.days(first.replace(day=11), first.replace(day=20))
    return periods.days(first.replace(day=21), inside.last)


def _scope(draft: Draft, token: Token, setting: Setting) -> Period:
    """The year, quarter or month whose edge is meant."""
    inside = draft.period
    on = setting.anchor
    if token.a == 2:
        return periods.year(inside.first.year if inside else on.year)
    if token.a == 3 and (inside is None or inside.unit != "quarter"):
        return periods.quarter(on.year, (on.month + 2) // 3)
    if inside is None or (token.a == 1 and inside.unit != "month"):
        return periods.month(on.year, on.month)
    return inside


def _festival(draft: Draft, token: Token, setting: Setting) -> Period:
    return periods.day(festival_day(token.word, _year_of(draft, setting)))


_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def _lunar(draft: Draft, token: Token, setting: Setting) -> Period:
    if token.word.startswith("大年"):
        first = lunar_day(_year_of(draft, setting), 1, 1)
        nth = small(token.word[3:]) if "初" in token.word else 0
        return periods.day(first + timedelta(days=(nth or 0) - 1))
    words = re.sub("农历|阴历|旧历| |日", "", token.word)
    month, _, day = words.partition("月")
    number = _LUNAR_MONTHS.get(month) or small(month) or 0
    day = day.removeprefix("初").replace("廿", "二十")
    if not day:
        raise ValueError(token.word)
    return periods.day(lunar_day(_year_of(draft, setting), number, small(day) or 0))


def _nth(draft: Draft, token: Token, setting: Setting) -> Period:
    """第二周, 最后五天, 前三个月 inside a period; without one, counted from now."""
    if draft.period is not None:
        return nth(token.word, draft.period)
    if token.word == "第二天" and setting.previous:
        return periods.day(setting.previous.last + timedelta(days=1))
    if token.word[0] not in "前后":
        raise ValueError(token.word)
    return offset(token.word, None, setting.now)


def _offset(draft: Draft, token: Token, setting: Setting) -> Period:
    return offset(token.word, draft.period, setting.now)


def _to_date(draft: Draft, token: Token, setting: Setting) -> Period:
    today = setting.now.date()
    first = today.replace(day=1)
    if token.word[0] == "年":
        first = first.replace(month=1)
    elif token.word[0] == "季":
        first = periods.quarter(today.year, (today.month + 2) // 3).first
    return periods.days(first, today)


def _relative_day(draft: Draft, token: Token, setting: Setting) -> Period:
    draft.part = token.word
    on = setting.now.date() + timedelta(days=token.a)
    if draft.period and draft.period.unit == "year":
        on = periods.add_months(on, 12 * (draft.period.first.year - on.year))
    return periods.day(on)


def _eve(draft: Draft, token: Token, setting: Setting) -> Period:
    """元旦前最后一天: the day before; ValueError where no day is named."""
    if draft.period is None:
        raise ValueError(token.word)
    return periods.day(draft.period.first - timedelta(days=1))


def _that_day(draft: Draft, token: Token, setting: Setting) -> Period:
    draft.part = token.word
    previous = setting.previous
    if previous is None and token.a:
        raise ValueError(token.kind)
    on = previous.last if previous else setting.now.date()
    return periods.day(on + timedelta(days=token.a))


def _today(draft: Draft, token: Token, setting: Setting) -> Period:
    return periods.day(setting.now.date())


def _noon(draft: Draft, token: Token, setting: Setting) -> Period:
    draft.part = (
        token.word.removesuffix("间")
        if len(token.word) == 2 and token.word[0] in "早"
        else token.word
    )
    return draft.period or periods.day(setting.anchor)


def _clock(draft: Draft, token: Token, setting: Setting) -> Period:
    """A clock time of the day so far; one to six without a part of the day is in the afternoon."""
    said = draft.period is not None and not draft.part
    on = draft.period.first if draft.period else setting.anchor
    hour = token.a
    part = draft.part or token.word
    on_next = False
    if part.startswith(_AFTERNOON) and hour < 12:
        late = part.startswith(_NIGHT) and hour <= 4
        hour, on_next = (hour, True) if late else (hour + 12, False)
    elif part.startswith(_NIGHT) and hour == 12:
        hour, on_next = 0, True
    elif part.startswith(_NOON) and hour <= 3:
        hour += 12
    elif part in ("凌晨", "am") and hour == 12:
        hour = 0
    elif not part and token.c != 1 and 1 <= hour <= 6:
        hour += 12
    elif not part and hour == 0 and not said and draft.period is None:
        on_next = True
    if hour == 24:
        hour, on_next = 0, True
    day = on + timedelta(days=1) if on_next else on
    return periods.minute(datetime(day.year, day.month, day.day, hour, token.b))  # noqa: DTZ001 - wall clock of the message


def _same_period(draft: Draft, token: Token, setting: Setting) -> Period:
    """去年同期: the period named before, a year, quarter, month or week earlier."""
    if setting.previous is None:
        raise ValueError(token.word)
    months = {"年": 12, "季": 3, "月": 1}
    step = next((months[char] for char in token.word if char in months), 0)
    return periods.earlier(setting.previous, step)


def _now(draft: Draft, token: Token, setting: Setting) -> Period:
    return periods.minute(setting.now)


Rule = Callable[[Draft, Token, Setting], Period]
_RULES: dict[str, Rule] = {
    "date": _date, "yearmonth": _yearmonth, "years": _year, "year": _year, "md": _month_day,
    "ryear": _relative_year, "month": _month, "months": _month, "rmonth": _relative_month,
    "day": _day, "days": _day, "week": _week, "weekday": _weekday, "quarter": _quarter,
    "rquarter": _relative_quarter, "half": _half, "halfmonth": _half_month, "edge": _edge,
    "festival": _festival, "lunar": _lunar, "nth": _nth, "offset": _offset, "todate": _to_date,
    "rday": _relative_day, "eve": _eve, "that": _that_day, "just": _today, "noon": _noon,
    "clock": _clock, "hours": _clock, "now": _now, "same": _same_period, "recent": _today,
}  # fmt: skip
