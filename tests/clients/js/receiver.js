// The host of these tests: what a user of a client writes around it to receive webhooks.

import { createServer } from "node:http";

/** Longer than anything here takes: who waits this long has lost. */
const PATIENCE = 60_000;

export const EMULATOR = process.env.EMULATOR_URL;
export const APP_SECRET = process.env.EMULATOR_APP_SECRET;
export const VERIFY_TOKEN = process.env.EMULATOR_VERIFY_TOKEN;
export const ACCESS_TOKEN = process.env.EMULATOR_ACCESS_TOKEN;
export const NUMBER = "106540352242922";
export const ACCOUNT = "102290129340398";

/** A call to the emulator's control API. */
export async function control(path, body, method = body ? "POST" : "GET") {
  const options = { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) };
  const answer = await fetch(`${EMULATOR}/emulator/v1${path}`, options);
  const result = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(result)}`);
  return result;
}

/** The newest entry of a customer's chat. */
export const last = async (customer) => (await control(`/customers/${customer}/chat`)).entries.at(-1);

/** What came and has not been taken yet. */
export class Arrivals {
  #items = [];
  #wake = [];

  add(item) {
    this.#items.push(item);
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** Takes the first that fits, waiting for it. */
  async take(fits = () => true) {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const at = this.#items.findIndex(fits);
      if (at >= 0) return this.#items.splice(at, 1)[0];
      if (Date.now() > deadline) throw new Error(`what was waited for never came; there is ${JSON.stringify(this.#items)}`);
      await Promise.race([new Promise((wake) => this.#wake.push(wake)), new Promise((late) => setTimeout(late, 200))]);
    }
  }
}

/**
 * Serves the webhook URL. `verify(query)` answers the handshake, `receive(raw, signature)` gets each body as it
 * travelled; both return `[status, text]`.
 */
export async function serve({ verify, receive }) {
  const server = createServer(async (request, response) => {
    const answer = ([status, text]) => response.writeHead(status).end(text);
    const url = new URL(request.url, "http://localhost");
    if (request.method === "GET") return answer(await verify(Object.fromEntries(url.searchParams)));
    const parts = [];
    for await (const part of request) parts.push(part);
    answer(await receive(Buffer.concat(parts).toString("utf8"), request.headers["x-hub-signature-256"]));
  });
  await new Promise((ready) => server.listen(Number(process.env.EMULATOR_WEBHOOK_PORT), "127.0.0.1", ready));
  return server;
}

/** A picture: one pixel. */
export const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC",
  "base64",
);
