"""A caller on alibabacloud-dingtalk: `alibabacloud.py HOST:PORT CLIENT SECRET TEMPLATE GROUP`."""

import json
import sys

from alibabacloud_dingtalk.card_1_0 import models as card
from alibabacloud_dingtalk.card_1_0.client import Client as CardClient
from alibabacloud_dingtalk.oauth2_1_0 import models as oauth
from alibabacloud_dingtalk.oauth2_1_0.client import Client as OauthClient
from alibabacloud_dingtalk.robot_1_0 import models as robot
from alibabacloud_dingtalk.robot_1_0.client import Client as RobotClient
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions

_, HOST, CLIENT, SECRET, TEMPLATE, GROUP = sys.argv
CONFIG = Config(protocol="http", region_id="central", endpoint=HOST)
RUNTIME = RuntimeOptions(autoretry=False)
WORDS = json.dumps({"title": "日报", "text": "**签约 50 万**"}, ensure_ascii=False)


def tell(saw, **what):
    sys.stdout.write(json.dumps({"saw": saw, **what}) + "\n")
    sys.stdout.flush()


def refusal(call):
    try:
        call()
    except Exception as error:
        return getattr(error, "code", repr(error))
    return ""


def get_token():
    request = oauth.GetAccessTokenRequest(app_key=CLIENT, app_secret=SECRET)
    body = OauthClient(CONFIG).get_access_token(request).body
    tell("token", seconds=body.expire_in)
    return body.access_token


def batch_send(token, key="sampleMarkdown"):
    request = robot.BatchSendOTORequest(
        robot_code=CLIENT, user_ids=["lihua", "ghost"], msg_key=key, msg_param=WORDS
    )
    headers = robot.BatchSendOTOHeaders(x_acs_dingtalk_access_token=token)
    return RobotClient(CONFIG).batch_send_otowith_options(request, headers, RUNTIME).body


def send_to_group(token, group):
    request = robot.OrgGroupSendRequest(
        robot_code=CLIENT, open_conversation_id=group, msg_key="sampleMarkdown", msg_param=WORDS
    )
    headers = robot.OrgGroupSendHeaders(x_acs_dingtalk_access_token=token)
    return RobotClient(CONFIG).org_group_send_with_options(request, headers, RUNTIME).body


def create_card(token):
    values = {"title": "报价审批", "b1_text": "同意", "b1_press": "approve 42"}
    request = card.CreateAndDeliverRequest(
        card_template_id=TEMPLATE,
        out_track_id="ali-1",
        callback_type="STREAM",
        card_data=card.CreateAndDeliverRequestCardData(card_param_map=values),
        open_space_id="dtv1.card//IM_ROBOT.lihua",
        im_robot_open_deliver_model=card.CreateAndDeliverRequestImRobotOpenDeliverModel(
            space_type="IM_ROBOT", robot_code=CLIENT
        ),
    )
    headers = card.CreateAndDeliverHeaders(x_acs_dingtalk_access_token=token)
    client = CardClient(CONFIG)
    return client.create_and_deliver_with_options(request, headers, RUNTIME).body


def update_card(token):
    request = card.UpdateCardRequest(
        out_track_id="ali-1",
        card_data=card.UpdateCardRequestCardData(card_param_map={"state": "已同意"}),
        card_update_options=card.UpdateCardRequestCardUpdateOptions(update_card_data_by_key=True),
    )
    headers = card.UpdateCardHeaders(x_acs_dingtalk_access_token=token)
    return CardClient(CONFIG).update_card_with_options(request, headers, RUNTIME).body


token = get_token()
sent = batch_send(token)
tell("batch send", key=sent.process_query_key, invalid=sent.invalid_staff_id_list)
tell("group send", key=send_to_group(token, GROUP).process_query_key)
delivered = create_card(token).result.deliver_results
tell("card", success=[each.success for each in delivered])
tell("card update", success=update_card(token).success)
tell("unknown group", code=refusal(lambda: send_to_group(token, "cidUnknown==")))
tell("wrong key", code=refusal(lambda: batch_send(token, "samplePoem")))
tell("wrong token", code=refusal(lambda: batch_send("wrong")))
tell("qps", codes=[refusal(lambda: batch_send(token)) for _ in range(12)])
