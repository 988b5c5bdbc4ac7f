"""What stands beside what a trade said: put off, replaced, labelled, sent out, only due."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, Case, acts_of

CASES: list[Case] = [
    (WORKSHOP, "u06", "大生长丝框架就剩盖章了，张总说下周三签", [
        {"type": "deal", "customer": "c05", "deal": "d05", "expected_close": "2026-09-23"},
    ]),
    (LOGISTICS, "u03", "绿茵冷链仓的合同只差签字，沈总说7月初签", [
        {"type": "deal", "customer": "c01", "deal": "d01", "expected_close": "2026-07-01"},
    ]),
    (ENERGY, "u07", "长城酒业葛主任电话没人接，后天再打", [
        {"type": "task", "what": "给葛主任打电话", "due": "2026-04-25", "customer": "c06"},
    ]),
    (LOGISTICS, "u03", "海澜达郑经理约了明天下午三点电话", [
        {"type": "task", "what": "给郑经理打电话", "due": "2026-06-11T15:00", "customer": "c02"},
    ]),
    (LOGISTICS, "u06", "恒丰化工昨天来邮件要安全评价报告，周五前我回过去", [
        {"type": "activity", "kind": "email", "customer": "c04", "date": "2026-06-09"},
        {"type": "task", "what": "回安全评价报告", "due": "2026-06-12", "customer": "c04"},
    ]),
    (LOGISTICS, "u07", "京味斋标书7月2号截止，我去投", [
        {"type": "task", "what": "投标书", "due": "2026-07-02", "customer": "c05"},
    ]),
    (WORKSHOP, "u02", "苗芳，下周二前把荆门一中的回访做了", [
        {"type": "task", "what": "做荆门一中的回访", "due": "2026-09-22", "customer": "c07", "assignee": "u04"},
    ]),
    (WORKSHOP, "u02", "@葛洋 周五之前把襄轴的复测做了", [
        {"type": "task", "what": "做襄轴的复测", "due": "2026-09-18", "customer": "c02", "assignee": "u03"},
    ]),
    (ENERGY, "u06", "小洋人戴总来电，标签那单不要标签了，改上缓冲气泡膜，30万，6月底签", [
        {"type": "activity", "kind": "call", "customer": "c05", "contacts": ["戴春荣"]},
        {"type": "deal", "customer": "c05", "deal": "d07", "amount": 300000, "expected_close": "2026-06-30", "products": ["缓冲气泡膜"]},
    ]),
    (ENERGY, "u06", "唐山港车部长说另外要添六台充电桩，给54万", [
        {"type": "deal", "customer": "c09", "deal": "new", "amount": 540000, "products": ["充电桩"]},
    ]),
    (LOGISTICS, "u03", "绿茵的陆经理说干线整车150万他们要砍到142万，砍完就签，争取7月中旬", [
        {"type": "deal", "customer": "c01", "deal": "d02", "amount": 1420000, "expected_close": "2026-07-11/2026-07-20"},
    ]),
    (LOGISTICS, "u08", "华康托盘那单黄了，邹部长把预算挪去买货架了", [
        {"type": "deal", "customer": "c06", "deal": "d08", "outcome": "lost", "lost_reason": "预算挪去买货架了"},
    ]),
    (LOGISTICS, "u08", "华康药品冷链不做了，公司不批钱，按流失走", [
        {"type": "deal", "customer": "c06", "deal": "d07", "outcome": "lost", "lost_reason": "公司不批钱"},
    ]),
    (WORKSHOP, "u07", "青禾白总监把高铁站广告位的预计成交改到12月20号", [
        {"type": "deal", "customer": "c10", "deal": "d11", "expected_close": "2026-12-20"},
    ]),
    (ENERGY, "u03", "园区水务的报价出了：能耗监测系统3套，每套4万6", [
        {"type": "quote", "customer": "c02", "deal": "d03", "lines": [{"product": "能耗监测系统", "quantity": 3, "unit_price": 46000}]},
    ]),
    (ENERGY, "u03", "冠宇那单打包价430万报出去了，让利6个点，月底前有效", [
        {"type": "quote", "customer": "c03", "deal": "d04", "amount": 4300000, "discount": 0.94, "valid_until": "2026-04-30"},
    ]),
    (LOGISTICS, "u03", "收款登记，都是昨天的：绿茵86.4万，海澜达12万5", [
        {"type": "payment", "customer": "c01", "amount": 864000, "date": "2026-06-09"},
        {"type": "payment", "customer": "c02", "amount": 125000, "date": "2026-06-09"},
    ]),
    (WORKSHOP, "u03", "报个油费，跑襄阳来回，420", [
        {"type": "expense", "amount": 420, "category": "transport"},
    ]),
    (WORKSHOP, "u03", "今天跑了东汽车桥、襄轴，雷部长说样过了，秦处长没在。高速费112报一下", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["雷大同"], "date": "2026-09-17"},
        {"type": "activity", "kind": "visit", "customer": "c02", "date": "2026-09-17"},
        {"type": "expense", "amount": 112, "category": "transport", "date": "2026-09-17"},
    ]),
    (ENERGY, "u03", "海风4月的18万8到了", [
        {"type": "payment", "customer": "c01", "amount": 188000},
    ]),
    (WORKSHOP, "u03", "飞腾齐总前年底欠的8万7，他保证月底付清", [
        {"type": "payment", "customer": "c11", "amount": 87000, "date": "2026-09-30", "planned": True},
    ]),
    (LOGISTICS, "u04", "迈捷云仓签了，合同MJ2606，210万", [
        {"type": "contract", "customer": "c07", "deal": "d09", "amount": 2100000, "number": "MJ2606"},
        {"type": "deal", "customer": "c07", "deal": "d09", "outcome": "won"},
    ]),
    (WORKSHOP, "u03", "飞腾轮毂那单三十五万八定了", [
        {"type": "deal", "customer": "c11", "deal": "d12", "amount": 358000},
    ]),
    (LOGISTICS, "u03", "下午拜访绿茵沈总，冷链仓现在比价投标，安途物流的人上礼拜刚来串过门", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["沈国良"], "date": "2026-06-10"},
        {"type": "deal", "customer": "c01", "deal": "d01", "stage": "比价投标"},
    ]),
    (LOGISTICS, "u03", "跟陆萍视频过了一遍零担快运需求，她没意见", [
        {"type": "activity", "kind": "meeting", "customer": "c01", "contacts": ["陆萍"]},
    ]),
    (WORKSHOP, "u03", "东汽车桥雷大同约明天四点来公司看样品清单", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["雷大同"], "date": "2026-09-18T16:00", "planned": True},
    ]),
    (WORKSHOP, "u03", "今天跟东汽车桥雷部长吃饭，他说下周五签", [
        {"type": "activity", "kind": "meal", "customer": "c01", "contacts": ["雷大同"], "date": "2026-09-17"},
        {"type": "deal", "customer": "c01", "deal": "d01", "expected_close": "2026-09-25"},
    ]),
    (WORKSHOP, "u02", "葛洋明天把东汽车桥的报价发我", [
        {"type": "task", "what": "把东汽车桥的报价发我", "due": "2026-09-18", "customer": "c01", "assignee": "u03"},
    ]),
    (WORKSHOP, "u03", "飞腾单晓在开会，改到明天再打", [
        {"type": "task", "what": "给单晓打电话", "due": "2026-09-18", "customer": "c11"},
    ]),
    (WORKSHOP, "u03", "新开个单子：襄轴，有机肥，两万四，12月底签", [
        {"type": "deal", "customer": "c02", "deal": "new", "amount": 24000, "expected_close": "2026-12-31", "products": ["有机肥"]},
    ]),
    (WORKSHOP, "u03", "襄轴轮毂开裂，帮我开个单", [
        {"type": "ticket", "customer": "c02", "what": "轮毂开裂", "status": "open"},
    ]),
    (WORKSHOP, "u03", "昨晚跟飞腾齐总、襄轴秦处一起吃的饭，饭钱九百八，报了", [
        {"type": "activity", "kind": "meal", "customer": "c11", "contacts": ["齐天"], "date": "2026-09-16"},
        {"type": "activity", "kind": "meal", "customer": "c02", "contacts": ["秦岭"], "date": "2026-09-16"},
        {"type": "expense", "amount": 980, "category": "meal", "date": "2026-09-16"},
    ]),
    (WORKSHOP, "u03", "买了两盒杨梅寄给飞腾单晓，266块，礼品费", [
        {"type": "expense", "amount": 266, "category": "gift", "customer": "c11"},
    ]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:16])
def test_what_is_written_down(case: Case) -> None:
    company, sender, text, expected = case
    assert acts_of(company, sender, text) == expected
