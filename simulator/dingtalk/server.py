"""A DingTalk on the loopback that a bot can be pointed at, driven from Python.

dingtalk = DingTalk(DingTalkConfig(corp_id=…, client_id=…, client_secret=…, members=(…,)))
await dingtalk.start()                   # dingtalk.url is api. and oapi.dingtalk.com in one
await dingtalk.connected()               # the bot has opened a Stream connection
await dingtalk.say("lihua", "今天拜访了客户")
card = await dingtalk.wait_for(lambda: dingtalk.find_card("lihua", "已记"), 5)
await dingtalk.press("lihua", "撤销")
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from aiohttp import web

from simulator.clock import Clock
from simulator.dingtalk.accounts import Accounts
from simulator.dingtalk.card_api import CardApi
from simulator.dingtalk.cards import Cards
from simulator.dingtalk.config import Department, DingTalkConfig, Member
from simulator.dingtalk.contacts import Contacts
from simulator.dingtalk.control import ControlRoutes
from simulator.dingtalk.files import Files
from simulator.dingtalk.gate import Gate
from simulator.dingtalk.http_door import HttpDoor
from simulator.dingtalk.inbound import frame_headers, richtext_words
from simulator.dingtalk.organisation import Organisation
from simulator.dingtalk.people import People
from simulator.dingtalk.pushes import Pushes
from simulator.dingtalk.robots import Robots
from simulator.dingtalk.stream import Ack, Connection, Stream
from simulator.dingtalk.thumbs import Thumbs
from simulator.faults import Fault
from simulator.ledger import Ledger, Message
from simulator.loopback import loopback_only

T = TypeVar("T")

_BODY_BYTES = 25 * 1024 * 1024
_STOP_SECONDS = 0.5


class DingTalk:
    """One company's DingTalk: what its members do goes to the bot, what it sends is kept.

    Public besides the methods: `config`, `ledger`, `clock` (Clock.advance moves limits and
    expiries on), `people`, `quotas` (what of the month's is used), `stream` (connections),
    `permissions`, `white_list` and `flow_controlled` (change them at will), `robot_url` and
    `event_url` ("" is Stream; may be set after the bot is up).
    """

    def __init__(self, config: DingTalkConfig) -> None:
        self.config = config
        self.clock = Clock()
        self.ledger = Ledger()
        self.people = People(config)
        self.url = ""
        self._gate = Gate(config, self.ledger, self.clock)
        self.quotas = self._gate.quotas
        self.permissions = self._gate.permissions
        self.white_list = self._gate.white_list
        self._files = Files(config, self.clock.now, lambda: self.url)
        self._robots = Robots(
            config, self.ledger, self.clock, self.people, self._files, self.quotas
        )
        self.flow_controlled = self._robots.flow_controlled
        self._cards = Cards(config, self.ledger, self.clock.now)
        self._card_api = CardApi(config, self._cards, self.people)
        self._http = HttpDoor(config)
        self._pushes = Pushes(config, self.ledger, self._http, self._cards, self._card_api)
        late = self._pushes.answered_late
        self.stream = Stream(config, self.clock, lambda: self.url, late, self.ledger.wake)
        self._pushes.use(self.stream)
        self._organisation = Organisation(
            config, self.ledger, self.clock, self.people, self.quotas, self._pushes
        )
        self._thumbs = Thumbs(
            config,
            self.ledger,
            self.clock,
            self.people,
            self._robots,
            self._cards,
            self.quotas,
            self._pushes,
            lambda: self.url,
        )
        self._runner: web.AppRunner | None = None

    @property
    def robot_url(self) -> str:
        return self._pushes.robot_url

    @robot_url.setter
    def robot_url(self, url: str) -> None:
        self._pushes.robot_url = url

    @property
    def event_url(self) -> str:
        return self._pushes.event_url

    @event_url.setter
    def event_url(self, url: str) -> None:
        self._pushes.event_url = url

    async def start(self, port: int = 0) -> None:
        """Listens on 127.0.0.1 only; port 0 takes a free one, `url` tells which."""
        app = web.Application(client_max_size=_BODY_BYTES, middlewares=[loopback_only])
        endpoints = [
            *Accounts(self.config, self._gate.tokens).endpoints(),
            self.stream.endpoint(),
            *self._robots.endpoints(),
            *self._files.endpoints(),
            *self._card_api.endpoints(),
            *Contacts(self.people).endpoints(),
        ]
        app.add_routes([self._gate.route(endpoint) for endpoint in endpoints])
        app.add_routes([*self.stream.routes(), *self._files.routes()])
        app.add_routes(ControlRoutes(self).routes())
        await self._http.start()
        self._gate.faults.released.clear()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Cuts what is still under way; the ledger stays readable."""
        self._gate.faults.released.set()
        await self._pushes.stop()
        await self.stream.close()
        await self._http.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    # What members do

    async def say(
        self, userid: str, text: str, *, chat: str | None = None, created_at: float | None = None
    ) -> str:
        """Writes to the robot, or @s it in the group `chat`; returns the msgId, doesn't wait."""
        # What is left of "@跟单 今天…" in a group begins with the space.
        words = f" {text}" if chat else text
        own: dict[str, Any] = {"msgtype": "text", "text": {"content": words}}
        if self.config.has_flat_text:
            own = {"msgtype": "text", "content": words}
        return await self._thumbs.send(userid, chat or "", own, text, created_at)

    async def send(
        self, userid: str, kind: str, fields: Mapping[str, Any], *, chat: str | None = None
    ) -> str:
        """Another kind of message with its `content`: richText, picture, audio, video, file, any.

        Audio: {"duration": 4000, "downloadCode": dingtalk.hold(raw), "recognition": "…"}.
        """
        own = {"msgtype": kind, "content": dict(fields)}
        return await self._thumbs.send(userid, chat or "", own, richtext_words(fields))

    def hold(self, raw: bytes) -> str:
        """Keeps a file that a member is about to send; returns its downloadCode."""
        return self._files.receive(raw)

    async def tap(
        self,
        userid: str,
        out_track_id: str,
        button: str,
        params: Mapping[str, str] | None = None,
        *,
        stale: bool = False,
    ) -> str:
        """Presses a card's button by its id; returns the callback's id, doesn't wait.

        Raises LookupError when that phone shows no such live button; with `stale` the press
        goes out all the same, as from a phone that hasn't seen the card change. `params`
        takes the place of those that the template binds to the button.
        """
        return await self._thumbs.tap(userid, out_track_id, button, params, stale=stale)

    async def press(self, userid: str, label: str) -> str:
        """Taps the newest live button that reads `label`, in the talk or in a group."""
        return await self._thumbs.press(userid, label)

    async def forge(self, topic: str, body: Mapping[str, Any]) -> Ack:
        """Pushes any body as a CALLBACK over Stream, such as a tap that no thumb made."""
        seconds = self.config.stream_timeout_seconds
        return await self.stream.push("CALLBACK", topic, dict(body), frame_headers(), seconds)

    async def repeat(self, callback_id: str) -> None:
        """Delivers a callback once more although it may have been answered."""
        self._pushes.repeat(callback_id)

    async def delivered(self, callback_id: str, timeout_seconds: float = 30.0) -> bool:
        """Waits until it is acknowledged (True) or given up (False)."""
        callback = self.ledger.callbacks[callback_id]
        await self.wait_for(lambda: callback.state != "sending", timeout_seconds)
        return callback.state == "acked"

    # The organisation: each returns the eventId

    async def join(self, member: Member) -> str:
        return await self._organisation.join(member)

    async def leave(self, userid: str) -> str:
        return await self._organisation.leave(userid)

    async def modify(self, userid: str, **changes: Any) -> str:
        """Changes fields of the Member."""
        return await self._organisation.modify(userid, **changes)

    async def add_department(self, department: Department) -> str:
        return await self._organisation.add_department(department)

    async def modify_department(self, dept_id: int, **changes: Any) -> str:
        return await self._organisation.modify_department(dept_id, **changes)

    async def remove_department(self, dept_id: int) -> str:
        return await self._organisation.remove_department(dept_id)

    async def event(self, event_type: str, fields: dict[str, Any]) -> str:
        """Any other event, such as robot_msg_read."""
        return await self._organisation.event(event_type, fields)

    async def verify_events(self) -> bool:
        """Whether event_url passes the check_url probe of the console."""
        return await self._pushes.probe_events()

    # What the phones show

    def messages(self, userid: str) -> list[Message]:
        """What the bot has sent to this member alone and the phone shows, oldest first."""
        return self.ledger.messages(userid)

    def group(self, open_conversation_id: str) -> list[Message]:
        """What the group shows of its robots, oldest first."""
        return self.ledger.group(open_conversation_id)

    def find_card(self, userid: str, words: str, *, chat: str | None = None) -> Message | None:
        """The newest card on the member's phone, or in the group, that holds these words."""
        shown = self.group(chat) if chat else self.messages(userid)
        found = [m for m in shown if m.card_id and words in m.text]
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

    # Stream's ups and downs

    async def connected(self, count: int = 1, timeout_seconds: float = 30.0) -> list[Connection]:
        """Waits until so many connections are live and not about to leave."""
        return await self.wait_for(
            lambda: live if len(live := self.stream.live()) >= count else [], timeout_seconds
        )

    async def disconnect(self, reason: str = "rebalance") -> None:
        """Sends `disconnect` on each live connection: no more pushes, TCP closes later."""
        for connection in self.stream.live():
            await self.stream.disconnect(connection, reason)

    def kill_connections(self) -> None:
        """Cuts each live connection without a close frame."""
        for connection in self.stream.live():
            connection.kill()

    def silence(self) -> None:
        """Each live connection swallows everything from now on, pongs too; TCP stays up."""
        for connection in self.stream.live():
            connection.is_silent = True

    def drop_frames(self, count: int) -> None:
        """Each live connection loses its next `count` frames."""
        for connection in self.stream.live():
            connection.drops += count

    # Faults

    def arm(self, api: str, fault: Fault, *, times: int = 1) -> None:
        """The next `times` calls of `api` meet this fault.

        `api` is the address without /v1.0/: "robot/oToMessages/batchSend", "card/instances"
        (the PUT), "card/instances/create", "topapi/v2/user/get", or "*" for any.
        """
        self._gate.faults.arm(api, fault, times=times)

    def disarm(self) -> None:
        self._gate.faults.clear()

    def expire_token(self) -> None:
        """The token given out is refused from now on."""
        self._gate.tokens.expire()
