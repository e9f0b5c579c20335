// What is planned by what was chosen in the form of faults.

export const KINDS = ["error", "failed_status", "drop_after_accept", "drop_before_accept", "delay", "stall", "answer_after_accept", "answer_before_accept"];
export const CALLS = ["messages", "receipts", "uploads", "reads", "templates"];
export const OFTENS = ["once", "times", "chance"];
const PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>";

/** Kinds that are late by some milliseconds. */
export const isLate = (kind) => kind === "delay" || kind === "stall";

/** Kinds that tell one of WhatsApp's codes. */
export const isCoded = (kind) => kind === "error" || kind === "failed_status";

/** What the emulator is told, of what a form holds. */
export function planned({ who, on, kind, code, ms, often, times, chance }) {
  const fault = { kind };
  if (isCoded(kind)) fault.code = Number(code);
  if (isLate(kind)) fault.ms = Math.round(Number(ms) * 1000);
  if (kind.startsWith("answer")) Object.assign(fault, { http_status: 502, body: PAGE });
  const plan = { on, fault };
  if (on === "messages" && who !== "*") plan.customer = who;
  if (often === "times") plan.times = Number(times);
  if (often === "chance") plan.probability = Number(chance) / 100;
  return plan;
}

/** The calls that a kind can meet: a status follows messages alone. */
export const callsOf = (kind) => (kind === "failed_status" ? ["messages"] : CALLS);
