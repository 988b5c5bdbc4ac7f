// The same SDK with a wrong secret: `aibot_sdk_refused.mjs WS_URL BOT SECRET`; it must give up.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { WSClient } = require("@wecom/aibot-node-sdk");
const [wsUrl, botId, secret] = process.argv.slice(2);
const note = (...words) => console.error(...words);
const logger = { debug: note, info: note, warn: note, error: note };
const client = new WSClient({ botId, secret, wsUrl, maxAuthFailureAttempts: 1, logger });
client.on("error", (error) => {
  process.stdout.write(JSON.stringify({ saw: "refused", code: error.code ?? error.message }) + "\n");
});
client.connect();
