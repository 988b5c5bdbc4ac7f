"""Pictures, drawn in a warmed process of their own, one at a time.

A thread that draws holds the event loop up to 70 ms. Frames on the child's pipes are a length and
a pickle; both ends are this program. Importing this module loads neither matplotlib nor numpy.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Final

from reports.results import Figures

DRAW_SECONDS = 20
START_SECONDS = 60  # a first start on a machine lists its fonts
STOP_SECONDS = 2
LENGTH_BYTES: Final = 4
WARM = b"warm"
HOME = Path(__file__).parent.parent
CHILD = "reports.render_process"


class RenderError(Exception):
    """A picture that could not be drawn; the next one may well be."""


class Renderer:
    """The process that draws; started by `start` or the first picture, again after a crash."""

    def __init__(self, *, draw_seconds: float = DRAW_SECONDS) -> None:
        self._draw_seconds = draw_seconds
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process that draws now, if any."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Warm up ahead of the first picture."""
        async with self._turn:
            await self._running()

    async def render(self, kind: str, figures: Figures) -> bytes:
        """The PNG of that name in `charts.PICTURES`; RenderError where it does not come out."""
        async with self._turn:
            process = await self._running()
            frame = pickle.dumps((kind, figures))
            answer = await self._asked(process, frame, self._draw_seconds)
        drawn, result = pickle.loads(answer)  # noqa: S301 (from our own child)
        if not drawn:
            raise RenderError(f"{kind}: {result}")
        return bytes(result)

    async def close(self) -> None:
        """Stop the process; a picture being drawn is waited for."""
        async with self._turn:
            await self._stop()

    async def _running(self) -> Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        await self._stop()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", CHILD, stdin=PIPE, stdout=PIPE, env=_environment(),
            start_new_session=True,  # Ctrl-C is for the service, which then closes us
        )  # fmt: skip
        await self._asked(self._process, WARM, START_SECONDS)
        return self._process

    async def _asked(self, process: Process, frame: bytes, seconds: float) -> bytes:
        """One frame there and one back; whatever goes wrong ends the process."""
        try:
            async with asyncio.timeout(seconds):
                return await _exchange(process, frame)
        except TimeoutError as error:
            await self._stop(kill=True)
            raise RenderError(f"not drawn within {seconds} s") from error
        except (OSError, EOFError) as error:
            await self._stop(kill=True)
            raise RenderError("the drawing process died") from error
        except asyncio.CancelledError:
            await self._stop(kill=True)  # else its answer would be taken for the next picture
            raise

    async def _stop(self, *, kill: bool = False) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        if not kill:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await process.wait()
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()


async def _exchange(process: Process, frame: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise EOFError("the process has no pipes")
    process.stdin.write(len(frame).to_bytes(LENGTH_BYTES, "big") + frame)
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(LENGTH_BYTES), "big")
    return await process.stdout.readexactly(length)


def _environment() -> dict[str, str]:
    """Ours, and where the packages are: the child is started without its folder on the path.

    Between two pictures glibc would keep 28 MB that their pixels took; to give them back and
    take them again costs 15 ms a picture.
    """
    places = [str(HOME), *filter(None, [os.environ.get("PYTHONPATH")])]
    ours = {
        "PYTHONPATH": os.pathsep.join(places),
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_TRIM_THRESHOLD_": "131072",
    }
    return {**os.environ, **ours}
