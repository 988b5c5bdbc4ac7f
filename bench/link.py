"""Finding customers among a million: how fast, how surely, and how soon a new one."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete

from bench.link_find import Question
from bench.link_names import Company
from bench.link_notes import chatter, note
from bench.link_slips import dictated, miswritten
from bench.link_store import DIRECTOR, Drawn, Store, store
from bench.measured import Goal, Measured, Options, percentile
from nlu.naming.names import keys_of_name
from storage.db import Database
from storage.models.customers import Customer, CustomerName

QUESTIONS = 1000
"""Of each kind."""
RIVALS = 20
"""Questions to the rivals: rapidfuzz takes a second for each."""
WARM = 300
FRESH = 10
SHORT = ("brand", "brand and trade", "place and brand")
Asked = tuple[Question, int]
"""A question and the id of the customer that it means, 0 for none."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to name customers, who does it, and what must come of it."""

    name: str
    how: str
    goals: dict[str, Goal]


KINDS = (
    Kind("registered", "in full, by a director who sees all", {"recall_1": Goal(least=0.98)}),
    Kind("short", "without place, trade or form, by the owner", {"recall_1": Goal(least=0.9)}),
    Kind("sound", "the short name dictated, by the owner", {"recall_1": Goal(least=0.9)}),
    Kind("one_wrong", "one character wrong, by the owner", {"recall_1": Goal(least=0.9)}),
    Kind("registered_sound", "in full, dictated, by a director", {}),
    Kind("registered_one_wrong", "in full, one character wrong, by a director", {}),
    Kind("short_any", "the short name, by a director who owns none", {}),
)


async def measure(options: Options) -> list[Measured]:
    """A line for each kind of name, one for notes that name nobody, one for the whole."""
    customers = options.customers or (20_000 if options.quick else 1_000_000)
    there = await store(options.cache, customers)
    count = 100 if options.quick else QUESTIONS
    drawn = await asyncio.to_thread(there.draw, min(customers, 2 * count + WARM), options.seed)
    drawn, warming = drawn[WARM:], drawn[:WARM]
    async with _finder(there) as finder:
        start_s = finder.start_s
        for question, _ in _questions("registered", warming, options.seed, WARM):
            await finder.ask(question)
        lines = [await _kind(finder, kind, drawn, options.seed, count) for kind in KINDS]
        lines += [await _nobody(finder, drawn, options.seed, count, role) for role in ROLES]
        fresh_s = await _fresh(finder, there)
        rss_mb = finder.rss_mb
    whole = {
        "customers": customers, "build_s": there.build_s, "file_mb": there.megabytes,
        "start_s": start_s, "rss_mb": rss_mb, "fresh_s": fresh_s,
        **await _rivals(there, drawn, options.seed),
    }  # fmt: skip
    lines.append(
        Measured(
            name="link",
            how=f"{customers} customers in one SQLite file; rivals are told the name alone",
            figures=whole,
            goals={"rss_mb": Goal(most=300), "start_s": Goal(most=1), "fresh_s": Goal(most=0.1)},
        )
    )
    return lines


ROLES = ("rep", "director")


