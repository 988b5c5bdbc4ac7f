"""A bot on dingtalk-stream: `stream_sdk.py URL CLIENT SECRET TEMPLATE`."""

import asyncio
import json
import sys

import dingtalk_stream
import requests
from dingtalk_stream import AckMessage

_, _, CLIENT, SECRET, TEMPLATE = sys.argv
ROBOT = dingtalk_stream.chatbot.ChatbotMessage.TOPIC
CARD = dingtalk_stream.CallbackHandler.TOPIC_CARD_CALLBACK
OPTIONS = {"updateCardDataByKey": True}


def tell(saw, **what):
    sys.stdout.write(json.dumps({"saw": saw, **what}) + "\n")
    sys.stdout.flush()


class Robot(dingtalk_stream.ChatbotHandler):
    async def process(self, callback):
        incoming = dingtalk_stream.ChatbotMessage.from_dict(callback.data)
        if incoming.message_type == "picture":
            url = self.get_image_download_url(incoming.image_content.download_code)
            answer = await asyncio.to_thread(requests.get, url, timeout=10)
            tell("picture", bytes=len(answer.content))
        elif incoming.text.content.strip() == "要一张卡片":
            tell("asked for a card", card=self.send_card(incoming))
        else:
            words = incoming.text.content
            tell(
                "message",
                id=incoming.message_id,
                text=words,
                sender=incoming.sender_staff_id,
            )
            self.reply_text(f"收到：{words.strip()}", incoming)
        return AckMessage.STATUS_OK, "OK"

    def send_card(self, incoming):
        values = {"title": "报价审批", "b1_text": "同意", "b1_press": "approve 42"}
        replier = dingtalk_stream.CardReplier(self.dingtalk_client, incoming)
        return replier.create_and_send_card(TEMPLATE, values)


class Presses(dingtalk_stream.CallbackHandler):
    async def process(self, callback):
        press = dingtalk_stream.CardCallbackMessage.from_dict(callback.data)
        params = press.content["cardPrivateData"]["params"]
        tell("press", params=params, card=press.card_instance_id, user=press.user_id)
        values = {"cardParamMap": {"state": "已同意"}}
        return AckMessage.STATUS_OK, {"cardUpdateOptions": OPTIONS, "cardData": values}


class Events(dingtalk_stream.EventHandler):
    async def process(self, event):
        head = event.headers
        tell("event", type=head.event_type, id=head.event_id, users=event.data["userId"])
        return AckMessage.STATUS_OK, "OK"


client = dingtalk_stream.DingTalkStreamClient(dingtalk_stream.Credential(CLIENT, SECRET))
client.register_callback_handler(ROBOT, Robot())
client.register_callback_handler(CARD, Presses())
client.register_all_event_handler(Events())
client.start_forever()
