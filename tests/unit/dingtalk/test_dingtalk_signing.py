"""Signatures and sealed events, by vectors that other implementations agree with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from bot.platforms.dingtalk import signing
from bot.platforms.envelope import EnvelopeCrypto, Forged, Stamp

SECRET = "this is a secret"
STAMP = "1577262236757"
SIGN = "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA="
AT = datetime.fromtimestamp(1577262236, UTC)

EVENTS = [
    (
        ("mryue", "Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7", "ding6ccabc44d2c8d38b"),
        Stamp("03044561471240d4a14bb09372dfcfd4fd0e40cb", "1608001896814", "WL4PK6yA"),
        "0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDC"
        "YxxOK+HZeKju4yhELOFchzNukR+t8SB/qk4ROMu3",
        b'{"EventType":"check_url"}',
    ),
    (
        ("123456", "1234567890123456789012345678901234567890123", "dingsnotzck6pm5veliw"),
        Stamp("9a95a004dd16f5c307e849b994173f76aa26e5eb", "1614767836", "A7Co0cJLMzIDtMMI"),
        "YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==",
        b"success",
    ),
]


def test_robot_signature() -> None:
    assert signing.sign_robot(STAMP, SECRET) == SIGN
    assert signing.genuine_robot(STAMP, SIGN, SECRET, AT)


def test_custom_robot_signature() -> None:
    sign = quote(signing.sign_robot("1700000000000", "SECdemo"), safe="")
    assert sign == "lOvVf9TQCVugV68mGbSZCg0gzOl1SVjxWi1MyVZCUuA%3D"


def test_card_signature() -> None:
    sign = "nR2bBbKzXJY/9jh6S3GAVl7SAAChYr7io5ODVfIT6r0="
    assert signing.sign_card("1700000000000", "card-secret") == sign
    at = datetime.fromtimestamp(1700000000, UTC)
    assert signing.genuine_card("1700000000000", sign, "card-secret", at)
    assert not signing.genuine_card("1700000000000", sign, "card-secret", at + timedelta(hours=1))


@pytest.mark.parametrize(
    ("stamp", "sign", "late"),
    [
        (STAMP, SIGN, timedelta(hours=1, seconds=2)),
        (STAMP, SIGN, -timedelta(hours=1, seconds=2)),
        (STAMP[:-1] + "8", SIGN, timedelta()),
        (STAMP, "", timedelta()),
        (STAMP, SIGN[:-2] + "B=", timedelta()),
        ("", SIGN, timedelta()),
        ("1e12", SIGN, timedelta()),
        ("9" * 400, SIGN, timedelta()),
        ("坏\ud800", "坏\ud800", timedelta()),
    ],
    ids=["old", "early", "another time", "none", "another", "no time", "float", "long", "odd"],
)
def test_another_signature_is_refused(stamp: str, sign: str, late: timedelta) -> None:
    assert not signing.genuine_robot(stamp, sign, SECRET, AT + late)


def test_each_bit_of_a_signature_counts() -> None:
    for at in range(len(SIGN)):
        for bit in range(7):
            other = SIGN[:at] + chr(ord(SIGN[at]) ^ (1 << bit)) + SIGN[at + 1 :]
            assert not signing.genuine_robot(STAMP, other, SECRET, AT)


@pytest.mark.parametrize(("keys", "stamp", "sealed", "message"), EVENTS)
def test_event_vectors(
    keys: tuple[str, str, str], stamp: Stamp, sealed: str, message: bytes
) -> None:
    seconds = int(stamp.timestamp[:10])
    now = datetime.fromtimestamp(seconds, UTC)
    crypto = EnvelopeCrypto(*keys)
    assert crypto.sign(sealed, stamp.timestamp, stamp.nonce) == stamp.signature
    assert crypto.open(sealed, stamp, now) == message
    with pytest.raises(Forged):
        crypto.open(sealed, stamp, now + timedelta(minutes=6))
    with pytest.raises(Forged):
        EnvelopeCrypto(keys[0], keys[1], "dingother").open(sealed, stamp, now)
