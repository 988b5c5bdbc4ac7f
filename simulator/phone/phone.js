// One phone: whose it is, its conversation, and what can be written there.

import { avatar, row, waiting } from "./bubbles.js";
import { make, timeWords } from "./dom.js";

const QUIET_SECONDS = 300;
const PATIENCE_MS = 15_000;

export class Phone {
  constructor(element, app) {
    this.app = app;
    this.name = element.dataset.phone;
    this.element = element;
    this.rows = new Map();
    this.unread = 0;
    this.patience = 0;
    this.build();
    for (const kind of ["pointerenter", "pointerdown", "focusin"]) {
      element.addEventListener(kind, () => this.markRead());
    }
  }

  get isGroup() {
    return this.name === "group";
  }

  build() {
    this.chooser = make("select", {
      class: "chooser", "data-testid": `select-${this.name}`,
      "aria-label": this.isGroup ? "选择群" : "选择谁的手机",
      onchange: () => this.open(this.chooser.value),
    });
    this.badge = make("span", { class: "badge", "data-testid": `badge-${this.name}`, hidden: true });
    this.face = make("span", { class: "owner-face" });
    this.title = make("h2", { class: "bar-title" });
    this.subtitle = make("p", { class: "bar-sub" });
    this.log = make("div", {
      class: "log", role: "log", "aria-live": "polite", tabindex: 0,
      "data-testid": `log-${this.name}`,
      onscroll: () => this.isAtEnd() && (this.jump.hidden = true),
    });
    this.jump = make("button", {
      type: "button", class: "jump", hidden: true, onclick: () => this.toEnd(true),
    }, "↓ 新消息");
    this.element.replaceChildren(
      make("div", { class: "owner" }, this.face, this.ownerWords(), this.chooser, this.badge),
      make("div", { class: "screen" },
        this.statusBar(), make("div", { class: "bar" }, this.title, this.subtitle),
        this.elsewhereButton(), this.log, this.jump,
        this.composer(), this.isGroup ? this.groupFoot() : null));
  }

  statusBar() {
    const time = make("span");
    const tick = () => { time.textContent = timeWords(Date.now() / 1000); };
    tick();
    setInterval(tick, 10_000);
    return make("div", { class: "status", "aria-hidden": "true" }, time, make("i", { class: "battery" }));
  }

  ownerWords() {
    this.role = make("span", { class: "owner-role" });
    return this.role;
  }

  groupFoot() {
    this.foot = make("p", { class: "foot" }, "由群机器人推送");
    return this.foot;
  }

  elsewhereButton() {
    this.elsewhereLine = make("button", {
      type: "button", class: "elsewhere", hidden: true, "data-testid": `elsewhere-${this.name}`,
    });
    return this.elsewhereLine;
  }

  writerChooser() {
    this.writerChoice = make("select", {
      class: "chooser writer", "data-testid": "select-writer", "aria-label": "以谁的身份在群里说",
      onchange: () => { this.writer = this.writerChoice.value; this.redraw(); },
    });
    return this.writerChoice;
  }

  composer() {
    this.chips = make("div", { class: "chips", role: "group", "aria-label": "可以这样说" });
    this.input = make("textarea", {
      rows: 1, class: "input", placeholder: "说一句…", enterkeyhint: "send", maxlength: 2000,
      "data-testid": `input-${this.name}`, oninput: () => this.grow(),
      onkeydown: (event) => this.onKey(event),
    });
    this.send = make("button", {
      type: "submit", class: "send", "data-testid": `send-${this.name}`, disabled: true,
    }, "发送");
    this.form = make("form", {
      class: "composer",
      onsubmit: (event) => { event.preventDefault(); this.say(this.input.value); },
    }, this.chips, make("div", { class: "composer-line" },
      this.isGroup ? this.writerChooser() : null, this.input, this.send));
    return this.form;
  }

  // Whose phone it is

