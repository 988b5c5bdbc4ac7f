"""The DingTalk stand-in's HTTP door: robot messages, card callbacks, sealed events."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from simulator.dingtalk.config import Department, Member
from simulator.dingtalk.signing import card_sign, robot_sign
from simulator.wecom.crypto import WeComCrypto
from tests.integration.simulator_dingtalk_rig import (
    CLIENT,
    CORP,
    EVENT_KEY,
    EVENT_TOKEN,
    SECRET,
    HttpBot,
    Rig,
    open_http_bot,
    open_rig,
    signed,
)

ENVELOPE = WeComCrypto(EVENT_TOKEN, EVENT_KEY, CLIENT)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with open_rig() as made:
        yield made


@pytest.fixture
async def bot() -> AsyncIterator[HttpBot]:
    async with open_http_bot() as made:
        yield made


def test_published_vectors() -> None:
    assert (
        robot_sign("1577262236757", "this is a secret")
        == "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA="
    )
    assert robot_sign("1700000000000", "SECdemo") == "lOvVf9TQCVugV68mGbSZCg0gzOl1SVjxWi1MyVZCUuA="
    assert (
        card_sign("1700000000000", "card-secret") == "nR2bBbKzXJY/9jh6S3GAVl7SAAChYr7io5ODVfIT6r0="
    )
    probe = WeComCrypto(EVENT_TOKEN, EVENT_KEY, "ding6ccabc44d2c8d38b")
    sealed = (
        "0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDC"
        "YxxOK+HZeKju4yhELOFchzNukR+t8SB/qk4ROMu3"
    )
    sign = "03044561471240d4a14bb09372dfcfd4fd0e40cb"
    assert probe.verify(sign, "1608001896814", "WL4PK6yA", sealed)
    assert probe.decrypt(sealed) == '{"EventType":"check_url"}'


# Robot messages


async def test_posts_a_signed_message(rig: Rig, bot: HttpBot) -> None:
    dingtalk, client = rig
    dingtalk.robot_url = bot.url
    message_id = await dingtalk.say("lihua", "你好")
    assert await dingtalk.delivered(message_id)
    ((request, body),) = bot.seen
    stamp = request.headers["timestamp"]
    assert request.headers["sign"] == signed(SECRET, f"{stamp}\n{SECRET}")
    assert (body["msgId"], body["text"]["content"]) == (message_id, "你好")
    reply = {"msgtype": "text", "text": {"content": "收到"}}
    assert (await client.post(body["sessionWebhook"], reply))[1]["errcode"] == 0
    assert [m.text for m in dingtalk.messages("lihua")] == ["收到"]


async def test_posts_a_message_once(bot: HttpBot) -> None:
    async with open_rig(robot_url=bot.url, http_timeout_seconds=0.1) as (dingtalk, _):
        bot.statuses = [500]
        assert not await dingtalk.delivered(await dingtalk.say("lihua", "一"))
        bot.hold = asyncio.Event()
        assert not await dingtalk.delivered(await dingtalk.say("lihua", "二"))
        bot.hold.set()
        assert len(bot.seen) == 2


async def test_seals_a_message_where_a_key_is_set(bot: HttpBot) -> None:
    async with open_rig(robot_url=bot.url, robot_aes_key=EVENT_KEY) as (dingtalk, _):
        assert await dingtalk.delivered(await dingtalk.say("lihua", "你好"))
        ((_, body),) = bot.seen
        assert json.loads(ENVELOPE.decrypt(body["encrypt"]))["text"]["content"] == "你好"


async def test_keeps_a_member_s_order(rig: Rig, bot: HttpBot) -> None:
    dingtalk, _ = rig
    dingtalk.robot_url = bot.url
    ids = [await dingtalk.say("lihua", str(n)) for n in range(20)]
    for message_id in ids:
        await dingtalk.delivered(message_id)
    assert [body["text"]["content"] for _, body in bot.seen] == [str(n) for n in range(20)]


# Cards


async def _register(rig: Rig, url: str, **changes: Any) -> tuple[int, Any]:
    body = {"callbackRouteKey": "route1", "callbackUrl": url, "apiSecret": "card-secret"}
    return await rig[1].api("card/callbacks/register", body | changes)


async def test_a_route_is_registered_once_unless_forced(rig: Rig) -> None:
    status, told = await _register(rig, "http://127.0.0.1/a")
    assert (status, told["result"]["apiSecret"]) == (200, "card-secret")
    assert (await _register(rig, "http://127.0.0.1/b"))[1]["code"] == "param.callbackRouteKeyExist"
    assert (await _register(rig, "http://127.0.0.1/b", forceUpdate=True))[0] == 200


async def test_posts_a_signed_press_and_takes_the_answer(rig: Rig, bot: HttpBot) -> None:
    dingtalk, client = rig
    await _register(rig, bot.url)
    await client.create(callbackType="HTTP", callbackRouteKey="route1")
    bot.reply = lambda body: {
        "cardUpdateOptions": {"updateCardDataByKey": True},
        "cardData": {"cardParamMap": {"state": "已同意"}},
    }
    assert await dingtalk.delivered(await dingtalk.press("lihua", "同意"))
    ((request, body),) = bot.seen
    stamp = request.headers["x-ddpaas-signature-timestamp"]
    assert request.headers["x-ddpaas-signature"] == signed("card-secret", stamp)
    params = json.loads(body["content"])["cardPrivateData"]["params"]
    assert params == {"press": "approve 42"}
    assert dingtalk.messages("lihua")[0].replaced == "已同意"


async def test_a_late_answer_to_a_press_shows_a_failure(bot: HttpBot) -> None:
    async with open_rig(card_timeout_seconds=0.1) as (dingtalk, client):
        await _register((dingtalk, client), bot.url)
        await client.create(callbackType="HTTP", callbackRouteKey="route1")
        bot.hold = asyncio.Event()
        tap = await dingtalk.press("lihua", "同意")
        assert not await dingtalk.delivered(tap)
        assert dingtalk.ledger.callbacks[tap].toast
        bot.hold.set()


# Events


def _sealed_success(body: dict[str, Any]) -> dict[str, Any]:
    sealed, stamp, nonce = ENVELOPE.encrypt("success"), "1614767836", "A7Co0cJL"
    sign = ENVELOPE.signature(stamp, nonce, sealed)
    return {"msg_signature": sign, "timeStamp": stamp, "nonce": nonce, "encrypt": sealed}


def _opened(bot: HttpBot) -> list[dict[str, Any]]:
    events = []
    for request, body in bot.seen:
        names = ("msg_signature", "timestamp", "nonce")
        sign, stamp, nonce = (request.query[name] for name in names)
        assert ENVELOPE.verify(sign, stamp, nonce, body["encrypt"])
        assert request.query["signature"] == sign
        events.append(json.loads(ENVELOPE.decrypt(body["encrypt"])))
    return events


async def test_probes_the_address_and_posts_flat_events(rig: Rig, bot: HttpBot) -> None:
    dingtalk, _ = rig
    dingtalk.event_url = bot.url
    assert not await dingtalk.verify_events()
    bot.reply = _sealed_success
    assert await dingtalk.verify_events()
    joined = await dingtalk.join(Member(userid="xin", name="新人"))
    assert await dingtalk.delivered(joined)
    for event in (
        await dingtalk.modify("xin", name="新名"),
        await dingtalk.add_department(Department(dept_id=9, name="西南")),
        await dingtalk.modify_department(9, name="大西南"),
        await dingtalk.remove_department(9),
        await dingtalk.leave("xin"),
    ):
        assert await dingtalk.delivered(event)
    events = _opened(bot)
    assert [e["EventType"] for e in events] == [
        "check_url", "check_url", "user_add_org", "user_modify_org", "org_dept_create",
        "org_dept_modify", "org_dept_remove", "user_leave_org",
    ]  # fmt: skip
    assert (events[2]["userId"], events[2]["CorpId"]) == (["xin"], CORP)
    assert events[2]["eventId"] == joined
    assert events[4]["deptId"] == [9]


async def test_an_unsealed_success_is_no_answer(bot: HttpBot) -> None:
    async with open_rig(event_url=bot.url, event_retry_gaps=(0.0, 0.0)) as (dingtalk, _):
        bot.reply = lambda body: {"encrypt": "success"}
        assert not await dingtalk.delivered(await dingtalk.leave("lihua"))
        assert len(bot.seen) == 3
        assert len({event["eventId"] for event in _opened(bot)}) == 1


# A process of its own


async def test_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    settings = tmp_path / "dingtalk.json"
    fields = {"corp_id": CORP, "client_id": CLIENT, "client_secret": SECRET}
    people = [{"userid": "lihua", "name": "李华", "dept_ids": [1, 2]}]
    settings.write_text(json.dumps({"platform": "dingtalk", **fields, "members": people}))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", str(settings), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        url = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))["url"]
        await _drive(url)
    finally:
        process.terminate()
        await process.wait()


async def _drive(url: str) -> None:
    async with aiohttp.ClientSession() as http:

        async def press(name: str, **body: Any) -> tuple[int, Any]:
            async with http.post(f"{url}/_sim/{name}", json=body) as answer:
                return answer.status, await answer.json()

        status, told = await press("say", userid="lihua", text="你好")
        assert status == 200
        assert (await press("say", userid="ghost", text="你好"))[0] == 404
        assert (await press("stream", do="dance"))[0] == 400
        assert (await press("faults", api="card/instances", code="system.busy"))[0] == 200
        assert (await press("press", userid="lihua", label="同意"))[0] == 404
        async with http.get(f"{url}/_sim/ledger") as answer:
            ledger = await answer.json()
        assert [c["id"] for c in ledger["callbacks"]] == [told["id"]]
        assert ledger["robot_messages"] == 1
