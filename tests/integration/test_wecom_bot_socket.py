"""WeCom's AI bot by a connection of our own: one owner, answers, hand-over, no fights."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.app import Service
from bot.platforms.contract import Address, Parcel
from bot.platforms.wecom.aibot.doors import Times
from bot.platforms.wecom.aibot.frames import Pace
from bot.platforms.wecom.send import WeComPlatform
from handlers.replies import Picture, Text
from simulator.faults import Fault
from simulator.wecom.gateway import PATH, Gateway
from simulator.wecom.server import WeCom
from storage.db import Database
from storage.models.selling import Activity
from storage.models.service import Lease, Outbound
from storage.viewer import SYSTEM
from tests.integration import simulator_rig as rig
from tests.integration.bot_rig import (
    BOT,
    BOT_SECRET,
    CHAT,
    Stage,
    config,
    connecting,
    seeded,
    service_of,
    settings,
    staged,
)

NOTE = "今天拜访了宏远王总，谈了二期"
QUICK = Times(
    pace=Pace(
        connect=2.0, ack=1.0, ping=0.2, lease=5.0, renew=0.3, standby=0.2,
        first_pause=0.05, longest_pause=0.5, kicked_pause=1.5, longest_kicked_pause=3.0,
    )
)  # fmt: skip


@pytest.fixture
async def stage(db_url: str, open_db: object) -> AsyncIterator[Stage]:
    async with staged(db_url, "socket", times=QUICK) as made:
        await connected(made.wecom)
        yield made


async def until(what: Callable[[], object], seconds: float = 30) -> None:
    """Once this is so; it is looked at often."""
    for _ in range(int(seconds / 0.02)):
        if what():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError(what)


async def connected(wecom: WeCom, times: int = 1) -> None:
    await until(lambda: gateway(wecom).is_connected and gateway(wecom).subscriptions >= times)


def gateway(wecom: WeCom) -> Gateway:
    found = wecom.the_bot.gateway
    assert found is not None
    return found


async def count(db: Database, model: type[object]) -> int:
    async with db.read(SYSTEM) as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0


async def test_a_note_is_answered_and_a_tap_changes_its_card(stage: Stage) -> None:
    await stage.wecom.say_bot("lihua", NOTE)
    card = await stage.see("已记")
    assert (card.kind, card.warnings) == ("template_card", [])
    await stage.wecom.press_bot("lihua", "撤销")
    await stage.wecom.wait_for(lambda: bool(card.versions), 30)
    assert "已撤销" in card.text
    assert await count(stage.service.db, Activity) == 0
    assert stage.wecom.ledger.calls["aibot_respond_msg", "0"] == 1
    assert stage.wecom.ledger.calls["aibot_respond_update_msg", "0"] == 1


async def test_words_come_as_a_stream_that_is_whole(stage: Stage) -> None:
    await stage.wecom.say_bot("lihua", "帮助", CHAT)
    answer = await stage.see("直接打字就行", CHAT)
    assert (answer.kind, answer.content["finish"]) == ("stream", True)
    assert stage.shown("lihua") == []


async def test_entering_is_welcomed(stage: Stage) -> None:
    await stage.bot.enter("lihua")
    assert (await stage.see("我是跟单")).kind == "text"
    assert stage.wecom.ledger.calls["aibot_respond_welcome_msg", "0"] == 1


@pytest.mark.parametrize("errcode", [846605, 846608])
async def test_an_event_that_is_over_is_answered_by_a_message(stage: Stage, errcode: int) -> None:
    gateway(stage.wecom).faults.arm("aibot_respond_msg", Fault(errcode=errcode))
    await stage.wecom.say_bot("lihua", "帮助")
    assert (await stage.see("直接打字就行")).kind == "markdown"
    assert stage.wecom.ledger.calls["aibot_send_msg", "0"] == 1


async def test_a_lost_acknowledgement_is_tried_again(stage: Stage) -> None:
    gateway(stage.wecom).faults.arm("aibot_respond_msg", Fault(hang_seconds=2))
    await stage.wecom.say_bot("lihua", "帮助")
    assert (await stage.see("直接打字就行")).kind == "stream"


async def test_too_many_are_put_off_not_dropped(stage: Stage) -> None:
    gateway(stage.wecom).faults.arm("aibot_respond_msg", Fault(errcode=45009))
    await stage.wecom.say_bot("lihua", "帮助")
    await until(lambda: stage.wecom.ledger.calls["aibot_respond_msg", "45009"])

    async def state() -> tuple[str, timedelta]:
        async with stage.service.db.read(SYSTEM) as session:
            row = (await session.scalars(select(Outbound))).one()
            return row.state, row.available_at - row.created_at

    for _ in range(200):
        if (found := await state())[0] == "new" and found[1] > timedelta(seconds=50):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(found)


async def test_a_picture_goes_up_in_pieces_once(stage: Stage) -> None:
    await stage.wecom.say_bot("lihua", "帮助")
    await stage.see("直接打字就行")
    content = b"\x89PNG\r\n\x1a\n" + bytes(1_200_000)
    (platform,) = stage.service.platforms.values()
    assert isinstance(platform, WeComPlatform)
    to = Address(platform="wecom", corp=rig.CORP, app=f"aibot:{BOT}", user="lihua")
    for key in ("k1", "k2"):
        picture = Picture(attachment_id=1, alt="日报")
        await platform.send(Parcel(key=key, address=to, content=picture, picture=content))
    shown = [message for message in stage.shown() if message.kind == "image"]
    assert [message.picture for message in shown] == [content, content]
    assert stage.wecom.ledger.calls["aibot_upload_media_chunk", "0"] == 3


async def test_one_never_spoken_to_is_reached_by_the_app(stage: Stage) -> None:
    (platform,) = stage.service.platforms.values()
    to = Address(platform="wecom", corp=rig.CORP, app=f"aibot:{BOT}", user="wangmin")
    await platform.send(Parcel(key="k", address=to, content=Text(text="请审批")))
    assert [m.text for m in stage.wecom.messages("WangMin")] == ["请审批"]


async def test_pings_keep_it_and_their_silence_ends_it(stage: Stage) -> None:
    door = gateway(stage.wecom)
    await until(lambda: door.pings >= 2)
    door.frozen = True
    await asyncio.sleep(0)
    before = door.subscriptions
    await until(lambda: len(door._transports) == 0 or door.subscriptions > before, 30)
    door.frozen = False
    await connected(stage.wecom, before + 1)
    await stage.wecom.say_bot("lihua", "帮助")
    await stage.see("直接打字就行")


async def test_a_cut_connection_is_made_again(stage: Stage) -> None:
    for times in range(2, 6):
        await gateway(stage.wecom).drop_connection()
        await connected(stage.wecom, times)
    await stage.wecom.say_bot("lihua", "帮助")
    await stage.see("直接打字就行")


async def test_a_wrong_secret_is_told_and_not_hammered(db_url: str, open_db: object) -> None:
    wecom = WeCom(config("socket", bot={"secret": "another"}))
    await wecom.start()
    await seeded(db_url)
    told: list[str] = []

    async def alert(words: str) -> None:
        told.append(words)

    db = Database(db_url)
    platform = WeComPlatform(settings(wecom, "socket"), db, alert=alert, times=QUICK)
    running = asyncio.create_task(platform.run(_refuse))
    await until(lambda: told)
    assert "[wecom.bot]" in told[0]
    assert BOT_SECRET not in told[0]
    await asyncio.sleep(0.5)
    assert wecom.ledger.count_calls("aibot_subscribe") == 1
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await platform.close()
    await db.close()
    await wecom.stop()


async def _refuse(_event: object) -> None:
    raise AssertionError("nothing is heard")


# Several processes


Tasks = list[asyncio.Task[None]]


@asynccontextmanager
async def two_services(url: str) -> AsyncIterator[tuple[WeCom, list[Service], Tasks]]:
    """Two whole services on one database."""
    wecom = WeCom(config("socket"))
    await wecom.start()
    await seeded(url)
    services, running = [], []
    for _ in range(2):
        service = service_of(url, connecting(settings(wecom, "socket"), QUICK))
        await service.start()
        services.append(service)
        running.append(asyncio.create_task(service.run()))
    try:
        await connected(wecom)
        yield wecom, services, running
    finally:
        for service in services:
            service.stop()
        await asyncio.gather(*running, return_exceptions=True)
        await wecom.stop()


def owners(services: list[Service]) -> list[int]:
    """Which of the services send for the bot."""
    return [
        number
        for number, service in enumerate(services)
        if not service.platforms["wecom"].elsewhere()
    ]


@pytest.fixture
def postgres_only(db_url: str) -> str:
    if not db_url.startswith("postgresql"):
        pytest.skip("several processes need PostgreSQL")
    return db_url


async def test_one_of_two_holds_the_connection_and_sends(
    postgres_only: str, open_db: object
) -> None:
    async with two_services(postgres_only) as (wecom, services, _):
        stage = Stage(wecom, services[0])
        await asyncio.sleep(1.0)
        assert gateway(wecom).subscriptions == 1
        assert len(owners(services)) == 1
        for number in range(6):
            await wecom.say_bot("lihua", "帮助", CHAT if number % 2 else None)
        await wecom.wait_for(lambda: len(stage.shown()) == 3 and len(stage.shown(CHAT)) == 3, 30)


async def test_the_other_takes_over_when_the_owner_stops(
    postgres_only: str, open_db: object
) -> None:
    async with two_services(postgres_only) as (wecom, services, running):
        (owner,) = owners(services)
        services[owner].stop()
        await running[owner]
        await connected(wecom, 2)
        stage = Stage(wecom, services[1 - owner])
        await wecom.say_bot("lihua", "帮助")
        await stage.see("直接打字就行")


@asynccontextmanager
async def two_platforms(
    url: str,
) -> AsyncIterator[tuple[WeCom, list[WeComPlatform], Tasks, list[str]]]:
    """Two platforms on one database, as two processes have them, with nothing behind."""
    wecom = WeCom(config("socket"))
    await wecom.start()
    dbs = [Database(url) for _ in range(2)]
    told: list[str] = []

    async def alert(words: str) -> None:
        told.append(words)

    async def accept(_event: object) -> None:
        return None

    made = settings(wecom, "socket")
    platforms = [WeComPlatform(made, db, alert=alert, times=QUICK) for db in dbs]
    running = [asyncio.create_task(platform.run(accept)) for platform in platforms]
    try:
        await connected(wecom)
        yield wecom, platforms, running, told
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for platform in platforms:
            await platform.close()
        for db in dbs:
            await db.close()
        await wecom.stop()


async def test_a_dead_owners_lease_runs_out(db_url: str, open_db: Callable[[], Database]) -> None:
    """A process that is killed releases nothing."""
    async with two_platforms(db_url) as (wecom, platforms, running, _):
        await until(lambda: any(not platform.elsewhere() for platform in platforms))
        owner = next(n for n, platform in enumerate(platforms) if not platform.elsewhere())
        key = f"wecom|aibot:{BOT}"
        async with open_db().write(SYSTEM) as session:
            lease = await session.get(Lease, key)
            assert lease is not None
            holder, held_until = lease.holder, lease.until
        running[owner].cancel()
        await asyncio.gather(running[owner], return_exceptions=True)
        async with open_db().write(SYSTEM) as session:
            lease = await session.get(Lease, key)
            assert lease is not None
            if lease.holder is None:
                lease.holder, lease.until = holder, held_until
        await until(lambda: not platforms[1 - owner].elsewhere())
        assert gateway(wecom).subscriptions == 2


async def test_who_is_pushed_out_does_not_push_back(db_url: str, open_db: object) -> None:
    async with two_platforms(db_url) as (wecom, platforms, _, told):
        url = wecom.url.replace("http", "ws") + PATH
        async with aiohttp.ClientSession() as http, http.ws_connect(url) as intruder:
            body = {"bot_id": BOT, "secret": BOT_SECRET}
            headers = {"req_id": "aibot_subscribe_1"}
            await intruder.send_json({"cmd": "aibot_subscribe", "headers": headers, "body": body})
            assert (await intruder.receive_json())["errcode"] == 0
            await until(lambda: told)
            assert "挤掉" in told[0]
            await asyncio.sleep(0.8)
            assert gateway(wecom).subscriptions == 2
            assert not intruder.closed
            assert all(platform.elsewhere() for platform in platforms)
        await connected(wecom, 3)
        await until(lambda: len([p for p in platforms if not p.elsewhere()]) == 1)


async def test_a_lease_that_was_lost_ends_the_connection(
    db_url: str, open_db: Callable[[], Database]
) -> None:
    """As after a long sleep: another process has it by now."""
    async with two_platforms(db_url) as (wecom, platforms, running, _):
        (owner,) = [n for n, p in enumerate(platforms) if not p.elsewhere()]
        running[1 - owner].cancel()
        async with open_db().write(SYSTEM) as session:
            lease = (await session.scalars(select(Lease))).one()
            assert lease.until is not None
            lease.holder, lease.until = "somebody", lease.until + timedelta(hours=1)
        await until(lambda: platforms[owner].elsewhere())
        await until(lambda: not gateway(wecom).is_connected)
