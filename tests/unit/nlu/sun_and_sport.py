"""Two invented companies, of solar roofs and of gym equipment, that language tests read with."""

# ruff: noqa: E501 - a row of a world is read in one line
from __future__ import annotations

from typing import Any, TypeAlias

from nlu.acts import to_json
from nlu.memory import Memory
from nlu.offline import read_in
from nlu.world import World
from tests.unit.nlu.company_words import AT

Case: TypeAlias = tuple[dict[str, Any], str, tuple[str, ...], list[dict[str, Any]]]
"""A company, who writes, the turns of a conversation, and the acts of the last one."""

SOLAR: dict[str, Any] = {
    "users": [
        {"id": "u1", "name": "祝云帆", "role": "rep", "team": "工商业组", "region": "苏北"},
        {"id": "u2", "name": "柏思远", "role": "rep", "team": "工商业组", "region": "苏北"},
        {"id": "u3", "name": "池小满", "role": "manager", "team": "工商业组", "region": "苏北"},
        {"id": "u4", "name": "荆红", "role": "rep", "team": "户用组", "region": "川渝"},
        {"id": "u5", "name": "祝长风", "role": "rep", "team": "户用组", "region": "川渝"},
        {"id": "u6", "name": "衡一舟", "role": "manager", "team": "户用组", "region": "川渝"},
        {"id": "u7", "name": "敖立人", "role": "director", "team": "营销中心", "region": "苏北"},
        {"id": "u8", "name": "乔知夏", "role": "finance", "team": "财务部", "region": "苏北"},
    ],
    "stages": ["摸排", "踏勘", "方案设计", "报价洽谈", "合同会审", "签约", "战败"],
    "products": ["单晶组件", "组串逆变器", "储能柜", "固定支架", "光伏车棚", "代运维"],
    "competitors": ["昱辉能源", "曜石电力", "禾风新能"],
    "customers": [
        {
            "id": "c1", "name": "盐城霞蔚纺机有限公司", "aliases": ["霞蔚", "霞蔚纺机"], "owner": "u1", "industry": "机械", "region": "苏北", "grade": "A",
            "contacts": [{"name": "郑可为", "title": "总经理"}, {"name": "孟繁星", "title": "设备部长"}],
            "deals": [{"id": "d1", "name": "霞蔚屋顶二期", "stage": "方案设计", "amount": 3200000}, {"id": "d2", "name": "霞蔚光伏车棚", "stage": "踏勘", "amount": 800000}],
        },
        {
            "id": "c2", "name": "徐州栖云冷库有限公司", "aliases": ["栖云", "栖云冷库"], "owner": "u1", "industry": "冷链", "region": "苏北", "grade": "B",
            "contacts": [{"name": "褚卫民", "title": "董事长"}],
            "deals": [{"id": "d3", "name": "栖云储能", "stage": "报价洽谈", "amount": 1500000}],
        },
        {
            "id": "c3", "name": "宿迁青屏酒业有限公司", "aliases": ["青屏", "青屏酒业"], "owner": "u2", "industry": "酿酒", "region": "苏北", "grade": "A",
            "contacts": [{"name": "田守义", "title": "基建处长"}, {"name": "田禾", "title": "财务总监"}],
            "deals": [{"id": "d4", "name": "青屏酒库屋顶", "stage": "合同会审", "amount": 4100000}],
        },
        {
            "id": "c4", "name": "重庆青屏村镇银行", "aliases": ["青屏", "青屏银行"], "owner": "u4", "industry": "银行", "region": "川渝", "grade": "C",
            "contacts": [{"name": "贝晓", "title": "行政主任"}],
            "deals": [],
        },
        {
            "id": "c5", "name": "绵阳百灵学校", "aliases": ["百灵学校", "百灵"], "owner": "u4", "industry": "学校", "region": "川渝", "grade": "B",
            "contacts": [{"name": "毕文静", "title": "校长"}],
            "deals": [{"id": "d5", "name": "百灵学校屋顶", "stage": "摸排", "amount": 600000}],
        },
        {
            "id": "c6", "name": "成都云渡物流有限公司", "aliases": ["云渡", "云渡物流"], "owner": "u5", "industry": "物流", "region": "川渝", "grade": "B",
            "contacts": [{"name": "文强", "title": "老板"}],
            "deals": [],
        },
        {
            "id": "c7", "name": "连云港海晏化工有限公司", "aliases": ["海晏", "海晏化工"], "owner": None, "industry": "化工", "region": "苏北", "grade": "C",
            "contacts": [],
            "deals": [],
        },
        {
            "id": "c8", "name": "南充嘉禾粮油有限公司", "aliases": ["嘉禾", "嘉禾粮油"], "owner": None, "industry": "粮油", "region": "川渝", "grade": "C",
            "contacts": [],
            "deals": [],
        },
    ],
    "fields": [
        {"name": "屋顶面积", "type": "number"},
        {"name": "消纳方式", "type": "choice", "choices": ["自发自用", "全额上网", "余电上网"]},
        {"name": "并网日期", "type": "date"},
        {"name": "变压器容量", "type": "text"},
        {"name": "结算周期", "type": "choice", "choices": ["月结", "季结", "年结"]},
    ],
}  # fmt: skip

