"""Speech that runs on without a comma, and what looks like news of ours and is none."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, Case, acts_of

CASES: list[Case] = [
    (LOGISTICS, "u03", "绿茵沈总监说冷链仓合同下周三能签让我们把付款方式改成三三四", [
        {"type": "deal", "customer": "c01", "deal": "d01", "expected_close": "2026-06-17"},
        {"type": "task", "what": "把付款方式改成三三四", "customer": "c01"},
    ]),
    (ENERGY, "u03", "今天去了海风汤总在他说组件预算加到一千三百万晶曜也在报我下周二之前要把样品寄过去", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["汤一鸣"], "date": "2026-04-23"},
        {"type": "deal", "customer": "c01", "deal": "d01", "amount": 13000000, "competitors": ["晶曜光能"]},
        {"type": "task", "what": "寄样品过去", "due": "2026-04-28", "customer": "c01"},
    ]),
    (WORKSHOP, "u03", "上午跑了襄轴秦处长说轮毂那单金额是九十万月底定让我们周五前给新报价", [
        {"type": "activity", "kind": "visit", "customer": "c02", "contacts": ["秦岭"], "date": "2026-09-17"},
        {"type": "deal", "customer": "c02", "deal": "d03", "amount": 900000, "expected_close": "2026-09-30"},
        {"type": "task", "what": "给新报价", "due": "2026-09-18", "customer": "c02"},
    ]),
    (WORKSHOP, "u03", "飞腾齐总离职了，现在管采购的是方芸，采购部副经理，13900001111", [
        {"type": "contact", "customer": "c11", "name": "齐天", "left": True},
        {"type": "contact", "customer": "c11", "name": "方芸", "title": "采购部副经理", "phone": "13900001111"},
    ]),
    (ENERGY, "u06", "小洋人栗娜调走了，以后包材这块对接乔茜，采购主管，电话13711112222", [
        {"type": "contact", "customer": "c05", "name": "栗娜", "left": True},
        {"type": "contact", "customer": "c05", "name": "乔茜", "title": "采购主管", "phone": "13711112222"},
    ]),
    (LOGISTICS, "u03", "海澜达郑经理退休了，电话13500002222是办公室的", [
        {"type": "contact", "customer": "c02", "name": "郑伟", "left": True},
    ]),
    (LOGISTICS, "u04", "新锐的吴总说顺达通已经到比价投标了", [
        {"type": "deal", "customer": "c09", "deal": "d10", "competitors": ["顺达通"]},
    ]),
    (WORKSHOP, "u06", "大生脱硫改造下周走合同", [
    ]),
    (ENERGY, "u07", "长城酒业他们明年要开一场经销商大会", [
    ]),
    (LOGISTICS, "u07", "京味斋马总说他们下个月要办周年会，让我们下周二去参加筹备会", [
        {"type": "activity", "kind": "meeting", "customer": "c05", "date": "2026-06-16", "planned": True},
    ]),
    (WORKSHOP, "u03", "东汽车桥雷部长说刹车片预算加20万", [
    ]),
    (ENERGY, "u04", "冠宇卓总监说屋顶光伏总价430万，户均2万", [
        {"type": "deal", "customer": "c03", "deal": "d04", "amount": 4300000},
    ]),
    (LOGISTICS, "u08", "华康结算方式想改月结，还没答应", [
    ]),
    (LOGISTICS, "u08", "华康结算方式改月结了", [
        {"type": "customer", "customer": "c06", "set": {"结算方式": "月结"}},
    ]),
    (LOGISTICS, "u03", "雨田合作明年3月31号到期", [
        {"type": "customer", "customer": "c11", "set": {"合作到期日": "2027-03-31"}},
    ]),
    (LOGISTICS, "u03", "禹天的月均单量从800变1200了", [
        {"type": "customer", "customer": "c12", "set": {"月均单量": 1200}},
    ]),
    (LOGISTICS, "u03", "路过雨田家居，没进去", [
    ]),
    (LOGISTICS, "u03", "下午绿茵的陆萍给我打电话，说冷链不急", [
        {"type": "activity", "kind": "call", "customer": "c01", "contacts": ["陆萍"], "date": "2026-06-10"},
    ]),
    (WORKSHOP, "u07", "青禾高铁站广告位不做了，公司今年不投户外", [
        {"type": "deal", "customer": "c10", "deal": "d11", "outcome": "lost", "lost_reason": "公司今年不投户外"},
    ]),
    (WORKSHOP, "u07", "后天去杭州跑一圈：上午拜访青禾白总监", [
        {"type": "activity", "kind": "visit", "customer": "c10", "contacts": ["白露"], "date": "2026-09-19", "planned": True},
    ]),
    (LOGISTICS, "u03", "雨田田总监给我发了微信，让我明天给她回电话", [
        {"type": "activity", "kind": "wechat", "customer": "c11", "contacts": ["田蕾"]},
        {"type": "task", "what": "给田总监回电话", "due": "2026-06-11", "customer": "c11"},
    ]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:16])
def test_what_is_written_down(case: Case) -> None:
    company, sender, text, expected = case
    assert acts_of(company, sender, text) == expected
