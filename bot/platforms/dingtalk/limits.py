"""DingTalk's documented limits: calls in a second, a group robot's minute, lengths."""

from __future__ import annotations

import hashlib

from bot.platforms.contract import Address, Bucket
from bot.platforms.dingtalk.settings import DingTalkSettings

CALLS_PER_SECOND = 20
"""Of one app to one API."""
ROBOT_PER_MINUTE = 20
"""The next one shuts the robot up for ten minutes."""

TEXT_BYTES = 6000
MARKDOWN_BYTES = 6000
"""A message's parameters are a JSON text of at most 15,000 bytes."""
TITLE_CHARACTERS = 40
CARD_VALUE_BYTES = 1024
BODY_BYTES = 3000
"""The docs say 1 KB for every variable; long markdown shows up to about 3 KB."""
BUTTON_CHARACTERS = 12
CARD_BUTTONS = 6

IMAGE_BYTES = 20 * 1024 * 1024
VOICE_BYTES = 2 * 1024 * 1024
USER_PAGE = 100


def buckets(address: Address, settings: DingTalkSettings) -> tuple[Bucket, ...]:
    """The limits of the app, or of a group's robot; two names of one robot share its limit."""
    app = Bucket(f"dingtalk|app|{settings.client_id}", CALLS_PER_SECOND, 1)
    if address.group is None:
        return (app,)
    known = settings.groups.get(address.group)
    # Named by a hash, for the token is a secret.
    robot = hashlib.sha256((known.token if known else "").encode()).hexdigest()[:12]
    return (app, Bucket(f"dingtalk|robot|{robot}", ROBOT_PER_MINUTE, 60))
