"""The DingTalk stand-in's cards: created, delivered, pressed, answered in time, updated."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from simulator.faults import Fault
from tests.integration.simulator_dingtalk_rig import (
    CORP,
    TEAM,
    TEMPLATE,
    Rig,
    StreamBot,
    card,
    open_bot,
    open_rig,
)

GROUP = f"dtv1.card//IM_GROUP.{TEAM}"
BOTH = f"dtv1.card//IM_ROBOT.wangmin;{GROUP}"


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with open_rig() as made:
        yield made


def _params(**values: Any) -> dict[str, Any]:
    return {"cardData": {"cardParamMap": values}}


def _answers(**response: Any) -> Any:
    options = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
    return lambda frame: {"response": {"cardUpdateOptions": options, **response}}


# Creating and delivering


async def test_shows_what_the_template_makes_of_its_variables(rig: Rig) -> None:
    dingtalk, client = rig
    status, told = await client.create()
    (result,) = told["result"]["deliverResults"]
    assert (status, result["success"], result["spaceId"]) == (200, True, "lihua")
    (message,) = dingtalk.messages("lihua")
    assert message.text == "报价审批\n甲公司 **12.8 万**\n［同意］ ［驳回］"
    assert (message.face.title, message.face.body) == ("报价审批", "甲公司 **12.8 万**")
    yes, no = message.buttons
    assert (yes.key, yes.text, yes.style, no.style) == ("b1", "同意", 1, 2)
    assert yes.params == {"press": "approve 42"}


async def test_delivers_to_several_spaces_and_tells_each_result(rig: Rig) -> None:
    dingtalk, client = rig
    spaces = f"dtv1.card//IM_ROBOT.ghost;dtv1.card//IM_GROUP.cidNoRobot==;{BOTH}"
    _, told = await client.create(openSpaceId=spaces)
    results = told["result"]["deliverResults"]
    assert [r["success"] for r in results] == [False, False, True, True]
    assert results[0]["errorMsg"]
    assert told["success"] is True
    assert dingtalk.find_card("wangmin", "报价审批")
    assert dingtalk.find_card("lihua", "报价审批", chat=TEAM)


async def test_says_success_while_nobody_got_it(rig: Rig) -> None:
    dingtalk, client = rig
    dingtalk.arm("card/instances/createAndDeliver", Fault(undelivered="robot is stopped"))
    status, told = await client.create()
    (result,) = told["result"]["deliverResults"]
    assert (status, told["success"], result["success"]) == (200, True, False)
    assert result["errorMsg"] == "robot is stopped"
    assert dingtalk.messages("lihua") == []


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"cardTemplateId": ""}, "param.cardTemplateIdEmpty"),
    ({"cardTemplateId": "unknown.schema"}, "param.templateNotExist"),
    ({"cardTemplateId": "draft.schema"}, "param.templateUnpublished"),
    ({"outTrackId": 42}, "param.empty"),
    (_params(can_act=True), "param.invalid"),
    (_params(amount=128000), "param.invalid"),
    (_params(rows=[{"k": "v"}]), "param.invalid"),
    (_params(body="好" * 1025), "param.invalid"),
    (_params(**{"k" * 101: "x"}), "param.invalid"),
    ({"cardData": {"title": "x"}}, "param.invalid"),
    ({"openSpaceId": "IM_ROBOT.lihua"}, "param.openSpaceIdInvalid"),
    ({"openSpaceId": "dtv1.card//IM_MOON.lihua"}, "param.openSpaceIdInvalid"),
    ({"imRobotOpenDeliverModel": None}, "param.openDeliverModelEmpty"),
    ({"imRobotOpenDeliverModel": {}}, "param.openDeliverModelError"),
    ({"openSpaceId": GROUP, "imGroupOpenDeliverModel": {}}, "param.openDeliverModelError"),
    ({"privateData": {"ghost": {"cardParamMap": {}}}}, "param.userIdNotExist"),
    ({"callbackType": "http"}, "param.invalid"),
    ({"callbackType": "HTTP", "callbackRouteKey": "nowhere"}, "param.invalid"),
]


@pytest.mark.parametrize(("changes", "code"), REFUSED)
async def test_refuses(rig: Rig, changes: dict[str, Any], code: str) -> None:
    dingtalk, client = rig
    status, told = await client.create(**changes)
    assert (status, told["code"]) == (400, code)
    assert dingtalk.messages("lihua") == []


async def test_a_track_id_is_one_card_forever(rig: Rig) -> None:
    dingtalk, client = rig
    await client.create()
    status, _ = await client.create(**_params(title="另一张"))
    assert status == 200
    assert [m.face.title for m in dingtalk.messages("lihua")] == ["报价审批", "报价审批"]
    _, told = await client.api("card/instances", card())
    assert told["code"] == "param.cardAlreadyExist"


async def test_creates_first_and_delivers_later(rig: Rig) -> None:
    dingtalk, client = rig
    assert (await client.api("card/instances", card()))[0] == 200
    assert dingtalk.messages("lihua") == []
    assert (await client.api("card/instances/deliver", card()))[0] == 200
    assert dingtalk.find_card("lihua", "报价审批")
    _, told = await client.api("card/instances/deliver", card(outTrackId="unknown"))
    assert told["code"] == "param.cardNotExist"


async def test_warns_of_a_value_beyond_the_published_kilobyte(rig: Rig) -> None:
    dingtalk, client = rig
    await client.create(**_params(body="x" * 1025))
    assert dingtalk.messages("lihua")[0].warnings == ["body is longer than 1024 bytes"]


# Updating


async def test_an_update_overwrites_unless_it_is_by_key(rig: Rig) -> None:
    dingtalk, client = rig
    await client.create()
    assert (await client.update({"state": "已同意"}))[1] == {"success": True, "result": True}
    (message,) = dingtalk.messages("lihua")
    assert message.text == "报价审批\n甲公司 **12.8 万**\n已同意"
    assert (message.replaced, message.buttons, len(message.versions)) == ("已同意", [], 1)
    await client.update({"title": "只剩标题"}, by_key=False)
    assert dingtalk.messages("lihua")[0].text == "只剩标题"


@pytest.mark.parametrize(
    ("values", "changes", "code"),
    [
        ({"state": "x"}, {"outTrackId": "unknown"}, "param.cardNotExist"),
        ({"state": True}, {}, "param.invalid"),
        ({}, {}, "param.cardPublicDataEmpty"),
        ({}, {"cardData": None, "privateData": {}}, "param.cardPublicDataEmpty"),
    ],
)
async def test_an_update_is_refused(
    rig: Rig, values: dict[str, Any], changes: dict[str, Any], code: str
) -> None:
    _, client = rig
    await client.create()
    status, told = await client.update(values, **changes)
    assert (status, told["code"]) == (400, code)


async def test_a_private_value_is_seen_by_one(rig: Rig) -> None:
    dingtalk, client = rig
    vote = {"cardTemplateId": "vote.schema", "openSpaceId": GROUP, **_params(question="去不去？")}
    await client.create(**vote, privateData={"lihua": {"cardParamMap": {"mine": "已赞成"}}})
    async with open_bot(client):
        with pytest.raises(LookupError):
            await dingtalk.press("lihua", "赞成")
        assert await dingtalk.delivered(await dingtalk.press("wangmin", "赞成"))


async def test_streams_a_growing_text(rig: Rig) -> None:
    dingtalk, client = rig
    await client.create()

    async def stream(guid: str, content: str, **changes: Any) -> tuple[int, Any]:
        body = {"outTrackId": "o1", "guid": guid, "key": "body", "content": content}
        return await client.api("card/streaming", body | {"isFull": True} | changes, "PUT")

    assert (await stream("g1", "正在"))[0] == 200
    assert (await stream("g2", "看", isFull=False))[0] == 200
    assert (await stream("g2", "看", isFull=False))[0] == 200
    assert dingtalk.messages("lihua")[0].face.body == "正在看"
    assert (await stream("g3", "x" * 3073))[1]["message"] == "content is too large"
    assert (await stream("g4", "x", key="title"))[0] == 400


# Pressing


async def test_a_press_brings_the_bound_parameters(rig: Rig) -> None:
    dingtalk, client = rig
    await client.create(openSpaceId=GROUP)
    async with open_bot(client) as bot:
        assert await dingtalk.delivered(await dingtalk.press("wangmin", "同意"))
    (frame,), (body,) = bot.frames, bot.bodies()
    assert frame["headers"]["topic"] == "/v1.0/card/instances/callback"
    assert (body["type"], body["outTrackId"], body["corpId"]) == ("actionCallback", "o1", CORP)
    assert (body["userId"], body["userIdType"]) == ("wangmin", 1)
    assert (body["spaceType"], body["spaceId"]) == ("IM_GROUP", TEAM)
    private = json.loads(body["content"])["cardPrivateData"]
    assert private == {"actionIds": ["b1"], "params": {"press": "approve 42"}}


async def test_the_other_shape_of_a_callback() -> None:
    async with open_rig(card_content_key="value") as (dingtalk, client):
        await client.create()
        async with open_bot(client) as bot:
            await dingtalk.delivered(await dingtalk.press("lihua", "驳回"))
        value = json.loads(bot.bodies()[0]["value"])
        assert value == {
            "cardPrivateData": {"actionIds": ["b2"]},
            "params": {"press": "reject 42"},
        }


async def test_an_answer_in_time_changes_the_card(rig: Rig) -> None:
    dingtalk, client = rig
    await client.create(openSpaceId=BOTH)
    async with open_bot(client) as bot:
        bot.answer = _answers(cardData={"cardParamMap": {"state": "已同意"}})
        tap = await dingtalk.press("wangmin", "同意")
        assert await dingtalk.delivered(tap)
    assert dingtalk.ledger.callbacks[tap].toast == ""
    shown = [dingtalk.messages("wangmin")[0], dingtalk.group(TEAM)[0]]
    assert [message.replaced for message in shown] == ["已同意", "已同意"]
    with pytest.raises(LookupError):
        await dingtalk.press("wangmin", "同意")


async def test_an_answer_for_the_one_who_pressed(rig: Rig) -> None:
    dingtalk, client = rig
    await client.create(
        cardTemplateId="vote.schema", openSpaceId=GROUP, **_params(question="去不去？")
    )
    async with open_bot(client) as bot:
        bot.answer = _answers(userPrivateData={"cardParamMap": {"mine": "已赞成"}})
        assert await dingtalk.delivered(await dingtalk.press("lihua", "赞成"))
        with pytest.raises(LookupError):
            await dingtalk.press("lihua", "赞成")
        assert await dingtalk.delivered(await dingtalk.press("wangmin", "赞成"))


def _says_nothing(bot: StreamBot) -> None:
    bot.answer = lambda frame: None


def _fails(bot: StreamBot) -> None:
    bot.code = 500


def _answers_wrong_types(bot: StreamBot) -> None:
    bot.answer = _answers(cardData={"cardParamMap": {"state": True}})


def _answers_no_object(bot: StreamBot) -> None:
    bot.answer = lambda frame: {"response": "OK"}


@pytest.mark.parametrize(
    "spoil", [_says_nothing, _fails, _answers_wrong_types, _answers_no_object]
)
async def test_a_bad_answer_shows_a_failure_and_changes_nothing(spoil: Any) -> None:
    async with open_rig(card_timeout_seconds=0.1) as (dingtalk, client):
        await client.create()
        async with open_bot(client) as bot:
            spoil(bot)
            tap = await dingtalk.press("lihua", "同意")
            assert not await dingtalk.delivered(tap)
        assert dingtalk.ledger.callbacks[tap].toast
        assert len(dingtalk.messages("lihua")[0].buttons) == 2


async def test_two_seconds_are_enough_and_more_are_late() -> None:
    async with open_rig(card_timeout_seconds=0.1) as (dingtalk, client):
        await client.create()
        socket = await client.connect()
        await dingtalk.connected()
        tap = await dingtalk.press("lihua", "同意")
        frame = await socket.receive_json()
        assert not await dingtalk.delivered(tap)
        answer = _answers(cardData={"cardParamMap": {"state": "太晚"}})(frame)
        headers = {"messageId": frame["headers"]["messageId"]}
        await socket.send_json({"code": 200, "headers": headers, "data": json.dumps(answer)})
        ping = dingtalk.stream.live()[0]
        await dingtalk.stream.ping(ping)
        echo = await socket.receive_json()
        headers = {"messageId": echo["headers"]["messageId"]}
        await socket.send_json({"code": 200, "headers": headers, "data": echo["data"]})
        await dingtalk.wait_for(lambda: ping.pongs)
        assert dingtalk.ledger.callbacks[tap].state == "lost"
        assert dingtalk.messages("lihua")[0].replaced == ""
        await socket.close()


async def test_a_press_fails_when_nobody_is_connected(rig: Rig) -> None:
    dingtalk, client = rig
    await client.create()
    tap = await dingtalk.press("lihua", "同意")
    assert not await dingtalk.delivered(tap)
    assert dingtalk.ledger.callbacks[tap].toast


async def test_warns_of_an_update_from_inside_a_callback(rig: Rig) -> None:
    dingtalk, client = rig
    await client.create()
    async with open_bot(client) as bot:
        bot.answer = lambda frame: None
        await dingtalk.press("lihua", "同意")
        await dingtalk.wait_for(lambda: dingtalk.ledger.callbacks)
        await asyncio.wait_for(_first_frame(bot), 30)
        await client.update({"state": "抢先"})
    (message,) = dingtalk.messages("lihua")
    assert message.warnings == ["updated by the API while a tap waited for its answer"]


async def _first_frame(bot: StreamBot) -> None:
    while not bot.frames:  # noqa: ASYNC110 - the bot tells nobody
        await asyncio.sleep(0.01)


async def test_a_stale_press_brings_what_the_phone_showed(rig: Rig) -> None:
    dingtalk, client = rig
    await client.create()
    await client.update({"state": "已撤销", "b1_press": "nothing"})
    with pytest.raises(LookupError):
        await dingtalk.tap("lihua", "o1", "b1")
    async with open_bot(client) as bot:
        assert await dingtalk.delivered(await dingtalk.tap("lihua", "o1", "b1", stale=True))
        forged = {"press": "approve 43"}
        await dingtalk.delivered(await dingtalk.tap("lihua", "o1", "b9", forged, stale=True))
    pressed = [json.loads(body["content"])["cardPrivateData"] for body in bot.bodies()]
    assert pressed[0] == {"actionIds": ["b1"], "params": {"press": "approve 42"}}
    assert pressed[1] == {"actionIds": ["b9"], "params": forged}


async def test_forges_a_tap_that_no_thumb_made(rig: Rig) -> None:
    dingtalk, client = rig
    forged = {"type": "actionCallback", "outTrackId": "foreign", "corpId": "dingother"}
    async with open_bot(client) as bot:
        answer = await dingtalk.forge("/v1.0/card/instances/callback", forged)
    assert bot.bodies() == [forged]
    assert (answer.code, answer.data) == (200, {"response": None})


async def test_only_its_recipients_see_a_card_in_a_group(rig: Rig) -> None:
    dingtalk, client = rig
    model = {"robotCode": "dingabc", "recipients": ["wangmin"]}
    await client.create(openSpaceId=GROUP, imGroupOpenDeliverModel=model)
    with pytest.raises(LookupError):
        await dingtalk.tap("lihua", "o1", "b1")
    async with open_bot(client):
        assert await dingtalk.delivered(await dingtalk.tap("wangmin", "o1", "b1"))


async def test_another_template_shows_its_own_parts(rig: Rig) -> None:
    dingtalk, client = rig
    await client.create(cardTemplateId="vote.schema", **_params(question="去不去？"))
    assert dingtalk.messages("lihua")[0].text == "去不去？\n［赞成］"
    assert TEMPLATE != "vote.schema"
