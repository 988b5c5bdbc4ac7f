// The page's state: everything comes from the socket, everything done goes out as a POST.

import { Phone } from "./phone.js";

const ROLES = {
  rep: "销售", manager: "主管", director: "总监", finance: "财务", admin: "管理员",
};
const RETRY_MS = [300, 1000, 2000, 5000];

class App {
  constructor() {
    this.stage = document.querySelector(".stage");
    this.narrow = window.matchMedia("(max-width: 899px)");
    this.items = new Map();
    this.state = { app: "跟单", members: [], groups: [], suggestions: [] };
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
    const socket = new WebSocket(`ws://${location.host}/_sim/socket`);
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
    this.items = new Map(state.items.map((item) => [item.order, item]));
    const isRep = (member) => member.role === "rep";
    const people = state.members.map((member) => ({ ...member, id: member.userid }));
    const groups = state.groups.map((group) => ({ ...group, id: group.key, colour: "#0f8a6d" }));
    const ofMember = (member) => ({
      role: ROLES[member.role] ?? member.role, title: state.app, subtitle: "企业微信 · 应用",
      label: member.name,
    });
    const ofGroup = (group) => ({
      role: "团队群", title: group.name, subtitle: `${people.length} 人`, label: group.name,
    });
    const [rep, manager, group] = this.phones;
    rep.setOwners(people.filter(isRep), ofMember);
    const managers = people.filter((member) => !isRep(member));
    managers.sort((a, b) => (b.role === "manager") - (a.role === "manager"));
    manager.setOwners(managers, ofMember);
    group.setOwners(groups, ofGroup);
  }

  take(item) {
    const isNew = !this.items.has(item.order);
    this.items.set(item.order, item);
    for (const phone of this.phones) {
      if (this.belongs(item, phone)) phone.arrived(item);
      else if (isNew && phone.isGroup === (item.door === "group")) phone.missed(item);
    }
  }

  // What phones ask

  conversation(phone) {
    return [...this.items.values()].filter((item) => this.belongs(item, phone));
  }

  belongs(item, phone) {
    return item.door === (phone.isGroup ? "group" : "app") && item.recipient === phone.owner?.id;
  }

  speaker(item) {
    if (item.side === "bot") return this.bot();
    return this.state.members.find((member) => member.userid === item.recipient);
  }

  bot() {
    return { name: this.state.app, icon: "/phone/icon.svg" };
  }

  nameOf(userid) {
    if (userid === "all") return "所有人";
    return this.state.members.find((member) => member.userid === userid)?.name ?? userid;
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
    const entered = `entered ${phone.owner.id}`;
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
    try {
      const answer = await fetch(`/_sim/${name}`, { method: "POST", headers, body: JSON.stringify(body) });
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

new App();
