"""Questions with their period, filters and view."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

from typing import Any

import pytest

from tests.unit.nlu.company_words import acts

CASES: list[tuple[str, dict[str, Any]]] = [
    ("盐灯现在什么情况", {"about": "customer", "customer": "k1"}),
    ("启橙有哪些商机", {"about": "deals", "customer": "k2"}),
    ("我今天有什么待办", {"about": "tasks", "period": "2026-11-25", "filters": {"user": "u1"}}),
    ("一组本月业绩多少", {"about": "metric", "metric": "sales", "period": "2026-11", "filters": {"team": "一组"}}),
    ("西南这个季度回款多少", {"about": "metric", "metric": "collections", "period": "2026-Q4", "filters": {"region": "西南"}}),
    ("今年销售额按人排名", {"about": "metric", "metric": "sales", "period": "2026", "view": "ranking", "group_by": "user"}),
    ("今年回款走势", {"about": "metric", "metric": "collections", "period": "2026", "view": "trend", "group_by": "month"}),
    ("看一下漏斗", {"about": "metric", "metric": "pipeline", "view": "funnel"}),
    ("盐灯还欠多少", {"about": "metric", "metric": "receivables", "customer": "k1"}),
    ("哪些商机停滞了", {"about": "stalled"}),
    ("公海里有什么客户", {"about": "pool"}),
    ("盐灯的联系人", {"about": "contacts", "customer": "k1"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_question(text: str, expected: dict[str, Any]) -> None:
    assert acts(text) == [{"type": "query", **expected}]


def test_two_figures_are_two_queries() -> None:
    found = acts("今年的客单价和赢单率")
    assert [query["metric"] for query in found] == ["average_deal", "win_rate"]
