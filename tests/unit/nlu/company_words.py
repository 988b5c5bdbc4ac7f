"""A small invented company that the parser's tests read texts with."""

# ruff: noqa: E501 - a case of a table is read in one line
from __future__ import annotations

from typing import Any

from nlu.acts import to_json
from nlu.memory import Memory
from nlu.offline import read_in
from nlu.parser import Reading
from nlu.world import World

AT = "2026-11-25T16:00:00+08:00"
"""A Wednesday afternoon."""

COMPANY: dict[str, Any] = {
    "users": [
        {"id": "u1", "name": "贺一鸣", "role": "rep", "team": "一组", "region": "西南"},
        {"id": "u2", "name": "唐可心", "role": "rep", "team": "二组", "region": "东北"},
        {"id": "u3", "name": "唐书琴", "role": "rep", "team": "二组", "region": "东北"},
        {"id": "u4", "name": "韦长河", "role": "manager", "team": "一组", "region": "西南"},
    ],
    "stages": ["初步接洽", "方案评估", "价格磋商", "赢单", "输单"],
    "products": ["数控折弯机", "激光切割机", "五轴龙门铣床"],
    "competitors": ["铁岭重工", "飞锐激光", "百思特"],
    "customers": [
            {
                "id": "k1", "name": "自贡盐灯灯具有限公司", "aliases": ["盐灯"], "owner": "u1",
                "industry": "灯具", "region": "西南", "grade": "B",
                "contacts": [{"name": "白大川", "title": "总经理"}, {"name": "麦穗", "title": "采购主管"}],
                "deals": [{"id": "d1", "name": "盐灯折弯线", "stage": "初步接洽", "amount": 500000}],
            },
            {
                "id": "k2", "name": "乐山启橙农机有限公司", "aliases": ["启橙"], "owner": "u1",
                "industry": "农机", "region": "西南", "grade": "A",
                "contacts": [{"name": "丘山", "title": "设备部部长"}],
                "deals": [
                    {"id": "d2", "name": "启橙一车间切割", "stage": "方案评估", "amount": 900000},
                    {"id": "d3", "name": "启橙二车间龙门铣", "stage": "初步接洽", "amount": 2000000},
                ],
            },
            {
                "id": "k3", "name": "锦州启成船舶有限公司", "aliases": ["启成"], "owner": "u2",
                "industry": "船舶", "region": "东北", "grade": "B",
                "contacts": [{"name": "南星", "title": "总工"}], "deals": [],
            },
            {
                "id": "k4", "name": "鞍山大木家具有限公司", "aliases": ["大木"], "owner": "u1",
                "industry": "家具", "region": "东北", "grade": "C", "contacts": [], "deals": [],
            },
            {
                "id": "k5", "name": "大连大木物流有限公司", "aliases": ["大木"], "owner": "u1",
                "industry": "物流", "region": "东北", "grade": "C", "contacts": [], "deals": [],
            },
            {
                "id": "k6", "name": "丹东白塔纸业有限公司", "aliases": ["白塔纸业"], "owner": None,
                "industry": "造纸", "region": "东北", "grade": "C", "contacts": [], "deals": [],
            },
    ],
    "fields": [
        {"name": "开票方式", "type": "choice", "choices": ["专票", "普票"]},
        {"name": "机床台数", "type": "number"},
    ],
}  # fmt: skip


def say(text: str, *, sender: str = "u1", memory: Memory | None = None, at: str = AT) -> Reading:
    """The reading of a text in the invented company."""
    return read_in(World(COMPANY), text, sender, at, memory or Memory())


def acts(text: str, **around: Any) -> list[dict[str, Any]]:
    """The acts of a text as plain JSON."""
    return [to_json(understood.act) for understood in say(text, **around).acts]


def talk(*texts: str, sender: str = "u1") -> list[list[dict[str, Any]]]:
    """The acts of each turn of one conversation."""
    memory, turns = Memory(), []
    for text in texts:
        reading = say(text, sender=sender, memory=memory)
        memory = Memory.from_json(reading.memory.to_json())
        turns.append([to_json(understood.act) for understood in reading.acts])
    return turns
