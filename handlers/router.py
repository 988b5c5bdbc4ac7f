"""Finds the handler of an act or press by its type, and words what the rules refuse."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from handlers.context import Context, HeardLike
from handlers.pieces import Outcome

Handler = Callable[..., Awaitable[Outcome]]
Filter = Callable[[Any], bool]


def _given() -> dict[str, Any]:
    """What a handler may name, with its type."""
    hints = get_type_hints(Context)
    found = {field.name: hints[field.name] for field in fields(Context)}
    for name, member in vars(Context).items():
        if isinstance(member, property) and member.fget is not None:
            found[name] = get_type_hints(member.fget)["return"]
    return {**found, "context": Context, "heard": HeardLike}


GIVEN = _given()


@dataclass(frozen=True, slots=True)
class Route:
    """A handler with the type it takes and the names it asks for."""

    kind: type[Any]
    handler: Handler
    subject: str
    wanted: tuple[str, ...]
    where: Filter | None

    async def call(self, value: Any, context: Context, heard: HeardLike | None) -> Outcome:
        """Run the handler with what it asks for."""
        given: dict[str, Any] = {self.subject: value}
        for name in self.wanted:
            special = {"context": context, "heard": heard}
            given[name] = special[name] if name in special else getattr(context, name)
        return await self.handler(**given)


class Router:
    """The handlers of one file, in the order in which they are tried."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def on(self, kind: type[Any], where: Filter | None = None) -> Callable[[Handler], Handler]:
        """Register a handler for acts or presses of this type.

        Its signature is checked here, so that a wrong name fails when the service starts.
        """

        def register(handler: Handler) -> Handler:
            self.routes.append(_route(kind, handler, where))
            return handler

        return register


def _route(kind: type[Any], handler: Handler, where: Filter | None) -> Route:
    hints = get_type_hints(handler)
    subject = ""
    wanted = []
    for name in inspect.signature(handler).parameters:
        if hints.get(name) is kind:
            subject = name
        elif name in GIVEN and hints.get(name) == GIVEN[name]:
            wanted.append(name)
        else:
            raise TypeError(
                f"{handler.__qualname__} asks for {name}: {hints.get(name)}; "
                f"a handler of {kind.__name__} may ask for {sorted(GIVEN)}, each by its own type"
            )
    if not subject:
        raise TypeError(f"{handler.__qualname__} takes no {kind.__name__}")
    return Route(kind, handler, subject, tuple(wanted), where)


def find(routers: Sequence[Router], value: object) -> Route:
    """The first route that takes the value; LookupError where there is none."""
    for router in routers:
        for route in router.routes:
            if type(value) is route.kind and (route.where is None or route.where(value)):
                return route
    raise LookupError(f"no handler for {type(value).__name__}")
