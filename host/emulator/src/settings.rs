//! What an emulator is started with.

use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::limits::Limits;

/// A business phone number that the emulator serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessNumber {
    /// Meta's id of the number, digits: the path of every send.
    pub phone_number_id: String,
    /// The number as people read it, such as `+62 812-1111-2222`. Webhooks carry its digits.
    pub display_phone_number: String,
    /// The WhatsApp Business Account that owns the number.
    pub waba_id: String,
    /// The name that WhatsApp shows customers.
    pub verified_name: String,
}

impl BusinessNumber {
    /// The number's digits, as webhooks and `from` carry them.
    pub fn digits(&self) -> String {
        self.display_phone_number.chars().filter(char::is_ascii_digit).collect()
    }
}

/// How a failed webhook is delivered again.
///
/// WhatsApp repeats for hours to days; the defaults here are for a developer who restarts a host.
#[derive(Clone, Copy, Debug)]
pub struct Redelivery {
    /// Wait before the first repetition. Each later wait is twice the one before.
    pub first: Duration,
    /// The longest wait between two repetitions.
    pub longest: Duration,
    /// From the first attempt on, how long a webhook is repeated before it is dropped and counted.
    pub give_up_after: Duration,
}

impl Default for Redelivery {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(200),
            longest: Duration::from_secs(5),
            give_up_after: Duration::from_secs(7 * 24 * 3600),
        }
    }
}

/// Whether webhooks wait for the subscription handshake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Handshake {
    /// As WhatsApp: nothing is delivered until the URL has answered the challenge. It is tried until it does.
    #[default]
    Required,
    /// Deliver at once, for receivers that have no handshake.
    Skipped,
}

/// How a message that cannot reach its customer is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refusal {
    /// The send is answered with an error.
    #[default]
    InAnswer,
    /// The send is accepted; a `failed` status with the error follows.
    ByStatus,
}

/// Which statuses follow a send by themselves. `read` also follows when the phone has the chat open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Statuses {
    /// None, for measuring sends alone.
    Off,
    /// `sent`.
    Sent,
    /// `sent`, then `delivered`.
    #[default]
    Delivered,
    /// `sent`, `delivered`, `read`: every customer reads at once.
    Read,
}

/// What an emulator is started with. [`EmulatorSettings::new`] gives every field a default that suits development.
#[derive(Clone, Debug)]
pub struct EmulatorSettings {
    /// Address of the Graph side, the control API and the phone. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where webhooks go. `None`: nowhere; customers' messages are only kept in their chats.
    pub webhook_url: Option<String>,
    /// Signs webhooks (`X-Hub-Signature-256`) and the addresses of media.
    pub app_secret: String,
    /// What the handshake shows the host.
    pub verify_token: String,
    /// The bearer token that sends must carry. `None`: any that is not empty.
    pub access_token: Option<String>,
    /// The business numbers. At least one.
    pub numbers: Vec<BusinessNumber>,
    /// Whether webhooks wait for the handshake.
    pub handshake: Handshake,
    /// How failed webhooks are repeated.
    pub redelivery: Redelivery,
    /// How long the host may take to answer a webhook.
    pub webhook_timeout: Duration,
    /// Webhooks in flight at a time, each on a connection that is kept. One customer's webhooks share one connection,
    /// so that their order holds while the host answers 200.
    pub connections: usize,
    /// The most updates that one webhook carries, 1 to 1,000. Updates that wait for the same connection travel
    /// together.
    pub batch: usize,
    /// Which statuses follow a send.
    pub statuses: Statuses,
    /// Wait between accepting a message and its `delivered`, for a phone that looks alive.
    pub delivery_delay: Duration,
    /// How a message that cannot reach its customer is refused.
    pub refusal: Refusal,
    /// How fast the business may send.
    pub limits: Limits,
    /// Entries that a chat keeps; older ones are forgotten. 0 keeps none: nothing to look at, nothing to tap, and
    /// quoted messages are not checked.
    pub chat_entries: usize,
    /// Bytes that uploaded media may take together; the oldest are forgotten.
    pub media_bytes: usize,
    /// Updates that may wait for delivery before the control API refuses more (503).
    pub waiting_updates: usize,
}

impl EmulatorSettings {
    /// Settings for development: one number, any access token, statuses up to `delivered`.
    pub fn new(listen: SocketAddr, app_secret: impl Into<String>, verify_token: impl Into<String>) -> Self {
        Self {
            listen,
            webhook_url: None,
            app_secret: app_secret.into(),
            verify_token: verify_token.into(),
            access_token: None,
            numbers: vec![BusinessNumber {
                phone_number_id: "106540352242922".into(),
                display_phone_number: "+62 811-1000-2000".into(),
                waba_id: "102290129340398".into(),
                verified_name: "Toko Contoh".into(),
            }],
            handshake: Handshake::default(),
            redelivery: Redelivery::default(),
            webhook_timeout: Duration::from_secs(10),
            connections: 64,
            batch: 1,
            statuses: Statuses::default(),
            delivery_delay: Duration::ZERO,
            refusal: Refusal::default(),
            limits: Limits::default(),
            chat_entries: 1_000,
            media_bytes: 256 * 1024 * 1024,
            waiting_updates: 1_000_000,
        }
    }
}
