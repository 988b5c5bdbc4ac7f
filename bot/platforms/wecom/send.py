"""WeCom as `bot.app` wires it: its doors, sending through the right one, limits, the check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from aiohttp import web

from bot.platforms.calls import CALL_SECONDS
from bot.platforms.contract import (
    Accept,
    Address,
    AddressBook,
    Alert,
    Bucket,
    Finding,
    Parcel,
    Ports,
    Receipt,
    Refused,
)
from bot.platforms.envelope import EnvelopeCrypto
from bot.platforms.wecom import check, directory, limits
from bot.platforms.wecom.aibot.doors import BotDoor, Times, bot_door
from bot.platforms.wecom.api import WeComApi
from bot.platforms.wecom.app import App
from bot.platforms.wecom.appchat import AppChat
from bot.platforms.wecom.decode import PLATFORM, decode, decode_contacts
from bot.platforms.wecom.media import Media
from bot.platforms.wecom.receive import Key, Receiver
from bot.platforms.wecom.robot import Robot
from bot.platforms.wecom.settings import WeComSettings
from bot.platforms.wecom.tokens import Tokens
from storage.db import Database


async def _nobody(_words: str) -> None:
    """Nobody is told."""


class WeComPlatform:
    """One company's WeCom: its app, its AI bot, its groups; ValueError for a wrong AES key.

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
        alert: Alert = _nobody,
        times: Times | None = None,
    ) -> None:
        self._settings = settings
        self._now = now
        self._api = WeComApi(settings.api_base, call_seconds=call_seconds)
        self._robot = Robot(settings, self._api)
        self._app: App | None = None
        if settings.has_app:
            tokens = Tokens(settings, self._api, db, now)
            self._app = App(settings, self._api, tokens, Media(self._api, now))
        self._chats = AppChat(settings, self._app) if self._app else None
        self._keys = _keys(settings)
        self._bot: BotDoor | None = None
        if settings.bot is not None:
            ports = Ports(db=db, now=now, alert=alert)
            self._bot = bot_door(
                settings, settings.bot, ports, self._api, self._app, times or Times()
            )

    def routes(self, accept: Accept) -> Sequence[web.RouteDef]:
        """The callbacks' addresses, for GET and POST."""
        routes = [
            route
            for path, keys in self._keys.items()
            for route in Receiver(path, keys, accept, self._now).routes()
        ]
        return [*routes, *(self._bot.routes(accept) if self._bot else [])]

    async def run(self, accept: Accept) -> None:
        """What the AI bot's door needs; without a bot nothing: WeCom comes to us."""
        if self._bot is not None:
            await self._bot.run(accept)

    def elsewhere(self) -> Sequence[str]:
        """The AI bot's lanes while another process holds its connection."""
        return self._bot.elsewhere() if self._bot else ()

    async def send(self, parcel: Parcel) -> Receipt:
        """Through the door of the parcel's address."""
        group = parcel.address.group
        if group is None:
            bot = self._settings.bot
            if self._bot is not None and bot is not None and parcel.address.app == bot.app:
                return await self._bot.send(parcel)
            return await self._the_app().send(parcel)
        if group in self._settings.chats and self._chats is not None:
            return await self._chats.send(parcel)
        return await self._robot.send(parcel)

    def buckets(self, address: Address) -> Sequence[Bucket]:
        """The limits that WeCom enforces by dropping silently (members) or 45009 (robots)."""
        return limits.buckets(address, self._settings)

    def address_of(self, corp: str, user: str) -> Address:
        """A member's chat with the app, else with the AI bot; WeCom's user ids ignore case."""
        ours = self._settings
        app = ours.app if ours.has_app or ours.bot is None else ours.bot.app
        return Address(platform=PLATFORM, corp=corp, app=app, user=user.lower())

    def group(self, name: str) -> Address | None:
        """The group of this configured name."""
        known = name in self._settings.groups or name in self._settings.chats
        return Address(platform=PLATFORM, group=name) if known else None

    async def create_group(self, name: str, owner: str, members: Sequence[str]) -> str:
        """A new group of the app's; returns the chat id that the configuration wants."""
        if self._chats is None:
            raise Refused("only a self-built app can make groups")
        return await self._chats.create(name, owner, members)

    async def recording(self, media: str) -> bytes:
        """AMR as the member's phone recorded it (path/90254)."""
        return await self._the_app().recording(media)

    async def address_book(self) -> AddressBook | None:
        """What the app may see of the company; None without an app."""
        return await directory.read(self._app, self._settings.corp_id) if self._app else None

    async def check(self) -> Sequence[Finding]:
        """Try the credentials without sending anything."""
        return await check.check(self._settings, self._api)

    async def close(self) -> None:
        """Give connections back."""
        await self._api.close()

    def _the_app(self) -> App:
        if self._app is None:
            raise Refused("no app is configured")
        return self._app


def _keys(settings: WeComSettings) -> dict[str, list[Key]]:
    """What opens the XML callbacks, by their path; two of them may share one."""
    keys: dict[str, list[Key]] = defaultdict(list)
    corp = settings.corp_id
    if settings.has_app:
        crypto = EnvelopeCrypto(settings.token, settings.aes_key, corp)
        keys[settings.callback_path].append(Key(crypto, partial(decode, settings=settings)))
    if (contacts := settings.contacts) is not None:
        crypto = EnvelopeCrypto(contacts.token, contacts.aes_key, corp)
        reading = partial(decode_contacts, settings=settings)
        keys[contacts.callback_path].append(Key(crypto, reading))
    return keys
