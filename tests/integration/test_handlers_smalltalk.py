"""Words beside the work: thanks, who are you, and what merely looks like it."""

from __future__ import annotations

import pytest

from handlers.talk import LOST, WELCOME
from handlers.undoing import HOW
from storage.db import Database
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
    ],
)
async def test_small_talk_is_answered_in_kind(db: Database, words: str, answer: str) -> None:
    firm, desk = await company(db), Desk(db)
    assert (await desk.say(firm.rep, words)).text == answer
