"""Notes of many trades: meetings, plans, deals and expenses told in ways that nobody listed."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

from typing import Any

import pytest

from tests.unit.nlu.trades import ENERGY, LOGISTICS, WORKSHOP, Case, acts_of

CASES: list[Case] = [
    (WORKSHOP, "u03", "上午去东汽车桥，雷部长和柳工都在，刹车片年标价格压到252万，万安还在跟，下周四前要我们交质保方案", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["雷大同", "柳絮"], "date": "2026-09-17"},
        {"type": "deal", "customer": "c01", "deal": "d01", "amount": 2520000, "competitors": ["万安制动"]},
        {"type": "task", "what": "交质保方案", "due": "2026-09-24", "customer": "c01"},
    ]),
    (WORKSHOP, "u07", "青禾的白总监昨晚喊我吃火锅，说高铁站那块位置他们老板点头了，76万不变，十月上旬签", [
        {"type": "activity", "kind": "meal", "customer": "c10", "contacts": ["白露"], "date": "2026-09-16"},
        {"type": "deal", "customer": "c10", "deal": "d11", "amount": 760000, "expected_close": "2026-10-01/2026-10-10"},
    ]),
    (WORKSHOP, "u03", "今天三家：三峡物业关经理，价格没谈拢；襄轴秦处长，合同在走；东汽车桥没见着人", [
        {"type": "activity", "kind": "visit", "customer": "c09", "contacts": ["关山"], "date": "2026-09-17"},
        {"type": "activity", "kind": "visit", "customer": "c02", "contacts": ["秦岭"], "date": "2026-09-17"},
        {"type": "activity", "kind": "visit", "customer": "c01", "date": "2026-09-17"},
    ]),
    (ENERGY, "u03", "海风的汤总陪我转了一圈场地，渔光互补组件预计6月招标，预算1250万，晶曜也在跟", [
        {"type": "activity", "kind": "visit", "customer": "c01", "contacts": ["汤一鸣"]},
        {"type": "deal", "customer": "c01", "deal": "d01", "amount": 12500000, "competitors": ["晶曜光能"]},
    ]),
    (ENERGY, "u04", "冠宇屋顶光伏谈判，卓总要求再让3个点，没答应，约了下周二上午十点再谈", [
        {"type": "activity", "kind": "meeting", "customer": "c03", "date": "2026-04-28T10:00", "planned": True},
    ]),
    (ENERGY, "u03", "昨天本来要去园区水务，蔡主任临时开会，改到周五下午两点", [
        {"type": "activity", "kind": "visit", "customer": "c02", "date": "2026-04-24T14:00", "planned": True},
    ]),
    (LOGISTICS, "u04", "新锐吴总今天视频会上说跨境专线预算砍到800万，石磊还在比价，安途报了780", [
        {"type": "activity", "kind": "meeting", "customer": "c09", "contacts": ["吴思远"], "date": "2026-06-10"},
        {"type": "deal", "customer": "c09", "deal": "d10", "amount": 8000000, "competitors": ["安途物流"]},
    ]),
    (LOGISTICS, "u08", "早上在远洋水产码头等姜老板等了一小时，他说最近没货，等开海再说", [
        {"type": "activity", "kind": "visit", "customer": "c08", "contacts": ["姜大鹏"], "date": "2026-06-10"},
    ]),
    (LOGISTICS, "u04", "迈捷双十一云仓项目200万，进合同审批了，月底前签", [
        {"type": "deal", "customer": "c07", "deal": "d09", "stage": "合同审批", "amount": 2000000, "expected_close": "2026-06-30"},
    ]),
    (WORKSHOP, "u03", "本来今天想去襄轴，车坏半路上了，改天吧", []),
    (WORKSHOP, "u03", "听说飞腾要换供应商，不知道真假", []),
    (WORKSHOP, "u03", "东汽车桥那边万安的人昨天请雷部长吃饭了", []),
    (WORKSHOP, "u06", "大生长丝如果月底能签，我请大家吃火锅", []),
    (WORKSHOP, "u07", "青禾：签了。海澜毛纺：没动静", [
        {"type": "contract", "customer": "c10", "deal": "d11"},
        {"type": "deal", "customer": "c10", "deal": "d11", "outcome": "won"},
    ]),
    (WORKSHOP, "u07", "青禾的合同白总监说下周二过来签，76万，签完先付30%", [
        {"type": "activity", "kind": "visit", "customer": "c10", "contacts": ["白露"], "date": "2026-09-22", "planned": True},
        {"type": "deal", "customer": "c10", "deal": "d11", "amount": 760000, "expected_close": "2026-09-22"},
    ]),
    (WORKSHOP, "u03", "嗯我说一下今天的啊 上午到的襄轴 秦处长在 保险那个他说没问题 30万 下个月5号签 轮毂先放放 然后下午去飞腾 单经理说保险代理他们老板还没点头 约我周四再去一趟 路上加油花了350", [
        {"type": "activity", "kind": "visit", "customer": "c02", "contacts": ["秦岭"], "date": "2026-09-17"},
        {"type": "deal", "customer": "c02", "deal": "d02", "amount": 300000, "expected_close": "2026-10-05"},
        {"type": "activity", "kind": "visit", "customer": "c11", "contacts": ["单晓"], "date": "2026-09-17"},
        {"type": "expense", "amount": 350, "category": "transport", "date": "2026-09-17"},
    ]),
    (WORKSHOP, "u03", "昨天在高速上堵了三小时，过路费95，油钱400，去十堰东汽车桥", [
        {"type": "expense", "amount": 95, "category": "transport", "date": "2026-09-16", "customer": "c01"},
        {"type": "expense", "amount": 400, "category": "transport", "date": "2026-09-16", "customer": "c01"},
    ]),
    (WORKSHOP, "u04", "上周三陪熊校长去隔壁学校参观了咱们做的案例", [
        {"type": "activity", "kind": "visit", "customer": "c07", "contacts": ["熊校长"], "date": "2026-09-09"},
    ]),
    (WORKSHOP, "u06", "童话家纺沈默今天微信问交期，我说25天，她嫌慢", [
        {"type": "activity", "kind": "wechat", "customer": "c13", "contacts": ["沈默"], "date": "2026-09-17"},
    ]),
    (ENERGY, "u03", "海风储能二期，汤总让德昌电气也报了个价，比我们低20万，他倾向我们，但要我们跟到660万", [
        {"type": "deal", "customer": "c01", "deal": "d02", "amount": 6600000, "competitors": ["德昌电气"]},
    ]),
    (ENERGY, "u03", "今天拜访园区水务宗工，泵站监测测试数据达标，转投标阶段，下月中旬挂网", [
        {"type": "activity", "kind": "visit", "customer": "c02", "contacts": ["宗英"], "date": "2026-04-23"},
        {"type": "deal", "customer": "c02", "deal": "d03", "stage": "投标"},
    ]),
    (ENERGY, "u04", "冠宇卓总明天下午两点带人来我们厂参观，晚上安排吃饭", [
        {"type": "activity", "kind": "visit", "customer": "c03", "contacts": ["卓越"], "date": "2026-04-24T14:00", "planned": True},
        {"type": "activity", "kind": "meal", "customer": "c03", "date": "2026-04-24", "planned": True},
    ]),
    (ENERGY, "u06", "唐山港车晓说部长下个月退休，他接班，先别往外说", []),
    (ENERGY, "u07", "葛主任嫌防伪标签贵，说别家才报160万，问能不能再降，我没松口", []),
    (LOGISTICS, "u03", "绿茵陆经理电话：6月的干线对账单有3000块对不上，让我明天核一下发她", [
        {"type": "activity", "kind": "call", "customer": "c01", "contacts": ["陆萍"]},
        {"type": "task", "what": "核一下发陆经理", "due": "2026-06-11", "customer": "c01"},
    ]),
    (LOGISTICS, "u03", "海澜达郑经理约我周五下午去他们仓库谈云仓，顺便看看现场", [
        {"type": "activity", "kind": "visit", "customer": "c02", "contacts": ["郑伟"], "date": "2026-06-12", "planned": True},
    ]),
    (LOGISTICS, "u04", "迈捷叶小青今天带着我跑了两个仓，双十一她要备15万单的产能", [
        {"type": "activity", "kind": "visit", "customer": "c07", "contacts": ["叶小青"], "date": "2026-06-10"},
    ]),
    (LOGISTICS, "u08", "华康药品冷链那单，范经理说总部不批预算，今年不做了", [
        {"type": "deal", "customer": "c06", "deal": "d07", "outcome": "lost", "lost_reason": "总部不批预算"},
    ]),
    (LOGISTICS, "u04", "新锐的单子要是黄了我这季度就完了", []),
    (WORKSHOP, "u03", "东汽车桥刹车片年标今天开标，咱们中了，258万", [
        {"type": "deal", "customer": "c01", "deal": "d01", "outcome": "won", "amount": 2580000},
    ]),
    (WORKSHOP, "u03", "三峡物业关经理说小区托管从120万涨到126万，年底前能定", [
        {"type": "deal", "customer": "c09", "deal": "d10", "amount": 1260000, "expected_close": "2026-12-31"},
    ]),
    (WORKSHOP, "u03", "飞腾轮毂促销退回打样了，单经理嫌颜色不对", [
        {"type": "deal", "customer": "c11", "deal": "d12", "stage": "打样"},
    ]),
    (WORKSHOP, "u04", "跟荆门一中的熊校长、易老师吃了顿饭，AA的，聊了聊明年的预算", [
        {"type": "activity", "kind": "meal", "customer": "c07", "contacts": ["熊校长", "易老师"]},
    ]),
    (WORKSHOP, "u07", "Kevin明天飞武汉，约了后天上午十点在青禾开会，白露也来", [
        {"type": "activity", "kind": "meeting", "customer": "c10", "date": "2026-09-19T10:00", "planned": True},
    ]),
    (ENERGY, "u03", "舟山物流园丘主任带队来考察，中午管了顿饭花了1260", [
        {"type": "activity", "kind": "visit", "customer": "c11", "contacts": ["丘处机"], "date": "2026-04-23"},
        {"type": "expense", "amount": 1260, "category": "meal", "date": "2026-04-23", "customer": "c11"},
    ]),
    (ENERGY, "u06", "小洋人标签试了两轮，栗娜今天微信确认通过，转谈判", [
        {"type": "activity", "kind": "wechat", "customer": "c05", "contacts": ["栗娜"], "date": "2026-04-23"},
        {"type": "deal", "customer": "c05", "deal": "d07", "stage": "谈判"},
    ]),
    (ENERGY, "u07", "葛洪约下周一晚上七点在保定吃饭，把合同条款过一遍", [
        {"type": "activity", "kind": "meal", "customer": "c06", "contacts": ["葛洪"], "date": "2026-04-27T19:00", "planned": True},
    ]),
    (LOGISTICS, "u03", "绿茵沈总监说冷链仓先签一年试试，360万砍到330万，7月1号起", [
        {"type": "deal", "customer": "c01", "deal": "d01", "amount": 3300000},
    ]),
    (LOGISTICS, "u03", "海澜达云仓试运行满一个月，郑经理挺认可，准备转比价投标", []),
    (LOGISTICS, "u04", "新锐首笔专线款88万，说是周五到", [
        {"type": "payment", "customer": "c09", "amount": 880000, "date": "2026-06-12", "planned": True},
    ]),
    (LOGISTICS, "u04", "收到新锐88万", [
        {"type": "payment", "customer": "c09", "amount": 880000},
    ]),
    (LOGISTICS, "u07", "京味斋同城配送输给百迅了，人家有自己的冷藏车", [
        {"type": "deal", "customer": "c05", "deal": "d06", "outcome": "lost", "lost_reason": "人家有自己的冷藏车", "lost_to": "百迅"},
    ]),
    (LOGISTICS, "u03", "今天去合肥，上午禹天见了彭涛，叉车要加到12台，45万；下午顺道去了趟老客户，没谈事", [
        {"type": "activity", "kind": "visit", "customer": "c12", "contacts": ["彭涛"], "date": "2026-06-10"},
        {"type": "deal", "customer": "c12", "deal": "d12", "amount": 450000, "products": ["叉车租赁"]},
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("company", "sender", "text", "expected"), CASES)
def test_what_is_written_down(
    company: dict[str, Any], sender: str, text: str, expected: list[dict[str, Any]]
) -> None:
    assert acts_of(company, sender, text) == expected
