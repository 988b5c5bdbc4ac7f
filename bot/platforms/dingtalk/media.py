"""Uploaded pictures, remembered: a media id may be used again."""

from __future__ import annotations

import hashlib

from bot.platforms.contract import Refused
from bot.platforms.dingtalk.account import Account
from bot.platforms.dingtalk.limits import IMAGE_BYTES

MOST_KEPT = 500

_TYPES = ((b"\x89PNG\r\n\x1a\n", "image/png", "png"), (b"\xff\xd8\xff", "image/jpeg", "jpg"))


class Media:
    """Media ids by the hash of what was uploaded; they are the same for everybody."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._kept: dict[str, str] = {}

    async def id_of(self, content: bytes) -> str:
        """The picture's media id, uploaded where it wasn't; raises a PlatformError."""
        digest = hashlib.sha256(content).hexdigest()
        known = self._kept.get(digest)
        if known is not None:
            return known
        media_type, suffix = picture_type(content)
        media_id = await self._account.upload(content, f"{digest[:12]}.{suffix}", media_type)
        while len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[digest] = media_id
        return media_id


def picture_type(content: bytes) -> tuple[str, str]:
    """Media type and suffix; Refused for anything but PNG and JPEG within DingTalk's limit."""
    if len(content) > IMAGE_BYTES:
        raise Refused(f"picture of {len(content)} bytes, limit {IMAGE_BYTES}")
    for start, media_type, suffix in _TYPES:
        if content.startswith(start):
            return media_type, suffix
    raise Refused("the picture is neither PNG nor JPEG")
