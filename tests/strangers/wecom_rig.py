"""What the strangers of WeCom share: our own callback addresses, and a company's AI bot."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.events import Event, Message
from bot.platforms.contract import Address, Parcel
from bot.platforms.wecom.send import WeComPlatform
from bot.platforms.wecom.settings import BotSettings, WeComSettings
from handlers.replies import Text
from simulator.wecom.config import BotConfig, Member, WeComConfig
from simulator.wecom.server import WeCom, new_secrets
from storage import migrate
from storage.db import Database
from tests.strangers.room import Room

CORP, AGENT, BOT = "wwstranger", 1000002, "aibStranger"
TOKEN, AES_KEY = "str4ngerToken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFA"
SECRET = "stranger-secret"
CHAT = "wrTeam"


@dataclass
class Doors:
    """Our platform's two callback addresses, and what came in by them."""

    url: str
    platform: WeComPlatform
    events: list[Event] = field(default_factory=list)

    def messages(self) -> list[Message]:
        return [event for event in self.events if isinstance(event, Message)]

    async def answer(self, message: Message, words: str) -> None:
        """Send as the outbox would: returns once the caller has fetched it."""
        source = message.source
        address = Address(
            platform="wecom",
            corp=source.corp,
            app=source.app,
            user=source.sender,
            route=message.route,
        )
        await self.platform.send(Parcel(key="k1", address=address, content=Text(text=words)))


@asynccontextmanager
async def open_doors() -> AsyncIterator[Doors]:
    """The app's and the AI bot's callback, on a database of their own."""
    with tempfile.TemporaryDirectory(prefix="gendan-stranger-") as place:
        url = f"sqlite:///{Path(place) / 'doors.db'}"
        await migrate.upgrade(url)
        db = Database(url)
        bot = BotSettings(bot_id=BOT, mode="callback", token=TOKEN, aes_key=AES_KEY)
        settings = WeComSettings(
            corp_id=CORP,
            agent_id=AGENT,
            secret="unused",
            token=TOKEN,
            aes_key=AES_KEY,
            api_base="http://127.0.0.1:1",
            bot=bot,
        )
        doors = Doors("", WeComPlatform(settings, db))

        async def accept(event: Event) -> None:
            doors.events.append(event)

        app = web.Application()
        app.add_routes(doors.platform.routes(accept))
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        doors.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield doors
        finally:
            await runner.cleanup()
            await doors.platform.close()
            await db.close()


async def call_our_doors(room: Room, script: str) -> None:
    """Both addresses verified, a message through each, an answer opened, forgeries refused."""
    async with open_doors() as doors:
        paths = (f"{doors.url}/wecom/callback", f"{doors.url}/wecom/bot")
        async with room.run(script, *paths, TOKEN, AES_KEY, CORP, str(AGENT)) as visitor:
            assert (await visitor.expect("app verified"))["echo"] == "1616140317555161061"
            assert await visitor.expect("app answered") == {
                "saw": "app answered", "status": 200, "body": "",
            }  # fmt: skip
            assert (await visitor.expect("app forged"))["status"] == 403
            assert (await visitor.expect("bot verified"))["echo"] == "4561255354251345929"
            first = (await visitor.expect("bot answered"))["reply"]
            assert (first["msgtype"], first["stream"]["finish"]) == ("stream", False), first
            await doors.answer(doors.messages()[-1], "已记 🀄 · 宏远")
            last = (await visitor.expect("bot polled"))["reply"]
            assert last["stream"]["finish"] is True, last
            assert last["stream"]["content"] == "已记 🀄 · 宏远", last
            assert (await visitor.expect("bot forged"))["status"] == 403
        app, bot = doors.messages()
        assert (app.text, app.source.app) == ("今天拜访了宏远 🀄", str(AGENT)), app
        assert (bot.text, bot.source.app, bot.chat) == ("报价多少", f"aibot:{BOT}", CHAT), bot


@asynccontextmanager
async def open_company(**changes: Any) -> AsyncIterator[WeCom]:
    """A simulated company whose AI bot is connected to by WebSocket."""
    bot = BotConfig(bot_id=BOT, mode="socket", secret=SECRET, chats={CHAT: "华东"}, **changes)
    members = (Member(userid="lihua", name="李华"), Member(userid="wangmin", name="王敏"))
    wecom = WeCom(
        WeComConfig(corp_id=CORP, agent_id=AGENT, members=members, bot=bot, **new_secrets())
    )
    await wecom.start()
    try:
        yield wecom
    finally:
        await wecom.stop()