SPORT: dict[str, Any] = {
    "users": [
        {"id": "u1", "name": "屈白露", "role": "rep", "team": "商用一部", "region": "鲁豫"},
        {"id": "u2", "name": "仲夏", "role": "rep", "team": "商用一部", "region": "鲁豫"},
        {"id": "u3", "name": "鲍大成", "role": "manager", "team": "商用一部", "region": "鲁豫"},
        {"id": "u4", "name": "楚天阔", "role": "rep", "team": "渠道组", "region": "两广"},
        {"id": "u5", "name": "楚小渔", "role": "rep", "team": "渠道组", "region": "两广"},
        {"id": "u6", "name": "闵捷", "role": "manager", "team": "渠道组", "region": "两广"},
        {"id": "u7", "name": "蔺相", "role": "director", "team": "销售总部", "region": "鲁豫"},
        {"id": "u8", "name": "佟湘玉", "role": "finance", "team": "财务中心", "region": "鲁豫"},
    ],
    "stages": ["意向", "量房", "出图报价", "试用", "议价", "成交", "丢单"],
    "products": ["商用跑步机", "力量器械", "动感单车", "私教系统", "地胶", "维保年卡"],
    "competitors": ["舒健", "英派", "泰诺"],
    "customers": [
        {
            "id": "c1", "name": "济南铁人健身俱乐部", "aliases": ["铁人", "铁人健身"], "owner": "u1", "industry": "健身房", "region": "鲁豫", "grade": "A",
            "contacts": [{"name": "单雄", "title": "店长"}, {"name": "柳如是", "title": "采购经理"}],
            "deals": [{"id": "d1", "name": "铁人二店器械", "stage": "出图报价", "amount": 680000}, {"id": "d2", "name": "铁人总店换新", "stage": "意向", "amount": 300000}],
        },
        {
            "id": "c2", "name": "郑州云顶酒店", "aliases": ["云顶", "云顶酒店"], "owner": "u1", "industry": "酒店", "region": "鲁豫", "grade": "B",
            "contacts": [{"name": "辛晓琪", "title": "工程部经理"}, {"name": "辛柏", "title": "总经理"}],
            "deals": [{"id": "d3", "name": "云顶健身房", "stage": "议价", "amount": 420000}],
        },
        {
            "id": "c3", "name": "广州海珠实验中学", "aliases": ["海珠实验", "海珠实验中学"], "owner": "u4", "industry": "学校", "region": "两广", "grade": "B",
            "contacts": [{"name": "梁启", "title": "体育组长"}],
            "deals": [{"id": "d4", "name": "海珠实验体能室", "stage": "试用", "amount": 150000}],
        },
        {
            "id": "c4", "name": "佛山阳光物业", "aliases": ["阳光", "阳光物业"], "owner": "u5", "industry": "物业", "region": "两广", "grade": "C",
            "contacts": [{"name": "麦嘉", "title": "项目经理"}],
            "deals": [],
        },
        {
            "id": "c5", "name": "南宁阳光康复医院", "aliases": ["阳光", "阳光康复"], "owner": "u4", "industry": "医院", "region": "两广", "grade": "A",
            "contacts": [{"name": "韦一笑", "title": "康复科主任"}],
            "deals": [{"id": "d5", "name": "康复大厅器械", "stage": "量房", "amount": 900000}],
        },
        {
            "id": "c6", "name": "青岛浪潮公寓", "aliases": ["浪潮公寓"], "owner": None, "industry": "公寓", "region": "鲁豫", "grade": "C",
            "contacts": [],
            "deals": [],
        },
        {
            "id": "c7", "name": "东莞悦动体育", "aliases": ["悦动", "悦动体育"], "owner": "u5", "industry": "经销商", "region": "两广", "grade": "A",
            "contacts": [{"name": "莫问", "title": "老板"}],
            "deals": [{"id": "d6", "name": "悦动年度代理", "stage": "议价", "amount": 2000000}],
        },
    ],
    "fields": [
        {"name": "营业面积", "type": "number"},
        {"name": "会员数", "type": "number"},
        {"name": "门店类型", "type": "choice", "choices": ["直营", "加盟", "联营"]},
        {"name": "付款条款", "type": "choice", "choices": ["款到发货", "货到付款", "月结30天"]},
        {"name": "开业日期", "type": "date"},
        {"name": "水电条件", "type": "text"},
    ],
}  # fmt: skip


def last_acts(
    company: dict[str, Any], sender: str, turns: tuple[str, ...]
) -> list[dict[str, Any]]:
    """The acts of the last turn, as plain JSON, papers' numbers left out."""
    memory, acts = Memory(), []
    for text in turns:
        reading = read_in(World(company), text, sender, AT, memory)
        memory = Memory.from_json(reading.memory.to_json())
        acts = [to_json(understood.act) for understood in reading.acts]
    return acts


def agree(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> bool:
    """Whether both say the same; of what is told in free words, most characters must be there."""
    return [_fixed(act) for act in found] == [_fixed(act) for act in expected] and all(
        _alike(one.get(slot, ""), other.get(slot, ""))
        for one, other in zip(found, expected, strict=True)
        for slot in _FREE
    )


_FREE = ("what", "comment")


def _fixed(act: dict[str, Any]) -> dict[str, Any]:
    return {slot: value for slot, value in act.items() if slot not in _FREE}


def _alike(one: str, other: str) -> bool:
    shared = len(set(one) & set(other))
    return one == other or 2 * shared >= max(len(set(one)), len(set(other)))
