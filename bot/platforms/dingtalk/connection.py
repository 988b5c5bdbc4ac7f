"""One Stream connection from its opening to its end: frames read, handed on, acknowledged."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import structlog
from aiohttp import WSMsgType

from bot.platforms.contract import InboxUnavailable
from bot.platforms.dingtalk import decode, frames
from bot.platforms.dingtalk.frames import Frame
from bot.platforms.dingtalk.intake import Intake

MOST_RUNNING = 512
"""Frames in hand; more are left on the socket until one is done."""
FINISH_SECONDS = 5.0
SLACK = 1.3
LONGEST_SILENCE = 150.0

_log = structlog.get_logger(__name__)


class Cadence:
    """How long the platform may say nothing: some time, or as long as its own pings leave.

    How often it pings is told nowhere, so it is learned: a connection that pings each minute
    is not taken for dead after 55 seconds, every 55 seconds.
    """

    def __init__(self, silence: float) -> None:
        self._silence = silence

    @property
    def silence(self) -> float:
        """In seconds."""
        return self._silence

    def pinged(self, after: float) -> None:
        """A ping came so long after the last frame."""
        self._silence = min(max(self._silence, after * SLACK), LONGEST_SILENCE)


class Connection:
    """`left` is set once another must take its place; it still serves until it is closed.

    `was_good`: a frame came over it, be it to say goodbye, or it lived long without any.
    """

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        intake: Intake,
        cadence: Cadence,
        drain_seconds: float,
    ) -> None:
        self._socket = socket
        self._intake = intake
        self._cadence = cadence
        self._drain_seconds = drain_seconds
        self._running: set[asyncio.Task[None]] = set()
        self._opened_at = self._heard_at = time.monotonic()
        self._drained_at = 0.0
        self.left = asyncio.Event()
        self.was_good = False

    @property
    def lived(self) -> float:
        """Seconds since it was opened."""
        return time.monotonic() - self._opened_at

    async def serve(self) -> None:
        """Until the platform closes it, or some time after it was left."""
        try:
            while (text := await self._next()) is not None:
                await self._take(text)
        except ConnectionError:
            _log.info("dingtalk.stream_cut")
        finally:
            self.left.set()
            await self._finish()

    async def _next(self) -> str | None:
        """The next frame's text; None at the end."""
        while True:
            wait = self._patience()
            if wait <= 0:
                if self.left.is_set():
                    return None
                _log.warning("dingtalk.stream_silent", seconds=round(self._cadence.silence))
                self._leave()
                continue
            try:
                message = await self._socket.receive(timeout=wait)
            except TimeoutError:
                continue
            if message.type is WSMsgType.TEXT:
                return str(message.data)
            if message.type is not WSMsgType.BINARY:
                return None

    def _patience(self) -> float:
        """Seconds until something is decided about a connection that says nothing."""
        until = self._drained_at or self._heard_at + self._cadence.silence
        return until - time.monotonic()

    def _leave(self) -> None:
        self.was_good = True
        self._drained_at = time.monotonic() + self._drain_seconds
        self.left.set()

    async def _take(self, text: str) -> None:
        now = time.monotonic()
        silent, self._heard_at = now - self._heard_at, now
        try:
            frame = frames.read(text)
        except ValueError:
            _log.warning("dingtalk.frame_unreadable", characters=len(text))
            return
        if frame.kind == "SYSTEM" and frame.topic == "disconnect":
            _log.info("dingtalk.stream_moves")
            self._leave()
            return
        self.was_good = True
        if frame.kind == "SYSTEM":
            if frame.topic == "ping":
                self._cadence.pinged(silent)
                await self._answer(frame, dict(frame.data))
            return
        await self._begin(frame)

    async def _begin(self, frame: Frame) -> None:
        """A task for each frame, begun in their order: one that waits holds up no other."""
        if len(self._running) >= MOST_RUNNING:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        task = asyncio.create_task(self._handle(frame))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _handle(self, frame: Frame) -> None:
        """Acknowledged only after it is durable; else the platform is told, or left to wonder."""
        try:
            await self._dispatch(frame)
        except InboxUnavailable:
            _log.error("dingtalk.inbox_unavailable")
            if frame.kind == "EVENT":
                await self._answer(frame, {"status": "LATER", "message": "later"})
        except ConnectionError:
            _log.info("dingtalk.ack_lost")
        except Exception as error:  # one event: the others go on
            _log.error("dingtalk.frame_failed", topic=frame.topic, error=type(error).__name__)

    async def _dispatch(self, frame: Frame) -> None:
        match frame.kind, frame.topic:
            case "EVENT", _:
                await self._event(frame)
                await self._answer(frame, {"status": "SUCCESS", "message": "ok"})
            case "CALLBACK", frames.ROBOT_TOPIC:
                await self._intake.message(frame.data, trusted=True)
                await self._answer(frame, {"response": None})
            case "CALLBACK", frames.CARD_TOPIC:
                await self._tap(frame)
            case _:
                _log.warning("dingtalk.topic_unknown", topic=frame.topic[:80])
                await self._answer(frame, {}, frames.UNKNOWN)

    async def _event(self, frame: Frame) -> None:
        headers = frame.headers
        digest = decode.digest_of("event", headers.get("eventId") or frame.raw)
        kind, corp = headers.get("eventType", ""), headers.get("eventCorpId", "")
        await self._intake.event(kind, corp, frame.data, digest)

    async def _tap(self, frame: Frame) -> None:
        async def reply(response: dict[str, Any]) -> None:
            await self._answer(frame, {"response": response})

        digest = decode.digest_of("tap", frame.message_id, frame.raw)
        await self._intake.tap(frame.data, digest, reply, trusted=True)

    async def _answer(self, frame: Frame, answer: dict[str, Any], code: int = frames.OK) -> None:
        await self._socket.send_str(frames.ack(frame, answer, code))

    async def _finish(self) -> None:
        """What came is kept, and acknowledged if it still can be."""
        try:
            if self._running:
                await asyncio.wait(self._running, timeout=FINISH_SECONDS)
        finally:
            for task in self._running:
                task.cancel()
            await self._socket.close()
