"""Parts of a message by the customer they are about; later clauses stay with the one before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from nlu import expressions as re
from nlu.clauses import Clause
from nlu.known import Known, KnownCustomer, Person
from nlu.naming.linking import Evidence, choose
from nlu.naming.people import Named, contact_of
from nlu.scene import Mention
from nlu.vocabulary import Words

_BACK = re.compile(
    r"(?:^|Ⓓ)[^,，]{0,2}再(?:去|跑|来|约|见|拜访)|^(?:那|这)?个?(?:单子|商机|项目)|他们|她们|它们|它(?!们)|这个客户|那个客户|这家|那家|这客户|该客户|客户那边|对方|那个?单|这个?单|那个?项目|这个?项目|这个?商机|那个?商机|那个?合同|这个?合同"
)
_FIELD_FIRST = re.compile(r"[^,，ⒸⓅⓊ]{0,3}Ⓗ")
"""结算周期月结, said in a conversation about a customer, is that customer's."""
_HIM = re.compile(r"[他她](?!们)")
_MORE = re.compile(r"^(?:对了|还有|另外|再|补充|顺便|哦对)")


@dataclass(eq=False)
class Section:
    """Clauses about one customer: a known one, a new one by name, or one to be asked about."""

    clauses: list[Clause]
    customer: KnownCustomer | None = None
    new_name: str = ""
    options: tuple[str, ...] = ()
    mention: Mention | None = None

    @property
    def named(self) -> bool:
        """Whether it says of whom it speaks."""
        return bool(self.customer or self.new_name or self.options)

    @property
    def text(self) -> str:
        """The clauses' text, joined."""
        return "\n".join(clause.text for clause in self.clauses)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of what its clauses name: a frame of sums needs no look where none is."""
        return frozenset([m.kind for clause in self.clauses for m in clause.mentions])

    def same(self, other: Section) -> bool:
        """Whether both speak of the same customer."""
        return (self.customer, self.new_name, self.options) == (
            other.customer, other.new_name, other.options,
        )  # fmt: skip


@dataclass(eq=False)
class Setting:
    """What reading a message needs beside its words."""

    now: datetime
    sender: Person
    known: Known
    words: Words
    text: re.Text = field(default_factory=lambda: re.Text(""))
    raw: re.Text = field(default_factory=lambda: re.Text(""))
    """The text with its fillers."""
    recent: tuple[str, ...] = ()
    recent_deal: str | None = None
    recent_person: str | None = None
    settled: dict[str, str] = field(default_factory=dict)
    clauses: list[Clause] = field(default_factory=list)
    report_day: str | None = None
    """The day told last: 下午 after it means that day's."""
    lead_day: str | None = None
    """The day that stands before all customers and holds for each."""
    lead_ahead: bool = False
    """Whether that day is told as one to come: 后天去河北转一圈:…"""
    doubts: dict[str, tuple[Mention, tuple[str, ...]]] = field(default_factory=dict)
    """Persons as said who may be several contacts: the mention and their names."""
    round: bool = False
    """Whether the message says that the customers it lists were visited, or called."""
    called: bool = False

    @cached_property
    def new_people(self) -> tuple[str, ...]:
        """Full names that the text gives, whosever they are."""
        people = (m.named for clause in self.clauses for m in clause.of("person") if m.named)
        return tuple(dict.fromkeys(p.full for p in people if p.full))

    @cached_property
    def shape(self) -> re.Text:
        """The shapes of all clauses."""
        return re.Text.joined([clause.shape for clause in self.clauses])

    @cached_property
    def by_id(self) -> dict[str, KnownCustomer]:
        """The known customers by id."""
        return {customer.id: customer for customer in self.known.customers}


def resolve(setting: Setting, mention: Mention, clause: Clause) -> tuple[str, ...]:
    """The ids that a customer's mention may mean, in the world's order; none for a new name."""
    if not mention.links:
        return ()
    settled = setting.settled.get(mention.text)
    if settled in {link.customer.id for link in mention.links}:
        return (str(settled),)
    near = setting.clauses[clause.index : clause.index + 4] if setting.clauses else [clause]
    people = [m.named for c in near for m in c.of("person") if m.named]
    evidence = Evidence(
        text=setting.text,
        sender=setting.sender.id,
        recent=setting.recent,
        people=tuple((p.full or p.surname, p.title) for p in people),
    )
    chosen = choose(mention.links, evidence)
    order = {customer.id: place for place, customer in enumerate(setting.known.customers)}
    return tuple(sorted((c.id for c in chosen), key=lambda one: order[one]))


