"""Typed spans of a text, each masking the next: contacts and codes, dates, then numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from nlu.amounts.money import AmountSpan, DiscountSpan, NumberSpan, find_numbers
from nlu.calendar.dates import DateSpan, find_dates
from nlu.normal import normalise

Value = str | int | float | tuple[int | float, int | float]
MASK = "\x00"

_CODES = re.compile(
    r"(?P<email>(?<![\w.+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}\.[A-Za-z]{2,24})"
    r"|(?P<link>https?://[!-~]{1,500})"
    r"|(?P<phone>(?<![0-9A-Za-z.])(?:\+?86[- ]?)?1[3-9][0-9]"
    r"(?:[0-9]{8}|[- ][0-9]{4}[- ][0-9]{4})(?![0-9])"
    r"|(?<![0-9A-Za-z.])(?:0[0-9]{2,3}-[0-9]{7,8}(?:-[0-9]{1,5})?|400-?[0-9]{3,4}-?[0-9]{3,4})(?![0-9]))"
    r"|(?P<code>(?<![A-Za-z0-9_-])(?=[A-Za-z]{1,12}[-_A-Za-z]{0,12}[0-9])(?![QqHh][1-4](?![0-9A-Za-z_-]))"
    r"(?!(?:RMB|rmb|CNY|USD|EUR|HKD|US)[0-9])[A-Za-z][A-Za-z0-9]{0,20}(?:[-_/][A-Za-z0-9]{1,20}){0,6}"
    r"|(?<![0-9.,])[0-9]{12,40}(?![0-9.]| ?(?:元|块|万|亿|美元|美金|欧元|日元|港)))"
)


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """A telephone number, an address of the net, or a number that only identifies something."""

    start: int
    end: int
    kind: Literal["phone", "email", "link", "code"]
    value: str


@dataclass(frozen=True, slots=True)
class Span:
    """A typed piece of the text as it was sent, its value as in the schema of acts."""

    kind: Literal["phone", "email", "link", "code", "date", "amount", "discount", "quantity"]
    start: int
    end: int
    text: str
    value: Value
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """All typed spans of one normalised text."""

    codes: tuple[CodeSpan, ...]
    dates: tuple[DateSpan, ...]
    numbers: tuple[NumberSpan, ...]


def find_codes(text: str) -> list[CodeSpan]:
    """Telephone numbers, e-mail addresses, links and contract or model numbers, in order."""
    spans = []
    for match in _CODES.finditer(text):
        kind = match.lastgroup
        if kind in ("phone", "email", "link", "code"):
            spans.append(CodeSpan(match.start(), match.end(), kind, match.group()))  # type: ignore[arg-type]
    return spans


def find_all(text: str, now: datetime, *, vague: bool = False) -> Found:
    """Codes, dates and numbers of a normalised text; none reads into another."""
    codes = find_codes(text) if _MAY_HOLD_CODE.search(text) else []
    masked = mask(text, codes) if codes else text
    dates = find_dates(masked, now, vague=vague)
    masked = mask(masked, (span for span in dates if not span.weak))
    return Found(tuple(codes), tuple(dates), tuple(find_numbers(masked)))


_MAY_HOLD_CODE = re.compile("[A-Za-z@]|[0-9][-0-9][0-9]{5}|[0-9]-[0-9]")


def mask(text: str, spans: Iterable[CodeSpan | DateSpan | NumberSpan]) -> str:
    """The text with those spans blotted out, of the same length."""
    pieces, place = [], 0
    for span in spans:
        pieces.append(text[place : span.start])
        pieces.append(MASK * (span.end - span.start))
        place = span.end
    pieces.append(text[place:])
    return "".join(pieces)


def spans(text: str, now: datetime) -> list[Span]:
    """Typed spans of a text as sent (not yet normalised), in order of their place."""
    normal = normalise(text)
    found = find_all(normal.text, now, vague=True)
    result = []
    for span in (*found.codes, *found.dates, *found.numbers):
        start, end = normal.original(span.start, span.end)
        unit = ""
        kind: str
        if isinstance(span, CodeSpan):
            kind = span.kind
        elif isinstance(span, DateSpan):
            kind = "date"
        elif isinstance(span, AmountSpan):
            kind, unit = "amount", span.currency if span.unit_said else ""
        elif isinstance(span, DiscountSpan):
            kind = "discount"
        else:
            kind, unit = "quantity", span.unit
        result.append(Span(kind, start, end, text[start:end], span.value, unit))  # type: ignore[arg-type]
    return sorted(result, key=lambda span: span.start)
