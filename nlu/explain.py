"""How a sentence was read: its spans, clauses, sections, acts and the spans behind each slot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from nlu.acts import to_json
from nlu.known import Person
from nlu.memory import Memory
from nlu.normal import normalise
from nlu.parser import clauses_of, read, setting_of
from nlu.scene import Mention
from nlu.sections import sections_of
from nlu.tenses import is_planned
from nlu.world import World


def explain(world: dict[str, Any], text: str, *, sender: str | None, at: datetime) -> str:
    """Lines for a terminal."""
    company = World(world)
    person = company.users.get(sender or "") or next(
        iter(company.users.values()), Person(id="", name="")
    )
    known = company.known(text)
    setting = setting_of(normalise(text), at, person, known, Memory())
    clauses = clauses_of(setting)
    lines = [
        f"text      {setting.text}",
        "candidates " + ("、".join(c.name for c in known.customers) or "none"),
    ]
    lines += ["", "spans"] + [f"  {_said(m)}" for c in clauses for m in c.mentions]
    lines += ["", "clauses"]
    for clause in clauses:
        marks = [
            word
            for word, holds in (
                ("denied", clause.denied),
                ("planned", is_planned(clause, setting)),
            )
            if holds
        ]
        lines.append(f"  {clause.shape}  {' '.join(marks)}".rstrip())
    lines += ["", "sections"]
    for section in sections_of(setting, clauses):
        about = (
            section.customer.name
            if section.customer
            else section.new_name or "?".join(section.options)
        )
        lines.append(f"  {about or '-'}: " + " | ".join(c.shape for c in section.clauses))
    lines += [
        "",
        "acts",
        *_acts(text, read(text, at=at, sender=person, known=known, memory=Memory())),
    ]
    return "\n".join(lines)


def _said(mention: Mention) -> str:
    meant: object = mention.values or mention.amount or mention.factor or ""
    if mention.links:
        meant = "、".join(f"{link.customer.name} (rank {link.rank})" for link in mention.links)
    elif mention.named:
        meant = mention.named.full or f"{mention.named.surname}+{mention.named.title}"
    elif mention.date:
        meant = mention.date.value
    return f"{mention.start}-{mention.end}  {mention.kind:9} {mention.text}  {meant}"


def _acts(text: str, reading: Any) -> Iterator[str]:
    for understood in reading.acts:
        yield f"  {to_json(understood.act)}  confidence {understood.confidence}"
        for slot, (start, end) in understood.spans.items():
            yield f"    {slot} ← {text[start:end]}"
    if not reading.acts:
        yield "  none: small talk, or nothing that names a customer and a deed"
