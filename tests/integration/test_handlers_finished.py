"""Words that tell that something is done: asked about, ticked off by a tap, never by the words."""

from __future__ import annotations

import pytest

from handlers.talk import LOST
from storage.db import Database
from storage.models.selling import Task
from storage.viewer import SYSTEM
from tests.builders import make_customer, make_task
from tests.unit.handlers.desk import Company, Desk, company


async def office(db: Database) -> tuple[Company, Desk]:
    """A rep with four tasks at two customers and at none, and a colleague's."""
    firm = await company(db)
    async with db.write(SYSTEM) as session:
        other = await make_customer(session, "青石印务有限公司", owner=firm.rep, short="青石")
        for what, customer in (
            ("把方案发给蒋总", firm.mine),
            ("寄样品", firm.mine),
            ("发报价单", other),
            ("交周报", None),
        ):
            await make_task(session, firm.rep, what=what, customer_id=customer and customer.id)
        await make_task(session, firm.colleague, what="订会议室")
    return firm, Desk(db)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("恒通的方案发了", ["把方案发给蒋总（恒通）"]),
        ("方案已经发过去了", ["把方案发给蒋总（恒通）"]),
        ("周报交了。", ["交周报"]),
        ("青石那边报价单搞定", ["发报价单（青石）"]),
        ("恒通的样品寄出去了，方案也发了", ["把方案发给蒋总（恒通）", "寄样品（恒通）"]),
    ],
)
async def test_what_may_be_done_is_asked(db: Database, words: str, meant: list[str]) -> None:
    firm, desk = await office(db)
    card = (await desk.say(firm.rep, words)).card
    assert card.title == ("是这件办完了吗？" if len(meant) == 1 else "是哪件办完了？")
    assert [line.value.partition(". ")[2] for line in card.lines] == meant
    assert len(card.buttons) == len(meant)


@pytest.mark.parametrize(
    "words", ["恒通的方案还没发", "方案发了吗", "合同签了", "会议室订了", "青石的方案发了"]
)
async def test_what_tells_of_no_task_of_ones_own_is_not_asked(db: Database, words: str) -> None:
    firm, desk = await office(db)
    assert (await desk.say(firm.rep, words)).text == LOST


async def test_a_tap_ticks_it_off(db: Database) -> None:
    firm, desk = await office(db)
    asked = await desk.say(firm.rep, "恒通的方案发了")
    done = await desk.press(firm.rep, asked.press("完成 1"))
    assert done.text.startswith("已完成：把方案发给蒋总")
    async with db.read(SYSTEM) as session:
        task = await session.get_one(Task, 1)
    assert task.done_at is not None
