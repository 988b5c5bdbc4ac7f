"""The bodies that the bot gets: robot messages, card callbacks, organisation events."""

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

from simulator.clock import now_ms
from simulator.dingtalk.cards import Card
from simulator.dingtalk.config import DingTalkConfig, Member
from simulator.dingtalk.people import People, sealed_id

SINGLE_ONLY = ("audio", "video", "file")
"""What a member can't send to a robot in a group."""
QUOTA_USED_UP = 20001


def new_message_id() -> str:
    return "msg" + base64.b64encode(secrets.token_bytes(16)).decode()


def frame_headers(message_id: str = "") -> dict[str, str]:
    return {"messageId": message_id or f"{secrets.token_hex(8)}_{secrets.token_hex(8)}"}


def robot_message(
    config: DingTalkConfig,
    people: People,
    sender: Member,
    *,
    chat: str,
    created_ms: int,
    own: Mapping[str, Any],
    session: tuple[str, int],
) -> dict[str, Any]:
    """`own` holds msgId, msgtype and what belongs to the type; session: (address, until)."""
    body: dict[str, Any] = {
        "conversationId": chat or people.talk_with_robot(sender.userid),
        "conversationType": "2" if chat else "1",
        "chatbotCorpId": config.corp_id,
        "chatbotUserId": sealed_id(config.robot),
        "senderId": sealed_id(sender.userid),
        "senderNick": sender.name,
        "senderCorpId": "dingoutsider" if sender.is_outsider else config.corp_id,
        "createAt": str(created_ms) if config.has_text_times else created_ms,
        "sessionWebhook": session[0],
        "sessionWebhookExpiredTime": session[1],
        "robotCode": config.robot,
        "senderPlatform": "Android",
        "isAdmin": sender.is_admin,
    }
    if not sender.is_outsider:
        body["senderStaffId"] = sender.userid
    if chat:
        body["conversationTitle"] = people.group(chat).title
        body["isInAtList"] = True
        body["atUsers"] = [{"dingtalkId": sealed_id(config.robot)}]
    return body | dict(own)


def without_content(body: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of a message once the month's quota is used up."""
    kept = {name: value for name, value in body.items() if name not in ("text", "content")}
    words = "本月 Webhook 和 Stream 消息额度已用完"
    return kept | {"errorCode": QUOTA_USED_UP, "errorMessage": words}


def card_callback(
    config: DingTalkConfig,
    card: Card,
    userid: str,
    space: tuple[str, str],
    pressed: tuple[str, Mapping[str, str]],
) -> dict[str, Any]:
    """pressed: the button's id and its parameters; the whole of it is a JSON string."""
    button, params = pressed
    private: dict[str, Any] = {"actionIds": [button]}
    key = config.card_content_key
    if key == "content":
        content = {"cardPrivateData": private | {"params": dict(params)}}
    else:
        content = {"cardPrivateData": private, "params": dict(params)}
    return {
        "type": "actionCallback",
        "outTrackId": card.out_track_id,
        "corpId": config.corp_id,
        "userId": userid,
        "userIdType": 1,
        "spaceType": space[0],
        "spaceId": space[1],
        "extension": "{}",
        key: json.dumps(content, ensure_ascii=False),
    }


def event_headers(config: DingTalkConfig, event_id: str, event_type: str) -> dict[str, str]:
    return frame_headers() | {
        "eventId": event_id,
        "eventType": event_type,
        "eventCorpId": config.corp_id,
        "eventBornTime": str(now_ms()),
        "eventUnifiedAppId": "simulated-unified-app",
    }


def richtext_words(fields: Mapping[str, Any]) -> str:
    """The words of a message that isn't plain text, for transcripts."""
    parts = fields.get("richText")
    if isinstance(parts, list):
        return "".join(str(part.get("text", "")) for part in parts)
    return str(fields.get("recognition") or fields.get("fileName") or "")
