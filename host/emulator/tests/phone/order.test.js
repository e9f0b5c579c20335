import assert from "node:assert/strict";
import { test } from "node:test";

import { latestFirst } from "../../phone/order.js";

const customer = (id, chats) => ({ id, chats: Object.entries(chats).map(([phone_number_id, at_ms]) => ({ phone_number_id, last: at_ms && { at_ms } })) });
const ids = (customers) => customers.map((customer) => customer.id).join(" ");

test("the latest chat stands first, and whoever has none stays in the order they were made", () => {
  const made = [customer("a", { 1: null }), customer("b", { 1: 10 }), customer("c", { 1: null }), customer("d", { 1: 30 }), customer("e", { 1: 20 })];
  assert.equal(ids(latestFirst(made, "1")), "d e b a c");
  assert.equal(ids(made), "a b c d e", "the list that was given stays as it was");
});

test("only the chat with the chosen number counts", () => {
  const made = [customer("a", { 1: 10, 2: 30 }), customer("b", { 1: 20, 2: 20 })];
  assert.equal(ids(latestFirst(made, "1")), "b a");
  assert.equal(ids(latestFirst(made, "2")), "a b");
});
