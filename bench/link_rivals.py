"""What finding is compared to: a LIKE scan, and rapidfuzz over all names held in memory.

`python -m bench.link_rivals FILE` reads one JSON list of [said, customer id] and prints figures.
Both are told the name itself, not the note around it.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Callable

from rapidfuzz import fuzz, process

from bench.link_find import peak_mb
from bench.measured import percentile

MOST = 5


def main() -> None:
    """Both in turn over the same questions."""
    questions: list[tuple[str, int]] = [(said, number) for said, number in json.load(sys.stdin)]
    connection = sqlite3.connect(sys.argv[1])

    def like(said: str) -> list[int]:
        query = "SELECT id FROM customer WHERE name LIKE ? ESCAPE '!' LIMIT 5"
        return [row[0] for row in connection.execute(query, (f"%{said}%",))]

    figures = _timed("like", like, questions)
    started = time.perf_counter()
    rows = connection.execute("SELECT id, name FROM customer").fetchall()
    ids, names = [row[0] for row in rows], [row[1] for row in rows]
    del rows
    figures["rapidfuzz_start_s"] = time.perf_counter() - started

    def fuzzy(said: str) -> list[int]:
        found = process.extract(said, names, scorer=fuzz.partial_ratio, limit=MOST)
        return [ids[place] for _, _, place in found]

    figures |= _timed("rapidfuzz", fuzzy, questions)
    figures["rapidfuzz_rss_mb"] = peak_mb()
    print(json.dumps(figures))


def _timed(
    name: str, find: Callable[[str], list[int]], questions: list[tuple[str, int]]
) -> dict[str, float]:
    times, first, among = [], 0, 0
    for said, number in questions:
        started = time.perf_counter()
        found = find(said)
        times.append(1000 * (time.perf_counter() - started))
        first += found[:1] == [number]
        among += number in found
    times.sort()
    return {
        f"{name}_p50_ms": percentile(times, 0.5),
        f"{name}_p99_ms": percentile(times, 0.99),
        f"{name}_recall_1": first / len(questions),
        f"{name}_recall_5": among / len(questions),
    }


if __name__ == "__main__":
    main()
