"""Neutral replies as WeCom's JSON (path/90236, path/94888, path/99110); pure."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from typing import Any

from bot.platforms.cutting import cut, cut_bytes, one_line, split_bytes
from bot.platforms.wecom.limits import (
    APP_MARKDOWN_BYTES,
    BODY_CHARACTERS,
    BOT_MARKDOWN_BYTES,
    BUTTON_CHARACTERS,
    CARD_BUTTONS,
    CARD_LINES,
    DESC_CHARACTERS,
    LABEL_CHARACTERS,
    ROBOT_MARKDOWN_BYTES,
    TEXT_BYTES,
    TITLE_CHARACTERS,
    VALUE_CHARACTERS,
)
from bot.platforms.wecom.wording import markdown, plain
from handlers.replies import Button, Card, Line

MOST_PARTS = 3
"""Of a text too long for one message."""

_PRIMARY, _SECONDARY = 1, 2
_OVER = Button(text="已处理", press="over")
"""A card whose buttons are gone must still list one; the text in its place is what shows."""
_OVER_TEXT = "已更新"

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many characters a card shows whole; other doors of WeCom's show less."""

    title: int
    desc: int
    body: int
    value: int


APP_ROOM = Room(
    title=TITLE_CHARACTERS, desc=DESC_CHARACTERS, body=BODY_CHARACTERS, value=VALUE_CHARACTERS
)
BOT_ROOM = Room(title=26, desc=30, body=112, value=26)
"""The AI bot's cards (path/101032)."""


def texts(text: str) -> list[Payload]:
    """The messages that a text makes, in order."""
    parts = split_bytes(plain(text), TEXT_BYTES, MOST_PARTS)
    return [{"msgtype": "text", "text": {"content": part}} for part in parts]


def is_live(card: Card) -> bool:
    """Whether somebody can still press something on it."""
    return bool(card.buttons) and card.decided is None


def live_card(card: Card, card_key: str) -> Payload:
    """A card with buttons in a person's chat."""
    return {"msgtype": "template_card", "template_card": template_card(card, card_key)}


def still_card(card: Card) -> Payload:
    """A card without buttons in a person's chat: as markdown.

    WeCom's own (text_notice) must open an address, and there is none.
    """
    return _markdown(card, APP_MARKDOWN_BYTES)


def group_card(card: Card) -> Payload:
    """A card in a group, where a robot's buttons can't call back: as markdown with its hint."""
    return _markdown(card, ROBOT_MARKDOWN_BYTES)


def chat_card(card: Card) -> Payload:
    """A card in a group that the app made, where none has buttons: as markdown with its hint."""
    return _markdown(card, APP_MARKDOWN_BYTES)


def card_update(card: Card, card_key: str, code: str, user: str) -> Payload:
    """The card as it is now, in the place of the one that `code` belongs to."""
    return {
        "userids": [user],
        "response_code": code,
        "template_card": template_card(card, card_key),
    }


def template_card(card: Card, card_key: str, room: Room = APP_ROOM) -> Payload:
    """The card with buttons; once it is decided they give way to who decided."""
    shown, folded = _rows(card.lines, room)
    main_title = {"title": cut(_line(card.title), room.title)}
    if card.subtitle:
        main_title["desc"] = cut(_line(card.subtitle), room.desc)
    body = "\n".join([*folded, *([plain(card.note)] if card.note else [])])
    rendered: Payload = {
        "card_type": "button_interaction",
        "main_title": main_title,
        "task_id": card_key,
        "button_list": _buttons(card.buttons or (_OVER,)),
    }
    if body:
        rendered["sub_title_text"] = cut(body, room.body)
    if shown:
        rendered["horizontal_content_list"] = shown
    if not is_live(card):
        rendered["replace_text"] = _line(card.decided or _OVER_TEXT)
    return rendered


