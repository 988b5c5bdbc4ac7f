"""How our pictures look: measures in pixels of a picture 1080 wide, colours, fonts.

A phone shows 1080 pixels on about 390 points, so nothing smaller than 32 is readable.
"""

from __future__ import annotations

from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
REGULAR = str(FONTS / "NotoSansCJKsc-Regular.otf")
BOLD = str(FONTS / "NotoSansCJKsc-Bold.otf")

WIDTH = 1080
MARGIN = 44
GAP = 28
PAD = 44  # inside a card
RADIUS = 32
INNER = WIDTH - 2 * MARGIN

TINY = 32
SMALL = 36
BODY = 40
TITLE = 44
HEADLINE = 60
FIGURE = 76
HERO = 148

PAGE = "#F3F5F9"
CARD = "#FFFFFF"
INK = "#162033"
GREY = "#6B7689"
LINE = "#E9EDF3"
TRACK = "#EBEFF6"
BLUE = "#2F6BFF"
AMBER = "#F2A33A"

# In China red is up and green is down, as on every stock ticker.
UP = "#E0453A"
DOWN = "#149A68"

DEEP = "#14337F"  # the hero card, from deep to bright
BRIGHT = "#2E6BF6"
ON_DEEP = "#FFFFFF"
ON_DEEP_SOFT = "#C9D8FF"
ON_DEEP_TRACK = "#4A74DA"

FUNNEL_FROM = "#9DBEFF"
FUNNEL_TO = "#1D4FD8"
MEDALS = ("#F2A33A", "#9FB0C8", "#CF8A5B")
PARTS = ("#2F6BFF", "#18A999", "#F2A33A", "#8C6CF0", "#E2637A", "#4FA3E3", "#7C8AA0")
