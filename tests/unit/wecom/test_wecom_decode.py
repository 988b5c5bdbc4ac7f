"""What WeCom says as the service's events."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.events import Entered, Event, Message, Source, Tap, dedup_key
from bot.platforms.envelope import Forged
from bot.platforms.wecom.decode import ALARMS, NOT_OURS, decode
from tests.unit.wecom.envelopes import CORP, NOW, event, inner, settings

SOURCE = Source(platform="wecom", corp=CORP, app="218", sender="lihua")
TAPPED = {
    "EventKey": "undo:12", "TaskId": "Zx-9_a", "CardType": "button_interaction",
    "ResponseCode": "code-72h",
}  # fmt: skip


def read(xml: str | bytes) -> Event | None:
    """The event in this XML."""
    return decode(xml.encode() if isinstance(xml, str) else xml, NOW, settings())


def said(xml: str | bytes) -> Message:
    """The message in this XML."""
    message = read(xml)
    assert isinstance(message, Message)
    return message


def test_text() -> None:
    assert read(inner()) == Message(
        source=SOURCE, message_id="4561255354251345929", text="今天拜访了客户", at=NOW
    )


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"MsgType": "voice", "MediaId": "m", "Format": "amr"}, "voice"),
        ({"MsgType": "image", "PicUrl": "http://x", "MediaId": "m"}, "other"),
        ({"MsgType": "location", "Location_X": "31.2", "Label": "苏州"}, "other"),
        ({"MsgType": "video"}, "other"),
        ({"MsgType": "something-new"}, "other"),
    ],
)
def test_what_cannot_be_read_yet_is_kept_without_text(fields: dict[str, str], kind: str) -> None:
    message = said(inner(**fields))
    assert (message.kind, message.text) == (kind, "")


def test_tap() -> None:
    tap = read(event("template_card_event", **TAPPED))
    assert isinstance(tap, Tap)
    assert (tap.source, tap.card_key, tap.press) == (SOURCE, "Zx-9_a", "undo:12")
    assert (tap.update_code, tap.at) == ("code-72h", NOW)


def test_entered() -> None:
    assert isinstance(read(event("enter_agent")), Entered)


@pytest.mark.parametrize("name", sorted(NOT_OURS | ALARMS | {"event_of_next_year"}))
def test_events_that_make_nothing(name: str) -> None:
    assert read(event(name, AgentID="3010040", FromUserName="sys")) is None


def test_two_taps_of_one_second_differ_and_a_repeat_does_not() -> None:
    first = read(event("template_card_event", **TAPPED))
    again = read(event("template_card_event", **TAPPED))
    other = read(event("template_card_event", **TAPPED | {"ResponseCode": "another"}))
    assert first is not None
    assert again is not None
    assert other is not None
    assert dedup_key(first) == dedup_key(again) != dedup_key(other)


def test_a_message_without_an_id_is_known_by_its_payload() -> None:
    first, other = said(inner(MsgId="")), said(inner(MsgId="", Content="别的"))
    assert dedup_key(first) != dedup_key(other)


@pytest.mark.parametrize(
    "fields",
    [
        {"ToUserName": "ww_another"},
        {"ToUserName": ""},
        {"AgentID": "219"},
        {"AgentID": ""},
        {"FromUserName": ""},
    ],
)
def test_another_corp_or_app_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(Forged):
        read(inner(**fields))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("拜访\x08宏达", "拜访宏达"),
        ("拜访\ufffe宏达\uffff", "拜访宏达"),
        ("拜访\x00宏达\x1b", "拜访宏达"),
        ("第一行\n\t第二行", "第一行\n\t第二行"),
        ("👨‍👩‍👧 𠮷", "👨‍👩‍👧 𠮷"),
        ("原样 &#8; &amp;", "原样 &#8; &amp;"),
        ("网页以 <!DOCTYPE html> 开头", "网页以 <!DOCTYPE html> 开头"),
    ],
)
def test_illegal_characters_cost_nothing_but_themselves(sent: str, kept: str) -> None:
    assert said(inner(Content=sent)).text == kept


@pytest.mark.parametrize("reference", ["&#8;", "&#x0;", "&#xFFFE;", "&#xD800;", "&#99999999;"])
def test_illegal_references_cost_nothing_but_themselves(reference: str) -> None:
    xml = inner(Content="").replace("</xml>", f"<Content>拜{reference}访&#65;</Content></xml>")
    assert said(xml).text == "拜访A"


def test_broken_utf8_is_not_lost() -> None:
    message = said(inner(Content="拜访宏达").encode().replace("访".encode(), b"\xe8\xae"))
    assert message.text.startswith("拜")
    assert message.text.endswith("宏达")


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "hello",
        "<xml>",
        '<!DOCTYPE xml [<!ENTITY x "y">]>' + inner(),
        '<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd">' + inner(),
    ],
)
def test_what_is_no_message_is_refused(xml: str) -> None:
    with pytest.raises(Forged):
        read(xml)


@pytest.mark.parametrize("created", ["", "soon", "-99999999999999", "99999999999999999999"])
def test_an_unreadable_time_is_now(created: str) -> None:
    assert said(inner(CreateTime=created)).at == NOW


def test_time_is_aware() -> None:
    assert said(inner(CreateTime="1409659813")).at == datetime(2014, 9, 2, 12, 10, 13, tzinfo=UTC)


@pytest.mark.parametrize("sender", ["ZhangSan", "zhangsan", "ZHANGSAN"])
def test_user_ids_ignore_case(sender: str) -> None:
    assert said(inner(FromUserName=sender)).source.sender == "zhangsan"
