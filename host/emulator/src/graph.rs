//! The Graph side: what a client of the Cloud API calls.

mod access;
mod account;
pub(crate) mod error;
mod files;
mod messages;
mod number;
mod object;
pub(crate) mod validate;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::emulator::Emulator;
pub(crate) use files::as_file;

/// The largest upload: a document, and its form around it.
const UPLOAD: usize = 101 * 1024 * 1024;
/// The largest message.
const MESSAGE: usize = 3 * 1024 * 1024;

/// The routes of the Graph side.
pub(crate) fn routes() -> Router<Arc<Emulator>> {
    Router::new()
        .route("/{version}/{id}/messages", post(messages::handler).layer(DefaultBodyLimit::max(MESSAGE)))
        .route("/{version}/{id}/media", post(files::upload).layer(DefaultBodyLimit::max(UPLOAD)))
        .route("/{version}/{id}", get(object::get).delete(object::delete))
        .route("/{version}/{id}/phone_numbers", get(account::phone_numbers))
        .route("/{version}/{id}/subscribed_apps", get(account::subscribed_apps).post(account::subscribe))
        .route(
            "/{version}/{id}/whatsapp_business_profile",
            get(number::business_profile).post(number::change_business_profile),
        )
        .route("/{version}/{id}/register", post(number::register))
        .route("/emulator/media/{id}", get(files::download))
}
