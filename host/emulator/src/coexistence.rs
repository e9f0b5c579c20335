//! A number that people also answer from the WhatsApp Business app: its history and its contacts, as webhooks.
//!
//! Source: Meta, the references of the webhooks `history` and `smb_app_state_sync`.

use serde_json::{Value, json};

use crate::chat::{Entry, Side, Status};
use crate::emulator::Emulator;
use crate::webhook::{Place, Update};

/// The business does not share its history.
const DECLINED: u32 = 2_593_109;

/// How history is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Share {
    /// In chunks of at most so many messages.
    Chunks(usize),
    /// Not at all: the business said no.
    Declined,
}

impl Default for Share {
    fn default() -> Self {
        Self::Chunks(100)
    }
}

impl Emulator {
    /// Tells the host every chat of a number, oldest messages first; how many webhooks' worth.
    pub(crate) fn share_history(&self, number: usize, share: Share) -> usize {
        let updates = match share {
            Share::Declined => vec![self.history(number, &declined())],
            Share::Chunks(most) => self.history_chunks(number, most.max(1)),
        };
        let count = updates.len();
        self.outbound.push(&self.number(number).phone_number_id, updates);
        count
    }

    fn history_chunks(&self, number: usize, most: usize) -> Vec<Update> {
        let mut messages = Vec::new();
        for customer in self.customers.all() {
            let state = customer.lock();
            let chat = &state.chats[number];
            let address = state.profile.address();
            let past = chat.since(0, None).filter(|entry| entry.side != Side::System);
            messages.extend(past.map(|entry| (address.to_owned(), self.past(number, address, entry))));
        }
        let chunks = messages.chunks(most);
        let all = chunks.len();
        let chunk = |(at, messages): (usize, &[(String, Value)])| {
            let mut threads: Vec<Value> = Vec::new();
            for (address, message) in messages {
                match threads.iter_mut().find(|thread| thread["id"] == *address) {
                    Some(thread) => thread["messages"].as_array_mut().into_iter().for_each(|m| m.push(message.clone())),
                    None => threads.push(json!({ "id": address, "messages": [message] })),
                }
            }
            let progress = (at + 1) * 100 / all;
            self.history(
                number,
                &json!({ "metadata": { "phase": 0, "chunk_order": at + 1, "progress": progress }, "threads": threads }),
            )
        };
        chunks.enumerate().map(chunk).collect()
    }

    fn history(&self, number: usize, value: &Value) -> Update {
        Update { number, place: Place::History, contact: None, json: value.to_string() }
    }

    /// A message as history has it.
    fn past(&self, number: usize, address: &str, entry: &Entry) -> Value {
        let message: Value = serde_json::from_str(&entry.message).unwrap_or_default();
        let kind = message["type"].as_str().unwrap_or("unknown");
        let status = match entry.status {
            Status::Accepted => "PENDING",
            Status::Sent => "SENT",
            Status::Delivered => "DELIVERED",
            Status::Read => "READ",
            Status::Failed => "ERROR",
        };
        let mut past = json!({
            "id": entry.wamid,
            "timestamp": (entry.at_ms / 1_000).to_string(),
            "type": kind,
            kind: message[kind],
            "history_context": { "status": status },
        });
        if entry.side == Side::Customer {
            past["from"] = address.into();
        } else {
            past["from"] = self.number(number).digits().into();
            past["to"] = address.into();
        }
        past
    }

    /// Tells the host who is in the address book of the business's phone; how many.
    pub(crate) fn share_contacts(&self, number: usize) -> usize {
        let timestamp = (self.clock.now_ms() / 1_000).to_string();
        let contact = |customer: &std::sync::Arc<crate::customers::Customer>| {
            let state = customer.lock();
            let phone = state.profile.phone.clone()?;
            let name = &state.profile.name;
            let json = json!({
                "type": "contact",
                "contact": { "full_name": name, "first_name": name.split(' ').next(), "phone_number": phone },
                "action": "add",
                "metadata": { "timestamp": timestamp },
            });
            Some(Update { number, place: Place::AppState, contact: None, json: json.to_string() })
        };
        let updates: Vec<_> = self.customers.all().iter().filter_map(contact).collect();
        let count = updates.len();
        self.outbound.push(&self.number(number).phone_number_id, updates);
        count
    }
}

fn declined() -> Value {
    json!({ "errors": [{
        "code": DECLINED,
        "title": "History sync is turned off by the business from the WhatsApp Business App",
        "message": "History sync is turned off by the business from the WhatsApp Business App",
        "error_data": { "details": "History sharing is turned off by the business" },
    }] })
}
