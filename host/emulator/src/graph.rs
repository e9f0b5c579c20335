//! The Graph side: what a client of the Cloud API calls.

mod access;
mod account;
mod debug_token;
pub(crate) mod error;
pub(crate) mod error_table;
mod files;
mod messages;
mod number;
mod object;
mod smb;
mod templates;
mod trouble;
pub(crate) mod validate;

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::HeaderValue;
use axum::http::header::DATE;
use axum::middleware::{from_fn_with_state, map_response_with_state};
use axum::response::Response;
use axum::routing::{get, post};

use crate::emulator::Emulator;
use crate::faults::Call;
pub(crate) use files::as_file;
pub(crate) use templates::tell_status;

/// The largest upload: a document, and its form around it.
const UPLOAD: usize = 101 * 1024 * 1024;
/// The largest message.
const MESSAGE: usize = 3 * 1024 * 1024;

/// The routes of the Graph side, with the faults that each can meet.
pub(crate) fn routes(emulator: &Arc<Emulator>) -> Router<Arc<Emulator>> {
    let meeting = |call: Call| from_fn_with_state((Arc::clone(emulator), call), trouble::meet);
    Router::new()
        // A message knows its customer: it meets its faults by itself.
        .route("/{version}/{id}/messages", post(messages::handler).layer(DefaultBodyLimit::max(MESSAGE)))
        .route(
            "/{version}/{id}/media",
            post(files::upload).layer(DefaultBodyLimit::max(UPLOAD)).layer(meeting(Call::Uploads)),
        )
        .route(
            "/{version}/{id}",
            get(object::get).delete(object::delete).post(templates::edit).layer(meeting(Call::Reads)),
        )
        .route("/{version}/debug_token", get(debug_token::get).layer(meeting(Call::Reads)))
        .route("/{version}/{id}/phone_numbers", get(account::phone_numbers).layer(meeting(Call::Reads)))
        .route(
            "/{version}/{id}/subscribed_apps",
            get(account::subscribed_apps)
                .post(account::subscribe)
                .delete(account::unsubscribe)
                .layer(meeting(Call::Reads)),
        )
        .route(
            "/{version}/{id}/message_templates",
            get(templates::list).post(templates::create).delete(templates::delete).layer(meeting(Call::Templates)),
        )
        .route(
            "/{version}/{id}/whatsapp_business_profile",
            get(number::business_profile).post(number::change_business_profile).layer(meeting(Call::Reads)),
        )
        .route("/{version}/{id}/register", post(number::register))
        .route("/{version}/{id}/smb_app_data", post(smb::synchronize))
        .route("/emulator/media/{id}", get(files::download).layer(meeting(Call::Reads)))
        .layer(map_response_with_state(Arc::clone(emulator), dated))
}

/// Answers carry the time of the emulator's clock.
async fn dated(State(emulator): State<Arc<Emulator>>, mut answer: Response) -> Response {
    let now = Duration::from_millis(u64::try_from(emulator.clock.now_ms()).unwrap_or_default());
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(UNIX_EPOCH + now)) {
        answer.headers_mut().insert(DATE, date);
    }
    answer
}
