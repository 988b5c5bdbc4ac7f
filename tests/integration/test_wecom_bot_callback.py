"""WeCom's AI bot by callback: heard once, answered at once, later, or another way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from bot.platforms.wecom.aibot.doors import Times
from bot.platforms.wecom.aibot.receive import Patience
from simulator.wecom.config import Member
from storage.models.selling import Activity
from storage.models.service import Inbound, Outbound
from storage.viewer import SYSTEM
from tests.integration.bot_rig import CHAT, Stage, staged

NOTE = "今天拜访了宏远王总，谈了二期"
HURRIED = Times(patience=Patience(message=0.0, event=4.0, poll=0.05, fetched=1.0))


PATIENT = Times(patience=Patience(message=4.0))
"""Waits nearly as long as WeCom does, so that a slow machine answers at once as well."""


@pytest.fixture
async def stage(db_url: str, open_db: object) -> AsyncIterator[Stage]:
    async with staged(db_url) as made:
        yield made


@pytest.fixture
async def patient(db_url: str, open_db: object) -> AsyncIterator[Stage]:
    """The first frame waits for the answer."""
    async with staged(db_url, times=PATIENT) as made:
        yield made


@pytest.fixture
async def hurried(db_url: str, open_db: object) -> AsyncIterator[Stage]:
    """The first frame never waits for the answer."""
    async with staged(db_url, times=HURRIED) as made:
        yield made


async def count(stage: Stage, model: type[object]) -> int:
    async with stage.service.db.read(SYSTEM) as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0


async def settled(stage: Stage) -> list[Outbound]:
    """The outbox, once there is something in it and all of it has ended."""

    for _ in range(500):
        async with stage.service.db.read(SYSTEM) as session:
            rows = list(await session.scalars(select(Outbound).order_by(Outbound.id)))
        if rows and all(row.state not in ("new", "sending") for row in rows):
            return rows
        await asyncio.sleep(0.02)
    raise TimeoutError([(row.state, row.error) for row in rows])


async def worked_off(stage: Stage) -> None:
    """Every event that came has had its turn."""
    query = select(func.count()).select_from(Inbound).where(Inbound.state != "done")
    for _ in range(500):
        async with stage.service.db.read(SYSTEM) as session:
            if not await session.scalar(query):
                return
        await asyncio.sleep(0.02)
    raise TimeoutError("an event is still waiting")


async def test_the_address_is_verified(stage: Stage) -> None:
    assert await stage.bot.verify()


async def test_a_note_is_answered_at_once_with_its_card(patient: Stage) -> None:
    stage = patient
    assert await stage.wecom.delivered(await stage.wecom.say_bot("lihua", NOTE))
    card = await stage.see("已记")
    assert card.kind == "template_card"
    assert "宏远" in card.text
    assert stage.bot.callbacks.polls == 0
    assert card.warnings == []
    assert await count(stage, Activity) == 1
    assert [row.state for row in await settled(stage)] == ["sent"]


async def test_an_answer_that_takes_longer_is_fetched(hurried: Stage) -> None:
    await hurried.wecom.say_bot("lihua", "帮助")
    answer = await hurried.see("直接打字就行")
    assert answer.kind == "stream"
    assert answer.content["finish"] is True
    assert answer.versions[0]["content"]["content"] == "正在处理…"
    assert hurried.bot.callbacks.polls >= 1
    assert [m.kind for m in hurried.shown()] == ["stream"]


async def test_a_card_that_takes_longer_comes_below_its_title(hurried: Stage) -> None:
    await hurried.wecom.say_bot("lihua", NOTE)
    await hurried.wecom.wait_for(lambda: len(hurried.shown()) == 2, 30)
    stream, card = hurried.shown()
    assert (stream.kind, stream.content["finish"]) == ("stream", True)
    assert card.kind == "template_card"
    assert stream.text == card.face.title
    assert hurried.bot.callbacks.refused == []


async def test_a_tap_changes_the_card_in_its_callback(stage: Stage) -> None:
    await stage.wecom.say_bot("lihua", NOTE)
    card = await stage.see("已记")
    tapped = await stage.wecom.press_bot("lihua", "撤销")
    await stage.wecom.wait_for(lambda: bool(card.versions), 30)
    assert "已撤销" in card.text
    assert [button.key for button in card.buttons] == ["over"]
    assert await stage.wecom.delivered(tapped)
    assert await count(stage, Activity) == 0
    assert stage.bot.callbacks.refused == []
    assert {row.state for row in await settled(stage)} == {"sent"}


async def test_the_button_of_a_card_that_is_over_does_nothing(stage: Stage) -> None:
    await stage.wecom.say_bot("lihua", NOTE)
    card = await stage.see("已记")
    await stage.wecom.press_bot("lihua", "撤销")
    await stage.wecom.wait_for(lambda: bool(card.versions), 30)
    events = await count(stage, Inbound)
    assert await stage.wecom.delivered(await stage.bot.tap("lihua", card.card_id, "over"))
    assert await count(stage, Inbound) == events


async def test_a_group_asks_and_is_answered_in_the_group(stage: Stage) -> None:
    await stage.wecom.say_bot("lihua", "帮助", CHAT)
    answer = await stage.see("直接打字就行", CHAT)
    assert answer.recipient == CHAT
    assert stage.shown("lihua") == []


async def test_voice_is_words_already(stage: Stage) -> None:
    await stage.bot.send("lihua", "voice", {"content": NOTE})
    assert "宏远" in (await stage.see("已记")).text


async def test_words_among_pictures_are_read(stage: Stage) -> None:
    items = [
        {"msgtype": "text", "text": {"content": NOTE}},
        {"msgtype": "image", "image": {"url": "https://example.com/a"}},
    ]
    await stage.bot.send("lihua", "mixed", {"msg_item": items})
    assert "宏远" in (await stage.see("已记")).text


@pytest.mark.parametrize("kind", ["image", "file", "video"])
async def test_what_cannot_be_read_is_said(stage: Stage, kind: str) -> None:
    await stage.bot.send("lihua", kind, {"url": "https://example.com/a"})
    await stage.see("我还看不懂")


async def test_entering_is_welcomed(stage: Stage) -> None:
    await stage.bot.enter("lihua")
    welcome = await stage.see("我是跟单")
    assert welcome.kind == "text"


async def test_feedback_is_taken_in_silence(stage: Stage) -> None:
    assert await stage.wecom.delivered(await stage.bot.feedback("lihua", "f1", 2))
    assert stage.shown() == []
    assert await count(stage, Inbound) == 0


async def test_a_second_delivery_does_and_shows_nothing_new(hurried: Stage) -> None:
    said = await hurried.wecom.say_bot("lihua", NOTE)
    await hurried.wecom.wait_for(lambda: len(hurried.shown()) == 2, 30)
    attempts = len(hurried.wecom.ledger.callbacks[said].attempts)
    await hurried.bot.repeat(said)
    callback = hurried.wecom.ledger.callbacks[said]
    await hurried.wecom.wait_for(lambda: len(callback.attempts) > attempts, 30)
    assert await count(hurried, Activity) == 1
    assert [m.kind for m in hurried.shown()] == ["stream", "template_card"]


async def test_a_stranger_gets_one_answer_and_then_nothing(stage: Stage) -> None:
    await stage.wecom.contacts.put(Member(userid="newcomer", name="新人"))
    await stage.wecom.say_bot("newcomer", "你好")
    await stage.see("你还没有开通", "newcomer")
    assert await stage.wecom.delivered(await stage.wecom.say_bot("newcomer", "在吗"))
    assert len(stage.shown("newcomer")) == 1


async def test_an_answer_that_will_not_come_ends_the_stream(hurried: Stage) -> None:
    await hurried.wecom.contacts.put(Member(userid="newcomer", name="新人"))
    await hurried.wecom.say_bot("newcomer", "你好")
    await hurried.see("你还没有开通", "newcomer")
    await hurried.wecom.say_bot("newcomer", "在吗")
    last = await hurried.see("收到。", "newcomer")
    assert last.content["finish"] is True


async def test_an_answer_nobody_fetches_goes_by_the_response_url(hurried: Stage) -> None:
    hurried.bot.callbacks.polling_stopped = True
    await hurried.wecom.say_bot("lihua", "帮助")
    answer = await hurried.wecom.wait_for(
        lambda: [m for m in hurried.shown() if m.kind == "markdown"], 10
    )
    assert "直接打字就行" in answer[0].text
    assert hurried.wecom.ledger.calls["aibot/response", "0"] == 1
    assert [row.state for row in await settled(hurried)] == ["sent"]


async def test_then_by_the_app_where_the_url_is_used_up(hurried: Stage) -> None:
    hurried.bot.callbacks.polling_stopped = True
    await hurried.wecom.say_bot("lihua", "帮助")
    hurried.bot.callbacks.use_up_urls()
    await hurried.wecom.wait_for(lambda: hurried.wecom.messages("lihua"), 30)
    assert "直接打字就行" in hurried.wecom.messages("lihua")[0].text
    assert [row.state for row in await settled(hurried)] == ["sent"]


async def test_without_an_app_it_is_refused_with_a_reason(db_url: str, open_db: object) -> None:
    async with staged(db_url, app=False, times=HURRIED) as stage:
        stage.bot.callbacks.polling_stopped = True
        await stage.wecom.say_bot("lihua", "帮助")
        stage.bot.callbacks.use_up_urls()
        (row,) = await settled(stage)
        assert row.state == "refused"
        assert "response_code" in str(row.error)


async def test_encrypted_ids_are_the_members_whom_they_hide(db_url: str, open_db: object) -> None:
    async with staged(db_url, bot={"by_super_admin": False}) as stage:
        for _ in range(2):
            await stage.wecom.say_bot("lihua", NOTE)
            await stage.see("已记")
        assert stage.wecom.ledger.calls["batch/openuserid_to_userid", "0"] == 1


async def test_an_encrypted_id_that_cannot_be_converted_is_a_stranger(
    db_url: str, open_db: object
) -> None:
    async with staged(db_url, app=False, bot={"by_super_admin": False}) as stage:
        await stage.wecom.say_bot("lihua", NOTE)
        await stage.see("你还没有开通")
        assert await count(stage, Activity) == 0


async def test_who_is_disabled_in_the_address_book_is_out(stage: Stage) -> None:
    await stage.wecom.say_bot("lihua", NOTE)
    await stage.see("已记")
    assert await stage.wecom.delivered(await stage.wecom.contacts.disable("lihua"))
    await worked_off(stage)
    assert await stage.wecom.delivered(await stage.wecom.say_bot("lihua", NOTE))
    await worked_off(stage)
    assert await count(stage, Activity) == 1
    assert len([message for message in stage.shown() if "已记" in message.text]) == 1
