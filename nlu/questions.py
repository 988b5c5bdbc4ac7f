"""Questions: what is asked about, of which time, narrowed to what, shown how."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from nlu.clauses import Clause
from nlu.dates import Tense
from nlu.drafts import Draft
from nlu.frames.deals import fitting_deals
from nlu.scene import Mention
from nlu.sections import Setting, resolve
from nlu.tenses import day_of

METRICS = (
    ("overdue", re.compile(r"逾期|超期未[付回]|过期未[付回]")),
    ("attainment", re.compile(r"(?:完成|达成)率|目标[^,，]{0,4}(?:完成|达成|差)|(?:完成|达成)[^,，]{0,4}(?:目标|进度|情况|多少)|离目标|达标")),
    ("win_rate", re.compile(r"赢单率|赢率|中标率|成单率|胜率|成交率")),
    ("conversion", re.compile(r"转化")),
    ("average_deal", re.compile(r"客单价|平均[^,，]{0,4}(?:单价|成交额|成交金额|金额|合同额)|单均|均单")),
    ("cycle", re.compile(r"(?:成交|销售|成单|签单|赢单)(?:的?平均)?周期|平均周期|周期多[长久]|多[久长](?:时间)?(?:能)?(?:成交|成单)")),
    ("new_customers", re.compile(r"新[增签][^,，]{0,6}客户|新客户|新开[^,，]{0,4}客户|[开拓]了[^,，]{0,4}客户|客户新增|拓客")),
    ("new_deals", re.compile(r"新增[^,，]{0,6}(?:商机|项目|单子)|新(?:建|的)?[^,，]{0,3}商机|商机新增")),
    ("forecast", re.compile(r"预测|预计(?:能|可以|会)?(?:做|完成|签|成交)|能做(?:到)?多少|能签多少")),
    ("receivables", re.compile(r"应收|[还总共一]?欠(?:我们|咱们?|款|了|多少|着|账)|[未没待]回款|没[收回][^,，]{0,4}款|账款|没付")),
    ("collections", re.compile(r"回款|收款|到账|收了多少钱|回了多少|收回")),
    ("pipeline", re.compile(r"漏斗|在手|商机[^,，]{0,4}(?:金|总)额|管道|pipeline|在跟[^,，]{0,5}金额|储备|总盘|商机[^,，]{0,2}盘子", re.I)),
    ("activities", re.compile(r"跑客户|跑得|(?:拜访|跟进|走访|活动|电话)[^,，]{0,3}(?:量|次数|数量?|频次|排名|几次|多少)|拜访了?[^,，]{0,4}(?:多少|几)|[跑见]了(?:多少|几)|(?:多少|几)次?[^,，]{0,3}(?:拜访|跟进|走访)")),
    ("sales", re.compile(r"销售额|业绩|签单|卖[了出得]|成交(?:额|金额|了?多少)|签了多少|销量|签约|营收|销售(?=[^,，员部组管中]|$)|做了多少|合同额|出单|收入|开单|单量|流水")),
)  # fmt: skip
_ABOUTS = (
    ("approvals", re.compile(r"审批|待批|待我批|等我批|要我批|要批|没批|审核")),
    ("stalled", re.compile(r"停滞|没动静|没进展|卡住|僵尸|多久没(?:跟进|动)|[天周月]没(?:跟进|动|联系|推进)|不动了|沉睡|太久没|没人跟|长期未")),
    ("pool", re.compile(r"公海|客户池|共享池")),
    ("leads", re.compile(r"线索")),
    ("tickets", re.compile(r"工单|报修|售后单|投诉")),
    ("expenses", re.compile(r"报销|花销|费用|差旅费")),
    ("contacts", re.compile(r"联系人|联系方式|电话(?:是?多少|号)|对接人|谁(?:在)?(?:负责|拍板|对接|管)|关键人|[都有]哪些人|有谁|找谁|微信多少|号码")),
    ("tasks", re.compile(r"待办|任务|要做[什啥]|有[啥什]么?(?:事|安排|要做)|[还要该]有?(?:什么|啥|哪些)(?:没做|要做|事)|日程|该做|未办|到期的?事")),
    ("quotes", re.compile(r"报价|报过[^,，]{0,4}价|报了?[^,，]{0,3}(?:多少|什么价)")),
    ("contracts", re.compile(r"合同|签过|协议")),
    ("payments", re.compile(r"(?:回款|付款|打款|收款)(?:记录|明细|计划|清单|情况|列表)|哪[几些][^,，]{0,4}(?:回款|款)|付过|付了哪|付款|回款[^,，]{0,4}哪")),
    ("activities", re.compile(r"(?:跟进|拜访|沟通|走访|联系|往来|活动|聊天)(?:记录|情况|历史|明细|日志|动态)?|上次[^,，]{0,8}(?:聊|谈|见|去|说)|去过|见过|最近一次|聊[了过]")),
    ("deals", re.compile(r"商机|单子|项目|那单|这单|的单|阶段|机会|进展到|到哪(?:一)?步|推进到|标")),
    ("customer", re.compile(r"情况|怎么?样|啥样|如何|近况|动态|进展|概况|档案|资料|什么(?:来头|背景)|介绍|信息|现状|怎么说|客户|背景|几级|评级|啥进度")),
)  # fmt: skip
_ASKS = re.compile(
    r"多少|几[个次家条单笔份张位号]|哪[些个家几位]|什么|啥|怎么样|怎样|如何|吗(?![啡])|[?？]|有没有|是不是|有无|谁|排名|排行|排个名|排一?[下排个]|排序|走势|趋势|漏斗|分布|占比|比例|统计|查[一下询]?|(?<![去来人过])看(?:看|一下|下)|[让给]我看|列[一下出]|清单|明细|汇总|对比|多长|多久|如何|到哪|情况(?=$|如何|怎)|呢$|率(?=$|[,，。多是])|拉[一个]|名单"
)
_ORDERS = re.compile(
    r"提醒|记[一录个]|新[建增]?(?:一个)?(?:客户[:：]|联系人[:：]|商机[:：])|改[成为到]|转给|推到|加[个一条]|帮我(?:建|加|开|报|改)|让我|要我|标成|设[成为]|登记|补记|录入|更新[一为成]"
)
_TOLD = re.compile(
    r"(?:拜访|见|去|聊|打|谈|吃|签|到|开|发)了(?![^,，]{0,10}(?:多少|几|哪|什么|啥|吗))|说(?!什么|啥|了什么|一下|说|明)|今天去|刚|预算Ⓐ|Ⓐ"
)
_NOUN_END = re.compile(
    r"(?:联系人|商机|合同|待办|任务|工单|线索|公海|审批|报价|跟进记录|拜访记录|回款记录|应收|欠款|逾期|金额|总额|数量|[率量额数]|业绩|回款|客单价|周期|漏斗|预测|走势|趋势|排名|排行|分布|占比|清单|明细|销售|情况|进度|单子|报销|安排|原因)$"
)
_VIEWS = (
    ("funnel", re.compile(r"漏斗")),
    ("ranking", re.compile(r"排名|排行|排个?[名序]|排一?下|排一排|排[个座]|按[^,，]{1,4}排|前[三五十\d]|最[多高好少差低勤快慢]|榜|TOP|top|垫底|第一名")),
    ("trend", re.compile(r"趋势|走势|曲线|变化|逐[月周日]|每[月周天][^,，]{0,4}(?:多少|情况)|环比")),
    ("distribution", re.compile(r"占比|分布|构成|比例|比重|结构")),
    ("list", re.compile(r"列[一下出表个]|清单|明细|名单|罗列|列$")),
)  # fmt: skip
_GROUPS = (
    ("lost_reason", "(?:丢单|输单|丢标|失败|流失|输|丢)(?:的)?原因"),
    ("team", "团队|小组|组|部门|战队"),
    ("region", "区域|大区|地区|片区|省份?|区"),
    ("product", "产品线?|品类|品种|型号"),
    ("stage", "阶段"),
    ("industry", "行业"),
    ("source", "来源|渠道"),
    ("user", "销售(?![额量收])(?:人员|员)?|业务员|人员|个人|成员|同事|人|员工"),
    ("month", "月份?"),
    ("week", "周|星期"),
    ("day", "天|日"),
)
_GROUP = re.compile(
    "|".join(
        f"(?P<g_{name}>(?:按照?|各个?|每个?|分|以|逐|不同)(?:{words})|(?:{words})(?:拆分|维度|分组|分开|来看|排名|排行|占比|分布))"
        for name, words in _GROUPS
    )
)
_ME = re.compile(r"我(?!们|司|方|看|说|想|要看|查|问|列|发)|本人|自己")
_NOT_ME = re.compile(r"(?:[给帮替让跟]|发给|告诉|提醒)我|我(?:想|要)?(?:看|查|问|知道|了解)")
_US = re.compile(r"(?:我们|咱们?|本|我)(?:组|团队|小组|队|部门)|团队|组里|全组|部门(?!排)")
_FOLLOW = re.compile(
    r"呢[?？]?$|^(?:那|那么|再|换成?|换|改成?|只看|按|如果)|^(?:上|本|这|去|今|前)[个]?[年月周季]|拆开|再看|也看"
)
_GRADE = re.compile(r"(?P<g>[A-DS])\s*[级类]")


def is_question(setting: Setting, clauses: list[Clause]) -> bool:
    """Whether the message asks rather than tells."""
    text = setting.raw.strip()
    if len(text) > 60 or len(clauses) > 4 or not clauses:
        return False
    shape = "，".join(c.shape for c in clauses)
    if _ORDERS.search(shape) and not re.search(r"[?？]|多少|哪些", text):
        return False
    if "Ⓐ" in shape and not re.search(r"[?？]|多少|哪些|以上|超过|大于", shape):
        return False
    if _ASKS.search(text):
        return (
            not _TOLD.search(shape)
            or re.search(r"[?？]$|多少[^,，]{0,3}$|哪些$|什么$|吗$", text) is not None
        )
    head = text.strip("。.!！ ")
    return (
        _NOUN_END.search(head) is not None
        and not _TOLD.search(shape)
        and not re.search(r"[改推转加建交签给发开提记领放]|Ⓕ|申请", shape)
    )


def questions(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    """The queries, or one ask with options, that a question is."""
    base = _common(setting, clauses)
    if "options" in base.slots:
        return [base]
    metrics = _metrics(setting.raw)
    about = _about(setting, clauses, metrics, base)
    if about != "metric":
        return [_plain_query(base, about, setting, clauses)] if about else []
    drafts = []
    for metric, start, end in metrics:
        draft = Draft("query", 0, dict(base.slots), dict(base.spans))
        draft.put("about", "metric")
        draft.put("metric", metric, (start, end))
        _period(draft, setting, clauses, metric)
        _shown(draft, setting.raw)
        drafts.append(draft)
    return drafts


def _common(setting: Setting, clauses: list[Clause]) -> Draft:
    """Customer and filters, which every query of the message shares."""
    draft = Draft("query", 0)
    filters: dict[str, Any] = {}
    figures = _metrics(setting.raw)
    for clause in clauses:
        for mention in clause.mentions:
            if mention.kind == "customer" and "customer" not in draft.slots:
                ids = resolve(setting, mention, clause)
                draft.put(
                    "customer" if len(ids) == 1 else "options",
                    ids[0] if len(ids) == 1 else list(ids),
                    mention,
                )
            elif mention.kind in ("team", "region", "product", "stage", "industry"):
                if any(start < mention.end and mention.start < end for _, start, end in figures):
                    continue
                filters.setdefault(mention.kind, mention.values[0])
            elif mention.kind == "user":
                filters.setdefault("user", _user(setting, mention))
    text = setting.raw
    grade = _GRADE.search(text)
    if grade:
        filters.setdefault("grade", grade["g"])
    if "user" not in filters and _ME.search(_NOT_ME.sub("", text)):
        filters["user"] = setting.sender.id
    if (
        "team" not in filters
        and "user" not in filters
        and "region" not in filters
        and _US.search(text)
        and not re.search(r"[各按每](?:个)?(?:团队|组|部门)|团队排", text)
    ):
        filters["team"] = setting.sender.team
    if (
        "customer" not in draft.slots
        and "options" not in draft.slots
        and setting.recent
        and re.search(r"他们|她们|这个?客户|这家|那家|它|该客户", text)
    ):
        draft.put("customer", setting.recent[0])
    draft.put("filters", {k: v for k, v in filters.items() if v})
    return draft


def _user(setting: Setting, mention: Mention) -> str:
    if len(mention.values) == 1:
        return mention.values[0]
    mates = [u for u in mention.values if setting.words.users[u].team == setting.sender.team]
    return mates[0] if len(mates) == 1 else ""


def _metrics(text: str) -> list[tuple[str, int, int]]:
    """The figures asked for, in the text's order; two of them only where a joint is between."""
    found: list[tuple[str, int, int]] = []
    for name, pattern in METRICS:
        match = pattern.search(text)
        if match and not any(
            match.start() < end and start < match.end() for _, start, end in found
        ):
            found.append((name, *match.span()))
    if len(found) < 2:
        return found
    primary = found[0]
    ordered = sorted(found, key=lambda item: item[1])
    joined = all(
        re.search(r"[和、,，?？跟及与;；]|还有|以及", text[a[2] - 1 : b[1] + 1])
        for a, b in pairwise(ordered)
    )
    return ordered if joined else [primary]