def sections_of(setting: Setting, clauses: list[Clause]) -> list[Section]:
    """The message's sections in order; what leads a single one belongs to it."""
    sections: list[Section] = []
    current = Section([])
    for clause in clauses:
        for piece, section in _topics(setting, clause, current, sections):
            if section is not current and (section.named or not current.named):
                current = _placed(sections, section)
            elif not sections or current is not sections[-1]:
                current = _placed(sections, current)
            current.clauses.append(piece)
    return _settle_lead(setting, sections)


def _placed(sections: list[Section], section: Section) -> Section:
    if sections and sections[-1].same(section):
        return sections[-1]
    placed = Section([], section.customer, section.new_name, section.options, section.mention)
    sections.append(placed)
    return placed


def _topics(
    setting: Setting, clause: Clause, current: Section, sections: list[Section]
) -> list[tuple[Clause, Section]]:
    """The clause, or its pieces, with the section that each belongs to."""
    mentions = clause.of("customer")
    if not mentions:
        other = _by_person(setting, clause, current, sections)
        return [(clause, other or current)]
    named = [(m, _section(setting, m, clause)) for m in mentions]
    apart: list[tuple[Mention, Section]] = []
    for mention, section in named:
        if not any(section.same(kept) for _, kept in apart):
            apart.append((mention, section))
    if len(apart) == 1:
        return [(clause, apart[0][1])]
    return _pieces(clause, apart)


def _section(setting: Setting, mention: Mention, clause: Clause) -> Section:
    if not mention.links:
        return Section([], new_name=mention.values[0], mention=mention)
    ids = resolve(setting, mention, clause)
    if len(ids) == 1:
        return Section([], customer=setting.by_id[ids[0]], mention=mention)
    return Section([], options=ids, mention=mention)


def _pieces(clause: Clause, apart: list[tuple[Mention, Section]]) -> list[tuple[Clause, Section]]:
    """A clause about two customers: shared when they stand side by side, else cut between.

    甲42万、乙8万 is cut: each has its own sum.
    """
    first, second = apart[0][0], apart[1][0]
    between = clause.text[first.end - clause.start : second.start - clause.start]
    own_sum = any(first.end <= m.start < second.start for m in clause.of("amount"))
    if re.search(r"[和跟与、及]|还有", between) and len(between) <= 12 and not own_sum:
        return [(_only(clause, apart, section), section) for _, section in apart]
    pieces, start = [], clause.start
    for place, (_, section) in enumerate(apart):
        stop = _before_it(clause, apart[place + 1][0]) if place + 1 < len(apart) else clause.end
        own = [m for m in clause.mentions if start <= m.start < stop]
        text = clause.text[start - clause.start : stop - clause.start]
        pieces.append(
            (Clause(text, start, stop, own, clause.strong, clause.item, clause.index), section)
        )
        start = stop
    return pieces


def _before_it(clause: Clause, mention: Mention) -> int:
    """Where the piece about a customer begins: with the day right before it, 周二某某."""
    at = clause.mentions.index(mention)
    day = clause.mentions[at - 1] if at else None
    if day is None or day.kind != "date":
        return mention.start
    gap = clause.text[day.end - clause.start : mention.start - clause.start]
    return day.start if gap.strip() in ("", "去", "到", "是", "在") else mention.start


def _only(clause: Clause, apart: list[tuple[Mention, Section]], own: Section) -> Clause:
    """The clause without the other customers and their people."""
    bounds = sorted(m.start for m, _ in apart)
    mine = next(m for m, section in apart if section is own)
    stop = next((b for b in bounds if b > mine.start), clause.end)
    kept = [m for m in clause.mentions if m.kind != "person" or mine.start <= m.start < stop]
    return Clause(
        clause.text, clause.start, clause.end, kept, clause.strong, clause.item, clause.index
    )


