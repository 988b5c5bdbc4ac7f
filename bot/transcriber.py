"""Voice messages to words: AMR decoded here, recognised by an OpenAI-compatible address."""

from __future__ import annotations

import asyncio
import io
import json
import wave
from dataclasses import dataclass, field

import aiohttp
import structlog

from bot.http import Http, TooLong, Unanswered

log = structlog.get_logger()

MOST_BYTES = 2 * 1024 * 1024
MOST_SECONDS = 60
"""What a phone records into one message."""
MOST_ANSWER_BYTES = 256 * 1024
MOST_CHARACTERS = 2000
RATE = 16_000
SAMPLE_BYTES = 2
MAGIC = (b"#!AMR\n", b"#!AMR-WB\n")
AT_ONCE = 4

TOO_LONG = f"这段语音超过 {MOST_SECONDS} 秒了，请分成几段说。"
NO_VOICE = "这段语音的格式我听不懂，请打字，或用输入法的语音输入。"
NOTHING_SAID = "没听清说了什么，请再说一次，或打字发给我。"
OUT_OF_ORDER = "语音这会儿听不了，没有写入任何数据。请打字，或用输入法的语音输入。"


class NotHeard(Exception):
    """A recording without words; `sentence` tells its sender what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSettings:
    """Where speech is recognised, and for how long an answer is waited."""

    base_url: str
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 20.0


class Transcriber:
    """Belongs to one event loop; `close` gives its connections back."""

    def __init__(self, settings: VoiceSettings) -> None:
        self._settings = settings
        self._places = asyncio.Semaphore(AT_ONCE)
        self._http = Http(settings.seconds)

    async def words(self, recording: bytes) -> str:
        """What is said in an AMR recording; raises NotHeard."""
        async with self._places:
            sound = await asyncio.to_thread(wav_of, recording)
            text = " ".join((await self._recognised(sound)).split())
        if not text:
            raise NotHeard(NOTHING_SAID)
        return text[:MOST_CHARACTERS]

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def _recognised(self, sound: bytes) -> str:
        settings = self._settings
        form = aiohttp.FormData()
        form.add_field("file", sound, filename="voice.wav", content_type="audio/wav")
        for name, value in (("model", settings.model), ("language", "zh"),
                            ("response_format", "json"), ("temperature", "0")):  # fmt: skip
            form.add_field(name, value)
        headers = {"Authorization": f"Bearer {settings.key}"} if settings.key else {}
        url = settings.base_url.rstrip("/") + "/audio/transcriptions"
        try:
            status, raw = await self._http.request(
                "POST", url, most=MOST_ANSWER_BYTES, data=form, headers=headers
            )
            if status == 200:
                return _text(raw)
            log.error("voice recognition refused", status=status)
        except (Unanswered, TooLong) as error:
            log.warning("voice recognition unreachable", error=str(error))
        except (ValueError, LookupError, TypeError):
            log.warning("voice recognition answered nonsense")
        raise NotHeard(OUT_OF_ORDER)


def _text(raw: bytes) -> str:
    """The recognised text in an answer; LookupError, TypeError or ValueError where is none."""
    text = json.loads(raw)["text"]
    if not isinstance(text, str):
        raise TypeError(type(text).__name__)
    return text


def wav_of(recording: bytes) -> bytes:
    """An AMR recording as WAV, mono, 16 kHz; NotHeard for what is none or too long. Blocking."""
    if len(recording) > MOST_BYTES:
        raise NotHeard(TOO_LONG)
    if not recording.startswith(MAGIC):
        raise NotHeard(NO_VOICE)
    sound = io.BytesIO()
    with wave.open(sound, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(SAMPLE_BYTES)
        out.setframerate(RATE)
        out.writeframes(_samples(recording))
    return sound.getvalue()


def _samples(recording: bytes) -> bytes:
    """Decoded no further than it may be long, whatever it says of itself."""
    import av  # an extra: a service that hears nobody doesn't need it

    most = MOST_SECONDS * RATE * SAMPLE_BYTES
    samples = bytearray()
    try:
        with av.open(io.BytesIO(recording), mode="r", format="amr") as container:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in container.decode(audio=0):
                for piece in resampler.resample(frame):
                    samples += bytes(piece.planes[0])[: piece.samples * SAMPLE_BYTES]
                if len(samples) > most:
                    raise NotHeard(TOO_LONG)
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        log.info("recording not decoded", error=type(error).__name__)
        raise NotHeard(NO_VOICE) from error
    if not samples:
        raise NotHeard(NOTHING_SAID)
    return bytes(samples)
