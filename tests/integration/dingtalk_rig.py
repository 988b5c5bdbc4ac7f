"""The bot behind a DingTalk stand-in: the real platform, inbox, worker and sender."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import select

from bot import events
from bot.events import Event
from bot.inbox import Inbox
from bot.outbox import Sender
from bot.platforms.contract import Ports
from bot.platforms.dingtalk.send import DingTalkPlatform
from bot.platforms.dingtalk.settings import DingTalkSettings, EventKeys, GroupRobot
from bot.platforms.dingtalk.stream import Pace
from bot.turn import Turn
from bot.worker import Worker
from handlers.buttons import Confirm, pack
from handlers.replies import Button, Card
from simulator.dingtalk.server import DingTalk
from storage.db import Database
from storage.models.people import Binding
from storage.models.service import Inbound, Outbound
from storage.viewer import SYSTEM
from tests.integration.simulator_dingtalk_rig import (
    CLIENT,
    CORP,
    EVENT_KEY,
    EVENT_TOKEN,
    SECRET,
    TEMPLATE,
    config,
)
from tests.unit.handlers.desk import Company, company

FAST = Pace(
    connections=2, ping=0.4, silence=30.0, drain=1.0, opening=2.0, first_pause=0.02,
    longest_pause=0.1, refused_pause=0.2,
)  # fmt: skip
"""As in service, with seconds made hundredths where something is waited for."""
GROUP = "华东销售"


def settings(dingtalk: DingTalk, **changes: Any) -> DingTalkSettings:
    """The deployment that belongs to the stand-in."""
    given: dict[str, Any] = {
        "corp_id": CORP,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "robot_code": CLIENT,
        "card_template": TEMPLATE,
        "api_base": dingtalk.url,
        "oapi_base": dingtalk.url,
        "groups": {GROUP: GroupRobot(token="signed", secret="SECdemo")},
    }
    return DingTalkSettings(**(given | changes))


def http_settings(dingtalk: DingTalk, url: str, **changes: Any) -> DingTalkSettings:
    """The same in HTTP mode, its doors at `url`."""
    keys = EventKeys(token=EVENT_TOKEN, aes_key=EVENT_KEY)
    return settings(dingtalk, mode="http", public_url=url, events=keys, **changes)


@dataclass
class Bot:
    """One process; `alerts` is what the administrators were told."""

    db: Database
    platform: DingTalkPlatform
    alerts: list[str]
    sender: Sender
    url: str = ""
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)

    async def rows(self, model: type[Any], *conditions: Any) -> list[Any]:
        """What the database holds."""
        async with self.db.read(SYSTEM) as session:
            return list(await session.scalars(select(model).where(*conditions)))

    async def events(self) -> list[Event]:
        """What came in, oldest first."""
        rows = sorted(await self.rows(Inbound), key=lambda row: row.id)
        return [events.from_json(row.payload) for row in rows]

    async def settled(self) -> list[Outbound]:
        """Everything that is to be sent, once nothing waits any more."""
        async with asyncio.timeout(30):
            while True:
                inbound = await self.rows(Inbound, Inbound.state != "done")
                outbound = await self.rows(Outbound, Outbound.state.in_(("new", "sending")))
                if not inbound and not outbound:
                    return sorted(await self.rows(Outbound), key=lambda row: row.id)
                await asyncio.sleep(0.02)


@asynccontextmanager
async def open_dingtalk(**changes: Any) -> AsyncIterator[DingTalk]:
    """A stand-in, stopped afterwards."""
    dingtalk = DingTalk(config(**changes))
    await dingtalk.start()
    try:
        yield dingtalk
    finally:
        await dingtalk.stop()


def utc_now() -> datetime:
    """The real instant: the stand-in's stamps are of now."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_bot(
    db: Database,
    made: Callable[[str], DingTalkSettings],
    *,
    pace: Pace = FAST,
    works: bool = True,
    now: Callable[[], datetime] = utc_now,
    answer_seconds: float = 1.5,
) -> AsyncIterator[Bot]:
    """A process that receives, works (unless told not to) and sends; `made` is told its URL."""
    alerts: list[str] = []

    async def alert(words: str) -> None:
        if words not in alerts:
            alerts.append(words)

    app = web.Application(client_max_size=256 * 1024)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    url = await _free_address()
    platform = DingTalkPlatform(
        made(url), Ports(db=db, now=now, alert=alert), pace=pace,
        answer_seconds=answer_seconds,
    )  # fmt: skip
    sender = Sender(db, {"dingtalk": platform}, clock=now)
    turn = Turn(
        db, {"dingtalk": platform}, render=_draw, zone=ZoneInfo("Asia/Shanghai"), clock=now
    )
    worker = Worker(db, turn, parked=turn.apologise, done=sender.wake, clock=now)
    inbox = Inbox(db, wake=worker.wake, clock=now)
    app.add_routes(platform.routes(inbox.accept))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(url.rsplit(":", 1)[1])).start()
    bot = Bot(db, platform, alerts, sender, url)
    jobs = [inbox.run(), platform.run(inbox.accept)]
    jobs += [worker.run(), sender.run()] if works else []
    bot.tasks = [asyncio.create_task(job) for job in jobs]
    try:
        yield bot
    finally:
        for task in reversed(bot.tasks):
            task.cancel()
        ended = await asyncio.gather(*bot.tasks, return_exceptions=True)
        await runner.cleanup()
        await platform.close()
        faults = [one for one in ended if isinstance(one, Exception)]
        assert faults == []


async def open_company(db: Database) -> Company:
    """The people of the stand-in: 李华 a rep, 王敏 the manager above."""
    firm = await company(db)
    async with db.write(SYSTEM) as session:
        for account, user in (("lihua", firm.rep), ("wangmin", firm.manager)):
            session.add(
                Binding(platform="dingtalk", corp=CORP, platform_user=account, user_id=user.id)
            )
    return firm


def calls(dingtalk: DingTalk, *apis: str) -> int:
    """How often these were called, whatever the answer."""
    return sum(dingtalk.ledger.count_calls(api) for api in apis)


SENDING: Sequence[str] = (
    "robot/oToMessages/batchSend", "robot/groupMessages/send", "robot/sendBySession", "robot/send",
    "card/instances/createAndDeliver", "card/instances",
)  # fmt: skip
"""Every way of words or cards to a phone."""
ASKING = Card(
    title="请确认",
    buttons=(Button(text="确认", press=pack(Confirm(pending_id=1)), primary=True),),
    hint="回复：确认",
)
"""A card with something to press."""


async def until(predicate: Callable[[], object]) -> None:
    """Once it is true; for what the stand-in's ledger doesn't tell."""
    async with asyncio.timeout(30):
        while not predicate():  # noqa: ASYNC110 (a call that ends sets no event)
            await asyncio.sleep(0.01)


async def _free_address() -> str:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return f"http://127.0.0.1:{port}"


async def _draw(kind: str, figures: Any) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + kind.encode()
