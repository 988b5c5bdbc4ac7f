"""The company's address book, as far as the app may see it (path/90208, path/90201)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.platforms.contract import AddressBook, Department, Member, Refused, Unauthorised
from bot.platforms.wecom.app import App

GONE = frozenset({2, 5})
"""A member's status: disabled, or left the company."""

Fields = Mapping[str, Any]


async def read(app: App, corp: str) -> AddressBook:
    """Every department in the app's range and everybody in them; raises a PlatformError."""
    departments = _objects(await app.get("department/list"), "department")
    found: dict[str, Member] = {}
    leaders = {str(d.get("id")): _texts(d.get("department_leader")) for d in departments}
    for department in leaders:
        for fields in await _members(app, department):
            member = _member(fields, department, leaders)
            if member is not None:
                found.setdefault(member.user, member)
                found[member.user] = _joined(found[member.user], member)
    ids = set(leaders)
    return AddressBook(
        corp=corp,
        departments=tuple(_department(d, ids) for d in departments if d.get("id") is not None),
        members=tuple(found.values()),
    )


async def _members(app: App, department: str) -> list[Fields]:
    """With their details; where the app may not see those, by their names."""
    try:
        answer = await app.get("user/list", department_id=department)
    except (Refused, Unauthorised) as error:
        if error.code not in (48002, 60011):
            raise
        answer = await app.get("user/simplelist", department_id=department)
    return _objects(answer, "userlist")


def _department(fields: Fields, ids: set[str]) -> Department:
    """The app's range may begin below the root: then its uppermost departments have no parent."""
    own, parent = str(fields["id"]), str(fields.get("parentid") or "")
    return Department(
        id=own, name=str(fields.get("name") or own), parent=parent if parent in ids else None
    )


def _member(
    fields: Fields, department: str, leaders: Mapping[str, Iterable[str]]
) -> Member | None:
    """A member as one department lists them; None where even the id is missing."""
    user = str(fields.get("userid") or "")
    if not user:
        return None
    departments = _texts(fields.get("department")) or [department]
    marks = fields.get("is_leader_in_dept")
    marked = zip(departments, marks if isinstance(marks, list) else [], strict=False)
    leads = [own for own, mark in marked if mark == 1]
    leads += [own for own, led_by in leaders.items() if user in led_by]
    return Member(
        user=user.lower(),
        name=str(fields.get("name") or user),
        departments=tuple(departments),
        leads=tuple(dict.fromkeys(leads)),
        title=str(fields.get("position") or ""),
        active=fields.get("status") not in GONE,
    )


def _joined(one: Member, other: Member) -> Member:
    """Somebody of two departments, each of which may have told a part."""
    return Member(
        user=one.user,
        name=one.name,
        departments=tuple(dict.fromkeys([*one.departments, *other.departments])),
        leads=tuple(dict.fromkeys([*one.leads, *other.leads])),
        title=one.title or other.title,
        active=one.active and other.active,
    )


def _objects(answer: Fields, name: str) -> list[Fields]:
    found = answer.get(name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
