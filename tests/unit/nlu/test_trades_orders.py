"""Orders, papers, money and the pool as reps tell them in passing, in trades that the corpus lacks."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import pytest

from nlu.dialects import in_common_speech
from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, Case, acts_of

CASES: list[Case] = [
    # the thing first, then who hands it to whom; a day said again; the day behind the return
    (LOGISTICS, "u03", "绿茵那批托盘的质检报告我后天补给陆经理", [
        {"type": "task", "what": "给陆经理补托盘的质检报告", "due": "2026-06-12", "customer": "c01"},
    ]),
    (LOGISTICS, "u03", "海澜达要的那个路由方案我还没出，明天一早出", [
        {"type": "task", "what": "出路由方案", "due": "2026-06-11", "customer": "c02"},
    ]),
    (LOGISTICS, "u03", "@蒋文静 恒丰机电那份保价协议，周五之前交给我", [
        {"type": "task", "what": "交恒丰机电那份保价协议", "due": "2026-06-12", "customer": "c03", "assignee": "u04"},
    ]),
    (ENERGY, "u03", "海风倪佳要一份并网批复，我五一回来5月6号寄给她", [
        {"type": "task", "what": "寄一份并网批复", "due": "2026-05-06", "customer": "c01"},
    ]),
    (WORKSHOP, "u04", "我这边还欠欣美服饰一份色牢度报告，周六给", [
        {"type": "task", "what": "给一份色牢度报告", "due": "2026-09-19", "customer": "c03"},
    ]),
    (LOGISTICS, "u03", "海澜达那边要我们出个退货方案，我月底前弄出来", [
        {"type": "task", "what": "出个退货方案", "due": "2026-06-30", "customer": "c02"},
    ]),
    # a seal that a colleague has still to put; drawings and samples are signed and are no contract
    (LOGISTICS, "u03", "@蒋文静 恒丰机电的合同盖完章寄给钱部长", [
        {"type": "task", "what": "恒丰机电的合同盖完章寄给钱部长", "customer": "c03", "assignee": "u04"},
    ]),
    (LOGISTICS, "u03", "绿茵冷链仓的图纸沈总签掉了", []),
    (WORKSHOP, "u04", "欣美服饰秋冬面料的封样尚丽签了", []),
    # several contracts at once; an order on paper
    (LOGISTICS, "u03", "绿茵两份合同今天一起签的：冷链仓355万，干线整车148万", [
        {"type": "contract", "customer": "c01", "deal": "d01", "amount": 3550000, "signed_on": "2026-06-10"},
        {"type": "deal", "customer": "c01", "deal": "d01", "outcome": "won"},
        {"type": "contract", "customer": "c01", "deal": "d02", "amount": 1480000, "signed_on": "2026-06-10"},
        {"type": "deal", "customer": "c01", "deal": "d02", "outcome": "won"},
    ]),
    (LOGISTICS, "u03", "海澜达的PO今天下来了，82万", [
        {"type": "deal", "customer": "c02", "deal": "d03", "outcome": "won", "amount": 820000},
    ]),
    # money
    (LOGISTICS, "u03", "海澜达那8万今天还没到，郑伟说明天一定打", [
        {"type": "payment", "customer": "c02", "amount": 80000, "date": "2026-06-11", "planned": True},
    ]),
    (LOGISTICS, "u03", "海澜达上个月那笔8万终于回来了", [
        {"type": "payment", "customer": "c02", "amount": 80000},
    ]),
    (LOGISTICS, "u03", "海澜达嫌我们报价86万太高", []),
    (LOGISTICS, "u03", "海澜达的发票12万已经开出去了", []),
    # tickets, leads, persons, the pool
    (LOGISTICS, "u03", "绿茵冷柜没电那个工单修好了，关掉", [
        {"type": "ticket", "customer": "c01", "what": "冷柜没电", "status": "closed"},
    ]),
    (WORKSHOP, "u03", "三峡物业电梯困人了，赶紧派人", [
        {"type": "ticket", "customer": "c09", "what": "电梯困人", "status": "open", "urgent": True},
    ]),
    (LOGISTICS, "u03", "线索：百度推广来的，嘉兴南湖粮油，王老板，13900001111，要冷链仓储", [
        {"type": "lead", "company": "嘉兴南湖粮油", "contact": "王老板", "phone": "13900001111", "source": "百度推广", "product": "冷链仓储"},
    ]),
    (ENERGY, "u03", "海风汤一鸣调走了，现在对接的是毋春生，采购部副部长", [
        {"type": "contact", "customer": "c01", "name": "汤一鸣", "left": True},
        {"type": "contact", "customer": "c01", "name": "毋春生", "title": "采购部副部长"},
    ]),
    (LOGISTICS, "u06", "今天去了鲁能重机，宋科长在，我先把这个客户领了", [
        {"type": "activity", "kind": "visit", "customer": "c10", "contacts": ["宋庆"], "date": "2026-06-10"},
        {"type": "claim", "customer": "c10"},
    ]),
    (LOGISTICS, "u06", "今天去了鲁能重机，宋科长在，还没领", [
        {"type": "activity", "kind": "visit", "customer": "c10", "contacts": ["宋庆"], "date": "2026-06-10"},
    ]),
    # a thing changed in a deal, which is not lost; a sum that grows by what is wanted beside
    (WORKSHOP, "u07", "青禾白露电话：户外广告位不做了", [
        {"type": "activity", "kind": "call", "customer": "c10", "contacts": ["白露"]},
        {"type": "deal", "customer": "c10", "deal": "d11", "outcome": "lost"},
    ]),
    (WORKSHOP, "u07", "海澜毛纺陶然电话：涤纶长丝不做了，改针织面料", [
        {"type": "activity", "kind": "call", "customer": "c06", "contacts": ["陶然"]},
        {"type": "deal", "customer": "c06", "deal": "d07", "products": ["针织面料"]},
    ]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:16])
def test_what_is_written_down(case: Case) -> None:
    company, sender, text, expected = case
    got = acts_of(company, sender, text)
    assert sorted(got, key=str) == sorted(expected, key=str)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("今日去咗佢哋厂", "今天去了他们厂"),
        ("听日畀返个新价佢", "明天给一个新价他"),
        ("合同今儿签嘞", "合同今儿签了"),
        ("医院嘞机房", "医院的机房"),
        ("先切的绿茵", "先去的绿茵"),
        ("切割机明天到", "切割机明天到"),
        ("电话明天打", "电话明天打"),
    ],
)
def test_dialects_keep_their_length(said: str, meant: str) -> None:
    assert in_common_speech(said) == meant
