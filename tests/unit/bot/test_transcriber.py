"""AMR to WAV: what a phone recorded, and everything that only says it is."""

from __future__ import annotations

import io
import random
import wave
from array import array
from contextlib import suppress
from itertools import pairwise

import pytest

from bot.transcriber import MOST_BYTES, NO_VOICE, TOO_LONG, NotHeard, wav_of
from tests.unit.wecom.recordings import amr


def test_a_recording_becomes_wav_of_its_length_and_tone() -> None:
    with wave.open(io.BytesIO(wav_of(amr(2.0, 440.0)))) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 16000)
        assert sound.getnframes() / 16000 == pytest.approx(2.0, abs=0.1)
        samples = array("h", sound.readframes(sound.getnframes()))
    middle = samples[8000:24000]
    crossings = sum(1 for a, b in pairwise(middle) if a < 0 <= b)
    assert crossings == pytest.approx(440, abs=10)


def test_a_minute_is_heard_and_more_is_not() -> None:
    assert wav_of(amr(59.5))
    with pytest.raises(NotHeard) as refusal:
        wav_of(amr(62))
    assert refusal.value.sentence == TOO_LONG


@pytest.mark.parametrize(
    ("recording", "sentence"),
    [
        (b"", NO_VOICE),
        (b"RIFF" + bytes(100), NO_VOICE),
        (b"#!SILK_V3" + bytes(100), NO_VOICE),
        (b"#!AMR\n" + bytes(MOST_BYTES), TOO_LONG),
        (b"<html>", NO_VOICE),
    ],
)
def test_what_is_no_voice_message_is_refused(recording: bytes, sentence: str) -> None:
    with pytest.raises(NotHeard) as refusal:
        wav_of(recording)
    assert refusal.value.sentence == sentence


def test_rubbish_behind_the_magic_is_heard_as_noise_or_not_at_all() -> None:
    source = random.Random(7)
    heard = 0
    for _ in range(200):
        recording = b"#!AMR\n" + source.randbytes(source.randrange(0, 400))
        with suppress(NotHeard):
            heard += wav_of(recording).startswith(b"RIFF")
    assert heard < 200
