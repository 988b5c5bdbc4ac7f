"""The AI bot's callback address over real HTTP: every fault is refused alike."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.events import Event
from bot.platforms.contract import InboxUnavailable
from bot.platforms.envelope import EnvelopeCrypto
from bot.platforms.wecom.aibot.doors import Times
from bot.platforms.wecom.aibot.receive import Patience
from bot.platforms.wecom.send import WeComPlatform
from bot.platforms.wecom.settings import BotSettings, WeComSettings
from storage.db import Database
from tests.unit.wecom.envelopes import AES_KEY, CORP, NONCE, NOW, TOKEN

PATH = "/wecom/bot"
Caller = TestClient[web.Request, web.Application]
Sent = tuple[dict[str, str], bytes]
SAID = {
    "msgid": "m1", "aibotid": "b", "chattype": "single", "from": {"userid": "lihua"},
    "msgtype": "text", "text": {"content": "今天拜访了客户"},
}  # fmt: skip


class Accepted:
    """Keeps events as the inbox would; `full` has it say that it can't."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.full = False

    async def __call__(self, event: Event) -> None:
        if self.full:
            raise InboxUnavailable("full")
        self.events.append(event)


@pytest.fixture
def accepted() -> Accepted:
    return Accepted()


@pytest.fixture
async def client(accepted: Accepted, sqlite_db: Database) -> AsyncIterator[Caller]:
    bot = BotSettings(bot_id="b", mode="callback", token=TOKEN, aes_key=AES_KEY)
    quick = Times(patience=Patience(message=0.0, event=0.0, poll=0.0))
    settings = WeComSettings(corp_id=CORP, bot=bot)
    platform = WeComPlatform(settings, sqlite_db, now=lambda: NOW, times=quick)
    app = web.Application()
    app.add_routes(platform.routes(accepted))
    async with TestClient(TestServer(app)) as caller:
        yield caller
    await platform.close()


def sealed(message: str, *, receive_id: str = "", seconds: float = 0, key: str = AES_KEY) -> Sent:
    timestamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    crypto = EnvelopeCrypto(TOKEN, key, receive_id)
    encrypted, signature = crypto.seal(message, timestamp, NONCE)
    query = {"msg_signature": signature, "timestamp": timestamp, "nonce": NONCE}
    return query, json.dumps({"encrypt": encrypted}).encode()


async def post(client: Caller, sent: Sent) -> tuple[int, bytes]:
    query, body = sent
    async with client.post(PATH, params=query, data=BytesIO(body)) as answer:
        return answer.status, await answer.read()


def opened(body: bytes) -> Any:
    outer = json.loads(body)
    crypto = EnvelopeCrypto(TOKEN, AES_KEY, "")
    signature = crypto.sign(outer["encrypt"], str(outer["timestamp"]), outer["nonce"])
    assert (outer["msgsignature"], outer["nonce"]) == (signature, NONCE)
    return json.loads(crypto._decrypt(outer["encrypt"]))


async def test_a_message_is_kept_and_the_answer_begun(client: Caller, accepted: Accepted) -> None:
    status, body = await post(client, sealed(json.dumps(SAID)))
    assert status == 200
    assert opened(body)["stream"]["content"] == "正在处理…"
    assert len(accepted.events) == 1


async def test_wecom_comes_again_when_the_inbox_is_full(
    client: Caller, accepted: Accepted
) -> None:
    accepted.full = True
    assert await post(client, sealed(json.dumps(SAID))) == (503, b"")
    assert accepted.events == []


async def test_a_poll_of_an_unknown_answer_waits(client: Caller, accepted: Accepted) -> None:
    poll = {"msgid": "p", "msgtype": "stream", "stream": {"id": "unknown"}}
    _, body = await post(client, sealed(json.dumps(poll)))
    assert opened(body)["stream"] == {"id": "unknown", "finish": False, "content": "正在处理…"}
    assert accepted.events == []


def changed(**parts: str) -> Sent:
    query, body = sealed(json.dumps(SAID))
    return query | parts, body


RIGHT = sealed(json.dumps(SAID))
REFUSED: dict[str, Sent] = {
    "no query": ({}, RIGHT[1]),
    "wrong signature": changed(msg_signature="0" * 40),
    "wrong nonce": changed(nonce="1"),
    "stale": sealed(json.dumps(SAID), seconds=-400),
    "of tomorrow": sealed(json.dumps(SAID), seconds=86_400),
    "the app's receive id": sealed(json.dumps(SAID), receive_id=CORP),
    "another key": sealed(json.dumps(SAID), key="Z" * 42 + "A"),
    "no json outside": (RIGHT[0], b"hello"),
    "xml outside": (RIGHT[0], b"<xml><Encrypt>x</Encrypt></xml>"),
    "a list outside": (RIGHT[0], b"[]"),
    "no envelope": (RIGHT[0], b"{}"),
    "an envelope that is no text": (RIGHT[0], b'{"encrypt": {"a": 1}}'),
    "no json inside": sealed("hello"),
    "a list inside": sealed("[]"),
    "depth inside": sealed("[" * 20_000),
    "no sender": sealed(json.dumps({**SAID, "from": {}})),
    "a megabyte": (RIGHT[0], b'{"encrypt": "' + b"A" * 1024 * 1024 + b'"}'),
}


@pytest.mark.parametrize("fault", REFUSED)
async def test_faults_are_refused_alike(client: Caller, accepted: Accepted, fault: str) -> None:
    assert await post(client, REFUSED[fault]) == (403, b"")
    assert accepted.events == []


async def test_each_flipped_bit_is_refused(client: Caller, accepted: Accepted) -> None:
    query, body = sealed(json.dumps(SAID))
    start = body.index(b": ") + 3
    for place in range(start, len(body) - 2, 5):
        tampered = bytearray(body)
        tampered[place] ^= 1 << (place % 7)
        assert (await post(client, (query, bytes(tampered))))[0] == 403
    assert accepted.events == []


async def test_a_false_verification_is_refused(client: Caller) -> None:
    async with client.get(PATH, params={**RIGHT[0], "echostr": "x"}) as answer:
        assert (answer.status, await answer.read()) == (403, b"")
