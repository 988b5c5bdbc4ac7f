"""A page in pixels, y downwards, on matplotlib's rasteriser; text is measured, never guessed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Literal

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.patches import BoxStyle, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D
from PIL import Image

from reports import style

Align = Literal["left", "center", "right"]

DPI = 72  # a point is a pixel
MIDDLE = 0.37  # of the size: from the baseline to the optical middle of digits and Han
MEASURE = 1000
ELLIPSIS = "…"
PNG_LEVEL = 4  # flat colours: level 9 saves 8 % and costs four times as long
RC = {"text.parse_math": False, "text.hinting": "none", "path.simplify": False}


@cache
def _advance(font: str, character: str) -> float:
    """A glyph's advance per pixel of size; 0 if the font lacks it."""
    face = get_font(font)
    if not face.get_char_index(ord(character)):
        return 0.0
    face.set_size(MEASURE, DPI)
    return float(face.load_char(ord(character), flags=0).linearHoriAdvance) / 65536 / MEASURE


def clean(text: str) -> str:
    """What our font can draw: line breaks are blanks, unknown characters are dropped."""
    blanks = " ".join(text.split())
    return "".join(c for c in blanks if _advance(style.REGULAR, c) or c == " ")


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


def blend(start: str, end: str, share: float) -> tuple[float, float, float]:
    """A colour between two."""
    red, green, blue = (
        a + (b - a) * share for a, b in zip(to_rgb(start), to_rgb(end), strict=True)
    )
    return red, green, blue


class Page:
    """One picture: shapes and lines of text, then `png`."""

    def __init__(self, height: int, background: str = style.PAGE) -> None:
        self.height = height
        self.figure = Figure(
            figsize=(style.WIDTH / DPI, height / DPI), dpi=DPI, facecolor=background
        )
        self._canvas = FigureCanvasAgg(self.figure)
        self._down = Affine2D().scale(1, -1).translate(0, height)
        self._layer = 0

    def shape(self, outline: Outline, colour: object, *, edge: float = 0.0) -> None:
        """A filled outline, or (`edge` wide) only its line."""
        self._layer += 1
        patch = PathPatch(
            outline.transformed(self._down),
            facecolor="none" if edge else colour,
            edgecolor=colour if edge else "none",
            linewidth=edge,
            capstyle="round",
            joinstyle="round",
            zorder=self._layer,
            transform=None,
        )
        patch.set_transform(Affine2D())
        self.figure.add_artist(patch)

    def box(
        self, x: float, y: float, width: float, height: float, colour: object, radius: float = 0
    ) -> None:
        """A rectangle with rounded corners; nothing if it has no extent."""
        if width <= 0 or height <= 0:
            return
        radius = min(radius, width / 2, height / 2)
        if radius:
            outline = BoxStyle.Round(pad=0, rounding_size=radius)(x, y, width, height, 1)
        else:
            outline = Outline(
                [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)],
                closed=True,
            )
        self.shape(outline, colour)

    def card(self, y: float, height: float, *, x: float = style.MARGIN, width: float = 0) -> None:
        """A white card."""
        self.box(x, y, width or style.INNER, height, style.CARD, style.RADIUS)

    def polygon(self, corners: Sequence[tuple[float, float]], colour: object) -> None:
        """A filled polygon."""
        self.shape(Outline([*corners, corners[0]], closed=True), colour)

    def path(self, points: Sequence[tuple[float, float]], colour: object, width: float) -> None:
        """A line through the points."""
        self.shape(Outline(list(points)), colour, edge=width)

    def dot(self, x: float, y: float, radius: float, colour: object) -> None:
        """A filled circle."""
        self.shape(Outline.circle((x, y), radius), colour)

    def bar(
        self, x: float, y: float, width: float, share: float, *, height: float, colour: object,
        track: object = style.TRACK,
    ) -> None:  # fmt: skip
        """A progress bar; what is there at all is at least a dot."""
        self.box(x, y, width, height, track, height / 2)
        if share > 0:
            self.box(x, y, max(height, width * min(share, 1)), height, colour, height / 2)

    def glow(self, y: float, height: float) -> None:
        """The hero's card: a slanting gradient with rounded corners."""
        pixels = _gradient(style.INNER, round(height))
        self._layer += 1
        self.figure.figimage(
            pixels, style.MARGIN, self.height - y - height, zorder=self._layer, origin="upper"
        )

    def text(
        self, x: float, y: float, text: str, size: float, *, colour: object = style.INK,
        bold: bool = False, align: Align = "left", width: float | None = None,
    ) -> float:  # fmt: skip
        """A line whose optical middle is at y, shortened to `width`; returns the width it takes."""
        font = style.BOLD if bold else style.REGULAR
        text = clean(text)
        if width is not None:
            text = shorten(text, width, size, font)
        if not text:
            return 0.0
        self._layer += 1
        self.figure.text(
            x, self.height - y - MIDDLE * size, text, color=colour, ha=align, va="baseline",
            font=FontProperties(fname=font, size=size), transform=Affine2D(),
            zorder=self._layer, parse_math=False,
        )  # fmt: skip
        return text_width(text, size, font)

    def png(self) -> bytes:
        """The picture, drawn."""
        with mpl.rc_context(RC):
            self._canvas.draw()
        size = self._canvas.get_width_height()
        image = Image.frombuffer("RGBA", size, self._canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, "PNG", compress_level=PNG_LEVEL)
        return buffer.getvalue()


@cache
def _gradient(width: int, height: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """RGBA pixels from deep to bright, their corners rounded with soft edges."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) + 0.5
    share = ((columns / width) * 0.75 + (rows / height) * 0.25)[..., None]
    deep, bright = np.array(to_rgb(style.DEEP)), np.array(to_rgb(style.BRIGHT))
    radius = float(style.RADIUS)
    aside = np.maximum(np.maximum(radius - columns, columns - (width - radius)), 0)
    above = np.maximum(np.maximum(radius - rows, rows - (height - radius)), 0)
    alpha = np.clip(radius + 0.5 - np.hypot(aside, above), 0, 1)
    pixels = np.empty((height, width, 4), dtype=np.uint8)
    pixels[..., :3] = np.round((deep + (bright - deep) * share) * 255)
    pixels[..., 3] = np.round(alpha * 255)
    return pixels
