"""What a group that reads along need not see of people at customers: phones and addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers.replies import Card, CardUpdate, Content, Line, Picture, Reply, Text, ToSender

_PHONE = re.compile(r"(?<![\d.])(1\d{2})[ -]?\d{4}[ -]?(\d{4})(?![\d.])")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})[ -]?\d{3,4}(\d{4})(?!\d)")
_MAIL = re.compile(r"([A-Za-z0-9])[\w.+-]*(@[\w-]+\.[\w.-]+)")
_WECHAT = re.compile(r"(微信[号：: ]*)([A-Za-z0-9][\w-]{4,19})")


def masked(answers: Sequence[Reply]) -> list[Reply]:
    """Answers to a group without anybody's number whole; what goes to a person stays."""
    return [
        replace(reply, content=_content(reply.content))
        if isinstance(reply.to, ToSender)
        else reply
        for reply in answers
    ]


def hidden(words: str) -> str:
    """138****8000, z***@example.com, 微信 ***"""
    words = _PHONE.sub(r"\1****\2", words)
    words = _LANDLINE.sub(r"\1****\2", words)
    words = _MAIL.sub(r"\1***\2", words)
    return _WECHAT.sub(r"\1***", words)


def _content(content: Content) -> Content:
    match content:
        case Text(text=words):
            return Text(text=hidden(words))
        case Card():
            return _card(content)
        case CardUpdate(card=card):
            return replace(content, card=_card(card))
        case Picture():
            return content


def _card(card: Card) -> Card:
    lines = tuple(
        Line(label=hidden(line.label), value=hidden(line.value),
             before=None if line.before is None else hidden(line.before))
        for line in card.lines
    )  # fmt: skip
    return replace(card, title=hidden(card.title), note=hidden(card.note), lines=lines)
