//! `POST /emulator/v1/customers/{id}/send`: a customer writes.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::customer_message::{Amended, Content};
use super::error::{Body, ControlError};
use crate::chat::{NewEntry, Side, Status};
use crate::customers::{self, Customer, CustomerError, Preference, Profile};
use crate::emulator::Emulator;
use crate::ids::{self, Way};
use crate::webhook::{Place, Update};

/// The most copies of a webhook that can be asked for.
const MOST_COPIES: u32 = 1_000;

/// A message, and how it travels.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Sending {
    #[serde(flatten)]
    pub(super) content: Content,
    /// To which number; the first if missing.
    phone_number_id: Option<String>,
    /// The message that it answers.
    pub(super) reply_to: Option<String>,
    #[serde(default)]
    forwarded: bool,
    #[serde(default)]
    frequently_forwarded: bool,
    /// The advertisement that it came from.
    referral: Option<Value>,
    /// The product that it asks about.
    referred_product: Option<Value>,
    /// The group that it was written in.
    group_id: Option<String>,
    /// How many copies of the webhook follow.
    #[serde(default)]
    pub(super) duplicate: u32,
    /// When WhatsApp took it, in seconds since the epoch; now if missing.
    timestamp: Option<i64>,
    /// How much later it is sent. Milliseconds of the emulator's clock.
    #[serde(default)]
    delay_ms: u32,
    /// How much later its webhook arrives, though it was sent at once: WhatsApp repeats for up to seven days. Seconds
    /// of the emulator's clock.
    #[serde(default)]
    webhook_after_s: u32,
}

impl Sending {
    /// A message that travels as messages do.
    pub(super) fn of(content: Content) -> Self {
        Self {
            content,
            phone_number_id: None,
            reply_to: None,
            forwarded: false,
            frequently_forwarded: false,
            referral: None,
            referred_product: None,
            group_id: None,
            duplicate: 0,
            timestamp: None,
            delay_ms: 0,
            webhook_after_s: 0,
        }
    }
}

/// Writes; answers with the message's id.
pub(super) async fn post(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
    Body(sending): Body<Sending>,
) -> Result<Json<Value>, ControlError> {
    let customer = emulator.known_customer(&id)?;
    let number = emulator.named_number(sending.phone_number_id.as_deref())?;
    emulator.customer_sends(&customer, number, sending)
}

/// A message that is ready to be sent.
struct Ready {
    number: usize,
    wamid: String,
    at_ms: i64,
    side: Side,
    update: Update,
    content: Content,
    copies: u32,
    webhook_after_s: u32,
}

impl Emulator {
    /// A customer writes to a number.
    pub(super) fn customer_sends(
        self: &Arc<Self>,
        customer: &Arc<Customer>,
        number: usize,
        sending: Sending,
    ) -> Result<Json<Value>, ControlError> {
        if self.outbound.is_full() {
            return Err(ControlError::Full);
        }
        if sending.duplicate > MOST_COPIES {
            return Err(ControlError::Invalid(format!("duplicate: at most {MOST_COPIES}")));
        }
        let delay_ms = i64::from(sending.delay_ms);
        let ready = self.prepare(customer, number, sending)?;
        let wamid = ready.wamid.clone();
        if delay_ms == 0 {
            self.dispatch(customer, ready);
        } else {
            let (emulator, customer) = (Arc::clone(self), Arc::clone(customer));
            tokio::spawn(async move {
                emulator.clock.wait_until(emulator.clock.now_ms() + delay_ms).await;
                emulator.dispatch(&customer, ready);
            });
        }
        Ok(Json(json!({ "wamid": wamid, "customer": customer.id })))
    }

    fn prepare(&self, customer: &Arc<Customer>, number: usize, sending: Sending) -> Result<Ready, ControlError> {
        let before = customer.lock().profile.clone();
        let webhook_after_s = sending.webhook_after_s;
        let at_ms = sending.timestamp.map_or_else(|| self.clock.now_ms(), |seconds| seconds.saturating_mul(1_000));
        let wamid = ids::wamid(before.address(), Way::FromCustomer);
        let (side, update) = match &sending.content {
            Content::MarketingPreference { value } => {
                customer.lock().marketing = Some(*value);
                self.tell_customers();
                (Side::System, preference(number, &before, *value, at_ms))
            }
            Content::NumberChange { .. } | Content::UserIdChange => {
                let after = changed(&before, &sending.content)?;
                let message = identity_change(&before, &after, &wamid, at_ms);
                self.customers.change(customer, after)?;
                self.tell_customers();
                (Side::System, Update { number, place: Place::Messages, contact: None, json: message.to_string() })
            }
            content => {
                let mut message = content.members(self)?;
                self.address(&mut message, &before, &wamid, at_ms, number, &sending);
                let contact = Some(before.contact().to_string());
                let json = Value::Object(message).to_string();
                (Side::Customer, Update { number, place: Place::Messages, contact, json })
            }
        };
        Ok(Ready {
            number,
            wamid,
            at_ms,
            side,
            update,
            content: sending.content,
            copies: sending.duplicate,
            webhook_after_s,
        })
    }

