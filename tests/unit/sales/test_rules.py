"""Rules over plain values: periods, money, limits, names."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sales import money, periods
from sales.approvals import beyond
from sales.duplicates import bare, masked
from sales.errors import Invalid
from sales.reminders import remind_at
from sales.setup.document import CompanySetup, merged
from storage.models.papers import Quote

SHANGHAI = ZoneInfo("Asia/Shanghai")
SETUP = CompanySetup()


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2026-11-25", date(2026, 11, 25), date(2026, 11, 25)),
        ("2026-11-25T15:00", date(2026, 11, 25), date(2026, 11, 25)),
        ("2026-W49", date(2026, 11, 30), date(2026, 12, 6)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-01/2026-06", date(2026, 1, 1), date(2026, 6, 30)),
    ],
)
def test_spans(value: str, first: date, last: date) -> None:
    assert periods.span(value) == (first, last)


@pytest.mark.parametrize(
    "value", ["", "2026-02-30", "2026-13", "2026-W54", "x", "2026-12/2026-01"]
)
def test_no_spans(value: str) -> None:
    with pytest.raises(Invalid):
        periods.span(value)


@pytest.mark.parametrize(
    ("value", "earlier"),
    [
        ("2026-01", "2025-12"), ("2026-Q1", "2025-Q4"), ("2026", "2025"),
        ("2026-W01", "2025-W52"), ("2026-11-24", "2026-11-23"),
        ("2026-11-23/2026-11-27", "2026-11-18/2026-11-22"),
    ],
)  # fmt: skip
def test_the_period_before(value: str, earlier: str) -> None:
    assert periods.before(value) == earlier


@pytest.mark.parametrize(
    ("yuan", "fen"), [(1.005, 101), (0.1 + 0.2, 30), (1_500_000, 150_000_000)]
)
def test_fen(yuan: float, fen: int) -> None:
    assert money.fen(yuan) == fen


@pytest.mark.parametrize("yuan", [-1, float("nan"), float("inf"), 1e309, 1e30])
def test_no_money(yuan: float) -> None:
    with pytest.raises(Invalid):
        money.fen(yuan)


def test_a_range_has_its_ends_in_order() -> None:
    assert money.spread((500, 300)) == (30_000, 50_000)
    assert money.spread((300, 300)) == (30_000, None)


@pytest.mark.parametrize(
    ("discount_bp", "amount_fen", "role", "found"),
    [
        (9000, 100_000_000, "rep", ()),
        (8999, 1, "rep", ("discount",)),
        (None, 100_000_001, "rep", ("amount",)),
        (5000, 200_000_000, "manager", ("discount", "amount")),
        (5000, 200_000_000, "director", ()),
        (None, None, "rep", ()),
    ],
)
def test_limits(
    discount_bp: int | None, amount_fen: int | None, role: str, found: tuple[str, ...]
) -> None:
    quote = Quote(discount_bp=discount_bp, amount_fen=amount_fen)
    assert beyond(quote, SETUP.quotes, role) == found


@pytest.mark.parametrize(
    ("due", "at"),
    [
        ("2026-11-25", datetime(2026, 11, 25, 1, tzinfo=UTC)),  # nine in the morning
        ("2026-11-24", datetime(2026, 11, 24, 9, tzinfo=UTC)),  # past nine: at five
        ("2026-11-24T15:00", datetime(2026, 11, 24, 7, tzinfo=UTC)),
        ("2026-W49", datetime(2026, 12, 6, 1, tzinfo=UTC)),
        ("2026-11-23", None),
        ("2026-11-24T09:00", None),
    ],
)
def test_reminders(due: str, at: datetime | None) -> None:
    now = datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert remind_at(due, now, SHANGHAI, SETUP.reminders) == at


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("恒通机床有限公司", "恒通机床"),
        ("恒通（苏州）机床股份有限公司", "恒通(苏州)机床"),
        ("ＡＢＣ科技", "abc 科技"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert bare(one) == bare(other)


def test_a_colleague_is_masked() -> None:
    assert masked("李强") == "李*"


def test_the_setup_stands_over_the_defaults() -> None:
    setup = merged({"quotes": {"min_discount": 0.8}})
    assert (setup.quotes.min_discount, setup.quotes.max_amount_yuan) == (0.8, 1_000_000)
    assert setup.stage_names[-2:] == ("赢单", "输单")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("quotes", {"min_discount": 2}),
        ("quotes", {"unknown": 1}),
        ("pipeline", {"stages": ["赢单"]}),
        ("pipeline", {"stages": []}),
        ("reports", {"daily_at": "25:00"}),
    ],
)
def test_a_setup_that_does_not_fit(key: str, value: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        merged({key: value})
