// whatsapp-api-js, as its users use it, against the emulator. It takes its `fetch` from its user: ours connects to the
// emulator what is meant for graph.facebook.com. Nothing of the library is changed or mocked.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { WhatsAppAPI } from "whatsapp-api-js";
import { ActionButtons, ActionList, Body, Button, Image, Interactive, ListSection, Row, Text } from "whatsapp-api-js/messages";

import { ACCESS_TOKEN, APP_SECRET, Arrivals, control, EMULATOR, last, NUMBER, PNG, serve, VERIFY_TOKEN } from "./receiver.js";

const RINI = "6281299990001";
const toEmulator = (url, options) => fetch(String(url).replace("https://graph.facebook.com", EMULATOR), options);
const whatsapp = new WhatsAppAPI({
  token: ACCESS_TOKEN,
  appSecret: APP_SECRET,
  webhookVerifyToken: VERIFY_TOKEN,
  v: "v26.0",
  ponyfill: { fetch: toEmulator },
});
const [messages, statuses] = [new Arrivals(), new Arrivals()];
let server;
let first;

before(async () => {
  whatsapp.on.message = ({ message, name, contact }) => messages.add({ message, name, contact });
  whatsapp.on.status = (status) => statuses.add(status);
  server = await serve({
    verify: async (query) => [200, whatsapp.get(query)],
    receive: async (raw, signature) => {
      try {
        await whatsapp.post(JSON.parse(raw), raw, signature);
        return [200, "ok"];
      } catch (error) {
        return [error.httpStatus ?? 500, error.message];
      }
    },
  });
  await control("/customers", { id: "rini", name: "Rini Çelik 🌷", phone: RINI, user_id: "auto" });
});
after(() => server.close());

beforeEach(async () => {
  await control("/customers/rini/send", { type: "text", text: "halo ☀️ a/b" });
  first = await messages.take(({ message }) => message.type === "text");
});

const send = async (message, context) => {
  const answer = await whatsapp.sendMessage(NUMBER, { phone: RINI }, message, context, "baris-7");
  assert.ok(answer.messages, JSON.stringify(answer));
  return answer.messages[0].id;
};

test("a signed webhook is verified, and a forged one is not", async () => {
  assert.equal(first.message.text.body, "halo ☀️ a/b");
  assert.equal(first.name, "Rini Çelik 🌷");
  const forged = await control("/raw", { body: { object: "whatsapp_business_account", entry: [] }, signature: "wrong" });
  assert.equal(forged.status, 401);
});

test("a text is quoted, delivered, and its callback data comes back", async () => {
  const id = await send(new Text("Siang Kak"), first.message.id);
  const entry = await last("rini");
  assert.equal(entry.text, "Siang Kak");
  assert.equal(entry.reply_to, first.message.id);
  const delivered = await statuses.take((status) => status.id === id && status.status === "delivered");
  assert.equal(delivered.biz_opaque_callback_data, "baris-7");
});

test("buttons and lists are tapped", async () => {
  const buttons = new ActionButtons(new Button("lacak", "Lacak"), new Button("admin", "Admin"));
  await send(new Interactive(buttons, new Body("Mau apa, Kak?")));
  await control("/customers/rini/tap", { title: "Admin" });
  const tapped = await messages.take(({ message }) => message.type === "interactive");
  assert.deepEqual(tapped.message.interactive.button_reply, { id: "admin", title: "Admin" });
  const section = new ListSection("Bantuan", new Row("ongkir", "Ongkir", "ke mana saja"));
  await send(new Interactive(new ActionList("Pilih", section), new Body("Pilih ya")));
  assert.equal((await last("rini")).rows[0].id, "ongkir");
});

test("media go up and come down", async () => {
  const form = new FormData();
  form.set("file", new Blob([PNG], { type: "image/png" }), "struk.png");
  const { id } = await whatsapp.uploadMedia(NUMBER, form);
  await send(new Image(id, true, "struknya"));
  assert.equal((await last("rini")).media.id, id);
  const media = await whatsapp.retrieveMedia(id);
  assert.equal(media.mime_type, "image/png");
  const file = await whatsapp.fetchMedia(media.url);
  assert.deepEqual(Buffer.from(await file.arrayBuffer()), PNG);
  assert.equal((await whatsapp.deleteMedia(id)).success, true);
  assert.equal((await whatsapp.retrieveMedia(id)).error.code, 100);
});

test("a message is read while the business types", async () => {
  assert.deepEqual(await whatsapp.markAsRead(NUMBER, first.message.id, "text"), { success: true });
  const chat = await control("/customers/rini/chat");
  assert.equal(chat.typing, true);
  assert.equal(chat.entries.find((entry) => entry.wamid === first.message.id).status, "read");
});

test("a customer is reached by user id alone", async () => {
  const answer = await whatsapp.sendMessage(NUMBER, { bsuid: first.contact.user_id }, new Text("Halo juga"));
  assert.equal(answer.contacts[0].user_id, first.contact.user_id);
});
