"""WeCom's official AI-bot SDK for Node: a client of the simulated gateway, a caller of ours."""

import asyncio

from simulator.wecom.server import WeCom
from tests.strangers.room import Room, Stranger
from tests.strangers.wecom_rig import BOT, CHAT, SECRET, call_our_doors, open_company


async def _visit(room: Room) -> None:
    await call_our_doors(room, "wecom_calls.mjs")
    await _be_served(room)
    await _be_refused(room)


async def _be_served(room: Room) -> None:
    async with open_company() as wecom:
        url = wecom.url.replace("http", "ws") + "/aibot"
        async with room.run("aibot_sdk.mjs", url, BOT, SECRET) as visitor:
            await visitor.expect("subscribed")
            await wecom.the_bot.enter("lihua")
            assert (await visitor.expect("entered"))["userid"] == "lihua"
            await wecom.say_bot("lihua", "你好")
            assert (await visitor.expect("message"))["text"] == "你好"
            await wecom.say_bot("wangmin", "报价多少", CHAT)
            assert (await visitor.expect("message"))["chat"] == CHAT
            await wecom.say_bot("lihua", "卡片")
            await visitor.expect("card sent")
            await wecom.press_bot("lihua", "同意")
            assert (await visitor.expect("tap"))["key"] == "yes"
            await wecom.say_bot("lihua", "图")
            await visitor.expect("message")
            assert (await visitor.expect("pushed"))["code"] == 93006
            await _pinged(wecom, times=2)
            async with room.run("aibot_sdk.mjs", url, BOT, SECRET) as second:
                await second.expect("subscribed")
                await visitor.expect("pushed out")
        shown = wecom.the_bot.messages("lihua")
        kinds = ["text", "stream", "template_card", "stream", "image", "markdown"]
        assert [message.kind for message in shown] == kinds, shown
        assert shown[1].text == "收到：你好"
        assert shown[1].versions[0]["content"]["content"] == "正在处理…"
        assert shown[2].face.title == "报价审批 · 已同意"
        assert len(shown[4].picture) == 700_008
        assert wecom.the_bot.messages(CHAT)[0].text == "收到：@跟单 报价多少"


async def _pinged(wecom: WeCom, times: int) -> None:
    gateway = wecom.the_bot.gateway
    assert gateway is not None
    for _ in range(100):
        if gateway.pings >= times:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{gateway.pings} pings came, not {times}")


async def _be_refused(room: Room) -> None:
    async with open_company() as wecom:
        url = wecom.url.replace("http", "ws") + "/aibot"
        async with room.run("aibot_sdk_refused.mjs", url, BOT, "wrong") as visitor:
            await visitor.expect("refused")
        assert wecom.ledger.calls["aibot_subscribe", "853000"] >= 1


STRANGER = Stranger(
    name="wecom-aibot-node",
    ecosystem="npm",
    package="@wecom/aibot-node-sdk",
    version="1.0.7",
    what="gateway: subscribe, ping, answers, card, upload, push, kick; our doors",
    visit=_visit,
)
