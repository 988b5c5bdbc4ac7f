"""Yuan as people say them to fen as they are kept."""

from __future__ import annotations

from decimal import Decimal

from sales.errors import Invalid

Said = int | float | tuple[int | float, int | float]
MOST_FEN = 10**15
"""Ten trillion yuan: more than that is a slip of the finger."""


def fen(yuan: int | float, slot: str = "amount") -> int:
    """Yuan to fen, half a fen away from zero; Invalid for what no deal is worth."""
    try:
        value = int((Decimal(str(yuan)) * 100).to_integral_value(rounding="ROUND_HALF_UP"))
    except (ArithmeticError, ValueError) as error:
        raise Invalid(slot, yuan) from error
    if not 0 <= value <= MOST_FEN:
        raise Invalid(slot, yuan)
    return value


def spread(said: Said, slot: str = "amount") -> tuple[int, int | None]:
    """The amount in fen, and the upper end where a range was said."""
    if isinstance(said, tuple):
        low, high = sorted((fen(said[0], slot), fen(said[1], slot)))
        return low, high if high != low else None
    return fen(said, slot), None


def exact(said: Said, slot: str = "amount") -> int:
    """The amount in fen where a range makes no sense; Invalid for one."""
    low, high = spread(said, slot)
    if high is not None:
        raise Invalid(slot, said)
    return low


def basis_points(discount: float) -> int:
    """The factor paid (0.85) as basis points (8500)."""
    points = int((Decimal(str(discount)) * 10_000).to_integral_value(rounding="ROUND_HALF_UP"))
    if not 0 < points <= 20_000:
        raise Invalid("discount", discount)
    return points
