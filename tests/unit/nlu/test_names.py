"""Keys under which a name is kept meet the keys of the texts that say it."""

from __future__ import annotations

import pytest

from nlu.naming.names import (
    MOST_NAME_KEYS,
    MOST_TEXT_KEYS,
    keys_of_deal,
    keys_of_name,
    keys_of_text,
)
from tests.unit.nlu.company_words import acts


@pytest.mark.parametrize(
    "text",
    [
        "今天去乐山启橙农机有限公司",
        "启橙农机那边",
        "乐山启橙说要改",
        "跟启橙聊了聊",
        "去了趟起成 聊了聊",
        "启橙農機",
        "啟橙農機",
        "启柠农机",
        "启启橙农机",
        "启农机的事",
        "橙启农机",
        "乐山启成",
    ],
)
def test_a_name_is_found_as_it_is_said(text: str) -> None:
    assert keys_of_name("乐山启橙农机有限公司") & keys_of_text(text)


@pytest.mark.parametrize("text", ["今天天气不错", "有限公司", "乐山下雨"])
def test_common_words_are_no_keys(text: str) -> None:
    assert not keys_of_name("乐山启橙农机有限公司") & keys_of_text(text)


def test_keys_stay_few() -> None:
    """However long a name or a note is, and whatever characters can be read in two ways."""
    assert len(keys_of_name("乐山启橙农机有限公司")) <= 24
    assert len(keys_of_name("长重行乐朝单曾盛厦都藏传车" * 15)) <= MOST_NAME_KEYS
    assert len(keys_of_text("今天拜访启橙丘部长，预算九十万，下周三前给方案")) <= 300
    letters = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(12_000))
    assert len(keys_of_text(letters)) <= MOST_TEXT_KEYS


def test_a_key_fits_its_column() -> None:
    assert max(map(len, keys_of_name("庄床双窗创状撞装" * 8))) <= 80


def test_a_deal_leads_to_its_customer() -> None:
    assert keys_of_deal("云顶花园门窗") & keys_of_text("云顶花园推到评估")


def test_the_senders_own_customer_is_meant() -> None:
    assert [act["customer"] for act in acts("今天去了起成", sender="u1")] == ["k2"]
    assert [act["customer"] for act in acts("今天去了起成", sender="u2")] == ["k3"]


def test_a_contact_settles_who_is_meant() -> None:
    assert acts("今天去了起成见了南星", sender="u1")[0]["customer"] == "k3"


def test_a_shared_name_is_asked_about() -> None:
    assert acts("今天去了大木") == [{"type": "ask", "about": "customer", "options": ["k4", "k5"]}]


def test_a_place_settles_a_shared_name() -> None:
    assert acts("今天去了大连大木")[0]["customer"] == "k5"
