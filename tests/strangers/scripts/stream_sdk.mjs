// A bot on npm's dingtalk-stream: `stream_sdk.mjs URL CLIENT SECRET TEMPLATE`.

import axios from "axios";
import { DWClient, TOPIC_CARD, TOPIC_ROBOT } from "dingtalk-stream";

const [url, clientId, clientSecret, template] = process.argv.slice(2);
console.info = console.error; // its notes are for the log

axios.interceptors.request.use((request) => {
  request.url = request.url.replace(/^https:\/\/o?api\.dingtalk\.com/, url);
  request.proxy = false;
  return request;
});

const tell = (saw, what) => process.stdout.write(JSON.stringify({ saw, ...what }) + "\n");
const client = new DWClient({ clientId, clientSecret });

async function call(method, path, data) {
  const token = await client.getAccessToken();
  const headers = { "x-acs-dingtalk-access-token": token };
  const answer = await axios({ method, url: `https://api.dingtalk.com/v1.0/${path}`, data, headers });
  return answer.data;
}

async function sendCard(to) {
  const values = { title: "报价审批", b1_text: "同意", b1_press: "approve 42" };
  const told = await call("post", "card/instances/createAndDeliver", {
    cardTemplateId: template,
    outTrackId: `node-${Date.now()}`,
    callbackType: "STREAM",
    cardData: { cardParamMap: values },
    openSpaceId: `dtv1.card//IM_ROBOT.${to}`,
    imRobotOpenSpaceModel: { supportForward: false },
    imRobotOpenDeliverModel: { spaceType: "IM_ROBOT", robotCode: clientId },
  });
  return told.result.outTrackId;
}

async function fetchPicture(downloadCode) {
  const body = { downloadCode, robotCode: clientId };
  const told = await call("post", "robot/messageFiles/download", body);
  const answer = await axios.get(told.downloadUrl, { responseType: "arraybuffer" });
  return answer.data.length;
}

client.registerCallbackListener(TOPIC_ROBOT, async (frame) => {
  client.socketCallBackResponse(frame.headers.messageId, "OK");
  const message = JSON.parse(frame.data);
  const text = message.text?.content ?? "";
  if (message.msgtype === "picture") {
    tell("picture", { bytes: await fetchPicture(message.content.downloadCode) });
  } else if (text.trim() === "要一张卡片") {
    tell("asked for a card", { card: await sendCard(message.senderStaffId) });
  } else {
    tell("message", { id: message.msgId, text, sender: message.senderStaffId });
    const content = `收到：${text.trim()}`;
    await axios.post(message.sessionWebhook, { msgtype: "text", text: { content } });
  }
});

client.registerCallbackListener(TOPIC_CARD, (frame) => {
  const press = JSON.parse(frame.data);
  const { params } = JSON.parse(press.content).cardPrivateData;
  tell("press", { params, card: press.outTrackId, user: press.userId });
  client.socketCallBackResponse(frame.headers.messageId, {
    cardUpdateOptions: { updateCardDataByKey: true },
    cardData: { cardParamMap: { state: "已同意" } },
  });
});

client.registerAllEventListener((frame) => {
  const { eventType, eventId } = frame.headers;
  tell("event", { type: eventType, id: eventId, users: JSON.parse(frame.data).userId });
  return { status: "SUCCESS", message: "ok" };
});

client.connect();
