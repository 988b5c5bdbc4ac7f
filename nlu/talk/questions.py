"""Questions: what is asked about, of which time, narrowed to what, shown how."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from nlu import expressions as re
from nlu.calendar.dates import Tense
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.which_deal import fitting_deals
from nlu.scene import TAGS, Mention
from nlu.sections import Setting, resolve
from nlu.talk.asking import Metric, metrics_in, plain_text
from nlu.talk.look_up import unknown_firm
from nlu.talk.measure_words import ABOUTS
from nlu.talk.question_words import (
    CLOSED,
    CUSTOMERS,
    EACH_TEAM,
    FIGURE,
    FROM_WHERE,
    GRADE,
    GROUP,
    HOUSE,
    LISTED,
    LOST,
    ME,
    NOT_ME,
    RETRACTED,
    SUM,
    THAT_CUSTOMER,
    US,
    VIEWS,
    WHICH,
)
from nlu.tenses import day_of

_COUNTED = {"activities": "activities", "payments": "collections"}
"""What a ranking of records counts: 拜访情况按人排."""
_THEM = re.compile("他们|她们|它|客户|[这那]家")
_ONE_CUSTOMERS = ("deals", "quotes", "contracts", "tickets", "customer")


def questions(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    """The queries, or one ask with options, that a question is."""
    text = plain_text(setting, clauses)
    metrics = metrics_in(text)
    base = common(setting, clauses, text)
    about = _about(text, metrics, base)
    if about is None or HOUSE.search(text):
        return []
    _owner_of_person(base, setting, clauses, about)
    firm = None if base.slots.keys() & {"customer", "options"} else unknown_firm(setting, clauses)
    if firm and about not in ("metric", "pool", "stalled"):
        base.put("customer", firm[0], firm[1:])
    if base.slots.keys() & {"options", "users"}:
        return [base]
    if about != "metric":
        return [_plain_query(base, about, setting, clauses, text)]
    drafts = []
    for metric, start, end in metrics:
        draft = Draft("query", 0, dict(base.slots), dict(base.spans))
        draft.put("about", "metric")
        draft.put("metric", metric, (start, end))
        put_period(draft, setting, clauses, metric)
        _shown(draft, text)
        drafts.append(draft)
    return drafts


def common(setting: Setting, clauses: list[Clause], text: str) -> Draft:
    """Customer and filters, which every query of the message shares."""
    draft = Draft("query", 0)
    filters = _named(draft, setting, clauses, text)
    grade = GRADE.search(text)
    if grade:
        filters.setdefault("grade", grade["g"])
    people = filters.keys() & {"team", "user", "region"}
    if "user" not in filters and not people & {"team"} and ME.search(NOT_ME.sub("", text)):
        filters["user"] = setting.sender.id
    if not people and "user" not in filters and US.search(text) and not EACH_TEAM.search(text):
        filters["team"] = setting.sender.team
    nobody = not draft.slots.keys() & {"customer", "options"}
    if nobody and setting.recent and THAT_CUSTOMER.search(text):
        draft.put("customer", setting.recent[0])
    several = _compared(clauses)
    if several:
        filters.pop(several, None)
        draft.put("group_by", several)
    draft.put("filters", {k: v for k, v in filters.items() if v})
    return draft


def _compared(clauses: list[Clause]) -> str:
    """The kind of which two stand side by side: 一组和二组 are shown apart."""
    for clause in clauses:
        for one, other in pairwise(clause.mentions):
            gap = clause.text[one.end - clause.start : other.start - clause.start]
            if (
                one.kind == other.kind
                and one.kind in _COMPARED
                and one.values != other.values
                and re.fullmatch(r"[和跟与、及]|还有|以及|[vV][sS]", gap.strip())
            ):
                return one.kind
    return ""


_COMPARED = frozenset({"user", "team", "region", "product", "industry", "stage"})


def _named(draft: Draft, setting: Setting, clauses: list[Clause], text: str) -> dict[str, Any]:
    """The filters that mentions give; the customer, or those it may be, go into the draft."""
    filters: dict[str, Any] = {}
    taken = [(start, end) for name, start, end in metrics_in(text) if name != "pipeline"]
    back = RETRACTED.search(text)
    for clause, mention in ((c, m) for c in clauses for m in c.mentions):
        if mention.kind == "customer" and "customer" not in draft.slots:
            ids = resolve(setting, mention, clause) or (mention.text,)
            if len(ids) == 1:
                draft.put("customer", ids[0], mention)
            else:
                draft.put("options", list(ids), mention)
        elif mention.kind in ("team", "region", "product", "stage", "industry"):
            if any(start < mention.end and mention.start < end for start, end in taken):
                continue
            if mention.kind == "stage" and text[mention.start] != TAGS["stage"]:
                continue
            if back and mention.start > back.start():
                filters.pop(mention.kind, None)
            filters.setdefault(mention.kind, mention.values[0])
        elif mention.kind == "user":
            _put_user(draft, filters, setting, mention)
    return filters


def _put_user(draft: Draft, filters: dict[str, Any], setting: Setting, mention: Mention) -> None:
    """The colleague asked about; of several by the name the sender's own mate, else a question."""
    meant = setting.settled.get(mention.text) or _user(setting, mention)
    if meant:
        filters.setdefault("user", meant)
    elif "user" not in filters:
        draft.put("users", list(mention.values), mention)


