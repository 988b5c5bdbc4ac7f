"""Pictures over the AI bot's connection: in pieces, remembered while WeCom keeps them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime

from bot.platforms.contract import Refused
from bot.platforms.wecom.aibot.frames import Connection
from bot.platforms.wecom.api import WeComApi
from bot.platforms.wecom.limits import APP_IMAGE_BYTES
from bot.platforms.wecom.media import Media, picture_type

CHUNK_BYTES = 512 * 1024
"""Before base64; at most a hundred of them."""


class Uploads:
    """Media ids of this bot's: others' are not good here."""

    def __init__(self, api: WeComApi, now: Callable[[], datetime]) -> None:
        self._media = Media(api, now)

    async def media_id(self, connection: Connection, content: bytes) -> str:
        """The id of a picture, uploaded unless it was before; raises a PlatformError."""
        kept = self._media.kept(content)
        if kept is not None:
            return kept
        _, suffix = picture_type(content, APP_IMAGE_BYTES)
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        starts = range(0, len(content), CHUNK_BYTES)
        begun = await connection.call(
            "aibot_upload_media_init",
            {
                "type": "image",
                "filename": f"{digest[:12]}.{suffix}",
                "total_size": len(content),
                "total_chunks": len(starts),
                "md5": digest,
            },
        )
        upload = {"upload_id": begun.get("upload_id")}
        for number, start in enumerate(starts):
            piece = base64.b64encode(content[start : start + CHUNK_BYTES]).decode()
            chunk = {**upload, "chunk_index": number, "base64_data": piece}
            await connection.call("aibot_upload_media_chunk", chunk)
        answer = dict(await connection.call("aibot_upload_media_finish", upload))
        if not answer.get("media_id"):
            raise Refused("the upload was given no media id")
        return self._media.keep(content, answer)
