"""One connection of the AI bot: commands, acknowledgements, pings (path/101463)."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import structlog

from bot.platforms.contract import RetryLater
from bot.platforms.envelope import Forged
from bot.platforms.wecom.aibot.decode import DISCONNECTED, Fields, event_name, read
from bot.platforms.wecom.errors import of_code

MAX_FRAME_BYTES = 4 * 1024 * 1024
MOST_WAITING = 1000
BUSY = -1
"""The code of a failure that is ours to wait out; one without a code would count as an outage."""

Body = dict[str, Any]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a connection, and the lease that allows it, are kept; in seconds."""

    connect: float = 10.0
    ack: float = 5.0
    ping: float = 30.0
    missed_pings: int = 2
    lease: float = 15.0
    renew: float = 4.0
    standby: float = 2.0
    first_pause: float = 1.0
    longest_pause: float = 30.0
    tries: int = 3
    """Failed connections in a row, after which another process may try."""
    kicked_pause: float = 60.0
    longest_kicked_pause: float = 1800.0


class Gone(Exception):
    """The connection has ended, or is as good as dead."""


class Kicked(Exception):
    """Another client has subscribed with this bot's secret."""


@dataclass(frozen=True, slots=True)
class Callback:
    """What the gateway told: the frame's req_id and body."""

    request: str
    body: Fields


class Connection:
    """Sends commands and waits for each one's acknowledgement; callbacks queue up."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, pace: Pace) -> None:
        self._socket = socket
        self._pace = pace
        self._acks: dict[str, asyncio.Future[Fields]] = {}
        self.callbacks: asyncio.Queue[Callback] = asyncio.Queue(MOST_WAITING)

    async def call(self, command: str, body: Body | None, request: str | None = None) -> Fields:
        """The acknowledgement's body; raises a PlatformError.

        `request` is the req_id of the callback that this answers: one at a time for each.
        """
        request_id = request or f"{command}_{secrets.token_hex(12)}"
        if request_id in self._acks:
            raise RetryLater("an answer to the same event is on its way", _SOON, BUSY)
        ack: asyncio.Future[Fields] = asyncio.get_running_loop().create_future()
        self._acks[request_id] = ack
        frame: Body = {"cmd": command, "headers": {"req_id": request_id}}
        if body is not None:
            frame["body"] = body
        try:
            await self._socket.send_str(json.dumps(frame, ensure_ascii=False))
            async with asyncio.timeout(self._pace.ack):
                answer = await ack
        except (ConnectionError, RuntimeError) as error:
            raise RetryLater("the connection is gone", _SOON, BUSY) from error
        except TimeoutError as error:
            raise RetryLater(f"{command}: no acknowledgement in time", _SOON, BUSY) from error
        finally:
            self._acks.pop(request_id, None)
        return _checked(answer)

    async def read(self) -> None:
        """Sort what comes in, until the connection ends; raises Gone or Kicked then."""
        async for message in self._socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                self._take(message.data)
        raise Gone

    async def ping(self) -> None:
        """Each so many seconds; Gone where several in a row are not answered.

        After a miss the next one follows at once, so that a dead socket is noticed in 40 s.
        """
        missed = 0
        while missed < self._pace.missed_pings:
            if not missed:
                await asyncio.sleep(self._pace.ping)
            try:
                await self.call("ping", None)
                missed = 0
            except RetryLater:
                missed += 1
        raise Gone

    async def close(self) -> None:
        """End it; whoever waits for an acknowledgement gets none."""
        for ack in self._acks.values():
            if not ack.done():
                ack.set_exception(ConnectionError("closed"))
        await self._socket.close()

    def _take(self, raw: str) -> None:
        try:
            frame = read(raw)
        except Forged:
            _log.warning("wecom.bot_frame_unreadable")
            return
        headers, command = frame.get("headers"), frame.get("cmd")
        request = headers.get("req_id") if isinstance(headers, dict) else None
        if not isinstance(request, str):
            return
        if command is None:
            ack = self._acks.get(request)
            if ack is not None and not ack.done():
                ack.set_result(frame)
            return
        body = frame.get("body")
        if not isinstance(body, dict):
            return
        if event_name(body) == DISCONNECTED:
            raise Kicked
        self._queue(Callback(request, body))

    def _queue(self, callback: Callback) -> None:
        try:
            self.callbacks.put_nowait(callback)
        except asyncio.QueueFull:
            _log.error("wecom.bot_event_lost", waiting=MOST_WAITING)


@asynccontextmanager
async def connected(url: str, pace: Pace) -> AsyncIterator[Connection]:
    """An open connection; raises Gone where there is none to be had."""
    timeout = aiohttp.ClientTimeout(total=None, connect=pace.connect, sock_connect=pace.connect)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        try:
            async with asyncio.timeout(pace.connect):
                socket = await http.ws_connect(url, max_msg_size=MAX_FRAME_BYTES)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Gone(type(error).__name__) from error
        connection = Connection(socket, pace)
        try:
            yield connection
        finally:
            await connection.close()


_SOON = timedelta(seconds=2)


def _checked(answer: Fields) -> Fields:
    code = answer.get("errcode")
    if code != 0:
        raise of_code(code if isinstance(code, int) else BUSY, str(answer.get("errmsg", "")))
    body = answer.get("body")
    return body if isinstance(body, dict) else {}
