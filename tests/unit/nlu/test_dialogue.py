"""Turns that lean on the one before."""

from __future__ import annotations

import pytest

from tests.unit.nlu.company_words import talk


def test_an_ask_is_answered_by_number_and_the_note_is_read_again() -> None:
    asked, answered = talk("今天去了大木，聊得不错，周五前给他们方案", "第二个")
    assert asked == [{"type": "ask", "about": "customer", "options": ["k4", "k5"]}]
    assert [(act["type"], act["customer"]) for act in answered] == [
        ("activity", "k5"),
        ("task", "k5"),
    ]


@pytest.mark.parametrize(
    ("answer", "customer"), [("家具那家", "k4"), ("大连的", "k5"), ("第一个", "k4")]
)
def test_an_ask_is_answered_by_a_word_of_the_name(answer: str, customer: str) -> None:
    _, answered = talk("今天去了大木", answer)
    assert [act["customer"] for act in answered] == [customer]


def test_a_deal_is_chosen_by_its_name() -> None:
    _, answered = talk("启橙那个单子推到价格磋商", "二车间那个")
    assert answered == [{"type": "deal", "customer": "k2", "deal": "d3", "stage": "价格磋商"}]


def test_a_correction_names_the_slot() -> None:
    *_, amount = talk("盐灯折弯线预算60万", "不对，是66万")
    assert amount == [{"type": "correct", "set": {"amount": 660000}}]
    *_, day = talk("明天下午三点去盐灯开会", "改到后天下午四点")
    assert day == [{"type": "correct", "set": {"date": "2026-11-27T16:00"}}]


def test_pronouns_mean_the_customer_spoken_of() -> None:
    *_, task, query, fact = talk(
        "今天拜访盐灯白总", "周五前给他们发样册", "他们还欠多少", "这个客户评级改成A"
    )
    assert task == [
        {"type": "task", "what": "给他们发样册", "due": "2026-11-27", "customer": "k1"}
    ]
    assert query[0]["customer"] == "k1"
    assert fact == [{"type": "customer", "customer": "k1", "set": {"grade": "A"}}]


def test_a_follow_up_keeps_what_it_does_not_replace() -> None:
    *_, region, group = talk("西南本月销售额", "东北呢", "按产品拆开看")
    assert (region[0]["period"], region[0]["filters"]) == ("2026-11", {"region": "东北"})
    assert (group[0]["group_by"], group[0]["filters"]) == ("product", {"region": "东北"})


def test_undo_after_a_note() -> None:
    assert talk("今天拜访盐灯白总", "记错了，撤销")[1] == [{"type": "undo"}]


def test_a_whole_question_leans_on_nothing() -> None:
    """Its figure and its time are said: the customer spoken of before isn't meant."""
    _, asked = talk("盐灯什么情况", "这个月回款多少")
    assert asked == [
        {"type": "query", "about": "metric", "metric": "collections", "period": "2026-11"}
    ]


def test_pointing_at_nothing_in_particular_asks_nothing() -> None:
    _, asked = talk("盐灯这个月回款多少", "那个弄好了没")
    assert asked == []


def test_news_of_what_was_asked_about_is_no_answer() -> None:
    """What the turn tells is written; which one the first meant stays open."""
    first, second = talk("启橙那单推到下个月签", "一车间那单进价格磋商了")
    assert [act["type"] for act in first] == ["ask"]
    assert second == [{"type": "deal", "customer": "k2", "deal": "d2", "stage": "价格磋商"}]
    assert talk("启橙那单推到下个月签", "一车间那单")[1] == [
        {"type": "deal", "customer": "k2", "deal": "d2", "expected_close": "2026-12"}
    ]
