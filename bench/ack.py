"""How soon a callback is acknowledged at 500 messages a second, durable, while the bot works."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.company import notes
from bench.load import Load, Outcome, push
from bench.measured import Goal, Measured, Options
from bench.service import Service, bare
from bench.stand import Answers, Stand, stand

RATE = 500.0
REPS = 400
SECONDS = 15
WARM_MESSAGES = 500
DRAIN_SECONDS = 10.0


async def measure(options: Options) -> Measured:
    seconds = 3 if options.quick else SECONDS
    async with stand(reps=REPS, seed=options.seed) as here:
        with tempfile.TemporaryDirectory() as folder:
            beside = await _load(here, bare(here.app, Path(folder)), seconds, options.seed)
        answers = Answers(here.wecom)
        ours = await _load(here, here.service, seconds, options.seed, answers)
    return Measured(
        name="ack",
        how=(
            f"{RATE:g} messages/s, Poisson, {seconds} s, over HTTP with real encryption, counted "
            "from when each was due; load, service and simulator share the cores"
        ),
        figures={
            "ack_p50_ms": ours.p50_ms,
            "ack_p99_ms": ours.p99_ms,
            "ack_max_ms": ours.max_ms,
            "bare_p50_ms": beside.p50_ms,
            "bare_p99_ms": beside.p99_ms,
            "bare_max_ms": beside.max_ms,
            "sent_late_p99_ms": max(ours.sent_late_ms, beside.sent_late_ms),
            "messages": sum(ours.statuses.values()),
            "refused": ours.refused + beside.refused,
            "answered_meanwhile": answers.count,
        },
        goals={"ack_p99_ms": Goal(most=20), "refused": Goal(most=0)},
    )


async def _load(
    here: Stand, service: Service, seconds: int, seed: int, answers: Answers | None = None
) -> Outcome:
    """Warm up, wait until what was asked is answered, then measure."""
    await service.start()
    try:
        warming = notes(here.reps, WARM_MESSAGES, seed + 1)
        await push(Load(app=here.app, port=service.port, messages=warming, rate=RATE, seed=seed))
        if answers is not None:
            await answers.reach(WARM_MESSAGES, within_seconds=DRAIN_SECONDS)
        messages = notes(here.reps, int(RATE * seconds), seed)
        load = Load(app=here.app, port=service.port, messages=messages, rate=RATE, seed=seed)
        return await push(load)
    finally:
        await service.stop()
