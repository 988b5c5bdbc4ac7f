"""Answer slips: what a sender has ready for an event, until the platform asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Database, insert_ignoring
from storage.models.service import AnswerSlip, Attachment, Inbound, Outbound
from storage.viewer import SYSTEM

Part = dict[str, Any]
State = Literal["waiting", "more", "taken", "closed"]
_UNSENT = ("new", "sending")
_OVER = ("done", "parked")


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a part: `parts` are those that the slip holds with it.

    waiting: it is the last one, and waits to be asked for. more: others of the same answer
    follow. taken: this very part has been shown already. closed: nobody will ask any more.
    """

    state: State
    parts: tuple[Part, ...]


async def put(db: Database, key: str, part: Part, *, now: datetime) -> Put:
    """Add a part under its outbox key; the same one again takes its own place."""
    insert = insert_ignoring(AnswerSlip, db.writer.dialect.name)
    new = {"key": key, "parts": [], "complete": False, "state": "open", "created_at": now}
    async with db.write(SYSTEM) as session:
        await session.execute(insert.values(new))
        query = select(AnswerSlip).where(AnswerSlip.key == key).with_for_update()
        slip = (await session.scalars(query)).one()
        known = any(each["key"] == part["key"] for each in slip.parts)
        if slip.state == "taken":
            return Put("taken", ()) if known else Put("closed", (part,))
        slip.parts = [*(each for each in slip.parts if each["key"] != part["key"]), part]
        if slip.state == "closed":
            return Put("closed", tuple(slip.parts))
        slip.complete = not await _more_to_come(session, part["key"])
        return Put("waiting" if slip.complete else "more", tuple(slip.parts))


async def _more_to_come(session: AsyncSession, outbox_key: str) -> bool:
    """Whether the outbox holds another answer to the same event for the same chat."""
    ours = select(Outbound).where(Outbound.key == outbox_key).subquery()
    later = exists().where(
        Outbound.event_id == ours.c.event_id,
        Outbound.lane == ours.c.lane,
        Outbound.id > ours.c.id,
        Outbound.state.in_(_UNSENT),
    )
    return bool(await session.scalar(select(later)))


async def is_ready(db: Database, key: str) -> bool:
    """Whether there is an answer to take, or one that was taken and may be shown again."""
    async with db.read(SYSTEM) as session:
        found = await session.scalar(
            select(AnswerSlip.key).where(
                AnswerSlip.key == key,
                AnswerSlip.complete.is_(True),
                AnswerSlip.state.in_(("open", "taken")),
            )
        )
    return found is not None


async def take(db: Database, key: str) -> tuple[Part, ...] | None:
    """The whole answer, which is now as good as shown; None where there is none."""
    ready = (AnswerSlip.key == key, AnswerSlip.complete.is_(True))
    claim = update(AnswerSlip).where(*ready, AnswerSlip.state.in_(("open", "taken")))
    async with db.write(SYSTEM) as session:
        found = (
            await session.execute(claim.values(state="taken").returning(AnswerSlip.parts))
        ).first()
    return None if found is None else tuple(found.parts)


async def was_taken(db: Database, key: str) -> bool:
    """Whether somebody was shown it."""
    async with db.read(SYSTEM) as session:
        query = select(AnswerSlip.state).where(AnswerSlip.key == key)
        return await session.scalar(query) == "taken"


async def close(db: Database, key: str, *, now: datetime) -> bool:
    """Nobody will ask any more; False where it was taken before."""
    insert = insert_ignoring(AnswerSlip, db.writer.dialect.name)
    new = {"key": key, "parts": [], "complete": False, "state": "closed", "created_at": now}
    shut = update(AnswerSlip).where(AnswerSlip.key == key, AnswerSlip.state != "taken")
    async with db.write(SYSTEM) as session:
        await session.execute(insert.values(new))
        changed = await session.execute(shut.values(state="closed").returning(AnswerSlip.key))
        return changed.first() is not None


async def spend(db: Database, key: str) -> None:
    """What a closed slip held was sent another way."""
    emptied = update(AnswerSlip).where(AnswerSlip.key == key, AnswerSlip.state == "closed")
    async with db.write(SYSTEM) as session:
        await session.execute(emptied.values(parts=[]))


async def nothing_comes(db: Database, event_key: str) -> bool:
    """Whether the event of this deduplication key has ended and no answer to it is on its way."""
    unsent = exists().where(Outbound.event_id == Inbound.id, Outbound.state.in_(_UNSENT))
    async with db.read(SYSTEM) as session:
        over = select(Inbound.id).where(
            Inbound.dedup_key == event_key, Inbound.state.in_(_OVER), ~unsent
        )
        return await session.scalar(over) is not None


async def pictures(db: Database, attachment_ids: Sequence[int]) -> dict[int, bytes]:
    """The bytes of attachments; one that is gone is left out."""
    if not attachment_ids:
        return {}
    async with db.read(SYSTEM) as session:
        query = select(Attachment.id, Attachment.content)
        rows = await session.execute(query.where(Attachment.id.in_(attachment_ids)))
        return {row.id: row.content for row in rows}


async def prune(db: Database, before: datetime) -> None:
    """Forget slips that are older."""
    async with db.write(SYSTEM) as session:
        await session.execute(delete(AnswerSlip).where(AnswerSlip.created_at < before))
