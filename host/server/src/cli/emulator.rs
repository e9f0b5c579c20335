//! `santun emulator`

use std::net::SocketAddr;

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
}

impl Emulator {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let settings = crate::emulate::settings(
            self.listen,
            self.webhook,
            self.app_secret,
            self.verify_token,
            self.access_token,
            &self.numbers,
        );
        let running = santun_emulator::start(settings).await.map_err(CliError::failed)?;
        println!("phone  http://{}/", running.addr);
        println!("graph  http://{}  (graph_url in santun.toml)", running.addr);
        tokio::signal::ctrl_c().await.map_err(CliError::failed)?;
        running.shutdown().await;
        Ok(())
    }
}
