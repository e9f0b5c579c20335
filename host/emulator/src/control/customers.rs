//! `/emulator/v1/customers`: making, finding, changing and removing customers.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{Body, ControlError};
use super::view;
use crate::customers::{self, Customer, CustomerError, NewCustomer};
use crate::emulator::Emulator;

impl Emulator {
    /// The customer with this id, number or user id.
    pub(super) fn known_customer(&self, key: &str) -> Result<Arc<Customer>, ControlError> {
        let found = self.customers.find(key).or_else(|| self.customers.find(&customers::digits(key)?));
        found.ok_or(ControlError::Unknown("customer"))
    }

    /// The place of the number that a call names, or of the first.
    pub(super) fn named_number(&self, phone_number_id: Option<&str>) -> Result<usize, ControlError> {
        match phone_number_id {
            None => Ok(0),
            Some(id) => self.number_at(id).ok_or(ControlError::Unknown("business number")),
        }
    }
}

/// All customers, each with the newest entry of its chats.
pub(super) async fn list(State(emulator): State<Arc<Emulator>>) -> Json<Value> {
    let all: Vec<_> = emulator.customers.all().iter().map(|customer| view::customer(&emulator, customer)).collect();
    Json(json!({ "customers": all }))
}

/// Makes a customer.
pub(super) async fn add(
    State(emulator): State<Arc<Emulator>>,
    Body(new): Body<NewCustomer>,
) -> Result<(StatusCode, Json<Value>), ControlError> {
    let customer = emulator.customers.add(new)?;
    emulator.tell_customers();
    Ok((StatusCode::CREATED, Json(view::customer(&emulator, &customer))))
}

/// One customer.
pub(super) async fn get(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ControlError> {
    let customer = emulator.known_customer(&id)?;
    Ok(Json(view::customer(&emulator, &customer)))
}

/// What to change; `null` takes an address or a username away.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    phone: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    user_id: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    parent_user_id: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    username: Option<Option<String>>,
}

fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Changes a customer without a word to the host. For a change that WhatsApp announces, send `number_change`.
pub(super) async fn change(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
    Body(change): Body<Change>,
) -> Result<Json<Value>, ControlError> {
    let customer = emulator.known_customer(&id)?;
    let mut profile = customer.lock().profile.clone();
    if let Some(name) = change.name {
        profile.name = name;
    }
    if let Some(phone) = change.phone {
        profile.phone = match phone {
            Some(phone) => Some(customers::digits(&phone).ok_or(CustomerError::Phone)?),
            None => None,
        };
    }
    if let Some(user_id) = change.user_id {
        profile.user_id = user_id.as_deref().map(customers::user_id).transpose()?;
    }
    if let Some(parent) = change.parent_user_id {
        profile.parent_user_id = parent.as_deref().map(customers::user_id).transpose()?;
    }
    if let Some(username) = change.username {
        profile.username = username;
    }
    emulator.customers.change(&customer, profile)?;
    emulator.tell_customers();
    Ok(Json(view::customer(&emulator, &customer)))
}

/// Forgets a customer: sends to them are undeliverable from now on.
pub(super) async fn remove(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
) -> Result<StatusCode, ControlError> {
    let customer = emulator.known_customer(&id)?;
    emulator.customers.remove(&customer);
    emulator.tell_customers();
    Ok(StatusCode::NO_CONTENT)
}
