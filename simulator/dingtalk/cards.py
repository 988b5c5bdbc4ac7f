"""Cards that exist: what they hold for everybody and for one, and where they are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simulator.dingtalk.config import DingTalkConfig
from simulator.dingtalk.errors import NewError
from simulator.dingtalk.templates import Template
from simulator.ledger import Face, Ledger, Message

Values = dict[str, str]

_ADVISED_VALUE_BYTES = 1024


@dataclass(slots=True, kw_only=True)
class Card:
    """One instance of a template; `route_key` is "" for callbacks over Stream."""

    out_track_id: str
    template: Template
    values: Values
    private: dict[str, Values] = field(default_factory=dict)
    route_key: str = ""
    has_callback: bool = True
    shown_as: list[Message] = field(default_factory=list)
    space_of: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Order of a message → its space's type and id."""
    waiting_taps: int = 0
    stream_guids: set[str] = field(default_factory=set)

    def values_for(self, userid: str) -> Values:
        """What one viewer's phone knows: private values count where the template says so."""
        own = self.private.get(userid, {})
        return self.values | {k: v for k, v in own.items() if k in self.template.private}

    def face_for(self, userid: str) -> tuple[Face, str]:
        return self.template.show(self.values_for(userid))


class Cards:
    """By outTrackId; every change reaches the phones at once."""

    def __init__(self, config: DingTalkConfig, ledger: Ledger, now: Callable[[], float]) -> None:
        self._config = config
        self._ledger = ledger
        self._now = now
        self._templates = {template.template_id: template for template in config.templates}
        self._cards: dict[str, Card] = {}

    def template(self, template_id: str) -> Template:
        template = self._templates.get(template_id)
        if template is None:
            raise NewError("param.templateNotExist")
        if not template.is_published:
            raise NewError("param.templateUnpublished")
        return template

    def find(self, out_track_id: str) -> Card | None:
        return self._cards.get(out_track_id)

    def add(self, card: Card) -> None:
        self._cards[card.out_track_id] = card

    async def show(
        self, card: Card, space: tuple[str, str], only_for: tuple[str, ...], *, drop: bool
    ) -> None:
        """Puts the card on a member's phone (IM_ROBOT) or into a group (IM_GROUP)."""
        door, recipient = space
        viewer = recipient if door == "IM_ROBOT" else ""
        face, state = card.face_for(viewer)
        order = self._ledger.next_order()
        message = Message(
            msg_id=f"card-{order}",
            order=order,
            door="app" if door == "IM_ROBOT" else "group",
            recipient=recipient,
            kind="card",
            content=dict(card.values_for(viewer)),
            at=self._now(),
            face=face,
            state="dropped" if drop else "shown",
            card_id=card.out_track_id,
            replaced=state,
            only_for=only_for,
            warnings=_advice(card.values),
        )
        card.shown_as.append(message)
        card.space_of[order] = space
        await self._ledger.add_message(message)

    async def change(
        self,
        card: Card,
        values: Values | None,
        private: Mapping[str, Values],
        *,
        by_key: tuple[bool, bool] = (False, False),
    ) -> None:
        """by_key: whether public and private values are merged instead of overwritten."""
        if values is not None:
            card.values = card.values | values if by_key[0] else values
        for userid, own in private.items():
            card.private[userid] = card.private.get(userid, {}) | own if by_key[1] else dict(own)
        await self.refresh(card)

    async def refresh(self, card: Card) -> None:
        for message in card.shown_as:
            viewer = message.recipient if message.door == "app" else ""
            face, state = card.face_for(viewer)
            message.change(dict(card.values_for(viewer)), face, state)
            found = _advice(card.values)
            if card.waiting_taps:
                found.append("updated by the API while a tap waited for its answer")
            message.warnings += [words for words in found if words not in message.warnings]
            await self._ledger.changed(message)

    def check_values(self, block: object) -> Values:
        """{"cardParamMap": …} whose every value is a string, and short enough."""
        if not isinstance(block, dict):
            raise NewError("param.invalid", "cardData must be an object")
        values = block.get("cardParamMap")
        if not isinstance(values, dict):
            raise NewError("param.invalid", "cardParamMap must be an object")
        for name, value in values.items():
            if not isinstance(value, str):
                raise NewError("param.invalid", f"cardParamMap.{name} must be a string")
            if len(name.encode()) > self._config.card_key_bytes:
                raise NewError("param.invalid", "a key of cardParamMap is too long")
            if len(value.encode()) > self._config.card_value_bytes:
                raise NewError("param.invalid", f"cardParamMap.{name} is too long")
        return dict(values)

    def check_private(self, block: object, is_known: Callable[[str], bool]) -> dict[str, Values]:
        """{userId: {"cardParamMap": …}}; `is_known` tells whether there is such a member."""
        if block is None:
            return {}
        if not isinstance(block, dict):
            raise NewError("param.invalid", "privateData must be an object")
        for userid in block:
            if not is_known(userid):
                raise NewError("param.userIdNotExist")
        return {userid: self.check_values(own) for userid, own in block.items()}


def _advice(values: Values) -> list[str]:
    return [
        f"{name} is longer than {_ADVISED_VALUE_BYTES} bytes"
        for name, value in values.items()
        if len(value.encode()) > _ADVISED_VALUE_BYTES
    ]
