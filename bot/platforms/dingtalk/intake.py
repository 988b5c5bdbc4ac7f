"""What comes in by any door of DingTalk: read, made durable, counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.platforms.contract import Accept, Ports
from bot.platforms.dingtalk import decode
from bot.platforms.dingtalk.cards import change
from bot.platforms.dingtalk.decode import Fields
from bot.platforms.dingtalk.hosts import Hosts
from bot.platforms.dingtalk.meter import MESSAGES, Meter
from bot.platforms.dingtalk.routes import Routes
from bot.platforms.dingtalk.settings import DingTalkSettings
from bot.platforms.dingtalk.taps import Taps
from handlers.buttons import Say, unpack

USED_UP = (
    "钉钉本月的消息额度用完了：机器人收不到同事说的话了。请在钉钉后台升级版本，或等下月恢复。"
)

Reply = Callable[[dict[str, Any]], Awaitable[None]]
"""Gives the answer to a tap; raises where it can't be given any more."""

_log = structlog.get_logger(__name__)


class Intake:
    """Every method returns once the event is durable; raises InboxUnavailable if it can't be."""

    def __init__(
        self,
        settings: DingTalkSettings,
        hosts: Hosts,
        ports: Ports,
        *,
        taps: Taps,
        routes: Routes,
        meter: Meter,
        accept: Accept,
    ) -> None:
        self._settings = settings
        self._hosts = hosts
        self._ports = ports
        self._taps = taps
        self._routes = routes
        self._meter = meter
        self._accept = accept

    async def message(self, fields: Fields, *, trusted: bool) -> None:
        """Words to the robot; `trusted` where the body is DingTalk's for sure."""
        if decode.is_quota_used_up(fields):
            await self._ports.alert(USED_UP)
            return
        event = decode.message(
            fields, self._settings, self._hosts, self._ports.now(), trusted=trusted
        )
        if event is not None:
            await self._accept(event)
            self._routes.remember(event)
        self._meter.count(MESSAGES)

    async def tap(self, fields: Fields, digest: str, reply: Reply, *, trusted: bool) -> None:
        """A pressed button; what it changes goes back with the answer, if it is done in time."""
        now = self._ports.now()
        event = decode.tap(fields, self._settings, digest, now, trusted=trusted)
        if event is None:
            await reply({})
            return
        with self._taps.waiting(event.card_key) as waiting:
            await self._accept(event)
            self._meter.count(MESSAGES)
            values = None if _is_said(event.press) else await waiting.change()
            await reply({} if values is None else change(values))
            waiting.answered(True)

    async def event(self, kind: str, corp: str, fields: Fields, digest: str) -> None:
        """An organisation's event; contacts' are not counted, and others are not for us."""
        if corp != self._settings.corp_id:
            _log.warning("dingtalk.event_dropped", why="of another company")
            return
        event = decode.staffing(kind, fields, self._settings, digest, self._ports.now())
        if event is not None:
            await self._accept(event)


def _is_said(press: str) -> bool:
    """Whether the button only says words, whose answer changes no card."""
    try:
        return isinstance(unpack(press), Say)
    except ValueError:
        return True
