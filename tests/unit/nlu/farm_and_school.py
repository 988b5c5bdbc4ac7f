"""Two more invented companies, of farm goods with insurance, and of schools with printing."""

# ruff: noqa: E501 - a row of a world is read in one line
from __future__ import annotations

from typing import Any

FARM: dict[str, Any] = {
    "users": [
        {"id": "u1", "name": "边城", "role": "rep", "team": "农资组", "region": "东北"},
        {"id": "u2", "name": "冷秋月", "role": "rep", "team": "农资组", "region": "东北"},
        {"id": "u3", "name": "洪涛", "role": "manager", "team": "农资组", "region": "东北"},
        {"id": "u4", "name": "丁香", "role": "rep", "team": "团险组", "region": "西南"},
        {"id": "u5", "name": "冷锋", "role": "rep", "team": "团险组", "region": "西南"},
        {"id": "u6", "name": "钱进", "role": "manager", "team": "团险组", "region": "西南"},
        {"id": "u7", "name": "权衡", "role": "director", "team": "总经办", "region": "东北"},
        {"id": "u8", "name": "金小算", "role": "finance", "team": "财务组", "region": "东北"},
    ],
    "stages": ["接触", "需求确认", "试种", "方案报价", "核保", "签单", "未成交"],
    "products": ["复合肥", "滴灌带", "玉米种子", "雇主责任险", "团体意外险", "车队险"],
    "competitors": ["田丰农科", "沃土集团", "众安泰", "平信保险"],
    "customers": [
        {
            "id": "c1", "name": "佳木斯北大仓农场", "aliases": ["北大仓", "北大仓农场"], "owner": "u1", "industry": "农场", "region": "东北", "grade": "A",
            "contacts": [{"name": "谷满仓", "title": "场长"}, {"name": "杜鹃", "title": "物资科科长"}],
            "deals": [{"id": "d1", "name": "北大仓春耕复合肥", "stage": "方案报价", "amount": 1200000}, {"id": "d2", "name": "北大仓滴灌改造", "stage": "接触", "amount": 400000}],
        },
        {
            "id": "c2", "name": "绥化金穗合作社", "aliases": ["金穗", "金穗合作社"], "owner": "u1", "industry": "合作社", "region": "东北", "grade": "B",
            "contacts": [{"name": "耿直", "title": "理事长"}],
            "deals": [{"id": "d3", "name": "金穗玉米种子", "stage": "试种", "amount": 260000}],
        },
        {
            "id": "c3", "name": "长春金穗面业有限公司", "aliases": ["金穗", "金穗面业"], "owner": "u2", "industry": "食品", "region": "东北", "grade": "C",
            "contacts": [{"name": "宁静", "title": "财务经理"}],
            "deals": [],
        },
        {
            "id": "c4", "name": "成都捷达车队", "aliases": ["捷达", "捷达车队"], "owner": "u4", "industry": "运输", "region": "西南", "grade": "B",
            "contacts": [{"name": "龙飞", "title": "车队长"}, {"name": "龙在天", "title": "老板"}],
            "deals": [{"id": "d4", "name": "捷达车队险", "stage": "核保", "amount": 880000}],
        },
        {
            "id": "c5", "name": "重庆鼎立建工", "aliases": ["鼎立", "鼎立建工"], "owner": "u5", "industry": "建筑", "region": "西南", "grade": "A",
            "contacts": [{"name": "赵铁柱", "title": "安全总监"}],
            "deals": [{"id": "d5", "name": "鼎立雇主责任险", "stage": "方案报价", "amount": 1500000}, {"id": "d6", "name": "鼎立工地团意险", "stage": "需求确认", "amount": 300000}],
        },
        {
            "id": "c6", "name": "昆明花语园艺", "aliases": ["花语", "花语园艺"], "owner": None, "industry": "园艺", "region": "西南", "grade": "C",
            "contacts": [],
            "deals": [],
        },
    ],
    "fields": [
        {"name": "种植面积", "type": "number"},
        {"name": "员工人数", "type": "number"},
        {"name": "保险到期日", "type": "date"},
        {"name": "结算方式", "type": "choice", "choices": ["现结", "月结", "季结"]},
        {"name": "灌溉方式", "type": "choice", "choices": ["滴灌", "喷灌", "漫灌"]},
        {"name": "承保公司", "type": "text"},
    ],
}  # fmt: skip

