"""Messages a second from the first that arrives to the last answer in WeCom's ledger."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.company import notes
from bench.load import Load, Outcome, push
from bench.measured import Goal, Measured, Options
from bench.service import Service, bare
from bench.stand import Answers, Stand, stand

MESSAGES = 3000
REPS = 400
"""Some eight messages each: below what WeCom lets an app send one person in a minute."""
ANSWER_SECONDS = 40.0


async def measure(options: Options) -> Measured:
    count = 300 if options.quick else MESSAGES
    async with stand(reps=REPS, seed=options.seed) as here:
        with tempfile.TemporaryDirectory() as folder:
            beside = await _push(here, bare(here.app, Path(folder)), count, options.seed)
        ours, answered, seconds = await _through(here, count, options.seed)
    return Measured(
        name="through",
        how=(
            f"{count} visit notes of {REPS} reps pushed as fast as they are acknowledged; "
            "load, service and simulator share the cores"
        ),
        figures={
            "per_second": answered / seconds,
            "acknowledged_per_second": count / ours.seconds,
            "bare_per_second": count / beside.seconds,
            "messages": count,
            "unanswered": count - answered,
            "refused": ours.refused + beside.refused,
        },
        goals={
            "per_second": Goal(least=1000),
            "unanswered": Goal(most=0),
            "refused": Goal(most=0),
        },
    )


async def _push(here: Stand, service: Service, count: int, seed: int) -> Outcome:
    await service.start()
    try:
        messages = notes(here.reps, count, seed)
        return await push(Load(app=here.app, port=service.port, messages=messages))
    finally:
        await service.stop()


async def _through(here: Stand, count: int, seed: int) -> tuple[Outcome, int, float]:
    """What the generator saw, the messages answered, and the seconds from first to last."""
    await here.service.start()
    answers = Answers(here.wecom)
    warming = notes(here.reps, len(here.reps) // 2, seed + 1)
    await push(Load(app=here.app, port=here.service.port, messages=warming, rate=200, seed=seed))
    await answers.reach(len(warming), within_seconds=ANSWER_SECONDS)
    before = answers.count
    load = Load(app=here.app, port=here.service.port, messages=notes(here.reps, count, seed))
    outcome = await push(load)
    await answers.reach(before + count, within_seconds=ANSWER_SECONDS)
    return outcome, answers.count - before, answers.last_at - outcome.began_at
