"""What is taken back late, handed over, priced by the piece, only asked of us, or not to be written."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, Case, acts_of

CASES: list[Case] = [
    (ENERGY, "u06", "小洋人纸箱年标丢给东港印务了，啊不，是合众包装", [
        {"type": "deal", "customer": "c05", "deal": "d06", "outcome": "lost", "lost_to": "合众包装"},
    ]),
    (WORKSHOP, "u03", "飞腾齐总嫌贵，给到520他就下单", [
    ]),
    (WORKSHOP, "u02", "欣美服饰那个折扣不行，毛利都打没了，退回去", [
        {"type": "reject", "target": "discount", "customer": "c03", "comment": "毛利都打没了"},
    ]),
    (WORKSHOP, "u03", "飞腾齐总说他们自己找人装，只要我们出货", [
    ]),
    (LOGISTICS, "u03", "绿茵沈总问冷链的方案好了没，我周五前给他", [
        {"type": "task", "what": "给冷链的方案", "due": "2026-06-12", "customer": "c01"},
    ]),
    (LOGISTICS, "u03", "昨天去了绿茵，不是去签合同，是送样", [
        {"type": "activity", "kind": "visit", "customer": "c01", "date": "2026-06-09"},
    ]),
    (LOGISTICS, "u03", "今天见了绿茵沈总，说错了，是禹天彭经理，叉车租赁预算加到40万", [
        {"type": "activity", "kind": "visit", "customer": "c12", "contacts": ["彭涛"], "date": "2026-06-10"},
        {"type": "deal", "customer": "c12", "deal": "d12", "amount": 400000},
    ]),
    (WORKSHOP, "u06", "上午跟童话家纺沈老板通了电话，哦不是，是大生张总，脱硫那块预算68万", [
        {"type": "activity", "kind": "call", "customer": "c05", "contacts": ["张謇之"], "date": "2026-09-17"},
        {"type": "deal", "customer": "c05", "deal": "d06", "amount": 680000},
    ]),
    (ENERGY, "u03", "给海风储能二期报价620万，我看岔了，是602万", [
        {"type": "quote", "customer": "c01", "deal": "d02", "amount": 6020000},
    ]),
    (LOGISTICS, "u02", "顾总，绿茵我带不动了，您安排给文静吧", [
        {"type": "transfer", "to_user": "u04", "customers": ["c01"]},
    ]),
    (LOGISTICS, "u03", "把雨田从我这转给蒋文静", [
        {"type": "transfer", "from_user": "u03", "to_user": "u04", "customers": ["c11"]},
    ]),
    (WORKSHOP, "u02", "下个月起欣美服饰归葛洋负责", [
        {"type": "transfer", "to_user": "u03", "customers": ["c03"]},
    ]),
    (LOGISTICS, "u02", "徐明辉名下的客户除了雨田都给蒋文静", [
    ]),
    (LOGISTICS, "u03", "禹天彭经理说年底前想换一家承运商", [
    ]),
    (WORKSHOP, "u03", "飞腾单晓让我下周报个价", [
        {"type": "task", "what": "报价", "due": "2026-W39", "customer": "c11"},
    ]),
    (WORKSHOP, "u03", "秦处长让我去襄轴给他们班组讲一下轮毂，时间定在下周四下午", [
        {"type": "activity", "kind": "visit", "customer": "c02", "contacts": ["秦岭"], "date": "2026-09-24", "planned": True},
    ]),
    (ENERGY, "u07", "方旭的气泡膜要退回来，米经理让我安排人去拉", [
        {"type": "task", "what": "安排人去拉", "customer": "c07"},
    ]),
    (LOGISTICS, "u04", "恒丰机电钱部长喊吃饭，周六晚上六点，望湖楼", [
        {"type": "activity", "kind": "meal", "customer": "c03", "contacts": ["钱进"], "date": "2026-06-13T18:00", "planned": True},
    ]),
    (ENERGY, "u06", "唐山港叉车锂电要8台，2万8一台，帮我出份报价，月底前有效", [
        {"type": "quote", "customer": "c09", "deal": "d11", "lines": [{"product": "叉车锂电池", "quantity": 8, "unit_price": 28000}], "valid_until": "2026-04-30"},
    ]),
    (WORKSHOP, "u07", "给海澜毛纺报了针织面料，34块5一米，要2000米，有效期到10月底", [
        {"type": "quote", "customer": "c06", "deal": "d07", "lines": [{"product": "针织面料", "quantity": 2000, "unit_price": 34.5}], "valid_until": "2026-10-31"},
    ]),
    (ENERGY, "u07", "长城酒业下周能回款20万左右", [
        {"type": "payment", "customer": "c06", "amount": 200000, "date": "2026-W18", "planned": True},
    ]),
    (LOGISTICS, "u04", "新锐光伏欠我们的35万尾款拖到下个月底给", [
        {"type": "payment", "customer": "c09", "amount": 350000, "date": "2026-07-31", "planned": True},
    ]),
    (WORKSHOP, "u06", "听说恒申纺织可能也想插一脚大生长丝，还没准信", [
    ]),
    (ENERGY, "u07", "东港印务给长城酒业报过，168万，我没跟", [
        {"type": "deal", "customer": "c06", "deal": "d08", "competitors": ["东港印务"]},
    ]),
    (LOGISTICS, "u03", "绿茵的陆经理加我微信了", [
    ]),
    (WORKSHOP, "u04", "荆门一中智慧校园合同签了，智慧校园平台2套，合计96万", [
        {"type": "contract", "customer": "c07", "deal": "d08", "amount": 960000},
        {"type": "deal", "customer": "c07", "deal": "d08", "outcome": "won"},
    ]),
    (LOGISTICS, "u03", "帮我盯一下绿茵的付款申请，周四提醒我", [
        {"type": "task", "what": "盯一下绿茵的付款申请", "due": "2026-06-11", "customer": "c01"},
    ]),
    (LOGISTICS, "u08", "华康邹部长下个月退休", [
    ]),
    (LOGISTICS, "u08", "华康邹部长上周退休了", [
        {"type": "contact", "customer": "c06", "name": "邹燕", "left": True},
    ]),
    (WORKSHOP, "u02", "襄轴报价批了，账期改30天", [
        {"type": "approve", "target": "quote", "customer": "c02", "comment": "账期改30天"},
    ]),
    (ENERGY, "u03", "我应了园区水务宗工28号给检测计划", [
        {"type": "task", "what": "给检测计划", "due": "2026-04-28", "customer": "c02"},
    ]),
    (LOGISTICS, "u03", "绿茵冷链的样品得重送，15号前寄到", [
        {"type": "task", "what": "重送冷链的样品", "due": "2026-06-15", "customer": "c01"},
    ]),
    (WORKSHOP, "u03", "飞腾门店数从3家扩到5家了", [
        {"type": "customer", "customer": "c11", "set": {"门店数": 5}},
    ]),
    (WORKSHOP, "u03", "飞腾门店那单要30套轮毂", [
        {"type": "deal", "customer": "c11", "deal": "d12", "products": ["铝合金轮毂"]},
    ]),
    (WORKSHOP, "u03", "三峡物业保单2027年3月31号到期", [
        {"type": "customer", "customer": "c09", "set": {"保单到期日": "2027-03-31"}},
    ]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:16])
def test_what_is_written_down(case: Case) -> None:
    company, sender, text, expected = case
    assert acts_of(company, sender, text) == expected
