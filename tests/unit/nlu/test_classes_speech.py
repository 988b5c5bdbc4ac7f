"""Speech by phone, people by bare names, posts, plans, deeds of ours and theirs, in three trades."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, Case, acts_of

CASES: list[Case] = [
    # what came by phone or chat, and what was said in it
    (LOGISTICS, "u07", "何静刚微信我说京味斋下个月再签，预算降到110万", [
        {"type": "activity", "kind": "wechat", "customer": "c05", "contacts": ["何静"], "date": "2026-06-10"},
        {"type": "deal", "customer": "c05", "deal": "d06", "amount": 1100000, "expected_close": "2026-07"},
    ]),
    (ENERGY, "u06", "小洋人戴总电话：纸箱年标定了要，预算300万", [
        {"type": "activity", "kind": "call", "customer": "c05", "contacts": ["戴春荣"]},
        {"type": "deal", "customer": "c05", "deal": "d06", "amount": 3000000},
    ]),
    (WORKSHOP, "u03", "刚跟东汽车桥雷部长call完，刹车片年标加到280万了", [
        {"type": "activity", "kind": "call", "customer": "c01", "contacts": ["雷大同"], "date": "2026-09-17"},
        {"type": "deal", "customer": "c01", "deal": "d01", "amount": 2800000},
    ]),
    (ENERGY, "u04", "冠宇卓总电话说下周三过来看厂", [
        {"type": "activity", "kind": "call", "customer": "c03", "contacts": ["卓越"]},
    ]),
    (WORKSHOP, "u04", "没回我微信，说不清楚欣美尚丽什么意思", [
    ]),
    # meetings that take other words
    (LOGISTICS, "u03", "今天参加了绿茵的供应商大会", [
        {"type": "activity", "kind": "meeting", "customer": "c01", "date": "2026-06-10"},
    ]),
    (WORKSHOP, "u06", "周一去的大生，顾全不在", [
        {"type": "activity", "kind": "visit", "customer": "c05", "date": "2026-09-14"},
    ]),
    (ENERGY, "u03", "水务的宗英说周五上午有空，我到时候过去", [
        {"type": "activity", "kind": "visit", "customer": "c02", "contacts": ["宗英"], "date": "2026-04-24", "planned": True},
    ]),
    (LOGISTICS, "u03", "周四绿茵 周五雨田 都约好了去拜访", [
        {"type": "activity", "kind": "visit", "customer": "c01", "date": "2026-06-11", "planned": True},
        {"type": "activity", "kind": "visit", "customer": "c11", "date": "2026-06-12", "planned": True},
    ]),
    (ENERGY, "u05", "下周二去趟保定，看看长城酒业", [
        {"type": "activity", "kind": "visit", "customer": "c06", "date": "2026-04-28", "planned": True},
    ]),
    (WORKSHOP, "u03", "看看襄轴的报价", [
        {"type": "query", "about": "quotes", "customer": "c02"},
    ]),
    # who they are
    (LOGISTICS, "u03", "绿茵新HRBP叫钟琪，13840051122", [
        {"type": "contact", "customer": "c01", "name": "钟琪", "title": "HRBP", "phone": "13840051122"},
    ]),
    (ENERGY, "u05", "君乐堂CFO换成了新人，叫高峻", [
        {"type": "contact", "customer": "c08", "name": "高峻", "title": "CFO"},
    ]),
    (WORKSHOP, "u03", "三峡物业关山退休了，接任的是副总 祝文", [
        {"type": "contact", "customer": "c09", "name": "关山", "left": True},
        {"type": "contact", "customer": "c09", "name": "祝文", "title": "副总"},
    ]),
    (LOGISTICS, "u07", "京味斋马总的助理小刘，电话13700001111", [
        {"type": "contact", "customer": "c05", "name": "小刘", "title": "助理", "phone": "13700001111"},
    ]),
    (WORKSHOP, "u07", "青禾加个人：权慧，总裁办秘书，角色守门人", [
        {"type": "contact", "customer": "c10", "name": "权慧", "title": "总裁办秘书", "role": "gatekeeper"},
    ]),
    (ENERGY, "u03", "海风来了个新的采购总监陈碧霞，以后都她拍板", [
        {"type": "contact", "customer": "c01", "name": "陈碧霞", "title": "采购总监", "role": "decision_maker"},
    ]),
    (ENERGY, "u03", "倪佳说她们老板姓田，最后都是他拍板", [
    ]),
    # deals: what is worth what, what is another, what is only put off
    (LOGISTICS, "u07", "京味斋中央厨房年服务费盘子大概130万", [
        {"type": "deal", "customer": "c05", "deal": "d06", "amount": 1300000},
    ]),
    (WORKSHOP, "u03", "飞腾齐总说除了轮毂还想做物业托管", [
        {"type": "deal", "customer": "c11", "deal": "new", "products": ["物业托管"]},
    ]),
    (ENERGY, "u04", "冠宇说今年不做光伏组件了，自己上储能", [
        {"type": "deal", "customer": "c03", "deal": "d04", "outcome": "lost", "lost_reason": "自己上储能"},
        {"type": "deal", "customer": "c03", "deal": "new", "products": ["储能柜"]},
    ]),
    (ENERGY, "u04", "冠宇卓总说年前不签了，年后再说", [
    ]),
    (WORKSHOP, "u06", "要是童话家纺同意，下周就签", [
    ]),
    (LOGISTICS, "u07", "顺达通给京味斋马总打过一回电话", [
    ]),
    (ENERGY, "u06", "小洋人中秋礼盒纸箱加做一批", [
    ]),
    # tasks: whatever the verb, ours or theirs
    (LOGISTICS, "u07", "月底前要把京味斋的协议走完流程", [
        {"type": "task", "what": "把京味斋的协议走完流程", "due": "2026-06-30", "customer": "c05"},
    ]),
    (ENERGY, "u06", "小洋人栗娜问能不能先试用，下周一我给答复", [
        {"type": "task", "what": "给答复", "due": "2026-04-27", "customer": "c05"},
    ]),
    (WORKSHOP, "u03", "东汽车桥投标保证金30万，得让财务准备", [
        {"type": "task", "what": "财务准备", "customer": "c01"},
    ]),
    (LOGISTICS, "u08", "欠范经理一份资质证明，别忘了", [
        {"type": "task", "what": "欠范经理一份资质证明"},
    ]),
    (ENERGY, "u07", "长城酒业葛洪要补一份质检报告，让我周日之前补上", [
        {"type": "task", "what": "补一份质检报告", "due": "2026-04-26", "customer": "c06"},
    ]),
    (WORKSHOP, "u06", "周末加个班把大生的标书弄完", [
        {"type": "task", "what": "弄完大生的标书", "due": "2026-09-19/2026-09-20", "customer": "c05"},
    ]),
    (WORKSHOP, "u06", "记得月底催大生尾款", [
        {"type": "task", "what": "催大生尾款", "due": "2026-09-30", "customer": "c05"},
    ]),
    (LOGISTICS, "u03", "彭涛答应明天把图纸发我", [
    ]),
    (ENERGY, "u03", "园区水务月底前出需求", [
    ]),
    (WORKSHOP, "u03", "雷大同下周出国", [
    ]),
    (LOGISTICS, "u03", "请雨田田蕾吃饭花了680，记得给我报", [
        {"type": "activity", "kind": "meal", "customer": "c11", "contacts": ["田蕾"]},
        {"type": "expense", "amount": 680, "category": "meal", "customer": "c11"},
    ]),
    # customers told for the first time, and facts
    (LOGISTICS, "u03", "今天认识了一家新客户，金华的金凤装饰，想要同城配送", [
        {"type": "deal", "new_customer": "金凤装饰", "deal": "new", "products": ["同城配送"]},
    ]),
    (ENERGY, "u05", "新建客户 邢台禾木包装厂 饮料 华北 C级", [
        {"type": "customer", "new_customer": "邢台禾木包装厂", "set": {"industry": "饮料", "grade": "C", "region": "华北"}},
    ]),
    (WORKSHOP, "u07", "青禾门店数从32家扩到35家了", [
        {"type": "customer", "customer": "c10", "set": {"门店数": 35}},
    ]),
    (ENERGY, "u05", "君乐堂谭总跳槽去了别家物业", [
        {"type": "contact", "customer": "c08", "name": "谭总", "left": True},
    ]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:16])
def test_what_is_written_down(case: Case) -> None:
    company, sender, text, expected = case
    assert acts_of(company, sender, text) == expected
