"""A service with a language model: asked where the rules are lost, and holding nobody up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from sqlalchemy import func, select

from bot.events import Message, Source
from bot.inbox import Inbox
from bot.model import LanguageModel, ModelSettings
from bot.outbox import Sender
from bot.turn import Turn
from bot.worker import Worker
from handlers.replies import Card, Text
from nlu.naming.names import keys_of_name
from storage.db import Database, NameKeys
from storage.models.selling import Activity
from storage.viewer import SYSTEM
from tests.builders import make_customer, make_user
from tests.fakes import FakePlatform

LOST = "恒通那头的门槛算是迈进去了吧"
"""Words that no rule makes anything of."""


@pytest.fixture
def name_keys() -> NameKeys:
    """As in service."""
    return keys_of_name


class Stage:
    """One process with a model behind it; `hold` keeps the model's answer back."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.fake = FakePlatform(name="fake")
        self.hold = asyncio.Event()
        self.hold.set()
        self.asked = 0
        self.customer = 0

    async def answer(self, _request: web.Request) -> web.Response:
        self.asked += 1
        await self.hold.wait()
        proposal = {"type": "activity", "kind": "visit", "customer": str(self.customer)}
        content = json.dumps({"acts": [proposal]})
        return web.json_response({"choices": [{"message": {"content": content}}]})

    async def says(self, inbox: Inbox, user: str, text: str) -> None:
        source = Source(platform="fake", corp="corp", app="app", sender=user)
        message_id = f"{user} {text}"
        now = datetime.now(UTC)
        await inbox.accept(Message(source=source, message_id=message_id, text=text, at=now))

    async def answered(self, count: int) -> list[Card | Text]:
        async with asyncio.timeout(30):
            while len(self.fake.sent) < count:  # noqa: ASYNC110 (the fake has no event)
                await asyncio.sleep(0.01)
        return [p.content for p in self.fake.sent if isinstance(p.content, Card | Text)]


@asynccontextmanager
async def serving(stage: Stage) -> AsyncIterator[Inbox]:
    app = web.Application()
    app.router.add_post("/chat/completions", stage.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    model = LanguageModel(
        ModelSettings(base_url=url, name="m"), stage.db, lambda: datetime.now(UTC)
    )
    platforms = {"fake": stage.fake}
    turn = Turn(
        stage.db,
        platforms,
        render=None,
        zone=ZoneInfo("Asia/Shanghai"),
        model=model,  # type: ignore[arg-type]
    )
    sender = Sender(stage.db, platforms)
    worker = Worker(stage.db, turn, prepare=turn.prepare, done=sender.wake)
    inbox = Inbox(stage.db, wake=worker.wake)
    tasks = [asyncio.create_task(part.run()) for part in (inbox, worker, sender)]
    try:
        yield inbox
    finally:
        for part in (inbox, worker, sender):
            part.stop()
        await asyncio.gather(*tasks)
        await model.close()
        await runner.cleanup()


@pytest.fixture
async def stage(db: Database) -> Stage:
    made = Stage(db)
    async with db.write(SYSTEM) as session:
        rep = await make_user(session, "林一", platform="fake", platform_user="rep")
        await make_user(session, "周二", platform="fake", platform_user="other")
        customer = await make_customer(session, "恒通机床有限公司", owner=rep, short="恒通")
        made.customer = customer.id
    return made


async def test_a_guess_is_shown_before_it_is_written(stage: Stage) -> None:
    async with serving(stage) as inbox:
        await stage.says(inbox, "rep", LOST)
        (card,) = await stage.answered(1)
        assert isinstance(card, Card)
        assert card.title == "请确认 · 恒通"
        assert await _activities(stage.db) == 0
        await stage.says(inbox, "rep", "确认")
        await stage.answered(2)
    assert await _activities(stage.db) == 1
    assert stage.asked == 1


async def test_what_the_rules_read_is_not_asked_about(stage: Stage) -> None:
    async with serving(stage) as inbox:
        await stage.says(inbox, "rep", "今天拜访了恒通")
        await stage.answered(1)
    assert (stage.asked, await _activities(stage.db)) == (0, 1)


async def test_a_slow_model_holds_up_nobody_else(stage: Stage) -> None:
    stage.hold.clear()
    async with serving(stage) as inbox:
        await stage.says(inbox, "rep", LOST)
        async with asyncio.timeout(30):
            while not stage.asked:  # noqa: ASYNC110 (the stub has no event)
                await asyncio.sleep(0.01)
        await stage.says(inbox, "other", "帮助")
        (told,) = await stage.answered(1)
        assert isinstance(told, Text)
        assert told.text.startswith("直接打字就行")
        stage.hold.set()
        await stage.answered(2)


async def _activities(db: Database) -> int:
    async with db.read(SYSTEM) as session:
        return await session.scalar(select(func.count()).select_from(Activity)) or 0
