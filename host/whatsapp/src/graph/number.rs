//! What the Graph says of a channel: for the set-up check, and to learn whether it works again.

use santun_core::ids::ChannelId;
use serde::Deserialize;

use super::call::{self, CallError};
use super::{AccessToken, Graph};

/// A channel as Meta knows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PhoneNumber {
    /// The number as customers see it.
    #[serde(default)]
    pub display_phone_number: Option<String>,
    /// The business's name as customers see it.
    #[serde(default)]
    pub verified_name: Option<String>,
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    #[serde(default)]
    pub quality_rating: Option<String>,
    /// `CONNECTED` and others.
    #[serde(default)]
    pub status: Option<String>,
}

impl Graph {
    /// Asks what the Graph knows of a channel: that it does shows that the token is good for it.
    ///
    /// # Errors
    /// [`CallError`] if it cannot be reached, or refuses.
    pub async fn phone_number(&self, token: &AccessToken, channel: &ChannelId) -> Result<PhoneNumber, CallError> {
        let mut url = self.address(&[channel.as_str()]);
        url.set_query(Some("fields=display_phone_number,verified_name,quality_rating,status"));
        call::call(self.get(token, url)).await
    }
}
