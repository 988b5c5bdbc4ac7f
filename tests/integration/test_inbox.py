"""The inbox: durable before it answers, once each, many in one commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from sqlalchemy import func, select, text

from bot import events
from bot.inbox import Inbox
from bot.platforms.contract import InboxUnavailable
from storage.db import Database
from storage.models.service import Inbound
from storage.viewer import SYSTEM
from tests.builders import message

OpenDb = Callable[[], Database]


@asynccontextmanager
async def running(inbox: Inbox) -> AsyncIterator[Inbox]:
    """The inbox with its writing task, stopped at the end."""
    async with asyncio.TaskGroup() as group:
        group.create_task(inbox.run())
        yield inbox
        inbox.stop()


async def kept(db: Database) -> list[Inbound]:
    async with db.read(SYSTEM) as session:
        return list(await session.scalars(select(Inbound).order_by(Inbound.id)))


async def test_an_event_is_there_for_everybody_once_accepted(open_db: OpenDb) -> None:
    """Seen from a second connection at the moment when `accept` returns."""
    mine, other = open_db(), open_db()
    event = message("拜访了客户，谈得不错")
    async with running(Inbox(mine)) as inbox:
        await inbox.accept(event)
        (row,) = await kept(other)
    assert events.from_json(row.payload) == event
    assert (row.state, row.attempts) == ("new", 0)


async def test_concurrent_arrivals_share_commits(db: Database) -> None:
    """200 arrivals at once need far fewer commits than 200."""
    commits: list[None] = []
    async with running(Inbox(db, wake=lambda: commits.append(None))) as inbox:
        await asyncio.gather(*(inbox.accept(message()) for _ in range(200)))
    assert len(await kept(db)) == 200
    assert len(commits) <= 3


async def test_a_second_delivery_is_accepted_and_does_nothing(open_db: OpenDb) -> None:
    """At once, in one batch, and through another process."""
    event = message()
    async with running(Inbox(open_db())) as one, running(Inbox(open_db())) as two:
        await asyncio.gather(*(inbox.accept(event) for inbox in (one, one, two, two)))
        await one.accept(event)
    assert len(await kept(open_db())) == 1


async def test_distinct_events_of_one_second_are_all_kept(db: Database) -> None:
    """Same sender and time with other ids; same id from other senders."""
    async with running(Inbox(db)) as inbox:
        of_one = [message("同一秒", message_id=str(number)) for number in range(50)]
        of_many = [message("同一号", message_id="7", sender=f"u{n}") for n in range(50)]
        await asyncio.gather(*(inbox.accept(event) for event in of_one + of_many))
    async with db.read(SYSTEM) as session:
        assert await session.scalar(select(func.count(Inbound.id))) == 99 + 1


@pytest.mark.parametrize("words", ["空\x00字", "半个\ud83d表情"], ids=["nul", "lone surrogate"])
async def test_characters_that_json_columns_refuse_turn_nobody_away(
    db: Database, words: str
) -> None:
    """Neither the message that holds them nor its neighbours in the batch are lost."""
    async with running(Inbox(db)) as inbox:
        await asyncio.gather(inbox.accept(message(words)), inbox.accept(message("好的")))
    assert len(await kept(db)) == 2


async def test_a_database_that_is_away_refuses_and_is_used_again_later(db: Database) -> None:
    """The platform is told to come again; nothing needs a restart."""
    async with running(Inbox(db)) as inbox:
        async with db.writer.begin() as connection:
            await connection.execute(text("ALTER TABLE inbound RENAME TO away"))
        with pytest.raises(InboxUnavailable):
            await inbox.accept(message())
        async with db.writer.begin() as connection:
            await connection.execute(text("ALTER TABLE away RENAME TO inbound"))
        await inbox.accept(message())
    assert len(await kept(db)) == 1


async def test_a_locked_database_is_not_waited_for_without_end(open_db: OpenDb) -> None:
    """The wait is bounded; what was refused may still come in, and is then a duplicate."""
    event = message()
    locked = open_db()
    async with (
        running(Inbox(locked, accept_seconds=0.05)) as inbox,
        locked.writer.begin() as connection,
    ):
        await connection.execute(text("UPDATE inbound SET state = state"))
        if not locked.is_sqlite:
            await connection.execute(text("LOCK TABLE inbound IN EXCLUSIVE MODE"))
        with pytest.raises(InboxUnavailable):
            await inbox.accept(event)
    async with running(Inbox(locked)) as inbox:
        await inbox.accept(event)
    assert len(await kept(locked)) == 1


async def test_a_stopped_inbox_writes_what_came_and_takes_nothing_more(
    db: Database, now: datetime
) -> None:
    inbox = Inbox(db, clock=lambda: now)
    waiting = [asyncio.ensure_future(inbox.accept(message())) for _ in range(3)]
    await asyncio.sleep(0)
    inbox.stop()
    await inbox.run()
    await asyncio.gather(*waiting)
    assert [row.received_at for row in await kept(db)] == [now] * 3
    with pytest.raises(InboxUnavailable):
        await inbox.accept(message())
