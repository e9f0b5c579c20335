//! `[[plugin]]`: the behaviours, what they may do and what they may use.

use toml::de::DeValue;

use super::{Names, reference};
use crate::bot::reading::{Section, Value};
use crate::bot::{CustomerGrant, Grants, Instance, Limits, OnFailure, Plugin, SecretHeader, Source};

pub(super) fn read_all(root: &Section<'_, '_>) -> Vec<Plugin> {
    let mut names = Names::of("plugin");
    root.sections("plugin").into_iter().map(|section| read(section, &mut names)).collect()
}

fn read(section: Section<'_, '_>, names: &mut Names) -> Plugin {
    let name = names.read(&section);
    let plugin = Plugin {
        source: source(&section),
        on_failure: section
            .value("on_failure")
            .and_then(|value| value.one_of(&[("skip", OnFailure::Skip), ("handover", OnFailure::Handover)]))
            .unwrap_or_default(),
        instance: section
            .value("instance")
            .and_then(|value| value.one_of(&[("fresh", Instance::Fresh), ("warm", Instance::Warm)]))
            .unwrap_or_default(),
        grants: section.section("grants", format!("the grants of `{name}`")).map(grants).unwrap_or_default(),
        limits: section.section("limits", format!("the limits of `{name}`")).map(limits).unwrap_or_default(),
        config: config(&section),
        name: name.into(),
    };
    section.finish();
    plugin
}

fn source(section: &Section<'_, '_>) -> Source {
    let nowhere = Source::File(String::new());
    let Some(value) = section.value("source") else {
        section.problem("[[plugin]] needs `source`, such as `file:faq.wasm`");
        return nowhere;
    };
    let Some(text) = value.filled_text() else { return nowhere };
    match text.split_once(':') {
        Some(("file", path)) if !path.trim().is_empty() => return Source::File(path.to_owned()),
        Some(("sha256", digest)) => match digest.parse() {
            Ok(revision) => return Source::Revision(revision),
            Err(_) => value.problem("`sha256:` must be followed by the 64 hexadecimal digits of an uploaded revision"),
        },
        Some(("oci", _)) => {
            value.problem("`oci:` sources are not supported yet; use `file:` with a downloaded component")
        }
        _ => value.problem(format!("the source must be `file:…` or `sha256:…`, not `{text}`")),
    }
    nowhere
}

fn config(section: &Section<'_, '_>) -> serde_json::Value {
    let Some(value) = section.value("config") else { return serde_json::json!({}) };
    if !value.raw().is_table() {
        value.problem("`config` must be a table");
        return serde_json::json!({});
    }
    json(&value, value.raw())
}

/// A plugin's own configuration, as the JSON that it gets. A date becomes a text.
fn json(at: &Value<'_, '_>, value: &DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(flag) => (*flag).into(),
        DeValue::Datetime(date) => date.to_string().into(),
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) => number.into(),
            Err(_) => refuse(at, integer.as_str()),
        },
        DeValue::Float(float) => match float.as_str().parse().ok().and_then(serde_json::Number::from_f64) {
            Some(number) => number.into(),
            None => refuse(at, float.as_str()),
        },
        DeValue::Array(items) => items.iter().map(|item| json(at, item.get_ref())).collect(),
        DeValue::Table(fields) => {
            fields.iter().map(|(key, field)| (key.get_ref().to_string(), json(at, field.get_ref()))).collect()
        }
    }
}

fn refuse(at: &Value<'_, '_>, number: &str) -> serde_json::Value {
    at.problem(format!("the number {number} in `config` has no place in JSON"));
    serde_json::Value::Null
}

