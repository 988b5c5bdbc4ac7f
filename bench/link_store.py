"""An SQLite file of the real schema with a million customers, made once and kept."""

from __future__ import annotations

import random
import sqlite3
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, insert
from sqlalchemy.engine import Connection

from bench.link_names import Company, companies
from nlu.naming.names import keys_of_name
from storage.migrate import head, upgrade
from storage.models.customers import Customer, CustomerName
from storage.models.people import Team, User

MADE_AT = datetime(2026, 1, 5, 2, tzinfo=UTC)
CHUNK = 20_000
REPS_PER_TEAM = 20
CUSTOMERS_PER_REP = 200
IN_POOL = 0.1
WITH_ALIAS = 0.15
DIRECTOR = 1


Drawn = tuple[int, int, Company]
"""A customer's id, its owner's or 0, and the company."""


@dataclass(frozen=True, slots=True)
class Store:
    """`build_s` is what it took when it was built, be it in an earlier run."""

    path: Path
    customers: int
    build_s: float

    @property
    def megabytes(self) -> float:
        """On the disk."""
        return self.path.stat().st_size / 1e6

    def draw(self, count: int, seed: int) -> list[Drawn]:
        """Customers drawn at random, those of the pool too; it makes all names once more."""
        chance = random.Random(seed)
        wanted = set(chance.sample(range(1, self.customers + 1), count))
        drawn = [
            (number, owner_of(number, self.customers), one)
            for number, one in enumerate(companies(self.customers, seed=_SEED), 1)
            if number in wanted
        ]
        chance.shuffle(drawn)
        return drawn


_SEED = 20260105


async def store(folder: Path, customers: int) -> Store:
    """The file of that many customers in `folder`, built where it isn't there."""
    path = folder / f"customers-{customers}-{_form()}.db"
    if path.exists():
        return Store(path, customers, float(_built_in(path).read_text(encoding="ascii")))
    half = _half(path)
    started = time.perf_counter()
    await upgrade(f"sqlite:///{half}")
    engine = create_engine(f"sqlite:///{half}")
    event.listen(engine, "connect", _all_at_once)
    with engine.begin() as connection:
        _fill(connection, customers)
    engine.dispose()
    seconds = time.perf_counter() - started
    _built_in(path).write_text(f"{seconds:.1f}", encoding="ascii")
    half.rename(path)
    return Store(path, customers, seconds)


def _built_in(path: Path) -> Path:
    return path.with_suffix(".seconds")


def _half(path: Path) -> Path:
    """Where the file is made: a run that was stopped leaves none that looks whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    return half


def _form() -> str:
    """Other tables or other keys make another file."""
    keys = [sorted(keys_of_name(one.name)) for one in companies(200, seed=_SEED)]
    return f"{head()}-{zlib.crc32(repr(keys).encode()):08x}"


def _all_at_once(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -262144"):
        connection.execute(f"PRAGMA {pragma}")


def owner_of(number: int, customers: int) -> int:
    """The user id of a customer's owner, 0 in the pool."""
    chance = (number * 2654435761) % 2**32 / 2**32
    if chance < IN_POOL:
        return 0
    reps = max(1, customers // CUSTOMERS_PER_REP)
    return DIRECTOR + 1 + int((chance - IN_POOL) / (1 - IN_POOL) * reps)


def alias_of(number: int, company: Company) -> str | None:
    """The short name that some customers have."""
    return company.brand if (number * 40503) % 1000 < WITH_ALIAS * 1000 else None


def _fill(connection: Connection, customers: int) -> None:
    """Keys are sorted before they go in: a million names' in the order they come take hours."""
    _fill_people(connection, max(1, customers // CUSTOMERS_PER_REP))
    run = connection.exec_driver_sql
    run("CREATE TEMP TABLE loose (key, owner_id, name_id, customer_id)")
    every = enumerate(companies(customers, seed=_SEED), 1)
    name_id = 0
    while chunk := list(islice(every, CHUNK)):
        name_id = _fill_chunk(connection, chunk, customers, name_id)
    run("DROP INDEX ix_name_key_name_id")
    run(
        "INSERT INTO name_key (key, owner_id, name_id, customer_id)"
        " SELECT key, owner_id, name_id, customer_id FROM loose ORDER BY 1, 2, 3"
    )
    run("CREATE INDEX ix_name_key_name_id ON name_key (name_id)")
    run("DROP TABLE loose")


def _fill_people(connection: Connection, reps: int) -> None:
    teams = (reps - 1) // REPS_PER_TEAM + 1
    connection.execute(
        insert(Team),
        [{"id": n, "name": f"销售{n}组", "path": f"/{n}/"} for n in range(1, teams + 1)],
    )
    users: list[dict[str, Any]] = [
        {"id": DIRECTOR, "name": "主管", "role": "director", "team_id": None}
    ]
    users += [
        {"id": DIRECTOR + 1 + n, "name": f"销售{n:04}", "role": "rep",
         "team_id": n // REPS_PER_TEAM + 1}
        for n in range(reps)
    ]  # fmt: skip
    connection.execute(insert(User), users)


def _fill_chunk(
    connection: Connection, chunk: list[tuple[int, Company]], customers: int, name_id: int
) -> int:
    """Returns the last id given to a name."""
    owners = {number: owner_of(number, customers) for number, _ in chunk}
    rows = [
        {"id": number, "name": one.name, "owner_id": owners[number] or None, "created_at": MADE_AT}
        for number, one in chunk
    ]
    connection.execute(insert(Customer), rows)
    names: list[dict[str, Any]] = [
        {"id": named, "customer_id": number, "text": text, "kind": kind}
        for named, (number, text, kind) in enumerate(_names(chunk), name_id + 1)
    ]
    connection.execute(insert(CustomerName), names)
    keys = [
        (key, owners[name["customer_id"]], name["id"], name["customer_id"])
        for name in names
        for key in keys_of_name(name["text"])
    ]
    connection.exec_driver_sql("INSERT INTO loose VALUES (?, ?, ?, ?)", keys)
    return name_id + len(names)


def _names(chunk: list[tuple[int, Company]]) -> Iterator[tuple[int, str, str]]:
    for number, one in chunk:
        yield number, one.name, "registered"
        alias = alias_of(number, one)
        if alias is not None:
            yield number, alias, "short"
