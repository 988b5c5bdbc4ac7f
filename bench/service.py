"""Starts, kills and stops a process that answers HTTP: `gendan serve`, or the bare handler."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import aiohttp

from bench.envelopes import CALLBACK_PATH, App

POLL_SECONDS = 0.01
START_SECONDS = 30.0
STOP_SECONDS = 30.0
SECRETS = {"secret": "GENDAN_SECRET", "token": "GENDAN_TOKEN", "aes_key": "GENDAN_AES_KEY"}


class Service:
    """One listening process; `port` stays the same over restarts."""

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], folder: Path, port: int
    ) -> None:
        self._command = [sys.executable, *command]
        self._environ = {**os.environ, **environ}
        self._log = folder / "service.log"
        self._process: asyncio.subprocess.Process | None = None
        self.port = port

    @property
    def callback_url(self) -> str:
        return f"http://127.0.0.1:{self.port}{CALLBACK_PATH}"

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    async def spawn(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, env=self._environ, stdout=log, stderr=log
            )

    async def start(self) -> float:
        """Seconds from starting the process to its first answer on the callback's address."""
        started = time.perf_counter()
        await self.spawn()
        await self.answering()
        return time.perf_counter() - started

    async def answering(self) -> None:
        """Returns at the first HTTP answer; RuntimeError with the log where there is none."""
        give_up_at = time.perf_counter() + START_SECONDS
        async with aiohttp.ClientSession() as http:
            while not await self._answers(http):
                ended = self._process is None or self._process.returncode is not None
                if ended or time.perf_counter() > give_up_at:
                    raise RuntimeError(f"no answer from {self._command[1:]}:\n{self.log[-4000:]}")
                await asyncio.sleep(POLL_SECONDS)

    async def _answers(self, http: aiohttp.ClientSession) -> bool:
        """An unsigned GET must be refused: whoever refuses it, answers."""
        try:
            async with http.get(self.callback_url) as answer:
                return 400 <= answer.status < 500
        except aiohttp.ClientError:
            return False

    async def kill(self) -> None:
        """SIGKILL; returns once the process is gone."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM; a process that doesn't end by itself is killed."""
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.send_signal(how)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    def memory_mb(self) -> float:
        """Resident memory of the process and those that it started, each page counted once."""
        if self._process is None:
            return 0.0
        return sum(_share_kb(pid) for pid in _family(self._process.pid)) / 1024


def gendan(app: App, folder: Path, api_url: str) -> Service:
    """`gendan serve` on SQLite in `folder`, pointed at the WeCom at `api_url`."""
    config, port = folder / "config.toml", free_port()
    environ = {SECRETS[name]: getattr(app, name) for name in SECRETS}
    config.write_text(
        f"""
[server]
port = {port}
[database]
url = "sqlite:///{folder / "gendan.db"}"
[log]
level = "warning"
[wecom]
corp_id = "{app.corp_id}"
agent_id = {app.agent_id}
api_base = "{api_url}"
callback_path = "{CALLBACK_PATH}"
"""
        + "".join(f'{name} = {{ env = "{variable}" }}\n' for name, variable in SECRETS.items()),
        encoding="utf-8",
    )
    return Service(["-m", "bot", "serve", "--config", str(config)], environ, folder, port)


def bare(app: App, folder: Path) -> Service:
    """aiohttp with the same verification and nothing behind it."""
    port = free_port()
    environ = {"BENCH_APP": json.dumps(asdict(app)), "BENCH_PORT": str(port)}
    return Service(["-m", "bench.bare"], environ, folder, port)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _family(pid: int) -> list[int]:
    """The process and all below it, whichever of its threads started them (Linux)."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [child for each in threads for child in each.read_text(encoding="ascii").split()]
    return [pid, *(found for child in children for found in _family(int(child)))]


def _share_kb(pid: int) -> int:
    """Proportional set size: a page that three processes share counts a third in each."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
