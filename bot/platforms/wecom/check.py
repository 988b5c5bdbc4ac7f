"""`gendan check` for WeCom: what is wrong and how to mend it, in an operator's words."""

from __future__ import annotations

from bot.platforms.contract import Finding, PlatformError, RetryLater
from bot.platforms.wecom.api import WeComApi
from bot.platforms.wecom.errors import caller_ip
from bot.platforms.wecom.settings import BotSettings, WeComSettings

_CONSOLE = "企业微信管理后台"
_MENDS = {
    40001: ("应用的 Secret 不对", f"在{_CONSOLE}“应用管理”里打开这个应用，重新查看 Secret"),
    40125: ("应用的 Secret 不对", f"在{_CONSOLE}“应用管理”里打开这个应用，重新查看 Secret"),
    40013: ("企业 ID 不对", f"在{_CONSOLE}“我的企业”最下方核对企业 ID"),
    40056: ("应用的 AgentId 不对", f"在{_CONSOLE}“应用管理”里打开这个应用，核对 AgentId"),
    301002: ("AgentId 和 Secret 不是同一个应用的", f"在{_CONSOLE}“应用管理”里核对这两项"),
    48002: ("应用没有调用接口的权限", f"在{_CONSOLE}“应用管理”里检查应用的权限"),
    50003: ("应用被停用了", f"在{_CONSOLE}“应用管理”里启用这个应用"),
}


async def check(settings: WeComSettings, api: WeComApi) -> list[Finding]:
    """Tries what can be tried; nothing is sent to anybody."""
    found = await _app(settings, api) if settings.has_app else []
    if settings.bot is not None:
        found.append(_bot(settings.bot, settings.has_app))
    if settings.contacts is not None:
        path = settings.contacts.callback_path
        what = f"企业微信通讯录同步：两个密钥格式正确，URL 以 {path} 结尾"
        found.append(Finding(ok=True, what=what))
    return found


def _bot(bot: BotSettings, has_app: bool) -> Finding:
    """Not connected to: a second connection would push the running one out."""
    if bot.mode == "socket":
        what = "企业微信 AI 机器人：长连接，BotID 和 Secret 已填，启动服务时连接"
        return Finding(ok=True, what=what)
    what = f"企业微信 AI 机器人：两个密钥格式正确，URL 以 {bot.callback_path} 结尾"
    if has_app:
        return Finding(ok=True, what=what)
    return Finding(
        ok=False,
        what=f"{what}；但只有它收不到提醒和审批卡片，回调方式的机器人不能主动发消息",
        mend='再配置自建应用，或把 [wecom.bot] 的 mode 改成 "socket"',
    )


async def _app(settings: WeComSettings, api: WeComApi) -> list[Finding]:
    """The app's credentials and this machine's address."""
    callback = Finding(
        ok=True,
        what=f"企业微信回调：两个密钥格式正确，URL 以 {settings.callback_path} 结尾",
    )
    query = {"corpid": settings.corp_id, "corpsecret": settings.secret}
    try:
        answer = await api.get("gettoken", query)
        found = [Finding(ok=True, what="企业微信凭证：企业 ID 和 Secret 正确")]
        token = {"access_token": str(answer["access_token"])}
        await api.get("getcallbackip", token)
        found.append(Finding(ok=True, what="企业微信接口：本机可以调用"))
    except PlatformError as error:
        return [finding(error, settings), callback]
    return [*found, callback]


def finding(error: PlatformError, settings: WeComSettings) -> Finding:
    """A failed call in plain words."""
    if error.code == 60020:
        ip = caller_ip(error.reason)
        mend = f"在{_CONSOLE}这个应用的“企业可信IP”里加上 {ip}"
        return Finding(ok=False, what=f"企业微信：本机 IP {ip} 不在可信 IP 里", mend=mend)
    if error.code in _MENDS:
        what, mend = _MENDS[error.code]
        return Finding(ok=False, what=f"企业微信：{what}（{error.code}）", mend=mend)
    if error.code is None and isinstance(error, RetryLater):
        mend = f"检查网络，以及 api_base（现在是 {settings.api_base}）"
        return Finding(ok=False, what=f"企业微信：连不上接口（{error.reason}）", mend=mend)
    later = "稍后再试；" if isinstance(error, RetryLater) else ""
    mend = f"{later}在 https://developer.work.weixin.qq.com/devtool/query 查错误码的含义"
    return Finding(ok=False, what=f"企业微信：{error}", mend=mend)
