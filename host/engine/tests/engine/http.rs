//! Requests of plugins: only where granted, bounded, with the host's own header fields.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use santun_core::ids::StepId;
use santun_engine::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::*;

/// A server that answers each connection by what the request's first line names, and echoes the rest.
async fn server(other: Option<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let other = other.clone();
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    if socket.read_buf(&mut request).await.unwrap_or(0) == 0 {
                        return;
                    }
                }
                let request = String::from_utf8_lossy(&request).to_lowercase();
                let path = request.split(' ').nth(1).unwrap_or_default();
                let (status, location, body) = match path {
                    "/away" => ("302 Found", other.clone().unwrap(), String::new()),
                    "/round" => ("302 Found", "/round".into(), String::new()),
                    "/big" => ("200 OK", String::new(), "x".repeat(300 << 10)),
                    "/never" => return std::future::pending().await,
                    "/drip" => return drips(socket, "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", "x").await,
                    "/endless-head" => return drips(socket, "HTTP/1.1 200 OK\r\n", "x-more: and more\r\n").await,
                    _ => ("200 OK", String::new(), request.clone()),
                };
                let location = if location.is_empty() { location } else { format!("location: {location}\r\n") };
                let head = format!(
                    "HTTP/1.1 {status}\r\n{location}content-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = socket.write_all(head.as_bytes()).await;
                let _ = socket.write_all(body.as_bytes()).await;
            });
        }
    });
    origin
}

/// Begins an answer, and goes on with it a little at a time, for ever.
async fn drips(mut socket: TcpStream, begin: &str, drop: &str) {
    let mut more = socket.write_all(begin.as_bytes()).await.is_ok();
    while more {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        more = socket.write_all(drop.as_bytes()).await.is_ok();
    }
}

async fn plugin(origins: &[&str], secrets: Vec<Secret>) -> Arc<Behaviour> {
    let mut setup = setup("asker");
    setup.grants.http = origins.iter().map(|origin| (*origin).to_owned()).collect();
    setup.secrets = secrets;
    hostile(&engine(), setup).await
}

/// A plugin with these grants, and another one of the same engine that must answer whatever becomes of its requests.
async fn two(engine: &Engine, origins: &[&str]) -> Two {
    let mut setup = setup("asker");
    setup.grants.http = origins.iter().map(|origin| (*origin).to_owned()).collect();
    Two::of(engine, setup).await
}

impl Two {
    /// What becomes of a request, in the contract's words; the other plugin answers afterwards.
    async fn told_of(&self, url: &str) -> String {
        text(&self.told(&format!("http GET {url}")).await).to_owned()
    }
}

#[tokio::test]
async fn a_granted_origin_answers_and_the_request_is_on_record() {
    let origin = server(None).await;
    let secret = Secret { origin: origin.clone(), header: "x-key".into(), value: "hidden".into() };
    let plugin = plugin(&[&origin], vec![secret]).await;
    let answer = ask(&plugin, &format!("http GET {origin}/orders?n=1")).await;
    let reply = text(&answer);
    assert!(reply.starts_with("200 get /orders?n=1"), "{reply}");
    assert!(reply.contains("x-key: hidden") && !reply.contains("idempotency-key"), "{reply}");
    let record = &answer.http[0];
    assert_eq!((record.method.as_str(), &record.origin, &record.outcome), ("GET", &origin, &Ok(200)));
}

#[tokio::test]
async fn a_request_that_changes_something_carries_the_same_key_whenever_its_step_runs() {
    let origin = server(None).await;
    let plugin = plugin(&[&origin], vec![]).await;
    let key = |answer: &Answer| {
        let reply = text(answer).to_owned();
        reply.lines().find(|line| line.starts_with("idempotency-key: ")).map(str::to_owned).unwrap()
    };
    let deed = format!("http POST {origin}/orders");
    let asked = Asked::default();
    let (first, again) = (ask_as(&plugin, &deed, &asked).await, ask_as(&plugin, &deed, &asked).await);
    assert_eq!(key(&first), key(&again));
    let step: StepId = "01890000-0000-7000-8000-000000000001".parse().unwrap();
    assert_ne!(key(&first), key(&ask_as(&plugin, &deed, &Asked { step, ..Asked::default() }).await));
}

#[tokio::test]
async fn what_is_not_granted_is_refused() {
    let (granted, other) = (server(None).await, server(None).await);
    let two = two(&engine(), &[&granted, "https://orders.example"]).await;
    for url in [other.as_str(), "http://169.254.169.254/latest/meta-data", "http://localhost/", "https://example.com/"]
    {
        assert_eq!(two.told_of(url).await, "not-granted", "{url}");
    }
    assert_eq!(text(&two.told(&format!("http-header Host {granted}")).await), "invalid-request");
}

