"""Visits, calls and other activities, done or planned."""

from __future__ import annotations

from handlers import wording
from handlers.context import Context
from handlers.pieces import Piece
from handlers.replies import Line
from handlers.router import Router
from nlu import acts
from sales import access, customers, visits
from storage.models.selling import Activity

router = Router()


@router.on(acts.Activity)
async def log_activity(act: acts.Activity, context: Context) -> Piece:
    """Write the activity with the whole text as its note."""
    session = context.session
    customer = await access.customer_to_write(session, context.viewer, act.customer or "")
    activity = await visits.log(
        session,
        customer,
        kind=act.kind,
        contacts=act.contacts,
        date_value=act.date,
        planned=act.planned,
        note=context.text,
        user_id=context.me.id,
        said_at=context.told,
        now=context.now,
        zone=context.zone,
    )
    people = await customers.people_at(session, customer.id) if act.contacts else []
    met = wording.people(act.contacts, people)
    line = _line(activity, met, context)
    return Piece(customer=await customers.short_name(session, customer), lines=(line,))


def _line(activity: Activity, met: str, context: Context) -> Line:
    kind = wording.KINDS[activity.kind]
    when = wording.day(activity.on, context.today)
    if activity.date_text:
        when = wording.date_value(activity.date_text, context.today)
    if activity.planned:
        undated = "" if activity.date_text else "时间未定"
        parts = (undated or when, kind, met)
        return Line(label="计划", value=" · ".join(part for part in parts if part))
    return Line(label=kind, value=f"{when} · {met}" if met else when)
