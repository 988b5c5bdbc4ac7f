"""Talk about the talk: what the bot can do, what it did not understand, names to forget."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from handlers import finished, questions, replies
from handlers.asking import NOT_NEW
from handlers.conduct import CHANGE
from handlers.context import Context
from handlers.replies import Card, Reply
from handlers.router import Router
from handlers.tasks import tick_in_words
from handlers.undoing import HOW
from nlu import acts
from sales import access, customers
from storage.models.people import Team
from storage.models.process import Pending

router = Router()
WELCOME = (
    "我是跟单。拜访、商机、报价、待办，说一句就记下；记错了说“撤销”。"
    "问客户、问数字也行，说“帮助”看例子。"
)
LOST = "没看懂是哪件事。可以这样说：“今天拜访了XX公司王总”“我的待办”“撤销刚才那条”。"
_WRONG = re.compile(
    r"(?:刚才|刚刚|上面|前面)?(?:记?的)?(?:[那这上]一?[条个])?(?:都|全)?"
    r"(?:不对|错了|记错了|不是这样的?|弄错了|写错了)[了啊吧。.]?"
)
_OFF = re.compile(r"取消")
_NUMBERS = "123456一二三四五六"
_TICK = re.compile(
    r"(?:完成|做完|搞定|办完)了?\s*第?([1-6一二三四五六])[条个项]?了?[。.]?"
    r"|第([1-6一二三四五六])[条个项](?:已经)?(?:完成|做完|搞定|办完|办好)了?[。.]?"
)
_FORGET = re.compile(r"(?:忘掉|忘记|忘了)[“\"「]?(.{1,40}?)[”\"」]?[。.]?$")
_LEARNED = re.compile(
    r"(?:你|我)?(?:的|都)?(?:教过|记住|记得|学会|学到)?(?:了|的)?(?:哪些|什么|我的)?(?:叫法|简称|别名)"
    r"(?:有哪些|有什么|列表|清单)?[?？。.]?"
)
MOST_LEARNED = 20
MOST_CALLED = 5
RECENT = timedelta(minutes=10)
"""So long a question is what unclear words are probably about."""
_THANKS = re.compile(
    r"(谢谢|多谢|感谢|辛苦|好的?|收到|嗯+|ok|知道了|你好|您好|在吗|早)", re.IGNORECASE
)
_WHO_ARE_YOU = re.compile(
    r"你(?:到底|究竟)?(?:是|叫)(?:不是)?(?:谁|什么|啥|哪位|真人|人工|人|机器人|干[嘛什啥么]+的?|做什么的)"
    r"[^，,。]{0,4}[?？。!！]?"
)
_REP = (
    "记：今天拜访了XX王总，预算150万，下周三前给方案",
    "报价：给XX报价138万，八二折",
    "钱：XX到账50万 / XX签了148万 / 打车花了85",
    "查：XX什么情况 / 我的待办 / 我的商机",
    "改：金额改成130万 / 撤销",
    "数：本月回款多少 / 漏斗 / 日报每天18:30发给我",
)
_LEADS = (
    "批：待审批的有哪些 / 同意 Q-1042 / 驳回 Q-1042 加原因",
    "看：{team}待办 / 李四的跟进记录 / 停滞的商机",
    "数：本月回款排名 / {team}漏斗 / 逾期的有哪些",
    "派：让李四明天把方案发XX / 把XX转给李四",
    "记：和销售一样，今天拜访了XX王总，预算150万",
    "日报：日报工作日18:30发给我",
)
_FINANCE = (
    "记：XX到账50万 / XX月底打款30万",
    "查：XX的合同 / 本月到账的有哪些 / XX什么情况",
    "数：本月回款多少 / 应收还有多少 / 逾期的有哪些",
    "改：金额改成30万 / 撤销",
)
_ADMIN = (
    "人：停用 张三 / 启用 张三",
    "新同事第一次发消息，你会收到编号；命令行 gendan people add 开通",
)


@router.on(acts.Help)
async def help_me(act: acts.Help, context: Context) -> list[Reply]:
    """One screen, by role."""
    role = context.viewer.role
    lines = {"finance": _FINANCE, "admin": _ADMIN, "manager": _LEADS, "director": _LEADS}
    named = await _a_team(context) if role in ("manager", "director") else ""
    said = [line.replace("{team}", named) for line in lines.get(role, _REP)]
    return [Reply.text("\n".join(("直接打字就行：", *said)))]


async def _a_team(context: Context) -> str:
    """A team that the reader may ask about: the own one, a director's first below."""
    own = context.me.team_id
    which = Team.parent_id == own if context.viewer.role == "director" else Team.id == own
    name = await context.session.scalar(select(Team.name).where(which).order_by(Team.id).limit(1))
    return name or "团队"


