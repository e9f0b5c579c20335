//! The alert rules and the dashboard that come along ask for what a running host really shows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use santun_tests::lab::{Lab, Plan, bot, eventually};
use serde::Deserialize;
use serde_json::Value;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../host/server/watching").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).expect("the file is there")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    alert: String,
    expr: String,
    #[serde(default, rename = "for")]
    lasting: Option<String>,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
}

fn rules() -> Vec<Rule> {
    let rules: Rules = serde_saphyr::from_str(&text("alerts.yml")).expect("rules as Prometheus reads them");
    assert!(rules.groups.iter().all(|group| !group.name.is_empty()));
    rules.groups.into_iter().flat_map(|group| group.rules).collect()
}

/// Labels by which a metric is chosen, and the value of each if only one will do.
type Chosen = Vec<(String, Option<String>)>;

/// What a query asks for.
#[derive(Debug, Default)]
struct Asked {
    /// Metrics, and how each is chosen.
    metrics: Vec<(String, Chosen)>,
    /// Labels that it groups or matches by.
    grouping: BTreeSet<String>,
}

/// Reads a query: names followed by no parenthesis are metrics, but for the language's own words.
fn read(query: &str) -> Asked {
    const WORDS: [&str; 13] = [
        "and",
        "or",
        "unless",
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
        "group_right",
        "bool",
        "offset",
        "inf",
        "nan",
    ];
    const GROUPING: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];
    let mut asked = Asked::default();
    let mut rest = query;
    let mut last_word = "";
    while let Some(first) = rest.chars().next() {
        match first {
            'a'..='z' | 'A'..='Z' | '_' | ':' => {
                let end =
                    rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                let next = after.trim_start();
                if WORDS.contains(&name) {
                    last_word = name;
                } else if !next.starts_with('(') || next.starts_with("()") && GROUPING.contains(&name) {
                    // `sum by (x) (…)`: the function's name stands before a word.
                    let function = GROUPING.iter().any(|word| next.starts_with(&format!("{word} ")));
                    if !function {
                        asked.metrics.push((name.to_owned(), Vec::new()));
                    }
                }
                rest = after;
                if !WORDS.contains(&name) {
                    last_word = "";
                }
            }
            '(' if GROUPING.contains(&last_word) => {
                let end = rest.find(')').expect("a closed list");
                asked
                    .grouping
                    .extend(rest[1..end].split(',').map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned));
                rest = &rest[end + 1..];
                last_word = "";
            }
            '{' => {
                let end = rest.find('}').expect("closed braces");
                let chosen = rest[1..end].split(',').filter(|matcher| !matcher.trim().is_empty()).map(|matcher| {
                    let at = matcher.find(['=', '!']).expect("a matcher");
                    let (label, how) = matcher.split_at(at);
                    let value = how.strip_prefix("=\"").and_then(|value| value.strip_suffix('"'));
                    (label.trim().to_owned(), value.map(str::to_owned))
                });
                asked.metrics.last_mut().expect("a metric before its labels").1.extend(chosen);
                rest = &rest[end + 1..];
            }
            '[' => rest = &rest[rest.find(']').expect("a closed range") + 1..],
            '"' => rest = &rest[rest[1..].find('"').expect("a closed string") + 2..],
            '0'..='9' => {
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(rest.len());
                rest = &rest[end..];
            }
            other => rest = &rest[other.len_utf8()..],
        }
    }
    asked
}

/// What a host shows: the labels of each metric, and the values of each label.
type Shown = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

fn shown(metrics: &str) -> Shown {
    let mut shown = Shown::new();
    for line in metrics.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (name, labels) = match line.split_once('{') {
            Some((name, rest)) => (name, rest.rsplit_once('}').expect("closed braces").0),
            None => (line.split(' ').next().expect("a name"), ""),
        };
        let known = shown.entry(name.to_owned()).or_default();
        for (label, value) in labels.split("\",").filter_map(|label| label.split_once("=\"")) {
            known.entry(label.to_owned()).or_default().insert(value.trim_end_matches('"').to_owned());
        }
    }
    shown
}

