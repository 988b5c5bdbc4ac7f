// One item of a conversation as a row: whose, when, and what it shows.

import { faceCard, templateCard } from "./card.js";
import { make, safeLink } from "./dom.js";
import { markdownBody, textBody } from "./markdown.js";

const FATE = { sending: "发送中", lost: "没有送达" };

export function row(item, person, tools) {
  if (item.state === "recalled") {
    return make("div", { class: "notice", "data-testid": "message" }, "撤回了一条消息");
  }
  const own = tools.isOwn(item);
  return make("div", {
    class: own ? "row mine" : "row",
    "data-testid": "message",
    "data-kind": item.kind,
    "data-side": item.side,
  }, avatar(person), make("div", { class: "row-body" },
    make("span", { class: "unseen" }, `${person.name}说：`), body(item, person, tools), fate(item)));
}

export function avatar(person) {
  if (person.icon) return make("img", { class: "avatar", src: person.icon, alt: "" });
  const element = make("span", { class: "avatar", "aria-hidden": "true" }, person.name.slice(0, 1));
  element.style.backgroundColor = person.colour;
  return element;
}

export function waiting(person) {
  const dots = make("span", { class: "bubble dots", "aria-hidden": "true" },
    make("i"), make("i"), make("i"));
  return make("div", { class: "row waiting", "data-testid": "waiting" }, avatar(person),
    make("div", { class: "row-body" }, dots, make("span", { class: "waiting-words" }, "处理中")));
}

function body(item, person, tools) {
  const content = item.content ?? {};
  if (item.side === "me") return make("div", { class: "bubble" }, textBody(item.text, tools.nameOf));
  const press = (place, button) => tools.press(item, place, button);
  switch (item.kind) {
    case "text":
      return make("div", { class: "bubble" }, textBody(content.content ?? "", tools.nameOf));
    case "markdown":
    case "markdown_v2":
    case "stream":
      return make("div", { class: "bubble" },
        markdownBody(content.content ?? item.face.body, tools.nameOf));
    case "template_card":
      return templateCard(item, press);
    case "textcard":
      return textCard(content);
    case "news":
      return make("div", { class: "card" }, ...content.articles.map(article));
    default:
      return other(item, person, tools, press);
  }
}

function other(item, person, tools, press) {
  const { title, body: words, text } = item.face;
  if (item.hasPicture && !words) return picture(item, person, tools);
  if (item.cardId || item.buttons.length) return faceCard(item, press, tools);
  if (item.hasPicture) {
    return make("div", { class: "stack" },
      picture(item, person, tools), make("div", { class: "bubble" }, markdownBody(withoutPictures(words), tools.nameOf)));
  }
  if (words || title) return make("div", { class: "bubble" }, markdownBody(words || title, tools.nameOf));
  if (item.attachment) return file(item, item.content ?? {});
  return make("div", { class: "bubble" }, textBody(text, tools.nameOf));
}

function withoutPictures(words) {
  return words.replace(/!\[[^\]]*\]\([^)\s]+\)/g, "").trim();
}

function picture(item, person, tools) {
  const alt = `${person.name}发来的图片 ${tools.time(item.at)}`;
  const image = make("img", { src: item.attachment, alt, loading: "lazy" });
  image.addEventListener("load", tools.settle);
  return make("button", {
    type: "button",
    class: "picture",
    "aria-label": `放大${alt}`,
    onclick: () => tools.enlarge(item.attachment, alt),
  }, image);
}

function textCard(content) {
  return make("article", { class: "card" }, make("div", { class: "card-body" },
    make("div", { class: "card-head" }, make("h3", {}, content.title)),
    make("p", { class: "card-sub" }, content.description)),
  make("div", { class: "card-jumps" }, safeLink(content.url, content.btntxt || "详情")));
}

function article(given) {
  return make("div", { class: "card-body" }, make("div", { class: "card-head" },
    make("h3", {}, safeLink(given.url, given.title)),
    given.description ? make("p", {}, given.description) : null));
}

function file(item, content) {
  const name = content.filename || "文件";
  const size = content.size ? `${Math.max(1, Math.round(content.size / 1024))} KB` : "";
  return make("a", { class: "bubble file", href: item.attachment || null, download: name },
    make("span", { class: "file-mark", "aria-hidden": "true" }, extension(name)),
    make("span", { class: "file-words" }, make("strong", {}, name), make("small", {}, size)));
}

function extension(name) {
  const found = /\.([a-z0-9]{1,4})$/i.exec(name);
  return found ? found[1].toUpperCase() : "文件";
}

function fate(item) {
  const words = item.side === "me" ? FATE[item.state] : undefined;
  return words ? make("small", { class: `fate ${item.state}` }, words) : null;
}