  setOwners(owners, describe) {
    this.owners = owners;
    this.describe = describe;
    this.elsewhere = new Map();
    this.chooser.hidden = owners.length < 2;
    this.nameOptions();
    this.open(owners.some((o) => o.id === this.owner?.id) ? this.owner.id : owners[0]?.id);
  }

  setWriters(people) {
    this.form.hidden = !people.length;
    this.foot.hidden = people.length > 0;
    this.input.placeholder = "@跟单 说一句…";
    this.writerChoice.replaceChildren(
      ...people.map((person) => make("option", { value: person.id }, person.name)));
    this.writer = people.some((person) => person.id === this.writer) ? this.writer : people[0]?.id;
    if (this.writer) this.writerChoice.value = this.writer;
  }

  speakerId() {
    return this.isGroup ? this.writer : this.owner?.id;
  }

  nameOptions() {
    const chosen = this.owner?.id;
    this.chooser.replaceChildren(...this.owners.map((owner) => {
      const missed = this.elsewhere.get(owner.id);
      return make("option", { value: owner.id }, missed ? `${owner.name}（${missed} 条新）` : owner.name);
    }));
    if (chosen) this.chooser.value = chosen;
  }

  missed(item) {
    if (item.side !== "bot" || !this.owners.some((owner) => owner.id === item.recipient)) return;
    this.elsewhere.set(item.recipient, (this.elsewhere.get(item.recipient) ?? 0) + 1);
    this.nameOptions();
  }

  hint(words, follow) {
    this.elsewhereLine.textContent = words;
    this.elsewhereLine.onclick = follow;
    this.elsewhereLine.hidden = false;
  }

  open(id) {
    this.elsewhereLine.hidden = true;
    this.elsewhere.delete(id);
    this.owner = this.owners.find((owner) => owner.id === id);
    this.element.classList.toggle("empty", !this.owner);
    if (!this.owner) return;
    this.nameOptions();
    const { role, title, subtitle, label } = this.describe(this.owner);
    this.role.textContent = this.chooser.hidden ? `${role} · ${this.owner.name}` : role;
    this.face.replaceChildren(avatar(this.owner));
    this.title.textContent = title;
    this.subtitle.textContent = subtitle;
    this.log.setAttribute("aria-label", `${label}的会话`);
    this.input?.setAttribute("aria-label", `以${label}的身份输入消息`);
    this.send?.setAttribute("aria-label", `发送（${label}）`);
    this.redraw();
    this.app.onOpened(this);
  }

  redraw() {
    this.log.setAttribute("aria-busy", "true");
    this.rows.clear();
    this.log.replaceChildren();
    this.lastAt = 0;
    this.stopWaiting();
    const items = this.app.conversation(this);
    for (const item of items) this.place(item);
    if (!items.length) this.log.append(this.blank());
    this.drawChips();
    this.toEnd();
    this.log.removeAttribute("aria-busy");
  }

  blank() {
    const [title, words] = this.isGroup
      ? ["团队群", "每天的日报图会推送到这里"]
      : [this.title.textContent, "像发微信一样说今天的事"];
    const examples = this.isGroup ? [] : this.app.suggestions(this.owner.id);
    return make("div", { class: "blank" },
      make("img", { src: "/phone/icon.svg", alt: "", width: 60, height: 60 }),
      make("p", { class: "blank-title" }, title), make("p", {}, words),
      examples.length ? make("div", { class: "examples", role: "group", "aria-label": "可以这样说" },
        ...examples.map((text) => this.example(text, "example"))) : null);
  }

  example(text, kind) {
    return make("button", { type: "button", class: kind, onclick: () => this.choose(text) }, text);
  }

  // Bubbles

  place(item) {
    const stay = this.isAtEnd() || item.side === "me";
    const drawn = row(item, this.app.speaker(item), this.tools());
    const before = this.rows.get(item.id);
    if (before) {
      const held = before.contains(document.activeElement);
      before.replaceWith(drawn);
      if (held) drawn.querySelector(".card")?.focus({ preventScroll: true });
      if (item.side === "bot") drawn.classList.add("changed");
    } else {
      this.log.querySelector(".blank")?.remove();
      if (item.at - this.lastAt > QUIET_SECONDS) {
        this.log.append(make("p", { class: "stamp" }, timeWords(item.at)));
      }
      this.lastAt = item.at;
      this.log.append(drawn);
    }
    this.rows.set(item.id, drawn);
    if (this.waitingRow) this.log.append(this.waitingRow);
    if (stay) this.toEnd();
    else if (!before) this.jump.hidden = false;
  }

