"""A note: its sections, each read by every frame, put together in the order of the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.drafts import Draft
from nlu.frames.activities import activities
from nlu.frames.contacts import contact_news
from nlu.frames.deal_news import deal_news
from nlu.frames.expenses import expenses
from nlu.frames.facts import customer_facts
from nlu.frames.meeting_words import CALLED_ROUND, ROUND
from nlu.frames.papers import contracts, quotes
from nlu.frames.payments import day_of_all, payments
from nlu.frames.service import lead_of, tickets
from nlu.frames.shared_pool import pool_moves
from nlu.frames.tasks import tasks
from nlu.frames.which_deal import fitting_deals
from nlu.sections import Section, Setting, sections_of
from nlu.tenses import day_of, lies_ahead

Reader = Callable[[Section, Setting], list[Draft]]
_READERS: tuple[Reader, ...] = (
    tickets, pool_moves, activities, tasks, customer_facts, expenses, contracts, payments, quotes,
    deal_news, contact_news,
)  # fmt: skip
"""In the order in which they claim what a clause says."""
_NEEDS_CUSTOMER = frozenset(
    {"activity", "deal", "customer", "contact", "quote", "contract", "payment", "ticket"}
)


@dataclass(frozen=True)
class Read:
    """What a note gives: drafts in order, and what must be asked."""

    drafts: list[Draft]
    asks: list[Draft]
    sections: list[Section]


def read_note(setting: Setting, clauses: list[Clause]) -> Read:
    """All drafts of the note."""
    setting.clauses = clauses
    setting.round = any(map(_is_round, clauses))
    setting.called = any(CALLED_ROUND.search(c.shape) for c in clauses if _is_round(c))
    sections = _merged(sections_of(setting, clauses))
    _lead(setting, sections)
    drafts: list[Draft] = []
    asks: list[Draft] = []
    lead = (
        []
        if any(section.named and section.customer for section in sections)
        else [draft for section in sections for draft in lead_of(section, setting)]
    )
    if lead:
        return Read(lead, [], sections)
    for section in sections:
        own = _read_section(section, setting)
        if section.options and any(d.kind in _NEEDS_CUSTOMER or d.kind == "task" for d in own):
            asks.append(_ask("customer", section.options, section))
            continue
        kept, doubts = _settled(own, section)
        kept, unsure = _asked_people(kept, section, setting)
        kept, whom = _asked_colleagues(kept, section)
        doubts = [*unsure, *whom, *doubts]
        drafts += kept
        asks += doubts
    drafts = _without_repeated(drafts)
    day_of_all(drafts, clauses, setting)
    return Read(drafts, asks, sections)


def _without_repeated(drafts: list[Draft]) -> list[Draft]:
    """合同签了, 面料300米…: what a signed contract is of is no more news of its deal."""
    won = [d for d in drafts if d.kind == "deal" and d.slots.get("outcome") == "won"]

    def repeats(draft: Draft) -> bool:
        told = set(draft.slots) - {"customer", "new_customer", "deal"}
        return (
            draft.kind == "deal"
            and told == {"products"}
            and any(
                w is not draft and all(w.slots.get(s) == draft.slots.get(s) for s in _WHICH)
                for w in won
            )
        )

    return [draft for draft in drafts if not repeats(draft)]


_WHICH = ("customer", "new_customer", "deal")


def _is_round(clause: Clause) -> bool:
    """Whether a clause says that what is listed after it was visited."""
    found = ROUND.search(clause.shape) or CALLED_ROUND.search(clause.shape)
    if found is None or clause.of("customer"):
        return False
    counted = [clause.mention_at(at) for at in range(*found.span()) if clause.shape[at] == "Ⓠ"]
    return all(m is not None and m.unit in _DOORS for m in counted)


_DOORS = frozenset("家站处个位户")


def _merged(sections: list[Section]) -> list[Section]:
    """Parts of the message about one customer are read together."""
    merged: list[Section] = []
    for section in sections:
        same = next((s for s in merged if s.named and s.same(section)), None)
        if same:
            same.clauses += section.clauses
        else:
            merged.append(section)
    return merged


def _lead(setting: Setting, sections: list[Section]) -> None:
    """The day that stands before all customers."""
    before = [] if not sections or sections[0].named else sections[0].clauses
    first = next((c for c in before if c.of("date")), None)
    general = first is not None
    if first is None:
        named = next((section for section in sections if section.clauses), None)
        leading = sections[1] if before and len(sections) > 1 else named
        first = leading.clauses[0] if leading and leading.clauses else None
    dates = first.of("date") if first else []
    if not dates or first is None:
        return
    value = day_of(dates[0], first, setting, "past")
    span = dates[0].date
    if len(sections) > 1 and (general or (span and not span.floating)):
        setting.lead_day = None if first.item else value[:10]
        setting.lead_ahead = (
            general
            and len(before) == 1
            and lies_ahead(value[:10], setting.now)
            and bool(_TRIP.search(first.shape))
        )
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        setting.report_day = value


_TRIP = re.compile(r"[去到跑转走拜见访]|行程|安排|计划|出差")


def _read_section(section: Section, setting: Setting) -> list[Draft]:
    """Every frame's drafts; what needs a customer and has none is left out."""
    drafts: list[Draft] = []
    for reader in _READERS:
        drafts += reader(section, setting)
    if not section.named:
        drafts = [d for d in drafts if d.kind not in _NEEDS_CUSTOMER]
    kinds = {d.kind for d in drafts}
    if "expense" in kinds and "activity" in kinds and not _told_as_news(section):
        drafts = [d for d in drafts if d.kind != "activity"]
    if "contract" in kinds:
        drafts = _without_doubled(drafts)
    return drafts


