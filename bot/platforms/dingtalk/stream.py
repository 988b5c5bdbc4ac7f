"""Stream mode: connections that we open, so that no address of ours need be public.

A robot message is pushed once, over one of the open connections, and is lost where there is
none. So several are kept, and a new one is open before an old one is left.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import aiohttp
import structlog

from bot.platforms.contract import Alert, PlatformError, RetryLater
from bot.platforms.dingtalk import mends
from bot.platforms.dingtalk.api import DingTalkApi
from bot.platforms.dingtalk.connection import Cadence, Connection
from bot.platforms.dingtalk.frames import SUBSCRIPTIONS
from bot.platforms.dingtalk.intake import Intake
from bot.platforms.dingtalk.settings import DingTalkSettings

USER_AGENT = "gendan/1.0"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often is looked, how long is waited; in seconds.

    A dead socket is left `ping` and half of it after its last sign; one on which the platform
    itself is silent after `silence`.
    """

    connections: int = 2
    ping: float = 30.0
    silence: float = 55.0
    drain: float = 15.0
    opening: float = 10.0
    first_pause: float = 1.0
    longest_pause: float = 60.0
    refused_pause: float = 300.0


class Stream:
    """Keeps the connections; `run` until it is cancelled."""

    def __init__(
        self,
        settings: DingTalkSettings,
        api: DingTalkApi,
        intake: Intake,
        alert: Alert,
        pace: Pace,
    ) -> None:
        self._settings = settings
        self._api = api
        self._intake = intake
        self._alert = alert
        self._pace = pace
        self._cadence = Cadence(pace.silence)

    async def run(self) -> None:
        """Connect, and connect again whatever happens."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._pace.connections):
                group.create_task(self._keep())

    async def _keep(self) -> None:
        """One connection after the other, the next open before the last one ends."""
        serving: set[asyncio.Task[None]] = set()
        failures = 0
        try:
            while True:
                connection = await self._open(failures)
                if connection is None:
                    failures += 1
                    continue
                task = asyncio.create_task(connection.serve())
                serving.add(task)
                task.add_done_callback(serving.discard)
                task.add_done_callback(_tell)
                await connection.left.wait()
                failures = 0 if connection.was_good else failures + 1
                # At most one opening in `first_pause`, however politely each is ended.
                rest = self._pace.first_pause - connection.lived
                await asyncio.sleep(self._pause(failures) if failures else rest)
        finally:
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)

    async def _open(self, failures: int) -> Connection | None:
        """A new connection; None after a failure and the pause that follows it."""
        try:
            socket = await self._connect()
        except PlatformError as error:
            pause = await self._failed(error, failures + 1)
            await asyncio.sleep(pause)
            return None
        return Connection(socket, self._intake, self._cadence, self._pace.drain)

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        """A ticket is for one attempt, within 90 seconds."""
        body = {
            "clientId": self._settings.client_id,
            "clientSecret": self._settings.client_secret,
            "ua": USER_AGENT,
            "subscriptions": list(SUBSCRIPTIONS),
        }
        failure = ""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._pace.opening):
                answer = await self._api.call("gateway/connections/open", body, paid=False)
                url = self._address(str(answer.get("endpoint")), str(answer.get("ticket")))
                return await self._api.connect(url, self._pace.ping)
        except TimeoutError:
            failure = f"no answer in {time.monotonic() - started:.0f} s"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = type(error).__name__
        # Out here, without its cause, which may tell the ticket.
        raise RetryLater(f"connect: {failure}", timedelta(seconds=self._pace.first_pause))

    def _address(self, endpoint: str, ticket: str) -> str:
        if not self._api.hosts.allows(endpoint.replace("ws", "http", 1)):
            raise ValueError("the endpoint is none of DingTalk's")
        return f"{endpoint}?ticket={quote(ticket, safe='')}"

    async def _failed(self, error: PlatformError, failures: int) -> float:
        """Say so; returns the seconds to wait. What only an operator can mend is left longer."""
        if isinstance(error, RetryLater):
            _log.warning("dingtalk.stream_failed", reason=error.reason, failures=failures)
            return self._pause(failures)
        what, mend = mends.of(error)
        _log.error("dingtalk.stream_refused", reason=str(error))
        await self._alert(f"钉钉连不上，收不到消息：{what}。{mend}。")
        return self._pace.refused_pause

    def _pause(self, failures: int) -> float:
        """Doubling, with jitter, so that many processes don't come back at one instant."""
        doubled = self._pace.first_pause * 2.0 ** min(failures - 1, 20)
        return min(doubled, self._pace.longest_pause) * random.uniform(0.5, 1.0)  # noqa: S311


def _tell(served: asyncio.Task[None]) -> None:
    """A connection that died of a fault of ours is replaced like any other, but told."""
    error = None if served.cancelled() else served.exception()
    if error is not None:
        _log.error("dingtalk.connection_failed", error=type(error).__name__)
