"""Calls a bot back: encrypted, within five seconds, and again when it doesn't answer."""

import asyncio
import json
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from defusedxml import ElementTree

from simulator.ledger import Attempt, Callback, Ledger
from simulator.wecom.config import WeComConfig
from simulator.wecom.crypto import (
    BadEnvelope,
    WeComCrypto,
    json_envelope,
    xml_document,
    xml_envelope,
)

_REPLY_BYTES = 25 * 1024 * 1024

ShowPassive = Callable[[str, str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How one kind of callback is written: what is sealed, what stands around it.

    read: takes the sealed answer of an acknowledged delivery and its nonce.
    """

    crypto: WeComCrypto
    inner: Callable[[Callback], str]
    outer: Callable[[str], str]
    content_type: str
    read: Callable[[Callback, bytes, str], Awaitable[None]]


class Callbacks:
    """Sends what members do; a member's first deliveries keep their order."""

    def __init__(self, config: WeComConfig, ledger: Ledger, wire: Wire, url: str) -> None:
        self._config = config
        self._ledger = ledger
        self._wire = wire
        self.url = url
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._running: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._config.callback_timeout_seconds),
            connector=aiohttp.TCPConnector(limit=0),
            auto_decompress=False,
        )

    async def stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def post(self, callback: Callback, *, once: bool = False) -> None:
        """Starts its deliveries; `callback.state` tells how they ended."""
        task = asyncio.create_task(self._deliver(callback, 0 if once else self._config.retries))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def verify(self) -> bool:
        """The GET that WeCom makes when the address is saved: the echo must come back bare."""
        echo = str(secrets.randbelow(10**19))
        encrypted = self._wire.crypto.encrypt(echo)
        query = self._signed(encrypted) | {"echostr": encrypted}
        try:
            async with self._session().get(self.url, params=query) as answer:
                return answer.status == 200 and await answer.read() == echo.encode()
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def ask(self, text: str) -> tuple[int, bytes, str]:
        """One sealed request outside of the ledger: status, body and the nonce it was sent with.

        Raises aiohttp.ClientError or TimeoutError.
        """
        encrypted = self._wire.crypto.encrypt(text)
        query = self._signed(encrypted)
        async with self._session().post(
            self.url,
            params=query,
            data=self._wire.outer(encrypted).encode(),
            headers={"Content-Type": self._wire.content_type},
        ) as answer:
            return answer.status, await _all_of(answer), query["nonce"]

    async def _deliver(self, callback: Callback, retries: int) -> None:
        async with self._turns[callback.userid]:
            done = await self._attempt(callback)
        for _ in range(retries):
            if done:
                return
            await asyncio.sleep(self._config.retry_gap_seconds)
            done = await self._attempt(callback)
        if not done and callback.state == "sending":
            callback.state = "lost"
            await self._ledger.changed(callback)

    async def _attempt(self, callback: Callback) -> bool:
        attempt = Attempt(at=time.time(), took_seconds=0.0, status=None)
        callback.attempts.append(attempt)
        started = time.perf_counter()
        reply, nonce = b"", ""
        try:
            attempt.status, reply, nonce = await self.ask(self._wire.inner(callback))
        except (aiohttp.ClientError, TimeoutError) as error:
            attempt.error = type(error).__name__
        attempt.took_seconds = time.perf_counter() - started
        acked = attempt.status == 200
        if acked and callback.acked_at is None:
            callback.state, callback.acked_at = "acked", time.time()
        await self._ledger.changed(callback)
        if acked and reply:
            await self._wire.read(callback, reply, nonce)
        return acked

    def _signed(self, encrypted: str) -> dict[str, str]:
        timestamp, nonce = str(int(time.time())), str(secrets.randbelow(10**10))
        signature = self._wire.crypto.signature(timestamp, nonce, encrypted)
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise RuntimeError("the stand-in hasn't been started")
        return self._http


async def _all_of(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > _REPLY_BYTES:
            return b""
    return bytes(body)


def xml_wire(config: WeComConfig, crypto: WeComCrypto, show_passive: ShowPassive) -> Wire:
    """The app's callbacks, and the address-book helper's."""

    async def read(callback: Callback, reply: bytes, _nonce: str) -> None:
        """A wrongly sealed answer is shown to nobody, as on the real platform."""
        try:
            outer = ElementTree.fromstring(reply)
            inner = ElementTree.fromstring(crypto.decrypt(outer.findtext("Encrypt") or ""))
        except (ElementTree.ParseError, BadEnvelope, ValueError):
            return
        text = inner.findtext("Content")
        if inner.findtext("MsgType") == "text" and text:
            await show_passive(callback.userid, text)

    return Wire(
        crypto=crypto,
        inner=lambda callback: xml_document(callback.fields),
        outer=lambda encrypted: xml_envelope(config.corp_id, config.agent_id, encrypted),
        content_type="text/xml; charset=utf-8",
        read=read,
    )


def json_wire(
    crypto: WeComCrypto, read: Callable[[Callback, Mapping[str, Any]], Awaitable[None]]
) -> Wire:
    """An AI bot's callbacks; `read` gets the answers that are sealed as they must be."""

    async def opened(callback: Callback, reply: bytes, nonce: str) -> None:
        answer = open_reply(crypto, reply, nonce)
        if answer is not None:
            await read(callback, answer)

    return Wire(
        crypto=crypto,
        inner=lambda callback: json.dumps(callback.fields, ensure_ascii=False),
        outer=json_envelope,
        content_type="application/json",
        read=opened,
    )


def open_reply(crypto: WeComCrypto, reply: bytes, nonce: str) -> Mapping[str, Any] | None:
    """An AI bot's sealed answer; None for a wrong signature, nonce, time or envelope."""
    try:
        outer = json.loads(reply)
        stamp, encrypted = outer["timestamp"], outer["encrypt"]
        right = isinstance(stamp, int) and outer["nonce"] == nonce
        if not right or not crypto.verify(outer["msgsignature"], str(stamp), nonce, encrypted):
            return None
        inner = json.loads(crypto.decrypt(encrypted))
    except (ValueError, KeyError, TypeError, BadEnvelope):
        return None
    return inner if isinstance(inner, dict) else None


def event_fields(
    config: WeComConfig, userid: str, kind: str, created_at: float, **fields: Any
) -> dict[str, Any]:
    """The inner XML's common fields, then the kind's own."""
    return {
        "ToUserName": config.corp_id,
        "FromUserName": userid,
        "CreateTime": int(created_at),
        "MsgType": kind,
        **fields,
        "AgentID": config.agent_id,
    }
