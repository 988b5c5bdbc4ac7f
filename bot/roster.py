"""Opening the bot to a colleague from the command line, and trying a parked event again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import delete, select

from bot.config import Config
from nlu.names import keys_of_name
from storage import queues
from storage.db import Database, WriteSession
from storage.models.people import Binding, Stranger, Team, User


@asynccontextmanager
async def _opened(config: Config) -> AsyncIterator[WriteSession]:
    db = Database(config.database.url, name_keys=keys_of_name)
    try:
        async with db.system() as session:
            yield session
    finally:
        await db.close()


async def add(
    config: Config, code: str, *, name: str, role: str, team: str | None, region: str | None
) -> str:
    """Open the bot to the person with this code (or account@platform); says what was done."""
    async with _opened(config) as session:
        account = await _account(session, config, code)
        if account is None:
            return (
                f"没有编号 {code}。先让对方给机器人发一句话，再用收到的编号；或写成 账号@wecom。"
            )
        platform, corp, platform_user = account
        bound = await session.scalar(
            select(Binding).where(
                Binding.platform == platform,
                Binding.corp == corp,
                Binding.platform_user == platform_user,
            )
        )
        team_id = await _team(session, team) if team else None
        if bound is None:
            user = User(name=name, role=role, team_id=team_id, region=region)
            session.add(user)
            await session.flush()
            session.add(
                Binding(platform=platform, corp=corp, platform_user=platform_user, user_id=user.id)
            )
        else:
            user = await session.get_one(User, bound.user_id)
            user.name, user.role, user.active = name, role, True
            user.team_id = team_id if team else user.team_id
            user.region = region or user.region
        await session.execute(
            delete(Stranger).where(
                Stranger.platform == platform,
                Stranger.corp == corp,
                Stranger.platform_user == platform_user,
            )
        )
        return f"已开通：{name}（{platform} 账号 {platform_user}）。"


async def _account(
    session: WriteSession, config: Config, code: str
) -> tuple[str, str, str] | None:
    user, at, platform = code.partition("@")
    if at:
        corp = getattr(config.platforms.get(platform), "corp_id", "")
        return (platform, corp, user.lower()) if corp else None
    stranger = await session.scalar(select(Stranger).where(Stranger.code == code.upper()))
    if stranger is None:
        return None
    return stranger.platform, stranger.corp, stranger.platform_user


async def _team(session: WriteSession, name: str) -> int:
    team = await session.scalar(select(Team).where(Team.name == name))
    if team is None:
        team = Team(name=name)
        session.add(team)
        await session.flush()
        team.path = f"/{team.id}/"
    return team.id


async def listing(config: Config) -> list[str]:
    """A line for each colleague and each code that waits."""
    async with _opened(config) as session:
        users = await session.execute(
            select(User, Binding.platform, Binding.platform_user, Team.name)
            .outerjoin(Binding, Binding.user_id == User.id)
            .outerjoin(Team, Team.id == User.team_id)
            .order_by(User.id)
        )
        lines = [
            f"{user.name}  {user.role}  {team or '-'}  {account or '-'}@{platform or '-'}"
            + ("" if user.active else "  （已停用）")
            for user, platform, account, team in users
        ]
        waiting = await session.scalars(select(Stranger).order_by(Stranger.seen_at))
        lines += [
            f"等待开通  编号 {row.code}  {row.platform_user}@{row.platform}" for row in waiting
        ]
        return lines


async def replay(config: Config, error_id: str) -> bool:
    """Queue a parked event again; False where there is none of that id."""
    async with _opened(config) as session:
        return await queues.replay(session, error_id)
