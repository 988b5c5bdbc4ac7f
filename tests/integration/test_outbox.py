"""The outbox: in order within a lane, within limits, at least once, three kinds of error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.outbox import SEND_SECONDS, Sender, in_words
from bot.platforms.contract import (
    Bucket,
    PlatformError,
    Receipt,
    Refused,
    RetryLater,
    Unauthorised,
)
from handlers import replies
from handlers.replies import Card, CardUpdate, Line, Picture, Text
from storage import outbox_rows
from storage.db import Database
from storage.models.service import Attachment, Outbound, SentCard
from storage.viewer import SYSTEM
from tests.builders import NOW, make_outbound, make_sent_card
from tests.fakes import FakeClock, FakePlatform

OpenDb = Callable[[], Database]
DECIDED = Card(title="报价审批", decided="已同意 · 王敏 · 14:32", subject="approval:7")


def later(seconds: float = 5, code: int | None = None) -> RetryLater:
    return RetryLater("busy", timedelta(seconds=seconds), code)


def sender_of(db: Database, platform: FakePlatform, clock: FakeClock | None = None) -> Sender:
    clock = clock or FakeClock(NOW)
    return Sender(db, {platform.name: platform}, clock=clock, monotonic=clock.seconds)


async def put(db: Database, *rows: dict[str, Any]) -> None:
    async with db.write(SYSTEM) as session:
        for row in rows:
            await make_outbound(session, **row)


def text(words: str, user: str = "lina", **columns: Any) -> dict[str, Any]:
    return {"content": replies.to_json(Text(text=words)), "user": user, **columns}


async def kept(db: Database) -> list[Outbound]:
    async with db.read(SYSTEM) as session:
        return list(await session.scalars(select(Outbound).order_by(Outbound.id)))


async def states(db: Database) -> list[str]:
    return [row.state for row in await kept(db)]


async def codes(db: Database, card_key: str) -> list[Any]:
    async with db.read(SYSTEM) as session:
        card = await session.get(SentCard, card_key)
    assert card is not None
    return card.codes


def said(platform: FakePlatform) -> list[str]:
    return [p.content.text for p in platform.sent if isinstance(p.content, Text)]


async def drain(sender: Sender) -> None:
    while await sender.run_once():
        pass


async def test_a_reply_is_sent_once_and_says_so(db: Database) -> None:
    platform = FakePlatform(Receipt(message_id="m-1"))
    await put(db, text("好的", key="e1-0"))
    await drain(sender_of(db, platform))
    (row,) = await kept(db)
    assert (row.state, row.sent_at, row.receipt) == ("sent", NOW, {"message_id": "m-1"})
    assert [parcel.key for parcel in platform.sent] == ["e1-0"]


async def test_lanes_keep_their_order_and_do_not_wait_for_each_other(db: Database) -> None:
    """The first of one lane fails once: its second comes after it, the other lane goes on."""
    clock, platform = FakeClock(NOW), FakePlatform(later(), Receipt())
    await put(db, text("a1"), text("a2"), text("b1", "bo"), text("b2", "bo"))
    sender = sender_of(db, platform, clock)
    await drain(sender)
    assert said(platform) == ["b1", "b2"]
    clock.move(seconds=5)
    await drain(sender)
    assert said(platform) == ["b1", "b2", "a1", "a2"]
    assert platform.tried[0].key == platform.sent[2].key


async def test_refused_is_never_sent_again(db: Database) -> None:
    platform = FakePlatform(Refused("no such user", 60111))
    await put(db, text("x"), text("y"))
    await drain(sender_of(db, platform))
    assert await states(db) == ["refused", "sent"]
    assert (await kept(db))[0].error == "no such user (60111)"


async def test_unauthorised_waits_for_an_operator_and_resumes_by_itself(db: Database) -> None:
    """20 replies to 20 people: one call an attempt, not twenty; afterwards all are sent."""
    clock = FakeClock(NOW)
    trouble = [Unauthorised("IP 10.0.0.1 is not trusted", 60020) for _ in range(3)]
    platform = FakePlatform(*trouble)
    sender = sender_of(db, platform, clock)
    await put(db, text("first"))
    await drain(sender)
    await put(db, *(text(f"m{n}", f"u{n}") for n in range(20)))
    await drain(sender)
    assert len(platform.tried) == 1
    clock.move(seconds=30)
    await drain(sender)
    assert len(platform.tried) == 2
    clock.move(seconds=60)
    await drain(sender)
    clock.move(seconds=120)
    await drain(sender)
    assert len(platform.sent) == 21
    assert set(await states(db)) == {"sent"}


async def test_five_transport_failures_in_a_row_open_the_circuit(db: Database) -> None:
    clock = FakeClock(NOW)
    platform = FakePlatform(*(later(1) for _ in range(5)))
    sender = sender_of(db, platform, clock)
    await put(db, *(text(f"m{n}", f"u{n}") for n in range(5)))
    await drain(sender)
    await put(db, text("late", "z"))
    clock.move(seconds=1)
    await drain(sender)
    assert len(platform.tried) == 5
    clock.move(seconds=4)
    await drain(sender)
    assert sorted(said(platform)) == ["late", *(f"m{n}" for n in range(5))]


async def test_limits_that_a_platform_answers_do_not_open_the_circuit(db: Database) -> None:
    """One group over its limit must not silence everybody else."""
    platform = FakePlatform(*(later(60, code=45009) for _ in range(6)))
    await put(db, *(text(f"m{n}", f"u{n}") for n in range(8)))
    await drain(sender_of(db, platform))
    assert len(platform.sent) == 2


async def test_a_group_never_gets_more_than_its_limit_and_nothing_is_dropped(
    db: Database,
) -> None:
    """60 texts to one robot with 20 a minute: 20 at once, the rest when the minute allows."""
    clock = FakeClock(NOW)
    platform = FakePlatform(limits=[Bucket("robot", 20, 60)])
    sender = sender_of(db, platform, clock)
    await put(db, *(text(f"{n:02}") for n in range(60)))
    sent_by_minute = []
    for _ in range(3):
        before = len(platform.sent)
        await drain(sender)
        sent_by_minute.append(len(platform.sent) - before)
        clock.move(seconds=60)
    assert sent_by_minute == [20, 20, 20]
    assert said(platform) == [f"{n:02}" for n in range(60)]


async def test_a_crash_between_sending_and_marking_sends_again_under_the_same_key(
    open_db: OpenDb,
) -> None:
    """At least once: the platform's duplicate check sees the same key."""
    db, clock = open_db(), FakeClock(NOW)
    await put(db, text("x", key="e7-0"))
    assert len(await outbox_rows.exchange(db, [], now=NOW, limit=8)) == 1
    platform = FakePlatform()
    clock.move(seconds=outbox_rows.LEASE.total_seconds())
    await drain(sender_of(open_db(), platform, clock))
    assert [parcel.key for parcel in platform.sent] == ["e7-0"]


