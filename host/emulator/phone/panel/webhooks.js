// Webhooks: held, shuffled, batched, copied, late; and what a number that is also used from the app shares.

import * as api from "../api.js";
import { el } from "../dom.js";
import { t } from "../words.js";
import { badge, button, card, choice, filled, input, row, slider } from "./parts.js";

const LATES = [60, 3600, 86_400, 604_800];
const chosen = { order: "kept", batch: 1, copies: 0 };

function holding(state, act) {
  const form = el(
    "form",
    {
      class: "maker",
      onInput: () => Object.assign(chosen, filled(form)),
      onSubmit: (event) => {
        event.preventDefault();
        document.activeElement?.blur();
        act(api.release({ order: chosen.order, batch: Number(chosen.batch), duplicate: Number(chosen.copies), seed: Math.floor(Math.random() * 2 ** 31) }));
      },
    },
    choice("order", t("releaseOrder"), ["kept", "reversed", "shuffled"].map((order) => [order, t(`order_${order}`)]), chosen.order),
    input("batch", t("releaseBatch"), { type: "number", min: 1, max: 1000, value: chosen.batch }),
    input("copies", t("releaseCopies"), { type: "number", min: 0, max: 1000, value: chosen.copies }),
    row(el("button", { type: "submit", class: "do strong" }, `${t("release")} (${state.held})`)),
  );
  return state.holding ? form : row(button(t("hold"), () => act(api.hold())));
}

function disorder(state, act) {
  const rule = state.disorder;
  const percent = (value) => `${value} %`;
  const form = el(
    "form",
    {
      class: "maker",
      onSubmit: (event) => {
        event.preventDefault();
        document.activeElement?.blur();
        const { duplicate, late, lateBy, skip } = filled(form);
        const chance = (value) => Number(value) / 100;
        act(api.setDisorder({ duplicate: chance(duplicate), late: chance(late), late_by_up_to_s: Number(lateBy), skip_delivered: chance(skip), seed: Math.floor(Math.random() * 2 ** 31) }));
      },
    },
    slider("duplicate", t("disorderDuplicate"), Math.round((rule?.duplicate ?? 0.1) * 100), 100, percent),
    slider("late", t("disorderLate"), Math.round((rule?.late ?? 0.2) * 100), 100, percent),
    choice("lateBy", t("disorderLateBy"), LATES.map((seconds) => [String(seconds), t(`late_${seconds}`)]), String(rule?.late_by_up_to_s ?? 60)),
    slider("skip", t("disorderSkip"), Math.round((rule?.skip_delivered ?? 0) * 100), 100, percent),
    row(el("button", { type: "submit", class: "do strong" }, rule ? t("disorderChange") : t("disorderStart")), rule ? button(t("disorderEnd"), () => act(api.endDisorder()), "danger") : null),
  );
  return form;
}

export async function webhooks(world, act) {
  const state = await api.webhooks();
  const condition = !state.url ? "noWebhook" : state.subscribed ? "subscribed" : "unsubscribed";
  const facts = el(
    "dl",
    { class: "facts" },
    el("dt", {}, t("webhookUrl")),
    el("dd", {}, state.url ?? "–"),
    el("dt", {}, t("webhookWaiting")),
    el("dd", {}, String(state.waiting)),
  );
  return [
    card(t("tab_webhooks"), null, badge(t(condition), state.subscribed ? "good" : "wait"), facts),
    card(t("holdTitle"), state.holding ? t("holdingHint") : t("holdHint"), holding(state, act)),
    card(t("disorderTitle"), state.disorder ? t("disorderRules") : t("disorderHint"), disorder(state, act)),
    card(
      t("coexistence"),
      t("coexistenceHint"),
      row(
        button(t("shareHistory"), () => act(api.shareHistory(world.number))),
        button(t("declineHistory"), () => act(api.shareHistory(world.number, true))),
        button(t("shareContacts"), () => act(api.shareContacts(world.number))),
      ),
    ),
  ];
}
