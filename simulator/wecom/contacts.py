"""The address-book helper: tells the service who joins, moves and leaves (90970)."""

import itertools
import time
from dataclasses import dataclass
from typing import Any

from simulator.clock import Clock
from simulator.ledger import Callback, Ledger
from simulator.wecom.callbacks import Callbacks, xml_wire
from simulator.wecom.config import Department, Member, WeComConfig
from simulator.wecom.crypto import WeComCrypto
from simulator.wecom.directory import Directory


@dataclass(slots=True)
class Contacts:
    """Changes the book and calls back with what changed, where the company has a helper.

    `url` may be set after the service is up.
    """

    config: WeComConfig
    ledger: Ledger
    clock: Clock
    directory: Directory
    _calls: Callbacks | None = None
    _ids: Any = None

    def __post_init__(self) -> None:
        helper = self.config.contacts
        self._ids = itertools.count(1)
        if helper is not None:
            crypto = WeComCrypto(helper.token, helper.aes_key, self.config.corp_id)
            wire = xml_wire(self.config, crypto, _nobody)
            self._calls = Callbacks(self.config, self.ledger, wire, helper.callback_url)

    @property
    def url(self) -> str:
        return self._calls.url if self._calls else ""

    @url.setter
    def url(self, url: str) -> None:
        if self._calls is not None:
            self._calls.url = url

    async def start(self) -> None:
        if self._calls is not None:
            await self._calls.start()

    async def stop(self) -> None:
        if self._calls is not None:
            await self._calls.stop()

    async def put(self, member: Member) -> str:
        """Somebody joins, or moves; returns the callback's id, "" without a helper."""
        change = self.directory.put(member)
        departments = ",".join(str(one) for one in member.departments)
        return await self._tell(change, UserID=member.userid, Department=departments)

    async def leave(self, userid: str) -> str:
        """Somebody leaves the company."""
        self.directory.remove(userid)
        return await self._tell("delete_user", UserID=userid)

    async def disable(self, userid: str) -> str:
        """Somebody is disabled by an administrator."""
        member = self.directory.disable(userid)
        return await self._tell("update_user", UserID=member.userid, Status=2)

    async def put_department(self, department: Department) -> str:
        """A department comes, or is renamed or moved."""
        change = self.directory.put_department(department)
        fields = {"Id": department.id, "Name": department.name, "ParentId": department.parent}
        return await self._tell(change, **fields)

    async def _tell(self, change: str, **fields: Any) -> str:
        if self._calls is None or not self._calls.url:
            return ""
        inner = {
            "ToUserName": self.config.corp_id,
            "FromUserName": "sys",
            "CreateTime": int(time.time()),
            "MsgType": "event",
            "Event": "change_contact",
            "ChangeType": change,
            **fields,
        }
        callback = Callback(
            id=f"c{next(self._ids)}",
            order=self.ledger.next_order(),
            userid="sys",
            kind="change_contact",
            text="",
            fields=inner,
            at=self.clock.now(),
        )
        await self.ledger.add_callback(callback)
        self._calls.post(callback)
        return callback.id


async def _nobody(_userid: str, _text: str) -> None:
    """Nobody is shown an answer to the helper's events."""
