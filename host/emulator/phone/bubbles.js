// The bubbles of a chat.

import * as api from "./api.js";
import { el, formatted, icon } from "./dom.js";
import { summary } from "./people.js";
import { locale, t } from "./words.js";

const time = (ms) => new Date(ms).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });

/** The day of an entry, as a heading says it. */
export function day(ms) {
  const date = new Date(ms);
  if (date.toDateString() === new Date().toDateString()) return t("today");
  return date.toLocaleDateString(locale(), { weekday: "long", day: "numeric", month: "long" });
}

function ticks(entry) {
  if (entry.from === "system" || entry.from === "business_phone") return null;
  const look = { accepted: "clock", sent: "tick", delivered: "ticks", read: "ticks", failed: "warn" }[entry.status];
  return el("span", { class: `ticks ${entry.status}`, role: "img", "aria-label": t(entry.status), title: t(entry.status) }, icon(look));
}

function media(entry) {
  const { id, link, filename } = entry.media ?? {};
  const url = link ?? (id ? api.fileUrl(id) : null);
  if (!url) return null;
  switch (entry.kind) {
    case "image":
    case "sticker":
      return el("img", { class: entry.kind, src: url, alt: entry.text ?? t(entry.kind), loading: "lazy" });
    case "video":
      return el("video", { src: url, controls: true, preload: "metadata", "aria-label": t("video") });
    case "voice":
    case "audio":
      return el("audio", { src: url, controls: true, preload: "metadata", "aria-label": t("voice") });
    default:
      return el("a", { class: "file", href: url, target: "_blank", rel: "noreferrer" }, icon("file"), el("span", {}, filename ?? t("document")));
  }
}

function header(entry) {
  const { type, text, ...rest } = entry.header ?? {};
  if (type === "text") return el("b", { class: "head" }, text);
  return rest[type] ? media({ kind: type, media: rest[type] }) : null;
}

function place({ latitude, longitude, name, address }) {
  const where = `${Number(latitude).toFixed(5)}, ${Number(longitude).toFixed(5)}`;
  const href = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  const words = el("span", {}, el("b", {}, name ?? t("location")), el("small", {}, address ?? where));
  return el("a", { class: "place", href, target: "_blank", rel: "noreferrer" }, el("span", { class: "map", "aria-hidden": "true" }, icon("place")), words);
}

function cards(contacts) {
  const card = (contact) =>
    el("span", { class: "card" }, icon("person"), el("span", {}, el("b", {}, contact.name?.formatted_name), el("small", {}, contact.phones?.[0]?.phone ?? "")));
  return contacts.map(card);
}

function order({ product_items: items = [], text }) {
  const line = (item) => el("li", {}, el("span", {}, `${item.quantity} × ${item.product_retailer_id}`), el("span", {}, `${item.currency} ${item.item_price}`));
  return el("div", { class: "order" }, el("b", {}, icon("bag"), t("order")), el("ul", {}, items.map(line)), text ? el("p", {}, text) : null);
}

function content(entry) {
  if (entry.revoked) return [el("i", { class: "revoked" }, t("revoked"))];
  const parts = [header(entry), media(entry)];
  if (entry.location) parts.push(place(entry.location));
  if (entry.contacts) parts.push(...cards(entry.contacts));
  if (entry.order) parts.push(order(entry.order));
  if (entry.kind === "unsupported") parts.push(el("i", { class: "revoked" }, t("unsupported")));
  else if (entry.text) parts.push(el("p", { class: "text" }, formatted(entry.text)));
  if (entry.choice?.description) parts.push(el("small", { class: "foot" }, entry.choice.description));
  if (entry.footer) parts.push(el("small", { class: "foot" }, entry.footer));
  return parts.filter(Boolean);
}

function actions(entry, on) {
  if (entry.from === "customer" || entry.revoked) return null;
  const button = (look, label, run) => el("button", { type: "button", onClick: run }, look ? icon(look) : null, label);
  const list = (entry.buttons ?? []).map((choice) => button("reply", choice.title, () => on.tap(entry, choice)));
  if (entry.rows) list.push(button("list", entry.list_button ?? t("offered"), () => on.rows(entry)));
  if (entry.link) {
    list.push(el("a", { href: entry.link, target: "_blank", rel: "noreferrer noopener" }, icon("link"), entry.link_text));
  }
  for (const one of entry.links ?? []) {
    if (one.url) list.push(el("a", { href: one.url, target: "_blank", rel: "noreferrer noopener" }, icon("link"), one.title));
    else list.push(el("span", {}, icon(one.code ? "file" : "voice"), one.title));
  }
  if (entry.form_button) list.push(button("form", entry.form_button, () => on.form(entry)));
  return list.length ? el("div", { class: "actions", role: "group", "aria-label": t("offered") }, list) : null;
}

/** One entry as a list item. `on` has `tap`, `rows`, `form` and `more`; `quoted` finds the entry that it answers. */
export function bubble(entry, on, quoted) {
  if (entry.from === "system") {
    return el("li", { class: "notice" }, el("span", {}, entry.text ?? entry.kind));
  }
  const mine = entry.from === "customer";
  const answered = entry.reply_to ? quoted(entry.reply_to) : null;
  const who = mine ? t("you") : entry.from === "business_phone" ? t("businessPhone") : null;
  const meta = el(
    "span",
    { class: "meta" },
    entry.edited ? `${t("edited")} ` : null,
    el("time", { datetime: new Date(entry.at_ms).toISOString() }, time(entry.at_ms)),
    ticks(entry),
  );
  const body = el(
    "div",
    { class: "body" },
    who && !mine ? el("small", { class: "who" }, who) : null,
    answered ? el("blockquote", {}, el("b", {}, answered.from === "customer" ? t("you") : on.business()), el("span", {}, summary(answered))) : null,
    content(entry),
    meta,
  );
  const more = el(
    "button",
    { type: "button", class: "more round", "aria-label": `${t("more")}: ${summary(entry)}`, onClick: () => on.more(entry) },
    icon("menu"),
  );
  return el(
    "li",
    { class: `entry ${mine ? "mine" : "theirs"} kind-${entry.kind}${entry.status === "failed" ? " failed" : ""}`, "data-wamid": entry.wamid },
    el("div", { class: "stack" }, el("div", { class: "bubble" }, body, actions(entry, on)), entry.reacted ? el("span", { class: "reacted" }, entry.reacted) : null),
    more,
  );
}
