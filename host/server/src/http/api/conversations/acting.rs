//! Somebody acts on a conversation.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use santun_core::flow::{Action, Actor};
use santun_core::ids::{ChannelId, ConversationId};
use tokio::sync::oneshot;

use super::act::Done;
use super::show::conversation_id;
use crate::host::Host;
use crate::http::App;
use crate::http::api::Problem;
use crate::http::api::caller::Person;
use crate::http::api::extract::{Json, Path};
use crate::lanes::Work;

/// A person and the conversation that the address names, which is there.
pub(super) struct Acting {
    pub(super) host: Arc<Host>,
    pub(super) conversation: ConversationId,
    pub(super) channel: ChannelId,
    actor: Actor,
}

impl Acting {
    /// Does it in the conversation's lane: one thing after the other, with the bot and with colleagues.
    pub(super) async fn does(self, action: Action) -> Result<Json<Done>, Problem> {
        let (reply, outcome) = oneshot::channel();
        self.host.give(self.conversation, Work::Act { actor: self.actor, action: Box::new(action), reply });
        let busy = || {
            let message = "the conversation could not be reached just now: nothing was done, try again";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
        };
        let turn = outcome.await.map_err(|_| busy())??;
        Ok(Json(Done { turn }))
    }
}

impl FromRequestParts<App> for Acting {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let actor = Person::from_request_parts(parts, app).await?.actor();
        let Path(id) = Path::<String>::from_request_parts(parts, app).await?;
        let conversation = conversation_id(&id)?;
        let channel = app.host.store.conversation(conversation, app.host.first_language()).await?.channel;
        Ok(Self { host: app.host.clone(), conversation, channel, actor })
    }
}
