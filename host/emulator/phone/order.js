// In which order the people stand.

/** A customer's chat with a number, or their first. */
export const chatWith = (customer, number) => customer.chats.find((chat) => chat.phone_number_id === number) ?? customer.chats[0];

/** Whoever wrote or was written to last comes first; whoever has no chat yet comes last, in the order they were made. */
export function latestFirst(customers, number) {
  const at = (customer) => chatWith(customer, number)?.last?.at_ms ?? 0;
  return [...customers].sort((one, other) => at(other) - at(one));
}
