"""A platform's address book laid over teams and people, whole or not at all, and told in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import members
from bot.people.departments import Teams, in_scope
from bot.people.staffing import told
from bot.platforms.contract import AddressBook
from handlers.replies import Reply, Text, ToAdmins
from sales.setup.document import load as load_setup
from storage import leases

LOCK = "people"
MOST_TOLD = 10


class Implausible(Exception):
    """The book would shut out more than half of the people: it is taken for broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a book changed, line by line, and what the administrators are to hear of it."""

    seen: str
    lines: Sequence[str]
    replies: Sequence[Reply]


async def lay(
    session: AsyncSession, platform: str, book: AddressBook, *, trusted: bool = False
) -> Changes:
    """Follow the book in this transaction; Implausible where most people would be shut out.

    Two processes that do so at once wait for each other. A `trusted` book is followed whatever
    is missing from it.
    """
    await leases.hold(session, LOCK)
    rules = (await load_setup(session)).people
    teams = await Teams.load(session, platform, book.corp)
    scope = in_scope(book.departments, rules.departments)
    staff = await members.load(session, platform, book, rules, teams, scope)
    gone, known = staff.missing(book), len(staff.bound)
    if not trusted and known and (not book.members or gone * 2 > known):
        raise Implausible(
            f"{platform} 的通讯录里只有 {len(book.members)} 人，已开通的 {known} 人中有 {gone} 人"
            "不在里面，所以没有照它停用任何人。多半是应用的可见范围变了；"
            "确实都离开了，就运行 gendan people sync --trust。"
        )
    await teams.lay(session, [one for one in book.departments if one.id in scope])
    await staff.lay(session, book)
    lines = (*_unknown(book, rules.departments), *teams.lines, *staff.lines)
    return Changes(
        seen=f"{platform} 通讯录：{len(book.departments)} 个部门，{len(book.members)} 人",
        lines=lines,
        replies=[*_opened(lines), *(told(left) for left in staff.left)],
    )


def _unknown(book: AddressBook, scope: Sequence[str]) -> list[str]:
    known = {word for one in book.departments for word in (one.id, one.name)}
    return [f"人员规则里的部门 {name} 不在通讯录里" for name in scope if name not in known]


def _opened(lines: Sequence[str]) -> list[Reply]:
    """To whom the bot was opened by itself, in one message."""
    opened = [line for line in lines if line.startswith("开通 ")]
    if not opened:
        return []
    shown = "\n".join(opened[:MOST_TOLD])
    more = f"\n等 {len(opened)} 人" if len(opened) > MOST_TOLD else ""
    return [Reply(content=Text(text=f"按通讯录自动开通：\n{shown}{more}"), to=ToAdmins())]
