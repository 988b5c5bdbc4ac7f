"""What a text names, span by span: each kind read masks its place for the next."""

# ruff: noqa: E501 - a pattern or a list of words is read in one piece
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from nlu import expressions as re
from nlu.amounts.money import AmountSpan, DiscountSpan, find_numbers
from nlu.calendar.dates import DateSpan, find_dates
from nlu.known import Known, KnownCustomer
from nlu.naming.alike import find_alike, find_written
from nlu.naming.linking import MASK, NOBODY, Link, Talk, find_by_deal, find_heard, longer_heard
from nlu.naming.name_words import COMMON
from nlu.naming.people import SURNAME, TITLE, TITLES, Named, contact_of, find_people
from nlu.naming.sound import sounds_of
from nlu.vocabulary import Word, words_of

TAGS = {
    "customer": "Ⓒ", "person": "Ⓟ", "user": "Ⓤ", "date": "Ⓓ", "amount": "Ⓐ", "factor": "Ⓕ",
    "quantity": "Ⓠ", "rival": "Ⓡ", "product": "Ⓖ", "stage": "Ⓢ", "field": "Ⓗ", "choice": "Ⓞ",
    "team": "Ⓣ", "region": "Ⓥ", "industry": "Ⓘ", "phone": "Ⓝ", "email": "Ⓔ", "number": "Ⓩ",
}  # fmt: skip
_PATTERNS = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.ASCII)),
    ("phone", re.compile(r"(?<![\d.])(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-\d{7,8})(?!\d)")),
    ("number", re.compile(
        r"(?:合同编?号|合同编码|编号|单号|票号|号码|合同(?=\s*[A-Z]{1,6}-?\d))(?:是|为|[:：])?\s*([A-Za-z0-9][A-Za-z0-9\-/_.]{2,38}[A-Za-z0-9])"
        r"|(?<![A-Za-z0-9])([A-Z]{1,6}(?:-[A-Z]{1,6}){0,3}-\d[A-Z0-9\-]{0,30}\d|[A-Z]{1,4}-?20\d{2}[A-Z0-9\-]{0,30}\d|[A-Z]{2,4}\d{6,10})(?![A-Za-z0-9])"
    )),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A piece of the text that names something; the fields after `text` depend on the kind."""

    kind: str
    start: int
    end: int
    text: str
    values: tuple[str, ...] = ()
    short: bool = False
    links: tuple[Link, ...] = ()
    named: Named | None = None
    date: DateSpan | None = None
    amount: float | int | tuple[float | int, float | int] | None = None
    factor: float | None = None
    unit: str = ""


def read_mentions(text: str, *, now: datetime, known: Known, talk: Talk = NOBODY) -> list[Mention]:
    """All mentions in order, none overlapping."""
    reader = _Reader(text)
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(reader.free):
            group = next((g for g in (1, 2) if pattern.groups >= g and match[g]), 0)
            reader.add(kind, *match.span(group), values=(match[group],))
    names = find_written(reader.free, known.customers, talk)
    for start, end, links in names:
        stop, longer = longer_heard(text, start, end, _others(known, links))
        if longer:
            reader.add("customer", start, stop, links=longer)
        elif text[start:end] not in COMMON or any(link.rank <= 0 for link in links):
            reader.add("customer", start, end, links=links)
    for start, end, links in find_by_deal(reader.free, known.customers):
        reader.add("customer", start, end, links=links)
    exact = {link.customer.id for _, _, links in names for link in links}
    others = [c for c in known.customers if c.id not in exact]
    for start, end, links in find_alike(reader.free, others, talk):
        reader.add("customer", start, end, links=links)
    _read_words(reader, known)
    _read_values(reader, now, known)
    if others:
        for start, end, links in find_heard(reader.free, others, talk):
            if text[end - 1] not in _NO_NAMES_END and text[start] not in _NO_NAMES_START:
                reader.add("customer", start, end, links=links)
    for start, end, named in find_people(reader.free_for_people(), known.customers):
        reader.add("person", start, end, named=named)
    return reader.settled()


def _others(known: Known, links: tuple[Link, ...]) -> list[KnownCustomer]:
    named = {link.customer.id for link in links}
    return [customer for customer in known.customers if customer.id not in named]


_NO_NAMES_START = frozenset("去来到跟给把被让我你他她这那没每各某")
_NO_NAMES_END = frozenset("于了的是在也就都还又才着过吗呢吧么们")
"""终于 is no firm, however it sounds."""


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text if isinstance(text, re.Text) else re.Text(text)
        self.free = self.text
        self._found: list[Mention] = []

    def add(self, kind: str, start: int, end: int, **fields: object) -> None:
        if MASK in self.free[start:end]:
            return
        make: Callable[..., Mention] = Mention
        said = self.text[start:end]
        self._found.append(make(kind=kind, start=start, end=end, text=said, **fields))
        free = self.free[:start] + MASK * (end - start) + self.free[end:]
        self.free = re.Text.marked(free, self.text)

    def names_product(self, place: int) -> bool:
        """Whether a product's name starts at a place."""
        return any(m.kind == "product" and m.start == place for m in self._found)

    def free_for_people(self) -> re.Text:
        """The working text with telephone numbers marked, which stand beside names."""
        text: str = self.free
        for phone in (m for m in self._found if m.kind == "phone"):
            text = text[: phone.start] + "☎" * (phone.end - phone.start) + text[phone.end :]
        return re.Text.marked(text, self.text)

    def settled(self) -> list[Mention]:
        return _without_retracted(sorted(self._found, key=lambda m: m.start), self.text)


