"""WeCom's documented limits (path/90312, path/90236, path/99110)."""

from __future__ import annotations

import hashlib

from bot.platforms.contract import Address, Bucket
from bot.platforms.wecom.settings import WeComSettings

MEMBER_PER_MINUTE = 30
MEMBER_PER_HOUR = 1000
"""What goes beyond is dropped by WeCom without an error; the AI bot's are the same numbers."""
ROBOT_PER_MINUTE = 20
CHAT_PER_MINUTE = 200
CHAT_PER_DAY = 10_000
"""What a member may get from one app's groups; the excess is dropped without an error too."""

TEXT_BYTES = 2048
APP_MARKDOWN_BYTES = 2048
ROBOT_MARKDOWN_BYTES = 4096
BOT_MARKDOWN_BYTES = 20480

CARD_LINES = 6
CARD_BUTTONS = 6
TITLE_CHARACTERS = 36
DESC_CHARACTERS = 44
BODY_CHARACTERS = 160
LABEL_CHARACTERS = 5
VALUE_CHARACTERS = 30
BUTTON_CHARACTERS = 10

APP_IMAGE_BYTES = 10 * 1024 * 1024
ROBOT_IMAGE_BYTES = 2 * 1024 * 1024
MEDIA_HOURS = 72

MINUTE_BLOCK_SECONDS = 60


def buckets(address: Address, settings: WeComSettings) -> tuple[Bucket, ...]:
    """The limits of a conversation, of an app's group or of a group's robot.

    Two names of one robot share its limit. An AI bot's conversation has a member's limits.
    """
    chat = settings.chats.get(address.group or "")
    if chat is not None:
        return (
            Bucket(f"wecom|chat|{chat}|minute", CHAT_PER_MINUTE, 60),
            Bucket(f"wecom|chat|{chat}|day", CHAT_PER_DAY, 86_400),
        )
    if address.group is not None:
        key = settings.groups.get(address.group, "")
        # Named by a hash, for the key is a secret.
        robot = hashlib.sha256(key.encode()).hexdigest()[:12]
        return (Bucket(f"wecom|robot|{robot}", ROBOT_PER_MINUTE, 60),)
    return (
        Bucket(f"{address.lane}|minute", MEMBER_PER_MINUTE, 60),
        Bucket(f"{address.lane}|hour", MEMBER_PER_HOUR, 3600),
    )
