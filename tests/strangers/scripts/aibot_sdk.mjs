// A bot on npm's @wecom/aibot-node-sdk: `aibot_sdk.mjs WS_URL BOT SECRET`.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { WSClient, generateReqId } = require("@wecom/aibot-node-sdk");
const [wsUrl, botId, secret] = process.argv.slice(2);
const tell = (saw, what) => process.stdout.write(JSON.stringify({ saw, ...what }) + "\n");
const note = (...words) => console.error(...words);
const logger = { debug: note, info: note, warn: note, error: note };

const card = (taskId, title, key) => ({
  card_type: "button_interaction",
  main_title: { title },
  button_list: [{ text: key === "yes" ? "同意" : "已同意", style: 1, key }],
  task_id: taskId,
});

const client = new WSClient({ botId, secret, wsUrl, heartbeatInterval: 200, logger });
client.on("authenticated", () => tell("subscribed"));
client.on("event.enter_chat", async (frame) => {
  await client.replyWelcome(frame, { msgtype: "text", text: { content: "我是跟单" } });
  tell("entered", { userid: frame.body.from.userid });
});
client.on("message.text", async (frame) => {
  const text = frame.body.text.content;
  if (text === "卡片") {
    await client.replyTemplateCard(frame, card("t1", "报价审批", "yes"));
    tell("card sent");
    return;
  }
  const id = generateReqId("stream");
  await client.replyStream(frame, id, "正在处理…", false);
  await client.replyStream(frame, id, `收到：${text}`, true);
  tell("message", { text, chat: frame.body.chatid ?? "" });
  if (text === "图") await push();
});
client.on("event.template_card_event", async (frame) => {
  const event = frame.body.event;
  const tap = event.template_card_event ?? event;
  await client.updateTemplateCard(frame, card(tap.task_id, "报价审批 · 已同意", "over"));
  tell("tap", { key: tap.event_key, task: tap.task_id });
});
client.on("event.disconnected_event", () => tell("pushed out"));

async function push() {
  const picture = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(700_000)]);
  const media = await client.uploadMedia(picture, { type: "image", filename: "a.png" });
  await client.sendMediaMessage("lihua", "image", media.media_id);
  await client.sendMessage("lihua", { msgtype: "markdown", markdown: { content: "**日报**" } });
  try {
    await client.sendMessage("wangmin", { msgtype: "markdown", markdown: { content: "你好" } });
  } catch (error) {
    tell("pushed", { code: error.errcode ?? error.body?.errcode ?? String(error) });
  }
}

client.connect();
