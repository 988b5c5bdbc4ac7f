"""Stream: words in and answers out, through reconnects, silence and a database that is away."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.events import Message, Staffing
from bot.platforms.contract import InboxUnavailable, Ports
from bot.platforms.dingtalk.send import DingTalkPlatform
from nlu.naming.names import keys_of_name
from simulator.dingtalk.config import Department, Member
from simulator.dingtalk.server import DingTalk
from simulator.faults import Fault
from storage.db import Database, NameKeys
from storage.models.people import Binding
from storage.models.service import Inbound
from tests.integration import dingtalk_rig as rig
from tests.integration.dingtalk_rig import Bot, calls, open_bot, open_company, open_dingtalk
from tests.integration.simulator_dingtalk_rig import CORP, SECRET, TEAM

NOTE = "今天拜访了恒通蒋总"


@pytest.fixture
def name_keys() -> NameKeys:
    """As the service finds customers."""
    return keys_of_name


@pytest.fixture
async def dingtalk() -> AsyncIterator[DingTalk]:
    async with open_dingtalk(has_awkward_tickets=True) as made:
        yield made


@pytest.fixture
async def bot(db: Database, dingtalk: DingTalk) -> AsyncIterator[Bot]:
    async with open_bot(db, lambda _: rig.settings(dingtalk)) as made:
        await dingtalk.connected(2)
        yield made


async def test_a_note_is_answered_by_one_card_and_one_call(bot: Bot, dingtalk: DingTalk) -> None:
    await open_company(bot.db)
    said = await dingtalk.say("lihua", NOTE)
    card = await dingtalk.wait_for(lambda: dingtalk.find_card("lihua", "已记"))
    assert "恒通" in card.text
    assert [button.text for button in card.buttons] == ["撤销", "改一下"]
    assert await dingtalk.delivered(said)
    await bot.settled()
    assert calls(dingtalk, *rig.SENDING) == 1


async def test_words_go_back_through_the_session_without_a_paid_call(
    bot: Bot, dingtalk: DingTalk
) -> None:
    await open_company(bot.db)
    await dingtalk.say("lihua", "帮助")
    await dingtalk.wait_for(lambda: dingtalk.messages("lihua"))
    await bot.settled()
    assert calls(dingtalk, "robot/sendBySession") == 1
    assert dingtalk.quotas.api_calls == 0


async def test_in_a_group_the_group_is_answered(bot: Bot, dingtalk: DingTalk) -> None:
    await open_company(bot.db)
    await dingtalk.say("lihua", "帮助", chat=TEAM)
    (message,) = await dingtalk.wait_for(lambda: dingtalk.group(TEAM))
    assert "直接打字就行" in message.text
    assert dingtalk.messages("lihua") == []


async def test_after_the_session_the_api_answers(db: Database, dingtalk: DingTalk) -> None:
    async with open_bot(db, lambda _: rig.settings(dingtalk)) as bot:
        await dingtalk.connected(2)
        await open_company(db)
        dingtalk.arm("robot/sendBySession", Fault(errcode=300001))
        await dingtalk.say("lihua", "帮助")
        await dingtalk.wait_for(lambda: dingtalk.messages("lihua"))
        await bot.settled()
        assert calls(dingtalk, "robot/oToMessages/batchSend") == 1


async def test_a_stranger_and_an_outsider(bot: Bot, dingtalk: DingTalk) -> None:
    await open_company(bot.db)
    await dingtalk.join(Member(userid="newcomer", name="新来的"))
    await dingtalk.say("newcomer", NOTE)
    (told,) = await dingtalk.wait_for(lambda: dingtalk.messages("newcomer"))
    assert "你还没有开通" in told.text
    assert await dingtalk.delivered(await dingtalk.say("newcomer", NOTE))
    assert await dingtalk.delivered(await dingtalk.say("guest", NOTE, chat=TEAM))
    await bot.settled()
    assert calls(dingtalk, *rig.SENDING) == 1
    assert [e for e in await bot.events() if isinstance(e, Message)][
        -1
    ].source.sender == "newcomer"


async def test_no_log_line_holds_a_secret_or_somebody_s_words(
    bot: Bot, dingtalk: DingTalk
) -> None:
    await open_company(bot.db)
    with capture_logs() as lines:
        await _stumble(bot, dingtalk)
    shown = str(lines)
    assert "dingtalk.stream_refused" in shown
    assert "reply refused" in shown
    token = await bot.platform._account.token()
    secrets = (SECRET, token, "session=", "ticket=", "13800138000")
    assert [secret for secret in secrets if secret in shown] == []


async def _stumble(bot: Bot, dingtalk: DingTalk) -> None:
    """Answers refused, connections cut and refused."""
    for fault in (Fault(errcode=400013), Fault(errcode=430104)):
        dingtalk.arm("robot/sendBySession", fault)
        await dingtalk.delivered(await dingtalk.say("lihua", "帮助 13800138000"))
        await bot.settled()
    before = dingtalk.stream.opened
    dingtalk.arm("gateway/connections/open", Fault(code="authFailed"), times=2)
    dingtalk.kill_connections()
    await dingtalk.wait_for(lambda: dingtalk.stream.opened >= before + 2)


async def test_spoken_words_are_read_and_a_picture_is_told_apart(
    bot: Bot, dingtalk: DingTalk
) -> None:
    await open_company(bot.db)
    spoken = {"duration": 4000, "downloadCode": "x", "recognition": NOTE}
    await dingtalk.send("lihua", "audio", spoken)
    await dingtalk.wait_for(lambda: dingtalk.find_card("lihua", "已记"))
    await dingtalk.send("lihua", "picture", {"downloadCode": "x"})
    await dingtalk.wait_for(lambda: [m for m in dingtalk.messages("lihua") if "看不懂" in m.text])


async def test_what_is_delivered_twice_is_done_once(bot: Bot, dingtalk: DingTalk) -> None:
    await open_company(bot.db)
    said = await dingtalk.say("lihua", NOTE)
    await dingtalk.delivered(said)
    for _ in range(3):
        await dingtalk.repeat(said)
        assert await dingtalk.delivered(said)
    await bot.settled()
    assert len(await bot.rows(Inbound)) == 1
    assert len(dingtalk.messages("lihua")) == 1


async def test_nothing_is_acknowledged_before_it_is_durable(db: Database) -> None:
    """The inbox refuses: the message gets no answer, the event is asked for again."""

    async def refuse(_event: object) -> None:
        raise InboxUnavailable("away")

    async def alert(_words: str) -> None:
        raise AssertionError

    ports = Ports(db=db, now=rig.utc_now, alert=alert)
    async with open_dingtalk(stream_timeout_seconds=0.3, event_retry_gaps=()) as dingtalk:
        platform = DingTalkPlatform(rig.settings(dingtalk), ports, pace=rig.FAST)
        running = asyncio.create_task(platform.run(refuse))
        await dingtalk.connected(2)
        said, left = await dingtalk.say("lihua", NOTE), await dingtalk.leave("lihua")
        assert not await dingtalk.delivered(left)
        assert not await dingtalk.delivered(said)
        errors = [dingtalk.ledger.callbacks[one].attempts[0].error for one in (left, said)]
        assert errors == ["LATER", "no answer"]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await platform.close()


async def test_leaving_and_departments_are_told(bot: Bot, dingtalk: DingTalk) -> None:
    await open_company(bot.db)
    left = await dingtalk.leave("lihua")
    assert await dingtalk.delivered(left)
    await dingtalk.delivered(await dingtalk.add_department(Department(dept_id=9, name="新部")))
    await dingtalk.delivered(await dingtalk.join(Member(userid="neu", name="新人")))
    await dingtalk.delivered(await dingtalk.event("robot_msg_read", {"userId": "wangmin"}))
    told = [(e.left, e.changed, e.departments) for e in await bot.events()
            if isinstance(e, Staffing)]  # fmt: skip
    assert told == [(("lihua",), (), False), ((), (), True), ((), ("neu",), False)]
    await bot.settled()
    assert await bot.rows(Binding, Binding.platform_user == "lihua", Binding.corp == CORP) == []


async def test_no_message_is_lost_through_reconnects(db: Database, dingtalk: DingTalk) -> None:
    """Each reconnect: one connection is told to go while messages come, the other receives."""
    messages, reconnects = 200, 20
    async with open_bot(db, lambda _: rig.settings(dingtalk), works=False) as bot:
        sent = []
        for number in range(messages):
            if number % (messages // reconnects) == 0:
                connections = await dingtalk.connected(2)
                going = connections[number % len(connections)]
                await dingtalk.stream.disconnect(going)
            sent.append(await dingtalk.say("lihua", f"第{number}条"))
            if number % 7 == 0:
                await dingtalk.repeat(sent[-1])
        for said in sent:
            assert await dingtalk.delivered(said)
        found = Counter(e.message_id for e in await bot.events() if isinstance(e, Message))
        assert set(found) == set(sent)
        assert set(found.values()) == {1}
        await dingtalk.connected(2)
        assert dingtalk.stream.opened >= reconnects + 2


async def test_a_cut_connection_is_made_again(bot: Bot, dingtalk: DingTalk) -> None:
    before = dingtalk.stream.opened
    dingtalk.kill_connections()
    await dingtalk.wait_for(lambda: dingtalk.stream.opened >= before + 2)
    await dingtalk.connected(2)
    said = await dingtalk.say("lihua", NOTE)
    assert await dingtalk.delivered(said)


async def test_a_dead_socket_is_noticed(bot: Bot, dingtalk: DingTalk) -> None:
    """TCP lives, nothing comes, no pong either: noticed after one and a half pings."""
    before = dingtalk.stream.opened
    started = asyncio.get_running_loop().time()
    dingtalk.silence()
    await dingtalk.wait_for(lambda: dingtalk.stream.opened >= before + 2)
    took = asyncio.get_running_loop().time() - started
    assert took < 60 * rig.FAST.ping / 30
    said = await dingtalk.say("lihua", NOTE)
    assert await dingtalk.wait_for(lambda: dingtalk.ledger.callbacks[said].state != "sending")


async def test_a_silent_platform_is_left_for_a_new_connection(
    db: Database, dingtalk: DingTalk
) -> None:
    """Pongs come, but no frame: another connection is opened before this one is left."""
    pace = replace(rig.FAST, silence=0.3, drain=0.5)
    async with open_bot(db, lambda _: rig.settings(dingtalk), pace=pace, works=False):
        await dingtalk.connected(2)
        await dingtalk.wait_for(lambda: dingtalk.stream.opened >= 4)
        await dingtalk.connected(2)


async def test_bad_credentials_are_told_and_not_hammered(db: Database, dingtalk: DingTalk) -> None:
    wrong = rig.settings(dingtalk, client_secret="wrong")
    async with open_bot(db, lambda _: wrong, pace=replace(rig.FAST, refused_pause=60)) as bot:
        await rig.until(lambda: calls(dingtalk, "gateway/connections/open") >= 2)
        await asyncio.sleep(0.3)  # a pause of seconds would have passed many times
        assert calls(dingtalk, "gateway/connections/open") == 2
        (told,) = bot.alerts
        assert "Client Secret" in told
        assert "wrong" not in told


async def test_a_failing_gateway_is_asked_again_later(db: Database, dingtalk: DingTalk) -> None:
    dingtalk.arm("gateway/connections/open", Fault(status=503), times=4)
    async with open_bot(db, lambda _: rig.settings(dingtalk)) as bot:
        await dingtalk.connected(2)
        assert calls(dingtalk, "gateway/connections/open") == 6
        assert bot.alerts == []


async def test_the_quota_of_messages_used_up_is_told_once(db: Database) -> None:
    async with (
        open_dingtalk(messages_per_month=0) as used_up,
        open_bot(db, lambda _: rig.settings(used_up)) as bot,
    ):
        await used_up.connected(2)
        for _ in range(2):
            assert await used_up.delivered(await used_up.say("lihua", NOTE))
        (told,) = bot.alerts
        assert "消息额度用完了" in told
        assert await bot.rows(Inbound) == []


async def test_a_gateway_that_closes_at_once_is_not_hammered(db: Database) -> None:
    """Every connection gets a frame and is closed: that is a failure, however useful it was."""
    async with open_dingtalk() as dingtalk:
        pace = replace(rig.FAST, first_pause=0.2, longest_pause=0.4)
        async with open_bot(db, lambda _: rig.settings(dingtalk), pace=pace, works=False):
            loop = asyncio.get_running_loop()
            until = loop.time() + 1.0
            while loop.time() < until:
                for connection in dingtalk.stream.live():
                    await dingtalk.stream.ping(connection)
                    connection.kill()
                await asyncio.sleep(0.01)
            assert dingtalk.stream.opened <= 20