async def without_acts(
    context: Context, words: str, waiting: Pending | None = None
) -> list[Reply]:
    """Words in which nothing to do was found; what still `waiting` is recalled."""
    said = words.strip()
    if said == CHANGE or _WRONG.fullmatch(said) or _OFF.search(said):
        return [Reply.text(HOW)]
    ticked = _TICK.fullmatch(said)
    if ticked:
        number = ticked[1] or ticked[2]
        return await tick_in_words(context, _NUMBERS.index(number) % 6 + 1)
    if _LEARNED.fullmatch(said):
        return [Reply.text(await _learned(context))]
    forget = _FORGET.match(said)
    if forget:
        known = await customers.forget(context.session, forget[1], context.me.id)
        name = forget[1]
        return [Reply.text(f"“{name}”忘掉了。" if known else f"没有记过“{name}”这个叫法。")]
    if _WHO_ARE_YOU.fullmatch(said):
        return [Reply.text(WELCOME)]
    if len(said) <= 8 and _THANKS.match(said):
        return [Reply.text("在的，有事直接说。")]
    named = await _by_name(context, said)
    if named is not None:
        return named
    done = await finished.maybe_done(context, said)
    if done is not None:
        return done
    if waiting is not None and waiting.created_at > context.now - RECENT:
        return [Reply.text(_still_waiting(waiting))]
    return [Reply.text(LOST)]


async def _by_name(context: Context, said: str) -> list[Reply] | None:
    """A customer's bare name asks for the customer."""
    name = said.strip("。.!！?？ ")
    if not 2 <= len(name) <= customers.MOST_NAME:
        return None
    found = await customers.called(context.session, name, MOST_CALLED)
    if len(found) == 1:
        return await questions.whole(
            await access.customer_to_read(context.session, str(found[0])), context
        )
    if not found:
        return None
    names = await customers.short_names(context.session, found)
    return [Reply.text(f"有 {len(found)} 家叫“{name}”：{'、'.join(names.values())}。说全一点。")]


def _still_waiting(waiting: Pending) -> str:
    """没看懂。“请确认 · 宏达精密 · 回款”还等着：回复“确认”或“不对”。"""
    card = replies.from_json(waiting.payload["card"])
    title = card.title if isinstance(card, Card) else ""
    how = {"confirm": "“确认”或“不对”", "ask": "第几个，或“都不是”"}.get(waiting.kind)
    if how is None:
        how = f"“{waiting.payload['options'][0]['label']}”或“{NOT_NEW}”"
    return f"没看懂。“{title}”还等着，请回复{how}。"


async def _learned(context: Context) -> str:
    """What the sender has taught, and how to take it back."""
    taught = await customers.learned(context.session, context.me.id)
    if not taught:
        return "还没有记住你的叫法。问你“是哪家”时点一下，下次就认得。"
    lines = [f"{said} = {name}" for said, name in taught[:MOST_LEARNED]]
    more = [f"还有 {len(taught) - MOST_LEARNED} 个"] if len(taught) > MOST_LEARNED else []
    return "\n".join(["记住的叫法：", *lines, *more, f"不要了就说“忘掉{taught[0][0]}”。"])
