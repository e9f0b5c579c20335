//! How a number stands with WhatsApp, and who gets the webhooks of its account.

use santun_core::bot::Channel;
use santun_whatsapp::graph::{AccessToken, Graph, NumberStanding};

use super::super::report::Report;
use super::super::webhook::ADDRESS;
use super::{NUMBER, SUBSCRIPTION};

/// Messages a second of a number of the level `STANDARD`.
const STANDARD: u32 = 80;

pub(super) fn judge(standing: &NumberStanding, channel: &Channel, public_url: Option<&str>, report: &mut Report) {
    let name = &channel.name;
    let before = report.findings.len();
    let shown = standing.verified_name.as_deref().unwrap_or("without a name");
    match standing.status.as_deref() {
        None | Some("CONNECTED") => {}
        Some(status) => {
            let fix = match status {
                "PENDING" | "DISCONNECTED" | "UNVERIFIED" => {
                    "register the number with the Cloud API: WhatsApp Manager → Phone numbers, or POST …/register"
                }
                _ => "see WhatsApp Manager → Phone numbers and Account quality for why, and ask for a review there",
            };
            report.fault(NUMBER, format!("{name} ({shown}) is not connected: {status}"), fix);
        }
    }
    if let Some(rating @ ("RED" | "YELLOW")) = standing.quality_rating.as_deref() {
        let fix = "send less that nobody asked for: see WhatsApp Manager → Insights for what customers block";
        report.warn(NUMBER, format!("{name} ({shown}) has the quality {rating}"), fix);
    }
    if let Some(status @ ("DECLINED" | "EXPIRED" | "PENDING_REVIEW" | "NONE")) = standing.name_status.as_deref() {
        let fix = "WhatsApp Manager → Phone numbers → Profile: choose a display name that fits Meta's rules";
        report.warn(NUMBER, format!("{name}: its display name ({shown}) is {status}"), fix);
    }
    let level = standing.throughput.as_ref().and_then(|throughput| throughput.level.as_deref());
    if level == Some("STANDARD") && channel.messages_per_second > STANDARD {
        let says =
            format!("{name} may send {STANDARD} messages a second, and bot.toml says {}", channel.messages_per_second);
        report.warn(NUMBER, says, format!("set the channel's messages_per_second to {STANDARD}"));
    }
    addresses(standing, channel, public_url, report);
    if report.findings.len() == before {
        let quality = standing.quality_rating.as_deref().unwrap_or("UNKNOWN");
        report.ok(
            NUMBER,
            format!("{name} ({shown}) is connected; quality {quality}, throughput {}", level.unwrap_or("?")),
        );
    }
}

/// Do its webhooks come here?
fn addresses(standing: &NumberStanding, channel: &Channel, public_url: Option<&str>, report: &mut Report) {
    let Some(address) = standing.webhook_configuration.as_ref().and_then(|addresses| addresses.effective()) else {
        return;
    };
    let Some(ours) = public_url.map(|url| format!("{}{ADDRESS}", url.trim_end_matches('/'))) else { return };
    if address.trim_end_matches('/') != ours {
        let says = format!("{}: WhatsApp sends its webhooks to {address}, and not to {ours}", channel.name);
        let fix = format!(
            "set the callback URL to {ours} in Meta's dashboard (WhatsApp → Configuration), or mend server.public_url"
        );
        report.fault(SUBSCRIPTION, says, fix);
    }
}

pub(super) async fn check_subscription(
    graph: &Graph,
    token: &AccessToken,
    channel: &Channel,
    account: &str,
    report: &mut Report,
) {
    let name = &channel.name;
    match graph.check_subscription(token, account).await {
        Ok(subscribers) if subscribers.is_empty() => {
            let says = format!("{name}: no app is subscribed to the account {account}: no webhook will come");
            let fix = format!(
                "subscribe it: Meta's dashboard → WhatsApp → Configuration → Webhook (subscribe to `messages`), or POST \
                 {account}/subscribed_apps with the token"
            );
            report.fault(SUBSCRIPTION, says, fix);
        }
        Ok(subscribers) => {
            let names: Vec<&str> = subscribers
                .iter()
                .filter_map(|subscriber| subscriber.whatsapp_business_api_data.name.as_deref())
                .collect();
            report.ok(SUBSCRIPTION, format!("{name}: the account's webhooks go to {}", names.join(", ")));
        }
        Err(error) => {
            let says = format!("{name}: the account {account} does not tell who is subscribed: {error}");
            let fix = "compare the channel's waba_id with WhatsApp → API Setup, and give the token \
                       whatsapp_business_management";
            report.fault(SUBSCRIPTION, says, fix);
        }
    }
}