def _about(
    setting: Setting, clauses: list[Clause], metrics: list[tuple[str, int, int]], base: Draft
) -> str | None:
    text = setting.raw
    listed = next((name for name, pattern in _ABOUTS if pattern.search(text)), None)
    figure = re.search(
        r"多少(?!号)|几[个次家单笔]|[率额量]|排|趋势|走势|占比|分布|漏斗|金额|业绩|周期|多[长久]|客单价|预测",
        text,
    )
    if metrics and (
        figure
        or listed in (None, "customer", "deals")
        or metrics[0][0] in ("overdue", "receivables")
    ):
        if (
            listed in ("payments", "contacts", "pool", "tickets", "leads", "expenses", "approvals")
            and not re.search(r"多少钱|总额|金额|[率]", text)
            and metrics[0][0] not in ("overdue", "attainment")
        ):
            return listed
        if (
            listed == "deals"
            and base.slots.get("customer")
            and metrics[0][0] not in ("receivables", "collections", "overdue")
        ):
            return "deals"
        if (
            re.search(r"哪些|清单|明细|列", text)
            and metrics[0][0] in ("collections", "sales", "activities")
            and listed
            in (
                "payments",
                "contracts",
                "activities",
            )
        ):
            return listed
        return "metric"
    if listed is None and re.search(r"[丢输]单|丢标|流失", text):
        return "deals"
    if listed == "customer" and "customer" not in base.slots:
        return None if not metrics else "metric"
    if listed is None and base.slots.get("customer"):
        return "customer"
    return listed


