"""Cut Noto Sans CJK SC to the characters that our pictures can hold; run by hand, needs fonttools.

Usage: python tools/cut_font.py /usr/share/fonts/opentype/noto reports/fonts
The source is Debian's package fonts-noto-cjk.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

WEIGHTS = ("Regular", "Bold")
FAMILY = "NotoSansCJKsc"

BLOCKS = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00FF),  # Latin-1: ¥, ·, ×, é
    (0x2000, 0x206F),  # punctuation
    (0x20A0, 0x20BF),  # currencies
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # − ≈ ≤ ≥
    (0x25A0, 0x25FF),  # ▲ ▼ ● □
    (0x2700, 0x27BF),  # ✓ ✗
    (0x3000, 0x303F),  # 、 。 「 」
    (0xFF00, 0xFFEF),  # full width
)


def characters() -> set[int]:
    """Every character of GBK, and the blocks that people type besides."""
    wanted = {code for low, high in BLOCKS for code in range(low, high + 1)}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                wanted.add(ord(bytes((lead, trail)).decode("gbk")))
            except UnicodeDecodeError:
                continue
    return wanted


def cut(source: Path, weight: str) -> TTFont:
    """The Simplified Chinese face of one weight, cut; shaping tables are dropped with the rest."""
    collection = TTCollection(source / f"NotoSansCJK-{weight}.ttc", lazy=True)
    font = next(
        face for face in collection.fonts if face["name"].getDebugName(6) == f"{FAMILY}-{weight}"
    )
    options = Options(
        hinting=False,
        layout_features=[],
        name_IDs=["*"],
        notdef_outline=True,
        drop_tables=["GPOS", "GSUB", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"],
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    return font


def main(source: Path, target: Path) -> None:
    for weight in WEIGHTS:
        cut(source, weight).save(target / f"{FAMILY}-{weight}.otf")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
