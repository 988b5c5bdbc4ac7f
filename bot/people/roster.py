"""Opening the bot to a colleague from the command line, and who is who."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import delete, select

from bot.config import Config
from handlers.staffing import ROLES
from nlu.naming.names import keys_of_name
from sales.errors import Invalid
from sales.joining import Account
from sales.setup import document
from storage import queues
from storage.db import Database, WriteSession
from storage.models.people import Binding, Stranger, Team, User


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[WriteSession]:
    """A session of the service itself, committed at the end."""
    db = Database(config.database.url, name_keys=keys_of_name)
    try:
        async with db.system() as session:
            yield session
    finally:
        await db.close()


async def add(
    config: Config,
    code: str,
    *,
    name: str,
    role: str | None = None,
    team: str | None = None,
    region: str | None = None,
    again: int | None = None,
) -> str:
    """Open the bot to the person with this code (or account@platform); says what was done.

    A role or team given here is set by hand: the address book's rules leave it alone. `again` is
    the number of somebody without any account who comes back.
    """
    async with opened(config) as session:
        account = await _account(session, config, code)
        if account is None:
            return (
                f"没有编号 {code}。先让对方给机器人发一句话，再用收到的编号；或写成 账号@wecom。"
            )
        user = await _user(session, account, again)
        if isinstance(user, str):
            return user
        user.name, user.active = name, True
        if role is not None:
            user.role, user.role_by_hand = role, True
        if team:
            user.team_id, user.team_by_hand = await _team(session, team), True
        user.region = region or user.region
        await session.execute(
            delete(Stranger).where(
                Stranger.platform == account.platform,
                Stranger.corp == account.corp,
                Stranger.platform_user == account.user,
            )
        )
        return f"已开通：{name}（{account.platform} 账号 {account.user}）。"


async def _user(session: WriteSession, account: Account, again: int | None) -> User | str:
    """The account's user: known, come back, or new; else why not."""
    bound = await binding_of(session, account)
    if bound is not None:
        if again is not None and bound.user_id != again:
            return f"{account} 已经是 {bound.user_id} 号的账号。"
        return await session.get_one(User, bound.user_id)
    if again is None:
        user = User(name="", role="rep", role_by_hand=False, team_by_hand=False)
        session.add(user)
        await session.flush()
    else:
        found = await session.get(User, again)
        doors = select(Binding.id).where(Binding.user_id == again)
        if found is None or await session.scalar(doors.limit(1)) is not None:
            return f"没有 {again} 号，或他还有别的账号：请他自己说“绑定账号”来关联。"
        user = found
    session.add(
        Binding(
            platform=account.platform,
            corp=account.corp,
            platform_user=account.user,
            user_id=user.id,
        )
    )
    return user


async def binding_of(session: WriteSession, account: Account) -> Binding | None:
    """Who the account is bound to."""
    found: Binding | None = await session.scalar(
        select(Binding).where(
            Binding.platform == account.platform,
            Binding.corp == account.corp,
            Binding.platform_user == account.user,
        )
    )
    return found


async def _account(session: WriteSession, config: Config, code: str) -> Account | None:
    user, at, platform = code.partition("@")
    if at:
        section = config.platforms.get(platform)
        corp = getattr(section, "corp_id", "")
        folded = user.lower() if getattr(section, "ids_ignore_case", False) else user
        known = Account(platform=platform, corp=corp, user=folded)
        return known if corp and user else None
    stranger = await session.scalar(select(Stranger).where(Stranger.code == code.upper()))
    if stranger is None:
        return None
    return Account(platform=stranger.platform, corp=stranger.corp, user=stranger.platform_user)


async def _team(session: WriteSession, name: str) -> int:
    team = await session.scalar(select(Team).where(Team.name == name).order_by(Team.id).limit(1))
    if team is None:
        team = Team(name=name)
        session.add(team)
        await session.flush()
        team.path = f"/{team.id}/"
    return team.id


async def listing(config: Config) -> list[str]:
    """A line for each colleague, with number, role, team and accounts, and for each code."""
    async with opened(config) as session:
        teams = {team.id: team.name for team in await session.scalars(select(Team))}
        accounts: dict[int, list[str]] = {}
        for bound in await session.scalars(select(Binding).order_by(Binding.id)):
            shown = f"{bound.platform_user}@{bound.platform}"
            accounts.setdefault(bound.user_id, []).append(shown)
        users = await session.scalars(select(User).order_by(User.id))
        lines = [_line(user, teams, accounts.get(user.id, [])) for user in users]
        waiting = await session.scalars(select(Stranger).order_by(Stranger.seen_at))
        return lines + [
            f"等待开通  编号 {row.code}  {row.platform_user}@{row.platform}" for row in waiting
        ]


def _line(user: User, teams: dict[int, str], accounts: list[str]) -> str:
    """3  李强  销售（按规则）  华东一组（手工）  liqiang@wecom 0123@dingtalk"""
    role = f"{ROLES.get(user.role, user.role)}（{_how(user.role_by_hand)}）"
    team = teams.get(user.team_id or 0)
    placed = f"{team}（{_how(user.team_by_hand)}）" if team else "-"
    parts = (str(user.id), user.name, role, placed, " ".join(accounts) or "没有账号")
    return "  ".join(parts) + ("" if user.active else "  （已停用）")


def _how(by_hand: bool) -> str:
    return "手工" if by_hand else "按规则"


async def rules(config: Config, given: dict[str, Any] | None) -> list[str]:
    """The rules for people, line by line, after changing them where new ones are given."""
    async with opened(config) as session:
        try:
            if given is not None:
                await document.save(session, "people", given)
            found = (await document.load(session)).people
        except Invalid as error:
            fits = f"，可以是 {'、'.join(error.allowed)}" if error.allowed else ""
            return [f"没有改：{error.slot} 不能是 {error.value!r}{fits}。"]
        return [f"{key} = {value}" for key, value in found.model_dump(mode="json").items()]


async def replay(config: Config, error_id: str) -> bool:
    """Queue a parked event again; False where there is none of that id."""
    async with opened(config) as session:
        return await queues.replay(session, error_id)
