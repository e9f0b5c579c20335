//! `POST /emulator/v1/echo`: a human of the business answers from the WhatsApp app on a phone.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::customer_message::{Amended, Content};
use super::error::{Body, ControlError};
use crate::chat::{NewEntry, Side, Status};
use crate::emulator::Emulator;
use crate::ids::{self, Way};
use crate::webhook::{Place, Update};

/// What the human of the business writes.
#[derive(Debug, Deserialize)]
pub(super) struct Echo {
    /// To whom.
    customer: String,
    phone_number_id: Option<String>,
    #[serde(flatten)]
    content: Content,
}

/// Puts the message into the chat and tells the host in the field `smb_message_echoes`.
pub(super) async fn post(
    State(emulator): State<Arc<Emulator>>,
    Body(echo): Body<Echo>,
) -> Result<Json<Value>, ControlError> {
    let customer = emulator.known_customer(&echo.customer)?;
    let number = emulator.named_number(echo.phone_number_id.as_deref())?;
    let at_ms = emulator.clock.now_ms();
    let mut message = echo.content.members(&emulator)?;
    let mut state = customer.lock();
    let who = state.profile.clone();
    let wamid = ids::wamid(who.address(), Way::FromBusiness);
    message.insert("from".into(), emulator.number(number).digits().into());
    message.insert("id".into(), wamid.as_str().into());
    message.insert("timestamp".into(), (at_ms / 1000).to_string().into());
    if let Some(phone) = &who.phone {
        message.insert("to".into(), phone.as_str().into());
    }
    if let Some(user_id) = &who.user_id {
        message.insert("to_user_id".into(), user_id.as_str().into());
    }
    if let Some(parent) = &who.parent_user_id {
        message.insert("to_parent_user_id".into(), parent.as_str().into());
    }
    let update = Update {
        number,
        place: Place::Echoes,
        contact: Some(who.contact().to_string()),
        json: Value::Object(message).to_string(),
    };
    let chat = &mut state.chats[number];
    if echo.content.amend(chat) == Amended::AndStands {
        let entry = NewEntry {
            wamid: &wamid,
            side: Side::BusinessPhone,
            at_ms,
            status: Status::Delivered,
            message: update.json.clone().into(),
            callback: None,
        };
        chat.push(entry, emulator.settings.chat_entries);
    }
    drop(state);
    emulator.outbound.push(&customer.id, [update]);
    emulator.tell_chat(&customer, number);
    Ok(Json(json!({ "wamid": wamid })))
}