class _Finder:
    """The process that finds, over its pipes; `start_s` from its start to its first answer."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.start_s = 0.0
        self.rss_mb = 0.0

    async def ask(self, question: Question, *, warm: bool = False) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        line = json.dumps(asdict(question) | {"warm": warm}) + "\n"
        self._process.stdin.write(line.encode())
        reply: dict[str, Any] = json.loads(await self._process.stdout.readline())
        self.rss_mb = reply["rss_mb"]
        return reply


@asynccontextmanager
async def _finder(there: Store) -> AsyncIterator[_Finder]:
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.link_find", str(there.path), stdin=PIPE, stdout=PIPE
    )
    finder = _Finder(process)
    try:
        await finder.ask(Question(text="今天去了工厂", sender=DIRECTOR, role="director", at=-1))
        finder.start_s = time.perf_counter() - started
        hello = Question(text="今天去了工厂", sender=DIRECTOR, role="director", at=-1)
        await finder.ask(hello, warm=True)
        yield finder
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


def _questions(kind: str, drawn: list[Drawn], seed: int, count: int) -> Iterator[Asked]:
    chance = random.Random(f"{kind} {seed}")
    by_director = kind.startswith("registered") or kind == "short_any"
    for number, owner, company in [row for row in drawn if row[1] or by_director][:count]:
        said = _said(kind, company, chance)
        text, at = note(said, chance)
        sender, role = (DIRECTOR, "director") if by_director else (owner, "rep")
        yield Question(text=text, sender=sender, role=role, at=at, said=said), number


def _said(kind: str, company: Company, chance: random.Random) -> str:
    if kind == "registered":
        return company.name
    if kind == "registered_sound":
        return dictated(company.place + company.brand + company.trade, chance)
    if kind == "registered_one_wrong":
        return miswritten(company.name, chance)
    if kind == "one_wrong":
        return miswritten(chance.choice((company.name, company.brand + company.trade)), chance)
    short = _short(company, chance.choice(SHORT))
    return dictated(short, chance) if kind == "sound" else short


def _short(company: Company, how: str) -> str:
    if how == "brand and trade":
        return company.brand + company.trade
    if how == "place and brand":
        return company.place + company.brand
    return company.brand


async def _kind(
    finder: _Finder, kind: Kind, drawn: list[Drawn], seed: int, count: int
) -> Measured:
    replies = []
    for question, number in _questions(kind.name, drawn, seed, count):
        replies.append((await finder.ask(question), number))
    answers = [reply for reply, _ in replies]
    sure = [(reply["chosen"], number) for reply, number in replies if len(reply["chosen"]) == 1]
    return Measured(
        name="link",
        about={"kind": kind.name},
        how=f"{len(replies)} notes with a customer's name {kind.how}",
        figures={
            **_times(answers),
            "recall_1": sum(r["ids"][:1] == [n] for r, n in replies) / len(replies),
            "recall_5": sum(n in r["ids"] for r, n in replies) / len(replies),
            "resolved": len(sure) / len(replies),
            "resolved_wrong": sum(ids != [n] for ids, n in sure) / len(replies),
            "missed": sum(not r["ids"] for r in answers) / len(replies),
        },
        goals={"query_p99_ms": Goal(most=1), "p99_ms": Goal(most=5), **kind.goals},
    )


def _times(answers: list[dict[str, Any]]) -> dict[str, float]:
    whole = sorted(reply["find_ms"] for reply in answers)
    query = sorted(reply["query_ms"] for reply in answers)
    return {
        "p50_ms": percentile(whole, 0.5),
        "p99_ms": percentile(whole, 0.99),
        "query_p50_ms": percentile(query, 0.5),
        "query_p99_ms": percentile(query, 0.99),
    }


async def _nobody(
    finder: _Finder, drawn: list[Drawn], seed: int, count: int, role: str
) -> Measured:
    chance = random.Random(seed)
    answers = []
    for _, owner, _ in [row for row in drawn if row[1]][:count]:
        sender = owner if role == "rep" else DIRECTOR
        question = Question(text=chatter(chance), sender=sender, role=role, at=-1)
        answers.append(await finder.ask(question))
    return Measured(
        name="link",
        about={"kind": "none" if role == "rep" else f"none_{role}"},
        how=f"{count} notes of a {role} that name no customer",
        figures={
            **_times(answers),
            "false_per_1000": 1000 * sum(reply["linked"] > 0 for reply in answers) / len(answers),
        },
        goals={"query_p99_ms": Goal(most=1), "p99_ms": Goal(most=5)},
    )


async def _fresh(finder: _Finder, there: Store) -> float:
    """Seconds from one process' commit until another finds the name: the slowest of ten."""
    database = Database(f"sqlite:///{there.path}", name_keys=keys_of_name)
    slowest = 0.0
    try:
        for number in range(FRESH):
            name = f"乌有{'甲乙丙丁戊己庚辛壬癸'[number]}栩精密机械有限公司"
            async with database.system() as session:
                customer = Customer(name=name, owner_id=None, created_at=datetime.now(UTC))
                session.add(customer)
                await session.flush()
                session.add(CustomerName(customer_id=customer.id, text=name))
            started = time.perf_counter()
            asked = Question(text=f"去了{name}", sender=DIRECTOR, role="director", at=2, said=name)
            while customer.id not in (await finder.ask(asked))["ids"]:
                if time.perf_counter() - started > 10:
                    raise RuntimeError("a new name was not found")
            slowest = max(slowest, time.perf_counter() - started)
            await _forget(database, customer.id)
    finally:
        await database.close()
    return slowest


async def _forget(database: Database, customer_id: int) -> None:
    async with database.system() as session:
        await session.execute(delete(CustomerName).where(CustomerName.customer_id == customer_id))
        await session.execute(delete(Customer).where(Customer.id == customer_id))


async def _rivals(there: Store, drawn: list[Drawn], seed: int) -> dict[str, float]:
    """Registered names for LIKE and rapidfuzz, as they are kept."""
    asked = [(q.said, number) for q, number in _questions("registered", drawn, seed, RIVALS)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.link_rivals", str(there.path), stdin=PIPE, stdout=PIPE
    )
    told, _ = await process.communicate(json.dumps(asked).encode())
    if process.returncode:
        raise RuntimeError("the rivals failed")
    figures: dict[str, float] = json.loads(told)
    return figures
