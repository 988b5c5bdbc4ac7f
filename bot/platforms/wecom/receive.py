"""The XML callbacks' door: verify, open, decode, hand on, answer (path/90238)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from aiohttp import web

from bot.events import Event
from bot.platforms.contract import Accept, InboxUnavailable
from bot.platforms.doors import BODY_SECONDS
from bot.platforms.envelope import EnvelopeCrypto, Forged
from bot.platforms.wecom.decode import envelope
from bot.platforms.wecom.door import Door

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """What opens an envelope, and what reads the payload inside; None is nothing of ours."""

    crypto: EnvelopeCrypto
    decode: Callable[[bytes, datetime], Event | None]


class Receiver:
    """Answers WeCom's GET and POST at one path; one of `keys` opens what comes."""

    def __init__(
        self,
        path: str,
        keys: Sequence[Key],
        accept: Accept,
        now: Callable[[], datetime],
        *,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._keys = keys
        self._accept = accept
        self._door = Door(path, [key.crypto for key in keys], now, body_seconds=body_seconds)

    def routes(self) -> list[web.RouteDef]:
        """GET verifies the address, POST brings what members do."""
        path = self._door.path
        return [web.get(path, self._door.verify, allow_head=False), web.post(path, self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """Empty 200 once the event is durable; 503 where it can't be, and WeCom comes again."""
        try:
            sealed = envelope(await self._door.body(request))
            payload, number = self._door.open(sealed, request)
            event = self._keys[number].decode(payload, self._door.now())
        except Forged:
            return self._door.refuse(request)
        if event is None:
            return web.Response()
        try:
            await self._accept(event)
        except InboxUnavailable:
            _log.error("wecom.inbox_unavailable")
            return web.Response(status=503)
        return web.Response()
