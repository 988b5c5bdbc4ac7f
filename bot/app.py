"""Wires the service: database, platforms and inbox first, then the rooms behind the doors."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web
from sqlalchemy import text

from bot import logs
from bot.config import Config
from bot.inbox import Inbox
from bot.platforms import registry
from bot.platforms.contract import Platform, Ports
from bot.sections import ConfigError
from nlu.naming.names import keys_of_name
from storage.db import Database, async_url
from storage.migrate import needs_upgrade, upgrade

if TYPE_CHECKING:
    from bot.rooms import Rooms

log = structlog.get_logger()

Now = Callable[[], datetime]
Connect = Callable[[Config, Ports], Sequence[Platform]]


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


class Service:
    """The bot as one process; `start`, then `run` until `stop` is called."""

    def __init__(
        self, config: Config, *, connect: Connect | None = None, now: Now = utc_now
    ) -> None:
        self.config = config
        self.db = Database(config.database.url, name_keys=keys_of_name)
        ports = Ports(db=self.db, now=now, alert=self._alert)
        found = (connect or connect_all)(config, ports)
        self.platforms: Mapping[str, Platform] = {platform.name: platform for platform in found}
        self.zone = ZoneInfo(config.company.time_zone)
        self.inbox = Inbox(self.db, wake=self._arrived, clock=now)
        # Read here, for a secret that lacks must stop the start.
        self._model = config.model.settings() if config.model else None
        self._voice = config.voice.settings() if config.voice else None
        self.url = ""
        self._now = now
        self._runner: web.AppRunner | None = None
        self._rooms: Rooms | None = None
        self._furnished = asyncio.Event()
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        """Bring the tables up to date and listen; `url` tells where."""
        database_path_ready(self.config.database.url)
        if await needs_upgrade(self.db.reader):
            if not self.config.database.upgrade_on_start:
                raise ConfigError("数据库", ["表结构不是这一版的。请先运行 gendan migrate"])
            await upgrade(self.config.database.url)
        app = web.Application(client_max_size=256 * 1024)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        for platform in self.platforms.values():
            app.add_routes(platform.routes(self.inbox.accept))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
        await self._runner.setup()
        server = self.config.server
        await web.TCPSite(self._runner, server.host, server.port, backlog=1024).start()
        self.url = f"http://{server.host}:{self._runner.addresses[0][1]}"

    async def run(self) -> None:
        """Work until `stop`; then take nothing more, end what runs, give everything back."""
        log.info("started", url=self.url, platforms=list(self.platforms))
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.inbox.run())
                connected = [
                    group.create_task(platform.run(self.inbox.accept))
                    for platform in self.platforms.values()
                ]
                rooms = await self._furnish()
                await rooms.begin(group)
                await self._stopping.wait()
                for task in connected:
                    task.cancel()
                # Doors first, so that every event that was taken is kept.
                await self._close_doors()
                self.inbox.stop()
                await rooms.stop()
        finally:
            await self._close()
        log.info("stopped")

    def stop(self) -> None:
        """Ask for a graceful end; a second call changes nothing."""
        self._stopping.set()

    async def _furnish(self) -> Rooms:
        """Make what works behind the doors; events are kept meanwhile."""
        kind = await asyncio.to_thread(_loaded)
        self._rooms = rooms = kind(
            self.db,
            self.platforms,
            zone=self.zone,
            clock=self._now,
            shutdown_seconds=self.config.server.shutdown_seconds,
            model=self._model,
            voice=self._voice,
        )
        self._furnished.set()
        return rooms

    def _arrived(self) -> None:
        if self._rooms is not None:
            self._rooms.workshop.wake()

    async def _alert(self, words: str) -> None:
        """Tell the administrators; a platform may complain before there is who tells them."""
        await self._furnished.wait()
        if self._rooms is not None:
            await self._rooms.alerts.tell(words)

    async def _close_doors(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _close(self) -> None:
        await self._close_doors()
        for platform in self.platforms.values():
            await platform.close()
        await self.db.close()

    async def _healthz(self, _request: web.Request) -> web.Response:
        """The process answers."""
        return web.json_response({"status": "ok"})

    async def _readyz(self, _request: web.Request) -> web.Response:
        """The database answers too, and the service is not stopping."""
        if self._stopping.is_set():
            return web.json_response({"status": "stopping"}, status=503)
        try:
            async with asyncio.timeout(2), self.db.reader.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as error:  # one request: whatever is wrong, this process is not ready
            log.warning("not ready", error=type(error).__name__)
            return web.json_response({"status": "database unavailable"}, status=503)
        return web.json_response({"status": "ok"})


def _loaded() -> type[Rooms]:
    """The rooms' code: it takes as long to load as the doors'."""
    from bot.rooms import Rooms

    return Rooms


async def run(config: Config) -> None:
    """`gendan serve`: until SIGTERM or SIGINT."""
    logs.configure(config.log.level, config.log.format)
    if config.simulator.enabled:
        from bot.demo.serve import simulated

        async with simulated(config) as demo:
            await until_stopped(demo.service)
        return
    service = Service(config)
    await service.start()
    await until_stopped(service)


async def until_stopped(service: Service) -> None:
    """Run a started service until a signal asks for its end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stop)
    await service.run()


def database_path_ready(url: str) -> None:
    """Make the folder of an SQLite file."""
    parsed = async_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)


def connect_all(config: Config, ports: Ports) -> list[Platform]:
    """The platforms that the configuration names; raises ConfigError for a secret that lacks."""
    return [
        registry.plug(name).connect(section, ports) for name, section in config.platforms.items()
    ]
