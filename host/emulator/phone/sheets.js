// The sheet that rises from the bottom: lists to choose from, menus and small forms. A native dialog, so that focus
// stays inside and Escape closes it.

import { el, icon, iconButton } from "./dom.js";
import { t } from "./words.js";

const sheet = () => document.getElementById("sheet");

function open(title, ...content) {
  const heading = el("h2", { id: "sheet-title" }, title);
  const head = el("header", {}, heading, iconButton("close", t("close"), close));
  sheet().setAttribute("aria-labelledby", "sheet-title");
  sheet().replaceChildren(head, ...content);
  sheet().showModal();
}

export function close() {
  sheet().close();
}

document.getElementById("sheet").addEventListener("click", (event) => {
  // A click beside the content hits the dialog itself.
  if (event.target === sheet()) close();
});

/** Actions to pick one of: `{icon, label, run, danger}`; before them, if any, a row of emoji: `{emoji, label, run}`. */
export function menu(title, actions, emoji = []) {
  const item = (action) => {
    const run = () => {
      close();
      action.run();
    };
    const look = action.danger ? "item danger" : "item";
    return el("li", {}, el("button", { type: "button", class: look, onClick: run }, icon(action.icon), el("span", {}, action.label)));
  };
  const face = (one) => {
    const run = () => {
      close();
      one.run();
    };
    return el("button", { type: "button", class: "face", "aria-label": one.label, onClick: run }, one.emoji);
  };
  const faces = emoji.length ? el("div", { class: "faces", role: "group", "aria-label": t("react") }, emoji.map(face)) : "";
  open(title, faces, el("ul", { class: "items" }, actions.map(item)));
  sheet().querySelector(".face, .item").focus();
}

/** Rows of a list message; `choose` gets the row. */
export function rows(title, list, choose) {
  const sections = Map.groupBy ? Map.groupBy(list, (row) => row.section ?? "") : grouped(list);
  const row = (item) => {
    const run = () => {
      close();
      choose(item);
    };
    const words = el("span", {}, el("b", {}, item.title), item.description ? el("small", {}, item.description) : null);
    return el("li", {}, el("button", { type: "button", class: "item row", onClick: run }, words, el("i", { class: "radio", "aria-hidden": "true" })));
  };
  const section = ([name, items]) => [name ? el("h3", {}, name) : null, el("ul", { class: "items" }, items.map(row))];
  open(title, ...[...sections].flatMap(section).filter(Boolean));
  sheet().querySelector(".item").focus();
}

function grouped(list) {
  const sections = new Map();
  for (const row of list) sections.set(row.section ?? "", [...(sections.get(row.section ?? "") ?? []), row]);
  return sections;
}

/** A form; `submit` gets what was filled in and may throw to keep it open. Fields: `{name, label, value, kind, options}`. */
export function form(title, fields, action, submit) {
  const complaint = el("p", { class: "complaint", role: "alert" });
  const field = ({ name, label, value = "", kind = "text", options, required }) => {
    const id = `field-${name}`;
    const common = { id, name, required };
    const input = options
      ? el("select", common, options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)))
      : kind === "area"
        ? el("textarea", { ...common, rows: 3 }, value)
        : el("input", { ...common, type: kind, value, autocomplete: "off" });
    return el("p", { class: "field", "data-field": name }, el("label", { for: id }, label), input);
  };
  const onSubmit = async (event) => {
    event.preventDefault();
    complaint.textContent = "";
    try {
      await submit(Object.fromEntries(new FormData(event.target)));
      close();
    } catch (error) {
      complaint.textContent = error.message;
    }
  };
  const buttons = el(
    "p",
    { class: "buttons" },
    el("button", { type: "button", class: "plain", onClick: close }, t("cancel")),
    el("button", { type: "submit", class: "strong" }, action),
  );
  const content = el("form", { onSubmit }, fields.map(field), complaint, buttons);
  open(title, content);
  content.querySelector("input, textarea, select")?.focus();
  return content;
}
