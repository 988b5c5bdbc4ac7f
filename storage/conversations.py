"""What chats remember between messages, read and kept past the session: no record is in it."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import insert_or_update
from storage.models.service import Conversation

_MEMORY = select(Conversation.memory).where(Conversation.key == bindparam("chat"))


async def memory_of(session: AsyncSession, key: str) -> dict[str, Any] | None:
    """What this chat remembers; None where it never spoke."""
    connection = await session.connection()
    memory: dict[str, Any] | None = await connection.scalar(_MEMORY, {"chat": key})
    return memory


async def remember(
    session: AsyncSession, key: str, memory: dict[str, Any], event_id: int, now: datetime
) -> None:
    """Keep what this chat remembers from now on."""
    connection = await session.connection()
    row = {"key": key, "memory": memory, "last_event_id": event_id, "updated_at": now}
    await connection.execute(_keep(connection.dialect.name), row)


@cache
def _keep(dialect_name: str) -> Any:
    return insert_or_update(Conversation.__table__, dialect_name)
