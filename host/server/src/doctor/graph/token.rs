//! What is the token good for, until when, and is the app's secret that of its app?

use std::time::Duration;

use santun_core::bot::Channel;
use santun_core::time::Timestamp;
use santun_whatsapp::graph::{AccessToken, Graph};
use santun_whatsapp::signature::AppSecrets;

use super::super::report::Report;
use super::{SECRET, TOKEN};
use crate::settings::OneOrTwo;

/// A token that ends sooner than this is worth a word.
const SOON: Duration = Duration::from_secs(14 * 24 * 3600);

/// What a bot needs.
const SCOPES: [&str; 2] = ["whatsapp_business_messaging", "whatsapp_business_management"];

/// How to make a token that lasts.
pub(super) fn renew(reference: &str) -> String {
    format!(
        "make a new one that never expires: Meta Business settings → System users → Generate token, for the app of the \
         webhooks, with whatsapp_business_messaging and whatsapp_business_management; put it into {reference}, and \
         restart the host"
    )
}

/// The token works for the number: until when, and for what?
pub(super) async fn check(
    graph: &Graph,
    token: &AccessToken,
    channel: &Channel,
    reference: &str,
    now: Timestamp,
    report: &mut Report,
) {
    let name = &channel.name;
    let Ok(standing) = graph.check_token(token).await else {
        // Not every token may be asked about itself; it works, as its number has shown.
        return report.ok(TOKEN, format!("{name}: the Graph takes it"));
    };
    if standing.expires_at != 0 {
        let left = Timestamp::from_seconds(standing.expires_at).since(now);
        let says = format!("{name}: the Graph takes it, and will for {} hours more", left.as_secs() / 3600);
        if left < SOON {
            return report.warn(TOKEN, says, renew(reference));
        }
        return report.ok(TOKEN, says);
    }
    let missing: Vec<_> = SCOPES.into_iter().filter(|scope| !standing.scopes.iter().any(|has| has == scope)).collect();
    if !missing.is_empty() && !standing.scopes.is_empty() {
        let says = format!("{name}: the token lacks the permission {}", missing.join(" and "));
        return report.fault(TOKEN, says, renew(reference));
    }
    report.ok(TOKEN, format!("{name}: the Graph takes it, and it does not expire"));
}

/// Is every app secret that of the app which the token was made for?
pub(super) async fn check_secrets(
    graph: &Graph,
    token: &AccessToken,
    channel: &Channel,
    secrets: &AppSecrets,
    references: &OneOrTwo,
    report: &mut Report,
) {
    let name = &channel.name;
    let mut right = 0;
    for nth in 0..secrets.count() {
        match graph.check_secret(token, &channel.id, secrets, nth).await {
            Ok(true) => right += 1,
            Ok(false) => {}
            Err(error) => {
                let says = format!("{name}: the Graph does not tell whether it is right: {error}");
                return report.warn(SECRET, says, "look again in a minute");
            }
        }
    }
    let named = references.all().iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    match (right, secrets.count()) {
        (0, _) => {
            let fix = format!(
                "copy it from Meta's dashboard, App settings → Basic → App secret, of the app that the token was made \
                 for, into {named}, and restart the host: with a wrong one every webhook is refused"
            );
            report.fault(SECRET, format!("{name}: {named} is not the secret of the token's app"), fix);
        }
        (right, all) if right < all => {
            report.ok(SECRET, format!("{name}: one of {named} is that of the app (the other is of a rotation)"));
        }
        _ => report.ok(SECRET, format!("{name}: it is that of the token's app")),
    }
}
