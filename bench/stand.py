"""The stand for a measure: a WeCom on the loopback, a company, a bot that isn't started yet."""

from __future__ import annotations

import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.company import Rep, found
from bench.envelopes import App, new_app
from bench.service import Service, gendan
from simulator.ledger import Callback, Message
from simulator.wecom.config import Member, WeComConfig
from simulator.wecom.server import WeCom

UNLIMITED = 10**9
"""What is measured is the bot; its own limits stay as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """`service` runs on the database in `folder`, whose reps are members of `wecom`."""

    app: App
    folder: Path
    wecom: WeCom
    service: Service
    reps: list[Rep]

    @property
    def database(self) -> Path:
        return self.folder / "gendan.db"


@asynccontextmanager
async def stand(*, reps: int, seed: int) -> AsyncIterator[Stand]:
    """Everything is gone at the end; the simulator runs in this process, the bot in its own."""
    app = new_app()
    members = tuple(Member(userid=f"rep{n:04}", name=f"销售{n:04}") for n in range(reps))
    wecom = WeCom(
        WeComConfig(
            corp_id=app.corp_id,
            agent_id=app.agent_id,
            secret=app.secret,
            token=app.token,
            aes_key=app.aes_key,
            members=members,
            member_per_minute=UNLIMITED,
            member_per_hour=UNLIMITED,
        )
    )
    with tempfile.TemporaryDirectory(prefix="gendan-bench-") as name:
        folder = Path(name)
        await wecom.start()
        service = gendan(app, folder, wecom.url)
        try:
            made = await found(app, folder, reps, seed)
            wecom.callback_url = service.callback_url
            yield Stand(app=app, folder=folder, wecom=wecom, service=service, reps=made)
        finally:
            await service.stop()
            await wecom.stop()


class Answers:
    """Counts what the app has sent to members; a card that changes later counts once."""

    def __init__(self, wecom: WeCom) -> None:
        self._wecom = wecom
        self._seen: set[int] = set()
        self.last_at = 0.0
        wecom.ledger.listen(self._note)

    def _note(self, _name: str, subject: Callback | Message) -> None:
        if isinstance(subject, Message) and subject.order not in self._seen:
            self._seen.add(subject.order)
            self.last_at = time.time()

    @property
    def count(self) -> int:
        return len(self._seen)

    async def reach(self, count: int, *, within_seconds: float) -> bool:
        """Whether that many were sent in time."""
        try:
            await self._wecom.wait_for(lambda: self.count >= count, within_seconds)
        except TimeoutError:
            return False
        return True
