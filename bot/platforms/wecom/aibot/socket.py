"""The AI bot by a connection of our own: one process holds it, another takes over when it dies."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web

from bot.events import Event
from bot.platforms.contract import (
    Accept,
    InboxUnavailable,
    Parcel,
    PlatformError,
    Ports,
    Receipt,
    RetryLater,
    Unauthorised,
)
from bot.platforms.envelope import Forged
from bot.platforms.wecom.aibot import decode
from bot.platforms.wecom.aibot.frames import (
    BUSY,
    Callback,
    Connection,
    Gone,
    Kicked,
    Pace,
    connected,
)
from bot.platforms.wecom.aibot.identities import Identities
from bot.platforms.wecom.aibot.pushed import Pushed
from bot.platforms.wecom.decode import PLATFORM
from bot.platforms.wecom.settings import BotSettings
from storage import leases
from storage.db import DATABASE_ERRORS

NOT_HERE = timedelta(seconds=2)
AGAIN_SECONDS = 1.0
CONVERSION_TRIES = 3
REFUSED_PAUSE = 300.0
STEADY_SECONDS = 600.0
"""A connection that stood so long was not fought over."""
DRAIN_SECONDS = 2.0
KICKED = (
    "企业微信 AI 机器人的长连接被别的程序挤掉了：同一个机器人只能连一处。"
    "请停掉另一处；{minutes} 分钟后会再连。"
)
REFUSED = "企业微信 AI 机器人连不上：{reason}。请核对 [wecom.bot] 的 bot_id 和 secret。"

_Ended = tuple[float, float | None]
"""Seconds until this process asks for the lease again, and those in which none of ours may."""

_log = structlog.get_logger(__name__)


class SocketDoor:
    """We go to WeCom; only the process that holds the lease is connected, and sends."""

    def __init__(
        self,
        bot: BotSettings,
        corp: str,
        ports: Ports,
        identities: Identities,
        sending: Pushed,
        pace: Pace,
    ) -> None:
        self._bot = bot
        self._who = decode.Door(corp, bot.app)
        self._ports = ports
        self._identities = identities
        self._sending = sending
        self._pace = pace
        self._key = f"wecom|{bot.app}"
        self._holder = secrets.token_hex(16)
        self._heads = (f"{PLATFORM}|{corp}|{bot.app}|",)
        self._connection: Connection | None = None
        self._accepting: set[asyncio.Task[None]] = set()
        self._kicks = 0

    def routes(self, accept: Accept) -> Sequence[web.RouteDef]:
        """None: nobody calls us."""
        return []

    def elsewhere(self) -> Sequence[str]:
        """The bot's lanes, unless this process is connected."""
        return () if self._connection is not None else self._heads

    async def send(self, parcel: Parcel) -> Receipt:
        """Over the connection; RetryLater where it isn't here."""
        if self._connection is None:
            raise RetryLater("the bot's connection isn't here", NOT_HERE, BUSY)
        return await self._sending.send(self._connection, parcel)

    async def run(self, accept: Accept) -> None:
        """Hold the connection whenever the lease can be had, until cancelled."""
        while True:
            pause = _jittered(self._pace.standby)
            try:
                if await self._take(self._pace.lease):
                    pause = await self._hold(accept)
            except DATABASE_ERRORS as error:
                _log.warning("wecom.bot_lease_unknown", error=type(error).__name__)
            await asyncio.sleep(pause)

    async def _hold(self, accept: Accept) -> float:
        """Connected while the lease is ours; returns how long not to ask for it again."""
        ended: _Ended = (0.0, None)
        try:
            ended = await _first(self._renew(), self._serve(accept))
        finally:
            await self._let_go(ended[1])
        return ended[0]

    async def _let_go(self, until: float | None) -> None:
        """Give the lease back; or let nobody of ours have it for so many seconds."""
        try:
            if until is None:
                await leases.release(self._ports.db, self._key, self._holder)
            elif await self._take(until):
                words = KICKED.format(minutes=max(1, round(until / 60)))
                await self._ports.alert(words)
        except DATABASE_ERRORS as error:
            _log.warning("wecom.bot_lease_not_released", error=type(error).__name__)

    async def _take(self, seconds: float) -> bool:
        now = self._ports.now()
        until = now + timedelta(seconds=seconds)
        return await leases.take(self._ports.db, self._key, self._holder, now=now, until=until)

    async def _renew(self) -> _Ended:
        """Returns once the lease is lost, or may have run out while the database was away."""
        held_until = time.monotonic() + self._pace.lease
        while time.monotonic() < held_until:
            await asyncio.sleep(self._pace.renew)
            asked_at = time.monotonic()
            try:
                if not await self._take(self._pace.lease):
                    break
                held_until = asked_at + self._pace.lease
            except DATABASE_ERRORS as error:
                _log.warning("wecom.bot_lease_not_renewed", error=type(error).__name__)
        _log.warning("wecom.bot_lease_lost")
        return _jittered(self._pace.standby), None

    async def _serve(self, accept: Accept) -> _Ended:
        """Connect, and again with longer and longer pauses; returns when others should try."""
        failures = 0
        while failures < self._pace.tries:
            began, reason = time.monotonic(), "the connection ended"
            try:
                await self._session(accept)
            except Kicked:
                return self._after_kick(time.monotonic() - began)
            except Unauthorised as error:
                await self._ports.alert(REFUSED.format(reason=error.reason))
                return REFUSED_PAUSE, None
            except (Gone, PlatformError) as error:
                reason = str(error) or reason
            failures = 1 if time.monotonic() - began > self._pace.longest_pause else failures + 1
            pause = min(self._pace.first_pause * 2 ** (failures - 1), self._pace.longest_pause)
            _log.warning("wecom.bot_disconnected", reason=reason, pause_seconds=pause)
            await asyncio.sleep(_jittered(pause))
        return _jittered(self._pace.longest_pause), None

    def _after_kick(self, stood_seconds: float) -> _Ended:
        """Longer at each kick in a row, so that two clients don't push each other out."""
        self._kicks = 0 if stood_seconds > STEADY_SECONDS else self._kicks
        pause = min(self._pace.kicked_pause * 2**self._kicks, self._pace.longest_kicked_pause)
        self._kicks += 1
        _log.warning("wecom.bot_kicked", pause_seconds=pause)
        return pause, pause

    async def _session(self, accept: Accept) -> None:
        """One connection from its subscription to its end, which is an exception."""
        async with connected(self._bot.socket_url, self._pace) as connection:
            try:
                await _first(
                    connection.read(),
                    connection.ping(),
                    self._work(connection, accept),
                    self._subscribed(connection),
                )
            finally:
                self._connection = None
                await self._drain(connection, accept)

    async def _subscribed(self, connection: Connection) -> None:
        """From here on this process sends."""
        body = {"bot_id": self._bot.bot_id, "secret": self._bot.secret}
        await connection.call("aibot_subscribe", body)
        self._connection = connection
        _log.info("wecom.bot_connected")
        await asyncio.Event().wait()

    async def _work(self, connection: Connection, accept: Accept) -> None:
        """Callbacks one after the other, each durable before the next: WeCom repeats none."""
        while True:
            event = await self._heard(await connection.callbacks.get())
            while event is not None:
                try:
                    await self._accepted(accept, event)
                    event = None
                except InboxUnavailable:
                    _log.error("wecom.inbox_unavailable")
                    await asyncio.sleep(AGAIN_SECONDS)

    async def _heard(self, callback: Callback) -> Event | None:
        fields = callback.body
        sender = await self._sender(decode.sender_of(fields))
        now, request = self._ports.now(), callback.request
        try:
            return decode.decode(fields, self._who, sender, now, request=request)
        except Forged:
            _log.warning("wecom.bot_event_unreadable")
            return None

    async def _sender(self, told: str) -> str:
        for _ in range(CONVERSION_TRIES):
            try:
                return await self._identities.plain(told)
            except RetryLater as error:
                _log.warning("wecom.id_not_converted_now", reason=error.reason)
                await asyncio.sleep(AGAIN_SECONDS)
        return told

    async def _accepted(self, accept: Accept, event: Event) -> None:
        """Shielded: what is on its way into the inbox must not be torn out when we stop."""
        task = asyncio.ensure_future(_durable(accept, event))
        self._accepting.add(task)
        task.add_done_callback(self._accepting.discard)
        await asyncio.shield(task)

    async def _drain(self, connection: Connection, accept: Accept) -> None:
        """Keep what came before the end, as far as the inbox still takes it."""
        while not connection.callbacks.empty():
            try:
                event = await self._heard(connection.callbacks.get_nowait())
                if event is not None:
                    await self._accepted(accept, event)
            except InboxUnavailable:
                continue
        if self._accepting:
            await asyncio.wait(self._accepting, timeout=DRAIN_SECONDS)


async def _durable(accept: Accept, event: Event) -> None:
    await accept(event)


async def _first(*coroutines: Coroutine[Any, Any, Any]) -> Any:
    """What the first of them to end returns or raises; the others are cancelled."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task for task in tasks if task in done).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _jittered(seconds: float) -> float:
    """Between a half and the whole, so that several processes don't move as one."""
    return seconds * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)
