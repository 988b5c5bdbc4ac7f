"""The outbox: claimed in the order of each lane, marked in batches, at least once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, exists, select, text, update
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

    def settle_and_claim(connection: Connection) -> list[Claimed]:
        _settle(connection, outcomes)
        if limit <= 0:
            return []
        rows = connection.execute(claim_statement(elsewhere), claim_values(now, token, limit))
        return [Claimed(token=token, **row._mapping) for row in rows]

    return sorted(await db.run(settle_and_claim), key=lambda row: row.id)


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


def _settle(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    connection.execute(
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
    _add_codes(connection, [done.card_code for done in outcomes if done.card_code is not None])
    for done in outcomes:
        if done.parts:
            insert = insert_ignoring(Outbound.__table__, connection.dialect.name)
            connection.execute(insert, list(done.parts))


_CODES = (
    select(SentCard.card_key, SentCard.codes)
    .where(SentCard.card_key.in_(bindparam("cards", expanding=True)))
    .order_by(SentCard.card_key)
    .with_for_update()
)
_NEW_CODES = (
    update(SentCard.__table__)  # type: ignore[arg-type]
    .where(SentCard.card_key == bindparam("card"))
    .values(codes=bindparam("all_codes"))
)


def _add_codes(connection: Connection, new: Sequence[tuple[str, str]]) -> None:
    """(card, code): one that is kept already is passed over."""
    if not new:
        return
    rows = connection.execute(_CODES, {"cards": [card for card, _ in new]})
    known: dict[str, list[str]] = {row.card_key: row.codes for row in rows}
    changed = {}
    for card, code in new:
        if card in known and code not in known[card]:
            known[card] = changed[card] = [*known[card], code]
    if changed:
        values = [{"card": card, "all_codes": codes} for card, codes in changed.items()]
        connection.execute(_NEW_CODES, values)


async def take_code(db: Database, card_key: str) -> str | None:
    """Take the newest unused update code of a card, committed: nobody will get it again.

    A lasting one stays.
    """

    def take(connection: Connection) -> str | None:
        codes: list[str] = next(
            (row.codes for row in connection.execute(_CODES, {"cards": [card_key]})), []
        )
        if codes and codes[-1] != LASTING:
            connection.execute(_NEW_CODES, [{"card": card_key, "all_codes": codes[:-1]}])
        return codes[-1] if codes else None

    return await db.run(take)


async def return_code(db: Database, card_key: str, code: str) -> None:
    """Put back a code that the platform certainly has not used."""
    await db.run(lambda connection: _add_codes(connection, [(card_key, code)]))


async def release(db: Database, rows: Iterable[Claimed]) -> None:
    """Let go of replies that were claimed and not sent."""

    def let_go(connection: Connection) -> None:
        for row in rows:
            connection.execute(
                update(Outbound)
                .where(Outbound.id == row.id, Outbound.token == row.token)
                .where(Outbound.state == "sending")
                .values(state="new", token=None, lease_until=None)
            )

    await db.run(let_go)


async def take_over(db: Database, now: datetime, *, all_of_them: bool = False) -> int:
    """Free the replies whose lease ran out, or all that are held; they will be sent again."""
    held = text("state = 'sending'")
    expired = [held] if all_of_them else [held, Outbound.lease_until <= now]
    freed = update(Outbound).where(*expired).values(state="new", token=None, lease_until=None)
    return await db.run(lambda connection: connection.execute(freed).rowcount)


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
