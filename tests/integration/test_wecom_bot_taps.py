"""Forged taps at the AI bot's doors: none of them changes anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from bot.turn import NOT_YOURS
from simulator.wecom.crypto import WeComCrypto
from storage.models.selling import Activity
from storage.models.service import SentCard
from storage.viewer import SYSTEM
from tests.integration.bot_rig import CHAT, Stage, staged
from tests.integration.test_wecom_bot_socket import QUICK, connected

NOTE = "今天拜访了宏远王总，谈了二期"
REFUSED = NOT_YOURS[:9]


@pytest.fixture(params=["callback", "socket"])
async def stage(
    request: pytest.FixtureRequest, db_url: str, open_db: object
) -> AsyncIterator[Stage]:
    async with staged(db_url, request.param, times=QUICK) as made:
        if request.param == "socket":
            await connected(made.wecom)
        yield made


async def activities(stage: Stage) -> int:
    async with stage.service.db.read(SYSTEM) as session:
        return await session.scalar(select(func.count()).select_from(Activity)) or 0


async def noted(stage: Stage, chat: str | None = None) -> tuple[str, str]:
    """A note's card: its key and the press of its first button."""
    await stage.wecom.say_bot("lihua", NOTE, chat)
    card = await stage.see("已记", chat or "lihua")
    return card.card_id, card.buttons[0].key


async def test_the_right_tap_passes(stage: Stage) -> None:
    card, press = await noted(stage)
    await stage.bot.tap("lihua", card, press)
    await stage.see("已撤销")
    assert await activities(stage) == 0


async def test_another_users_card(stage: Stage) -> None:
    card, press = await noted(stage)
    await stage.wecom.say_bot("WangMin", "帮助")
    await stage.see("直接打字就行", "WangMin")
    await stage.bot.tap("WangMin", card, press, stale=True)
    await stage.see(REFUSED, "WangMin")
    assert await activities(stage) == 1


async def test_a_colleague_in_the_group(stage: Stage) -> None:
    card, press = await noted(stage, CHAT)
    await stage.bot.tap("WangMin", card, press, CHAT)
    await stage.see(REFUSED, CHAT)
    assert await activities(stage) == 1
    await stage.bot.tap("lihua", card, press, CHAT)
    await stage.see("已撤销", CHAT)
    assert await activities(stage) == 0


@pytest.mark.parametrize("card", ["unknown", "", "a|b", "x" * 128])
async def test_a_card_that_was_never_sent(stage: Stage, card: str) -> None:
    _, press = await noted(stage)
    await stage.bot.tap("lihua", card, press, stale=True)
    await stage.see(REFUSED)
    assert await activities(stage) == 1


@pytest.mark.parametrize("press", ["undo:999", "undo:x", "", "decide:1:1:approved", "say:撤销"])
async def test_a_button_that_the_card_does_not_carry(stage: Stage, press: str) -> None:
    card, _ = await noted(stage)
    await stage.bot.tap("lihua", card, press, stale=True)
    await stage.see(REFUSED)
    assert await activities(stage) == 1


async def test_a_card_of_the_apps(stage: Stage) -> None:
    await stage.wecom.say("lihua", NOTE)
    card = await stage.wecom.wait_for(lambda: stage.wecom.find_card("lihua", "已记"), 30)
    assert card is not None
    await stage.wecom.say_bot("lihua", "帮助")
    await stage.see("直接打字就行")
    await stage.bot.tap("lihua", card.card_id, card.buttons[0].key, stale=True)
    await stage.see(REFUSED)
    assert await activities(stage) == 1


async def test_an_expired_card(stage: Stage) -> None:
    card, press = await noted(stage)
    async with stage.service.db.system() as session:
        long_ago = SentCard.created_at
        await session.execute(update(SentCard).values(expires_at=long_ago))
    await stage.bot.tap("lihua", card, press)
    await stage.see(REFUSED)
    assert await activities(stage) == 1


async def test_a_second_tap_on_what_is_done(stage: Stage) -> None:
    card, press = await noted(stage)
    await stage.bot.tap("lihua", card, press)
    await stage.see("已撤销")
    before = await activities(stage)
    await stage.bot.tap("lihua", card, press, stale=True)
    await stage.wecom.say_bot("lihua", "帮助")
    await stage.see("直接打字就行")
    assert await activities(stage) == before


async def test_an_envelope_that_another_key_has_sealed(db_url: str, open_db: object) -> None:
    async with staged(db_url) as stage:
        card, press = await noted(stage)
        stage.bot.callbacks.calls._wire = _resealed(stage)
        tapped = await stage.bot.tap("lihua", card, press)
        assert not await stage.wecom.delivered(tapped)
        assert await activities(stage) == 1


def _resealed(stage: Stage) -> object:
    other = "ZYXWVUTSRQPONMLKJIHGFEDCBAzyxwvutsrqponmlkA"
    crypto = WeComCrypto(stage.bot.config.token, other, "")
    return replace(stage.bot.callbacks.calls._wire, crypto=crypto)
