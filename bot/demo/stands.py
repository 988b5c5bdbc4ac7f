"""Simulated platforms with what the service is told of them: one stand for each company's set-up.

A stand has one or more doors to the bot; `Stage` is one of these doors as somebody plays at it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.platforms.contract import Platform, Ports
from bot.platforms.dingtalk.send import DingTalkPlatform
from bot.platforms.dingtalk.settings import CALLBACK_PATH as ROBOT_PATH
from bot.platforms.dingtalk.settings import DingTalkSettings, GroupRobot
from bot.platforms.wecom.send import WeComPlatform
from bot.platforms.wecom.settings import CALLBACK_PATH, BotSettings, WeComSettings
from simulator.dingtalk import config as dingtalk_config
from simulator.dingtalk.doors import robot_door
from simulator.dingtalk.server import DingTalk
from simulator.doors import Door
from simulator.ledger import Message
from simulator.wecom.config import BotConfig, Member, WeComConfig
from simulator.wecom.doors import app_door, bot_door
from simulator.wecom.gateway import PATH as SOCKET_PATH
from simulator.wecom.server import WeCom, new_secrets

WECOM_CORP, AGENT, BOT = "ww5d1e2d3e4f5a6b7c", 1000002, "aib5d1e2d3e"
DINGTALK_CORP, CLIENT = "ding5d1e2d3e4f5a", "dingdemo5d1e2d3e"
GROUP = "华东销售群"
GROUP_KEY = "6f1d7c52-demo-group"
CHAT = "wrkDemoSalesGroup"
CONVERSATION = "cidDemoSalesGroup=="
COLOURS = ("#3b6ef5", "#0f9d76", "#c2571a", "#8a4fd3", "#c23b6e", "#2b8a9e")

READY_SECONDS = 10.0
LOOK_SECONDS = 0.02

Users = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One door as somebody plays at it: what people do, and what stands on their screens.

    `advance` moves the platform's clock on by seconds. `opens` is None where opening the chat
    tells the bot nothing; `signed` is False where what is written can't be trusted with a
    decision.
    """

    key: str
    title: str
    say: Callable[[str, str], Awaitable[object]]
    press: Callable[[str, str], Awaitable[object]]
    screen: Callable[[str], list[Message]]
    group: Callable[[], list[Message]]
    wait_for: Callable[[Callable[[], Any], float], Awaitable[Any]]
    advance: Callable[[float], None]
    opens: Callable[[str], Awaitable[object]] | None = None
    signed: bool = True


class Stand(Protocol):
    """A company on one platform."""

    @property
    def corp(self) -> str:
        """Whose it is."""

    @property
    def platform(self) -> str:
        """Which one, as bindings name it."""

    @property
    def doors(self) -> Sequence[Door]:
        """For the page."""

    @property
    def stage(self) -> Stage:
        """Where the day is played."""

    async def start(self) -> None:
        """Listen."""

    async def stop(self) -> None:
        """Cut what is under way."""

    def connect(self, ports: Ports, url: str) -> Platform:
        """The bot's side of it; the bot will listen at `url`."""

    async def ready(self) -> None:
        """Return once the running bot has come to us, where it is the one who comes."""


class WeComStand:
    """A company on WeCom: with an app, an AI bot by a socket, or both."""

    corp, platform = WECOM_CORP, "wecom"

    def __init__(self, users: Users, *, app: bool = True, bot: bool = True) -> None:
        kept: dict[str, Any] = dict(new_secrets())
        self._has_app, self._bot_secret = app, secrets.token_urlsafe(24)
        made = BotConfig(bot_id=BOT, mode="socket", secret=self._bot_secret, chats={CHAT: GROUP})
        self.wecom = WeCom(
            WeComConfig(
                corp_id=WECOM_CORP,
                agent_id=AGENT,
                members=tuple(
                    Member(userid=user["account"], **_shown(user, place))
                    for place, user in enumerate(users)
                ),
                groups={GROUP_KEY: GROUP},
                bot=made if bot else None,
                **kept,
            )
        )
        self.doors: list[Door] = [app_door(self.wecom)] if app else []
        if bot:
            self.doors.append(bot_door(self.wecom))

    @property
    def stage(self) -> Stage:
        """The app's door, or the AI bot's in a company without an app."""
        wecom = self.wecom
        shared: dict[str, Any] = {
            "group": lambda: wecom.group(GROUP_KEY), "wait_for": wecom.wait_for,
            "advance": wecom.clock.advance,
        }  # fmt: skip
        if self._has_app:
            return Stage(
                key="wecom-app", title="企业微信应用", say=wecom.say, press=wecom.press,
                screen=wecom.messages, opens=wecom.enter, **shared,
            )  # fmt: skip
        return Stage(
            key="wecom-bot", title="企业微信智能机器人", say=wecom.say_bot,
            press=wecom.press_bot, screen=wecom.the_bot.messages, opens=wecom.the_bot.enter,
            **shared,
        )  # fmt: skip

    async def start(self) -> None:
        """Listen."""
        await self.wecom.start()

    async def stop(self) -> None:
        """Cut what is under way."""
        await self.wecom.stop()

    def connect(self, ports: Ports, url: str) -> Platform:
        """The bot's side of it."""
        config = self.wecom.config
        self.wecom.callback_url = f"{url}{CALLBACK_PATH}"
        bot = BotSettings(
            bot_id=BOT,
            mode="socket",
            secret=self._bot_secret,
            socket_url=self.wecom.url.replace("http", "ws", 1) + SOCKET_PATH,
        )
        settings = WeComSettings(
            corp_id=WECOM_CORP,
            agent_id=AGENT if self._has_app else 0,
            secret=config.secret,
            token=config.token,
            aes_key=config.aes_key,
            api_base=self.wecom.url,
            groups={GROUP: GROUP_KEY},
            bot=bot if config.bot else None,
        )
        return WeComPlatform(settings, ports.db, now=ports.now, alert=ports.alert)

    async def ready(self) -> None:
        """The AI bot's connection is there."""
        if self.wecom.bot is not None and self.wecom.bot.gateway is not None:
            gateway = self.wecom.bot.gateway
            await _until(lambda: gateway.is_connected)


