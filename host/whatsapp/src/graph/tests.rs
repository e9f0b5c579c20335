//! Calls against a real HTTP peer.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use santun_core::delivery::Wait;
use santun_core::ids::ChannelId;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// The SHA-256 of `isi berkas`, by `sha256sum`.
const FILE: &[u8] = b"isi berkas";
const FILE_SHA256: &str = "a78b1c6085138e3f9cc84e81e2bafb34b3d92c54edb828001387e0b128e2c563";
const FILE_SHA256_BASE64: &str = "p4scYIUTjj+cyE6B4rr7NLPZLFTtuCgAE4fgsSjixWM=";

struct Seen {
    line: String,
    authorization: String,
    body: Vec<u8>,
}

impl Seen {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Clone)]
struct Peer {
    seen: Arc<Mutex<Vec<Seen>>>,
    answer: Arc<dyn Fn(&str) -> Response + Send + Sync>,
}

impl Peer {
    /// Serves `answer`, which is told the path, and gives the graph that calls it.
    async fn serve(answer: impl Fn(&str) -> Response + Send + Sync + 'static) -> (Self, Graph) {
        let peer = Self { seen: Arc::default(), answer: Arc::new(answer) };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let graph = graph(&format!("http://{}", listener.local_addr().unwrap()));
        let router = Router::new().fallback(Self::handle).with_state(peer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (peer, graph)
    }

    async fn handle(State(peer): State<Self>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
        peer.seen.lock().unwrap().push(Seen {
            line: format!("{method} {uri}"),
            authorization: headers["authorization"].to_str().unwrap().to_owned(),
            body: body.to_vec(),
        });
        (peer.answer)(uri.path())
    }

    fn only(&self) -> Seen {
        let mut seen = self.seen.lock().unwrap();
        assert_eq!(seen.len(), 1);
        seen.remove(0)
    }
}

fn graph(base_url: &str) -> Graph {
    let settings = GraphSettings { total_timeout: Duration::from_millis(800), ..GraphSettings::new(base_url, "v26.0") };
    Graph::new(&settings).unwrap()
}

fn token() -> AccessToken {
    AccessToken::new("EAAJtoken").unwrap()
}

fn channel() -> ChannelId {
    ChannelId::from("204611553927710")
}

async fn post(graph: &Graph) -> Attempt {
    graph.post_message(&token(), channel().as_str(), br#"{"type":"text"}"#.to_vec()).await
}

fn answers(status: u16, body: Value) -> impl Fn(&str) -> Response {
    move |_| (StatusCode::from_u16(status).unwrap(), body.to_string()).into_response()
}

#[tokio::test]
async fn a_message_goes_to_its_number_with_the_token() {
    let (peer, graph) = Peer::serve(answers(200, json!({"messages": [{"id": "wamid.A"}]}))).await;
    assert_eq!(post(&graph).await, Attempt::Accepted { wamid: Wamid::new("wamid.A") });
    let seen = peer.only();
    assert_eq!(seen.line, "POST /v26.0/204611553927710/messages");
    assert_eq!(seen.authorization, "Bearer EAAJtoken");
    assert_eq!(seen.body, br#"{"type":"text"}"#);
}

#[tokio::test]
async fn an_error_is_decided_on_its_code() {
    let (_, graph) = Peer::serve(answers(400, json!({"error": {"code": 131056, "message": "Pair limit"}}))).await;
    assert!(matches!(post(&graph).await, Attempt::Again { wait: Wait::Contact, .. }));
}

#[tokio::test]
async fn an_address_that_cannot_be_reached_certainly_got_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let attempt = post(&graph(&format!("http://{address}"))).await;
    assert!(matches!(attempt, Attempt::Again { wait: Wait::Unreachable, .. }), "{attempt:?}");
}

#[tokio::test]
async fn a_name_that_nobody_knows_certainly_got_nothing() {
    let attempt = post(&graph("http://tidak-ada.invalid")).await;
    assert!(matches!(attempt, Attempt::Again { wait: Wait::Unreachable, .. }), "{attempt:?}");
}

#[tokio::test]
async fn a_peer_that_never_answers_may_have_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let graph = graph(&format!("http://{}", listener.local_addr().unwrap()));
    let silent = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        stream.read_to_end(&mut request).await.map(|_| request)
    });
    let attempt = post(&graph).await;
    assert!(matches!(&attempt, Attempt::Unknown { error } if error.code == own::INTERRUPTED), "{attempt:?}");
    assert!(silent.await.unwrap().unwrap().ends_with(br#"{"type":"text"}"#), "the request had been written");
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_may_have_sent_and_is_not_tried_again() {
    for half_an_answer in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"messages\":[{"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let graph = graph(&format!("http://{}", listener.local_addr().unwrap()));
        let connections = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                *counted.lock().unwrap() += 1;
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(half_an_answer).await;
            }
        });
        let attempt = post(&graph).await;
        assert!(matches!(&attempt, Attempt::Unknown { error } if error.code == own::INTERRUPTED), "{attempt:?}");
        assert_eq!(*connections.lock().unwrap(), 1);
    }
}

#[tokio::test]
async fn a_redirect_does_not_carry_the_token_away() {
    let (peer, graph) =
        Peer::serve(|_| (StatusCode::TEMPORARY_REDIRECT, [("location", "/elsewhere")]).into_response()).await;
    assert!(matches!(post(&graph).await, Attempt::Never { ours: true, .. }));
    peer.only();
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let (_, graph) = Peer::serve(|_| vec![b' '; 1_000_000].into_response()).await;
    assert!(matches!(post(&graph).await, Attempt::Unknown { error } if error.code == own::UNREADABLE));
}

