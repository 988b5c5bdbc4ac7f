"""What the platform saw: each callback with its attempts, each message with its fate."""

import asyncio
import itertools
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeVar

T = TypeVar("T")
Listener = Callable[[str, "Callback | Message"], None]


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One delivery of a callback; `status` is None when no answer came in time.

    via: the Stream connection that it went over, "" for a POST.
    """

    at: float
    took_seconds: float
    status: int | None
    error: str = ""
    via: str = ""


@dataclass(slots=True, kw_only=True)
class Callback:
    """One thing that a member did; `id` is the platform's own, of a message or an event.

    door: whom it was said to: the app, or the company's AI bot.
    chat: the group that it was said in, "" in a talk with the app alone.
    toast: what flashed up on the phone when a tap wasn't answered as it must be.
    """

    id: str
    order: int
    userid: str
    kind: str
    text: str
    fields: Mapping[str, Any]
    at: float
    door: Literal["app", "bot"] = "app"
    chat: str = ""
    state: Literal["sending", "acked", "lost"] = "sending"
    acked_at: float | None = None
    attempts: list[Attempt] = field(default_factory=list)
    toast: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button that a thumb can press now; `key` is "" where it only opens `url`.

    style: 1 stands out, 2 is an ordinary one, 3 warns.
    params: what a press on it brings the bot besides its key.
    """

    text: str
    key: str
    url: str = ""
    style: int = 1
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What a message looks like now; its platform reads it from the content.

    text: all words on it, a card line by line. title, subtitle, body (markdown) and note
    are a card's parts. has_picture: the attachment is one that the phone shows.
    """

    text: str = ""
    title: str = ""
    subtitle: str = ""
    body: str = ""
    note: str = ""
    buttons: tuple[Button, ...] = ()
    has_picture: bool = False


@dataclass(slots=True, kw_only=True)
class Message:
    """What one recipient was sent: a member by the app, a group, or whoever talks to the bot.

    kind, content: the payload by the platform's own names, as shown now.
    card_id: the bot's id of a card ("" for anything else): a press names it.
    replaced: the text that took the place of a card's buttons, "" while they are live.
    only_for: members of the group who see it, () for all of them.
    """

    msg_id: str
    order: int
    door: Literal["app", "group", "bot"]
    recipient: str
    kind: str
    content: dict[str, Any]
    at: float
    face: Face
    state: Literal["shown", "dropped", "recalled"] = "shown"
    card_id: str = ""
    replaced: str = ""
    only_for: tuple[str, ...] = ()
    was_cut: bool = False
    repeats_held_back: int = 0
    attachment: bytes = b""
    warnings: list[str] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words on it, for a test or a transcript: a card line by line."""
        return self.face.text

    @property
    def picture(self) -> bytes:
        """PNG or JPG, b"" for what isn't a picture."""
        return self.attachment if self.face.has_picture else b""

    @property
    def buttons(self) -> list[Button]:
        return list(self.face.buttons) if self.state == "shown" else []

    def change(self, content: dict[str, Any], face: Face, replaced: str) -> None:
        """Shows something else in its place; what it showed joins `versions`."""
        self.versions.append({"content": self.content, "replaced": self.replaced})
        self.content, self.face, self.replaced = content, face, replaced


class Ledger:
    """In memory, in order; whoever waits is woken by each change."""

    def __init__(self) -> None:
        self.callbacks: dict[str, Callback] = {}
        self.calls: Counter[tuple[str, str]] = Counter()
        self._sent: dict[int, Message] = {}
        self._by_recipient: dict[tuple[str, str], list[Message]] = defaultdict(list)
        self._by_msg_id: dict[str, list[Message]] = defaultdict(list)
        self._order = itertools.count(1)
        self._changed = asyncio.Condition()
        self._listeners: list[Listener] = []
        self.recent_calls: deque[tuple[float, str, str]] = deque(maxlen=1000)

    def next_order(self) -> int:
        """One sequence over callbacks and messages: the order on a phone."""
        return next(self._order)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Calls it with ("callback" | "message", what changed); returns how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def add_callback(self, callback: Callback) -> None:
        self.callbacks[callback.id] = callback
        await self.changed(callback)

    async def add_message(self, message: Message) -> None:
        self._sent[message.order] = message
        self._by_recipient[message.door, message.recipient].append(message)
        self._by_msg_id[message.msg_id].append(message)
        await self.changed(message)

    async def changed(self, subject: Callback | Message) -> None:
        name = "callback" if isinstance(subject, Callback) else "message"
        for listener in self._listeners:
            listener(name, subject)
        await self.wake()

    async def wake(self) -> None:
        """Has every waiter ask again, for a change that isn't in the ledger."""
        async with self._changed:
            self._changed.notify_all()

    def note_call(self, at: float, api: str, outcome: str) -> None:
        """`outcome` is the errcode, or "http 500", "hang", "cut"."""
        self.calls[api, outcome] += 1
        self.recent_calls.append((at, api, outcome))

    async def wait_for(self, predicate: Callable[[], T], timeout_seconds: float) -> T:
        """The predicate's first true value; it is asked again after each change."""
        async with asyncio.timeout(timeout_seconds), self._changed:
            return await self._changed.wait_for(predicate)

    def messages(self, userid: str, *, hidden: bool = False) -> list[Message]:
        """What a member's phone shows; `hidden` adds dropped and recalled ones."""
        return self._shown(("app", userid), hidden)

    def group(self, key: str, *, hidden: bool = False) -> list[Message]:
        """What a group shows of its robot's messages."""
        return self._shown(("group", key), hidden)

    def bot(self, recipient: str, *, hidden: bool = False) -> list[Message]:
        """What a member, or a group, sees of its AI bot."""
        return self._shown(("bot", recipient), hidden)

    def _shown(self, phone: tuple[str, str], hidden: bool) -> list[Message]:
        return [m for m in self._by_recipient.get(phone, []) if hidden or m.state == "shown"]

    def copies(self, msg_id: str) -> list[Message]:
        """The same message at each of its recipients."""
        return list(self._by_msg_id.get(msg_id, []))

    def all_messages(self) -> list[Message]:
        return list(self._sent.values())

    def message(self, order: int) -> Message | None:
        return self._sent.get(order)

    def card(self, userid: str, card_id: str) -> Message | None:
        found = [m for m in self._shown(("app", userid), False) if m.card_id == card_id]
        return found[-1] if found else None

    def count_calls(self, api: str) -> int:
        return sum(times for (name, _), times in self.calls.items() if name == api)

    def acked(self) -> list[Callback]:
        return [c for c in self.callbacks.values() if c.state == "acked"]

    def lost(self) -> list[Callback]:
        """Callbacks that the platform has given up on."""
        return [c for c in self.callbacks.values() if c.state == "lost"]

    def to_json(self) -> dict[str, Any]:
        return {
            "callbacks": [asdict(c) for c in self.callbacks.values()],
            "messages": [message_json(m) for m in self._sent.values()],
            "calls": [
                {"api": api, "outcome": outcome, "times": times}
                for (api, outcome), times in self.calls.items()
            ],
        }


def message_json(message: Message) -> dict[str, Any]:
    """Everything; an attachment by its size."""
    return asdict(message) | {"attachment": len(message.attachment), "text": message.text}
