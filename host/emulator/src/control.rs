//! The control API, `/emulator/v1/`: with it a test, or the phone in the browser, is the customers.

mod app_secret;
mod chats;
mod clock;
mod coexistence;
mod customer_message;
mod customers;
mod echo;
mod error;
mod events;
mod faults;
mod files;
mod limits;
mod openapi;
mod overview;
mod raw;
mod reading;
mod samples;
mod sending;
mod standing;
mod tap;
mod templates;
mod view;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post, put};

use crate::emulator::Emulator;

const FILE: usize = 101 * 1024 * 1024;

/// The routes of the control API.
pub(crate) fn routes() -> Router<Arc<Emulator>> {
    Router::new()
        .route("/emulator/v1", get(overview::get))
        .route("/emulator/v1/openapi.json", get(openapi::get))
        .route("/emulator/v1/stats", get(overview::stats))
        .route("/emulator/v1/clock", get(clock::get).post(clock::advance))
        .route("/emulator/v1/events", get(events::stream))
        .route("/emulator/v1/faults", get(faults::list).post(faults::plan).delete(faults::clear))
        .route("/emulator/v1/faults/{id}", delete(faults::remove))
        .route("/emulator/v1/app-secret", put(app_secret::rotate))
        .route("/emulator/v1/errors", get(faults::table))
        .route("/emulator/v1/standing/token", get(standing::token).put(standing::set_token))
        .route("/emulator/v1/standing/numbers/{id}", get(standing::number).put(standing::set_number))
        .route("/emulator/v1/limits", get(limits::get).put(limits::set))
        .route("/emulator/v1/templates", get(templates::list).post(templates::add))
        .route("/emulator/v1/templates/{id}", post(templates::rule).delete(templates::remove))
        .route("/emulator/v1/webhooks", get(webhooks::get))
        .route("/emulator/v1/webhooks/hold", post(webhooks::hold))
        .route("/emulator/v1/webhooks/release", post(webhooks::release))
        .route("/emulator/v1/webhooks/disorder", put(webhooks::disorder).delete(webhooks::order))
        .route("/emulator/v1/history", post(coexistence::history))
        .route("/emulator/v1/contacts", post(coexistence::contacts))
        .route("/emulator/v1/raw", post(raw::post))
        .route("/emulator/v1/echo", post(echo::post))
        .route("/emulator/v1/media", post(files::put).layer(DefaultBodyLimit::max(FILE)))
        .route("/emulator/v1/media/{id}", get(files::get))
        .route("/emulator/v1/customers", get(customers::list).post(customers::add))
        .route("/emulator/v1/customers/{id}", get(customers::get).patch(customers::change).delete(customers::remove))
        .route("/emulator/v1/customers/{id}/chat", get(chats::get))
        .route("/emulator/v1/customers/{id}/send", post(sending::post))
        .route("/emulator/v1/customers/{id}/tap", post(tap::post))
        .route("/emulator/v1/customers/{id}/read", post(reading::post))
        .route("/emulator/v1/customers/{id}/play", post(reading::play))
}
