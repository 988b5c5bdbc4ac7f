"""Who works at the demo company and what it sells."""

from __future__ import annotations

from typing import NamedTuple

NAME = "澜舟智控自动化有限公司"
EAST, SOUTH = "t02", "t03"

TEAMS = (
    ("t01", "销售中心", None, "u01"),
    (EAST, "华东组", "t01", "u02"),
    (SOUTH, "华南组", "t01", "u07"),
)
"""Id, name, the team above, who leads it."""


class Person(NamedTuple):
    """Somebody at the company; `month_wan` is the monthly sales target in 万 (0: none)."""

    id: str
    account: str
    name: str
    role: str
    team: str
    region: str | None
    month_wan: int = 0


PEOPLE = (
    Person("u01", "zhoumingyuan", "周明远", "director", "t01", None),
    Person("u02", "wangmin", "王敏", "manager", EAST, "华东"),
    Person("u03", "liqiang", "李强", "rep", EAST, "华东", 150),
    Person("u04", "chenjing", "陈静", "rep", EAST, "华东", 130),
    Person("u05", "zhaopeng", "赵鹏", "rep", EAST, "华东", 120),
    Person("u06", "guchen", "顾晨", "rep", EAST, "华东", 100),
    Person("u07", "linhaitao", "林海涛", "manager", SOUTH, "华南"),
    Person("u08", "guozihao", "郭子豪", "rep", SOUTH, "华南", 140),
    Person("u09", "wujiayi", "吴佳怡", "rep", SOUTH, "华南", 120),
    Person("u10", "liangyuhang", "梁宇航", "rep", SOUTH, "华南", 90),
    Person("u11", "shenyue", "沈悦", "finance", "t01", None),
    Person("u12", "hanbing", "韩冰", "admin", "t01", None),
)
REPS = tuple(person for person in PEOPLE if person.role == "rep")
FIRST_REPS = ("u03", "u08")  # one of each team: what must happen today happens to them

STAGES = ("初步接触", "需求确认", "方案呈现", "商务谈判", "合同会签")
WON, LOST = "赢单", "输单"

PRODUCTS = {
    "柔性装配线": (90, 240, ("装配线新建", "三号装配线", "柔性线升级")),
    "机器人上下料": (25, 80, ("机加上下料", "冲压上下料", "上下料自动化")),
    "焊接工作站": (35, 120, ("焊装单元", "焊接站扩产", "点焊工位改造")),
    "视觉检测站": (15, 60, ("外观检测", "尺寸在线检测", "视觉替代人检")),
    "伺服压机": (12, 45, ("压装工位", "压机替换", "压装质量追溯")),
    "自动搬运车": (30, 110, ("厂内物流", "线边配送", "立库对接搬运")),
    "产线改造": (40, 130, ("老线改造", "节拍提升改造", "二期产线改造")),
    "数据采集系统": (10, 50, ("设备联网", "看板与采集", "能耗采集")),
    "年度维保": (5, 18, ("年度维保", "备件与维保", "维保续签")),
}
"""Usual price from and to, in 万, and what such deals are called."""

COMPETITORS = ("西门子", "科臻自动化", "瑞鼎智能", "博昂装备", "远拓机器人")
LOST_REASONS = ("价格高", "交期长", "项目取消", "预算推迟", "客户自研", "关系不到位")
FIELDS = (
    {"name": "产线数量", "type": "number", "choices": []},
    {"name": "账期", "type": "choice", "choices": ["30天", "60天", "90天"]},
    {"name": "合同到期日", "type": "date", "choices": []},
)
SIZES = ("100人以下", "100-300人", "300-1000人", "1000人以上")
