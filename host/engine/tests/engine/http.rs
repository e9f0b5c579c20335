//! Requests of plugins: only where granted, bounded, with the host's own header fields.

use std::sync::Arc;

use santun_core::ids::StepId;
use santun_engine::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

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

async fn plugin(origins: &[&str], secrets: Vec<Secret>) -> Arc<Behaviour> {
    let mut setup = setup("asker");
    setup.grants.http = origins.iter().map(|origin| (*origin).to_owned()).collect();
    setup.secrets = secrets;
    hostile(&engine(), setup).await
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
    let plugin = plugin(&[&granted, "https://orders.example"], vec![]).await;
    for url in [other.as_str(), "http://169.254.169.254/latest/meta-data", "http://localhost/", "https://example.com/"]
    {
        assert_eq!(text(&ask(&plugin, &format!("http GET {url}")).await), "not-granted", "{url}");
    }
    assert_eq!(text(&ask(&plugin, &format!("http-header Host {granted}")).await), "invalid-request");
}

#[tokio::test]
async fn a_redirect_is_followed_only_to_granted_origins() {
    let other = server(None).await;
    let origin = server(Some(format!("{other}/there"))).await;
    let narrow = plugin(&[&origin], vec![]).await;
    assert_eq!(text(&ask(&narrow, &format!("http GET {origin}/away")).await), "not-granted");
    let wide = plugin(&[&origin, &other], vec![]).await;
    assert!(text(&ask(&wide, &format!("http GET {origin}/away")).await).starts_with("200 get /there"));
    assert_eq!(text(&ask(&narrow, &format!("http GET {origin}/round")).await), "unreachable");
}

#[tokio::test]
async fn answers_are_bounded_in_size_and_time() {
    let origin = server(None).await;
    let plugin = plugin(&[&origin], vec![]).await;
    assert_eq!(text(&ask(&plugin, &format!("http GET {origin}/big")).await), "too-large");
    let answer = ask(&plugin, &format!("http GET {origin}/never")).await;
    assert_eq!(text(&answer), "timeout");
    assert!(answer.guest_micros < answer.micros / 2, "waiting is not the guest's time");
}

#[tokio::test]
async fn a_secret_without_its_grant_is_refused() {
    let engine = engine();
    let revision = engine.admit(&guest("hostile")).await.unwrap();
    let mut setup = setup("asker");
    setup.secrets = vec![Secret { origin: "https://a.example".into(), header: "x".into(), value: "y".into() }];
    assert_eq!(engine.ready(revision, setup).await.unwrap_err().code(), "setup");
}
