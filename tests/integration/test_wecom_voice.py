"""Voice messages to the app: fetched, recognised, done and shown; every trouble has its words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from pydantic import ValidationError
from sqlalchemy import func, select

from bot import transcriber
from bot.app import Service
from bot.config import Config, Voice
from bot.hearing import GONE
from simulator.faults import Fault
from simulator.wecom.config import Member
from simulator.wecom.server import WeCom
from storage.models.selling import Activity
from storage.viewer import SYSTEM
from tests.integration.bot_rig import config, connecting, point, seeded, settings
from tests.integration.bot_rig import service_of as plain_service
from tests.unit.wecom.recordings import amr

NOTE = "今天拜访了宏远王总，谈了二期"


@dataclass
class Recogniser:
    """An OpenAI-compatible /audio/transcriptions that says what it is told to say."""

    text: str = NOTE
    status: int = 200
    body: bytes | None = None
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    heard: list[dict[str, object]] = field(default_factory=list)
    url: str = ""

    async def transcribe(self, request: web.Request) -> web.Response:
        form = await request.post()
        sound = form["file"]
        assert isinstance(sound, web.FileField)
        self.heard.append(
            {"model": form["model"], "language": form["language"], "wav": sound.file.read(),
             "key": request.headers.get("Authorization", "")}
        )  # fmt: skip
        await self.hold.wait()
        if self.body is not None or self.status != 200:
            return web.Response(status=self.status, body=self.body or b"")
        return web.json_response({"text": self.text})


@dataclass
class Stage:
    """A company with a service that can hear."""

    wecom: WeCom
    service: Service
    recogniser: Recogniser

    async def see(self, words: str, userid: str = "lihua") -> str:
        def found() -> str:
            shown = [m.text for m in self.wecom.messages(userid) if words in m.text]
            return shown[-1] if shown else ""

        return await self.wecom.wait_for(found, 30)

    async def activities(self) -> int:
        async with self.service.db.read(SYSTEM) as session:
            return await session.scalar(select(func.count()).select_from(Activity)) or 0


@asynccontextmanager
async def staged(url: str, *, hears: bool = True, seconds: float = 5.0) -> AsyncIterator[Stage]:
    recogniser = Recogniser()
    recogniser.hold.set()
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.add_routes([web.post("/v1/audio/transcriptions", recogniser.transcribe)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    wecom = WeCom(config())
    await wecom.start()
    await seeded(url)
    service = plain_service(url, connecting(settings(wecom)))
    if hears:
        base = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        voice = Voice(base_url=base, model="whisper-1", seconds=seconds)
        made: Config = service.config.model_copy(update={"voice": voice})
        await service.db.close()
        service = Service(made, connect=connecting(settings(wecom)))
    await service.start()
    point(wecom, service)
    running = asyncio.create_task(service.run())
    try:
        yield Stage(wecom, service, recogniser)
    finally:
        recogniser.hold.set()
        service.stop()
        await running
        await wecom.stop()
        await runner.cleanup()


@pytest.fixture
async def stage(db_url: str, open_db: object) -> AsyncIterator[Stage]:
    async with staged(db_url) as made:
        yield made


async def test_what_was_said_is_done_and_shown(stage: Stage) -> None:
    assert await stage.wecom.delivered(await stage.wecom.say_aloud("lihua", amr()))
    card = await stage.see("已记")
    assert f"听到：{NOTE}" in card
    assert "宏远" in card
    assert await stage.activities() == 1
    (heard,) = stage.recogniser.heard
    assert (heard["model"], heard["language"]) == ("whisper-1", "zh")
    assert bytes(heard["wav"]).startswith(b"RIFF")  # type: ignore[arg-type]


async def test_a_question_is_answered_below_what_was_heard(stage: Stage) -> None:
    stage.recogniser.text = "帮助"
    await stage.wecom.say_aloud("lihua", amr())
    assert (await stage.see("直接打字就行")).startswith("听到：帮助\n")


async def test_a_second_delivery_is_not_heard_again(stage: Stage) -> None:
    said = await stage.wecom.say_aloud("lihua", amr())
    await stage.see("已记")
    await stage.wecom.repeat(said)
    callback = stage.wecom.ledger.callbacks[said]
    await stage.wecom.wait_for(lambda: len(callback.attempts) == 2, 30)
    assert await stage.activities() == 1
    assert len(stage.recogniser.heard) == 1


async def test_others_are_answered_while_somebody_is_heard(stage: Stage) -> None:
    stage.recogniser.hold.clear()
    await stage.wecom.say_aloud("lihua", amr())
    await asyncio.wait_for(_heard(stage), 30)
    await stage.wecom.say("WangMin", "帮助")
    await stage.see("直接打字就行", "WangMin")
    assert stage.wecom.messages("lihua") == []
    await stage.wecom.say("lihua", "我的待办")
    stage.recogniser.hold.set()
    await stage.see("已记")
    await stage.wecom.wait_for(lambda: len(stage.wecom.messages("lihua")) == 2, 30)
    assert "已记" in stage.wecom.messages("lihua")[0].text


async def _heard(stage: Stage) -> None:
    while not stage.recogniser.heard:  # noqa: ASYNC110 (the recogniser counts, nothing more)
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (401, b""), (302, b""), (200, b"<html>"), (200, b"[]"), (200, b'{"text": {}}')],
)
async def test_a_recogniser_in_trouble_is_said(stage: Stage, status: int, body: bytes) -> None:
    stage.recogniser.status, stage.recogniser.body = status, body
    await stage.wecom.say_aloud("lihua", amr())
    await stage.see(transcriber.OUT_OF_ORDER[:8])
    assert await stage.activities() == 0


async def test_a_recogniser_that_hangs_is_given_up(db_url: str, open_db: object) -> None:
    async with staged(db_url, seconds=0.3) as stage:
        stage.recogniser.hold.clear()
        await stage.wecom.say_aloud("lihua", amr())
        await stage.see(transcriber.OUT_OF_ORDER[:8])


async def test_silence_is_asked_about(stage: Stage) -> None:
    stage.recogniser.text = "  "
    await stage.wecom.say_aloud("lihua", amr())
    await stage.see(transcriber.NOTHING_SAID)


async def test_too_long_and_no_amr_are_said(stage: Stage) -> None:
    await stage.wecom.say_aloud("lihua", amr(62))
    await stage.see(transcriber.TOO_LONG)
    await stage.wecom.say_aloud("lihua", b"#!SILK_V3" + bytes(200))
    await stage.see(transcriber.NO_VOICE)
    assert stage.recogniser.heard == []


async def test_a_recording_that_is_gone_is_said(stage: Stage) -> None:
    stage.wecom.arm("media/get", Fault(errcode=40007))
    await stage.wecom.say_aloud("lihua", amr())
    await stage.see(GONE)


async def test_a_recording_that_cannot_be_had_now_is_asked_for_again(stage: Stage) -> None:
    stage.wecom.arm("media/get", Fault(status=502))
    await stage.wecom.say_aloud("lihua", amr())
    await stage.see("已记")


async def test_a_stranger_is_not_listened_to(stage: Stage) -> None:
    await stage.wecom.contacts.put(Member(userid="newcomer", name="新人"))
    await stage.wecom.say_aloud("newcomer", amr())
    await stage.see("你还没有开通", "newcomer")
    assert stage.recogniser.heard == []


async def test_without_a_recogniser_the_sender_is_told_what_to_do(
    db_url: str, open_db: object
) -> None:
    async with staged(db_url, hears=False) as stage:
        await stage.wecom.say_aloud("lihua", amr())
        await stage.see("输入法的语音输入")
        assert stage.recogniser.heard == []


def test_its_section_wants_an_address_and_a_model() -> None:
    with pytest.raises(ValidationError):
        Voice(base_url="whisper.local", model="x")
