"""The phones in the browser: the page, its pictures and the socket that keeps it fresh.

page = Page([app_door(wecom), robot_door(dingtalk, subtitle="钉钉 · 机器人")])
await page.start(8601)                   # page.url → "http://127.0.0.1:8601"
"""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aiohttp import WSCloseCode, web

from simulator.actions import json_action, text_field
from simulator.doors import Door
from simulator.ledger import Callback, Ledger, Message
from simulator.loopback import loopback_only

_PHONE = Path(__file__).parent / "phone"
_FONT = Path(__file__).parent.parent / "reports" / "fonts" / "NotoSansCJKsc-Regular.otf"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_HEARTBEAT_SECONDS = 20.0
_STOP_SECONDS = 0.5

Item = Callback | Message


class Page:
    """One page over several doors; what is done on it goes to them and to nowhere else.

    `suggestions` are (userid, text): messages that are offered with one tap.
    """

    def __init__(
        self, doors: Sequence[Door], *, suggestions: Sequence[tuple[str, str]] = ()
    ) -> None:
        self._doors = {door.id: door for door in doors}
        self._ledgers: list[Ledger] = []
        for door in doors:
            if door.ledger not in self._ledgers:
                self._ledgers.append(door.ledger)
        self._suggestions = suggestions
        self._sockets: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self, port: int = 0) -> None:
        """Listens on 127.0.0.1 only; port 0 takes a free one, `url` tells which."""
        app = web.Application(middlewares=[loopback_only])
        actions = {"say": self._say, "press": self._press, "enter": self._enter}
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/phone/{name}", self._file),
                web.get("/font.otf", self._font),
                web.get("/socket", self._socket),
                web.get("/attachment/{ledger}/{order}", self._attachment),
                *(web.post(f"/do/{name}", json_action(act)) for name, act in actions.items()),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close every browser's socket."""
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)
        if self._runner is not None:
            await self._runner.cleanup()

    # What is done on it

    async def _say(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"door", "userid", "text", "chat"?}"""
        chat = body.get("chat")
        door, userid = self._door(body), text_field(body, "userid")
        await door.say(userid, text_field(body, "text"), str(chat) if chat else None)
        return {}

    async def _press(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"door", "userid", "order", "button": its place on the message}"""
        door, userid = self._door(body), text_field(body, "userid")
        message = door.ledger.message(int(body["order"]))
        place = int(body["button"])
        if message is None or not 0 <= place < len(message.buttons):
            raise LookupError("there is no such button")
        await door.press(userid, message, message.buttons[place])
        return {}

    async def _enter(self, body: dict[str, Any]) -> dict[str, Any]:
        """{"door", "userid"}"""
        door = self._door(body)
        if door.enter is not None:
            await door.enter(text_field(body, "userid"))
        return {}

    def _door(self, body: dict[str, Any]) -> Door:
        return self._doors[text_field(body, "door")]

    # What it shows

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return _send_file("index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return _send_file(request.match_info["name"])

    async def _font(self, _request: web.Request) -> web.StreamResponse:
        """For a machine without a Chinese font of its own."""
        if not _FONT.is_file():
            return web.Response(status=404)
        body = await asyncio.to_thread(_FONT.read_bytes)
        return web.Response(body=body, content_type="font/otf")

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        ledger, order = (request.match_info[name] for name in ("ledger", "order"))
        message = None
        if ledger.isdecimal() and order.isdecimal() and int(ledger) < len(self._ledgers):
            message = self._ledgers[int(ledger)].message(int(order))
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

        def note(ledger: int, item: Item) -> None:
            for shown in self._shown(ledger, item):
                changes.put_nowait({"type": "item", "item": shown, "seen": _is_seen(item)})

        stops = [
            ledger.listen(lambda _, item, number=number: note(number, item))  # type: ignore[misc]
            for number, ledger in enumerate(self._ledgers)
        ]
        self._sockets.add(socket)
        pump = asyncio.create_task(_pump(socket, changes))
        try:
            async for _ in socket:
                pass
        finally:
            for stop in stops:
                stop()
            self._sockets.discard(socket)
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await pump
        return socket

    def _state(self) -> dict[str, Any]:
        items = [
            shown
            for number, ledger in enumerate(self._ledgers)
            for item in sorted(_all_of(ledger), key=lambda item: item.order)
            if _is_seen(item)
            for shown in self._shown(number, item)
        ]
        suggestions = [{"userid": userid, "text": text} for userid, text in self._suggestions]
        doors = [_door_json(door) for door in self._doors.values()]
        return {"type": "state", "doors": doors, "suggestions": suggestions, "items": items}

    def _shown(self, number: int, item: Item) -> list[dict[str, Any]]:
        """The item at each door that shows it."""
        found = []
        for door in self._doors.values():
            if door.ledger is self._ledgers[number] and (place := door.place(item)) is not None:
                together, recipient = place
                found.append(
                    _item(item, number)
                    | {"door": door.id, "together": together, "recipient": recipient}
                )
        return found


def _door_json(door: Door) -> dict[str, Any]:
    return {
        "id": door.id,
        "platform": door.platform,
        "title": door.title,
        "subtitle": door.subtitle,
        "canWriteTogether": door.can_write_together,
        "members": [
            {"userid": m.userid, "name": m.name, "role": m.role, "colour": m.colour}
            for m in door.owners
        ],
        "groups": [{"key": key, "name": name} for key, name in door.groups.items()],
    }


def _all_of(ledger: Ledger) -> list[Item]:
    return [*ledger.callbacks.values(), *ledger.all_messages()]


async def _pump(socket: web.WebSocketResponse, changes: "asyncio.Queue[dict[str, Any]]") -> None:
    while not socket.closed:
        await socket.send_json(await changes.get())


def _send_file(name: str) -> web.StreamResponse:
    path = _PHONE / Path(name).name
    kind = _TYPES.get(path.suffix)
    if kind is None or not path.is_file():
        return web.Response(status=404)
    return web.Response(body=path.read_bytes(), content_type=kind, charset="utf-8")


def _is_seen(item: Item) -> bool:
    if isinstance(item, Callback):
        return item.kind == "text"
    return item.state != "dropped"


def _item(item: Item, ledger: int) -> dict[str, Any]:
    """One bubble: from which side, and what it shows."""
    shared = {"id": f"{ledger}-{item.order}", "order": item.order, "at": item.at,
              "state": item.state, "kind": item.kind}  # fmt: skip
    if isinstance(item, Callback):
        return shared | {"side": "me", "userid": item.userid, "text": item.text}
    face = item.face
    return shared | {
        "side": "bot",
        "content": item.content,
        "replaced": item.replaced,
        "cardId": item.card_id,
        "hasPicture": bool(item.picture),
        "attachment": f"/attachment/{ledger}/{item.order}" if item.attachment else "",
        "face": {
            "title": face.title,
            "subtitle": face.subtitle,
            "body": face.body,
            "note": face.note,
            "text": face.text,
        },
        "buttons": [
            {"text": button.text, "style": button.style, "url": button.url, "key": button.key}
            for button in item.buttons
        ],
    }
