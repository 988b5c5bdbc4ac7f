"""The callback's door: verify, open, decode, hand on, answer (path/90238)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from aiohttp import ClientPayloadError, web

from bot.platforms.contract import Accept, InboxUnavailable
from bot.platforms.wecom.crypto import EnvelopeCrypto, Forged, Stamp, skew_seconds
from bot.platforms.wecom.decode import decode, envelope
from bot.platforms.wecom.settings import WeComSettings

MAX_BODY_BYTES = 256 * 1024
BODY_SECONDS = 5.0
REPORT_EVERY = timedelta(minutes=1)

_log = structlog.get_logger(__name__)


class Receiver:
    """Answers WeCom's GET and POST at one path; `refused` counts what was turned away."""

    def __init__(
        self,
        settings: WeComSettings,
        crypto: EnvelopeCrypto,
        accept: Accept,
        now: Callable[[], datetime],
        *,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._settings = settings
        self._crypto = crypto
        self._accept = accept
        self._now = now
        self._body_seconds = body_seconds
        self.refused = 0
        self._reported = 0
        self._report_at: datetime | None = None

    def routes(self) -> list[web.RouteDef]:
        """GET verifies the address, POST brings what members do."""
        path = self._settings.callback_path
        return [web.get(path, self.verify, allow_head=False), web.post(path, self.receive)]

    async def verify(self, request: web.Request) -> web.Response:
        """The decrypted echo, bare, within a second."""
        # A plus that reaches us unescaped has been read as a space; base64 holds no space.
        echo = request.query.get("echostr", "").replace(" ", "+")
        try:
            plain = self._crypto.open(echo, _stamp(request.query), self._now())
        except Forged:
            return self._refuse(request)
        return web.Response(body=plain, content_type="text/plain")

    async def receive(self, request: web.Request) -> web.Response:
        """Empty 200 once the event is durable; 503 where it can't be, and WeCom comes again."""
        now = self._now()
        try:
            sealed = envelope(await _body(request, self._body_seconds))
            payload = self._crypto.open(sealed, _stamp(request.query), now)
            event = decode(payload, self._settings, now)
        except Forged:
            return self._refuse(request)
        if event is None:
            return web.Response()
        try:
            await self._accept(event)
        except InboxUnavailable:
            _log.error("wecom.inbox_unavailable")
            return web.Response(status=503)
        return web.Response()

    def _refuse(self, request: web.Request) -> web.Response:
        """One answer and one kind of log line for every fault, at most a line a minute.

        The skew is told for each: a wrong clock of ours would have all refused.
        """
        now = self._now()
        self.refused += 1
        if self._report_at is None or now >= self._report_at:
            _log.warning(
                "wecom.callback_refused",
                times=self.refused - self._reported,
                skew_seconds=skew_seconds(request.query.get("timestamp", ""), now),
            )
            self._reported = self.refused
            self._report_at = now + REPORT_EVERY
        return web.Response(status=403)


def _stamp(query: Mapping[str, str]) -> Stamp:
    return Stamp(
        signature=query.get("msg_signature", ""),
        timestamp=query.get("timestamp", ""),
        nonce=query.get("nonce", ""),
    )


async def _body(request: web.Request, seconds: float) -> bytes:
    """Read within size and time; Forged for what WeCom never sends: compressed, big, slow."""
    if "Content-Encoding" in request.headers or (request.content_length or 0) > MAX_BODY_BYTES:
        raise Forged
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise Forged
    except (TimeoutError, ClientPayloadError, web.RequestPayloadError, ConnectionError):
        raise Forged from None
    return bytes(body)
