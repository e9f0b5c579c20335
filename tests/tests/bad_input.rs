//! What is wrong is refused clearly, whoever sends it, and nothing is lost by it.

use std::time::Duration;

use reqwest::Method;
use santun_tests::lab::{Lab, Plan, bot, eventually, signature};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

const OTHER_NUMBER: &str = "209999999999999";

async fn post(lab: &Lab, body: Vec<u8>, signed: Option<String>) -> (u16, String) {
    let mut request = lab.request(Method::POST, "/webhooks/whatsapp").body(body);
    if let Some(signed) = signed {
        request = request.header("x-hub-signature-256", signed);
    }
    let answer = request.send().await.expect("the host answers");
    (answer.status().as_u16(), answer.text().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn webhooks_that_are_not_metas_are_refused_before_they_are_read() {
    let lab = Lab::serving(Plan { more_numbers: vec![OTHER_NUMBER], ..Plan::default() }).await;
    for wrong in [None, Some("sha256=zz".to_owned()), Some(signature(b"another body")), Some(String::new())] {
        let (status, _) = post(&lab, b"{ not json".to_vec(), wrong.clone()).await;
        assert_eq!(status, 401, "{wrong:?}");
    }
    for (body, status) in [(&b"{ not json"[..], 400), (&b""[..], 400), (&b"[]"[..], 400)] {
        let answer = post(&lab, body.to_vec(), Some(signature(body))).await;
        assert_eq!(answer.0, status, "{}: {answer:?}", String::from_utf8_lossy(body));
        assert!(!answer.1.is_empty());
    }
    let large = vec![b' '; 3 * 1024 * 1024 + 1];
    let signed = signature(&large);
    assert_eq!(post(&lab, large, Some(signed)).await.0, 413);
    let handshake = "/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong";
    let answer = lab.request(Method::GET, handshake).send().await.expect("the host answers");
    assert_eq!(answer.status(), 403);

    // A number that no channel names: taken, kept, not answered. The others are answered all the same.
    let customer = lab.phone.customer("Rina", "628114000001").await;
    let stray = json!({ "type": "text", "text": "ke nomor lain", "phone_number_id": OTHER_NUMBER });
    lab.phone.sends(&customer, stray).await;
    let kept = eventually("it is kept", async || {
        let (status, kept) = lab.api(Method::GET, "/kept", None).await;
        assert_eq!(status, 200, "{kept}");
        kept.as_array().and_then(|kept| kept.iter().find(|kept| kept["channel"] == OTHER_NUMBER).cloned())
    })
    .await;
    assert_eq!(kept["field"], "unnamed-number");
    lab.phone.writes(&customer, "ke nomor ini").await;
    lab.phone.hears(&customer, "ke nomor ini").await;
    let path = format!("/customers/{customer}/chat?phone_number_id={OTHER_NUMBER}");
    let chat = lab.phone.call(Method::GET, &path, None).await;
    assert_eq!(chat["entries"].as_array().map(Vec::len), Some(1), "{chat}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_with_nothing_applied_says_so_and_takes_what_comes_once_something_is() {
    let mut lab = Lab::at_rest(Plan::default()).await;
    lab.serve().await;
    let answer = lab.request(Method::GET, "/readyz").send().await.expect("the host answers");
    assert_eq!(answer.status(), 503);
    let said = answer.text().await.expect("text");
    assert!(said.contains("nothing is applied") && said.contains("santun apply"), "{said}");
    let customer = lab.phone.customer("Rina", "628114100001").await;
    lab.phone.writes(&customer, "halo kawan").await;
    let refused = r#"santun_webhooks_total{status="503"}"#;
    eventually("it was refused for now", async || lab.metrics().await.contains(refused).then_some(())).await;
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    lab.ready().await;
    // WhatsApp sends it again: nothing is lost.
    lab.phone.hears(&customer, "halo kawan").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_is_for_those_with_a_token_and_each_role_has_its_bounds() {
    let lab = Lab::serving(Plan::default()).await;
    let somewhere = "01890a5d-ac96-774b-bcce-b302099a8057";
    for token in [None, Some("santun_wrong"), Some("")] {
        let (status, problem) = lab.api_as(token, Method::GET, "/conversations", None).await;
        assert_eq!((status, &problem["code"]), (401, &Value::from("unauthorized")), "{problem}");
    }
    assert_eq!(lab.santun(&["user", "add", "budi", "--name", "Budi"]).await.code, 0);
    let twice = lab.santun(&["user", "add", "budi", "--name", "Budi"]).await;
    assert!(twice.code == 1 && twice.err.contains("budi"), "{twice:?}");
    let token = lab.santun(&["user", "token", "budi"]).await;
    let token = token.out.trim();
    let (status, page) = lab.api_as(Some(token), Method::GET, "/conversations", None).await;
    assert_eq!(status, 200, "{page}");
    let for_operators = [
        (Method::GET, "/applied".to_owned(), None),
        (Method::POST, "/applied".to_owned(), Some(json!({ "document": "" }))),
        (Method::POST, format!("/applied/{somewhere}/restore"), None),
        (Method::PUT, "/plugins/echo".to_owned(), None),
        (Method::POST, "/plugins/echo/rollback".to_owned(), None),
        (Method::GET, "/kept".to_owned(), None),
        (Method::POST, "/users".to_owned(), Some(json!({ "login": "a", "name": "A", "role": "owner" }))),
        (Method::POST, "/users/budi/tokens".to_owned(), None),
        (Method::DELETE, format!("/contacts/{somewhere}"), None),
    ];
    for (method, path, body) in for_operators {
        let (status, problem) = lab.api_as(Some(token), method.clone(), &path, body).await;
        assert_eq!((status, &problem["code"]), (403, &Value::from("forbidden")), "{method} {path}: {problem}");
    }
    let acting = lab.request(Method::GET, "/api/v1/conversations").bearer_auth(token);
    let acting = acting.header("santun-as", "budi").send().await.expect("the host answers");
    assert_eq!(acting.status(), 403, "only this machine's own commands act for others");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_api_cannot_read_is_refused_in_the_shape_of_every_refusal() {
    let lab = Lab::serving(Plan::default()).await;
    let somewhere = "01890a5d-ac96-774b-bcce-b302099a8057";
    let json_type = Some("application/json");
    let cases: [(Method, String, Option<&str>, &str, u16); 14] = [
        (Method::POST, "/applied".to_owned(), json_type, "{", 400),
        (Method::POST, "/applied".to_owned(), json_type, "{}", 422),
        (Method::POST, "/applied".to_owned(), json_type, "{\"document\": 5}", 422),
        (Method::POST, "/applied".to_owned(), None, "{}", 415),
        (Method::POST, "/applied".to_owned(), json_type, r#"{"document":"","files":{"a.csv":"%%"}}"#, 422),
        (Method::POST, "/applied".to_owned(), json_type, r#"{"document":"[bot]\nnaem='x'"}"#, 422),
        (Method::POST, "/applied".to_owned(), json_type, r#"{"document":"","base":"no-id"}"#, 422),
        (Method::GET, "/conversations?limit=many".to_owned(), None, "", 400),
        (Method::GET, "/conversations?owner=nobody".to_owned(), None, "", 422),
        (Method::GET, "/conversations/no-id".to_owned(), None, "", 422),
        (Method::GET, format!("/conversations/{somewhere}"), None, "", 404),
        (Method::GET, "/nothing-here".to_owned(), None, "", 404),
        (Method::DELETE, "/conversations".to_owned(), None, "", 405),
        (Method::PUT, "/plugins/echo".to_owned(), None, "no component", 422),
    ];
    let token = lab.token();
    for (method, path, kind, body, expected) in cases {
        let mut request = lab.request(method.clone(), &format!("/api/v1{path}")).bearer_auth(&token);
        request = request.body(body.to_owned());
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let answer = request.send().await.expect("the host answers");
        let status = answer.status().as_u16();
        let text = answer.text().await.expect("text");
        let problem: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{method} {path}: {text}"));
        assert_eq!((status, &problem["status"]), (expected, &Value::from(expected)), "{method} {path}: {problem}");
        let filled = |name: &str| problem[name].as_str().is_some_and(|words| !words.is_empty());
        assert!(filled("code") && filled("message"), "{method} {path}: {problem}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_say_what_is_wrong_where_and_what_to_do() {
    let mut lab = Lab::at_rest(Plan::default()).await;
    let said = async |arguments: &[&str], code: i32, words: &[&str]| {
        let said = lab.santun(arguments).await;
        assert_eq!(said.code, code, "{arguments:?}: {said:?}");
        for word in words {
            assert!(said.err.contains(word), "{arguments:?} says {word:?}: {said:?}");
        }
    };
    said(&["aply"], 2, &["apply"]).await;
    said(&["plugin", "install", "plugins/dist/echo.wasm"], 3, &["santun serve"]).await;
    said(&["plugin", "inspect", "no-such.wasm"], 1, &["no-such.wasm"]).await;
    said(&["--config", "elsewhere.toml", "serve"], 1, &["elsewhere.toml", "--config"]).await;
    said(&["apply", "no-such.toml"], 1, &["no-such.toml"]).await;
    said(&["apply", "--check"], 0, &[]).await;
    said(&["conversation", "show", "no-id"], 1, &[]).await;

    let right = std::fs::read_to_string(lab.folder.join("santun.toml")).expect("it is there");
    lab.write("wrong.toml", right.replace("metrics_listen", "metric_listen"));
    said(&["--config", "wrong.toml", "apply"], 1, &["wrong.toml", "metric_listen", "`metrics_listen`"]).await;
    lab.write("wrong.toml", right.replace("env:LAB_APP_SECRET", "plain-secret"));
    said(&["--config", "wrong.toml", "serve"], 1, &["by reference"]).await;
    lab.write("wrong.toml", right.replace("LAB_APP_SECRET", "LAB_NOT_SET"));
    said(&["--config", "wrong.toml", "serve"], 1, &["app_secret", "LAB_NOT_SET"]).await;

    let right = bot(0);
    for (from, to, words) in [
        ("settle_ms", "setle_ms", &["setle_ms", "settle_ms"][..]),
        ("chain = [\"echo\"]", "chain = [\"ekho\"]", &["ekho"][..]),
        ("file:echo.wasm", "file:missing.wasm", &["missing.wasm"][..]),
        ("language = \"id\"", "language = \"nl\"", &["language"][..]),
        ("[bot]", "[bot", &["wrong-bot.toml"][..]),
    ] {
        lab.write("wrong-bot.toml", right.replace(from, to));
        said(&["apply", "wrong-bot.toml"], 1, words).await;
    }

    lab.serve().await;
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    let taken = lab.santun(&["serve"]).await;
    assert_eq!(taken.code, 1, "{taken:?}");
    assert!(taken.err.contains(&lab.listen.to_string()) && taken.err.contains("server.listen"), "{taken:?}");
    let again = lab.santun(&["apply"]).await;
    assert!(again.code == 0 && again.out.contains("changes nothing"), "{again:?}");
    lab.ready().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_signal_drains_and_loses_nothing() {
    let mut lab = Lab::serving(Plan::default()).await;
    let mut customers = Vec::new();
    for at in 0..5 {
        let customer = lab.phone.customer(&format!("Pelanggan {at}"), &format!("62811420{at:05}")).await;
        lab.phone.fault(&customer, 1, json!({ "kind": "stall", "ms": 700 })).await;
        lab.phone.writes(&customer, &format!("nomor {at}.")).await;
        customers.push(customer);
    }
    eventually("all are taken", async || (lab.conversations().await.len() == customers.len()).then_some(())).await;
    lab.stop().await;
    assert!(!lab.folder.join("var/santun.token").exists(), "the local token goes with the host");
    lab.serve().await;
    lab.ready().await;
    for (at, customer) in customers.iter().enumerate() {
        lab.phone.hears(customer, &format!("nomor {at}.")).await;
        assert_eq!(lab.phone.answers(customer).await.len(), 1);
    }
    let metrics = lab.metrics().await;
    let unknown = metrics.lines().find(|line| line.starts_with("santun_outbox_unknown_total "));
    assert!(unknown.is_none_or(|line| line.ends_with(" 0")), "what was under way was finished: {metrics}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_signal_stops_at_once() {
    let mut lab = Lab::serving(Plan::default()).await;
    let customer = lab.phone.customer("Rina", "628114300001").await;
    lab.phone.fault(&customer, 1, json!({ "kind": "stall", "ms": 8_000 })).await;
    lab.phone.writes(&customer, "lewat jalan lambat.").await;
    eventually("it is being sent", async || {
        let all = lab.conversations().await;
        let turns = all.first()?["turns"].as_array()?;
        turns.iter().any(|turn| turn["delivery"]["state"] == "sending").then_some(())
    })
    .await;
    lab.signal("TERM").await;
    eventually("it drains", async || lab.log().contains("a second signal stops at once").then_some(())).await;
    sleep(Duration::from_millis(200)).await;
    let began = Instant::now();
    lab.signal("INT").await;
    let status = lab.ended().await;
    assert_eq!(status.code(), Some(130), "{status}");
    assert!(began.elapsed() < Duration::from_secs(4), "it did not wait for what was under way");
    lab.serve().await;
    lab.ready().await;
    // Nobody can know whether it was sent: it is not sent again, and a human is told.
    let whole = eventually("a human is told", async || {
        lab.conversation("Rina").await.filter(|whole| !whole["line"]["request"].is_null())
    })
    .await;
    let turns = whole["turns"].as_array().expect("turns");
    assert!(turns.iter().any(|turn| turn["delivery"]["state"] == "unknown"), "{whole}");
    assert!(lab.phone.answers(&customer).await.is_empty());
    eventually("it stays counted", async || {
        lab.metrics().await.contains("santun_outbox{state=\"unknown\"} 1").then_some(())
    })
    .await;
}
