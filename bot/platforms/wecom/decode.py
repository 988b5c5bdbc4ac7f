"""A decrypted callback as a neutral event (path/90239, path/90240)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from xml.etree.ElementTree import ParseError, fromstring

import structlog
from defusedxml import DefusedXmlException, ElementTree

from bot.events import Entered, Event, Message, Source, Staffing, Tap
from bot.platforms.envelope import Forged
from bot.platforms.wecom.settings import WeComSettings

PLATFORM = "wecom"

NOT_OURS = frozenset(
    {
        "subscribe", "unsubscribe", "click", "view", "view_miniprogram", "scancode_push",
        "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
        "location_select", "location", "template_card_menu_event", "sys_approval_change",
        "open_approval_change", "batch_job_result", "upload_media_job_finish", "low_active",
        "active_restored",
    }
)  # fmt: skip
"""Events that Gendan has no use for: acknowledged, else WeCom sends them again."""

ALARMS = frozenset(
    {"inactive_alert", "close_inactive_agent", "reopen_inactive_agent", "low_active_alert"}
)
"""WeCom switches off an app that nobody uses: an operator should know."""

CONTACTS = "contacts"
"""Where address-book events come from, in place of an app."""
GONE = frozenset({"2", "5"})
"""A member's status: disabled, or left the company."""

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")

_log = structlog.get_logger(__name__)


def envelope(body: bytes) -> str:
    """The sealed text in the outer XML; raises Forged. Nothing else in it is signed or read."""
    try:
        return _fields(body.decode())["Encrypt"]
    except (ValueError, KeyError, ParseError):
        raise Forged from None


def decode(payload: bytes, now: datetime, settings: WeComSettings) -> Event | None:
    """The event; None for one that isn't ours, Forged for another corp's or another app's.

    `now` stands in for a time of sending that can't be read.
    """
    fields = _inner(payload.decode(errors="replace"))
    if fields.get("ToUserName", "").lower() != settings.corp_id.lower():
        raise Forged
    event = fields.get("Event", "").lower() if fields.get("MsgType") == "event" else None
    if event == "change_contact":
        return _staffing(fields, settings, now, payload)
    if event is not None and _is_dropped(event):
        return None
    sender = fields.get("FromUserName", "").lower()
    if fields.get("AgentID") != settings.app or not sender:
        raise Forged
    source = Source(platform=PLATFORM, corp=settings.corp_id, app=settings.app, sender=sender)
    at = _instant(fields.get("CreateTime", ""), now)
    digest = hashlib.sha256(payload).hexdigest()
    if event is None:
        return _message(fields, source, at, digest)
    if event == "enter_agent":
        return Entered(source=source, at=at, digest=digest)
    return _tap(fields, source, at, digest)


def decode_contacts(payload: bytes, now: datetime, settings: WeComSettings) -> Event | None:
    """As `decode`, of what the address-book helper tells: nothing but changes of the book."""
    fields = _inner(payload.decode(errors="replace"))
    if fields.get("ToUserName", "").lower() != settings.corp_id.lower():
        raise Forged
    if fields.get("Event", "").lower() != "change_contact":
        return None
    return _staffing(fields, settings, now, payload)


def _staffing(
    fields: Mapping[str, str], settings: WeComSettings, now: datetime, payload: bytes
) -> Staffing | None:
    """A change of members or departments (path/90970); None for one of tags.

    Since 2022 an event names whom it is about and little else: the book tells the rest.
    """
    change = fields.get("ChangeType", "")
    people = tuple(
        user.lower() for user in (fields.get("UserID"), fields.get("NewUserID")) if user
    )
    left = change == "delete_user" or fields.get("Status") in GONE
    departments = change in ("create_party", "update_party", "delete_party")
    if not departments and not (change.endswith("_user") and people):
        return None
    return Staffing(
        source=Source(platform=PLATFORM, corp=settings.corp_id, app=CONTACTS, sender=""),
        at=_instant(fields.get("CreateTime", ""), now),
        digest=hashlib.sha256(payload).hexdigest(),
        left=people if left and not departments else (),
        changed=() if left or departments else people,
        departments=departments,
    )


def _is_dropped(event: str) -> bool:
    """Whether it is an event that makes nothing; says so in the log, by its name only."""
    if event in ("enter_agent", "template_card_event"):
        return False
    if event in NOT_OURS:
        _log.info("wecom.event_dropped", event_name=event)
    elif event in ALARMS:
        _log.warning("wecom.app_inactive", event_name=event)
    else:
        _log.warning("wecom.event_unknown", event_name=event[:40])
    return True


def _message(fields: Mapping[str, str], source: Source, at: datetime, digest: str) -> Message:
    kind = fields.get("MsgType", "")
    return Message(
        source=source,
        message_id=fields.get("MsgId") or digest,
        text=fields.get("Content", "") if kind == "text" else "",
        at=at,
        kind=kind if kind in ("text", "voice") else "other",
        media=fields.get("MediaId") or None if kind == "voice" else None,
    )


def _tap(fields: Mapping[str, str], source: Source, at: datetime, digest: str) -> Tap:
    return Tap(
        source=source,
        card_key=fields.get("TaskId", ""),
        press=fields.get("EventKey", ""),
        update_code=fields.get("ResponseCode") or None,
        at=at,
        digest=digest,
    )


def _inner(text: str) -> dict[str, str]:
    """The fields; what XML forbids is left out, for WeCom passes on whatever a phone sent."""
    legal = _ILLEGAL.sub("", text)
    for attempt in (legal, _REFERENCE.sub(_legal_reference, legal)):
        try:
            return _fields(attempt)
        except ParseError:
            continue
        except DefusedXmlException:
            break
    raise Forged


def _fields(text: str) -> dict[str, str]:
    """The children's texts by tag; DTD and entities raise DefusedXmlException, a ValueError.

    Entities need a DOCTYPE: without one the C parser is as safe and takes 11 µs, not 35.
    With one, defusedxml tells a DTD from a person who writes about it.
    """
    if "<!DOCTYPE" in text:
        root = ElementTree.fromstring(text, forbid_dtd=True)
    else:
        root = fromstring(text)  # noqa: S314 (no DOCTYPE, no entities)
    return {child.tag: child.text or "" for child in root}


def _legal_reference(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    return match[0] if code <= 0x10FFFF and not _ILLEGAL.match(chr(code)) else ""


def _instant(seconds: str, now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return now
