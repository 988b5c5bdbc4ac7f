"""Files on their way: what the bot uploads, and what members send for it to fetch."""

import secrets
from collections.abc import Callable

from aiohttp import BodyPartReader, web

from simulator.dingtalk.config import DingTalkConfig
from simulator.dingtalk.errors import NewError, OldError
from simulator.dingtalk.gate import Answer, Call, Endpoint

_MEGABYTE = 1024 * 1024
_UPLOADS = {
    "image": (20, ("jpg", "jpeg", "gif", "png", "bmp")),
    "voice": (2, ("amr", "mp3", "wav")),
    "video": (20, ("mp4",)),
    "file": (20, ("doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "pdf", "rar")),
}


class Files:
    """media/upload, robot/messageFiles/download and the signed address that it gives."""

    def __init__(
        self, config: DingTalkConfig, now: Callable[[], float], base_url: Callable[[], str]
    ) -> None:
        self._config = config
        self._now = now
        self._base_url = base_url
        self._media: dict[str, bytes] = {}
        self._received: dict[str, bytes] = {}
        self._links: dict[str, tuple[bytes, float]] = {}

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/media/upload",
                api="media/upload",
                handler=self._upload,
                age="old",
                reads_json=False,
            ),
            Endpoint(
                method="POST",
                path="/v1.0/robot/messageFiles/download",
                api="robot/messageFiles/download",
                handler=self._download,
                permission="qyapi_robot_sendmsg",
            ),
        ]

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/file/{key}", self._fetch)]

    def find(self, media_id: str) -> bytes:
        """The bytes behind a media_id, b"" for anything else."""
        return self._media.get(media_id, b"")

    def receive(self, raw: bytes) -> str:
        """Keeps what a member sends; returns its downloadCode."""
        code = secrets.token_urlsafe(48)
        self._received[code] = raw
        return code

    async def _upload(self, call: Call) -> Answer:
        request = call.request
        if not request.content_type.startswith("multipart/"):
            raise OldError(43004)
        kind, name, raw = await _read_parts(request)
        if kind not in _UPLOADS:
            raise OldError(40004, kind)
        most, endings = _UPLOADS[kind]
        if name.rpartition(".")[2].lower() not in endings:
            raise OldError(40004, name)
        if not 0 < len(raw) <= most * _MEGABYTE:
            raise OldError(40006, f"{len(raw)} bytes")
        media_id = f"@lA{secrets.token_urlsafe(24)}"
        self._media[media_id] = raw
        created = int(self._now() * 1000)
        told = {"media_id": media_id, "type": kind, "created_at": created}
        return {"errcode": 0, "errmsg": "ok", **told}

    async def _download(self, call: Call) -> Answer:
        if call.body.get("robotCode") != self._config.robot:
            raise NewError("invalidParameter.robotCode.auth")
        code = call.body.get("downloadCode")
        if not isinstance(code, str) or code not in self._received:
            raise NewError("invalidParameter.robotCode.downloadCode")
        key = secrets.token_urlsafe(16)
        until = self._now() + self._config.download_seconds
        self._links[key] = (self._received[code], until)
        query = f"Expires={int(until)}&OSSAccessKeyId=simulated&Signature={key[:8]}"
        return {"downloadUrl": f"{self._base_url()}/file/{key}?{query}"}

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        """As an object store does: no name that helps, no type that tells."""
        raw, until = self._links.get(request.match_info["key"], (b"", 0.0))
        if self._now() >= until:
            return web.Response(status=403, text="AccessDenied: Request has expired.")
        return web.Response(body=raw, content_type="application/octet-stream")


async def _read_parts(request: web.Request) -> tuple[str, str, bytes]:
    """Type, file name and bytes; the type may stand in the address as well."""
    kind, name, raw = request.query.get("type", ""), "", b""
    reader = await request.multipart()
    async for part in reader:
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "type":
            kind = (await part.text()).strip()
        elif part.name == "media" and part.filename:
            name, raw = part.filename, bytes(await part.read())
    if not name:
        raise OldError(400002, "media needs a file name")
    return kind, name, raw
