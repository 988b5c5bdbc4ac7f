"""`python -m bench NAME… [--json]` runs measures one after the other and prints their figures."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import random
import sys
from pathlib import Path

from bench.measured import CACHE, Measured, Options

MEASURES = ("start", "ack", "through", "crash", "stream", "parse", "link")


def main() -> int:
    """Returns 1 where a figure misses its goal."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MEASURES)}")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--seed", type=int, help="the random choices of an earlier run")
    parser.add_argument("--quick", action="store_true", help="small and short, not to be quoted")
    parser.add_argument("--customers", type=int, default=0, help="for link; a million unless told")
    parser.add_argument("--cache", type=Path, default=CACHE, help="a folder for what is kept")
    parser.add_argument("--world", type=Path, help="for parse: a company as JSON")
    parser.add_argument("--input", type=Path, help="for parse: messages, one JSON object a line")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(MEASURES)
    if unknown:
        parser.error(f"no measure {', '.join(sorted(unknown))}: there are {', '.join(MEASURES)}")
    seed = arguments.seed if arguments.seed is not None else random.randrange(2**31)
    options = Options(
        seed=seed,
        quick=arguments.quick,
        customers=arguments.customers,
        cache=arguments.cache,
        world=arguments.world,
        messages=arguments.input,
    )
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, seed {seed}", file=sys.stderr)
    held = True
    for name in arguments.names or MEASURES:
        taken = asyncio.run(importlib.import_module(f"bench.{name}").measure(options))
        for measured in taken if isinstance(taken, list) else [taken]:
            print(as_json(measured, options) if arguments.json else as_table(measured), flush=True)
            held &= all(g.holds(measured.figures[key]) for key, g in measured.goals.items())
    return 0 if held else 1


def as_json(measured: Measured, options: Options) -> str:
    figures = {key: _plain(value) for key, value in measured.figures.items()}
    about = {
        "measure": measured.name,
        **measured.about,
        "seed": options.seed,
        "cores": os.cpu_count(),
    }
    return json.dumps(about | figures, ensure_ascii=False)


def as_table(measured: Measured) -> str:
    """One line a figure: its goal, and whether it holds."""
    title = " ".join((measured.name, *measured.about.values()))
    lines = [f"\n{title}: {measured.how}"]
    for key, value in measured.figures.items():
        goal = measured.goals.get(key)
        verdict = (
            "" if goal is None else f"{goal!s:>9}  {'held' if goal.holds(value) else 'MISSED'}"
        )
        lines.append(f"  {key:<22}{_plain(value):>12,}{verdict}".rstrip())
    return "\n".join(lines)


def _plain(value: float) -> float:
    """Three digits behind the point; a whole number without any."""
    rounded = round(value, 3)
    return int(rounded) if rounded == int(rounded) else rounded


if __name__ == "__main__":
    sys.exit(main())
