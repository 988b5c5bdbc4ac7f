"""Acts that are understood but have no place to be kept yet: said so, and nothing written."""

from __future__ import annotations

from handlers.pieces import Piece
from handlers.router import Router
from nlu import acts

router = Router()


def _not_yet(what: str) -> Piece:
    return Piece(note=f"{what}还不能记，这一条没有写入。", wrote=False)


@router.on(acts.Expense)
async def expense(act: acts.Expense) -> Piece:
    """Expenses."""
    return _not_yet("费用")


@router.on(acts.Ticket)
async def ticket(act: acts.Ticket) -> Piece:
    """Service tickets."""
    return _not_yet("售后工单")


@router.on(acts.Lead)
async def lead(act: acts.Lead) -> Piece:
    """Leads."""
    return _not_yet("线索")
