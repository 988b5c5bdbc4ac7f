"""HTTP calls to DingTalk: both APIs, webhooks, files; limits of time, no secret in an error."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import aiohttp

from bot.http import CONNECT_SECONDS
from bot.platforms.calls import CALL_SECONDS, MOST_BYTES, UPLOAD_SECONDS, Calls, json_body, without
from bot.platforms.contract import PlatformError, Refused, RetryLater, Unauthorised
from bot.platforms.dingtalk.errors import PUNISHED, UNCOUNTED, of_code, of_status
from bot.platforms.dingtalk.hosts import FILES, Hosts, PublicResolver
from bot.platforms.dingtalk.meter import CALLS, MESSAGES, Meter
from bot.platforms.dingtalk.settings import DingTalkSettings

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
        names = self.hosts.names
        self._calls = Calls(
            call_seconds, connector=lambda: aiohttp.TCPConnector(resolver=PublicResolver(names))
        )

    async def call(
        self, path: str, body: Answer, token: str = "", *, method: str = "POST", paid: bool = True
    ) -> Answer:
        """The newer API's answer; else a PlatformError."""
        headers = {**_JSON, **({"x-acs-dingtalk-access-token": token} if token else {})}
        try:
            status, raw = await self._calls.send(
                path, method, self._api + path, data=json_body(body), headers=headers
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
        status, raw = await self._calls.send(
            path, "POST", self._oapi + path, params=query, data=json_body(body), headers=_JSON
        )
        return _old_answer(status, raw, (token,))

    async def post_webhook(self, url: str, body: Answer) -> None:
        """Words to the address that came with a message, which is a bearer secret."""
        if not self.hosts.allows(url):
            raise Refused("the address for answers is none of DingTalk's")
        status, raw = await self._calls.send(
            "sessionWebhook", "POST", url, data=json_body(body), headers=_JSON
        )
        _old_answer(status, raw, ())
        self._meter.count(MESSAGES)

    async def post_robot(self, query: Mapping[str, str], body: Answer) -> None:
        """Words into a group by its custom robot; every value of the query is a secret."""
        status, raw = await self._calls.send(
            "robot/send", "POST", self._oapi + "robot/send", params=query, data=json_body(body),
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
        status, raw = await self._calls.send(
            "media/upload", "POST", self._oapi + "media/upload", params=query, data=form,
            seconds=UPLOAD_SECONDS,
        )  # fmt: skip
        return _old_answer(status, raw, (token,))

    async def download(self, url: str, most: int) -> bytes:
        """A file of at most `most` bytes from where DingTalk says that it lies."""
        if not self.hosts.allows(url, FILES):
            raise Refused("the file's address is none of DingTalk's")
        status, raw = await self._calls.send("file", "GET", url, seconds=UPLOAD_SECONDS, most=most)
        if status != 200:
            raise of_status(status) if status >= 500 else Refused(f"file: HTTP {status}")
        return raw

    async def connect(self, url: str, ping_seconds: float) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket that pings by itself and ends where no pong comes within half as long."""
        timeout = aiohttp.ClientWSTimeout(ws_close=CONNECT_SECONDS)
        return await self._calls.session.ws_connect(
            url, heartbeat=ping_seconds, max_msg_size=MOST_BYTES, timeout=timeout
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._calls.close()


def _is_throttled(error: PlatformError) -> bool:
    return isinstance(error, RetryLater) and "Limit" in str(error.code)


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
