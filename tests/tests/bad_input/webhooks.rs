//! Webhooks that are not as they should be, or come too early.

use reqwest::Method;
use santun_tests::lab::{Lab, Plan, eventually, signature};
use serde_json::json;

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
