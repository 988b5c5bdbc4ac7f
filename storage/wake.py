"""Waking other processes: PostgreSQL's NOTIFY, listened to on a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from storage.db import DATABASE_ERRORS, Database
from storage.queues import INBOX_CHANNEL

log = structlog.get_logger()

RECONNECT_SECONDS = 1.0


async def listen(db: Database, wake: Callable[[], None]) -> None:
    """Call `wake` whenever any process has kept an event; ends at once on SQLite.

    While the connection is away the workers still look once a second, by their own deadline.
    """
    while not db.is_sqlite:
        try:
            await _listen_once(db, wake)
        except DATABASE_ERRORS as error:
            log.warning("listening lost", error=type(error).__name__)
        await asyncio.sleep(RECONNECT_SECONDS)


async def _listen_once(db: Database, wake: Callable[[], None]) -> None:
    lost = asyncio.Event()

    def heard(*_: Any) -> None:
        wake()

    def ended(*_: Any) -> None:
        lost.set()

    async with db.reader.connect() as connection:
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        driver.add_termination_listener(ended)
        await driver.add_listener(INBOX_CHANNEL, heard)
        wake()  # for what came while nobody listened
        try:
            await lost.wait()
        finally:
            driver.remove_termination_listener(ended)
            if not driver.is_closed():
                await driver.remove_listener(INBOX_CHANNEL, heard)
