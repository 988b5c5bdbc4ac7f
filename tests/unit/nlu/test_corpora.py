"""Eleven trades read whole: no worse than they were read before."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nlu.offline import parse_messages
from tests.unit.nlu.scoring import is_exact, share, writes_wrongly

CORPORA = Path(__file__).parents[2] / "corpora"
EXACT = {
    "beauty": 0.84, "enviro": 0.97, "events": 0.96, "furniture": 0.98, "hrtax": 0.97,
    "lifts": 0.96, "liquor": 0.96, "packaging": 1.0, "robots": 0.99, "security": 0.97,
    "steel": 0.99,
}  # fmt: skip
"""The share of messages that must be read exactly. All but `beauty` were developed on."""
WRONG = {
    "beauty": 0.072, "enviro": 0.0, "events": 0.028, "furniture": 0.019, "hrtax": 0.008,
    "lifts": 0.019, "liquor": 0.024, "packaging": 0.0, "robots": 0.0, "security": 0.008,
    "steel": 0.0,
}  # fmt: skip
"""The share of messages of which anything may be written down that isn't so."""
TRADES = sorted(path.parent.name for path in CORPORA.glob("*/world.json"))


@cache
def readings(trade: str) -> list[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """The acts found and the acts wanted of each message."""
    folder = CORPORA / trade
    world = json.loads((folder / "world.json").read_text(encoding="utf-8"))
    lines = (folder / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    messages = [json.loads(line) for line in lines if line.strip()]
    found = parse_messages(world, messages)
    return [(got["acts"], said["acts"]) for got, said in zip(found, messages, strict=True)]


@pytest.mark.parametrize("trade", TRADES)
def test_a_trade_is_read_as_well_as_before(trade: str) -> None:
    exact = share(is_exact(found, wanted) for found, wanted in readings(trade))
    assert exact >= EXACT[trade]


@pytest.mark.parametrize("trade", TRADES)
def test_a_trade_is_written_down_no_more_wrongly(trade: str) -> None:
    assert (
        share(writes_wrongly(found, wanted) for found, wanted in readings(trade)) <= WRONG[trade]
    )
