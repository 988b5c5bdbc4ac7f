"""HTTP calls to WeCom's API: limits of time, errors as ours, no secret in either."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

import aiohttp

from bot.platforms.contract import Refused, RetryLater
from bot.platforms.wecom.errors import of_code, of_status, without

CALL_SECONDS = 10.0
CONNECT_SECONDS = 5.0
UPLOAD_SECONDS = 15.0
AFTER_TIMEOUT = timedelta(seconds=5)
MOST_BYTES = 4 * 1024 * 1024

Answer = dict[str, Any]


class WeComApi:
    """One connection pool to one address; `close` gives it back."""

    def __init__(self, api_base: str, *, call_seconds: float = CALL_SECONDS) -> None:
        self._base = api_base.rstrip("/") + "/cgi-bin/"
        self._call_seconds = call_seconds
        self._http: aiohttp.ClientSession | None = None

    async def get(self, path: str, query: Mapping[str, str]) -> Answer:
        """The answer's JSON where errcode is 0; else a PlatformError."""
        return await self._call("GET", path, query)

    async def post(self, path: str, query: Mapping[str, str], body: Answer) -> Answer:
        """As `get`, with a JSON body; escapes such as \\u4f60 would be refused with 40033."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return await self._call("POST", path, query, data=BytesIO(content), headers=headers)

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
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        *,
        data: BytesIO | aiohttp.FormData | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Answer:
        status, raw = await self._request(
            method, path, query, data=data, headers=headers, seconds=seconds
        )
        return _checked(status, raw, query.values())

    async def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        *,
        data: BytesIO | aiohttp.FormData | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
        most: int = MOST_BYTES,
    ) -> tuple[int, bytes]:
        timeout = aiohttp.ClientTimeout(
            total=seconds or self._call_seconds, connect=CONNECT_SECONDS
        )
        failure = ""
        status: int = 0
        raw: bytes | None = None
        try:
            async with self._session().request(
                method,
                self._base + path,
                params=query,
                data=data,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                status, raw = response.status, await _read(response, most)
        except TimeoutError:
            failure = "no answer in time"
        except aiohttp.ClientError as error:
            failure = type(error).__name__
        # Raised out here, without its cause: aiohttp puts the whole address, and so the secrets
        # of its query, into some messages.
        if failure:
            raise RetryLater(f"{path}: {failure}", AFTER_TIMEOUT)
        if raw is None:
            raise Refused(f"{path}: more than {most} bytes")
        return status, raw

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._http


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body, or None where there is more of it than `most` bytes."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


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