async def test_what_another_process_is_sending_is_left_to_it(open_db: OpenDb) -> None:
    one, two = open_db(), open_db()
    await put(one, *(text(f"m{n}", f"u{n % 7}") for n in range(70)))
    platform = FakePlatform()
    senders = [sender_of(one, platform), sender_of(two, platform)]
    if one.is_sqlite:  # two processes at work at once are PostgreSQL's
        senders.pop()

    async def work(sender: Sender) -> None:
        while any(state != "sent" for state in await states(one)):
            await sender.run_once()

    await asyncio.gather(*(work(sender) for sender in senders))
    assert len(platform.sent) == len({parcel.key for parcel in platform.sent}) == 70
    for user in range(7):
        assert [w for w in said(platform) if int(w[1:]) % 7 == user] == [
            f"m{n}" for n in range(user, 70, 7)
        ]


async def test_a_call_that_hangs_is_cut_off_and_tried_again(db: Database) -> None:
    clock, platform = FakeClock(NOW), FakePlatform()
    platform.hold.clear()
    await put(db, text("x"))
    sender = Sender(db, {"fake": platform}, clock=clock, send_seconds=0.01)
    assert 0 < SEND_SECONDS < outbox_rows.LEASE.total_seconds() / 2
    await sender.run_once()
    assert await states(db) == ["new"]
    platform.hold.set()
    clock.move(seconds=5)
    await drain(sender)
    assert await states(db) == ["sent"]


async def test_a_fault_of_ours_is_parked_in_the_end_and_its_lane_goes_on(db: Database) -> None:
    clock = FakeClock(NOW)
    platform = FakePlatform(*(KeyError("render") for _ in range(5)))
    sender = sender_of(db, platform, clock)
    await put(db, text("bad"), text("good"))
    for seconds in (0, 1, 5, 30, 120):
        clock.move(seconds=seconds)
        await drain(sender)
    assert await states(db) == ["parked", "sent"]
    assert said(platform) == ["good"]


async def test_what_can_not_be_sent_for_a_week_is_parked(db: Database) -> None:
    platform = FakePlatform()
    await put(db, text("x", created_at=NOW - timedelta(days=8)))
    await drain(sender_of(db, platform))
    assert (await states(db), platform.tried) == (["parked"], [])


async def test_a_platform_that_is_not_configured_is_refused(db: Database) -> None:
    await put(db, text("x", platform="gone"))
    await drain(sender_of(db, FakePlatform()))
    assert await states(db) == ["refused"]


