"""DingTalk's signatures: of robot messages, of card callbacks, of a group robot's webhook."""

import base64
import hashlib
import hmac


def robot_sign(timestamp_ms: str, secret: str) -> str:
    """Of a robot message (secret: AppSecret) and of a custom robot's webhook ("SEC…")."""
    return _hmac(secret, f"{timestamp_ms}\n{secret}")


def card_sign(timestamp_ms: str, api_secret: str) -> str:
    """Of a card callback: the message is the timestamp alone."""
    return _hmac(api_secret, timestamp_ms)


def _hmac(key: str, message: str) -> str:
    digest = hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
