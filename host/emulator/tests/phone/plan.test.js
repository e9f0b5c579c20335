// The form of faults against a real emulator: `EMULATOR` is its address, and `budi` one of its customers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { CALLS, KINDS, OFTENS, callsOf, planned } from "../../phone/panel/plan.js";

const api = `${process.env.EMULATOR}/emulator/v1`;

async function posted(plan) {
  const answer = await fetch(`${api}/faults`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(plan) });
  return { status: answer.status, said: await answer.json() };
}

test("the form knows every kind that the emulator knows, and has words for each", async () => {
  const { components, paths } = await (await fetch(`${api}/openapi.json`)).json();
  const known = [...JSON.stringify({ components, paths }).matchAll(/"kind":\{"const":"(\w+)"\}/g)].map((found) => found[1]);
  assert.ok(known.length > 0);
  assert.deepEqual([...new Set(known)].sort(), [...KINDS].sort());
  const words = readFileSync(new URL("../../phone/words.js", import.meta.url), "utf8");
  for (const kind of KINDS) assert.equal(words.split(`fault_${kind}:`).length - 1, 2, `${kind} in two languages`);
});

test("whatever can be chosen is planned", async () => {
  for (const kind of KINDS)
    for (const on of callsOf(kind))
      for (const often of OFTENS)
        for (const who of ["*", "budi"])
          for (const chance of often === "chance" ? ["1", "20", "100"] : ["20"]) {
            // As a form holds it: all of it, and all of it texts.
            const chosen = { kind, on, often, who, chance, code: "131056", ms: "0.1", times: "3" };
            const { status, said } = await posted(planned(chosen));
            assert.equal(status, 200, `${JSON.stringify(chosen)}: ${said.error}`);
            const [one] = Object.values(said.planned).flat().filter((one) => one.id === said.id);
            assert.deepEqual([one.fault.kind, one.on], [kind, on]);
            assert.equal(one.remaining, { once: 1, times: 3, chance: null }[often]);
            assert.equal(one.probability ?? null, often === "chance" ? Number(chance) / 100 : null);
            const [whose] = Object.entries(said.planned).find(([, list]) => list.includes(one));
            assert.equal(whose, on === "messages" ? who : "*");
          }
  assert.ok(CALLS.length > 1);
});
