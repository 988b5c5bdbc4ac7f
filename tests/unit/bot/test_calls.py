"""What the platforms' HTTP calls keep out of their words."""

from __future__ import annotations

from bot.platforms.calls import without


def test_secrets_are_blackened() -> None:
    assert without(["tok", ""], "invalid tok, tok") == "invalid ***, ***"
