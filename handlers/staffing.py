"""Who may work here, changed in chat by an administrator: 停用 张三, 启用 张三."""

from __future__ import annotations

import re

from sqlalchemy import select

from handlers.buttons import SetActive, pack
from handlers.context import Context
from handlers.replies import Button, Card, CardUpdate, Line, Reply
from handlers.router import Router
from handlers.wording import clock
from sales import access, staffing
from sales.errors import NotFound
from sales.staffing import Left
from storage.models.people import Binding, Team, User

router = Router()
ROLES = {
    "rep": "销售", "manager": "经理", "director": "总监", "finance": "财务", "admin": "管理员",
}  # fmt: skip
VERBS = {"off": "停用", "on": "启用"}
MOST_CHOICES = 5
_ORDER = re.compile(r"(确认)?(停用|启用)(?:同事|员工|账号)?\s*([\w·]{2,20})[。.!！]?")


def left_line(left: Left, what: str = "离开了") -> str:
    """张三离开了，名下 3 个客户、2 个商机待交接。"""
    if not left.customers and not left.deals:
        return f"{left.user.name}{what}，名下没有要交接的。"
    waiting = f"{left.customers} 个客户、{left.deals} 个商机"
    return f"{left.user.name}{what}，名下 {waiting}待交接。"


async def heard(context: Context, words: str) -> list[Reply] | None:
    """What an administrator's order is answered; None for any other words or person."""
    order = _ORDER.fullmatch(words.strip())
    if order is None or context.viewer.role != "admin":
        return None
    to = "off" if order[2] == VERBS["off"] else "on"
    named = select(User).where(User.name == order[3], User.active.is_(to == "off"))
    found = list(await context.session.scalars(named.order_by(User.id)))
    if not found:
        state = "在用" if to == "off" else "已停用"
        return [Reply.text(f"{state}的同事里没有“{order[3]}”。说全名，或看 gendan people list。")]
    if order[1] and len(found) == 1:
        context.check_trusted()
        return await _set(context, found[0].id, to)
    return [Reply(content=await _ask(context, found[:MOST_CHOICES], to))]


async def _ask(context: Context, found: list[User], to: str) -> Card:
    verb = VERBS[to]
    lines, buttons = [], []
    for user in found:
        label = verb if len(found) == 1 else f"{verb} {user.id}"
        lines.append(Line(label=str(user.id), value=await _described(context, user)))
        press = pack(SetActive(user_id=user.id, to=to))
        buttons.append(Button(text=label, press=press, primary=len(found) == 1))
    effect = "停用后马上不能再用，客户和商机留着等交接。" if to == "off" else ""
    return Card(
        title=f"请确认 · {verb} {found[0].name}",
        lines=tuple(lines),
        buttons=tuple(buttons),
        note=effect,
        hint=f"回复：确认{verb} {found[0].name}" if len(found) == 1 else "",
        subject=f"staff:{found[0].id}" if len(found) == 1 else None,
    )


async def _described(context: Context, user: User) -> str:
    """销售 · 华东一组 · zhangsan@wecom"""
    team = await context.session.get(Team, user.team_id) if user.team_id else None
    accounts = select(Binding.platform_user, Binding.platform).where(Binding.user_id == user.id)
    bound = [f"{row[0]}@{row[1]}" for row in await context.session.execute(accounts)]
    parts = (ROLES.get(user.role, user.role), team.name if team else "", "、".join(bound))
    return " · ".join(part for part in parts if part)


@router.on(SetActive)
async def set_active(press: SetActive, context: Context) -> list[Reply]:
    """Open or close somebody's access, as the button says."""
    return await _set(context, press.user_id, press.to)


async def _set(context: Context, user_id: int, to: str) -> list[Reply]:
    """The right is checked at this very moment."""
    access.check_role(context.viewer, ("admin",))
    user = await context.session.get(User, user_id, with_for_update=True)
    if user is None or to not in VERBS:
        raise NotFound("user")
    verb = VERBS[to]
    if user.active == (to == "on"):
        return [Reply.text(f"{user.name} 已经是{verb}状态。")]
    if to == "on":
        user.active = True
        await context.session.flush()
        told = f"已启用 {user.name}。"
    else:
        if user.id == context.me.id or await staffing.is_last_admin(context.session, user):
            return [Reply.text("不能停用自己，也不能停用最后一位管理员。")]
        told = left_line(await staffing.disable(context.session, user), "已停用")
    at = clock(context.now, context.zone)
    over = Card(
        title=f"{verb} {user.name}",
        decided=f"已{verb} · {context.me.name} · {at}",
        subject=f"staff:{user.id}",
    )
    return [Reply.text(told), Reply(content=CardUpdate(card=over, subject=over.subject))]
