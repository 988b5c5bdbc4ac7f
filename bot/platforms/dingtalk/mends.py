"""What an operator must mend, in plain words: for `gendan check` and for alerts."""

from __future__ import annotations

import re

from bot.platforms.contract import PlatformError, RetryLater
from bot.platforms.dingtalk.errors import (
    CREDENTIAL_CODES,
    PERMISSION_CODES,
    QUOTA_CODES,
    ROBOT_CODES,
    TEMPLATE_CODES,
    WHITE_LIST_CODES,
    caller_ip,
)

_CONSOLE = "钉钉开放平台（open-dev.dingtalk.com）"
_RIGHT = re.compile(r"[A-Za-z]+(?:[._][A-Za-z]+)+")
_NO_RIGHTS = ("Forbidden.AccessDenied", "access_token")


def of(error: PlatformError) -> tuple[str, str]:
    """What is wrong and how to mend it."""
    code = error.code
    if code in WHITE_LIST_CODES:
        ip = caller_ip(error.reason)
        named = f" {ip}" if ip else ""
        return (
            f"本机的出口 IP{named} 不在白名单里",
            f"在{_CONSOLE}这个应用的“安全设置 → 服务器出口 IP”里加上{named or '它'}",
        )
    if code in PERMISSION_CODES:
        right = _right(error.reason)
        return (
            f"应用没有权限{right}",
            f"在{_CONSOLE}这个应用的“权限管理”里申请{right or '它要的那一项'}，再发布一个版本",
        )
    if code in CREDENTIAL_CODES:
        return "Client ID 或 Client Secret 不对", f"在{_CONSOLE}这个应用的“凭证与基础信息”里核对"
    if code in ROBOT_CODES:
        return (
            "机器人不可用，或 robot_code 不对",
            f"在{_CONSOLE}这个应用的“机器人”里核对 RobotCode，并确认应用已发布",
        )
    if code in TEMPLATE_CODES:
        return (
            "卡片模板用不了",
            "核对 card_template；模板要先发布，变量要和 docs/dingtalk-card.md 一致",
        )
    if code in QUOTA_CODES:
        return "本月接口调用额度用完了", "下月恢复；急用请在钉钉后台升级版本"
    return _other(error)


def _other(error: PlatformError) -> tuple[str, str]:
    if error.code is None and isinstance(error, RetryLater):
        return f"连不上接口（{error.reason}）", "检查网络，以及 api_base 和 oapi_base"
    later = "稍后再试；" if isinstance(error, RetryLater) else ""
    return str(error), f"{later}在 https://open.dingtalk.com 查错误码的含义"


def _right(reason: str) -> str:
    """The right that the message names, such as Card.Instance.Write."""
    named = [word for word in _RIGHT.findall(reason) if not word.startswith(_NO_RIGHTS)]
    return f" {named[-1]} " if named else ""
