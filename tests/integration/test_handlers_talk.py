"""Talk about the talk: what is not understood, what still waits, what may be said."""

from __future__ import annotations

from nlu import acts
from storage.db import Database
from tests.unit.handlers.desk import Desk, company


async def test_nothing_understood_says_what_can_be_said(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    assert (await desk.say(firm.rep, "那个弄好了没")).text.startswith("没看懂是哪件事")
    assert (await desk.say(firm.rep, "帮助", acts.Help())).text.startswith("直接打字就行")


async def test_unclear_words_recall_what_waits(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    await desk.say(firm.rep, "恒通到账50万", acts.Payment(customer=str(firm.mine.id), amount=1))
    unclear = await desk.say(firm.rep, "哈哈")
    assert unclear.text == "没看懂。“请确认 · 恒通 · 回款”还等着，请回复“确认”或“不对”。"
    desk.later(minutes=11)
    assert (await desk.say(firm.rep, "哈哈")).text.startswith("没看懂是哪件事")
    visit = acts.Activity(kind="visit", new_customer="云岭纺织")
    await desk.say(firm.rep, "拜访了云岭纺织", visit)
    assert (await desk.say(firm.rep, "哈哈")).text.endswith("请回复“新建”或“不是客户”。")


async def test_no_alone_says_how_to_correct(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    for words in ("不对", "记错了"):
        assert (await desk.say(firm.rep, words)).text.startswith("直接说要改成什么")


async def test_help_is_for_ones_own_work(db: Database) -> None:
    firm, desk = await company(db), Desk(db)
    helped = {
        user.role: (await desk.say(user, "帮助", acts.Help())).text
        for user in (firm.rep, firm.manager, firm.director, firm.finance, firm.admin)
    }
    assert "给XX报价138万" in helped["rep"]
    assert "东区组待办" in helped["manager"]
    assert "东区组漏斗" in helped["director"]
    assert "本月到账的有哪些" in helped["finance"]
    assert "停用 张三" in helped["admin"]
    assert "报价" not in helped["finance"] + helped["admin"]
    assert all(text.count("\n") <= 6 for text in helped.values())
