"""Access tokens: the newer address and the old one."""

from simulator.dingtalk.config import DingTalkConfig
from simulator.dingtalk.errors import BAD_CREDENTIALS, NewError, OldError
from simulator.dingtalk.gate import Answer, Call, Endpoint, Tokens


class Accounts:
    """oauth2/accessToken and gettoken give the same token."""

    def __init__(self, config: DingTalkConfig, tokens: Tokens) -> None:
        self._known = (config.client_id, config.client_secret)
        self._tokens = tokens

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/v1.0/oauth2/accessToken",
                api="oauth2/accessToken",
                handler=self._new,
                needs_token=False,
            ),
            Endpoint(
                method="GET",
                path="/gettoken",
                api="gettoken",
                handler=self._old,
                age="old",
                needs_token=False,
                reads_json=False,
            ),
        ]

    async def _new(self, call: Call) -> Answer:
        if (call.body.get("appKey"), call.body.get("appSecret")) != self._known:
            raise NewError(BAD_CREDENTIALS)
        return self._tokens.get()

    async def _old(self, call: Call) -> Answer:
        query = call.request.query
        if (query.get("appkey"), query.get("appsecret")) != self._known:
            raise OldError(40089)
        got = self._tokens.get()
        told = {"access_token": got["accessToken"], "expires_in": got["expireIn"]}
        return {"errcode": 0, "errmsg": "ok", **told}