def _user(setting: Setting, mention: Mention) -> str:
    if len(mention.values) == 1:
        return mention.values[0]
    mates = [u for u in mention.values if setting.words.users[u].team == setting.sender.team]
    return mates[0] if len(mates) == 1 else ""


def _owner_of_person(base: Draft, setting: Setting, clauses: list[Clause], about: str) -> None:
    """郑可为电话多少: a full name that just one customer has names the customer."""
    if about not in ("contacts", "customer") or base.slots.keys() & {"customer", "options"}:
        return
    names = {m.named.full for c in clauses for m in c.of("person") if m.named and m.named.full}
    owners = [c.id for c in setting.known.customers if any(p.name in names for p in c.contacts)]
    if len(owners) == 1:
        base.put("customer", owners[0])
    elif owners:
        base.put("options", owners)


def _about(text: str, metrics: list[Metric], base: Draft) -> str | None:
    """What is asked about: a figure, a list, a customer as a whole."""
    whose = bool(base.slots.keys() & {"customer", "options"} or re.search("联系人|通讯录|Ⓟ", text))
    found = (name for name, pattern in ABOUTS if pattern.search(text))
    listed = next((name for name in found if name != "contacts" or whose), None)
    if not metrics and listed in _COUNTED and view_in(text) == "ranking":
        metrics[:] = [(_COUNTED[listed], 0, 0)]
        return "metric"
    if metrics:
        metric = metrics[0][0]
        if view_in(text) == "funnel" and metric == "pipeline":
            return "metric"
        if listed == "approvals" or (listed == "tasks" and metric in ("overdue", "attainment")):
            return "metric" if metric == "attainment" else listed
        if (
            metric == "collections"
            and (LISTED.search(text) or "有没有" in text)
            and view_in(text) in (None, "list")
        ):
            return "payments"
        if metric == "new_deals" and re.search(r"哪些|清单|明细|列", text):
            return "deals"
        if (
            metric in ("overdue", "receivables", "cycle", "average_deal", "win_rate", "conversion")
            or listed in (None, "customer", "deals")
            or FIGURE.search(text)
        ):
            return listed if listed and _rather_listed(listed, metric, text, base) else "metric"
    if listed is None and (LOST.search(text) or "stage" in base.slots.get("filters", {})):
        return "deals"
    if listed == "customer" and "customer" not in base.slots and "options" not in base.slots:
        return "metric" if metrics else "customer" if CUSTOMERS.search(text) else None
    if "customer" in base.slots and "customer" not in base.spans and not _THEM.search(text):
        return listed  # 那个弄好了没 points at something, not at the customer as a whole
    if listed is None and base.slots.keys() & {"customer", "options"}:
        return "customer"
    return listed


def _rather_listed(listed: str, metric: str, text: str, base: Draft) -> bool:
    """Whether a list is meant though a figure's word stands in the text."""
    if listed in ("contacts", "pool", "tickets", "leads", "expenses", "approvals", "stalled"):
        if listed == "contacts" and (view_in(text) or re.search("打|[次趟通]", text)):
            return False
        if not SUM.search(text) and metric not in ("overdue", "attainment", "conversion"):
            return True
    elif listed == "payments":
        plain = view_in(text) in (None, "list")
        return plain and LISTED.search(text) is not None and not SUM.search(text)
    elif listed == "deals" and metric in ("pipeline", "sales", "forecast"):
        if re.search(r"哪[些几]|有什么|有啥|列|清单", text) and not SUM.search(text):
            return True
        return bool(base.slots.get("customer")) and not re.search(r"一共|总共|合计|加起来", text)
    return (
        listed in ("contracts", "activities", "quotes")
        and metric in ("collections", "sales", "activities", "new_deals", "pipeline")
        and LISTED.search(text) is not None
    )


