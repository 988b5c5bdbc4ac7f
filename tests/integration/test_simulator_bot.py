"""The simulated AI bot keeps WeCom's rules, whoever talks to it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from simulator.ledger import Message
from simulator.wecom.crypto import WeComCrypto
from simulator.wecom.gateway import PATH
from simulator.wecom.server import WeCom
from tests.integration import simulator_rig as rig
from tests.integration.bot_rig import BOT, BOT_AES, BOT_SECRET, BOT_TOKEN, CHAT, config


class Client:
    """A bare client of the gateway, as a stranger would write it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def call(self, command: str, body: Any = None, request: str = "") -> dict[str, Any]:
        request = request or f"{command}_{secrets.token_hex(4)}"
        frame = {"cmd": command, "headers": {"req_id": request}} | ({"body": body} if body else {})
        await self.socket.send_json(frame)
        answer = await self.next()
        assert answer["headers"]["req_id"] == request
        return answer

    async def next(self) -> dict[str, Any]:
        return dict(await self.socket.receive_json(timeout=5))

    async def code(self, command: str, body: Any = None, request: str = "") -> int:
        return int((await self.call(command, body, request))["errcode"])

    async def subscribe(self, **changes: str) -> int:
        body = {"bot_id": BOT, "secret": BOT_SECRET} | changes
        return await self.code("aibot_subscribe", body)

    async def respond(self, request: str, kind: str, content: Any) -> int:
        body = {"msgtype": kind, kind: content}
        return await self.code("aibot_respond_msg", body, request)

    async def stream(self, request: str, text: str, *, finish: bool = False) -> int:
        return await self.respond(
            request, "stream", {"id": "s", "content": text, "finish": finish}
        )


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    made = WeCom(config("socket", bot={"per_minute": 5}))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def client(wecom: WeCom) -> AsyncIterator[Client]:
    url = wecom.url.replace("http", "ws") + PATH
    async with aiohttp.ClientSession() as http, http.ws_connect(url) as socket:
        made = Client(socket)
        assert await made.subscribe() == 0
        yield made


async def said(wecom: WeCom, client: Client, text: str = "你好", chat: str | None = None) -> str:
    await wecom.say_bot("lihua", text, chat)
    frame = await client.next()
    assert frame["cmd"] == "aibot_msg_callback"
    return str(frame["headers"]["req_id"])


async def test_wrong_credentials(wecom: WeCom) -> None:
    url = wecom.url.replace("http", "ws") + PATH
    async with aiohttp.ClientSession() as http, http.ws_connect(url) as socket:
        client = Client(socket)
        assert await client.subscribe(secret="wrong") == 853000
        assert await client.subscribe(bot_id="wrong") == 93019
        await socket.send_json({"cmd": "ping", "headers": {"req_id": "ping_1"}})
        assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE


async def test_what_is_said_without_a_connection_is_lost(wecom: WeCom) -> None:
    assert not await wecom.delivered(await wecom.say_bot("lihua", "你好"))


