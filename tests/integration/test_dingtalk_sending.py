"""Sending: one call for one answer, every kind of refusal, tokens, quotas, groups, pictures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.platforms.contract import (
    Address,
    Parcel,
    PlatformError,
    Ports,
    Receipt,
    Refused,
    RetryLater,
    Unauthorised,
)
from bot.platforms.dingtalk.hosts import PublicResolver
from bot.platforms.dingtalk.meter import month_of
from bot.platforms.dingtalk.send import DingTalkPlatform
from handlers.replies import Card, CardUpdate, Content, Line, Picture, Text
from simulator.dingtalk.server import DingTalk
from simulator.faults import Fault
from storage import usage
from storage.db import Database
from tests.integration import dingtalk_rig as rig
from tests.integration.dingtalk_rig import GROUP, calls, open_dingtalk
from tests.integration.simulator_dingtalk_rig import CLIENT, CORP, PNG, SECRET, TEAM

OTO, GROUP_SEND = "robot/oToMessages/batchSend", "robot/groupMessages/send"
SESSION, CUSTOM, TOKEN = "robot/sendBySession", "robot/send", "oauth2/accessToken"
F = "Forbidden.AccessDenied."
HELLO = Text(text="你好")


class Desk:
    """A platform and what its administrators were told."""

    def __init__(
        self, db: Database, dingtalk: DingTalk, call_seconds: float = 10.0, **changes: Any
    ) -> None:
        self.alerts: list[str] = []
        self.now: Callable[[], datetime] = rig.utc_now
        self.db = db
        ports = Ports(db=db, now=lambda: self.now(), alert=self._alert)
        self.platform = DingTalkPlatform(
            rig.settings(dingtalk, **changes), ports, pace=rig.FAST, call_seconds=call_seconds
        )

    async def _alert(self, words: str) -> None:
        if words not in self.alerts:
            self.alerts.append(words)

    async def send(self, content: Content = HELLO, **where: Any) -> Receipt:
        """To 李华, or as `where` says."""
        given: dict[str, Any] = {"key": "e1-0", "picture": None, "card_key": None}
        given |= {name: where.pop(name) for name in list(where) if name in given}
        address = {"corp": CORP, "app": CLIENT, "user": "lihua"} | where
        parcel = Parcel(address=Address(platform="dingtalk", **address), content=content, **given)
        return await self.platform.send(parcel)

    async def used(self) -> dict[str, int]:
        await self.platform._meter.settled()
        return await usage.used(self.db, f"dingtalk|{CORP}", month_of(self.now()))


@pytest.fixture
async def dingtalk() -> AsyncIterator[DingTalk]:
    async with open_dingtalk() as made:
        yield made


@pytest.fixture
async def desk(db: Database, dingtalk: DingTalk) -> AsyncIterator[Desk]:
    made = Desk(db, dingtalk)
    yield made
    await made.platform.close()


async def route(dingtalk: DingTalk, chat: str | None = None) -> dict[str, str]:
    """The address for answers of a message that 李华 sends now."""
    said = await dingtalk.say("lihua", "在吗", chat=chat)
    fields = dingtalk.ledger.callbacks[said].fields
    until = rig.utc_now() + timedelta(minutes=90)
    found = {"route": fields["sessionWebhook"], "route_until": until.isoformat()}
    return {**found, **({"chat": chat} if chat else {})}


async def test_each_way_costs_one_call(desk: Desk, dingtalk: DingTalk) -> None:
    await desk.send()
    await desk.send(chat=TEAM)
    await desk.send(**await route(dingtalk))
    await desk.send(**await route(dingtalk, TEAM))
    await desk.send(user=None, group=GROUP, corp="", app="")
    assert [calls(dingtalk, api) for api in (OTO, GROUP_SEND, SESSION, CUSTOM)] == [1, 1, 2, 1]
    assert [m.text for m in dingtalk.messages("lihua")] == ["你好"] * 2
    assert [m.text for m in dingtalk.group(TEAM)] == ["你好"] * 3
    assert await desk.used() == {"calls": 2, "messages": 3}
    assert dingtalk.quotas.api_calls == 2


async def test_a_session_that_is_over_is_not_tried(desk: Desk, dingtalk: DingTalk) -> None:
    old = await route(dingtalk) | {"route_until": "2026-01-01T00:00:00+00:00"}
    await desk.send(**old)
    assert (calls(dingtalk, SESSION), calls(dingtalk, OTO)) == (0, 1)


async def test_a_card_goes_out_whole_and_a_still_one_as_words(
    desk: Desk, dingtalk: DingTalk
) -> None:
    still = Card(title="待办 · 2 条", lines=(Line(label="周三", value="给方案"),))
    await desk.send(still)
    (shown,) = dingtalk.messages("lihua")
    assert (shown.kind, shown.face.title) == ("sampleMarkdown", "待办 · 2 条")
    assert "给方案" in shown.text
    with pytest.raises(Refused, match="cardNotExist"):
        await desk.send(CardUpdate(card=still), card_key="k" * 32)


async def test_a_picture_is_uploaded_once(desk: Desk, dingtalk: DingTalk) -> None:
    picture = Picture(attachment_id=1, alt="本月回款")
    await desk.send(picture, picture=PNG)
    await desk.send(picture, picture=PNG, user="wangmin")
    await desk.send(picture, picture=PNG, user=None, group=GROUP, corp="", app="")
    shown = [*dingtalk.messages("lihua"), *dingtalk.messages("wangmin"), *dingtalk.group(TEAM)]
    assert [m.picture for m in shown] == [PNG] * 3
    assert calls(dingtalk, OTO) == 2
    assert calls(dingtalk, "media/upload") == 1


@pytest.mark.parametrize(
    "where",
    [
        {"user": "ghost"},
        {"user": "lihua;dtv1.card//IM_ROBOT.wangmin"},
        {"user": ""},
        {"user": "a b"},
        {"chat": "cidTeam==;x"},
        {"chat": "cidNowhere=="},
        {"corp": "dingother"},
        {"app": "dingotherapp"},
        {"user": None, "group": "没有这个群", "corp": "", "app": ""},
    ],
)
async def test_whom_we_must_not_or_cannot_reach(desk: Desk, where: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        await desk.send(**where)


@pytest.mark.parametrize(
    ("fault", "kind", "alerts"),
    [
        (Fault(code=F + "QpsLimitForAppkeyAndApi"), RetryLater, 0),
        (Fault(code="system.error"), RetryLater, 0),
        (Fault(code="send.too.fast"), RetryLater, 0),
        (Fault(status=500), RetryLater, 0),
        (Fault(body="<html>punish</html>"), RetryLater, 0),
        (Fault(body='{"status":1111,"wait":5,"source":"x5","punish":"deny"}'), RetryLater, 0),
        (Fault(lose_reply=True), RetryLater, 0),
        (Fault(undelivered="flowControlled"), RetryLater, 0),
        (Fault(undelivered="invalid"), Refused, 0),
        (Fault(code="contain.unsafe.url"), Refused, 0),
        (Fault(code=F + "IpNotInWhiteList"), Unauthorised, 1),
        (Fault(code=F + "AccessTokenPermissionDenied"), Unauthorised, 1),
        (Fault(code="bot.stopped"), Unauthorised, 1),
    ],
)
async def test_each_refusal(
    desk: Desk, dingtalk: DingTalk, fault: Fault, kind: type[PlatformError], alerts: int
) -> None:
    dingtalk.arm(OTO, fault)
    with pytest.raises(PlatformError) as caught:
        await desk.send()
    assert type(caught.value) is kind
    assert calls(dingtalk, OTO) == 1
    assert len(desk.alerts) == alerts
    await desk.send()


async def test_a_platform_that_hangs_is_left(db: Database, dingtalk: DingTalk) -> None:
    desk = Desk(db, dingtalk, call_seconds=0.5)
    dingtalk.arm(OTO, Fault(hang_seconds=60))
    with pytest.raises(RetryLater, match="no answer in time") as caught:
        await desk.send()
    assert caught.value.code is None
    await desk.platform.close()


async def test_the_white_list_is_told_once_with_its_mend(db: Database) -> None:
    async with open_dingtalk(ip_white_list=("203.0.113.0/24",)) as dingtalk:
        desk = Desk(db, dingtalk)
        for _ in range(3):
            with pytest.raises(Unauthorised):
                await desk.send()
        await desk.platform.close()
        (told,) = desk.alerts
        assert "服务器出口 IP" in told


async def test_a_group_robot_that_is_too_fast_waits_ten_minutes(
    desk: Desk, dingtalk: DingTalk
) -> None:
    for number in range(20):
        await desk.send(key=f"k{number}", user=None, group=GROUP, corp="", app="")
    with pytest.raises(RetryLater) as caught:
        await desk.send(key="k20", user=None, group=GROUP, corp="", app="")
    assert caught.value.after >= timedelta(minutes=10)
    assert len(dingtalk.group(TEAM)) == 20


async def test_a_group_robot_shows_a_repeated_parcel_once(desk: Desk, dingtalk: DingTalk) -> None:
    dingtalk.arm(CUSTOM, Fault(lose_reply=True))
    with pytest.raises(RetryLater):
        await desk.send(user=None, group=GROUP, corp="", app="")
    await desk.send(user=None, group=GROUP, corp="", app="")
    assert len(dingtalk.group(TEAM)) == 1


async def test_an_expired_token_is_renewed_once_by_four_processes(
    open_db: Callable[[], Database],
) -> None:
    async with open_dingtalk(calls_per_second=1000) as dingtalk:
        desks = [Desk(open_db(), dingtalk) for _ in range(4)]
        await asyncio.gather(*(desk.send() for desk in desks))
        assert calls(dingtalk, TOKEN) == 1
        dingtalk.expire_token()
        await asyncio.gather(*(desk.send() for desk in desks for _ in range(8)))
        assert calls(dingtalk, TOKEN) == 2
        assert len(dingtalk.messages("lihua")) == 4 + 32
        for desk in desks:
            await desk.platform.close()


async def test_wrong_credentials_are_not_asked_for_again_and_again(
    db: Database, dingtalk: DingTalk
) -> None:
    desk = Desk(db, dingtalk, client_secret="another")
    for _ in range(5):
        with pytest.raises(Unauthorised):
            await desk.send()
    await desk.platform.close()
    assert calls(dingtalk, TOKEN) == 1
    assert len(desk.alerts) == 1


async def test_eighty_percent_is_told_once_and_the_end_too(
    open_db: Callable[[], Database], dingtalk: DingTalk
) -> None:
    desks = [Desk(open_db(), dingtalk, calls_per_month=10) for _ in range(2)]
    for number in range(12):
        await desks[number % 2].send()
        await desks[number % 2].used()
    told = sorted(words for desk in desks for words in desk.alerts)
    assert len(told) == 2
    assert "已用 10 次，额度 10 次（100%）" in told[0]
    assert "已用 8 次，额度 10 次（80%）" in told[1]
    for desk in desks:
        await desk.platform.close()


async def test_calls_used_up_what_is_free_still_goes(db: Database) -> None:
    """A card with buttons comes as words with links, words as ever; the rest waits, uncalled."""
    async with open_dingtalk(api_calls_per_month=1) as dingtalk:
        desk = Desk(db, dingtalk)
        await desk.send()
        for _ in range(3):
            with pytest.raises(RetryLater) as caught:
                await desk.send()
            assert caught.value.code == F + "ApiCountLimitForOrg"
        assert calls(dingtalk, OTO) == 2
        (told,) = desk.alerts
        assert "额度用完了" in told
        way = await route(dingtalk)
        await desk.send(rig.ASKING, card_key="k" * 32, **way)
        shown = dingtalk.messages("lihua")[-1]
        assert [button.text for button in shown.buttons] == ["确认"]
        # An hour later it is looked again: the company may have bought more.
        later = rig.utc_now() + timedelta(minutes=61)
        desk.now = lambda: later
        with pytest.raises(RetryLater):
            await desk.send()
        assert calls(dingtalk, OTO) == 3
        await desk.platform.close()


async def test_a_recording_is_fetched_from_allowed_hosts_only(
    desk: Desk, dingtalk: DingTalk
) -> None:
    code = dingtalk.hold(b"#!AMR\n" + bytes(99))
    assert (await desk.platform.recording(code)).startswith(b"#!AMR")
    big = dingtalk.hold(bytes(3 * 1024 * 1024))
    with pytest.raises(Refused, match="more than"):
        await desk.platform.recording(big)


async def test_another_robot_s_recording_is_not_ours(db: Database, dingtalk: DingTalk) -> None:
    desk = Desk(db, dingtalk, robot_code="dingother")
    with pytest.raises(Unauthorised):
        await desk.platform.recording(dingtalk.hold(b"#!AMR"))
    await desk.platform.close()


@pytest.mark.parametrize(
    "fault",
    [Fault(status=500), Fault(code="x.y"), Fault(lose_reply=True)],
)
@pytest.mark.parametrize("group", [None, GROUP])
async def test_no_error_tells_a_secret(
    desk: Desk, dingtalk: DingTalk, fault: Fault, group: str | None
) -> None:
    token = await desk.platform._account.token()
    dingtalk.arm(CUSTOM if group else OTO, fault)
    where = {"user": None, "group": group, "corp": "", "app": ""} if group else {}
    with pytest.raises(PlatformError) as caught:
        await desk.send(**where)
    told = f"{caught.value!r} {caught.value.__context__!r} {caught.value.__cause__!r}"
    assert [secret for secret in (SECRET, "signed", "SECdemo", token) if secret in told] == []


async def test_the_check_finds_all_well(desk: Desk) -> None:
    found = await desk.platform.check()
    assert [finding.what for finding in found if not finding.ok] == []
    assert len(found) == 6
    assert "接口调用" in found[-1].what


@pytest.mark.parametrize(
    ("arm", "words"),
    [
        ((TOKEN, "invalidClientIdOrSecret"), "Client Secret 不对"),
        (("robot/messageFiles/download", "invalidParameter.robotCode.auth"), "robot_code 不对"),
        (
            ("robot/messageFiles/download", F + "AccessTokenPermissionDenied"),
            "应用没有权限",
        ),
        (("card/instances/create", "param.templateNotExist"), "卡片模板用不了"),
        (("card/instances/create", "param.templateUnpublished"), "卡片模板用不了"),
        ((TOKEN, F + "IpNotInWhiteList"), "不在白名单里"),
    ],
)
async def test_the_check_names_what_to_mend(
    desk: Desk, dingtalk: DingTalk, arm: tuple[str, str], words: str
) -> None:
    dingtalk.arm(arm[0], Fault(code=arm[1]))
    wrong = [finding for finding in await desk.platform.check() if not finding.ok]
    assert len(wrong) == 1
    assert words in wrong[0].what
    assert wrong[0].mend


async def test_the_address_book(desk: Desk, dingtalk: DingTalk) -> None:
    book = await desk.platform.address_book()
    assert book is not None
    assert [(d.id, d.name, d.parent) for d in book.departments] == [
        ("1", CORP, None), ("2", "华东", "1"), ("3", "杭州", "2"),
    ]  # fmt: skip
    people = {m.user: m for m in book.members}
    assert set(people) == {"lihua", "wangmin"}
    assert (people["lihua"].departments, people["lihua"].leads) == (("1", "2"), ("2",))
    assert dingtalk.quotas.api_calls == 0


async def test_no_redirect_is_followed(db: Database) -> None:
    """Where a file lies says DingTalk; where that sends us on to is not asked."""
    asked: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": "/inside"})

    app = web.Application()
    app.add_routes([web.get("/{tail:.*}", elsewhere)])
    async with TestServer(app) as server, open_dingtalk() as dingtalk:
        desk = Desk(db, dingtalk, oapi_base=str(server.make_url("/")))
        with pytest.raises(Refused, match="302"):
            await desk.platform._api.download(str(server.make_url("/file")), 100)
        with pytest.raises(Refused, match="none of DingTalk's"):
            await desk.platform._api.download("http://169.254.169.254/latest", 100)
        assert asked == ["/file"]
        await desk.platform.close()


async def test_a_name_that_points_inside_is_not_connected_to() -> None:
    with pytest.raises(OSError, match="private network"):
        await PublicResolver(frozenset()).resolve("localhost", 443)
    assert await PublicResolver(frozenset({"localhost"})).resolve("localhost", 443)
