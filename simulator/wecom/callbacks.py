"""Calls the app back: encrypted, within five seconds, and again when it doesn't answer."""

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from defusedxml import ElementTree

from simulator.ledger import Attempt, Callback, Ledger
from simulator.wecom.config import WeComConfig
from simulator.wecom.crypto import BadEnvelope, WeComCrypto, xml_document, xml_envelope

_REPLY_BYTES = 256 * 1024

ShowPassive = Callable[[str, str], Awaitable[None]]


class Callbacks:
    """Sends what members do; a member's first deliveries keep their order."""

    def __init__(self, config: WeComConfig, ledger: Ledger, show_passive: ShowPassive) -> None:
        self._config = config
        self._ledger = ledger
        self._show_passive = show_passive
        self.url = config.callback_url
        self.crypto = WeComCrypto(config.token, config.aes_key, config.corp_id)
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

    def post(self, callback: Callback) -> None:
        """Starts its deliveries; `callback.state` tells how they ended."""
        task = asyncio.create_task(self._deliver(callback))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def verify(self) -> bool:
        """The GET that WeCom makes when the address is saved: the echo must come back bare."""
        echo = str(secrets.randbelow(10**19))
        encrypted = self.crypto.encrypt(echo)
        query = self._signed(encrypted) | {"echostr": encrypted}
        try:
            async with self._session().get(self.url, params=query) as answer:
                return answer.status == 200 and await answer.read() == echo.encode()
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _deliver(self, callback: Callback) -> None:
        async with self._turns[callback.userid]:
            done = await self._attempt(callback)
        for _ in range(self._config.retries):
            if done:
                return
            await asyncio.sleep(self._config.retry_gap_seconds)
            done = await self._attempt(callback)
        if not done and callback.state == "sending":
            callback.state = "lost"
            await self._ledger.changed(callback)

    async def _attempt(self, callback: Callback) -> bool:
        encrypted = self.crypto.encrypt(xml_document(callback.fields))
        body = xml_envelope(self._config.corp_id, self._config.agent_id, encrypted)
        attempt = Attempt(at=time.time(), took_seconds=0.0, status=None)
        callback.attempts.append(attempt)
        started = time.perf_counter()
        reply = b""
        try:
            async with self._session().post(
                self.url,
                params=self._signed(encrypted),
                data=body.encode(),
                headers={"Content-Type": "text/xml; charset=utf-8"},
            ) as answer:
                reply = await answer.content.read(_REPLY_BYTES)
                attempt.status = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            attempt.error = type(error).__name__
        attempt.took_seconds = time.perf_counter() - started
        acked = attempt.status == 200
        if acked and callback.acked_at is None:
            callback.state, callback.acked_at = "acked", time.time()
        await self._ledger.changed(callback)
        if acked and reply:
            await self._read_passive(callback.userid, reply)
        return acked

    async def _read_passive(self, userid: str, reply: bytes) -> None:
        """A wrongly sealed answer is shown to nobody, as on the real platform."""
        try:
            outer = ElementTree.fromstring(reply)
            inner = ElementTree.fromstring(self.crypto.decrypt(outer.findtext("Encrypt") or ""))
        except (ElementTree.ParseError, BadEnvelope, ValueError):
            return
        text = inner.findtext("Content")
        if inner.findtext("MsgType") == "text" and text:
            await self._show_passive(userid, text)

    def _signed(self, encrypted: str) -> dict[str, str]:
        timestamp, nonce = str(int(time.time())), str(secrets.randbelow(10**10))
        signature = self.crypto.signature(timestamp, nonce, encrypted)
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise RuntimeError("the stand-in hasn't been started")
        return self._http


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
