"""`gendan check` for DingTalk: what is wrong and how to mend it, in an operator's words."""

from __future__ import annotations

import secrets

from bot.platforms.contract import Finding, PlatformError
from bot.platforms.dingtalk import mends, render
from bot.platforms.dingtalk.account import Account
from bot.platforms.dingtalk.api import DingTalkApi
from bot.platforms.dingtalk.frames import SUBSCRIPTIONS
from bot.platforms.dingtalk.meter import NAMES, Meter
from bot.platforms.dingtalk.settings import DingTalkSettings
from handlers.replies import Card

NO_SUCH_FILE = "invalidParameter.robotCode.downloadCode"
"""The answer where robot and permission are fine, and only the file that we made up is not."""


class Check:
    """Tries each thing by itself; nothing is sent to anybody."""

    def __init__(
        self, settings: DingTalkSettings, api: DingTalkApi, account: Account, meter: Meter
    ) -> None:
        self._settings = settings
        self._api = api
        self._account = account
        self._meter = meter

    async def findings(self) -> list[Finding]:
        """Credentials first: without them nothing else can be tried."""
        try:
            await self._account.token()
        except PlatformError as error:
            return [_fault("凭证", error)]
        found = [Finding(ok=True, what="钉钉凭证：Client ID 和 Client Secret 正确")]
        found += [await self._door(), await self._robot(), await self._template()]
        return [*found, await self._contacts(), await self._usage()]

    async def _door(self) -> Finding:
        if self._settings.mode == "http":
            path = self._settings.callback_path
            what = f"钉钉消息：HTTP 模式，地址以 {path} 结尾；这样来的消息不能用来审批和确认"
            return Finding(ok=True, what=what)
        body = {
            "clientId": self._settings.client_id,
            "clientSecret": self._settings.client_secret,
            "subscriptions": list(SUBSCRIPTIONS),
        }
        try:
            await self._api.call("gateway/connections/open", body, paid=False)
        except PlatformError as error:
            return _fault("Stream", error)
        return Finding(ok=True, what="钉钉消息：Stream 可以连接，不需要公网地址")

    async def _robot(self) -> Finding:
        body = {"robotCode": self._settings.robot_code, "downloadCode": "none"}
        try:
            await self._account.call("robot/messageFiles/download", body)
        except PlatformError as error:
            if error.code != NO_SUCH_FILE:
                return _fault("机器人", error)
        return Finding(ok=True, what="钉钉机器人：robot_code 和发消息的权限正确")

    async def _template(self) -> Finding:
        if not self._settings.card_template:
            what = "钉钉卡片：没有配置 card_template，按钮以文字链接代替"
            return Finding(ok=True, what=what, mend="按 docs/dingtalk-card.md 建一个，约十分钟")
        body = {
            "cardTemplateId": self._settings.card_template,
            "outTrackId": f"check-{secrets.token_urlsafe(18)}",
            "cardData": {"cardParamMap": render.variables(Card(title="检查"))},
        }
        try:
            await self._account.call("card/instances", body)
        except PlatformError as error:
            return _fault("卡片", error)
        return Finding(ok=True, what="钉钉卡片：模板可用")

    async def _contacts(self) -> Finding:
        try:
            await self._account.contacts("topapi/v2/department/listsub", {"dept_id": 1})
        except PlatformError as error:
            return _fault("通讯录", error)
        return Finding(ok=True, what="钉钉通讯录：可以读取")

    async def _usage(self) -> Finding:
        used = await self._meter.used()
        parts = []
        for kind, name in NAMES.items():
            limit = self._meter.limit(kind)
            parts.append(f"{name} {used.get(kind, 0)}" + (f" / {limit}" if limit else ""))
        return Finding(ok=True, what=f"钉钉本月用量（按最多算）：{'，'.join(parts)}")


def _fault(what: str, error: PlatformError) -> Finding:
    reason, mend = mends.of(error)
    return Finding(ok=False, what=f"钉钉{what}：{reason}", mend=mend)
