"""Finding customers by the keys that a text holds: one query, narrowed to what its reader sees."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, zip_longest
from typing import Any

from sqlalchemy import BindParameter, Row, TextClause, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from storage import viewer
from storage.models.customers import Contact, Customer, CustomerName
from storage.models.selling import Deal
from storage.viewer import Viewer

MOST_CANDIDATES = 40
MOST_PIECE = 4
"""Characters of a person's name, at most; a deal is found by its first three."""
MOST_OF_A_KEY = 24
"""A key shared by more customers says too little; the reader's own are counted apart."""
Hit = tuple[str, list[int], list[int]]
FEW = 100
"""So many customers of a key are looked through for a team's; of more each member's are sought."""


_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_CUSTOMERS = viewer.kept(
    select(
        Customer.id, Customer.name, Customer.owner_id,
        Customer.industry, Customer.region, Customer.grade,
    )
    .where(Customer.id.in_(_IDS))
    .order_by(Customer.id)
)  # fmt: skip
_NAMES = select(CustomerName.customer_id, CustomerName.text, CustomerName.learned_by).where(
    CustomerName.customer_id.in_(_IDS), CustomerName.kind != "registered"
)
_PEOPLE = (
    select(Contact.customer_id, Contact.name, Contact.title)
    .where(Contact.customer_id.in_(_IDS), Contact.left.is_(False))
    .order_by(Contact.id)
)
_DEALS = (
    select(Deal.customer_id, Deal.id, Deal.name, Deal.stage, Deal.amount_fen)
    .where(Deal.customer_id.in_(_IDS), Deal.status == "open")
    .order_by(Deal.id)
)


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """A deal of a candidate that is neither won nor lost."""

    id: int
    name: str
    stage: str
    amount_fen: int | None


@dataclass(slots=True, kw_only=True)
class Candidate:
    """A customer that a text may name, with what tells it from its namesakes."""

    id: int
    name: str
    owner_id: int | None
    industry: str | None
    region: str | None
    grade: str | None
    aliases: list[str] = field(default_factory=list)
    learned: list[str] = field(default_factory=list)
    contacts: list[tuple[str, str | None]] = field(default_factory=list)
    deals: list[OpenDeal] = field(default_factory=list)


async def candidates(
    session: AsyncSession, keys: Collection[str], also: Iterable[int], reader_id: int
) -> list[Candidate]:
    """The customers that `keys` lead to, and those with the ids `also`, ordered by id."""
    named = await sharing(session, keys)
    known = await by_what_is_theirs(session, keys, reader_id)
    return await described(session, {*also, *named, *known}, reader_id)


async def described(
    session: AsyncSession, ids: Collection[int], reader_id: int
) -> list[Candidate]:
    """What tells these customers apart, in the order of their ids; without the unseen."""
    rows = await session.execute(_CUSTOMERS, {"ids": sorted(ids)}) if ids else ()
    found = {
        row.id: Candidate(
            id=row.id, name=row.name, owner_id=row.owner_id,
            industry=row.industry, region=row.region, grade=row.grade,
        )
        for row in rows
    }  # fmt: skip
    if found:
        # What belongs to a customer is seen by whoever sees it: narrowing it once more would list
        # every customer that the viewer sees, for each of these statements.
        connection = await session.connection()
        await _add_names(connection, found, reader_id)
        await _add_contacts(connection, found)
        await _add_deals(connection, found)
    return list(found.values())


async def sharing(session: AsyncSession, keys: Collection[str]) -> list[int]:
    """Ids of customers that share keys, likeliest first, as the session's viewer may see them.

    However many share a key, the query reads a bounded number of rows, and those of others never
    stand in the way of the viewer's own.
    """
    who: Viewer = session.info[viewer.KEY]
    scope = _SCOPES.get(who.role)
    if scope is None or not keys:
        return []
    connection = await session.connection()
    rows = await connection.execute(
        _statement(scope, connection.dialect.name),
        {"keys": json.dumps(sorted(keys)), "me": who.user_id, "teams": json.dumps(who.team_ids)},
    )
    return _ranked(_hits(rows.all()))[:MOST_CANDIDATES]


async def by_what_is_theirs(
    session: AsyncSession, keys: Collection[str], reader_id: int
) -> list[int]:
    """Ids of the reader's own customers that a contact's full name or a deal's beginning names."""
    pieces = sorted(key for key in keys if key.isalnum() and MOST_PIECE >= len(key) >= 2)
    if not pieces:
        return []
    connection = await session.connection()
    words = _DIALECTS[connection.dialect.name]
    rows = await connection.execute(
        _theirs(words["keys"]), {"keys": json.dumps(pieces), "me": reader_id}
    )
    return [row.customer_id for row in rows]


@cache
def _theirs(pieces: str) -> TextClause:
    return text(_THEIRS.format(keys=pieces, most=MOST_OF_A_KEY))


def _hits(rows: Sequence[Row[Any]]) -> list[Hit]:
    """(key, the viewer's own and shared, others); what is shared stands in each row."""
    shared: defaultdict[str, list[int]] = defaultdict(list)
    for pair in (rows[0].shared or "").split(",") if rows else ():
        number, _, key = pair.partition(" ")
        if key:
            shared[key].append(int(number))
    return [(row.key, _ids(row.own) + shared[row.key], _ids(row.others)) for row in rows]


def _ids(joined: str | None) -> list[int]:
    return [int(one) for one in joined.split(",")] if joined else []


