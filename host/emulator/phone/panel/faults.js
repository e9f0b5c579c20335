// Faults and limits: what goes wrong with the calls of the business.

import * as api from "../api.js";
import { el, iconButton } from "../dom.js";
import { t } from "../words.js";
import { badge, button, card, choice, filled, input, row, slider } from "./parts.js";
import { CALLS, KINDS, OFTENS, callsOf, isCoded, isLate, planned as planOf } from "./plan.js";

let table = null;
/** What was chosen last, so that a redraw does not forget it. */
const chosen = { who: "*", on: "messages", kind: "error", code: "131056", often: "once" };

function codes() {
  const families = new Map();
  for (const error of table) families.set(error.family, [...(families.get(error.family) ?? []), [String(error.code), `${error.code} · ${error.title}`]]);
  return [...families].map(([family, options]) => ({ label: t(`family_${family}`), options }));
}

/** Shows only what the choice needs. */
function narrow(form) {
  Object.assign(chosen, filled(form));
  const show = (id, needed) => (form.querySelector(`[data-field=${id}]`).hidden = !needed);
  const calls = callsOf(chosen.kind);
  for (const option of form.elements.on.options) option.disabled = !calls.includes(option.value);
  if (!calls.includes(chosen.on)) chosen.on = form.elements.on.value = calls[0];
  const { on, kind, often } = chosen;
  show("who", on === "messages");
  show("code", isCoded(kind));
  show("ms", isLate(kind));
  show("times", often === "times");
  show("chance", often === "chance");
}

function maker(world, act) {
  const customers = [["*", t("everybody")], ...world.customers.map((customer) => [customer.id, customer.name])];
  const oftens = OFTENS.map((often) => [often, t(`often_${often}`)]);
  const form = el(
    "form",
    {
      class: "maker",
      onInput: () => narrow(form),
      onSubmit: (event) => {
        event.preventDefault();
        document.activeElement?.blur();
        act(api.addFault(planOf(filled(form))));
      },
    },
    choice("kind", t("faultKind"), KINDS.map((kind) => [kind, t(`fault_${kind}`)]), chosen.kind),
    choice("code", t("faultCode"), codes(), chosen.code),
    input("ms", t("faultDelay"), { type: "number", min: 0.1, max: 600, step: 0.1, value: chosen.ms ?? 5 }),
    choice("on", t("faultOn"), CALLS.map((call) => [call, t(`call_${call}`)]), chosen.on),
    choice("who", t("faultWho"), customers, chosen.who),
    choice("often", t("faultOften"), oftens, chosen.often),
    input("times", t("faultTimes"), { type: "number", min: 1, max: 1000, value: chosen.times ?? 3 }),
    slider("chance", t("faultChance"), chosen.chance ?? 20, 100, (percent) => `${percent} %`, 1),
    row(el("button", { type: "submit", class: "do strong" }, t("faultPlan"))),
  );
  narrow(form);
  return form;
}

function name(fault) {
  if (fault.code !== undefined) return `${t(`fault_${fault.kind}`)} · ${fault.code}`;
  if (fault.ms) return `${t(`fault_${fault.kind}`)} · ${fault.ms / 1000} s`;
  return t(`fault_${fault.kind}`);
}

function planned(world, planned, act) {
  const who = (key) => (key === "*" ? t("everybody") : (world.customers.find((customer) => customer.id === key)?.name ?? key));
  const item = (key, one) =>
    el(
      "li",
      { class: "planned" },
      el("span", {}, el("b", {}, name(one.fault)), el("small", {}, [who(key), t(`call_${one.on}`), one.probability ? `${Math.round(one.probability * 100)} % · seed ${one.seed}` : null, `${t("faultMet")} ${one.met}`].filter(Boolean).join(" · "))),
      badge(one.remaining === null ? "∞" : `${one.remaining}×`),
      iconButton("close", `${t("remove")}: ${name(one.fault)}`, () => act(api.removeFault(one.id))),
    );
  const items = Object.entries(planned).flatMap(([key, list]) => list.map((one) => item(key, one)));
  if (items.length === 0) return [el("p", { class: "hint" }, t("faultNone"))];
  return [el("ul", { class: "rows" }, items), row(button(t("faultClear"), () => act(api.clearFaults()), "danger"))];
}

function limits(now, act) {
  const pair = now.pair;
  const presets = {
    meta: { number_per_second: 80, pair: {} },
    strict: { number_per_second: 80, pair: { borrowing: "repaid" } },
    coexistence: { number_per_second: 20, pair: {} },
    none: {},
  };
  const is = !now.number_per_second && !pair ? "none" : pair?.borrowing === "repaid" ? "strict" : now.number_per_second === 20 ? "coexistence" : now.number_per_second === 80 ? "meta" : null;
  const one = (key) =>
    el(
      "label",
      { class: "option" },
      el("input", { type: "radio", name: "limits", id: `limits-${key}`, checked: key === is, onChange: () => act(api.setLimits(presets[key])) }),
      el("span", {}, el("b", {}, t(`limits_${key}`)), el("small", {}, t(`limits_${key}_hint`))),
    );
  return el("fieldset", { class: "options" }, el("legend", { class: "unseen" }, t("limitsTitle")), Object.keys(presets).map(one));
}

export async function faults(world, act) {
  table ??= await api.errors();
  const [now, pace] = await Promise.all([api.faults(), api.limits()]);
  return [
    card(t("faultTitle"), t("faultHint"), maker(world, act)),
    card(t("faultPlanned"), null, planned(world, now, act)),
    card(t("limitsTitle"), null, limits(pace, act)),
  ];
}