/// Labels that Prometheus itself gives every metric.
const GIVEN: [&str; 2] = ["job", "instance"];

/// Labels of what a query leaves: those that it groups by, or none, where it aggregates; else those of what stands
/// first, whatever it is compared with or held against.
fn left(query: &str, shown: &Shown) -> BTreeSet<String> {
    const AGGREGATES: [&str; 5] = ["sum", "min", "max", "avg", "count"];
    let asked = read(query);
    let aggregates = |word: &&str| [format!("{word}("), format!("{word} by (")].iter().any(|at| query.contains(at));
    if AGGREGATES.iter().any(aggregates) {
        let by = if query.contains(" by (") { asked.grouping } else { BTreeSet::new() };
        return by.into_iter().filter(|label| label != "le").collect();
    }
    let first = asked.metrics.first().and_then(|(metric, _)| shown.get(metric));
    first.into_iter().flat_map(|labels| labels.keys().cloned()).chain(GIVEN.map(str::to_owned)).collect()
}

/// Labels that an alert's words name.
fn named(text: &str) -> Vec<&str> {
    text.split("$labels.").skip(1).filter_map(|rest| rest.split([' ', '}']).next()).collect()
}

/// What of a query no host would ever answer.
fn unanswered(query: &str, shown: &Shown) -> Vec<String> {
    let asked = read(query);
    let mut wrong = Vec::new();
    let mut known = BTreeSet::new();
    for (metric, chosen) in &asked.metrics {
        if metric == "up" {
            continue;
        }
        let Some(labels) = shown.get(metric) else {
            wrong.push(format!("no metric {metric}"));
            continue;
        };
        known.extend(labels.keys().cloned());
        for (label, value) in chosen.iter().filter(|(label, _)| !GIVEN.contains(&label.as_str())) {
            match labels.get(label) {
                None => wrong.push(format!("no label {label} of {metric}")),
                Some(values) => {
                    let found = value.as_ref().is_none_or(|value| values.contains(value));
                    if !found {
                        wrong.push(format!("{metric} is never {label}={value:?}, but {values:?}"));
                    }
                }
            }
        }
    }
    if asked.metrics.is_empty() {
        wrong.push("no metric at all".to_owned());
    }
    wrong
        .extend(asked.grouping.iter().filter(|label| !known.contains(*label)).map(|label| format!("no label {label}")));
    wrong
}

#[test]
fn a_query_is_read_as_prometheus_reads_it() {
    let asked = read(
        r#"histogram_quantile(0.99, sum by (le, plugin) (rate(a_bucket{job="$job", x!="1"}[$__rate_interval]))) > 1e9 and on () b == 1"#,
    );
    let names: Vec<&str> = asked.metrics.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["a_bucket", "b"]);
    assert_eq!(asked.metrics[0].1, [("job".to_owned(), Some("$job".to_owned())), ("x".to_owned(), None)]);
    assert_eq!(asked.grouping, BTreeSet::from(["le".to_owned(), "plugin".to_owned()]));
    let shown = shown("# HELP a\na{b=\"c\",d=\"e, f\"} 1\ng 2\n");
    assert!(unanswered("sum(rate(a{b=\"c\"}[5m])) by (d) + g", &shown).is_empty());
    assert_eq!(unanswered("a{b=\"x\"}", &shown).len(), 1);
    assert_eq!(unanswered("a{x=\"c\"} + h", &shown).len(), 2);
    assert_eq!(unanswered("sum by (z) (a)", &shown), ["no label z"]);
    let own = |labels: &[&str]| labels.iter().map(|label| (*label).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(left("a > 1 and on (b) g == 0", &shown), own(&["b", "d", "instance", "job"]));
    assert_eq!(left("quantile(0.9, sum by (le, b) (rate(a[5m]))) > 1", &shown), own(&["b"]));
    assert_eq!(left("sum(a) > 0.1 * sum(g)", &shown), own(&[]));
    assert_eq!(named("Channel {{ $labels.b }} and {{ $labels.z}}."), ["b", "z"]);
}