def _plain_query(base: Draft, about: str, setting: Setting, clauses: list[Clause]) -> Draft:
    draft = Draft("query", 0, dict(base.slots), dict(base.spans))
    draft.put("about", about)
    _period(draft, setting, clauses, None)
    view = next((name for name, pattern in _VIEWS if pattern.search(setting.raw)), None)
    draft.put("view", view if view in ("list", "distribution", "trend") else None)
    if "customer" not in draft.slots:
        draft.put("group_by", _grouped(setting.raw))
    if about in ("deals", "quotes", "contracts") and "customer" in draft.slots:
        _deal(draft, setting)
    filters = draft.slots.get("filters", {})
    if "customer" in draft.slots and about in ("deals", "quotes", "contracts", "tickets"):
        filters = {k: v for k, v in filters.items() if k not in ("product", "industry", "region")}
    if (
        about == "tasks"
        and not filters.get("user")
        and not filters.get("team")
        and "customer" not in draft.slots
    ):
        filters = {**filters, "user": setting.sender.id}
    draft.slots.pop("filters", None)
    draft.put("filters", filters)
    return draft


def _deal(draft: Draft, setting: Setting) -> None:
    """One deal, where the question names it or points to the customer's only one."""
    customer = setting.by_id[str(draft.slots["customer"])]
    if re.search(r"哪些|几个|有没有|多少", setting.raw):
        return
    fitting = fitting_deals(customer, setting.raw, len(customer.deals) > 1)
    pointed = re.search(r"[那这]个?(?:单|项目|商机|标)|单子|阶段", setting.raw)
    if len(fitting) == 1 and (pointed or len(customer.deals) > 1):
        draft.put("deal", fitting[0].id)
    elif pointed and len(customer.deals) == 1:
        draft.put("deal", customer.deals[0].id)
    elif pointed and len(customer.deals) > 1 and not re.search(r"都|这些|那些", setting.raw):
        draft.slots["options"] = [d.id for d in (fitting or customer.deals)]


