"""The world of a corpus, or of a test, as if it were the database: names found by their keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nlu.known import (
    Known,
    KnownContact,
    KnownCustomer,
    KnownDeal,
    KnownField,
    Person,
    Vocabulary,
)
from nlu.naming.names import keys_of_deal, keys_of_name, keys_of_text


class World:
    """Users and words whole; customers only by the keys of their names."""

    def __init__(self, world: dict[str, Any]) -> None:
        self.users = {user["id"]: Person(**user) for user in world.get("users", [])}
        self._customers = {row["id"]: _customer(row) for row in world.get("customers", [])}
        self._order = {one: place for place, one in enumerate(self._customers)}
        self._by_key: dict[str, set[str]] = {}
        for customer in self._customers.values():
            for name in (customer.name, *customer.aliases):
                for key in keys_of_name(name):
                    self._by_key.setdefault(key, set()).add(customer.id)
            for contact in customer.contacts:
                self._by_key.setdefault(contact.name, set()).add(customer.id)
            for key in (key for deal in customer.deals for key in keys_of_deal(deal.name)):
                self._by_key.setdefault(key, set()).add(customer.id)
        self.vocabulary = _vocabulary(world, tuple(self.users.values()))

    def known(self, text: str, also: Iterable[str] = ()) -> Known:
        """What a text may name: the customers of its keys, and those of the conversation."""
        ids = {one for key in keys_of_text(text) for one in self._by_key.get(key, ())}
        ids |= {one for one in also if one in self._customers}
        found = tuple(self._customers[one] for one in sorted(ids, key=self._order.__getitem__))
        return Known(vocabulary=self.vocabulary, customers=found)


def _customer(row: dict[str, Any]) -> KnownCustomer:
    return KnownCustomer(
        id=row["id"],
        name=row["name"],
        aliases=tuple(row.get("aliases", ())),
        owner=row.get("owner"),
        industry=row.get("industry") or "",
        region=row.get("region") or "",
        grade=row.get("grade") or "",
        contacts=tuple(
            KnownContact(name=c["name"], title=c.get("title") or "")
            for c in row.get("contacts", ())
        ),
        deals=tuple(
            KnownDeal(id=d["id"], name=d["name"], stage=d.get("stage", ""), amount=d.get("amount"))
            for d in row.get("deals", ())
        ),
    )


def _vocabulary(world: dict[str, Any], users: tuple[Person, ...]) -> Vocabulary:
    customers = world.get("customers", [])
    return Vocabulary(
        users=users,
        stages=tuple(world.get("stages", ())),
        products=tuple(world.get("products", ())),
        competitors=tuple(world.get("competitors", ())),
        fields=tuple(
            KnownField(
                name=f["name"], type=f.get("type", "text"), choices=tuple(f.get("choices", ()))
            )
            for f in world.get("fields", ())
        ),
        teams=tuple(dict.fromkeys(user.team for user in users if user.team)),
        regions=tuple(dict.fromkeys(c["region"] for c in customers if c.get("region"))),
        industries=tuple(dict.fromkeys(c["industry"] for c in customers if c.get("industry"))),
    )
