"""Signs, encrypts and wraps callbacks as WeCom does (developer.work.weixin.qq.com, 90968)."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import struct
from collections.abc import Mapping
from typing import TypeAlias

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK_BYTES = 32
_RANDOM_BYTES = 16
_LENGTH_BYTES = 4

XmlValue: TypeAlias = "str | int | Mapping[str, XmlValue] | list[XmlValue]"


class BadEnvelope(ValueError):
    """The ciphertext, its padding, its length or its receiver is wrong."""


class WeComCrypto:
    """One Token and EncodingAESKey; `receive_id` is the corp id, "" for an AI bot."""

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        if len(aes_key) != 43:
            raise ValueError("EncodingAESKey must have 43 characters")
        self._token = token
        self._key = base64.b64decode(aes_key + "=")
        self._receive_id = receive_id.encode()

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        joined = "".join(sorted([self._token, timestamp, nonce, encrypted]))
        return hashlib.sha1(joined.encode()).hexdigest()  # noqa: S324 - WeCom's protocol

    def verify(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> bool:
        return hmac.compare_digest(self.signature(timestamp, nonce, encrypted), signature)

    def encrypt(self, text: str) -> str:
        """Base64 of the ciphertext; 16 random bytes make each delivery different."""
        message = text.encode()
        plain = (
            secrets.token_bytes(_RANDOM_BYTES)
            + struct.pack(">I", len(message))
            + message
            + self._receive_id
        )
        padding = _BLOCK_BYTES - len(plain) % _BLOCK_BYTES
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted: str) -> str:
        """Raises BadEnvelope for any fault."""
        plain = self._open(encrypted)
        padding = plain[-1]
        if not 1 <= padding <= _BLOCK_BYTES or plain[-padding:] != bytes([padding]) * padding:
            raise BadEnvelope("padding")
        body = plain[_RANDOM_BYTES:-padding]
        if len(body) < _LENGTH_BYTES:
            raise BadEnvelope("length")
        (length,) = struct.unpack(">I", body[:_LENGTH_BYTES])
        message = body[_LENGTH_BYTES : _LENGTH_BYTES + length]
        if len(message) != length or body[_LENGTH_BYTES + length :] != self._receive_id:
            raise BadEnvelope("receiver")
        try:
            return message.decode()
        except UnicodeDecodeError as error:
            raise BadEnvelope("encoding") from error

    def _open(self, encrypted: str) -> bytes:
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except binascii.Error as error:
            raise BadEnvelope("base64") from error
        if not sealed or len(sealed) % 16:
            raise BadEnvelope("size")
        decryptor = self._cipher().decryptor()
        return decryptor.update(sealed) + decryptor.finalize()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))


def xml_document(fields: Mapping[str, XmlValue]) -> str:
    """`<xml>…</xml>` with text in CDATA and whole numbers bare, in WeCom's way."""
    return f"<xml>{_elements(fields)}</xml>"


def xml_envelope(corp_id: str, agent_id: int, encrypted: str) -> str:
    """The body of an app's callback."""
    return xml_document({"ToUserName": corp_id, "AgentID": str(agent_id), "Encrypt": encrypted})


def json_envelope(encrypted: str) -> str:
    """The body of an AI bot's callback."""
    return json.dumps({"encrypt": encrypted})


def _elements(fields: Mapping[str, XmlValue]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: XmlValue) -> str:
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_elements(value)}</{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    safe = value.replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{safe}]]></{name}>"
