"""The envelope: published vectors, a stranger's messages, and every fault refused alike."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from wechatpy.work.crypto import WeChatCrypto

from bot.platforms.envelope import EnvelopeCrypto, Forged, Stamp
from bot.platforms.wecom.decode import envelope
from tests.unit.wecom.envelopes import AES_KEY, CORP, NONCE, NOW, TOKEN, crypto, outer, signed

ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
ECHO_STAMP = Stamp("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780")
POSTED = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3Qczcd"
    "CUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd"
    "4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2"
    "r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Nc"
    "x4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uy"
    "PIGHBZZIs2pDBS8R07+qN+E7Q=="
)
POSTED_STAMP = Stamp("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149")
THEN = datetime.fromtimestamp(1409659813, UTC)
TEXTS = ["", "a", "今天拜访了宏达王总", "👨‍👩‍👧 二期 150万", "x" * 4096, "\x08<&>]]>\n"]


def test_published_echo() -> None:
    assert crypto().open(ECHO, ECHO_STAMP, THEN) == b"1616140317555161061"


def test_published_message() -> None:
    message = crypto().open(POSTED, POSTED_STAMP, THEN).decode()

    assert "<FromUserName><![CDATA[mycreate]]></FromUserName>" in message
    assert "<Content><![CDATA[hello]]></Content>" in message
    assert "<MsgId>4561255354251345929</MsgId>" in message


@pytest.mark.parametrize("text", TEXTS)
def test_a_stranger_reads_what_we_seal(text: str) -> None:
    encrypted, signature = crypto().seal(text, "1409659813", NONCE)

    stranger = WeChatCrypto(TOKEN, AES_KEY, CORP)

    body = {"Encrypt": encrypted}
    assert stranger.decrypt_message(body, signature, "1409659813", NONCE) == text


@pytest.mark.parametrize("text", TEXTS)
def test_we_read_what_a_stranger_seals(text: str) -> None:
    stranger = WeChatCrypto(TOKEN, AES_KEY, CORP)
    timestamp = str(int(NOW.timestamp()))

    body = stranger.encrypt_message(text, NONCE, timestamp)

    encrypted = envelope(body.encode())
    opened = crypto().open(encrypted, signed(encrypted), NOW)
    assert opened.decode() == text
    assert signed(encrypted).signature in body


def _flipped(text: str) -> Iterator[str]:
    raw = text.encode()
    for place in range(len(raw)):
        for bit in range(8):
            changed = bytearray(raw)
            changed[place] ^= 1 << bit
            yield changed.decode("latin-1")


def test_each_flipped_bit_is_refused() -> None:
    tried = 0
    stamp, sealed = ECHO_STAMP, ECHO
    tampered = [
        *((sealed, Stamp(s, stamp.timestamp, stamp.nonce)) for s in _flipped(stamp.signature)),
        *((sealed, Stamp(stamp.signature, t, stamp.nonce)) for t in _flipped(stamp.timestamp)),
        *((sealed, Stamp(stamp.signature, stamp.timestamp, n)) for n in _flipped(stamp.nonce)),
        *((e, stamp) for e in _flipped(sealed)),
    ]
    for encrypted, changed in tampered:
        with pytest.raises(Forged) as refusal:
            crypto().open(encrypted, changed, THEN)
        assert refusal.value.args == ()
        tried += 1
    assert tried == 8 * (40 + 10 + 9 + 88)


def _raw_sealed(plain: bytes) -> str:
    """Encrypted as it is, by a cipher of another make than the service's."""
    key = base64.b64decode(AES_KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def _plain(message: bytes, *, length: int | None = None, corp: str = CORP) -> bytes:
    declared = len(message) if length is None else length
    return bytes(16) + declared.to_bytes(4, "big") + message + corp.encode()


def _padded(plain: bytes) -> bytes:
    pad = 32 - len(plain) % 32
    return plain + bytes([pad]) * pad


FAULTS = {
    "no base64": "*not base64*",
    "half base64": ECHO[:-1],
    "nothing": "",
    "no whole block": base64.b64encode(bytes(33)).decode(),
    "one block": base64.b64encode(bytes(16)).decode(),
    "not ascii": "密文" * 16,
    "padding of 0": _raw_sealed(_padded(_plain(b"m" * 11))[:-1] + b"\x00"),
    "padding of 33": _raw_sealed(_plain(b"m" * 5) + bytes([33]) * 53),
    "padding over the whole": _raw_sealed(bytes([32]) * 32),
    "uneven padding": _raw_sealed(_padded(_plain(b"m" * 9))[:-2] + b"\x01\x11"),
    "length beyond the end": _raw_sealed(_padded(_plain(b"message", length=4000))),
    "greatest length": _raw_sealed(_padded(_plain(b"message", length=2**32 - 1))),
    "length one too short": _raw_sealed(_padded(_plain(b"message", length=6))),
    "no room for a length": _raw_sealed(bytes(17) + bytes([15]) * 15),
    "another corp": _raw_sealed(_padded(_plain(b"message", corp="wx5823bf96d3bd56c8"))),
    "no corp": _raw_sealed(_padded(_plain(b"message", corp=""))),
    "a corp that begins like ours": _raw_sealed(_padded(_plain(b"message", corp=CORP + "0"))),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_with_a_right_signature_are_refused_alike(name: str) -> None:
    with pytest.raises(Forged) as refusal:
        crypto().open(FAULTS[name], signed(FAULTS[name]), NOW)
    assert refusal.value.args == ()
    assert refusal.value.__cause__ is None


def test_the_table_of_faults_is_made_rightly() -> None:
    whole = _raw_sealed(_padded(_plain(b"message")))
    assert crypto().open(whole, signed(whole), NOW) == b"message"


def test_random_ciphertext_is_only_ever_refused() -> None:
    source = random.Random(7)
    opened = 0
    ours = crypto()
    for _ in range(2000):
        sealed = base64.b64encode(source.randbytes(16 * source.randrange(2, 20))).decode()
        try:
            ours.open(sealed, signed(sealed), NOW)
            opened += 1
        except Forged:
            continue
    assert opened == 0


@pytest.mark.parametrize(
    ("timestamp", "fresh"),
    [
        (int(NOW.timestamp()), True),
        (int((NOW - timedelta(minutes=5)).timestamp()), True),
        (int((NOW + timedelta(minutes=5)).timestamp()), True),
        (int((NOW - timedelta(minutes=5, seconds=1)).timestamp()), False),
        (int((NOW + timedelta(minutes=5, seconds=1)).timestamp()), False),
        (f" {int(NOW.timestamp())}", False),
        (f"+{int(NOW.timestamp())}", False),
        ("１７９５４８５６００", False),
        ("", False),
        ("9" * 5000, False),
    ],
)  # fmt: skip
def test_only_what_was_stamped_within_five_minutes(timestamp: int | str, fresh: bool) -> None:
    encrypted, signature = crypto().seal("message", str(timestamp), NONCE)
    stamp = Stamp(signature, str(timestamp), NONCE)
    if fresh:
        assert crypto().open(encrypted, stamp, NOW) == b"message"
    else:
        with pytest.raises(Forged):
            crypto().open(encrypted, stamp, NOW)


@pytest.mark.parametrize(
    "key", ["", AES_KEY[:-1], AES_KEY + "=", AES_KEY + "A", "*" * 43, "密" * 43]
)
def test_a_wrong_key_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey") as refusal:
        EnvelopeCrypto(TOKEN, key, CORP)
    assert not key or key not in str(refusal.value)


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
).replace("a0;", "a;")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<xml>",
        b"<xml></xml>",
        b"\xff\xfe<\x00x\x00/\x00>\x00",
        outer("密文").decode().encode("gbk"),
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd">' + outer(ECHO),
        b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + outer("&x;"),
        BOMB.encode() + outer("&a9;"),
        b"<xml>" * 30_000,
        b"<xml>" * 20_000 + b"</xml>" * 20_000,
    ],
    ids=["empty", "json", "open", "bare", "utf-16", "gbk", "dtd", "xxe", "bomb", "deep", "nested"],
)
def test_what_is_no_envelope_is_refused_alike(body: bytes) -> None:
    with pytest.raises(Forged) as refusal:
        envelope(body)
    assert refusal.value.args == ()
