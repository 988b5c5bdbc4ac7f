"""A load generator in a process of its own: `python -m bench.load`, told by stdin.

It speaks bare HTTP over kept connections, for a client library costs as much as the service.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bench.envelopes import App, Envelopes
from bench.measured import percentile

ANSWER_SECONDS = 30.0
CONNECTIONS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """`rate` a second with Poisson arrivals; None sends as fast as it is acknowledged."""

    app: App
    port: int
    messages: Sequence[tuple[str, str]]
    rate: float | None = None
    seed: int = 0
    connections: int = CONNECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Milliseconds from when a message was due to be sent to its answer.

    `sent_late_ms` is how late the generator itself was at the 99th percentile.
    """

    p50_ms: float
    p99_ms: float
    max_ms: float
    sent_late_ms: float
    seconds: float
    began_at: float
    statuses: dict[str, int]

    @property
    def refused(self) -> int:
        return sum(times for status, times in self.statuses.items() if status != "200")


async def push(load: Load) -> Outcome:
    """Run the generator and wait for its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.load", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    told, _ = await process.communicate(json.dumps(asdict(load)).encode())
    if process.returncode:
        raise RuntimeError("the load generator failed")
    return Outcome(**json.loads(told))


class _Connection(asyncio.Protocol):
    """One kept connection with at most one request under way."""

    def __init__(self, pool: _Pool) -> None:
        self._pool = pool
        self._answer = b""
        self._due: float | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self, request: bytes, due: float) -> None:
        assert self.transport is not None
        self._due = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if end and len(body) >= _content_length(head) and self._due is not None:
            self._answer, due, self._due = b"", self._due, None
            self._pool.answered(self, due, head[9:12].decode())

    def connection_lost(self, exc: Exception | None) -> None:
        if self._due is not None:
            self._pool.cut(self._due)
        self._pool.forget(self)


class _Pool:
    """Requests wait here for a free connection, oldest first."""

    def __init__(self, expected: int) -> None:
        self._free: list[_Connection] = []
        self._waiting: deque[tuple[bytes, float]] = deque()
        self._left = expected
        self.statuses: Counter[str] = Counter()
        self.latencies: list[float] = []
        self.done = asyncio.Event()

    async def open(self, port: int, connections: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            _, connection = await loop.create_connection(
                lambda: _Connection(self), "127.0.0.1", port
            )
            self._free.append(connection)

    def send(self, request: bytes, due: float) -> None:
        if self._free:
            self._free.pop().send(request, due)
        else:
            self._waiting.append((request, due))

    def answered(self, connection: _Connection, due: float, status: str) -> None:
        self._count(status, due)
        if self._waiting:
            connection.send(*self._waiting.popleft())
        else:
            self._free.append(connection)

    def cut(self, due: float) -> None:
        self._count("cut", due)

    def forget(self, connection: _Connection) -> None:
        if connection in self._free:
            self._free.remove(connection)

    def _count(self, status: str, due: float) -> None:
        self.latencies.append(time.perf_counter() - due)
        self.statuses[status] += 1
        self._left -= 1
        if not self._left:
            self.done.set()


async def _run(load: Load) -> Outcome:
    envelopes = Envelopes(load.app, load.port)
    requests = [envelopes.request(userid, text) for userid, text in load.messages]
    pool = _Pool(len(requests))
    await pool.open(load.port, load.connections)
    began_at, started = time.time(), time.perf_counter()
    late = await _send_all(pool, requests, load)
    async with asyncio.timeout(ANSWER_SECONDS):
        await pool.done.wait()
    latencies = sorted(1000 * latency for latency in pool.latencies)
    return Outcome(
        p50_ms=percentile(latencies, 0.5),
        p99_ms=percentile(latencies, 0.99),
        max_ms=latencies[-1],
        sent_late_ms=1000 * percentile(sorted(late), 0.99),
        seconds=time.perf_counter() - started,
        began_at=began_at,
        statuses=dict(pool.statuses),
    )


async def _send_all(pool: _Pool, requests: Sequence[bytes], load: Load) -> list[float]:
    """Returns by how many seconds each left late."""
    chance = random.Random(load.seed)
    due = time.perf_counter()
    late: list[float] = []
    for request in requests:
        if load.rate is not None:
            due += chance.expovariate(load.rate)
            if (ahead := due - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
        now = time.perf_counter()
        late.append(now - due if load.rate is not None else 0.0)
        pool.send(request, due if load.rate is not None else now)
    return late


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def main() -> None:
    told = json.load(sys.stdin)
    load = Load(**(told | {"app": App(**told["app"])}))
    print(json.dumps(asdict(asyncio.run(_run(load)))))


if __name__ == "__main__":
    main()
