// Templates: the reader is Meta's reviewer.

import * as api from "../api.js";
import { el, formatted, iconButton } from "../dom.js";
import * as sheets from "../sheets.js";
import { t } from "../words.js";
import { badge, card } from "./parts.js";

const LOOKS = { APPROVED: "good", PENDING: "wait", IN_APPEAL: "wait", PAUSED: "wait", REJECTED: "bad", DISABLED: "bad" };
const EVENTS = [
  ["tick", "APPROVED"],
  ["close", "REJECTED"],
  ["clock", "PAUSED"],
  ["tick", "UNPAUSED"],
  ["warn", "FLAGGED"],
  ["warn", "DISABLED"],
];

const part = (template, kind) => template.components.find((component) => component.type.toUpperCase() === kind);

function shown(template, act) {
  const body = part(template, "BODY")?.text ?? t("templateCode");
  const buttons = part(template, "BUTTONS")?.buttons ?? [];
  const header = part(template, "HEADER");
  const quality = template.quality_score.score;
  const rule = () =>
    sheets.menu(template.name, [
      ...EVENTS.map(([icon, event]) => ({ icon, label: t(`event_${event}`), danger: event === "DISABLED", run: () => act(api.ruleTemplate(template.id, { event })) })),
      ...["GREEN", "YELLOW", "RED"].filter((one) => one !== quality).map((one) => ({ icon: "person", label: `${t("quality")}: ${t(`quality_${one}`)}`, run: () => act(api.ruleTemplate(template.id, { quality: one })) })),
      { icon: "close", label: t("remove"), danger: true, run: () => act(api.removeTemplate(template.id)) },
    ]);
  return el(
    "li",
    { class: "template" },
    el("header", {}, el("span", {}, el("b", {}, template.name), el("small", {}, `${template.language} · ${t(`category_${template.category}`)}`)), badge(t(`status_${template.status}`), LOOKS[template.status]), iconButton("menu", `${t("more")}: ${template.name}`, rule)),
    el("div", { class: "preview" }, header ? el("b", {}, header.text ?? t(header.format.toLowerCase())) : null, el("p", {}, formatted(body)), part(template, "FOOTER")?.text ? el("small", {}, part(template, "FOOTER").text) : null),
    buttons.length ? el("p", { class: "chips" }, buttons.map((button) => badge(button.text))) : null,
    quality === "UNKNOWN" && !template.rejected_reason ? null : el("small", {}, [quality === "UNKNOWN" ? null : `${t("quality")}: ${t(`quality_${quality}`)}`, template.rejected_reason].filter(Boolean).join(" · ")),
  );
}

export async function templates(_, act) {
  const all = await api.templates();
  // What waits for a ruling comes first.
  all.sort((one, other) => Number(other.status === "PENDING") - Number(one.status === "PENDING"));
  return [card(t("templatesTitle"), t("templatesHint"), el("ul", { class: "rows" }, all.map((template) => shown(template, act))))];
}
