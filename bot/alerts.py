"""What the administrators must be told by the service itself, through the bot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.post import Post
from handlers.replies import Reply, Text, ToAdmins
from storage.db import DATABASE_ERRORS, Database
from storage.models.service import Outbound
from storage.viewer import SYSTEM

log = structlog.get_logger()


class Alerts:
    """Tells each thing once a day, however many processes notice it."""

    def __init__(
        self, db: Database, post: Post, *, wake: Callable[[], None], now: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._post = post
        self._wake = wake
        self._now = now

    async def tell(self, words: str) -> None:
        """Put a notice for the administrators into the outbox; the log has it in any case."""
        log.error("alert", words=words)
        now = self._now()
        digest = hashlib.sha256(f"{now.date()}|{words}".encode()).hexdigest()[:16]
        reply = Reply(content=Text(text=words), to=ToAdmins())
        try:
            async with self._db.write(SYSTEM, now=now) as session:
                told = select(Outbound.id).where(Outbound.key == f"a{digest}-0")
                if await session.scalar(told) is None:
                    await self._post.put(
                        session, [reply], event_id=None, sender=None, now=now, prefix=f"a{digest}"
                    )
        except IntegrityError:
            return  # another process told it at the same instant
        except DATABASE_ERRORS as error:
            log.warning("alert not kept", error=type(error).__name__)
        self._wake()
