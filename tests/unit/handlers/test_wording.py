"""Values as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from handlers import wording

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-11-24", "今天"),
        ("2026-11-26", "后天"),
        ("2026-12-02", "周三 12-02"),
        ("2026-11-25T15:00", "明天 15:00"),
        ("2026-W49", "下周（11-30 至 12-06）"),
        ("2026-W50", "12-07 至 12-13"),
        ("2026-12", "12 月"),
        ("2027-01", "2027 年 1 月"),
        ("2026-Q4", "四季度"),
        ("2027-Q1", "2027 年一季度"),
        ("2026", "今年"),
        ("2026-11-23/2026-11-27", "11-23 至 11-27"),
        ("2027-06-01", "2027-06-01"),
    ],
)
def test_dates(value: str, words: str) -> None:
    assert wording.date_value(value, TODAY) == words


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (8200, "八二折"), (9000, "九折"), (8500, "八五折"), (8750, "8.75 折"),
        (10_000, "不打折"), (500, "0.5 折"), (10_500, "10.5 折"),
    ],
)  # fmt: skip
def test_discounts(points: int, words: str) -> None:
    assert wording.discount(points) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(None, None, "未定"), (128_500_000, None, "128.5万"), (30_000_000, 50_000_000, "30万～50万")],
)
def test_amounts(low: int | None, high: int | None, words: str) -> None:
    assert wording.amount(low, high) == words
