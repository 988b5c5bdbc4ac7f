"""What DingTalk takes as a robot's message, and what a phone shows of it."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.dingtalk.errors import NewError, OldError
from simulator.ledger import Button, Face

_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_SEND_LINK = "dtmd://dingtalkclient/sendMessage?"
_MARKDOWN = ("title", "text")
_CARD = (*_MARKDOWN, "singleTitle", "singleURL")

FindMedia = Callable[[str], bytes]
"""media_id → bytes; b"" for an address or an unknown id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A payload that DingTalk takes, as it shows it."""

    kind: str
    content: dict[str, Any]
    face: Face
    attachment: bytes = b""


def _vertical(count: int) -> tuple[str, ...]:
    numbers = range(1, count + 1)
    return (*_MARKDOWN, *(f"action{part}{n}" for n in numbers for part in ("Title", "URL")))


API_KEYS = {
    "sampleText": ("content",),
    "sampleMarkdown": _MARKDOWN,
    "sampleImageMsg": ("photoURL",),
    "sampleLink": (*_MARKDOWN, "picUrl", "messageUrl"),
    "sampleActionCard": _CARD,
    **{f"sampleActionCard{n}": _vertical(n) for n in range(2, 6)},
    "sampleActionCard6": (
        *_MARKDOWN, "buttonTitle1", "buttonUrl1", "buttonTitle2", "buttonUrl2",
    ),
    "sampleAudio": ("mediaId", "duration"),
    "sampleFile": ("mediaId", "fileName", "fileType"),
    "sampleVideo": ("duration", "videoMediaId", "videoType", "picMediaId"),
}  # fmt: skip


def read_api_message(body: Mapping[str, Any], most_bytes: int, find: FindMedia) -> Shown:
    """msgKey and msgParam, a JSON string, of the robot's two sending calls."""
    key, param = body.get("msgKey"), body.get("msgParam")
    if not isinstance(key, str) or key not in API_KEYS:
        raise NewError("invalidParameter.msgKey.invalid")
    if not isinstance(param, str):
        raise NewError("invalidParameter.msgParam.invalid", "msgParam must be a JSON string")
    if len(param.encode()) > most_bytes:
        raise NewError("invalidParameter.msgParam.tooLong")
    try:
        fields = json.loads(param)
    except ValueError as error:
        raise NewError("invalidParameter.msgParam.invalid") from error
    if not isinstance(fields, dict):
        raise NewError("invalidParameter.msgParam.invalid")
    for name in API_KEYS[key]:
        if not isinstance(fields.get(name), str) or not fields[name]:
            raise NewError("invalidParameter.msgParam.invalid", f"{name} is missing")
    return _api_shown(key, fields, find)


def _api_shown(key: str, fields: dict[str, Any], find: FindMedia) -> Shown:
    media = fields.get("photoURL") or fields.get("mediaId") or fields.get("videoMediaId") or ""
    if media:
        raw = find(media)
        text = "" if key == "sampleImageMsg" else str(fields.get("fileName", ""))
        face = Face(text=text, has_picture=key == "sampleImageMsg")
        return Shown(kind=key, content=fields, face=face, attachment=raw)
    if key == "sampleText":
        return Shown(kind=key, content=fields, face=Face(text=fields["content"]))
    buttons = [
        Button(text, "", str(fields[name.replace("Title", ending)]))
        for name, text in fields.items()
        for ending in ("Url", "URL")
        if "Title" in name and name.replace("Title", ending) in fields
    ]
    return _words(key, fields, (fields["title"], fields["text"]), buttons, find)


def read_webhook_message(body: Mapping[str, Any], find: FindMedia) -> Shown:
    """A message of sessionWebhook or of a custom robot."""
    kind = body.get("msgtype")
    if kind not in ("text", "markdown", "actionCard", "link", "feedCard"):
        raise OldError(400105)
    fields = body.get(kind)
    if not isinstance(fields, dict):
        raise OldError(40035, f"{kind} is missing")
    if kind == "text":
        return Shown(kind=kind, content=fields, face=Face(text=_text(fields, "content")))
    if kind == "feedCard":
        links = _list(fields, "links")
        text = "\n".join(_text(link, "title") for link in links)
        return Shown(kind=kind, content=fields, face=Face(text=text))
    words = _text(fields, "title"), _text(fields, "text")
    return _words(kind, fields, words, _webhook_buttons(kind, fields), find)


def _webhook_buttons(kind: str, fields: Mapping[str, Any]) -> list[Button]:
    if kind != "actionCard":
        return []
    if "btns" in fields:
        buttons = _list(fields, "btns")
        return [Button(_text(b, "title"), "", _text(b, "actionURL")) for b in buttons]
    return [Button(_text(fields, "singleTitle"), "", _text(fields, "singleURL"))]


def _words(
    kind: str,
    fields: dict[str, Any],
    words: tuple[str, str],
    buttons: list[Button],
    find: FindMedia,
) -> Shown:
    """Markdown: its first picture is attached, its dtmd links can be pressed."""
    title, text = words
    links = _LINK.findall(text)
    pictures = [raw for mark, _, url in links if mark and (raw := find(url))]
    sending = [Button(w, "", url) for mark, w, url in links if not mark and _sends(url)]
    foot = " ".join(f"［{button.text}］" for button in buttons)
    face = Face(
        text="\n".join(part for part in (text, foot) if part),
        title=title,
        body=text,
        buttons=(*buttons, *sending),
        has_picture=bool(pictures),
    )
    attachment = pictures[0] if pictures else b""
    return Shown(kind=kind, content=fields, face=face, attachment=attachment)


def _sends(url: str) -> bool:
    return url.startswith(_SEND_LINK)


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise OldError(40035, f"{name} is missing")
    return value


def _list(fields: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = fields.get(name)
    if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
        raise OldError(40035, f"{name} is missing")
    return value
