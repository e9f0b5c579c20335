//! Blue ticks, and the dots that say that an answer is being written.

use santun_core::identity::Wamid;
use santun_core::ids::ChannelId;
use serde::{Deserialize, Serialize};

use super::call::{self, CallError};
use super::{AccessToken, Graph};

/// Whether the customer sees that an answer is being written. WhatsApp takes the dots away by itself
/// with the answer, or after 25 seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    /// Show the dots.
    Show,
    /// Only the blue ticks.
    Hide,
}

#[derive(Serialize)]
struct ReadReceipt<'a> {
    messaging_product: &'static str,
    status: &'static str,
    message_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    typing_indicator: Option<Indicator>,
}

#[derive(Serialize)]
struct Indicator {
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Deserialize)]
struct Success {}

impl Graph {
    /// Marks a customer's message as read, and those before it.
    ///
    /// # Errors
    /// [`CallError`]; nothing depends on it, and it is not worth a second try.
    pub async fn mark_read(
        &self,
        token: &AccessToken,
        channel: &ChannelId,
        message: &Wamid,
        typing: Typing,
    ) -> Result<(), CallError> {
        let receipt = ReadReceipt {
            messaging_product: "whatsapp",
            status: "read",
            message_id: message.expose(),
            typing_indicator: (typing == Typing::Show).then_some(Indicator { kind: "text" }),
        };
        let body = serde_json::to_vec(&receipt).map_err(|error| CallError::Request(error.to_string()))?;
        let Success {} = call::call(self.post_json(token, &[channel.as_str(), "messages"], body)).await?;
        Ok(())
    }
}