def bot_card(card: Card, card_key: str) -> Payload:
    """As `template_card`, where buttons can't be greyed: the decision stands on the last one."""
    if is_live(card):
        return template_card(card, card_key, BOT_ROOM)
    decided = _line(card.decided or _OVER_TEXT)
    notes = [note for note in (card.note, card.decided) if note]
    told = replace(card, buttons=(), note="\n".join(notes))
    rendered = template_card(told, card_key, BOT_ROOM)
    button = {"text": cut(decided, BUTTON_CHARACTERS), "style": _SECONDARY, "key": _OVER.press}
    return rendered | {"button_list": [button]}


def bot_words(text: str) -> str:
    """A text of the AI bot's: its messages are markdown."""
    return cut_bytes(markdown(text), BOT_MARKDOWN_BYTES)


def bot_card_words(card: Card) -> str:
    """A card without buttons, or in a chat where they can't work: as markdown with its hint."""
    return str(_markdown(card, BOT_MARKDOWN_BYTES)["markdown"]["content"])


def app_image(media_id: str) -> Payload:
    """A picture that was uploaded before."""
    return {"msgtype": "image", "image": {"media_id": media_id}}


def group_image(content: bytes) -> Payload:
    """A picture in a group, whole."""
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    image = {"base64": base64.b64encode(content).decode(), "md5": digest}
    return {"msgtype": "image", "image": image}


def _rows(lines: tuple[Line, ...], room: Room) -> tuple[list[Payload], list[str]]:
    """The rows of the card, and as words the lines that would be cut there or are too many.

    Words stand above the rows: where lines belong together, all before the last of them are words.
    """
    fitting = [_fits(line, room) for line in lines]
    over = len(lines) - CARD_LINES
    if over > 0 or len({line.label for line in lines}) < len(lines):
        first = max([over, 0, *(at + 1 for at, fits in enumerate(fitting) if not fits)])
        words = [_worded(line) for line in lines[:first]]
        if len("\n".join(words)) <= room.body:
            return [_row(line) for line in lines[first:]], words
    shown = [at for at, fits in enumerate(fitting) if fits][:CARD_LINES]
    words = [_worded(line) for at, line in enumerate(lines) if at not in shown]
    return [_row(lines[at]) for at in shown], words


def _fits(line: Line, room: Room) -> bool:
    label, value = _line(line.label), _value(line)
    return 0 < len(label) <= LABEL_CHARACTERS and 0 < len(value) <= room.value


def _row(line: Line) -> Payload:
    return {"keyname": _line(line.label), "value": _value(line)}


def _worded(line: Line) -> str:
    return f"{_line(line.label)}　{_value(line)}".strip()


def _buttons(buttons: tuple[Button, ...]) -> list[Payload]:
    """WeCom refuses a card that lists a key twice."""
    unique = list({button.press: button for button in buttons}.values())
    return [
        {
            "text": cut(_line(button.text), BUTTON_CHARACTERS),
            "style": _PRIMARY if button.primary else _SECONDARY,
            "key": button.press,
        }
        for button in unique[:CARD_BUTTONS]
    ]


def _markdown(card: Card, limit: int) -> Payload:
    head = f"**{markdown(_line(card.title))}**"
    if card.subtitle:
        head += f"\n{markdown(_line(card.subtitle))}"
    rows = [f"> {markdown(f'{_line(line.label)}　{_value(line)}')}" for line in card.lines]
    tail = [markdown(card.note)] if card.note else []
    if card.decided is not None:
        tail.append(markdown(card.decided))
    elif card.hint:
        tail.append(markdown(card.hint))
    # A blank line ends the quotation.
    blocks = [head + "".join(f"\n{row}" for row in rows), *tail]
    return {"msgtype": "markdown", "markdown": {"content": cut_bytes("\n\n".join(blocks), limit)}}


def _value(line: Line) -> str:
    value = _line(line.value)
    return value if line.before is None else f"{_line(line.before)} → {value}"


def _line(text: str) -> str:
    return one_line(plain(text))
