"""What DingTalk sends, as neutral events; whatever it sends, nothing breaks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import events
from bot.events import Message, Staffing, Tap
from bot.platforms.dingtalk import decode, frames
from tests.unit.dingtalk.samples import (
    HOSTS,
    NOW,
    SETTINGS,
    WEBHOOK,
    card_callback,
    robot_message,
)


def read(trusted: bool = True, **changes: Any) -> Message | None:
    return decode.message(robot_message(**changes), SETTINGS, HOSTS, NOW, trusted=trusted)


def tapped(trusted: bool = True, **changes: Any) -> Tap | None:
    return decode.tap(card_callback(**changes), SETTINGS, "d", NOW, trusted=trusted)


def test_a_text() -> None:
    message = read()
    assert message is not None
    assert (message.text, message.kind, message.chat) == ("今天拜访了宏达", "text", None)
    assert (message.source.sender, message.source.corp) == ("LiQiang", "dingcorp")
    assert message.at == datetime.fromtimestamp(1764036000, UTC)
    assert message.route == WEBHOOK
    assert message.route_until == datetime.fromtimestamp(1764041400, UTC)
    assert events.from_json(json.loads(json.dumps(events.to_json(message)))) == message


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"text": {"content": " 今天拜访 "}}, "text", "今天拜访"),
        ({"text": None, "content": "顶层的字"}, "text", "顶层的字"),
        (
            {"msgtype": "richText", "content": {"richText": [
                {"text": "拜访"}, {"type": "picture", "downloadCode": "x"}, {"text": "宏达"}]}},
            "text", "拜访宏达",
        ),
        (
            {"msgtype": "richText", "content": {"richText": [{"downloadCode": "x"}]}},
            "other", "",
        ),
        ({"msgtype": "picture", "content": {"downloadCode": "x"}}, "other", ""),
        (
            {"msgtype": "audio", "content": {"downloadCode": "x", "recognition": "今天拜访"}},
            "text", "今天拜访",
        ),
        ({"msgtype": "audio", "content": {"downloadCode": "x"}}, "voice", ""),
        ({"msgtype": "video", "content": {"downloadCode": "x"}}, "other", ""),
        ({"msgtype": "file", "content": {"downloadCode": "x", "fileName": "a"}}, "other", ""),
        ({"msgtype": "hologram", "content": [1]}, "other", ""),
        ({"msgtype": None}, "other", ""),
    ],
)  # fmt: skip
def test_each_kind(changes: dict[str, Any], kind: str, words: str) -> None:
    message = read(**changes)
    assert message is not None
    assert (message.kind, message.text) == (kind, words)
    assert message.media == ("x" if kind == "voice" else None)


def test_in_a_group_the_conversation_is_the_chat() -> None:
    message = read(conversationType="2", conversationId="cidTeam==")
    assert message is not None
    assert message.chat == "cidTeam=="


@pytest.mark.parametrize(
    "changes",
    [
        {"senderCorpId": "dingother"},
        {"senderStaffId": None},
        {"senderStaffId": ""},
        {"msgId": None},
        {"senderCorpId": None, "chatbotCorpId": None},
    ],
    ids=["another company", "outsider", "empty", "no id", "no company"],
)
def test_nobody_we_know(changes: dict[str, Any]) -> None:
    assert read(**changes) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://oapi.dingtalk.com/robot/sendBySession?session=x",
        "https://oapi.dingtalk.com.evil.cn/x",
        "https://evildingtalk.com/x",
        "https://oapi.dingtalk.com@evil.cn/x",
        "https://oapi.dingtalk.com:8443/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest",
        "https://100.100.100.200/",
        "https://[::1]/",
        "https://2130706433/",
        "file:///etc/passwd",
        "https://[broken",
        "",
    ],
)
def test_another_host_for_answers_is_dropped(url: str) -> None:
    message = read(sessionWebhook=url)
    assert message is not None
    assert (message.route, message.route_until) == (None, None)


def test_an_unsigned_body_says_not_where_the_answer_goes() -> None:
    message = read(trusted=False, conversationType="2", conversationId="cidTeam==")
    assert message is not None
    assert (message.trusted, message.chat, message.route) == (False, None, None)
    tap = tapped(trusted=False, spaceType="IM_GROUP", spaceId="cidTeam==")
    assert tap is not None
    assert tap.chat is None


def test_two_people_whose_ids_differ_by_case_stay_two() -> None:
    first, second = read(senderStaffId="LiQiang"), read(senderStaffId="liqiang")
    assert first is not None
    assert second is not None
    assert first.source.scope != second.source.scope
    assert events.dedup_key(first) != events.dedup_key(second)


def test_a_tap() -> None:
    tap = tapped()
    assert tap is not None
    assert (tap.source.sender, tap.card_key, tap.press) == ("wangmin", "k" * 32, "confirm:7")
    assert tap.chat is None


@pytest.mark.parametrize(
    "content",
    [
        {"content": json.dumps({"cardPrivateData": {}, "params": {"press": "p"}})},
        {"content": None, "value": json.dumps({"cardPrivateData": {"params": {"press": "p"}}})},
        {"content": {"cardPrivateData": {"params": {"press": "p"}}}},
    ],
)
def test_both_shapes_of_what_a_button_carries(content: dict[str, Any]) -> None:
    tap = tapped(**content)
    assert tap is not None
    assert tap.press == "p"


@pytest.mark.parametrize(
    "changes", [{"corpId": "dingother"}, {"userId": ""}, {"outTrackId": None}]
)
def test_no_tap_of_ours(changes: dict[str, Any]) -> None:
    assert tapped(**changes) is None


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("user_leave_org", {"userId": ["a", "B"]}, (("a", "B"), (), False)),
        ("user_add_org", {"userId": ["a"]}, ((), ("a",), False)),
        ("user_modify_org", {"userId": "a"}, ((), ("a",), False)),
        ("org_dept_remove", {"deptId": [3]}, ((), (), True)),
        ("user_leave_org", {}, None),
        ("robot_msg_read", {"userId": "a"}, None),
        ("", {}, None),
    ],
)
def test_changes_of_the_address_book(kind: str, fields: dict[str, Any], expected: Any) -> None:
    found = decode.staffing(kind, fields, SETTINGS, "d", NOW)
    told = (found.left, found.changed, found.departments) if isinstance(found, Staffing) else None
    assert told == expected


def test_quota_used_up() -> None:
    assert decode.is_quota_used_up(robot_message(errorCode=20001, text=None))
    assert decode.is_quota_used_up(robot_message(errorCode="20001"))
    assert not decode.is_quota_used_up(robot_message())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
NAMES = sorted({*robot_message(), *card_callback(), "content", "errorCode", "value"})


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_nothing_that_comes_breaks_the_decoder(fields: dict[str, Any]) -> None:
    for base in ({}, robot_message(), card_callback()):
        body = base | fields
        decode.is_quota_used_up(body)
        message = decode.message(body, SETTINGS, HOSTS, NOW, trusted=True)
        if message is not None:
            events.dedup_key(message)
        decode.tap(body, SETTINGS, "d", NOW, trusted=True)
        decode.staffing("user_leave_org", body, SETTINGS, "d", NOW)


def test_frames_are_read_whichever_way_headers_are_spelt() -> None:
    for spelt in ("headers", "header"):
        frame = frames.read(
            json.dumps({"type": "EVENT", spelt: {"messageId": 7, "topic": "*"}, "data": '{"a":1}'})
        )
        assert (frame.kind, frame.message_id, frame.topic) == ("EVENT", "7", "*")
        assert frame.data == {"a": 1}
        acknowledged = json.loads(frames.ack(frame, {"status": "SUCCESS"}))
        assert acknowledged["headers"]["messageId"] == "7"
        assert json.loads(acknowledged["data"]) == {"status": "SUCCESS"}


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "1", '{"headers":[]}', '{"data":"x"}', '{"data":"["}', "[" * 9999]
)
def test_what_is_no_frame_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        frames.read(text)
