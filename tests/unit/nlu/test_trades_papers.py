"""Contracts, payments, quotes and expenses of trades that the corpus lacks."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, Case, acts_of

CASES: list[Case] = [
    # signed
    (LOGISTICS, "u04", "新锐的跨境专线我们拿下了！合同昨天签的，总额865万，合同编号XR-2026-11", [
        {"type": "contract", "customer": "c09", "deal": "d10", "amount": 8650000, "signed_on": "2026-06-09", "number": "XR-2026-11"},
        {"type": "deal", "customer": "c09", "deal": "d10", "outcome": "won"},
    ]),
    (WORKSHOP, "u03", "襄轴合同盖完章了，保险那个，31.5万，XZ-BX-09", [
        {"type": "contract", "customer": "c02", "deal": "d02", "amount": 315000, "number": "XZ-BX-09"},
        {"type": "deal", "customer": "c02", "deal": "d02", "outcome": "won"},
    ]),
    (ENERGY, "u03", "舟山物流园充电桩合同到手了，编号ZS-0423，74.5万，今天丘主任签的字", [
        {"type": "contract", "customer": "c11", "deal": "d12", "amount": 745000, "signed_on": "2026-04-23", "number": "ZS-0423"},
        {"type": "deal", "customer": "c11", "deal": "d12", "outcome": "won"},
    ]),
    # paid and promised
    (LOGISTICS, "u04", "新锐那单首付款260万今天到账了", [
        {"type": "payment", "customer": "c09", "amount": 2600000, "date": "2026-06-10"},
    ]),
    (LOGISTICS, "u04", "新锐石磊答应月底前再打150万", [
        {"type": "payment", "customer": "c09", "amount": 1500000, "date": "2026-06-30", "planned": True},
    ]),
    (LOGISTICS, "u03", "海澜达这个月的运费12万8已经转过来了", [
        {"type": "payment", "customer": "c02", "amount": 128000},
    ]),
    (LOGISTICS, "u03", "海澜达说下周把5月的运费结了，一共11万", [
        {"type": "payment", "customer": "c02", "amount": 110000, "date": "2026-W25", "planned": True},
    ]),
    (WORKSHOP, "u03", "大生今天打了第一批款，168万", [
        {"type": "payment", "customer": "c05", "amount": 1680000, "date": "2026-09-17"},
    ]),
    (WORKSHOP, "u03", "大生张总答应国庆前再打一笔200万过来", [
        {"type": "payment", "customer": "c05", "amount": 2000000, "date": "2026-10-01", "planned": True},
    ]),
    (WORKSHOP, "u06", "刚收到大生承兑汇票一张，面额80万，半年期", [
        {"type": "payment", "customer": "c05", "amount": 800000, "date": "2026-09-17"},
    ]),
    (ENERGY, "u03", "海风上一笔尾款还有36万没到，汤总说最迟下月10号", [
        {"type": "payment", "customer": "c01", "amount": 360000, "date": "2026-05-10", "planned": True},
    ]),
    (ENERGY, "u03", "舟山物流园预付30%今天打了，22.35万", [
        {"type": "payment", "customer": "c11", "amount": 223500, "date": "2026-04-23"},
    ]),
    # quoted
    (LOGISTICS, "u03", "给绿茵报价：整车运输200车，每车4500，总价90万，有效期一个月", [
        {"type": "quote", "customer": "c01", "deal": "d02", "amount": 900000, "lines": [{"product": "整车运输", "quantity": 200, "unit_price": 4500}], "valid_until": "2026-07-10"},
    ]),
    (LOGISTICS, "u03", "报价给海澜达：云仓一件代发，打九二折，78万", [
        {"type": "quote", "customer": "c02", "deal": "d03", "amount": 780000, "discount": 0.92},
    ]),
    (WORKSHOP, "u03", "童话家纺那单八八折报了，22.9万，报价有效一周", [
        {"type": "quote", "customer": "c13", "deal": "d14", "amount": 229000, "discount": 0.88, "valid_until": "2026-09-24"},
    ]),
    (ENERGY, "u04", "冠宇报价改好了，光伏组件8000块每块520，总共416万", [
        {"type": "quote", "customer": "c03", "deal": "d04", "amount": 4160000, "lines": [{"product": "光伏组件", "quantity": 8000, "unit_price": 520}]},
    ]),
    (WORKSHOP, "u06", "给大生报脱硫剂120吨，单价5600，九六折，月底前有效", [
        {"type": "quote", "customer": "c05", "deal": "d06", "discount": 0.96, "lines": [{"product": "脱硫剂", "quantity": 120, "unit_price": 5600}], "valid_until": "2026-09-30"},
    ]),
    # spent
    (LOGISTICS, "u03", "报一下昨天去宁波的高铁票，往返286", [
        {"type": "expense", "amount": 286, "category": "travel", "date": "2026-06-09"},
    ]),
    (LOGISTICS, "u03", "中午请沈国良吃了个便饭，花了428，帮我报销", [
        {"type": "activity", "kind": "meal", "customer": "c01", "contacts": ["沈国良"], "date": "2026-06-10"},
        {"type": "expense", "amount": 428, "category": "meal", "date": "2026-06-10", "customer": "c01"},
    ]),
    (WORKSHOP, "u03", "路费报销：武汉到十堰高铁二等座来回412，酒店两晚638", [
        {"type": "expense", "amount": 412, "category": "travel"},
        {"type": "expense", "amount": 638, "category": "hotel"},
    ]),
    (WORKSHOP, "u03", "加了300块油", [
        {"type": "expense", "amount": 300, "category": "transport"},
    ]),
    (WORKSHOP, "u03", "帮我记一笔：昨天武汉西站停车费30", [
        {"type": "expense", "amount": 30, "category": "transport", "date": "2026-09-16"},
    ]),
    (WORKSHOP, "u03", "昨晚招待雷部长，餐费1280，走东汽车桥的账", [
        {"type": "expense", "amount": 1280, "category": "meal", "date": "2026-09-16", "customer": "c01"},
    ]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:16])
def test_what_is_written_down(case: Case) -> None:
    company, sender, text, expected = case
    assert acts_of(company, sender, text) == expected
