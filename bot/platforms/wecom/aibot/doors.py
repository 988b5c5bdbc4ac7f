"""The AI bot's two modes behind one shape."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog
from aiohttp import web

from bot.platforms.contract import Accept, Parcel, Ports, Receipt, RetryLater
from bot.platforms.envelope import EnvelopeCrypto
from bot.platforms.wecom.aibot import decode
from bot.platforms.wecom.aibot.by_app import ByApp
from bot.platforms.wecom.aibot.fetched import Fetched
from bot.platforms.wecom.aibot.frames import BUSY, Pace
from bot.platforms.wecom.aibot.identities import Identities
from bot.platforms.wecom.aibot.pushed import Pushed
from bot.platforms.wecom.aibot.receive import BotReceiver, Patience
from bot.platforms.wecom.aibot.response import ResponseUrls
from bot.platforms.wecom.aibot.socket import SocketDoor
from bot.platforms.wecom.aibot.uploads import Uploads
from bot.platforms.wecom.aibot.waiting import Waiting
from bot.platforms.wecom.api import WeComApi
from bot.platforms.wecom.app import App
from bot.platforms.wecom.door import Door
from bot.platforms.wecom.settings import BotSettings, WeComSettings
from storage import slips
from storage.db import DATABASE_ERRORS

KEPT = timedelta(days=1)
PRUNE_SECONDS = 3600.0
AGAIN = timedelta(seconds=5)

_log = structlog.get_logger(__name__)


class BotDoor(Protocol):
    """By callback or by socket."""

    def routes(self, accept: Accept) -> Sequence[web.RouteDef]:
        """The HTTP doors, where there are any."""

    async def run(self, accept: Accept) -> None:
        """What must be kept going."""

    def elsewhere(self) -> Sequence[str]:
        """Beginnings of the lanes that only another process can send to now."""

    async def send(self, parcel: Parcel) -> Receipt:
        """Raises a PlatformError."""


class CallbackDoor:
    """WeCom comes to us; any process can answer."""

    def __init__(
        self,
        corp: str,
        bot: BotSettings,
        ports: Ports,
        identities: Identities,
        app: ByApp | None,
        urls: ResponseUrls,
        patience: Patience,
    ) -> None:
        db, now = ports.db, ports.now
        self._who = decode.Door(corp, bot.app)
        self._path = bot.callback_path
        self._crypto = EnvelopeCrypto(bot.token, bot.aes_key, "")
        self._db = db
        self._now = now
        self._patience = patience
        self._waiting = Waiting(db)
        self._identities = identities
        self._sending = Fetched(
            db, app=app, urls=urls, waiting=self._waiting, patience=patience, now=now
        )

    def routes(self, accept: Accept) -> Sequence[web.RouteDef]:
        """The bot's address, for GET and POST."""
        return BotReceiver(
            Door(self._path, [self._crypto], self._now),
            self._crypto,
            self._who,
            self._db,
            accept=accept,
            identities=self._identities,
            waiting=self._waiting,
            patience=self._patience,
            now=self._now,
        ).routes()

    async def run(self, accept: Accept) -> None:
        """Forget old answers, now and then."""
        while True:
            try:
                await slips.prune(self._db, self._now() - KEPT)
            except DATABASE_ERRORS as error:
                _log.warning("wecom.slips_not_pruned", error=type(error).__name__)
            await asyncio.sleep(PRUNE_SECONDS)

    def elsewhere(self) -> Sequence[str]:
        """Nothing: every process can lay an answer out."""
        return ()

    async def send(self, parcel: Parcel) -> Receipt:
        """Lay it out for WeCom, or send it another way."""
        try:
            return await self._sending.send(parcel)
        except DATABASE_ERRORS as error:
            raise RetryLater("the slip could not be kept", AGAIN, BUSY) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long the bot's doors wait, in either mode."""

    patience: Patience = field(default_factory=Patience)
    pace: Pace = field(default_factory=Pace)


def bot_door(
    settings: WeComSettings,
    bot: BotSettings,
    ports: Ports,
    api: WeComApi,
    app: App | None,
    times: Times,
) -> BotDoor:
    """The door of the bot's mode; ValueError for an AES key that is none."""
    by_app = None if app is None else ByApp(settings, app, ports.db)
    identities = Identities(app, ports.now)
    if bot.mode == "socket":
        sending = Pushed(Uploads(api, ports.now), identities, by_app, ports.now)
        return SocketDoor(bot, settings.corp_id, ports, identities, sending, times.pace)
    urls = ResponseUrls(api, settings.api_base)
    return CallbackDoor(settings.corp_id, bot, ports, identities, by_app, urls, times.patience)
