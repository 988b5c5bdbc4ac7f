"""The HTTP doors: robot messages, card callbacks, sealed events; verified before they are read."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from aiohttp import web

from bot.platforms import doors
from bot.platforms.contract import InboxUnavailable
from bot.platforms.dingtalk import decode, signing
from bot.platforms.dingtalk.intake import Intake
from bot.platforms.dingtalk.settings import DingTalkSettings
from bot.platforms.envelope import EnvelopeCrypto, Forged, Stamp

REPORT_EVERY = timedelta(minutes=1)

_log = structlog.get_logger(__name__)


class Receiver:
    """Only in HTTP mode; `refused` counts what was turned away.

    The robot's signature leaves the body out: what comes by it is not trusted with a decision.
    A tap names its card by a random key, which its own signature leaves out as well, but which
    only that card's traffic tells.
    """

    def __init__(
        self, settings: DingTalkSettings, intake: Intake, now: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._intake = intake
        self._now = now
        self.refused = 0
        self._reported = 0
        self._report_at: datetime | None = None
        keys = settings.events
        self._crypto = EnvelopeCrypto(keys.token, keys.aes_key, settings.app) if keys else None

    def routes(self) -> list[web.RouteDef]:
        """A POST address for each kind; events only where their keys are configured."""
        found = [
            web.post(self._settings.callback_path, self.message),
            web.post(self._settings.card_path, self.tap),
        ]
        if self._crypto is not None:
            found.append(web.post(self._settings.event_path, self.event))
        return found

    async def message(self, request: web.Request) -> web.StreamResponse:
        """Empty object once the event is durable; 503 where it can't be."""
        stamp = request.headers.get("timestamp", "")
        sign = request.headers.get("sign", "")
        if not signing.genuine_robot(stamp, sign, self._settings.client_secret, self._now()):
            return self._refuse(stamp)
        try:
            fields = decode.fields_of(await doors.body(request))
            await self._intake.message(fields, trusted=False)
        except (ValueError, doors.Unreadable):
            return self._refuse(stamp)
        except InboxUnavailable:
            return _unavailable()
        return web.json_response({})

    async def tap(self, request: web.Request) -> web.StreamResponse:
        """The card's change in the answer, if it is done in time."""
        stamp = request.headers.get("x-ddpaas-signature-timestamp", "")
        sign = request.headers.get("x-ddpaas-signature", "")
        if not signing.genuine_card(stamp, sign, self._settings.card_secret, self._now()):
            return self._refuse(stamp)
        answers: list[web.Response] = []

        async def reply(change: dict[str, Any]) -> None:
            # Written here, so that a change that didn't get there is sent by a call.
            answers.append(web.json_response(change))
            await answers[0].prepare(request)
            await answers[0].write_eof()

        try:
            raw = await doors.body(request)
            fields = decode.fields_of(raw)
            digest = decode.digest_of("tap", stamp, raw.decode(errors="replace"))
            await self._intake.tap(fields, digest, reply, trusted=False)
        except (ValueError, doors.Unreadable):
            return self._refuse(stamp)
        except InboxUnavailable:
            return _unavailable()
        return answers[0]

    async def event(self, request: web.Request) -> web.StreamResponse:
        """The sealed word "success", for the probe and for every event that is durable."""
        query = request.query
        stamp = Stamp(
            signature=query.get("msg_signature") or query.get("signature", ""),
            timestamp=query.get("timestamp", ""),
            nonce=query.get("nonce", ""),
        )
        if self._crypto is None:
            return self._refuse(stamp.timestamp)
        try:
            sealed = decode.fields_of(await doors.body(request)).get("encrypt")
            raw = self._crypto.open(str(sealed), stamp, self._now())
            await self._organisation(decode.fields_of(raw), raw)
        except (ValueError, Forged, doors.Unreadable):
            return self._refuse(stamp.timestamp)
        except InboxUnavailable:
            return _unavailable()
        return self._success(self._crypto)

    async def _organisation(self, fields: decode.Fields, raw: bytes) -> None:
        kind = str(fields.get("EventType", ""))
        if kind == "check_url":
            return
        name = str(fields.get("eventId") or raw.decode(errors="replace"))
        digest = decode.digest_of("event", name)
        await self._intake.event(kind, str(fields.get("CorpId", "")), fields, digest)

    def _success(self, crypto: EnvelopeCrypto) -> web.Response:
        stamp = str(int(self._now().timestamp() * 1000))
        nonce = secrets.token_hex(8)
        sealed, signature = crypto.seal("success", stamp, nonce)
        return web.json_response(
            {"msg_signature": signature, "timeStamp": stamp, "nonce": nonce, "encrypt": sealed}
        )

    def _refuse(self, timestamp: str) -> web.Response:
        """One answer and one kind of log line for every fault, at most a line a minute."""
        now = self._now()
        self.refused += 1
        if self._report_at is None or now >= self._report_at:
            skew = signing.skew_seconds(timestamp, now)
            times = self.refused - self._reported
            _log.warning("dingtalk.callback_refused", times=times, skew_seconds=skew)
            self._reported = self.refused
            self._report_at = now + REPORT_EVERY
        return web.Response(status=403)


def _unavailable() -> web.Response:
    _log.error("dingtalk.inbox_unavailable")
    return web.Response(status=503)