def _period(draft: Draft, setting: Setting, clauses: list[Clause], metric: str | None) -> None:
    tense: Tense = (
        "plan" if metric == "forecast" or draft.slots.get("about") == "tasks" else "past"
    )
    for clause in clauses:
        for mention in clause.of("date"):
            draft.put("period", day_of(mention, clause, setting, tense), mention)
            return


def _shown(draft: Draft, text: str) -> None:
    """View and grouping of a figure."""
    view = next((name for name, pattern in _VIEWS if pattern.search(text)), None)
    group = _grouped(text)
    if view == "ranking":
        group = group or "user"
    if view == "trend":
        group = group or "month"
    if view == "list" and draft.slots.get("metric") == "pipeline":
        view = "list"
    draft.put("view", view)
    draft.put("group_by", group)


def _grouped(text: str) -> str | None:
    match = _GROUP.search(text)
    if not match:
        return None
    return next((name[2:] for name, value in match.groupdict().items() if value), None)


def follow_up(setting: Setting, clauses: list[Clause], last: list[dict[str, Any]]) -> list[Draft]:
    """A short turn after a question: the earlier one, with what is said now put in."""
    text = setting.raw.strip("。.!！ ")
    if not last or len(text) > 20 or not clauses:
        return []
    common = _common(setting, clauses)
    metrics = _metrics(text)
    group = _grouped(text)
    view = next((name for name, pattern in _VIEWS if pattern.search(text)), None)
    dated = any(c.of("date") for c in clauses)
    filters = common.slots.get("filters", {})
    if not (_FOLLOW.search(text) or group or view) or not (
        metrics or group or view or dated or filters or "customer" in common.slots
    ):
        return []
    if "options" in common.slots:
        return [common]
    return [
        _replaced(setting, clauses, dict(old), common, metrics, group, view) for old in last[:1]
    ]


def _replaced(
    setting: Setting, clauses: list[Clause], old: dict[str, Any], common: Draft,
    metrics: list[tuple[str, int, int]], group: str | None, view: str | None,
) -> Draft:  # fmt: skip
    old.pop("type", None)
    draft = Draft("query", 0, old)
    filters = dict(old.get("filters", {}))
    new = common.slots.get("filters", {})
    if set(new) & {"user", "team", "region"}:
        filters = {k: v for k, v in filters.items() if k not in ("user", "team", "region")}
    filters.update(new)
    draft.slots.pop("filters", None)
    draft.put("filters", filters)
    if "customer" in common.slots:
        draft.slots.pop("deal", None)
        draft.put("customer", common.slots["customer"])
    if metrics:
        draft.put("about", "metric")
        draft.put("metric", metrics[0][0])
    _period(draft, setting, clauses, str(draft.slots.get("metric", "")))
    if view:
        draft.put("view", view)
        group = group or {"ranking": "user", "trend": "month"}.get(view)
    draft.put("group_by", group)
    return draft
