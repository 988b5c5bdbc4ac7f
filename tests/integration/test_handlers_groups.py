"""In a group others read along: no number whole, no card for others, a talk of one's own."""

from __future__ import annotations

import pytest

from handlers.masking import hidden
from handlers.replies import Card
from nlu.naming.names import keys_of_name
from storage.db import Database, NameKeys
from storage.models.papers import Payment
from storage.models.selling import Activity, Task
from storage.viewer import SYSTEM
from tests.builders import make_contact, make_customer, make_deal, make_team, make_user
from tests.integration.office import Office, Sent

ROOM = "room"


@pytest.fixture
def name_keys() -> NameKeys:
    return keys_of_name


@pytest.fixture
async def office(db: Database) -> Office:
    """林一 and 周二 are in a group with the bot, 吴三 leads them."""
    async with db.write(SYSTEM) as session:
        team = await make_team(session, "东一组")
        rep = await make_user(session, "林一", team=team, platform_user="lin", platform="fake")
        for name, account in (("周二", "zhou"), ("吴三", "wu")):
            role = "manager" if name == "吴三" else "rep"
            await make_user(
                session, name, team=team, role=role, platform_user=account, platform="fake"
            )
        customer = await make_customer(session, "恒通机床有限公司", owner=rep, short="恒通")
        await make_deal(session, customer, name="二期产线", amount_fen=120_000_000)
        await make_contact(
            session, customer, "蒋建", title="总经理", phone="13812345678", email="jj@heng.example"
        )
    return Office(db)


def card_of(sent: Sent) -> Card:
    assert isinstance(sent.content, Card)
    return sent.content


async def test_numbers_are_masked_also_after_a_tap(office: Office) -> None:
    (alone,) = await office.say("lin", "恒通有哪些联系人")
    assert card_of(alone).lines[0].value == "13812345678 · jj@heng.example"
    (seen,) = await office.say("lin", "恒通有哪些联系人", chat=ROOM)
    assert card_of(seen).lines[0].value == "138****5678 · j***@heng.example"
    (review,) = await office.say("lin", "恒通什么情况", chat=ROOM)
    (tapped,) = await office.tap("lin", review, "联系人")
    assert tapped.chat == ROOM
    assert card_of(tapped).lines[0].value == "138****5678 · j***@heng.example"


async def test_a_confirmation_is_its_askers(office: Office) -> None:
    (asked,) = await office.say("lin", "恒通到账50万", chat=ROOM)
    assert card_of(asked).title.startswith("请确认 · 恒通")
    for other in ("zhou", "wu"):
        (refused,) = await office.tap(other, asked, "确认")
        assert refused.text.startswith("这张卡片不是发给你的")
        await office.say(other, "确认", chat=ROOM)
    assert await office.rows(Payment) == []
    await office.tap("lin", asked, "确认")
    assert len(await office.rows(Payment)) == 1


async def test_what_one_said_is_not_what_another_means(office: Office) -> None:
    await office.say("lin", "今天拜访了恒通", chat=ROOM)
    (nothing,) = await office.say("wu", "撤销", chat=ROOM)
    assert nothing.text == "没有可以撤销的记录。"
    (seen,) = await office.say("wu", "他们还有什么没做完", chat=ROOM)
    assert "恒通" not in seen.text
    (own,) = await office.say("lin", "他们还有什么没做完", chat=ROOM)
    assert own.text == "恒通没有未完成的待办。"
    assert len(await office.rows(Activity)) == 1


async def test_tasks_keep_the_numbers_that_were_shown(office: Office) -> None:
    for what in ("寄样品", "发方案", "发合同"):
        await office.say("lin", f"明天给恒通{what}")
    (nothing,) = await office.say("lin", "完成 1")
    assert nothing.text.startswith("没有找到这条待办")
    (shown,) = await office.say("lin", "我的待办")
    first, second, third = card_of(shown).lines
    told = (await office.tap("lin", shown, "完成 1"))[0]
    assert told.text.startswith(f"已完成：{first.value.removeprefix('1. ').partition('（')[0]}")
    assert (await office.tap("lin", shown, "完成 1"))[0].text == "这条已处理过了。"
    (done, *_) = await office.say("lin", "完成 3")
    assert done.text.startswith(f"已完成：{third.value.removeprefix('3. ').partition('（')[0]}")
    (again,) = await office.say("lin", "第三条做完了")
    assert again.text == "这条已处理过了。"
    (refused,) = await office.say("wu", "完成 2")
    assert refused.text.startswith("没有找到这条待办")
    left = await office.rows(Task, Task.done_at.is_(None))
    assert [f"2. {task.what}（恒通）" for task in left] == [second.value]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("刘工：新增 · 电话 13800138000", "刘工：新增 · 电话 138****8000"),
        ("电话 138 0013 8000，办公 0512-68881234", "电话 138****8000，办公 0512****1234"),
        ("微信 liugong_88", "微信 ***"),
        ("合同号 HD-2611 金额 13800138000.5 元", "合同号 HD-2611 金额 13800138000.5 元"),
        ("回款 1380万 · 2026-11-24", "回款 1380万 · 2026-11-24"),
    ],
)
def test_what_is_hidden(said: str, shown: str) -> None:
    assert hidden(said) == shown
