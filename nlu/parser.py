"""Words to acts: reads one message with what it may name and what the conversation remembers."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from nlu import expressions as re
from nlu.acts import Act, to_json
from nlu.clauses import FILL, Clause, split
from nlu.dialects import in_common_speech
from nlu.drafts import Draft
from nlu.known import Known, Person
from nlu.memory import Memory, OpenAsk
from nlu.naming import ordinary, sound
from nlu.naming.linking import Talk
from nlu.naming.newcomers import newcomers
from nlu.normal import Normal, find_fillers, normalise
from nlu.notes import read_note
from nlu.scene import read_mentions
from nlu.sections import Setting
from nlu.talk.asking import is_question, only_asks
from nlu.talk.commands import command, is_called_off, is_help, is_undo
from nlu.talk.corrections import correction
from nlu.talk.dialogue import answer_to
from nlu.talk.follow_ups import follow_up
from nlu.talk.look_up import look_up
from nlu.talk.questions import questions
from nlu.vocabulary import words_of

MAX_CHARS = 12_000
"""Longer texts are cut: nobody dictates them, and time must stay bounded."""
_ASKS_AT_END = re.compile(r"[?？吗]\s*$")
_WRITES = frozenset(
    {"activity", "deal", "task", "customer", "contact", "quote", "contract", "payment", "expense", "ticket",
     "lead", "transfer", "claim", "release"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Understood:
    """An act with how sure the reading is (0 to 1) and the span of the text behind each slot."""

    act: Act
    confidence: float
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message means, and the conversation's memory after it."""

    acts: tuple[Understood, ...]
    memory: Memory


def warm() -> None:
    """Loads what is otherwise loaded by the first text (pinyin and everyday words, 0.4 s).

    Blocks, so a service calls it in a thread at its start; calling it again costs nothing. The
    table of traditional characters stays lazy: most companies never meet one.
    """
    re.prepare()
    sound.warm()
    ordinary.warm()


def read(text: str, *, at: datetime, sender: Person, known: Known, memory: Memory) -> Reading:
    """The acts of a message; none for small talk."""
    normal = normalise(text[:MAX_CHARS])
    setting = setting_of(normal, at, sender, known, memory)
    if is_undo(setting.raw, written=bool(memory.written)):
        return _reading([Draft("undo", 0)], normal, replace(memory, ask=None), setting)
    if is_called_off(setting.raw):
        return Reading((), memory)
    if is_help(setting.raw):
        return _reading([Draft("help", 0)], normal, memory, setting)
    answered = _answered(memory.ask, setting, memory) if memory.ask else None
    drafts, asks = _drafts(setting, clauses_of(setting), memory)
    if answered and not any(map(_is_news, drafts)):
        return answered
    return _concluded(drafts, asks, normal, setting, memory, at)


_NEWS = frozenset({"task", "payment", "contract", "quote", "ticket", "expense"})
_DEAL_NEWS = frozenset({"stage", "outcome", "expected_close", "competitors"})


def _is_news(draft: Draft) -> bool:
    """视觉那单进谈判了 names what was asked about, but tells more than which one is meant."""
    return draft.kind in _NEWS or (draft.kind == "deal" and bool(_DEAL_NEWS & draft.slots.keys()))


def setting_of(
    normal: Normal, at: datetime, sender: Person, known: Known, memory: Memory
) -> Setting:
    """What reading needs: the text with its fillers marked, the words, who asks and when."""
    raw, plain = re.Text(normal.text), normal.text
    plain = in_common_speech(plain)
    if "元月" in plain:
        plain = _JANUARY.sub("一月", plain)
    text = re.Text(plain) if plain != raw else raw
    fillers = find_fillers(text)
    for start, end in fillers:
        plain = plain[:start] + FILL * (end - start) + plain[end:]
    text = re.Text(plain) if fillers else text
    return Setting(
        now=at.replace(tzinfo=None), sender=sender, known=known, words=words_of(known.vocabulary),
        text=text, raw=raw, recent=memory.customers, recent_deal=memory.deal, recent_person=memory.person,
    )  # fmt: skip


_JANUARY = re.compile(r"(?<![0-9百千万亿])元月(?!子)|元月(?=\d|[一二三四五六七八九十]{1,3}[号日])")
"""元月底 is the end of January; 3万元月底 isn't."""


def clauses_of(setting: Setting) -> list[Clause]:
    """The text's clauses with what each names, known or new."""
    talk = Talk(setting.sender.id, setting.recent)
    mentions = read_mentions(setting.text, now=setting.now, known=setting.known, talk=talk)
    new = newcomers(setting.text, mentions)
    if new:
        kept = [m for m in mentions if not any(n.start < m.end and m.start < n.end for n in new)]
        mentions = sorted([*kept, *new], key=lambda m: m.start)
    setting.clauses = split(setting.text, mentions)
    return setting.clauses


def _drafts(
    setting: Setting, clauses: list[Clause], memory: Memory
) -> tuple[list[Draft], list[Draft]]:
    """Drafts that stand, and questions to ask back."""
    fixed = correction(setting, clauses, memory.written)
    if fixed:
        return [fixed], []
    ordered = command(setting, clauses)
    if ordered:
        if ordered[0].kind in ("claim", "release") and len(clauses) > 1:
            told = read_note(setting, clauses).drafts
            ordered += [d for d in told if d.kind in ("activity", "task")]
        return _with_options(ordered)
    followed = follow_up(setting, clauses, list(memory.queries))
    if followed:
        return _with_options(followed)
    unknown = look_up(setting, clauses)
    if unknown:
        return [unknown], []
    if is_question(setting, clauses):
        asked = questions(setting, clauses)
        if asked:
            return _with_options(_of_the_same(asked, setting, memory))
        if _ASKS_AT_END.search(setting.raw) or only_asks(setting, clauses):
            return [], []
    note = read_note(setting, clauses)
    return note.drafts, note.asks


