"""Answers to a question that was asked back: by number, or by a word of what is meant."""

from __future__ import annotations

from nlu import expressions as re
from nlu.amounts.money import AmountSpan, find_numbers
from nlu.known import KnownCustomer
from nlu.memory import OpenAsk
from nlu.naming.names import short_forms
from nlu.naming.sound import sounds_of
from nlu.sections import Setting

_ORDINAL = re.compile(
    r"^(?:选|就|是|要|应该是|我说的是|我指的是)*(?:第|老)?(?P<n>[一二三四五六七八九十两1-9])(?:个|家|位|号|项|条|款|单|笔)?(?:那一?[个家位])?(?:吧|的|呢|啦|哈)?$"
)
_LAST = re.compile(
    r"^(?:选|就|是)*(?:最后|末尾|最末|倒数第一)(?:面)?(?:一?[个家位])?(?:那一?[个家位])?(?:吧|的)?$|^(?:选|就|是)*(?:靠后|后|下)(?:面|边|头|一)?(?:那)?一?[个家位那]"
)
_FIRST = re.compile(
    r"^(?:选|就|是)*(?:前|上|头|打头|靠前|首)(?:面|边|头|一)?(?:那)?一?[个家位那](?!月)"
)
_SECOND_LAST = re.compile(r"^(?:选|就|是)*倒数第二")
_NUMBERS = {char: n for n, char in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_FILLING = re.compile(
    r"^(?:是|就是|应该是|选|我说的是|我是说|我指的是|说的是|指的是|嗯|哦|喔|啊|管|做|搞|弄|负责|主管|卖|开|姓|叫|在)+|(?:那一?[个家边块单位款]|这一?[个家位]|[那这]个人|的?那个?单子?|的那?[个单家位]|那个?项目|公司|客户|吧|啊|的|呢|哈)+$"
)
_MOST = re.compile(
    r"(?:金额|钱|价|单子?)?(?:最)?(?P<more>[大多高])(?:一?点|的|那|些)|(?:金额|钱|价|单子?)?(?:最)?[小少低](?:一?点|的|那|些)"
)


def answer_to(setting: Setting, ask: OpenAsk) -> str | None:
    """The option that the message chooses, by number or by name; None when it chooses none."""
    text = re.sub(r"[。.!！~\s]+$", "", setting.text.strip())
    if len(text) > 30 or not text:
        return None
    by_number = _by_number(text, len(ask.options))
    if by_number is not None:
        return ask.options[by_number]
    said = _FILLING.sub("", _FILLING.sub("", text)) or text
    scored = [(_likeness(said, option, ask.about, setting), option) for option in ask.options]
    best = max(score for score, _ in scored)
    winners = [option for score, option in scored if score == best]
    if best > 0 and len(winners) == 1:
        return winners[0]
    return _by_size(text, ask, setting) or (
        _by_characters(said, ask, setting) if not best else None
    )


def _by_size(text: str, ask: OpenAsk, setting: Setting) -> str | None:
    """金额大的那个, 320万那单: of deals, by what they are worth."""
    if ask.about != "deal":
        return None
    deals = [d for c in setting.known.customers for d in c.deals if d.id in ask.options]
    worth = sorted((d.amount, d.id) for d in deals if d.amount is not None)
    match = _MOST.search(text)
    if match and len(worth) > 1 and len({amount for amount, _ in worth}) > 1:
        return worth[-1][1] if match["more"] else worth[0][1]
    said = [span.value for span in find_numbers(text) if isinstance(span, AmountSpan)]
    fitting = [one for amount, one in worth if amount in said]
    return fitting[0] if len(fitting) == 1 else None


def _by_characters(said: str, ask: OpenAsk, setting: Setting) -> str | None:
    """做衣服的 is the one of 服饰: the only option that shares a telling character."""
    if len(said) > 5:
        return None
    held = {option: set("".join(_words_of(option, ask.about, setting))) for option in ask.options}
    shared = set.intersection(*held.values())
    scores = {option: len((set(said) & chars) - shared) for option, chars in held.items()}
    best = max(scores.values())
    winners = [option for option, score in scores.items() if score == best]
    return winners[0] if best and len(winners) == 1 else None


def _by_number(text: str, size: int) -> int | None:
    if _LAST.match(text):
        return size - 1
    if _FIRST.match(text):
        return 0
    if _SECOND_LAST.match(text) and size > 1:
        return size - 2
    match = _ORDINAL.match(text)
    if not match:
        return None
    said = match["n"]
    number = int(said) if said.isdigit() else _NUMBERS[said]
    return number - 1 if number <= size else None


def _likeness(said: str, option: str, about: str, setting: Setting) -> int:
    """How many of the words said are the option's own."""
    words = _words_of(option, about, setting)
    if any(said == word for word in words):
        return 100
    whole = max((len(word) for word in words if len(word) > 1 and word in said), default=0)
    text = " ".join(words)
    part = 0
    if said in text:
        part = len(said) + 1
    pairs = sum(said[i : i + 2] in text for i in range(len(said) - 1))
    heard = 2 if pairs == 0 and any(_sounds_in(said, word) for word in words) else 0
    return max(whole * 2, part * 2, pairs, heard)


def _sounds_in(said: str, word: str) -> bool:
    sounds, other = sounds_of(said), sounds_of(word)
    return len(said) >= 2 and len(sounds) == len(other) and sounds == other and all(sounds)


def _words_of(option: str, about: str, setting: Setting) -> list[str]:
    if about == "customer":
        customer = setting.by_id.get(option)
        owner = setting.words.users.get(customer.owner or "") if customer else None
        return [*_customer_words(customer), *([owner.name] if owner else [])] if customer else []
    if about == "user":
        user = setting.words.users.get(option)
        return [user.name, user.name[1:], user.team, user.region] if user else []
    if about == "deal":
        for customer in setting.known.customers:
            for deal in customer.deals:
                if deal.id == option:
                    return [deal.name, deal.stage]
        return []
    people = [p for c in setting.known.customers for p in c.contacts if p.name == option]
    return [option, option[:1] + "总", *(person.title for person in people)]


def _customer_words(customer: KnownCustomer) -> list[str]:
    words = [customer.name, *customer.aliases, customer.industry, customer.region]
    words += list(short_forms(customer.name))
    words += [word for contact in customer.contacts for word in (contact.name, contact.title)]
    return [word for word in words if word]
