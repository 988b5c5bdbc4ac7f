"""WeCom's callback over real HTTP: verified, taken once, refused alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select
from wechatpy.work.crypto import WeChatCrypto

from bot.events import Event, Message
from bot.inbox import Inbox
from bot.platforms.contract import Accept, InboxUnavailable
from bot.platforms.doors import BODY_SECONDS, MAX_BODY_BYTES
from bot.platforms.wecom.decode import decode
from bot.platforms.wecom.receive import Key, Receiver
from storage.db import Database
from storage.models.service import Inbound
from storage.viewer import SYSTEM
from tests.fakes import FakeClock
from tests.unit.wecom.envelopes import (
    AES_KEY,
    CORP,
    NONCE,
    NOW,
    TOKEN,
    crypto,
    event,
    inner,
    outer,
    query,
    sealed,
    settings,
    signed,
)

PATH = "/wecom/callback"
Caller = TestClient[web.Request, web.Application]
Answer = tuple[int, bytes, str | None]


@dataclass
class Accepted:
    """Keeps events as the inbox would; `full` has it say that it can't."""

    events: list[Event] = field(default_factory=list)
    full: bool = False

    async def __call__(self, event: Event) -> None:
        if self.full:
            raise InboxUnavailable("full")
        self.events.append(event)


