//! Are the plugins of the document there, do they run, and how are they doing?

use santun_core::bot::{Plugin, Source};
use santun_core::ids::RevisionId;
use santun_engine::{Bounds, Engine, EngineSettings};
use santun_store::Inspected;

use super::Examination;
use super::host::Running;
use super::report::Report;
use super::served::Served;
use crate::http::api::PluginLine;

const CHECK: &str = "plugin";

pub(super) async fn check(
    examination: &Examination<'_>,
    served: &Served,
    mut data: Option<&mut Inspected>,
    host: Option<&Running>,
    report: &mut Report,
) {
    let lines: Option<Vec<PluginLine>> = match host {
        Some(host) if served.applied.is_some() => match host.ask("/plugins").await {
            Ok(lines) => Some(lines),
            Err(error) => {
                let says = format!("the host does not tell its plugins: {error}");
                report.warn(CHECK, says, "restart the host, and look again");
                None
            }
        },
        _ => None,
    };
    // Beside a host that tells of its plugins nothing need be compiled a second time.
    let engine = if lines.is_none() { engine(examination, report) } else { None };
    for plugin in &served.bot.plugins {
        let before = report.findings.len();
        let bytes = bytes_of(examination, served, plugin, data.as_deref_mut(), report).await;
        if let (Some(bytes), Some(engine)) = (&bytes, &engine)
            && let Err(rejected) = engine.admit(bytes).await
        {
            let fix = "build it again, or take the revision before: santun plugin rollback, santun export --versions";
            report.fault(CHECK, format!("{}: {rejected}", plugin.name), fix);
        }
        if let Some(lines) = &lines {
            health(plugin, lines, report);
        }
        if report.findings.len() == before {
            let revision = bytes.map(|bytes| RevisionId::of(&bytes).short()).unwrap_or_default();
            let how = if lines.is_some() { "is served" } else { "is there and compiles" };
            report.ok(CHECK, format!("{} {how} ({revision})", plugin.name));
        }
    }
}

fn engine(examination: &Examination<'_>, report: &mut Report) -> Option<Engine> {
    let settings = EngineSettings {
        // What this user compiles need not be readable by the host's: nothing is left behind.
        cache: None,
        cache_key: [0; 32],
        contact_secret: [0; 32],
        world: examination.world.clone(),
        bounds: Bounds::default(),
    };
    match Engine::new(settings) {
        Ok(engine) => Some(engine),
        Err(error) => {
            report.fault(
                CHECK,
                error.to_string(),
                "give the machine more address space (ulimit -v), or a newer kernel",
            );
            None
        }
    }
}

async fn bytes_of(
    examination: &Examination<'_>,
    served: &Served,
    plugin: &Plugin,
    data: Option<&mut Inspected>,
    report: &mut Report,
) -> Option<Vec<u8>> {
    let name = &plugin.name;
    let folder = examination.settings.path(&examination.settings.plugins.dir);
    let lying_there = match &plugin.source {
        Source::File(path) => Some((path, std::fs::read(folder.join(path)).ok())),
        Source::Revision(_) => None,
    };
    let Some((applied, data)) = served.applied.as_ref().zip(data) else {
        // Nothing is applied: whatever lies in the folders would be taken.
        let (path, bytes) = lying_there?;
        if bytes.is_none() {
            let says = format!("{name}: {path} is not in {}", folder.display());
            report.fault(CHECK, says, "put it there (`make plugins` builds those that ship), then apply");
        }
        return bytes;
    };
    let mut kept = None;
    let named = crate::apply::files_of(plugin);
    for (at, path) in named.iter().enumerate() {
        let bytes = match applied.files.get(path) {
            Some(revision) => data.kept(*revision).await.ok().flatten(),
            None => None,
        };
        if bytes.is_none() {
            let says =
                format!("{name}: {path} of the applied version is not kept, and the next start will not find it");
            report.fault(CHECK, says, "apply the document again with the file at hand: santun apply bot.toml");
        }
        if at == 0 {
            kept = bytes;
        }
    }
    if let Some((path, None)) = lying_there {
        let says = format!("{name}: {path} is gone from {}; what was kept of it is served", folder.display());
        report.warn(CHECK, says, format!("put it back, or install another: santun plugin install {path}"));
    }
    kept
}

fn health(plugin: &Plugin, lines: &[PluginLine], report: &mut Report) {
    let name = &plugin.name;
    match lines.iter().find(|line| line.name == name.as_str()) {
        None => {
            let fix = "look into the host's log for why it could not be served; then santun apply bot.toml";
            report.fault(CHECK, format!("{name} is applied, and the host does not serve it"), fix);
        }
        Some(line) if line.breaker == "open" => {
            let says = format!("{name} failed again and again, and is left alone for a while (its breaker is open)");
            report.fault(CHECK, says, format!("see its errors in the log; santun plugin rollback {name}"));
        }
        Some(line) if line.breaker == "probing" => {
            let says = format!("{name} failed again and again; one call tries whether it works again");
            report.warn(CHECK, says, format!("see its errors in the log; santun plugin rollback {name}"));
        }
        Some(_) => {}
    }
}
