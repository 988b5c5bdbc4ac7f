"""What is told when a due time was missed because no process ran."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.post import Post
from handlers import wording
from handlers.replies import Recipient, Reply, Text, ToGroup, ToUser
from sales.periods import day_of
from storage.db import WriteSession
from storage.models.selling import Task
from storage.models.service import Subscription
from storage.runs import Occurrence


class Missed:
    """Tells the owner of a task, or the readers of a report, in the transaction handed to it."""

    def __init__(self, post: Post, zone: ZoneInfo, now: Callable[[], datetime]) -> None:
        self._post = post
        self._zone = zone
        self._now = now

    async def __call__(self, session: WriteSession, missed: Occurrence) -> None:
        """Put the notice into the outbox; nobody is told of what is gone meanwhile."""
        now = self._now()
        told = await self._notice(session, missed, now)
        if told is None:
            return
        to, words = told
        await self._post.put(
            session,
            [Reply(content=Text(text=words), to=to)],
            event_id=None,
            sender=None,
            now=now,
            prefix=f"missed:{missed.subject}:{missed.due_at:%Y%m%d%H%M}:",
        )

    async def _notice(
        self, session: WriteSession, missed: Occurrence, now: datetime
    ) -> tuple[Recipient, str] | None:
        due = wording.moment(missed.due_at, self._zone, day_of(now, self._zone))
        if missed.kind == "task":
            task = await session.get(Task, missed.subject_id)
            if task is None:
                return None
            return ToUser(user_id=task.owner_id), f"提醒晚了（{due} 服务没有运行）：{task.what}"
        row = await session.get(Subscription, missed.subject_id)
        if row is None:
            return None
        to: Recipient | None = None
        if row.group_name is not None:
            to = ToGroup(name=row.group_name)
        elif row.user_id is not None:
            to = ToUser(user_id=row.user_id)
        words = f"{due} 的推送没有发出：当时服务没有运行，现在已经过了时候。"
        return None if to is None else (to, words)
