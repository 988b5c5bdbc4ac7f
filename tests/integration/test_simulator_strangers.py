"""Clients that others wrote talk to the WeCom stand-in: wechatpy's API client and its crypto."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from defusedxml import ElementTree
from wechatpy.exceptions import WeChatClientException
from wechatpy.work import WeChatClient
from wechatpy.work.crypto import WeChatCrypto

from simulator.wecom.crypto import WeComCrypto, xml_document, xml_envelope
from tests.integration.simulator_rig import AES_KEY, CORP, PNG, TOKEN, Rig, card, open_rig

STAMP, NONCE = "1409659813", "1372623149"


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with open_rig() as made:
        yield made


class Stranger(WeChatClient):  # type: ignore[misc]
    """wechatpy's client; it names the real host for gettoken only, whatever it is told."""

    def __init__(self, url: str) -> None:
        super().__init__(CORP, "s3cret", timeout=5)
        self.API_BASE_URL = f"{url}/cgi-bin/"

    def fetch_access_token(self) -> Any:
        query = {"corpid": self.corp_id, "corpsecret": self.secret}
        return self._fetch_access_token(url=f"{self.API_BASE_URL}gettoken", params=query)


@contextmanager
def open_stranger(rig: Rig) -> Iterator[Stranger]:
    client = Stranger(rig[0].url)
    yield client
    client._http.close()


async def test_its_client_sends_text_picture_and_card(rig: Rig) -> None:
    wecom = rig[0]

    def send(client: Stranger) -> None:
        client.message.send_text(1000002, "lihua", "你好")
        uploaded = client.media.upload("image", ("a.png", io.BytesIO(PNG), "image/png"))
        client.message.send_image(1000002, "lihua", uploaded["media_id"])
        message = {"msgtype": "template_card", "template_card": card()}
        client.message.send(1000002, "lihua", msg=message)

    with open_stranger(rig) as stranger:
        await asyncio.to_thread(send, stranger)
    text, picture, shown = wecom.messages("lihua")
    assert (text.text, picture.picture) == ("你好", PNG)
    assert [button.text for button in shown.buttons] == ["同意", "驳回"]


async def test_its_client_understands_a_refusal(rig: Rig) -> None:
    with open_stranger(rig) as client, pytest.raises(WeChatClientException) as refused:
        await asyncio.to_thread(client.message.send_text, 1000002, "ghost", "你好")
    assert refused.value.errcode == 81013


@pytest.mark.parametrize("text", ["hello", "拜访了<甲>", "🀄" * 40])
def test_its_crypto_reads_what_ours_writes(text: str) -> None:
    ours, theirs = WeComCrypto(TOKEN, AES_KEY, CORP), WeChatCrypto(TOKEN, AES_KEY, CORP)
    encrypted = ours.encrypt(xml_document({"Content": text}))
    signature = ours.signature(STAMP, NONCE, encrypted)
    envelope = xml_envelope(CORP, 1000002, encrypted)
    opened = theirs.decrypt_message(envelope, signature, STAMP, NONCE)
    assert opened == xml_document({"Content": text})


@pytest.mark.parametrize("text", ["hello", "拜访了<甲>", "🀄" * 40])
def test_ours_reads_what_its_crypto_writes(text: str) -> None:
    ours, theirs = WeComCrypto(TOKEN, AES_KEY, CORP), WeChatCrypto(TOKEN, AES_KEY, CORP)
    outer = ElementTree.fromstring(theirs.encrypt_message(text, NONCE, STAMP))
    encrypted = outer.findtext("Encrypt") or ""
    assert ours.verify(outer.findtext("MsgSignature") or "", STAMP, NONCE, encrypted)
    assert ours.decrypt(encrypted) == text