async def test_a_picture_goes_out_with_its_bytes(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        kept_picture = Attachment(
            media_type="image/png", name="daily.png", content=b"png", created_at=NOW
        )
        session.add(kept_picture)
        await session.flush()
        known = Picture(attachment_id=kept_picture.id, alt="日报")
        await make_outbound(session, content=replies.to_json(known))
        gone = Picture(attachment_id=kept_picture.id + 1, alt="没有了")
        await make_outbound(session, content=replies.to_json(gone))
    platform = FakePlatform()
    await drain(sender_of(db, platform))
    assert [parcel.picture for parcel in platform.sent] == [b"png"]
    assert await states(db) == ["sent", "refused"]


async def card_to_update(db: Database, *known: str, by_subject: bool = False) -> str:
    """A card on a screen and the row that will change it."""
    async with db.write(SYSTEM) as session:
        card = await make_sent_card(session, subject="approval:7", codes=list(known))
        update = CardUpdate(
            card=DECIDED,
            subject="approval:7",
            card_key=None if by_subject else card.card_key,
        )
        await make_outbound(session, content=replies.to_json(update), key="u1")
    return card.card_key


async def test_the_code_that_a_sent_card_brings_is_kept_with_it(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        card = await make_sent_card(session, codes=["old"])
        content = replies.to_json(Card(title="请审批"))
        await make_outbound(session, content=content, card_key=card.card_key)
    await drain(sender_of(db, FakePlatform(Receipt(message_id="m", update_code="fresh"))))
    assert await codes(db, card.card_key) == ["old", "fresh"]


async def test_an_update_uses_the_newest_code_and_nobody_gets_it_again(db: Database) -> None:
    card_key = await card_to_update(db, "old", "new")
    platform = FakePlatform()
    await drain(sender_of(db, platform))
    (parcel,) = platform.sent
    assert (parcel.codes, parcel.card_key) == (("new",), card_key)
    assert isinstance(parcel.content, CardUpdate)
    assert await codes(db, card_key) == ["old"]


UPDATE_ENDS: dict[str, tuple[tuple[str, ...], list[PlatformError], list[str], list[str]]] = {
    # codes known, answers of the platform -> what is sent in the end, codes left
    "no code": ((), [], ["words"], []),
    "refused": (("a",), [Refused("used", 40094)], ["words"], []),
    "timed out, unsure": (("a",), [later()], ["words"], []),
    "timed out, another code": (("a", "b"), [later()], ["update a"], []),
    "over a limit": (("a",), [later(5, code=45009)], ["update a"], []),
    "not allowed": (("a",), [Unauthorised("ip", 60020)], ["update a"], []),
}


@pytest.mark.parametrize("case", UPDATE_ENDS)
async def test_how_an_update_ends(db: Database, case: str) -> None:
    """A code goes to the platform once, unless the platform said that it did nothing."""
    known, answers, expected, left = UPDATE_ENDS[case]
    clock, platform = FakeClock(NOW), FakePlatform(*answers)
    card_key = await card_to_update(db, *known)
    sender = sender_of(db, platform, clock)
    await drain(sender)
    clock.move(seconds=60)
    await drain(sender)
    shown = [
        f"update {parcel.codes[0]}" if isinstance(parcel.content, CardUpdate) else "words"
        for parcel in platform.sent
    ]
    assert shown == expected
    assert await codes(db, card_key) == left
    assert await states(db) == ["sent"]


async def test_an_update_by_subject_reaches_every_card_once(db: Database) -> None:
    first = await card_to_update(db, "a", by_subject=True)
    async with db.write(SYSTEM) as session:
        address = {"platform": "fake", "corp": "corp", "app": "app", "user": "bo", "group": None}
        second = await make_sent_card(session, subject="approval:7", codes=["b"], address=address)
        await make_sent_card(session, subject="approval:8", codes=["c"])
    platform = FakePlatform()
    await drain(sender_of(db, platform))
    assert {(parcel.card_key, parcel.codes) for parcel in platform.sent} == {
        (first, ("a",)),
        (second.card_key, ("b",)),
    }
    assert set(await states(db)) == {"sent"}


async def test_a_code_is_given_to_one_of_many(open_db: OpenDb) -> None:
    """Ten processes ask at once for one of three codes."""
    dbs = [open_db() for _ in range(5)]
    async with dbs[0].write(SYSTEM) as session:
        card = await make_sent_card(session, codes=["a", "b", "c"])
    given = await asyncio.gather(
        *(outbox_rows.take_code(db, card.card_key) for db in dbs for _ in range(2))
    )
    assert sorted(code for code in given if code is not None) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (DECIDED, "报价审批\n已同意 · 王敏 · 14:32"),
        (
            Card(title="已撤销", lines=(Line(label="客户", value="宏远"),), note="可以重新发"),
            "已撤销\n客户：宏远\n可以重新发",
        ),
    ],
    ids=["decided", "changed"],
)
def test_a_card_that_can_not_be_changed_is_said_in_words(card: Card, words: str) -> None:
    assert in_words(card) == words


async def test_a_stop_waits_for_what_is_on_its_way_and_marks_it(db: Database) -> None:
    platform = FakePlatform()
    platform.hold.clear()
    await put(db, text("x"))
    sender = sender_of(db, platform)
    async with asyncio.TaskGroup() as group:
        group.create_task(sender.run())
        await platform.called.wait()
        sender.stop()
        platform.hold.set()
    assert await states(db) == ["sent"]
