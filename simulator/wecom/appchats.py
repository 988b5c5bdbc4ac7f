"""Groups that the app makes and sends into (90244 to 90248)."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.ledger import Ledger, Message
from simulator.wecom.errors import ApiError
from simulator.wecom.faces import face_of
from simulator.wecom.messages import FindMedia, check_chat_message

_CHAT_ID = re.compile(r"[0-9A-Za-z]{1,32}")
_NAME_CHARACTERS = 50
_FEWEST, _MOST = 2, 2000

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chat:
    """A group, its owner among its members."""

    name: str
    owner: str
    members: tuple[str, ...]


class AppChats:
    """appchat/create, appchat/get and appchat/send; a group shows with its first message."""

    def __init__(
        self,
        ledger: Ledger,
        now: Callable[[], float],
        member: Callable[[str], str | None],
        find_media: FindMedia,
    ) -> None:
        self._ledger = ledger
        self._now = now
        self._member = member
        self._find_media = find_media
        self.chats: dict[str, Chat] = {}

    async def create(self, body: Mapping[str, Any], *, drop: bool = False) -> Answer:
        name, asked = str(body.get("name") or "群聊"), body.get("userlist")
        if len(name) > _NAME_CHARACTERS or not isinstance(asked, list):
            raise ApiError(40058, "name or userlist")
        members = tuple(dict.fromkeys(self._known(str(userid)) for userid in asked))
        if not _FEWEST <= len(members) <= _MOST:
            raise ApiError(40058, "userlist needs 2 to 2000 members")
        owner = self._known(str(body.get("owner") or members[0]))
        chat_id = str(body.get("chatid") or secrets.token_hex(16))
        if not _CHAT_ID.fullmatch(chat_id) or chat_id in self.chats or owner not in members:
            raise ApiError(86001 if owner in members else 40058, "chatid or owner")
        self.chats[chat_id] = Chat(name, owner, members)
        return {"errcode": 0, "errmsg": "ok", "chatid": chat_id}

    async def send(self, body: Mapping[str, Any], *, drop: bool = False) -> Answer:
        chat_id = str(body.get("chatid") or "")
        if chat_id not in self.chats:
            raise ApiError(86003)
        checked = check_chat_message(body, self._find_media)
        await self._ledger.add_message(
            Message(
                msg_id=secrets.token_urlsafe(24),
                order=self._ledger.next_order(),
                door="group",
                recipient=chat_id,
                kind=checked.kind,
                content=checked.content,
                at=self._now(),
                face=face_of(checked.kind, checked.content),
                state="dropped" if drop else "shown",
                was_cut=checked.was_cut,
                attachment=checked.attachment,
            )
        )
        return {"errcode": 0, "errmsg": "ok"}

    def get(self, chat_id: str) -> Answer:
        """appchat/get: its name, owner and members."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise ApiError(86003)
        info = {"chatid": chat_id, "name": chat.name, "owner": chat.owner}
        return {"errcode": 0, "errmsg": "ok", "chat_info": info | {"userlist": list(chat.members)}}

    def _known(self, userid: str) -> str:
        found = self._member(userid)
        if found is None:
            raise ApiError(60111, userid)
        return found
