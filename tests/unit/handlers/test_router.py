"""Every act and press has its handler, and a handler that asks for nonsense fails at once."""

from __future__ import annotations

import pytest

from handlers import buttons, entry
from handlers.context import Context
from handlers.pieces import Piece
from handlers.router import Router, find
from nlu import acts

WRITE = {
    acts.Activity: "log_activity",
    acts.DealNews: "tell_deal",
    acts.Task: "add_task",
    acts.CustomerNews: "tell_customer",
    acts.ContactNews: "tell_contact",
    acts.Quote: "make_quote",
    acts.Contract: "sign_contract",
    acts.Payment: "book_payment",
    acts.Expense: "expense",
    acts.Ticket: "ticket",
    acts.Lead: "lead",
    acts.Transfer: "transfer",
    acts.Claim: "claim",
    acts.Release: "release",
    acts.Approve: "approve",
    acts.Reject: "reject",
    acts.Correct: "correct",
    acts.Undo: "undo_last",
    acts.Subscribe: "subscribe",
    acts.Help: "help_me",
}
ABOUT = {
    "customer": "many",
    "contacts": "contacts",
    "deals": "deals",
    "activities": "activities",
    "tasks": "tasks",
    "quotes": "quotes",
    "contracts": "contracts",
    "payments": "payments",
    "approvals": "waiting",
    "tickets": "tickets",
    "expenses": "expenses",
    "leads": "leads",
    "pool": "unclaimed",
    "stalled": "stalled",
    "metric": "figure",
}
PRESSES = {
    buttons.UndoEvent(event_id=1): "undo_event",
    buttons.Decide(approval_id=1, version=1, verdict="approved"): "tap_decision",
    buttons.Confirm(pending_id=1): "confirm",
    buttons.Choose(pending_id=1, option=0): "choose",
    buttons.Dismiss(pending_id=1): "dismiss",
    buttons.DoneTask(task_id=1): "finish_task",
    buttons.TickTask(task_id=1, number=2, listed="3.1"): "tick_task",
}


def test_every_act_is_listed() -> None:
    # An Ask becomes the question of the whole message: handlers/message.py.
    assert set(WRITE) | {acts.Query, acts.Ask} == set(acts.TYPES.values())


@pytest.mark.parametrize("kind", WRITE)
def test_every_act_has_its_handler(kind: type) -> None:
    assert find(entry.ROUTERS, kind()).handler.__name__ == WRITE[kind]


@pytest.mark.parametrize("about", ABOUT)
def test_every_question_has_its_handler(about: str) -> None:
    query = acts.from_json({"type": "query", "about": about})
    assert find(entry.ROUTERS, query).handler.__name__ == ABOUT[about]


@pytest.mark.parametrize("press", PRESSES)
def test_every_press_has_its_handler(press: buttons.Press) -> None:
    assert find(entry.PRESSES, press).handler.__name__ == PRESSES[press]


def test_a_wrong_name_fails_at_registration() -> None:
    with pytest.raises(TypeError, match="asks for weather"):

        @Router().on(acts.Help)
        async def handler(act: acts.Help, weather: str) -> Piece:
            return Piece(note=weather)


def test_a_wrong_type_fails_at_registration() -> None:
    with pytest.raises(TypeError, match="asks for now"):

        @Router().on(acts.Help)
        async def handler(act: acts.Help, now: str) -> Piece:
            return Piece(note=now)


def test_a_handler_takes_its_act() -> None:
    with pytest.raises(TypeError, match="takes no Help"):

        @Router().on(acts.Help)
        async def handler(context: Context) -> Piece:
            return Piece()


def test_one_customer_is_told_whole() -> None:
    query = acts.Query(about="customer", customer="1")
    assert find(entry.ROUTERS, query).handler.__name__ == "review"
