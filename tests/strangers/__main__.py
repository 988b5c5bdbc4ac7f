"""`python -m tests.strangers [NAME …]`: builds, runs and judges them, and prints a table."""

import argparse
import asyncio
import importlib
import pkgutil
import sys
import time

from tests.strangers import rows
from tests.strangers.room import CannotBuild, Room, Stranger

_VISIT_SECONDS = 120.0


def strangers() -> list[Stranger]:
    """STRANGER of every module under rows/, by name."""
    names = [module.name for module in pkgutil.iter_modules(rows.__path__)]
    modules = [importlib.import_module(f"{rows.__name__}.{name}") for name in sorted(names)]
    return [module.STRANGER for module in modules]


async def _judge(stranger: Stranger) -> tuple[bool, str]:
    """Whether it passed, and in what words."""
    room = Room(stranger)
    try:
        await room.build()
        started = time.perf_counter()
        async with asyncio.timeout(_VISIT_SECONDS):
            await stranger.visit(room)
    except CannotBuild as error:
        return False, f"can't be built: {error}"
    except Exception as error:
        sys.stderr.write(f"--- {stranger.name}\n{room.last_words()}\n")
        return False, f"failed: {type(error).__name__} {error}".strip()
    return True, f"passed in {time.perf_counter() - started:.1f} s"


async def _run(chosen: list[Stranger]) -> bool:
    table = [("stranger", "version", "what", "result")]
    passed = True
    for stranger in chosen:
        good, words = await _judge(stranger)
        passed &= good
        table.append((stranger.name, stranger.version, stranger.what, words))
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(" | ".join(cells).rstrip() + "\n")
    return passed


def main() -> None:
    known = {stranger.name: stranger for stranger in strangers()}
    parser = argparse.ArgumentParser(prog="python -m tests.strangers", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    given = parser.parse_args()
    if unknown := set(given.names) - known.keys():
        parser.error(f"no such stranger: {', '.join(sorted(unknown))}")
    chosen = [stranger for name, stranger in known.items() if name in (given.names or known)]
    sys.exit(0 if asyncio.run(_run(chosen)) else 1)


if __name__ == "__main__":
    main()
