"""What the AI bot hears, as neutral events; both modes bring the same JSON (path/100719)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import structlog

from bot.events import Entered, Message, Source, Tap, dedup_key
from bot.platforms.envelope import Forged
from bot.platforms.wecom.aibot.route import Kind, Route
from bot.platforms.wecom.decode import PLATFORM

OVER = "over"
"""The press of a card that is over: its button can't be taken away, so it means nothing."""
DISCONNECTED = "disconnected_event"

_IGNORED = frozenset({"feedback_event", DISCONNECTED})
_MENTION = re.compile(r"^\s*@\S+[\s\u2005\u00a0]*")
_MENTION_LAST = re.compile(r"[\s\u2005\u00a0]@\S+\s*$")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")

Fields = Mapping[str, Any]
Heard = Message | Tap | Entered

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Door:
    """Which bot of which company hears."""

    corp: str
    app: str


def read(payload: str | bytes) -> Fields:
    """The JSON object in a payload; Forged for anything else.

    Control characters that a phone sent stand unescaped in some.
    """
    text = payload.decode(errors="replace") if isinstance(payload, bytes) else payload
    try:
        fields = json.loads(_CONTROL.sub("", text), strict=False)
    except (ValueError, RecursionError):
        raise Forged from None
    if not isinstance(fields, dict):
        raise Forged
    return fields


def sender_of(fields: Fields) -> str:
    """The member's id as it came: plain, or encrypted."""
    return _text(fields, "from", "userid")


def stream_asked(fields: Fields) -> str | None:
    """Which answer WeCom asks for, where this is no event but a question of its own."""
    return _text(fields, "stream", "id") if fields.get("msgtype") == "stream" else None


def event_name(fields: Fields) -> str | None:
    """The kind of event; None for a message."""
    return _text(fields, "event", "eventtype") if fields.get("msgtype") == "event" else None


def decode(
    fields: Fields, door: Door, sender: str, now: datetime, *, request: str = ""
) -> Heard | None:
    """The event, with its route; None for one that isn't ours, Forged without a sender.

    `request` is the req_id of a frame; by callback the route has a slip and a response_url.
    """
    if not sender:
        raise Forged
    source = Source(platform=PLATFORM, corp=door.corp, app=door.app, sender=sender.lower())
    name = event_name(fields)
    if name is None:
        return _with_route(_message(fields, source, now), "message", fields, now, request)
    if name == "enter_chat":
        entered = Entered(source=source, at=_instant(fields, now), digest=_digest(fields))
        return _with_route(entered, "entered", fields, now, request)
    if name == "template_card_event":
        tap = _tap(fields, source, now)
        return _with_route(tap, "tap", fields, now, request) if tap.press != OVER else None
    known = name in _IGNORED
    _log.info("wecom.bot_event_dropped", event_name=name[:40], known=known)
    return None


def _with_route(heard: Heard, kind: Kind, fields: Fields, now: datetime, request: str) -> Heard:
    """A tap's route is what updates its card too."""
    route = Route(
        kind=kind,
        at=now.timestamp(),
        slip="" if request else dedup_key(heard),
        url="" if request else _text(fields, "response_url"),
        request=request,
    )
    packed = route.pack()
    routed = replace(heard, route=packed, route_until=route.until())
    return replace(routed, update_code=packed) if isinstance(routed, Tap) else routed


def _message(fields: Fields, source: Source, now: datetime) -> Message:
    chat = _chat(fields)
    text = _words(fields)
    if chat is not None and text is not None:
        text = (_MENTION if text.lstrip().startswith("@") else _MENTION_LAST).sub(
            "", text, count=1
        )
    return Message(
        source=source,
        message_id=_text(fields, "msgid") or _digest(fields),
        text=(text or "").strip(),
        at=_instant(fields, now),
        chat=chat,
        kind="other" if text is None else "text",
    )


def _words(fields: Fields) -> str | None:
    """What was written, or said and recognised by WeCom; None for what has no words."""
    kind = _text(fields, "msgtype")
    if kind in ("text", "voice"):
        found = _text(fields, kind, "content")
        return found if found or kind == "text" else None
    if kind == "mixed":
        mixed = fields.get("mixed")
        items = mixed.get("msg_item") if isinstance(mixed, dict) else None
        texts = [
            _text(item, "text", "content")
            for item in (items if isinstance(items, list) else [])
            if isinstance(item, dict) and item.get("msgtype") == "text"
        ]
        return "\n".join(text for text in texts if text) or None
    return None


def _tap(fields: Fields, source: Source, now: datetime) -> Tap:
    """Its parts stand in an object of the event's name, or beside that name."""
    event = fields.get("event")
    event = event if isinstance(event, dict) else {}
    inner = event.get("template_card_event")
    parts = {**event, **inner} if isinstance(inner, dict) else event
    return Tap(
        source=source,
        card_key=_text(parts, "task_id"),
        press=_text(parts, "event_key"),
        update_code=None,
        at=_instant(fields, now),
        digest=_digest(fields),
        chat=_chat(fields),
    )


def _chat(fields: Fields) -> str | None:
    return _text(fields, "chatid") or None if fields.get("chattype") == "group" else None


def _digest(fields: Fields) -> str:
    """By the message id where there is one: a repeated delivery may bring another response_url."""
    known = _text(fields, "msgid") or json.dumps(fields, sort_keys=True)
    return hashlib.sha256(known.encode("utf-8", "replace")).hexdigest()


def _instant(fields: Fields, now: datetime) -> datetime:
    seconds = fields.get("create_time")
    if isinstance(seconds, int) and not isinstance(seconds, bool):
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError):
            return now
    return now


def _text(fields: Fields, *path: str) -> str:
    """The text at the end of the path; "" where there is none."""
    value: object = fields
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
