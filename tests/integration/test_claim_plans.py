"""A claim looks at what is unfinished, however much lies finished beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import event, text

from storage import outbox_rows, queues
from storage.db import Database
from tests.builders import NOW

CLAIMS: dict[str, tuple[Callable[[Database], Awaitable[object]], tuple[str, str]]] = {
    "inbound": (
        lambda db: queues.claim(db, now=NOW, limit=8),
        ("ix_inbound_new", "ix_inbound_unfinished"),
    ),
    "outbound": (
        lambda db: outbox_rows.exchange(db, [], now=NOW, limit=8),
        ("ix_outbound_new", "ix_outbound_unsent"),
    ),
}


@pytest.mark.parametrize("table", CLAIMS)
async def test_a_claim_reads_the_partial_indexes(db: Database, table: str) -> None:
    """Among 5,000 finished rows a claim looks at none of them, on either database.

    The statement that is explained is the one that ran, with its parameters bound.
    """
    claim, indexes = CLAIMS[table]
    await _fill(db, table)
    ran: list[tuple[str, Any]] = []

    @event.listens_for(db.writer.sync_engine, "before_cursor_execute")
    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "UPDATE" in statement:
            ran.append((statement, values))

    await claim(db)
    ((statement, values),) = ran
    explain = "EXPLAIN QUERY PLAN " if db.is_sqlite else "EXPLAIN "
    async with db.writer.begin() as connection:
        rows = (await connection.exec_driver_sql(explain + statement, values)).all()
    plan = "\n".join(str(row[-1]) for row in rows)
    for index in indexes:
        assert index in plan, plan
    assert f"SCAN {table}\n" not in plan + "\n", plan
    assert f"Seq Scan on {table}" not in plan, plan


async def _fill(db: Database, table: str) -> None:
    columns: dict[str, Sequence[str]] = {
        "inbound": (
            "dedup_key, conversation, payload, received_at, state, attempts, available_at",
            "'d' || n, 'c' || (n % 50), '{}', '2026-11-01', 'done', 1, '2026-11-01'",
        ),
        "outbound": (
            "key, platform, lane, address, content, created_at, state, attempts, available_at",
            "'k' || n, 'p', 'l' || (n % 50), '{}', '{}', '2026-11-01', 'sent', 1, '2026-11-01'",
        ),
    }
    names, values = columns[table]
    if db.is_sqlite:
        numbers = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM s WHERE n < 5000)"
        insert = f"{numbers} INSERT INTO {table} ({names}) SELECT {values} FROM s"  # noqa: S608 (ours)
    else:
        values = values.replace("'{}'", "'{}'::jsonb").replace(
            "'2026-11-01'", "'2026-11-01'::timestamptz"
        )
        insert = f"INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(1, 5000) n"  # noqa: S608 (ours)
    async with db.writer.begin() as connection:
        await connection.execute(text(insert.replace("::", r"\:\:")))
        await connection.execute(
            text(f"UPDATE {table} SET state = 'new' WHERE id > 4990")  # noqa: S608 (ours)
        )
        await connection.execute(text("ANALYZE"))