/// Everything of a host that alerts and dashboard can ask about has happened to it once.
async fn seasoned() -> (Lab, Shown) {
    let lab = Lab::serving(Plan { bot: bot(0), ..Plan::default() }).await;
    let customer = lab.phone.customer("Budi", "6281234560001").await;
    lab.phone.writes(&customer, "halo").await;
    lab.phone.hears(&customer, "halo").await;
    lab.phone.writes(&customer, "saya mau bicara dengan manusia").await;
    let shown = eventually("it waits for a human", async || {
        let metrics = lab.metrics().await;
        metrics.contains("santun_queue_waiting{division=\"cs\"} 1").then(|| shown(&metrics))
    })
    .await;
    (lab, shown)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alerts_and_dashboard_ask_for_what_a_host_shows() {
    let (mut lab, shown) = seasoned().await;
    let mut wrong = Vec::new();
    for rule in rules() {
        for problem in unanswered(&rule.expr, &shown) {
            wrong.push(format!("alert {}: {problem}", rule.alert));
        }
        let left = left(&rule.expr, &shown);
        for label in rule.annotations.values().flat_map(|text| named(text)).filter(|label| !left.contains(*label)) {
            wrong.push(format!(
                "alert {}: its words name the label {label:?}, and its series have {left:?}",
                rule.alert
            ));
        }
    }
    let dashboard: Value = serde_json::from_str(&text("dashboard.json")).expect("JSON");
    let mut queries = 0;
    for panel in dashboard["panels"].as_array().expect("panels") {
        for target in panel["targets"].as_array().into_iter().flatten() {
            queries += 1;
            for problem in unanswered(target["expr"].as_str().expect("a query"), &shown) {
                wrong.push(format!("panel {}: {problem}", panel["title"]));
            }
        }
    }
    assert!(queries > 20, "{queries}");
    assert!(wrong.is_empty(), "{wrong:#?}\n{:#?}", shown.keys());
    lab.stop().await;
}

#[test]
fn every_alert_says_what_is_wrong_and_what_to_do() {
    let rules = rules();
    let names: BTreeSet<&str> = rules.iter().map(|rule| rule.alert.as_str()).collect();
    assert_eq!(names.len(), rules.len(), "each has a name of its own");
    for rule in &rules {
        let words = |annotation: &str| rule.annotations.get(annotation).map_or(0, |text| text.split(' ').count());
        assert!(words("summary") > 3 && words("action") > 5, "{}", rule.alert);
        assert!(["page", "warn"].contains(&rule.labels["severity"].as_str()), "{}", rule.alert);
        let minutes = |lasting: &str| lasting.strip_suffix('m').is_some_and(|count| count.parse::<u32>().is_ok());
        assert!(rule.lasting.as_deref().is_none_or(minutes), "{}", rule.alert);
    }
}

#[test]
fn the_dashboards_panels_lie_beside_each_other() {
    let dashboard: Value = serde_json::from_str(&text("dashboard.json")).expect("JSON");
    let mut taken = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for panel in dashboard["panels"].as_array().expect("panels") {
        assert!(ids.insert(panel["id"].as_u64().expect("an id")), "{panel}");
        let place = |key: &str| panel["gridPos"][key].as_u64().expect("a place");
        assert!(place("x") + place("w") <= 24, "{panel}");
        for x in place("x")..place("x") + place("w") {
            for y in place("y")..place("y") + place("h") {
                assert!(taken.insert((x, y)), "{} covers another", panel["title"]);
            }
        }
    }
}
