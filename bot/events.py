"""What comes in, told alike for every platform."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an event came from; `sender` is the platform's id, folded where it ignores case."""

    platform: str
    corp: str
    app: str
    sender: str

    @property
    def scope(self) -> str:
        """A text that no two sources share, whatever characters their ids hold."""
        parts = (self.platform, self.corp, self.app, self.sender)
        return "|".join(part.replace("%", "%25").replace("|", "%7C") for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Words from a person; `chat` is the group's id, None one to one.

    `kind` is text, voice (`text` is "" until it is transcribed from `media`, the platform's id
    of the recording) or other (a picture, a place: something that can't be read yet). `route` is
    the platform's own way to answer just this event, a bearer secret, good until `route_until`.
    Words that came without a signature over them are not `trusted`: whoever caught one envelope
    could put other words into it.
    """

    source: Source
    message_id: str
    text: str
    at: datetime
    chat: str | None = None
    kind: str = "text"
    media: str | None = None
    route: str | None = None
    route_until: datetime | None = None
    trusted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A pressed button: of which card, which button, and the code that may update the card.

    `digest` is the hash of the decrypted payload, for the platform gives a tap no id.
    """

    source: Source
    card_key: str
    press: str
    update_code: str | None
    at: datetime
    digest: str
    chat: str | None = None
    route: str | None = None
    route_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A person opened the bot's chat."""

    source: Source
    at: datetime
    digest: str
    route: str | None = None
    route_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """The platform's address book changed: who `left`, who came or `changed`, or departments.

    `source.sender` is "" (the platform itself tells it); ids are the platform's, folded.
    """

    source: Source
    at: datetime
    digest: str
    left: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    departments: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A time has come: of a `task` or a `subscription`, by its id."""

    kind: str
    subject_id: int
    due_at: datetime
    late: bool = False


Event = Message | Tap | Entered | Staffing | Due
KINDS: dict[str, type[Any]] = {
    "message": Message, "tap": Tap, "entered": Entered, "staffing": Staffing, "due": Due,
}  # fmt: skip


def dedup_key(event: Event) -> str:
    """The unique key under which a second delivery of the same event is recognised."""
    match event:
        case Message():
            return _hash("message", event.source.scope, event.chat or "", event.message_id)
        case Tap() | Entered() | Staffing():
            return _hash("event", event.source.scope, event.digest)
        case Due():
            return _hash("due", event.kind, str(event.subject_id), event.due_at.isoformat())


def conversation(event: Event) -> str:
    """The chat whose events are worked off in order: a group's, else a person's with the bot."""
    if isinstance(event, Due):
        return f"due|{event.kind}|{event.subject_id}"
    chat = getattr(event, "chat", None)
    if chat is not None:
        source = event.source
        return Source(
            platform=source.platform, corp=source.corp, app=source.app, sender=f"chat:{chat}"
        ).scope
    return event.source.scope


def to_json(event: Event) -> dict[str, Any]:
    """The event as a JSON object with its kind; instants in ISO form."""
    name = next(name for name, kind in KINDS.items() if isinstance(event, kind))
    return {"kind_of_event": name, **_plain(asdict(event))}


def from_json(value: dict[str, Any]) -> Event:
    """The event that `to_json` wrote."""
    slots = dict(value)
    kind = KINDS[slots.pop("kind_of_event")]
    if "source" in slots:
        slots["source"] = Source(**slots["source"])
    for name in ("at", "due_at", "route_until"):
        if slots.get(name) is not None:
            slots[name] = datetime.fromisoformat(slots[name])
    for name in ("left", "changed"):
        if name in slots:
            slots[name] = tuple(slots[name])
    event: Event = kind(**slots)
    return event


def _plain(slots: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in slots.items()
    }


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
