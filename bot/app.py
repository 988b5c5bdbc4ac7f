"""Wires the service: database, platforms, inbox, worker, sender and clock in one TaskGroup."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web
from sqlalchemy import text

from bot import logs
from bot.alerts import Alerts
from bot.clock import Clock
from bot.config import Config
from bot.inbox import Inbox
from bot.missed import Missed
from bot.outbox import Sender
from bot.people.staff import Staff
from bot.platforms import registry
from bot.platforms.contract import Platform, Ports
from bot.post import Post
from bot.sections import ConfigError
from bot.workshop import Workshop
from nlu.naming.names import keys_of_name
from storage.complete_keys import complete_keys
from storage.db import Database, async_url
from storage.migrate import needs_upgrade, upgrade
from storage.wake import listen

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
        alerts = Alerts(self.db, now)
        ports = Ports(db=self.db, now=now, alert=alerts.tell)
        found = (connect or connect_all)(config, ports)
        self.platforms: Mapping[str, Platform] = {platform.name: platform for platform in found}
        self.zone = zone = ZoneInfo(config.company.time_zone)
        seconds = config.server.shutdown_seconds
        self.sender = Sender(self.db, self.platforms, clock=now, shutdown_seconds=seconds)
        alerts.through(Post(self.platforms), self.sender.wake)
        self.workshop = Workshop(
            self.db,
            self.platforms,
            zone=zone,
            done=self.sender.wake,
            clock=now,
            shutdown_seconds=seconds,
            model=config.model.settings() if config.model else None,
            voice=config.voice.settings() if config.voice else None,
        )
        self.inbox = Inbox(self.db, wake=self.workshop.wake, clock=now)
        self.clock = Clock(
            self.db,
            zone=zone,
            wake=self._due,
            skipped=Missed(Post(self.platforms), zone, now),
            clock=now,
        )
        self.staff = Staff(
            self.db, self.platforms, zone=zone, alert=alerts.tell, wake=self._due, clock=now
        )
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        """Bring the tables up to date and listen; `url` tells where."""
        database_path_ready(self.config.database.url)
        if self.config.database.upgrade_on_start:
            await upgrade(self.config.database.url)
        elif await needs_upgrade(self.db.reader):
            raise ConfigError("数据库", ["表结构不是这一版的。请先运行 gendan migrate"])
        await complete_keys(self.db)
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
                working = group.create_task(self.workshop.run())
                sending = group.create_task(self.sender.run())
                ticking = group.create_task(self.clock.run())
                listening = group.create_task(listen(self.db, self.workshop.wake))
                staffing = group.create_task(self.staff.run())
                connected = [
                    group.create_task(platform.run(self.inbox.accept))
                    for platform in self.platforms.values()
                ]
                await self._stopping.wait()
                for task in (listening, staffing, *connected):
                    task.cancel()
                await self._stop_in_order(ticking, working, sending)
        finally:
            await self._close()
        log.info("stopped")

    def stop(self) -> None:
        """Ask for a graceful end; a second call changes nothing."""
        self._stopping.set()

    async def _stop_in_order(self, *tasks: asyncio.Task[None]) -> None:
        """Doors first, so that every event that was taken is kept; then each stage after it."""
        if self._runner is not None:
            await self._runner.cleanup()
        self.inbox.stop()
        stages = (self.clock.stop, self.workshop.stop, self.sender.stop)
        for stop, task in zip(stages, tasks, strict=True):
            stop()
            await asyncio.wait([task], timeout=self.config.server.shutdown_seconds)

    async def _close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        for platform in self.platforms.values():
            await platform.close()
        await self.db.close()

    def _due(self) -> None:
        self.workshop.wake()
        self.sender.wake()

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
