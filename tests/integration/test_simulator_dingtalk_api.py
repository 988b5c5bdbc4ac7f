"""The DingTalk stand-in's API over real HTTP: tokens, robots, files, webhooks, contacts."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from simulator.faults import Fault
from tests.integration.simulator_dingtalk_rig import (
    CLIENT,
    PNG,
    SECRET,
    TEAM,
    Rig,
    open_bot,
    open_rig,
    signed,
)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with open_rig() as made:
        yield made


# Tokens


async def test_gives_the_same_token_and_prolongs_it(rig: Rig) -> None:
    dingtalk, client = rig
    first = await client.token()
    dingtalk.clock.advance(7000)
    assert await client.token() == first
    dingtalk.clock.advance(7000)
    assert await client.token() == first
    dingtalk.clock.advance(7201)
    assert await client.token() != first


async def test_refuses_wrong_credentials(rig: Rig) -> None:
    body = {"appKey": CLIENT, "appSecret": "wrong"}
    status, told = await rig[1].post("/v1.0/oauth2/accessToken", body)
    assert (status, told["code"]) == (400, "invalidClientIdOrSecret")


async def test_the_old_address_gives_the_same_token(rig: Rig) -> None:
    dingtalk, client = rig
    query = {"appkey": CLIENT, "appsecret": SECRET}
    async with client.http.get(f"{dingtalk.url}/gettoken", params=query) as answer:
        assert (await answer.json())["access_token"] == await client.token()


async def test_both_ages_refuse_missing_wrong_and_expired_tokens(rig: Rig) -> None:
    dingtalk, client = rig
    token = await client.token()
    dingtalk.expire_token()
    for given, errcode in (("", 40014), ("x", 40014), (token, 42001)):
        header = {"x-acs-dingtalk-access-token": given}
        status, told = await client.post("/v1.0/robot/groupMessages/send", {}, **header)
        assert (status, told["code"]) == (400, "InvalidAuthentication")
        _, old = await client.post("/topapi/v2/user/get", {}, query={"access_token": given})
        assert old["errcode"] == errcode
    assert (await client.oto("lihua"))[0] == 200


async def test_token_errors_as_others_have_seen_them() -> None:
    async with open_rig(bad_token_status=401, wraps_old_errors=True) as (_, client):
        status, _ = await client.post("/v1.0/robot/groupMessages/send", {})
        assert status == 401
        _, told = await client.post("/topapi/v2/user/get", {}, query={"access_token": "x"})
        assert (told["errcode"], told["sub_code"]) == (88, "40014")


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"x"', b""])
async def test_refuses_what_is_no_json_object(rig: Rig, raw: bytes) -> None:
    _, client = rig
    assert (await client.api("robot/groupMessages/send", raw))[0] == 400
    assert (await client.old("user/get", raw))["errcode"] == 40035


# The robot's two calls


async def test_sends_to_people_and_lists_who_did_not_get_it(rig: Rig) -> None:
    dingtalk, client = rig
    dingtalk.flow_controlled.add("wangmin")
    status, told = await client.oto("lihua", "wangmin", "ghost", "guest")
    assert (status, told["invalidStaffIdList"]) == (200, ["ghost", "guest"])
    assert told["flowControlledStaffIdList"] == ["wangmin"]
    assert [m.text for m in dingtalk.messages("lihua")] == ["你好"]
    assert dingtalk.messages("wangmin") == []


async def test_says_in_lists_that_nobody_got_it(rig: Rig) -> None:
    dingtalk, client = rig
    dingtalk.arm("robot/oToMessages/batchSend", Fault(undelivered="flowControlled"))
    dingtalk.arm("robot/oToMessages/batchSend", Fault(undelivered="gone"))
    assert (await client.oto("lihua"))[1]["flowControlledStaffIdList"] == ["lihua"]
    assert (await client.oto("lihua"))[1]["invalidStaffIdList"] == ["lihua"]
    assert dingtalk.messages("lihua") == []


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"robotCode": "other"}, "invalidParameter.robotCode.notExsit"),
    ({"robotCode": None}, "miss.param.robotCode"),
    ({"userIds": []}, "miss.param.userIds"),
    ({"userIds": [7]}, "invalidParameter.userIds.invalid"),
    ({"userIds": ["u"] * 21}, "receivers.exceed"),
    ({"userIds": ["ghost"]}, "staffId.notExisted"),
    ({"msgKey": "samplePoem"}, "invalidParameter.msgKey.invalid"),
    ({"msgParam": {"content": "x"}}, "invalidParameter.msgParam.invalid"),
    ({"msgParam": "{"}, "invalidParameter.msgParam.invalid"),
    ({"msgParam": '{"content": 7}'}, "invalidParameter.msgParam.invalid"),
    ({"msgParam": json.dumps({"content": "x" * 15_000})}, "invalidParameter.msgParam.tooLong"),
]


@pytest.mark.parametrize(("changes", "code"), REFUSED)
async def test_refuses(rig: Rig, changes: dict[str, Any], code: str) -> None:
    dingtalk, client = rig
    body = {"robotCode": CLIENT, "userIds": ["lihua"], "msgKey": "sampleText"}
    body["msgParam"] = '{"content": "x"}'
    status, told = await client.api("robot/oToMessages/batchSend", body | changes)
    assert (status, told["code"]) == (400, code)
    assert dingtalk.messages("lihua") == []


async def test_shows_links_and_buttons_of_an_action_card(rig: Rig) -> None:
    dingtalk, client = rig
    send = "dtmd://dingtalkclient/sendMessage?content=%E5%90%8C%E6%84%8F%2042"
    pair = {
        "buttonTitle1": "同意",
        "buttonUrl1": send,
        "buttonTitle2": "看",
        "buttonUrl2": "http://x",
    }
    await client.oto("lihua", key="sampleActionCard6", title="报价", text="#### 甲", **pair)
    (message,) = dingtalk.messages("lihua")
    assert [(b.text, b.key, b.url) for b in message.buttons] == [
        ("同意", "", send), ("看", "", "http://x"),
    ]  # fmt: skip
    async with open_bot(client) as bot:
        assert await dingtalk.delivered(await dingtalk.press("lihua", "同意"))
    assert bot.bodies()[0]["text"]["content"] == "同意 42"
    with pytest.raises(LookupError):
        await dingtalk.press("lihua", "看")


async def test_sends_to_a_group_that_the_robot_is_in(rig: Rig) -> None:
    dingtalk, client = rig
    assert (await client.to_group())[0] == 200
    assert [(m.face.title, m.text) for m in dingtalk.group(TEAM)] == [("日报", "**签约 50 万**")]
    assert (await client.to_group("cidUnknown=="))[1]["code"] == "invalid.openConversationId"
    assert (await client.to_group("cidNoRobot=="))[0] == 400
    assert (await client.to_group(""))[1]["code"] == "miss.openConversationId"


# Files


async def test_uploaded_pictures_are_shown(rig: Rig) -> None:
    dingtalk, client = rig
    media_id = (await client.upload("image", PNG))["media_id"]
    await client.oto("lihua", key="sampleImageMsg", photoURL=media_id)
    await client.oto("lihua", key="sampleMarkdown", title="图", text=f"![x]({media_id})")
    assert [m.picture for m in dingtalk.messages("lihua")] == [PNG, PNG]


@pytest.mark.parametrize(
    ("kind", "size", "name", "errcode"),
    [
        ("poem", 64, "a.png", 40004),
        ("image", 64, "a.tiff", 40004),
        ("image", 0, "a.png", 40006),
        ("voice", 2 * 1024 * 1024 + 1, "a.amr", 40006),
    ],
)
async def test_refuses_uploads(rig: Rig, kind: str, size: int, name: str, errcode: int) -> None:
    assert (await rig[1].upload(kind, bytes(size), name))["errcode"] == errcode


async def test_fetches_what_a_member_sent(rig: Rig) -> None:
    dingtalk, client = rig
    body = {"downloadCode": dingtalk.hold(b"%PDF-1.7"), "robotCode": CLIENT}
    status, told = await client.api("robot/messageFiles/download", body)
    assert status == 200
    async with client.http.get(told["downloadUrl"]) as answer:
        assert await answer.read() == b"%PDF-1.7"
    dingtalk.clock.advance(601)
    async with client.http.get(told["downloadUrl"]) as answer:
        assert answer.status == 403
    wrong = await client.api("robot/messageFiles/download", body | {"downloadCode": "x"})
    assert wrong[1]["code"] == "invalidParameter.robotCode.downloadCode"
    foreign = await client.api("robot/messageFiles/download", body | {"robotCode": "x"})
    assert foreign[1]["code"] == "invalidParameter.robotCode.auth"


# Webhooks


async def _webhook(rig: Rig, chat: str | None = None) -> str:
    dingtalk, client = rig
    async with open_bot(client) as bot:
        await dingtalk.delivered(await dingtalk.say("lihua", "你好", chat=chat))
    return str(bot.bodies()[0]["sessionWebhook"])


WEBHOOK_BODIES: list[tuple[dict[str, Any], str]] = [
    ({"msgtype": "text", "text": {"content": "收到"}}, "收到"),
    ({"msgtype": "markdown", "markdown": {"title": "t", "text": "#### x"}}, "#### x"),
    (
        {"msgtype": "link", "link": {"title": "t", "text": "x", "messageUrl": "http://x"}},
        "x",
    ),
    ({"msgtype": "feedCard", "feedCard": {"links": [{"title": "一"}, {"title": "二"}]}}, "一\n二"),
    (
        {
            "msgtype": "actionCard",
            "actionCard": {
                "title": "t",
                "text": "x",
                "singleTitle": "看",
                "singleURL": "http://x",
            },
        },
        "x\n［看］",
    ),
    (
        {
            "msgtype": "actionCard",
            "actionCard": {
                "title": "t",
                "text": "x",
                "btns": [{"title": "好", "actionURL": "http://x"}],
            },
        },
        "x\n［好］",
    ),
]


@pytest.mark.parametrize(("body", "shown"), WEBHOOK_BODIES)
async def test_answers_into_the_chat_that_the_message_came_from(
    rig: Rig, body: dict[str, Any], shown: str
) -> None:
    dingtalk, client = rig
    assert (await client.post(await _webhook(rig), body))[1]["errcode"] == 0
    assert (await client.post(await _webhook(rig, TEAM), body))[1]["errcode"] == 0
    assert [m.text for m in dingtalk.messages("lihua")] == [shown]
    assert [m.text for m in dingtalk.group(TEAM)] == [shown]


async def test_a_session_lives_ninety_minutes(rig: Rig) -> None:
    dingtalk, client = rig
    webhook = await _webhook(rig)
    body = {"msgtype": "text", "text": {"content": "晚了"}}
    dingtalk.clock.advance(5401)
    assert (await client.post(webhook, body))[1]["errcode"] == 300001
    assert (await client.post(webhook + "x", body))[1]["errcode"] == 300001
    fresh = await _webhook(rig)
    assert (await client.post(fresh, body))[1]["errcode"] == 0


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"msgtype": "image", "image": {}}, 400105),
        ({"msgtype": "text"}, 40035),
        ({"msgtype": "text", "text": {"content": ""}}, 40035),
        ({"msgtype": "markdown", "markdown": {"title": "", "text": "x"}}, 40035),
        (b"{", 40035),
    ],
)
async def test_a_webhook_refuses(rig: Rig, body: Any, errcode: int) -> None:
    assert (await rig[1].post(await _webhook(rig), body))[1]["errcode"] == errcode
    assert rig[0].messages("lihua") == []


async def _robot(rig: Rig, token: str, words: str, **changes: Any) -> int:
    stamp = changes.pop("timestamp", str(int(time.time() * 1000)))
    sign = changes.pop("sign", signed("SECdemo", f"{stamp}\nSECdemo"))
    query = {"access_token": token, "timestamp": stamp, "sign": sign}
    body = {"msgtype": "text", "text": {"content": words}} | changes
    return int((await rig[1].post("/robot/send", body, query=query))[1]["errcode"])


async def test_a_group_robot_checks_its_security(rig: Rig) -> None:
    assert await _robot(rig, "signed", "x") == 0
    assert await _robot(rig, "signed", "x", sign="wrong") == 310000
    assert await _robot(rig, "signed", "x", timestamp="1700000000000") == 310000
    assert await _robot(rig, "worded", "今天的日报") == 0
    assert await _robot(rig, "worded", "别的") == 310000
    assert await _robot(rig, "unknown", "x") == 400101
    assert [m.text for m in rig[0].group(TEAM)] == ["x", "今天的日报"]


async def test_a_group_robot_is_blocked_for_ten_minutes(rig: Rig) -> None:
    dingtalk = rig[0]
    codes = [await _robot(rig, "signed", str(n)) for n in range(21)]
    assert codes == [0] * 20 + [410100]
    dingtalk.clock.advance(61)
    assert await _robot(rig, "signed", "still blocked") == 410100
    dingtalk.clock.advance(540)
    assert await _robot(rig, "signed", "free") == 0


async def test_a_group_robot_knows_a_repeated_message(rig: Rig) -> None:
    assert await _robot(rig, "signed", "一", msgUuid="u1") == 0
    assert await _robot(rig, "signed", "一", msgUuid="u1") == 0
    assert len(rig[0].group(TEAM)) == 1


# Contacts


async def test_contacts_go_one_level_at_a_time(rig: Rig) -> None:
    dingtalk, client = rig
    below = await client.old("department/listsub", {})
    assert [(d["dept_id"], d["name"], d["parent_id"]) for d in below["result"]] == [(2, "华东", 1)]
    ids = await client.old("department/listsubid", {"dept_id": 2})
    assert ids["result"]["dept_id_list"] == [3]
    detail = await client.old("department/get", {"dept_id": 2})
    assert detail["result"]["dept_manager_userid_list"] == ["lihua"]
    page = (await client.old("user/list", {"dept_id": 1, "cursor": 0, "size": 1}))["result"]
    assert ([m["userid"] for m in page["list"]], page["next_cursor"]) == (["lihua"], 1)
    rest = (await client.old("user/list", {"dept_id": 1, "cursor": 1, "size": 1}))["result"]
    assert ([m["userid"] for m in rest["list"]], rest["has_more"]) == (["wangmin"], False)
    person = (await client.old("user/get", {"userid": "lihua"}))["result"]
    assert (person["name"], person["dept_id_list"]) == ("李华", [1, 2])
    assert person["leader_in_dept"][1] == {"dept_id": 2, "leader": True}
    assert person["unionid"]
    await dingtalk.modify("lihua", name="李晓华")
    assert (await client.old("user/get", {"userid": "lihua"}))["result"]["name"] == "李晓华"


@pytest.mark.parametrize(
    ("path", "body", "errcode"),
    [
        ("user/get", {"userid": "ghost"}, 33012),
        ("user/get", {"userid": "guest"}, 33012),
        ("user/list", {"dept_id": 1, "cursor": 0, "size": 101}, 400002),
        ("user/list", {"dept_id": "1", "cursor": 0, "size": 10}, 400002),
        ("department/listsub", {"dept_id": 9}, 60003),
    ],
)
async def test_contacts_refuse(rig: Rig, path: str, body: dict[str, Any], errcode: int) -> None:
    assert (await rig[1].old(path, body))["errcode"] == errcode
