"""The envelope's parts, by the name under which WeCom's doors know them."""

from __future__ import annotations

from bot.platforms.envelope import EnvelopeCrypto, Forged, Stamp, skew_seconds

__all__ = ["EnvelopeCrypto", "Forged", "Stamp", "skew_seconds"]
