"""Replies to outbox rows: who is reached where, which card may be pressed by whom."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Insert, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events import Tap
from bot.platforms.contract import Address, Platform
from handlers import buttons, replies
from handlers.buttons import Press
from handlers.replies import (
    Card,
    CardUpdate,
    Recipient,
    Reply,
    ToAccount,
    ToAdmins,
    ToGroup,
    ToSender,
    ToUser,
)  # fmt: skip
from storage.models.people import Binding, User
from storage.models.service import Outbound, SentCard

CARD_LIVES = timedelta(days=30)
"""How long a card's buttons are taken; the decision itself may end sooner."""
Row = dict[str, Any]
_OUTBOUND: Insert = insert(Outbound.__table__)  # type: ignore[arg-type]
_SENT_CARDS: Insert = insert(SentCard.__table__)  # type: ignore[arg-type]
"""Past the session: what it would keep of each row costs more than the row."""

MOST_PRESSES = 24
"""So many buttons, once on a card, are still understood."""


class Post:
    """Puts what handlers answer into the outbox, in the transaction that it is handed."""

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self._platforms = platforms

    async def put(
        self,
        session: AsyncSession,
        answers: Sequence[Reply],
        *,
        event_id: int | None,
        sender: Address | None,
        sender_id: int | None = None,
        tapped: str | None = None,
        now: datetime,
        prefix: str = "e",
    ) -> int:
        """Add a row for each address of each reply; returns how many.

        `sender_id` is the user at `sender`. `tapped` is the key of the card that was pressed: a
        CardUpdate that names no other changes that one.
        """
        back = (sender, sender_id) if sender is not None else None
        rows: list[Row] = []
        cards: list[Row] = []
        for reply in answers:
            for row, card in await self._rows(session, reply, back, tapped, now):
                row["key"] = f"{prefix}{event_id or ''}-{len(rows)}"
                row["event_id"] = event_id
                rows.append(row)
                cards += [card] if card else []
        connection = await session.connection()
        for insertion, values in ((_OUTBOUND, rows), (_SENT_CARDS, cards)):
            if values:
                await connection.execute(insertion, values)
        return len(rows)

    async def _rows(
        self,
        session: AsyncSession,
        reply: Reply,
        back: tuple[Address, int | None] | None,
        tapped: str | None,
        now: datetime,
    ) -> list[tuple[Row, Row | None]]:
        content = reply.content
        if isinstance(content, CardUpdate):
            updates = await self._updates(session, content, tapped, now)
            return [(row, None) for row in updates]
        found = []
        for address, user_id in await self._addresses(session, reply.to, back):
            card_key, card = None, None
            if isinstance(content, Card) and (content.buttons or content.subject):
                card_key = secrets.token_urlsafe(24)
                card = _sent_card(card_key, content, address, user_id, now)
            found.append((_outbound(address, content, card_key, now), card))
        return found

    async def _updates(
        self, session: AsyncSession, update: CardUpdate, tapped: str | None, now: datetime
    ) -> list[Row]:
        key = update.card_key or (tapped if update.subject is None else None)
        conditions = [SentCard.card_key == key] if key else []
        if update.subject is not None:
            conditions.append(SentCard.subject == update.subject)
        if not conditions:
            return []
        query = select(SentCard).where(or_(*conditions), SentCard.closed.is_(False))
        rows = []
        for sent in await session.scalars(query.order_by(SentCard.created_at)):
            if not update.card.buttons:
                sent.closed = True
            # A thumb may be on its way to a button that is gone: it is told what became of it.
            now_on_it = [button.press for button in update.card.buttons]
            sent.presses = list(dict.fromkeys([*now_on_it, *sent.presses]))[:MOST_PRESSES]
            content = replace(update, card_key=sent.card_key)
            rows.append(_outbound(Address(**sent.address), content, sent.card_key, now))
        return rows

    async def _addresses(
        self,
        session: AsyncSession,
        to: Recipient,
        back: tuple[Address, int | None] | None,
    ) -> list[tuple[Address, int | None]]:
        sender = back[0] if back else None
        match to:
            case ToSender():
                return [] if back is None else [back]
            case ToUser(user_id=user_id):
                return await self._bound(session, User.id == user_id, sender)
            case ToAccount(platform=platform, corp=corp, user=user):
                if platform not in self._platforms:
                    return []
                account = self._platforms[platform].address_of(corp, user)
                return [(account, await self._user_at(session, account))]
            case ToAdmins():
                return await self._bound(session, User.role == "admin", sender)
            case ToGroup(name=name):
                groups = [platform.group(name) for platform in self._platforms.values()]
                return [(group, None) for group in groups if group is not None]

    async def _bound(
        self, session: AsyncSession, condition: object, sender: Address | None
    ) -> list[tuple[Address, int | None]]:
        """One address a user: where they speak just now, else the account that they used last."""
        query = (
            select(Binding)
            .join(User, User.id == Binding.user_id)
            .where(condition, User.active.is_(True))  # type: ignore[arg-type]
            .order_by(Binding.user_id, Binding.last_seen_at.desc().nulls_last(), Binding.id)
        )
        best: dict[int, Binding] = {}
        for binding in await session.scalars(query):
            if binding.platform not in self._platforms:
                continue
            if binding.user_id not in best or _speaks(binding, sender):
                best[binding.user_id] = binding
        return [
            (self._platforms[b.platform].address_of(b.corp, b.platform_user), user_id)
            for user_id, b in best.items()
        ]

    async def _user_at(self, session: AsyncSession, address: Address) -> int | None:
        return await session.scalar(
            select(Binding.user_id).where(
                Binding.platform == address.platform,
                Binding.corp == address.corp,
                Binding.platform_user == (address.user or ""),
            )
        )


def _speaks(binding: Binding, sender: Address | None) -> bool:
    """Whether the event came from just this account."""
    return sender is not None and (sender.platform, sender.corp, sender.user) == (
        binding.platform,
        binding.corp,
        binding.platform_user,
    )


def _sent_card(
    card_key: str, card: Card, address: Address, user_id: int | None, now: datetime
) -> Row:
    return {
        "card_key": card_key,
        "subject": card.subject,
        "platform": address.platform,
        "address": asdict(address),
        "user_id": user_id,
        "presses": [button.press for button in card.buttons],
        "codes": [],
        "created_at": now,
        "expires_at": now + CARD_LIVES,
    }


def _outbound(
    address: Address, content: replies.Content, card_key: str | None, now: datetime
) -> Row:
    return {
        "platform": address.platform,
        "lane": address.lane,
        "address": asdict(address),
        "content": replies.to_json(content),
        "card_key": card_key,
        "created_at": now,
        "available_at": now,
    }


def pressed(card: SentCard | None, event: Tap, user_id: int, now: datetime) -> Press | None:
    """The button's meaning, if this card was sent to this person with this button on it."""
    source = event.source
    if card is None or card.user_id != user_id or now >= card.expires_at:
        return None
    if card.platform != source.platform:
        return None
    if (card.address.get("corp"), card.address.get("app")) != (source.corp, source.app):
        return None
    try:
        press = buttons.unpack(event.press)
    except ValueError:
        return None
    return press if event.press in card.presses or card.closed else None
