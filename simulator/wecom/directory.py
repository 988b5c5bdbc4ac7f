"""The company's address book: what the app may read, and who joins, moves and leaves."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator.wecom.config import Department, Member, WeComConfig
from simulator.wecom.errors import ApiError

_OPEN_ID_CHARACTERS = 30
GONE = 5


class Directory:
    """Members and departments as they are now; ids of members ignore case."""

    def __init__(self, config: WeComConfig) -> None:
        self._corp = config.corp_id
        self._members = {member.userid.lower(): member for member in config.members}
        self._departments = {department.id: department for department in config.departments}
        self.details_hidden = False
        """Whether user/list is refused, as where the app may not see members' details."""

    def member(self, userid: str) -> Member:
        found = self._members.get(userid.lower())
        if found is None:
            raise ApiError(60111, userid)
        return found

    def spelled(self, userid: str) -> str | None:
        """The userid as the company spells it; WeCom ignores the case."""
        found = self._members.get(userid.lower())
        return None if found is None else found.userid

    def everybody(self) -> list[str]:
        return [member.userid for member in self._members.values()]

    def put(self, member: Member) -> str:
        """Adds or changes a member; returns the event's ChangeType."""
        change = "update_user" if member.userid.lower() in self._members else "create_user"
        self._members[member.userid.lower()] = member
        return change

    def remove(self, userid: str) -> None:
        del self._members[self.member(userid).userid.lower()]

    def disable(self, userid: str) -> Member:
        changed = replace(self.member(userid), status=2)
        self.put(changed)
        return changed

    def put_department(self, department: Department) -> str:
        change = "update_party" if department.id in self._departments else "create_party"
        self._departments[department.id] = department
        return change

    # The API

    def user(self, userid: str) -> dict[str, Any]:
        """user/get"""
        return _details(self.member(userid))

    def users(self, department: str) -> list[dict[str, Any]]:
        """user/list: with details, of one department."""
        if self.details_hidden:
            raise ApiError(60011)
        return [_details(member) for member in self._in(department)]

    def simple_users(self, department: str) -> list[dict[str, Any]]:
        """user/simplelist: names only."""
        return [_named(member) for member in self._in(department)]

    def departments(self) -> list[dict[str, Any]]:
        """department/list: every one that the app may see."""
        return [
            {
                "id": department.id,
                "name": department.name,
                "parentid": department.parent,
                "order": department.id,
                "department_leader": [
                    m.userid for m in self._members.values() if department.id in m.leads
                ],
            }
            for department in self._departments.values()
        ]

    def department_ids(self) -> list[dict[str, Any]]:
        """department/simplelist"""
        return [
            {"id": department.id, "parentid": department.parent, "order": department.id}
            for department in self._departments.values()
        ]

    def open_id(self, userid: str) -> str:
        """The encrypted id by which a bot that no super administrator made knows a member."""
        digest = hashlib.sha256(f"{self._corp}|{userid}".encode()).digest()
        return "wo" + base64.urlsafe_b64encode(digest).decode()[:_OPEN_ID_CHARACTERS]

    def plain_ids(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """batch/openuserid_to_userid"""
        asked = body.get("open_userid_list")
        if not isinstance(asked, list) or not 0 < len(asked) <= 1000:
            raise ApiError(40058, "open_userid_list")
        known = {self.open_id(member.userid): member.userid for member in self._members.values()}
        return {
            "userid_list": [
                {"open_userid": one, "userid": known[one]} for one in asked if one in known
            ],
            "invalid_open_userid_list": [one for one in asked if one not in known],
        }

    def _in(self, department: str) -> list[Member]:
        if not department.isdecimal() or int(department) not in self._departments:
            raise ApiError(60011, "department")
        return [m for m in self._members.values() if int(department) in m.departments]


def _named(member: Member) -> dict[str, Any]:
    return {
        "userid": member.userid,
        "name": member.name,
        "department": list(member.departments),
    }


def _details(member: Member) -> dict[str, Any]:
    return _named(member) | {
        "position": member.title,
        "status": member.status,
        "is_leader_in_dept": [int(one in member.leads) for one in member.departments],
        "main_department": member.departments[0],
    }
