"""The envelope of WeCom's callbacks and DingTalk's events: SHA-1, AES-256-CBC (path/90968)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_SKEW = timedelta(minutes=5)
"""Well over the platforms' retries, which end within a minute."""

_KEY_CHARACTERS = 43
_CIPHER_BLOCK = 16
_PAD_BLOCK = 32
_RANDOM_BYTES = 16
_LENGTH_BYTES = 4
_MS_DIGITS = 13


class Forged(Exception):
    """Not from the platform, not for us, or not of now; which of these is told to nobody."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands beside an envelope, as it came: nothing of it is trusted before `open`."""

    signature: str
    timestamp: str
    nonce: str


class EnvelopeCrypto:
    """Opens and seals the envelopes of one app; ValueError where the AES key is no key.

    `receive_id` stands inside each envelope: WeCom's corp id, DingTalk's client id.
    """

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        # Its package loads requests and every client: 90 ms and 8 MB, which a service without
        # callbacks should not pay.
        from wechatpy.crypto.base import WeChatCipher

        self._token = token
        self._receive_id = receive_id.encode()
        self._cipher = WeChatCipher(_key(aes_key))

    def open(self, encrypted: str, stamp: Stamp, now: datetime) -> bytes:
        """The message; raises Forged. The signature is checked before anything is decrypted."""
        expected = self.sign(encrypted, stamp.timestamp, stamp.nonce)
        genuine = hmac.compare_digest(expected.encode(), _raw(stamp.signature))
        if not (genuine & is_fresh(stamp.timestamp, now)):
            raise Forged
        return self._decrypt(encrypted)

    def seal(self, message: str, timestamp: str, nonce: str) -> tuple[str, str]:
        """The sealed message and its signature."""
        content = message.encode()
        plain = secrets.token_bytes(_RANDOM_BYTES)
        plain += len(content).to_bytes(_LENGTH_BYTES, "big") + content + self._receive_id
        pad = _PAD_BLOCK - len(plain) % _PAD_BLOCK
        sealed = self._cipher.encrypt(plain + bytes([pad]) * pad)
        encrypted = base64.b64encode(sealed).decode()
        return encrypted, self.sign(encrypted, timestamp, nonce)

    def sign(self, encrypted: str, timestamp: str, nonce: str) -> str:
        """SHA-1 over the four texts in order of their characters, as lower-case hex."""
        parts = sorted([self._token, timestamp, nonce, encrypted])
        return hashlib.sha1(_raw("".join(parts)), usedforsecurity=False).hexdigest()

    def _decrypt(self, encrypted: str) -> bytes:
        """Every check is made whatever the earlier ones said, so that all faults take as long."""
        sealed, sound = _ciphertext(encrypted)
        plain: bytes = self._cipher.decrypt(sealed)
        pad = plain[-1]
        sound &= 1 <= pad <= _PAD_BLOCK
        pad = min(max(pad, 1), _PAD_BLOCK)
        sound &= hmac.compare_digest(plain[-pad:], plain[-1:] * pad)
        body = plain[_RANDOM_BYTES : len(plain) - pad]
        length = int.from_bytes(body[:_LENGTH_BYTES], "big")
        sound &= len(body) >= _LENGTH_BYTES + length
        end = _LENGTH_BYTES + length
        sound &= hmac.compare_digest(body[end:], self._receive_id)
        if not sound:
            raise Forged
        return body[_LENGTH_BYTES:end]


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether the time in seconds lies within MAX_SKEW of `now`, before or after."""
    skew = skew_seconds(timestamp, now)
    return skew is not None and abs(skew) <= MAX_SKEW.total_seconds()


def skew_seconds(timestamp: str, now: datetime) -> int | None:
    """How far the sender's clock is ahead; None where there is no time in it.

    WeCom writes seconds, DingTalk milliseconds: thirteen digits until the year 2286.
    """
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _MS_DIGITS):
        return None
    seconds = int(timestamp) // 1000 if len(timestamp) == _MS_DIGITS else int(timestamp)
    return seconds - int(now.timestamp())


def _key(aes_key: str) -> bytes:
    try:
        key = base64.b64decode(aes_key + "=", validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(aes_key) != _KEY_CHARACTERS or len(key) != 32:
        raise ValueError("EncodingAESKey must be 43 letters and digits")
    return key


def _ciphertext(encrypted: str) -> tuple[bytes, bool]:
    """The bytes to decrypt and whether they can be a message; else zeros of a like length."""
    try:
        sealed = base64.b64decode(_raw(encrypted), validate=True)
    except binascii.Error:
        sealed = b""
    if sealed and len(sealed) % _CIPHER_BLOCK == 0 and len(sealed) >= _PAD_BLOCK:
        return sealed, True
    like = len(encrypted) * 3 // 4 // _PAD_BLOCK * _PAD_BLOCK
    return bytes(max(_PAD_BLOCK, like)), False


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
