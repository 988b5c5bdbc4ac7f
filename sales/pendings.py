"""Questions and confirmations that wait for their asker, and what each event wrote."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Insert, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sales.errors import Conflict, NotFound
from storage.models.journal import Journal
from storage.models.process import Pending

LIVES = timedelta(hours=24)
"""How long a question waits: what it is about has gone stale after a day."""
REMEMBERED = timedelta(days=30)
WRITTEN = "written"
_KEEP: Insert = insert(Pending.__table__)  # type: ignore[arg-type]
_LATEST = (
    select(Pending.id)
    .where(
        Pending.user_id == bindparam("asker"),
        Pending.conversation == bindparam("chat"),
        Pending.status == "open",
        Pending.expires_at > bindparam("at_now"),
    )
    .order_by(Pending.id.desc())
    .limit(1)
)


async def wait(
    session: AsyncSession,
    *,
    user_id: int,
    conversation: str,
    kind: str,
    payload: dict[str, Any],
    event_id: int,
    now: datetime,
    seen: dict[str, Any] | None = None,
) -> Pending:
    """Keep a question for its asker."""
    pending = Pending(
        user_id=user_id,
        conversation=conversation,
        kind=kind,
        payload=payload,
        seen=seen or {},
        event_id=event_id,
        status="open",
        created_at=now,
        expires_at=now + LIVES,
    )
    session.add(pending)
    await session.flush()
    return pending


async def keep_written(
    session: AsyncSession,
    *,
    user_id: int,
    conversation: str,
    payload: dict[str, Any],
    event_id: int,
    now: datetime,
) -> None:
    """Keep what an event wrote; past the session, for nobody asks for it in this message."""
    connection = await session.connection()
    row = {
        "user_id": user_id,
        "conversation": conversation,
        "kind": WRITTEN,
        "payload": payload,
        "seen": {},
        "event_id": event_id,
        "status": "done",
        "created_at": now,
        "expires_at": now + REMEMBERED,
    }
    await connection.execute(_KEEP, row)


async def take(
    session: AsyncSession, pending_id: int, user_id: int, now: datetime, *, to: str = "done"
) -> Pending:
    """Answer an open question, once; NotFound for somebody else's, Conflict where it is over."""
    pending = await session.get(Pending, pending_id)
    if pending is None or pending.user_id != user_id or pending.kind == WRITTEN:
        raise NotFound("pending")
    query = (
        update(Pending)
        .where(Pending.id == pending_id, Pending.status == "open", Pending.expires_at > now)
        .values(status=to)
        .returning(Pending.id)
        .execution_options(synchronize_session=False)
    )
    if await session.scalar(query) is None:
        await session.refresh(pending)
        raise Conflict("expired" if pending.status in ("open", "expired") else "handled")
    await session.refresh(pending)
    return pending


async def latest(
    session: AsyncSession, user_id: int, conversation: str, now: datetime
) -> Pending | None:
    """The newest question of this chat that still waits for this person."""
    values = {"asker": user_id, "chat": conversation, "at_now": now}
    connection = await session.connection()
    number = await connection.scalar(_LATEST, values)
    return None if number is None else await session.get(Pending, number)


async def seen_now(session: AsyncSession, keys: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The last journal entry of each record, by "table:id"."""
    found: dict[str, Any] = {}
    for record_type, record_id in sorted(set(keys)):
        query = select(func.max(Journal.id)).where(
            Journal.record_type == record_type, Journal.record_id == record_id
        )
        found[f"{record_type}:{record_id}"] = await session.scalar(query) or 0
    return found


async def check_unchanged(session: AsyncSession, pending: Pending) -> None:
    """Conflict where a record that the question is about was changed since it was asked."""
    keys = [tuple(key.split(":", 1)) for key in pending.seen]
    now_seen = await seen_now(session, [(kind, number) for kind, number in keys])
    if now_seen != pending.seen:
        raise Conflict("changed")
