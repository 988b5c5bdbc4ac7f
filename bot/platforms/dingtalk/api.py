"""HTTP calls to DingTalk: both APIs, webhooks, files; limits of time, no secret in an error."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

import aiohttp

from bot.platforms.contract import PlatformError, Refused, RetryLater, Unauthorised
from bot.platforms.dingtalk.errors import PUNISHED, UNCOUNTED, of_code, of_status, without
from bot.platforms.dingtalk.hosts import FILES, Hosts, PublicResolver
from bot.platforms.dingtalk.meter import CALLS, MESSAGES, Meter
from bot.platforms.dingtalk.settings import DingTalkSettings

CALL_SECONDS = 10.0
CONNECT_SECONDS = 5.0
UPLOAD_SECONDS = 15.0
AFTER_TIMEOUT = timedelta(seconds=5)
MOST_BYTES = 4 * 1024 * 1024

Answer = dict[str, Any]
_JSON = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}


class DingTalkApi:
    """One connection pool; `close` gives it back. What the month pays for is counted."""

    def __init__(
        self, settings: DingTalkSettings, meter: Meter, *, call_seconds: float = CALL_SECONDS
    ) -> None:
        self.hosts = Hosts((settings.api_base, settings.oapi_base))
        self._api = settings.api_base.rstrip("/") + "/v1.0/"
        self._oapi = settings.oapi_base.rstrip("/") + "/"
        self._secrets = (settings.client_secret,)
        self._meter = meter
        self._call_seconds = call_seconds
        self._http: aiohttp.ClientSession | None = None

    async def call(
        self, path: str, body: Answer, token: str = "", *, method: str = "POST", paid: bool = True
    ) -> Answer:
        """The newer API's answer; else a PlatformError."""
        headers = {**_JSON, **({"x-acs-dingtalk-access-token": token} if token else {})}
        try:
            status, raw = await self._request(
                method, self._api + path, path, data=_json(body), headers=headers
            )
            answer = _new_answer(status, raw, (*self._secrets, token))
        except PlatformError as error:
            if paid and error.code not in UNCOUNTED and not _is_throttled(error):
                self._meter.count(CALLS)
            raise
        if paid:
            self._meter.count(CALLS)
        return answer

    async def old_call(self, path: str, body: Answer, token: str) -> Answer:
        """The old API's answer where its errcode is 0; else a PlatformError. Contacts are free."""
        query = {"access_token": token}
        status, raw = await self._request(
            "POST", self._oapi + path, path, query=query, data=_json(body), headers=_JSON
        )
        return _old_answer(status, raw, (token,))

    async def post_webhook(self, url: str, body: Answer) -> None:
        """Words to the address that came with a message, which is a bearer secret."""
        if not self.hosts.allows(url):
            raise Refused("the address for answers is none of DingTalk's")
        status, raw = await self._request(
            "POST", url, "sessionWebhook", data=_json(body), headers=_JSON
        )
        _old_answer(status, raw, ())
        self._meter.count(MESSAGES)

    async def post_robot(self, query: Mapping[str, str], body: Answer) -> None:
        """Words into a group by its custom robot; every value of the query is a secret."""
        status, raw = await self._request(
            "POST", self._oapi + "robot/send", "robot/send", query=query, data=_json(body),
            headers=_JSON,
        )  # fmt: skip
        _old_answer(status, raw, query.values())
        self._meter.count(MESSAGES)

    async def upload(self, content: bytes, name: str, media_type: str, token: str) -> Answer:
        """A picture; the type stands in the address as well, where no form can misplace it."""
        form = aiohttp.FormData()
        form.add_field("type", "image")
        form.add_field("media", BytesIO(content), filename=name, content_type=media_type)
        query = {"access_token": token, "type": "image"}
        status, raw = await self._request(
            "POST", self._oapi + "media/upload", "media/upload", query=query, data=form,
            seconds=UPLOAD_SECONDS,
        )  # fmt: skip
        return _old_answer(status, raw, (token,))

    async def download(self, url: str, most: int) -> bytes:
        """A file of at most `most` bytes from where DingTalk says that it lies."""
        if not self.hosts.allows(url, FILES):
            raise Refused("the file's address is none of DingTalk's")
        status, raw = await self._request("GET", url, "file", seconds=UPLOAD_SECONDS, most=most)
        if status != 200:
            raise of_status(status) if status >= 500 else Refused(f"file: HTTP {status}")
        return raw

    async def connect(self, url: str, ping_seconds: float) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket that pings by itself and ends where no pong comes within half as long."""
        timeout = aiohttp.ClientWSTimeout(ws_close=CONNECT_SECONDS)
        return await self._session().ws_connect(
            url, heartbeat=ping_seconds, max_msg_size=MOST_BYTES, timeout=timeout
        )

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def _request(
        self,
        method: str,
        url: str,
        told: str,
        *,
        query: Mapping[str, str] | None = None,
        data: BytesIO | aiohttp.FormData | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
        most: int = MOST_BYTES,
    ) -> tuple[int, bytes]:
        timeout = aiohttp.ClientTimeout(
            total=seconds or self._call_seconds, connect=CONNECT_SECONDS
        )
        failure, status = "", 0
        raw: bytes | None = None
        try:
            async with self._session().request(
                method,
                url,
                params=query,
                data=data,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                status, raw = response.status, await _read(response, most)
        except TimeoutError:
            failure = "no answer in time"
        except (aiohttp.ClientError, OSError) as error:
            failure = type(error).__name__
        # Raised out here, without its cause: aiohttp puts the whole address, and so the secrets
        # of its query, into some messages.
        if failure:
            raise RetryLater(f"{told}: {failure}", AFTER_TIMEOUT)
        if raw is None:
            raise Refused(f"{told}: more than {most} bytes")
        return status, raw

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=PublicResolver(self.hosts.names)),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._http


def _is_throttled(error: PlatformError) -> bool:
    return isinstance(error, RetryLater) and "Limit" in str(error.code)


def _json(body: Answer) -> BytesIO:
    return BytesIO(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body, or None where there is more of it than `most` bytes."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def _new_answer(status: int, raw: bytes, secrets: Iterable[str]) -> Answer:
    answer = _object(status, raw)
    if status == 200:
        return answer
    code = answer.get("code")
    if not isinstance(code, str) or not code:
        raise of_status(status)
    error = of_code(code, without(secrets, str(answer.get("message", ""))))
    if isinstance(error, Refused) and status in (401, 403):
        raise Unauthorised(error.reason, code)
    raise error


def _old_answer(status: int, raw: bytes, secrets: Iterable[str]) -> Answer:
    """errcode may come as digits; 88 is the gateway's, with the true code in sub_code."""
    answer = _object(status, raw)
    given = answer.get("errcode", 0)
    try:
        code = int(given)
        if code == 88:
            code = int(answer.get("sub_code", 88))
    except (TypeError, ValueError):
        raise of_status(status) from None
    if status != 200:
        raise of_status(status)
    if code != 0:
        raise of_code(code, without(secrets, str(answer.get("errmsg", ""))))
    return answer


def _object(status: int, raw: bytes) -> Answer:
    """The JSON object; what DingTalk's punishing gateway says instead of an answer is raised."""
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise of_status(status)
    if answer.get("punish") or answer.get("source") == PUNISHED:
        raise of_code(PUNISHED, "this address called too often and is shut out for five minutes")
    return answer
