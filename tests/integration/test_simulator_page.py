"""The page's own addresses: strict, and fresh at every door."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from simulator.dingtalk.config import DingTalkConfig, Group
from simulator.dingtalk.config import Member as Colleague
from simulator.dingtalk.doors import robot_door
from simulator.dingtalk.server import DingTalk
from simulator.page import Page
from simulator.wecom.doors import app_door
from tests.integration.simulator_rig import Rig, card, open_rig

CHAT = "cidTeam=="


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with open_rig() as opened:
        yield opened


@pytest.fixture
async def dingtalk() -> AsyncIterator[DingTalk]:
    made = DingTalk(
        DingTalkConfig(
            corp_id="ding1",
            client_id="key",
            client_secret="secret",
            members=(Colleague(userid="u1", name="周一"), Colleague(userid="u2", name="吴二")),
            groups=(Group(open_conversation_id=CHAT, title="华东群"),),
        )
    )
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def page(rig: Rig, dingtalk: DingTalk) -> AsyncIterator[Page]:
    made = Page([app_door(rig[0]), robot_door(dingtalk, subtitle="钉钉 · 机器人")])
    await made.start()
    yield made
    await made.stop()


async def test_it_is_strict(page: Page) -> None:
    async with aiohttp.ClientSession() as http:
        for path in ("/", "/phone/app.js", "/phone/style.css", "/font.otf"):
            async with http.get(page.url + path) as answer:
                assert answer.status == 200, path
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        for path in ("/phone/..%2fpage.py", "/attachment/9/1", "/attachment/x/1"):
            async with http.get(page.url + path) as answer:
                assert answer.status == 404, path
        said = {"door": "wecom", "userid": "lihua", "text": "x"}
        for headers in ({"Origin": "http://evil.test"}, {"Host": "evil.test"}):
            async with http.post(page.url + "/do/say", json=said, headers=headers) as answer:
                assert answer.status == 403
        for body, status in (
            ({**said, "door": "none"}, 404),
            ({**said, "userid": "ghost"}, 404),
            ({"door": "wecom"}, 400),
        ):
            async with http.post(page.url + "/do/say", json=body) as answer:
                assert answer.status == status, body


async def test_it_follows_every_door(page: Page, rig: Rig) -> None:
    _, client, _ = rig
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(page.url + "/socket") as socket,
    ):
        state = await socket.receive_json()
        doors = {door["id"]: door for door in state["doors"]}
        assert [m["name"] for m in doors["wecom"]["members"]] == ["李华", "王敏"]
        assert doors["dingtalk"]["groups"] == [{"key": CHAT, "name": "华东群"}]

        await client.text("到了")
        item = (await socket.receive_json())["item"]
        assert (item["door"], item["together"], item["recipient"]) == ("wecom", False, "lihua")
        assert item["content"]["content"] == "到了"

        said = {"door": "dingtalk", "userid": "u1", "text": "今天拜访了", "chat": CHAT}
        async with http.post(page.url + "/do/say", json=said) as answer:
            assert answer.status == 200
        item = (await socket.receive_json())["item"]
        assert (item["door"], item["together"], item["recipient"]) == ("dingtalk", True, CHAT)
        assert (item["side"], item["userid"], item["text"]) == ("me", "u1", "今天拜访了")


async def test_a_button_is_pressed_by_its_place(page: Page, rig: Rig) -> None:
    wecom, client, bot = rig
    await client.send("template_card", card())
    (message,) = wecom.messages("lihua")
    pressed = {"door": "wecom", "userid": "lihua", "order": message.order}
    async with aiohttp.ClientSession() as http:
        async with http.post(page.url + "/do/press", json={**pressed, "button": 7}) as answer:
            assert answer.status == 404
        async with http.post(page.url + "/do/press", json={**pressed, "button": 1}) as answer:
            assert answer.status == 200
    seen = await wecom.wait_for(lambda: [s for s in bot.seen if s.get("TaskId") == "t1"])
    assert seen[0]["EventKey"] == "no"
