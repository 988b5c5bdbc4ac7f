"""HTTP: signed doors, words that decide nothing, cards that do, sealed events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.events import Message, Staffing
from bot.platforms.dingtalk import signing
from bot.platforms.dingtalk.settings import ROUTE_KEY
from bot.platforms.doors import MAX_BODY_BYTES
from nlu.naming.names import keys_of_name
from simulator.dingtalk.server import DingTalk
from storage.db import Database, NameKeys
from storage.models.process import Approval
from storage.models.service import Inbound
from tests.integration import dingtalk_rig as rig
from tests.integration.dingtalk_rig import Bot, calls, open_bot, open_company, open_dingtalk
from tests.integration.simulator_dingtalk_rig import SECRET, TEAM
from tests.unit.dingtalk.samples import robot_message

QUOTE = "给恒通二期产线报价138万，八二折"
PATH = "/dingtalk/callback"


@pytest.fixture
def name_keys() -> NameKeys:
    """As the service finds customers."""
    return keys_of_name


@pytest.fixture
async def dingtalk() -> AsyncIterator[DingTalk]:
    async with open_dingtalk() as made:
        yield made


@pytest.fixture
async def bot(db: Database, dingtalk: DingTalk) -> AsyncIterator[Bot]:
    async with open_bot(db, lambda url: rig.http_settings(dingtalk, url)) as made:
        dingtalk.robot_url = made.url + PATH
        dingtalk.event_url = f"{made.url}{PATH}/event"
        await open_company(db)
        await rig.until(lambda: calls(dingtalk, "card/callbacks/register"))
        yield made


def headers(now_ms: int | None = None, secret: str = SECRET) -> dict[str, str]:
    stamp = str(now_ms or int(rig.utc_now().timestamp() * 1000))
    return {"timestamp": stamp, "sign": signing.sign_robot(stamp, secret)}


async def post(bot: Bot, body: Any, path: str = PATH, **given: str) -> int:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with (
        aiohttp.ClientSession() as http,
        http.post(bot.url + path, data=raw, headers=given) as answer,
    ):
        return answer.status


async def test_words_in_and_the_answer_out(bot: Bot, dingtalk: DingTalk) -> None:
    said = await dingtalk.say("lihua", "今天拜访了恒通蒋总")
    card = await dingtalk.wait_for(lambda: dingtalk.find_card("lihua", "已记"))
    assert await dingtalk.delivered(said)
    await dingtalk.press("lihua", "撤销")
    await dingtalk.wait_for(lambda: "已撤销" in card.replaced)
    await bot.settled()
    assert calls(dingtalk, "card/instances") == 0


async def test_words_decide_nothing_and_the_button_does(bot: Bot, dingtalk: DingTalk) -> None:
    await dingtalk.say("lihua", QUOTE)
    card = await dingtalk.wait_for(lambda: dingtalk.find_card("wangmin", "报价审批"))
    await dingtalk.say("wangmin", "同意 Q-1001")
    await dingtalk.wait_for(
        lambda: [m for m in dingtalk.messages("wangmin") if "打字不算数" in m.text]
    )
    (approval,) = await bot.rows(Approval)
    assert approval.status == "pending"
    tapped = await dingtalk.press("wangmin", "同意")
    await dingtalk.wait_for(lambda: "已同意" in card.replaced)
    assert dingtalk.ledger.callbacks[tapped].attempts[0].took_seconds < 2
    (approval,) = await bot.rows(Approval)
    assert approval.status == "approved"


async def test_a_heavy_record_waits_for_the_button(bot: Bot, dingtalk: DingTalk) -> None:
    await dingtalk.say("lihua", "恒通到账50万")
    card = await dingtalk.wait_for(lambda: dingtalk.find_card("lihua", "请确认"))
    await dingtalk.say("lihua", "确认")
    await dingtalk.wait_for(
        lambda: [m for m in dingtalk.messages("lihua") if "打字不算数" in m.text]
    )
    assert card.replaced == ""
    await dingtalk.press("lihua", "确认")
    await dingtalk.wait_for(lambda: "已确认" in card.replaced)


async def test_an_unsigned_body_sends_no_answer_elsewhere(bot: Bot, dingtalk: DingTalk) -> None:
    """Whoever caught one envelope names their own group and session: the sender is answered."""
    await dingtalk.say("guest", "你好", chat=TEAM)
    theirs = next(iter(dingtalk.ledger.callbacks.values())).fields["sessionWebhook"]
    body = robot_message(
        senderStaffId="wangmin", conversationType="2", conversationId=TEAM,
        sessionWebhook=theirs, sessionWebhookExpiredTime=9999999999999,
        text={"content": "待我审批的"}, senderCorpId="dingcorp",
    )  # fmt: skip
    assert await post(bot, body, **headers()) == 200
    await dingtalk.wait_for(lambda: dingtalk.messages("wangmin"))
    await bot.settled()
    assert dingtalk.group(TEAM) == []


async def test_doors_are_shut_to_what_is_not_signed(bot: Bot, dingtalk: DingTalk) -> None:
    body = robot_message(senderStaffId="lihua")
    now = int(rig.utc_now().timestamp() * 1000)
    refused = [
        {},
        headers(secret="another"),
        headers(now - 3_700_000),
        headers(now + 3_700_000),
        {**headers(), "timestamp": str(now + 1)},
        {**headers(), "sign": ""},
        {"timestamp": "x", "sign": "x"},
    ]
    statuses = [await post(bot, body, **given) for given in refused]
    statuses += [await post(bot, {}, f"{PATH}/card", **given) for given in refused]
    statuses += [await post(bot, {"encrypt": "x"}, f"{PATH}/event")]
    assert set(statuses) == {403}
    assert await bot.rows(Inbound) == []


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{", b"x" * (MAX_BODY_BYTES + 1), b"[" * 5000, "坏".encode("gbk")],
    ids=["empty", "a list", "torn", "big", "deep", "no UTF-8"],
)
async def test_a_signed_body_that_is_none_is_refused(bot: Bot, raw: bytes) -> None:
    assert await post(bot, raw, **headers()) == 403
    assert await post(bot, raw, **headers(), **{"Content-Encoding": "identity"}) == 403
    assert await bot.rows(Inbound) == []


async def test_a_replay_with_another_body_is_its_own_message_but_one_effect_each(
    bot: Bot, dingtalk: DingTalk
) -> None:
    envelope = headers()
    for _ in range(5):
        assert await post(bot, robot_message(senderStaffId="lihua"), **envelope) == 200
    assert len(await bot.rows(Inbound)) == 1
    (event,) = await bot.events()
    assert isinstance(event, Message)
    assert not event.trusted


async def test_in_stream_mode_there_is_no_such_door(db: Database, dingtalk: DingTalk) -> None:
    async with open_bot(db, lambda _: rig.settings(dingtalk)) as bot:
        assert await post(bot, robot_message(), **headers()) == 404


async def test_events_are_opened_and_answered_sealed(bot: Bot, dingtalk: DingTalk) -> None:
    assert await dingtalk.verify_events()
    left = await dingtalk.leave("lihua")
    assert await dingtalk.delivered(left)
    await dingtalk.repeat(left)
    assert await dingtalk.delivered(left)
    (event,) = await bot.events()
    assert isinstance(event, Staffing)
    assert event.left == ("lihua",)


async def test_taps_need_the_secret_that_was_registered(bot: Bot, dingtalk: DingTalk) -> None:
    await dingtalk.say("lihua", QUOTE)
    card = await dingtalk.wait_for(lambda: dingtalk.find_card("wangmin", "报价审批"))
    body = {"outTrackId": card.card_id, "userId": "wangmin", "corpId": "dingcorp"}
    params = {"cardPrivateData": {"params": card.buttons[0].params}}
    body["content"] = json.dumps(params)
    now = rig.utc_now()
    for secret, at in (("wrong", now), ("right", now - timedelta(minutes=6))):
        key = bot.platform._settings.card_secret if secret == "right" else secret
        stamp = str(int(at.timestamp() * 1000))
        sign = signing.sign_card(stamp, key)
        signed = {"x-ddpaas-signature-timestamp": stamp, "x-ddpaas-signature": sign}
        assert await post(bot, body, f"{PATH}/card", **signed) == 403
    (approval,) = await bot.rows(Approval)
    assert approval.status == "pending"


async def test_the_address_of_taps_is_registered_anew_at_each_start(
    db: Database, bot: Bot, dingtalk: DingTalk
) -> None:
    async with open_bot(db, lambda url: rig.http_settings(dingtalk, url)) as again:
        await rig.until(lambda: calls(dingtalk, "card/callbacks/register") == 2)
        url, _ = dingtalk._card_api.callback_urls[ROUTE_KEY]
        await rig.until(
            lambda: dingtalk._card_api.callback_urls[ROUTE_KEY][0].startswith(again.url)
        )
        assert url.endswith(f"{PATH}/card")
