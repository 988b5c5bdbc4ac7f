"""The inbox: events kept durably, claimed by lease and token, finished with their effects."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    select,
    text,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import aliased

from storage.db import Database, insert_ignoring
from storage.models.service import Inbound

LEASE = timedelta(seconds=30)
"""How long a claimed event belongs to its worker without being renewed."""
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120))
MAX_ATTEMPTS = len(BACK_OFF) + 1
INBOX_CHANNEL = "gendan_inbox"
ERROR_CHARS = 2000
_CLEAR = "3479ACDEFHJKMNPRTUVWXY"
"""Letters and digits that are not mistaken for one another when read aloud or typed."""
_UNFINISHED = "{}.state IN ('new', 'working')"


class LeaseLost(Exception):
    """The event belongs to another worker by now: what was done for it must be rolled back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An event about to be kept."""

    dedup_key: str
    conversation: str
    payload: Mapping[str, Any]
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An event that a worker holds; `attempts` counts this one."""

    id: int
    token: str
    conversation: str
    payload: dict[str, Any]
    received_at: datetime
    attempts: int


def delay_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None: give up."""
    return BACK_OFF[attempts - 1] if attempts < MAX_ATTEMPTS else None


def new_error_id() -> str:
    """A short id that people can read out: E-83KD."""
    return "E-" + "".join(secrets.choice(_CLEAR) for _ in range(4))


async def add(connection: AsyncConnection, arrivals: Iterable[Arrival]) -> None:
    """As `keep`, in a transaction of more than that."""
    await connection.run_sync(keep, arrivals)


def keep(connection: Connection, arrivals: Iterable[Arrival]) -> None:
    """Keep events; one that is kept already is passed over in silence."""
    rows = [
        {
            "dedup_key": arrival.dedup_key,
            "conversation": arrival.conversation,
            "payload": arrival.payload,
            "received_at": arrival.received_at,
            "available_at": arrival.received_at,
            "state": "new",
            "attempts": 0,
        }
        for arrival in arrivals
    ]
    if rows:
        insert = insert_ignoring(Inbound.__table__, connection.dialect.name)
        connection.execute(insert, rows)
        notify(connection)


def _claim_statement() -> Any:
    """Claim the oldest events of distinct conversations, in one statement.

    The states are literals, word for word those of the partial indexes: with a bound parameter
    neither database would use them. A replayed event also waits for a later one that is worked
    on already.
    """
    other = aliased(Inbound, name="other")
    blocked = exists().where(
        other.conversation == Inbound.conversation,
        text(_UNFINISHED.format("other")),
        other.id != Inbound.id,
        (other.id < Inbound.id) | (other.state == literal_column("'working'")),
    )
    pick = (
        select(Inbound.id)
        .where(
            text("inbound.state = 'new'"), Inbound.available_at <= bindparam("at_now"), ~blocked
        )
        .order_by(Inbound.available_at, Inbound.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=Inbound)
        .cte("pick")
    )
    return (
        update(Inbound)
        .where(Inbound.id.in_(select(pick.c.id)))
        .values(
            state="working",
            token=bindparam("holder"),
            lease_until=bindparam("held_until"),
            attempts=Inbound.attempts + 1,
        )
        .returning(
            Inbound.id,
            Inbound.conversation,
            Inbound.payload,
            Inbound.received_at,
            Inbound.attempts,
        )
    )


CLAIM = _claim_statement()
"""Built once: building it costs as much as running it."""
_FINISH = (
    update(Inbound)
    .where(
        Inbound.id == bindparam("row_id"),
        Inbound.token == bindparam("holder"),
        Inbound.state == "working",
    )
    .values(
        state="done", finished_at=bindparam("at_now"), lease_until=None, token=None, error=None,
        error_id=None,
    )
)  # fmt: skip


async def claim(db: Database, *, now: datetime, limit: int) -> list[Claimed]:
    """Take up to `limit` events of distinct conversations under one new token, oldest first."""
    token = secrets.token_hex(16)
    rows = await db.run(lambda c: c.execute(CLAIM, claim_values(now, token, limit)).all())
    claimed = [
        Claimed(
            id=row.id,
            token=token,
            conversation=row.conversation,
            payload=row.payload,
            received_at=row.received_at,
            attempts=row.attempts,
        )
        for row in rows
    ]
    return sorted(claimed, key=lambda event: event.id)


def claim_values(now: datetime, token: str, limit: int) -> dict[str, Any]:
    """The values that CLAIM takes."""
    return {"at_now": now, "holder": token, "held_until": now + LEASE, "most": limit}


async def finish(session: AsyncSession, claimed: Claimed, now: datetime) -> None:
    """Mark the event done in the transaction of its effects; raises LeaseLost."""
    connection = await session.connection()
    values = {"row_id": claimed.id, "holder": claimed.token, "at_now": now}
    result: CursorResult[Any] = await connection.execute(_FINISH, values)
    if result.rowcount != 1:
        raise LeaseLost(f"event {claimed.id} belongs to another worker")


async def fail(session: AsyncSession, claimed: Claimed, error: str, now: datetime) -> str | None:
    """Have the event tried again later, or park it: then its error id is returned.

    Raises LeaseLost.
    """
    delay = delay_after(claimed.attempts)
    values: dict[str, Any] = {"error": error[:ERROR_CHARS], "lease_until": None, "token": None}
    error_id = None
    if delay is None:
        error_id = new_error_id()
        values |= {"state": "parked", "error_id": error_id, "finished_at": now}
    else:
        values |= {"state": "new", "available_at": now + delay}
    await _expect_one(await session.connection(), _held(claimed).values(**values), claimed)
    return error_id


async def give_back(db: Database, claimed: Sequence[Claimed]) -> None:
    """Let go of events that were claimed and not begun, as if never claimed."""

    def let_go(connection: Connection) -> None:
        for event in claimed:
            connection.execute(
                _held(event).values(
                    state="new", lease_until=None, token=None, attempts=Inbound.attempts - 1
                )
            )

    await db.run(let_go)


async def renew(db: Database, tokens: Iterable[str], now: datetime) -> None:
    """Keep the leases of events that are still worked on."""
    renewal = (
        update(Inbound)
        .where(text("state = 'working'"), Inbound.token.in_(list(tokens)))
        .values(lease_until=now + LEASE)
    )
    await db.run(lambda connection: connection.execute(renewal))


async def take_over(db: Database, now: datetime, *, all_of_them: bool = False) -> list[Claimed]:
    """Free the events whose lease ran out, or all that are held; returns those to be given up.

    Those have been tried MAX_ATTEMPTS times, each time without an end: they are claimed anew,
    for `fail` to park them. Where all are taken from one process that died, it ran them one at
    a time in order of their ids: those behind the first were never begun, and a batch that is
    claimed at five starts in a row has not failed five times.
    """
    held = text("state = 'working'")
    expired = [held] if all_of_them else [held, Inbound.lease_until <= now]
    token = secrets.token_hex(16)

    def free(connection: Connection) -> list[Claimed]:
        begun: ColumnElement[bool] = true()
        if all_of_them:
            first = connection.scalar(select(func.min(Inbound.id)).where(held))
            begun = Inbound.id == first
        last = and_(begun, Inbound.attempts >= MAX_ATTEMPTS)
        rows = (
            connection.execute(
                update(Inbound)
                .where(*expired)
                .values(
                    state=case((last, "working"), else_="new"),
                    token=case((last, token), else_=None),
                    lease_until=case((last, now + LEASE), else_=None),
                    attempts=case((begun, Inbound.attempts), else_=Inbound.attempts - 1),
                )
                .returning(
                    Inbound.id,
                    Inbound.token,
                    Inbound.conversation,
                    Inbound.payload,
                    Inbound.received_at,
                    Inbound.attempts,
                )
            )
        ).all()
        return [Claimed(**row._mapping) for row in rows if row.token == token]

    return await db.run(free)


async def replay(session: AsyncSession, error_id: str) -> bool:
    """Try a parked event again from its first attempt; False where none has this error id."""
    connection = await session.connection()
    found = await connection.scalars(
        update(Inbound)
        .where(Inbound.error_id == error_id.strip().upper(), Inbound.state == "parked")
        .values(
            state="new", attempts=0, available_at=Inbound.received_at, error_id=None,
            finished_at=None,
        )
        .returning(Inbound.id)
    )  # fmt: skip
    if not found.all():
        return False
    await connection.run_sync(notify)
    return True


def notify(connection: Connection) -> None:
    """Tell the other processes, once this is committed; SQLite has none."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"NOTIFY {INBOX_CHANNEL}"))


def _held(claimed: Claimed) -> Any:
    return update(Inbound).where(
        Inbound.id == claimed.id, Inbound.token == claimed.token, Inbound.state == "working"
    )


async def _expect_one(connection: AsyncConnection, statement: Any, claimed: Claimed) -> None:
    result: CursorResult[Any] = await connection.execute(statement)
    if result.rowcount != 1:
        raise LeaseLost(f"event {claimed.id} belongs to another worker")
