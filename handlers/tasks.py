"""Tasks: written, listed, done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from handlers import wording
from handlers.buttons import DoneTask, TickTask, pack, unpack
from handlers.context import Context, HeardLike
from handlers.pieces import Piece
from handlers.replies import Button, Card, CardUpdate, Line, Reply, Text, ToUser
from handlers.router import Router
from handlers.written import remember
from nlu import acts
from sales import access, customers, reminders
from sales.errors import NotFound
from storage.models.selling import Task
from storage.models.service import SentCard

router = Router()
BEFORE = ("之前", "以前", "前")
MY_TASKS = "我的待办"
HOW_TO_TICK = "做完一条就回复：完成 1"
MOST_LINES = 6
MOST_BUTTONS = 4
MOST_CARDS = 20
"""Among so many last cards the list is looked for whose numbers somebody says."""
MOST_WHAT = 25
"""So many characters of a task, its owner and customer fit a row of a card beside its number."""


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
    return await _finish(context, press.task_id)


@router.on(TickTask)
async def tick_task(press: TickTask, context: Context) -> list[Reply]:
    """Tick a task off the list, which then shows it done; the others keep their numbers."""
    answers = await _finish(context, press.task_id)
    shown = await reminders.of_ids(context.session, _ids(press), context.me.id)
    mine = await reminders.open_tasks(context.session, [context.me.id])
    return [*answers, Reply(content=CardUpdate(card=await task_card(context, mine, MY_TASKS,
                                                                    shown=shown)))]  # fmt: skip


async def tick_in_words(context: Context, number: int) -> list[Reply]:
    """完成 2: the second task of the list that was shown last."""
    query = select(SentCard.presses).where(SentCard.user_id == context.me.id)
    recent = query.order_by(SentCard.created_at.desc()).limit(MOST_CARDS)
    for presses in await context.session.scalars(recent):
        ticks = [press for press in map(unpack, presses) if isinstance(press, TickTask)]
        if ticks:
            ids = _ids(ticks[0])
            if not 1 <= number <= len(ids):
                raise NotFound("task")
            return await _finish(context, ids[number - 1])
    raise NotFound("task")


def _ids(press: TickTask) -> list[int]:
    return [int(number) for number in press.listed.split(".")]


async def _finish(context: Context, task_id: int) -> list[Reply]:
    task = await reminders.finish(context.session, task_id, context.me, context.now)
    at = wording.clock(context.now, context.zone)
    card = Card(
        title="待办 · 已完成",
        lines=(Line(label="待办", value=task.what),),
        decided=f"已完成 · {at}",
        subject=f"task:{task.id}",
    )
    await remember(context, acts=[], card=card)
    return [
        Reply.text(f"已完成：{task.what}。点错了说“撤销”。"),
        Reply(content=CardUpdate(card=card, subject=f"task:{task.id}")),
    ]


async def task_card(
    context: Context,
    tasks: Sequence[Task],
    title: str,
    *,
    owners: Mapping[int, str] | None = None,
    shown: Sequence[Task] | None = None,
) -> Card:
    """What is overdue, for today and to come; buttons tick off the reader's most urgent ones.

    `owners` names whose they are, where they are not all of one person; `shown` is the list as
    it stands on a card already.
    """
    lines = tasks[:MOST_LINES] if shown is None else shown
    names = await customers.short_names(
        context.session, [task.customer_id for task in lines if task.customer_id]
    )
    late = sum(1 for task in tasks if reminders.days_late(task, context.today) > 0)
    more = len(tasks) - sum(1 for task in lines if task.done_at is None)
    buttons = _ticks(lines, context) if title == MY_TASKS else ()
    at = wording.clock(context.now, context.zone)
    return Card(
        title=f"{title} · {len(tasks)} 条" + (f"，{late} 条已过期" if late else ""),
        lines=tuple(
            _task_line(number, task, names, owners or {}, context)
            for number, task in enumerate(lines, 1)
        ),
        buttons=buttons,
        note=f"还有 {more} 条" if more else "",
        hint=HOW_TO_TICK if buttons else "",
        decided=f"都完成了 · {at}" if shown is not None and not buttons else None,
    )


async def done_card(context: Context, tasks: Sequence[Task], title: str) -> Card:
    """Asks by `title` which of these tasks of the sender's are done."""
    names = await customers.short_names(
        context.session, [task.customer_id for task in tasks if task.customer_id]
    )
    return Card(
        title=title,
        lines=tuple(
            _task_line(number, task, names, {}, context) for number, task in enumerate(tasks, 1)
        ),
        buttons=_ticks(tasks, context),
        hint=HOW_TO_TICK,
    )


def _ticks(lines: Sequence[Task], context: Context) -> tuple[Button, ...]:
    """A button for each of the first tasks that are still to do."""
    listed = ".".join(str(task.id) for task in lines)
    numbered = [
        (number, task)
        for number, task in enumerate(lines, 1)
        if task.done_at is None and task.owner_id == context.me.id
    ]
    return tuple(
        Button(
            text=f"完成 {number}",
            press=pack(TickTask(task_id=task.id, number=number, listed=listed)),
        )
        for number, task in numbered[:MOST_BUTTONS]
    )


def _task_line(
    number: int, task: Task, names: Mapping[int, str], owners: Mapping[int, str], context: Context
) -> Line:
    customer = names.get(task.customer_id or 0)
    owner = f"{owners[task.owner_id]} · " if task.owner_id in owners else ""
    room = MOST_WHAT - len(customer or "") - len(owner)
    what = f"{number}. {owner}{wording.clipped(task.what, room)}"
    value = what + (f"（{customer}）" if customer else "")
    if task.done_at is not None:
        return Line(label="已完成", value=value)
    if task.due_on is None:
        return Line(label="未定", value=value)
    late = reminders.days_late(task, context.today)
    label = f"过期{late}天" if 0 < late < 100 else wording.short_day(task.due_on, context.today)
    return Line(label=label, value=value)