class DingTalkStand:
    """A company on DingTalk, its robot over Stream or HTTP, with a card template of its own."""

    corp, platform = DINGTALK_CORP, "dingtalk"

    def __init__(self, users: Users, mode: Literal["stream", "http"] = "stream") -> None:
        self._mode: Literal["stream", "http"] = mode
        self._robot_secret = f"SEC{secrets.token_hex(16)}"
        self.dingtalk = DingTalk(
            dingtalk_config.DingTalkConfig(
                corp_id=DINGTALK_CORP,
                client_id=CLIENT,
                client_secret=secrets.token_urlsafe(24),
                members=tuple(
                    dingtalk_config.Member(userid=user["account"], **_shown(user, place))
                    for place, user in enumerate(users)
                ),
                groups=(dingtalk_config.Group(open_conversation_id=CONVERSATION, title=GROUP),),
                group_robots=(
                    dingtalk_config.GroupRobot(
                        token=GROUP_KEY,
                        open_conversation_id=CONVERSATION,
                        secret=self._robot_secret,
                    ),
                ),
            )
        )
        self.doors: list[Door] = [robot_door(self.dingtalk, subtitle="钉钉 · 机器人")]

    @property
    def stage(self) -> Stage:
        """The robot's door."""
        dingtalk = self.dingtalk
        return Stage(
            key=f"dingtalk-{self._mode}",
            title=f"钉钉 {'Stream' if self._mode == 'stream' else 'HTTP'}",
            say=dingtalk.say,
            press=dingtalk.press,
            screen=dingtalk.messages,
            group=lambda: dingtalk.group(CONVERSATION),
            wait_for=dingtalk.wait_for,
            advance=dingtalk.clock.advance,
            signed=self._mode == "stream",
        )

    async def start(self) -> None:
        """Listen."""
        await self.dingtalk.start()

    async def stop(self) -> None:
        """Cut what is under way."""
        await self.dingtalk.stop()

    def connect(self, ports: Ports, url: str) -> Platform:
        """The bot's side of it."""
        config = self.dingtalk.config
        if self._mode == "http":
            self.dingtalk.robot_url = f"{url}{ROBOT_PATH}"
        settings = DingTalkSettings(
            corp_id=DINGTALK_CORP,
            client_id=CLIENT,
            client_secret=config.client_secret,
            robot_code=CLIENT,
            mode=self._mode,
            card_template=config.templates[0].template_id,
            api_base=self.dingtalk.url,
            oapi_base=self.dingtalk.url,
            public_url=url,
            groups={GROUP: GroupRobot(token=GROUP_KEY, secret=self._robot_secret)},
        )
        return DingTalkPlatform(settings, ports)

    async def ready(self) -> None:
        """A Stream connection is there."""
        if self._mode == "stream":
            await self.dingtalk.connected(timeout_seconds=READY_SECONDS)


async def _until(come: Callable[[], bool]) -> None:
    """Look again and again: a connection that opens is no change in the ledger."""
    async with asyncio.timeout(READY_SECONDS):
        while not come():  # noqa: ASYNC110 (the simulator has no event for it)
            await asyncio.sleep(LOOK_SECONDS)


def _shown(user: Mapping[str, Any], place: int) -> dict[str, Any]:
    return {
        "name": user["name"],
        "role": user["role"],
        "colour": COLOURS[place % len(COLOURS)],
    }
