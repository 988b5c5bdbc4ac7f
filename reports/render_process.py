"""The process that draws: reads a frame, draws, writes a frame, until its input ends."""

from __future__ import annotations

import gc
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from reports.renderer import LENGTH_BYTES, WARM
from reports.results import DailyFigures, Figures, Progress

NICENESS = 5  # acknowledging comes first
Draw = Callable[[str, Figures], bytes]


def serve(reader: BinaryIO, writer: BinaryIO) -> None:
    """Answer every frame with (True, png) or (False, what went wrong)."""
    draw = warmed()
    gc.freeze()
    while frame := _read(reader):
        answer = (True, b"") if frame == WARM else _answer(draw, frame)
        body = pickle.dumps(answer)
        writer.write(len(body).to_bytes(LENGTH_BYTES, "big") + body)
        writer.flush()
        gc.collect()  # a figure is a cycle of 10 MB of pixels


def warmed() -> Draw:
    """The drawing function, its imports, fonts and gradient loaded."""
    os.environ["MPLCONFIGDIR"] = private_folder()
    from reports.charts import draw

    nothing = Progress()
    draw(
        "daily",
        DailyFigures(team="跟单", day=date(2026, 1, 1), sales=nothing, collections=nothing,
                     new_deals=nothing, visits=nothing),
    )  # fmt: skip
    return draw


def private_folder() -> str:
    """Where matplotlib keeps its list of the machine's fonts, which it makes at its first start.

    The home may be read-only; a folder of ours in the temporary one is kept, a stranger's is not
    trusted.
    """
    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"gendan-matplotlib-{owner}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.lstat().st_uid != owner:
            return tempfile.mkdtemp(prefix="gendan-matplotlib-")
    except OSError:
        return tempfile.mkdtemp(prefix="gendan-matplotlib-")
    return str(folder)


def _answer(draw: Draw, frame: bytes) -> tuple[bool, Any]:
    try:
        kind, figures = pickle.loads(frame)  # noqa: S301 (from the process that started us)
        return True, draw(kind, figures)
    except Exception as error:  # one picture: whoever asked gets to know
        return False, f"{type(error).__name__}: {error}"


def _read(reader: BinaryIO) -> bytes:
    """The next frame; b"" at the end of the input."""
    length = int.from_bytes(reader.read(LENGTH_BYTES), "big")
    return reader.read(length)


def main() -> None:
    """Frames go out on a copy of standard output; what a library prints goes to the errors."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    serve(sys.stdin.buffer, output)


if __name__ == "__main__":
    main()
