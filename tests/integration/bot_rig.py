"""A company whose WeCom has an app, an AI bot and a helper, and whole services that serve it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bot.app import Service
from bot.config import Config, DatabaseSection, Server
from bot.config import Simulator as SimulatorSection
from bot.platforms.contract import Platform, Ports
from bot.platforms.wecom.aibot.doors import Times
from bot.platforms.wecom.send import WeComPlatform
from bot.platforms.wecom.settings import BotSettings, ContactsSettings, WeComSettings
from nlu.naming.names import keys_of_name
from simulator.ledger import Message
from simulator.wecom.config import BotConfig, ContactsConfig
from simulator.wecom.gateway import PATH
from simulator.wecom.server import WeCom
from storage.db import Database
from tests import builders
from tests.integration import simulator_rig as rig

BOT = "aibQ7h2"
BOT_TOKEN = "b0tT0ken"
BOT_AES = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFA"
BOT_SECRET = "b0t-s3cret"
CHAT = "wrkSalesGroup"
HELPER_TOKEN = "he1per"
HELPER_AES = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFA"


def config(mode: str = "callback", *, bot: dict[str, Any] | None = None, **changes: Any) -> Any:
    """The simulated company, its AI bot in one of the two modes."""
    given: dict[str, Any] = {
        "bot_id": BOT,
        "mode": mode,
        "token": BOT_TOKEN,
        "aes_key": BOT_AES,
        "secret": BOT_SECRET,
        "chats": {CHAT: "华东销售"},
        "poll_seconds": 0.05,
    }
    helper = ContactsConfig(token=HELPER_TOKEN, aes_key=HELPER_AES)
    made = BotConfig(**(given | (bot or {})))
    return rig.config(**({"bot": made, "contacts": helper} | changes))


def settings(wecom: WeCom, mode: str = "callback", *, app: bool = True, **more: Any) -> Any:
    """What the service is told of it."""
    bot = BotSettings(
        bot_id=BOT,
        mode="callback" if mode == "callback" else "socket",
        token=BOT_TOKEN,
        aes_key=BOT_AES,
        secret=BOT_SECRET,
        socket_url=wecom.url.replace("http", "ws") + PATH,
    )
    made = WeComSettings(
        corp_id=rig.CORP,
        agent_id=1000002,
        secret="s3cret",
        token=rig.TOKEN,
        aes_key=rig.AES_KEY,
        api_base=wecom.url,
        bot=bot,
        contacts=ContactsSettings(token=HELPER_TOKEN, aes_key=HELPER_AES),
        **more,
    )
    return made if app else replace(made, agent_id=0)


@dataclass
class Stage:
    """The company's WeCom and the service that answers for it."""

    wecom: WeCom
    service: Service
    running: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def bot(self) -> Any:
        """The simulated AI bot."""
        return self.wecom.the_bot

    def shown(self, recipient: str = "lihua") -> list[Message]:
        """What somebody, or a group, sees of the bot."""
        return self.wecom.ledger.bot(recipient)

    async def see(self, words: str, recipient: str = "lihua", seconds: float = 30) -> Message:
        """The newest message that holds these words, waited for."""

        def found() -> Message | None:
            for message in reversed(self.shown(recipient)):
                if words in message.text:
                    return message
            return None

        message = await self.wecom.wait_for(found, seconds)
        assert message is not None
        return message


Connect = Callable[[Config, Ports], list[Platform]]


def connecting(made: WeComSettings, times: Times | None = None) -> Connect:
    """How a service gets its platform; `times` are the bot's, shortened."""

    def connect(_config: Config, ports: Ports) -> list[Platform]:
        return [WeComPlatform(made, ports.db, now=ports.now, alert=ports.alert, times=times)]

    return connect


def service_of(url: str, connect: Connect) -> Service:
    """A service on this database that nobody configured by file."""
    made = Config(
        server=Server(port=0),
        database=DatabaseSection(url=url),
        simulator=SimulatorSection(enabled=True),
    )
    return Service(made, connect=connect)


@asynccontextmanager
async def staged(
    url: str,
    mode: str = "callback",
    *,
    app: bool = True,
    times: Times | None = None,
    bot: dict[str, Any] | None = None,
    **changes: Any,
) -> AsyncIterator[Stage]:
    """A running service; 李华 is a rep with a customer, 王敏 her manager."""
    wecom = WeCom(config(mode, bot=bot, **changes))
    await wecom.start()
    await seeded(url)
    connect = connecting(settings(wecom, mode, app=app), times)
    service = service_of(url, connect)
    await service.start()
    point(wecom, service)
    running = asyncio.create_task(service.run())
    try:
        yield Stage(wecom, service, [running])
    finally:
        service.stop()
        await running
        await wecom.stop()


def point(wecom: WeCom, service: Service) -> None:
    """Have the company's callbacks come to this service."""
    wecom.callback_url = f"{service.url}/wecom/callback"
    wecom.contacts.url = f"{service.url}/wecom/contacts"
    if wecom.bot is not None and wecom.bot.callbacks is not None:
        wecom.bot.callbacks.calls.url = f"{service.url}/wecom/bot"


async def seeded(url: str) -> None:
    """A team with two people and a customer."""
    db = Database(url, name_keys=keys_of_name)
    async with db.system() as session:
        team = await builders.make_team(session)
        rep = await builders.make_user(
            session, "李华", team=team, platform_user="lihua", corp=rig.CORP
        )
        await builders.make_user(
            session, "王敏", role="manager", team=team, platform_user="wangmin", corp=rig.CORP
        )
        customer = await builders.make_customer(session, owner=rep, short="宏远")
        await builders.make_deal(session, customer)
    await db.close()
