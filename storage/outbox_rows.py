"""The outbox: claimed in the order of each lane, marked in batches, at least once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import bindparam, exists, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from storage.db import Database, insert_ignoring
from storage.models.service import LASTING, Attachment, Outbound, SentCard
from storage.viewer import SYSTEM

LEASE = timedelta(seconds=60)
"""Longer than a sending may take with its limits, so that a slow one is not sent twice."""
_UNSENT = "earlier.state IN ('new', 'sending')"
_COLUMNS = (
    Outbound.id, Outbound.key, Outbound.event_id, Outbound.platform, Outbound.lane,
    Outbound.address, Outbound.content, Outbound.card_key, Outbound.created_at,
    Outbound.attempts,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A reply that a sender holds; `attempts` counts the failures of ours before this one."""

    id: int
    token: str
    key: str
    event_id: int | None
    platform: str
    lane: str
    address: dict[str, Any]
    content: dict[str, Any]
    card_key: str | None
    created_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a sending ended; `again_at` with state "new", `card_code` with "sent".

    `parts` are rows that go out in this one's place: the cards that an update names.
    """

    row: Claimed
    state: Literal["new", "sent", "refused", "parked"]
    at: datetime
    again_at: datetime | None = None
    attempts: int | None = None
    receipt: dict[str, Any] | None = None
    error: str | None = None
    card_code: tuple[str, str] | None = None
    parts: tuple[dict[str, Any], ...] = ()


@cache
def claim_statement(elsewhere: tuple[str, ...] = ()) -> Any:
    """Claim the oldest reply of each lane, in one statement; literals as in the indexes.

    Lanes that begin with one of `elsewhere` are left to other processes. Kept, for building it
    costs as much as running it.
    """
    earlier = aliased(Outbound, name="earlier")
    blocked = exists().where(
        earlier.lane == Outbound.lane, text(_UNSENT), earlier.id < Outbound.id
    )
    conditions: list[Any] = [
        text("outbound.state = 'new'"), Outbound.available_at <= bindparam("at_now"), ~blocked,
    ]  # fmt: skip
    conditions += [~Outbound.lane.startswith(head, autoescape=True) for head in elsewhere]
    pick = (
        select(Outbound.id)
        .where(*conditions)
        .order_by(Outbound.available_at, Outbound.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=Outbound)
        .cte("pick")
    )
    return (
        update(Outbound)
        .where(Outbound.id.in_(select(pick.c.id)))
        .values(state="sending", token=bindparam("holder"), lease_until=bindparam("held_until"))
        .returning(*_COLUMNS)
    )


def claim_values(now: datetime, token: str, limit: int) -> dict[str, Any]:
    """The values that the statement takes."""
    return {"at_now": now, "holder": token, "held_until": now + LEASE, "most": limit}


async def exchange(
    db: Database,
    outcomes: Sequence[Outcome],
    *,
    now: datetime,
    limit: int,
    elsewhere: tuple[str, ...] = (),
) -> list[Claimed]:
    """Write down how sendings ended and claim the next, in one commit."""
    token = secrets.token_hex(16)
    async with db.transaction() as connection:
        await _settle(connection, outcomes)
        if limit <= 0:
            return []
        claim = claim_statement(elsewhere)
        rows = (await connection.execute(claim, claim_values(now, token, limit))).all()
    claimed = [Claimed(token=token, **row._mapping) for row in rows]
    return sorted(claimed, key=lambda row: row.id)


_SETTLE = (
    update(Outbound.__table__)  # type: ignore[arg-type]
    .where(
        Outbound.id == bindparam("row_id"),
        Outbound.token == bindparam("held"),
        Outbound.state == "sending",
    )
    .values(
        state=bindparam("state"), available_at=bindparam("available_at"),
        attempts=bindparam("attempts"), sent_at=bindparam("sent_at"),
        receipt=bindparam("receipt"), error=bindparam("error"), token=None, lease_until=None,
    )
)  # fmt: skip


async def _settle(connection: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    await connection.execute(
        _SETTLE,
        [
            {
                "row_id": done.row.id,
                "held": done.row.token,
                "state": done.state,
                "available_at": done.again_at or done.at,
                "attempts": done.row.attempts if done.attempts is None else done.attempts,
                "sent_at": done.at if done.state == "sent" else None,
                "receipt": done.receipt,
                "error": done.error,
            }
            for done in outcomes
        ],
    )
    for done in outcomes:
        if done.card_code is not None:
            await _add_code(connection, *done.card_code)
        if done.parts:
            insert = insert_ignoring(Outbound.__table__, connection.dialect.name)
            await connection.execute(insert, list(done.parts))


async def _add_code(connection: AsyncConnection, card_key: str, code: str) -> None:
    codes = await connection.scalar(
        select(SentCard.codes).where(SentCard.card_key == card_key).with_for_update()
    )
    if codes is not None and code not in codes:
        await connection.execute(
            update(SentCard).where(SentCard.card_key == card_key).values(codes=[*codes, code])
        )


async def take_code(db: Database, card_key: str) -> str | None:
    """Take the newest unused update code of a card, committed: nobody will get it again.

    A lasting one stays.
    """
    async with db.transaction() as connection:
        codes = await connection.scalar(
            select(SentCard.codes).where(SentCard.card_key == card_key).with_for_update()
        )
        if not codes:
            return None
        if codes[-1] == LASTING:
            return LASTING
        await connection.execute(
            update(SentCard).where(SentCard.card_key == card_key).values(codes=codes[:-1])
        )
    code: str = codes[-1]
    return code


async def return_code(db: Database, card_key: str, code: str) -> None:
    """Put back a code that the platform certainly has not used."""
    async with db.transaction() as connection:
        await _add_code(connection, card_key, code)


async def release(db: Database, rows: Iterable[Claimed]) -> None:
    """Let go of replies that were claimed and not sent."""
    async with db.transaction() as connection:
        for row in rows:
            await connection.execute(
                update(Outbound)
                .where(Outbound.id == row.id, Outbound.token == row.token)
                .where(Outbound.state == "sending")
                .values(state="new", token=None, lease_until=None)
            )


async def take_over(db: Database, now: datetime, *, all_of_them: bool = False) -> int:
    """Free the replies whose lease ran out, or all that are held; they will be sent again."""
    held = text("state = 'sending'")
    expired = [held] if all_of_them else [held, Outbound.lease_until <= now]
    async with db.transaction() as connection:
        result = await connection.execute(
            update(Outbound).where(*expired).values(state="new", token=None, lease_until=None)
        )
    return result.rowcount


async def picture(db: Database, attachment_id: int) -> bytes | None:
    """The bytes of an attachment."""
    async with db.read(SYSTEM) as session:
        return await session.scalar(
            select(Attachment.content).where(Attachment.id == attachment_id)
        )


async def cards_about(db: Database, subject: str) -> list[SentCard]:
    """The cards that were sent about a subject, oldest first."""
    async with db.read(SYSTEM) as session:
        query = select(SentCard).where(SentCard.subject == subject)
        return list(await session.scalars(query.order_by(SentCard.created_at)))
