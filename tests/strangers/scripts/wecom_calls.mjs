// WeCom's callbacks as the vendor's own code seals them:
// `wecom_calls.mjs APP_URL BOT_URL TOKEN AES_KEY CORP AGENT`. Whichever package is installed.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [appUrl, botUrl, token, aesKey, corp, agent] = process.argv.slice(2);
const tell = (saw, what) => process.stdout.write(JSON.stringify({ saw, ...what }) + "\n");

// One face for both packages: seal, open, sign.
function ofCrypto() {
  const { getSignature, encrypt, decrypt } = require("@wecom/crypto");
  return (id) => ({
    seal: (text) => encrypt(aesKey, text, id),
    open: (sealed) => decrypt(aesKey, sealed).message,
    sign: (time, nonce, sealed) => getSignature(token, time, nonce, sealed),
  });
}

function ofSdk() {
  const { WecomCrypto } = require("@wecom/aibot-node-sdk");
  return (id) => {
    const crypto = new WecomCrypto(token, aesKey, id);
    return {
      seal: (text) => crypto.encrypt(text, "0", "0").encrypt,
      open: (sealed) => crypto.decrypt(sealed),
      sign: (time, nonce, sealed) => crypto.computeSignature(time, nonce, sealed),
    };
  };
}

let kit;
try {
  kit = ofCrypto();
} catch {
  kit = ofSdk();
}

const nonce = "1372623149";
const now = () => String(Math.floor(Date.now() / 1000));

function signed(crypto, sealed, more = {}) {
  const time = now();
  const query = { msg_signature: crypto.sign(time, nonce, sealed), timestamp: time, nonce };
  return new URLSearchParams({ ...query, ...more });
}

async function verify(url, crypto, echo) {
  const sealed = crypto.seal(echo);
  const answer = await fetch(`${url}?${signed(crypto, sealed, { echostr: sealed })}`);
  return { status: answer.status, echo: await answer.text() };
}

async function post(url, query, body, type) {
  const headers = { "content-type": type };
  const answer = await fetch(`${url}?${query}`, { method: "POST", headers, body });
  return { status: answer.status, body: await answer.text() };
}

// The app: XML

const app = kit(corp);
tell("app verified", await verify(appUrl, app, "1616140317555161061"));
const inner =
  `<xml><ToUserName><![CDATA[${corp}]]></ToUserName><FromUserName><![CDATA[LiHua]]></FromUserName>` +
  `<CreateTime>${now()}</CreateTime><MsgType><![CDATA[text]]></MsgType>` +
  `<Content><![CDATA[今天拜访了宏远 🀄]]></Content><MsgId>4561255354251345929</MsgId>` +
  `<AgentID>${agent}</AgentID></xml>`;
const outer = (sealed) => `<xml><ToUserName>${corp}</ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`;
const said = app.seal(inner);
tell("app answered", await post(appUrl, signed(app, said), outer(said), "text/xml"));
const foreign = kit("wwanother").seal(inner);
tell("app forged", await post(appUrl, signed(app, foreign), outer(foreign), "text/xml"));

// The AI bot: JSON, and an answer sealed by the other side

const bot = kit("");
tell("bot verified", await verify(botUrl, bot, "4561255354251345929"));

async function ask(message) {
  const sealed = bot.seal(JSON.stringify(message));
  const query = signed(bot, sealed);
  const answer = await post(botUrl, query, JSON.stringify({ encrypt: sealed }), "application/json");
  const told = JSON.parse(answer.body);
  const right = bot.sign(String(told.timestamp), told.nonce, told.encrypt);
  if (right !== told.msgsignature || told.nonce !== nonce) throw new Error("wrongly signed");
  return JSON.parse(bot.open(told.encrypt));
}

const who = { aibotid: "aib", chatid: "wrTeam", chattype: "group", from: { userid: "LiHua" } };
const question = { msgid: "m1", ...who, msgtype: "text", text: { content: "@跟单 报价多少" } };
let reply = await ask(question);
tell("bot answered", { reply });
for (let tries = 0; tries < 50 && !reply.stream.finish; tries += 1) {
  reply = await ask({ msgid: `p${tries}`, ...who, msgtype: "stream", stream: { id: reply.stream.id } });
}
tell("bot polled", { reply });
const torn = bot.seal(JSON.stringify(question));
const body = JSON.stringify({ encrypt: torn.slice(0, -4) + "AAA=" });
tell("bot forged", await post(botUrl, signed(bot, torn), body, "application/json"));
