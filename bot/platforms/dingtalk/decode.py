"""DingTalk's JSON as neutral events: robot messages, taps, organisation events."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog

from bot.events import Message, Source, Staffing, Tap
from bot.platforms.dingtalk.hosts import Hosts
from bot.platforms.dingtalk.settings import PLATFORM, DingTalkSettings
from storage.models.service import LASTING

Fields = Mapping[str, Any]

QUOTA_USED_UP = "20001"
_GROUP = "2"
_IN_GROUP = "IM_GROUP"
_JOINED = frozenset({"user_add_org", "user_modify_org", "user_active_org"})
_DEPARTMENTS = frozenset({"org_dept_create", "org_dept_modify", "org_dept_remove"})

_log = structlog.get_logger(__name__)


def fields_of(raw: str | bytes) -> Fields:
    """A JSON object; ValueError for anything else."""
    try:
        found = json.loads(raw)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def is_quota_used_up(fields: Fields) -> bool:
    """Whether DingTalk tells, in a message without words, that the month's are used up."""
    return str(fields.get("errorCode", "")) == QUOTA_USED_UP


def message(
    fields: Fields, settings: DingTalkSettings, hosts: Hosts, now: datetime, *, trusted: bool
) -> Message | None:
    """A robot message; None for one of another company or of somebody without an id.

    `now` stands in for a time that can't be read. `trusted` says whether the body is DingTalk's
    for sure: if it isn't, nothing in it says where the answer goes, but to its sender alone.
    """
    source = _sender(fields, settings)
    message_id = _text(fields, "msgId")
    if source is None or not message_id:
        return None
    kind, words, media = _content(fields)
    in_group = trusted and _text(fields, "conversationType") == _GROUP
    until = _instant(fields.get("sessionWebhookExpiredTime"), now)
    route = _route(fields, hosts) if trusted else ""
    return Message(
        source=source,
        message_id=message_id,
        text=words,
        at=_instant(fields.get("createAt"), now),
        chat=_text(fields, "conversationId") or None if in_group else None,
        kind=kind,
        media=media,
        route=route or None,
        route_until=until if route else None,
        trusted=trusted,
    )


def _route(fields: Fields, hosts: Hosts) -> str:
    route = _text(fields, "sessionWebhook")
    if route and not hosts.allows(route):
        _log.warning("dingtalk.route_dropped", why="another host")
        return ""
    return route


def tap(
    fields: Fields, settings: DingTalkSettings, digest: str, now: datetime, *, trusted: bool
) -> Tap | None:
    """A pressed button; None for another company's, or what is no press of ours.

    `trusted` as with a message. That the card is the presser's own is checked where cards are
    kept.
    """
    user, card_key = _text(fields, "userId"), _text(fields, "outTrackId")
    corp = _text(fields, "corpId") or settings.corp_id
    if corp != settings.corp_id or not user or not card_key:
        _log.warning("dingtalk.tap_dropped", of_other_corp=corp != settings.corp_id)
        return None
    in_group = trusted and _text(fields, "spaceType") == _IN_GROUP
    return Tap(
        source=_source(settings, user),
        card_key=card_key,
        press=_press(fields),
        update_code=LASTING,
        at=now,
        digest=digest,
        chat=_text(fields, "spaceId") or None if in_group else None,
    )


def staffing(
    kind: str, fields: Fields, settings: DingTalkSettings, digest: str, now: datetime
) -> Staffing | None:
    """A change of the address book; None for any other event."""
    given = fields.get("userId", ())
    people = tuple(str(user) for user in (given if isinstance(given, list) else [given]) if user)
    left = kind == "user_leave_org"
    departments = kind in _DEPARTMENTS
    if not departments and not ((left or kind in _JOINED) and people):
        return None
    return Staffing(
        source=_source(settings, ""),
        at=now,
        digest=digest,
        left=people if left else (),
        changed=people if kind in _JOINED else (),
        departments=departments,
    )


def digest_of(*parts: str) -> str:
    """Names an event that has no id of its own."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def _sender(fields: Fields, settings: DingTalkSettings) -> Source | None:
    """Who wrote; there is no id of people outside, nor of anybody before the app is published."""
    corp = _text(fields, "senderCorpId") or _text(fields, "chatbotCorpId")
    user = _text(fields, "senderStaffId")
    if corp != settings.corp_id:
        _log.warning("dingtalk.message_dropped", why="of another company")
        return None
    if not user:
        _log.warning("dingtalk.message_dropped", why="no senderStaffId: is the app published?")
        return None
    return _source(settings, user)


def _source(settings: DingTalkSettings, user: str) -> Source:
    # Not folded: nothing says that DingTalk's ids ignore case, and two people must stay two.
    return Source(platform=PLATFORM, corp=settings.corp_id, app=settings.app, sender=user)


def _content(fields: Fields) -> tuple[str, str, str | None]:
    """Kind, words and the recording's code; a recording that was recognised is words."""
    kind = _text(fields, "msgtype")
    content = fields.get("content")
    inner: Fields = content if isinstance(content, dict) else {}
    if kind == "text":
        spoken = fields.get("text")
        words = _text(spoken, "content") if isinstance(spoken, dict) else ""
        return "text", (words or (content if isinstance(content, str) else "")).strip(), None
    if kind == "richText":
        words = _rich(inner.get("richText"))
        return ("text", words, None) if words else ("other", "", None)
    if kind == "audio":
        words = _text(inner, "recognition").strip()
        return ("text", words, None) if words else ("voice", "", _text(inner, "downloadCode"))
    return "other", "", None


def _rich(parts: object) -> str:
    texts = [
        part["text"]
        for part in (parts if isinstance(parts, list) else [])
        if isinstance(part, dict) and isinstance(part.get("text"), str)
    ]
    return "".join(texts).strip()


def _press(fields: Fields) -> str:
    """What the button carries; one page of the docs spells content and params otherwise."""
    for name in ("content", "value"):
        given = fields.get(name)
        try:
            content = fields_of(given) if isinstance(given, str) else given
        except ValueError:
            continue
        if not isinstance(content, dict):
            continue
        private = content.get("cardPrivateData")
        inner = private.get("params") if isinstance(private, dict) else None
        params = inner if isinstance(inner, dict) else content.get("params")
        if isinstance(params, dict) and isinstance(params.get("press"), str):
            return str(params["press"])
    return ""


def _text(fields: object, name: str) -> str:
    """A text field, "" where it is missing or none; a number as its digits."""
    value = fields.get(name) if isinstance(fields, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def _instant(value: object, now: datetime) -> datetime:
    """Of milliseconds, as a number or as digits."""
    try:
        return datetime.fromtimestamp(int(str(value)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return now
