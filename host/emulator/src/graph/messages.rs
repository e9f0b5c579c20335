//! `POST /{version}/{phone_number_id}/messages`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use super::trouble::{Aftermath, Trouble};
use super::validate::{self, Recipient, Request, Send};
use crate::chat::{NewEntry, Side, Status};
use crate::customers::{Customer, Preference};
use crate::emulator::Emulator;
use crate::faults::Call;
use crate::graph::error::GraphError;
use crate::ids::{self, Way};
use crate::settings::Refusal;
use crate::statuses::{Charge, Tracked};
use crate::templates::{Category, Filled};

/// Takes a message, a read receipt or a typing indicator.
pub(super) async fn handler(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match answer(&emulator, &version, &id, &headers, &body).await {
        Ok(answer) => answer,
        Err(error) => {
            emulator.stats.refused.add(1);
            error.into_response()
        }
    }
}

async fn answer(
    emulator: &Arc<Emulator>,
    version: &str,
    id: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, GraphError> {
    emulator.admit(headers, version)?;
    let number = emulator.number_at(id).ok_or_else(|| GraphError::unknown_object("post", id))?;
    let body: Value =
        serde_json::from_slice(body).map_err(|_| GraphError::explained(100, "The body must be a JSON object"))?;
    match validate::request(&body)? {
        Request::Read { message_id, typing } => match emulator.trouble(Call::Receipts, None).await {
            Trouble::Instead(answer) => Ok(answer),
            Trouble::After(after) => {
                emulator.business_reads(number, message_id, typing)?;
                Ok(after.upon(Json(json!({ "success": true })).into_response()).await)
            }
        },
        Request::Send(send) => {
            let customer = emulator.customers.find(send.recipient.key());
            match emulator.trouble(Call::Messages, customer.as_deref().map(|customer| customer.id.as_str())).await {
                Trouble::Instead(answer) => {
                    emulator.stats.refused.add(1);
                    Ok(answer)
                }
                Trouble::After(after) => emulator.take(number, customer, &send, after).await,
            }
        }
    }
}

impl Emulator {
    /// The business saw a customer's message, and may be typing.
    fn business_reads(&self, number: usize, wamid: &str, typing: bool) -> Result<(), GraphError> {
        let unknown =
            || GraphError::explained(131_009, "message_id is not a message that a customer sent to this number");
        let address = ids::customer_in(wamid).ok_or_else(unknown)?;
        let customer = self.customers.find(&address).ok_or_else(unknown)?;
        {
            let now_ms = self.clock.now_ms();
            let mut state = customer.lock();
            let chat = &mut state.chats[number];
            if !chat.may_hold(wamid) {
                return Err(unknown());
            }
            chat.read_up_to(Side::Customer, Some(wamid));
            if typing {
                chat.show_typing(now_ms);
            }
        }
        self.stats.read_receipts.add(1);
        self.tell_chat(&customer, number);
        Ok(())
    }

    /// Takes a valid message, or says why not.
    async fn take(
        self: &Arc<Self>,
        number: usize,
        customer: Option<Arc<Customer>>,
        send: &Send<'_>,
        after: Aftermath,
    ) -> Result<Response, GraphError> {
        self.check_media(send)?;
        self.check_throughput(number)?;
        let Some(customer) = customer else {
            return Err(GraphError::explained(
                131_026,
                "The recipient is not a WhatsApp user that this emulator knows",
            ));
        };
        let filled = self.fill_template(number, send)?;
        if let Err(error) = self.check_chat(&customer, number, send, filled.as_ref()) {
            return match error.code {
                131_047 | 131_050 => self.refuse(error, &customer, number, send, filled),
                _ => Err(error),
            };
        }
        self.check_pair(&customer, number)?;
        let message = self.accept(&customer, number, send, filled);
        let answer = accepted(&customer, &send.recipient, &message.wamid);
        match &after {
            Aftermath::Failure(error) => self.report_failed(&customer, &message, error),
            _ => self.report_sent(&customer, message),
        }
        self.tell_chat(&customer, number);
        Ok(after.upon(answer).await)
    }

    /// The number's own limit.
    fn check_throughput(&self, number: usize) -> Result<(), GraphError> {
        let Some(per_second) = self.limits.read().number_per_second else { return Ok(()) };
        if self.paces[number].lock().take_of_number(self.clock.now_ms(), per_second) {
            return Ok(());
        }
        Err(GraphError::explained(
            130_429,
            format!("Cloud API message throughput has been reached: {per_second} messages a second"),
        ))
    }

    /// The limit between the number and this customer.
    fn check_pair(&self, customer: &Customer, number: usize) -> Result<(), GraphError> {
        let Some(limit) = self.limits.read().pair else { return Ok(()) };
        if customer.lock().chats[number].pace.take_of_pair(self.clock.now_ms(), limit) {
            return Ok(());
        }
        Err(GraphError::explained(
            131_056,
            "Message failed to send because there were too many messages sent from this phone number to the same phone \
             number in a short period of time",
        ))
    }

    /// The template that the message names, with its variables filled in; `None` for other messages.
    fn fill_template(&self, number: usize, send: &Send<'_>) -> Result<Option<Filled>, GraphError> {
        if send.kind != "template" {
            return Ok(None);
        }
        let filled = self.templates.fill(&self.number(number).waba_id, send.content)?;
        if filled.category == Category::Authentication && matches!(send.recipient, Recipient::UserId(_)) {
            return Err(GraphError::explained(
                131_062,
                "Authentication templates need a phone number in `to`; a business-scoped user id is not enough",
            ));
        }
        Ok(Some(filled))
    }

    fn check_media(&self, send: &Send<'_>) -> Result<(), GraphError> {
        for (kind, id) in &send.media {
            let Some(media) = self.media.get(id, self.clock.now_ms()) else {
                return Err(GraphError::explained(
                    131_009,
                    format!("{id} is not the id of a file that was uploaded here"),
                ));
            };
            if !kind.takes(&media.mime_type) {
                let found = &media.mime_type;
                return Err(GraphError::explained(
                    131_053,
                    format!("A file of type {found} cannot be sent as {kind:?}"),
                ));
            }
        }
        Ok(())
    }

    /// The window, what the customer wants, and the messages that this one speaks of.
    fn check_chat(
        &self,
        customer: &Customer,
        number: usize,
        send: &Send<'_>,
        filled: Option<&Filled>,
    ) -> Result<(), GraphError> {
        let state = customer.lock();
        let chat = &state.chats[number];
        let marketing = filled.is_some_and(|filled| filled.category == Category::Marketing);
        if marketing && state.marketing == Some(Preference::Stop) {
            return Err(GraphError::explained(
                131_050,
                "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on \
                 WhatsApp from your business",
            ));
        }
        if send.kind != "template" && !chat.window_open(self.clock.now_ms()) {
            return Err(GraphError::explained(
                131_047,
                "Message failed to send because more than 24 hours have passed since the customer last replied to this \
                 number.",
            ));
        }
        let reacted = send.content.get("message_id").and_then(Value::as_str).filter(|_| send.kind == "reaction");
        for wamid in [send.quotes, reacted].into_iter().flatten() {
            if !chat.may_hold(wamid) {
                return Err(GraphError::explained(131_009, "message_id is not a message of this conversation"));
            }
        }
        Ok(())
    }

    /// Refuses in the answer, or accepts and lets a `failed` status follow, as the settings say.
    fn refuse(
        self: &Arc<Self>,
        error: GraphError,
        customer: &Arc<Customer>,
        number: usize,
        send: &Send<'_>,
        filled: Option<Filled>,
    ) -> Result<Response, GraphError> {
        match self.settings.refusal {
            Refusal::InAnswer => Err(error),
            Refusal::ByStatus => {
                let message = self.accept(customer, number, send, filled);
                let answer = accepted(customer, &send.recipient, &message.wamid);
                self.report_failed(customer, &message, &error);
                Ok(answer)
            }
        }
    }

    /// Puts the message into the chat.
    fn accept(&self, customer: &Customer, number: usize, send: &Send<'_>, filled: Option<Filled>) -> Tracked {
        self.stats.sends.add(1);
        if let Some(callback) = send.callback {
            self.count_repeated(callback);
        }
        let at_ms = self.clock.now_ms();
        let keep = self.settings.chat_entries;
        let mut state = customer.lock();
        let wamid = ids::wamid(state.profile.address(), Way::FromBusiness);
        let chat = &mut state.chats[number];
        let charge = match &filled {
            Some(filled) => Charge::Template { category: filled.category, in_window: chat.window_open(at_ms) },
            None => Charge::Service,
        };
        let message = if keep == 0 { String::new() } else { message_object(send, filled) };
        if send.kind == "reaction"
            && let Some(reacted) = send.content.get("message_id").and_then(Value::as_str)
        {
            let emoji = send.content.get("emoji").and_then(Value::as_str).filter(|emoji| !emoji.is_empty());
            chat.change(reacted, |entry| entry.reaction = emoji.map(Into::into));
        }
        chat.push(
            NewEntry {
                wamid: &wamid,
                side: Side::Business,
                at_ms,
                status: Status::Accepted,
                message: message.into(),
                callback: send.callback,
            },
            keep,
        );
        Tracked { number, wamid: wamid.into(), callback: send.callback.map(Into::into), charge }
    }
}

/// The message as chats keep it.
fn message_object(send: &Send<'_>, filled: Option<Filled>) -> String {
    let mut message = serde_json::Map::with_capacity(3);
    message.insert("type".into(), send.kind.into());
    message.insert(send.kind.into(), send.content.clone());
    if let Some(filled) = filled {
        message.insert("shown".into(), filled.shown);
    }
    if let Some(quotes) = send.quotes {
        message.insert("context".into(), json!({ "id": quotes }));
    }
    Value::Object(message).to_string()
}

fn accepted(customer: &Customer, recipient: &Recipient, wamid: &str) -> Response {
    let contact = match recipient {
        Recipient::Phone { digits, input } => json!({ "input": input, "wa_id": digits }),
        // A number that the customer hides is not told.
        Recipient::UserId(user_id) => match &customer.lock().profile.phone {
            Some(phone) => json!({ "input": user_id, "wa_id": phone, "user_id": user_id }),
            None => json!({ "input": user_id, "user_id": user_id }),
        },
    };
    Json(json!({ "messaging_product": "whatsapp", "contacts": [contact], "messages": [{ "id": wamid }] }))
        .into_response()
}