def _read_words(reader: _Reader, known: Known) -> None:
    for start, end, found in words_of(known.vocabulary).forms.find(reader.free):
        words = sorted((w for w in found if isinstance(w, Word)), key=lambda word: word.short)
        kind = words[0].kind
        if kind == "user" and words[0].short and _is_contact(reader.text[start:end], known):
            continue
        if kind == "product" and words[0].short and _LONG_TITLE.match(reader.text, end):
            continue
        if kind == "field" and words[0].short and _LONGER.match(reader.text, end):
            continue
        if kind == "product" and words[0].short and _NEXT_DAY.match(reader.text, end - 1):
            continue
        values = tuple(word.value for word in words if word.kind == kind)
        reader.add(kind, start, end, values=values, short=words[0].short)


_NEXT_DAY = re.compile("[明后今][天早晚年]")
"""他说明天打 names no 说明."""
_LONGER = re.compile("[金费款单书卡员险]")
"""保单费 is no 保单到期日: the short form of a field is a piece of another word."""
_LONG_TITLE = re.compile("|".join(sorted(TITLES, key=len, reverse=True)))
_CALLED = re.compile(f"(?P<surname>{SURNAME})(?P<title>{TITLE})")


def _is_contact(said: str, known: Known) -> bool:
    """马总 is the customer's, where a customer of the text has one, rather than ours."""
    match = _CALLED.fullmatch(said)
    named = Named(said=said, surname=match["surname"], title=match["title"]) if match else None
    return named is not None and any(contact_of(named, c) for c in known.customers)


_NUMBERED = re.compile(r"[一二三四五六七八九十\d]{1,3}号[\u4e00-\u9fff]{1,2}")


def _without_numbers(text: str, known: Known) -> str:
    """一号新梯, where a deal is called so, is no first of the month."""
    for piece in {p for c in known.customers for d in c.deals for p in _NUMBERED.findall(d.name)}:
        text = text.replace(piece, MASK * len(piece))
    return text


def _read_values(reader: _Reader, now: datetime, known: Known) -> None:
    """Dates and numbers, none of them cut out of a known person's name."""
    guarded: str = reader.free
    for name in {c.name for customer in known.customers for c in customer.contacts}:
        if name in guarded:
            guarded = guarded.replace(name, MASK * len(name))
    if "号" in guarded:
        guarded = _without_numbers(guarded, known)
    for day in find_dates(guarded, now, tense=None):
        reader.add("date", day.start, day.end, date=day)
    for span in find_numbers(reader.free):
        if isinstance(span, DiscountSpan):
            reader.add("factor", span.start, span.end, factor=span.value)
        elif isinstance(span, AmountSpan) and _is_pieces(reader, span):
            reader.add("quantity", span.start, span.end, factor=span.value, unit="块")
        elif isinstance(span, AmountSpan):
            reader.add("amount", span.start, span.end, amount=span.value)
        elif span.unit not in _OCCASIONS:
            reader.add("quantity", span.start, span.end, factor=span.value, unit=span.unit)


