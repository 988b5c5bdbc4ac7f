"""Pushes over HTTP: robot messages, card callbacks and sealed events."""

import json
import secrets
from typing import Any

import aiohttp

from simulator.clock import now_ms
from simulator.dingtalk.config import DingTalkConfig
from simulator.dingtalk.signing import card_sign, robot_sign
from simulator.dingtalk.stream import Ack
from simulator.wecom.crypto import BadEnvelope
from simulator.wecom.crypto import WeComCrypto as Envelope

_REPLY_BYTES = 256 * 1024


class HttpDoor:
    """Every answer becomes an Ack; events and WeCom's callbacks share one construction."""

    def __init__(self, config: DingTalkConfig) -> None:
        self._config = config
        self._http: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), auto_decompress=False
        )

    async def stop(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def robot(self, url: str, message: dict[str, Any]) -> Ack:
        """Signed with the AppSecret; the signature doesn't cover the body."""
        stamp = str(now_ms())
        sign = robot_sign(stamp, self._config.client_secret)
        body: dict[str, Any] = message
        if self._config.robot_aes_key:
            text = json.dumps(message, ensure_ascii=False)
            body = {"encrypt": self._envelope(self._config.robot_aes_key).encrypt(text)}
        headers = {"timestamp": stamp, "sign": sign}
        seconds = self._config.http_timeout_seconds
        status, _, error = await self._post(url, body, headers, {}, seconds)
        return Ack(code=status, error=error)

    async def card(self, url: str, api_secret: str, callback: dict[str, Any]) -> Ack:
        """The answer's body is what a Stream acknowledgement has under `response`."""
        stamp = str(now_ms())
        headers = {
            "x-ddpaas-signature-timestamp": stamp,
            "x-ddpaas-signature": card_sign(stamp, api_secret),
        }
        seconds = self._config.card_timeout_seconds
        status, reply, error = await self._post(url, callback, headers, {}, seconds)
        return Ack(code=status, data={"response": _json(reply)}, error=error)

    async def event(self, url: str, fields: dict[str, Any]) -> Ack:
        """Good only if the sealed word "success" comes back."""
        envelope = self._envelope(self._config.event_aes_key)
        sealed = envelope.encrypt(json.dumps(fields, ensure_ascii=False))
        stamp, nonce = str(now_ms()), secrets.token_hex(4)
        sign = envelope.signature(stamp, nonce, sealed)
        query = {"signature": sign, "msg_signature": sign, "timestamp": stamp, "nonce": nonce}
        seconds = self._config.http_timeout_seconds
        status, reply, error = await self._post(url, {"encrypt": sealed}, {}, query, seconds)
        if status == 200 and not _says_success(envelope, _json(reply)):
            return Ack(code=400, error="the answer isn't a sealed success")
        return Ack(code=status, error=error)

    def _envelope(self, aes_key: str) -> Envelope:
        return Envelope(self._config.event_token, aes_key, self._config.client_id)

    async def _post(
        self,
        url: str,
        body: dict[str, Any],
        headers: dict[str, str],
        query: dict[str, str],
        seconds: float,
    ) -> tuple[int | None, bytes, str]:
        if self._http is None:
            raise RuntimeError("the stand-in hasn't been started")
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._http.post(
                url, json=body, headers=headers, params=query, timeout=timeout
            ) as answer:
                return answer.status, await answer.content.read(_REPLY_BYTES), ""
        except (aiohttp.ClientError, TimeoutError) as error:
            return None, b"", type(error).__name__


def _json(reply: bytes) -> Any:
    try:
        return json.loads(reply)
    except ValueError:
        return None


def _says_success(envelope: Envelope, reply: Any) -> bool:
    if not isinstance(reply, dict):
        return False
    sign, stamp, nonce, sealed = (
        str(reply.get(name, "")) for name in ("msg_signature", "timeStamp", "nonce", "encrypt")
    )
    try:
        return (
            envelope.verify(sign, stamp, nonce, sealed) and envelope.decrypt(sealed) == "success"
        )
    except BadEnvelope:
        return False