    /// Adds who wrote, when, and in answer to what.
    fn address(
        &self,
        message: &mut Map<String, Value>,
        who: &Profile,
        wamid: &str,
        at_ms: i64,
        number: usize,
        sending: &Sending,
    ) {
        put_sender(message, who, wamid, at_ms);
        let mut context = Map::new();
        if let Some(reply_to) = &sending.reply_to {
            context.insert("from".into(), self.number(number).digits().into());
            context.insert("id".into(), reply_to.as_str().into());
        }
        if sending.forwarded {
            context.insert("forwarded".into(), true.into());
        }
        if sending.frequently_forwarded {
            context.insert("frequently_forwarded".into(), true.into());
        }
        if let Some(product) = &sending.referred_product {
            context.insert("referred_product".into(), product.clone());
        }
        if !context.is_empty() {
            message.insert("context".into(), context.into());
        }
        if let Some(referral) = &sending.referral {
            message.insert("referral".into(), referral.clone());
        }
        if let Some(group) = &sending.group_id {
            message.insert("group_id".into(), group.as_str().into());
        }
    }

    fn dispatch(&self, customer: &Customer, ready: Ready) {
        {
            let mut state = customer.lock();
            let chat = &mut state.chats[ready.number];
            let amended = ready.content.amend(chat);
            if amended == Amended::AndStands {
                if ready.side == Side::Customer {
                    chat.customer_wrote(ready.at_ms);
                }
                let entry = NewEntry {
                    wamid: &ready.wamid,
                    side: ready.side,
                    at_ms: ready.at_ms,
                    status: Status::Sent,
                    message: ready.update.json.as_str().into(),
                    callback: None,
                };
                chat.push(entry, self.settings.chat_entries);
            }
        }
        self.stats.customer_messages.add(1);
        self.stats.duplicate_webhooks.add(u64::from(ready.copies));
        if !self.outbound.leads_somewhere() {
            self.stats.dropped.add(1);
        }
        let updates = std::iter::repeat_n(ready.update, ready.copies as usize + 1);
        match ready.webhook_after_s {
            0 => self.outbound.push(&customer.id, updates),
            seconds => self.outbound.push_after(&customer.id, updates.collect(), i64::from(seconds) * 1_000),
        }
        self.tell_chat(customer, ready.number);
    }
}

fn put_sender(message: &mut Map<String, Value>, who: &Profile, wamid: &str, at_ms: i64) {
    if let Some(phone) = &who.phone {
        message.insert("from".into(), phone.as_str().into());
    }
    if let Some(user_id) = &who.user_id {
        message.insert("from_user_id".into(), user_id.as_str().into());
    }
    if let Some(parent) = &who.parent_user_id {
        message.insert("from_parent_user_id".into(), parent.as_str().into());
    }
    message.insert("id".into(), wamid.into());
    message.insert("timestamp".into(), (at_ms / 1_000).to_string().into());
}

fn changed(before: &Profile, content: &Content) -> Result<Profile, ControlError> {
    let mut after = before.clone();
    if let Content::NumberChange { phone } = content {
        after.phone = Some(customers::digits(phone).ok_or(CustomerError::Phone)?);
    }
    // WhatsApp makes a new user id whenever the number changes.
    after.user_id = match &before.user_id {
        Some(_) => Some(ids::user_id("ID")),
        None if matches!(content, Content::UserIdChange) => {
            return Err(ControlError::Invalid("this customer has no user id that could change".into()));
        }
        None => None,
    };
    if before.parent_user_id.is_some() {
        after.parent_user_id = Some(ids::user_id("ID.ENT"));
    }
    Ok(after)
}

fn identity_change(before: &Profile, after: &Profile, wamid: &str, at_ms: i64) -> Value {
    let moved = before.phone != after.phone;
    let what = |profile: &Profile| profile.address().to_owned();
    let mut system = json!({
        "body": format!("User {} changed from {} to {}", before.name, what(before), what(after)),
        "type": if moved { "user_changed_number" } else { "user_changed_user_id" },
    });
    if moved && let Some(phone) = &after.phone {
        system["wa_id"] = phone.as_str().into();
    }
    if let (Some(old), Some(new)) = (&before.user_id, &after.user_id) {
        system["previous_user_id"] = old.as_str().into();
        system["user_id"] = new.as_str().into();
    }
    let mut message = Map::new();
    put_sender(&mut message, before, wamid, at_ms);
    message.insert("type".into(), "system".into());
    message.insert("system".into(), system);
    Value::Object(message)
}

fn preference(number: usize, who: &Profile, value: Preference, at_ms: i64) -> Update {
    let mut update = json!({
        "category": "marketing_messages",
        "detail": format!("User requested to {} marketing messages", value.name()),
        "value": value.name(),
        "timestamp": at_ms / 1_000,
    });
    if let Some(phone) = &who.phone {
        update["wa_id"] = phone.as_str().into();
    }
    if let Some(user_id) = &who.user_id {
        update["user_id"] = user_id.as_str().into();
    }
    let contact = Some(who.contact().to_string());
    Update { number, place: Place::Preferences, contact, json: update.to_string() }
}