def _is_pieces(reader: _Reader, span: AmountSpan) -> bool:
    """四块屏: 块 right before what one buys counts pieces, no money."""
    if not reader.text.endswith("块", span.start, span.end) or not isinstance(span.value, int):
        return False
    return span.value < 1000 and reader.names_product(span.end)


_OCCASIONS = frozenset("趟场圈")
"""跑两趟, 开一场: how often is no quantity of goods."""
_RETRACT = re.compile(
    r"[\s，,。.…?？!！~呃嗯啊哦哎\ue000]*(?:左右|上下|来着|吧|了)?[\s，,。.?？!！呃嗯啊哦哎\ue000]*(?:不对|不是|错了|口误|应该是|更正|纠正|哦不|噢不|啊不|我?[记说搞写打看弄听][错岔反混串]了?)"
    r"(?:[\s，,。.!！呃嗯啊哦哎\ue000]|不对|不是|我?[记说搞写打看弄听][错岔反混串]了?|应该|是|改成|更正|纠正|为|一下|[去见说找打聊谈跑]的(?=是)|(?<=是)[去见找跑]的|其实|实际|[:：])*"
)


_CONTRAST = re.compile(r"是.{1,20}?[\s,，。]*而?不是")
"""是周五，不是周一: the first of the two is right."""


def _without_retracted(found: list[Mention], text: str) -> list[Mention]:
    """一百万 不对 一百二十万: the right one stands where the wrong one stood, with its words."""
    kept: list[Mention] = []
    seat: Mention | None = None
    for mention in found:
        if kept and _said_again(kept[-1], mention, text):
            kept[-1] = mention
            continue
        if _other_firm(kept, mention, text):
            firm, seat = kept[-2], kept[-1]
            kept[-2:] = [replace(mention, start=firm.start, end=firm.end)]
            continue
        if seat and mention.kind == "person":
            kept.append(replace(mention, start=seat.start, end=seat.end))
            seat = None
            continue
        seat = None
        place = next((i for i in reversed(range(len(kept))) if kept[i].kind == mention.kind), None)
        if (
            place is not None
            and (
                _RETRACT.fullmatch(text, kept[place].end, mention.start)
                or (
                    (kept[place] is kept[-1] and mention.kind == "customer")
                    and _LATE.fullmatch(text, kept[place].end, mention.start)
                )
            )
            and not _CONTRAST.fullmatch(text, max(0, kept[place].start - 1), mention.start)
        ):
            wrong = kept[place]
            kept[place] = replace(mention, start=wrong.start, end=wrong.end, text=mention.text)
            continue
        kept.append(mention)
    return kept


def _other_firm(kept: list[Mention], mention: Mention, text: str) -> bool:
    """见了甲傅总, 说错了, 是乙倪部长: the person goes with the firm that is taken back."""
    if mention.kind != "customer" or len(kept) < 2:
        return False
    firm, person = kept[-2:]
    beside = text[firm.end : person.start] in ("", "的", "那边", "那边的")
    whose = (firm.kind, person.kind) == ("customer", "person") and beside
    return whose and _is_taken_back(text, person.end, mention.start)


def _is_taken_back(text: str, start: int, end: int) -> bool:
    back = _RETRACT.fullmatch(text, start, end) or _LATE.fullmatch(text, start, end)
    return back is not None


_LATE = re.compile(
    r"[^,，。;；!！?？\n]{1,8}[\s,，。…]+[哦噢啊诶哎呃嗯\ue000]*(?:不对|不是|错了|口误|我?[记说搞写打看弄听][错岔反混串]了?)[\s,，。…]*(?:应该|其实)?(?:是|说的是)(?:跟|和|给|去的)?"
)
"""跟甲邝总通了电话, 哦不是, 是乙: taken back once the whole clause was said."""


_AND_AGAIN = re.compile(r"[\s,，\ue000]*(?:那个|就是|是|叫)?[\s,，\ue000]*")


def _said_again(one: Mention, other: Mention, text: str) -> bool:
    """徐部长 那个许静许部长: the same person, heard right the second time."""
    if one.named is None or other.named is None or not one.named.title or one.named.full:
        return False
    first, second = one.named, other.named
    if first.title != second.title or not _AND_AGAIN.fullmatch(text, one.end, other.start):
        return False
    return sounds_of(first.surname) == sounds_of(second.surname or second.full[:1])
