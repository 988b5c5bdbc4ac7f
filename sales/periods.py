"""Date values as acts carry them (2026-W49, 2026-Q4, a/b) to days and instants."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sales.errors import Invalid

_YEAR = re.compile(r"(\d{4})$")
_MONTH = re.compile(r"(\d{4})-(\d{2})$")
_WEEK = re.compile(r"(\d{4})-W(\d{2})$")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])$")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2})?$")


def span(value: str) -> tuple[date, date]:
    """The first and the last day of a date value; Invalid for anything else."""
    first, _, last = value.partition("/")
    try:
        if last:
            days = _one(first)[0], _one(last)[1]
            if days[0] > days[1]:
                raise ValueError(value)
            return days
        return _one(first)
    except ValueError as error:
        raise Invalid("date", value) from error


def clock(value: str) -> time | None:
    """The time of day that a date value names; None where it names a day only."""
    _, _, said = value.partition("T")
    try:
        return time.fromisoformat(said) if said else None
    except ValueError as error:
        raise Invalid("date", value) from error


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """That time of that day in the company's zone, as UTC."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The day on the company's calendar."""
    return moment.astimezone(zone).date()


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants from the first day's start up to (not with) the day after the last."""
    start = instant(first, time.min, zone)
    return start, instant(last + timedelta(days=1), time.min, zone)


def month_of(day: date) -> str:
    """2026-11"""
    return f"{day.year:04d}-{day.month:02d}"


def before(value: str) -> str:
    """The period of the same kind before this one; a span of n days gives the n days before."""
    first, last = span(value)
    if _MONTH.match(value):
        return month_of(first - timedelta(days=1))
    if _YEAR.match(value):
        return f"{first.year - 1:04d}"
    if found := _QUARTER.match(value):
        year, quarter = int(found[1]), int(found[2])
        return f"{year}-Q{quarter - 1}" if quarter > 1 else f"{year - 1}-Q4"
    if _WEEK.match(value):
        year, week, _ = (first - timedelta(days=7)).isocalendar()
        return f"{year:04d}-W{week:02d}"
    days = (last - first).days + 1
    start, end = first - timedelta(days=days), first - timedelta(days=1)
    return start.isoformat() if days == 1 else f"{start.isoformat()}/{end.isoformat()}"


def _one(value: str) -> tuple[date, date]:
    if _DAY.match(value):
        day = date.fromisoformat(value[:10])
        return day, day
    if found := _MONTH.match(value):
        return _months(int(found[1]), int(found[2]), 1)
    if found := _WEEK.match(value):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return monday, monday + timedelta(days=6)
    if found := _QUARTER.match(value):
        return _months(int(found[1]), 3 * int(found[2]) - 2, 3)
    if found := _YEAR.match(value):
        return _months(int(found[1]), 1, 12)
    raise ValueError(value)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    end = month + count - 1
    return date(year, month, 1), date(year, end, calendar.monthrange(year, end)[1])
