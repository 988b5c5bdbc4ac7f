"""HTTP calls to WeCom's API: limits of time, errors as ours, no secret in either."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import aiohttp

from bot.platforms.calls import CALL_SECONDS, UPLOAD_SECONDS, Calls, json_body, without
from bot.platforms.wecom.errors import of_code, of_status

Answer = dict[str, Any]


class WeComApi:
    """One connection pool to one address; `close` gives it back."""

    def __init__(self, api_base: str, *, call_seconds: float = CALL_SECONDS) -> None:
        self._base = api_base.rstrip("/") + "/cgi-bin/"
        self._calls = Calls(call_seconds)

    async def get(self, path: str, query: Mapping[str, str]) -> Answer:
        """The answer's JSON where errcode is 0; else a PlatformError."""
        return await self._call("GET", path, query)

    async def post(self, path: str, query: Mapping[str, str], body: Answer) -> Answer:
        """As `get`, with a JSON body."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return await self._call("POST", path, query, data=json_body(body), headers=headers)

    async def upload(
        self, path: str, query: Mapping[str, str], content: bytes, name: str, media_type: str
    ) -> Answer:
        """As `get`, with a file in the field "media"."""
        form = aiohttp.FormData()
        form.add_field("media", BytesIO(content), filename=name, content_type=media_type)
        return await self._call("POST", path, query, data=form, seconds=UPLOAD_SECONDS)

    async def download(self, path: str, query: Mapping[str, str], most: int) -> bytes:
        """A file of at most `most` bytes; a fault comes as JSON and is raised as elsewhere."""
        status, raw = await self._request("GET", path, query, seconds=UPLOAD_SECONDS, most=most)
        if status != 200 or raw.lstrip()[:1] == b"{":
            _checked(status, raw, query.values())
        return raw

    async def close(self) -> None:
        """Close the connections."""
        await self._calls.close()

    async def _call(self, method: str, path: str, query: Mapping[str, str], **what: Any) -> Answer:
        status, raw = await self._request(method, path, query, **what)
        return _checked(status, raw, query.values())

    async def _request(
        self, method: str, path: str, query: Mapping[str, str], **what: Any
    ) -> tuple[int, bytes]:
        return await self._calls.send(path, method, self._base + path, params=query, **what)


def _checked(status: int, raw: bytes, secrets: Any) -> Answer:
    try:
        answer = json.loads(raw)
        code = int(answer.get("errcode", 0)) if status == 200 else None
    except (ValueError, TypeError, AttributeError):
        code = None
    if code is None:
        raise of_status(status)
    if code != 0:
        raise of_code(code, without(secrets, str(answer.get("errmsg", ""))))
    return dict(answer)
