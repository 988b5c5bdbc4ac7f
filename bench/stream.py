"""DingTalk's Stream through forced reconnects: every message kept once, the loop never held up."""

from __future__ import annotations

import asyncio
import itertools
import random
import secrets
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from bench.measured import Goal, Measured, Options, percentile
from bot import events
from bot.events import Message
from bot.inbox import Inbox
from bot.platforms.contract import Ports
from bot.platforms.dingtalk.send import DingTalkPlatform
from bot.platforms.dingtalk.settings import DingTalkSettings
from nlu.naming.names import keys_of_name
from simulator.dingtalk.config import DingTalkConfig, Member
from simulator.dingtalk.server import DingTalk
from storage.db import Database
from storage.migrate import upgrade
from storage.models.service import Inbound
from storage.viewer import SYSTEM

MESSAGES, RECONNECTS = 1000, 50
GAP_SECONDS = 0.01
"""Between two messages, on average."""
TWICE = 0.2
"""Share of the messages that come a second time, over whichever connection."""
TICK_SECONDS = 0.001
NOTICE_SECONDS = 90.0
MEMBERS = tuple(Member(userid=f"rep{n:02}", name=f"销售{n:02}") for n in range(20))
UNLIMITED = 10**9


class Ticks:
    """How long the loop was held up each time, and how much of that it was busy itself.

    On a machine that others use too, the rest is theirs.
    """

    def __init__(self) -> None:
        self.gaps_ms: list[float] = []
        self.busy_ms: list[float] = []

    async def run(self) -> None:
        while True:
            before, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK_SECONDS)
            self.gaps_ms.append((time.perf_counter() - before - TICK_SECONDS) * 1000)
            self.busy_ms.append((time.thread_time() - worked) * 1000)


async def measure(options: Options) -> Measured:
    messages, reconnects = (100, 5) if options.quick else (MESSAGES, RECONNECTS)
    async with _stand() as (dingtalk, db):
        ticks = Ticks()
        ticking = asyncio.create_task(ticks.run())
        sent = await _talk(dingtalk, messages, reconnects, random.Random(options.seed))
        lost = [one for one in sent if not await dingtalk.delivered(one)]
        ticking.cancel()
        kept = await _kept(db)
        took = sorted(
            attempt.took_seconds * 1000
            for one in sent
            for attempt in dingtalk.ledger.callbacks[one].attempts
            if attempt.status == 200
        )
        opened = dingtalk.stream.opened
        noticed = await _noticed(dingtalk) if not options.quick else None
    missing = [one for one in sent if one not in kept]
    figures = {
        "lost": len({*lost, *missing}),
        "doubled": sum(times - 1 for times in kept.values()),
        "gap_p99_ms": percentile(sorted(ticks.gaps_ms), 0.99),
        "longest_gap_ms": max(ticks.gaps_ms),
        "longest_busy_ms": max(ticks.busy_ms),
        "ack_p50_ms": percentile(took, 0.5),
        "ack_p99_ms": percentile(took, 0.99),
        "messages": len(sent),
        "deliveries": len(took),
        "opened": opened,
    }
    goals = {"lost": Goal(most=0), "doubled": Goal(most=0), "longest_busy_ms": Goal(most=20)}
    if noticed is not None:
        figures["silence_noticed_s"] = noticed
        goals["silence_noticed_s"] = Goal(most=60)
    return Measured(
        name="stream",
        how=(
            f"{messages} messages, a fifth of them pushed twice, through {reconnects} disconnects "
            "by the platform; bot and simulator on one loop, every message durable in SQLite"
        ),
        figures=figures,
        goals=goals,
    )


@asynccontextmanager
async def _stand() -> AsyncIterator[tuple[DingTalk, Database]]:
    """A simulated DingTalk, and the platform in front of an inbox in a file."""
    dingtalk = DingTalk(
        DingTalkConfig(
            corp_id="dingbench", client_id="dingbot", client_secret=secrets.token_hex(16),
            members=MEMBERS, messages_per_month=UNLIMITED,
        )
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="gendan-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'gendan.db'}"
        await upgrade(url)
        db = Database(url, name_keys=keys_of_name)
        await dingtalk.start()
        inbox = Inbox(db)
        platform = DingTalkPlatform(_settings(dingtalk), _ports(db))
        running = [asyncio.create_task(inbox.run())]
        running.append(asyncio.create_task(platform.run(inbox.accept)))
        try:
            await dingtalk.connected(2)
            yield dingtalk, db
        finally:
            for task in reversed(running):
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await platform.close()
            await dingtalk.stop()
            await db.close()


async def _talk(
    dingtalk: DingTalk, messages: int, reconnects: int, chance: random.Random
) -> list[str]:
    """People write while one connection after the other is told to go."""
    sent: list[str] = []
    every = messages // reconnects
    members = itertools.cycle(MEMBERS)
    for number in range(messages):
        if number % every == 0:
            connections = await dingtalk.connected(2)
            await dingtalk.stream.disconnect(chance.choice(connections))
        sent.append(await dingtalk.say(next(members).userid, f"第 {number} 条"))
        if chance.random() < TWICE:
            await dingtalk.repeat(chance.choice(sent[-5:]))
        await asyncio.sleep(chance.expovariate(1 / GAP_SECONDS))
    return sent


async def _kept(db: Database) -> Counter[str]:
    """How often each message is in the inbox."""
    async with db.read(SYSTEM) as session:
        payloads = await session.scalars(select(Inbound.payload))
        found = [events.from_json(payload) for payload in payloads]
    return Counter(event.message_id for event in found if isinstance(event, Message))


async def _noticed(dingtalk: DingTalk) -> float:
    """Seconds until a connection that swallows everything has another in its place."""
    before = dingtalk.stream.opened
    connections = await dingtalk.connected(2)
    started = time.perf_counter()
    connections[0].is_silent = True
    await dingtalk.wait_for(lambda: dingtalk.stream.opened > before, NOTICE_SECONDS)
    return time.perf_counter() - started


def _settings(dingtalk: DingTalk) -> DingTalkSettings:
    return DingTalkSettings(
        corp_id=dingtalk.config.corp_id,
        client_id=dingtalk.config.client_id,
        client_secret=dingtalk.config.client_secret,
        robot_code=dingtalk.config.client_id,
        api_base=dingtalk.url,
        oapi_base=dingtalk.url,
        messages_per_month=0,
    )


def _ports(db: Database) -> Ports:
    async def alert(words: str) -> None:
        raise RuntimeError(words)

    return Ports(db=db, now=lambda: datetime.now(UTC), alert=alert)
