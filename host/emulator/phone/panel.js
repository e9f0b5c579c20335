// The panel beside the phone: what Meta, the network and time do. One tab a concern.

import { el, iconButton, toast } from "./dom.js";
import { clock } from "./panel/clock.js";
import { customer } from "./panel/customer.js";
import { faults } from "./panel/faults.js";
import { templates } from "./panel/templates.js";
import { webhooks } from "./panel/webhooks.js";
import { t } from "./words.js";

const TABS = { clock, faults, customer, templates, webhooks };

let tab = sessionStorage.getItem("tab") ?? "clock";
let drawing = 0;

export const isOpen = () => document.getElementById("app").dataset.panel === "open";

/** Opens or closes it; `world` gives the customers, the open one and the number. */
export function toggle(world) {
  document.getElementById("app").dataset.panel = isOpen() ? "" : "open";
  sessionStorage.setItem("panel", isOpen() ? "open" : "");
  if (isOpen()) draw(world);
}

/** Draws what is open anew; what somebody is typing into stays. */
export async function draw(world) {
  const place = document.getElementById("panel");
  if (!isOpen()) return place.replaceChildren();
  const mine = ++drawing;
  const choose = (name) => () => {
    tab = name;
    sessionStorage.setItem("tab", name);
    draw(world);
  };
  const button = (name) =>
    el("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-selected": String(name === tab), "aria-controls": "tab-content", tabindex: name === tab ? 0 : -1, onClick: choose(name) }, t(`tab_${name}`));
  const tabs = el("div", { class: "tabs", role: "tablist", "aria-label": t("panel"), onKeydown: arrows }, Object.keys(TABS).map(button));
  const act = async (promise) => {
    try {
      await promise;
    } catch (error) {
      toast(error.message);
    }
    await draw(world);
  };
  let content;
  try {
    content = await TABS[tab](world(), act);
  } catch (error) {
    content = [el("p", { class: "complaint" }, error.message)];
  }
  // Something newer is being drawn, or somebody fills in a form that a redraw would empty.
  if (mine !== drawing || (place.contains(document.activeElement) && document.activeElement.matches("input, textarea") && place.dataset.tab === tab)) return;
  const focused = place.contains(document.activeElement) ? document.activeElement.id : null;
  const scrolled = place.dataset.tab === tab ? (place.querySelector(".tab-content")?.scrollTop ?? 0) : 0;
  place.dataset.tab = tab;
  const body = el("div", { class: "tab-content", id: "tab-content", role: "tabpanel", "aria-labelledby": `tab-${tab}` }, content);
  place.replaceChildren(
    el("header", { class: "bar" }, el("div", { class: "title" }, el("h2", {}, t("panel")), el("small", {}, t("panelHint"))), iconButton("close", t("close"), () => toggle(world))),
    tabs,
    body,
  );
  body.scrollTop = scrolled;
  if (focused) document.getElementById(focused)?.focus();
}

function arrows(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const all = [...event.currentTarget.children];
  const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
  next.focus();
  next.click();
}

/** Follows what changes elsewhere. */
export function follow(world) {
  if (sessionStorage.getItem("panel") === "open") document.getElementById("app").dataset.panel = "open";
  draw(world);
}
