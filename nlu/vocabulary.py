"""The company's words with their natural short forms, derived by rule and compiled once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nlu.forms import Forms
from nlu.known import KnownField, Person, Vocabulary
from nlu.naming.name_words import KINDS, TRADES
from nlu.naming.ordinary import is_word

GENERIC = frozenset(
    [
        "服务",
        "系统",
        "设备",
        "平台",
        "方案",
        "产品",
        "工程",
        "项目",
        "全自",
        "自动",
        "全自动",
        "分析",
        "定量",
        "检测",
        "精密",
        "高速",
        "智能",
        "高温",
        "低温",
        "数字",
        "数据",
        "管理",
        "解决",
        "材料",
        "技术",
        "专用",
        "通用",
        "工业",
        "商用",
        "家用",
        "新型",
        "标准",
        "定制",
        "高端",
        "大型",
        "小型",
        "单元",
        "综合",
        "一体",
        "一体化",
        "整体",
        "配套",
        "相关",
        "软件",
        "硬件",
        "仪器",
        "机器",
        "运营",
        "咨询",
        "支持",
        "年度",
        "基础",
        "高级",
        "企业",
        "标准版",
        "专业",
        "专业版",
        "企业版",
        "旗舰版",
        "模块",
        "套装",
        "组件",
        "装置",
        "控制",
        "生产",
        "加工",
        "测试",
        "培训",
        "实施",
        "安装",
        "运维",
        "维护",
        "用品",
        "配件",
        "耗品",
        "预算",
        "立项",
        "商务",
        "订单",
        "付款",
        "回款",
        "联系",
        "拜访",
        "单位",
        "公司",
        "客户",
        "合同",
        "报价",
        "采购",
        "人员",
        "电子",
        "电动",
        "自营",
        "国产",
        "进口",
        "手动",
        "液压",
    ]
)
"""Words that many things' names hold: alone they name none of them."""
_FIELD_ENDS = (
    "到期日",
    "截止日",
    "到期时间",
    "天数",
    "台数",
    "数量",
    "金额",
    "等级",
    "方式",
    "日期",
    "情况",
    "类型",
    "人数",
    "日",
    "数",
)
_TEAM_ENDS = ("组", "团队", "部", "队")
_ASCII = re.compile(r"[A-Za-z][A-Za-z0-9\-]+")


@dataclass(frozen=True, slots=True)
class Word:
    """What a form stands for; `short` when the form isn't the whole name."""

    kind: str
    value: str
    short: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Everything compiled from one vocabulary."""

    forms: Forms
    users: dict[str, Person]
    fields: dict[str, KnownField]
    won: str
    lost: str
    products_of: dict[str, frozenset[str]]
    """Which products a deal's name holds, learned name by name."""


def words_of(vocabulary: Vocabulary) -> Words:
    """The compiled words, made at the first call and kept on the vocabulary."""
    made = vocabulary.cache.get("words")
    if not isinstance(made, Words):
        stages = vocabulary.stages
        made = Words(
            forms=Forms(_entries(vocabulary)),
            users={user.id: user for user in vocabulary.users},
            fields={known.name: known for known in vocabulary.fields},
            won=stages[-2] if len(stages) > 1 else "",
            lost=stages[-1] if stages else "",
            products_of={},
        )
        vocabulary.cache["words"] = made
    return made


def _entries(vocabulary: Vocabulary) -> Iterator[tuple[str, object]]:
    for name in vocabulary.stages:
        yield name, Word("stage", name)
    for name in vocabulary.products:
        yield name, Word("product", name)
    yield from _unique("product", vocabulary.products, _parts)
    for name in vocabulary.competitors:
        yield name, Word("rival", name)
    yield from _unique("rival", vocabulary.competitors, _firm_parts)
    for known in vocabulary.fields:
        yield from _field_forms(known)
    yield from _user_forms(vocabulary.users)
    yield from _places(vocabulary)


def _unique(kind: str, names: Iterable[str], parts: object) -> Iterator[tuple[str, object]]:
    """Short forms that stand for one name only, or for the few that share them."""
    cut = parts if callable(parts) else _parts
    by_name = {name: set(cut(name)) - {name} for name in names}
    counts = Counter(form for forms in by_name.values() for form in forms)
    for name, forms in by_name.items():
        for form in forms:
            if counts[form] == 1 and form not in GENERIC and form not in by_name:
                yield form, Word(kind, name, True)


def _parts(name: str) -> set[str]:
    """Pieces of a thing's name, one with its last character (生化 + 仪), and 质检 for 质量检测."""
    ascii_parts = {part for part in _ASCII.findall(name) if len(part) >= 2}
    chinese = [piece for piece in re.split(r"[^\u4e00-\u9fff]+", name) if piece]
    found = set(ascii_parts)
    for piece in chinese:
        size = len(piece)
        found |= {piece[start:end] for start in range(size) for end in range(start + 2, size + 1)}
        if size == 4:
            found |= {
                form for form in (piece[0] + piece[2], piece[0] + piece[3]) if not is_word(form)
            }
    last = name[-1]
    if "\u4e00" <= last <= "\u9fff":
        found |= {part + last for part in list(found) if not part.endswith(last)}
    return {part for part in found if part not in GENERIC}


def _firm_parts(name: str) -> set[str]:
    ends = (*TRADES, *KINDS, "科学", "集团", "公司", "股份", "中国")
    for end in sorted(ends, key=len, reverse=True):
        if name.endswith(end) and len(name) - len(end) >= 2:
            return {name[: -len(end)]}
    return {name[:2]} if len(name) >= 4 and name[0] >= "\u4e00" else set()


def _field_forms(known: KnownField) -> Iterator[tuple[str, object]]:
    yield known.name, Word("field", known.name)
    for end in _FIELD_ENDS:
        if known.name.endswith(end) and len(known.name) - len(end) >= 2:
            stem = known.name[: -len(end)]
            if stem not in GENERIC:
                yield stem, Word("field", known.name, True)
            break
    for choice in known.choices:
        yield choice, Word("choice", f"{known.name}\0{choice}")


def _user_forms(users: Iterable[Person]) -> Iterator[tuple[str, object]]:
    for user in users:
        name = user.name
        yield name, Word("user", user.id)
        if len(name) == 3:
            yield name[1:], Word("user", user.id, True)
        yield f"小{name[0]}", Word("user", user.id, True)
        yield f"老{name[0]}", Word("user", user.id, True)
        if user.role in ("manager", "director"):
            for title in ("经理", "总", "主管", "总监"):
                yield name[0] + title, Word("user", user.id, True)


def _places(vocabulary: Vocabulary) -> Iterator[tuple[str, object]]:
    users = vocabulary.users
    for team in dict.fromkeys((*vocabulary.teams, *(user.team for user in users))):
        yield team, Word("team", team)
        for end in _TEAM_ENDS:
            if team.endswith(end) and len(team) > len(end) + 1:
                stem = team[: -len(end)]
                yield from ((stem + other, Word("team", team)) for other in ("组", "团队", "队"))
    for region in dict.fromkeys((*vocabulary.regions, *(user.region for user in users))):
        yield region, Word("region", region)
        yield f"{region}区", Word("region", region)
        yield f"{region}大区", Word("region", region)
        yield f"{region}区域", Word("region", region)
        yield f"{region}地区", Word("region", region)
    for industry in vocabulary.industries:
        yield industry, Word("industry", industry)
