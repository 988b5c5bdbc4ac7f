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
    (ENERGY, "u06", "今天打了三个电话：小洋人戴总，纸箱310万定；唐山港车晓，锂电再等等；君乐堂韦厂长，没接", [
        {"type": "activity", "kind": "call", "customer": "c05", "contacts": ["戴春荣"], "date": "2026-04-23"},
        {"type": "deal", "customer": "c05", "deal": "d06", "amount": 3100000},
        {"type": "activity", "kind": "call", "customer": "c09", "contacts": ["车晓"], "date": "2026-04-23"},
    ]),
    (LOGISTICS, "u03", "雨田田总监约了个饭，周五晚上七点", [
        {"type": "activity", "kind": "meal", "customer": "c11", "contacts": ["田蕾"], "date": "2026-06-12T19:00", "planned": True},
    ]),
    (WORKSHOP, "u03", "要见飞腾齐总，改到下周一", [
        {"type": "activity", "kind": "visit", "customer": "c11", "contacts": ["齐天"], "date": "2026-09-21", "planned": True},
    ]),
    (LOGISTICS, "u03", "想拜访绿茵沈总，推到周五上午十点", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["沈国良"], "date": "2026-06-12T10:00", "planned": True},
    ]),
    (WORKSHOP, "u03", "跟关山过了一遍方案，他没意见", [
        {"type": "activity", "kind": "meeting", "customer": "c09", "contacts": ["关山"]},
    ]),
    (WORKSHOP, "u03", "跟飞腾单晓定了，周一下午两点去店里演示", [
        {"type": "activity", "kind": "demo", "customer": "c11", "contacts": ["单晓"], "date": "2026-09-21T14:00", "planned": True},
    ]),
    (WORKSHOP, "u03", "上午东汽车桥、襄轴各跑一趟。雷部长忙着开会没空理我，跟柳絮站着聊了几句，刹车片她想压到248万；物资处秦处长爽快，轮毂85万就85万，月底下单", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["柳絮"], "date": "2026-09-17"},
        {"type": "activity", "kind": "visit", "customer": "c02", "contacts": ["秦岭"], "date": "2026-09-17"},
        {"type": "deal", "customer": "c01", "deal": "d01", "amount": 2480000},
        {"type": "deal", "customer": "c02", "deal": "d03", "amount": 850000, "expected_close": "2026-09-30"},
    ]),
    (WORKSHOP, "u06", "今天俩电话：大生张总，长丝550万他认；童话家纺沈老板，要等老婆点头，10月底签", [
        {"type": "activity", "kind": "call", "customer": "c05", "contacts": ["张謇之"], "date": "2026-09-17"},
        {"type": "deal", "customer": "c05", "deal": "d05", "amount": 5500000},
        {"type": "activity", "kind": "call", "customer": "c13", "contacts": ["沈默"], "date": "2026-09-17"},
        {"type": "deal", "customer": "c13", "deal": "d14", "expected_close": "2026-10-31"},
    ]),
    (ENERGY, "u07", "【拜访】方旭电子 米粒 4月11日\n需求：缓冲气泡膜60卷\n预算：4.2万\n竞品：合众包装\n下一步：4月29日前寄样", [
        {"type": "activity", "kind": "visit", "customer": "c07", "contacts": ["米粒"], "date": "2026-04-11"},
        {"type": "deal", "customer": "c07", "deal": "d09", "amount": 42000, "products": ["缓冲气泡膜"], "competitors": ["合众包装"]},
        {"type": "task", "what": "寄样", "due": "2026-04-29", "customer": "c07"},
    ]),
    (LOGISTICS, "u06", "恒丰化工郭处长那跑了第三趟，还是那句话不着急", [
        {"type": "activity", "kind": "visit", "customer": "c04", "contacts": ["郭志刚"]},
    ]),
    (LOGISTICS, "u07", "京味斋何静微信上问：同城配送和云仓能不能一起签，配送110万、云仓30万，我看行", [
        {"type": "activity", "kind": "wechat", "customer": "c05", "contacts": ["何静"]},
        {"type": "deal", "customer": "c05", "deal": "d06", "amount": 1100000},
        {"type": "deal", "customer": "c05", "deal": "new", "amount": 300000, "products": ["云仓一件代发"]},
    ]),
    (WORKSHOP, "u04", "荆门一中熊校长拍板选我们了，月底签", [
        {"type": "deal", "customer": "c07", "deal": "d08", "expected_close": "2026-09-30"},
    ]),
    (WORKSHOP, "u04", "荆门一中信息中心易老师调到教务处当副主任了", [
        {"type": "contact", "customer": "c07", "name": "易老师", "title": "教务处副主任"},
    ]),
    (LOGISTICS, "u08", "华康邹燕离职了，以后采购找王珂，采购主管，微信号wk_huakang", [
        {"type": "contact", "customer": "c06", "name": "邹燕", "left": True},
        {"type": "contact", "customer": "c06", "name": "王珂", "title": "采购主管", "wechat": "wk_huakang"},
    ]),
    (WORKSHOP, "u03", "单晓答应10月8号前把尾款8万6结了", [
        {"type": "payment", "customer": "c11", "amount": 86000, "date": "2026-10-08", "planned": True},
    ]),
    (WORKSHOP, "u03", "飞腾那5万保证金退了", [
    ]),
    (ENERGY, "u09", "新名单：湖州安吉竹邦家居，昨天加的微信聊的，赵总监，想上瓦楞纸箱，手里七八万", [
        {"type": "activity", "kind": "wechat", "new_customer": "湖州安吉竹邦家居", "contacts": ["赵总监"], "date": "2026-04-22"},
        {"type": "deal", "new_customer": "湖州安吉竹邦家居", "deal": "new", "amount": [70000, 80000], "products": ["瓦楞纸箱"]},
    ]),
    (ENERGY, "u03", "冠宇那边合同没签，卓总监说五一后再看", [
    ]),
    (WORKSHOP, "u03", "飞腾单晓约的明天十点电话，聊轮毂", [
        {"type": "task", "what": "给单晓打电话", "due": "2026-09-18T10:00", "customer": "c11"},
    ]),
    (WORKSHOP, "u07", "童话家纺沈默嫌贵，34万他拿不出，最多28万", [
        {"type": "deal", "customer": "c13", "deal": "d14", "amount": 280000},
    ]),
    (LOGISTICS, "u04", "新锐光伏吴总今天一上来就说不签了，自己家开了货代。得，这单没了", [
        {"type": "deal", "customer": "c09", "deal": "d10", "outcome": "lost", "lost_reason": "自己家开了货代"},
    ]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:16])
def test_what_is_written_down(case: Case) -> None:
    company, sender, text, expected = case
    assert acts_of(company, sender, text) == expected
