"""A customer that nobody known is named by is looked up all the same, and small talk is not."""

from __future__ import annotations

import pytest

from tests.unit.nlu.company_words import acts

NAMED = [
    ("看一下宏达精密", "宏达精密"),
    ("看看宏达精密", "宏达精密"),
    ("查一下鑫源", "鑫源"),
    ("查下宏达精密机械有限公司", "宏达精密机械有限公司"),
    ("帮我查一下宏达激光", "宏达激光"),  # 激光 is a piece of a product's name
    ("调一下永兴化工的资料", "永兴化工"),
    ("查一下宏达精密这个客户。", "宏达精密"),
    ("看一下宏达精密什么情况？", "宏达精密"),
    ("看一下鑫源标准件有限公司", "鑫源标准件有限公司"),
]
TALK = [
    "看看",
    "看看再说",
    "看一下情况",
    "看看我",
    "看看西南",
    "查一下天气",
    "查一下今天天气",
    "看看能不能便宜点",
    "看看能便宜点",
    "调一下价格",
    "看看王总",
    "白总说去看看宏达精密",
    "看一下宏达精密，然后发给我",
    "宏达精密",
]


@pytest.mark.parametrize(("text", "name"), NAMED)
def test_an_unknown_name_is_looked_up(text: str, name: str) -> None:
    assert acts(text) == [{"type": "query", "about": "customer", "customer": name}]


@pytest.mark.parametrize("text", TALK)
def test_talk_looks_nobody_up(text: str) -> None:
    assert acts(text) == []


def test_a_known_name_is_its_customer() -> None:
    assert acts("看一下盐灯") == [{"type": "query", "about": "customer", "customer": "k1"}]
    assert acts("看一下漏斗")[0]["about"] == "metric"


@pytest.mark.parametrize(
    ("said", "customer"),
    [
        ("铁山精密的合同", "铁山精密"),
        ("铁锅机械有哪些联系人", "铁锅机械"),
        ("盐灯的合同", "k1"),
        ("今年的合同", None),
        ("所有工程的合同", None),
        ("到期的合同", None),
    ],
)
def test_a_question_keeps_the_name_that_nobody_known_has(said: str, customer: str | None) -> None:
    """Else a question about a colleague's customer would be answered with one's own."""
    (asked,) = acts(said)
    assert asked.get("customer") == customer
