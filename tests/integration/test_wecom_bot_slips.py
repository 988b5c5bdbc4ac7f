"""Answers laid out for WeCom to fetch: one process hears, another sends, each is shown once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select

from bot.events import Event, Message
from bot.platforms.contract import Address, Parcel, Receipt, Refused
from bot.platforms.wecom.aibot.doors import Times
from bot.platforms.wecom.aibot.receive import Patience
from bot.platforms.wecom.aibot.response import ResponseUrls
from bot.platforms.wecom.api import WeComApi
from bot.platforms.wecom.send import WeComPlatform
from handlers.replies import Content, Picture, Text
from simulator.wecom.server import WeCom
from storage import slips
from storage.db import Database
from storage.models.service import Attachment, Inbound, Outbound
from tests.builders import NOW, make_outbound
from tests.integration import simulator_rig as rig
from tests.integration.bot_rig import config, settings

OpenDb = Callable[[], Database]
TIMES = Times(patience=Patience(message=0.05, event=1.0, poll=0.05, fetched=2.0))


@dataclass
class Stage:
    """A WeCom whose bot calls one process back; the other process only sends."""

    wecom: WeCom
    hearing: WeComPlatform
    sending: WeComPlatform
    db: Database
    events: list[Event]

    async def heard(self) -> Message:
        """What was said, once its callback has been answered: the rest is to be fetched."""
        await self.wecom.wait_for(lambda: self.shown(), 30)
        (event,) = self.events
        assert isinstance(event, Message)
        return event

    def shown(self) -> list[Any]:
        return self.wecom.ledger.bot("lihua")


@asynccontextmanager
async def staged(open_db: OpenDb, **more: Any) -> AsyncIterator[Stage]:
    wecom = WeCom(config())
    await wecom.start()
    made = settings(wecom, **more)
    dbs = [open_db(), open_db()]
    hearing, sending = (WeComPlatform(made, db, times=TIMES) for db in dbs)
    events: list[Event] = []

    async def accept(event: Event) -> None:
        events.append(event)

    app = web.Application()
    app.add_routes(hearing.routes(accept))
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    assert wecom.the_bot.callbacks is not None
    wecom.the_bot.callbacks.calls.url = f"http://127.0.0.1:{runner.addresses[0][1]}/wecom/bot"
    try:
        yield Stage(wecom, hearing, sending, dbs[0], events)
    finally:
        await runner.cleanup()
        await hearing.close()
        await sending.close()
        await wecom.stop()


@pytest.fixture
async def stage(open_db: OpenDb) -> AsyncIterator[Stage]:
    async with staged(open_db) as made:
        yield made


def parcel(event: Message, content: Content, key: str = "k1", **more: Any) -> Parcel:
    source = event.source
    address = Address(
        platform="wecom", corp=source.corp, app=source.app, user=source.sender,
        chat=event.chat, route=event.route,
    )  # fmt: skip
    return Parcel(key=key, address=address, content=content, **more)


async def test_one_process_hears_and_another_answers(stage: Stage) -> None:
    await stage.wecom.say_bot("lihua", "报价多少")
    event = await stage.heard()
    assert await stage.sending.send(parcel(event, Text(text="138万"))) == Receipt()
    (answer,) = stage.shown()
    await stage.wecom.wait_for(lambda: answer.content["finish"], 30)
    assert answer.text == "138万"


async def test_sent_again_it_shows_once(stage: Stage) -> None:
    """As after a crash between the sending and its note."""
    await stage.wecom.say_bot("lihua", "报价多少")
    event = await stage.heard()
    for platform in (stage.sending, stage.hearing, stage.sending):
        await platform.send(parcel(event, Text(text="138万")))
    await stage.wecom.wait_for(lambda: stage.shown()[0].content["finish"], 30)
    assert len(stage.shown()) == 1
    assert stage.wecom.messages("lihua") == []


async def test_a_second_answer_goes_another_way(stage: Stage) -> None:
    await stage.wecom.say_bot("lihua", "报价多少")
    event = await stage.heard()
    await stage.sending.send(parcel(event, Text(text="138万"), "k1"))
    await stage.sending.send(parcel(event, Text(text="还有一件"), "k2"))
    await stage.sending.send(parcel(event, Text(text="第三件"), "k3"))
    await stage.wecom.wait_for(lambda: len(stage.shown()) == 2, 30)
    assert [m.text for m in stage.shown()] == ["138万", "还有一件"]
    assert [m.text for m in stage.wecom.messages("lihua")] == ["第三件"]


async def test_words_and_picture_of_one_answer_come_together(stage: Stage) -> None:
    await stage.wecom.say_bot("lihua", "走势")
    event = await stage.heard()
    words, picture = parcel(event, Text(text="本月"), "e1-0"), Picture(attachment_id=1, alt="图")
    async with stage.db.system() as session:
        session.add(
            Attachment(media_type="image/png", name="a.png", content=rig.PNG, created_at=NOW)
        )
        for key in ("e1-0", "e1-1"):
            lane = words.address.lane
            await make_outbound(session, key=key, lane=lane, event_id=1, state="sending")
    await stage.sending.send(words)
    assert all(not m.content["finish"] for m in stage.shown())
    await stage.sending.send(parcel(event, picture, "e1-1", picture=rig.PNG))
    await stage.wecom.wait_for(lambda: len(stage.shown()) == 2, 30)
    stream, image = stage.shown()
    assert (stream.text, image.picture) == ("本月", rig.PNG)


async def test_a_whole_answer_that_nobody_fetches_goes_as_one(stage: Stage) -> None:
    assert stage.wecom.the_bot.callbacks is not None
    stage.wecom.the_bot.callbacks.polling_stopped = True
    await stage.wecom.say_bot("lihua", "走势")
    event = await stage.heard()
    lane = parcel(event, Text(text="")).address.lane
    async with stage.db.system() as session:
        for key in ("e1-0", "e1-1"):
            await make_outbound(session, key=key, lane=lane, event_id=1, state="sending")
    await stage.sending.send(parcel(event, Text(text="一"), "e1-0"))
    await stage.sending.send(parcel(event, Text(text="二"), "e1-1"))
    (answer,) = [m for m in stage.shown() if m.kind == "markdown"]
    assert answer.text == "一\n\n二"


async def test_a_picture_that_nobody_fetches_is_sent_by_the_app(stage: Stage) -> None:
    assert stage.wecom.the_bot.callbacks is not None
    stage.wecom.the_bot.callbacks.polling_stopped = True
    async with stage.db.system() as session:
        kept = Attachment(media_type="image/png", name="a", content=rig.PNG, created_at=NOW)
        session.add(kept)
        await session.flush()
    await stage.wecom.say_bot("lihua", "走势")
    event = await stage.heard()
    picture = Picture(attachment_id=kept.id, alt="图")
    await stage.sending.send(parcel(event, picture, picture=rig.PNG))
    assert [m.picture for m in stage.wecom.messages("lihua")] == [rig.PNG]


async def test_reminders_to_a_bot_without_an_app_are_refused(open_db: OpenDb) -> None:
    async with staged(open_db, app=False) as stage:
        address = stage.sending.address_of(rig.CORP, "LiHua")
        assert address.app.startswith("aibot:")
        with pytest.raises(Refused, match="no app"):
            await stage.sending.send(Parcel(key="k", address=address, content=Text(text="到点了")))


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/cgi-bin/aibot/response?response_code=1",
        "http://127.0.0.1:1@evil.example/cgi-bin/x",
        "{base}@evil.example/cgi-bin/x",
        "{base}.evil.example/cgi-bin/x",
        "{base}/elsewhere",
        "{base}/cgi-bin/../x",
        "{base}/cgi-bin/",
        "file:///etc/passwd",
        "",
        "//",
    ],
)
async def test_only_wecom_is_posted_to(stage: Stage, url: str) -> None:
    api = WeComApi(stage.wecom.url)
    calls = stage.wecom.ledger.calls.total()
    with pytest.raises(Refused, match="isn't WeCom's"):
        await ResponseUrls(api, stage.wecom.url).post(url.format(base=stage.wecom.url), {})
    assert stage.wecom.ledger.calls.total() == calls
    await api.close()


# The rows themselves


async def test_only_one_takes_an_answer_though_many_ask(open_db: OpenDb) -> None:
    dbs = [open_db(), open_db()]
    assert (await slips.put(dbs[0], "s", {"key": "a"}, now=NOW)).state == "waiting"
    taken = await asyncio.gather(*(slips.take(db, "s") for db in dbs for _ in range(5)))
    assert taken == [({"key": "a"},)] * 10
    assert (await slips.put(dbs[1], "s", {"key": "a"}, now=NOW)).state == "taken"
    other = await slips.put(dbs[1], "s", {"key": "b"}, now=NOW)
    assert (other.state, other.parts) == ("closed", ({"key": "b"},))
    assert not await slips.close(dbs[0], "s", now=NOW)


async def test_taking_and_closing_at_once_have_one_winner(open_db: OpenDb) -> None:
    dbs = [open_db(), open_db()]
    for number in range(30):
        key = f"s{number}"
        await slips.put(dbs[0], key, {"key": "a"}, now=NOW)
        taken, closed = await asyncio.gather(
            slips.take(dbs[0], key), slips.close(dbs[1], key, now=NOW)
        )
        assert (taken is not None) != closed, key


async def test_parts_put_at_once_are_all_kept(open_db: OpenDb) -> None:
    dbs = [open_db(), open_db()]
    await asyncio.gather(
        *(slips.put(dbs[n % 2], "s", {"key": f"k{n}"}, now=NOW) for n in range(20))
    )
    taken = await slips.take(dbs[0], "s")
    assert taken is not None
    assert sorted(part["key"] for part in taken) == sorted(f"k{n}" for n in range(20))


async def test_what_was_closed_before_it_was_put_is_spent_once(open_db: OpenDb) -> None:
    db = open_db()
    assert await slips.close(db, "s", now=NOW)
    assert (await slips.put(db, "s", {"key": "a"}, now=NOW)).parts == ({"key": "a"},)
    await slips.spend(db, "s")
    assert (await slips.put(db, "s", {"key": "b"}, now=NOW)).parts == ({"key": "b"},)
    assert await slips.take(db, "s") is None


async def test_old_ones_are_forgotten(open_db: OpenDb) -> None:
    db = open_db()
    await slips.put(db, "old", {"key": "a"}, now=NOW - timedelta(days=2))
    await slips.put(db, "new", {"key": "a"}, now=NOW)
    await slips.prune(db, NOW - timedelta(days=1))
    assert await slips.take(db, "old") is None
    assert await slips.take(db, "new") is not None


async def test_nothing_comes_once_the_event_is_done_and_all_is_sent(open_db: OpenDb) -> None:
    db = open_db()
    assert not await slips.nothing_comes(db, "e")
    async with db.system() as session:
        event = Inbound(
            dedup_key="e", conversation="c", payload={}, received_at=NOW, available_at=NOW,
            state="working",
        )  # fmt: skip
        session.add(event)
        await session.flush()
    assert not await slips.nothing_comes(db, "e")
    async with db.system() as session:
        await make_outbound(session, key="o", event_id=event.id, state="new")
        (await session.get_one(Inbound, event.id)).state = "done"
    assert not await slips.nothing_comes(db, "e")
    async with db.system() as session:
        (await session.scalars(select(Outbound))).one().state = "sent"
    assert await slips.nothing_comes(db, "e")
