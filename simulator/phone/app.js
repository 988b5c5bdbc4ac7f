// The page's state: everything comes from the socket, everything done goes out as a POST.

import { make } from "./dom.js";
import { Phone } from "./phone.js";

const ROLES = {
  rep: "销售", manager: "主管", director: "总监", finance: "财务", admin: "管理员",
};
const FONT_MS = 1500;
const RETRY_MS = [300, 1000, 2000, 5000];

class App {
  constructor() {
    this.stage = document.querySelector(".stage");
    this.narrow = window.matchMedia("(max-width: 899px)");
    this.items = new Map();
    this.state = { doors: [], suggestions: [] };
    this.door = null;
    this.unseen = new Map();
    this.switch = document.querySelector(".doors");
    this.phones = [...document.querySelectorAll(".phone")].map((place) => new Phone(place, this));
    this.tabs = [...document.querySelectorAll("[data-tab]")];
    for (const tab of this.tabs) tab.addEventListener("click", () => this.show(tab.dataset.tab));
    this.lightbox = document.querySelector(".lightbox");
    this.lightbox.addEventListener("click", () => this.lightbox.close());
    this.tries = 0;
    this.connect();
  }

  // The socket

  connect() {
    const socket = new WebSocket(`ws://${location.host}/socket`);
    socket.addEventListener("open", () => { this.tries = 0; this.setConnected(true); });
    socket.addEventListener("message", (event) => this.receive(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      this.setConnected(false);
      setTimeout(() => this.connect(), RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)]);
    });
  }

  setConnected(connected) {
    const sign = document.querySelector(".connection");
    sign.classList.toggle("on", connected);
    sign.querySelector(".connection-words").textContent = connected ? "已连接" : "连接断了，正在重连";
  }

  receive(news) {
    if (news.type === "state") this.restart(news);
    else if (news.seen) this.take(news.item);
  }

  restart(state) {
    this.state = state;
    this.items = new Map(state.items.map((item) => [keyOf(item), item]));
    const kept = state.doors.find((door) => door.id === this.door?.id);
    this.drawDoors();
    this.choose(kept ?? state.doors[0]);
  }

  take(item) {
    const key = keyOf(item);
    const isNew = !this.items.has(key);
    this.items.set(key, item);
    if (item.door !== this.door?.id) {
      if (isNew && item.side === "bot") this.missedAt(item);
      return;
    }
    for (const phone of this.phones) {
      if (this.belongs(item, phone)) phone.arrived(item);
      else if (isNew && phone.isGroup === item.together) phone.missed(item);
    }
  }

  // The doors

  drawDoors() {
    this.switch.hidden = this.state.doors.length < 2;
    this.switch.replaceChildren(...this.state.doors.map((door) => make("button", {
      type: "button", class: "door", "data-testid": `door-${door.id}`, "data-door": door.id,
      onclick: () => this.choose(door),
    }, door.subtitle)));
  }

  choose(door) {
    this.door = door;
    if (!door) return;
    this.unseen.delete(door.id);
    this.markDoors();
    const people = door.members.map((member) => ({ ...member, id: member.userid }));
    const groups = door.groups.map((group) => ({ ...group, id: group.key, colour: "#0f8a6d" }));
    const ofMember = (member) => ({
      role: ROLES[member.role] ?? member.role, title: door.title, subtitle: door.subtitle,
      label: member.name,
    });
    const ofGroup = (group) => ({
      role: "团队群", title: group.name, subtitle: `${door.platform} · ${people.length} 人`,
      label: group.name,
    });
    const [rep, manager, group] = this.phones;
    const managers = people.filter((member) => member.role !== "rep");
    managers.sort((a, b) => (b.role === "manager") - (a.role === "manager"));
    rep.setOwners(people.filter((member) => member.role === "rep"), ofMember);
    manager.setOwners(managers, ofMember);
    group.setWriters(door.canWriteTogether ? people : []);
    group.setOwners(groups, ofGroup);
  }

  missedAt(item) {
    this.unseen.set(item.door, (this.unseen.get(item.door) ?? 0) + 1);
    this.markDoors();
    const door = this.state.doors.find((one) => one.id === item.door);
    const phone = this.phones.find((one) => !item.together && one.owner?.id === item.recipient);
    if (door) phone?.hint(`${phone.owner.name}在“${door.subtitle}”收到一条`, () => this.choose(door));
  }

  markDoors() {
    for (const button of this.switch.children) {
      const count = this.unseen.get(button.dataset.door);
      if (button.dataset.door === this.door?.id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      if (count) button.dataset.unread = count > 99 ? "99+" : count;
      else delete button.dataset.unread;
    }
  }

  // What phones ask

  conversation(phone) {
    return [...this.items.values()].filter((item) => this.belongs(item, phone));
  }

  belongs(item, phone) {
    return item.door === this.door?.id && item.together === phone.isGroup
      && item.recipient === phone.owner?.id;
  }

  speaker(item) {
    if (item.side === "bot") return this.bot();
    const found = this.door.members.find((member) => member.userid === item.userid);
    return found ?? { name: item.userid, colour: "#5f6979" };
  }

  bot() {
    return { name: this.door?.title ?? "跟单", icon: "/phone/icon.svg" };
  }

  nameOf(userid) {
    if (userid === "all") return "所有人";
    return this.door.members.find((member) => member.userid === userid)?.name ?? userid;
  }

  suggestions(userid) {
    return this.state.suggestions.filter((s) => s.userid === userid).map((s) => s.text);
  }

  isNarrow() {
    return this.narrow.matches;
  }

  isOnScreen(phone) {
    return !this.isNarrow() || this.stage.dataset.shown === phone.name;
  }

  // What phones tell

  onOpened(phone) {
    phone.setUnread(0);
    if (phone.isGroup || !phone.owner) return;
    const entered = `entered ${this.door.id} ${phone.owner.id}`;
    if (sessionStorage.getItem(entered)) return;
    sessionStorage.setItem(entered, "1");
    this.act("enter", { userid: phone.owner.id }, { quietly: true });
  }

  onUnread(phone) {
    const tab = this.tabs?.find((one) => one.dataset.tab === phone.name);
    if (!tab) return;
    if (phone.unread) tab.dataset.unread = phone.unread > 99 ? "99+" : phone.unread;
    else delete tab.dataset.unread;
    const total = this.phones.reduce((sum, one) => sum + one.unread, 0);
    document.title = total ? `(${total}) 跟单 · 试一试` : "跟单 · 试一试";
  }

  async act(name, body, { quietly = false } = {}) {
    const headers = { "Content-Type": "application/json" };
    const told = JSON.stringify({ door: this.door.id, ...body });
    try {
      const answer = await fetch(`/do/${name}`, { method: "POST", headers, body: told });
      if (answer.ok) return true;
    } catch {
      // Told below: the server is away.
    }
    if (!quietly) this.toast("没有送出去，请再试一次");
    return false;
  }

  show(name) {
    this.stage.dataset.shown = name;
    for (const tab of this.tabs) {
      if (tab.dataset.tab === name) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
    const phone = this.phones.find((one) => one.name === name);
    phone.markRead();
    phone.toEnd();
  }

  enlarge(url, alt) {
    const picture = this.lightbox.querySelector(".lightbox-picture");
    picture.src = url;
    picture.alt = alt;
    this.lightbox.showModal();
  }

  toast(words) {
    const toast = document.querySelector(".toast");
    toast.textContent = words;
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { toast.hidden = true; }, 4000);
  }
}

function keyOf(item) {
  return `${item.door} ${item.id}`;
}

async function begin() {
  const font = document.fonts.load('16px "Gendan Sans"', "跟").catch(() => {});
  await Promise.race([font, new Promise((resolve) => { setTimeout(resolve, FONT_MS); })]);
  document.documentElement.classList.remove("arriving");
  new App();
}

begin();
