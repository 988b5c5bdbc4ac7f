"""The same person on two platforms is joined by a one-time code, and strangers learn nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.events import Entered
from nlu.naming.names import keys_of_name
from storage.db import Database, NameKeys
from storage.models.journal import Journal
from storage.models.people import Binding, JoinCode, Stranger, User
from storage.models.service import Inbound, Outbound
from storage.viewer import SYSTEM
from tests.builders import make_customer, make_team, make_user
from tests.integration.office import Office, Sent, source, to

FIRST = "你还没有开通。请把编号 "
JOINED = "已关联：你是林一，两边是同一个人、同一套客户。"


@pytest.fixture
def name_keys() -> NameKeys:
    return keys_of_name


@pytest.fixture
async def office(db: Database) -> Office:
    """林一 on platform a, an administrator on a."""
    async with db.write(SYSTEM) as session:
        team = await make_team(session)
        rep = await make_user(session, "林一", team=team, platform_user="lin", platform="a")
        await make_user(session, "卫八", role="admin", platform_user="root", platform="a")
        await make_customer(session, "恒通机床有限公司", owner=rep, short="恒通")
    return Office(db, names=("a", "b"))


async def code_of(office: Office, words: str = "绑定账号") -> str:
    (answer,) = await office.say("lin", words, on="a")
    assert answer.text.startswith("绑定码 ")
    return answer.text.split()[1].split("，")[0]


def told(sent: list[Sent]) -> list[tuple[str, str | None, str]]:
    return [(one.platform, one.user, one.text) for one in sent]


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("绑定账号", True), ("关联钉钉", True), ("关联企业微信", True), ("我还有钉钉", True),
        ("帮我绑定一下我的钉钉账号", True), ("我也用企业微信。", True),
        ("我还有钉钉的报价要给恒通", False), ("恒通绑定了钉钉", False), ("关联恒通", False),
    ],
)  # fmt: skip
async def test_the_words_that_ask_for_a_code(office: Office, words: str, asks: bool) -> None:
    answers = await office.say("lin", words, on="a")
    assert answers[0].text.startswith("绑定码 ") == asks


async def test_a_code_joins_the_other_account_and_everybody_concerned_is_told(
    office: Office,
) -> None:
    code = await code_of(office)
    sent = await office.say("0815", f" {code.lower()} ", on="b")
    assert told(sent) == [
        ("b", "0815", JOINED),
        ("a", "lin", "你的另一个账号 0815@b 已关联。不是你本人操作，请马上告诉管理员。"),
        (
            "a", "root",
            "林一（lin@a）关联了账号 0815@b。不是本人的话：gendan people unbind 0815@b",
        ),
    ]  # fmt: skip
    (answer,) = await office.say("0815", "恒通什么情况", on="b")
    assert answer.text.startswith("恒通")
    journal = await office.rows(Journal, Journal.record_type == "binding")
    assert journal[-1].after["platform_user"] == "0815"
    assert code.replace("-", "") not in str([row.code_hash for row in await office.rows(JoinCode)])


async def test_a_code_is_used_once(office: Office) -> None:
    code = await code_of(office)
    await office.say("0815", code, on="b")
    (answer,) = to("0816", await office.say("0816", code, on="b"))
    assert answer.text.startswith(FIRST)
    assert len(await office.rows(Binding, Binding.platform == "b")) == 1


async def test_of_two_strangers_at_the_same_instant_one_is_joined(
    office: Office, open_db: Callable[[], Database]
) -> None:
    other = Office(open_db(), names=("a", "b"))
    for number in range(5):
        code = await code_of(office)
        await asyncio.gather(
            office.say(f"x{number}", code, on="b"), other.say(f"y{number}", code, on="b")
        )
        assert len(await office.rows(Binding, Binding.platform == "b")) == number + 1


@pytest.mark.parametrize(
    "spoiled", ["expired", "disabled", "made anew", "same account", "in a group"]
)
async def test_when_a_code_does_nothing(office: Office, spoiled: str) -> None:
    code, account, on, chat = await code_of(office), "0815", "b", None
    async with office.db.write(SYSTEM) as session:
        if spoiled == "disabled":
            await session.execute(update(User).where(User.name == "林一").values(active=False))
        if spoiled == "same account":
            bound = (await office.rows(Binding, Binding.platform_user == "lin"))[0]
            await session.delete(await session.get_one(Binding, bound.id))
            account, on = "lin", "a"
    if spoiled == "expired":
        office.clock.move(minutes=10)
    if spoiled == "made anew":
        await code_of(office)
    if spoiled == "in a group":
        chat = "room"
    office.clock.move(seconds=6)
    before = len(await office.rows(Binding))
    sent = await office.say(account, code, on=on, chat=chat)
    assert sent[0].text.startswith(FIRST)
    assert len(sent) == 2  # the stranger and the administrator
    assert len(await office.rows(Binding)) == before


async def test_codes_are_not_made_in_a_group(office: Office) -> None:
    (answer,) = await office.say("lin", "绑定账号", on="a", chat="room")
    assert answer.text == "绑定码不能发在群里。私聊我说“绑定账号”。"
    assert await office.rows(JoinCode) == []


async def test_five_wrong_tries_stop_a_stranger_for_an_hour(office: Office) -> None:
    sent = [await office.say("0815", f"WRNG222{n}", on="b") for n in range(2, 7)]
    assert [len(to("0815", one)) for one in sent] == [1, 0, 0, 0, 0]
    (stranger,) = await office.rows(Stranger)
    assert told(sent[-1]) == [
        ("a", "root", f"编号 {stranger.code}（0815@b）连着 5 次发错绑定码，停一小时。")
    ]
    code = await code_of(office)
    assert await office.say("0815", code, on="b") == []
    assert await office.rows(Binding, Binding.platform == "b") == []
    office.clock.move(minutes=60)
    code = await code_of(office)
    assert to("0815", await office.say("0815", code, on="b"))[0].text == JOINED


async def test_nobody_is_joined_by_name(office: Office) -> None:
    """Somebody of the same name, and of the same id on the other platform, stays a stranger."""
    sent = await office.say("lin", "我是林一，手机 13800138000，恒通什么情况", on="b")
    assert sent[0].text.startswith(FIRST)
    assert len(await office.rows(Binding)) == 2


async def test_an_account_that_was_opened_by_itself_and_never_used_can_be_joined(
    office: Office,
) -> None:
    async with office.db.write(SYSTEM) as session:
        await make_user(session, "林一", platform_user="0815", platform="b")
        worked = await make_user(session, "林一", platform_user="0816", platform="b")
        await make_customer(session, "空山食品有限公司", owner=worked)
    assert to("0815", await office.say("0815", await code_of(office), on="b"))[0].text == JOINED
    refused = await office.say("0816", await code_of(office), on="b")
    assert "已关联" not in refused[0].text
    rows = await office.rows(User, User.name == "林一")
    assert [row.active for row in rows] == [True, False, True]
    assert len(await office.rows(Binding, Binding.user_id == rows[0].id)) == 2


async def test_messages_go_where_somebody_was_last(office: Office) -> None:
    await office.say("0815", await code_of(office), on="b")

    async def reached() -> list[tuple[str, str | None]]:
        async with office.db.write(SYSTEM) as session:
            user = (await office.rows(User, User.name == "林一"))[0]
            (await session.get_one(User, user.id)).role = "admin"
            await make_user(session, "郑四", platform_user="gone", platform="a")
        sent = await office.staffing(on="a", left=("gone",))
        return [(one.platform, one.user) for one in sent if one.user != "root"]

    assert await reached() == [("b", "0815")]
    office.clock.move(minutes=6)
    (answer,) = await office.say("lin", "我的待办", on="a")
    assert answer.platform == "a"
    assert await reached() == [("a", "lin")]
    office.clock.move(minutes=6)
    await office.say("0815", "我的待办", on="b")
    assert await reached() == [("b", "0815")]


async def test_a_stranger_hears_one_answer_whatever_they_do(office: Office) -> None:
    (card,) = [one for one in await office.say("lin", "恒通输了", on="a") if one.card_key]
    sent = await office.say("eve", "恒通什么情况", on="a", chat="room")
    assert [(one.chat, one.text.startswith(FIRST)) for one in sent] == [
        ("room", True), (None, False),
    ]  # fmt: skip
    assert "恒通" not in "".join(one.text for one in sent)
    label = "确认"
    assert await office.tap("eve", card, label) == []
    assert await office.tap("eve", replace(card, platform="b"), label, on="a") == []
    await office.put(Entered(source=source("a", "eve"), at=office.clock(), digest="entered"))
    assert await office.work() == []
    assert await office.say("eve", "绑定账号", on="a") == []
    assert await office.say("EVE", "我的待办", on="a", corp="c2") != []  # another company's eve
    states = {row.state for row in await office.rows(Inbound)}
    assert states == {"done"}
    answered = await office.rows(Outbound)
    assert sum(row.address.get("user") == "eve" for row in answered) == 1
    assert (await office.tap("lin", card, "确认"))[0].text.startswith("已记")


async def test_a_strangers_first_event_may_be_a_tap(office: Office) -> None:
    (card,) = [one for one in await office.say("lin", "恒通输了", on="a") if one.card_key]
    sent = await office.tap("eve", card, "确认")
    assert [one.user for one in sent] == ["eve", "root"]
    assert sent[0].text.startswith(FIRST)
    assert (await office.tap("lin", card, "确认"))[0].text.startswith("已记")
