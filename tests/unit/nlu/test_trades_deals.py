"""News of deals of trades that the corpus lacks: money, stages, won and lost, and what is no news."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, Case, acts_of

CASES: list[Case] = [
    # lost, to whom and why
    (LOGISTICS, "u07", "京味斋的标没拿到，给百迅抢走了，人家报价比我们低12个点", [
        {"type": "deal", "customer": "c05", "deal": "d06", "outcome": "lost", "lost_reason": "人家报价比我们低12个点", "lost_to": "百迅"},
    ]),
    (WORKSHOP, "u03", "东汽那边丢了😓万安报价低我们一成，交期也比我们短", [
        {"type": "deal", "customer": "c01", "deal": "d01", "outcome": "lost", "lost_reason": "报价低", "lost_to": "万安制动"},
    ]),
    (LOGISTICS, "u08", "华康托盘那单黄了，客户自己买托盘了", [
        {"type": "deal", "customer": "c06", "deal": "d08", "outcome": "lost", "lost_reason": "客户自己买托盘了"},
    ]),
    (WORKSHOP, "u04", "农垦有机肥输了，原因：价格高，给了绿野", [
        {"type": "deal", "customer": "c08", "deal": "d09", "outcome": "lost", "lost_reason": "价格高", "lost_to": "绿野农资"},
    ]),
    (ENERGY, "u04", "冠羽应老板充电桩不装了，说电容不够，这单作废吧", [
        {"type": "deal", "customer": "c04", "deal": "d05", "outcome": "lost", "lost_reason": "电容不够"},
    ]),
    # money of the deal
    (ENERGY, "u04", "冠宇卓总松口了，屋顶光伏415万含税，付款三七开，五一前签", [
        {"type": "deal", "customer": "c03", "deal": "d04", "amount": 4150000, "expected_close": "2026-05-01"},
    ]),
    (ENERGY, "u07", "长城酒业防伪标谈成了！185万，合同下周走流程", [
        {"type": "deal", "customer": "c06", "deal": "d08", "amount": 1850000},
    ]),
    (WORKSHOP, "u03", "飞腾轮毂促销进议价，客户想要60万打包", [
        {"type": "deal", "customer": "c11", "deal": "d12", "stage": "议价", "amount": 600000},
    ]),
    (WORKSHOP, "u03", "童话家纺沈老板要25万搞定，我说回去请示，明天给他答复", [
        {"type": "deal", "customer": "c13", "deal": "d14", "amount": 250000},
        {"type": "task", "what": "给沈老板答复", "due": "2026-09-18", "customer": "c13"},
    ]),
    (WORKSHOP, "u03", "襄轴秦处说车队保险的事往后放放，轮毂那块倒是急，10月中旬就要定，预算九十来万", [
        {"type": "deal", "customer": "c02", "deal": "d03", "amount": 900000, "expected_close": "2026-10-11/2026-10-20"},
    ]),
    (WORKSHOP, "u03", "东汽车桥正式把我们列入短名单，两家，另一家万安，预算维持260万", [
        {"type": "deal", "customer": "c01", "deal": "d01", "amount": 2600000, "competitors": ["万安制动"]},
    ]),
    (WORKSHOP, "u03", "三峡物业那边关山直说，绿城服务报了105万，我们没优势，凶多吉少", [
    ]),
    (WORKSHOP, "u03", "飞腾轮毂促销，齐天让再磨磨，最多给到52万，我咬住54", [
        {"type": "deal", "customer": "c11", "deal": "d12", "amount": 520000},
    ]),
    (WORKSHOP, "u04", "欣美改订15万米针织面料，总价从45万变成60万", [
        {"type": "deal", "customer": "c03", "deal": "d04", "amount": 600000, "products": ["针织面料"]},
    ]),
    # moved
    (LOGISTICS, "u07", "京味斋推进到合同审批了", [
        {"type": "deal", "customer": "c05", "deal": "d06", "stage": "合同审批"},
    ]),
    (LOGISTICS, "u07", "京味斋那单预计成交推迟到8月中旬", [
        {"type": "deal", "customer": "c05", "deal": "d06", "expected_close": "2026-08-11/2026-08-20"},
    ]),
    (WORKSHOP, "u03", "飞腾保险代理进入走合同", [
        {"type": "deal", "customer": "c11", "deal": "d13", "stage": "走合同"},
    ]),
    (WORKSHOP, "u03", "东汽那单成交日期估计拖到四季度末", [
        {"type": "deal", "customer": "c01", "deal": "d01", "expected_close": "2026-12-31"},
    ]),
    (WORKSHOP, "u07", "青禾那单直接赢单，76万，白露刚发来盖章版", [
        {"type": "deal", "customer": "c10", "deal": "d11", "outcome": "won", "amount": 760000},
    ]),
    (WORKSHOP, "u03", "把大生的长丝框架推到赢单", [
        {"type": "deal", "customer": "c05", "deal": "d05", "outcome": "won"},
    ]),
    # no news of a deal
    (LOGISTICS, "u06", "恒丰化工合同没签成，老板出国了，下个月再说", [
    ]),
    (LOGISTICS, "u06", "危化品那单客户要求让利3个点，我没同意", [
    ]),
    (WORKSHOP, "u06", "祝厂长说等行情好了再说，没兴趣", [
    ]),
    # a new one
    (WORKSHOP, "u03", "新建一个商机，童话家纺，涤纶长丝，18万，10月份下单", [
        {"type": "deal", "customer": "c13", "deal": "new", "amount": 180000, "expected_close": "2026-10", "products": ["涤纶长丝"]},
    ]),
    (LOGISTICS, "u03", "陌拜了一家常州鼎盛食品，见到采购部的唐经理，想做冷链仓储，一年大概60万，现在用的捷冷", [
        {"type": "activity", "kind": "visit", "new_customer": "常州鼎盛食品", "contacts": ["唐经理"]},
        {"type": "deal", "new_customer": "常州鼎盛食品", "deal": "new", "amount": 600000, "products": ["冷链仓储"], "competitors": ["捷冷"]},
    ]),
    (ENERGY, "u03", "湖州长兴有个新客户，叫长兴天能包装厂，姚厂长，做充电桩，五六十万的样子，我加了他微信", [
        {"type": "deal", "new_customer": "长兴天能包装厂", "deal": "new", "amount": [500000, 600000], "products": ["充电桩"]},
    ]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:16])
def test_what_is_written_down(case: Case) -> None:
    company, sender, text, expected = case
    assert acts_of(company, sender, text) == expected
