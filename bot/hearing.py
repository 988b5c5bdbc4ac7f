"""What was said in a voice message, found out before its turn and shown in the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.events import Message
from bot.platforms.contract import PlatformError, RetryLater
from bot.transcriber import NotHeard, Transcriber
from handlers.replies import Card, Reply, Text

log = structlog.get_logger()

GONE = "这段语音取不到了，请再发一次，或打字发给我。"
HEARD = "听到：{text}"
SHOWN_CHARACTERS = 120
FETCH_PAUSES = (1.0, 3.0)
"""A recording that can't be had now is asked for so many times more."""

Fetch = Callable[[str, str], Awaitable[bytes]]
"""(platform's name, id of the recording) → the recording; raises a PlatformError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The words; where there are none, what to tell the sender."""

    text: str = ""
    sentence: str = ""


class Ear:
    """Fetches recordings and has them recognised; nothing of it in any transaction."""

    def __init__(
        self,
        fetch: Fetch,
        transcriber: Transcriber,
        *,
        pauses: Sequence[float] = FETCH_PAUSES,
    ) -> None:
        self._fetch = fetch
        self._transcriber = transcriber
        self._pauses = pauses

    async def listen(self, message: Message) -> Heard:
        """What a voice message says."""
        try:
            recording = await self._recording(message.source.platform, message.media or "")
            return Heard(text=await self._transcriber.words(recording))
        except NotHeard as error:
            return Heard(sentence=error.sentence)
        except PlatformError as error:
            log.warning("recording not fetched", reason=error.reason, code=error.code)
            return Heard(sentence=GONE)

    async def _recording(self, platform: str, media: str) -> bytes:
        for pause in self._pauses:
            try:
                return await self._fetch(platform, media)
            except RetryLater:
                await asyncio.sleep(pause)
        return await self._fetch(platform, media)


def told(heard: str, answers: Sequence[Reply]) -> list[Reply]:
    """The answers, with the words that were heard on the first of them."""
    line = HEARD.format(text=heard[:SHOWN_CHARACTERS] + "…" * (len(heard) > SHOWN_CHARACTERS))
    if not answers:
        return []
    first, *rest = answers
    match first.content:
        case Text(text=text):
            return [replace(first, content=Text(text=f"{line}\n{text}")), *rest]
        case Card(note=note) as card:
            shown = replace(card, note=f"{note}\n{line}" if note else line)
            return [replace(first, content=shown), *rest]
        case _:
            return [Reply.text(line), *answers]
