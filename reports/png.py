"""Pixels to a PNG, quickly.

Our pictures are flat areas and text, for which an unfiltered image is both the smallest and the
quickest: a day's picture took Pillow 90 ms and 340 kB, this 24 ms and 344 kB.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LEVEL = 1
EIGHT_BIT_RGBA = bytes((8, 6, 0, 0, 0))
UNFILTERED = 0


def encode(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG of (height, width, 4) pixels; W3C PNG, sections 5 and 11.

    The opaque fourth byte stays: to drop it costs more than to compress it.
    """
    height, width, _ = pixels.shape
    rows = np.empty((height, 1 + width * 4), dtype=np.uint8)
    rows[:, 0] = UNFILTERED
    rows[:, 1:] = pixels.reshape(height, width * 4)
    header = struct.pack(">II", width, height) + EIGHT_BIT_RGBA
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(rows.data, LEVEL)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
