"""The AI bot's callback: sealed JSON, answered at once or when asked again (path/100719)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from aiohttp import web

from bot.platforms.contract import Accept, InboxUnavailable, RetryLater
from bot.platforms.envelope import EnvelopeCrypto, Forged
from bot.platforms.wecom.aibot import decode, parts
from bot.platforms.wecom.aibot.decode import Heard
from bot.platforms.wecom.aibot.identities import Identities
from bot.platforms.wecom.aibot.parts import Reply
from bot.platforms.wecom.aibot.route import Kind, unpack
from bot.platforms.wecom.aibot.waiting import Waiting
from bot.platforms.wecom.door import Door
from storage import slips
from storage.db import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many seconds a callback's answer may be waited for; WeCom hangs up after five.

    `whole` is for all of it, from its first byte to our answer.
    """

    message: float = 1.5
    event: float = 4.0
    poll: float = 1.0
    whole: float = 4.5
    fetched: float = 8.0
    """How long the sender waits for WeCom to ask."""


_log = structlog.get_logger(__name__)


class BotReceiver:
    """Answers WeCom's GET and POST at the bot's path."""

    def __init__(
        self,
        door: Door,
        crypto: EnvelopeCrypto,
        who: decode.Door,
        db: Database,
        *,
        accept: Accept,
        identities: Identities,
        waiting: Waiting,
        patience: Patience,
        now: Callable[[], datetime],
    ) -> None:
        self._door = door
        self._crypto = crypto
        self._who = who
        self._db = db
        self._accept = accept
        self._identities = identities
        self._waiting = waiting
        self._patience = patience
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        """GET verifies the address, POST brings what members do and asks for answers."""
        path = self._door.path
        return [web.get(path, self._door.verify, allow_head=False), web.post(path, self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """The event is durable before anything is answered; 503 where it can't be."""
        until = time.monotonic() + self._patience.whole
        try:
            sealed = decode.read(await self._door.body(request)).get("encrypt")
            if not isinstance(sealed, str):
                raise Forged
            payload, _ = self._door.open(sealed, request)
            fields = decode.read(payload)
            stream = decode.stream_asked(fields)
            heard = None if stream is not None else await self._heard(fields)
        except Forged:
            return self._door.refuse(request)
        except RetryLater as error:
            _log.warning("wecom.id_not_converted_now", reason=error.reason)
            return web.Response(status=503)
        if stream is not None:
            return self._sealed(request, await self._asked(stream))
        if heard is None:
            return web.Response()
        try:
            await self._accept(heard)
        except InboxUnavailable:
            _log.error("wecom.inbox_unavailable")
            return web.Response(status=503)
        return self._sealed(request, await self._first(heard, until - time.monotonic()))

    async def _heard(self, fields: decode.Fields) -> Heard | None:
        sender = await self._identities.plain(decode.sender_of(fields))
        return decode.decode(fields, self._who, sender, self._now())

    async def _first(self, heard: Heard, left_seconds: float) -> Reply | None:
        """What the callback itself is answered: the answer, or that it will come."""
        route = unpack(heard.route)
        if route is None:
            return None
        is_message = route.kind == "message"
        seconds = self._patience.message if is_message else self._patience.event
        answer = await self._waiting.answer(route.slip, min(seconds, left_seconds))
        if answer is not None:
            return await self._reply(route.kind, route.slip, answer, begun=False)
        if is_message:
            return parts.waiting(route.slip)
        # WeCom will not ask again: whoever sends must find another way.
        if await slips.close(self._db, route.slip, now=self._now()):
            return None
        late = await self._waiting.answer(route.slip, 0)
        return await self._reply(route.kind, route.slip, late or [], begun=False)

    async def _asked(self, stream: str) -> Reply:
        """The next frame of an answer that was begun."""
        answer = await self._waiting.answer(stream, self._patience.poll)
        if answer is None:
            return parts.waiting(stream)
        found = await self._reply("message", stream, answer, begun=True)
        return found or parts.ended(stream)

    async def _reply(
        self, kind: Kind, stream: str, answer: list[parts.Part], *, begun: bool
    ) -> Reply | None:
        if not answer:
            return None
        pictures = await slips.pictures(self._db, parts.picture_ids(answer))
        return parts.reply(kind, stream, answer, pictures, begun=begun)

    def _sealed(self, request: web.Request, reply: Reply | None) -> web.Response:
        """Signed and sealed with the nonce that the callback came with."""
        if reply is None:
            return web.Response()
        nonce = request.query.get("nonce", "")
        timestamp = int(self._now().timestamp())
        text = json.dumps(reply, ensure_ascii=False, separators=(",", ":"))
        encrypted, signature = self._crypto.seal(text, str(timestamp), nonce)
        return web.json_response(
            {
                "encrypt": encrypted,
                "msgsignature": signature,
                "timestamp": timestamp,
                "nonce": nonce,
            }
        )
