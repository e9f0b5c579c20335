//! Does the Graph take the token, how do the numbers stand, who gets their webhooks, and what time is it there?

mod clock;
mod number;
mod token;

use std::collections::HashSet;

use santun_core::bot::Channel;
use santun_whatsapp::graph::{AccessToken, CallError, Graph, GraphSettings};

use super::Examination;
use super::report::Report;
use super::secrets::Secrets;
use super::served::Served;
use crate::secrets::SecretRef;

const TOKEN: &str = "token";
const NUMBER: &str = "number";
const SECRET: &str = "app secret";
const SUBSCRIPTION: &str = "subscription";

pub(super) async fn check(examination: &Examination<'_>, served: &Served, secrets: &Secrets, report: &mut Report) {
    let whatsapp = &examination.settings.whatsapp;
    let graph = match Graph::new(&GraphSettings::new(&whatsapp.graph_url, &whatsapp.graph_version)) {
        Ok(graph) => graph,
        Err(error) => return report.fault(TOKEN, error.to_string(), "mend [whatsapp] of santun.toml"),
    };
    let mut accounts = HashSet::new();
    let mut clock_read = false;
    for channel in &served.bot.channels {
        let Some((token, reference)) = token_of(examination, channel, secrets, report) else { continue };
        let asked_at = examination.world.now();
        let told = graph.check_number(&token, &channel.id).await;
        if let Some(date) = told.date.as_deref().filter(|_| !clock_read) {
            clock_read = true;
            clock::judge(date, asked_at, examination.world.now(), report);
        }
        let standing = match told.what {
            Ok(standing) => standing,
            Err(error) => {
                refused(&error, channel, &reference, &whatsapp.graph_url, report);
                continue;
            }
        };
        token::check(&graph, &token, channel, &reference, examination.world.now(), report).await;
        if let Some(app) = &secrets.app {
            token::check_secrets(&graph, &token, channel, app, &whatsapp.app_secret, report).await;
        }
        number::judge(&standing, channel, examination.settings.server.public_url.as_deref(), report);
        match &channel.waba_id {
            Some(account) if accounts.insert(account.clone()) => {
                number::check_subscription(&graph, &token, channel, account, report).await;
            }
            Some(_) => {}
            None => {
                let says =
                    format!("{}: bot.toml names no waba_id, so its subscription cannot be looked at", channel.name);
                let fix = "write the WhatsApp Business Account ID (WhatsApp → API Setup) as the channel's waba_id";
                report.warn(SUBSCRIPTION, says, fix);
            }
        }
    }
}

/// The token that a channel sends with, and how the settings name it.
fn token_of(
    examination: &Examination<'_>,
    channel: &Channel,
    secrets: &Secrets,
    report: &mut Report,
) -> Option<(AccessToken, String)> {
    let Some(reference) = &channel.access_token else {
        // If there is none, the line about the secrets has said so.
        return Some((secrets.access_token.clone()?, examination.settings.whatsapp.access_token.to_string()));
    };
    let read = SecretRef::try_from(reference.clone()).and_then(|secret| secret.read(&examination.settings.folder));
    let token = read.map_err(|error| error.to_string());
    match token.and_then(|token| AccessToken::new(&token).map_err(|error| error.to_string())) {
        Ok(token) => Some((token, reference.clone())),
        Err(error) => {
            let fix = format!("put the channel's token into {reference}");
            report.fault(TOKEN, format!("{}: {error}", channel.name), fix);
            None
        }
    }
}

/// The Graph told nothing of a number: why, and what to do.
fn refused(error: &CallError, channel: &Channel, reference: &str, graph_url: &str, report: &mut Report) {
    let name = &channel.name;
    let says = format!("{name}: {error}");
    match error {
        CallError::Unreachable(_) | CallError::Interrupted(_) => {
            let fix = format!("let this machine reach {graph_url}: its DNS, firewall, proxy and root certificates");
            report.fault(TOKEN, says, fix);
        }
        CallError::Refused { status, error } => match error.code {
            190 | 0 => report.fault(TOKEN, says, token::renew(reference)),
            _ if *status == 401 => report.fault(TOKEN, says, token::renew(reference)),
            3 | 10 | 200..=299 | 131_005 => {
                let fix = format!(
                    "give the token's system user full control of the app and of the WhatsApp account (Business \
                     settings → System users → Assign assets), and both whatsapp_business_messaging and \
                     whatsapp_business_management; put the new token into {reference}, and restart the host"
                );
                report.fault(TOKEN, says, fix);
            }
            33 | 100 => {
                let fix = format!(
                    "compare the channel's phone_number_id ({}) with WhatsApp → API Setup in Meta's dashboard, and see \
                     that the token's system user may use the account that the number belongs to",
                    channel.id
                );
                report.fault(NUMBER, says, fix);
            }
            4 | 80_007 | 130_429 => report.warn(NUMBER, says, "the Graph is asked too often: look again in an hour"),
            2500 | 2635 => report.fault(NUMBER, says, "set whatsapp.graph_version to a version that Meta still serves"),
            _ => report.fault(
                NUMBER,
                says,
                "look the code up in Meta's list of errors; https://metastatus.com tells of outages",
            ),
        },
        CallError::Request(_) | CallError::Unreadable => {
            report.fault(NUMBER, says, format!("see that {graph_url} is the Graph, and no page of a proxy"));
        }
    }
}
