"""DingTalk's generated API client for Python."""

from tests.strangers.dingtalk_rig import CLIENT, SECRET, TEAM, open_dingtalk
from tests.strangers.room import Room, Stranger

_CALLS_PER_SECOND = 4


async def _visit(room: Room) -> None:
    async with open_dingtalk(calls_per_second=_CALLS_PER_SECOND) as dingtalk:
        host = dingtalk.url.removeprefix("http://")
        template = dingtalk.config.templates[0].template_id
        async with room.run("alibabacloud.py", host, CLIENT, SECRET, template, TEAM) as visitor:
            assert (await visitor.expect("token", 60))["seconds"] == 7200
            assert (await visitor.expect("batch send"))["invalid"] == ["ghost"]
            assert (await visitor.expect("group send"))["key"]
            assert (await visitor.expect("card"))["success"] == [True]
            assert (await visitor.expect("card update"))["success"] is True
            unknown = await visitor.expect("unknown group")
            assert unknown["code"] == "invalid.openConversationId", unknown
            wrong = await visitor.expect("wrong key")
            assert wrong["code"] == "invalidParameter.msgKey.invalid", wrong
            forged = await visitor.expect("wrong token")
            assert forged["code"] == "InvalidAuthentication", forged
            codes = (await visitor.expect("qps"))["codes"]
        qps = "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"
        assert qps in codes, codes
        assert set(codes) <= {"", qps}, codes
        text, card, *_ = dingtalk.messages("lihua")
        assert text.text == dingtalk.group(TEAM)[0].text == "**签约 50 万**"
        assert (card.face.title, card.replaced) == ("报价审批", "已同意"), card.text


STRANGER = Stranger(
    name="alibabacloud-dingtalk",
    ecosystem="pypi",
    package="alibabacloud-dingtalk",
    version="2.2.65",
    what="API: token, batchSend, group, card, its update, refusals, QPS",
    visit=_visit,
)
