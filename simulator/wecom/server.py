"""A WeCom on the loopback that a bot can be pointed at, driven from Python.

wecom = WeCom(WeComConfig(corp_id=…, members=(Member(userid="lihua", name="李华"),), …))
await wecom.start()                      # wecom.url → "http://127.0.0.1:43210"
wecom.callback_url = "http://127.0.0.1:8080/wecom/callback"
await wecom.say("lihua", "今天拜访了客户")
card = await wecom.wait_for(lambda: wecom.find_card("lihua", "已记"), 5)
await wecom.press("lihua", "撤销")
"""

import itertools
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from aiohttp import web

from simulator.clock import Clock
from simulator.faults import Fault
from simulator.ledger import Callback, Ledger, Message
from simulator.loopback import loopback_only
from simulator.wecom.api import WeComApi
from simulator.wecom.bot import AiBot
from simulator.wecom.callbacks import Callbacks, event_fields, xml_wire
from simulator.wecom.config import WeComConfig
from simulator.wecom.contacts import Contacts
from simulator.wecom.control import ControlRoutes
from simulator.wecom.crypto import WeComCrypto
from simulator.wecom.delivery import Delivery
from simulator.wecom.directory import Directory

T = TypeVar("T")

_BODY_BYTES = 25 * 1024 * 1024
_STOP_SECONDS = 0.5


