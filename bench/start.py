"""Seconds from starting the process to its first answered callback, and its memory then."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import aiohttp

from bench.company import notes
from bench.load import Load, push
from bench.measured import Goal, Measured, Options
from bench.service import Service, bare
from bench.stand import Answers, Stand, stand

REPS = 20
TIMES = 5
WARM_MESSAGES = 200
ANSWER_SECONDS = 30.0


async def measure(options: Options) -> Measured:
    times = 2 if options.quick else TIMES
    async with stand(reps=REPS, seed=options.seed) as here:
        with tempfile.TemporaryDirectory() as folder:
            beside = bare(here.app, Path(folder))
            bare_s, bare_mb = await _starts(here, beside, times)
        start_s, rss_mb = await _starts(here, here.service, times)
        warm_mb = await _warm(here, options.seed)
    return Measured(
        name="start",
        how=f"median of {times} starts on a migrated SQLite, until a genuine callback is answered",
        figures={
            "start_s": start_s,
            "rss_mb": rss_mb,
            "warm_rss_mb": warm_mb,
            "bare_start_s": bare_s,
            "bare_rss_mb": bare_mb,
        },
        goals={"start_s": Goal(most=1.0), "rss_mb": Goal(most=120), "warm_rss_mb": Goal(most=120)},
    )


async def _starts(here: Stand, service: Service, times: int) -> tuple[float, float]:
    """Median seconds and megabytes."""
    here.wecom.callback_url = service.callback_url
    seconds, megabytes = [], []
    for _ in range(times):
        started = time.perf_counter()
        await service.start()
        await _callback(here)
        seconds.append(time.perf_counter() - started)
        megabytes.append(service.memory_mb())
        await service.stop()
    return statistics.median(seconds), statistics.median(megabytes)


async def _callback(here: Stand) -> None:
    """One genuine callback, answered with 200."""
    callback_id = await here.wecom.enter(here.reps[0].userid)
    callback = here.wecom.ledger.callbacks[callback_id]
    await here.wecom.wait_for(lambda: callback.state != "sending", ANSWER_SECONDS)
    if callback.state != "acked":
        raise aiohttp.ClientError("the callback was refused")


async def _warm(here: Stand, seed: int) -> float:
    """Memory after some notes were read and answered."""
    answers = Answers(here.wecom)
    await here.service.start()
    messages = notes(here.reps, WARM_MESSAGES, seed)
    await push(Load(app=here.app, port=here.service.port, messages=messages, rate=100, seed=seed))
    await answers.reach(WARM_MESSAGES, within_seconds=ANSWER_SECONDS)
    megabytes = here.service.memory_mb()
    await here.service.stop()
    return megabytes
