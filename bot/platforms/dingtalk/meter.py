"""What is used of the month's quotas: counted, shown, and told before it is used up."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from bot.platforms.contract import Ports
from bot.platforms.dingtalk.settings import DingTalkSettings
from storage import usage
from storage.db import DATABASE_ERRORS

CALLS, MESSAGES = "calls", "messages"
NAMES = {CALLS: "接口调用", MESSAGES: "消息（Webhook 与 Stream）"}
WARN_AT = 0.8
SHANGHAI = ZoneInfo("Asia/Shanghai")

_SHARE = "钉钉本月的{name}已用 {used} 次，额度 {limit} 次（{share:.0%}）。{later}"
_LATER = {
    CALLS: "用完后卡片和主动提醒发不出去，直接回复不受影响；需要的话请在钉钉后台升级版本。",
    MESSAGES: "用完后机器人收不到新消息；需要的话请在钉钉后台升级版本。",
}
_log = structlog.get_logger(__name__)


class Meter:
    """Counts without keeping anybody waiting; the sums are of all processes."""

    def __init__(self, settings: DingTalkSettings, ports: Ports) -> None:
        self._ports = ports
        self._scope = f"dingtalk|{settings.corp_id}"
        self._limits = {CALLS: settings.calls_per_month, MESSAGES: settings.messages_per_month}
        self._pending: Counter[str] = Counter()
        self._writing: asyncio.Task[None] | None = None

    def count(self, kind: str) -> None:
        """One more; written soon, together with what else comes meanwhile."""
        self._pending[kind] += 1
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def used(self) -> Mapping[str, int]:
        """This month's sums by kind."""
        await self.settled()
        return await usage.used(self._ports.db, self._scope, self._month())

    async def settled(self) -> None:
        """Once everything counted so far is written."""
        if self._writing is not None:
            await asyncio.wait([self._writing])

    def limit(self, kind: str) -> int:
        """The month's quota; 0 is none."""
        return self._limits[kind]

    async def _write(self) -> None:
        while self._pending:
            pending, self._pending = self._pending, Counter()
            for kind, times in pending.items():
                try:
                    await self._add(kind, times)
                except DATABASE_ERRORS as error:
                    _log.warning("dingtalk.usage_not_kept", error=type(error).__name__)

    async def _add(self, kind: str, times: int) -> None:
        used = await usage.add(self._ports.db, self._scope, kind, self._month(), times)
        limit = self._limits[kind]
        for mark in (round(limit * WARN_AT), limit):
            if limit and used - times < mark <= used:
                words = _SHARE.format(
                    name=NAMES[kind], used=used, limit=limit, share=used / limit,
                    later=_LATER[kind],
                )  # fmt: skip
                await self._ports.alert(words)

    def _month(self) -> str:
        return month_of(self._ports.now())


def month_of(now: datetime) -> str:
    """DingTalk's quotas are those of China's calendar months."""
    return f"{now.astimezone(SHANGHAI):%Y-%m}"