def _ranked(hits: list[Hit]) -> list[int]:
    """Each key's best first, then each key's second: no name of the text crowds out another.

    The reader's own come first; then, a name that stands in the text shares all its keys with
    it, one alike a few.
    """
    scores: defaultdict[int, int] = defaultdict(int)
    for key, own, others in hits:
        weight = _weight(key)
        for one in {*own, *others}:
            scores[one] += weight
    hits.sort(key=lambda hit: -_weight(hit[0]))
    score = scores.__getitem__
    columns = [
        [*sorted(own, key=score, reverse=True), *sorted(others, key=score, reverse=True)]
        for _, own, others in hits
    ]
    rounds: Iterator[int | None] = chain.from_iterable(zip_longest(*columns))
    return [one for one in dict.fromkeys(rounds) if one is not None]


def _weight(key: str) -> int:
    if key[0] == "~":
        return 1 + key.count("'")
    return 2 if key[0] == "^" else len(key) + 1


# Ordered as the key is, so that PostgreSQL doesn't think a scan finds the first few sooner.
_OTHERS: dict[str, str] = {
    "own": "SELECT customer_id FROM name_key WHERE key = k.value AND owner_id = 0"
    " ORDER BY name_id LIMIT {most}",
    "team": """
        SELECT CASE WHEN (
            SELECT count(*) FROM (
                SELECT 1 FROM name_key WHERE key = k.value
                ORDER BY owner_id, name_id LIMIT {few} + 1
            ) first
        ) <= {few} THEN (
            SELECT {join} FROM name_key
            WHERE key = k.value AND owner_id + 0 IN (SELECT id FROM ({team}) o)
        ) ELSE (
            SELECT {joined} FROM (SELECT (SELECT {join} FROM (
                SELECT customer_id FROM name_key
                WHERE key = k.value AND owner_id = o.id ORDER BY name_id LIMIT {most}
            ) of_one) AS ids FROM ({team}) o) of_all
        ) END AS customer_id""",
    "all": "SELECT customer_id FROM name_key WHERE key = k.value"
    " ORDER BY owner_id, name_id LIMIT {most}",
}
_SCOPES = {
    "rep": "own", "manager": "team", "director": "all", "finance": "all", "system": "all",
}  # fmt: skip
_QUERY = """
SELECT k.value AS key,
    (SELECT {join} FROM (
        SELECT customer_id FROM name_key
        WHERE key = k.value AND owner_id = :me ORDER BY name_id LIMIT {most}
    ) mine) AS own,
    (SELECT {join} FROM ({others}) theirs) AS others,
    {shared} AS shared
FROM {keys} k WHERE EXISTS (SELECT 1 FROM name_key e WHERE e.key = k.value)
"""
_THEIRS = """
SELECT customer_id FROM (
    SELECT c.customer_id FROM contact c JOIN customer k ON k.id = c.customer_id
    WHERE c.name IN (SELECT value FROM {keys} p) AND k.owner_id + 0 = :me AND NOT c."left"
    LIMIT {most}
) people UNION SELECT customer_id FROM (
    SELECT d.customer_id FROM deal d WHERE d.owner_id = :me AND d.status = 'open'
    AND lower(substr(d.name, 1, 3)) IN (SELECT value FROM {keys} q) LIMIT {most}
) deals
"""
"""From the name to its people, not through all customers of the reader (the sum is no column)."""
_SHARED = """(
    SELECT {pairs} FROM customer_share s
    JOIN customer_name c ON c.customer_id = s.customer_id
    JOIN name_key n ON n.name_id = c.id
    WHERE s.user_id = :me AND n.key || '' IN (SELECT value FROM {keys} k2)
)"""
"""Keys of the few names that are shared with the viewer, reckoned once: the key joined to '' is
looked up by none, so that the way leads from the shares to the keys."""
_TEAM = """
SELECT id FROM user_account WHERE team_id IN (SELECT {value} FROM {teams}) UNION ALL SELECT 0
"""
_DIALECTS = {
    "sqlite": {
        "keys": "json_each(:keys)", "teams": "json_each(:teams)", "value": "value",
        "join": "group_concat(customer_id)", "joined": "group_concat(ids)",
        "pairs": "group_concat(n.customer_id || ' ' || n.key)",
    },
    "postgresql": {
        "keys": "jsonb_array_elements_text(CAST(:keys AS jsonb))",
        "teams": "jsonb_array_elements_text(CAST(:teams AS jsonb))",
        "value": "CAST(value AS bigint)",
        "join": "string_agg(CAST(customer_id AS text), ',')", "joined": "string_agg(ids, ',')",
        "pairs": "string_agg(n.customer_id || ' ' || n.key, ',')",
    },
}  # fmt: skip


@cache
def _statement(scope: str, dialect: str) -> TextClause:
    words = {**_DIALECTS[dialect], "most": str(MOST_OF_A_KEY), "few": str(FEW)}
    words["team"] = _TEAM.format(**words)
    shared = _SHARED.format(**words) if scope in ("own", "team") else "NULL"
    return text(_QUERY.format(**words, others=_OTHERS[scope].format(**words), shared=shared))


async def _add_names(
    connection: AsyncConnection, found: dict[int, Candidate], reader_id: int
) -> None:
    for customer_id, said, learned_by in await connection.execute(_NAMES, {"ids": list(found)}):
        if learned_by is None:
            found[customer_id].aliases.append(said)
        elif learned_by == reader_id:
            found[customer_id].learned.append(said)


async def _add_contacts(connection: AsyncConnection, found: dict[int, Candidate]) -> None:
    for customer_id, name, title in await connection.execute(_PEOPLE, {"ids": list(found)}):
        found[customer_id].contacts.append((name, title))


async def _add_deals(connection: AsyncConnection, found: dict[int, Candidate]) -> None:
    for row in await connection.execute(_DEALS, {"ids": list(found)}):
        deal = OpenDeal(row.id, row.name, row.stage, row.amount_fen)
        found[row.customer_id].deals.append(deal)
