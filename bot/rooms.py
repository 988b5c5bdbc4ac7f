"""The rooms behind the doors: workshop, sender, clock and staff.

A callback is kept without them, and their code takes as long to load as all before it: the
service opens its doors first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.alerts import Alerts
from bot.clock import Clock
from bot.missed import Missed
from bot.model import ModelSettings
from bot.outbox import Sender
from bot.people.staff import Staff
from bot.platforms.contract import Platform
from bot.post import Post
from bot.transcriber import VoiceSettings
from bot.workshop import Workshop
from storage.complete_keys import complete_keys
from storage.db import Database
from storage.wake import listen


class Rooms:
    """`begin` once, then `stop` once, both in the loop that the doors belong to."""

    def __init__(
        self,
        db: Database,
        platforms: Mapping[str, Platform],
        *,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        shutdown_seconds: float,
        model: ModelSettings | None = None,
        voice: VoiceSettings | None = None,
    ) -> None:
        self._db = db
        self._seconds = shutdown_seconds
        post = Post(platforms)
        self.sender = Sender(db, platforms, clock=clock, shutdown_seconds=shutdown_seconds)
        self.alerts = Alerts(db, post, wake=self.sender.wake, now=clock)
        self.workshop = Workshop(
            db,
            platforms,
            zone=zone,
            done=self.sender.wake,
            clock=clock,
            shutdown_seconds=shutdown_seconds,
            model=model,
            voice=voice,
        )
        missed = Missed(post, zone, clock)
        self.clock = Clock(db, zone=zone, wake=self._due, skipped=missed, clock=clock)
        self.staff = Staff(
            db, platforms, zone=zone, alert=self.alerts.tell, wake=self._due, clock=clock
        )
        self._stages: list[tuple[Callable[[], None], asyncio.Task[None]]] = []
        self._watching: list[asyncio.Task[None]] = []

    async def begin(self, group: asyncio.TaskGroup) -> None:
        """Give names the keys that they lack, then work in tasks of this group until `stop`."""
        await complete_keys(self._db)
        self._stages = [
            (room.stop, group.create_task(room.run()))
            for room in (self.clock, self.workshop, self.sender)
        ]
        self._watching = [
            group.create_task(listen(self._db, self.workshop.wake)),
            group.create_task(self.staff.run()),
        ]

    async def stop(self) -> None:
        """Each room after the one that feeds it, so that what was taken is still answered."""
        for task in self._watching:
            task.cancel()
        for stop, task in self._stages:
            stop()
            await asyncio.wait([task], timeout=self._seconds)

    def _due(self) -> None:
        self.workshop.wake()
        self.sender.wake()
