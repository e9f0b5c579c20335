//! `santun emulator`

use std::net::SocketAddr;

use clap::ValueEnum;
use santun_emulator::{Limits, Refusal, Statuses};

use super::CliError;

/// Run a WhatsApp Cloud API to develop and test against, with a phone in the browser.
#[derive(Debug, clap::Args)]
pub(super) struct Emulator {
    /// Where it listens: the Graph, its own API, and the phone.
    #[arg(long, default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
    /// Where webhooks go, such as `http://127.0.0.1:8080/webhooks/whatsapp`.
    #[arg(long)]
    webhook: Option<String>,
    /// Signs webhooks.
    #[arg(long, env = "WHATSAPP_APP_SECRET", default_value = "emulator-app-secret")]
    app_secret: String,
    /// Sent in the handshake.
    #[arg(long, env = "WHATSAPP_VERIFY_TOKEN", default_value = "emulator-verify-token")]
    verify_token: String,
    /// The token that callers must send; any, unless given.
    #[arg(long, env = "WHATSAPP_ACCESS_TOKEN")]
    access_token: Option<String>,
    /// Numbers of the business: `phone_number_id`; may be repeated.
    #[arg(long = "number", default_value = "106540352242922")]
    numbers: Vec<String>,
    /// How fast the business may send.
    #[arg(long, value_enum, default_value_t = Pace::Meta)]
    limits: Pace,
    /// Which statuses follow a send by themselves.
    #[arg(long, value_enum, default_value_t = Following::Delivered)]
    statuses: Following,
    /// How a message is refused whose window is closed, or whose customer wants no marketing.
    #[arg(long, value_enum, default_value_t = Refused::Answer)]
    refusals: Refused,
    /// The most updates that wait for one connection and travel in one webhook, 1 to 1000.
    #[arg(long, default_value_t = 1)]
    batch: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Pace {
    /// 80 messages a second for a number; to one customer one in six seconds, after a burst of 45.
    Meta,
    /// As a number that is also used from the WhatsApp app: 20 a second.
    Coexistence,
    /// As fast as it goes.
    None,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Following {
    Off,
    Sent,
    Delivered,
    Read,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Refused {
    /// The send is answered with the error.
    Answer,
    /// The send is accepted, and a `failed` status follows.
    Status,
}

impl Emulator {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let mut settings = crate::emulate::settings(
            self.listen,
            self.webhook,
            self.app_secret,
            self.verify_token,
            self.access_token,
            &self.numbers,
        );
        settings.limits = match self.limits {
            Pace::Meta => Limits::default(),
            Pace::Coexistence => Limits::coexistence(),
            Pace::None => Limits::NONE,
        };
        settings.statuses = match self.statuses {
            Following::Off => Statuses::Off,
            Following::Sent => Statuses::Sent,
            Following::Delivered => Statuses::Delivered,
            Following::Read => Statuses::Read,
        };
        settings.refusal = match self.refusals {
            Refused::Answer => Refusal::InAnswer,
            Refused::Status => Refusal::ByStatus,
        };
        settings.batch = self.batch;
        let running = santun_emulator::start(settings).await.map_err(CliError::failed)?;
        println!("phone  http://{}/", running.addr);
        println!("graph  http://{}  (graph_url in santun.toml)", running.addr);
        tokio::signal::ctrl_c().await.map_err(CliError::failed)?;
        running.shutdown().await;
        Ok(())
    }
}
