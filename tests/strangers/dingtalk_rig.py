"""What the strangers of DingTalk share: the company they meet, and a day over Stream."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from simulator.dingtalk.config import DingTalkConfig, Group, Member
from simulator.dingtalk.server import DingTalk
from tests.strangers.room import Room, Visitor

CLIENT, SECRET, TEAM = "dingstranger", "stranger-secret", "cidTeam=="


@asynccontextmanager
async def open_dingtalk(**changes: Any) -> AsyncIterator[DingTalk]:
    dingtalk = DingTalk(
        DingTalkConfig(
            corp_id="dingcorp",
            client_id=CLIENT,
            client_secret=SECRET,
            members=(
                Member(userid="lihua", name="李华"),
                Member(userid="wangmin", name="王敏", role="manager"),
            ),
            groups=(Group(open_conversation_id=TEAM, title="华东销售"),),
            **changes,
        )
    )
    await dingtalk.start()
    try:
        yield dingtalk
    finally:
        await dingtalk.stop()


async def spend_a_day_on_stream(room: Room, script: str, **changes: Any) -> None:
    """A message, a picture's bytes, a card, an event, a ping and a disconnect."""
    given = {"disconnect_close_seconds": 0.5, "event_retry_gaps": (0.2,), **changes}
    async with open_dingtalk(**given) as dingtalk:
        arguments = (dingtalk.url, CLIENT, SECRET, dingtalk.config.templates[0].template_id)
        async with room.run(script, *arguments, DINGTALK_OPENAPI_ENDPOINT=dingtalk.url) as visitor:
            await dingtalk.connected(timeout_seconds=30)
            await _talk(dingtalk, visitor, "早上好", None)
            await _talk(dingtalk, visitor, "大家好", TEAM)
            await _send_picture(dingtalk, visitor)
            await _press_card(dingtalk, visitor)
            await _meet_event(dingtalk, visitor)
            await _echo_ping(dingtalk)
            await _reconnect(dingtalk, visitor)
        lost = [callback.kind for callback in dingtalk.ledger.lost()]
        assert not lost, f"lost: {lost}"
        assert not dingtalk.stream.bad_frames, dingtalk.stream.bad_frames


async def _talk(dingtalk: DingTalk, visitor: Visitor, words: str, chat: str | None) -> None:
    message_id = await dingtalk.say("lihua", words, chat=chat)
    seen = await visitor.expect("message")
    told = (seen["id"], seen["text"].strip(), seen["sender"])
    assert told == (message_id, words, "lihua"), seen
    assert await dingtalk.delivered(message_id), "the message wasn't acknowledged"

    def shown() -> list[str]:
        messages = dingtalk.group(chat) if chat else dingtalk.messages("lihua")
        return [m.text for m in messages if m.text == f"收到：{words}"]

    await dingtalk.wait_for(shown)


async def _send_picture(dingtalk: DingTalk, visitor: Visitor) -> None:
    raw = b"\x89PNG\r\n\x1a\n" + bytes(500)
    await dingtalk.send("lihua", "picture", {"downloadCode": dingtalk.hold(raw)})
    seen = await visitor.expect("picture")
    assert seen["bytes"] == len(raw), seen


async def _press_card(dingtalk: DingTalk, visitor: Visitor) -> None:
    await dingtalk.say("lihua", "要一张卡片")
    seen = await visitor.expect("asked for a card")
    card = await dingtalk.wait_for(lambda: dingtalk.find_card("lihua", "报价审批"))
    assert card.card_id == seen["card"], (card.card_id, seen)
    tap = await dingtalk.press("lihua", "同意")
    pressed = await visitor.expect("press")
    assert pressed["params"] == {"press": "approve 42"}, pressed
    assert (pressed["card"], pressed["user"]) == (card.card_id, "lihua"), pressed
    assert await dingtalk.delivered(tap), dingtalk.ledger.callbacks[tap].toast
    assert card.replaced == "已同意", card.text
    assert card.face.title == "报价审批", "an update by key lost the other values"


async def _meet_event(dingtalk: DingTalk, visitor: Visitor) -> None:
    event_id = await dingtalk.leave("wangmin")
    seen = await visitor.expect("event")
    assert (seen["type"], seen["id"]) == ("user_leave_org", event_id), seen
    assert seen["users"] == ["wangmin"], seen
    assert await dingtalk.delivered(event_id), "the event wasn't acknowledged"
    assert len(dingtalk.ledger.callbacks[event_id].attempts) == 1


async def _echo_ping(dingtalk: DingTalk) -> None:
    (connection,) = dingtalk.stream.live()
    await dingtalk.stream.ping(connection)
    await dingtalk.wait_for(lambda: connection.pongs)


async def _reconnect(dingtalk: DingTalk, visitor: Visitor) -> None:
    opened = dingtalk.stream.opened
    await dingtalk.disconnect()
    await dingtalk.wait_for(lambda: dingtalk.stream.opened > opened, 30)
    await _talk(dingtalk, visitor, "又见面了", None)
