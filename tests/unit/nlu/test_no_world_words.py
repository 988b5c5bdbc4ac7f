"""The code knows Chinese and selling, not the names of a corpus' world."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CORPUS = Path(os.environ.get("GENDAN_CORPUS", ROOT.parent / "shared" / "corpus"))
OURS = ROOT / "tests" / "corpora"
WORLDS = sorted([*CORPUS.glob("dev/*/world.json"), *OURS.glob("*/world.json")])
CODE = [
    path
    for room in ("bot", "handlers", "nlu", "sales", "storage", "reports")
    for path in (ROOT / room).rglob("*.py")
]

EVERYDAY = {"说明书", "产线改造"}
"""Also words that every trade uses."""


def _names(world: Path) -> set[str]:
    company = json.loads(world.read_text(encoding="utf-8"))
    names = {*company["products"], *company["competitors"]}
    names |= {field["name"] for field in company["fields"]}
    for customer in company["customers"]:
        names |= {customer["name"], *customer["aliases"]}
        names |= {deal["name"] for deal in customer["deals"]}
    return {name for name in names if len(name) > 2} - EVERYDAY


def _people(world: Path) -> set[str]:
    company = json.loads(world.read_text(encoding="utf-8"))
    contacts = (c for customer in company["customers"] for c in customer["contacts"])
    return {p["name"] for p in (*company["users"], *contacts) if len(p["name"]) > 2}


@pytest.mark.parametrize("world", WORLDS, ids=lambda path: path.parent.name)
def test_no_name_of_a_world_stands_in_the_code(world: Path) -> None:
    names = _names(world)
    people = _people(world)
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in CODE
        for text in [path.read_text(encoding="utf-8")]
        for name in (names | people if path.is_relative_to(ROOT / "nlu") else names)
        if name in text
    }
    assert not found


@pytest.mark.parametrize("world", WORLDS, ids=lambda path: path.parent.name)
def test_no_sentence_of_the_corpus_stands_in_the_code(world: Path) -> None:
    lines = (world.parent / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {json.loads(line)["text"] for line in lines if line.strip()}
    sentences = {text for text in texts if len(text) >= 8}
    found = {s for path in CODE for s in sentences if s in path.read_text(encoding="utf-8")}
    assert not found
