"""What stands before every API: armed faults, addresses, tokens, permissions and limits."""

import ipaddress
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from aiohttp import web

from simulator.clock import Clock
from simulator.dingtalk import errors
from simulator.dingtalk.config import DingTalkConfig
from simulator.dingtalk.errors import NewError, OldError
from simulator.faults import Fault, Faults
from simulator.ledger import Ledger
from simulator.limits import Window

_CHINA_SECONDS = 8 * 3600

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that has come through.

    drop: answer well and show nobody anything. undelivered: answer that nobody got it.
    """

    request: web.Request
    body: dict[str, Any]
    drop: bool = False
    undelivered: str = ""


Handler = Callable[[Call], Awaitable[Answer | web.Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address. Its `api` is what faults, permissions and counts call it.

    age: "new" answers errors with a status, "old" with an errcode and status 200.
    """

    method: str
    path: str
    api: str
    handler: Handler
    age: Literal["new", "old"] = "new"
    permission: str = ""
    needs_token: bool = True
    reads_json: bool = True


class Tokens:
    """One access token; asking for it again prolongs it."""

    def __init__(self, config: DingTalkConfig, clock: Clock) -> None:
        self._config = config
        self._now = clock.now
        self._token = ""
        self._until = 0.0
        self._former: set[str] = set()

    def get(self) -> Answer:
        if self._now() >= self._until:
            self.expire()
            self._token = secrets.token_hex(16)
        self._until = self._now() + self._config.token_seconds
        return {"accessToken": self._token, "expireIn": int(self._config.token_seconds)}

    def expire(self) -> None:
        if self._token:
            self._former.add(self._token)
        self._until = 0.0

    def state(self, token: str) -> Literal["good", "expired", "wrong"]:
        if token in self._former or (token == self._token and self._now() >= self._until):
            return "expired" if token else "wrong"
        return "good" if token and token == self._token else "wrong"


class Quotas:
    """What a standard-edition company may use in a calendar month of China's."""

    def __init__(self, config: DingTalkConfig, clock: Clock) -> None:
        self._config = config
        self._now = clock.now
        self._month = ""
        self.api_calls = 0
        self.messages = 0

    def take_api_call(self) -> bool:
        self._turn_month()
        if self.api_calls >= self._config.api_calls_per_month:
            return False
        self.api_calls += 1
        return True

    def take_message(self) -> bool:
        """Whether one more message of the robot's traffic is paid for."""
        self._turn_month()
        if self.messages >= self._config.messages_per_month:
            return False
        self.messages += 1
        return True

    def _turn_month(self) -> None:
        month = time.strftime("%Y-%m", time.gmtime(self._now() + _CHINA_SECONDS))
        if month != self._month:
            self._month, self.api_calls, self.messages = month, 0, 0


