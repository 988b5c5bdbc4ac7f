"""Periods of the calendar and the strings that name them (2026-11-25, 2026-W49, 2026-Q4)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

Unit = Literal["minute", "day", "week", "month", "quarter", "half", "year", "span"]


class Period(NamedTuple):
    """From the first to the last day, both included; `text` is its value at the precision said."""

    unit: Unit
    first: date
    last: date
    text: str
    at: datetime | None = None


def day(on: date) -> Period:
    return Period("day", on, on, on.isoformat())


def minute(at: datetime) -> Period:
    at = at.replace(second=0, microsecond=0, tzinfo=None)
    return Period("minute", at.date(), at.date(), at.isoformat(timespec="minutes"), at)


def week(on: date) -> Period:
    """The calendar week of a day, from Monday."""
    year, number, weekday = on.isocalendar()
    monday = on - timedelta(days=weekday - 1)
    return Period("week", monday, monday + timedelta(days=6), f"{year:04}-W{number:02}")


def month(year: int, number: int) -> Period:
    first = date(year, number, 1)
    return Period("month", first, month_end(first), f"{year:04}-{number:02}")


def quarter(year: int, number: int) -> Period:
    if not 1 <= number <= 4:
        raise ValueError(number)
    first = date(year, 3 * number - 2, 1)
    last = month_end(date(year, 3 * number, 1))
    return Period("quarter", first, last, f"{year:04}-Q{number}")


def half(year: int, number: int) -> Period:
    first, last = month(year, 6 * number - 5), month(year, 6 * number)
    return Period("half", first.first, last.last, f"{first.text}/{last.text}")


def year(number: int) -> Period:
    return Period("year", date(number, 1, 1), date(number, 12, 31), f"{number:04}")


def days(first: date, last: date) -> Period:
    """A span of days."""
    if last < first:
        raise ValueError(last)
    return Period("span", first, last, f"{first.isoformat()}/{last.isoformat()}")


def minutes(first: datetime, last: datetime) -> Period:
    """A span between two clock times."""
    return between(minute(first), minute(last))


def between(one: Period, other: Period) -> Period:
    """From the start of one period to the end of another, each in its own precision."""
    if other.last < one.first or (one.at and other.at and other.at < one.at):
        raise ValueError(other.text)
    left = one.text.partition("/")[0]
    right = other.text.rpartition("/")[2]
    return Period("span", one.first, other.last, f"{left}/{right}")


def earlier(period: Period, months: int) -> Period:
    """The same kind of period so many months before, or a week before where that is none."""
    if not months:
        back = timedelta(days=7)
        return _same_kind(period, period.first - back, period.last - back)
    first, last = add_months(period.first, -months), add_months(period.last, -months)
    if period.last == month_end(period.last):
        last = month_end(last)
    return _same_kind(period, first, last)


def _same_kind(period: Period, first: date, last: date) -> Period:
    if period.unit == "week":
        return week(first)
    if period.unit == "month":
        return month(first.year, first.month)
    if period.unit == "quarter":
        return quarter(first.year, (first.month + 2) // 3)
    if period.unit == "year":
        return year(first.year)
    return day(first) if first == last else days(first, last)


def month_end(on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1])


def add_months(on: date, count: int) -> date:
    """The same day that many months later, or that month's last day."""
    index = on.year * 12 + on.month - 1 + count
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(on.day, monthrange(first.year, first.month)[1]))


def back_a_year(value: str) -> str:
    """The same time of the year before, of a date value in any precision."""
    return "/".join(_year_less(part) for part in value.split("/"))


def _year_less(value: str) -> str:
    if value[4:10] == "-02-29":
        value = f"{value[:8]}28{value[10:]}"
    return f"{int(value[:4]) - 1:04}{value[4:]}"