/// Where these names lead: `rebinds.example` to a public address when it is first looked up, and to this machine from
/// then on; `inside.example` into a private network; `cloud.example` to a cloud's metadata service; and
/// `mapped.example` to this machine, written as an IPv6 address.
fn names(name: String) -> LookedUp {
    static LOOKED: AtomicBool = AtomicBool::new(false);
    let address = match name.as_str() {
        "rebinds.example" if !LOOKED.swap(true, Relaxed) => "1.1.1.1",
        "rebinds.example" => "127.0.0.1",
        "inside.example" => "10.0.0.5",
        "cloud.example" => "169.254.169.254",
        "mapped.example" => "::ffff:127.0.0.1",
        other => panic!("{other}"),
    };
    let address = SocketAddr::new(address.parse().unwrap(), 0);
    Box::pin(async move { Ok(vec![address]) })
}

#[tokio::test]
async fn a_granted_name_that_leads_to_a_private_address_is_not_connected_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let hosts = ["rebinds", "inside", "cloud", "mapped"].map(|host| format!("http://{host}.example:{port}"));
    let engine = Engine::looking_up_by(settings(), names).unwrap();
    let two = two(&engine, &hosts.each_ref().map(String::as_str)).await;
    let first = names("rebinds.example".to_owned()).await.unwrap();
    assert_eq!(first, ["1.1.1.1:0".parse().unwrap()], "it passes a look at its address");
    for host in &hosts {
        assert_eq!(two.told_of(host).await, "address-refused", "{host}");
    }
    let knocked = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(knocked.is_err(), "nobody knocked");
}

#[tokio::test]
async fn a_redirect_is_followed_only_to_granted_origins() {
    let other = server(None).await;
    let origin = server(Some(format!("{other}/there"))).await;
    let engine = engine();
    let narrow = two(&engine, &[&origin]).await;
    assert_eq!(narrow.told_of(&format!("{origin}/away")).await, "not-granted");
    assert_eq!(narrow.told_of(&format!("{origin}/round")).await, "unreachable");
    let wide = two(&engine, &[&origin, &other]).await;
    assert!(wide.told_of(&format!("{origin}/away")).await.starts_with("200 get /there"));
}

#[tokio::test]
async fn answers_are_bounded_in_size_and_time() {
    let origin = server(None).await;
    let two = two(&engine(), &[&origin]).await;
    assert_eq!(two.told_of(&format!("{origin}/big")).await, "too-large");
    for slow in ["/never", "/drip"] {
        let answer = two.told(&format!("http GET {origin}{slow}")).await;
        println!("{slow}: {} after {} ms", text(&answer), answer.micros / 1_000);
        assert_eq!(text(&answer), "timeout");
        assert!(answer.guest_micros < answer.micros / 2, "waiting is not the guest's time");
    }
    let endless = two.told_of(&format!("{origin}/endless-head")).await;
    assert!(matches!(endless.as_str(), "timeout" | "unreachable"), "{endless}");
    assert_eq!(text(&ask(&two.bad, "echo still here").await), "still here", "the same one too");
}

#[tokio::test]
async fn a_slow_answer_of_one_plugin_keeps_no_other_waiting() {
    let origin = server(None).await;
    let engine = engine();
    let mut patient = setup("asker");
    patient.grants.http = vec![origin.clone()];
    let two = Two::of(&engine, patient).await;
    let slow = format!("http GET {origin}/never");
    let (answer, next) = tokio::join!(ask(&two.bad, &slow), two.other_answers());
    println!("while one waited for {} ms, the other answered after {next:.1?}", answer.micros / 1_000);
    assert!(next.as_micros() < u128::from(answer.micros), "it was answered meanwhile");
}

#[tokio::test]
async fn a_secret_is_the_hosts_and_goes_to_its_own_origin_alone() {
    let other = server(None).await;
    let origin = server(Some(format!("{other}/there"))).await;
    let secret = Secret { origin: origin.clone(), header: "x-key".into(), value: "hidden".into() };
    let plugin = plugin(&[&origin, &other], vec![secret]).await;
    let overridden = ask(&plugin, &format!("http-header X-Key {origin}")).await;
    let reply = text(&overridden);
    assert!(reply.contains("x-key: hidden") && !reply.contains("x-key: x"), "{reply}");
    let followed = ask(&plugin, &format!("http GET {origin}/away")).await;
    let reply = text(&followed);
    assert!(reply.starts_with("200 get /there") && !reply.contains("hidden"), "{reply}");
}

#[tokio::test]
async fn header_fields_that_are_the_hosts_are_refused() {
    let origin = server(None).await;
    let plugin = plugin(&[&origin], vec![]).await;
    for name in ["Host", "Content-Length", "Transfer-Encoding", "Proxy-Authorization", "Idempotency-Key"] {
        assert_eq!(text(&ask(&plugin, &format!("http-header {name} {origin}")).await), "invalid-request", "{name}");
    }
}

#[tokio::test]
async fn a_secret_without_its_grant_is_refused() {
    let engine = engine();
    let revision = engine.admit(&guest("hostile")).await.unwrap();
    let mut setup = setup("asker");
    setup.secrets = vec![Secret { origin: "https://a.example".into(), header: "x".into(), value: "y".into() }];
    assert_eq!(engine.ready(revision, setup).await.unwrap_err().code(), "setup");
}
