"""What is to be done, by whom and when, in trades that the corpus lacks."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, Case, acts_of

CASES: list[Case] = [
    # asked, promised, reminded
    (LOGISTICS, "u07", "京味斋何静说标书里缺一份保险证明，让我们今天下班前补", [
        {"type": "task", "what": "补一份保险证明", "due": "2026-06-10", "customer": "c05"},
    ]),
    (LOGISTICS, "u08", "邹燕让把药监备案发她邮箱，明天上午之前", [
        {"type": "task", "what": "把药监备案发邹燕邮箱", "due": "2026-06-11", "customer": "c06"},
    ]),
    (LOGISTICS, "u03", "海澜达郑伟催我们尽快出云仓的盘点报告，我说明天给", [
        {"type": "task", "what": "出云仓的盘点报告", "due": "2026-06-11", "customer": "c02"},
    ]),
    (LOGISTICS, "u07", "中科智仓那边我答应罗总三天内出运输方案", [
        {"type": "task", "what": "出运输方案", "due": "2026-06-13", "customer": "c13"},
    ]),
    (ENERGY, "u07", "方旭气泡膜送样被退，厚度不够，米粒让我们三天之内补一批8丝的", [
        {"type": "task", "what": "补一批8丝", "due": "2026-04-26", "customer": "c07"},
    ]),
    (ENERGY, "u06", "唐山港车部长电话里说标书澄清要补充两份业绩，周五之前", [
        {"type": "task", "what": "标书澄清要补充两份业绩", "due": "2026-04-24", "customer": "c09"},
        {"type": "ask", "about": "contact", "options": ["车永强", "车晓"]},
    ]),
    (ENERGY, "u03", "明早8点叫我给汤一鸣回电话", [
        {"type": "task", "what": "给汤一鸣回电话", "due": "2026-04-24T08:00", "customer": "c01"},
    ]),
    (WORKSHOP, "u03", "中秋节前给海澜毛纺陶然送两盒月饼，别让我忘了", [
        {"type": "task", "what": "给海澜毛纺陶然送两盒月饼", "due": "2026-09-25", "customer": "c06"},
    ]),
    (WORKSHOP, "u04", "欣美那单面料色牢度四级没过，客户要换货，下周一前我得把新缸样送到", [
        {"type": "task", "what": "送新缸样", "due": "2026-09-21", "customer": "c03"},
    ]),
    (WORKSHOP, "u07", "海澜毛纺要5吨针织面料的报价，我周六前给", [
        {"type": "task", "what": "给5吨针织面料的报价", "due": "2026-09-19", "customer": "c06"},
    ]),
    # for a colleague
    (LOGISTICS, "u03", "让蒋文静后天去迈捷送样册", [
        {"type": "task", "what": "去迈捷送样册", "due": "2026-06-12", "customer": "c07", "assignee": "u04"},
    ]),
    (LOGISTICS, "u03", "请顾海燕帮忙审核绿茵的合同", [
        {"type": "task", "what": "帮忙审核绿茵的合同", "customer": "c01", "assignee": "u02"},
    ]),
    (ENERGY, "u05", "赵云飞你下周二前把君乐堂的样品跟完，再给我个书面总结", [
        {"type": "task", "what": "把君乐堂的样品跟完", "due": "2026-04-28", "customer": "c08", "assignee": "u09"},
    ]),
    (ENERGY, "u05", "让小赵明天去唐山港送澄清函", [
        {"type": "ask", "about": "user", "options": ["u06", "u09"]},
    ]),
    (ENERGY, "u02", "安排石榴周五陪德国客户看样板间", [
        {"type": "task", "what": "陪德国客户看样板间", "due": "2026-04-24", "assignee": "u04"},
    ]),
    # a seal to be put, which signs nothing yet
    (WORKSHOP, "u03", "飞腾的协议周三前盖章", [
        {"type": "task", "what": "盖章", "due": "2026-09-23", "customer": "c11"},
    ]),
    # theirs, or done
    (LOGISTICS, "u07", "中科智仓罗总答应三个工作日内给我们回复", [
    ]),
    (ENERGY, "u06", "小洋人防伪标签样品给栗娜寄过去了，她说下周给反馈", [
    ]),
    (WORKSHOP, "u03", "欣美的尚丽要辞职，下周交接给她助理小柯", [
    ]),
    (WORKSHOP, "u04", "尚经理让把发票抬头改一下，改好了，不用管", [
    ]),
    (WORKSHOP, "u06", "大生第三笔货款拖到10月15号，顾科长说的", [
    ]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:16])
def test_what_is_written_down(case: Case) -> None:
    company, sender, text, expected = case
    assert acts_of(company, sender, text) == expected
