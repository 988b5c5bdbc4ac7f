"""A stranger's room: its environment under .strangers/, and its process while it visits."""

import asyncio
import contextlib
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".strangers"
SCRIPTS = Path(__file__).parent / "scripts"
_BUILD_SECONDS = 900.0
_EXPECT_SECONDS = 20.0


class CannotBuild(Exception):
    """The package, its registry or its runtime isn't there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """One row of the table.

    visit: raises AssertionError, or anything else, where the two don't understand each other.
    """

    name: str
    ecosystem: Literal["pypi", "npm"]
    package: str
    version: str
    what: str
    visit: Callable[["Room"], Awaitable[None]]


class Visitor:
    """A running script: each line of its output is a JSON object with "saw"."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._lines: list[dict[str, Any]] = []

    async def expect(self, saw: str, seconds: float = _EXPECT_SECONDS) -> dict[str, Any]:
        """The next thing that it saw, which must be this one."""
        if self._process.stdout is None:
            raise RuntimeError("the script's output isn't captured")
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), seconds)
        except TimeoutError:
            raise AssertionError(f"it didn't see {saw!r} within {seconds} s") from None
        assert line, f"it ended instead of seeing {saw!r}"
        told: dict[str, Any] = json.loads(line)
        assert told["saw"] == saw, f"it saw {told}, not {saw!r}"
        return told


@dataclass(slots=True)
class Room:
    """Where a stranger lives; `build` is quick when nothing has changed."""

    stranger: Stranger
    log: Path = field(init=False)
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder = CACHE / f"{self.stranger.name}-{self.stranger.version}"
        self.log = self.folder / "visit.log"

    async def build(self) -> None:
        """Raises CannotBuild. Packages come by name from wherever pip and npm look."""
        ready = self.folder / ".ready"
        if ready.exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        package, version = self.stranger.package, self.stranger.version
        if self.stranger.ecosystem == "pypi":
            await _run(sys.executable, "-m", "venv", str(self.folder / "venv"))
            pip = (str(self._python), "-m", "pip", "install", "--quiet")
            await _run(*pip, "--disable-pip-version-check", f"{package}=={version}")
        else:
            manifest = {"name": "stranger", "private": True, "type": "module"}
            (self.folder / "package.json").write_text(json.dumps(manifest))
            npm = ("npm", "install", "--no-audit", "--no-fund", "--silent")
            await _run(*npm, f"{package}@{version}", cwd=self.folder)
        ready.touch()

    @property
    def _python(self) -> Path:
        return self.folder / "venv" / "bin" / "python"

    @asynccontextmanager
    async def run(self, script: str, *arguments: str, **variables: str) -> AsyncIterator[Visitor]:
        """Runs a file of scripts/ in the environment; what it logs is in visit.log."""
        copy = self.folder / script
        shutil.copyfile(SCRIPTS / script, copy)
        program = "node" if self.stranger.ecosystem == "npm" else str(self._python)
        with self.log.open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                program, str(copy), *arguments,
                cwd=self.folder, env=_environment(variables),
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip
            try:
                yield Visitor(process)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    def last_words(self) -> str:
        """The end of its log, for whoever must find out why."""
        return self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""


def _environment(variables: dict[str, str]) -> dict[str, str]:
    """Ours without proxies: everything is on the loopback."""
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    return kept | {"NO_PROXY": "*", "PYTHONUNBUFFERED": "1"} | variables


async def _run(*command: str, cwd: Path | None = None) -> None:
    try:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=cwd, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
    except FileNotFoundError as error:
        raise CannotBuild(f"{command[0]} isn't installed") from error
    try:
        said, _ = await asyncio.wait_for(process.communicate(), _BUILD_SECONDS)
    except TimeoutError as error:
        process.kill()
        await process.wait()
        raise CannotBuild(f"{command[0]} took more than {_BUILD_SECONDS:.0f} s") from error
    if process.returncode:
        raise CannotBuild(said.decode(errors="replace").strip()[-300:])
