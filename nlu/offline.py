"""Messages of a corpus to acts, threads in order, with a world in place of the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from nlu.acts import to_json
from nlu.known import Person
from nlu.memory import Memory
from nlu.parser import Reading, read
from nlu.world import World


def parse_messages(
    world: dict[str, Any], messages: Iterable[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """`{"id", "acts"}` for each message; those that share a thread are one conversation."""
    company = World(world)
    talks: dict[str, Memory] = {}
    for message in messages:
        thread = message.get("thread")
        memory = talks.get(thread, Memory()) if thread else Memory()
        reading = read_in(company, message["text"], message.get("sender"), message["at"], memory)
        if thread:
            talks[thread] = reading.memory
        yield {"id": message["id"], "acts": [_act(item.act) for item in reading.acts]}


def read_in(company: World, text: str, sender: str | None, at: str, memory: Memory) -> Reading:
    """One message read in a world."""
    person = company.users.get(sender or "") or next(
        iter(company.users.values()), Person(id="", name="")
    )
    known = company.known(text, memory.customer_ids)
    return read(text, at=datetime.fromisoformat(at), sender=person, known=known, memory=memory)


def _act(act: Any) -> dict[str, Any]:
    """As in the corpus, which knows no paper's number in a decision."""
    plain = to_json(act)
    if plain["type"] in ("approve", "reject"):
        plain.pop("number", None)
    return plain
