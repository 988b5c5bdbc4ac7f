"""Answers to a question that was asked back: by number, or by a word of what is meant."""

from __future__ import annotations

import re

from nlu.known import KnownCustomer
from nlu.memory import OpenAsk
from nlu.names import short_forms
from nlu.sections import Setting
from nlu.sound import sounds_of

_ORDINAL = re.compile(
    r"^(?:选|就|是|要)?第?(?P<n>[一二三四五六七八九十两1-9])(?:个|家|位|号|项|条)?(?:那[个家])?(?:吧|的|呢)?$"
)
_LAST = re.compile(
    r"^(?:选|就|是)?(?:最后|末尾)(?:一?[个家位])?(?:那[个家])?(?:吧|的)?$|^后(?:面|一)[个那]"
)
_FIRST = re.compile(r"^前(?:面|一)[个那]")
_NUMBERS = {char: n for n, char in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_FILLING = re.compile(
    r"^(?:是|就是|选|我说的是|说的是|指的是|嗯|哦)+|(?:那[个家边块单]|这[个家]|的?那个单子?|的那?[个单家]|那个?项目|公司|吧|啊|的|呢)+$"
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
    return winners[0] if best > 0 and len(winners) == 1 else None


def _by_number(text: str, size: int) -> int | None:
    if _LAST.match(text):
        return size - 1
    if _FIRST.match(text):
        return 0
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
        return _customer_words(customer) if customer else []
    if about == "user":
        user = setting.words.users.get(option)
        return [user.name, user.name[1:], user.team, user.region] if user else []
    if about == "deal":
        for customer in setting.known.customers:
            for deal in customer.deals:
                if deal.id == option:
                    return [deal.name, deal.stage]
        return []
    return [option, option[:1] + "总"]


def _customer_words(customer: KnownCustomer) -> list[str]:
    words = [customer.name, *customer.aliases, customer.industry, customer.region]
    words += list(short_forms(customer.name))
    words += [word for contact in customer.contacts for word in (contact.name, contact.title)]
    return [word for word in words if word]
