"""Faults that are to be seen to or are mended, said without the word ticket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.nlu.company_words import acts


def _ticket(customer: str, what: str, status: str, **more: Any) -> list[dict[str, Any]]:
    return [{"type": "ticket", "customer": customer, "what": what, "status": status, **more}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("盐灯设备报警停机，很急，派人去看看", _ticket("k1", "设备报警停机", "open", urgent=True)),
        ("盐灯的机器漏油了，加急处理", _ticket("k1", "机器漏油", "open", urgent=True)),
        ("盐灯那边系统打不开，安排人修一下", _ticket("k1", "系统打不开", "open")),
        ("白塔纸业投诉断货，马上处理", _ticket("k6", "断货", "open", urgent=True)),
        ("盐灯的报警处理好了", _ticket("k1", "报警", "closed")),
        ("盐灯那边漏水修好了", _ticket("k1", "漏水", "closed")),
        ("盐灯的机器坏了，已经修好了", _ticket("k1", "机器坏了", "closed")),
    ],
)  # fmt: skip
def test_a_fault_to_be_seen_to_opens_a_ticket_and_a_mended_one_closes_it(
    text: str, expected: list[dict[str, Any]]
) -> None:
    assert acts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "盐灯的机器坏了",
        "盐灯的机器坏了，还没修好",
        "今天去盐灯聊了设备报警的事，白大川说飞锐激光的老是死机",
        "盐灯用的飞锐激光设备坏了，赶紧去看看",
        "盐灯漏油修好了吗",
    ],
)
def test_a_remark_about_a_fault_is_no_ticket(text: str) -> None:
    assert not [act for act in acts(text) if act["type"] == "ticket"]
