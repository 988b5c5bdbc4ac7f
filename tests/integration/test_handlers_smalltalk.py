"""Words beside the work: thanks, who are you, and what merely looks like it."""

from __future__ import annotations

import pytest

from handlers.talk import LOST, WELCOME
from handlers.undoing import HOW
from storage.db import Database
from storage.viewer import SYSTEM
from tests.builders import make_customer
from tests.unit.handlers.desk import Desk, company


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("谢谢", "在的，有事直接说。"),
        ("好的收到", "在的，有事直接说。"),
        ("你是谁", WELCOME),
        ("你是机器人吗？", WELCOME),
        ("你到底是干什么的", WELCOME),
        ("你是说哪家", LOST),
        ("刚才那条记错了", HOW),
        ("上一条不对", HOW),
        ("取消明天的拜访", HOW),
    ],
)
async def test_small_talk_is_answered_in_kind(db: Database, words: str, answer: str) -> None:
    firm, desk = await company(db), Desk(db)
    assert (await desk.say(firm.rep, words)).text == answer


async def test_a_bare_name_asks_for_the_customer(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    assert (await desk.say(firm.rep, "恒通")).card.title == "恒通"
    assert (await desk.say(firm.rep, "同益")).text == LOST
    async with db.write(SYSTEM) as session:
        await make_customer(session, "恒通物流有限公司", owner=firm.rep, short="恒通")
    assert (await desk.say(firm.rep, "恒通。")).text.startswith("有 2 家叫“恒通”：")
