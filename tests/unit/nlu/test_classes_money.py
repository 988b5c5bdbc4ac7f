"""Money that came, is promised or was spent, in many words; and sums that are none of these."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

from typing import Any

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, acts_of

Paid = tuple[dict[str, Any], str, str, list[dict[str, Any]]]
PAID: list[Paid] = [
    (WORKSHOP, "u03", "东汽车桥的货款打过来了，86万，今天到的账", [{"customer": "c01", "amount": 860000, "date": "2026-09-17"}]),
    (WORKSHOP, "u03", "襄轴的保费昨天进来了，30万", [{"customer": "c02", "amount": 300000, "date": "2026-09-16"}]),
    (WORKSHOP, "u04", "荆门一中首款29.4万到了", [{"customer": "c07", "amount": 294000}]),
    (WORKSHOP, "u04", "黄冈农垦那15万结了", [{"customer": "c08", "amount": 150000}]),
    (WORKSHOP, "u06", "大生汇来168万，是长丝的第二笔", [{"customer": "c05", "amount": 1680000}]),
    (WORKSHOP, "u06", "大生张总答应下周三先付三成，168万", [{"customer": "c05", "amount": 1680000, "date": "2026-09-23", "planned": True}]),
    (WORKSHOP, "u07", "青禾的尾款还有7万6，白总监说节后付", [{"customer": "c10", "amount": 76000, "planned": True}]),
    (WORKSHOP, "u07", "青禾38万、海澜毛纺9万6，今天都到账了", [{"customer": "c10", "amount": 380000, "date": "2026-09-17"}, {"customer": "c06", "amount": 96000, "date": "2026-09-17"}]),
    (WORKSHOP, "u03", "三峡物业第一季度的托管费30万今天转来了，第二季度的12月底付，也是30万", [{"customer": "c09", "amount": 300000, "date": "2026-09-17"}, {"customer": "c09", "amount": 300000, "date": "2026-12-31", "planned": True}]),
    (WORKSHOP, "u03", "飞腾单经理讲轮毂的钱这周五打，一共54万", [{"customer": "c11", "amount": 540000, "date": "2026-09-18", "planned": True}]),
    (WORKSHOP, "u06", "收到童话家纺定金8万", [{"customer": "c13", "amount": 80000}]),
    (ENERGY, "u03", "海风首笔款项360万昨天入账", [{"customer": "c01", "amount": 3600000, "date": "2026-04-22"}]),
    (ENERGY, "u03", "园区水务财务说本周内把90万划过来", [{"customer": "c02", "amount": 900000, "date": "2026-W17", "planned": True}]),
    (ENERGY, "u04", "冠宇进度款128万到位", [{"customer": "c03", "amount": 1280000}]),
    (ENERGY, "u04", "冠羽的12万终于收回来了", [{"customer": "c04", "amount": 120000}]),
    (ENERGY, "u06", "小洋人上个月的纸箱款26万，昨天下午到的", [{"customer": "c05", "amount": 260000, "date": "2026-04-22"}]),
    (ENERGY, "u07", "长城酒业葛主任保证5月10号前把57万打过来", [{"customer": "c06", "amount": 570000, "date": "2026-05-10", "planned": True}]),
    (ENERGY, "u09", "君乐堂付了首付13.5万", [{"customer": "c08", "amount": 135000}]),
    (LOGISTICS, "u03", "绿茵5月的运费12万3刚到账", [{"customer": "c01", "amount": 123000, "date": "2026-06-10"}]),
    (LOGISTICS, "u04", "新锐第二笔200万月底付", [{"customer": "c09", "amount": 2000000, "date": "2026-06-30", "planned": True}]),
    (LOGISTICS, "u08", "远洋水产姜老板今天现场转了2万订金", [{"customer": "c08", "amount": 20000, "date": "2026-06-10"}]),
    (LOGISTICS, "u07", "京味斋马总说欠的8万8过了端午就给", [{"customer": "c05", "amount": 88000, "planned": True}]),
]  # fmt: skip


@pytest.mark.parametrize(("company", "sender", "text", "sums"), PAID)
def test_payments(
    company: dict[str, Any], sender: str, text: str, sums: list[dict[str, Any]]
) -> None:
    acts = acts_of(company, sender, text)
    assert acts == [{"type": "payment", **told} for told in sums]


@pytest.mark.parametrize(
    ("company", "sender", "text"),
    [
        (WORKSHOP, "u03", "襄轴今年给我们留了30万的量"),
        (WORKSHOP, "u06", "大生先给20万的货试试水"),
        (WORKSHOP, "u06", "大生要求付款周期改成90天"),
        (WORKSHOP, "u07", "青禾的尾款还没到"),
        (WORKSHOP, "u03", "飞腾要我们先垫付5万"),
        (WORKSHOP, "u04", "荆门一中问能不能分三笔付"),
        (ENERGY, "u03", "海风汤总说要交60万的投标保证金"),
        (ENERGY, "u04", "冠宇的设计费得我们付2万"),
        (ENERGY, "u06", "小洋人去年付给合众包装280万"),
        (ENERGY, "u07", "长城酒业的19万发票开了没"),
        (LOGISTICS, "u03", "绿茵预算给到360万"),
        (LOGISTICS, "u04", "新锐那笔200万要是到账了告诉我"),
        (LOGISTICS, "u03", "海澜达丢了一箱货，索赔3万"),
    ],
)  # fmt: skip
def test_no_payment(company: dict[str, Any], sender: str, text: str) -> None:
    assert not [act for act in acts_of(company, sender, text) if act["type"] == "payment"]


SPENT: list[Paid] = [
    (WORKSHOP, "u03", "打车去襄轴，来回86，今天", [{"amount": 86, "category": "transport", "date": "2026-09-17", "customer": "c02"}]),
    (WORKSHOP, "u03", "高铁到长沙见飞腾，二等座单程213.5", [{"amount": 213.5, "category": "travel", "customer": "c11"}]),
    (WORKSHOP, "u06", "昨天去南通的过路费138，帮我报了", [{"amount": 138, "category": "transport", "date": "2026-09-16"}]),
    (WORKSHOP, "u04", "停车30块，今天荆门一中门口", [{"amount": 30, "category": "transport", "date": "2026-09-17", "customer": "c07"}]),
    (WORKSHOP, "u07", "给白露带了两盒茶叶，花了460，报销一下", [{"amount": 460, "category": "gift", "customer": "c10"}]),
    (ENERGY, "u03", "9号在盐城住的酒店，388，报一下", [{"amount": 388, "category": "hotel", "date": "2026-04-09"}]),
    (ENERGY, "u04", "报销一下昨天请冠羽应老板喝茶的钱，210元", [{"amount": 210, "category": "meal", "date": "2026-04-22", "customer": "c04"}]),
    (ENERGY, "u06", "今天往返唐山加油400，过路费96", [{"amount": 400, "category": "transport", "date": "2026-04-23"}, {"amount": 96, "category": "transport", "date": "2026-04-23"}]),
    (LOGISTICS, "u03", "滴滴去绿茵43块5", [{"amount": 43.5, "category": "transport", "customer": "c01"}]),
    (LOGISTICS, "u04", "下午坐地铁去新锐，花了8块", [{"amount": 8, "category": "transport", "date": "2026-06-10", "customer": "c09"}]),
    (LOGISTICS, "u07", "酒店住了两晚，一共756，京味斋出差用的", [{"amount": 756, "category": "hotel", "customer": "c05"}]),
]  # fmt: skip


@pytest.mark.parametrize(("company", "sender", "text", "sums"), SPENT)
def test_expenses(
    company: dict[str, Any], sender: str, text: str, sums: list[dict[str, Any]]
) -> None:
    assert acts_of(company, sender, text) == [{"type": "expense", **told} for told in sums]


@pytest.mark.parametrize(
    ("company", "sender", "text"),
    [
        (WORKSHOP, "u03", "飞腾想做租车业务，预算20万"),
        (WORKSHOP, "u03", "襄轴停车位的广告报价3000一个月"),
        (WORKSHOP, "u04", "关账前最后报一下：荆门一中98万还没签"),
        (WORKSHOP, "u03", "三峡物业打车软件那个项目合同额12万"),
        (ENERGY, "u03", "皇明宾馆要装充电桩，8万"),
        (ENERGY, "u03", "舟山物流园停车场充电桩加到80万"),
        (LOGISTICS, "u03", "绿茵高铁快运的量一个月4800块"),
        (LOGISTICS, "u07", "京味斋说酒店那边的配送预算3万"),
    ],
)  # fmt: skip
def test_no_expense(company: dict[str, Any], sender: str, text: str) -> None:
    assert not [act for act in acts_of(company, sender, text) if act["type"] == "expense"]
