"""The same person on a second platform: the words that make a code, and what a used one tells."""

from __future__ import annotations

import re

from handlers.context import Context
from handlers.replies import Reply, Text, ToAccount, ToAdmins
from sales import joining
from sales.joining import CODE_LENGTH, LIVES, Account, Joined
from storage.models.people import Binding, Stranger

_WHERE = r"(?:账号|帐号|账户|另一个(?:账号|帐号|平台)|别的平台|钉钉|企业微信|企微)"
_WANTED = re.compile(
    rf"(?:请|帮我|我想|我要)?(?:绑定|关联)(?:一下)?(?:我的)?{_WHERE}(?:账号|帐号)?[。.!！]?"
    rf"|我(?:还|也)(?:有|在用|用){_WHERE}(?:账号|帐号)?[。.!！]?"
)
IN_GROUP = "绑定码不能发在群里。私聊我说“绑定账号”。"


async def heard(context: Context, words: str) -> list[Reply] | None:
    """What is answered to words about joining accounts; None for any others."""
    if context.binding_id is None:
        return None
    said = words.strip()
    if _WANTED.fullmatch(said):
        return [await _new_code(context, context.binding_id)]
    code = joining.read_code(said) if not context.in_group else None
    if code is None:
        return None
    context.check_trusted()
    bound = await context.session.get_one(Binding, context.binding_id)
    account = Account(platform=bound.platform, corp=bound.corp, user=bound.platform_user)
    joined = await joining.join(context.session, account, code, context.now)
    return None if joined is None else joined_replies(joined, account)


async def _new_code(context: Context, binding_id: int) -> Reply:
    if context.in_group:
        return Reply.text(IN_GROUP)
    bound = await context.session.get_one(Binding, binding_id)
    code = await joining.make(context.session, bound, context.now)
    half = CODE_LENGTH // 2
    minutes = int(LIVES.total_seconds() // 60)
    return Reply.text(
        f"绑定码 {code[:half]}-{code[half:]}，{minutes} 分钟内有效，只能用一次。\n"
        "用你的另一个账号私聊跟单，把它发过去。别给别人：谁发来，谁就成了你。"
    )


def joined_replies(joined: Joined, account: Account) -> list[Reply]:
    """Both sides and the administrators are told."""
    name, before = joined.user.name, joined.made_on
    there = ToAccount(platform=before.platform, corp=before.corp, user=before.user)
    told = f"你的另一个账号 {account} 已关联。不是你本人操作，请马上告诉管理员。"
    admins = (
        f"{name}（{before}）关联了账号 {account}。不是本人的话：gendan people unbind {account}"
    )
    return [
        Reply.text(f"已关联：你是{name}，两边是同一个人、同一套客户。"),
        Reply(content=Text(text=told), to=there),
        Reply(content=Text(text=admins), to=ToAdmins()),
    ]


def blocked_reply(stranger: Stranger) -> Reply:
    """The administrators hear of a stranger who tried too often."""
    words = (
        f"编号 {stranger.code}（{stranger.platform_user}@{stranger.platform}）"
        f"连着 {joining.MOST_TRIES} 次发错绑定码，停一小时。"
    )
    return Reply(content=Text(text=words), to=ToAdmins())
