"""The ways of a robot's words to a phone: its two calls and the webhooks."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from simulator.clock import Clock, now_ms
from simulator.dingtalk.config import DingTalkConfig, GroupRobot
from simulator.dingtalk.errors import NewError, OldError
from simulator.dingtalk.files import Files
from simulator.dingtalk.gate import Answer, Call, Endpoint, Quotas, text_of
from simulator.dingtalk.people import People
from simulator.dingtalk.shown import Shown, read_api_message, read_webhook_message
from simulator.dingtalk.signing import robot_sign
from simulator.ledger import Ledger, Message
from simulator.limits import Window

_SKEW_MS = 3_600_000
_SENDING = "qyapi_robot_sendmsg"


class Robots:
    """batchSend, groupMessages/send, sendBySession and a custom robot's robot/send.

    `flow_controlled` holds the members whom batchSend reports as such.
    """

    def __init__(
        self,
        config: DingTalkConfig,
        ledger: Ledger,
        clock: Clock,
        people: People,
        files: Files,
        quotas: Quotas,
    ) -> None:
        self._config = config
        self._ledger = ledger
        self._now = clock.now
        self._people = people
        self._files = files
        self._quotas = quotas
        self.flow_controlled: set[str] = set()
        self._sessions: dict[str, tuple[str, str, float]] = {}
        self._robots = {robot.token: robot for robot in config.group_robots}
        self._minute = Window(config.group_robot_per_minute, 60.0, clock.now)
        self._blocked_until: dict[str, float] = {}
        self._said: dict[tuple[str, str], Answer] = {}

    def endpoints(self) -> list[Endpoint]:
        def api(name: str, handler: Any) -> Endpoint:
            path = f"/v1.0/{name}"
            return Endpoint(
                method="POST", path=path, api=name, handler=handler, permission=_SENDING
            )

        def hook(name: str, handler: Any) -> Endpoint:
            return Endpoint(
                method="POST",
                path=f"/{name}",
                api=name,
                handler=handler,
                age="old",
                needs_token=False,
            )

        return [
            api("robot/oToMessages/batchSend", self._batch_send),
            api("robot/groupMessages/send", self._group_send),
            hook("robot/sendBySession", self._send_by_session),
            hook("robot/send", self._send_by_custom_robot),
        ]

    def open_session(self, door: str, recipient: str, created_ms: int) -> tuple[str, int]:
        """The session of a message that came in, and when it ends, in ms."""
        session = secrets.token_hex(16)
        until = created_ms + int(self._config.session_seconds * 1000)
        left_seconds = until / 1000 - time.time()
        self._sessions[session] = (door, recipient, self._now() + left_seconds)
        return session, until

    async def show(
        self, door: str, recipient: str, shown: Shown, *, msg_id: str = "", drop: bool = False
    ) -> None:
        await self._ledger.add_message(
            Message(
                msg_id=msg_id or secrets.token_urlsafe(24),
                order=self._ledger.next_order(),
                door="group" if door == "group" else "app",
                recipient=recipient,
                kind=shown.kind,
                content=shown.content,
                at=self._now(),
                face=shown.face,
                state="dropped" if drop else "shown",
                attachment=shown.attachment,
            )
        )

    async def _batch_send(self, call: Call) -> Answer:
        self._check_robot(call.body)
        userids = call.body.get("userIds")
        if not isinstance(userids, list) or not userids:
            raise NewError("miss.param.userIds")
        if not all(isinstance(userid, str) for userid in userids):
            raise NewError("invalidParameter.userIds.invalid")
        if len(userids) > self._config.batch_most_users:
            raise NewError("receivers.exceed")
        shown = read_api_message(call.body, self._config.msg_param_bytes, self._files.find)
        invalid = [u for u in userids if not self._people.staff(u)]
        slowed = [u for u in userids if u in self.flow_controlled and u not in invalid]
        if call.undelivered == "flowControlled":
            slowed = [u for u in userids if u not in invalid]
        elif call.undelivered:
            invalid = list(userids)
        if len(invalid) == len(userids) and not call.undelivered:
            raise NewError("staffId.notExisted")
        key = secrets.token_urlsafe(32)
        for userid in userids:
            if userid not in invalid and userid not in slowed:
                await self.show("app", userid, shown, msg_id=key, drop=call.drop)
        lists = {"invalidStaffIdList": invalid, "flowControlledStaffIdList": slowed}
        return {"processQueryKey": key, **lists}

    async def _group_send(self, call: Call) -> Answer:
        self._check_robot(call.body)
        chat = text_of(call.body, "openConversationId", "miss.openConversationId")
        if chat not in self._people.groups:
            raise NewError("invalid.openConversationId")
        if not self._people.groups[chat].has_robot:
            raise NewError("robot.group.notExist", "机器人不在群内")
        shown = read_api_message(call.body, self._config.msg_param_bytes, self._files.find)
        key = secrets.token_urlsafe(32)
        drop = call.drop or bool(call.undelivered)
        await self.show("group", chat, shown, msg_id=key, drop=drop)
        return {"processQueryKey": key}

    def _check_robot(self, body: Mapping[str, Any]) -> None:
        code = body.get("robotCode")
        if not isinstance(code, str) or not code:
            raise NewError("miss.param.robotCode")
        if code != self._config.robot:
            raise NewError("invalidParameter.robotCode.notExsit")

    async def _send_by_session(self, call: Call) -> Answer:
        session = self._sessions.get(call.request.query.get("session", ""))
        if session is None or self._now() >= session[2]:
            raise OldError(self._config.session_gone_errcode)
        if call.request.content_type != "application/json":
            raise OldError(43004)
        door, recipient, _ = session
        shown = read_webhook_message(call.body, self._files.find)
        if self._config.webhook_replies_count:
            self._quotas.take_message()
        await self.show(door, recipient, shown, drop=call.drop)
        return {"errcode": 0, "errmsg": "ok"}

    async def _send_by_custom_robot(self, call: Call) -> Answer:
        robot = self._robots.get(call.request.query.get("access_token", ""))
        if robot is None:
            raise OldError(400101)
        if call.request.content_type != "application/json":
            raise OldError(43004)
        _check_sign(robot, call, int(self._now() * 1000))
        shown = read_webhook_message(call.body, self._files.find)
        _check_keywords(robot, shown)
        said = (robot.token, str(call.body.get("msgUuid") or ""))
        if said[1] and said in self._said:
            return self._said[said]
        self._check_pace(robot.token)
        await self.show("group", robot.open_conversation_id, shown, drop=call.drop)
        self._said[said] = {"errcode": 0, "errmsg": "ok"}
        return self._said[said]

    def _check_pace(self, token: str) -> None:
        """Twenty in a minute; the next one shuts the robot up for ten minutes."""
        if self._now() < self._blocked_until.get(token, 0.0):
            raise OldError(410100)
        if not self._minute.has_room(token):
            self._blocked_until[token] = self._now() + self._config.group_robot_block_seconds
            raise OldError(410100)
        self._minute.take(token)


def _check_sign(robot: GroupRobot, call: Call, moved_ms: int) -> None:
    """Of the real time, or of the stand-in's where a bot's clock was moved on with it."""
    if not robot.secret:
        return
    stamp = call.request.query.get("timestamp", "")
    told = int(stamp) if stamp.isdecimal() else 0
    if min(abs(now_ms() - told), abs(moved_ms - told)) > _SKEW_MS:
        raise OldError(310000, "invalid timestamp")
    if call.request.query.get("sign", "") != robot_sign(stamp, robot.secret):
        raise OldError(310000, "sign not match")


def _check_keywords(robot: GroupRobot, shown: Shown) -> None:
    words = f"{shown.face.title}\n{shown.face.text}"
    if robot.keywords and not any(keyword in words for keyword in robot.keywords):
        raise OldError(310000, "keywords not in content")
