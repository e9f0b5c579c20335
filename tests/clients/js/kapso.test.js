// @kapso/whatsapp-cloud-api, as its users use it, against the emulator: its base URL is a setting.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { buildTemplateSendPayload, GraphApiError, WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { normalizeWebhook, verifySignature } from "@kapso/whatsapp-cloud-api/server";

import { ACCESS_TOKEN, ACCOUNT, APP_SECRET, Arrivals, control, EMULATOR, last, NUMBER, PNG, serve, VERIFY_TOKEN } from "./receiver.js";

const TONO = "6281299990002";
const client = new WhatsAppClient({ accessToken: ACCESS_TOKEN, baseUrl: EMULATOR, graphVersion: "v26.0" });
const [messages, statuses] = [new Arrivals(), new Arrivals()];
const to = { phoneNumberId: NUMBER, to: `+${TONO}` };
let server;
let first;

before(async () => {
  server = await serve({
    verify: async (query) => (query["hub.verify_token"] === VERIFY_TOKEN ? [200, query["hub.challenge"]] : [403, ""]),
    receive: async (raw, signature) => {
      if (!verifySignature({ appSecret: APP_SECRET, rawBody: raw, signatureHeader: signature })) return [401, ""];
      const news = normalizeWebhook(JSON.parse(raw));
      for (const message of news.messages) messages.add({ message, contact: news.contacts[0] });
      for (const status of news.statuses) statuses.add(status);
      return [200, ""];
    },
  });
  await control("/customers", { id: "tono", name: "Tono é 🙏", phone: TONO, user_id: "auto" });
});
after(() => server.close());

beforeEach(async () => {
  await control("/customers/tono/send", { type: "text", text: "pagi kak 🙂" });
  first = await messages.take(({ message }) => message.type === "text");
});

test("a signed webhook is verified, and a forged one is not", async () => {
  assert.equal(first.message.text.body, "pagi kak 🙂");
  assert.equal(first.contact.profile.name, "Tono é 🙏");
  assert.equal(first.message.fromUserId, first.contact.userId);
  const forged = await control("/raw", { body: { object: "whatsapp_business_account" }, signature: "wrong" });
  assert.equal(forged.status, 401);
});

test("texts, buttons, lists and links are sent and tapped", async () => {
  const sent = await client.messages.sendText({ ...to, body: "Siang Kak" });
  const delivered = await statuses.take((status) => status.id === sent.messages[0].id && status.status === "delivered");
  assert.equal(delivered.recipientId, TONO);
  const buttons = [{ id: "lacak", title: "Lacak" }, { id: "admin", title: "Admin" }];
  await client.messages.sendInteractiveButtons({ ...to, bodyText: "Mau apa?", footerText: "Toko", buttons });
  await control("/customers/tono/tap", { id: "lacak" });
  const tapped = await messages.take(({ message }) => message.type === "interactive");
  assert.equal(tapped.message.interactive.buttonReply.id, "lacak");
  const sections = [{ title: "Bantuan", rows: [{ id: "ongkir", title: "Ongkir" }] }];
  await client.messages.sendInteractiveList({ ...to, bodyText: "Pilih ya", buttonText: "Pilih", sections });
  assert.equal((await last("tono")).rows[0].id, "ongkir");
  await client.messages.sendInteractiveCtaUrl({
    ...to, bodyText: "Lihat", parameters: { displayText: "Buka", url: "https://toko.example/" },
  });
  assert.equal((await last("tono")).link, "https://toko.example/");
});

test("media go up and come down", async () => {
  const file = new Blob([PNG], { type: "image/png" });
  const { id } = await client.media.upload({ phoneNumberId: NUMBER, type: "image/png", file, fileName: "struk.png" });
  await client.messages.sendImage({ ...to, image: { id, caption: "struknya" } });
  assert.equal((await last("tono")).media.id, id);
  const bytes = await client.media.download({ mediaId: id, auth: "always" });
  assert.deepEqual(Buffer.from(bytes), PNG);
  await client.media.delete({ mediaId: id });
  await assert.rejects(client.media.get({ mediaId: id }), (error) => error instanceof GraphApiError && error.code === 100);
});

test("a message is read while the business types", async () => {
  await client.messages.markRead({ phoneNumberId: NUMBER, messageId: first.message.id, typingIndicator: { type: "text" } });
  assert.equal((await control("/customers/tono/chat")).typing, true);
});

test("templates are listed, made, approved and sent", async () => {
  const listed = await client.templates.list({ businessAccountId: ACCOUNT, status: "APPROVED", limit: 50 });
  assert.ok(listed.data.some((template) => template.name === "pesanan_dikirim"));
  const made = await client.templates.create({
    businessAccountId: ACCOUNT,
    name: "stok_kembali",
    language: "id",
    category: "MARKETING",
    components: [{ type: "BODY", text: "Kak {{1}}, barangnya ada lagi.", example: { body_text: [["Tono"]] } }],
  });
  assert.equal(made.status, "PENDING");
  const template = buildTemplateSendPayload({ name: "stok_kembali", language: "id", body: [{ type: "text", text: "Tono" }] });
  await assert.rejects(client.messages.sendTemplate({ ...to, template }), (error) => error.code === 132001);
  await control(`/templates/${made.id}`, { event: "APPROVED" });
  await client.messages.sendTemplate({ ...to, template });
  assert.equal((await last("tono")).text, "Kak Tono, barangnya ada lagi.");
});

test("throttling and refusals are errors with their codes", async () => {
  await control("/faults", { customer: "tono", fault: { kind: "error", code: 131056 } });
  await assert.rejects(client.messages.sendText({ ...to, body: "x" }), (error) => error.code === 131056);
  await control("/faults", { customer: "tono", fault: { kind: "error", code: 190 } });
  await assert.rejects(client.messages.sendText({ ...to, body: "x" }), (error) => error.httpStatus === 401);
});
