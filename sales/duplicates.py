"""Whether a new customer exists already, also where its owner is somebody else."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.access import seeing_as
from storage.models.customers import Customer, CustomerName
from storage.models.people import User
from storage.names import sharing
from storage.viewer import SYSTEM, Viewer

_LEGAL = re.compile(
    r"(股份有限公司|有限责任公司|集团有限公司|有限公司|分公司|总公司|公司|集团|股份)+$"
)
_NOISE = re.compile(r"[\s·・.,，。、\-－—_()（）「」“”\"'‘’​‌‍]+")
MOST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A customer that has the new one's name; `visible` where the asker may see it."""

    customer_id: int
    name: str
    owner_name: str | None
    visible: bool


def bare(name: str) -> str:
    """A name as it is compared: without legal form, width, case, blanks and signs."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", name)).lower()
    return _LEGAL.sub("", plain) or plain


async def twins(session: AsyncSession, viewer: Viewer, name: str) -> list[Twin]:
    """Customers with the same name but for its legal form, of whomever they are."""
    keys_of_name = session.info.get("name_keys")
    keys = sorted(keys_of_name(name)) if keys_of_name else []
    rows = await _candidates(session, keys)
    same = [row for row in rows if bare(row.text) == bare(name) or bare(row.name) == bare(name)]
    ids = {row.id: row for row in same}
    seen = set(await session.scalars(select(Customer.id).where(Customer.id.in_(sorted(ids)))))
    return [
        Twin(customer_id=key, name=row.name, owner_name=row.owner, visible=key in seen)
        for key, row in ids.items()
    ][:MOST]


async def _candidates(session: AsyncSession, keys: list[str]) -> list[CandidateRow]:
    """Customers that share most keys with the name, whoever owns them."""
    async with seeing_as(session, SYSTEM):
        ids = await sharing(session, keys)
    query = (
        select(Customer.id, Customer.name, CustomerName.text, User.name.label("owner"))
        .join(CustomerName, CustomerName.customer_id == Customer.id)
        .join(User, User.id == Customer.owner_id, isouter=True)
        .where(Customer.id.in_(ids), CustomerName.kind != "learned")
        .order_by(Customer.id)
    )
    async with seeing_as(session, SYSTEM):
        return [
            CandidateRow(id=row.id, name=row.name, text=row.text, owner=row.owner)
            for row in await session.execute(query)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """One name of a customer that may be the same."""

    id: int
    name: str
    text: str
    owner: str | None


def masked(name: str) -> str:
    """A colleague's name that says who to ask without saying more: 李*."""
    return name[:1] + "*" * max(1, len(name) - 1)
