"""Members of an address book as users: opened, renamed, moved, gone; an admin's word stands."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people.departments import Teams
from bot.platforms.contract import AddressBook, Member
from handlers.staffing import ROLES, left_line
from sales.setup.document import People
from sales.staffing import Left, close_account, role_for
from storage.models.people import Binding, Stranger, User

MOST_NAME = 200
BREATH = 200
"""Members between two turns of the event loop."""


@dataclass
class Staff:
    """The people of one platform while its address book is laid over them.

    `leading` are the users whose first account is on this platform: only there they are renamed
    and moved, or two address books would undo each other each night.
    """

    platform: str
    corp: str
    rules: People
    teams: Teams
    scope: set[str]
    bound: dict[str, Binding]
    users: dict[int, User]
    leading: set[int]
    lines: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    async def lay(self, session: AsyncSession, book: AddressBook) -> None:
        """Make the people what this book says; the caller has seen that it is whole."""
        here = {member.user: member for member in book.members if member.active}
        opened = {}
        for number, (account, member) in enumerate(here.items()):
            if account in self.bound:
                self._update(self.users[self.bound[account].user_id], member)
            elif self.rules.auto_open and self._departments(member):
                opened[account] = self._opened(account, member)
            if number % BREATH == 0:
                await asyncio.sleep(0)
        await self._open(session, opened)
        for account, binding in self.bound.items():
            if account not in here:
                await self._leave(session, binding)
        await session.flush()

    def missing(self, book: AddressBook) -> int:
        """How many of the accounts known here the book does not hold as active."""
        here = {member.user for member in book.members if member.active}
        return len(self.bound.keys() - here)

    def _update(self, user: User, member: Member) -> None:
        if not user.active or user.id not in self.leading:
            return
        name = _name(member)
        if name and name != user.name:
            self.lines.append(f"改名 {user.name} → {name}")
            user.name = name
        if not self._departments(member):
            return
        role, team_id = self._role(member), self._team_of(member, user.team_id)
        if not user.team_by_hand and team_id != user.team_id:
            before, after = self.teams.name(user.team_id), self.teams.name(team_id)
            self.lines.append(f"调组 {user.name}：{before} → {after}")
            user.team_id = team_id
        if not user.role_by_hand and role != user.role:
            self.lines.append(f"换角色 {user.name}：{_role(user.role)} → {_role(role)}")
            user.role = role

    def _opened(self, account: str, member: Member) -> User:
        user = User(
            name=_name(member) or account,
            role=self._role(member),
            team_id=self._team_of(member, None),
            role_by_hand=False,
            team_by_hand=False,
        )
        team = self.teams.name(user.team_id)
        self.lines.append(f"开通 {user.name}（{_role(user.role)}，{team}）")
        return user

    async def _open(self, session: AsyncSession, opened: Mapping[str, User]) -> None:
        """All in one go: on SQLite arrivals wait for the end of this transaction."""
        session.add_all(opened.values())
        await session.flush()
        for account, user in opened.items():
            bound = Binding(
                platform=self.platform, corp=self.corp, platform_user=account, user_id=user.id
            )
            session.add(bound)
        waiting = select(Stranger).where(
            Stranger.platform == self.platform, Stranger.corp == self.corp
        )
        for stranger in await session.scalars(waiting):
            if stranger.platform_user in opened:
                await session.delete(stranger)

    async def _leave(self, session: AsyncSession, binding: Binding) -> None:
        name = self.users[binding.user_id].name
        left = await close_account(session, binding)
        if left is not None:
            self.left.append(left)
            self.lines.append(left_line(left))
        else:
            self.lines.append(f"{name} 的账号 {binding.platform_user}@{self.platform} 离开了")

    def _role(self, member: Member) -> str:
        return role_for(self.rules, title=member.title, leads=bool(self._led(member)))

    def _team_of(self, member: Member, now: int | None) -> int | None:
        """That of the first department, one that they lead first; of several, the present one."""
        departments = self._led(member) or self._departments(member)
        teams = [team.id for team in map(self.teams.of, departments) if team is not None]
        return now if now in teams or not teams else teams[0]

    def _departments(self, member: Member) -> list[str]:
        return [one for one in member.departments if one in self.scope]

    def _led(self, member: Member) -> list[str]:
        return [one for one in member.leads if one in self.scope]


async def load(
    session: AsyncSession, platform: str, book: AddressBook, rules: People, teams: Teams,
    scope: set[str],
) -> Staff:  # fmt: skip
    """Who is bound on this platform now."""
    query = (
        select(Binding, User)
        .join(User, User.id == Binding.user_id)
        .where(Binding.platform == platform, Binding.corp == book.corp)
        .order_by(Binding.id)
    )
    rows = (await session.execute(query)).all()
    first = select(func.min(Binding.id)).group_by(Binding.user_id)
    firsts = set(await session.scalars(first))
    return Staff(
        platform=platform,
        corp=book.corp,
        rules=rules,
        teams=teams,
        scope=scope,
        bound={binding.platform_user: binding for binding, _ in rows},
        users={user.id: user for _, user in rows},
        leading={binding.user_id for binding, _ in rows if binding.id in firsts},
    )


def _name(member: Member) -> str:
    """The member's name; "" where the platform tells the app no more than the id."""
    name = " ".join(member.name.split())[:MOST_NAME]
    return "" if name.lower() == member.user.lower() else name


def _role(role: str) -> str:
    return ROLES.get(role, role)
