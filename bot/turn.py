"""One event's turn: who it is, what is meant, what is done and answered, all in one commit."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot import events
from bot.drawing import DrawFirst, Easel, Render
from bot.events import Due, Entered, Event, Message, Source, Staffing, Tap
from bot.hearing import Ear, Heard, told
from bot.model import LanguageModel
from bot.people import senders, staffing, strangers
from bot.platforms.contract import Address, Platform
from bot.post import Post, pressed
from bot.reading import Reader, memory_from
from bot.worker import Claimed
from handlers import buttons, entry
from handlers.buttons import Say
from handlers.context import Answer, Context
from handlers.replies import Reply, Text, ToAdmins
from nlu.memory import Memory
from nlu.parser import Reading, Understood
from sales.setup.document import CompanySetup, load
from storage import conversations, queues
from storage.db import Database, WriteSession
from storage.models.service import SentCard
from storage.viewer import SYSTEM, Viewer

log = structlog.get_logger()

PEOPLE_SECONDS = 5.0
"""How long somebody is believed to be still in: access ends within a minute of leaving."""
MOST_PEOPLE = 10_000
SETUP_SECONDS = 2.0
"""How long a process may use the company's set-up without looking again."""
MOST_PICTURES = 4
"""Pictures that one answer may need, and tries where their figures change meanwhile."""
NOT_YOURS = "这张卡片不是发给你的，或者已经失效。直接打字告诉我要做什么就行。"
CANT_READ = "这类消息我还看不懂，请打字告诉我，例如：今天拜访了宏达王总，下周三前给方案。"
VOICE = "这里听不到语音原文。请用输入法的语音输入（按住麦克风说话转成文字）再发给我。"

Clock = Callable[[], datetime]
FromPerson = Message | Tap | Entered


@dataclass(frozen=True, slots=True)
class Scene:
    """What every step of a turn needs: the session and where the event came from."""

    session: WriteSession
    claimed: Claimed
    now: datetime
    viewer: Viewer
    sender: Address | None
    easel: Easel
    tapped: str | None = None

    @property
    def group(self) -> str | None:
        """The platform's id of the group that reads along."""
        return self.sender.chat if self.sender is not None else None

    @property
    def talk(self) -> str:
        return _talk(self.claimed, self.group, self.viewer)


def _talk(claimed: Claimed, group: str | None, viewer: Viewer) -> str:
    """In a group everybody has a talk of their own: 他们 and 撤销 mean what oneself said."""
    return f"{claimed.conversation}|{viewer.user_id}" if group else claimed.conversation


def _in_words(message: Message, heard: Heard) -> Message:
    """A voice message as if it had been typed, where its words are known."""
    return replace(message, kind="text", text=heard.text) if heard.text else message


