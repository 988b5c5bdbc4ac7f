"""Media that the AI bot sends over its WebSocket in pieces (101463)."""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.limits import Window
from simulator.wecom.errors import ApiError
from simulator.wecom.messages import check_upload
from simulator.wecom.stores import Media, MediaStore

_CHUNK_BYTES = 512 * 1024
_MOST_CHUNKS = 100
_UPLOAD_SECONDS = 1800.0
_OWNER = "aibot"

Body = Mapping[str, Any]


@dataclass(slots=True)
class _Upload:
    kind: str
    filename: str
    size: int
    chunks: int
    md5: str
    begun_at: float
    parts: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    """init, chunk (from 0, in any order, again if need be), finish."""

    def __init__(self, store: MediaStore, now: Callable[[], float]) -> None:
        self._store = store
        self._now = now
        self._uploads: dict[str, _Upload] = {}
        self._minute = Window(30, 60.0, now)
        self._hour = Window(1000, 3600.0, now)

    async def begin(self, _request_id: str, body: Body) -> dict[str, Any]:
        try:
            upload = _Upload(
                kind=str(body["type"]),
                filename=str(body["filename"]),
                size=int(body["total_size"]),
                chunks=int(body["total_chunks"]),
                md5=str(body.get("md5") or ""),
                begun_at=self._now(),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ApiError(40058, "upload") from error
        if not 1 <= upload.chunks <= _MOST_CHUNKS or not upload.filename:
            raise ApiError(40058, "total_chunks or filename")
        if not (self._minute.has_room(_OWNER) and self._hour.has_room(_OWNER)):
            raise ApiError(45009)
        self._minute.take(_OWNER)
        self._hour.take(_OWNER)
        upload_id = secrets.token_urlsafe(16)
        self._uploads[upload_id] = upload
        return {"upload_id": upload_id}

    async def chunk(self, _request_id: str, body: Body) -> dict[str, Any]:
        upload = self._upload(body)
        index = body.get("chunk_index")
        if not isinstance(index, int) or not 0 <= index < upload.chunks:
            raise ApiError(40058, "chunk_index")
        try:
            raw = base64.b64decode(body["base64_data"], validate=True)
        except (KeyError, TypeError, binascii.Error) as error:
            raise ApiError(40058, "base64_data") from error
        if not 0 < len(raw) <= _CHUNK_BYTES:
            raise ApiError(40006, f"{len(raw)} bytes")
        upload.parts[index] = raw
        return {}

    async def finish(self, _request_id: str, body: Body) -> dict[str, Any]:
        upload = self._upload(body)
        if len(upload.parts) != upload.chunks:
            raise ApiError(40058, "chunks are missing")
        raw = b"".join(upload.parts[index] for index in range(upload.chunks))
        digest = hashlib.md5(raw).hexdigest()  # noqa: S324 - WeCom's protocol
        if len(raw) != upload.size or (upload.md5 and digest != upload.md5.lower()):
            raise ApiError(301019)
        check_upload(upload.kind, raw)
        media_id, media = self._store.add(upload.kind, upload.filename, "", raw, _OWNER)
        del self._uploads[str(body["upload_id"])]
        return {"type": upload.kind, "media_id": media_id, "created_at": int(media.created_at)}

    def media(self, kind: str, content: object) -> Media:
        """What a message names; 40007 for an id that isn't one, or of another type."""
        media_id = content.get("media_id") if isinstance(content, dict) else None
        media = self._store.get(str(media_id or ""), owner=_OWNER)
        if media.kind != kind:
            raise ApiError(40007, f"it is of type {media.kind}")
        return media

    def _upload(self, body: Body) -> _Upload:
        upload = self._uploads.get(str(body.get("upload_id") or ""))
        if upload is None or self._now() - upload.begun_at > _UPLOAD_SECONDS:
            raise ApiError(40058, "upload_id")
        return upload
