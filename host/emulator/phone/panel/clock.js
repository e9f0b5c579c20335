// Time: it can be put forward, and everything that waits for it goes on.

import * as api from "../api.js";
import { el } from "../dom.js";
import { locale, t } from "../words.js";
import { button, card, row } from "./parts.js";

const STEPS = [
  ["+6 s", { seconds: 6 }],
  ["+5 m", { minutes: 5 }],
  ["+1 h", { hours: 1 }],
  ["+24 h", { hours: 24 }],
  ["+7 d", { days: 7 }],
  ["+30 d", { days: 30 }],
];

/** `+5 m` in the page's language. */
const step = (text) => text.replace("h", t("hours")).replace("d", t("days"));

function ahead(ms) {
  const minutes = Math.floor(ms / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const parts = [days && `${days} ${t("days")}`, hours && `${hours} ${t("hours")}`, minutes % 60 && `${minutes % 60} ${t("minutes")}`];
  return parts.filter(Boolean).join(" ");
}

export async function clock(_, act) {
  const now = await api.clock();
  const date = new Date(now.now_ms);
  const face = el(
    "div",
    { class: "face-clock" },
    el("time", { datetime: date.toISOString() }, date.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" })),
    el("span", {}, date.toLocaleDateString(locale(), { weekday: "long", day: "numeric", month: "long", year: "numeric" })),
    el("small", {}, now.ahead_ms >= 60_000 ? `${t("clockAhead")} ${ahead(now.ahead_ms)}` : t("clockOnTime")),
  );
  const steps = STEPS.map(([text, by]) => button(step(text), () => act(api.advance(by))));
  const effect = (text) => el("li", {}, text);
  return [
    card(t("clockTitle"), t("clockHint"), face, row(steps)),
    card(t("clockEffects"), null, el("ul", { class: "effects" }, [t("effectPair"), t("effectUrl"), t("effectWindow"), t("effectWeek"), t("effectMedia")].map(effect))),
  ];
}
