"""The addresses under /cgi-bin/ as WeCom answers them."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import BodyPartReader, web

from simulator.clock import Clock
from simulator.faults import Fault, Faults
from simulator.ledger import Ledger
from simulator.wecom.config import Member, WeComConfig
from simulator.wecom.delivery import Answer, Delivery
from simulator.wecom.errors import ApiError, error_body
from simulator.wecom.messages import check_upload, read_body
from simulator.wecom.stores import Tokens

_PREFIX = "/cgi-bin/"
_DROP = web.RequestKey("drop", bool)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
BodyCall = Callable[..., Awaitable[Answer]]


class WeComApi:
    """gettoken, message/…, media/…, webhook/…, user/…, department/…, getcallbackip."""

    def __init__(
        self, config: WeComConfig, ledger: Ledger, clock: Clock, delivery: Delivery
    ) -> None:
        self._config = config
        self._ledger = ledger
        self._clock = clock
        self._delivery = delivery
        self.tokens = Tokens(config.token_seconds, clock.now)
        self.faults = Faults()

    def routes(self) -> list[web.RouteDef]:
        send, update = self._delivery.send, self._delivery.update_card
        return [
            self._get("gettoken", self._get_token),
            self._get("getcallbackip", self._with_token(self._callback_ip)),
            self._get("user/get", self._with_token(self._user)),
            self._get("user/simplelist", self._with_token(self._users)),
            self._get("department/simplelist", self._with_token(self._departments)),
            self._get("media/get", self._with_token(self._media)),
            self._post("media/upload", self._with_token(self._upload)),
            self._post("message/send", self._with_token(self._with_body(send))),
            self._post("message/update_template_card", self._with_token(self._with_body(update))),
            self._post("message/recall", self._with_token(self._with_body(self._delivery.recall))),
            self._post("webhook/send", self._send_to_group),
            self._post("webhook/upload_media", self._upload_for_group),
        ]

    def _get(self, api: str, handler: Handler) -> web.RouteDef:
        return web.get(_PREFIX + api, self._faulty(api, handler))

    def _post(self, api: str, handler: Handler) -> web.RouteDef:
        return web.post(_PREFIX + api, self._faulty(api, handler))

    def _faulty(self, api: str, handler: Handler) -> Handler:
        """Wraps a handler with the armed faults, the errcodes and the ledger."""

        async def answer(request: web.Request) -> web.StreamResponse:
            fault = self.faults.take(api)
            outcome, response = await self._answer(handler, request, fault)
            self._ledger.note_call(self._clock.now(), api, outcome)
            if outcome in ("hang", "cut") and request.transport is not None:
                request.transport.abort()
            return response

        return answer

    async def _answer(
        self, handler: Handler, request: web.Request, fault: Fault | None
    ) -> tuple[str, web.StreamResponse]:
        if fault is not None and fault.errcode is not None:
            return str(fault.errcode), web.json_response(error_body(fault.errcode))
        if fault is not None and fault.status is not None:
            return f"http {fault.status}", web.Response(status=fault.status, text="fault")
        if fault is not None and fault.hang_seconds is not None:
            await self.faults.hang(fault.hang_seconds)
            return "hang", web.Response(status=504)
        request[_DROP] = fault is not None and fault.drop
        try:
            response = await handler(request)
        except ApiError as error:
            return str(error.errcode), web.json_response(error_body(error.errcode, error.detail))
        return "cut" if fault is not None and fault.lose_reply else "0", response

    def _with_token(self, handler: Handler) -> Handler:
        async def checked(request: web.Request) -> web.StreamResponse:
            self.tokens.check(request.query.get("access_token", ""))
            return await handler(request)

        return checked

    def _with_body(self, call: BodyCall) -> Handler:
        async def called(request: web.Request) -> web.StreamResponse:
            body = read_body(await request.read())
            return web.json_response(await call(body, drop=request[_DROP]))

        return called

    async def _get_token(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("corpid") != self._config.corp_id:
            raise ApiError(40013)
        if request.query.get("corpsecret") != self._config.secret:
            raise ApiError(40001)
        token, seconds = self.tokens.get()
        return _ok(access_token=token, expires_in=seconds)

    async def _callback_ip(self, request: web.Request) -> web.StreamResponse:
        return _ok(ip_list=["127.0.0.1"])

    async def _user(self, request: web.Request) -> web.StreamResponse:
        userid = self._delivery.member(request.query.get("userid", ""))
        found = [m for m in self._config.members if m.userid == userid]
        if not found:
            raise ApiError(60111)
        leader = found[0].role != "rep"
        return _ok(**_member_json(found[0]), is_leader_in_dept=[int(leader)], status=1)

    async def _users(self, request: web.Request) -> web.StreamResponse:
        return _ok(userlist=[_member_json(member) for member in self._config.members])

    async def _departments(self, request: web.Request) -> web.StreamResponse:
        return _ok(department_id=[{"id": 1, "parentid": 0, "order": 1}])

    async def _media(self, request: web.Request) -> web.StreamResponse:
        media = self._delivery.media.get(request.query.get("media_id", ""))
        disposition = f'attachment; filename="{media.filename}"'
        return web.Response(
            body=media.raw,
            content_type=media.content_type,
            headers={"Content-Disposition": disposition},
        )

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        return await self._store(request, owner="")

    async def _upload_for_group(self, request: web.Request) -> web.StreamResponse:
        key = request.query.get("key", "")
        self._delivery.check_key(key)
        if request.query.get("type") not in ("file", "voice"):
            raise ApiError(40004)
        return await self._store(request, owner=key)

    async def _store(self, request: web.Request, owner: str) -> web.StreamResponse:
        kind = request.query.get("type", "")
        if not request.content_type.startswith("multipart/"):
            raise ApiError(40058, "multipart expected")
        reader = await request.multipart()
        async for part in reader:
            if isinstance(part, BodyPartReader) and part.name == "media" and part.filename:
                raw = bytes(await part.read())
                check_upload(kind, raw)
                content_type = part.headers.get("Content-Type", "application/octet-stream")
                media_id, media = self._delivery.media.add(
                    kind, part.filename, content_type.split(";")[0], raw, owner
                )
                return _ok(type=kind, media_id=media_id, created_at=str(int(media.created_at)))
        raise ApiError(40058, "field media with a file name is missing")

    async def _send_to_group(self, request: web.Request) -> web.StreamResponse:
        body = read_body(await request.read())
        key = request.query.get("key", "")
        return web.json_response(
            await self._delivery.send_to_group(key, body, drop=request[_DROP])
        )


def _ok(**fields: Any) -> web.Response:
    return web.json_response({"errcode": 0, "errmsg": "ok", **fields})


def _member_json(member: Member) -> dict[str, Any]:
    return {"userid": member.userid, "name": member.name, "department": [1]}
