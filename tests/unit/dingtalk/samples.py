"""DingTalk's bodies as the docs show them, for one company."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from bot.platforms.dingtalk.hosts import Hosts
from bot.platforms.dingtalk.settings import DingTalkSettings, GroupRobot

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SETTINGS = DingTalkSettings(
    corp_id="dingcorp",
    client_id="dingabc",
    client_secret="s3cret-of-the-app",
    robot_code="dingabc",
    card_template="t.schema",
    groups={"销售群": GroupRobot(token="hook-token", secret="SECdemo")},
)
HOSTS = Hosts((SETTINGS.api_base, SETTINGS.oapi_base))
WEBHOOK = "https://oapi.dingtalk.com/robot/sendBySession?session=abc"


def robot_message(**changes: Any) -> dict[str, Any]:
    """A text in a talk with the robot alone."""
    return {
        "msgtype": "text",
        "msgId": "msg1",
        "createAt": 1764036000000,
        "conversationType": "1",
        "conversationId": "cidAlone==",
        "senderId": "$:LWCP_v1:$x",
        "senderNick": "李强",
        "senderStaffId": "LiQiang",
        "senderCorpId": "dingcorp",
        "chatbotCorpId": "dingcorp",
        "sessionWebhook": WEBHOOK,
        "sessionWebhookExpiredTime": 1764041400000,
        "robotCode": "dingabc",
        "text": {"content": "今天拜访了宏达"},
    } | changes


def card_callback(**changes: Any) -> dict[str, Any]:
    """A tap on a card in a talk with the robot alone."""
    return {
        "type": "actionCallback",
        "outTrackId": "k" * 32,
        "corpId": "dingcorp",
        "userId": "wangmin",
        "userIdType": 1,
        "spaceType": "IM_ROBOT",
        "spaceId": "wangmin",
        "extension": "{}",
        "content": json.dumps(
            {"cardPrivateData": {"actionIds": ["b1"], "params": {"press": "confirm:7"}}}
        ),
    } | changes
