"""Orders in few words."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

from typing import Any

import pytest

from tests.unit.nlu.company_words import acts

CASES: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("u1", "撤销", [{"type": "undo"}]),
    ("u1", "刚才那条记错了，撤回", [{"type": "undo"}]),
    ("u1", "你会干什么", [{"type": "help"}]),
    ("u4", "同意盐灯的报价", [{"type": "approve", "target": "quote", "customer": "k1"}]),
    ("u4", "同意 Q-1042", [{"type": "approve", "number": "Q-1042"}]),
    ("u4", "驳回 Q-1042，折扣太低", [{"type": "reject", "target": "discount", "comment": "折扣太低", "number": "Q-1042"}]),
    ("u4", "把贺一鸣的启橙转给唐可心", [{"type": "transfer", "from_user": "u1", "to_user": "u2", "customers": ["k2"]}]),
    ("u4", "把启橙转给小唐", [{"type": "ask", "about": "user", "options": ["u2", "u3"]}]),
    ("u1", "白塔纸业我领了", [{"type": "claim", "customer": "k6"}]),
    ("u1", "盐灯放回公海", [{"type": "release", "customer": "k1"}]),
    ("u4", "每周五下午五点半发周报给我", [{"type": "subscribe", "report": "weekly", "at": "17:30", "days": "weekly-5"}]),
    ("u4", "日报不用推了", [{"type": "subscribe", "report": "daily", "off": True}]),
    ("u1", "提醒我明天上午九点给盐灯寄样册", [{"type": "task", "what": "给盐灯寄样册", "due": "2026-11-26T09:00", "customer": "k1"}]),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "text", "expected"), CASES)
def test_command(sender: str, text: str, expected: list[dict[str, Any]]) -> None:
    assert acts(text, sender=sender) == expected
