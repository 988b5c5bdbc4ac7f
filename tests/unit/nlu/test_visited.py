"""Firms that nobody wrote down yet, named as those whom a rep met."""

from __future__ import annotations

import pytest

from tests.unit.nlu.company_words import acts


@pytest.mark.parametrize(
    ("text", "firm", "who"),
    [
        ("今天拜访了宁波甬跃模具的励总", "宁波甬跃模具", "励总"),
        ("今天拜访了绵阳科达照明的赵经理", "绵阳科达照明", "赵经理"),
        ("今天拜访了宏达王总", "宏达", "王总"),
    ],
)
def test_an_unknown_firm_before_whom_one_met_is_a_new_customer(
    text: str, firm: str, who: str
) -> None:
    assert acts(text) == [
        {
            "type": "activity",
            "kind": "visit",
            "new_customer": firm,
            "contacts": [who],
            "date": "2026-11-25",
        }
    ]


@pytest.mark.parametrize(
    "text", ["拜访了客户王总", "今天拜访了业主张总", "今天拜访了设备部王总", "去宁波调试设备"]
)
def test_a_post_or_a_place_is_no_firm(text: str) -> None:
    assert not [act for act in acts(text) if "new_customer" in act]
