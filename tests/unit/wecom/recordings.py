"""Voice messages as a phone would record them: AMR, made by the encoder itself."""

from __future__ import annotations

import io
import math
from array import array

import av

RATE = 8000


def amr(seconds: float = 2.0, hertz: float = 440.0) -> bytes:
    """So many seconds of a tone in AMR-NB."""
    file = io.BytesIO()
    with av.open(file, mode="w", format="amr") as container:
        stream = container.add_stream("libopencore_amrnb", rate=RATE)
        stream.layout = "mono"
        stream.bit_rate = 12200
        for start in range(0, int(seconds * RATE), 160):
            tone = (math.sin(2 * math.pi * hertz * (start + n) / RATE) for n in range(160))
            samples = array("h", (int(12000 * value) for value in tone))
            frame = av.AudioFrame(format="s16", layout="mono", samples=160)
            frame.planes[0].update(samples.tobytes())
            frame.sample_rate, frame.pts = RATE, start
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return file.getvalue()
