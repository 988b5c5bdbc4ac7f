"""People and departments that come, change and go, and the events that tell of it."""

import itertools
import time
from dataclasses import replace
from typing import Any

from simulator.clock import Clock, now_ms
from simulator.dingtalk.config import Department, DingTalkConfig, Member
from simulator.dingtalk.gate import Quotas
from simulator.dingtalk.inbound import event_headers
from simulator.dingtalk.people import People
from simulator.dingtalk.pushes import Push, Pushes
from simulator.ledger import Callback, Ledger

_CONTACTS = ("user_", "org_", "label_")
"""Events of the address book are free of charge."""


class Organisation:
    """The contacts answer with the new state before the event is on its way."""

    def __init__(
        self,
        config: DingTalkConfig,
        ledger: Ledger,
        clock: Clock,
        people: People,
        quotas: Quotas,
        pushes: Pushes,
    ) -> None:
        self._config = config
        self._ledger = ledger
        self._now = clock.now
        self._people = people
        self._quotas = quotas
        self._pushes = pushes
        self._event_ids = itertools.count(1)

    async def join(self, member: Member) -> str:
        self._people.join(member)
        return await self._user_event("user_add_org", member.userid)

    async def leave(self, userid: str) -> str:
        self._people.leave(userid)
        return await self._user_event("user_leave_org", userid)

    async def modify(self, userid: str, **changes: Any) -> str:
        self._people.modify(userid, **changes)
        return await self._user_event("user_modify_org", userid)

    async def add_department(self, department: Department) -> str:
        self._people.departments[department.dept_id] = department
        return await self._department_event("org_dept_create", department.dept_id)

    async def modify_department(self, dept_id: int, **changes: Any) -> str:
        departments = self._people.departments
        departments[dept_id] = replace(departments[dept_id], **changes)
        return await self._department_event("org_dept_modify", dept_id)

    async def remove_department(self, dept_id: int) -> str:
        del self._people.departments[dept_id]
        return await self._department_event("org_dept_remove", dept_id)

    async def event(self, event_type: str, fields: dict[str, Any], userid: str = "") -> str:
        """Any event; returns its eventId, doesn't wait."""
        if not event_type.startswith(_CONTACTS):
            self._quotas.take_message()
        event_id = f"e{time.time_ns():x}{next(self._event_ids)}"
        callback = Callback(
            id=event_id,
            order=self._ledger.next_order(),
            userid=userid,
            kind=event_type,
            text="",
            fields=fields,
            at=self._now(),
        )
        await self._ledger.add_callback(callback)
        headers = event_headers(self._config, event_id, event_type)
        self._pushes.post(Push(kind="event", callback=callback, payload=fields, headers=headers))
        return event_id

    async def _user_event(self, event_type: str, userid: str) -> str:
        fields = {"timeStamp": str(now_ms()), "userId": [userid]}
        return await self.event(event_type, fields, userid)

    async def _department_event(self, event_type: str, dept_id: int) -> str:
        return await self.event(event_type, {"deptId": [dept_id]})