async def test_the_newer_connection_pushes_the_older_out(wecom: WeCom, client: Client) -> None:
    url = wecom.url.replace("http", "ws") + PATH
    async with aiohttp.ClientSession() as http, http.ws_connect(url) as socket:
        newer = Client(socket)
        assert await newer.subscribe() == 0
        frame = await client.next()
        assert frame["body"]["event"]["eventtype"] == "disconnected_event"
        assert (await client.socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
        await said(wecom, newer)


async def test_a_stream_grows_until_it_is_finished(wecom: WeCom, client: Client) -> None:
    request = await said(wecom, client)
    assert await client.stream(request, "一") == 0
    assert await client.stream(request, "一二", finish=True) == 0
    (shown,) = wecom.the_bot.messages("lihua")
    assert (shown.text, len(shown.versions)) == ("一二", 1)
    assert await client.stream(request, "一二三") == 846608
    assert await client.respond(request, "markdown", {"content": "x"}) == 846605


async def test_a_stream_ends_after_six_minutes(wecom: WeCom, client: Client) -> None:
    request = await said(wecom, client)
    assert await client.stream(request, "一") == 0
    wecom.clock.advance(361)
    assert await client.stream(request, "二") == 846608


async def test_an_event_is_answered_within_five_seconds(wecom: WeCom, client: Client) -> None:
    await wecom.the_bot.enter("lihua")
    request = (await client.next())["headers"]["req_id"]
    assert await client.respond(request, "markdown", {"content": "x"}) == 846605
    wecom.clock.advance(6)
    welcome = {"msgtype": "text", "text": {"content": "你好"}}
    assert await client.code("aibot_respond_welcome_msg", welcome, request) == 846605


async def test_a_card_and_its_update(wecom: WeCom, client: Client) -> None:
    request = await said(wecom, client)
    assert await client.respond(request, "template_card", rig.card("t1")) == 0
    other = await said(wecom, client)
    assert await client.respond(other, "template_card", rig.card("t1")) == 40058
    await wecom.press_bot("lihua", "同意")
    frame = await client.next()
    tap = frame["body"]["event"]["template_card_event"]
    assert (tap["event_key"], tap["task_id"]) == ("yes", "t1")
    update = {"response_type": "update_template_card", "template_card": rig.card("t2")}
    request = frame["headers"]["req_id"]
    assert await client.code("aibot_respond_update_msg", update, request) == 40058
    update["template_card"] = rig.card("t1", main_title={"title": "已同意"})
    assert await client.code("aibot_respond_update_msg", update, request) == 0
    assert await client.code("aibot_respond_update_msg", update, request) == 846605
    (card,) = wecom.the_bot.messages("lihua")
    assert card.face.title == "已同意"


async def test_pushes_go_where_somebody_has_talked(wecom: WeCom, client: Client) -> None:
    body = {"msgtype": "markdown", "markdown": {"content": "早"}}
    assert await client.code("aibot_send_msg", {"chatid": "lihua", **body}) == 93006
    await said(wecom, client)
    for chat, kind in (("LiHua", 1), (CHAT, 2)):
        sent = {"chatid": chat, "chat_type": kind, **body}
        assert await client.code("aibot_send_msg", sent) == 0
    assert await client.code("aibot_send_msg", {"chatid": CHAT, "chat_type": 1, **body}) == 93006
    text = {"chatid": "lihua", "msgtype": "text", "text": {"content": "早"}}
    assert await client.code("aibot_send_msg", text) == 40008


async def test_a_conversation_has_its_limit(wecom: WeCom, client: Client) -> None:
    await said(wecom, client)
    body = {"chatid": "lihua", "msgtype": "markdown", "markdown": {"content": "早"}}
    codes = [await client.code("aibot_send_msg", body) for _ in range(6)]
    assert codes == [0] * 5 + [45009]
    wecom.clock.advance(61)
    assert await client.code("aibot_send_msg", body) == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [({}, 0), ({"md5": "0" * 32}, 301019), ({"total_size": 1}, 301019),
     ({"total_chunks": 3}, 40058), ({"type": "sound"}, 40004)],
)  # fmt: skip
async def test_uploads_are_checked(
    wecom: WeCom, client: Client, change: dict[str, Any], code: int
) -> None:
    raw = rig.PNG + bytes(600_000)
    init = {"type": "image", "filename": "a.png", "total_size": len(raw), "total_chunks": 2,
            "md5": hashlib.md5(raw).hexdigest()}  # noqa: S324  # fmt: skip
    begun = await client.call("aibot_upload_media_init", init | change)
    upload = {"upload_id": begun["body"]["upload_id"]}
    for index in (1, 0):
        piece = raw[index * 524_288 : (index + 1) * 524_288]
        chunk = {"chunk_index": index, "base64_data": base64.b64encode(piece).decode()}
        assert await client.code("aibot_upload_media_chunk", upload | chunk) == 0
    assert await client.code("aibot_upload_media_finish", upload) == code


async def test_a_response_url_works_once_and_for_an_hour() -> None:
    seen: list[dict[str, Any]] = []
    crypto = WeComCrypto(BOT_TOKEN, BOT_AES, "")

    async def receive(request: web.Request) -> web.Response:
        seen.append(json.loads(crypto.decrypt((await request.json())["encrypt"])))
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/wecom/bot", receive)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    wecom = WeCom(config())
    await wecom.start()
    assert wecom.the_bot.callbacks is not None
    wecom.the_bot.callbacks.calls.url = f"http://127.0.0.1:{runner.addresses[0][1]}/wecom/bot"
    async with aiohttp.ClientSession() as http:
        codes = []
        for _ in range(2):
            assert await wecom.delivered(await wecom.say_bot("lihua", "你好"))
        body = {"msgtype": "markdown", "markdown": {"content": "好"}}
        for url, seconds in ((0, 0), (0, 0), (1, 3601)):
            wecom.clock.advance(seconds)
            async with http.post(seen[url]["response_url"], json=body) as answer:
                codes.append((await answer.json())["errcode"])
    shown: list[Message] = wecom.the_bot.messages("lihua")
    await wecom.stop()
    await runner.cleanup()
    assert codes == [0, 40058, 40058]
    assert [message.text for message in shown] == ["好"]
