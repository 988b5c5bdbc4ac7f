"""An answer's parts as the replies that WeCom's AI bot gives."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from bot.platforms.contract import Refused
from bot.platforms.wecom.aibot import parts
from bot.platforms.wecom.aibot.parts import Part
from handlers.replies import Button, Card, CardUpdate, Content, Line, Picture, Text
from simulator.wecom.bot_phone import BOT_LENGTHS
from simulator.wecom.cards import check_card

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
CARD = Card(
    title="已记 · 客户甲",
    lines=(Line(label="金额", value="150万", before="120万"),),
    buttons=(Button(text="撤销", press="undo:12"),),
)


def part(content: Content, key: str = "e1-0", card_key: str | None = None) -> Part:
    return Part(key=key, content=content, card_key=card_key)


def reply(*given: Part, begun: bool = False, kind: Any = "message") -> dict[str, Any]:
    found = parts.reply(kind, "s1", given, {7: PNG}, begun=begun)
    assert found is not None
    return found


def test_words() -> None:
    answer = reply(part(Text(text="好 **不粗**")))
    assert answer == {
        "msgtype": "stream",
        "stream": {"id": "s1", "finish": True, "content": "好 ＊＊不粗＊＊"},
    }


def test_a_card_alone_is_a_card_alone() -> None:
    answer = reply(part(CARD, card_key="c1"))
    assert set(answer) == {"msgtype", "template_card"}
    assert check_card(answer["template_card"], lengths=BOT_LENGTHS) == []


def test_a_card_after_the_stream_has_begun_ends_it() -> None:
    answer = reply(part(CARD, card_key="c1"), begun=True)
    assert answer["msgtype"] == "stream_with_template_card"
    assert answer["stream"] == {"id": "s1", "finish": True, "content": "已记 · 客户甲"}


def test_words_card_and_picture_are_one_answer() -> None:
    shown = (
        part(Text(text="本月")),
        part(Picture(attachment_id=7, alt="图")),
        part(CARD, "k", "c"),
    )
    answer = reply(*shown)
    assert answer["msgtype"] == "stream_with_template_card"
    assert answer["stream"]["content"] == "本月"
    (item,) = answer["stream"]["msg_item"]
    assert base64.b64decode(item["image"]["base64"]) == PNG


def test_a_second_card_becomes_words() -> None:
    answer = reply(part(CARD, "a", "c1"), part(CARD, "b", "c2"))
    assert answer["template_card"]["task_id"] == "c1"
    assert "客户甲" in answer["stream"]["content"]


def test_a_picture_that_is_gone_leaves_the_rest() -> None:
    answer = reply(part(Text(text="本月")), part(Picture(attachment_id=8, alt="图")))
    assert "msg_item" not in answer["stream"]


def test_a_tap_is_answered_with_the_changed_card() -> None:
    decided = CardUpdate(card=Card(title="报价审批", decided="已同意 · 王敏 · 14:32"))
    answer = reply(part(decided, card_key="c1"), kind="tap")
    assert answer["response_type"] == "update_template_card"
    card = answer["template_card"]
    assert card["task_id"] == "c1"
    assert "已同意 · 王敏 · 14:32" in card["sub_title_text"]
    assert [button["key"] for button in card["button_list"]] == ["over"]
    assert check_card(card, update=True, lengths=BOT_LENGTHS) == []


def test_a_greeting_is_plain() -> None:
    answer = reply(part(Text(text="我是*跟单*")), kind="entered")
    assert answer == {"msgtype": "text", "text": {"content": "我是*跟单*"}}


def test_long_words_are_cut_to_what_fits() -> None:
    answer = reply(part(Text(text="好" * 10_000)))
    assert len(answer["stream"]["content"].encode()) <= 20480


@pytest.mark.parametrize("name", ["[点我](http://x)", "<@all>", "<font color=red>", "a\nb"])
def test_names_never_become_markup(name: str) -> None:
    card = Card(title=name, lines=(Line(label="客户", value=name),), note=name)
    for shown in (Text(text=name), card):
        content = reply(part(shown))["stream"]["content"]
        assert not any(mark in content for mark in ("](", "<@", "<font"))


def test_a_live_card_needs_its_key() -> None:
    with pytest.raises(Refused):
        reply(part(CARD))


def test_parts_survive_their_slip() -> None:
    for shown in (part(Text(text="好")), part(CARD, card_key="c"), part(CardUpdate(card=CARD))):
        assert parts.from_json(shown.to_json()) == shown
