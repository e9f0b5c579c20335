// The emulator's control API.

async function call(method, path, body, type = "application/json") {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "content-type": type };
    options.body = type === "application/json" ? JSON.stringify(body) : body;
  }
  const answer = await fetch(`/emulator/v1${path}`, options);
  const result = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(result?.error ?? answer.statusText);
  return result;
}

const of = (id) => `/customers/${encodeURIComponent(id)}`;

export const overview = () => call("GET", "");
export const customers = async () => (await call("GET", "/customers")).customers;
export const addCustomer = (customer) => call("POST", "/customers", customer);
export const removeCustomer = (id) => call("DELETE", of(id));
export const chat = (id, number, version) =>
  call("GET", `${of(id)}/chat?phone_number_id=${encodeURIComponent(number)}&changed_after=${version}`);
export const send = (id, number, message) => call("POST", `${of(id)}/send`, { phone_number_id: number, ...message });
export const tap = (id, number, wamid, choice) =>
  call("POST", `${of(id)}/tap`, { phone_number_id: number, wamid, id: choice });
export const read = (id, number) => call("POST", `${of(id)}/read`, { phone_number_id: number });
export const echo = (id, number, text) =>
  call("POST", "/echo", { customer: id, phone_number_id: number, type: "text", text });
export const changeCustomer = (id, change) => call("PATCH", of(id), change);
export const clock = () => call("GET", "/clock");
export const advance = (by) => call("POST", "/clock", by);
export const errors = async () => (await call("GET", "/errors")).errors;
export const faults = async () => (await call("GET", "/faults")).planned;
export const addFault = (plan) => call("POST", "/faults", plan);
export const removeFault = (id) => call("DELETE", `/faults/${id}`);
export const clearFaults = () => call("DELETE", "/faults");
export const limits = () => call("GET", "/limits");
export const setLimits = (limits) => call("PUT", "/limits", limits);
export const templates = async () => (await call("GET", "/templates")).templates;
export const ruleTemplate = (id, ruling) => call("POST", `/templates/${id}`, ruling);
export const removeTemplate = (id) => call("DELETE", `/templates/${id}`);
export const webhooks = () => call("GET", "/webhooks");
export const hold = () => call("POST", "/webhooks/hold");
export const release = (how) => call("POST", "/webhooks/release", how);
export const setDisorder = (disorder) => call("PUT", "/webhooks/disorder", disorder);
export const endDisorder = () => call("DELETE", "/webhooks/disorder");
export const shareHistory = (number, declined = false) => call("POST", "/history", { phone_number_id: number, declined });
export const shareContacts = (number) => call("POST", "/contacts", { phone_number_id: number });
export const upload = (file) =>
  call("POST", `/media?filename=${encodeURIComponent(file.name ?? "")}`, file, file.type || "application/octet-stream");
export const fileUrl = (id) => `/emulator/v1/media/${encodeURIComponent(id)}`;

/** Calls back on every event, and on every (re)connection with `hello`. */
export function listen(onEvent, onLost) {
  const events = new EventSource("/emulator/v1/events");
  events.onmessage = (message) => onEvent(JSON.parse(message.data));
  events.onerror = onLost;
}
