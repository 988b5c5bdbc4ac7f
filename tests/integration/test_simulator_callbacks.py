"""The WeCom stand-in over real HTTP: envelopes, callbacks, faults and the page's door."""

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from defusedxml import ElementTree

from simulator.faults import Fault
from simulator.wecom.crypto import BadEnvelope, WeComCrypto, xml_document
from tests.integration.simulator_rig import AES_KEY, CORP, TOKEN, Rig, open_rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with open_rig() as made:
        yield made


# Envelope


def test_published_vectors() -> None:
    crypto = WeComCrypto(TOKEN, AES_KEY, CORP)
    echo = (
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
    )
    message = (
        "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3"
        "QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48"
        "kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izo"
        "un1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
        "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl"
        "/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
    )
    assert crypto.verify(
        "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780", echo
    )
    assert crypto.decrypt(echo) == "1616140317555161061"
    assert crypto.verify(
        "477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149", message
    )
    inner = ElementTree.fromstring(crypto.decrypt(message))
    assert (inner.findtext("Content"), inner.findtext("MsgId")) == ("hello", "4561255354251345929")


@pytest.mark.parametrize("text", ["", "x" * 31, "你好 🀄", "]]>", "a" * 5000])
def test_encrypts_what_it_decrypts(text: str) -> None:
    crypto = WeComCrypto(TOKEN, AES_KEY, CORP)
    assert crypto.decrypt(crypto.encrypt(text)) == text
    assert ElementTree.fromstring(xml_document({"A": text})).findtext("A") == text


@pytest.mark.parametrize("fault", ["", "!!!", base64.b64encode(bytes(32)).decode(), "QUJD"])
def test_refuses_a_broken_ciphertext(fault: str) -> None:
    with pytest.raises(BadEnvelope):
        WeComCrypto(TOKEN, AES_KEY, CORP).decrypt(fault)


def test_refuses_another_companys_message() -> None:
    with pytest.raises(BadEnvelope):
        WeComCrypto(TOKEN, AES_KEY, CORP).decrypt(
            WeComCrypto(TOKEN, AES_KEY, "other").encrypt("x")
        )


# Faults


@pytest.mark.parametrize("errcode", [-1, 40014, 42001, 45009, 60020])
async def test_answers_errors_on_demand(rig: Rig, errcode: int) -> None:
    wecom, client, _ = rig
    wecom.arm("message/send", Fault(errcode=errcode), times=2)
    answers = [(await client.text("x"))["errcode"] for _ in range(3)]
    assert answers == [errcode, errcode, 0]
    assert len(wecom.messages("lihua")) == 1
    assert wecom.ledger.calls["message/send", str(errcode)] == 2


async def test_breaks_off_in_each_way(rig: Rig) -> None:
    wecom, client, _ = rig
    wecom.arm("message/send", Fault(status=500))
    wecom.arm("message/send", Fault(drop=True))
    wecom.arm("message/send", Fault(lose_reply=True))
    wecom.arm("message/send", Fault(hang_seconds=30.0))
    token = await client.token()
    address = f"{wecom.url}/cgi-bin/message/send"
    body = {"touser": "lihua", "agentid": 1000002, "msgtype": "text", "text": {"content": "x"}}
    async with client.http.post(address, params={"access_token": token}, json=body) as answer:
        assert answer.status == 500
    assert (await client.text("dropped"))["errcode"] == 0
    with pytest.raises(aiohttp.ClientError):
        await client.text("shown, but the answer is lost")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await client.text("hangs")
    assert [m.text for m in wecom.messages("lihua")] == ["shown, but the answer is lost"]


# Callbacks


async def test_verifies_the_address(rig: Rig) -> None:
    wecom, _, bot = rig
    assert await wecom.verify()
    wecom.callback_url = bot.url + "/wrong"
    assert not await wecom.verify()


async def test_delivers_a_text_with_its_id(rig: Rig) -> None:
    wecom, _, bot = rig
    callback_id = await wecom.say("lihua", "拜访了<甲>&乙]]>")
    assert await wecom.delivered(callback_id)
    (seen,) = bot.seen
    assert (seen["MsgId"], seen["Content"]) == (callback_id, "拜访了<甲>&乙]]>")
    assert (seen["MsgType"], seen["FromUserName"]) == ("text", "lihua")
    assert (seen["ToUserName"], seen["AgentID"]) == (CORP, "1000002")