class Gate:
    """Lets calls through or answers them itself; every outcome is in the ledger.

    `permissions` and `white_list` may be changed while it runs.
    """

    def __init__(self, config: DingTalkConfig, ledger: Ledger, clock: Clock) -> None:
        self._config = config
        self._ledger = ledger
        self._clock = clock
        self.faults = Faults()
        self.tokens = Tokens(config, clock)
        self.quotas = Quotas(config, clock)
        self.permissions = set(config.permissions)
        self.white_list = list(config.ip_white_list)
        self._second = Window(config.calls_per_second, 1.0, clock.now)

    def route(self, endpoint: Endpoint) -> web.RouteDef:
        async def answer(request: web.Request) -> web.StreamResponse:
            fault = self.faults.take(endpoint.api)
            outcome, response = await self._answer(endpoint, request, fault)
            self._ledger.note_call(self._clock.now(), endpoint.api, outcome)
            if outcome in ("hang", "cut") and request.transport is not None:
                request.transport.abort()
            return response

        return web.route(endpoint.method, endpoint.path, answer)

    async def _answer(
        self, endpoint: Endpoint, request: web.Request, fault: Fault | None
    ) -> tuple[str, web.StreamResponse]:
        try:
            instead = await self._instead(fault)
            if instead is not None:
                return instead
            self._check(endpoint, request)
            body = await read_json(endpoint, request) if endpoint.reads_json else {}
            call = Call(request=request, body=body)
            if fault is not None:
                call = replace(call, drop=fault.drop, undelivered=fault.undelivered)
            said = await endpoint.handler(call)
        except NewError as error:
            return error.code, web.json_response(error.body(), status=error.status)
        except OldError as error:
            return str(error.errcode), web.json_response(error.body())
        except _GateError as error:
            return error.outcome, error.response(self._config)
        response = web.json_response(said) if isinstance(said, dict) else said
        return "cut" if fault and fault.lose_reply else "0", response

    async def _instead(self, fault: Fault | None) -> tuple[str, web.StreamResponse] | None:
        """What an armed fault answers without anything being done."""
        if fault is None:
            return None
        if fault.code is not None:
            raise NewError(fault.code)
        if fault.errcode is not None:
            raise OldError(fault.errcode)
        if fault.status is not None:
            return f"http {fault.status}", web.Response(status=fault.status, text="fault")
        if fault.body is not None:
            return "body", web.Response(text=fault.body)
        if fault.hang_seconds is not None:
            await self.faults.hang(fault.hang_seconds)
            return "hang", web.Response(status=504)
        return None

    def _check(self, endpoint: Endpoint, request: web.Request) -> None:
        if not endpoint.needs_token:
            return
        if not self._is_listed(request.remote or ""):
            raise _GateError(endpoint, errors.NOT_IN_WHITE_LIST)
        state = self.tokens.state(_token_of(endpoint, request))
        if state != "good":
            raise _GateError(endpoint, errors.BAD_TOKEN, expired=state == "expired")
        if endpoint.permission and endpoint.permission not in self.permissions:
            raise _GateError(endpoint, errors.NO_PERMISSION)
        if not self._second.has_room(endpoint.api):
            raise _GateError(endpoint, errors.QPS)
        self._second.take(endpoint.api)
        if endpoint.api not in self._config.free_apis and not self.quotas.take_api_call():
            raise _GateError(endpoint, errors.QUOTA)

    def _is_listed(self, address: str) -> bool:
        if not self.white_list:
            return True
        networks = (ipaddress.ip_network(each, strict=False) for each in self.white_list)
        return any(ipaddress.ip_address(address) in network for network in networks)


class _GateError(Exception):
    """Refused before the API itself: worded by the age of the address."""

    def __init__(self, endpoint: Endpoint, code: str, *, expired: bool = False) -> None:
        self._endpoint = endpoint
        self._code = code
        old = 42001 if expired else 40014
        self._old = OldError(errors.OLD_OF_NEW.get(code, old), self._words())
        self.outcome = code if endpoint.age == "new" else str(self._old.errcode)
        super().__init__(self.outcome)

    def response(self, config: DingTalkConfig) -> web.Response:
        if self._endpoint.age == "old":
            old = self._old
            return web.json_response(old.wrapped() if config.wraps_old_errors else old.body())
        status = config.bad_token_status if self._code == errors.BAD_TOKEN else 0
        error = NewError(self._code, self._words(), status)
        return web.json_response(error.body(), status=error.status)

    def _words(self) -> str:
        if self._code != errors.NO_PERMISSION:
            return ""
        return f"应用尚未开通所需的权限：[{self._endpoint.permission}]"


def _token_of(endpoint: Endpoint, request: web.Request) -> str:
    if endpoint.age == "old":
        return request.query.get("access_token", "")
    return request.headers.get("x-acs-dingtalk-access-token", "")


async def read_json(endpoint: Endpoint, request: web.Request) -> dict[str, Any]:
    """The JSON object of a request; anything else is refused in the address's own way."""
    try:
        body = json.loads(await request.read())
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    if endpoint.age == "new":
        raise NewError("invalidParameter", "the body isn't a JSON object")
    raise OldError(40035)


def text_of(body: dict[str, Any], name: str, code: str) -> str:
    """A string that must be there; NewError `code` otherwise."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise NewError(code, f"{name} is missing or not a string")
    return value
