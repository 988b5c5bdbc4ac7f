"""The stand-in's own addresses under /_sim/: what the page and tests in other processes press."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from simulator.actions import Action, json_action, text_field
from simulator.faults import Fault

if TYPE_CHECKING:
    from simulator.wecom.server import WeCom


class ControlRoutes:
    """POST takes and returns JSON; 400 names the wrong field, 404 what isn't there."""

    def __init__(self, wecom: "WeCom") -> None:
        self._wecom = wecom

    def routes(self) -> list[web.RouteDef]:
        actions: dict[str, Action] = {
            "say": self._say,
            "tap": self._tap,
            "enter": self._enter,
            "bot/say": self._say_bot,
            "bot/tap": self._tap_bot,
            "bot/enter": self._enter_bot,
            "repeat": self._repeat,
            "verify": self._verify,
            "faults": self._arm,
            "faults/clear": self._disarm,
            "token/expire": self._expire,
            "clock": self._advance,
            "callback-url": self._point,
        }
        posts = [web.post(f"/_sim/{name}", json_action(act)) for name, act in actions.items()]
        return [web.get("/_sim/ledger", self._ledger), *posts]

    async def _ledger(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._wecom.ledger.to_json())

    async def _say(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"userid", "text"}"""
        return {"id": await self._wecom.say(text_field(body, "userid"), text_field(body, "text"))}

    async def _tap(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"userid", "task_id", "key", "stale"?: true, "selected"?: {question: [option]}}"""
        names = [text_field(body, name) for name in ("userid", "task_id", "key")]
        stale, selected = body.get("stale") is True, body.get("selected")
        return {"id": await self._wecom.tap(*names, stale=stale, selected=selected)}

    async def _enter(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"userid"}"""
        return {"id": await self._wecom.enter(text_field(body, "userid"))}

    async def _say_bot(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"userid", "text", "chat"?: a group's id}"""
        userid, text = text_field(body, "userid"), text_field(body, "text")
        return {"id": await self._wecom.say_bot(userid, text, body.get("chat"))}

    async def _tap_bot(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"userid", "task_id", "key", "chat"?, "stale"?: true}"""
        userid, card, key = (text_field(body, name) for name in ("userid", "task_id", "key"))
        stale, chat = body.get("stale") is True, body.get("chat")
        return {"id": await self._wecom.the_bot.tap(userid, card, key, chat, stale=stale)}

    async def _enter_bot(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"userid"}"""
        return {"id": await self._wecom.the_bot.enter(text_field(body, "userid"))}

    async def _repeat(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"id"} of a callback."""
        await self._wecom.repeat(text_field(body, "id"))
        return {}

    async def _verify(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"verified": await self._wecom.verify()}

    async def _arm(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"api", "times"?, and one field of Fault}"""
        kinds = ("errcode", "status", "hang_seconds", "drop", "lose_reply")
        fault = Fault(**{name: body[name] for name in kinds if name in body})
        self._wecom.arm(text_field(body, "api"), fault, times=int(body.get("times", 1)))
        return {}

    async def _disarm(self, body: dict[str, Any]) -> dict[str, Any]:
        self._wecom.disarm()
        return {}

    async def _expire(self, body: dict[str, Any]) -> dict[str, Any]:
        self._wecom.expire_token()
        return {}

    async def _advance(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"seconds"}: limits and expiries see this much later time."""
        self._wecom.clock.advance(float(body.get("seconds", 0)))
        return {"now": self._wecom.clock.now()}

    async def _point(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"url"} that callbacks go to from now on."""
        self._wecom.callback_url = text_field(body, "url")
        return {}
