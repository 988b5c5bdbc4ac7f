"""The service is killed at random moments while callbacks arrive; then every one is accounted for.

The platform delivers each callback up to four times, a second apart, as WeCom does.
"""

from __future__ import annotations

import asyncio
import random
import time

from bench.company import notes
from bench.measured import Goal, Measured, Options
from bench.stand import Stand, stand
from bench.verdict import judge, unfinished

CALLBACKS = 2000
KILLS = 20
REPS = 100
UP_SECONDS = (0.4, 1.6)
SPREAD_SECONDS = 1.0
"""How much longer than the service stays up each batch of callbacks lasts."""
SETTLE_SECONDS = 30.0
DRAIN_SECONDS = 90.0
POLL_SECONDS = 0.2


async def measure(options: Options) -> Measured:
    callbacks, kills = (200, 3) if options.quick else (CALLBACKS, KILLS)
    async with stand(reps=REPS, seed=options.seed) as here:
        await here.service.start()
        recoveries = await _kill_often(here, callbacks, kills, options.seed)
        drained_s = await _drain(here)
        await here.service.stop()
        verdict = judge(here.database, here.wecom.ledger)
        ledger = here.wecom.ledger
        figures = {
            "lost": len(verdict.lost),
            "doubled": len(verdict.doubled),
            "unanswered": len(verdict.unanswered),
            "recovery_s": max(recoveries),
            "callbacks": len(ledger.callbacks),
            "deliveries": sum(len(callback.attempts) for callback in ledger.callbacks.values()),
            "given_up": len(ledger.lost()),
            "kills": len(recoveries),
            "answers_repeated": len(verdict.repeated),
            "drained_s": drained_s,
            "integrity_faults": 0 if verdict.integrity == "ok" else 1,
        }
    return Measured(
        name="crash",
        how=(
            f"SIGKILL at {kills} random moments (--seed {options.seed} chooses the same ones) "
            f"while {callbacks} callbacks arrive; every acknowledged one looked up afterwards"
        ),
        figures=figures,
        goals={
            **dict.fromkeys(
                ("lost", "doubled", "unanswered", "given_up", "integrity_faults"), Goal(most=0)
            ),
            "recovery_s": Goal(most=2.0),
        },
    )


async def _kill_often(here: Stand, callbacks: int, kills: int, seed: int) -> list[float]:
    """Seconds from each kill to the next answer; a batch of callbacks spans every kill."""
    chance = random.Random(seed)
    messages = notes(here.reps, callbacks, seed)
    recoveries = []
    for turn in range(kills):
        batch = messages[turn * callbacks // kills : (turn + 1) * callbacks // kills]
        up_seconds = chance.uniform(*UP_SECONDS)
        moments = sorted(chance.uniform(0, up_seconds + SPREAD_SECONDS) for _ in batch)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_say(here, batch, moments))
            await asyncio.sleep(up_seconds)
            killed_at = time.perf_counter()
            await here.service.kill()
            await here.service.start()
            recoveries.append(time.perf_counter() - killed_at)
    return recoveries


async def _say(here: Stand, batch: list[tuple[str, str]], moments: list[float]) -> None:
    started = time.perf_counter()
    for (userid, text), moment in zip(batch, moments, strict=True):
        await asyncio.sleep(max(0.0, started + moment - time.perf_counter()))
        await here.wecom.say(userid, text)


async def _drain(here: Stand) -> float:
    """Seconds until the platform has settled and nothing waits any more in inbox and outbox."""
    started = time.perf_counter()
    ledger = here.wecom.ledger
    await here.wecom.wait_for(
        lambda: all(callback.state != "sending" for callback in ledger.callbacks.values()),
        SETTLE_SECONDS,
    )
    # Another process' database wakes nobody.
    while (  # noqa: ASYNC110
        unfinished(here.database) and time.perf_counter() - started < DRAIN_SECONDS
    ):
        await asyncio.sleep(POLL_SECONDS)
    return time.perf_counter() - started