class Turn:
    """Called by the worker for each claimed event; raises to have it tried again."""

    def __init__(
        self,
        db: Database,
        platforms: Mapping[str, Platform],
        *,
        render: Render,
        zone: ZoneInfo,
        clock: Clock = lambda: datetime.now(UTC),
        model: LanguageModel | None = None,
        ear: Ear | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._platforms = platforms
        self._render = render
        self._zone = zone
        self._clock = clock
        self._monotonic = monotonic
        self._post = Post(platforms)
        self._reader = Reader(model)
        self._ear = ear
        self._heard: dict[int, Heard] = {}
        self._readings: dict[int, Reading | None] = {}
        self._people: dict[str, tuple[senders.Who, float]] = {}
        self._setup = CompanySetup()
        self._setup_until = -1.0

    def prepare(self, claimed: Claimed) -> Awaitable[None] | None:
        """What takes seconds and no place among the turns: listening, asking a model."""
        listens = self._ear is not None and claimed.payload.get("kind") == "voice"
        asks = self._reader.is_advised and claimed.payload.get("kind_of_event") == "message"
        return self._ahead(claimed) if listens or asks else None

    async def _ahead(self, claimed: Claimed) -> None:
        """Not for strangers: it costs the company money."""
        event = events.from_json(claimed.payload)
        who = await self._who(event.source) if isinstance(event, Message) else None
        if who is None or not isinstance(event, Message):
            return
        if self._ear is not None and event.kind == "voice" and event.media:
            self._heard[claimed.id] = heard = await self._ear.listen(event)
            event = _in_words(event, heard)
        if self._reader.is_advised:
            self._readings[claimed.id] = await self._read(claimed, event, who)

    async def __call__(self, claimed: Claimed) -> None:
        """Do what the event asks, write the answers and finish the event in one commit."""
        event = events.from_json(claimed.payload)
        heard = self._heard.pop(claimed.id, Heard())
        reading = self._readings.pop(claimed.id, None)
        if isinstance(event, Message):
            event = _in_words(event, heard)
        if isinstance(event, Due):
            await self._due(claimed, event)
            return
        if isinstance(event, Staffing):
            await self._staffing(claimed, event)
            return
        who = await self._who(event.source)
        if who is None:
            await self._stranger(claimed, event)
            return
        reading = reading or await self._read(claimed, event, who)
        tapped = event.card_key if isinstance(event, Tap) else None
        address = self._address(event)

        async def answer(scene: Scene) -> list[Reply]:
            await senders.note_seen(scene.session, who, scene.now)
            if heard.sentence:
                return [Reply.text(heard.sentence)]
            answers = await self._answer(scene, event, who, reading)
            return told(heard.text, answers) if heard.text else answers

        await self._commit(claimed, who.viewer, address, answer, tapped)

    async def _who(self, source: Source) -> senders.Who | None:
        """Who it is; what was found is believed for some seconds, a stranger is looked up anew."""
        now = self._monotonic()
        known = self._people.get(source.scope)
        if known is not None and known[1] > now and self._setup_until > now:
            return known[0]
        async with self._db.read(SYSTEM) as session:
            who = await senders.find(session, source)
            await self._refresh(session)
        self._people.pop(source.scope, None)
        if who is not None:
            if len(self._people) >= MOST_PEOPLE:
                self._people.clear()
            self._people[source.scope] = (who, now + PEOPLE_SECONDS)
        return who

    async def _commit(
        self,
        claimed: Claimed,
        viewer: Viewer,
        sender: Address | None,
        answer: Callable[[Scene], Awaitable[Sequence[Reply]]],
        tapped: str | None = None,
    ) -> None:
        """Run `answer` in one transaction; for a picture it is left, and run again with it."""
        easel = Easel(self._render)
        for _ in range(MOST_PICTURES):
            now = self._clock()
            try:
                async with self._db.write(viewer, event_id=claimed.id, now=now) as session:
                    scene = Scene(session, claimed, now, viewer, sender, easel, tapped)
                    await self._finish(scene, await answer(scene))
                return
            except DrawFirst as wanted:
                picture = wanted
            await easel.draw(picture)
        raise RuntimeError("the figures of a picture changed at every look")

    async def _answer(
        self,
        scene: Scene,
        event: Message | Tap | Entered,
        who: senders.Who,
        reading: Reading | None,
    ) -> list[Reply]:
        match event:
            case Message(kind="voice"):
                return [Reply.text(VOICE)]
            case Message(kind="text"):
                return await self._words(scene, who, reading, event)
            case Message():
                return [Reply.text(CANT_READ)]
            case Tap():
                return await self._tap(scene, event, who)
            case Entered():
                return await entry.on_entered(self._context(scene, who, ""))

    async def _words(
        self, scene: Scene, who: senders.Who, reading: Reading | None, said: Message | Say
    ) -> list[Reply]:
        """What was typed, or what a button says in the presser's name."""
        text = said.text if isinstance(said, Message) else said.words
        if reading is None:
            memory = await self._memory(scene)
            reading = await self._reader.read(
                scene.session, text, sender=who.user, at=self._local(scene.now), memory=memory
            )
        await self._remember(scene, reading.memory)
        context = self._context(scene, who, text)
        if isinstance(said, Message):
            context = replace(context, trusted=said.trusted)
        return await entry.on_message(context, reading.acts)

    async def _tap(self, scene: Scene, event: Tap, who: senders.Who) -> list[Reply]:
        card = await scene.session.get(SentCard, event.card_key, with_for_update=True)
        if card is not None and event.update_code and event.update_code not in card.codes:
            card.codes = [*card.codes, event.update_code]
        press = pressed(card, event, who.user.id, scene.now)
        if press is None:
            log.warning("tap refused", event_id=scene.claimed.id, user=who.user.id)
            return [Reply.text(NOT_YOURS)]
        if isinstance(press, Say):
            return await self._words(scene, who, None, press)
        context = self._context(scene, who, "")
        return await entry.on_press(context, press)

    async def _due(self, claimed: Claimed, event: Due) -> None:
        async with self._db.read(SYSTEM) as session:
            await self._refresh(session)

        async def answer(scene: Scene) -> list[Reply]:
            context = self._context(scene, None, "")
            return await entry.on_due(
                context, event.kind, event.subject_id, event.due_at, event.late
            )

        await self._commit(claimed, SYSTEM, None, answer)

    async def _staffing(self, claimed: Claimed, event: Staffing) -> None:
        """Who left loses access in this commit; the others are read from the address book."""

        async def answer(scene: Scene) -> list[Reply]:
            return await staffing.on_staffing(scene.session, event, scene.now)

        await self._commit(claimed, SYSTEM, None, answer)
        self._people.clear()

    async def _stranger(self, claimed: Claimed, event: FromPerson) -> None:
        async def answer(scene: Scene) -> list[Reply]:
            return await strangers.answer(scene.session, event, scene.now)

        await self._commit(claimed, SYSTEM, self._address(event), answer)

    async def _finish(self, scene: Scene, answers: Sequence[Reply]) -> None:
        await self._post.put(
            scene.session,
            answers,
            event_id=scene.claimed.id,
            sender=scene.sender,
            sender_id=scene.viewer.user_id or None,
            tapped=scene.tapped,
            now=scene.now,
        )
        await scene.session.flush()
        await queues.finish(scene.session, scene.claimed, scene.now)

    async def apologise(self, session: WriteSession, claimed: Claimed, error_id: str) -> None:
        """Tell the sender and the administrators that an event was given up."""
        event = events.from_json(claimed.payload)
        sender = self._address(event)
        words = (
            f"这条没处理成功，没有写入任何数据。编号 {error_id}，已通知管理员；可以稍后再发一次。"
        )
        told = Text(text=f"有一条消息没处理成功，编号 {error_id}。重试：gendan replay {error_id}")
        answers = [Reply(content=told, to=ToAdmins())]
        if sender is not None:
            answers.insert(0, Reply.text(words))
        await self._post.put(
            session,
            answers,
            event_id=claimed.id,
            sender=sender,
            now=self._clock(),
            prefix="x",
        )

    async def _read(self, claimed: Claimed, event: Event, who: senders.Who) -> Reading | None:
        """Read the words before the writing transaction, so that it holds the lock less long."""
        if not isinstance(event, Message) or event.kind != "text":
            return None
        async with self._db.read(who.viewer) as session:
            talk = _talk(claimed, event.chat, who.viewer)
            memory = memory_from(await conversations.memory_of(session, talk))
            known = await self._reader.known(session, event.text, sender=who.user, memory=memory)
        return await self._reader.understand(
            event.text, known=known, sender=who.user, at=self._local(event.at), memory=memory
        )

    async def _memory(self, scene: Scene) -> Memory:
        return memory_from(await conversations.memory_of(scene.session, scene.talk))

    async def _remember(self, scene: Scene, memory: Memory) -> None:
        await conversations.remember(
            scene.session, scene.talk, memory.to_json(), scene.claimed.id, scene.now
        )

    async def _refresh(self, session: AsyncSession) -> None:
        if self._monotonic() < self._setup_until:
            return
        self._setup = await load(session)
        await self._reader.refresh(session, self._setup)
        self._setup_until = self._monotonic() + SETUP_SECONDS

    def _answerer(self, scene: Scene, who: senders.Who) -> Answer:
        """Reads an earlier text again, its question answered by a tap."""

        async def answer(kept: Mapping[str, Any], option: int) -> Sequence[Understood]:
            memory = memory_from({**(await self._memory(scene)).to_json(), "ask": dict(kept)})
            typed = f"第{buttons.ORDINALS[option]}个"
            reading = await self._reader.read(
                scene.session, typed, sender=who.user, at=self._local(scene.now), memory=memory
            )
            await self._remember(scene, reading.memory)
            return reading.acts

        return answer

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(self._zone)

    def _context(self, scene: Scene, who: senders.Who | None, text: str) -> Context:
        return Context(
            answer=self._answerer(scene, who) if who else None,
            session=scene.session,
            sender=who.user if who else None,
            viewer=who.viewer if who else SYSTEM,
            now=scene.now,
            zone=self._zone,
            event_id=scene.claimed.id,
            conversation=scene.talk,
            text=text,
            in_group=scene.group is not None,
            setup=self._setup,
            render=scene.easel.picture,
            binding_id=who.binding_id if who else None,
        )

    def _address(self, event: Event) -> Address | None:
        if isinstance(event, Due | Staffing):
            return None
        source = event.source
        until = event.route_until
        return Address(
            platform=source.platform,
            corp=source.corp,
            app=source.app,
            user=source.sender,
            chat=getattr(event, "chat", None),
            route=event.route,
            route_until=until.isoformat() if until else None,
        )