def _plain_query(
    base: Draft, about: str, setting: Setting, clauses: list[Clause], text: str
) -> Draft:
    draft = Draft("query", 0, dict(base.slots), dict(base.spans))
    draft.put("about", about)
    if about != "stalled":
        put_period(draft, setting, clauses, None)
    view = view_in(text)
    draft.put("view", view if view in ("list", "distribution", "trend") else None)
    if "customer" not in draft.slots:
        draft.put("group_by", group_in(text))
    if about in ("deals", "quotes", "contracts", "customer") and "customer" in draft.slots:
        _deal(draft, setting, text)
    filters = draft.slots.pop("filters", {})
    if about == "deals" and not (
        view or {"deal", "group_by"} & draft.slots.keys() or "stage" in filters
    ):
        filters = {**filters, **_closed(setting, text)}
    if "customer" in draft.slots and about in _ONE_CUSTOMERS:
        filters = {k: v for k, v in filters.items() if k not in ("product", "industry", "region")}
    if (
        about == "tasks"
        and not filters.get("user")
        and not filters.get("team")
        and "customer" not in draft.slots
    ):
        filters = {**filters, "user": setting.sender.id}
    draft.put("filters", filters)
    return draft


def _closed(setting: Setting, text: str) -> dict[str, str]:
    """丢了哪些单: the stage of what was lost, 赢了几个单 that of what was won."""
    how = next((name for name, pattern in CLOSED if pattern.search(text)), None)
    words = setting.words
    stage = {"lost": words.lost, "won": words.won}.get(how or "")
    return {"stage": stage} if stage else {}


_MANY = re.compile(
    r"哪些|几[个单笔]|有没有[^,，]{0,4}(?:商机|单|项目|机会)|多少(?=个|单|项目|商机|笔)"
)


def _deal(draft: Draft, setting: Setting, text: str) -> None:
    """One deal, where the question names it or points to the customer's only one."""
    customer = setting.by_id.get(str(draft.slots["customer"]))
    if customer is None or _MANY.search(text):
        return
    about = str(draft.slots["about"])
    fitting = fitting_deals(customer, setting.raw, len(customer.deals) > 1)
    if about == "customer":
        if len(fitting) == 1:
            draft.put("about", "deals")
            draft.put("deal", fitting[0].id)
        return
    pointed = re.search(r"[那这]个?(?:单|项目|商机|标)|阶段|单子?[^,，]{0,3}到|进度", setting.raw)
    if len(fitting) == 1 and (about == "deals" or pointed or len(customer.deals) > 1):
        draft.put("deal", fitting[0].id)
    elif pointed and len(customer.deals) == 1:
        draft.put("deal", customer.deals[0].id)
    elif pointed and len(customer.deals) > 1 and not re.search(r"都|这些|那些", setting.raw):
        draft.slots["options"] = [d.id for d in (fitting or customer.deals)]


def put_period(draft: Draft, setting: Setting, clauses: list[Clause], metric: str | None) -> None:
    """The period asked for: the first date, or the first after what was taken back."""
    ahead = metric == "forecast" or draft.slots.get("about") == "tasks"
    tense: Tense = "plan" if ahead else "past"
    dates = [(c, m) for c in clauses for m in c.of("date") if not _is_length(setting.raw, m)]
    back = RETRACTED.search(setting.raw)
    after = [(c, m) for c, m in dates if back and m.start > back.start()]
    for clause, mention in (after or dates)[:1]:
        draft.put("period", day_of(mention, clause, setting, tense), mention)


def _is_length(text: str, mention: Mention) -> bool:
    """超过两周没跟的: how long, not when."""
    before, after = text[max(0, mention.start - 2) : mention.start], text[mention.end :]
    longer = re.search(r"超过?|多于|大于|满|快$|截[止至]到?$", before)
    return bool(longer or re.match(r"以上|[都还]?[没未]", after))


def _shown(draft: Draft, text: str) -> None:
    """View and grouping of a figure."""
    view, group = view_in(text), group_in(text)
    if view == "ranking":
        group = group or asked_group(text) or draft.slots.get("group_by") or "user"
    if view == "trend":
        group = group or "month"
    if view is None and draft.slots.get("metric") in ("new_customers", "new_deals"):
        group = group or ("source" if FROM_WHERE.search(text) else None)
    draft.put("view", view)
    if "group_by" not in draft.slots or view:
        draft.put("group_by", group)


def view_in(text: str) -> str | None:
    """How the answer is to be shown, if the text says so."""
    return next((name for name, pattern in VIEWS if pattern.search(text)), None)


def group_in(text: str) -> str | None:
    """By what the answer is to be split; after 不，各区域 by that."""
    back = RETRACTED.search(text)
    again = GROUP.search(text, back.end()) if back else None
    return _group(again or GROUP.search(text))


def asked_group(text: str) -> str | None:
    """What a ranking ranks: 哪个区域最好."""
    return _group(WHICH.search(text))


def _group(match: re.Match[str] | None) -> str | None:
    if not match:
        return None
    return next((name[2:] for name, value in match.groupdict().items() if value), None)
