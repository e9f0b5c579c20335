//! The way of webhooks to the host.

use std::net::SocketAddr;

use axum::Router;
use axum::http::{StatusCode, Uri};
use axum::routing::get;
use reqwest::Method;
use santun_tests::lab::bot;

use super::{ACCOUNT, change, finds, public_url, sound, warns, well};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn webhooks_that_do_not_come_are_found() {
    let lab = sound().await;
    lab.graph(Method::DELETE, &format!("{ACCOUNT}/subscribed_apps")).await;
    finds(&lab, "subscription", "no webhook will come", "subscribed_apps with the token").await;
    lab.graph(Method::POST, &format!("{ACCOUNT}/subscribed_apps")).await;
    well(&lab).await;
    change(&lab, &public_url(&lab), "public_url = \"http://127.0.0.1:1\"");
    finds(&lab, "webhook", "cannot be reached", "DNS").await;
    finds(&lab, "subscription", "and not to http://127.0.0.1:1/webhooks/whatsapp", "set the callback URL").await;
    change(&lab, "public_url = \"http://127.0.0.1:1\"", "public_url = \"http://bot.example\"");
    finds(&lab, "webhook", "is not https", "TLS proxy").await;
    change(&lab, "public_url = \"http://bot.example\"\n", "");
    warns(&lab, "webhook", "names no server.public_url", "set server.public_url").await;
    let without = bot(0).replace(&format!("waba_id = \"{ACCOUNT}\"\n"), "");
    lab.write("bot.toml", without);
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    warns(&lab, "subscription", "names no waba_id", "WhatsApp Business Account ID").await;
}

/// A proxy before the host that lets no body through, as nginx does with all above a megabyte; gives its address.
async fn proxy_for_small_bodies(host: SocketAddr) -> SocketAddr {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let pass = async move |uri: Uri| {
        let answer = client.get(format!("http://{host}{uri}")).send().await.expect("the host answers");
        let status = StatusCode::from_u16(answer.status().as_u16()).expect("a status");
        (status, answer.text().await.expect("its words"))
    };
    let refuse = async |_: axum::body::Bytes| StatusCode::PAYLOAD_TOO_LARGE;
    let router =
        Router::new().fallback_service(get(pass).post(refuse).layer(axum::extract::DefaultBodyLimit::disable()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_takes_only_small_webhooks_is_found() {
    let lab = sound().await;
    let proxy = proxy_for_small_bodies(lab.listen).await;
    let subscribed = format!("http://{}", lab.listen);
    change(&lab, &public_url(&lab), &format!("public_url = \"http://{proxy}\""));
    finds(&lab, "webhook", "not a signed webhook of 3 MB: 413", "client_max_body_size 4m").await;
    change(&lab, &format!("http://{proxy}"), &subscribed);
    well(&lab).await;
}
