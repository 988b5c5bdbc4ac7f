"""The worker in a thread with an event loop of its own, so that its work delays no answer.

A turn keeps its loop busy for milliseconds at a time, and the platforms' callbacks would wait
behind it. Here they only share the interpreter, which changes hands every `SWITCH_SECONDS`.
What reads and answers words is loaded here too, while the doors are open already.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.model import ModelSettings
from bot.platforms.contract import Platform
from bot.transcriber import VoiceSettings
from storage.db import Database

if TYPE_CHECKING:
    from bot.turn import Turn
    from bot.worker import Worker
    from reports.renderer import Renderer

SWITCH_SECONDS = 0.001
"""How long a turn may go on while an arrival waits; Python's own 5 ms are a fifth of our goal."""
WARM_AFTER_SECONDS = 2.0
"""When the drawing process starts: not while the service still starts itself."""


class Workshop:
    """`run` works off the inbox until `stop`; both, and `wake`, belong to the caller's loop."""

    def __init__(
        self,
        db: Database,
        platforms: Mapping[str, Platform],
        *,
        zone: ZoneInfo,
        done: Callable[[], None],
        clock: Callable[[], datetime],
        shutdown_seconds: float,
        model: ModelSettings | None = None,
        voice: VoiceSettings | None = None,
    ) -> None:
        self._db = db
        self._platforms = platforms
        self._zone = zone
        self._done = done
        self._clock = clock
        self._shutdown_seconds = shutdown_seconds
        self._model = model
        self._voice = voice
        self._worker: Worker | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._outside: asyncio.AbstractEventLoop | None = None
        self._told = threading.Event()
        self._stopping = False

    async def run(self) -> None:
        """Until `stop` and the end of what runs; raises what the worker died of."""
        self._outside = asyncio.get_running_loop()
        sys.setswitchinterval(SWITCH_SECONDS)
        ended: asyncio.Future[None] = self._outside.create_future()
        thread = threading.Thread(target=self._work, args=(ended,), name="worker", daemon=True)
        thread.start()
        try:
            await asyncio.shield(ended)
        finally:
            self.stop()
            await asyncio.wait([ended], timeout=self._shutdown_seconds)

    def wake(self) -> None:
        """There may be something to do."""
        if self._loop is not None and self._worker is not None:
            self._call(self._worker.wake)

    def stop(self) -> None:
        """Claim nothing more; `run` returns when the running turns have ended."""
        self._stopping = True
        if self._worker is not None:
            self._call(self._worker.stop)

    def _call(self, what: Callable[[], None]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what)

    def _work(self, ended: asyncio.Future[None]) -> None:
        failure: BaseException | None = None
        try:
            asyncio.run(self._inside())
        except BaseException as error:
            failure = error
        if self._outside is not None and not self._outside.is_closed():
            self._outside.call_soon_threadsafe(_settle, ended, failure)

    async def _inside(self) -> None:
        from bot.hearing import Ear
        from bot.model import LanguageModel
        from bot.transcriber import Transcriber
        from bot.turn import Turn
        from nlu.parser import warm
        from reports.renderer import Renderer

        self._loop = asyncio.get_running_loop()
        db, renderer = self._db.beside(), Renderer()
        model = LanguageModel(self._model, db, self._clock) if self._model else None
        transcriber = Transcriber(self._voice) if self._voice else None
        turn = Turn(
            db,
            self._platforms,
            render=renderer.render,
            zone=self._zone,
            clock=self._clock,
            model=model,
            ear=Ear(self._recording, transcriber) if transcriber else None,
        )
        worker = self._worker = self._working(db, turn)
        if self._stopping:
            worker.stop()
        warm()  # before a claim: who is killed meanwhile has tried no event
        drawing = asyncio.create_task(_start_later(renderer))
        try:
            await worker.run()
        finally:
            drawing.cancel()
            await renderer.close()
            for client in (model, transcriber):
                if client is not None:
                    await client.close()
            await db.close()

    def _working(self, db: Database, turn: Turn) -> Worker:
        from bot.worker import Worker

        return Worker(
            db,
            turn,
            prepare=turn.prepare,
            parked=turn.apologise,
            done=self._sent,
            clock=self._clock,
            shutdown_seconds=self._shutdown_seconds,
        )

    async def _recording(self, platform: str, media: str) -> bytes:
        """Fetched in the loop to which the platform's connections belong."""
        if self._outside is None:
            raise RuntimeError("the workshop isn't running")
        fetching = self._platforms[platform].recording(media)
        asked = asyncio.run_coroutine_threadsafe(fetching, self._outside)
        return await asyncio.wrap_future(asked)

    def _sent(self) -> None:
        """Something may be to be sent; said once until the other loop has heard it."""
        if self._outside is not None and not self._told.is_set():
            self._told.set()
            self._outside.call_soon_threadsafe(self._hear)

    def _hear(self) -> None:
        self._told.clear()
        self._done()


async def _start_later(renderer: Renderer) -> None:
    await asyncio.sleep(WARM_AFTER_SECONDS)
    await renderer.start()


def _settle(ended: asyncio.Future[None], failure: BaseException | None) -> None:
    if ended.done():
        return
    if failure is None:
        ended.set_result(None)
    else:
        ended.set_exception(failure)
