"""Durations counted from a day: 三天后, 一周内, 最近30天, 上两个月, 半个月后."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from fractions import Fraction

from nlu.amounts.numbers import han_range
from nlu.calendar import periods
from nlu.calendar.periods import Period

_UNITS = {
    "工作日": "workday", "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week",
    "月": "month", "季度": "quarter", "年": "year", "小时": "hour", "钟头": "hour", "钟": "hour",
    "刻钟": "quarter hour", "分钟": "minute", "分": "minute", "秒钟": "second", "秒": "second",
}  # fmt: skip
_TERM = re.compile(
    r"([0-9]+(?:\.5)?|[一二三四五六七八九十百千零两几半]+?"
    r"(?=[ 多来个周天月年季小钟分刻秒星礼工半日]))"
    r" ?(多|来)?(个?半)?个?多?"
    r"(工作日|星期|礼拜|季度|小时|钟头|刻钟|分钟|秒钟|[天日周月年分秒钟])(半)?"
)
_MINUTES = {"hour": 60, "quarter hour": 15, "minute": 1}
_PAST = ("过去", "最近", "近", "之前", "往前", "上", "前")
_NEXT = ("未来", "今后", "接下来", "接下去", "往后", "之后", "下", "后")


class Vague(ValueError):
    """A duration that names no day: 过两天, 前几天."""


def offset(text: str, base: Period | None, now: datetime) -> Period:
    """The period that a duration with its direction names, counted from a day or from now."""
    terms = [(_count(match), _UNITS[match[4]]) for match in _TERM.finditer(text)]
    first = _TERM.search(text)
    if not terms or first is None:
        raise Vague(text)
    lead, trail = text[: first.start()].strip(), _tail(text)
    if lead and not trail and _is_vague(first[1], terms[0][1]):
        raise Vague(text)
    start = base.at or datetime.combine(base.first, now.time()) if base else now
    if "内" in trail or "里" in trail:
        return _within(start, terms)
    if "以来" in trail:
        return _since(start, terms, text)
    if lead.startswith(("还剩", "还有")):
        return _remaining(start, terms)
    if lead.startswith(_PAST[:3]) and not (lead.startswith("过去") and terms[0][1] == "year"):
        return _recent(start, terms)
    if lead.startswith(("再过", "过")) and not lead.startswith("过去"):
        return _point(start, terms, 1, base)
    if "后" in trail:
        return _point(start, terms, 1, base)
    if "前" in trail:
        return _point(start, terms, -1, base)
    return _led(lead, start, terms)


def _tail(text: str) -> str:
    last = 0
    for match in _TERM.finditer(text):
        last = match.end()
    return text[last:]


def _is_vague(count: str, unit: str) -> bool:
    return "几" in count or (count == "两" and unit == "day")


def _count(match: re.Match[str]) -> Fraction:
    digits = match[1]
    if digits[0].isascii():
        value = Fraction(digits)
    elif digits == "半":
        value = Fraction(1, 2)
    else:
        both = han_range(digits)
        if both is None or both[0] != both[1] or "几" in digits:
            raise Vague(digits)
        value = Fraction(both[0])
    return value + (Fraction(1, 2) if match[3] or match[5] else 0)


def _moved(start: datetime, terms: list[tuple[Fraction, str]], sign: int) -> datetime:
    for count, unit in terms:
        start = _step(start, sign * count, unit)
    return start


def _step(start: datetime, count: Fraction, unit: str) -> datetime:
    if unit == "workday":
        return datetime.combine(_workdays(start.date(), int(count)), start.time())
    if unit in _MINUTES:
        return start + timedelta(minutes=float(count * _MINUTES[unit]))
    if unit == "second":
        return start + timedelta(seconds=float(count))
    if unit in ("day", "week"):
        return start + timedelta(days=int(count * (7 if unit == "week" else 1)))
    months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
    whole, rest = divmod(abs(months), 1)
    sign = 1 if months >= 0 else -1
    on = periods.add_months(start.date(), sign * int(whole)) if whole else start.date()
    return datetime.combine(on + timedelta(days=sign * int(rest * 30)), start.time())


def _workdays(on: date, count: int) -> date:
    """That many working days on, by the published calendar or else Monday to Friday."""
    if abs(count) > 1000:
        raise Vague(str(count))
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        on += step
        left -= _is_workday(on)
    return on


def _is_workday(on: date) -> bool:
    from chinese_calendar import is_workday

    try:
        return bool(is_workday(on))
    except NotImplementedError:
        return on.weekday() < 5


def _is_timed(terms: list[tuple[Fraction, str]]) -> bool:
    return any(unit in _MINUTES or unit == "second" for _, unit in terms)


def _point(
    start: datetime, terms: list[tuple[Fraction, str]], sign: int, base: Period | None
) -> Period:
    """N … later or earlier: a day, a minute for hours, a year for 两年前."""
    if _is_timed(terms):
        if base and not base.at:
            start = datetime.combine(base.first, datetime.min.time())
        return periods.minute(_moved(start, terms, sign))
    (count, unit), *more = terms
    if sign < 0 and unit == "year" and not more and count.denominator == 1 and base is None:
        return periods.year(start.year - int(count))
    return periods.day(_moved(start, terms, sign).date())


def _within(start: datetime, terms: list[tuple[Fraction, str]]) -> Period:
    end = _moved(start, terms, 1)
    if _is_timed(terms):
        return periods.minutes(start, end)
    return periods.days(start.date(), end.date())


def _recent(start: datetime, terms: list[tuple[Fraction, str]]) -> Period:
    """最近30天 are the 30 days that end today."""
    begin = _moved(start, terms, -1)
    if _is_timed(terms):
        return periods.minutes(begin, start)
    return periods.days(begin.date() + timedelta(days=1), start.date())


def _remaining(start: datetime, terms: list[tuple[Fraction, str]]) -> Period:
    if not _is_timed(terms):
        raise Vague(str(terms))
    return periods.minutes(start, _moved(start, terms, 1))


def _since(start: datetime, terms: list[tuple[Fraction, str]], text: str) -> Period:
    """三年以来 begins with a year, 三年半以来 with a month, 十天以来 with a day."""
    begin = _moved(start, terms, -1).date()
    count, unit = terms[-1]
    first = periods.day(begin)
    if unit == "year" and count.denominator == 1:
        first = periods.year(begin.year)
    elif unit in ("year", "month", "quarter"):
        first = periods.month(begin.year, begin.month)
    return periods.between(first, periods.day(start.date()))


def _led(lead: str, start: datetime, terms: list[tuple[Fraction, str]]) -> Period:
    """上两个月 are whole months, 前两小时 and 未来7天 count from now."""
    past = lead.startswith(_PAST)
    if not past and not lead.startswith(_NEXT):
        raise Vague(lead)
    if _is_timed(terms):
        other = _moved(start, terms, -1 if past else 1)
        return periods.minutes(min(start, other), max(start, other))
    count, unit = terms[0]
    whole = int(count)
    on = start.date()
    if (
        lead[0] in "上前"
        and unit in ("week", "month", "year")
        and count == whole
        and len(terms) == 1
    ):
        return _whole_before(on, whole, unit)
    end = _moved(start, terms, -1 if past else 1).date()
    if past:
        return periods.days(end, on - timedelta(days=1))
    if unit == "year":
        return periods.days(on + timedelta(days=1), end)
    if lead.startswith(("未来", "今后", "接下", "往后", "后", "下", "之后")):
        return periods.days(on, end - timedelta(days=1))
    raise Vague(lead)


def _whole_before(on: date, count: int, unit: str) -> Period:
    if unit == "week":
        first, last = (
            periods.week(on - timedelta(days=7 * count)),
            periods.week(on - timedelta(days=7)),
        )
    elif unit == "month":
        begin, end = periods.add_months(on, -count), periods.add_months(on, -1)
        first, last = periods.month(begin.year, begin.month), periods.month(end.year, end.month)
    else:
        first, last = periods.year(on.year - count), periods.year(on.year - 1)
    return first if first == last else periods.between(first, last)