#[tokio::test]
async fn a_message_is_marked_as_read_with_and_without_typing() {
    let (peer, graph) = Peer::serve(answers(200, json!({"success": true}))).await;
    let wamid = Wamid::new("wamid.B");
    for (typing, indicator) in [(Typing::Show, json!({"type": "text"})), (Typing::Hide, Value::Null)] {
        graph.mark_read(&token(), &channel(), &wamid, typing).await.unwrap();
        let seen = peer.seen.lock().unwrap().remove(0);
        let sent = seen.json();
        assert_eq!(seen.line, "POST /v26.0/204611553927710/messages");
        assert_eq!((&sent["status"], &sent["message_id"]), (&json!("read"), &json!("wamid.B")));
        assert_eq!(sent["typing_indicator"], indicator);
    }
}

#[tokio::test]
async fn a_number_is_asked_for_and_a_dead_token_halts() {
    let (peer, graph) =
        Peer::serve(answers(200, json!({"id": "1", "display_phone_number": "+62 21 5099", "quality_rating": "GREEN"})))
            .await;
    let number = graph.phone_number(&token(), &channel()).await.unwrap();
    assert_eq!(number.quality_rating.as_deref(), Some("GREEN"));
    assert!(peer.only().line.starts_with("GET /v26.0/204611553927710?fields=display_phone_number,"));

    let (_, graph) = Peer::serve(answers(400, json!({"error": {"code": 190, "message": "Expired"}}))).await;
    assert!(graph.phone_number(&token(), &channel()).await.unwrap_err().halts());
    let (_, graph) = Peer::serve(answers(503, json!({}))).await;
    assert!(!graph.phone_number(&token(), &channel()).await.unwrap_err().halts());
}

/// A Graph that has one file, and tells what SHA-256 it is to have.
async fn with_file(stated: &'static str) -> (Graph, MediaAddress) {
    let base = Arc::new(Mutex::new(String::new()));
    let told = Arc::clone(&base);
    let (_, graph) = Peer::serve(move |path| match path {
        "/v26.0/915500012" => {
            let url = format!("{}/file", told.lock().unwrap());
            json!({"url": url, "mime_type": "image/jpeg", "sha256": stated, "id": "915500012"})
                .to_string()
                .into_response()
        }
        "/file" => FILE.into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    })
    .await;
    *base.lock().unwrap() = graph.root.as_str().trim_end_matches("/v26.0").to_owned();
    let address = graph.media_url(&token(), &channel(), "915500012").await.unwrap();
    (graph, address)
}

#[tokio::test]
async fn a_file_is_fetched_and_checked() {
    for stated in [FILE_SHA256, FILE_SHA256_BASE64] {
        let (graph, address) = with_file(stated).await;
        assert_eq!(address.mime_type.as_deref(), Some("image/jpeg"));
        let file = graph.download_media(&token(), &address, Some(FILE_SHA256_BASE64), 10).await;
        assert_eq!(file.as_deref(), Ok(FILE));
    }
}

#[tokio::test]
async fn a_file_that_is_too_long_or_another_is_not_kept() {
    let (graph, address) = with_file(FILE_SHA256).await;
    let too_long = graph.download_media(&token(), &address, None, 9).await;
    assert_eq!(too_long, Err(MediaError::TooLong { limit: 9 }));

    let other = "00".repeat(32);
    assert_eq!(graph.download_media(&token(), &address, Some(&other), 100).await, Err(MediaError::Corrupt));
}

#[tokio::test]
async fn the_token_is_sent_to_no_other_address_without_tls() {
    let elsewhere = json!({"url": "http://192.0.2.1/file"}).to_string();
    let address: MediaAddress = serde_json::from_str(&elsewhere).unwrap();
    let graph = graph("http://127.0.0.1:9");
    assert_eq!(graph.download_media(&token(), &address, None, 100).await, Err(MediaError::Address));
    assert!(!format!("{address:?}").contains("192.0.2.1"));
}

#[tokio::test]
async fn a_file_is_uploaded_for_its_number() {
    let (peer, graph) = Peer::serve(answers(200, json!({"id": "1166"}))).await;
    let id = graph.upload_media(&token(), &channel(), Bytes::from_static(FILE), "image/jpeg", "bukti.jpg").await;
    assert_eq!(id, Ok(UploadedMediaId::from("1166".to_owned())));
    let seen = peer.only();
    assert_eq!(seen.line, "POST /v26.0/204611553927710/media");
    let form = String::from_utf8(seen.body).unwrap();
    for part in
        [r#"name="messaging_product""#, "whatsapp", r#"name="file"; filename="bukti.jpg""#, "image/jpeg", "isi berkas"]
    {
        assert!(form.contains(part), "{part}");
    }
}

#[test]
fn an_address_or_version_that_is_none_is_refused() {
    for url in ["", "graph.facebook.com", "ftp://a.example", "https://a.example/?q=1"] {
        let refused = Graph::new(&GraphSettings::new(url, "v26.0"));
        assert!(matches!(refused, Err(GraphSetupError::Address(_))), "{url}");
    }
    for version in ["", "v", "26.0", "v26.", "v26/../x"] {
        let refused = Graph::new(&GraphSettings::new("http://127.0.0.1:9", version));
        assert!(matches!(refused, Err(GraphSetupError::Version(_))), "{version}");
    }
    let below_a_path = Graph::new(&GraphSettings::new("http://127.0.0.1:9/graph/", "v26.0")).unwrap();
    assert_eq!(below_a_path.address(&["1", "messages"]).as_str(), "http://127.0.0.1:9/graph/v26.0/1/messages");
}
