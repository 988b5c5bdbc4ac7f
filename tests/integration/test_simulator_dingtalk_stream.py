"""The DingTalk stand-in's Stream: tickets, frames, acknowledgements, ups and downs."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.integration.simulator_dingtalk_rig import (
    CLIENT,
    CORP,
    SUBSCRIPTIONS,
    TEAM,
    Client,
    Rig,
    ack,
    open_bot,
    open_rig,
)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with open_rig() as made:
        yield made


# Opening


async def test_refuses_wrong_credentials(rig: Rig) -> None:
    status, told = await rig[1].open(clientSecret="wrong")
    assert (status, told["code"]) == (401, "authFailed")
    assert {"code", "message", "requestid"} <= told.keys()


@pytest.mark.parametrize(
    "subscriptions",
    [None, [], [{"type": "EVENT", "topic": "user_add_org"}], [{"type": "POEM", "topic": "*"}]],
)
async def test_refuses_wrong_subscriptions(rig: Rig, subscriptions: Any) -> None:
    assert (await rig[1].open(subscriptions=subscriptions))[0] == 400


async def test_answers_xml_to_whoever_does_not_accept_json(rig: Rig) -> None:
    _, client = rig
    body = {"clientId": CLIENT, "clientSecret": "this is a secret", "subscriptions": SUBSCRIPTIONS}
    address = f"{rig[0].url}/v1.0/gateway/connections/open"
    async with client.http.post(address, json=body) as answer:
        assert answer.content_type == "application/xml"
        assert "<ticket>" in await answer.text()


async def test_a_ticket_opens_one_connection(rig: Rig) -> None:
    _, client = rig
    _, told = await client.open()
    address = f"{told['endpoint']}?ticket={told['ticket']}"
    async with client.http.ws_connect(address):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await client.http.ws_connect(address)


async def test_a_ticket_lives_ninety_seconds(rig: Rig) -> None:
    dingtalk, client = rig
    _, told = await client.open()
    dingtalk.clock.advance(91)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await client.http.ws_connect(f"{told['endpoint']}?ticket={told['ticket']}")


async def test_an_awkward_ticket_must_be_encoded() -> None:
    async with open_rig(has_awkward_tickets=True) as (dingtalk, client):
        _, told = await client.open()
        assert "+" in told["ticket"]
        bare = f"{told['endpoint']}?ticket={told['ticket'].replace('+', ' ')}"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await client.http.ws_connect(bare)
        async with open_bot(client):
            assert len(dingtalk.stream.live()) == 1


# Robot messages


async def test_a_message_has_every_field_of_the_sheet(rig: Rig) -> None:
    dingtalk, client = rig
    async with open_bot(client) as bot:
        message_id = await dingtalk.say("wangmin", "拜访了甲公司")
        assert await dingtalk.delivered(message_id)
    (frame,), (body,) = bot.frames, bot.bodies()
    assert (frame["specVersion"], frame["type"]) == ("1.0", "CALLBACK")
    assert frame["headers"]["topic"] == "/v1.0/im/bot/messages/get"
    assert all(isinstance(value, str) for value in frame["headers"].values())
    assert body["msgId"] == message_id
    assert (body["msgtype"], body["text"]) == ("text", {"content": "拜访了甲公司"})
    assert (body["conversationType"], body["senderStaffId"]) == ("1", "wangmin")
    assert (body["senderNick"], body["isAdmin"], body["robotCode"]) == ("王敏", True, CLIENT)
    assert body["chatbotCorpId"] == body["senderCorpId"] == CORP
    assert body["sessionWebhookExpiredTime"] - body["createAt"] == 5_400_000
    assert "isInAtList" not in body


async def test_a_group_hands_on_what_follows_the_at(rig: Rig) -> None:
    dingtalk, client = rig
    async with open_bot(client) as bot:
        assert await dingtalk.delivered(await dingtalk.say("lihua", "本月排名", chat=TEAM))
        assert await dingtalk.delivered(await dingtalk.say("guest", "你好", chat=TEAM))
    ours, theirs = bot.bodies()
    assert (ours["conversationType"], ours["conversationId"]) == ("2", TEAM)
    assert ours["conversationTitle"] == "华东销售"
    assert ours["text"]["content"] == " 本月排名"
    assert ours["isInAtList"] is True
    assert ours["atUsers"]
    assert "senderStaffId" not in theirs


@pytest.mark.parametrize(
    ("userid", "chat"), [("lihua", "cidElse=="), ("lihua", "cidNoRobot=="), ("ghost", None)]
)
async def test_only_a_member_reaches_the_robot(rig: Rig, userid: str, chat: str | None) -> None:
    with pytest.raises(LookupError):
        await rig[0].say(userid, "你好", chat=chat)


KINDS = [
    ("richText", {"richText": [{"text": "看图"}, {"type": "picture", "downloadCode": "c"}]}),
    ("picture", {"downloadCode": "c"}),
    ("audio", {"duration": 4000, "downloadCode": "c", "recognition": "今天拜访了甲公司"}),
    ("video", {"duration": 4000, "downloadCode": "c", "videoType": "mp4"}),
    ("file", {"downloadCode": "c", "fileName": "报价.pdf"}),
    ("hologram", {"anything": [1, 2]}),
]


@pytest.mark.parametrize(("kind", "fields"), KINDS)
async def test_other_kinds_come_under_content(rig: Rig, kind: str, fields: dict[str, Any]) -> None:
    dingtalk, client = rig
    async with open_bot(client) as bot:
        assert await dingtalk.delivered(await dingtalk.send("lihua", kind, fields))
    (body,) = bot.bodies()
    assert (body["msgtype"], body["content"]) == (kind, fields)
    assert "text" not in body


async def test_sound_films_and_files_are_for_a_talk_alone(rig: Rig) -> None:
    for kind in ("audio", "video", "file"):
        with pytest.raises(ValueError, match=kind):
            await rig[0].send("lihua", kind, {}, chat=TEAM)


async def test_quirks_of_the_samples() -> None:
    async with open_rig(has_flat_text=True, has_text_times=True) as (dingtalk, client):
        async with open_bot(client) as bot:
            assert await dingtalk.delivered(await dingtalk.say("lihua", "你好"))
        (body,) = bot.bodies()
        assert body["content"] == "你好"
        assert body["createAt"].isdecimal()


async def test_a_message_is_lost_when_nobody_is_connected(rig: Rig) -> None:
    dingtalk, client = rig
    message_id = await dingtalk.say("lihua", "有人吗")
    assert not await dingtalk.delivered(message_id)
    async with open_bot(client) as bot:
        assert await dingtalk.delivered(await dingtalk.say("lihua", "现在呢"))
    assert [body["text"]["content"] for body in bot.bodies()] == ["现在呢"]


async def test_an_unanswered_message_is_never_sent_again() -> None:
    async with open_rig(stream_timeout_seconds=0.05) as (dingtalk, client):
        async with open_bot(client) as bot:
            bot.answer = lambda frame: None
            message_id = await dingtalk.say("lihua", "你好")
            assert not await dingtalk.delivered(message_id)
        assert len(bot.frames) == len(dingtalk.ledger.callbacks[message_id].attempts) == 1


async def test_an_unanswered_message_comes_again_where_that_is_switched_on() -> None:
    changes = {"stream_timeout_seconds": 0.5, "robot_repush_seconds": 0.01}
    async with open_rig(**changes) as (dingtalk, client), open_bot(client) as bot:
        bot.answer = lambda frame: None if len(bot.frames) == 1 else {"response": None}
        assert await dingtalk.delivered(await dingtalk.say("lihua", "你好"))
        first, second = bot.frames
        assert first["headers"]["messageId"] == second["headers"]["messageId"]
        assert first["data"] == second["data"]


async def test_a_late_answer_counts_for_a_message() -> None:
    async with open_rig(stream_timeout_seconds=0.05) as (dingtalk, client):
        socket = await client.connect()
        await dingtalk.connected()
        message_id = await dingtalk.say("lihua", "你好")
        frame = await socket.receive_json()
        assert not await dingtalk.delivered(message_id)
        await socket.send_json(ack(frame, {"response": None}))
        await dingtalk.wait_for(lambda: dingtalk.ledger.acked())
        await socket.close()


async def test_repeats_a_message_that_was_answered(rig: Rig) -> None:
    dingtalk, client = rig
    async with open_bot(client) as bot:
        message_id = await dingtalk.say("lihua", "你好")
        await dingtalk.delivered(message_id)
        await dingtalk.repeat(message_id)
        await dingtalk.wait_for(lambda: len(dingtalk.ledger.callbacks[message_id].attempts) == 2)
        await dingtalk.wait_for(lambda: len(bot.frames) == 2)
    assert {body["msgId"] for body in bot.bodies()} == {message_id}


async def test_each_push_goes_to_one_connection_by_chance(rig: Rig) -> None:
    dingtalk, client = rig
    async with open_bot(client) as one, open_bot(client) as other:
        for number in range(40):
            assert await dingtalk.delivered(await dingtalk.say("lihua", str(number)))
        seen = [body["text"]["content"] for bot in (one, other) for body in bot.bodies()]
        assert sorted(seen, key=int) == [str(number) for number in range(40)]
        assert one.frames
        assert other.frames


async def test_keeps_order_on_one_connection(rig: Rig) -> None:
    dingtalk, client = rig
    async with open_bot(client) as bot:
        ids = [await dingtalk.say("lihua", str(n)) for n in range(50)]
        for message_id in ids:
            await dingtalk.delivered(message_id)
    assert [body["text"]["content"] for body in bot.bodies()] == [str(n) for n in range(50)]


@pytest.mark.parametrize(
    "frame", ["{", "[]", '{"code": 200}', '{"code": "200", "headers": {"messageId": "x"}}']
)
async def test_notes_frames_that_are_no_acknowledgement(rig: Rig, frame: str) -> None:
    dingtalk, client = rig
    socket = await client.connect()
    await dingtalk.connected()
    await socket.send_str(frame)
    await socket.send_json({"code": 200, "headers": {"messageId": "x"}, "data": {"a": 1}})
    await dingtalk.stream.ping(dingtalk.stream.live()[0])
    received = await socket.receive_json()
    await socket.send_json(ack(received, json.loads(received["data"])))
    await dingtalk.wait_for(lambda: dingtalk.stream.live()[0].pongs == 1)
    assert len(dingtalk.stream.bad_frames) == 2
    await socket.close()


# Events


async def test_an_event_tells_of_a_leaver(rig: Rig) -> None:
    dingtalk, client = rig
    async with open_bot(client) as bot:
        bot.answer = lambda frame: {"status": "SUCCESS", "message": "ok"}
        event_id = await dingtalk.leave("lihua")
        assert await dingtalk.delivered(event_id)
    (frame,), (body,) = bot.frames, bot.bodies()
    assert (frame["type"], frame["headers"]["topic"]) == ("EVENT", "*")
    assert frame["headers"]["eventType"] == "user_leave_org"
    assert frame["headers"]["eventId"] == event_id
    assert frame["headers"]["eventCorpId"] == CORP
    assert body["userId"] == ["lihua"]
    assert body["timeStamp"].isdecimal()
    assert (await client.old("user/get", {"userid": "lihua"}))["errcode"] == 33012


@pytest.mark.parametrize("refusal", ["LATER", "500", "silence", "nobody"])
async def test_an_event_comes_until_it_is_acknowledged(refusal: str) -> None:
    gaps = {"event_retry_gaps": (0.02,) * 50, "stream_timeout_seconds": 0.05}
    async with open_rig(**gaps) as (dingtalk, client):
        if refusal == "nobody":
            event_id = await dingtalk.leave("lihua")
            attempts = dingtalk.ledger.callbacks[event_id].attempts
            await dingtalk.wait_for(lambda: len(attempts) >= 2)
        async with open_bot(client) as bot:
            if refusal != "nobody":
                bot.code = 500 if refusal == "500" else 200
                bot.answer = lambda frame: None if refusal == "silence" else {"status": refusal}
                event_id = await dingtalk.leave("lihua")
                await dingtalk.wait_for(lambda: len(bot.frames) == 2)
            bot.code, bot.answer = 200, lambda frame: {"status": "SUCCESS"}
            assert await dingtalk.delivered(event_id)
            assert {frame["headers"]["eventId"] for frame in bot.frames} == {event_id}


async def test_an_event_is_given_up_after_its_tries() -> None:
    async with open_rig(event_retry_gaps=(0.0, 0.0)) as (dingtalk, _):
        event_id = await dingtalk.leave("lihua")
        assert not await dingtalk.delivered(event_id)
        assert len(dingtalk.ledger.callbacks[event_id].attempts) == 3


async def test_an_event_may_spell_its_headers_otherwise() -> None:
    async with open_rig(event_headers_key="header") as (dingtalk, client):
        socket = await client.connect()
        await dingtalk.connected()
        await dingtalk.event("robot_msg_read", {"userId": "lihua"})
        frame = await socket.receive_json()
        assert frame["header"]["eventType"] == "robot_msg_read"
        await socket.close()


# Ups and downs


async def test_pings_and_hears_the_echo() -> None:
    async with open_rig(ping_seconds=0.02) as (dingtalk, client), open_bot(client) as bot:
        bot.answer = lambda frame: json.loads(frame["data"])
        await dingtalk.wait_for(lambda: dingtalk.stream.live()[0].pongs >= 2)
        assert bot.frames[0]["type"] == "SYSTEM"
        assert bot.frames[0]["headers"]["topic"] == "ping"


async def test_disconnect_quiets_a_connection_and_closes_it_later() -> None:
    async with open_rig(disconnect_close_seconds=0.1) as (dingtalk, client):
        async with open_bot(client) as old:
            message_id = await dingtalk.say("lihua", "一")
            assert await dingtalk.delivered(message_id)
            await dingtalk.disconnect()
            async with open_bot(client) as new:
                assert await dingtalk.delivered(await dingtalk.say("lihua", "二"))
                await asyncio.wait_for(old.closed.wait(), 30)
                assert len(dingtalk.stream.live()) == 1
        assert [f["headers"]["topic"] for f in old.frames][-1] == "disconnect"
        assert [body["text"]["content"] for body in new.bodies()] == ["二"]


async def test_what_was_pushed_before_a_disconnect_may_still_be_answered(rig: Rig) -> None:
    dingtalk, client = rig
    socket = await client.connect()
    await dingtalk.connected()
    message_id = await dingtalk.say("lihua", "一")
    frame = await socket.receive_json()
    await dingtalk.disconnect()
    await socket.send_json(ack(frame, {"response": None}))
    assert await dingtalk.delivered(message_id)
    await socket.close()


async def test_a_killed_connection_ends_without_a_close_frame(rig: Rig) -> None:
    dingtalk, client = rig
    socket = await client.connect()
    await dingtalk.connected()
    message_id = await dingtalk.say("lihua", "一")
    await socket.receive()
    dingtalk.kill_connections()
    ended = await socket.receive(timeout=5)
    assert ended.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    assert not await dingtalk.delivered(message_id)
    await dingtalk.wait_for(lambda: not dingtalk.stream.connections)


async def test_a_zombie_swallows_everything_while_tcp_lives() -> None:
    async with open_rig(stream_timeout_seconds=0.05) as (dingtalk, _):
        async with aiohttp.ClientSession() as http:
            socket = await Client(dingtalk, http).connect(autoping=False)
            await dingtalk.connected()
            await socket.ping()
            assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.PONG
            dingtalk.silence()
            await socket.ping()
            assert not await dingtalk.delivered(await dingtalk.say("lihua", "一"))
            with pytest.raises(TimeoutError):
                await socket.receive(timeout=0.1)
            assert not socket.closed
            assert len(dingtalk.stream.live()) == 1
        await dingtalk.wait_for(lambda: not dingtalk.stream.connections)


async def test_drops_as_many_frames_as_it_is_told(rig: Rig) -> None:
    dingtalk, client = rig
    async with open_bot(client) as bot:
        dingtalk.drop_frames(2)
        for number in range(3):
            last = await dingtalk.say("lihua", str(number))
        assert await dingtalk.delivered(last)
    assert [body["text"]["content"] for body in bot.bodies()] == ["2"]


async def test_starts_again_at_the_same_address(rig: Rig) -> None:
    dingtalk, client = rig
    async with open_bot(client) as bot:
        port = int(dingtalk.url.rpartition(":")[2])
        await dingtalk.stop()
        await asyncio.wait_for(bot.closed.wait(), 30)
    await dingtalk.start(port)
    async with open_bot(client):
        assert await dingtalk.delivered(await dingtalk.say("lihua", "恢复之后"))