@asynccontextmanager
async def door(
    accept: Accept, now: FakeClock, *, body_seconds: float = BODY_SECONDS
) -> AsyncIterator[Caller]:
    """A server with nothing but the callback."""
    app = web.Application()
    keys = [Key(crypto(), partial(decode, settings=settings()))]
    receiver = Receiver(PATH, keys, accept, now, body_seconds=body_seconds)
    app.add_routes(receiver.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def accepted() -> Accepted:
    return Accepted()


@pytest.fixture
async def client(accepted: Accepted, clock: FakeClock) -> AsyncIterator[Caller]:
    async with door(accepted, clock) as caller:
        yield caller


async def post(client: Caller, sent: tuple[dict[str, str], bytes], **headers: str) -> Answer:
    """Status, body and content type of what is answered."""
    params, body = sent
    async with client.post(PATH, params=params, data=BytesIO(body), headers=headers) as answer:
        return answer.status, await answer.read(), answer.headers.get("Content-Type")


async def test_the_address_is_verified(client: Caller) -> None:
    timestamp = str(int(NOW.timestamp()))
    sealer = WeChatCrypto(TOKEN, AES_KEY, CORP)
    encrypted = sealer.encrypt_message("1616140317555161061", NONCE, timestamp)
    echo = encrypted.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    params = query(signed(echo)) | {"echostr": echo}
    async with client.get(PATH, params=params) as answer:
        assert answer.status == 200
        assert await answer.read() == b"1616140317555161061"


async def test_a_plus_of_the_echo_survives_unescaped(client: Caller) -> None:
    echo = next(e for e, _ in (crypto().seal("7", "1", NONCE) for _ in range(1000)) if "+" in e)
    stamp = signed(echo)
    address = (
        f"{PATH}?msg_signature={stamp.signature}&timestamp={stamp.timestamp}"
        f"&nonce={stamp.nonce}&echostr={echo}"
    )
    async with client.get(address) as answer:
        assert await answer.read() == b"7"


@pytest.mark.parametrize("params", [{}, {"echostr": "x"}, query(signed("x")) | {"echostr": "x"}])
async def test_a_false_verification_is_refused(client: Caller, params: dict[str, str]) -> None:
    async with client.get(PATH, params=params) as answer:
        assert (answer.status, await answer.read()) == (403, b"")


async def test_a_message_is_accepted_and_answered_with_nothing(
    client: Caller, accepted: Accepted
) -> None:
    status, body, _ = await post(client, sealed(inner()))
    assert (status, body) == (200, b"")
    (message,) = accepted.events
    assert isinstance(message, Message)
    assert message.text == "今天拜访了客户"


async def test_a_stranger_that_seals_is_heard(client: Caller, accepted: Accepted) -> None:
    timestamp = str(int(NOW.timestamp()))
    body = WeChatCrypto(TOKEN, AES_KEY, CORP).encrypt_message(inner(), NONCE, timestamp)
    encrypted = body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    status, _, _ = await post(client, (query(signed(encrypted)), body.encode()))
    assert status == 200
    assert len(accepted.events) == 1


async def test_events_not_ours_are_acknowledged(client: Caller, accepted: Accepted) -> None:
    status, body, _ = await post(client, sealed(event("subscribe")))
    assert (status, body, accepted.events) == (200, b"", [])


async def test_illegal_characters_are_not_lost(client: Caller, accepted: Accepted) -> None:
    status, _, _ = await post(client, sealed(inner(Content="拜\x08访\ufffe客\x00户")))
    assert status == 200
    assert [e.text for e in accepted.events if isinstance(e, Message)] == ["拜访客户"]


async def test_wecom_comes_again_when_the_inbox_is_full(
    client: Caller, accepted: Accepted
) -> None:
    sent = sealed(inner())
    accepted.full = True
    assert (await post(client, sent))[0] == 503
    accepted.full = False
    assert (await post(client, sent))[0] == 200
    assert len(accepted.events) == 1


def changed(**parts: str) -> tuple[dict[str, str], bytes]:
    """A right callback, but for these parts of its query."""
    params, body = sealed(inner())
    return params | parts, body


REFUSED: dict[str, tuple[dict[str, str], bytes]] = {
    "no query": ({}, sealed(inner())[1]),
    "wrong signature": changed(msg_signature="0" * 40),
    "upper-case signature": changed(msg_signature=sealed(inner())[0]["msg_signature"].upper()),
    "other characters": changed(msg_signature="签名", nonce="随机"),
    "wrong nonce": changed(nonce="1"),
    "stale": sealed(inner(), at=NOW - timedelta(minutes=6)),
    "of tomorrow": sealed(inner(), at=NOW + timedelta(days=1)),
    "another corp's envelope": sealed(inner(), corp="ww_another"),
    "another corp inside": sealed(inner(ToUserName="ww_another")),
    "another app": sealed(inner(AgentID="219")),
    "bad ciphertext": (query(signed("x" * 44)), outer("x" * 44)),
    "no envelope": (query(signed("")), b"<xml></xml>"),
    "no xml": (query(signed("")), b"hello"),
    "a DTD outside": (sealed(inner())[0], b"<!DOCTYPE xml>" + sealed(inner())[1]),
    "entities inside": sealed('<!DOCTYPE x [<!ENTITY a "b">]>' + inner()),
    "no xml inside": sealed("hello"),
    "a megabyte": (sealed(inner())[0], outer("A" * 1024 * 1024)),
    "one byte too many": (sealed(inner())[0], b" " * (MAX_BODY_BYTES + 1)),
}


@pytest.mark.parametrize("fault", REFUSED)
async def test_faults_are_refused_alike(client: Caller, accepted: Accepted, fault: str) -> None:
    assert await post(client, REFUSED[fault]) == (403, b"", None)
    assert accepted.events == []


async def test_each_flipped_bit_of_a_callback_is_refused(
    client: Caller, accepted: Accepted
) -> None:
    params, body = sealed(inner(Content="好"))
    start = body.index(b"<Encrypt>") + len(b"<Encrypt>")
    for place in range(start, body.index(b"</Encrypt>"), 7):
        tampered = bytearray(body)
        tampered[place] ^= 1 << (place % 7)
        assert (await post(client, (params, bytes(tampered))))[0] == 403
    assert accepted.events == []


async def test_a_compressed_body_is_refused_unread(client: Caller) -> None:
    assert (await post(client, sealed(inner()), **{"Content-Encoding": "gzip"}))[0] == 403


async def test_a_body_without_a_length_is_measured_as_it_comes(client: Caller) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"A" * 8192

    async with client.post(PATH, params=sealed(inner())[0], data=endless()) as answer:
        assert answer.status == 403


async def test_a_slow_body_is_given_up(accepted: Accepted, clock: FakeClock) -> None:
    async with door(accepted, clock, body_seconds=0.05) as client:
        assert client.port is not None
        reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
        writer.write(head.encode() + b"<xml")
        answer = await asyncio.wait_for(reader.readline(), 30)
        writer.close()
    assert answer == b"HTTP/1.1 403 Forbidden\r\n"


@pytest.mark.parametrize("rest", [b"zz\r\nnot a chunk\r\n", b"4\r\n<xm"])
async def test_a_torn_body_leaves_the_server_standing(
    client: Caller, accepted: Accepted, rest: bytes
) -> None:
    assert client.port is not None
    _, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    writer.write(rest)
    await writer.drain()
    writer.close()
    assert (await post(client, sealed(inner())))[0] == 200
    assert len(accepted.events) == 1


async def test_refusals_are_logged_once_a_minute_without_detail(
    client: Caller, clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    for sent in (changed(msg_signature="0" * 40), REFUSED["another corp inside"]):
        await post(client, sent)
    clock.move(minutes=2)
    await post(client, sealed(inner(), at=NOW - timedelta(hours=1)))
    logged = [line for line in capsys.readouterr().out.splitlines() if "refused" in line]
    assert len(logged) == 2
    assert "times=1" in logged[0].replace("\x1b[0m", "").replace("\x1b[35m", "")
    assert "-3720" in logged[1]
    assert not any(NONCE in line or "今天" in line for line in logged)


async def test_a_replay_is_stored_once(sqlite_db: Database, clock: FakeClock) -> None:
    inbox = Inbox(sqlite_db)
    writing = asyncio.create_task(inbox.run())
    async with door(inbox.accept, clock) as client:
        sent = sealed(inner())
        answers = await asyncio.gather(*(post(client, sent) for _ in range(50)))
        again = await post(client, sealed(inner(), at=NOW + timedelta(seconds=20)))
    inbox.stop()
    await writing
    assert {answer[0] for answer in [*answers, again]} == {200}
    async with sqlite_db.read(SYSTEM) as session:
        assert await session.scalar(select(func.count()).select_from(Inbound)) == 1


async def test_the_published_message_is_of_the_past(client: Caller) -> None:
    old = datetime.fromtimestamp(1409659813, UTC)
    assert (await post(client, sealed(inner(), at=old)))[0] == 403


async def test_only_get_and_post_are_answered(client: Caller) -> None:
    for method in ("HEAD", "PUT", "DELETE", "OPTIONS"):
        async with client.request(method, PATH) as answer:
            assert answer.status == 405


async def test_many_at_once(client: Caller, accepted: Accepted) -> None:
    async def one(session: ClientSession, number: int) -> int:
        params, body = sealed(inner(MsgId=str(number)))
        async with session.post(client.make_url(PATH), params=params, data=body) as answer:
            return answer.status

    async with ClientSession() as session:
        statuses = await asyncio.gather(*(one(session, n) for n in range(1, 201)))
    assert set(statuses) == {200}
    assert len({e.message_id for e in accepted.events if isinstance(e, Message)}) == 200
