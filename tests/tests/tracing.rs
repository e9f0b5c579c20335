//! One trace leads from a webhook over plugins and the Graph to the statuses, through a restart too; and nothing is
//! sent where nobody asked for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use santun_tests::lab::{Lab, Plan, bot, eventually, revision};
use serde_json::json;

/// A collector: what it was sent, span by span.
#[derive(Clone, Default)]
struct Collector {
    spans: Arc<Mutex<Vec<Span>>>,
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Collector {
    /// Begins to listen; gives its address.
    async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/v1/traces", post(take)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    fn spans(&self) -> Vec<Span> {
        self.spans.lock().expect("not poisoned").clone()
    }

    /// The trace of a message of this text's conversation, once it has all of these spans.
    async fn trace_with(&self, names: &[&str]) -> Vec<Span> {
        eventually(&format!("a trace with {names:?}"), async || {
            let spans = self.spans();
            let traces: BTreeSet<Vec<u8>> = spans.iter().map(|span| span.trace_id.clone()).collect();
            traces.into_iter().find_map(|trace| {
                let of: Vec<Span> = spans.iter().filter(|span| span.trace_id == trace).cloned().collect();
                names.iter().all(|name| of.iter().any(|span| span.name == *name)).then_some(of)
            })
        })
        .await
    }
}

async fn take(State(collector): State<Collector>, headers: HeaderMap, body: Bytes) -> StatusCode {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    let request = ExportTraceServiceRequest::decode(body.clone()).expect("OTLP");
    collector.bytes.lock().expect("not poisoned").extend_from_slice(&body);
    let mut known = collector.spans.lock().expect("not poisoned");
    for resource in request.resource_spans {
        let attributes = resource.resource.expect("a resource").attributes;
        let service = attributes.iter().find(|attribute| attribute.key == "service.name").expect("a name");
        assert!(format!("{service:?}").contains("santun"), "{service:?}");
        known.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
    }
    StatusCode::OK
}

