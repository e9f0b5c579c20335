//! Is a host running, and what does it say of itself?

use reqwest::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::report::Report;
use super::{Examination, PATIENCE};
use crate::local_token::{self, Door};

const CHECK: &str = "host";

/// The host that runs with these settings.
pub(super) struct Running {
    client: Client,
    door: Door,
}

#[derive(Deserialize)]
struct Readiness {
    problems: Vec<String>,
    warnings: Vec<String>,
}

impl Running {
    /// Asks its API.
    pub(super) async fn ask<T: DeserializeOwned>(&self, path: &str) -> Result<T, String> {
        let request = self.client.get(format!("{}/api/v1{path}", self.door.url)).bearer_auth(&self.door.token);
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let answer = answer.error_for_status().map_err(|error| error.to_string())?;
        answer.json().await.map_err(|error| error.to_string())
    }
}

pub(super) async fn check(examination: &Examination<'_>, report: &mut Report) -> Option<Running> {
    let settings = examination.settings;
    let client = Client::builder().no_proxy().timeout(PATIENCE).tls_certs_only(Vec::<reqwest::Certificate>::new());
    let client = client.build().ok()?;
    let door = local_token::door(settings);
    let answer = match &door {
        Some(door) => client.get(format!("{}/readyz", door.url)).send().await.ok(),
        None => None,
    };
    let Some((door, answer)) = door.zip(answer) else {
        at_rest(examination, report).await;
        return None;
    };
    let Ok(said) = answer.json::<Readiness>().await else {
        let says = format!("what answers at {} is no host of this version", door.url);
        report.fault(CHECK, says, "restart the host, so that it is the program that this command is");
        return None;
    };
    if said.problems.is_empty() {
        report.ok(CHECK, format!("it runs at {} and is ready", door.url));
    }
    said.problems.iter().for_each(|problem| unready(problem, report));
    said.warnings.iter().for_each(|warning| warn(warning, report));
    Some(Running { client, door })
}

fn unready(problem: &str, report: &mut Report) {
    let fix = match problem {
        told if told.contains("nothing is applied") => "santun apply bot.toml",
        told if told.contains("about to stop") => "wait until it has stopped, and start it again",
        told if told.contains("files") => "raise the limit (LimitNOFILE= of the unit, or ulimit -n)",
        _ => "see the lines about disk and database; it goes on by itself once it can write",
    };
    report.fault(CHECK, format!("it is not ready: {problem}"), fix);
}

fn warn(warning: &str, report: &mut Report) {
    let fix = if warning.starts_with("template ") {
        "mend what Meta names; if Meta does not approve it anew by itself, `santun template release CHANNEL NAME LANGUAGE`"
    } else {
        "see the lines about the token and the number; it resumes by itself once that works"
    };
    report.warn(CHECK, warning, fix);
}

async fn at_rest(examination: &Examination<'_>, report: &mut Report) {
    let server = &examination.settings.server;
    for (setting, address) in [("server.listen", server.listen), ("server.metrics_listen", server.metrics_listen)] {
        if let Err(error) = tokio::net::TcpListener::bind(address).await {
            let says = format!("none is running, and none could start: {setting} = {address}: {error}");
            report.fault(CHECK, says, format!("stop what listens there (`ss -ltnp`), or change `{setting}`"));
            return;
        }
    }
    report.warn(CHECK, "none is running with these settings", "santun serve (or: systemctl start santun)");
}
