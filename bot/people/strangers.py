"""Somebody unknown: one friendly answer and nothing else, unless they bring a one-time code."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.events import Entered, Message, Source, Tap
from handlers.joining import blocked_reply, joined_replies
from handlers.replies import Reply, Text, ToAdmins
from sales import joining
from sales.joining import ALPHABET, Account
from storage.db import insert_ignoring
from storage.models.people import Stranger

CODE_LENGTH = 6
STRANGER = "你还没有开通。请把编号 {code} 发给管理员。"
STRANGER_ADMIN = (
    "有新同事想使用：编号 {code}。开通：gendan people add {code} --name 姓名 --role rep"
)


async def answer(
    session: AsyncSession, event: Message | Tap | Entered, now: datetime
) -> list[Reply]:
    """The first time a code for the administrator, later nothing; a right join code joins."""
    source = event.source
    account = Account(platform=source.platform, corp=source.corp, user=source.sender)
    code = _code_in(event)
    blocked = code is not None and await joining.is_blocked(session, account, now)
    if code is not None and not blocked:
        joined = await joining.join(session, account, code, now)
        if joined is not None:
            return joined_replies(joined, account)
    replies = await _welcome(session, source, now)
    if code is not None and not blocked:
        stopped = await joining.count_wrong(session, account, now)
        replies += [blocked_reply(stopped)] if stopped is not None else []
    return replies


def _code_in(event: Message | Tap | Entered) -> str | None:
    """A code counts one to one only: in a group others could be faster."""
    if not isinstance(event, Message) or event.kind != "text" or event.chat is not None:
        return None
    if not event.trusted:
        return None
    return joining.read_code(event.text)


async def _welcome(session: AsyncSession, source: Source, now: datetime) -> list[Reply]:
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    row = {
        "platform": source.platform,
        "corp": source.corp,
        "platform_user": source.sender,
        "code": code,
        "seen_at": now,
        "tries": 0,
    }
    insert = insert_ignoring(Stranger, session.get_bind().dialect.name)
    if await session.scalar(insert.values(row).returning(Stranger.code)) is None:
        return []
    told = Text(text=STRANGER_ADMIN.format(code=code))
    words = STRANGER.format(code=code)
    return [Reply.text(words), Reply(content=told, to=ToAdmins())]
