"""What a phone shows of a WeCom message, read from its payload."""

from collections.abc import Mapping
from typing import Any

from simulator.ledger import Button, Face


def face_of(kind: str, content: Mapping[str, Any], replaced: str = "") -> Face:
    """`replaced` is the text that stands where a card's buttons were."""
    if kind == "template_card":
        return _card(content, replaced)
    if kind in ("text", "markdown", "markdown_v2", "stream"):
        return Face(text=str(content.get("content", "")))
    return Face(text=str(content.get("filename", "")), has_picture=kind == "image")


def _card(card: Mapping[str, Any], replaced: str) -> Face:
    main = card.get("main_title") or {}
    return Face(
        text="\n".join(_lines(card, replaced)),
        title=str(main.get("title") or ""),
        subtitle=str(main.get("desc") or ""),
        note=str(card.get("sub_title_text") or ""),
        buttons=() if replaced else _buttons(card),
    )


def _buttons(card: Mapping[str, Any]) -> tuple[Button, ...]:
    return tuple(
        Button(
            str(button.get("text", "")),
            str(button.get("key", "")),
            str(button.get("url", "")),
            int(button.get("style", 1)),
        )
        for button in card.get("button_list", [])
    )


def _lines(card: Mapping[str, Any], replaced: str) -> list[str]:
    main = card.get("main_title") or {}
    emphasis = card.get("emphasis_content") or {}
    quote = card.get("quote_area") or {}
    lines = [main.get("title"), main.get("desc"), emphasis.get("title"), emphasis.get("desc")]
    lines += [quote.get("title"), quote.get("quote_text"), card.get("sub_title_text")]
    for item in card.get("horizontal_content_list", []):
        lines.append(f"{item.get('keyname', '')}　{item.get('value', '')}")
    for item in card.get("vertical_content_list", []):
        lines.append(f"{item.get('title', '')}　{item.get('desc', '')}")
    lines.append(replaced or " ".join(f"［{b['text']}］" for b in card.get("button_list", [])))
    return [str(line) for line in lines if line]