async def test_tells_of_an_entry_without_a_message_id(rig: Rig) -> None:
    wecom, _, bot = rig
    assert await wecom.delivered(await wecom.enter("lihua"))
    assert (bot.seen[0]["Event"], bot.seen[0].get("MsgId")) == ("enter_agent", None)


@pytest.mark.parametrize(
    ("statuses", "state"),
    [([], "acked"), ([500, 503], "acked"), ([500] * 3, "acked"), ([500] * 4, "lost")],
)
async def test_retries_three_times(rig: Rig, statuses: list[int], state: str) -> None:
    wecom, _, bot = rig
    bot.statuses = list(statuses)
    callback_id = await wecom.say("lihua", "x")
    await wecom.delivered(callback_id)
    callback = wecom.ledger.callbacks[callback_id]
    assert callback.state == state
    tries = statuses if state == "lost" else [*statuses, 200]
    assert [a.status for a in callback.attempts] == tries
    assert {seen["MsgId"] for seen in bot.seen} == {callback_id}


async def test_gives_an_attempt_up_after_its_time() -> None:
    async with open_rig(callback_timeout_seconds=0.05, retries=1) as (wecom, _, bot):
        bot.hold = asyncio.Event()
        callback_id = await wecom.say("lihua", "x")
        assert not await wecom.delivered(callback_id)
        assert [a.status for a in wecom.ledger.callbacks[callback_id].attempts] == [None, None]
        bot.hold.set()


async def test_repeats_a_callback_that_was_answered(rig: Rig) -> None:
    wecom, _, bot = rig
    callback_id = await wecom.say("lihua", "x")
    await wecom.delivered(callback_id)
    await wecom.repeat(callback_id)
    await wecom.wait_for(lambda: len(wecom.ledger.callbacks[callback_id].attempts) == 2)
    await wecom.wait_for(lambda: len(bot.seen) == 2)


async def test_shows_a_passive_answer(rig: Rig) -> None:
    wecom, _, bot = rig
    inner = xml_document({"MsgType": "text", "Content": "收到"})
    bot.reply = xml_document({"Encrypt": bot.crypto.encrypt(inner)}).encode()
    await wecom.say("lihua", "x")
    assert await wecom.wait_for(lambda: [m.text for m in wecom.messages("lihua")]) == ["收到"]


async def test_keeps_a_members_order(rig: Rig) -> None:
    wecom, _, bot = rig
    ids = [await wecom.say("lihua", str(n)) for n in range(20)]
    for callback_id in ids:
        await wecom.delivered(callback_id)
    assert [seen["Content"] for seen in bot.seen] == [str(n) for n in range(20)]


# The page's door


async def test_control_addresses(rig: Rig) -> None:
    wecom, client, bot = rig

    async def press(name: str, body: Any, **headers: str) -> int:
        address = f"{wecom.url}/_sim/{name}"
        async with client.http.post(address, json=body, headers=headers) as answer:
            return answer.status

    assert await press("say", {"userid": "lihua", "text": "你好"}) == 200
    assert await press("say", {"userid": "ghost", "text": "你好"}) == 404
    assert await press("say", {"userid": "lihua"}) == 400
    assert await press("faults", {"api": "message/send", "errcode": 45009}) == 200
    assert await press("faults", {"api": "message/send"}) == 400
    assert await press("say", {"userid": "lihua", "text": "x"}, Origin="http://evil.test") == 403
    assert await press("say", {"userid": "lihua", "text": "x"}, Host="evil.test") == 403
    assert (await client.text("x"))["errcode"] == 45009
    await wecom.wait_for(lambda: wecom.ledger.acked())
    async with client.http.get(f"{wecom.url}/_sim/ledger") as answer:
        ledger = await answer.json()
    assert [c["text"] for c in ledger["callbacks"]] == ["你好"]
    assert [seen["Content"] for seen in bot.seen] == ["你好"]


async def test_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    given = {"corp_id": CORP, "agent_id": 1, "secret": "s", "token": TOKEN, "aes_key": AES_KEY}
    settings = tmp_path / "wecom.json"
    settings.write_text(json.dumps({**given, "members": [{"userid": "lihua", "name": "李华"}]}))
    command = [sys.executable, "-m", "simulator", str(settings)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        url = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))["url"]
        async with aiohttp.ClientSession() as http, http.get(f"{url}/_sim/ledger") as answer:
            assert await answer.json() == {"callbacks": [], "messages": [], "calls": []}
    finally:
        process.terminate()
        await process.wait()
