"""The company as DingTalk knows it now: members, departments, groups and their ids."""

import base64
import hashlib
from dataclasses import replace
from typing import Any

from simulator.dingtalk.config import (
    ROOT_DEPARTMENT,
    Department,
    DingTalkConfig,
    Group,
    Member,
)


class People:
    """Starts as the configuration says; members and departments come and go."""

    def __init__(self, config: DingTalkConfig) -> None:
        self._config = config
        self.members = {member.userid: _with_union_id(member) for member in config.members}
        root = Department(dept_id=ROOT_DEPARTMENT, name=config.corp_id, parent_id=0)
        self.departments = {ROOT_DEPARTMENT: root}
        self.departments |= {each.dept_id: each for each in config.departments}
        self.groups = {group.open_conversation_id: group for group in config.groups}

    def join(self, member: Member) -> None:
        self.members[member.userid] = _with_union_id(member)

    def leave(self, userid: str) -> Member:
        """Raises LookupError for somebody who isn't there."""
        return self.members.pop(self.member(userid).userid)

    def modify(self, userid: str, **changes: Any) -> None:
        self.members[userid] = replace(self.member(userid), **changes)

    def member(self, userid: str) -> Member:
        """Raises LookupError for somebody who isn't there."""
        if userid not in self.members:
            raise LookupError(f"no member {userid!r}")
        return self.members[userid]

    def staff(self, userid: object) -> Member | None:
        """Of the company itself; None for outsiders and strangers."""
        member = self.members.get(userid) if isinstance(userid, str) else None
        return None if member is None or member.is_outsider else member

    def staff_by_union_id(self, union_id: str) -> Member | None:
        found = (m for m in self.members.values() if m.union_id == union_id and not m.is_outsider)
        return next(found, None)

    def group(self, open_conversation_id: str) -> Group:
        """Raises LookupError for a group that isn't there."""
        if open_conversation_id not in self.groups:
            raise LookupError(f"no group {open_conversation_id!r}")
        return self.groups[open_conversation_id]

    def is_in(self, userid: str, group: Group) -> bool:
        return userid in self.members and (not group.members or userid in group.members)

    def talk_with_robot(self, userid: str) -> str:
        """The conversationId of a member's talk with the robot alone."""
        return "cid" + _opaque(self._config.robot, userid)


def sealed_id(userid: str) -> str:
    """The encrypted id that messages carry beside the userid."""
    return f"$:LWCP_v1:$a{_opaque('sender', userid)}"


def _opaque(*parts: str) -> str:
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return base64.b64encode(digest[:16]).decode()


def _with_union_id(member: Member) -> Member:
    if member.union_id:
        return member
    return replace(member, union_id=_opaque("union", member.userid).rstrip("=") + "iEiE")
