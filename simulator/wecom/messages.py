"""What WeCom accepts as a message of the app or of a group robot (90236, 99110)."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.wecom.cards import check_card
from simulator.wecom.errors import ApiError

APP_TEXT_BYTES = 2048
ROBOT_MARKDOWN_BYTES = 4096
ROBOT_IMAGE_BYTES = 2 * 1024 * 1024
_MEDIA_TYPES = ("image", "voice", "video", "file")
_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[0-7])[0-9a-fA-F]{4}")

FindMedia = Callable[[str, str], tuple[bytes, str]]
"""(media_id, type) → bytes and file name; raises ApiError 40007."""


@dataclass(slots=True, kw_only=True)
class Checked:
    """A payload that WeCom takes, as it shows it."""

    kind: str
    content: dict[str, Any]
    was_cut: bool = False
    attachment: bytes = b""
    warnings: list[str] = field(default_factory=list)


def read_body(raw: bytes) -> dict[str, Any]:
    r"""The JSON of a request; escapes such as \u4f60 are refused, as WeCom does."""
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise ApiError(47001) from error
    if not isinstance(body, dict):
        raise ApiError(47001)
    if _ESCAPED.search(raw):
        raise ApiError(40033)
    return body


def check_app_message(body: Mapping[str, Any], find_media: FindMedia) -> Checked:
    """Text beyond 2048 bytes is cut, every other fault is refused."""
    kind, content = _payload(body)
    if kind == "text":
        text = _content(content, kind)
        cut = cut_bytes(text, APP_TEXT_BYTES)
        return Checked(kind=kind, content={**content, "content": cut}, was_cut=cut != text)
    if kind == "markdown":
        if len(_content(content, kind).encode()) > APP_TEXT_BYTES:
            raise ApiError(45002, "markdown.content exceed max length 2048")
        return Checked(kind=kind, content=content)
    if kind in _MEDIA_TYPES:
        return _check_media(kind, content, find_media)
    if kind == "template_card":
        return Checked(kind=kind, content=content, warnings=check_card(content))
    if kind == "textcard":
        for name in ("title", "description", "url"):
            _required(content, name, kind)
        return Checked(kind=kind, content=content)
    if kind == "news":
        return _check_news(content)
    raise ApiError(40008, kind)


def check_robot_message(body: Mapping[str, Any], find_media: FindMedia) -> Checked:
    """A group robot cuts nothing: what is too long is refused."""
    kind, content = _payload(body)
    if kind in ("text", "markdown", "markdown_v2"):
        most = APP_TEXT_BYTES if kind == "text" else ROBOT_MARKDOWN_BYTES
        if len(_content(content, kind).encode()) > most:
            raise ApiError(40058, f"{kind}.content exceed max length {most}")
        return Checked(kind=kind, content=content)
    if kind == "image":
        return _check_robot_image(content)
    if kind in ("file", "voice"):
        return _check_media(kind, content, find_media)
    if kind == "template_card":
        if content.get("card_type") not in ("text_notice", "news_notice"):
            raise ApiError(40058, "template_card.card_type")
        return Checked(kind=kind, content=content, warnings=check_card(content))
    if kind == "news":
        return _check_news(content)
    raise ApiError(40008, kind)


def check_chat_message(body: Mapping[str, Any], find_media: FindMedia) -> Checked:
    """A group of the app's: as the app's own messages, but no cards (90248)."""
    kind, _ = _payload(body)
    if kind == "template_card":
        raise ApiError(40008, kind)
    return check_app_message(body, find_media)


def check_upload(kind: str, raw: bytes) -> None:
    """Type, size and first bytes of an uploaded file (90253)."""
    most = {"image": 10, "voice": 2, "video": 10, "file": 20}.get(kind)
    if most is None:
        raise ApiError(40004, kind)
    if not 5 < len(raw) <= most * 1024 * 1024:
        raise ApiError(40006, f"{len(raw)} bytes")
    if kind == "image" and not is_picture(raw):
        raise ApiError(40004, "image must be JPG or PNG")
    if kind == "voice" and not raw.startswith(b"#!AMR"):
        raise ApiError(40004, "voice must be AMR")


def is_picture(raw: bytes) -> bool:
    return raw.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))


def cut_bytes(text: str, most: int) -> str:
    """The longest beginning that fits, never half a character."""
    return text.encode()[:most].decode(errors="ignore")


def _payload(body: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    kind = body.get("msgtype")
    if not isinstance(kind, str):
        raise ApiError(40008, "msgtype is missing")
    content = body.get(kind)
    if not isinstance(content, dict):
        raise ApiError(44004 if kind in ("text", "markdown") else 40058, f"{kind} is missing")
    return kind, dict(content)


def _content(content: Mapping[str, Any], kind: str) -> str:
    text = content.get("content")
    if not isinstance(text, str) or not text.strip():
        raise ApiError(44004, kind)
    return text


def _required(content: Mapping[str, Any], name: str, kind: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not value:
        raise ApiError(40058, f"{kind}.{name} is missing")
    return value


def _check_media(kind: str, content: dict[str, Any], find_media: FindMedia) -> Checked:
    raw, filename = find_media(str(content.get("media_id", "")), kind)
    shown = {**content, "filename": filename, "size": len(raw)}
    return Checked(kind=kind, content=shown, attachment=raw)


def _check_news(content: dict[str, Any]) -> Checked:
    articles = content.get("articles")
    if not isinstance(articles, list) or not articles:
        raise ApiError(40058, "news.articles")
    if len(articles) > 8:
        raise ApiError(45008)
    for article in articles:
        if not isinstance(article, dict):
            raise ApiError(40058, "news.articles")
        _required(article, "title", "news")
    return Checked(kind="news", content=content)


def _check_robot_image(content: Mapping[str, Any]) -> Checked:
    try:
        raw = base64.b64decode(_required(content, "base64", "image"), validate=True)
    except binascii.Error as error:
        raise ApiError(40058, "image.base64") from error
    digest = hashlib.md5(raw).hexdigest()  # noqa: S324 - WeCom's protocol
    if digest != _required(content, "md5", "image").lower():
        raise ApiError(301019)
    if len(raw) > ROBOT_IMAGE_BYTES:
        raise ApiError(40009, f"{len(raw)} bytes")
    if not is_picture(raw):
        raise ApiError(40004, "image must be JPG or PNG")
    shown = {"md5": digest, "size": len(raw), "filename": ""}
    return Checked(kind="image", content=shown, attachment=raw)
