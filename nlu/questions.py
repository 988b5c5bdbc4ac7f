"""Questions: what is asked about, of which time, narrowed to what, shown how."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from nlu.clauses import Clause
from nlu.dates import Tense
from nlu.drafts import Draft
from nlu.frames.deals import fitting_deals
from nlu.question_words import (
    ABOUTS,
    ASKS,
    EACH_TEAM,
    FIGURE,
    FOLLOW,
    GRADE,
    GROUP,
    LISTED,
    LOST,
    ME,
    METRICS,
    NOT_ME,
    NOUN_END,
    ORDERS,
    SUM,
    THAT_CUSTOMER,
    TOLD,
    US,
    VIEWS,
)
from nlu.scene import Mention
from nlu.sections import Setting, resolve
from nlu.tenses import day_of


def is_question(setting: Setting, clauses: list[Clause]) -> bool:
    """Whether the message asks rather than tells."""
    text = setting.raw.strip()
    if len(text) > 60 or len(clauses) > 4 or not clauses:
        return False
    shape = "，".join(c.shape for c in clauses)
    if ORDERS.search(shape) and not re.search(r"[?？]|多少|哪些", text):
        return False
    if "Ⓐ" in shape and not re.search(r"[?？]|多少|哪些|以上|超过|大于", shape):
        return False
    if ASKS.search(text):
        return (
            not TOLD.search(shape)
            or re.search(r"[?？]$|多少[^,，]{0,3}$|哪些$|什么$|吗$", text) is not None
        )
    head = text.strip("。.!！ ")
    return (
        NOUN_END.search(head) is not None
        and not TOLD.search(shape)
        and not re.search(r"[改推转加建交签给发开提记领放扔退丢]|Ⓕ|申请", shape)
    )


def questions(setting: Setting, clauses: list[Clause]) -> list[Draft]:
    """The queries, or one ask with options, that a question is."""
    base = _common(setting, clauses)
    if "options" in base.slots:
        return [base]
    metrics = _metrics(setting.raw)
    about = _about(setting, metrics, base)
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
    filters = _named(draft, setting, clauses)
    text = setting.raw
    grade = GRADE.search(text)
    if grade:
        filters.setdefault("grade", grade["g"])
    if "user" not in filters and ME.search(NOT_ME.sub("", text)):
        filters["user"] = setting.sender.id
    if (
        not filters.keys() & {"team", "user", "region"}
        and US.search(text)
        and not EACH_TEAM.search(text)
    ):
        filters["team"] = setting.sender.team
    if (
        not draft.slots.keys() & {"customer", "options"}
        and setting.recent
        and THAT_CUSTOMER.search(text)
    ):
        draft.put("customer", setting.recent[0])
    draft.put("filters", {k: v for k, v in filters.items() if v})
    return draft


def _named(draft: Draft, setting: Setting, clauses: list[Clause]) -> dict[str, Any]:
    """The filters that mentions give; the customer, or those it may be, go into the draft."""
    filters: dict[str, Any] = {}
    figures = _metrics(setting.raw)
    for clause, mention in ((c, m) for c in clauses for m in c.mentions):
        if mention.kind == "customer" and "customer" not in draft.slots:
            ids = resolve(setting, mention, clause) or (mention.text,)
            if len(ids) == 1:
                draft.put("customer", ids[0], mention)
            else:
                draft.put("options", list(ids), mention)
        elif mention.kind in ("team", "region", "product", "stage", "industry"):
            if not any(start < mention.end and mention.start < end for _, start, end in figures):
                filters.setdefault(mention.kind, mention.values[0])
        elif mention.kind == "user":
            filters.setdefault("user", _user(setting, mention))
    return filters


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


def _about(setting: Setting, metrics: list[tuple[str, int, int]], base: Draft) -> str | None:
    """What is asked about: a figure, a list, a customer as a whole."""
    text = setting.raw
    listed = next((name for name, pattern in ABOUTS if pattern.search(text)), None)
    if metrics and metrics[0][0] == "collections" and LISTED.search(text):
        return "payments"
    if metrics:
        metric = metrics[0][0]
        if (
            metric in ("overdue", "receivables")
            or listed in (None, "customer", "deals")
            or FIGURE.search(text)
        ):
            return listed if listed and _rather_listed(listed, metric, text, base) else "metric"
    if listed is None and LOST.search(text):
        return "deals"
    if listed == "customer" and "customer" not in base.slots:
        return "metric" if metrics else None
    if listed is None and base.slots.get("customer"):
        return "customer"
    return listed


def _rather_listed(listed: str, metric: str, text: str, base: Draft) -> bool:
    """Whether a list is meant though a figure's word stands in the text."""
    if listed in ("payments", "contacts", "pool", "tickets", "leads", "expenses", "approvals"):
        if not SUM.search(text) and metric not in ("overdue", "attainment"):
            return True
    elif listed == "deals":
        dues = ("receivables", "collections", "overdue")
        return bool(base.slots.get("customer")) and metric not in dues
    return (
        listed in ("payments", "contracts", "activities")
        and metric in ("collections", "sales", "activities")
        and LISTED.search(text) is not None
    )


def _plain_query(base: Draft, about: str, setting: Setting, clauses: list[Clause]) -> Draft:
    draft = Draft("query", 0, dict(base.slots), dict(base.spans))
    draft.put("about", about)
    _period(draft, setting, clauses, None)
    view = next((name for name, pattern in VIEWS if pattern.search(setting.raw)), None)
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
    customer = setting.by_id.get(str(draft.slots["customer"]))
    if customer is None or re.search(r"哪些|几个|有没有|多少", setting.raw):
        return
    fitting = fitting_deals(customer, setting.raw, len(customer.deals) > 1)
    pointed = re.search(r"[那这]个?(?:单|项目|商机|标)|单子|阶段", setting.raw)
    if (len(fitting) == 1 and str(draft.slots["about"]) == "deals") or (
        len(fitting) == 1 and (pointed or len(customer.deals) > 1)
    ):
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
    view = next((name for name, pattern in VIEWS if pattern.search(text)), None)
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
    match = GROUP.search(text)
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
    view = next((name for name, pattern in VIEWS if pattern.search(text)), None)
    dated = any(c.of("date") for c in clauses)
    filters = common.slots.get("filters", {})
    if not (FOLLOW.search(text) or group or view) or not (
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
