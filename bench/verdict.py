"""Reads database and ledger after a crash run: what was lost, doubled, or never answered."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from simulator.ledger import Ledger

EFFECT = "activity"
"""The record type that each note of `bench.company` makes exactly one of."""


@dataclass(slots=True)
class Verdict:
    """Message ids by what went wrong with them; `integrity` is SQLite's own word, "ok" if well."""

    integrity: str
    not_kept: list[str] = field(default_factory=list)
    not_done: list[str] = field(default_factory=list)
    no_effect: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    repeated: set[str] = field(default_factory=set)
    """Answers that reached a phone though no receipt was kept: the same was sent again."""

    @property
    def lost(self) -> set[str]:
        return {*self.not_kept, *self.not_done, *self.no_effect}


def judge(database: Path, ledger: Ledger) -> Verdict:
    """Check every callback that the platform was answered 200 for."""
    shown = {message.msg_id for message in ledger.all_messages()}
    with _reading(database) as connection:
        verdict = Verdict(integrity=connection.execute("PRAGMA integrity_check").fetchone()[0])
        kept = _kept(connection)
        effects = _effects(connection)
        answered = _answered(connection, shown)
        verdict.repeated = shown - _receipts(connection)
    for callback in ledger.acked():
        rows = kept.get(callback.id, [])
        made = sum(effects[event_id] for event_id, _ in rows)
        if not rows:
            verdict.not_kept.append(callback.id)
        elif any(state != "done" for _, state in rows):
            verdict.not_done.append(callback.id)
        elif not made:
            verdict.no_effect.append(callback.id)
        if len(rows) > 1 or made > 1:
            verdict.doubled.append(callback.id)
        if not any(event_id in answered for event_id, _ in rows):
            verdict.unanswered.append(callback.id)
    return verdict


def unfinished(database: Path) -> int:
    """Events and replies that are still to be worked off."""
    with _reading(database) as connection:
        counted: int = connection.execute(
            "SELECT (SELECT count(*) FROM inbound WHERE state IN ('new', 'working'))"
            " + (SELECT count(*) FROM outbound WHERE state IN ('new', 'sending'))"
        ).fetchone()[0]
    return counted


def _kept(connection: sqlite3.Connection) -> dict[str, list[tuple[int, str]]]:
    """Event ids and states by the platform's message id."""
    kept: dict[str, list[tuple[int, str]]] = {}
    for event_id, state, payload in connection.execute("SELECT id, state, payload FROM inbound"):
        message_id = json.loads(payload).get("message_id")
        if message_id is not None:
            kept.setdefault(message_id, []).append((event_id, state))
    return kept


def _effects(connection: sqlite3.Connection) -> Counter[int]:
    """How many records of the expected kind each event made, by the journal."""
    rows = connection.execute(
        "SELECT event_id, count(*) FROM journal"
        " WHERE record_type = ? AND operation = 'create' AND event_id IS NOT NULL GROUP BY 1",
        (EFFECT,),
    )
    return Counter(dict(rows.fetchall()))


def _answered(connection: sqlite3.Connection, shown: Collection[str]) -> set[int]:
    """Events all of whose replies were sent under a message id that the ledger knows."""
    good: set[int] = set()
    bad: set[int] = set()
    for event_id, state, receipt in connection.execute(
        "SELECT event_id, state, receipt FROM outbound WHERE event_id IS NOT NULL"
    ):
        sent = state == "sent" and _message_id(receipt) in shown
        (good if sent else bad).add(event_id)
    return good - bad


def _receipts(connection: sqlite3.Connection) -> set[str | None]:
    rows = connection.execute("SELECT receipt FROM outbound WHERE state = 'sent'")
    return {_message_id(receipt) for (receipt,) in rows}


def _message_id(receipt: str | None) -> str | None:
    told = json.loads(receipt) if receipt else None
    return told.get("message_id") if told else None


@contextmanager
def _reading(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
        yield connection
