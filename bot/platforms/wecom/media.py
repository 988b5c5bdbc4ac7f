"""Uploaded pictures, remembered for as long as WeCom keeps them (path/90253)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.platforms.contract import Refused
from bot.platforms.wecom.api import Answer, WeComApi
from bot.platforms.wecom.limits import APP_IMAGE_BYTES, MEDIA_HOURS, ROBOT_IMAGE_BYTES

KEPT = timedelta(hours=MEDIA_HOURS - 1)
MOST_KEPT = 500

_TYPES = ((b"\x89PNG\r\n\x1a\n", "image/png", "png"), (b"\xff\xd8\xff", "image/jpeg", "jpg"))


class Media:
    """Media ids by the hash of what was uploaded; they are the same for everybody."""

    def __init__(self, api: WeComApi, now: Callable[[], datetime]) -> None:
        self._api = api
        self._now = now
        self._kept: dict[str, tuple[str, datetime]] = {}

    def kept(self, content: bytes) -> str | None:
        """The id of an earlier upload that WeCom still has."""
        media_id, until = self._kept.get(_digest(content), ("", self._now()))
        return media_id if self._now() < until else None

    async def upload(self, content: bytes, token: str) -> Answer:
        """Upload a picture; Refused for what WeCom takes for none."""
        media_type, suffix = picture_type(content, APP_IMAGE_BYTES)
        query = {"access_token": token, "type": "image"}
        name = f"{_digest(content)[:12]}.{suffix}"
        return await self._api.upload("media/upload", query, content, name, media_type)

    def keep(self, content: bytes, answer: Answer) -> str:
        """Remember what an upload answered; returns the id."""
        media_id = str(answer["media_id"])
        while len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept.pop(_digest(content), None)
        self._kept[_digest(content)] = (media_id, self._now() + KEPT)
        return media_id


def robot_picture(content: bytes) -> bytes:
    """The picture, if a group robot may send it; else Refused."""
    picture_type(content, ROBOT_IMAGE_BYTES)
    return content


def picture_type(content: bytes, limit: int) -> tuple[str, str]:
    """Media type and suffix; Refused for anything but PNG and JPEG of at most `limit` bytes."""
    if len(content) > limit:
        raise Refused(f"picture of {len(content)} bytes, limit {limit}")
    for start, media_type, suffix in _TYPES:
        if content.startswith(start):
            return media_type, suffix
    raise Refused("the picture is neither PNG nor JPEG")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
