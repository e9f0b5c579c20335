// The customer whose phone is open: what they want, and who they are to WhatsApp.

import * as api from "../api.js";
import { el } from "../dom.js";
import { avatar, phoneText } from "../people.js";
import * as sheets from "../sheets.js";
import { t } from "../words.js";
import { badge, button, card, row } from "./parts.js";

const fact = (label, value) => (value ? [el("dt", {}, label), el("dd", {}, value)] : []);

export async function customer(world, act) {
  const who = world.customers.find((customer) => customer.id === world.customer);
  if (!who) return [card(t("tab_customer"), t("pickHint"))];
  const send = (message) => act(api.send(who.id, world.number, message));
  const stopped = who.marketing === "stop";
  const prefer = (value) => () => send({ type: "marketing_preference", value });
  const preference = el(
    "div",
    { class: "segments", role: "group", "aria-label": t("marketing") },
    button(t("marketingOn"), prefer("resume"), stopped ? "quiet" : "chosen", { "aria-pressed": String(!stopped) }),
    button(t("marketingOff"), prefer("stop"), stopped ? "chosen" : "quiet", { "aria-pressed": String(stopped) }),
  );
  const newNumber = () =>
    sheets.form(t("changeNumber"), [{ name: "phone", label: t("newNumber"), kind: "tel", required: true }], t("send"), ({ phone }) =>
      api.send(who.id, world.number, { type: "number_change", phone }),
    );
  const asBusiness = () =>
    sheets.form(t("answerFromPhone"), [{ name: "text", label: t("businessSays"), kind: "area", required: true }], t("send"), ({ text }) =>
      api.echo(who.id, world.number, text),
    );
  const hide = () => act(api.changeCustomer(who.id, { phone: null }));
  const head = el("div", { class: "who-box" }, avatar(who.name), el("span", {}, el("b", {}, who.name), el("small", {}, who.username ? `@${who.username}` : t("noUsername"))));
  const facts = el(
    "dl",
    { class: "facts" },
    fact(t("phone"), who.phone ? phoneText(who.phone) : t("hidden")),
    fact(t("userId"), who.user_id),
    fact(t("parentUserId"), who.parent_user_id),
  );
  return [
    card(t("marketing"), t("marketingHint"), preference, stopped ? badge("131050", "bad") : null),
    card(
      t("identity"),
      t("identityHint"),
      head,
      facts,
      row(
        button(t("changeNumber"), newNumber),
        who.user_id ? button(t("newUserId"), () => send({ type: "user_id_change" })) : button(t("giveUserId"), () => act(api.changeCustomer(who.id, { user_id: "auto" }))),
        who.phone && who.user_id ? button(t("hidePhone"), hide) : null,
      ),
    ),
    card(t("businessPhoneTitle"), t("businessPhoneHint"), row(button(t("answerFromPhone"), asBusiness))),
  ];
}
