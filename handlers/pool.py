"""The shared pool and hand-overs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.buttons import Say, pack
from handlers.context import Context
from handlers.pieces import Piece
from handlers.replies import Button, Card, Line, Reply, Text, ToUser
from handlers.router import Router
from handlers.wording import ARROW
from nlu import acts
from sales import access, customers, pool
from sales.errors import Invalid
from storage.models.customers import Customer
from storage.models.people import User

router = Router()
MOST_LISTED = 6
MOST_BUTTONS = 5


@router.on(acts.Claim)
async def claim(act: acts.Claim, context: Context) -> Piece:
    """Out of the pool to the sender."""
    customer = await access.customer_to_read(context.session, act.customer or "")
    await pool.claim(context.session, context.viewer, customer, context.setup.pool)
    name = await customers.short_name(context.session, customer)
    return Piece(customer=name, lines=(Line(label="领取", value="你名下", before="公海"),))


@router.on(acts.Release)
async def release(act: acts.Release, context: Context) -> Piece:
    """Back into the pool."""
    customer = await access.customer_to_give(context.session, context.viewer, act.customer or "")
    name = await customers.short_name(context.session, customer)
    await pool.release(context.session, customer)
    return Piece(customer=name, lines=(Line(label="退回", value="已放回公海"),))


@router.on(acts.Transfer)
async def transfer(act: acts.Transfer, context: Context) -> Piece:
    """Hand customers of one's own team to another owner."""
    context.check_trusted()
    access.check_role(context.viewer, ("manager", "director"))
    to = await access.user_by(context.session, act.to_user or "")
    access.check_may_assign(context.viewer, to)
    from_id = access.record_number(act.from_user or "")
    given = await _given(act, context, from_id)
    names = await customers.short_names(context.session, [customer.id for customer in given])
    told = _told(context, names, given, to)
    for customer in given:
        await pool.hand_over(context.session, customer, to, from_id=customer.owner_id)
    return Piece(
        customer=next(iter(names.values())) if len(given) == 1 else "",
        lines=(Line(label="转交", value=f"{_listed(list(names.values()))}{ARROW}{to.name}"),),
        headline="转交",
        others=told,
    )


async def _given(act: acts.Transfer, context: Context, from_id: int | None) -> list[Customer]:
    if act.customers == "all":
        given = await pool.owned_by(context.session, from_id) if from_id is not None else []
        for customer in given:
            await access.check_may_give(context.session, context.viewer, customer)
    else:
        given = [
            await access.customer_to_give(context.session, context.viewer, reference)
            for reference in act.customers
        ]
    if not given:
        raise Invalid("customer", "")
    return given


def _listed(names: Sequence[str]) -> str:
    """甲、乙、丙 等 9 家"""
    more = f" 等 {len(names)} 家" if len(names) > MOST_LISTED else ""
    return "、".join(names[:MOST_LISTED]) + more


def _told(
    context: Context, names: Mapping[int, str], given: Sequence[Customer], to: User
) -> tuple[Reply, ...]:
    """What the new owner is told, and whoever had them before."""
    by, called = context.me.name, list(names.values())
    words = {to.id: f"{by}把{_listed(called)}转给了你。说“{called[0]}什么情况”看来龙去脉。"}
    for owner in sorted({c.owner_id for c in given if c.owner_id} - {to.id, context.me.id}):
        own = _listed([names[c.id] for c in given if c.owner_id == owner])
        words[owner] = f"{by}把你的{own}转给了{to.name}。"
    return tuple(
        Reply(content=Text(text=told), to=ToUser(user_id=user)) for user, told in words.items()
    )


@router.on(acts.Query, where=lambda act: act.about == "pool")
async def unclaimed(act: acts.Query, context: Context) -> list[Reply]:
    """What is in the pool; a button claims."""
    found = await pool.unclaimed(context.session, MOST_LISTED)
    if not found:
        return [Reply.text("公海里没有客户。")]
    names = await customers.short_names(context.session, [customer.id for customer in found])
    lines = tuple(
        Line(label=names[c.id], value=" · ".join(p for p in (c.industry, c.region, c.grade) if p))
        for c in found
    )
    buttons = tuple(
        Button(text=f"领取 {names[c.id]}", press=pack(Say(words=f"领取{c.name}")))
        for c in found[:MOST_BUTTONS]
    )
    return [Reply(content=Card(title="公海客户", lines=lines, buttons=buttons))]
