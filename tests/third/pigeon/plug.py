"""Carrier pigeons: signed JSON in by HTTP, JSON out by HTTP, with buttons and an address book."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.events import Event, Message, Source, Tap
from bot.platforms.contract import (
    Accept,
    Address,
    AddressBook,
    Bucket,
    Department,
    Finding,
    InboxUnavailable,
    Member,
    Parcel,
    Platform,
    Ports,
    Receipt,
    Refused,
    RetryLater,
)
from bot.sections import Secret, Strict, reveal
from handlers.replies import Card, CardUpdate, Content, Picture, Text
from storage.models.service import LASTING

NAME = "pigeon"


class Section(Strict):
    """[pigeon]: the loft's id, where it listens, and the secret that both sides sign with."""

    corp_id: str
    loft: str
    secret: Secret


def connect(section: Section, ports: Ports) -> Platform:
    """The platform of this section."""
    return Pigeon(section.corp_id, section.loft, reveal(section.secret, "pigeon.secret").encode())


def sign(secret: bytes, body: bytes) -> str:
    """What the header X-Pigeon holds."""
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


class Pigeon:
    """One loft."""

    name = NAME

    def __init__(self, corp: str, loft: str, secret: bytes) -> None:
        self._corp = corp
        self._loft = loft
        self._secret = secret
        self._session: ClientSession | None = None

    def routes(self, accept: Accept) -> Sequence[web.RouteDef]:
        """One door for everything."""

        async def arrive(request: web.Request) -> web.Response:
            body = await request.read()
            given = request.headers.get("X-Pigeon", "")
            if not hmac.compare_digest(given, sign(self._secret, body)):
                return web.Response(status=403)
            try:
                await accept(self._event(json.loads(body)))
            except InboxUnavailable:
                return web.Response(status=503)
            return web.Response(status=204)

        return [web.post("/pigeon", arrive)]

    def _event(self, told: dict[str, Any]) -> Event:
        source = Source(
            platform=NAME, corp=self._corp, app="loft", sender=str(told["from"]).lower()
        )
        at = datetime.fromtimestamp(told["at"], UTC)
        if "press" in told:
            return Tap(
                source=source, card_key=told["card"], press=told["press"], update_code=None,
                at=at, digest=told["id"],
            )  # fmt: skip
        return Message(source=source, message_id=told["id"], text=told["text"], at=at)

    async def run(self, accept: Accept) -> None:
        """Pigeons come to us."""

    async def send(self, parcel: Parcel) -> Receipt:
        """One flight; a card stays theirs to repaint."""
        letter = {"to": parcel.address.user, "id": parcel.key, **_letter(parcel)}
        await self._ask("/letters", letter)
        return Receipt(update_code=LASTING if isinstance(parcel.content, Card) else None)

    async def address_book(self) -> AddressBook | None:
        """Everybody in the loft."""
        told = await self._ask("/birds", {})
        return AddressBook(
            corp=self._corp,
            departments=tuple(Department(**row) for row in told["perches"]),
            members=tuple(
                Member(user=row["id"].lower(), name=row["name"], departments=(row["perch"],),
                       leads=(row["perch"],) if row.get("leads") else ())
                for row in told["birds"]
            ),
        )  # fmt: skip

    async def _ask(self, path: str, value: dict[str, Any]) -> Any:
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=5))
        body = json.dumps(value).encode()
        headers = {"X-Pigeon": sign(self._secret, body)}
        try:
            async with self._session.post(self._loft + path, data=body, headers=headers) as answer:
                if answer.status >= 500:
                    raise RetryLater("storm", timedelta(seconds=1), answer.status)
                if answer.status >= 400:
                    raise Refused("no such bird", answer.status)
                return await answer.json()
        except (ClientError, TimeoutError) as error:
            raise RetryLater("no wind", timedelta(seconds=1)) from error

    def buckets(self, address: Address) -> Sequence[Bucket]:
        """Pigeons know no limits."""
        return ()

    def elsewhere(self) -> Sequence[str]:
        """Every process may send."""
        return ()

    def address_of(self, corp: str, user: str) -> Address:
        """A bird's perch."""
        return Address(platform=NAME, corp=corp, app="loft", user=user)

    def group(self, name: str) -> Address | None:
        """They fly alone."""
        return None

    async def recording(self, media: str) -> bytes:
        """They don't sing."""
        raise Refused("no recordings")

    async def check(self) -> Sequence[Finding]:
        """Whether the loft answers."""
        await self._ask("/birds", {})
        return [Finding(True, "pigeon：连得上")]

    async def close(self) -> None:
        """Give the connection back."""
        if self._session is not None:
            await self._session.close()


def _letter(parcel: Parcel) -> dict[str, Any]:
    content: Content = parcel.content
    match content:
        case Text(text=words):
            return {"text": words}
        case Picture(alt=words):
            return {"text": words}
        case Card() as card:
            return {"card": parcel.card_key, **_face(card)}
        case CardUpdate(card=card):
            return {"card": parcel.card_key, "update": True, **_face(card)}


def _face(card: Card) -> dict[str, Any]:
    return {
        "title": card.title,
        "lines": [f"{line.label} {line.value}" for line in card.lines],
        "buttons": {button.text: button.press for button in card.buttons},
        "decided": card.decided,
    }
