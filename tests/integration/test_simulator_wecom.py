"""The WeCom stand-in over real HTTP: what its API takes, refuses and silently drops."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.integration.simulator_rig import CORP, PNG, Rig, card, open_rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with open_rig() as made:
        yield made


# Tokens


async def test_gives_the_same_token_while_it_is_valid(rig: Rig) -> None:
    wecom, client, _ = rig
    first = await client.token()
    assert await client.token() == first
    wecom.clock.advance(7201)
    assert await client.token() != first


@pytest.mark.parametrize(
    ("corp", "secret", "errcode"), [("other", "s3cret", 40013), (CORP, "wrong", 40001)]
)
async def test_refuses_wrong_credentials(rig: Rig, corp: str, secret: str, errcode: int) -> None:
    answer = await rig[1].get("gettoken", corpid=corp, corpsecret=secret)
    assert answer["errcode"] == errcode


async def test_refuses_missing_wrong_and_expired_tokens(rig: Rig) -> None:
    wecom, client, _ = rig
    token = await client.token()
    assert (await client.get("getcallbackip"))["errcode"] == 41001
    assert (await client.get("getcallbackip", access_token="x"))["errcode"] == 40014
    wecom.expire_token()
    assert (await client.get("getcallbackip", access_token=token))["errcode"] == 42001
    renewed = await client.token()
    assert (await client.get("getcallbackip", access_token=renewed))["errcode"] == 0


# Messages of the app


async def test_shows_a_text_to_each_known_member(rig: Rig) -> None:
    wecom, client, _ = rig
    answer = await client.text("你好", touser="LiHua|wangmin|Nobody")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody")
    assert [m.text for m in wecom.messages("lihua")] == ["你好"]
    assert wecom.messages("WangMin")[0].msg_id == answer["msgid"]
    assert (await client.text("你好", touser="nobody"))["errcode"] == 81013


async def test_cuts_a_long_text_between_characters(rig: Rig) -> None:
    wecom, client, _ = rig
    await client.text("好" * 1000)
    (message,) = wecom.messages("lihua")
    assert message.text == "好" * 682
    assert message.was_cut


REFUSED = [
    ("text", {"content": ""}, {}, 44004),
    ("text", {"content": "x"}, {"agentid": 7}, 40056),
    ("text", {"content": "x"}, {"touser": ""}, 40058),
    ("markdown", {"content": "x" * 2049}, {}, 45002),
    ("markdown_v2", {"content": "x"}, {}, 40008),
    ("image", {"media_id": "unknown"}, {}, 40007),
    ("news", {"articles": [{"title": "x"}] * 9}, {}, 45008),
    ("template_card", card(task_id="a b"), {}, 40058),
    ("template_card", card(button_list=[]), {}, 40058),
    ("template_card", card(button_list=[{"text": "x"}]), {}, 40058),
    ("template_card", card(button_list=[{"text": "x", "key": "k"}] * 2), {}, 40058),
    ("template_card", card(main_title={}), {}, 40058),
    ("template_card", card(card_type="text_notice"), {}, 40058),
    ("template_card", card(horizontal_content_list=[{"keyname": "x"}] * 7), {}, 40058),
    (
        "template_card",
        card(button_list=[{"text": str(i), "key": str(i)} for i in range(7)]),
        {},
        40058,
    ),
]


@pytest.mark.parametrize(("kind", "content", "changes", "errcode"), REFUSED)
async def test_refuses_what_wecom_refuses(
    rig: Rig, kind: str, content: Any, changes: dict[str, Any], errcode: int
) -> None:
    wecom, client, _ = rig
    assert (await client.send(kind, content, **changes))["errcode"] == errcode
    assert wecom.messages("lihua") == []


async def test_refuses_escapes_and_broken_json(rig: Rig) -> None:
    _, client, _ = rig
    body = {"touser": "lihua", "agentid": 1000002, "msgtype": "text", "text": {"content": "好"}}
    token = await client.token()
    escaped = await client.post("message/send", json.dumps(body).encode(), access_token=token)
    broken = await client.post("message/send", b"{", access_token=token)
    assert (escaped["errcode"], broken["errcode"]) == (40033, 47001)


async def test_drops_the_thirty_first_message_of_a_minute_silently(rig: Rig) -> None:
    wecom, client, _ = rig
    answers = [await client.text(str(n)) for n in range(31)]
    assert {answer["errcode"] for answer in answers} == {0}
    assert len(wecom.messages("lihua")) == 30
    assert wecom.ledger.messages("lihua", hidden=True)[-1].state == "dropped"
    await client.text("to somebody else", touser="WangMin")
    wecom.clock.advance(60)
    await client.text("later")
    assert wecom.messages("lihua")[-1].text == "later"
    assert len(wecom.messages("WangMin")) == 1


async def test_holds_an_identical_message_back_when_asked(rig: Rig) -> None:
    wecom, client, _ = rig
    asked = {"enable_duplicate_check": 1, "duplicate_check_interval": 100}
    first = await client.text("一样", **asked)
    again = await client.text("一样", **asked)
    await client.text("不一样", **asked)
    assert again["msgid"] == first["msgid"]
    assert [m.text for m in wecom.messages("lihua")] == ["一样", "不一样"]
    wecom.clock.advance(101)
    await client.text("一样", **asked)
    assert len(wecom.messages("lihua")) == 3


async def test_keeps_media_for_three_days(rig: Rig) -> None:
    wecom, client, _ = rig
    media_id = (await client.upload("image", PNG))["media_id"]
    assert (await client.send("image", {"media_id": media_id}))["errcode"] == 0
    assert wecom.messages("lihua")[0].picture == PNG
    query = {"access_token": await client.token(), "media_id": media_id}
    async with client.http.get(f"{wecom.url}/cgi-bin/media/get", params=query) as answer:
        assert await answer.read() == PNG
    wecom.clock.advance(3 * 86400 + 1)
    assert (await client.send("image", {"media_id": media_id}))["errcode"] == 40007


@pytest.mark.parametrize(
    ("kind", "raw", "errcode"),
    [("image", b"GIF89a" + bytes(9), 40004), ("image", b"x", 40006), ("poem", PNG, 40004)],
)
async def test_refuses_wrong_uploads(rig: Rig, kind: str, raw: bytes, errcode: int) -> None:
    assert (await rig[1].upload(kind, raw))["errcode"] == errcode


# Cards


async def test_a_code_changes_a_card_once(rig: Rig) -> None:
    wecom, client, _ = rig
    code = (await client.send("template_card", card()))["response_code"]
    done = {"button": {"replace_name": "已同意"}}
    assert (await client.update(code, **done))["errcode"] == 0
    assert (await client.update(code, **done))["errcode"] == 40058
    (shown,) = wecom.messages("lihua")
    assert shown.replaced == "已同意"
    assert shown.buttons == []


async def test_a_code_lives_seventy_two_hours(rig: Rig) -> None:
    wecom, client, _ = rig
    code = (await client.send("template_card", card()))["response_code"]
    wecom.clock.advance(72 * 3600 + 1)
    assert (await client.update(code, button={"replace_name": "x"}))["errcode"] == 40058


async def test_a_task_id_is_used_once(rig: Rig) -> None:
    _, client, _ = rig
    assert (await client.send("template_card", card()))["errcode"] == 0
    assert (await client.send("template_card", card()))["errcode"] == 40058


async def test_a_tap_brings_a_code_for_the_whole_new_card(rig: Rig) -> None:
    wecom, client, bot = rig
    await client.send("template_card", card(), touser="lihua|WangMin")
    assert await wecom.delivered(await wecom.press("lihua", "同意"))
    tap = bot.seen[-1]
    assert (tap["Event"], tap["EventKey"], tap["TaskId"]) == ("template_card_event", "yes", "t1")
    assert (tap["FromUserName"], tap["CardType"]) == ("lihua", "button_interaction")
    renewed = card(main_title={"title": "已同意"}, replace_text="已同意")
    answer = await client.update(
        tap["ResponseCode"], userids=["lihua", "ghost"], template_card=renewed
    )
    assert answer["invaliduser"] == ["ghost"]
    assert wecom.messages("lihua")[0].text.startswith("已同意")
    assert wecom.messages("WangMin")[0].buttons


async def test_a_press_needs_a_live_button_unless_stale(rig: Rig) -> None:
    wecom, client, bot = rig
    code = (await client.send("template_card", card()))["response_code"]
    await client.update(code, atall=1, userids=[], button={"replace_name": "已撤销"})
    with pytest.raises(LookupError):
        await wecom.tap("lihua", "t1", "yes")
    with pytest.raises(LookupError):
        await wecom.press("lihua", "同意")
    assert await wecom.delivered(await wecom.tap("lihua", "t1", "yes", stale=True))
    assert bot.seen[-1]["EventKey"] == "yes"


# Group robots


async def test_a_group_shows_text_and_pictures(rig: Rig) -> None:
    wecom, client, _ = rig
    picture = {"base64": base64.b64encode(PNG).decode(), "md5": hashlib.md5(PNG).hexdigest()}  # noqa: S324
    assert (await client.robot("image", picture))["errcode"] == 0
    assert (await client.robot("markdown", {"content": "**日报**"}))["errcode"] == 0
    shown = wecom.group("team-key")
    assert (shown[0].picture, shown[1].text) == (PNG, "**日报**")


@pytest.mark.parametrize(
    ("kind", "content", "key", "errcode"),
    [
        ("text", {"content": "x"}, "wrong", 93000),
        ("text", {"content": "x" * 2049}, "team-key", 40058),
        ("markdown", {"content": "x" * 4097}, "team-key", 40058),
        ("image", {"base64": base64.b64encode(PNG).decode(), "md5": "0" * 32}, "team-key", 301019),
        ("template_card", card(), "team-key", 40058),
    ],
)
async def test_a_group_refuses(rig: Rig, kind: str, content: Any, key: str, errcode: int) -> None:
    wecom, client, _ = rig
    assert (await client.robot(kind, content, key))["errcode"] == errcode
    assert wecom.group("team-key") == []


async def test_a_group_takes_twenty_messages_a_minute(rig: Rig) -> None:
    wecom, client, _ = rig
    codes = [(await client.robot("text", {"content": "x"}))["errcode"] for _ in range(21)]
    assert codes == [0] * 20 + [45009]
    wecom.clock.advance(60)
    assert (await client.robot("text", {"content": "x"}))["errcode"] == 0