  arrived(item) {
    const isNew = !this.rows.has(item.id);
    if (item.side === "bot") this.stopWaiting();
    this.place(item);
    if (isNew) this.drawChips();
    if (item.side === "me" && item.state === "lost") this.stopWaiting();
    if (isNew && item.side === "bot" && !this.isWatched()) this.setUnread(this.unread + 1);
  }

  tools() {
    return {
      nameOf: (userid) => this.app.nameOf(userid),
      time: timeWords,
      enlarge: (url, alt) => this.app.enlarge(url, alt),
      isOwn: (item) => item.side === "me" && item.userid === this.speakerId(),
      press: (item, place, button) => this.press(item, place, button),
      settle: () => this.nearEnd() && this.toEnd(),
    };
  }

  isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
  }

  nearEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 700;
  }

  toEnd(smooth = false) {
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.jump.hidden = true;
  }

  // What its owner does

  onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.say(this.input.value);
  }

  grow() {
    this.send.disabled = !this.input.value.trim();
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, 112)}px`;
  }

  async say(text) {
    if (!text.trim()) return;
    this.input.value = "";
    this.grow();
    this.startWaiting();
    const chat = this.isGroup ? this.owner.id : undefined;
    const sent = await this.app.act("say", { userid: this.speakerId(), text: text.trim(), chat });
    if (sent) return;
    this.stopWaiting();
    this.input.value = text;
    this.grow();
  }

  async press(item, place, button) {
    const group = [...button.closest(".card-buttons").children];
    if (group.some((other) => other.classList.contains("busy"))) return;
    button.classList.add("busy");
    group.forEach((other) => other.setAttribute("aria-disabled", "true"));
    this.startWaiting();
    const sent = await this.app.act("press", {
      userid: this.speakerId(), order: item.order, button: place,
    });
    const release = () => {
      button.classList.remove("busy");
      group.forEach((other) => other.removeAttribute("aria-disabled"));
    };
    setTimeout(release, sent ? 5000 : 0);
    if (!sent) this.stopWaiting();
  }

  drawChips() {
    if (this.isGroup) {
      this.chips.hidden = true;
      return;
    }
    const said = new Set(this.app.conversation(this).map((item) => item.text));
    const left = this.app.suggestions(this.owner.id).filter((text) => !said.has(text));
    this.chips.hidden = !left.length || !this.rows.size;
    this.chips.replaceChildren(...left.map((text) => this.example(text, "chip")));
  }

  choose(text) {
    // On a touch screen the focus would bring up a keyboard that nobody asked for.
    if (!matchMedia("(pointer: coarse)").matches) this.input.focus({ preventScroll: true });
    this.say(text);
  }

  // Hints

  startWaiting() {
    this.stopWaiting();
    this.waitingRow = waiting(this.app.bot());
    this.log.append(this.waitingRow);
    this.toEnd();
    this.patience = setTimeout(() => this.stopWaiting(), PATIENCE_MS);
  }

  stopWaiting() {
    clearTimeout(this.patience);
    this.waitingRow?.remove();
    this.waitingRow = null;
  }

  isWatched() {
    if (document.hidden || !this.app.isOnScreen(this)) return false;
    return this.app.isNarrow() || this.element.matches(":hover, :focus-within");
  }

  markRead() {
    if (this.unread) this.setUnread(0);
  }

  setUnread(count) {
    this.unread = count;
    this.badge.hidden = count === 0;
    this.badge.textContent = count > 99 ? "99+" : String(count);
    this.badge.setAttribute("aria-label", `${count} 条未读`);
    this.app.onUnread(this);
  }
}
