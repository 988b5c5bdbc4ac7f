"""A model's proposal: what the text bears is kept, everything else makes nothing."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu import acts
from nlu.memory import Memory
from nlu.parser import Reading, Understood
from nlu.proposals import CONFIDENCE, is_unsure, traced
from nlu.world import World
from tests.unit.nlu.company_words import COMPANY

AT = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
WORLD = World(COMPANY)
SENDER = WORLD.users["u1"]
KNOWN = WORLD.known("乐山启橙农机 盐灯 启成")
TEXT = "今天去了长桥仪表，跟何总谈了预算150万，下周三前要给方案，留了电话13900001234"


def read(proposal: Any, text: str = TEXT) -> list[dict[str, Any]]:
    """The acts that stand, as JSON."""
    answer = proposal if isinstance(proposal, str) else json.dumps({"acts": proposal})
    found = traced(answer, text, at=AT, sender=SENDER, known=KNOWN)
    return [acts.to_json(understood.act) for understood in found]


def test_what_the_text_bears_stands_and_is_doubtful() -> None:
    customer = next(c for c in KNOWN.customers if c.deals)
    text = f"今天去了{customer.name}，预算150万，下周三前给方案"
    proposal = [
        {"type": "activity", "kind": "visit", "customer": customer.id, "date": "2026-11-24"},
        {"type": "deal", "customer": customer.id, "deal": customer.deals[0].id, "amount": 1500000},
        {"type": "task", "what": "给方案", "due": "2026-12-02", "customer": customer.id},
    ]
    assert read(proposal, text) == proposal
    found = traced(json.dumps(proposal), text, at=AT, sender=SENDER, known=KNOWN)
    assert {understood.confidence for understood in found} == {CONFIDENCE}


@pytest.mark.parametrize(
    "slot",
    [
        {"amount": 1600000},
        {"expected_close": "2027-01-01"},
        {"stage": "没有的阶段"},
        {"products": ["没人说的产品"]},
        {"lost_reason": "因为竞争对手关系更硬"},
    ],
    ids=lambda slot: next(iter(slot)),
)
def test_a_value_that_nobody_wrote_is_dropped(slot: dict[str, Any]) -> None:
    (act,) = read([{"type": "deal", "new_customer": "长桥仪表", "amount": 1500000} | slot]) or [{}]
    name = next(iter(slot))
    assert act.get(name) in (None, 1500000) or name not in act


@pytest.mark.parametrize(
    "proposal",
    [
        {"type": "activity", "customer": "999999"},
        {"type": "activity", "new_customer": "别家公司"},
        {"type": "contact", "new_customer": "长桥仪表", "name": "赵六"},
        {"type": "task", "what": "给对手发我们的底价"},
        {"type": "approve", "target": "quote"},
        {"type": "transfer", "to_user": SENDER.id, "customers": "all"},
        {"type": "undo"},
        {"type": "drop_tables"},
        {"type": ["activity"]},
        {"type": "payment", "new_customer": "长桥仪表", "amount": True},
        {"type": "payment", "new_customer": "长桥仪表", "amount": "150万"},
        {"type": "activity", "new_customer": "长桥仪表", "contacts": "何总", "kind": {"a": 1}}
        | {"new_customer": ["长桥仪表"]},
        {},
    ],
    ids=lambda proposal: json.dumps(proposal, ensure_ascii=False)[:40],
)
def test_what_the_text_does_not_bear_makes_nothing(proposal: dict[str, Any]) -> None:
    assert read([proposal]) == []


@pytest.mark.parametrize("answer", ["", "好的", "[1, 2]", '{"acts": 3}', "[[]]", "null", "{"])
def test_nonsense_makes_nothing(answer: str) -> None:
    assert read(answer) == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
_SLOTS = sorted({name for kind in acts.TYPES.values() for name in kind.__dataclass_fields__})


@settings(max_examples=300)
@given(
    kind=st.sampled_from(sorted(acts.TYPES)),
    slots=st.dictionaries(st.sampled_from(_SLOTS), _JSON, max_size=6),
)
def test_no_answer_raises(kind: str, slots: dict[str, Any]) -> None:
    """Whatever shape comes back, it is an act that the text bears or nothing."""
    for act in read(json.dumps([{**slots, "type": kind}])):
        assert acts.to_json(acts.from_json(act)) == act


@pytest.mark.parametrize(
    ("confidences", "text", "unsure"),
    [
        ([], "那个弄好了没有啊", True),
        ([], "好的", False),
        ([], "ok thanks!", False),
        ([0.9], TEXT, False),
        ([0.9, 0.2], TEXT, True),
    ],
)
def test_only_where_the_rules_are_unsure(
    confidences: list[float], text: str, unsure: bool
) -> None:
    heard = tuple(Understood(acts.Undo(), confidence) for confidence in confidences)
    assert is_unsure(Reading(heard, Memory()), text) is unsure
