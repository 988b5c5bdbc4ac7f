"""The company's set-up: rows of the database over `default.toml`, as one checked value."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.errors import Invalid
from storage.models.service import Setup

DEFAULT = Path(__file__).with_name("default.toml")
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Word = Annotated[str, Field(min_length=1, max_length=50)]
DAYS = r"^(daily|workdays|weekly-[1-7]|monthly-([1-9]|[12]\d|3[01]))$"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Pipeline(_Part):
    """The open stages in order, what won and lost deals are called, and when one has stalled."""

    stages: Annotated[tuple[Word, ...], Field(min_length=1)]
    won: Word
    lost: Word
    stalled_days: Annotated[int, Field(ge=1, le=365)] = 14

    @model_validator(mode="after")
    def _distinct(self) -> Pipeline:
        names = (*self.stages, self.won, self.lost)
        if len(set(names)) != len(names):
            raise ValueError("every stage needs a name of its own")
        return self


class Catalogue(_Part):
    """The company's own words: what it sells, where, against whom."""

    products: tuple[Word, ...] = ()
    competitors: tuple[Word, ...] = ()
    regions: tuple[Word, ...] = ()
    industries: tuple[Word, ...] = ()


class QuoteLimits(_Part):
    """Up to where a quote needs nobody's approval."""

    min_discount: Annotated[float, Field(gt=0, le=1)]
    max_amount_yuan: Annotated[int, Field(gt=0)]
    comparable: Annotated[int, Field(ge=1, le=20)] = 5


class Reminders(_Part):
    """When a task's owner is reminded where no time was said."""

    at: Clock
    late: Clock


class Reports(_Part):
    """The daily picture."""

    daily_at: Clock
    daily_days: Annotated[str, Field(pattern=DAYS)]
    group: Word


class Calendar(_Part):
    """The company's own days over the official calendar."""

    extra_workdays: tuple[date, ...] = ()
    extra_holidays: tuple[date, ...] = ()


class Currency(_Part):
    """Words that stand behind an amount."""

    words: tuple[Word, ...]


class Pool(_Part):
    """The shared pool; `most_owned` 0 means no limit."""

    most_owned: Annotated[int, Field(ge=0)] = 0


Given = Literal["rep", "manager", "director", "finance"]
"""Roles that a rule may give; an administrator is made by hand only."""


class RoleRule(_Part):
    """A role for whoever leads a department, or has this word in the title; both where both."""

    role: Given
    title: Word | None = None
    leads: bool = False

    @model_validator(mode="after")
    def _fits_somebody(self) -> RoleRule:
        if self.title is None and not self.leads:
            raise ValueError("a rule needs a title or leads = true")
        return self


class People(_Part):
    """What the address book decides; `departments` (names or ids, with all below) empty: all."""

    auto_open: bool = False
    default_role: Given = "rep"
    roles: tuple[RoleRule, ...] = ()
    departments: tuple[Word, ...] = ()
    sync_at: Clock


class CustomField(_Part):
    """A field that the company adds to its customers."""

    name: Word
    type: Literal["text", "number", "choice", "date"] = "text"
    choices: tuple[Word, ...] = ()


class Custom(_Part):
    """What the company adds to the records."""

    fields: tuple[CustomField, ...] = ()


@cache
def _defaults() -> dict[str, Any]:
    return tomllib.loads(DEFAULT.read_text(encoding="utf-8"))


def _default(key: str) -> Any:
    return Field(default_factory=lambda: _defaults()[key], validate_default=True)


class CompanySetup(_Part):
    """What the company decides; `CompanySetup()` is the one that a new company starts with."""

    pipeline: Pipeline = _default("pipeline")
    catalogue: Catalogue = _default("catalogue")
    quotes: QuoteLimits = _default("quotes")
    reminders: Reminders = _default("reminders")
    reports: Reports = _default("reports")
    calendar: Calendar = _default("calendar")
    currency: Currency = _default("currency")
    pool: Pool = _default("pool")
    people: People = _default("people")
    custom: Custom = _default("custom")

    @property
    def stages(self) -> tuple[str, ...]:
        """The open stages, in order."""
        return self.pipeline.stages

    @property
    def won(self) -> str:
        """What the stage of a won deal is called."""
        return self.pipeline.won

    @property
    def lost(self) -> str:
        """What the stage of a lost deal is called."""
        return self.pipeline.lost

    @property
    def stage_names(self) -> tuple[str, ...]:
        """All stages, won and lost last."""
        return (*self.stages, self.won, self.lost)

    @property
    def products(self) -> tuple[str, ...]:
        """What the company sells."""
        return self.catalogue.products

    @property
    def competitors(self) -> tuple[str, ...]:
        """Whom it meets."""
        return self.catalogue.competitors

    @property
    def regions(self) -> tuple[str, ...]:
        """Where it sells."""
        return self.catalogue.regions

    @property
    def industries(self) -> tuple[str, ...]:
        """To which lines of business."""
        return self.catalogue.industries

    @property
    def fields(self) -> tuple[CustomField, ...]:
        """The customers' custom fields."""
        return self.custom.fields


async def load(session: AsyncSession) -> CompanySetup:
    """The set-up as it stands in the database."""
    rows = {row.key: row.value for row in await session.scalars(select(Setup))}
    return merged(rows)


def merged(rows: dict[str, dict[str, Any]]) -> CompanySetup:
    """Documents by key over the defaults, key by key; Invalid where one doesn't fit."""
    known = CompanySetup.model_fields
    document = {key: {**_defaults()[key], **value} for key, value in rows.items() if key in known}
    try:
        return CompanySetup.model_validate(document)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise Invalid(where, fault.get("input")) from error


async def save(session: AsyncSession, key: str, value: dict[str, Any]) -> CompanySetup:
    """Change one key's document after checking it; Invalid for an unknown key or bad value."""
    if key not in CompanySetup.model_fields:
        raise Invalid("setup", key, tuple(CompanySetup.model_fields))
    rows = {row.key: row for row in await session.scalars(select(Setup))}
    now = session.info.get("now") or datetime.now(UTC)
    ready = merged({**{k: row.value for k, row in rows.items()}, key: value})
    if key in rows:
        rows[key].value, rows[key].updated_at = value, now
    else:
        session.add(Setup(key=key, value=value, updated_at=now))
    await session.flush()
    return ready
