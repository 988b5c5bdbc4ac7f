"""What WeCom accepts as a template card (developer.work.weixin.qq.com, 90236), and no more."""

import re
from collections.abc import Mapping
from typing import Any

from simulator.wecom.errors import ApiError

_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
_KEY_BYTES = 1024
_INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")
CARD_TYPES = ("text_notice", "news_notice", *_INTERACTIVE)

APP_LENGTHS = {"title": 36, "desc": 44, "keyname": 5, "value": 30, "button": 10}


def check_card(
    card: object, *, update: bool = False, lengths: Mapping[str, int] = APP_LENGTHS
) -> list[str]:
    """Raises ApiError for what WeCom refuses; returns what it would show badly."""
    fields = _object(card, "template_card")
    kind = fields.get("card_type")
    if kind not in CARD_TYPES:
        raise ApiError(40058, "template_card.card_type")
    _check_lists(fields)
    _check_task_id(fields, kind, update)
    if kind in ("text_notice", "news_notice"):
        _check_notice(fields, kind)
    elif kind == "button_interaction":
        _require_title(fields)
        _check_buttons(fields.get("button_list"))
    else:
        _check_submit(fields, kind)
    return _advice(fields, lengths)


def takes_callbacks(card: Mapping[str, Any]) -> bool:
    """Whether WeCom gives a response_code for it."""
    return card.get("card_type") in _INTERACTIVE or bool(card.get("action_menu"))


def _check_task_id(card: Mapping[str, Any], kind: str, update: bool) -> None:
    task_id = card.get("task_id")
    if task_id is None:
        if not update and takes_callbacks(card):
            raise ApiError(40058, f"{kind} needs template_card.task_id")
        return
    if not isinstance(task_id, str) or not _TASK_ID.fullmatch(task_id):
        raise ApiError(40058, "template_card.task_id")


def _check_lists(card: Mapping[str, Any]) -> None:
    for index, item in enumerate(_list(card, "horizontal_content_list", 6)):
        _text(item, "keyname", f"horizontal_content_list[{index}]")
        needed = {1: "url", 2: "media_id", 3: "userid"}.get(item.get("type", 0))
        if needed:
            _text(item, needed, f"horizontal_content_list[{index}]")
    for item in _list(card, "vertical_content_list", 4):
        _text(item, "title", "vertical_content_list")
    for item in _list(card, "jump_list", 3):
        _text(item, "title", "jump_list")
    menu = card.get("action_menu")
    if menu is not None:
        actions = _list(_object(menu, "action_menu"), "action_list", 3)
        if not actions:
            raise ApiError(40058, "action_menu.action_list")
        for item in actions:
            _text(item, "text", "action_list")
            _text(item, "key", "action_list")


def _check_notice(card: Mapping[str, Any], kind: str) -> None:
    action = _object(card.get("card_action"), "card_action")
    if action.get("type") not in (1, 2):
        raise ApiError(40058, "template_card.card_action.type must be 1 or 2")
    _text(action, "url" if action["type"] == 1 else "appid", "card_action")
    if kind == "news_notice":
        _require_title(card)
        if not card.get("card_image") and not card.get("image_text_area"):
            raise ApiError(40058, "news_notice needs card_image or image_text_area")
    elif not card.get("sub_title_text"):
        _require_title(card)


def _check_buttons(buttons: object) -> None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 6:
        raise ApiError(40058, "template_card.button_list needs 1 to 6 buttons")
    keys: set[str] = set()
    for index, button in enumerate(buttons):
        where = f"button_list[{index}]"
        fields = _object(button, where)
        _text(fields, "text", where)
        if fields.get("type", 0) == 1:
            _text(fields, "url", where)
            continue
        key = _text(fields, "key", where)
        if len(key.encode()) > _KEY_BYTES or key in keys:
            raise ApiError(40058, f"{where}.key")
        keys.add(key)


def _check_submit(card: Mapping[str, Any], kind: str) -> None:
    submit = _object(card.get("submit_button"), "submit_button")
    _text(submit, "text", "submit_button")
    _text(submit, "key", "submit_button")
    if kind == "vote_interaction":
        box = _object(card.get("checkbox"), "checkbox")
        _text(box, "question_key", "checkbox")
        _options(box, 20)
        return
    selects = _list(card, "select_list", 3)
    if not selects:
        raise ApiError(40058, "template_card.select_list")
    for select in selects:
        _text(select, "question_key", "select_list")
        _options(select, 10)


def _options(holder: Mapping[str, Any], most: int) -> None:
    options = _list(holder, "option_list", most)
    if not options:
        raise ApiError(40058, "option_list")
    for option in options:
        _text(option, "id", "option_list")
        _text(option, "text", "option_list")


def _require_title(card: Mapping[str, Any]) -> None:
    _text(_object(card.get("main_title"), "main_title"), "title", "main_title")


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ApiError(40058, f"{where} is missing")
    return value


def _list(holder: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
    found = holder.get(name) or []
    if not isinstance(found, list) or len(found) > most:
        raise ApiError(40058, f"{name} exceed max size {most}")
    return [_object(item, name) for item in found]


def _text(holder: Mapping[str, Any], name: str, where: str) -> str:
    value = holder.get(name)
    if not isinstance(value, str) or not value:
        raise ApiError(40058, f"{where}.{name} is missing")
    return value


def _advice(card: Mapping[str, Any], lengths: Mapping[str, int]) -> list[str]:
    main = card.get("main_title") or {}
    found = [("title", main.get("title", "")), ("desc", main.get("desc", ""))]
    for item in card.get("horizontal_content_list", []):
        found += [("keyname", item.get("keyname", "")), ("value", item.get("value", ""))]
    found += [("button", b.get("text", "")) for b in card.get("button_list", [])]
    return [
        f"{name} longer than {lengths[name]} characters: {text}"
        for name, text in found
        if len(str(text)) > lengths[name]
    ]
