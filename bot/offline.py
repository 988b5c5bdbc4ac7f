"""The parser without a database, for corpora and for whoever works on it: `gendan parse`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def acts(world: dict[str, Any], source: Path) -> Iterator[dict[str, Any]]:
    """`{"id", "acts"}` for each message, in the order of the file."""
    from nlu.offline import parse_messages

    yield from parse_messages(world, _rows(source))


def spans(source: Path) -> Iterator[dict[str, Any]]:
    """`{"id", "spans"}` for each case: the dates and amounts that its text holds."""
    from nlu.spans import spans as find

    for row in _rows(source):
        found = find(row["text"], _instant(row.get("ref")))
        yield {
            "id": row["id"],
            "spans": [
                {
                    "kind": span.kind,
                    "text": span.text,
                    "start": span.start,
                    "end": span.end,
                    "value": span.value,
                }
                for span in found
                if span.kind in ("date", "amount")
            ],
        }


def explained(world: dict[str, Any], text: str, sender: str | None) -> str:
    """How one sentence was read: spans, clauses, frames and why."""
    from nlu.explain import explain

    return explain(world, text, sender=sender, at=datetime.now(ZONE))


def _instant(reference: str | None) -> datetime:
    """The moment at which a text is said; in China's time where it has no zone."""
    now = datetime.fromisoformat(reference) if reference else datetime.now(ZONE)
    return now if now.tzinfo else now.replace(tzinfo=ZONE)


def _rows(source: Path) -> Iterator[dict[str, Any]]:
    with source.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
