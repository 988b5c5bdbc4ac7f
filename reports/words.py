"""Figures as people say them: 128.5万, 77%, +12, 周二."""

from __future__ import annotations

from datetime import date

from reports.results import Unit, Value

MINUS = "−"
WAN = 10_000
YI = 100_000_000
WEEKDAYS = "一二三四五六日"
UNSAID = "—"


def money(fen: Value) -> str:
    """Money in 元, 万 (one decimal) or 亿 (two), rounded as the eye needs it."""
    sign = MINUS if fen < 0 else ""
    yuan = abs(fen) / 100
    if round(yuan / WAN, 1) >= WAN:
        return f"{sign}{_trimmed(yuan / YI, 2)}亿"
    if round(yuan) >= WAN:
        return f"{sign}{_trimmed(yuan / WAN, 1)}万"
    text = _trimmed(yuan, 0 if yuan >= 100 else 2)
    return f"{sign}{text}元" if text != "0" else "0元"


def amount_parts(text: str) -> tuple[str, str]:
    """The digits and the unit of a worded value, to be set in two sizes."""
    digits = text.rstrip("元万亿天%个 ")
    return digits, text[len(digits) :].strip()


def percent(ratio: float) -> str:
    """A ratio as whole percent; a sliver is not 0%, and 99.6% is not yet 100%."""
    share = abs(ratio) * 100
    whole = round(share)
    if whole == 100 and share < 100:
        whole = 99
    text = "<1%" if 0 < share < 0.5 else f"{whole}%"
    return f"{MINUS}{text}" if ratio < 0 and whole else text


def change(now: Value, before: Value) -> str:
    """How much more or less than before, in percent with its sign; "" if there was nothing."""
    if before <= 0:
        return ""
    ratio = now / before - 1
    whole = round(ratio * 100)
    if whole == 0:
        return "持平"
    return f"{'+' if whole > 0 else MINUS}{abs(whole)}%"


def count(value: Value) -> str:
    """A plain count; from ten thousand on in 万."""
    sign = MINUS if value < 0 else ""
    size = abs(value)
    if round(size) >= YI:
        return f"{sign}{_trimmed(size / YI, 2)}亿"
    if round(size) >= WAN:
        return f"{sign}{_trimmed(size / WAN, 1)}万"
    return f"{sign}{_trimmed(size, 0)}"


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


def _trimmed(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
