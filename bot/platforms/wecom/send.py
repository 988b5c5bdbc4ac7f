"""WeCom as `bot.app` wires it: the callback's door, sending, limits, the check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from aiohttp import web

from bot.platforms.contract import (
    Accept,
    Address,
    AddressBook,
    Bucket,
    Finding,
    Parcel,
    Receipt,
)
from bot.platforms.wecom import check, limits
from bot.platforms.wecom.api import CALL_SECONDS, WeComApi
from bot.platforms.wecom.app import App
from bot.platforms.wecom.crypto import EnvelopeCrypto
from bot.platforms.wecom.decode import PLATFORM
from bot.platforms.wecom.media import Media
from bot.platforms.wecom.receive import Receiver
from bot.platforms.wecom.robot import Robot
from bot.platforms.wecom.settings import WeComSettings
from bot.platforms.wecom.tokens import Tokens
from storage.db import Database


class WeComPlatform:
    """One self-built app and its company's group robots; ValueError for an AES key that is none.

    `now` is an aware clock. The first call opens connections; `close` gives them back.
    """

    name = PLATFORM

    def __init__(
        self,
        settings: WeComSettings,
        db: Database,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self._settings = settings
        self._now = now
        self._crypto = EnvelopeCrypto(settings.token, settings.aes_key, settings.corp_id)
        self._api = WeComApi(settings.api_base, call_seconds=call_seconds)
        tokens = Tokens(settings, self._api, db, now)
        self._app = App(settings, self._api, tokens, Media(self._api, now))
        self._robot = Robot(settings, self._api)

    def routes(self, accept: Accept) -> Sequence[web.RouteDef]:
        """The callback's address, for GET and POST."""
        return Receiver(self._settings, self._crypto, accept, self._now).routes()

    async def run(self, accept: Accept) -> None:
        """Nothing: WeCom comes to us."""

    def elsewhere(self) -> Sequence[str]:
        """Nothing: every process can send everything."""
        return ()

    async def send(self, parcel: Parcel) -> Receipt:
        """To a member through the app, or into a group through its robot."""
        door = self._app if parcel.address.group is None else self._robot
        return await door.send(parcel)

    def buckets(self, address: Address) -> Sequence[Bucket]:
        """The limits that WeCom enforces by dropping silently (members) or 45009 (robots)."""
        return limits.buckets(address, self._settings)

    def address_of(self, corp: str, user: str) -> Address:
        """A member's chat with the app; WeCom's user ids ignore case."""
        return Address(platform=PLATFORM, corp=corp, app=self._settings.app, user=user.lower())

    def group(self, name: str) -> Address | None:
        """The group of this configured name."""
        known = name in self._settings.groups
        return Address(platform=PLATFORM, group=name) if known else None

    async def recording(self, media: str) -> bytes:
        """AMR as the member's phone recorded it (path/90254)."""
        return await self._app.recording(media)

    async def address_book(self) -> AddressBook | None:
        """None: a company opens the bot to its people by their codes."""
        return None

    async def check(self) -> Sequence[Finding]:
        """Try the credentials without sending anything."""
        return await check.check(self._settings, self._api)

    async def close(self) -> None:
        """Give connections back."""
        await self._api.close()
