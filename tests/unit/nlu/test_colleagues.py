"""Tasks given to a colleague by name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.nlu.company_words import acts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("提醒唐可心明天交周报", {"what": "交周报", "due": "2026-11-26", "assignee": "u2"}),
        ("提醒唐书琴看一下报价", {"what": "看一下报价", "assignee": "u3"}),
        ("让小韦明天把样品寄了", {"what": "寄样品", "due": "2026-11-26", "assignee": "u4"}),
        ("叫韦长河周五前交方案", {"what": "交方案", "due": "2026-11-27", "assignee": "u4"}),
        ("提醒唐可心，明天交周报", {"what": "交周报", "due": "2026-11-26", "assignee": "u2"}),
        ("@韦长河 看下展会的资料", {"what": "看下展会的资料", "assignee": "u4"}),
        ("让贺一鸣明天交周报", {"what": "交周报", "due": "2026-11-26"}),
    ],
)
def test_a_colleague_told_to_do_something_has_the_task(
    text: str, expected: dict[str, Any]
) -> None:
    assert acts(text) == [{"type": "task", **expected}]


@pytest.mark.parametrize(
    "text", ["提醒唐可心", "叫韦长河吃饭", "让唐书琴把样品寄了", "请唐可心吃饭花了300"]
)
def test_what_is_done_or_no_order_is_no_task(text: str) -> None:
    assert not [act for act in acts(text) if act["type"] == "task"]
