// Cards: a template card as WeCom draws it, and any other from its face. Their buttons press
// through `press(place, button)`, by their place on the card.

import { make, safeLink, webAddress } from "./dom.js";
import { markdownBody } from "./markdown.js";

export function templateCard(item, press) {
  const card = item.content;
  const title = card.main_title?.title ?? "";
  const element = make("article", {
    class: "card",
    "data-testid": "card",
    "data-card-id": item.cardId,
    "aria-label": title || "卡片",
    tabindex: -1,
  });
  const body = make("div", { class: "card-body" },
    source(card.source), headline(card), emphasis(card.emphasis_content), quote(card.quote_area),
    card.sub_title_text ? make("p", { class: "card-sub" }, card.sub_title_text) : null,
    lines(card.horizontal_content_list), verticals(card.vertical_content_list));
  element.append(body);
  const foot = item.replaced ? replaced(item.replaced) : buttons(card, press) ?? jumps(card);
  if (foot) element.append(foot);
  return element;
}

export function faceCard(item, press, tools) {
  const { title, subtitle, body, note } = item.face;
  const element = make("article", {
    class: "card", "data-testid": "card", "data-card-id": item.cardId,
    "aria-label": title || "卡片", tabindex: -1,
  });
  element.append(make("div", { class: "card-body" },
    headline({ main_title: { title, desc: subtitle } }),
    body ? make("div", { class: "card-words" }, markdownBody(body, tools.nameOf)) : null,
    note ? make("p", { class: "card-sub" }, note) : null));
  const foot = item.replaced ? replaced(item.replaced) : buttons({ button_list: item.buttons }, press);
  if (foot) element.append(foot);
  return element;
}

function source(given) {
  if (!given?.desc) return null;
  const tone = ["grey", "black", "red", "green"][given.desc_color ?? 0] ?? "grey";
  return make("p", { class: `card-source tone-${tone}` },
    make("img", { src: "/phone/icon.svg", alt: "", width: 16, height: 16 }), given.desc);
}

function headline(card) {
  const { title, desc } = card.main_title ?? {};
  if (!title && !desc) return null;
  return make("div", { class: "card-head" },
    title ? make("h3", {}, title) : null, desc ? make("p", {}, desc) : null);
}

function emphasis(given) {
  if (!given?.title && !given?.desc) return null;
  return make("div", { class: "card-emphasis" },
    make("strong", {}, given.title ?? ""), make("span", {}, given.desc ?? ""));
}

function quote(given) {
  if (!given?.quote_text && !given?.title) return null;
  return make("blockquote", { class: "card-quote" },
    given.title ? make("p", { class: "card-quote-title" }, given.title) : null,
    make("p", {}, given.quote_text ?? ""));
}

function lines(list) {
  if (!list?.length) return null;
  return make("dl", { class: "card-lines" }, ...list.map((line) => make("div", {},
    make("dt", {}, line.keyname),
    make("dd", {}, line.type === 1 ? safeLink(line.url, line.value ?? "") : line.value ?? ""))));
}

function verticals(list) {
  if (!list?.length) return null;
  return make("div", { class: "card-verticals" }, ...list.map((line) =>
    make("p", {}, make("strong", {}, line.title), line.desc ? ` ${line.desc}` : "")));
}

function buttons(card, press) {
  const list = card.button_list ?? (card.submit_button ? [card.submit_button] : []);
  if (!list.length) return null;
  const longest = Math.max(...list.map((button) => button.text.length));
  const isLong = longest > 7 && list.length > 1;
  const isMany = !isLong && (list.length > 3 || (list.length === 3 && longest > 4));
  const row = make("div", { class: "card-buttons", "data-long": isLong, "data-many": isMany });
  list.forEach((button, place) => {
    const isLink = button.type === 1 || webAddress(button.url);
    row.append(isLink ? linkButton(button) : pressButton(button, place, press));
  });
  return row;
}

function pressButton(button, place, press) {
  return make("button", {
    type: "button",
    class: `card-button style-${button.style ?? 1}`,
    onclick: (event) => press(place, event.currentTarget),
  }, button.text);
}

function linkButton(button) {
  const link = safeLink(button.url, button.text);
  link.className = `card-button style-${button.style ?? 1}`;
  return link;
}

function replaced(words) {
  return make("p", { class: "card-replaced", "data-testid": "card-replaced" }, words);
}

function jumps(card) {
  const list = (card.jump_list ?? []).filter((jump) => webAddress(jump.url));
  if (!list.length && webAddress(card.card_action?.url)) {
    list.push({ title: "查看详情", url: card.card_action.url });
  }
  if (!list.length) return null;
  return make("div", { class: "card-jumps" }, ...list.map((jump) => safeLink(jump.url, jump.title)));
}
