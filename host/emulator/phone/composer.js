// Where the customer writes.

import * as api from "./api.js";
import { el, icon, iconButton, toast } from "./dom.js";
import { summary } from "./people.js";
import * as sheets from "./sheets.js";
import { t } from "./words.js";

/** A composer; `send` gets a message. Has `element`, `answer(entry)` and `focus()`. */
export function composer(send) {
  let answering = null;
  const quote = el("div", { class: "quote", hidden: true });
  const text = el("textarea", { rows: 1, id: "composer", placeholder: t("write"), "aria-label": t("write"), autocomplete: "off" });
  const file = el("input", { type: "file", hidden: true, tabindex: -1, "aria-hidden": "true" });

  const answer = (entry) => {
    answering = entry;
    quote.hidden = !entry;
    quote.replaceChildren();
    if (!entry) return;
    quote.append(el("span", {}, el("b", {}, t("reply")), el("small", {}, summary(entry))), iconButton("close", t("cancel"), () => answer(null)));
    text.focus();
  };
  const deliver = async (message) => {
    const reply_to = answering?.wamid;
    answer(null);
    try {
      await send({ ...message, ...(reply_to ? { reply_to } : {}) });
    } catch (error) {
      toast(error.message);
    }
  };
  const grow = () => {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight, 140)}px`;
  };
  const submit = async (event) => {
    event?.preventDefault();
    const body = text.value.trim();
    if (!body) return;
    text.value = "";
    grow();
    await deliver({ type: "text", text: body });
    text.focus();
  };
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
    if (event.key === "Escape") answer(null);
  });
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    file.value = "";
    if (!chosen) return;
    try {
      const { id } = await api.upload(chosen);
      const kind = ["image", "video", "audio"].find((kind) => chosen.type.startsWith(`${kind}/`)) ?? "document";
      const caption = text.value.trim();
      text.value = "";
      await deliver({ type: kind, id, ...(kind === "document" ? { filename: chosen.name } : {}), ...(caption ? { caption } : {}) });
    } catch (error) {
      toast(error.message);
    }
  });
  const attach = () =>
    sheets.menu(t("attach"), [
      { icon: "attach", label: t("chooseFile"), run: () => file.click() },
      { icon: "image", label: t("sampleImage"), run: () => deliver({ type: "image" }) },
      { icon: "voice", label: t("voice"), run: () => deliver({ type: "voice" }) },
      { icon: "file", label: t("document"), run: () => deliver({ type: "document" }) },
      { icon: "place", label: t("location"), run: () => deliver({ type: "location", latitude: -6.1754, longitude: 106.8272, name: "Monas", address: "Gambir, Jakarta Pusat" }) },
      { icon: "person", label: t("contacts"), run: () => deliver({ type: "contacts" }) },
      { icon: "bag", label: t("order"), run: () => deliver({ type: "order" }) },
      { icon: "warn", label: t("unsupported"), run: () => deliver({ type: "unsupported" }) },
    ]);
  const element = el(
    "form",
    { class: "composer", onSubmit: submit },
    quote,
    el(
      "div",
      { class: "line" },
      iconButton("attach", t("attach"), attach),
      text,
      el("button", { type: "submit", class: "round strong", "aria-label": t("send"), title: t("send") }, icon("send")),
      file,
    ),
  );
  return { element, answer, focus: () => text.focus() };
}
