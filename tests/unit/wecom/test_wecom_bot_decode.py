"""What the AI bot hears, in every shape that WeCom's pages and packages know."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Entered, Message, Tap, dedup_key
from bot.platforms.envelope import Forged
from bot.platforms.wecom.aibot.decode import Door, decode, event_name, read, stream_asked
from bot.platforms.wecom.aibot.route import Route, unpack
from tests.unit.wecom.envelopes import NOW

DOOR = Door("ww1", "aibot:b1")
URL = "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=c"


def heard(fields: dict[str, Any], request: str = "") -> Message | Tap | Entered | None:
    return decode(fields, DOOR, str(fields["from"]["userid"]), NOW, request=request)


def said(kind: str = "text", **more: Any) -> dict[str, Any]:
    content = {"content": "今天拜访了客户"}
    given: dict[str, Any] = {
        "msgid": "m1", "aibotid": "b1", "chattype": "single", "from": {"userid": "LiHua"},
        "response_url": URL, "msgtype": kind, kind: content,
    }  # fmt: skip
    return given | more


def in_group(text: str) -> dict[str, Any]:
    return said(chattype="group", chatid="wr1", text={"content": text})


def event(name: str, **parts: Any) -> dict[str, Any]:
    fields = said("event", create_time=1700000000)
    return fields | {"event": {"eventtype": name, **parts}}


def test_a_message_carries_its_ways_back() -> None:
    message = heard(said())
    assert isinstance(message, Message)
    assert (message.text, message.kind, message.chat) == ("今天拜访了客户", "text", None)
    assert (message.source.app, message.source.sender) == ("aibot:b1", "lihua")
    route = unpack(message.route)
    assert route is not None
    assert (route.kind, route.slip, route.url) == ("message", dedup_key(message), URL)
    assert message.route_until == NOW + timedelta(minutes=55)


def test_by_socket_the_way_back_is_the_frame() -> None:
    message = heard(said(response_url=""), "req-7")
    assert isinstance(message, Message)
    route = unpack(message.route)
    assert route is not None
    assert (route.request, route.slip, route.url) == ("req-7", "", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@跟单 报价多少", "报价多少"),
        ("@跟单\u2005报价多少", "报价多少"),
        ("  @Bot  hi there", "hi there"),
        ("报价多少 @跟单", "报价多少"),
        ("问下 a@b.com 的单子", "问下 a@b.com 的单子"),
        ("@跟单", ""),
        ("@跟单 @王敏 那个单子", "@王敏 那个单子"),
    ],
)
def test_in_a_group_the_bots_name_is_no_word(text: str, words: str) -> None:
    message = heard(in_group(text))
    assert isinstance(message, Message)
    assert (message.text, message.chat) == (words, "wr1")


def test_alone_an_at_is_a_word() -> None:
    message = heard(said(text={"content": "@王敏 看一下"}))
    assert isinstance(message, Message)
    assert message.text == "@王敏 看一下"


MIXED = {"msg_item": [
    {"msgtype": "text", "text": {"content": "@跟单 拜访了"}}, {"msgtype": "image", "image": {}},
    {"msgtype": "text", "text": {"content": "宏远"}},
]}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        (said("voice"), "text", "今天拜访了客户"),
        (said("voice", voice={"content": ""}), "other", ""),
        (said("mixed", mixed=MIXED, chattype="group", chatid="wr1"), "text", "拜访了\n宏远"),
        (said("mixed", mixed={"msg_item": [{"msgtype": "image"}]}), "other", ""),
        (said("mixed", mixed={"msg_item": "x"}), "other", ""),
        (said("image"), "other", ""),
        (said("file"), "other", ""),
        (said("video"), "other", ""),
        (said("quote"), "other", ""),
        (said("something_new"), "other", ""),
        (said(quote={"msgtype": "text", "text": {"content": "旧话"}}), "text", "今天拜访了客户"),
        (said(text="not an object"), "text", ""),
    ],
)
def test_kinds(fields: dict[str, Any], kind: str, text: str) -> None:
    message = heard(fields)
    assert isinstance(message, Message)
    assert (message.kind, message.text) == (kind, text)


@pytest.mark.parametrize("nested", [True, False])
def test_a_tap_in_either_shape(nested: bool) -> None:
    parts = {"event_key": "undo:1", "task_id": "card-1", "card_type": "button_interaction"}
    shape = {"template_card_event": parts} if nested else parts
    tap = heard(event("template_card_event", **shape))
    assert isinstance(tap, Tap)
    assert (tap.card_key, tap.press) == ("card-1", "undo:1")
    assert tap.update_code == tap.route
    assert tap.at == datetime.fromtimestamp(1700000000, UTC)


def test_a_tap_repeated_with_another_url_is_the_same() -> None:
    parts = {"event_key": "undo:1", "task_id": "card-1"}
    one = heard(event("template_card_event", **parts))
    two = heard(event("template_card_event", **parts) | {"response_url": URL + "2"})
    assert one is not None
    assert two is not None
    assert dedup_key(one) == dedup_key(two)


@pytest.mark.parametrize(
    "fields",
    [
        event("feedback_event", feedback_event={"id": "f", "type": 2}),
        event("disconnected_event"),
        event("something_new"),
        event("template_card_event", event_key="over", task_id="card-1"),
    ],
)
def test_events_that_mean_nothing(fields: dict[str, Any]) -> None:
    assert heard(fields) is None


def test_entering() -> None:
    entered = heard(event("enter_chat"))
    assert isinstance(entered, Entered)
    route = unpack(entered.route)
    assert route is not None
    assert route.is_open(NOW + timedelta(seconds=4))
    assert not route.is_open(NOW + timedelta(seconds=5))


def test_a_poll_is_no_event() -> None:
    assert stream_asked({"msgtype": "stream", "stream": {"id": "s1"}}) == "s1"
    assert stream_asked(said()) is None
    assert event_name(said()) is None


@pytest.mark.parametrize(
    "payload", ["", "hello", "[]", '"x"', "{", "null", "[" * 100_000, '{"a":' * 50_000]
)
def test_what_is_no_object_is_forged(payload: str) -> None:
    with pytest.raises(Forged):
        read(payload)


def test_without_a_sender_it_is_forged() -> None:
    with pytest.raises(Forged):
        heard(said(**{"from": {"userid": ""}}))


def test_control_characters_of_a_phone_are_left_out() -> None:
    raw = json.dumps(said(text={"content": "拜访"}), ensure_ascii=False)
    assert read(raw.replace("拜访", "拜\x00\x08访").encode())["text"]["content"] == "拜访"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["msgid", "msgtype", "text", "mixed", "voice", "event", "chatid", "chattype",
             "create_time", "response_url", "stream"]
        ),
        json_values | st.sampled_from(["text", "event", "group", "mixed", "stream"]),
    )
)  # fmt: skip
def test_no_shape_is_an_error(fields: dict[str, Any]) -> None:
    found = decode(fields, DOOR, "lihua", NOW)
    assert found is None or found.source.sender == "lihua"
    stream_asked(fields)


@pytest.mark.parametrize("packed", [None, "", "x", "{}", "[1]", '{"kind":"message"}', '{"a":1}'])
def test_a_route_that_is_none(packed: str | None) -> None:
    assert unpack(packed) is None


def test_a_route_keeps_its_time() -> None:
    route = Route(kind="message", at=NOW.timestamp(), slip="s", url=URL)
    again = unpack(route.pack())
    assert again == route
    assert again is not None
    assert again.is_open(NOW + timedelta(minutes=5))
    assert not again.is_open(NOW + timedelta(minutes=6))
    assert again.has_url(NOW + timedelta(minutes=50))
    assert not again.has_url(NOW + timedelta(hours=1))
