"""The addresses under /v1.0/card/: create, deliver, update, stream, register callbacks."""

import secrets
from collections.abc import Mapping
from typing import Any

from simulator.dingtalk.cards import Card, Cards
from simulator.dingtalk.config import DingTalkConfig
from simulator.dingtalk.errors import NewError
from simulator.dingtalk.gate import Answer, Call, Endpoint, text_of
from simulator.dingtalk.people import People

_SPACE = "dtv1.card//"
_MODELS = {"IM_GROUP": "imGroupOpenDeliverModel", "IM_ROBOT": "imRobotOpenDeliverModel"}
_WRITE = "Card.Instance.Write"
_STREAM = "Card.Streaming.Write"


class CardApi:
    """`callback_urls` holds the registered routes: key → (address, secret)."""

    def __init__(self, config: DingTalkConfig, cards: Cards, people: People) -> None:
        self._config = config
        self._cards = cards
        self._people = people
        self.callback_urls: dict[str, tuple[str, str]] = {}

    def endpoints(self) -> list[Endpoint]:
        def api(method: str, path: str, name: str, handler: Any, right: str = _WRITE) -> Endpoint:
            address = f"/v1.0/{path}"
            return Endpoint(
                method=method, path=address, api=name, handler=handler, permission=right
            )

        create, instances = "card/instances/createAndDeliver", "card/instances"
        register = "card/callbacks/register"
        return [
            api("POST", create, create, self._create_and_deliver),
            api("POST", instances, "card/instances/create", self._create),
            api("POST", f"{instances}/deliver", f"{instances}/deliver", self._deliver),
            api("PUT", instances, instances, self._update),
            api("PUT", "card/streaming", "card/streaming", self._stream, _STREAM),
            api("POST", register, register, self._register),
        ]

    async def _create_and_deliver(self, call: Call) -> Answer:
        spaces = self._spaces(call.body)
        card = self._cards.find(str(call.body.get("outTrackId")))
        if card is None:
            card = self._read_card(call.body)
            self._cards.add(card)
        else:
            self._read_card(call.body)  # refused as ever; else the card of old is shown again
        return await self._show(call, card, spaces)

    async def _create(self, call: Call) -> Answer:
        card = self._read_card(call.body)
        if self._cards.find(card.out_track_id):
            raise NewError("param.cardAlreadyExist")
        self._cards.add(card)
        return {"success": True, "result": card.out_track_id}

    async def _deliver(self, call: Call) -> Answer:
        card = self._existing(call.body)
        return await self._show(call, card, self._spaces(call.body))

    async def _update(self, call: Call) -> Answer:
        card = self._existing(call.body)
        given = call.body.get("cardData")
        values = None if given is None else self._cards.check_values(given)
        private = self._cards.check_private(call.body.get("privateData"), self._is_known)
        if not values and not private:
            raise NewError("param.cardPublicDataEmpty")
        if not call.drop:
            by_key = read_options(call.body.get("cardUpdateOptions"))
            await self._cards.change(card, values, private, by_key=by_key)
        return {"success": True, "result": True}

    async def _stream(self, call: Call) -> Answer:
        card, body = self._existing(call.body), call.body
        key = text_of(body, "key", "param.empty")
        guid = text_of(body, "guid", "param.empty")
        content = body.get("content")
        if not isinstance(content, str) or key != card.template.streaming:
            raise NewError("param.invalid", "no such streaming variable")
        if guid in card.stream_guids:
            return {"success": True, "result": True}
        whole = content if body.get("isFull") is True else card.values.get(key, "") + content
        if len(whole.encode()) > self._config.stream_content_bytes:
            raise NewError("param.invalid", "content is too large")
        card.stream_guids.add(guid)
        if not call.drop:
            await self._cards.change(card, {key: whole}, {}, by_key=(True, True))
        return {"success": True, "result": True}

    async def _register(self, call: Call) -> Answer:
        key = text_of(call.body, "callbackRouteKey", "param.empty")
        url = text_of(call.body, "callbackUrl", "param.empty")
        if key in self.callback_urls and call.body.get("forceUpdate") is not True:
            raise NewError("param.callbackRouteKeyExist")
        secret = str(call.body.get("apiSecret") or secrets.token_urlsafe(24))
        self.callback_urls[key] = (url, secret)
        return {"success": True, "result": {"callbackUrl": url, "apiSecret": secret}}

    def _existing(self, body: dict[str, Any]) -> Card:
        card = self._cards.find(text_of(body, "outTrackId", "param.empty"))
        if card is None:
            raise NewError("param.cardNotExist")
        return card

    def _read_card(self, body: dict[str, Any]) -> Card:
        template = self._cards.template(
            text_of(body, "cardTemplateId", "param.cardTemplateIdEmpty")
        )
        kind, route = body.get("callbackType"), str(body.get("callbackRouteKey") or "")
        if kind not in (None, "STREAM", "HTTP"):
            raise NewError("param.invalid", "callbackType")
        if kind == "HTTP" and route not in self.callback_urls:
            raise NewError("param.invalid", "callbackRouteKey isn't registered")
        return Card(
            out_track_id=text_of(body, "outTrackId", "param.empty"),
            template=template,
            values=self._cards.check_values(body.get("cardData")),
            private=self._cards.check_private(body.get("privateData"), self._is_known),
            route_key=route if kind == "HTTP" else "",
            has_callback=kind is not None,
        )

    def _is_known(self, userid: str) -> bool:
        return self._people.staff(userid) is not None

    def _spaces(self, body: dict[str, Any]) -> list[tuple[str, str]]:
        """[("IM_ROBOT", userid), …]; the deliver model of each must be there."""
        spaces = []
        for each in text_of(body, "openSpaceId", "param.openSpaceIdInvalid").split(";"):
            kind, _, place = each.removeprefix(_SPACE).partition(".")
            if not each.startswith(_SPACE) or kind not in _MODELS or not place:
                raise NewError("param.openSpaceIdInvalid")
            model = body.get(_MODELS[kind])
            if not isinstance(model, dict):
                raise NewError("param.openDeliverModelEmpty")
            if kind == "IM_ROBOT" and model.get("spaceType") != "IM_ROBOT":
                raise NewError("param.openDeliverModelError")
            wanted = None if kind == "IM_GROUP" else self._config.robot
            if model.get("robotCode", wanted) != self._config.robot:
                raise NewError("param.openDeliverModelError")
            spaces.append((kind, place))
        return spaces

    async def _show(self, call: Call, card: Card, spaces: list[tuple[str, str]]) -> Answer:
        results = []
        for kind, place in spaces:
            userid = self._robot_talk(place, call.body) if kind == "IM_ROBOT" else place
            fault = call.undelivered or self._hindrance(kind, userid)
            if not fault:
                only_for = _recipients(call.body) if kind == "IM_GROUP" else ()
                await self._cards.show(card, (kind, userid), only_for, drop=call.drop)
            results.append(_delivered(kind, place, fault))
        told = {"outTrackId": card.out_track_id, "deliverResults": results}
        return {"success": True, "result": told}

    def _robot_talk(self, place: str, body: Mapping[str, Any]) -> str:
        if body.get("userIdType", 1) != 2:
            return place
        member = self._people.staff_by_union_id(place)
        return member.userid if member else ""

    def _hindrance(self, kind: str, place: str) -> str:
        if kind == "IM_ROBOT":
            return "" if self._is_known(place) else "userId not exist"
        group = self._people.groups.get(place)
        if group is None:
            return "spaceId is illegal"
        return "" if group.has_robot else "robot is not in the group"


def read_options(options: object) -> tuple[bool, bool]:
    """Whether public and private values are merged by key; overwritten is the rule."""
    if not isinstance(options, dict):
        return False, False
    return (
        options.get("updateCardDataByKey") is True,
        options.get("updatePrivateDataByKey") is True,
    )


def _recipients(body: Mapping[str, Any]) -> tuple[str, ...]:
    given = (body.get(_MODELS["IM_GROUP"]) or {}).get("recipients") or []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise NewError("param.invalid", "recipients must be a list of userIds")
    return tuple(given)


def _delivered(kind: str, place: str, fault: str) -> dict[str, Any]:
    result: dict[str, Any] = {"spaceType": kind, "spaceId": place, "success": not fault}
    return result | ({"errorMsg": fault} if fault else {"carrierId": secrets.token_urlsafe(12)})
