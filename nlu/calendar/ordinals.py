"""Parts of a period by their order: 第二周, 最后五天, 前三个月, 第一个周一."""

from __future__ import annotations

import re
from datetime import date, timedelta

from nlu.amounts.numbers import small
from nlu.calendar import periods
from nlu.calendar.periods import Period

_NTH = re.compile(
    r"(第|最后|前|后|头|末)的?([0-9一二三四五六七八九十百两]+)个?(?:(?:周|星期|礼拜)([一二三四五六日天])?|(天|月|季度|工作日))"
)


def nth(word: str, inside: Period) -> Period:
    """The part of a period that the word names; ValueError where the period has none such."""
    match = _NTH.fullmatch(word)
    count = small(match[2]) if match else None
    if match is None or not count:
        raise ValueError(word)
    lead, weekday, unit = match[1], match[3], match[4] or "周"
    if weekday:
        return _nth_weekday(inside, lead, count, "一二三四五六日天".index(weekday) % 7)
    if unit == "天":
        return _nth_days(inside, lead, count)
    if unit == "周":
        first = inside.first if lead == "第" else inside.last
        return _nth_week(inside, first, count) if lead == "第" else periods.week(first)
    return _nth_months(inside, lead, count, 3 if unit == "季度" else 1)


def _nth_weekday(inside: Period, lead: str, count: int, weekday: int) -> Period:
    if lead == "第":
        first = inside.first + timedelta(days=(weekday - inside.first.weekday()) % 7)
        return periods.day(_in(first + timedelta(days=7 * (count - 1)), inside))
    last = inside.last - timedelta(days=(inside.last.weekday() - weekday) % 7)
    return periods.day(_in(last, inside))


def _nth_days(inside: Period, lead: str, count: int) -> Period:
    if lead == "第":
        return periods.day(_in(inside.first + timedelta(days=count - 1), inside))
    if lead in ("前", "头"):
        return periods.days(inside.first, _in(inside.first + timedelta(days=count - 1), inside))
    first = _in(inside.last - timedelta(days=count - 1), inside)
    return periods.days(first, inside.last) if count > 1 else periods.day(first)


def _nth_week(inside: Period, first: date, count: int) -> Period:
    """Of a year the ISO week; of a month the weeks whose Monday it holds."""
    if inside.unit == "year":
        return periods.week(date.fromisocalendar(first.year, count, 1))
    monday = first + timedelta(days=-first.weekday() % 7)
    return periods.week(_in(monday + timedelta(days=7 * (count - 1)), inside))


def _nth_months(inside: Period, lead: str, count: int, months: int) -> Period:
    def part(index: int) -> Period:
        on = _in(periods.add_months(inside.first, months * index), inside)
        return (
            periods.month(on.year, on.month)
            if months == 1
            else periods.quarter(on.year, (on.month + 2) // 3)
        )

    if lead == "第":
        return part(count - 1)
    whole = (inside.last.month - inside.first.month + 1) // months
    first, last = (0, count - 1) if lead in ("前", "头") else (whole - count, whole - 1)
    return periods.between(part(first), part(last)) if first != last else part(first)


def _in(on: date, inside: Period) -> date:
    if not inside.first <= on <= inside.last:
        raise ValueError(on)
    return on
