"""Departments of an address book as teams: known by their ids, so that they may move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.platforms import contract
from storage.models.people import Department, Team

MOST_NAME = 200


@dataclass
class Teams:
    """The teams that one platform's departments are; `lines` say what was changed.

    Where two platforms tell of one team, the one that told of it first names and places it.
    """

    platform: str
    corp: str
    by_id: dict[int, Team]
    ours: dict[str, int] = field(default_factory=dict)
    links: dict[int, list[Department]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    @classmethod
    async def load(cls, session: AsyncSession, platform: str, corp: str) -> Teams:
        """As they are now."""
        rows = await session.scalars(select(Team).order_by(Team.id))
        teams = cls(platform, corp, {team.id: team for team in rows})
        for link in await session.scalars(select(Department).order_by(Department.id)):
            teams._note(link)
        return teams

    def of(self, department: str | None) -> Team | None:
        """The team that this department is."""
        return self.by_id.get(self.ours.get(department or "", 0))

    def name(self, team_id: int | None) -> str:
        """What a team is called; 无团队 for none."""
        team = self.by_id.get(team_id or 0)
        return team.name if team is not None else "无团队"

    async def lay(self, session: AsyncSession, departments: Sequence[contract.Department]) -> None:
        """Make, rename and move teams until they are as these departments say."""
        below: dict[str, set[str]] = {}
        for department in departments:
            below.setdefault(department.parent or "", set()).add(department.name)
        for department in parents_first(departments):
            team = self.of(department.id)
            if team is None:
                await self._begin(session, department, below.get(department.id, set()))
            elif self._leads(team, department.id):
                self._rename(team, department)
                self._move(team, department)
        self._set_paths()
        await session.flush()

    async def _begin(
        self, session: AsyncSession, department: contract.Department, below: set[str]
    ) -> None:
        parent = self.of(department.parent)
        team = self._same(department, parent) or self._same_top(department, below)
        if team is None:
            team = Team(name=department.name[:MOST_NAME], parent_id=parent.id if parent else None)
            session.add(team)
            await session.flush()
            self.by_id[team.id] = team
            self.lines.append(f"新增团队 {team.name}")
        link = Department(
            platform=self.platform, corp=self.corp, department=department.id, team_id=team.id
        )
        session.add(link)
        await session.flush()
        self._note(link)

    def _note(self, link: Department) -> None:
        self.links.setdefault(link.team_id, []).append(link)
        if self._ours(link):
            self.ours[link.department] = link.team_id

    def _same(self, department: contract.Department, parent: Team | None) -> Team | None:
        """The team of this name at this place, or one made by hand without any place."""
        named = [team for team in self._free() if team.name == department.name]
        place = parent.id if parent is not None else None
        found = [team for team in named if team.parent_id == place]
        found = found or [t for t in named if t.parent_id is None and t.id not in self.links]
        return found[0] if len(found) == 1 else None

    def _same_top(self, department: contract.Department, below: set[str]) -> Team | None:
        """Another platform's top, where half of the departments below are called alike: the
        company is seldom written the same on both, and a part of it must not pass for the whole.
        """
        if department.parent is not None or not below:
            return None
        found = []
        for team in self._free():
            if team.parent_id is None and team.id in self.links:
                names = {one.name for one in self.by_id.values() if one.parent_id == team.id}
                found += [team] if 2 * len(names & below) >= len(names | below) else []
        return found[0] if len(found) == 1 else None

    def _free(self) -> list[Team]:
        """Teams that no department of this platform is yet."""
        ours = set(self.ours.values())
        return [team for team in self.by_id.values() if team.id not in ours]

    def _rename(self, team: Team, department: contract.Department) -> None:
        name = department.name[:MOST_NAME]
        if name and name != team.name:
            self.lines.append(f"团队改名 {team.name} → {name}")
            team.name = name

    def _move(self, team: Team, department: contract.Department) -> None:
        parent = self.of(department.parent)
        if department.parent is not None and parent is None:
            return  # it is outside of what the app may see
        parent_id = parent.id if parent is not None else None
        if parent_id == team.parent_id or self._is_below(parent, team):
            return
        before, after = self.name(team.parent_id), self.name(parent_id)
        self.lines.append(f"团队移动 {team.name}：{before} → {after}")
        team.parent_id = parent_id

    def _is_below(self, team: Team | None, top: Team) -> bool:
        passed: set[int] = set()
        while team is not None and team.id not in passed:
            if team.id == top.id:
                return True
            passed.add(team.id)
            team = self.by_id.get(team.parent_id or 0)
        return False

    def _set_paths(self) -> None:
        for team in self.by_id.values():
            path = "".join(f"{number}/" for number in self._way_down(team))
            if team.path != f"/{path}":
                team.path = f"/{path}"

    def _way_down(self, team: Team) -> list[int]:
        way: list[int] = []
        here: Team | None = team
        while here is not None and here.id not in way:
            way.insert(0, here.id)
            here = self.by_id.get(here.parent_id or 0)
        return way

    def _leads(self, team: Team, department: str) -> bool:
        first = self.links[team.id][0]
        return self._ours(first) and first.department == department

    def _ours(self, link: Department) -> bool:
        return (link.platform, link.corp) == (self.platform, self.corp)


def parents_first(departments: Iterable[contract.Department]) -> list[contract.Department]:
    """In an order in which every parent that is there comes before its children."""
    waiting = {department.id: department for department in departments}
    ordered: list[contract.Department] = []
    while waiting:
        ready = [d for d in waiting.values() if d.parent not in waiting] or [*waiting.values()][:1]
        ordered += [waiting.pop(department.id) for department in ready]
    return ordered


def in_scope(departments: Sequence[contract.Department], scope: Iterable[str]) -> set[str]:
    """The ids of the departments named, by name or id, and of all below; without names, all."""
    named = set(scope)
    if not named:
        return {department.id for department in departments}
    found: set[str] = set()
    for department in parents_first(departments):
        if {department.id, department.name} & named or department.parent in found:
            found.add(department.id)
    return found
