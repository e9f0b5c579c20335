// What the panel's tabs are made of.

import { el } from "../dom.js";

/** A card with a heading, a sentence and content. */
export const card = (title, hint, ...content) =>
  el("section", { class: "card-box" }, el("h3", {}, title), hint ? el("p", { class: "hint" }, hint) : null, content);

/** A button. `look` is strong, quiet or danger. */
export const button = (label, run, look = "quiet", more = {}) => el("button", { type: "button", class: `do ${look}`, onClick: run, ...more }, label);

export const row = (...content) => el("div", { class: "do-row" }, content);

/** A labelled choice; `groups` are `[[value, text], …]` or `[{label, options}, …]`. */
export function choice(id, label, groups, value, onChange) {
  const option = ([key, text]) => el("option", { value: key, selected: key === value }, text);
  const group = (one) => (Array.isArray(one) ? option(one) : el("optgroup", { label: one.label }, one.options.map(option)));
  return el("p", { class: "field", "data-field": id }, el("label", { for: id }, label), el("select", { id, name: id, onChange }, groups.map(group)));
}

/** A labelled input. */
export const input = (id, label, attributes = {}) =>
  el("p", { class: "field", "data-field": id }, el("label", { for: id }, label), el("input", { id, name: id, autocomplete: "off", ...attributes }));

/** A labelled slider that says its value. */
export function slider(id, label, value, most, show, least = 0) {
  const said = el("output", { for: id }, show(value));
  const range = el("input", { id, name: id, type: "range", min: least, max: most, value, onInput: (event) => (said.textContent = show(Number(event.target.value))) });
  return el("p", { class: "field slider", "data-field": id }, el("label", { for: id }, label, said), range);
}

export const badge = (text, look = "") => el("span", { class: `badge ${look}` }, text);

/** What a form holds, as an object. */
export const filled = (form) => Object.fromEntries(new FormData(form));
