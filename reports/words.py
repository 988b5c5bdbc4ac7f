"""Figures as people say them: 128.5万, 77%, +12, 周二."""

from __future__ import annotations

from datetime import date

from reports.results import Unit, Value

MINUS = "−"
WAN = 10_000
YI = 100_000_000
UNITS = "元万亿个次天%倍 "
MANY_TIMES = 10
COUNTLESS_TIMES = 99
WEEKDAYS = "一二三四五六日"
UNSAID = "—"


def money(fen: Value) -> str:
    """Money in 元, 万 (one decimal) or 亿 (two), rounded as the eye needs it."""
    sign = MINUS if fen < 0 else ""
    yuan = abs(fen) / 100
    if round(yuan) >= WAN:
        return sign + _large(yuan)
    return f"{sign}{_trimmed(yuan, 0 if yuan >= 100 else 2)}元"


def amount_parts(text: str) -> tuple[str, str]:
    """The digits and the unit of a worded value, to be set in two sizes."""
    digits = text.rstrip(UNITS)
    return digits, text[len(digits) :].strip()


def percent(ratio: float) -> str:
    """A ratio as whole percent: 99.6% is not yet 100%; from ten times on in 倍, up to 99."""
    size = abs(ratio)
    whole = 99 if 0.99 < size < 1 else round(size * 100)
    text = f"{whole}%"
    if size >= MANY_TIMES:
        text = f"{size:.0f}倍" if size < COUNTLESS_TIMES else "99倍+"
    return f"{MINUS}{text}" if ratio < 0 and whole else text


def change(now: Value, before: Value) -> str:
    """How much more or less than before, with its sign; "" if there was nothing before."""
    if before <= 0:
        return ""
    ratio = now / before - 1
    if round(ratio * 100) == 0:
        return "持平"
    return f"{'+' if ratio > 0 else ''}{percent(ratio)}"


def shift(now: Value, before: Value, unit: Unit) -> str:
    """How much more or less than before; of percents the points between them."""
    if unit != "percent":
        return change(now, before)
    points = round((now - before) * 100)
    if points == 0:
        return "持平"
    return f"{'+' if points > 0 else MINUS}{abs(points)} 个点"


def count(value: Value) -> str:
    """A plain count; from ten thousand on in 万."""
    sign = MINUS if value < 0 else ""
    size = abs(value)
    return sign + (_large(size) if round(size) >= WAN else _trimmed(size, 0))


def value_text(value: Value | None, unit: Unit) -> str:
    """A metric's value by its unit; a dash where there is none."""
    if value is None:
        return UNSAID
    if unit == "yuan":
        return money(value)
    if unit == "percent":
        return percent(value)
    if unit == "days":
        return f"{_trimmed(value, 1)} 天"
    return count(value)


def weekday(day: date) -> str:
    """周二"""
    return f"周{WEEKDAYS[day.weekday()]}"


def day_text(day: date) -> str:
    """11月24日 周二"""
    return f"{day.month}月{day.day}日 {weekday(day)}"


def _large(size: float) -> str:
    """At least ten thousand, in 万, 亿 or 万亿."""
    if round(size / WAN, 1) < WAN:
        return f"{_trimmed(size / WAN, 1)}万"
    if round(size / YI, 2) < WAN:
        return f"{_trimmed(size / YI, 2)}亿"
    return f"{_trimmed(size / YI / WAN, 2)}万亿"


def _trimmed(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
