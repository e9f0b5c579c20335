//! The subscription handshake: the host proves that it knows the verify token.

use std::time::Duration;

use reqwest::Client;
use tokio::sync::watch;
use tracing::{info, warn};

use crate::ids;

const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Tries the handshake until the host passes it, then says so.
pub(crate) async fn run(client: Client, url: String, verify_token: String, subscribed: watch::Sender<bool>) {
    let mut wait = FIRST_WAIT;
    let mut complained = false;
    loop {
        match attempt(&client, &url, &verify_token).await {
            Outcome::Passed => {
                info!(url, "webhook subscribed");
                // Nobody left to tell means that the emulator stops.
                subscribed.send_replace(true);
                return;
            }
            Outcome::Refused(status) if !complained => {
                warn!(url, status, "webhook handshake refused: does the host know the verify token? trying on");
                complained = true;
            }
            Outcome::Refused(_) | Outcome::Unreachable => {}
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

enum Outcome {
    Passed,
    Refused(u16),
    Unreachable,
}

async fn attempt(client: &Client, url: &str, verify_token: &str) -> Outcome {
    let challenge = ids::challenge();
    let query = [("hub.mode", "subscribe"), ("hub.verify_token", verify_token), ("hub.challenge", challenge.as_str())];
    let Ok(answer) = client.get(url).query(&query).send().await else { return Outcome::Unreachable };
    let status = answer.status().as_u16();
    match answer.text().await {
        Ok(body) if status == 200 && body == challenge => Outcome::Passed,
        _ => Outcome::Refused(status),
    }
}