fn grants(section: Section<'_, '_>) -> Grants {
    let mut http = Vec::new();
    for value in section.list("http") {
        let Some(text) = value.filled_text() else { continue };
        match origin(&text) {
            Some(origin) => http.push(origin),
            None => value.problem(format!(
                "`{text}` is not an origin: write scheme, host and port only, such as `https://orders.example`"
            )),
        }
    }
    let customer = section
        .list("customer")
        .iter()
        .filter_map(|value| value.one_of(&[("name", CustomerGrant::Name), ("phone", CustomerGrant::Phone)]))
        .collect();
    let secrets = section
        .list("secrets")
        .iter()
        .filter_map(|value| value.section("a secret"))
        .map(|secret| secret_header(secret, &http))
        .collect();
    let history_turns = section.number_or("history_turns", Grants::default().history_turns, 0..=500);
    section.finish();
    Grants { http, customer, history_turns, secrets }
}

fn secret_header(section: Section<'_, '_>, granted: &[String]) -> SecretHeader {
    let written = section.required_text("origin");
    let origin = origin(&written).unwrap_or(written);
    if !origin.is_empty() && !granted.contains(&origin) {
        section.problem(format!("a secret goes to `{origin}`, which `http` does not grant"));
    }
    let header = section.required_text("header");
    let is_token = header.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
    let is_hosts_own = ["host", "content-length", "connection", "transfer-encoding", "idempotency-key"]
        .iter()
        .any(|own| header.eq_ignore_ascii_case(own));
    if !is_token || is_hosts_own {
        section.problem(format!("`{header}` cannot be the name of a secret header field"));
    }
    let value = match section.value("value") {
        Some(value) => reference::read(&value).unwrap_or_default(),
        None => {
            section.problem("a secret needs `value`, as `env:NAME`, `file:path` or `credential:NAME`");
            String::new()
        }
    };
    section.finish();
    SecretHeader { origin, header, value }
}

/// An origin in lower case, without a closing slash; `None` if there is more to it, or less.
fn origin(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let (host, port) = match rest.strip_prefix('[') {
        Some(v6) => {
            let (address, after) = v6.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            (None, if after.is_empty() { None } else { Some(after.strip_prefix(':')?) })
        }
        None => match rest.split_once(':') {
            Some((host, port)) => (Some(host), Some(port)),
            None => (Some(rest), None),
        },
    };
    if let Some(host) = host {
        let well_formed =
            host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.' || byte == b'_');
        if host.is_empty() || !well_formed || host.starts_with('.') {
            return None;
        }
    }
    if let Some(port) = port {
        port.parse::<std::num::NonZeroU16>().ok()?;
    }
    Some(text)
}

fn limits(section: Section<'_, '_>) -> Limits {
    let usual = Limits::default();
    let limits = Limits {
        cpu_ms: section.number_or("cpu_ms", usual.cpu_ms, 1..=60_000),
        wall_ms: section.number_or("wall_ms", usual.wall_ms, 1..=120_000),
        memory_mb: section.number_or("memory_mb", usual.memory_mb, 1..=4_096),
        table_elements: section.number_or("table_elements", usual.table_elements, 1..=10_000_000),
        concurrency: section.number_or("concurrency", usual.concurrency, 1..=10_000),
        http_requests: section.number_or("http_requests", usual.http_requests, 0..=64),
        http_response_kb: section.number_or("http_response_kb", usual.http_response_kb, 1..=65_536),
        state_kb: section.number_or("state_kb", usual.state_kb, 0..=65_536),
        log_kb: section.number_or("log_kb", usual.log_kb, 0..=4_096),
        output_kb: section.number_or("output_kb", usual.output_kb, 1..=4_096),
        prepare_cpu_ms: section.number_or("prepare_cpu_ms", usual.prepare_cpu_ms, 1..=600_000),
        warm_calls: section.number_or("warm_calls", usual.warm_calls, 1..=1_000_000),
        warm_seconds: section.number_or("warm_seconds", usual.warm_seconds, 1..=86_400),
    };
    if limits.cpu_ms > limits.wall_ms {
        section.problem(format!(
            "`cpu_ms` ({}) is more than `wall_ms` ({}), which counts everything; raise `wall_ms`",
            limits.cpu_ms, limits.wall_ms
        ));
    }
    section.finish();
    limits
}
