"""Whom a draft is about: its customer, and how the persons of a clause are called."""

from __future__ import annotations

from typing import Any

from nlu import expressions as re
from nlu.drafts import Draft
from nlu.naming.people import DOUBLE, SURNAME, TITLE, TITLES, Named, contact_of
from nlu.scene import Mention
from nlu.sections import Section, Setting

_OURS = re.compile(f"(?P<surname>{SURNAME})(?P<title>{TITLE})")

_ANY_TITLE = re.compile("|".join(sorted(TITLES, key=len, reverse=True)))


def address(draft: Draft, section: Section) -> Draft:
    """Puts the section's customer, or the new one's name."""
    if section.customer:
        draft.put("customer", section.customer.id, section.mention)
    elif section.new_name:
        draft.put("new_customer", section.new_name, section.mention)
    return draft


def names_of(mention: Mention, section: Section, setting: Setting) -> list[str]:
    """The contact's full name if the world or the text has it, else as said; [] for colleagues."""
    named = mention.named or _theirs(mention)
    if named is None:
        return []
    settled = setting.settled.get(mention.text)
    known = contact_of(named, section.customer)
    if settled and any(contact.name == settled for contact in known):
        return [settled]
    if len(known) == 1:
        return [known[0].name]
    if len(known) > 1:
        setting.doubts[named.said] = (mention, tuple(contact.name for contact in known))
    if mention.kind == "user":
        return []
    if named.full:
        return [named.full]
    return [_introduced(named, setting) or named.said]


def _theirs(mention: Mention) -> Named | None:
    match = _OURS.fullmatch(mention.text)
    if mention.kind != "user" or not match:
        return None
    return Named(said=mention.text, surname=match["surname"], title=match["title"])


def _introduced(named: Named, setting: Setting) -> str | None:
    """A full name that the text gives for the same surname."""
    fulls = [full for full in setting.new_people if full.startswith(named.surname)]
    return fulls[0] if len(fulls) == 1 and named.surname else None


def plain(amount: Any) -> Any:
    """A range as a list, as acts are written."""
    return list(amount) if isinstance(amount, tuple) else amount


def shortly(person: Mention) -> str:
    """于主任 for 于承志于主任, else as said."""
    full = person.named.full if person.named else ""
    surname = full[: 2 if full[:2] in DOUBLE else 1]
    rest = person.text.removeprefix(full) if full else ""
    return rest if surname and rest.startswith(surname) else person.text


def recently(section: Section, setting: Setting) -> str:
    """The person that the conversation spoke of last, by surname and title."""
    contacts = section.customer.contacts if section.customer else ()
    known = next((c for c in contacts if c.name == setting.recent_person), None)
    title = _ANY_TITLE.search(known.title) if known else None
    return known.name[0] + title.group() if known and title else setting.recent_person or ""
