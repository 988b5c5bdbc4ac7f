"""The addresses under /cgi-bin/ as WeCom answers them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import BodyPartReader, web

from simulator.clock import Clock
from simulator.faults import Fault, Faults
from simulator.ledger import Ledger
from simulator.wecom.appchats import AppChats
from simulator.wecom.config import WeComConfig
from simulator.wecom.delivery import Answer, Delivery
from simulator.wecom.directory import Directory
from simulator.wecom.errors import ApiError, error_body
from simulator.wecom.messages import check_upload, read_body
from simulator.wecom.stores import Tokens

_PREFIX = "/cgi-bin/"
_DROP = web.RequestKey("drop", bool)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
BodyCall = Callable[..., Awaitable[Answer]]


class WeComApi:
    """gettoken, message/…, appchat/…, media/…, webhook/…, user/…, department/…, getcallbackip."""

    def __init__(
        self,
        config: WeComConfig,
        ledger: Ledger,
        clock: Clock,
        delivery: Delivery,
        directory: Directory,
    ) -> None:
        self._config = config
        self._directory = directory
        self.chats = AppChats(ledger, clock.now, directory.spelled, delivery.find_app_media)
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
            *self._book_routes(),
            self._post("appchat/create", self._with_token(self._with_body(self.chats.create))),
            self._post("appchat/send", self._with_token(self._with_body(self.chats.send))),
            self._get("appchat/get", self._with_token(self._chat)),
            self._get("media/get", self._with_token(self._media)),
            self._post("media/upload", self._with_token(self._upload)),
            self._post("message/send", self._with_token(self._with_body(send))),
            self._post("message/update_template_card", self._with_token(self._with_body(update))),
            self._post("message/recall", self._with_token(self._with_body(self._delivery.recall))),
            self._post("webhook/send", self._send_to_group),
            self._post("webhook/upload_media", self._upload_for_group),
        ]

    def _book_routes(self) -> list[web.RouteDef]:
        return [
            self._get("user/get", self._with_token(self._user)),
            self._get("user/list", self._with_token(self._users)),
            self._get("user/simplelist", self._with_token(self._simple_users)),
            self._get("department/list", self._with_token(self._departments)),
            self._get("department/simplelist", self._with_token(self._department_ids)),
            self._post(
                "batch/openuserid_to_userid", self._with_token(self._with_body(self._plain_ids))
            ),
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
        return _ok(**self._directory.user(request.query.get("userid", "")))

    async def _users(self, request: web.Request) -> web.StreamResponse:
        return _ok(userlist=self._directory.users(request.query.get("department_id", "")))

    async def _simple_users(self, request: web.Request) -> web.StreamResponse:
        return _ok(userlist=self._directory.simple_users(request.query.get("department_id", "")))

    async def _departments(self, request: web.Request) -> web.StreamResponse:
        return _ok(department=self._directory.departments())

    async def _department_ids(self, request: web.Request) -> web.StreamResponse:
        return _ok(department_id=self._directory.department_ids())

    async def _plain_ids(self, body: Mapping[str, Any], *, drop: bool = False) -> Answer:
        return {"errcode": 0, "errmsg": "ok"} | self._directory.plain_ids(body)

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self.chats.get(request.query.get("chatid", "")))

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
