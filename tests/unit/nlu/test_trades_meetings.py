"""Visits, calls and meals of trades that the corpus lacks: told in many ways, missed, still to come."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, Case, acts_of

CASES: list[Case] = [
    # met, by whatever verb
    (LOGISTICS, "u03", "今天上午到绿茵乳品跟沈总碰了个面，冷链仓那单他们预算压到320万，安途物流也在投，下周五前我们得把实施方案交过去", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["沈国良"], "date": "2026-06-10"},
        {"type": "deal", "customer": "c01", "deal": "d01", "amount": 3200000, "competitors": ["安途物流"]},
        {"type": "task", "what": "交实施方案", "due": "2026-06-19", "customer": "c01"},
    ]),
    (LOGISTICS, "u03", "刚从海澜达出来，郑伟说云仓试跑没毛病，打算七月初就签，年费85万左右", [
        {"type": "activity", "kind": "visit", "customer": "c02", "contacts": ["郑伟"], "date": "2026-06-10"},
        {"type": "deal", "customer": "c02", "deal": "d03", "amount": 850000, "expected_close": "2026-07-01"},
    ]),
    (ENERGY, "u06", "刚从小洋人回来，戴总和栗娜都在，纸箱年标合众包装报290万，我们得再往下走走，他们心理价位在295左右", [
        {"type": "activity", "kind": "visit", "customer": "c05", "contacts": ["戴春荣", "栗娜"], "date": "2026-04-23"},
        {"type": "deal", "customer": "c05", "deal": "d06", "amount": 2950000, "competitors": ["合众包装"]},
    ]),
    (WORKSHOP, "u03", "早上跟雷大同在厂门口聊了几句，刹车片第二轮样过了，就看谁价低，万安又砍了8%", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["雷大同"], "date": "2026-09-17"},
        {"type": "deal", "customer": "c01", "deal": "d01", "competitors": ["万安制动"]},
    ]),
    (WORKSHOP, "u03", "陪万总去了趟飞腾，齐天齐总接待，单晓也在，聊了轮毂铺货", [
        {"type": "activity", "kind": "visit", "customer": "c11", "contacts": ["齐天", "单晓"]},
    ]),
    # by another way than a visit
    (LOGISTICS, "u04", "跟恒丰机电钱部长视频了一个小时，年度合同法务那边过完了，就等老板盖章", [
        {"type": "activity", "kind": "meeting", "customer": "c03", "contacts": ["钱进"]},
    ]),
    (LOGISTICS, "u08", "华康邹部长今天来电，药品冷链预算批了95万，捷冷也来报过价；托盘那单没提", [
        {"type": "activity", "kind": "call", "customer": "c06", "contacts": ["邹燕"], "date": "2026-06-10"},
        {"type": "deal", "customer": "c06", "deal": "d07", "amount": 950000, "competitors": ["捷冷"]},
    ]),
    (ENERGY, "u03", "海风倪佳来电说储能二期先搁一搁，集团没批钱", [
        {"type": "activity", "kind": "call", "customer": "c01", "contacts": ["倪佳"]},
    ]),
    (LOGISTICS, "u06", "昨天恒丰化工郭处打电话问危化品资质，我说周五之前发过去。他还提到路歌达报的480万", [
        {"type": "activity", "kind": "call", "customer": "c04", "contacts": ["郭志刚"], "date": "2026-06-09"},
        {"type": "task", "what": "发危化品资质", "due": "2026-06-12", "customer": "c04"},
        {"type": "deal", "customer": "c04", "deal": "d05", "competitors": ["路歌达"]},
    ]),
    (WORKSHOP, "u03", "刚挂了易老师电话，他说服务器要改成国产的，预算不变，让我周一把新配置单发过去，另外群里通知我明天开个短会", [
        {"type": "activity", "kind": "call", "customer": "c07", "contacts": ["易老师"], "date": "2026-09-17"},
        {"type": "task", "what": "发新配置单", "due": "2026-09-21", "customer": "c07"},
    ]),
    # nobody there
    (LOGISTICS, "u03", "下午打了三个电话找沈总都没接", [
    ]),
    (LOGISTICS, "u04", "今天去新锐拜访吴总，吴总不在，石磊接待的，跨境专线他们要货运保险一起打包，预算900万不变", [
        {"type": "activity", "kind": "visit", "customer": "c09", "contacts": ["石磊"], "date": "2026-06-10"},
        {"type": "deal", "customer": "c09", "deal": "d10", "amount": 9000000, "products": ["货运保险"]},
    ]),
    (LOGISTICS, "u06", "本来打算今天去拜访恒丰化工，临时有事没去成", [
    ]),
    (LOGISTICS, "u06", "恒丰化工约好的周三会议取消了", [
    ]),
    (WORKSHOP, "u07", "今天给海澜、青禾都打了电话，海澜说样布下周寄回，青禾没接", [
        {"type": "activity", "kind": "call", "customer": "c06", "date": "2026-09-17"},
    ]),
    (WORKSHOP, "u03", "周五那个约取消，齐总去海南", [
    ]),
    # still to come
    (LOGISTICS, "u06", "恒丰化工郭处长约了下周四上午十点去他们储运中心谈危化品的事", [
        {"type": "activity", "kind": "visit", "customer": "c04", "contacts": ["郭志刚"], "date": "2026-06-18T10:00", "planned": True},
    ]),
    (LOGISTICS, "u03", "禹天彭涛这周五下午两点我去拜访，聊叉车续租", [
        {"type": "activity", "kind": "visit", "customer": "c12", "contacts": ["彭涛"], "date": "2026-06-12T14:00", "planned": True},
    ]),
    (LOGISTICS, "u07", "跟罗斌约了周五晚上吃饭，国贸那家烤鸭", [
        {"type": "activity", "kind": "meal", "customer": "c13", "contacts": ["罗斌"], "date": "2026-06-12", "planned": True},
    ]),
    (ENERGY, "u07", "长城酒业葛主任约我们27号去厂里看贴标线", [
        {"type": "activity", "kind": "visit", "customer": "c06", "contacts": ["葛洪"], "date": "2026-04-27", "planned": True},
    ]),
    (WORKSHOP, "u03", "周五约了飞腾齐总和单晓一起去试驾场看样，下午三点", [
        {"type": "activity", "kind": "visit", "customer": "c11", "contacts": ["齐天", "单晓"], "date": "2026-09-18T15:00", "planned": True},
    ]),
    (WORKSHOP, "u03", "飞腾启动会改到周二了", [
        {"type": "activity", "kind": "meeting", "customer": "c11", "date": "2026-09-22", "planned": True},
    ]),
    (ENERGY, "u09", "君乐堂韦厂长今天没空，改成明天下午两点去", [
        {"type": "activity", "kind": "visit", "customer": "c08", "date": "2026-04-24T14:00", "planned": True},
    ]),
    (WORKSHOP, "u03", "明天先去东汽找雷部长，后天上午去襄轴见秦处", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["雷大同"], "date": "2026-09-18", "planned": True},
        {"type": "activity", "kind": "visit", "customer": "c02", "contacts": ["秦岭"], "date": "2026-09-19", "planned": True},
    ]),
    # several in one note
    (LOGISTICS, "u03", "今天跑了两家：\n1. 绿茵：陆萍出面，干线整车预算提到160万\n2. 雨田：没见到人，田总监去广州了", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["陆萍"], "date": "2026-06-10"},
        {"type": "deal", "customer": "c01", "deal": "d02", "amount": 1600000},
        {"type": "activity", "kind": "visit", "customer": "c11", "date": "2026-06-10"},
    ]),
    (LOGISTICS, "u03", "上午拜访绿茵沈总，下午去了海澜达见郑经理。绿茵那边整车还没定，海澜达预计月底签", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["沈国良"], "date": "2026-06-10"},
        {"type": "activity", "kind": "visit", "customer": "c02", "contacts": ["郑伟"], "date": "2026-06-10"},
        {"type": "deal", "customer": "c02", "deal": "d03", "expected_close": "2026-06-30"},
    ]),
    (WORKSHOP, "u03", "日报：上午东汽车桥送样见柳工，下午襄轴催合同没见到秦处，晚上和飞腾单晓吃饭对了账", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["柳絮"], "date": "2026-09-17"},
        {"type": "activity", "kind": "visit", "customer": "c02", "date": "2026-09-17"},
        {"type": "activity", "kind": "meal", "customer": "c11", "contacts": ["单晓"], "date": "2026-09-17"},
    ]),
    (ENERGY, "u09", "①君乐堂：上午10点拜访韦厂长，纸箱预算48万；②唐山港：跟车晓副部长打电话，锂电的事让等通知；③明天去皇明宾馆看看", [
        {"type": "activity", "kind": "visit", "customer": "c08", "contacts": ["韦一笑"], "date": "2026-04-23T10:00"},
        {"type": "deal", "customer": "c08", "deal": "d10", "amount": 480000},
        {"type": "activity", "kind": "call", "customer": "c09", "contacts": ["车晓"]},
        {"type": "activity", "kind": "visit", "customer": "c10", "date": "2026-04-24", "planned": True},
    ]),
    # they came to us
    (WORKSHOP, "u03", "雷大同来公司验厂，中午在食堂简单吃了口，他对产线挺满意", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["雷大同"], "date": "2026-09-17"},
    ]),
    (WORKSHOP, "u04", "今天接待黄冈农垦杜经理一行来仓库看货，带了五个人", [
        {"type": "activity", "kind": "visit", "customer": "c08", "contacts": ["杜康"], "date": "2026-09-17"},
    ]),
    (WORKSHOP, "u03", "下午飞腾单晓过来提货，顺便吐槽轮毂包装破损，没什么大事", [
        {"type": "activity", "kind": "visit", "customer": "c11", "contacts": ["单晓"], "date": "2026-09-17"},
    ]),
    # moved to another day
    (WORKSHOP, "u03", "下午没去成襄轴，路上堵车，改到后天上午九点", [
        {"type": "activity", "kind": "visit", "customer": "c02", "date": "2026-09-19T09:00", "planned": True},
    ]),
    (WORKSHOP, "u03", "本来约了关山今天吃饭，他家里有事，改到周六晚上", [
        {"type": "activity", "kind": "meal", "customer": "c09", "contacts": ["关山"], "date": "2026-09-19", "planned": True},
    ]),
    (WORKSHOP, "u03", "原定今天给三峡物业演示门禁，投影坏了，推到后天上午", [
        {"type": "activity", "kind": "demo", "customer": "c09", "date": "2026-09-19", "planned": True},
    ]),
    (WORKSHOP, "u03", "原本周三拜访飞腾，挪到周五", [
        {"type": "activity", "kind": "visit", "customer": "c11", "date": "2026-09-18", "planned": True},
    ]),
    (WORKSHOP, "u03", "今天没能去成荆门一中", [
    ]),
    # who came, and with whom
    (WORKSHOP, "u03", "齐天前天带着单晓来我们公司坐了坐", [
        {"type": "activity", "kind": "visit", "customer": "c11", "contacts": ["齐天", "单晓"], "date": "2026-09-15"},
    ]),
    (WORKSHOP, "u03", "关山今天带着他们老板过来谈了一下午", [
        {"type": "activity", "kind": "visit", "customer": "c09", "contacts": ["关山"], "date": "2026-09-17"},
    ]),
    # a form
    (WORKSHOP, "u06", "客户：大生；联系人：顾全；方式：电话；内容：确认长丝交期提前到9月底；待办：周五前给排产表", [
        {"type": "activity", "kind": "call", "customer": "c05", "contacts": ["顾全"]},
        {"type": "task", "what": "给排产表", "due": "2026-09-18", "customer": "c05"},
    ]),
    (WORKSHOP, "u06", "拜访时间：9月16日，拜访人：沈默，情况：面料价格谈崩，他要24万，我们底线25.5万", [
        {"type": "activity", "kind": "visit", "customer": "c13", "contacts": ["沈默"], "date": "2026-09-16"},
        {"type": "deal", "customer": "c13", "deal": "d14", "amount": 240000},
    ]),
    # no meeting of ours
    (WORKSHOP, "u03", "打听到襄轴轮毂那个标的有五家在投", [
    ]),
    (WORKSHOP, "u03", "听东汽的人说雷部长要高升，不过没公布", [
    ]),
    (ENERGY, "u03", "今晚加班，困死", [
    ]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:16])
def test_what_is_written_down(case: Case) -> None:
    company, sender, text, expected = case
    assert acts_of(company, sender, text) == expected
