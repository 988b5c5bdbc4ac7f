// WeCom's subset of markdown and of text, as elements.

import { make, safeLink } from "./dom.js";

const INLINE =
  /\*\*(?<bold>.+?)\*\*|`(?<code>[^`\n]+)`|\[(?<label>[^\]\n]*)\]\((?<url>[^)\s]+)\)|<font color="(?<colour>info|comment|warning)">(?<tinted>.*?)<\/font>|<@(?<mention>[^>\s]+)>/g;
const ANCHOR = /<a href="(?<url>[^"]*)">(?<label>[^<]*)<\/a>|<@(?<mention>[^>\s]+)>/g;

export function textBody(text, nameOf) {
  const body = make("p", { class: "words" });
  body.append(...pieces(text, ANCHOR, (found) => {
    if (found.mention) return mention(found.mention, nameOf);
    return safeLink(found.url, found.label);
  }));
  return body;
}

export function markdownBody(text, nameOf) {
  const body = make("div", { class: "markdown" });
  let list = null;
  let quote = null;
  for (const line of text.split(/\r?\n/)) {
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    const item = /^\s*(?:[-*]|\d+\.)\s+(.*)$/.exec(line);
    const quoted = /^>\s?(.*)$/.exec(line);
    if (!item) list = null;
    if (!quoted) quote = null;
    if (heading) {
      body.append(make("p", { class: `heading h${heading[1].length}`, role: "heading", "aria-level": 4 }, ...inline(heading[2], nameOf)));
    } else if (quoted) {
      if (!quote) body.append((quote = make("blockquote")));
      quote.append(make("p", {}, ...inline(quoted[1], nameOf)));
    } else if (item) {
      if (!list) body.append((list = make("ul")));
      list.append(make("li", {}, ...inline(item[1], nameOf)));
    } else if (/^\s*-{3,}\s*$/.test(line)) {
      body.append(make("hr"));
    } else if (line.trim()) {
      body.append(make("p", {}, ...inline(line, nameOf)));
    } else {
      body.append(make("p", { class: "gap", "aria-hidden": "true" }));
    }
  }
  return body;
}

function inline(text, nameOf) {
  return pieces(text, INLINE, (found) => {
    if (found.bold) return make("strong", {}, ...inline(found.bold, nameOf));
    if (found.code) return make("code", {}, found.code);
    if (found.url) return safeLink(found.url, found.label || found.url);
    if (found.mention) return mention(found.mention, nameOf);
    return make("span", { class: `tint-${found.colour}` }, ...inline(found.tinted, nameOf));
  });
}

function mention(userid, nameOf) {
  return make("span", { class: "mention" }, `@${nameOf(userid)}`);
}

function pieces(text, pattern, build) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) nodes.push(document.createTextNode(text.slice(end, match.index)));
    nodes.push(build(match.groups));
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}
