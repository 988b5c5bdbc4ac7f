"""Closing and opening access from the command line, and following the address books at once."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

from sqlalchemy import select

from bot.app import connect_all, utc_now
from bot.config import Config
from bot.people import book
from bot.people.roster import opened
from bot.platforms.contract import Platform, PlatformError, Ports
from bot.post import Post
from handlers.staffing import left_line
from nlu.naming.names import keys_of_name
from sales import staffing
from storage.db import Database, WriteSession
from storage.models.people import Binding, User
from storage.viewer import SYSTEM


async def set_active(config: Config, who: str, active: bool) -> str:
    """Disable or enable a colleague by name, number or account@platform; says what was done."""
    async with opened(config) as session:
        found = await _users(session, who)
        if len(found) != 1:
            return _not_one(who, found)
        (user,) = found
        if user.active == active:
            return f"{user.name} 本来就{'在用' if active else '已停用'}。"
        if active:
            user.active = True
            doors = select(Binding.id).where(Binding.user_id == user.id).limit(1)
            bound = await session.scalar(doors) is not None
            how = f"他没有账号了，再运行 gendan people add 编号 --again {user.id}。"
            return f"已启用 {user.name}。" + ("" if bound else how)
        if await staffing.is_last_admin(session, user):
            return f"{user.name} 是最后一位管理员，先设另一位。"
        return left_line(await staffing.disable(session, user), "已停用")


async def unbind(config: Config, account: str) -> str:
    """Take one account of several away from a colleague; says what was done."""
    async with opened(config) as session:
        bindings = await _bindings(session, account)
        if len(bindings) != 1:
            return f"没有账号 {account}。看 gendan people list。"
        (binding,) = bindings
        user = await session.get_one(User, binding.user_id)
        others = select(Binding.id).where(Binding.user_id == user.id, Binding.id != binding.id)
        if await session.scalar(others.limit(1)) is None:
            return f"{account} 是 {user.name} 唯一的账号。要停用就运行 gendan people disable。"
        await session.delete(binding)
        return f"已解绑：{account} 不再是 {user.name} 的账号。"


async def _users(session: WriteSession, who: str) -> list[User]:
    if "@" in who:
        numbers = {binding.user_id for binding in await _bindings(session, who)}
        query = select(User).where(User.id.in_(numbers))
    elif who.isascii() and who.isdigit() and len(who) < 19:
        query = select(User).where(User.id == int(who))
    else:
        query = select(User).where(User.name == who)
    return list(await session.scalars(query.order_by(User.id)))


async def _bindings(session: WriteSession, account: str) -> list[Binding]:
    user, _, platform = account.partition("@")
    query = select(Binding).where(
        Binding.platform == platform, Binding.platform_user.in_((user, user.lower()))
    )
    return list(await session.scalars(query))


def _not_one(who: str, found: list[User]) -> str:
    if not found:
        return f"没有“{who}”。可以写姓名、编号或 账号@平台，看 gendan people list。"
    numbers = "、".join(str(user.id) for user in found)
    return f"叫“{who}”的有 {len(found)} 位（编号 {numbers}），请写编号。"


class DryRun(Exception):
    """Takes everything back at the end."""


async def sync(config: Config, *, dry_run: bool, trust: bool) -> AsyncIterator[str]:
    """Follow each platform's address book now; yields what was done, in plain words."""
    db = Database(config.database.url, name_keys=keys_of_name)
    ports = Ports(db=db, now=utc_now, alert=_nobody)
    platforms = {platform.name: platform for platform in connect_all(config, ports)}
    try:
        for platform in platforms.values():
            for line in await _follow(db, platform, Post(platforms), dry_run, trust):
                yield line
    finally:
        for platform in platforms.values():
            await platform.close()
        await db.close()


async def _nobody(_words: str) -> None:
    """Whoever runs the command reads what it says."""


async def _follow(
    db: Database, platform: Platform, post: Post, dry_run: bool, trust: bool
) -> list[str]:
    try:
        found = await platform.address_book()
    except PlatformError as error:
        return [f"{platform.name} 的通讯录读不出来：{error.reason}"]
    if found is None:
        return [f"{platform.name} 的通讯录没有开放给机器人，请用编号开通同事。"]
    lines: list[str] = []
    try:
        async with db.write(SYSTEM, now=utc_now()) as session:
            changes = await book.lay(session, platform.name, found, trusted=trust)
            lines = [changes.seen, *(f"  {line}" for line in changes.lines or ("没有变化",))]
            if dry_run:
                raise DryRun
            await post.put(
                session, changes.replies, event_id=None, sender=None, now=utc_now(),
                prefix=f"b{secrets.token_hex(8)}",
            )  # fmt: skip
    except DryRun:
        lines.append("  （只是看看，什么都没有改）")
    except book.Implausible as error:
        lines.append(str(error))
    return lines
