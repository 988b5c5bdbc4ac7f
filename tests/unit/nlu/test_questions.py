"""Questions with their period, filters and view."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

from typing import Any

import pytest

from tests.unit.nlu.company_words import acts, talk

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
    ("把盐灯麦穗的电话给我", {"about": "contacts", "customer": "k1"}),
    ("本月丢了哪些单", {"about": "deals", "period": "2026-11", "filters": {"stage": "输单"}}),
    ("这个季度赢了几个项目", {"about": "deals", "period": "2026-Q4", "filters": {"stage": "赢单"}}),
    ("我有哪些A级客户", {"about": "customer", "filters": {"user": "u1", "grade": "A"}}),
    ("客户名单", {"about": "customer", "view": "list"}),
    ("唐可心今天去哪了", {"about": "activities", "period": "2026-11-25", "filters": {"user": "u2"}}),
    ("下个月要签的单子", {"about": "deals", "period": "2026-12"}),
    ("丢单率多少", {"about": "metric", "metric": "win_rate"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_question(text: str, expected: dict[str, Any]) -> None:
    assert acts(text) == [{"type": "query", **expected}]


def test_two_figures_are_two_queries() -> None:
    found = acts("今年的客单价和赢单率")
    assert [query["metric"] for query in found] == ["average_deal", "win_rate"]


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("贺一鸣有哪些单子", "回款排名", {"about": "metric", "metric": "collections", "view": "ranking", "group_by": "user"}),
        ("本月回款多少", "排名呢", {"about": "metric", "metric": "collections", "period": "2026-11", "view": "ranking", "group_by": "user"}),
        ("贺一鸣逾期的有哪些", "看看唐可心的报销", {"about": "expenses", "filters": {"user": "u2"}}),
        ("贺一鸣今天去了哪些客户", "上个月丢了哪些单", {"about": "deals", "period": "2026-10", "filters": {"stage": "输单"}}),
        ("贺一鸣本月有哪些商机", "那唐可心的呢", {"about": "deals", "period": "2026-11", "filters": {"user": "u2"}}),
    ],
)  # fmt: skip
def test_a_whole_question_leans_on_none_before(
    before: str, text: str, expected: dict[str, Any]
) -> None:
    assert talk(before, text)[-1] == [{"type": "query", **expected}]