def _of_the_same(asked: list[Draft], setting: Setting, memory: Memory) -> list[Draft]:
    """逾期的有多少, asked right after a question about a customer, is about that customer."""
    last = next((q["customer"] for q in memory.queries if "customer" in q), None)
    for draft in asked if last in setting.by_id and len(setting.raw) <= 12 else ():
        whole = draft.slots.keys() & {"customer", "filters", "group_by", "view", "period"}
        if draft.slots.get("about") in ("metric", "contracts", "quotes", "payments") and not whole:
            draft.put("customer", last)
    return asked


def _with_options(drafts: list[Draft]) -> tuple[list[Draft], list[Draft]]:
    """A draft that holds options is a question instead."""
    for draft in drafts:
        about = "user" if "users" in draft.slots else "customer"
        options = draft.slots.pop("users", None) or draft.slots.pop("options", None)
        if options:
            known = (
                draft.slots.get("about") in ("deals", "quotes", "contracts")
                and "customer" in draft.slots
            )
            ask = Draft("ask", 0)
            ask.put("about", "deal" if known else about)
            ask.put("options", options)
            span = draft.spans.get("users") or draft.spans.get("options")
            if span:
                ask.spans["options"] = span
            return [], [ask]
    return drafts, []


def _answered(ask: OpenAsk, setting: Setting, memory: Memory) -> Reading | None:
    """The asked message read again, with what was chosen settled."""
    chosen = answer_to(setting, ask)
    if chosen is None:
        return None
    at = datetime.fromisoformat(ask.at)
    normal = normalise(ask.text)
    again = setting_of(normal, at, setting.sender, setting.known, memory)
    key = "deal" if ask.about == "deal" else ask.surface
    again.settled = {**ask.settled, key: chosen}
    calm = replace(memory, ask=None, queries=())
    drafts, asks = _drafts(again, clauses_of(again), calm)
    if ask.about == "contact":
        named = [
            d for d in drafts if chosen in (d.slots.get("name"), *d.slots.get("contacts", ()))
        ]
        drafts = named or drafts
    if ask.about == "deal" and any(d.kind == "deal" for d in drafts):
        drafts = [d for d in drafts if d.slots.get("deal") == chosen]
    reading = _concluded(drafts, asks, normal, again, calm, at)
    both = (*memory.written, *reading.memory.written)
    whole = both if reading.memory.written is not memory.written else memory.written
    return replace(reading, memory=replace(reading.memory, written=whole))


def _concluded(
    drafts: list[Draft], asks: list[Draft], normal: Normal, setting: Setting, memory: Memory,
    at: datetime,
) -> Reading:  # fmt: skip
    """One question at most; it waits in memory together with its text."""
    later = replace(memory, ask=None)
    if asks:
        ask = asks[0]
        span = ask.spans.get("options")
        surface = setting.text[slice(*span)] if span else ""
        later = replace(
            later,
            ask=OpenAsk(
                about=ask.slots["about"], options=tuple(ask.slots["options"]), text=normal.text,
                at=at.isoformat(), surface=surface, settled=setting.settled,
            ),
        ).spoken_of(_customer_options(ask, setting))  # fmt: skip
    return _reading(drafts + asks[:1], normal, later, setting)


def _customer_options(ask: Draft, setting: Setting) -> tuple[str, ...]:
    """The customers that an answer needs: the options, or whose deals they are."""
    options = set(ask.slots["options"])
    ids = tuple(o for o in ask.slots["options"] if o in setting.by_id)
    owners = tuple(c.id for c in setting.known.customers if any(d.id in options for d in c.deals))
    named = tuple(
        m.links[0].customer.id for c in setting.clauses for m in c.of("customer") if m.links
    )
    return (*ids, *owners, *named)


def _reading(drafts: list[Draft], normal: Normal, memory: Memory, setting: Setting) -> Reading:
    ordered = sorted(drafts, key=lambda d: d.at)
    acts = tuple(_understood(draft, normal) for draft in ordered)
    return Reading(acts, _remembered(memory, acts, setting))


def _understood(draft: Draft, normal: Normal) -> Understood:
    size = len(normal.text)
    spans = {
        slot: normal.original(min(start, size), min(end, size))
        for slot, (start, end) in draft.spans.items()
        if slot in draft.slots
    }
    return Understood(draft.act(), draft.confidence, spans)


def _remembered(memory: Memory, acts: tuple[Understood, ...], setting: Setting) -> Memory:
    plain = [to_json(understood.act) for understood in acts]
    customers = [a["customer"] for a in plain if a.get("customer") in setting.by_id]
    customers += [c for a in plain if isinstance(a.get("customers"), list) for c in a["customers"]]
    written = tuple(a for a in plain if a["type"] in _WRITES)
    queries = tuple(a for a in plain if a["type"] == "query")
    deals = [a["deal"] for a in plain if a.get("deal") not in (None, "new")]
    people = [name for a in plain for name in a.get("contacts", [])]
    if not plain:
        return memory
    if customers:
        memory = memory.spoken_of(tuple(reversed(dict.fromkeys(customers))))
    return replace(
        memory,
        deal=deals[-1] if deals else None if customers else memory.deal,
        person=people[-1] if people else memory.person,
        written=written or memory.written,
        queries=queries or (() if written else memory.queries),
    )
