// The phone: state, and what happens when.

import * as api from "./api.js";
import * as bubbles from "./bubbles.js";
import { composer } from "./composer.js";
import { el, iconButton, toast } from "./dom.js";
import * as panel from "./panel.js";
import * as people from "./people.js";
import * as sheets from "./sheets.js";
import { t } from "./words.js";

const app = document.getElementById("app");
const peoplePlace = document.getElementById("people");
const chatPlace = document.getElementById("chat");
const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

const state = { customers: [], customer: null, numbers: [], number: null, webhook: null, subscribed: false };
/** The open chat: its entries by place, its version, and its elements. */
let open = null;

const world = () => state;
const business = () => state.numbers.find((number) => number.phone_number_id === state.number)?.verified_name ?? "";
const guard = (promise) => promise.catch((error) => toast(error.message));

const on = {
  business,
  pick: (id) => {
    location.hash = encodeURIComponent(id);
  },
  made: async (customer) => {
    await refreshPeople();
    on.pick(customer.id);
  },
  number: (number) => {
    state.number = number;
    drawPeople();
    show(state.customer);
  },
  redraw: () => {
    drawPeople();
    show(state.customer);
    panel.draw(world);
  },
  panel: () => panel.toggle(world),
  theme: () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  },
  tap: (entry, choice) => guard(api.tap(state.customer, state.number, entry.wamid, choice.id)),
  rows: (entry) => sheets.rows(entry.list_button ?? t("offered"), entry.rows, (row) => on.tap(entry, row)),
  form: (entry) =>
    sheets.form(t("form"), [{ name: "answer", label: t("formAnswer"), kind: "area", value: '{"flow_token": "unused"}' }], t("send"), ({ answer }) =>
      api.send(state.customer, state.number, { type: "form_reply", response: answer, reply_to: entry.wamid }),
    ),
  more: (entry) => {
    const react = (emoji) => api.send(state.customer, state.number, { type: "reaction", message_id: entry.wamid, emoji });
    const faces = [];
    const actions = [{ icon: "reply", label: t("reply"), run: () => open.composer.answer(entry) }];
    if (entry.from === "customer" && !entry.revoked) {
      const revoke = () => guard(api.send(state.customer, state.number, { type: "revoke", message_id: entry.wamid }));
      actions.push({ icon: "close", label: t("revoke"), run: revoke, danger: true });
    } else {
      for (const emoji of EMOJI) faces.push({ emoji, label: `${t("react")} ${emoji}`, run: () => guard(react(emoji)) });
      if (entry.reacted) actions.push({ icon: "close", label: t("removeReaction"), run: () => guard(react("")) });
    }
    sheets.menu(t("more"), actions, faces);
  },
};

function drawPeople() {
  const focused = document.activeElement?.closest?.(".person");
  people.draw(peoplePlace, state, on);
  if (focused) peoplePlace.querySelector("[aria-current]")?.focus();
}

async function refreshPeople() {
  const [overview, customers] = await Promise.all([api.overview(), api.customers()]);
  state.numbers = overview.numbers;
  state.number ??= overview.numbers[0].phone_number_id;
  state.webhook = overview.webhook_url;
  state.subscribed = overview.subscribed;
  state.customers = customers;
  drawPeople();
}

function chatMenu(customer) {
  const asBusiness = () =>
    sheets.form(t("answerFromPhone"), [{ name: "text", label: t("businessSays"), kind: "area", required: true }], t("send"), ({ text }) =>
      api.echo(customer.id, state.number, text),
    );
  const remove = async () => {
    await guard(api.removeCustomer(customer.id));
    location.hash = "";
  };
  sheets.menu(customer.name, [
    { icon: "person", label: t("answerFromPhone"), run: asBusiness },
    { icon: "clock", label: t("advance"), run: () => guard(api.advance({ hours: 24 })) },
    { icon: "panel", label: panel.isOpen() ? t("panelClose") : t("panel"), run: on.panel },
    { icon: "warn", label: t("removeCustomer"), run: remove, danger: true },
  ]);
}

/** Opens the chat of a customer, or the invitation to pick one. */
function show(id) {
  const customer = state.customers.find((customer) => customer.id === id);
  state.customer = customer?.id ?? null;
  app.dataset.view = customer ? "chat" : "people";
  clearTimeout(open?.timer);
  open = null;
  drawPeople();
  panel.draw(world);
  if (!customer) {
    chatPlace.replaceChildren(el("div", { class: "empty" }, people.avatar("S"), el("h2", {}, t("pick")), el("p", {}, t("pickHint"))));
    return;
  }
  const subtitle = el("small", { "aria-live": "polite" }, t("online"));
  const log = el("ol", { class: "log", role: "log", "aria-label": t("messages"), tabindex: 0 });
  const note = el("p", { class: "window" });
  const box = composer((message) => api.send(customer.id, state.number, message));
  const me = el("small", { class: "me" }, `${t("phoneOf")} ${customer.name}`);
  chatPlace.replaceChildren(
    el(
      "header",
      { class: "bar" },
      iconButton("back", t("back"), () => (location.hash = ""), { class: "round back" }),
      people.avatar(business()),
      el("div", { class: "title" }, el("h2", {}, business()), subtitle),
      me,
      iconButton("menu", t("more"), () => chatMenu(customer)),
    ),
    log,
    note,
    box.element,
  );
  open = { id: customer.id, entries: new Map(), items: new Map(), version: 0, log, note, subtitle, composer: box, refreshing: false, atEnd: true };
  followEnd(open);
  refreshChat();
  if (matchMedia("(min-width: 720px)").matches) box.focus();
}

