"""Tasks: written, listed, done."""

from __future__ import annotations

from handlers import wording
from handlers.buttons import DoneTask, pack
from handlers.context import Context, HeardLike
from handlers.pieces import Piece
from handlers.replies import Button, Card, CardUpdate, Line, Reply, Text, ToUser
from handlers.router import Router
from handlers.written import remember
from nlu import acts
from sales import access, customers, reminders
from storage.models.selling import Task

router = Router()
BEFORE = ("之前", "以前", "前")


@router.on(acts.Task)
async def add_task(act: acts.Task, context: Context, heard: HeardLike) -> Piece:
    """Write a task for the sender, or for somebody whom the sender may give one."""
    session = context.session
    owner = context.me
    if act.assignee is not None:
        owner = await access.user_by(session, act.assignee)
        access.check_may_assign(context.viewer, owner)
    customer = await access.customer_to_read(session, act.customer) if act.customer else None
    task = await reminders.add(
        session,
        what=act.what,
        due=act.due,
        owner=owner,
        by=context.me,
        customer=customer,
        now=context.now,
        zone=context.zone,
        setup=context.setup.reminders,
    )
    mine = owner.id == context.me.id
    line = Line(label="待办", value=_worded(task, context, heard, "" if mine else owner.name))
    others = () if mine else (_told(task, context),)
    name = await customers.short_name(session, customer) if customer else ""
    return Piece(customer=name, lines=(line,), others=others)


def _worded(task: Task, context: Context, heard: HeardLike, owner: str) -> str:
    """周三 12-02 前给方案; with whose it is, where it isn't the sender's."""
    value = task.what
    if task.due_text:
        when = wording.date_value(task.due_text, context.today)
        value = f"{when}{_gap(context.text, heard)}{task.what}"
    return f"{owner} · {value}" if owner else value


def _gap(text: str, heard: HeardLike) -> str:
    """ "前" where the text set a deadline rather than a date."""
    _, end = heard.spans.get("due", (0, 0))
    deadline = end > 0 and (text[:end].endswith("前") or text[end:].startswith(BEFORE))
    return " 前" if deadline else " "


def _told(task: Task, context: Context) -> Reply:
    when = f"，{wording.date_value(task.due_text, context.today)}" if task.due_text else ""
    words = f"{context.me.name}给你派了待办：{task.what}{when}"
    return Reply(content=Text(text=words), to=ToUser(user_id=task.owner_id))


@router.on(DoneTask)
async def finish_task(press: DoneTask, context: Context) -> list[Reply]:
    """Tick a task off; the reminder's card says so from then on."""
    task = await reminders.finish(context.session, press.task_id, context.me, context.now)
    at = wording.clock(context.now, context.zone)
    card = Card(
        title="待办 · 已完成",
        lines=(Line(label="待办", value=task.what),),
        decided=f"已完成 · {at}",
        subject=f"task:{task.id}",
    )
    await remember(context, acts=[], card=card)
    return [
        Reply(content=CardUpdate(card=card, subject=f"task:{task.id}")),
        Reply.text(f"已完成：{task.what}。点错了说“撤销”。"),
    ]


async def my_tasks(context: Context, owner_ids: list[int], *, mine: bool) -> Reply:
    """What is overdue, for today and to come; buttons tick off the most urgent ones."""
    tasks = await reminders.open_tasks(context.session, owner_ids)
    if not tasks:
        return Reply.text("没有未完成的待办。")
    names = await customers.short_names(
        context.session, [task.customer_id for task in tasks if task.customer_id]
    )
    shown = tasks[:MOST_LINES]
    buttons = tuple(
        Button(text=f"完成 {number}", press=pack(DoneTask(task_id=task.id)))
        for number, task in enumerate(shown[:MOST_BUTTONS], 1)
        if task.owner_id == context.me.id
    )
    late = sum(1 for task in tasks if reminders.days_late(task, context.today) > 0)
    more = len(tasks) - len(shown)
    return Reply(
        content=Card(
            title=f"{'我的' if mine else '团队'}待办 · {len(tasks)} 条"
            + (f"，{late} 条已过期" if late else ""),
            lines=tuple(
                _task_line(number, task, names, context) for number, task in enumerate(shown, 1)
            ),
            buttons=buttons if mine else (),
            note=f"还有 {more} 条" if more else "",
        )
    )


MOST_LINES = 6
MOST_BUTTONS = 4


def _task_line(number: int, task: Task, names: dict[int, str], context: Context) -> Line:
    customer = names.get(task.customer_id or 0)
    what = f"{number}. {task.what}" + (f"（{customer}）" if customer else "")
    if task.due_on is None:
        return Line(label="未定", value=what)
    late = reminders.days_late(task, context.today)
    if late > 0:
        return Line(label=f"过期 {late} 天", value=what)
    return Line(label=wording.day(task.due_on, context.today), value=what)
