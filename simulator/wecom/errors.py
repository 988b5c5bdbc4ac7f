"""WeCom's error codes that the stand-in answers with, and their words."""

WORDS = {
    -1: "system busy",
    40001: "invalid credential",
    40004: "invalid media type",
    40005: "invalid type",
    40006: "invalid file size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40056: "invalid agentid",
    40058: "invalid parameter",
    41001: "access_token missing",
    42001: "access_token expired",
    44004: "text content is empty",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "api freq out of limit",
    45033: "api concurrent out of limit",
    47001: "data format error",
    48002: "api forbidden",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    81013: "user & party & tag all invalid",
    86001: "invalid chatid",
    86003: "chatid not exist",
    86008: "no privilege to access chatid",
    93000: "invalid webhook url",
    93006: "invalid chatid",
    93019: "invalid bot_id",
    301019: "media md5 not match",
    846605: "invalid req_id",
    846608: "stream message update expired",
    853000: "signature is incorrect, please check if the bot secret is correct",
}


class ApiError(Exception):
    """A call that WeCom refuses: HTTP 200 with this errcode."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        self.errcode = errcode
        self.detail = detail
        super().__init__(f"{errcode} {detail}")


def error_body(errcode: int, detail: str = "") -> dict[str, object]:
    words = WORDS.get(errcode, "error")
    said = f"{words}: {detail}" if detail else words
    hint = "hint: [simulated], from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool"
    return {"errcode": errcode, "errmsg": f"{said}, {hint}"}
