"""Facts of customers and persons, troubles and leads of trades that the corpus lacks."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, Case, acts_of

CASES: list[Case] = [
    # of the customer
    (LOGISTICS, "u03", "绿茵结算方式改成月结，月均单量大概1.2万单", [
        {"type": "customer", "customer": "c01", "set": {"结算方式": "月结", "月均单量": 12000}},
    ]),
    (LOGISTICS, "u03", "雨田的开票抬头是南京雨田家居销售有限公司", [
        {"type": "customer", "customer": "c11", "set": {"开票抬头": "南京雨田家居销售有限公司"}},
    ]),
    (LOGISTICS, "u03", "给雨田打个标签：价格敏感", [
        {"type": "customer", "customer": "c11", "set": {"tags": ["价格敏感"]}},
    ]),
    (LOGISTICS, "u03", "新客户：湖州百草堂药业，行业医药，规模200人，来源老客户介绍", [
        {"type": "customer", "new_customer": "湖州百草堂药业", "set": {"industry": "医药", "size": "200人", "source": "老客户介绍"}},
    ]),
    (ENERGY, "u03", "海风并网电压35kV，装机容量120兆瓦，客户性质国企", [
        {"type": "customer", "customer": "c01", "set": {"并网电压": "35kV", "装机容量": 120, "客户性质": "国企"}},
    ]),
    (ENERGY, "u03", "园区水务的备注要求：发票先开后付", [
        {"type": "customer", "customer": "c02", "set": {"备注要求": "发票先开后付"}},
    ]),
    (WORKSHOP, "u04", "荆门一中地址搬到象山大道88号了", [
        {"type": "customer", "customer": "c07", "set": {"address": "象山大道88号"}},
    ]),
    (WORKSHOP, "u04", "黄冈农垦是展会上认识的，规模三百来人", [
        {"type": "customer", "customer": "c08", "set": {"source": "展会", "size": "三百来人"}},
    ]),
    (WORKSHOP, "u03", "飞腾门店数更新成18家，付款周期现款", [
        {"type": "customer", "customer": "c11", "set": {"门店数": 18, "付款周期": "现款"}},
    ]),
    (WORKSHOP, "u03", "把黄冈农垦降成D级", [
        {"type": "customer", "customer": "c08", "set": {"grade": "D"}},
    ]),
    # of persons
    (LOGISTICS, "u03", "雨田家居换物流负责人了，田蕾走了，新来的叫贺强，运营经理，手机13812345678", [
        {"type": "contact", "customer": "c11", "name": "田蕾", "left": True},
        {"type": "contact", "customer": "c11", "name": "贺强", "title": "运营经理", "phone": "13812345678"},
    ]),
    (LOGISTICS, "u08", "邹燕的邮箱是zouyan@huakang.com", [
        {"type": "contact", "customer": "c06", "name": "邹燕", "email": "zouyan@huakang.com"},
    ]),
    (LOGISTICS, "u04", "恒丰机电孙丽是这单的关键用户，角色标成使用者", [
        {"type": "contact", "customer": "c03", "name": "孙丽", "role": "user"},
    ]),
    (ENERGY, "u06", "栗娜调去质检了，包材采购现在归她同事甄珍管，甄珍电话13011112222", [
        {"type": "contact", "customer": "c05", "name": "栗娜", "left": True},
        {"type": "contact", "customer": "c05", "name": "甄珍", "phone": "13011112222"},
    ]),
    (ENERGY, "u06", "小洋人新来个副总叫占武，管采购，以后报价先过他", [
        {"type": "contact", "customer": "c05", "name": "占武", "title": "副总"},
    ]),
    (ENERGY, "u09", "君乐堂韦一笑是最后拍板的", [
        {"type": "contact", "customer": "c08", "name": "韦一笑", "role": "decision_maker"},
    ]),
    (ENERGY, "u03", "宗英这个人懂技术，在评标小组里有影响力，角色记成影响者", [
        {"type": "contact", "customer": "c02", "name": "宗英", "role": "influencer"},
    ]),
    (WORKSHOP, "u03", "单晓手机号变了，新号13977776666，旧的作废", [
        {"type": "contact", "customer": "c11", "name": "单晓", "phone": "13977776666"},
    ]),
    (WORKSHOP, "u07", "海澜毛纺陶然副厂长转正了，现在是厂长", [
        {"type": "contact", "customer": "c06", "name": "陶然", "title": "厂长"},
    ]),
    # unsure
    (LOGISTICS, "u04", "听说新锐的石磊可能要离职，还没定", [
    ]),
    # trouble
    (LOGISTICS, "u07", "京味斋的货损投诉帮我开个工单，冷库温度跑到零下5度了，挺急", [
        {"type": "ticket", "customer": "c05", "what": "货损投诉，冷库温度跑到零下5度", "status": "open", "urgent": True},
    ]),
    (LOGISTICS, "u08", "华康那个破损的工单处理完了，关了吧", [
        {"type": "ticket", "customer": "c06", "what": "破损", "status": "closed"},
    ]),
    (ENERGY, "u07", "方旭电子的气泡膜有一卷漏气，客户拍了视频，走个售后单", [
        {"type": "ticket", "customer": "c07", "what": "气泡膜有一卷漏气", "status": "open"},
    ]),
    (ENERGY, "u06", "客户投诉纸箱受潮变形，小洋人的，停线了，麻烦马上派人，开工单", [
        {"type": "ticket", "customer": "c05", "what": "纸箱受潮变形", "status": "open", "urgent": True},
    ]),
    (ENERGY, "u07", "方旭漏气那单售后补发完了，可以销单", [
        {"type": "ticket", "customer": "c07", "what": "漏气", "status": "closed"},
    ]),
    (WORKSHOP, "u06", "大生反馈长丝断头多，织机老停，让技术上门看看，尽快，建个工单", [
        {"type": "ticket", "customer": "c05", "what": "长丝断头多，织机老停", "status": "open", "urgent": True},
    ]),
    # leads
    (LOGISTICS, "u03", "来了个线索：嘉兴旺旺包装，老板姓周，13955556666，展会上认识的，问零担", [
        {"type": "lead", "company": "嘉兴旺旺包装", "phone": "13955556666", "source": "展会", "product": "零担快运"},
    ]),
    (WORKSHOP, "u03", "线索：无锡太湖丝绸，抖音私信来的，江小姐，13300001111，想要针织面料样卡", [
        {"type": "lead", "company": "无锡太湖丝绸", "contact": "江小姐", "phone": "13300001111", "source": "抖音", "product": "针织面料"},
    ]),
    (ENERGY, "u03", "线索一条，绍兴轻纺城管委会，抖音广告来的，问屋顶光伏组件，联系人金科长 13600001234", [
        {"type": "lead", "company": "绍兴轻纺城管委会", "contact": "金科长", "phone": "13600001234", "source": "抖音", "product": "光伏组件"},
    ]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:16])
def test_what_is_written_down(case: Case) -> None:
    company, sender, text, expected = case
    assert acts_of(company, sender, text) == expected
