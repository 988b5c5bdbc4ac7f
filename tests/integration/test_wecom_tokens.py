"""The access token: one renewal for all, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.platforms.contract import PlatformError, RetryLater, Unauthorised
from bot.platforms.shared_token import SharedToken, Token
from bot.platforms.wecom.api import WeComApi
from bot.platforms.wecom.settings import WeComSettings
from bot.platforms.wecom.tokens import Tokens
from simulator.faults import Fault
from simulator.wecom.server import WeCom
from storage.db import Database
from tests.conftest import NOW
from tests.fakes import FakeClock
from tests.integration import simulator_rig as rig

OpenDb = Callable[[], Database]
Process = Callable[[], Tokens]
SETTINGS = WeComSettings(
    corp_id=rig.CORP,
    agent_id=1000002,
    secret="s3cret",
    token=rig.TOKEN,
    aes_key=rig.AES_KEY,
)


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    stand_in = WeCom(rig.config())
    await stand_in.start()
    yield stand_in
    await stand_in.stop()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def process(wecom: WeCom, open_db: OpenDb, clock: FakeClock) -> AsyncIterator[Process]:
    """Makes the tokens of one more process on the same database."""
    apis: list[WeComApi] = []
    settings = replace(SETTINGS, api_base=wecom.url)

    def another() -> Tokens:
        apis.append(WeComApi(wecom.url, call_seconds=2.0))
        return Tokens(settings, apis[-1], open_db(), clock)

    yield another
    for api in apis:
        await api.close()


def fetched(wecom: WeCom) -> int:
    """How often a token was asked for."""
    return wecom.ledger.count_calls("gettoken")


async def test_one_fetch_for_many_senders_in_two_processes(wecom: WeCom, process: Process) -> None:
    first, second = process(), process()
    tokens = await asyncio.gather(*(t.get() for t in (first, second) for _ in range(8)))
    assert len(set(tokens)) == 1
    assert fetched(wecom) == 1


async def test_one_renewal_when_all_are_refused_at_once(wecom: WeCom, process: Process) -> None:
    first, second = process(), process()
    old = await first.get()
    assert await second.get() == old
    wecom.expire_token()
    renewed = await asyncio.gather(
        *(t.get(refused=old) for t in (first, second) for _ in range(8))
    )
    assert len(set(renewed)) == 1
    assert renewed[0] != old
    assert fetched(wecom) == 2


async def test_a_process_that_starts_later_asks_nobody(wecom: WeCom, process: Process) -> None:
    token = await process().get()
    assert await process().get() == token
    assert fetched(wecom) == 1


async def test_renewed_five_minutes_early_and_not_at_each_sending(
    wecom: WeCom, process: Process, clock: FakeClock
) -> None:
    tokens = process()
    token = await tokens.get()
    clock.move(seconds=7200 - 310)
    assert await tokens.get() == token
    assert fetched(wecom) == 1
    wecom.clock.advance(7200 - 290)
    clock.move(seconds=20)
    for _ in range(5):
        assert await tokens.get() == token
    assert fetched(wecom) == 2


async def test_an_early_renewal_that_fails_does_no_harm(
    wecom: WeCom, process: Process, clock: FakeClock
) -> None:
    tokens = process()
    token = await tokens.get()
    clock.move(seconds=7200 - 200)
    wecom.arm("gettoken", Fault(errcode=-1))
    assert await tokens.get() == token
    assert await tokens.get() == token
    assert fetched(wecom) == 2


@pytest.mark.parametrize(
    ("errcode", "kind", "pause"), [(40001, Unauthorised, 30), (-1, RetryLater, 5)]
)
async def test_a_failing_gettoken_is_not_hammered(
    wecom: WeCom,
    process: Process,
    clock: FakeClock,
    errcode: int,
    kind: type[PlatformError],
    pause: int,
) -> None:
    tokens = process()
    wecom.arm("gettoken", Fault(errcode=errcode))
    answers = await asyncio.gather(*(tokens.get() for _ in range(8)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {kind}
    assert fetched(wecom) == 1
    clock.move(seconds=pause)
    assert await tokens.get()
    assert fetched(wecom) == 2


async def test_the_lock_of_a_dead_process_runs_out(
    wecom: WeCom, process: Process, open_db: OpenDb, clock: FakeClock
) -> None:
    shared = SharedToken(open_db(), f"wecom|{rig.CORP}|1000002")
    assert await shared.lock(None, NOW, NOW + timedelta(seconds=12))
    waiting = asyncio.create_task(process().get())
    await asyncio.sleep(0)
    clock.move(seconds=13)
    assert await waiting
    assert fetched(wecom) == 1


async def test_only_one_takes_the_lock_and_only_for_what_it_saw(open_db: OpenDb) -> None:
    shared = [SharedToken(open_db(), "k") for _ in range(2)]
    until = NOW + timedelta(seconds=12)
    won = await asyncio.gather(*(s.lock(None, NOW, until) for s in shared))
    assert sorted(won) == [False, True]
    token = Token("new", NOW + timedelta(hours=2), NOW + timedelta(hours=1, minutes=55))
    await shared[0].store(token, until)
    assert not await shared[1].lock(None, NOW, until)
    assert await shared[1].load(timedelta(minutes=5)) == token
    assert await shared[1].lock("new", NOW, until)


async def test_a_cancelled_fetch_gives_the_lock_back(open_db: OpenDb, clock: FakeClock) -> None:
    asked = asyncio.Event()

    async def gettoken(request: web.Request) -> web.Response:
        if not asked.is_set():
            asked.set()
            await asyncio.Event().wait()
        return web.json_response({"errcode": 0, "access_token": "t", "expires_in": 7200})

    app = web.Application()
    app.add_routes([web.get("/cgi-bin/gettoken", gettoken)])
    async with TestServer(app) as server:
        settings = replace(SETTINGS, api_base=str(server.make_url("/")))
        api = WeComApi(settings.api_base)
        hanging = asyncio.create_task(Tokens(settings, api, open_db(), clock).get())
        await asked.wait()
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        assert await Tokens(settings, api, open_db(), clock).get() == "t"
        await api.close()
