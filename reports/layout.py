"""A page in pixels, y downwards, on matplotlib's rasteriser; text is measured, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import BoxStyle, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D, IdentityTransform
from numpy.typing import NDArray

from reports import style
from reports.lettering import (
    DPI,
    LEADING,
    MIDDLE,
    Align,
    Line,
    clean,
    fitting,
    shorten,
    text_width,
    two_lines,
)
from reports.png import encode

OPAQUE = 255
SHARE: dict[Align, float] = {"left": 0, "center": 0.5, "right": 1}


def blend(start: str, end: str, share: float) -> tuple[float, float, float]:
    """A colour between two."""
    red, green, blue = (
        a + (b - a) * share for a, b in zip(to_rgb(start), to_rgb(end), strict=True)
    )
    return red, green, blue


class Page:
    """One picture: shapes and lines of text, then `png`."""

    def __init__(self, height: int) -> None:
        self.height = height
        self.figure = Figure(figsize=(style.WIDTH / DPI, height / DPI), dpi=DPI, frameon=False)
        self._glow: tuple[int, int] | None = None
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
            transform=IdentityTransform(),
        )
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

    def glow(self, y: int, height: int) -> None:
        """A card with a slanting gradient, under all that is drawn."""
        self._glow = (y, height)

    def text(
        self, x: float, y: float, text: str, size: float, *, colour: str = style.INK,
        bold: bool = False, align: Align = "left", width: float | None = None,
    ) -> float:  # fmt: skip
        """A line whose optical middle is at y, shortened to `width`; returns what it takes."""
        font = style.BOLD if bold else style.REGULAR
        text = clean(text)
        if width is not None:
            text = shorten(text, width, size, font)
        if not text:
            return 0.0
        taken = text_width(text, size, font)
        start = x - taken * SHARE[align]
        self._layer += 1
        line = Line(start, self.height - y - MIDDLE * size, text, font, size, colour)
        line.set_zorder(self._layer)
        self.figure.add_artist(line)
        return taken

    def name(self, x: float, y: float, text: str, width: float) -> None:
        """A name in the room of a row: on one line, or small on two."""
        size = fitting(text, width, style.SMALL)
        lines = two_lines(text, width, size)
        first = y - (len(lines) - 1) * style.TINY * LEADING / 2
        for index, line in enumerate(lines):
            self.text(x, first + index * style.TINY * LEADING, line, size)

    def png(self) -> bytes:
        """The picture, drawn."""
        renderer = self._canvas.get_renderer()  # type: ignore[no-untyped-call]
        drawn = np.asarray(renderer.buffer_rgba())
        self._paint_ground(drawn.view(np.uint32)[..., 0])
        self.figure.draw(renderer)
        return encode(drawn)

    def _paint_ground(self, pixels: NDArray[np.uint32]) -> None:
        """The page's colour and its gradient, a pixel a word."""
        pixels[...] = _words(_bytes(style.PAGE)[None, None])[0, 0]
        if self._glow:
            y, height = self._glow
            right = style.WIDTH - style.MARGIN
            pixels[y : y + height, style.MARGIN : right] = _gradient(style.INNER, height)


def _words(colours: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Opaque RGBA of (rows, columns, 3) colours, a word each."""
    pixels = np.full((*colours.shape[:2], 4), OPAQUE, dtype=np.uint8)
    pixels[..., :3] = np.round(colours)
    return pixels.view(np.uint32)[..., 0]


def _bytes(colour: str) -> NDArray[np.float64]:
    return np.array(to_rgb(colour)) * OPAQUE


@cache
def _gradient(width: int, height: int) -> NDArray[np.uint32]:
    """Pixels from deep to bright on the page's colour, corners rounded with soft edges."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) + 0.5
    share = ((columns / width) * 0.75 + (rows / height) * 0.25)[..., None]
    deep, bright = _bytes(style.DEEP), _bytes(style.BRIGHT)
    radius = float(style.RADIUS)
    aside = np.maximum(np.maximum(radius - columns, columns - (width - radius)), 0)
    above = np.maximum(np.maximum(radius - rows, rows - (height - radius)), 0)
    cover = np.clip(radius + 0.5 - np.hypot(aside, above), 0, 1)[..., None]
    pixels = (deep + (bright - deep) * share) * cover + _bytes(style.PAGE) * (1 - cover)
    return _words(pixels)
