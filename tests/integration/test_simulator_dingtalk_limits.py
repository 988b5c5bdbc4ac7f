"""The DingTalk stand-in's limits, quotas, permissions and faults on demand."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from simulator.dingtalk import errors
from simulator.faults import Fault
from tests.integration.simulator_dingtalk_rig import Rig, open_bot, open_rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with open_rig() as made:
        yield made


async def test_a_call_beyond_twenty_a_second_is_refused_and_costs_nothing() -> None:
    async with open_rig(calls_per_second=3) as (dingtalk, client):
        statuses = [(await client.oto("lihua"))[0] for _ in range(4)]
        assert statuses == [200, 200, 200, 403]
        assert (await client.oto("lihua"))[1]["code"] == errors.QPS
        assert dingtalk.quotas.api_calls == 3
        assert (await client.to_group())[0] == 200
        for _ in range(4):
            told = await client.old("user/get", {"userid": "lihua"})
        assert told["errcode"] == 90018
        dingtalk.clock.advance(1)
        assert (await client.oto("lihua"))[0] == 200


async def test_the_month_s_calls_are_used_up() -> None:
    async with open_rig(api_calls_per_month=2) as (dingtalk, client):
        answers = [await client.oto("lihua") for _ in range(3)]
        assert [status for status, _ in answers] == [200, 200, 403]
        assert answers[2][1]["code"] == "Forbidden.AccessDenied.ApiCountLimitForOrg"
        assert (await client.old("user/get", {"userid": "lihua"}))["errcode"] == 0
        dingtalk.clock.advance(31 * 86400)
        assert (await client.oto("lihua"))[0] == 200


async def test_the_month_s_messages_are_used_up() -> None:
    async with open_rig(messages_per_month=1) as (dingtalk, client):
        async with open_bot(client) as bot:
            for text in ("有额度", "没额度"):
                await dingtalk.delivered(await dingtalk.say("lihua", text))
        paid, unpaid = bot.bodies()
        assert "errorCode" not in paid
        assert unpaid["errorCode"] == 20001
        assert unpaid["senderStaffId"] == "lihua"
        assert not {"text", "content"} & unpaid.keys()


async def test_an_address_off_the_white_list_and_a_missing_permission(rig: Rig) -> None:
    dingtalk, client = rig
    dingtalk.white_list.append("203.0.113.0/24")
    status, told = await client.oto("lihua")
    assert (status, told["code"]) == (403, "Forbidden.AccessDenied.IpNotInWhiteList")
    assert (await client.old("user/get", {"userid": "lihua"}))["errcode"] == 60020
    dingtalk.white_list.append("127.0.0.1")
    dingtalk.permissions -= {"qyapi_robot_sendmsg", "qyapi_get_member"}
    status, told = await client.oto("lihua")
    assert (status, told["code"]) == (403, "Forbidden.AccessDenied.AccessTokenPermissionDenied")
    assert "qyapi_robot_sendmsg" in told["message"]
    assert (await client.old("user/get", {"userid": "lihua"}))["errcode"] == 60011


async def test_breaks_off_in_each_way(rig: Rig) -> None:
    dingtalk, client = rig
    api = "robot/oToMessages/batchSend"
    dingtalk.arm(api, Fault(code="Forbidden.AccessDenied.QpsLimitForApi"))
    dingtalk.arm(api, Fault(code="system.error"))
    dingtalk.arm(api, Fault(body=errors.PUNISHED))
    dingtalk.arm(api, Fault(drop=True))
    statuses = [await client.oto("lihua") for _ in range(4)]
    assert [status for status, _ in statuses] == [403, 500, 200, 200]
    assert statuses[2][1]["punish"] == "deny"
    dingtalk.arm(api, Fault(lose_reply=True))
    with pytest.raises(aiohttp.ClientError):
        await client.oto("lihua", content="shown, but the answer is lost")
    assert [m.text for m in dingtalk.messages("lihua")] == ["shown, but the answer is lost"]
    assert dingtalk.ledger.calls[api, "body"] == 1
