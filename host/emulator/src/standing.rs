//! How the business stands with WhatsApp: what a set-up check asks about, and a test can worsen.

use std::collections::HashSet;
use std::sync::Arc;

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

/// How a number stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NumberStanding {
    /// `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    pub(crate) quality_rating: String,
    /// `CONNECTED`, `PENDING`, `FLAGGED`, `RESTRICTED`, `BANNED`, `DISCONNECTED` …
    pub(crate) status: String,
    /// Of the display name: `APPROVED`, `PENDING_REVIEW`, `DECLINED`, `EXPIRED`, `NONE` …
    pub(crate) name_status: String,
    /// `STANDARD`, `HIGH`, `NOT_APPLICABLE`.
    pub(crate) throughput: String,
}

impl Default for NumberStanding {
    fn default() -> Self {
        Self {
            quality_rating: "GREEN".to_owned(),
            status: "CONNECTED".to_owned(),
            name_status: "APPROVED".to_owned(),
            throughput: "STANDARD".to_owned(),
        }
    }
}

/// How the access token stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TokenStanding {
    /// Until when it works, in seconds of the emulator's clock since 1970; 0: for ever, as a system user's.
    pub(crate) expires_at: i64,
    /// Whether somebody took it back.
    pub(crate) revoked: bool,
    /// What it may be used for.
    pub(crate) scopes: Vec<String>,
}

impl Default for TokenStanding {
    fn default() -> Self {
        let scopes = ["whatsapp_business_management", "whatsapp_business_messaging"];
        Self { expires_at: 0, revoked: false, scopes: scopes.map(str::to_owned).to_vec() }
    }
}

/// Numbers, by their place in the settings, of accounts whose webhooks the app does not want.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unsubscribed(Arc<RwLock<HashSet<usize>>>);

impl Unsubscribed {
    pub(crate) fn set(&self, number: usize, unsubscribed: bool) {
        let mut numbers = self.0.write();
        let _ = if unsubscribed { numbers.insert(number) } else { numbers.remove(&number) };
    }

    pub(crate) fn holds(&self, number: usize) -> bool {
        self.0.read().contains(&number)
    }
}

/// How everything stands.
#[derive(Debug)]
pub(crate) struct Standing {
    /// In the order of the settings.
    pub(crate) numbers: RwLock<Vec<NumberStanding>>,
    pub(crate) token: RwLock<TokenStanding>,
    /// Numbers of accounts whose webhooks the app does not want.
    pub(crate) unsubscribed: Unsubscribed,
}

impl Standing {
    /// Everything as it should be.
    pub(crate) fn good(numbers: usize) -> Self {
        Self {
            numbers: RwLock::new(vec![NumberStanding::default(); numbers]),
            token: RwLock::default(),
            unsubscribed: Unsubscribed::default(),
        }
    }
}
