"""Signing in many words: what tells a contract, and what only speaks of one."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

from typing import Any

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, acts_of

SIGNED: list[tuple[dict[str, Any], str, str, dict[str, Any]]] = [
    (WORKSHOP, "u03", "襄轴车队保险今天签单了，30.8万", {"customer": "c02", "deal": "d02", "amount": 308000, "signed_on": "2026-09-17"}),
    (WORKSHOP, "u03", "三峡物业滨江小区托管的合同昨天落笔了，一年120万", {"customer": "c09", "deal": "d10", "amount": 1200000, "signed_on": "2026-09-16"}),
    (WORKSHOP, "u04", "荆门一中智慧校园合同双方都盖了章，98万，昨天的事", {"customer": "c07", "deal": "d08", "amount": 980000, "signed_on": "2026-09-16"}),
    (WORKSHOP, "u04", "黄冈农垦有机肥线上签完了，15万2，合同号HN-0917", {"customer": "c08", "deal": "d09", "amount": 152000, "number": "HN-0917"}),
    (WORKSHOP, "u06", "大生长丝框架终于回签，560万，今天收到的原件", {"customer": "c05", "deal": "d05", "amount": 5600000}),
    (WORKSHOP, "u07", "青禾高铁站广告位签啦！76万整，签约日期9月15号", {"customer": "c10", "deal": "d11", "amount": 760000, "signed_on": "2026-09-15"}),
    (WORKSHOP, "u06", "童话家纺沈老板今天当场签了合同，面料26万", {"customer": "c13", "deal": "d14", "amount": 260000, "signed_on": "2026-09-17"}),
    (ENERGY, "u04", "冠宇屋顶光伏的协议前天签字生效，合同额428万", {"customer": "c03", "deal": "d04", "amount": 4280000, "signed_on": "2026-04-21"}),
    (ENERGY, "u09", "君乐堂纸箱合同盖好章寄回来了，45万", {"customer": "c08", "deal": "d10", "amount": 450000}),
    (ENERGY, "u03", "舟山物流园充电桩昨天盖章签约，76万，首付三成5月5号前打", {"customer": "c11", "deal": "d12", "amount": 760000, "signed_on": "2026-04-22"}),
    (LOGISTICS, "u03", "雨田大件配送签掉了，昨天的，45万，合同号YT-11", {"customer": "c11", "deal": "d11", "amount": 450000, "signed_on": "2026-06-09", "number": "YT-11"}),
    (LOGISTICS, "u04", "恒丰机电零担年度合同签妥了，62万一年，落款6月8号", {"customer": "c03", "deal": "d04", "amount": 620000, "signed_on": "2026-06-08"}),
]  # fmt: skip


@pytest.mark.parametrize(("company", "sender", "text", "slots"), SIGNED)
def test_a_signature_tells_a_contract(
    company: dict[str, Any], sender: str, text: str, slots: dict[str, Any]
) -> None:
    acts = acts_of(company, sender, text)
    contracts = [act for act in acts if act["type"] == "contract"]
    assert contracts == [{"type": "contract", **slots}]
    won = {"type": "deal", "customer": slots["customer"], "deal": slots["deal"], "outcome": "won"}
    assert won in acts


@pytest.mark.parametrize(
    ("company", "sender", "text"),
    [
        (WORKSHOP, "u03", "襄轴保险的合同还差对方签字，再等等"),
        (WORKSHOP, "u03", "秦处长说下周三签合同"),
        (WORKSHOP, "u04", "荆门一中合同法务没放行，签不了"),
        (WORKSHOP, "u04", "跟黄冈农垦签了保密协议"),
        (WORKSHOP, "u06", "听说大生跟恒申纺织签了"),
        (WORKSHOP, "u06", "大生长丝框架能签下来就好了"),
        (WORKSHOP, "u07", "青禾那边要求我们先签字再付款"),
        (WORKSHOP, "u06", "童话家纺沈老板收到货签收了"),
        (ENERGY, "u04", "冠宇合同签了没"),
        (ENERGY, "u04", "冠宇卓总同意这周五签"),
        (ENERGY, "u09", "君乐堂纸箱合同等他们盖章"),
        (ENERGY, "u03", "舟山物流园充电桩预计月底签约，76万"),
        (LOGISTICS, "u03", "雨田那单签完之后再谈运费"),
        (LOGISTICS, "u04", "恒丰机电的对账单签回来了"),
        (LOGISTICS, "u04", "迈捷已经跟别家签了"),
        (LOGISTICS, "u04", "要是新锐这周签了就好"),
        (LOGISTICS, "u04", "新锐那份要赶在20号前签完"),
        (LOGISTICS, "u04", "新锐法务卡着章，一直没盖"),
    ],
)  # fmt: skip
def test_what_is_no_signature_writes_no_contract(
    company: dict[str, Any], sender: str, text: str
) -> None:
    acts = acts_of(company, sender, text)
    assert not [act for act in acts if act["type"] == "contract" or act.get("outcome") == "won"]
