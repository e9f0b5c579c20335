//! What a set-up check asks the Graph: is the token good, how does the number stand, who gets its webhooks.

use reqwest::Url;
use santun_core::ids::ChannelId;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::call::{self, CallError};
use super::{AccessToken, Graph};
use crate::signature::AppSecrets;

/// What the Graph told, and when by its own clock.
#[derive(Clone, Debug)]
pub struct Told<T> {
    /// What it told, or why it did not.
    pub what: Result<T, CallError>,
    /// The `Date` of its answer, as in HTTP; to the second.
    pub date: Option<String>,
}

/// How a number stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct NumberStanding {
    /// The number as customers see it.
    pub display_phone_number: Option<String>,
    /// The business's name as customers see it.
    pub verified_name: Option<String>,
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    pub quality_rating: Option<String>,
    /// `CONNECTED` and others.
    pub status: Option<String>,
    /// Of the display name: `APPROVED` and others.
    pub name_status: Option<String>,
    /// How fast it may send.
    pub throughput: Option<Throughput>,
    /// Where its webhooks go.
    pub webhook_configuration: Option<WebhookAddresses>,
}

/// How fast a number may send.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Throughput {
    /// `STANDARD` (80 messages a second), `HIGH` (up to 1,000) and others.
    pub level: Option<String>,
}

/// Where a number's webhooks go: the most particular that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct WebhookAddresses {
    /// Set for this number.
    pub phone_number: Option<String>,
    /// Set for its account.
    pub whatsapp_business_account: Option<String>,
    /// Set for the app.
    pub application: Option<String>,
}

impl WebhookAddresses {
    /// The address that counts.
    pub fn effective(&self) -> Option<&str> {
        let all = [&self.phone_number, &self.whatsapp_business_account, &self.application];
        all.into_iter().flatten().map(String::as_str).find(|address| !address.is_empty())
    }
}

/// What the Graph knows of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct TokenStanding {
    /// Whether it works.
    pub is_valid: bool,
    /// Until when, in seconds since 1970; 0: for ever.
    pub expires_at: i64,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// The app that it was made for.
    pub application: Option<String>,
}

/// An app that gets an account's webhooks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Subscriber {
    /// Which app.
    pub whatsapp_business_api_data: AppData,
    /// Another address than the app's own, if one is set for the account.
    pub override_callback_uri: Option<String>,
}

/// An app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AppData {
    /// Its name.
    pub name: Option<String>,
}

#[derive(Deserialize)]
struct Data<T> {
    data: T,
}

impl Graph {
    /// How a number stands. That it answers shows that the token is good for this number.
    pub async fn check_number(&self, token: &AccessToken, channel: &ChannelId) -> Told<NumberStanding> {
        let mut url = self.address(&[channel.as_str()]);
        url.set_query(Some(
            "fields=display_phone_number,verified_name,quality_rating,status,name_status,throughput,webhook_configuration",
        ));
        self.tell(token, url).await
    }

    /// Whether the app's secret of that place is that of the app which the token was made for; `false` if the
    /// Graph says that it is not.
    pub async fn check_secret(
        &self,
        token: &AccessToken,
        channel: &ChannelId,
        secrets: &AppSecrets,
        nth: usize,
    ) -> Result<bool, CallError> {
        let mut url = self.address(&[channel.as_str()]);
        url.set_query(Some(&format!("fields=id&appsecret_proof={}", secrets.proof(nth, token.expose()))));
        match self.tell::<serde::de::IgnoredAny>(token, url).await.what {
            Ok(_) => Ok(true),
            Err(CallError::Refused { error, .. }) if error.title.contains("appsecret_proof") => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What the token is good for, and until when.
    pub async fn check_token(&self, token: &AccessToken) -> Result<TokenStanding, CallError> {
        let mut url = self.address(&["debug_token"]);
        url.query_pairs_mut().append_pair("input_token", token.expose());
        self.tell::<Data<TokenStanding>>(token, url).await.what.map(|told| told.data)
    }

    /// The apps that get the webhooks of an account.
    pub async fn check_subscription(&self, token: &AccessToken, account: &str) -> Result<Vec<Subscriber>, CallError> {
        let url = self.address(&[account, "subscribed_apps"]);
        self.tell::<Data<Vec<Subscriber>>>(token, url).await.what.map(|told| told.data)
    }

    async fn tell<T: DeserializeOwned>(&self, token: &AccessToken, url: Url) -> Told<T> {
        match call::answer_of(self.get(token, url)).await {
            Ok(mut answer) => Told { date: answer.date.take(), what: call::read(answer) },
            Err(error) => Told { date: None, what: Err(error) },
        }
    }
}
