"""A process that finds customers as the worker does: `python -m bench.link_find FILE`.

It reads questions as lines of JSON and answers each with a line: ids by likelihood, and times.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.reading import known_customer
from nlu.known import Known
from nlu.naming.linking import Evidence, Talk, choose, ranked
from nlu.naming.names import keys_of_name, keys_of_text
from nlu.normal import normalise
from nlu.parser import warm
from nlu.scene import Mention, read_mentions
from storage.db import Database
from storage.names import described, sharing
from storage.viewer import Viewer

AT = datetime.fromisoformat("2026-11-25T10:00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who names which customer: `at` is the place of the name, -1 where there is none."""

    text: str
    sender: int
    role: str
    at: int
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`ids` for the name at the place asked for, `chosen` without a question among them."""

    ids: list[int]
    chosen: list[int]
    linked: int
    query_ms: float
    find_ms: float


async def answer(database: Database, question: Question) -> Answer:
    """Keys, query, what tells customers apart, and the reading of names: all of a find."""
    started = time.perf_counter()
    keys = keys_of_text(question.text)
    viewer = Viewer(user_id=question.sender, role=question.role)
    async with database.read(viewer) as session:
        before = time.perf_counter()
        ids = await sharing(session, keys)
        queried = time.perf_counter()
        found = await described(session, ids, question.sender)
    known = Known(customers=tuple(known_customer(one) for one in found))
    text, sender = normalise(question.text).text, str(question.sender)
    named = [m for m in read_mentions(text, now=AT, known=known, talk=Talk(sender)) if m.links]
    evidence = Evidence(text=text, sender=sender)
    meant = _meant(named, question)
    likely = ranked(meant.links, evidence)[:5] if meant else []
    chosen = choose(meant.links, evidence) if meant else ()
    return Answer(
        ids=[int(one.id) for one in likely],
        chosen=[int(one.id) for one in chosen],
        linked=len(named),
        query_ms=1000 * (queried - before),
        find_ms=1000 * (time.perf_counter() - started),
    )


def _meant(named: list[Mention], question: Question) -> Mention | None:
    end = question.at + len(question.said)
    over = [m for m in named if m.start < end and question.at < m.end]
    return max(over, key=lambda m: m.end - m.start, default=None)


def peak_mb() -> float:
    """The most memory that this process has had; getrusage would count its parent's too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


async def main() -> None:
    """Answers until its input ends."""
    database = Database(f"sqlite:///{sys.argv[1]}", name_keys=keys_of_name)
    try:
        while line := await asyncio.to_thread(sys.stdin.readline):
            told: dict[str, Any] = json.loads(line)
            if told.pop("warm", False):
                warm()
            reply = asdict(await answer(database, Question(**told)))
            print(json.dumps(reply | {"rss_mb": peak_mb()}), flush=True)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
