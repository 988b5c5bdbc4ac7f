"""Figures as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from reports import words
from reports.results import Unit

YUAN, WAN, YI = 100, 1_000_000, 10_000_000_000


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, "0元"),
        (50, "0.5元"),
        (1234, "12.34元"),
        (9_800 * YUAN, "9800元"),
        (9_999 * YUAN + 49, "9999元"),
        (9_999 * YUAN + 60, "1万"),
        (10_000 * YUAN, "1万"),
        (128.5 * WAN, "128.5万"),
        (500 * WAN, "500万"),
        (402.04 * WAN, "402万"),
        (9_999.9 * WAN, "9999.9万"),
        (9_999.96 * WAN, "1亿"),
        (1.2 * YI, "1.2亿"),
        (1.234 * YI, "1.23亿"),
        (9_999.99 * YI, "9999.99亿"),
        (12_345 * YI, "1.23万亿"),
        (-12.5 * WAN, "−12.5万"),
        (-300 * YUAN, "−300元"),
    ],
)
def test_money(fen: float, said: str) -> None:
    assert words.money(fen) == said


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (0, "0%"), (0.004, "0%"), (0.77, "77%"), (0.996, "99%"), (1, "100%"), (1.21, "121%"),
        (9.99, "999%"), (10, "10倍"), (98.6, "99倍"), (5000, "99倍+"), (-0.04, "−4%"),
        (-0.001, "0%"),
    ],
)  # fmt: skip
def test_percent(ratio: float, said: str) -> None:
    assert words.percent(ratio) == said


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (386.2, 402, "−4%"), (120, 100, "+20%"), (100, 100, "持平"), (1001, 1000, "持平"),
        (5, 0, ""), (5, -3, ""), (0, 5, "−100%"), (500, 1, "+99倍+"),
    ],
)  # fmt: skip
def test_change(now: float, before: float, said: str) -> None:
    assert words.change(now, before) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (None, "yuan", "—"),
        (WAN, "yuan", "1万"),
        (12, "count", "12"),
        (12_345, "count", "1.2万"),
        (-3, "count", "−3"),
        (3.4, "count", "3"),
        (0.5, "percent", "50%"),
        (23.44, "days", "23.4 天"),
        (20.0, "days", "20 天"),
    ],
)
def test_value_by_its_unit(value: float | None, unit: Unit, said: str) -> None:
    assert words.value_text(value, unit) == said


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("386.2万", ("386.2", "万")), ("1.23万亿", ("1.23", "万亿")), ("7次", ("7", "次")),
        ("12.3万个", ("12.3", "万个")), ("−5万", ("−5", "万")), ("99", ("99", "")),
    ],
)  # fmt: skip
def test_digits_and_unit(text: str, parts: tuple[str, str]) -> None:
    assert words.amount_parts(text) == parts


def test_day() -> None:
    assert words.day_text(date(2026, 11, 24)) == "11月24日 周二"
    assert words.weekday(date(2026, 11, 29)) == "周日"
