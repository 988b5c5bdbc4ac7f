"""What every callback address of WeCom's shares: its check, its body, its refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from aiohttp import web

from bot.platforms import doors
from bot.platforms.doors import BODY_SECONDS
from bot.platforms.envelope import EnvelopeCrypto, Forged, Stamp, skew_seconds

REPORT_EVERY = timedelta(minutes=1)

_log = structlog.get_logger(__name__)


class Door:
    """One address and the keys that open what comes to it; `refused` counts what was not."""

    def __init__(
        self,
        path: str,
        keys: Sequence[EnvelopeCrypto],
        now: Callable[[], datetime],
        *,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self.path = path
        self.now = now
        self.refused = 0
        self._keys = keys
        self._body_seconds = body_seconds
        self._reported = 0
        self._report_at: datetime | None = None

    async def verify(self, request: web.Request) -> web.Response:
        """GET, when the address is saved: the decrypted echo, bare, within a second."""
        # A plus that reaches us unescaped has been read as a space; base64 holds no space.
        echo = request.query.get("echostr", "").replace(" ", "+")
        try:
            plain, _ = self.open(echo, request)
        except Forged:
            return self.refuse(request)
        return web.Response(body=plain, content_type="text/plain")

    async def body(self, request: web.Request) -> bytes:
        """The body; Forged for what WeCom never sends."""
        try:
            return await doors.body(request, self._body_seconds)
        except doors.Unreadable:
            raise Forged from None

    def open(self, sealed: str, request: web.Request) -> tuple[bytes, int]:
        """What is inside and the number of the key that opened it; Forged where none does."""
        stamp = stamp_of(request.query)
        for number, key in enumerate(self._keys):
            try:
                return key.open(sealed, stamp, self.now()), number
            except Forged:
                continue
        raise Forged

    def refuse(self, request: web.Request) -> web.Response:
        """One answer and one kind of log line for every fault, at most a line a minute.

        The skew is told for each: a wrong clock of ours would have all refused.
        """
        now = self.now()
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


def stamp_of(query: Mapping[str, str]) -> Stamp:
    """The signature's parts as they stand in the address."""
    return Stamp(
        signature=query.get("msg_signature", ""),
        timestamp=query.get("timestamp", ""),
        nonce=query.get("nonce", ""),
    )
