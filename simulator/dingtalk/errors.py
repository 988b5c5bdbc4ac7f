"""DingTalk's refusals: the newer API's codes with their status, the old API's numbers."""

import secrets
from typing import Any

FORBIDDEN = "Forbidden.AccessDenied."
QPS = FORBIDDEN + "QpsLimitForAppkeyAndApi"
QUOTA = FORBIDDEN + "ApiCountLimitForOrg"
NOT_IN_WHITE_LIST = FORBIDDEN + "IpNotInWhiteList"
NO_PERMISSION = FORBIDDEN + "AccessTokenPermissionDenied"
BAD_TOKEN = "InvalidAuthentication"  # noqa: S105 - the name of an error
BAD_CREDENTIALS = "invalidClientIdOrSecret"

PUNISHED = '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"simulated"}'
"""What an address gets that called too often: no error of the API's, for five minutes."""

OLD_OF_NEW = {QPS: 90018, QUOTA: 90020, NOT_IN_WHITE_LIST: 60020, NO_PERMISSION: 60011}

_NEW_WORDS = {
    QPS: "Qps limit for appkey and api, please retry after 1s",
    QUOTA: "Api count limit for org of this month",
    NOT_IN_WHITE_LIST: "Client ip is not in white list",
    BAD_TOKEN: "不合法的access_token",
    BAD_CREDENTIALS: "无效的clientId或者clientSecret",
    "param.cardNotExist": "卡片不存在",
    "param.cardAlreadyExist": "卡片已存在",
    "param.templateNotExist": "卡片模板不存在",
    "param.templateUnpublished": "卡片模板未发布",
    "param.cardPublicDataEmpty": "卡片公有数据为空",
    "system.error": "系统错误",
}

_OLD_WORDS = {
    -1: "系统繁忙",
    88: "ding talk error",
    33012: "无效的USERID",
    40004: "无效的媒体文件类型",
    40006: "不合法的文件大小",
    40014: "不合法的access_token",
    40035: "缺少参数 json",
    40089: "不合法的corpid或corpsecret",
    42001: "access_token超时",
    43004: "无效的HTTP HEADER Content-Type",
    60003: "部门不存在",
    60011: "没有调用该接口的权限",
    60020: "访问ip不在白名单之中",
    90018: "您的服务器调用钉钉开放平台当前接口的所有请求都被暂时禁用了",
    90020: "企业调用钉钉开放平台接口的次数超过本月上限",
    130101: "send too fast, exceed 20 times per minute",
    300001: "token is not exist",
    310000: "security check failed",
    400002: "参数错误",
    400013: "群已被解散",
    400101: "access_token不存在",
    400102: "机器人已停用",
    400105: "不支持的消息类型",
    400106: "机器人不存在",
    410100: "发送速度太快而限流",
}


class NewError(Exception):
    """The newer API refuses: a status of its own and {"code", "message", "requestid"}."""

    def __init__(self, code: str, message: str = "", status: int = 0) -> None:
        self.code = code
        self.message = message or _NEW_WORDS.get(code, code)
        self.status = status or status_of(code)
        super().__init__(f"{self.status} {code}")

    def body(self) -> dict[str, Any]:
        return {"code": self.code, "requestid": request_id(), "message": self.message}


class OldError(Exception):
    """The old API refuses: HTTP 200 with this errcode."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        self.errcode = errcode
        self.detail = detail
        super().__init__(f"{errcode} {detail}")

    def body(self) -> dict[str, Any]:
        words = _OLD_WORDS.get(self.errcode, "error")
        said = f"{words}, {self.detail}" if self.detail else words
        return {"errcode": self.errcode, "errmsg": said, "request_id": request_id()}

    def wrapped(self) -> dict[str, Any]:
        """As the old API's gateway puts it: the number is in sub_code."""
        inner = self.body()
        words = f"ding talk error[subcode={self.errcode},submsg={inner['errmsg']}]"
        sub = {"sub_code": str(self.errcode), "sub_msg": inner["errmsg"]}
        return {"errcode": 88, "errmsg": words, "request_id": inner["request_id"], **sub}


def status_of(code: str) -> int:
    if code.startswith(FORBIDDEN):
        return 403
    return 500 if code.startswith("system.") else 400


def request_id() -> str:
    return secrets.token_hex(16).upper()