/** Reads what is new in the open chat; calls that overlap become one more at the end. */
async function refreshChat() {
  const chat = open;
  if (!chat) return;
  if (chat.refreshing) {
    chat.again = true;
    return;
  }
  chat.refreshing = true;
  try {
    do {
      chat.again = false;
      const news = await api.chat(chat.id, state.number, chat.version);
      if (chat !== open) return;
      apply(chat, news);
    } while (chat.again);
  } catch (error) {
    toast(error.message);
  } finally {
    chat.refreshing = false;
  }
}

function apply(chat, news) {
  const { log } = chat;
  chat.version = news.version;
  const quoted = (wamid) => [...chat.entries.values()].find((entry) => entry.wamid === wamid);
  for (const entry of news.entries) {
    chat.entries.set(entry.seq, entry);
    if (entry.kind === "reaction") continue;
    const item = bubbles.bubble(entry, on, quoted);
    const before = chat.items.get(entry.seq);
    chat.items.set(entry.seq, item);
    if (before) {
      before.replaceWith(item);
      continue;
    }
    const heading = bubbles.day(entry.at_ms);
    if (heading !== chat.day) log.append(el("li", { class: "day" }, el("span", {}, heading)));
    chat.day = heading;
    log.append(item);
  }
  log.querySelector(".hello")?.remove();
  if (chat.items.size === 0) log.append(el("li", { class: "notice hello" }, el("span", {}, t("sayHello"))));
  typing(chat, news.typing);
  note(chat, news);
  toEnd(chat);
  readIfSeen(chat);
}

/** Keeps the newest entry in sight, also when a picture arrives late or the keyboard opens, unless one scrolled up. */
function followEnd(chat) {
  const { log } = chat;
  log.addEventListener("scroll", () => (chat.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80));
  log.addEventListener("load", () => toEnd(chat), true);
  new ResizeObserver(() => toEnd(chat)).observe(log);
}

function toEnd(chat) {
  if (chat.atEnd) chat.log.scrollTop = chat.log.scrollHeight;
}

function typing(chat, shown) {
  chat.subtitle.textContent = shown ? t("typing") : t("online");
  chat.subtitle.classList.toggle("typing", shown);
  chat.log.querySelector(".dots")?.remove();
  clearTimeout(chat.timer);
  if (!shown) return;
  chat.log.append(el("li", { class: "dots", "aria-hidden": "true" }, el("span", {}, el("i"), el("i"), el("i"))));
  chat.timer = setTimeout(refreshChat, 26_000);
}

function note(chat, news) {
  chat.note.classList.toggle("closed", !news.window_open);
  chat.note.hidden = news.window_open && news.window_closes_ms - news.now_ms > 12 * 3600_000;
  if (!news.window_open) {
    chat.note.textContent = t("windowClosed");
    return;
  }
  const minutes = Math.max(0, Math.floor((news.window_closes_ms - news.now_ms) / 60_000));
  chat.note.textContent = `${t("windowOpen")} ${Math.floor(minutes / 60)}${t("hours")} ${minutes % 60}${t("minutes")}`;
}

function readIfSeen(chat) {
  if (document.visibilityState !== "visible") return;
  const unread = [...chat.entries.values()].some((entry) => entry.from === "business" && ["sent", "delivered"].includes(entry.status));
  if (unread) guard(api.read(chat.id, state.number));
}

function onEvent(event) {
  if (event.event === "chat") {
    if (event.customer === state.customer && event.phone_number_id === state.number) refreshChat();
    later();
    return;
  }
  guard(refreshPeople().then(route).then(() => panel.draw(world)));
  refreshChat();
}

let waiting = null;

/** The list of people follows chats at leisure. */
function later() {
  waiting ??= setTimeout(() => {
    waiting = null;
    guard(refreshPeople());
  }, 400);
}

function route() {
  const id = decodeURIComponent(location.hash.slice(1)) || null;
  if (id !== state.customer || (!open && id) || !chatPlace.hasChildNodes()) show(id);
}

document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "";
addEventListener("hashchange", route);
document.addEventListener("visibilitychange", () => open && readIfSeen(open));
panel.follow(world);
api.listen(onEvent, () => toast(t("lost")));