fn attributes(span: &Span) -> BTreeMap<String, String> {
    use opentelemetry_proto::tonic::common::v1::any_value::Value;
    let text = |value: &Value| match value {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    span.attributes
        .iter()
        .filter_map(|attribute| Some((attribute.key.clone(), text(attribute.value.as_ref()?.value.as_ref()?))))
        .collect()
}

/// Each span's parent by name; fails if a parent is missing, or an id is there twice.
fn parents(trace: &[Span]) -> BTreeMap<String, String> {
    let mut by_id = BTreeMap::new();
    for span in trace {
        assert!(by_id.insert(span.span_id.clone(), span.name.clone()).is_none(), "{} is there twice", span.name);
        assert!(span.end_time_unix_nano >= span.start_time_unix_nano, "{span:?}");
    }
    let parent = |span: &Span| match span.parent_span_id.as_slice() {
        [] => String::new(),
        id => by_id.get(id).unwrap_or_else(|| panic!("the parent of {} is missing", span.name)).clone(),
    };
    trace.iter().map(|span| (span.name.clone(), parent(span))).collect()
}

fn plan(collector: &str, more: &str) -> Plan {
    Plan { bot: bot(50), settings: format!("[tracing]\notlp = \"{collector}\"\n{more}"), ..Plan::default() }
}

const WHOLE: [&str; 10] =
    ["webhook", "step", "settle", "plugin echo", "gate", "commit", "send", "graph", "status sent", "status delivered"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_conversation_is_one_connected_trace() {
    let collector = Collector::default();
    let mut lab = Lab::serving(plan(&collector.listen().await, "")).await;
    let customer = lab.phone.customer("Budi Rahasia", "6281298765432").await;
    let wamid = lab.phone.writes(&customer, "kata yang sangat rahasia").await;
    lab.phone.hears(&customer, "rahasia").await;
    let trace = collector.trace_with(&WHOLE).await;
    let parents = parents(&trace);
    println!("{parents:#?}");
    assert_eq!(parents["webhook"], "");
    assert_eq!(parents["step"], "webhook");
    for part in ["settle", "plugin echo", "gate", "commit", "send"] {
        assert_eq!(parents[part], "step", "{part}");
    }
    for part in ["graph", "status sent", "status delivered"] {
        assert_eq!(parents[part], "send", "{part}");
    }
    // The trace is found by the id of the customer's message.
    let conversation = lab.conversation("Budi Rahasia").await.expect("the conversation");
    let first = conversation["turns"][0]["id"].as_str().expect("an id").replace('-', "");
    let id: String = trace[0].trace_id.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(id, first, "{}", conversation["turns"]);
    let graph = trace.iter().find(|span| span.name == "graph").map(attributes).expect("a call");
    assert_eq!((graph["santun.outcome"].as_str(), graph["santun.attempt"].as_str()), ("accepted", "1"));
    let plugin = trace.iter().find(|span| span.name == "plugin echo").map(attributes).expect("a plugin");
    assert_eq!(plugin["santun.outcome"], "reply");
    // What is personal stays here.
    lab.stop().await;
    let sent = String::from_utf8_lossy(&collector.bytes.lock().expect("not poisoned")).into_owned();
    for secret in ["rahasia", "Rahasia", "81298765432", "wamid", wamid.trim_start_matches("wamid.")] {
        assert!(!sent.contains(secret), "{secret} was sent");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_goes_on_in_the_next_process() {
    let collector = Collector::default();
    let mut lab = Lab::serving(plan(&collector.listen().await, "")).await;
    let customer = lab.phone.customer("Budi", "6281298765433").await;
    lab.phone.fault(&customer, 1_000, json!({ "kind": "error", "code": 190 })).await;
    lab.phone.writes(&customer, "halo").await;
    eventually("the channel is halted", async || {
        lab.metrics()
            .await
            .lines()
            .any(|line| line.starts_with("santun_channel_halted{") && line.ends_with(" 1"))
            .then_some(())
    })
    .await;
    lab.stop().await;
    let first: BTreeSet<String> = collector.spans().into_iter().map(|span| span.name).collect();
    assert!(first.contains("commit") && first.contains("graph") && !first.contains("send"), "{first:?}");
    lab.phone.call(reqwest::Method::DELETE, "/faults", None).await;
    lab.serve().await;
    lab.phone.hears(&customer, "halo").await;
    // One process received, decided and tried; another sent. Nothing but ids of the database holds them together.
    let trace = collector.trace_with(&WHOLE).await;
    let parents = parents(&trace);
    assert_eq!((parents["send"].as_str(), parents["status delivered"].as_str()), ("step", "send"));
    let outcomes: BTreeSet<String> = trace
        .iter()
        .filter(|span| span.name == "graph")
        .map(|span| attributes(span)["santun.outcome"].clone())
        .collect();
    assert_eq!(outcomes, BTreeSet::from(["accepted".to_owned(), "halted".to_owned()]));
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_is_seen_in_the_trace() {
    let collector = Collector::default();
    let mut lab = Lab::serving(plan(&collector.listen().await, "")).await;
    let customer = lab.phone.customer("Budi", "6281298765434").await;
    lab.phone.fault(&customer, 1, json!({ "kind": "error", "code": 130_429 })).await;
    lab.phone.writes(&customer, "halo").await;
    lab.phone.hears(&customer, "halo").await;
    let trace = collector.trace_with(&WHOLE).await;
    let calls: Vec<_> = trace.iter().filter(|span| span.name == "graph").map(attributes).collect();
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert!(calls.iter().any(|call| call.get("santun.code").is_some_and(|code| code == "130429")), "{calls:?}");
    lab.write("trap.wasm", revision('T'));
    assert_eq!(lab.santun(&["plugin", "install", "trap.wasm", "--name", "echo"]).await.code, 0);
    lab.phone.writes(&customer, "rusak").await;
    let failed = eventually("the plugin's failure", async || {
        collector
            .spans()
            .into_iter()
            .find(|span| span.name == "plugin echo" && attributes(span)["santun.outcome"] == "trap")
    })
    .await;
    assert_eq!(failed.status.expect("a status").message, "trap");
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_where_nobody_asked_for_it() {
    let collector = Collector::default();
    let address = collector.listen().await;
    // Of all traces, none is kept; and a host that no collector is named to.
    for plan in [plan(&address, "ratio = 0.0\n"), Plan { bot: bot(0), ..Plan::default() }] {
        let mut lab = Lab::serving(plan).await;
        let customer = lab.phone.customer("Budi", "6281298765435").await;
        lab.phone.writes(&customer, "halo").await;
        lab.phone.hears(&customer, "halo").await;
        lab.stop().await;
    }
    assert!(collector.spans().is_empty(), "{:?}", collector.spans());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_gone_costs_nobody_anything() {
    let mut lab = Lab::serving(plan("http://127.0.0.1:1", "")).await;
    let customer = lab.phone.customer("Budi", "6281298765436").await;
    lab.phone.writes(&customer, "halo").await;
    lab.phone.hears(&customer, "halo").await;
    eventually("the host says so", async || lab.log().contains("the collector takes no spans").then_some(())).await;
    lab.stop().await;
}
