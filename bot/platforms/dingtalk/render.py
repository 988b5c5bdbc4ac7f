"""Neutral replies as DingTalk's JSON: messages, and a card's variables; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.platforms.cutting import cut, cut_bytes, one_line
from bot.platforms.dingtalk.limits import (
    BODY_BYTES,
    BUTTON_CHARACTERS,
    CARD_BUTTONS,
    CARD_VALUE_BYTES,
    MARKDOWN_BYTES,
    TEXT_BYTES,
    TITLE_CHARACTERS,
)
from bot.platforms.dingtalk.wording import broken, markdown, plain
from handlers.buttons import in_words, unpack
from handlers.replies import Button, Card, Line, Picture

SAY = "dtmd://dingtalkclient/sendMessage?content="
"""A link that, pressed, sends its words to the chat as if they had been typed."""
HEAD_CHARACTERS = 100
NOTHING = "…"
"""DingTalk refuses empty words."""

Payload = dict[str, Any]
Variables = dict[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """One message twice: as a webhook's body, and as the robot API's key and parameters."""

    webhook: Payload
    key: str
    param: dict[str, str]


def text(words: str) -> Said:
    """Plain words."""
    content = cut_bytes(plain(words), TEXT_BYTES) or NOTHING
    body = {"content": content}
    return Said({"msgtype": "text", "text": body}, "sampleText", body)


def picture(media_id: str) -> Said:
    """An uploaded picture; a webhook knows pictures in markdown only."""
    return _markdown("图片", f"![]({media_id})", "sampleImageMsg", {"photoURL": media_id})


def group_picture(media_id: str, shown: Picture) -> Said:
    """An uploaded picture with its words in the list of chats."""
    title = _title(shown.alt) or "图片"
    return _markdown(title, f"![{markdown(one_line(shown.alt))}]({media_id})")


def is_live(card: Card) -> bool:
    """Whether somebody can still press something on it."""
    return bool(card.buttons) and card.decided is None


def still_card(card: Card, *, linked: bool) -> Said:
    """A card where no button can be: as markdown with what to answer.

    `linked`: words that can be answered are links that send them; in a group they would not
    reach the robot, for it hears only what mentions it.
    """
    head = f"**{markdown(cut(one_line(card.title), HEAD_CHARACTERS))}**"
    if card.subtitle:
        head += f"\n{markdown(one_line(card.subtitle))}"
    body = "\n> ".join([head, *_rows(card)])
    if card.note:
        body += f"\n\n{markdown(card.note)}"
    foot = _foot(card, linked)
    # Only the body is cut: a torn link would be no link. A blank line ends the quotation.
    words = cut_bytes(body, MARKDOWN_BYTES - len(foot.encode())) + (f"\n\n{foot}" if foot else "")
    return _markdown(_title(card.title) or NOTHING, broken(words))


def _foot(card: Card, linked: bool) -> str:
    """Who decided, or what to answer."""
    if card.decided is not None:
        return markdown(one_line(card.decided))
    links = _links(card) if linked else ""
    hint = cut(card.hint, HEAD_CHARACTERS)
    if not linked and not hint:
        said = [words for button in card.buttons if (words := _words_for(button, ""))]
        hint = f"可以回复：{' 或 '.join(said[:2])}" if said else ""
    return "\n\n".join(part for part in (links, markdown(hint)) if part)


def variables(card: Card) -> Variables:
    """The values of the company's card template (docs/dingtalk-card.md): all of them, all texts.

    An empty `b1_text` hides the button, a `state` that isn't empty hides them all.
    """
    found = {
        "title": cut(markdown(one_line(card.title)), TITLE_CHARACTERS),
        "subtitle": _value(card.subtitle),
        "body": _body(card),
        "note": cut_bytes(markdown(card.note), CARD_VALUE_BYTES),
        "state": "" if card.decided is None else _value(card.decided),
    }
    shown = card.buttons[:CARD_BUTTONS] if card.decided is None else ()
    for number in range(1, CARD_BUTTONS + 1):
        button = shown[number - 1] if number <= len(shown) else None
        found[f"b{number}_text"] = (
            cut(markdown(one_line(button.text)), BUTTON_CHARACTERS) if button else ""
        )
        found[f"b{number}_press"] = button.press if button else ""
        found[f"b{number}_style"] = "primary" if button and button.primary else "normal"
    return found


def preview(card: Card) -> str:
    """The card's line in the list of chats."""
    return _title(card.title) or NOTHING


def _markdown(
    title: str, words: str, key: str = "sampleMarkdown", param: dict[str, str] | None = None
) -> Said:
    body = {"title": title, "text": words}
    return Said({"msgtype": "markdown", "markdown": body}, key, param or body)


def _rows(card: Card) -> Iterator[str]:
    for line in card.lines:
        yield markdown(f"{one_line(line.label)}　{_change(line)}".strip())


def _change(line: Line) -> str:
    value = one_line(line.value)
    return value if line.before is None else f"{one_line(line.before)} → {value}"


def _body(card: Card) -> str:
    """As many whole lines as fit; what is cut off is told by an ellipsis."""
    return cut_bytes(broken("\n".join(_rows(card))), BODY_BYTES)


def _value(words: str) -> str:
    return cut_bytes(markdown(one_line(words)), CARD_VALUE_BYTES)


def _title(words: str) -> str:
    return cut(plain(one_line(words)), TITLE_CHARACTERS)


def _links(card: Card) -> str:
    pairs = [(button.text, _words_for(button, card.hint)) for button in card.buttons]
    return "　".join(
        f"[{markdown(one_line(label))}]({SAY}{quote(words, safe='')})"
        for label, words in pairs
        if words
    )


def _words_for(button: Button, hint: str) -> str | None:
    """What may be typed instead: by the press, else as the hint words it (同意 Q-7)."""
    try:
        words = in_words(unpack(button.press))
    except ValueError:
        words = None
    if words is not None:
        return words
    found = re.search(rf"(?<!\w){re.escape(button.text)} [\w-]+", hint)
    return found[0] if found else None
