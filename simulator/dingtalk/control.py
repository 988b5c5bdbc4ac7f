"""The stand-in's own addresses under /_sim/: what the page and other processes press."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from simulator.actions import Action, json_action, text_field
from simulator.dingtalk.config import Member
from simulator.faults import Fault

if TYPE_CHECKING:
    from simulator.dingtalk.server import DingTalk

_FAULTS = (
    "errcode", "code", "status", "body", "hang_seconds", "drop", "lose_reply", "undelivered",
)  # fmt: skip


class ControlRoutes:
    """POST takes and returns JSON; 400 names the wrong field, 404 what isn't there."""

    def __init__(self, dingtalk: "DingTalk") -> None:
        self._dingtalk = dingtalk

    def routes(self) -> list[web.RouteDef]:
        actions: dict[str, Action] = {
            "say": self._say,
            "send": self._send,
            "tap": self._tap,
            "press": self._press,
            "repeat": self._repeat,
            "join": self._join,
            "leave": self._leave,
            "stream": self._stream,
            "faults": self._arm,
            "faults/clear": self._disarm,
            "token/expire": self._expire,
            "clock": self._advance,
            "urls": self._point,
        }
        posts = [web.post(f"/_sim/{name}", json_action(act)) for name, act in actions.items()]
        return [web.get("/_sim/ledger", self._ledger), *posts]

    async def _ledger(self, request: web.Request) -> web.StreamResponse:
        quotas, stream = self._dingtalk.quotas, self._dingtalk.stream
        told = {
            "api_calls": quotas.api_calls,
            "robot_messages": quotas.messages,
            "connections": len(stream.live()),
            "opened": stream.opened,
            "bad_frames": stream.bad_frames,
        }
        return web.json_response(self._dingtalk.ledger.to_json() | told)

    async def _say(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"userid", "text", "chat"?}"""
        userid, text = text_field(body, "userid"), text_field(body, "text")
        return {"id": await self._dingtalk.say(userid, text, chat=body.get("chat"))}

    async def _send(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"userid", "kind", "content": {…}, "chat"?}"""
        userid, kind = text_field(body, "userid"), text_field(body, "kind")
        content, chat = dict(body.get("content") or {}), body.get("chat")
        return {"id": await self._dingtalk.send(userid, kind, content, chat=chat)}

    async def _tap(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"userid", "card_id", "key", "params"?, "stale"?: true}"""
        userid, card_id, key = (text_field(body, n) for n in ("userid", "card_id", "key"))
        stale, params = body.get("stale") is True, body.get("params")
        return {"id": await self._dingtalk.tap(userid, card_id, key, params, stale=stale)}

    async def _press(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"userid", "label"}"""
        userid, label = text_field(body, "userid"), text_field(body, "label")
        return {"id": await self._dingtalk.press(userid, label)}

    async def _repeat(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"id"} of a callback."""
        await self._dingtalk.repeat(text_field(body, "id"))
        return {}

    async def _join(self, body: dict[str, Any]) -> dict[str, Any]:
        """The fields of a Member."""
        return {"id": await self._dingtalk.join(Member(**body))}

    async def _leave(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"userid"}"""
        return {"id": await self._dingtalk.leave(text_field(body, "userid"))}

    async def _stream(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"do": "disconnect" | "kill" | "silence" | "drop", "count"?: frames to drop}"""
        match text_field(body, "do"):
            case "disconnect":
                await self._dingtalk.disconnect()
            case "kill":
                self._dingtalk.kill_connections()
            case "silence":
                self._dingtalk.silence()
            case "drop":
                self._dingtalk.drop_frames(int(body.get("count", 1)))
            case other:
                raise ValueError(f"do can't be {other!r}")
        return {}

    async def _arm(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"api", "times"?, and one field of Fault}"""
        fault = Fault(**{name: body[name] for name in _FAULTS if name in body})
        self._dingtalk.arm(text_field(body, "api"), fault, times=int(body.get("times", 1)))
        return {}

    async def _disarm(self, body: dict[str, Any]) -> dict[str, Any]:
        self._dingtalk.disarm()
        return {}

    async def _expire(self, body: dict[str, Any]) -> dict[str, Any]:
        self._dingtalk.expire_token()
        return {}

    async def _advance(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"seconds"}: limits and expiries see this much later time."""
        self._dingtalk.clock.advance(float(body.get("seconds", 0)))
        return {"now": self._dingtalk.clock.now()}

    async def _point(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"robot"?, "events"?}: addresses for HTTP pushes, "" for Stream."""
        if "robot" in body:
            self._dingtalk.robot_url = str(body["robot"])
        if "events" in body:
            self._dingtalk.event_url = str(body["events"])
        return {}
