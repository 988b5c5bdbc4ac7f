"""Microseconds a character to read notes, beside jieba, which only cuts, and jionlp."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.link_names import companies
from bench.link_notes import chatter, note
from bench.link_slips import dictated
from bench.measured import Goal, Measured, Options, percentile
from nlu.known import Known, Person
from nlu.memory import Memory
from nlu.naming.names import keys_of_text
from nlu.parser import read, warm
from nlu.world import World

JIONLP = "jionlp==1.5.20"
PASSES = 10
NOTES = 400
LONG = 10_000
UNITS = (
    "一",
    "1",
    "，",
    "签了",
    "见了王总和李工 ",
    "预算100万 ",
    "让我周五前给方案。",
    "下周三前签50万，",
)
"""Of each a text of ten thousand characters is made."""
AT = datetime.fromisoformat("2026-11-25T16:00:00+08:00")


@dataclass(frozen=True, slots=True)
class _Note:
    text: str
    at: datetime
    sender: Person
    known: Known


async def measure(options: Options) -> Measured:
    """The same texts for all, the fastest of some passes for each."""
    notes = await asyncio.to_thread(_notes, options)
    return await asyncio.to_thread(_measured, notes, options)


def _measured(notes: list[_Note], options: Options) -> Measured:
    passes = 2 if options.quick else PASSES
    warm()
    texts = [one.text for one in notes]
    characters = sum(map(len, texts))
    us = 1e6 / characters
    figures: dict[str, float] = {
        "us_per_char": us * _fastest(lambda: _read_all(notes), passes),
        **_each(notes),
        "ms_10000_chars": _longest(notes[0]),
        "keys_us_per_char": us * _fastest(lambda: [keys_of_text(t) for t in texts], passes),
        "jieba_us_per_char": us * _fastest(_jieba(texts), passes),
    }
    rival_seconds = _jionlp(texts, passes, options.cache)
    if rival_seconds is None:
        print(f"{JIONLP} can't be had here: it is left out", file=sys.stderr)
    else:
        figures["jionlp_us_per_char"] = us * rival_seconds
    return Measured(
        name="parse",
        how=(
            f"{len(notes)} notes of {characters / len(notes):.0f} characters, customers fetched "
            f"already; the fastest of {passes} passes; jieba cuts, jionlp finds times and money"
        ),
        figures={**figures, "notes": len(notes), "characters": characters},
        goals={
            "us_per_char": Goal(most=3),
            "ms_per_note_p50": Goal(most=0.5),
            "ms_10000_chars": Goal(most=200),
        },
    )


def _fastest(work: Callable[[], object], passes: int) -> float:
    work()
    times = []
    for _ in range(passes):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def _read(one: _Note) -> None:
    read(one.text, at=one.at, sender=one.sender, known=one.known, memory=Memory())


def _read_all(notes: list[_Note]) -> None:
    for one in notes:
        _read(one)


def _each(notes: list[_Note]) -> dict[str, float]:
    times = []
    for one in notes:
        started = time.perf_counter()
        _read(one)
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    return {"ms_per_note_p50": percentile(times, 0.5), "ms_per_note_p99": percentile(times, 0.99)}


def _longest(around: _Note) -> float:
    """Milliseconds for the worst of some texts of ten thousand characters."""
    texts = [unit * (LONG // len(unit)) for unit in UNITS]
    longs = [replace(around, text=text) for text in texts]
    return max(1000 * _fastest(lambda long=long: _read(long), 2) for long in longs)


def _jieba(texts: list[str]) -> Callable[[], object]:
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    return lambda: [list(jieba.cut(text)) for text in texts]


def _jionlp(texts: list[str], passes: int, cache: Path) -> float | None:
    """Seconds for all texts in jionlp's own environment; None where it can't be installed."""
    home = cache / JIONLP.replace("==", "-")
    python = home / "bin" / "python"
    done = home / "installed"
    try:
        if not done.exists():
            venv.create(home, with_pip=True, clear=True)
            install = [str(python), "-m", "pip", "install", "--quiet", JIONLP, "setuptools<81"]
            subprocess.run(install, check=True, capture_output=True, timeout=600)
            done.touch()
        told = subprocess.run(
            [str(python), str(Path(__file__).with_name("parse_rival.py"))],
            input=json.dumps({"texts": texts, "passes": max(1, passes // 3)}),
            check=True,
            capture_output=True,
            text=True,
            timeout=600,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    seconds: float = json.loads(told.stdout)["seconds"]
    return seconds


def _notes(options: Options) -> list[_Note]:
    if options.world and options.messages:
        world = World(json.loads(options.world.read_text(encoding="utf-8")))
        lines = options.messages.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        return [_of_corpus(world, row) for row in rows]
    return _own(options.seed)


def _of_corpus(world: World, row: dict[str, Any]) -> _Note:
    sender = world.users.get(row.get("sender", ""), Person(id="", name=""))
    text = row["text"]
    return _Note(text, datetime.fromisoformat(row["at"]), sender, world.known(text))


def _own(seed: int) -> list[_Note]:
    """Notes of a made-up company: most name a customer, some dictated, some name none."""
    chance = random.Random(seed)
    rows = [
        {"id": f"k{n}", "name": one.name, "owner": "u1", "industry": one.trade}
        for n, one in enumerate(companies(200, seed))
    ]
    names = [one.brand + one.trade for one in companies(200, seed)]
    sender = {"id": "u1", "name": "贺一鸣", "role": "rep", "team": "一组", "region": "西南"}
    world = World(
        {
            "users": [sender],
            "stages": ["初步接洽", "方案评估", "价格磋商", "赢单", "输单"],
            "products": ["数控折弯机", "激光切割机"],
            "competitors": ["飞锐激光"],
            "customers": rows,
        }
    )
    texts = []
    for number in range(NOTES):
        name = chance.choice(names)
        said = dictated(name, chance) if number % 5 == 0 else name
        texts.append(chatter(chance) if number % 6 == 0 else note(said, chance)[0])
    return [_Note(text, AT, world.users["u1"], world.known(text)) for text in texts]
