"""Plain sentences that every rep says: money that comes, meetings that are off, people who go."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

from typing import Any

import pytest

from tests.unit.nlu.company_words import acts

CASES: list[tuple[str, list[dict[str, Any]]]] = [
    ("盐灯下个月回款66万", [{"type": "payment", "customer": "k1", "amount": 660000, "date": "2026-12", "planned": True}]),
    ("盐灯下周打款66万", [{"type": "payment", "customer": "k1", "amount": 660000, "date": "2026-W49", "planned": True}]),
    ("盐灯10月货款5万到了", [{"type": "payment", "customer": "k1", "amount": 50000}]),
    ("盐灯上周回款5万", [{"type": "payment", "customer": "k1", "amount": 50000, "date": "2026-W47"}]),
    ("盐灯交了定金5万", [{"type": "payment", "customer": "k1", "amount": 50000}]),
    ("我们给盐灯交了保证金5万", []),
    ("明天盐灯的拜访取消了", []),
    ("把周五去盐灯的计划取消掉", []),
    ("明天和盐灯的会推迟到周五", []),
    ("盐灯的项目取消了", [{"type": "deal", "customer": "k1", "deal": "d1", "outcome": "lost", "lost_reason": "项目取消"}]),
    ("明天去不了盐灯了", []),
    ("明天去盐灯", [{"type": "activity", "kind": "visit", "customer": "k1", "date": "2026-11-26", "planned": True}]),
    ("盐灯的麦穗调到总部去了", [{"type": "contact", "customer": "k1", "name": "麦穗", "left": True}]),
    ("跟进盐灯：已发方案，等反馈", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_everyday(text: str, expected: list[dict[str, Any]]) -> None:
    assert acts(text) == expected
