"""What everybody is told when an approval goes to the next in line, or can't."""

from __future__ import annotations

from handlers import wording
from handlers.approvals import request_card
from handlers.context import Context
from handlers.replies import Card, CardUpdate, Reply, Text, ToAdmins, ToUser
from sales import rerouting
from sales.rerouting import Rerouted
from storage.models.people import User


async def reroute(context: Context, approval_id: int) -> list[Reply]:
    """A new card to the next approver, the old one closed; nothing where all is well again."""
    found = await rerouting.reroute(context.session, approval_id, context.now)
    if found is None:
        return []
    if found.successor is None:
        return [Reply(content=Text(text=_nobody(found)), to=ToAdmins())]
    return await _passed_on(context, found, found.successor)


def _nobody(found: Rerouted) -> str:
    asked = f"{found.case.quote.number}（{found.case.requester.name} 提报）"
    return (
        f"{asked}没有人能审批了：{found.before.name} 已不能审批，"
        "上级里也没有可用的经理或总监。设好主管后会自动转过去。"
    )


async def _passed_on(context: Context, found: Rerouted, to: User) -> list[Reply]:
    case = found.case
    request = await request_card(context, case, to)
    at = wording.clock(context.now, context.zone)
    over = Card(title=request.title, decided=f"已转给 {to.name} · {at}", subject=request.subject)
    told = f"{case.quote.number} 改由 {to.name} 审批（{found.before.name} 已不能审批）。"
    return [
        Reply(content=CardUpdate(card=over, subject=request.subject)),
        Reply(content=request, to=ToUser(user_id=to.id)),
        Reply(content=Text(text=told), to=ToUser(user_id=case.requester.id)),
    ]
