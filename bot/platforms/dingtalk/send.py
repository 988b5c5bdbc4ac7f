"""DingTalk as `bot.app` wires it: its doors, sending, limits, the check."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from aiohttp import web

from bot.platforms.calls import CALL_SECONDS
from bot.platforms.contract import (
    Accept,
    Address,
    AddressBook,
    Bucket,
    Finding,
    Parcel,
    PlatformError,
    Ports,
    Receipt,
    Unauthorised,
)
from bot.platforms.dingtalk import limits, mends, people
from bot.platforms.dingtalk.account import Account
from bot.platforms.dingtalk.api import DingTalkApi
from bot.platforms.dingtalk.cards import Cards
from bot.platforms.dingtalk.check import Check
from bot.platforms.dingtalk.intake import Intake
from bot.platforms.dingtalk.media import Media
from bot.platforms.dingtalk.meter import Meter
from bot.platforms.dingtalk.receive import Receiver
from bot.platforms.dingtalk.robot import Robot
from bot.platforms.dingtalk.routes import Routes
from bot.platforms.dingtalk.settings import PLATFORM, ROUTE_KEY, DingTalkSettings
from bot.platforms.dingtalk.stream import Pace, Stream
from bot.platforms.dingtalk.talk import Talk
from bot.platforms.dingtalk.taps import ANSWER_SECONDS, Taps

_log = structlog.get_logger(__name__)


class DingTalkPlatform:
    """One internal app with its robot, and the company's group robots."""

    name = PLATFORM

    def __init__(
        self,
        settings: DingTalkSettings,
        ports: Ports,
        *,
        pace: Pace | None = None,
        call_seconds: float = CALL_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._settings = settings
        self._ports = ports
        self._pace = pace or Pace()
        self._meter = Meter(settings, ports)
        self._api = DingTalkApi(settings, self._meter, call_seconds=call_seconds)
        self._account = Account(settings, self._api, ports)
        self._taps = Taps(answer_seconds)
        self._routes = Routes(ports.now)
        cards = Cards(settings, self._account, self._taps)
        media = Media(self._account)
        self._talk = Talk(
            settings, self._api, self._account, cards, self._routes, media, ports.alert
        )
        self._robot = Robot(settings, self._api, media, ports.now)

    def routes(self, accept: Accept) -> Sequence[web.RouteDef]:
        """The HTTP doors; none in Stream mode, where an unsigned body is not wanted."""
        if self._settings.mode != "http":
            return ()
        return Receiver(self._settings, self._intake(accept), self._ports.now).routes()

    async def run(self, accept: Accept) -> None:
        """Keep the Stream connections; in HTTP mode say where taps go."""
        if self._settings.mode == "http":
            await self._register()
            return
        intake = self._intake(accept)
        await Stream(self._settings, self._api, intake, self._ports.alert, self._pace).run()

    def elsewhere(self) -> Sequence[str]:
        """Nothing: every process can send everything."""
        return ()

    async def send(self, parcel: Parcel) -> Receipt:
        """To a person or a chat through the app's robot, or into a group through its own."""
        door = self._talk if parcel.address.group is None else self._robot
        try:
            return await door.send(parcel)
        except Unauthorised as error:
            what, mend = mends.of(error)
            await self._ports.alert(f"钉钉不让发送，消息先存着：{what}。{mend}。")
            raise

    def buckets(self, address: Address) -> Sequence[Bucket]:
        """The limits of the app, and of a group's robot."""
        return limits.buckets(address, self._settings)

    def address_of(self, corp: str, user: str) -> Address:
        """A member's chat with the robot; ids are taken as they are."""
        return Address(platform=PLATFORM, corp=corp, app=self._settings.app, user=user)

    def group(self, name: str) -> Address | None:
        """The group of this configured name."""
        known = name in self._settings.groups
        return Address(platform=PLATFORM, group=name) if known else None

    async def recording(self, media: str) -> bytes:
        """A voice message that DingTalk has not recognised."""
        body = {"downloadCode": media, "robotCode": self._settings.robot_code}
        answer = await self._account.call("robot/messageFiles/download", body)
        return await self._api.download(str(answer.get("downloadUrl", "")), limits.VOICE_BYTES)

    async def address_book(self) -> AddressBook | None:
        """Everybody whom the app may see."""
        return await people.address_book(self._account, self._settings.corp_id)

    async def check(self) -> Sequence[Finding]:
        """Try the credentials, robot, template and contacts without sending anything."""
        return await Check(self._settings, self._api, self._account, self._meter).findings()

    async def close(self) -> None:
        """Give connections back, and keep what was counted."""
        await self._meter.settled()
        await self._api.close()

    def _intake(self, accept: Accept) -> Intake:
        return Intake(
            self._settings, self._api.hosts, self._ports, taps=self._taps,
            routes=self._routes, meter=self._meter, accept=accept,
        )  # fmt: skip

    async def _register(self) -> None:
        """Card callbacks come to our public address from now on, signed with our secret."""
        if not self._settings.card_template:
            return
        body = {
            "callbackRouteKey": ROUTE_KEY,
            "callbackUrl": self._settings.public_url.rstrip("/") + self._settings.card_path,
            "apiSecret": self._settings.card_secret,
            "forceUpdate": True,
        }
        try:
            await self._account.call("card/callbacks/register", body)
        except PlatformError as error:
            what, mend = mends.of(error)
            _log.error("dingtalk.callbacks_not_registered", reason=str(error))
            await self._ports.alert(f"钉钉卡片的按钮暂时点不了：{what}。{mend}。")
