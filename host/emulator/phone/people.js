// The people whose phones these are.

import * as api from "./api.js";
import { el, icon, iconButton } from "./dom.js";
import { chatWith, latestFirst } from "./order.js";
import * as sheets from "./sheets.js";
import { locale, t, toggleLanguage } from "./words.js";

const initials = (name) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0] ?? "")
    .join("")
    .toUpperCase();

/** A coloured disc with initials; the colour follows the name. */
export function avatar(name) {
  let hue = 0;
  for (const letter of name) hue = (hue * 31 + letter.codePointAt(0)) % 360;
  const disc = el("span", { class: "avatar", "aria-hidden": "true" }, initials(name));
  disc.style.setProperty("--hue", hue);
  return disc;
}

/** How a number is read. */
export const phoneText = (phone) => `+${phone.slice(0, 2)} ${phone.slice(2, 5)}-${phone.slice(5, 9)}-${phone.slice(9)}`.replace(/-$/, "");

/** One line on who this is. */
export const address = (customer) =>
  [customer.phone ? phoneText(customer.phone) : t("hidden"), customer.username ? `@${customer.username}` : null].filter(Boolean).join(" · ");

/** What an entry says, in one line. */
export function summary(entry) {
  if (!entry) return "";
  if (entry.revoked) return t("revoked");
  if (entry.kind === "reaction") return `${t("reaction")} ${entry.text ?? ""}`;
  const known = ["image", "voice", "document", "location", "contacts", "order", "sticker", "video", "unsupported", "template"];
  const kind = entry.kind === "audio" ? "voice" : entry.kind;
  if (known.includes(kind)) return entry.text ? `${t(kind)}: ${entry.text}` : t(kind);
  return entry.text ?? entry.kind;
}

/** Draws the list. `on` has `pick`, `made`, `redraw`, `theme` and `panel`. */
export function draw(place, state, on) {
  const person = (customer) => {
    const last = chatWith(customer, state.number)?.last;
    const when = last ? new Date(last.at_ms).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" }) : "";
    const words = el(
      "span",
      { class: "words" },
      el("span", { class: "line" }, el("b", {}, customer.name), el("time", {}, when)),
      el("small", { class: "address" }, address(customer)),
      last ? el("small", { class: "last" }, summary(last)) : null,
    );
    const current = customer.id === state.customer ? "true" : null;
    return el(
      "li",
      {},
      el("button", { type: "button", class: "person", "aria-current": current, onClick: () => on.pick(customer.id) }, avatar(customer.name), words),
    );
  };
  const switchLanguage = () => {
    toggleLanguage();
    on.redraw();
  };
  const condition = !state.webhook ? "noWebhook" : state.subscribed ? "subscribed" : "unsubscribed";
  place.replaceChildren(
    el(
      "header",
      { class: "bar" },
      el("div", { class: "title" }, el("h1", {}, t("people")), el("small", { class: `condition ${condition}` }, t(condition))),
      el("button", { type: "button", class: "plain small", lang: t("language") === "English" ? "en" : "id", onClick: switchLanguage }, t("language")),
      iconButton("theme", t("theme"), on.theme),
      iconButton("panel", t("panel"), on.panel),
    ),
    state.numbers.length > 1 ? numbers(state, on) : "",
    state.customers.length === 0 ? el("p", { class: "none" }, t("none")) : el("ul", { class: "list" }, latestFirst(state.customers, state.number).map(person)),
    el("footer", {}, el("button", { type: "button", class: "strong wide", onClick: () => make(on) }, icon("attach"), t("newCustomer"))),
  );
}

function numbers(state, on) {
  const option = (number) =>
    el("option", { value: number.phone_number_id, selected: number.phone_number_id === state.number }, `${number.verified_name} · ${number.display_phone_number}`);
  const select = el("select", { id: "numbers", onChange: (event) => on.number(event.target.value) }, state.numbers.map(option));
  return el("p", { class: "field numbers" }, el("label", { for: "numbers" }, t("search")), select);
}

const NAMES = ["Rina Wulandari", "Agus Pratama", "Dewi Lestari", "Bayu Saputra", "Sri Handayani", "Joko Susilo"];

function make(on) {
  const pick = (list) => list[Math.floor(Math.random() * list.length)];
  const phone = `62812${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;
  const reach = [
    ["phone", t("reachPhone")],
    ["id", t("reachId")],
    ["both", t("reachBoth")],
  ];
  const fields = [
    { name: "name", label: t("name"), value: pick(NAMES), required: true },
    { name: "reach", label: t("reach"), options: reach, value: "both" },
    { name: "phone", label: t("phone"), value: phone, kind: "tel" },
    { name: "username", label: t("username") },
  ];
  const form = sheets.form(t("newCustomer"), fields, t("create"), async (filled) => {
    const customer = { name: filled.name };
    if (filled.reach !== "id") customer.phone = filled.phone;
    if (filled.reach !== "phone") customer.user_id = "auto";
    if (filled.username) customer.username = filled.username;
    on.made(await api.addCustomer(customer));
  });
  const reachField = form.querySelector("[name=reach]");
  reachField.addEventListener("change", () => (form.querySelector("[data-field=phone]").hidden = reachField.value === "id"));
}
