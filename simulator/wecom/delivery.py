"""Brings the app's and the robots' messages to the phones, and changes cards there."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from simulator.clock import Clock
from simulator.ledger import Ledger, Message
from simulator.limits import Window
from simulator.wecom.cards import check_card, takes_callbacks
from simulator.wecom.config import WeComConfig
from simulator.wecom.directory import Directory
from simulator.wecom.errors import ApiError
from simulator.wecom.faces import face_of
from simulator.wecom.messages import Checked, check_app_message, check_robot_message
from simulator.wecom.stores import MediaStore, ResponseCodes

_DUPLICATE_SECONDS = 1800
_DUPLICATE_MOST_SECONDS = 14400
_RECALL_SECONDS = 86400.0

Answer = dict[str, Any]


class Delivery:
    """message/send, message/update_template_card, message/recall and webhook/send."""

    def __init__(
        self, config: WeComConfig, ledger: Ledger, clock: Clock, directory: Directory
    ) -> None:
        self._config = config
        self._ledger = ledger
        self._now = clock.now
        self.media = MediaStore(clock.now)
        self.codes = ResponseCodes(clock.now)
        self._directory = directory
        self._minute = Window(config.member_per_minute, 60.0, clock.now)
        self._hour = Window(config.member_per_hour, 3600.0, clock.now)
        self._group_minute = Window(config.group_per_minute, 60.0, clock.now)
        self._task_ids: set[str] = set()
        self._repeats: dict[str, tuple[float, Answer]] = {}

    def member(self, userid: str) -> str | None:
        """The userid as the company spells it; WeCom ignores the case."""
        return self._directory.spelled(userid)

    async def send(self, body: Mapping[str, Any], *, drop: bool = False) -> Answer:
        """message/send; with `drop` all is answered well and nobody is shown anything."""
        self._check_agent(body)
        known, answer = self._recipients(body)
        checked = check_app_message(body, self.find_app_media)
        earlier = await self._earlier_answer(body)
        if earlier is not None:
            return earlier
        task_id = self._claim_task_id(checked)
        msg_id = secrets.token_urlsafe(24)
        answer |= {"msgid": msg_id}
        if checked.kind == "template_card" and takes_callbacks(checked.content):
            answer["response_code"] = self.codes.issue(msg_id)
        self._remember(body, answer)
        for userid in known:
            state = "shown" if not drop and self._admit(userid) else "dropped"
            await self._show("app", userid, msg_id, checked, task_id, state)
        return answer

    async def update_card(self, body: Mapping[str, Any], *, drop: bool = False) -> Answer:
        """message/update_template_card: uses the response_code up."""
        self._check_agent(body)
        code = body.get("response_code")
        if not isinstance(code, str):
            raise ApiError(40058, "response_code is missing")
        copies = self._ledger.copies(self.codes.msg_id_of(code))
        card, replaced = _read_update(body)
        wanted, invalid = self._update_targets(body, copies)
        self.codes.use_up(code)
        for message in copies:
            if message.recipient in wanted and not drop:
                self._change(message, card, replaced)
                await self._ledger.changed(message)
        return {"errcode": 0, "errmsg": "ok", "invaliduser": invalid}

    async def recall(self, body: Mapping[str, Any], *, drop: bool = False) -> Answer:
        """message/recall: within 24 hours."""
        copies = self._ledger.copies(str(body.get("msgid", "")))
        if not copies or self._now() - copies[0].at > _RECALL_SECONDS:
            raise ApiError(40058, "msgid")
        for message in copies:
            if not drop:
                message.state = "recalled"
                await self._ledger.changed(message)
        return {"errcode": 0, "errmsg": "ok"}

    async def send_to_group(
        self, key: str, body: Mapping[str, Any], *, drop: bool = False
    ) -> Answer:
        """webhook/send: 20 in a minute, then 45009."""
        self.check_key(key)
        if not self._group_minute.has_room(key):
            raise ApiError(45009)
        checked = check_robot_message(body, lambda i, kind: self._find_media(i, kind, key))
        self._group_minute.take(key)
        msg_id = secrets.token_urlsafe(24)
        await self._show("group", key, msg_id, checked, "", "dropped" if drop else "shown")
        return {"errcode": 0, "errmsg": "ok"}

    async def show_passive(self, userid: str, text: str) -> None:
        """A text that the app answered in the callback's own response."""
        checked = check_app_message(
            {"msgtype": "text", "text": {"content": text}}, self.find_app_media
        )
        await self._show("app", userid, secrets.token_urlsafe(24), checked, "", "shown")

    def check_key(self, key: str) -> None:
        if key not in self._config.groups:
            raise ApiError(93000)

    def _check_agent(self, body: Mapping[str, Any]) -> None:
        if body.get("agentid") != self._config.agent_id:
            raise ApiError(40056)

    def _recipients(self, body: Mapping[str, Any]) -> tuple[list[str], Answer]:
        names = {n: str(body.get(n) or "") for n in ("touser", "toparty", "totag")}
        if not any(names.values()):
            raise ApiError(40058, "touser, toparty and totag are all empty")
        asked = [name for name in names["touser"].split("|") if name]
        if len(asked) > 1000:
            raise ApiError(40058, "touser exceed max size 1000")
        everyone = self._directory.everybody()
        known = everyone if names["touser"] == "@all" else []
        unknown: list[str] = []
        for name in asked if not known else []:
            userid = self.member(name)
            known.append(userid) if userid else unknown.append(name.lower())
        if "1" in names["toparty"].split("|"):
            known += everyone
        if not known:
            raise ApiError(81013)
        parties = "|".join(p for p in names["toparty"].split("|") if p not in ("", "1"))
        return list(dict.fromkeys(known)), {
            "errcode": 0,
            "errmsg": "ok",
            "invaliduser": "|".join(unknown),
            "invalidparty": parties,
            "invalidtag": names["totag"],
        }

    def find_app_media(self, media_id: str, kind: str) -> tuple[bytes, str]:
        return self._find_media(media_id, kind, "")

    def _find_media(self, media_id: str, kind: str, owner: str) -> tuple[bytes, str]:
        media = self.media.get(media_id, owner=owner)
        if media.kind != kind:
            raise ApiError(40007, f"it is of type {media.kind}")
        return media.raw, media.filename

    def _claim_task_id(self, checked: Checked) -> str:
        task_id = checked.content.get("task_id") if checked.kind == "template_card" else None
        if not isinstance(task_id, str):
            return ""
        if task_id in self._task_ids:
            raise ApiError(40058, "template_card.task_id is not unique")
        self._task_ids.add(task_id)
        return task_id

    async def _earlier_answer(self, body: Mapping[str, Any]) -> Answer | None:
        if body.get("enable_duplicate_check") != 1:
            return None
        asked = int(body.get("duplicate_check_interval") or _DUPLICATE_SECONDS)
        at, answer = self._repeats.get(_fingerprint(body), (0.0, None))
        if answer is None or self._now() - at > min(asked, _DUPLICATE_MOST_SECONDS):
            return None
        for message in self._ledger.copies(answer["msgid"]):
            message.repeats_held_back += 1
            await self._ledger.changed(message)
        return answer

    def _remember(self, body: Mapping[str, Any], answer: Answer) -> None:
        if body.get("enable_duplicate_check") == 1:
            self._repeats[_fingerprint(body)] = (self._now(), answer)

    def _admit(self, userid: str) -> bool:
        if not (self._minute.has_room(userid) and self._hour.has_room(userid)):
            return False
        self._minute.take(userid)
        self._hour.take(userid)
        return True

    async def _show(
        self, door: str, recipient: str, msg_id: str, checked: Checked, task_id: str, state: str
    ) -> None:
        await self._ledger.add_message(
            Message(
                msg_id=msg_id,
                order=self._ledger.next_order(),
                door="app" if door == "app" else "group",
                recipient=recipient,
                kind=checked.kind,
                content=checked.content,
                at=self._now(),
                face=face_of(checked.kind, checked.content),
                state="shown" if state == "shown" else "dropped",
                card_id=task_id,
                was_cut=checked.was_cut,
                attachment=checked.attachment,
                warnings=checked.warnings,
            )
        )

    def _update_targets(
        self, body: Mapping[str, Any], copies: list[Message]
    ) -> tuple[set[str], list[str]]:
        received = {message.recipient for message in copies}
        if body.get("atall") == 1:
            return received, []
        asked = body.get("userids") or []
        if not isinstance(asked, list) or not asked or len(asked) > 1000:
            raise ApiError(40058, "userids")
        found = {str(name): self.member(str(name)) for name in asked}
        wanted = {userid for userid in found.values() if userid in received and userid}
        return wanted, [name for name, userid in found.items() if userid not in wanted]

    def _change(self, message: Message, card: dict[str, Any] | None, replaced: str) -> None:
        content = message.content if card is None else card
        message.change(content, face_of(message.kind, content, replaced), replaced)


def _read_update(body: Mapping[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """The new card, or None, and the text that takes the buttons' place."""
    button, card = body.get("button"), body.get("template_card")
    if isinstance(button, dict) and isinstance(button.get("replace_name"), str):
        return None, button["replace_name"]
    if not isinstance(card, dict):
        raise ApiError(40058, "button or template_card is missing")
    check_card(card, update=True)
    return dict(card), str(card.get("replace_text") or "")


def _fingerprint(body: Mapping[str, Any]) -> str:
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