def _told_as_news(section: Section) -> bool:
    people = any(clause.of("person") for clause in section.clauses)
    return people and len(section.clauses) > 1


def _without_doubled(drafts: list[Draft]) -> list[Draft]:
    """A contract's money and outcome stand in its own acts only."""
    signed = {d.slots.get("deal") for d in drafts if d.kind == "contract"}
    kept = []
    outcomes = set()
    for draft in drafts:
        if draft.kind == "deal" and draft.slots.get("deal") in signed:
            if draft.slots.get("outcome") == "won":
                if draft.slots.get("deal") in outcomes:
                    continue
                outcomes.add(draft.slots.get("deal"))
                draft.slots.pop("amount", None)
            elif set(draft.slots) <= {
                "customer",
                "deal",
                "amount",
                "expected_close",
                "new_customer",
            }:
                continue
        kept.append(draft)
    return kept


def _settled(drafts: list[Draft], section: Section) -> tuple[list[Draft], list[Draft]]:
    """Drafts that stand, and one question where the deal that is meant is open."""
    doubtful = [d for d in drafts if d.confidence < 0.5]
    if not doubtful or not section.customer:
        return drafts, []
    kept = [d for d in drafts if d not in doubtful]
    deals = fitting_deals(section.customer, section.text, several=True) or section.customer.deals
    ask = _ask("deal", tuple(deal.id for deal in deals), section)
    return kept, [ask]


def _asked_people(
    drafts: list[Draft], section: Section, setting: Setting
) -> tuple[list[Draft], list[Draft]]:
    """What needs to know which of two contacts is meant waits for the answer."""
    waiting = [
        d
        for d in drafts
        if {d.slots.get("name"), *d.slots.get("contacts", ())} & setting.doubts.keys()
    ]
    if not waiting:
        return drafts, []
    said = next(s for s in setting.doubts if any(s in str(d.slots) for d in waiting))
    mention, names = setting.doubts[said]
    ask = _ask("contact", names, section)
    ask.spans["options"] = (mention.start, mention.end)
    return [d for d in drafts if d not in waiting], [ask]


def _asked_colleagues(drafts: list[Draft], section: Section) -> tuple[list[Draft], list[Draft]]:
    """A task for one of two colleagues of a name waits for the answer."""
    waiting = next((d for d in drafts if "users" in d.slots), None)
    if waiting is None:
        return drafts, []
    ask = _ask("user", tuple(waiting.slots["users"]), section)
    ask.spans["options"] = waiting.spans["users"]
    return [d for d in drafts if d is not waiting], [ask]


def _ask(about: str, options: tuple[str, ...], section: Section) -> Draft:
    ask = Draft("ask", section.clauses[0].start if section.clauses else 0)
    ask.put("about", about)
    ask.put("options", list(options))
    if section.mention:
        ask.spans["options"] = (section.mention.start, section.mention.end)
    return ask
