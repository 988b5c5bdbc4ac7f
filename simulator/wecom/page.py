"""The phones in the browser: the page, its pictures and the socket that keeps it fresh."""

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, web

from simulator.ledger import Callback, Message

if TYPE_CHECKING:
    from simulator.wecom.server import WeCom

_PHONE = Path(__file__).parent.parent / "phone"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_HEARTBEAT_SECONDS = 20.0


class PageRoutes:
    """Everything a browser reads; what it does goes through the control addresses."""

    def __init__(self, wecom: "WeCom") -> None:
        self._wecom = wecom
        self._sockets: set[web.WebSocketResponse] = set()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._index),
            web.get("/phone/{name}", self._file),
            web.get("/_sim/socket", self._socket),
            web.get("/_sim/attachment/{order}", self._attachment),
        ]

    async def close(self) -> None:
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return _send_file("index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return _send_file(request.match_info["name"])

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        order = request.match_info["order"]
        message = self._wecom.ledger.message(int(order)) if order.isdecimal() else None
        if message is None or not message.attachment:
            return web.Response(status=404)
        if message.picture:
            kind = "image/png" if message.picture.startswith(b"\x89PNG") else "image/jpeg"
            return web.Response(body=message.picture, content_type=kind)
        return web.Response(
            body=message.attachment,
            content_type="application/octet-stream",
            headers={"Content-Disposition": "attachment"},
        )

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """Sends the whole state first, then each change; what it receives is ignored."""
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_SECONDS)
        await socket.prepare(request)
        changes: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        changes.put_nowait(self._state())
        stop = self._wecom.ledger.listen(lambda _, item: changes.put_nowait(_change(item)))
        self._sockets.add(socket)
        pump = asyncio.create_task(_pump(socket, changes))
        try:
            async for _ in socket:
                pass
        finally:
            stop()
            self._sockets.discard(socket)
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await pump
        return socket

    def _state(self) -> dict[str, Any]:
        config, ledger = self._wecom.config, self._wecom.ledger
        items: list[Callback | Message] = [*ledger.callbacks.values(), *ledger.all_messages()]
        items.sort(key=lambda item: item.order)
        return {
            "type": "state",
            "app": config.app_name,
            "members": [
                {"userid": m.userid, "name": m.name, "role": m.role, "colour": m.colour}
                for m in config.members
            ],
            "groups": [{"key": key, "name": name} for key, name in config.groups.items()],
            "suggestions": [{"userid": u, "text": text} for u, text in config.suggestions],
            "items": [_item(item) for item in items if _is_seen(item)],
        }


async def _pump(socket: web.WebSocketResponse, changes: "asyncio.Queue[dict[str, Any]]") -> None:
    while not socket.closed:
        await socket.send_json(await changes.get())


def _send_file(name: str) -> web.StreamResponse:
    path = _PHONE / Path(name).name
    kind = _TYPES.get(path.suffix)
    if kind is None or not path.is_file():
        return web.Response(status=404)
    return web.Response(body=path.read_bytes(), content_type=kind, charset="utf-8")


def _change(item: Callback | Message) -> dict[str, Any]:
    return {"type": "item", "item": _item(item), "seen": _is_seen(item)}


def _is_seen(item: Callback | Message) -> bool:
    if isinstance(item, Callback):
        return item.kind == "text"
    return item.state != "dropped"


def _item(item: Callback | Message) -> dict[str, Any]:
    """One bubble: who has it on the phone, from which side, and what it shows."""
    shared: dict[str, Any] = {"order": item.order, "at": item.at, "state": item.state}
    if isinstance(item, Callback):
        return shared | {
            "door": item.door,
            "recipient": item.chat or item.userid,
            "side": "me",
            "kind": item.kind,
            "text": item.text,
        }
    url = f"/_sim/attachment/{item.order}" if item.attachment else ""
    return shared | {
        "door": item.door,
        "recipient": item.recipient,
        "side": "bot",
        "kind": item.kind,
        "content": item.content,
        "replaced": item.replaced,
        "taskId": item.card_id,
        "attachment": url,
    }
