"""Lines of text: measured by the font's own advances, and drawn whole.

matplotlib's Text lays every line out twice and rasterises glyph by glyph: 45 ms for a day's
picture, where a line drawn whole takes 8 ms in all.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgb
from matplotlib.font_manager import get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.transforms import Bbox

from reports import style

Align = Literal["left", "center", "right"]

DPI = 72  # a point is a pixel
MIDDLE = 0.37  # of the size: from the baseline to the optical middle of digits and Han
SUBPIXELS = 64
MEASURE = 1000
ELLIPSIS = "…"
LEADING = 1.12


@cache
def _advance(font: str, character: str) -> float:
    """A glyph's advance per pixel of size; 0 if the font lacks it."""
    face = get_font(font)
    if not face.get_char_index(ord(character)):
        return 0.0
    face.set_size(MEASURE, DPI)
    glyph = face.load_char(ord(character), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536 / MEASURE


def clean(text: str) -> str:
    """What our font can draw: line breaks are blanks, unknown characters are dropped."""
    blanks = " ".join(text.split())
    return "".join(c for c in blanks if _advance(style.REGULAR, c))


def text_width(text: str, size: float, font: str = style.REGULAR) -> float:
    """Pixels that a line takes."""
    return size * sum(_advance(font, c) for c in text)


def shorten(text: str, width: float, size: float, font: str = style.REGULAR) -> str:
    """The text, or as much of it as fits before an ellipsis."""
    if text_width(text, size, font) <= width:
        return text
    while text and text_width(text + ELLIPSIS, size, font) > width:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def fitting(text: str, width: float, size: float, font: str = style.REGULAR) -> float:
    """The size, made smaller where the line would be wider."""
    needed = text_width(text, size, font)
    return size if needed <= width else max(style.TINY, size * width / needed)


def two_lines(text: str, width: float, size: float) -> list[str]:
    """The text on one line, or broken where the first is full; the second may be shortened."""
    text = clean(text)
    if text_width(text, size) <= width:
        return [text]
    end = len(text)
    while end > 1 and text_width(text[:end], size) > width:
        end -= 1
    return [text[:end].rstrip(), shorten(text[end:].lstrip(), width, size)]


class Line(Artist):
    """One line at its baseline, in pixels, y upwards."""

    def __init__(self, x: float, y: float, text: str, font: str, size: float, colour: str) -> None:
        super().__init__()
        self._at = (x, y)
        self.text = text
        self._font = font
        self.size = size
        self._colour = tuple(round(part * 255) for part in to_rgb(colour))

    def draw(self, renderer: Any) -> None:
        """Rasterise the line and blend it in."""
        face = self._face()
        face.draw_glyphs_to_bitmap(antialiased=True)
        ink = face.get_image()
        left, below = self._offset(face)
        x, y = self._at
        pixels = np.empty((*ink.shape, 4), dtype=np.uint8)
        pixels[..., :3] = self._colour
        pixels[..., 3] = ink[::-1]  # Agg's images start at the bottom
        pen = renderer.new_gc()
        renderer.draw_image(pen, round(x + left), round(y + below), pixels)
        pen.restore()

    def get_window_extent(self, renderer: Any = None) -> Bbox:
        """The ink's box on the page."""
        face = self._face()
        width, height = (side / SUBPIXELS for side in face.get_width_height())
        left, below = self._offset(face)
        x, y = self._at
        return Bbox.from_bounds(x + left, y + below, width, height)

    def _face(self) -> Any:
        face = get_font(self._font)
        face.set_size(self.size, DPI)
        face.set_text(self.text, 0.0, flags=LoadFlags.NO_HINTING)
        return face

    @staticmethod
    def _offset(face: Any) -> tuple[float, float]:
        """From the pen to the bitmap's left and, upwards, to its bottom."""
        left, _ = (side / SUBPIXELS for side in face.get_bitmap_offset())
        return left, -face.get_descent() / SUBPIXELS
