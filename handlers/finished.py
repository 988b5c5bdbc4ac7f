"""Words that tell that something is done: which open tasks they may mean, to be ticked off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from handlers import tasks
from handlers.context import Context
from handlers.replies import Reply
from sales import customers, reminders
from storage.models.selling import Task

_TOLD = re.compile(r"了[。.!！~]?$|了[，,。 ]|搞定|完成|办妥|弄好|已经?[^，,。]")
_DENIED = re.compile(r"没|未|不|别|[吗么?？]")
_IDLE = re.compile(r"[把给的了和与在去跟到对请帮]|之前|以前|今天|明天|下午|上午|一下|客户")
MOST = 3
MOST_WORDS = 60
ASKED = "是这件办完了吗？"
ASKED_WHICH = "是哪件办完了？"


async def maybe_done(context: Context, words: str) -> list[Reply] | None:
    """Asks whether these tasks of the sender's are done; None where the words tell of none.

    Nothing is ticked off by words alone: what resembles a task need not be it.
    """
    if len(words) > MOST_WORDS or not _TOLD.search(words) or _DENIED.search(words):
        return None
    mine = await reminders.open_tasks(context.session, [context.me.id])
    named = await customers.names_of(
        context.session, {task.customer_id for task in mine if task.customer_id}
    )
    meant = _meant(words, mine, named)
    if not meant:
        return None
    title = ASKED if len(meant) == 1 else ASKED_WHICH
    return [Reply(content=await tasks.done_card(context, meant, title))]


def _meant(words: str, mine: Sequence[Task], named: dict[int, list[str]]) -> list[Task]:
    """The tasks that share most with the words; a customer who is named leaves only theirs."""
    told = [
        (task, max((name for name in names if name in words), key=len, default=""))
        for task in mine
        for names in [named.get(task.customer_id or 0, [])]
    ]
    if any(name for _, name in told):
        told = [(task, name) for task, name in told if name]
    scored = [(_shared(words.replace(name, " ") if name else words, task.what), task)
              for task, name in told]  # fmt: skip
    best = max((score for score, _ in scored), default=0)
    return [task for score, task in scored if score and score == best][:MOST]


def _shared(words: str, what: str) -> int:
    """How many pairs of neighbouring characters both hold, beside words that say nothing."""
    return len(_pairs(words) & _pairs(what))


def _pairs(text: str) -> set[str]:
    pieces: Iterable[str] = re.split(r"[\W_]+", _IDLE.sub(" ", text))
    return {piece[at : at + 2] for piece in pieces for at in range(len(piece) - 1)}