class WeCom:
    """One company's WeCom: what its members do goes to the bot, what the bot sends is kept.

    Public besides the methods: `config`, `ledger` (Ledger), `clock` (Clock.advance moves
    limits and expiries on), `callback_url` (may be set after the bot is up).
    """

    def __init__(self, config: WeComConfig) -> None:
        self.config = config
        self.clock = Clock()
        self.ledger = Ledger()
        self.directory = Directory(config)
        self._delivery = Delivery(config, self.ledger, self.clock, self.directory)
        self._api = WeComApi(config, self.ledger, self.clock, self._delivery, self.directory)
        crypto = WeComCrypto(config.token, config.aes_key, config.corp_id)
        wire = xml_wire(config, crypto, self._delivery.show_passive)
        self._callbacks = Callbacks(config, self.ledger, wire, config.callback_url)
        self.bot: AiBot | None = None
        if config.bot is not None:
            self.bot = AiBot(config, config.bot, self.ledger, self.clock, self.directory)
        self.contacts = Contacts(config, self.ledger, self.clock, self.directory)
        self._message_ids = itertools.count(time.time_ns() // 1000 * 1000)
        self._event_ids = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self.url = ""

    @property
    def callback_url(self) -> str:
        return self._callbacks.url

    @callback_url.setter
    def callback_url(self, url: str) -> None:
        self._callbacks.url = url

    async def start(self, port: int = 0) -> None:
        """Listens on 127.0.0.1 only; port 0 takes a free one, `url` tells which."""
        app = web.Application(client_max_size=_BODY_BYTES, middlewares=[loopback_only])
        app.add_routes(self._api.routes())
        app.add_routes(ControlRoutes(self).routes())
        app.add_routes(self.bot.routes() if self.bot else [])
        await self._callbacks.start()
        await self.contacts.start()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        bound = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{bound}"
        if self.bot is not None:
            await self.bot.start(self.url)

    async def stop(self) -> None:
        """Cuts what is still under way; the ledger stays readable."""
        self._api.faults.released.set()
        await self._callbacks.stop()
        await self.contacts.stop()
        if self.bot is not None:
            await self.bot.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def verify(self) -> bool:
        """Whether the bot passes the GET check of its callback address."""
        return await self._callbacks.verify()

    async def say(self, userid: str, text: str, *, created_at: float | None = None) -> str:
        """A member writes to the app; returns the callback's id (its MsgId), doesn't wait."""
        msg_id = str(next(self._message_ids))
        own = {"Content": text, "MsgId": int(msg_id)}
        return await self._post(msg_id, userid, "text", text, own, created_at)

    async def send(self, userid: str, kind: str, fields: Mapping[str, Any]) -> str:
        """A member sends another kind of message: "voice" with {"MediaId": …, "Format": "amr"}."""
        msg_id = str(next(self._message_ids))
        return await self._post(msg_id, userid, kind, "", {**fields, "MsgId": int(msg_id)})

    async def say_aloud(self, userid: str, recording: bytes) -> str:
        """A member sends a voice message: AMR, fetched by its media id."""
        media_id, _ = self._delivery.media.add("voice", "voice.amr", "audio/amr", recording)
        return await self.send(userid, "voice", {"MediaId": media_id, "Format": "amr"})

    async def say_bot(self, userid: str, text: str, chat: str | None = None) -> str:
        """A member writes to the AI bot, alone or in a group; returns the callback's id."""
        return await self.the_bot.say(userid, text, chat)

    async def press_bot(self, userid: str, label: str, chat: str | None = None) -> str:
        """Taps the newest live button that reads `label` in the AI bot's chat."""
        return await self.the_bot.press(userid, label, chat)

    @property
    def the_bot(self) -> AiBot:
        """The AI bot; LookupError where the company has none."""
        if self.bot is None:
            raise LookupError("the company has no AI bot")
        return self.bot

    async def enter(self, userid: str) -> str:
        """A member opens the app's conversation."""
        return await self._event(userid, "enter_agent", "", {"EventKey": ""})

    async def tap(
        self,
        userid: str,
        task_id: str,
        key: str,
        *,
        stale: bool = False,
        selected: Mapping[str, Sequence[str]] | None = None,
    ) -> str:
        """A member presses a card's button; returns the callback's id, doesn't wait.

        Raises LookupError when that phone shows no such live button; with `stale` the press
        goes out all the same, as from a phone that hasn't seen the card change.
        """
        card = self.ledger.card(userid, task_id)
        live = {button.key: button.text for button in card.buttons} if card else {}
        if card is None or (key not in live and not stale):
            raise LookupError(f"{userid} sees no button {key!r} on a card {task_id!r}")
        fields: dict[str, Any] = {
            "EventKey": key,
            "TaskId": task_id,
            "CardType": card.content["card_type"],
            "ResponseCode": self._delivery.codes.issue(card.msg_id),
        }
        if selected:
            fields["SelectedItems"] = {"SelectedItem": _selected_items(selected)}
        return await self._event(userid, "template_card_event", live.get(key, key), fields)

    async def press(self, userid: str, label: str) -> str:
        """Taps the newest live button that reads `label` on the member's phone."""
        for message in reversed(self.messages(userid)):
            for button in message.buttons:
                if button.text == label and button.key:
                    return await self.tap(userid, message.card_id, button.key)
        raise LookupError(f"{userid} sees no button {label!r}")

    async def repeat(self, callback_id: str) -> None:
        """Delivers a callback once more although it may have been answered."""
        self._callbacks.post(self.ledger.callbacks[callback_id])

    async def delivered(self, callback_id: str, timeout_seconds: float = 30.0) -> bool:
        """Waits until it is answered (True) or given up (False)."""
        callback = self.ledger.callbacks[callback_id]
        await self.wait_for(lambda: callback.state != "sending", timeout_seconds)
        return callback.state == "acked"

    def messages(self, userid: str) -> list[Message]:
        """What the bot has sent to this member and the phone shows, oldest first."""
        return self.ledger.messages(userid)

    def group(self, key: str) -> list[Message]:
        """What the group of this webhook key, or of this chat id, shows, oldest first."""
        return self.ledger.group(key)

    def find_card(self, userid: str, words: str) -> Message | None:
        """The newest card on the member's phone that holds these words."""
        found = [m for m in self.messages(userid) if m.card_id and words in m.text]
        return found[-1] if found else None

    async def wait_for(self, predicate: Callable[[], T], timeout_seconds: float = 30.0) -> T:
        """The predicate's first true value, asked again at each change.

        Raises TimeoutError, which says what was shown last.
        """
        try:
            return await self.ledger.wait_for(predicate, timeout_seconds)
        except TimeoutError as error:
            last = [f"{m.recipient}: {m.text or m.kind}" for m in self.ledger.all_messages()[-3:]]
            raise TimeoutError(f"not within {timeout_seconds} s; shown last: {last}") from error

    def arm(self, api: str, fault: Fault, *, times: int = 1) -> None:
        """The next `times` calls of `api` ("message/send", or "*") meet this fault."""
        self._api.faults.arm(api, fault, times=times)

    def disarm(self) -> None:
        self._api.faults.clear()

    def expire_token(self) -> None:
        """The token given out is refused with 42001 from now on."""
        self._api.tokens.expire()

    async def _event(self, userid: str, event: str, text: str, fields: Mapping[str, Any]) -> str:
        callback_id = f"e{next(self._event_ids)}"
        return await self._post(
            callback_id, userid, "event", text, {"Event": event, **fields}, None
        )

    async def _post(
        self,
        callback_id: str,
        userid: str,
        kind: str,
        text: str,
        own: Mapping[str, Any],
        created_at: float | None = None,
    ) -> str:
        if self._delivery.member(userid) != userid:
            raise LookupError(f"no member {userid!r}")
        if not self.callback_url:
            raise RuntimeError("callback_url isn't set")
        created = time.time() if created_at is None else created_at
        callback = Callback(
            id=callback_id,
            order=self.ledger.next_order(),
            userid=userid,
            kind=str(own.get("Event", kind)),
            text=text,
            fields=event_fields(self.config, userid, kind, created, **own),
            at=self.clock.now(),
        )
        await self.ledger.add_callback(callback)
        self._callbacks.post(callback)
        return callback_id


def _selected_items(selected: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    return [
        {"QuestionKey": question, "OptionIds": {"OptionId": list(options)}}
        for question, options in selected.items()
    ]


def new_secrets() -> dict[str, str]:
    """Fresh values for WeComConfig's secret, token and aes_key."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return {
        "secret": secrets.token_urlsafe(32),
        "token": secrets.token_hex(12),
        "aes_key": "".join(secrets.choice(letters) for _ in range(42)) + "A",
    }