def _by_person(
    setting: Setting, clause: Clause, current: Section, sections: list[Section]
) -> Section | None:
    """A person who belongs to another customer of the message brings it back."""
    people = [m.named for m in clause.of("person") if m.named and (m.named.title or m.named.full)]
    if not people or (current.customer and any(contact_of(p, current.customer) for p in people)):
        return None
    earlier = [s for s in sections if s.customer and _has(s.customer, people)]
    if earlier:
        return earlier[-1]
    if current.named and not _turns_to(clause, people):
        return None
    owners = [c for c in setting.known.customers if any(p.full and _has(c, [p]) for p in people)]
    return Section([], customer=owners[0]) if len(owners) == 1 else None


_REACHES = re.compile(
    r"(?:给|跟|和|找|联系|见|约|回|催|拜访|通知)Ⓟ|Ⓟ[^,，]{0,2}(?:[给跟]我|打|来|发)[了过个来]*[^,，]{0,3}(?:电话|微信|邮件|消息|语音|短信)"
)


def _turns_to(clause: Clause, people: list[Named]) -> bool:
    """回头再给某某发邮件: whom we reach in a clause of its own."""
    return len(people) == 1 and bool(people[0].full) and _REACHES.search(clause.shape) is not None


def _has(customer: KnownCustomer, people: list[Named]) -> bool:
    return any(contact_of(person, customer) for person in people)


_TOGETHER = re.compile(r"Ⓓ[^,，]{0,6}(?:饭局|聚餐|吃|喝|开了?[^,，]{0,6}会|碰头|座谈|宴|聚)|饭局")


def _share_lead(sections: list[Section]) -> None:
    """昨晚攒了个饭局,甲于总和乙逄总一桌: what leads a clause about two is of each."""
    lead = sections[0] if sections and not sections[0].named else None
    if lead is None or len(lead.clauses) != 1 or not _TOGETHER.search(lead.clauses[0].shape):
        return
    shared = [
        s for s in sections[1:] if s.clauses and s.clauses[0].start == sections[1].clauses[0].start
    ]
    for section in shared if len({s.clauses[0].end for s in shared}) == 1 < len(shared) else ():
        section.clauses.insert(0, lead.clauses[0])


def _settle_lead(setting: Setting, sections: list[Section]) -> list[Section]:
    named = [section for section in sections if section.named]
    _share_lead(sections)
    if not named:
        return [_from_talk(setting, section) for section in sections]
    if sections[0].named or (len(named) > 1 and not all(named[0].same(s) for s in named)):
        return sections
    lead, first = sections[0], sections[1]
    if _of_another(lead, first):
        return sections
    first.clauses[:0] = lead.clauses
    return sections[1:]


def _ends_of(deal: str) -> tuple[str, ...]:
    """Ways to point to a deal in talk: its name, or a piece of it before 那个."""
    return (deal, *(f"{deal[i : i + 2]}那" for i in range(len(deal) - 1)))


_ANEW = re.compile(r"^\s*(?:然后|另外|还有|接着|再就是|后来)")


def _of_another(lead: Section, first: Section) -> bool:
    """Whether what stands before 然后某某… tells of persons who aren't that customer's."""
    if not first.customer or not _ANEW.search(first.clauses[0].shape if first.clauses else ""):
        return False
    people = [m.named for c in lead.clauses for m in c.of("person") if m.named]
    return bool(people) and not _has(first.customer, people)


def _from_talk(setting: Setting, section: Section) -> Section:
    """他们 and 那个单子 mean the customer that was spoken of last."""
    last = setting.by_id.get(setting.recent[0]) if setting.recent else None
    text = "".join(clause.shape for clause in section.clauses)
    said = "".join(clause.text for clause in section.clauses)
    if last and any(piece in said for deal in last.deals for piece in _ends_of(deal.name)):
        return Section(section.clauses, customer=last)
    back = (_BACK, _HIM, _MORE)
    if last and (_FIELD_FIRST.match(text) or any(cue.search(text) for cue in back)):
        return Section(section.clauses, customer=last)
    return section
