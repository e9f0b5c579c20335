//! Statuses: how far a message of the business came.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::chat::{Side, Status};
use crate::customers::{Customer, Profile};
use crate::emulator::Emulator;
use crate::graph::error::GraphError;
use crate::settings::Statuses;
use crate::templates::Category;
use crate::webhook::{Place, Update};

/// What WhatsApp bills a message as. Source: Meta, "Pricing", per message since July 2025.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charge {
    /// An answer inside the window.
    Service,
    /// A template; one that serves a customer inside the window is free.
    Template { category: Category, in_window: bool },
}

#[derive(Serialize)]
struct Pricing {
    billable: bool,
    pricing_model: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    category: &'static str,
}

impl Charge {
    fn pricing(self) -> Pricing {
        let (free, category) = match self {
            Self::Service => (true, "service"),
            Self::Template { category: Category::Utility, in_window } => (in_window, "utility"),
            Self::Template { category: Category::Marketing, .. } => (false, "marketing"),
            Self::Template { category: Category::Authentication, .. } => (false, "authentication"),
        };
        let kind = if free { "free_customer_service" } else { "regular" };
        Pricing { billable: !free, pricing_model: "PMP", kind, category }
    }
}

#[derive(Serialize)]
struct StatusUpdate<'a> {
    id: &'a str,
    status: &'static str,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_parent_user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    biz_opaque_callback_data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pricing: Option<Pricing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Value>,
}

/// A message that statuses are about.
#[derive(Clone, Debug)]
pub(crate) struct Tracked {
    pub(crate) number: usize,
    pub(crate) wamid: Box<str>,
    pub(crate) callback: Option<Box<str>>,
    pub(crate) charge: Charge,
}

impl Tracked {
    fn update(&self, who: &Profile, status: &'static str, at_ms: i64, error: Option<&GraphError>) -> Option<Update> {
        let priced = matches!(status, "sent" | "delivered");
        let update = StatusUpdate {
            id: &self.wamid,
            status,
            timestamp: (at_ms / 1000).to_string(),
            recipient_id: who.phone.as_deref(),
            recipient_user_id: who.user_id.as_deref(),
            recipient_parent_user_id: who.parent_user_id.as_deref(),
            biz_opaque_callback_data: self.callback.as_deref(),
            pricing: priced.then(|| self.charge.pricing()),
            errors: error.map(GraphError::for_status).into_iter().collect(),
        };
        // Texts and numbers always become JSON.
        let json = serde_json::to_string(&update).ok()?;
        let contact = presented(who, status).map(|contact| contact.to_string());
        Some(Update { number: self.number, place: Place::Statuses, contact, json })
    }
}

/// Who the status is about, as `contacts` presents them: since there are business-scoped user ids, in every status but
/// `failed`, and without the username in `sent`. Source: Meta, "Business-scoped user IDs", as whatsapp-api-js has it.
fn presented(who: &Profile, status: &str) -> Option<Value> {
    who.user_id.as_ref().filter(|_| status != "failed")?;
    let mut contact = who.contact();
    if status == "sent"
        && let Some(profile) = contact["profile"].as_object_mut()
    {
        profile.remove("username");
    }
    Some(contact)
}

impl Emulator {
    /// After a message was accepted: `sent`, and what follows by the settings.
    pub(crate) fn report_sent(self: &Arc<Self>, customer: &Arc<Customer>, message: Tracked) {
        if self.settings.statuses == Statuses::Off {
            return;
        }
        let at_ms = self.clock.now_ms();
        let delay = self.settings.delivery_delay;
        let arrives = self.settings.statuses != Statuses::Sent;
        let mut updates = Vec::with_capacity(3);
        {
            let mut state = customer.lock();
            updates.extend(message.update(&state.profile, "sent", at_ms, None));
            state.chats[message.number].change(&message.wamid, |entry| entry.status = entry.status.max(Status::Sent));
        }
        if arrives && delay.is_zero() {
            updates.extend(self.arrive(customer, &message, at_ms));
        }
        self.outbound.push(&customer.id, updates);
        if arrives && !delay.is_zero() {
            tokio::spawn(deliver_later(Arc::clone(self), Arc::clone(customer), message, delay));
        }
    }

    /// The message reaches the customer's phone, and is read if the phone shows the chat.
    fn arrive(&self, customer: &Customer, message: &Tracked, at_ms: i64) -> Vec<Update> {
        let mut state = customer.lock();
        let who = state.profile.clone();
        let chat = &mut state.chats[message.number];
        let read = chat.open || self.settings.statuses == Statuses::Read;
        let reached = if read { Status::Read } else { Status::Delivered };
        chat.change(&message.wamid, |entry| entry.status = entry.status.max(reached));
        drop(state);
        let mut updates = Vec::with_capacity(2);
        if !(read && self.outbound.disorder.skips_delivered()) {
            updates.extend(message.update(&who, "delivered", at_ms, None));
        }
        if read {
            updates.extend(message.update(&who, "read", at_ms, None));
        }
        updates
    }

    /// The message will not arrive.
    pub(crate) fn report_failed(&self, customer: &Customer, message: &Tracked, error: &GraphError) {
        let who = {
            let mut state = customer.lock();
            state.chats[message.number].change(&message.wamid, |entry| entry.status = Status::Failed);
            state.profile.clone()
        };
        self.outbound.push(&customer.id, message.update(&who, "failed", self.clock.now_ms(), Some(error)));
        self.tell_chat(customer, message.number);
    }

    /// The customer plays a voice note of the business; whether it is one.
    pub(crate) fn customer_plays(&self, customer: &Customer, number: usize, wamid: &str) -> bool {
        let (who, callback) = {
            let mut state = customer.lock();
            let who = state.profile.clone();
            let found = state.chats[number].change(wamid, |entry| entry.status = entry.status.max(Status::Read));
            let Some(entry) = found.filter(|entry| entry.side == Side::Business) else { return false };
            (who, entry.callback.clone())
        };
        let played = Tracked { number, wamid: wamid.into(), callback, charge: Charge::Service };
        self.outbound.push(&customer.id, played.update(&who, "played", self.clock.now_ms(), None));
        self.tell_chat(customer, number);
        true
    }

    /// The customer reads, up to and including a message or everything; how many were not read before.
    pub(crate) fn customer_reads(&self, customer: &Customer, number: usize, up_to: Option<&str>) -> usize {
        let (who, read) = {
            let mut state = customer.lock();
            let read = state.chats[number].read_up_to(Side::Business, up_to);
            (state.profile.clone(), read)
        };
        if read.is_empty() {
            return 0;
        }
        let count = read.len();
        if self.settings.statuses != Statuses::Off {
            let at_ms = self.clock.now_ms();
            let updates = read.into_iter().filter_map(|(wamid, callback)| {
                Tracked { number, wamid, callback, charge: Charge::Service }.update(&who, "read", at_ms, None)
            });
            self.outbound.push(&customer.id, updates);
        }
        self.tell_chat(customer, number);
        count
    }
}

async fn deliver_later(emulator: Arc<Emulator>, customer: Arc<Customer>, message: Tracked, delay: Duration) {
    let after_ms = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
    emulator.clock.wait_until(emulator.clock.now_ms().saturating_add(after_ms)).await;
    let updates = emulator.arrive(&customer, &message, emulator.clock.now_ms());
    emulator.outbound.push(&customer.id, updates);
    emulator.tell_chat(&customer, message.number);
}
