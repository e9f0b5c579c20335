//! Do webhooks reach the host through the address by which the world knows it?

use reqwest::{Client, StatusCode, Url};

use super::report::Report;
use super::secrets::Secrets;
use super::{Examination, PATIENCE};

/// Where webhooks go, under the public address.
pub(super) const ADDRESS: &str = "/webhooks/whatsapp";

const CHECK: &str = "webhook";

/// Meta sends up to 3 MB; many a proxy lets less through.
const LARGE: usize = 2_900_000;

pub(super) async fn check(examination: &Examination<'_>, secrets: &Secrets, runs: bool, report: &mut Report) {
    let Some(public_url) = &examination.settings.server.public_url else {
        let says = "santun.toml names no server.public_url, so whether WhatsApp reaches the host cannot be looked at";
        return report.warn(CHECK, says, "set server.public_url to the https address that is set in Meta's dashboard");
    };
    let address = format!("{}{ADDRESS}", public_url.trim_end_matches('/'));
    let Ok(url) = Url::parse(&address) else {
        return report.fault(CHECK, format!("server.public_url = {public_url:?} is no address"), "write https://HOST");
    };
    if url.scheme() != "https" && !is_this_machine(&url) {
        let fix = "put a TLS proxy in front of the host, and write its https address";
        return report.fault(CHECK, format!("{address} is not https, and WhatsApp takes nothing else"), fix);
    }
    let Some(verify_token) = &secrets.verify_token else { return };
    let client = Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
    let client = match url.scheme() {
        // A machine without root certificates is enough for itself.
        "http" => client.no_proxy().tls_certs_only(Vec::<reqwest::Certificate>::new()),
        _ => client,
    };
    let client = match client.build() {
        Ok(client) => client,
        Err(error) => return report.fault(CHECK, error.to_string(), "install root certificates (ca-certificates)"),
    };
    if !runs {
        let says = "no host is running, so whether WhatsApp reaches it cannot be looked at";
        return report.warn(CHECK, says, "start the host, and look again");
    }
    let mut chance = [0; 8];
    examination.world.fill(&mut chance);
    let challenge = u64::from_be_bytes(chance).to_string();
    if handshake(&client, &url, verify_token, &challenge, report).await {
        delivery(&client, &url, secrets, report).await;
    }
}

fn is_this_machine(url: &Url) -> bool {
    url.host_str().is_some_and(|host| host == "localhost" || host.starts_with("127.") || host == "[::1]")
}

/// What Meta does when the address is set: `true` if the host answers as it should.
async fn handshake(client: &Client, url: &Url, verify_token: &str, challenge: &str, report: &mut Report) -> bool {
    let query = [("hub.mode", "subscribe"), ("hub.verify_token", verify_token), ("hub.challenge", challenge)];
    let answer = match client.get(url.clone()).query(&query).send().await {
        Ok(answer) => answer,
        Err(error) => {
            unreachable(url, &error, report);
            return false;
        }
    };
    let status = answer.status();
    let told = answer.text().await.unwrap_or_default();
    if status == StatusCode::OK && told == challenge {
        return true;
    }
    let says = format!("{url} does not answer the handshake as this host would: {status}");
    let fix = match status {
        StatusCode::FORBIDDEN => {
            "another verify token is at work there: restart the host if whatsapp.verify_token was changed, and let the \
             proxy lead to this host alone"
        }
        _ => "let the proxy pass /webhooks/whatsapp on to server.listen, with its query, headers and body as they are",
    };
    report.fault(CHECK, says, fix);
    false
}

fn unreachable(url: &Url, error: &reqwest::Error, report: &mut Report) {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let why = if error.is_timeout() { "the time was up".to_owned() } else { cause.to_string() };
    let fix = "see that the name leads to this machine (DNS), that the proxy runs, that its port is open to the world, \
               and that its certificate is valid; a network that cannot reach its own public address needs to be looked \
               at from outside";
    report.fault(CHECK, format!("{url} cannot be reached: {why}"), fix);
}

/// An empty webhook, as large as Meta's can be, signed as Meta signs.
async fn delivery(client: &Client, url: &Url, secrets: &Secrets, report: &mut Report) {
    let Some(app) = &secrets.app else { return };
    let mut body = String::from(r#"{"object":"whatsapp_business_account","entry":["#);
    body.extend(std::iter::repeat_n(' ', LARGE));
    body.push_str("]}");
    let signature = app.sign(body.as_bytes());
    let request = client.post(url.clone()).header("content-type", "application/json");
    let status = match request.header("x-hub-signature-256", signature).body(body).send().await {
        Ok(answer) => answer.status(),
        Err(error) => return unreachable(url, &error, report),
    };
    let says = format!("{url} answers the handshake, but not a signed webhook of 3 MB: {status}");
    match status {
        StatusCode::OK => report.ok(CHECK, format!("{url} leads here, and large webhooks pass")),
        // Nothing is applied, which another line says: it has come through.
        StatusCode::SERVICE_UNAVAILABLE => report.ok(CHECK, format!("{url} leads here")),
        StatusCode::PAYLOAD_TOO_LARGE => {
            report.fault(CHECK, says, "let the proxy take bodies of 3 MB (nginx: client_max_body_size 4m)");
        }
        StatusCode::UNAUTHORIZED => {
            let fix = "let the proxy pass bodies and X-Hub-Signature-256 on unchanged; restart the host if \
                       whatsapp.app_secret was changed";
            report.fault(CHECK, says, fix);
        }
        _ => report.fault(CHECK, says, "see the logs of the proxy and of the host for the request of this moment"),
    }
}
