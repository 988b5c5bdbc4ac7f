"""What a task is about, plans under a heading, newcomers' posts, and sums that stand behind."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, Case, acts_of

CASES: list[Case] = [
    (LOGISTICS, "u03", "运输方案得重做一版，我12号前弄完给绿茵他们", [
        {"type": "task", "what": "重做一版运输方案给绿茵他们", "due": "2026-06-12", "customer": "c01"},
    ]),
    (ENERGY, "u03", "冠宇的合同文本明天下班前我得发给他们法务", [
        {"type": "task", "what": "给他们法务发合同文本", "due": "2026-04-24", "customer": "c03"},
    ]),
    (WORKSHOP, "u03", "海澜毛纺色卡烦请下周四前提供", [
        {"type": "task", "what": "提供色卡", "due": "2026-09-24", "customer": "c06"},
    ]),
    (LOGISTICS, "u03", "明天要给恒丰机电钱进打个电话，问交接的事", [
        {"type": "task", "what": "给恒丰机电钱进打个电话问交接的事", "due": "2026-06-11", "customer": "c03"},
    ]),
    (ENERGY, "u03", "给海风倪佳打电话没打通，明天上午九点提醒我再打一个", [
        {"type": "task", "what": "给倪佳打电话", "due": "2026-04-24T09:00", "customer": "c01"},
    ]),
    (WORKSHOP, "u03", "下周三前把海澜毛纺合同拟好，找陶然确认付款方式", [
        {"type": "task", "what": "把海澜毛纺合同拟好", "due": "2026-09-23", "customer": "c06"},
        {"type": "task", "what": "找陶然确认付款方式", "customer": "c06"},
    ]),
    (LOGISTICS, "u03", "下周一上午9点绿茵开标，提醒我带授权书", [
        {"type": "task", "what": "带授权书", "due": "2026-06-15", "customer": "c01"},
    ]),
    (WORKSHOP, "u06", "大生的合同30号前我们得签掉，记个待办", [
        {"type": "task", "what": "签合同", "due": "2026-09-30", "customer": "c05"},
    ]),
    (LOGISTICS, "u03", "海澜达PO预计7月出", [
        {"type": "deal", "customer": "c02", "deal": "d03", "expected_close": "2026-07"},
    ]),
    (ENERGY, "u03", "新年发发发", [
    ]),
    (LOGISTICS, "u03", "本周安排：周四上午拜访绿茵沈国良，周五下午两点跟海澜达郑伟开视频会", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["沈国良"], "date": "2026-06-11", "planned": True},
        {"type": "activity", "kind": "meeting", "customer": "c02", "contacts": ["郑伟"], "date": "2026-06-12T14:00", "planned": True},
    ]),
    (ENERGY, "u03", "下周计划\n周一去海风\n周二上午拜访园区水务蔡国平", [
        {"type": "activity", "kind": "visit", "customer": "c01", "date": "2026-04-27", "planned": True},
        {"type": "activity", "kind": "visit", "customer": "c02", "contacts": ["蔡国平"], "date": "2026-04-28", "planned": True},
    ]),
    (LOGISTICS, "u03", "下周三上午十点约了绿茵沈国良，上门看现场", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["沈国良"], "date": "2026-06-17T10:00", "planned": True},
    ]),
    (LOGISTICS, "u03", "明天先去绿茵再去海澜达", [
        {"type": "activity", "kind": "visit", "customer": "c01", "date": "2026-06-11", "planned": True},
        {"type": "activity", "kind": "visit", "customer": "c02", "date": "2026-06-11", "planned": True},
    ]),
    (ENERGY, "u03", "周小结：\n- 周一拜访海风汤一鸣\n- 周二打电话给冠宇卓越，让等通知", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["汤一鸣"], "date": "2026-04-20"},
        {"type": "activity", "kind": "call", "customer": "c03", "contacts": ["卓越"], "date": "2026-04-21"},
    ]),
    (LOGISTICS, "u07", "京味斋新来了个采购叫王磊", [
        {"type": "contact", "customer": "c05", "name": "王磊", "title": "采购"},
    ]),
    (ENERGY, "u07", "长城酒业他们设备部新来的副部长苟兴旺，手机13700553311", [
        {"type": "contact", "customer": "c06", "name": "苟兴旺", "title": "设备部副部长", "phone": "13700553311"},
    ]),
    (WORKSHOP, "u06", "大生换采购总监了，顾科长上个月走的，新来的叫金海棠，13600001728", [
        {"type": "contact", "customer": "c05", "name": "顾全", "left": True},
        {"type": "contact", "customer": "c05", "name": "金海棠", "title": "采购总监", "phone": "13600001728"},
    ]),
    (ENERGY, "u06", "小洋人戴春荣带我们把车间整个走了一遍", [
        {"type": "activity", "kind": "visit", "customer": "c05", "contacts": ["戴春荣"]},
    ]),
    (LOGISTICS, "u03", "绿茵那单顺达通出局，就剩安途在跟我们争", [
        {"type": "ask", "about": "deal", "options": ["d01", "d02"]},
    ]),
    (ENERGY, "u04", "冠宇年前没戏了，人都放假了", [
    ]),
    (LOGISTICS, "u04", "恒丰零担合同没戏了，被百迅拿走了", [
        {"type": "deal", "customer": "c03", "deal": "d04", "outcome": "lost", "lost_to": "百迅"},
    ]),
    (ENERGY, "u03", "园区水务定了用我们的能耗监测，五一后才进谈判", [
        {"type": "deal", "customer": "c02", "deal": "d03", "products": ["能耗监测系统"]},
    ]),
    (LOGISTICS, "u03", "海澜达被通报了，急着上云仓，六七十万的样子", [
        {"type": "deal", "customer": "c02", "deal": "d03", "amount": [600000, 700000], "products": ["云仓一件代发"]},
    ]),
    (LOGISTICS, "u03", "给海澜达重新报价，70万，月底前有效", [
        {"type": "quote", "customer": "c02", "deal": "d03", "amount": 700000, "valid_until": "2026-06-30"},
    ]),
    (ENERGY, "u07", "方旭要开票，金额20万", [
    ]),
    (ENERGY, "u07", "方旭预付款打了，30%，22万", [
        {"type": "payment", "customer": "c07", "amount": 220000},
    ]),
    (LOGISTICS, "u03", "登记两笔：绿茵12万6昨天到，海澜达52万今天到", [
        {"type": "payment", "customer": "c01", "amount": 126000, "date": "2026-06-09"},
        {"type": "payment", "customer": "c02", "amount": 520000, "date": "2026-06-10"},
    ]),
    (LOGISTICS, "u03", "跟绿茵沈国良吃饭，顺带碰到海澜达郑伟就并了一桌", [
        {"type": "activity", "kind": "meal", "customer": "c01", "contacts": ["沈国良"]},
        {"type": "activity", "kind": "meal", "customer": "c02", "contacts": ["郑伟"]},
    ]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:16])
def test_what_is_written_down(case: Case) -> None:
    company, sender, text, expected = case
    assert acts_of(company, sender, text) == expected