SCHOOL: dict[str, Any] = {
    "users": [
        {"id": "u1", "name": "海棠", "role": "rep", "team": "公立校组", "region": "浙江"},
        {"id": "u2", "name": "薛宝珠", "role": "rep", "team": "公立校组", "region": "浙江"},
        {"id": "u3", "name": "司徒明", "role": "manager", "team": "公立校组", "region": "浙江"},
        {"id": "u4", "name": "温良", "role": "rep", "team": "印务组", "region": "安徽"},
        {"id": "u5", "name": "薛子昂", "role": "rep", "team": "印务组", "region": "安徽"},
        {"id": "u6", "name": "卫青云", "role": "manager", "team": "印务组", "region": "安徽"},
        {"id": "u7", "name": "言无忌", "role": "director", "team": "总部", "region": "浙江"},
        {"id": "u8", "name": "毛不易", "role": "finance", "team": "财务部", "region": "浙江"},
    ],
    "stages": ["初访", "试用", "方案", "招标", "公示", "成交", "流失"],
    "products": ["智慧黑板", "录播系统", "教辅印刷", "精装画册", "纸箱包装", "校园一卡通"],
    "competitors": ["鸿合达", "希沃通", "利丰印", "华彩包装"],
    "customers": [
        {
            "id": "c1", "name": "杭州文澜小学", "aliases": ["文澜", "文澜小学"], "owner": "u1", "industry": "小学", "region": "浙江", "grade": "A",
            "contacts": [{"name": "章怀远", "title": "校长"}, {"name": "柯敏", "title": "总务主任"}],
            "deals": [{"id": "d1", "name": "文澜智慧黑板", "stage": "方案", "amount": 560000}, {"id": "d2", "name": "文澜录播教室", "stage": "初访", "amount": 300000}],
        },
        {
            "id": "c2", "name": "杭州文岚幼儿园", "aliases": ["文岚", "文岚幼儿园"], "owner": "u1", "industry": "幼儿园", "region": "浙江", "grade": "C",
            "contacts": [{"name": "祝英", "title": "园长"}],
            "deals": [],
        },
        {
            "id": "c3", "name": "宁波海曙职业学院", "aliases": ["海曙职院", "海曙学院"], "owner": "u2", "industry": "高职", "region": "浙江", "grade": "A",
            "contacts": [{"name": "陆放", "title": "信息中心主任"}, {"name": "陆离", "title": "后勤处长"}],
            "deals": [{"id": "d3", "name": "海曙一卡通升级", "stage": "招标", "amount": 1800000}],
        },
        {
            "id": "c4", "name": "合肥徽风出版社", "aliases": ["徽风", "徽风出版社"], "owner": "u4", "industry": "出版", "region": "安徽", "grade": "A",
            "contacts": [{"name": "程序", "title": "印制部主任"}],
            "deals": [{"id": "d4", "name": "徽风秋季教辅", "stage": "试用", "amount": 2400000}],
        },
        {
            "id": "c5", "name": "芜湖惠丰食品有限公司", "aliases": ["惠丰", "惠丰食品"], "owner": "u5", "industry": "食品", "region": "安徽", "grade": "B",
            "contacts": [{"name": "邱实", "title": "采购经理"}],
            "deals": [{"id": "d5", "name": "惠丰月饼盒", "stage": "方案", "amount": 180000}, {"id": "d6", "name": "惠丰礼盒画册", "stage": "初访", "amount": 60000}],
        },
        {
            "id": "c6", "name": "黄山迎客旅游集团", "aliases": ["迎客旅游"], "owner": None, "industry": "旅游", "region": "安徽", "grade": "B",
            "contacts": [],
            "deals": [],
        },
    ],
    "fields": [
        {"name": "班级数", "type": "number"},
        {"name": "在校人数", "type": "number"},
        {"name": "合同到期日", "type": "date"},
        {"name": "采购渠道", "type": "choice", "choices": ["政采云", "校采", "代理商"]},
        {"name": "印刷周期", "type": "text"},
    ],
}  # fmt: skip
