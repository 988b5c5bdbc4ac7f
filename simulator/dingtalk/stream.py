"""The Stream gateway: tickets, live connections, frames and their acknowledgements."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import WSMsgType, web

from simulator.clock import Clock, now_ms
from simulator.dingtalk.config import DingTalkConfig
from simulator.dingtalk.errors import NewError
from simulator.dingtalk.gate import Answer, Call, Endpoint

ROBOT_TOPIC = "/v1.0/im/bot/messages/get"
CARD_TOPIC = "/v1.0/card/instances/callback"
_ZOMBIE_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """What came back for a frame; `code` is None when nothing did, and `error` says why."""

    code: int | None = None
    data: Any = None
    via: str = ""
    error: str = ""


Subscription = tuple[str, str]


@dataclass(slots=True, kw_only=True, eq=False)
class Connection:
    """One WebSocket. is_silent: swallows everything while TCP lives, pongs included.

    leaving: set once it was told to disconnect; it gets nothing more. drops: so many
    frames are lost on their way from now on.
    """

    id: str
    socket: web.WebSocketResponse
    request: web.Request
    subscriptions: frozenset[Subscription]
    is_silent: bool = False
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    drops: int = 0
    pongs: int = 0
    waiting: dict[str, asyncio.Future[Ack]] = field(default_factory=dict)

    async def send(self, frame: dict[str, Any]) -> None:
        if self.is_silent:
            return
        if self.drops:
            self.drops -= 1
            return
        await self.socket.send_str(json.dumps(frame, ensure_ascii=False))

    @property
    def is_up(self) -> bool:
        return self.request.transport is not None and not self.request.transport.is_closing()

    def kill(self) -> None:
        """Cuts TCP without a close frame."""
        if self.request.transport is not None:
            self.request.transport.abort()


class Stream:
    """Public: `connections` (the live ones), `opened` (how many ever), `bad_frames`."""

    def __init__(
        self,
        config: DingTalkConfig,
        clock: Clock,
        base_url: Callable[[], str],
        on_late: Callable[[str, Ack], Awaitable[None]],
        on_change: Callable[[], Awaitable[None]],
    ) -> None:
        self._config = config
        self._now = clock.now
        self._base_url = base_url
        self._on_late = on_late
        self._on_change = on_change
        self._tickets: dict[str, tuple[frozenset[Subscription], float]] = {}
        self.connections: list[Connection] = []
        self.opened = 0
        self.bad_frames: list[str] = []

    def endpoint(self) -> Endpoint:
        path = "gateway/connections/open"
        return Endpoint(
            method="POST", path=f"/v1.0/{path}", api=path, handler=self._open, needs_token=False
        )

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/connect", self._connect)]

    def live(self) -> list[Connection]:
        """Those that pushes go to: up, and not told to disconnect."""
        return [c for c in self.connections if not c.leaving.is_set()]

    async def push(
        self, kind: str, topic: str, data: dict[str, Any], headers: dict[str, str], seconds: float
    ) -> Ack:
        """Sends a frame over one random live connection and waits for its answer."""
        fit = [c for c in self.live() if (kind, topic) in c.subscriptions]
        if not fit:
            return Ack(error="nobody is connected")
        connection = secrets.choice(fit)
        key = headers["messageId"]
        answer = connection.waiting.setdefault(key, asyncio.get_running_loop().create_future())
        try:
            await connection.send(self._frame(connection, kind, topic, data, headers))
            await asyncio.wait([answer], timeout=seconds)
        except ConnectionError:
            return Ack(via=connection.id, error="the connection is gone")
        finally:
            connection.waiting.pop(key, None)
        return answer.result() if answer.done() else Ack(via=connection.id, error="no answer")

    async def ping(self, connection: Connection) -> None:
        await self._send_system(connection, "ping", {"opaque": secrets.token_hex(8)})

    async def disconnect(self, connection: Connection, reason: str = "rebalance") -> None:
        """Says so, goes quiet, and closes TCP later."""
        await self._send_system(connection, "disconnect", {"reason": reason})
        connection.leaving.set()

    async def close(self) -> None:
        for connection in list(self.connections):
            connection.kill()

    async def _send_system(self, connection: Connection, topic: str, data: dict[str, Any]) -> None:
        headers = {"messageId": secrets.token_hex(16)}
        await connection.send(self._frame(connection, "SYSTEM", topic, data, headers))

    async def _open(self, call: Call) -> Answer | web.Response:
        body = call.body
        known = (self._config.client_id, self._config.client_secret)
        if (body.get("clientId"), body.get("clientSecret")) != known:
            raise NewError("authFailed", "鉴权失败", 401)
        subscriptions = _read_subscriptions(body.get("subscriptions"))
        ticket = secrets.token_urlsafe(24)
        if self._config.has_awkward_tickets:
            ticket = f"{ticket[:8]}+/{ticket[8:]}=="
        self._tickets[ticket] = (subscriptions, self._now() + self._config.ticket_seconds)
        endpoint = f"{self._base_url().replace('http', 'ws', 1)}/connect"
        if "application/json" not in call.request.headers.get("Accept", ""):
            return web.Response(text=_as_xml(endpoint, ticket), content_type="application/xml")
        return {"endpoint": endpoint, "ticket": ticket}

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        subscriptions, until = self._tickets.pop(request.query.get("ticket", ""), (None, 0.0))
        if subscriptions is None or self._now() >= until:
            return web.Response(status=401, text="invalid ticket")
        socket = web.WebSocketResponse(autoping=False, autoclose=False)
        await socket.prepare(request)
        connection = Connection(
            id=secrets.token_hex(12), socket=socket, request=request, subscriptions=subscriptions
        )
        self.connections.append(connection)
        self.opened += 1
        await self._on_change()
        keeper = asyncio.create_task(self._keep(connection))
        try:
            await self._listen(connection)
        finally:
            keeper.cancel()
            self.connections.remove(connection)
            await self._on_change()
            for answer in connection.waiting.values():
                if not answer.done():
                    answer.set_result(Ack(via=connection.id, error="the connection is gone"))
        return socket

    async def _keep(self, connection: Connection) -> None:
        """Pings until it is told to leave; some time after that, closes."""
        while not connection.leaving.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(connection.leaving.wait(), self._config.ping_seconds)
                break
            await self.ping(connection)
        await asyncio.sleep(self._config.disconnect_close_seconds)
        await connection.socket.close()

    async def _listen(self, connection: Connection) -> None:
        socket = connection.socket
        async for message in socket:
            if connection.is_silent:
                continue
            if message.type is WSMsgType.PING:
                await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                await self._take(connection, message.data)
        while connection.is_silent and connection.is_up:  # noqa: ASYNC110 - TCP tells nobody
            await asyncio.sleep(_ZOMBIE_POLL_SECONDS)

    async def _take(self, connection: Connection, text: str) -> None:
        try:
            key, ack = _read_ack(text, connection.id)
        except (ValueError, TypeError, KeyError) as error:
            self.bad_frames.append(f"{type(error).__name__}: {text[:200]}")
            return
        answer = connection.waiting.get(key)
        if answer is not None and not answer.done():
            answer.set_result(ack)
        elif isinstance(ack.data, dict) and "opaque" in ack.data:
            connection.pongs += 1
            await self._on_change()
        else:
            await self._on_late(key, ack)

    def _frame(
        self,
        connection: Connection,
        kind: str,
        topic: str,
        data: dict[str, Any],
        headers: dict[str, str],
    ) -> dict[str, Any]:
        name = self._config.event_headers_key if kind == "EVENT" else "headers"
        own = {
            "appId": "simulated-app",
            "connectionId": connection.id,
            "contentType": "application/json",
            "time": str(now_ms()),
            "topic": topic,
        }
        text = json.dumps(data, ensure_ascii=False)
        return {"specVersion": "1.0", "type": kind, name: own | headers, "data": text}


def _read_subscriptions(given: object) -> frozenset[Subscription]:
    if not isinstance(given, list) or not given:
        raise NewError("invalidParameter.subscriptions", "subscriptions is missing")
    found = set()
    for each in given:
        kind, topic = (each.get("type"), each.get("topic")) if isinstance(each, dict) else ("", "")
        if kind not in ("EVENT", "CALLBACK") or not isinstance(topic, str):
            raise NewError("invalidParameter.subscriptions", f"{kind} {topic}")
        if kind == "EVENT" and topic != "*":
            raise NewError("invalidParameter.subscriptions", "an EVENT has the topic * only")
        found.add((kind, topic))
    return frozenset(found)


def _read_ack(text: str, via: str) -> tuple[str, Ack]:
    """Raises ValueError, TypeError or KeyError for what isn't an acknowledgement."""
    frame = json.loads(text)
    code, key, said = frame["code"], frame["headers"]["messageId"], frame.get("data")
    if not isinstance(code, int) or not isinstance(key, str):
        raise TypeError("code or messageId")
    if said is not None and not isinstance(said, str):
        raise TypeError("data must be a JSON string")
    return key, Ack(code=code, data=json.loads(said) if said else None, via=via)


def _as_xml(endpoint: str, ticket: str) -> str:
    return (
        "<OpenConnectionResponse>"
        f"<endpoint>{escape(endpoint)}</endpoint><ticket>{escape(ticket)}</ticket>"
        "</OpenConnectionResponse>"
    )
