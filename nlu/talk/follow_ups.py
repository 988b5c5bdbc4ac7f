"""A short turn after a question: the earlier one, with what is said now put in."""

from __future__ import annotations

from typing import Any

from nlu import expressions as re
from nlu.calendar.periods import back_a_year
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.sections import Setting
from nlu.talk.asking import metrics_in, names_blanked, plain_text
from nlu.talk.measure_words import ABOUTS
from nlu.talk.question_words import CUSTOMERS, FILLING, FOLLOW, SAME_TIME, THAT_CUSTOMER
from nlu.talk.questions import asked_group, common, group_in, put_period, view_in

LONGEST = 20
LEANING = re.compile("呢|^那|换成|改[成看]|再看|他们|这家|那家|它")
"""What a whole question, with its figure and its time, must say to lean on the one before."""


def follow_up(setting: Setting, clauses: list[Clause], last: list[dict[str, Any]]) -> list[Draft]:
    """The earlier question asked again; none where the turn stands by itself."""
    if not last or len(setting.raw.strip("。.!！ ")) > LONGEST or not clauses:
        return []
    text = plain_text(setting, clauses).strip("。.!！ ")
    shared = common(setting, clauses, text)
    metrics = metrics_in(text)
    view = view_in(text)
    group = group_in(text) or (asked_group(text) if view == "ranking" else None)
    dated = any(c.of("date") for c in clauses) or SAME_TIME.search(text)
    said = metrics or group or view or dated or _names_anew(shared, text)
    listed = None if metrics or group or view else _records(text)
    if not (said or listed) or _is_whole(text, last[0], shared, bool(dated)):
        return []
    led = FOLLOW.search(text) or group or view or _is_bare(text, setting, clauses)
    if not led and not _of_the_same(text, last[0], shared, bool(dated)):
        return []
    if shared.slots.keys() & {"options", "users"}:
        return [shared]
    draft = _replaced(dict(last[0]), shared)
    if metrics:
        draft.put("about", "metric")
        draft.put("metric", metrics[0][0])
    elif listed and not shared.slots.keys() & {"filters", "customer"}:
        for slot in ("metric", "view", "group_by"):
            draft.slots.pop(slot, None)
        draft.put("about", listed)
    if SAME_TIME.search(text) and draft.slots.get("period"):
        draft.put("period", back_a_year(str(draft.slots["period"])))
    else:
        put_period(draft, setting, clauses, str(draft.slots.get("metric", "")))
    if view:
        draft.put("view", view)
        kept = draft.slots.get("group_by") if view == "ranking" else None
        group = group or kept or {"ranking": "user", "trend": "month"}.get(view)
    draft.put("group_by", group)
    return [draft]


def _is_whole(text: str, last: dict[str, Any], shared: Draft, dated: bool) -> bool:
    """Whether the turn says all of a question by itself, and leans on nothing before it."""
    if LEANING.search(text):
        return False
    if CUSTOMERS.search(text):
        return True
    if metrics_in(text):
        return dated or (view_in(text) is not None and last.get("about") != "metric")
    narrowed = dated or bool(shared.slots.keys() & {"filters", "customer"})
    return narrowed and _records(text) is not None


def _names_anew(shared: Draft, text: str) -> bool:
    """Whether whom or what it is about is said; 那个弄好了没 only points at what was spoken of."""
    pointed = THAT_CUSTOMER.search(text) is not None
    return "filters" in shared.slots or ("customer" in shared.slots and not pointed)


def _records(text: str) -> str | None:
    """联系人呢: the records that the turn asks for instead."""
    listed = next((name for name, pattern in ABOUTS if pattern.search(text)), None)
    return listed if listed != "customer" else None


def _of_the_same(text: str, last: dict[str, Any], shared: Draft, dated: bool) -> bool:
    """Whether a bare short question goes on about the customer asked about before."""
    bare = not dated and not shared.slots.keys() & {"filters", "customer", "options", "group_by"}
    return "customer" in last and bare and len(text) <= BARE and not ALL.search(text)


def _is_bare(text: str, setting: Setting, clauses: list[Clause]) -> bool:
    """西南, 本月: nothing but a name or a time."""
    for mention in (m for clause in clauses for m in clause.of("date")):
        text = text.replace(setting.raw[mention.start : mention.end], "")
    return not FILLING.sub("", names_blanked(text))


BARE = 10
ALL = re.compile("公司|全部|所有|总共|一共|各|大家|我们")


def _replaced(old: dict[str, Any], shared: Draft) -> Draft:
    """The earlier query with this turn's filters and customer."""
    old.pop("type", None)
    draft = Draft("query", 0, old)
    filters = dict(old.get("filters", {}))
    new = shared.slots.get("filters", {})
    if set(new) & {"user", "team", "region"}:
        filters = {k: v for k, v in filters.items() if k not in ("user", "team", "region")}
    filters.update(new)
    draft.slots.pop("filters", None)
    draft.put("filters", filters)
    if "customer" in shared.slots:
        draft.slots.pop("deal", None)
        draft.put("customer", shared.slots["customer"])
    return draft
