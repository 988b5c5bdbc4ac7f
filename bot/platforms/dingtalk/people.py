"""Departments and members that the app may see (通讯录)."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from bot.platforms.contract import AddressBook, Department, Member
from bot.platforms.dingtalk.account import Account
from bot.platforms.dingtalk.limits import USER_PAGE

ROOT = 1
Fields = dict[str, Any]


async def address_book(account: Account, corp: str) -> AddressBook:
    """The whole of it, department by department from the root; raises a PlatformError."""
    root = await account.contacts("topapi/v2/department/get", {"dept_id": ROOT})
    departments = [Department(id=str(ROOT), name=str(root.get("name", "")))]
    waiting = deque([ROOT])
    people: dict[str, Fields] = {}
    leads: dict[str, list[str]] = {}
    while waiting:
        number = waiting.popleft()
        below = await account.contacts("topapi/v2/department/listsub", {"dept_id": number})
        for each in below.get("list", ()):
            waiting.append(int(each["dept_id"]))
            departments.append(
                Department(id=str(each["dept_id"]), name=str(each["name"]), parent=str(number))
            )
        async for user in _users(account, number):
            people.setdefault(str(user["userid"]), user)
            if _leads(user, number):
                leads.setdefault(str(user["userid"]), []).append(str(number))
    members = tuple(_member(user, leads.get(name, [])) for name, user in people.items())
    return AddressBook(corp=corp, departments=tuple(departments), members=members)


async def _users(account: Account, number: int) -> AsyncIterator[Fields]:
    """Of one department, page by page."""
    cursor = 0
    while True:
        body = {"dept_id": number, "cursor": cursor, "size": USER_PAGE}
        page = await account.contacts("topapi/v2/user/list", body)
        for user in page.get("list") or ():
            yield user
        if not _is_true(page.get("has_more")):
            return
        cursor = int(page["next_cursor"])


def _member(user: Fields, leads: list[str]) -> Member:
    return Member(
        user=str(user["userid"]),
        name=str(user.get("name", "")),
        departments=tuple(str(number) for number in user.get("dept_id_list") or ()),
        leads=tuple(leads),
        title=str(user.get("title") or ""),
        active=_is_true(user.get("active", True)),
    )


def _leads(user: Fields, number: int) -> bool:
    """Told plainly in a department's list, and department by department in a member's detail."""
    if _is_true(user.get("leader")):
        return True
    return any(
        _is_true(each.get("leader")) and str(each.get("dept_id")) == str(number)
        for each in user.get("leader_in_dept") or ()
    )


def _is_true(value: object) -> bool:
    """Booleans come as words too."""
    return value is True or str(value).lower() == "true"
