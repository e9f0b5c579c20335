//! Faults that a test asks for.

use serde_json::{Value, json};

use crate::support::{BUDI, NUMBER, Scene};

fn text() -> Value {
    json!({ "messaging_product": "whatsapp", "to": BUDI, "text": { "body": "hai" } })
}

#[tokio::test]
async fn the_next_sends_meet_an_error_and_those_after_do_not() {
    let scene = Scene::start().await;
    scene.budi().await;
    let plan = json!({ "customer": "budi", "times": 2, "fault": { "kind": "error", "code": 131_056 } });
    scene.control("/faults", plan).await;
    for expected in [400, 400, 200] {
        assert_eq!(scene.graph(text()).await.0, expected);
    }
    assert_eq!(scene.look("/stats").await["sends"], 1);
}

#[tokio::test]
async fn an_error_may_come_with_any_http_status() {
    let scene = Scene::start().await;
    scene.budi().await;
    let fault = json!({ "kind": "error", "code": 131_000, "http_status": 503 });
    scene.control("/faults", json!({ "fault": fault })).await;
    let (status, body) = scene.graph(text()).await;
    assert_eq!((status, &body["error"]["code"]), (503, &json!(131_000)));
}

#[tokio::test]
async fn a_dropped_connection_may_have_delivered_all_the_same() {
    let scene = Scene::start().await;
    scene.budi().await;
    for (fault, sends) in [("drop_before_accept", 0), ("drop_after_accept", 1)] {
        scene.control("/faults", json!({ "fault": { "kind": fault } })).await;
        let path = scene.url(&format!("/v26.0/{NUMBER}/messages"));
        let answer = scene.http.post(path).bearer_auth("any").json(&text()).send().await;
        assert!(answer.is_err(), "{fault} answers nothing");
        assert_eq!(scene.look("/stats").await["sends"], sends);
    }
    let statuses = scene.host.updates("statuses", 2).await;
    assert_eq!(statuses[0]["status"], "sent");
}

#[tokio::test]
async fn a_message_may_fail_after_it_was_accepted() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.control("/faults", json!({ "fault": { "kind": "failed_status", "code": 131_026 } })).await;
    assert_eq!(scene.graph(text()).await.0, 200);
    let statuses = scene.host.updates("statuses", 1).await;
    assert_eq!((&statuses[0]["status"], &statuses[0]["errors"][0]["code"]), (&json!("failed"), &json!(131_026)));
}

#[tokio::test]
async fn every_error_of_whatsapps_table_can_be_met() {
    let scene = Scene::start().await;
    scene.budi().await;
    let table = scene.look("/errors").await;
    let table = table["errors"].as_array().unwrap();
    let codes: Vec<_> = table.iter().map(|row| row["code"].as_u64().unwrap()).collect();
    let named = [
        0, 1, 2, 3, 4, 10, 33, 100, 190, 200, 368, 80_007, 130_403, 130_429, 130_472, 130_497, 131_000, 131_005,
        131_008, 131_009, 131_016, 131_021, 131_026, 131_031, 131_042, 131_047, 131_048, 131_049, 131_050, 131_051,
        131_052, 131_053, 131_056, 131_057, 131_062, 131_064, 132_000, 132_001, 132_005, 132_007, 132_012, 132_015,
        132_016, 132_068, 132_069, 133_004,
    ];
    for code in named {
        assert!(codes.contains(&code), "{code}");
    }
    for row in table {
        scene
            .control("/faults", json!({ "customer": "budi", "fault": { "kind": "error", "code": row["code"] } }))
            .await;
        let (status, body) = scene.graph(text()).await;
        assert_eq!((json!(status), &body["error"]["code"]), (row["http_status"].clone(), &row["code"]));
        assert!(body["error"]["message"].as_str().unwrap().contains(row["title"].as_str().unwrap()));
    }
    assert_eq!(scene.graph(text()).await.0, 200);
}

#[tokio::test]
async fn chance_strikes_one_customer_until_it_is_cleared() {
    let scene = Scene::with(|settings| settings.limits = santun_emulator::Limits::NONE).await;
    scene.budi().await;
    scene.control("/customers", json!({ "id": "sri", "phone": "6281234500000" })).await;
    scene.control("/customers/sri/send", json!({ "type": "text", "text": "halo" })).await;
    let fault = json!({ "kind": "error", "code": 131_016 });
    let plan = json!({ "customer": "budi", "probability": 0.5, "seed": 42, "fault": fault });
    let planned = scene.control("/faults", plan).await;
    assert_eq!(planned["planned"]["budi"][0]["seed"], 42);
    let mut struck = 0;
    for _ in 0..60 {
        struck += usize::from(scene.graph(text()).await.0 == 503);
    }
    assert!((15..46).contains(&struck), "{struck} of 60");
    let sri = json!({ "messaging_product": "whatsapp", "to": "6281234500000", "text": { "body": "hai" } });
    for _ in 0..20 {
        assert_eq!(scene.graph(sri.clone()).await.0, 200, "others are spared");
    }
    let path = format!("/faults/{}", planned["id"]);
    let (status, left) = scene.call(reqwest::Method::DELETE, &path, Value::Null).await;
    assert_eq!((status, &left["planned"]), (200, &json!({})));
    assert_eq!(scene.graph(text()).await.0, 200);
}

#[tokio::test]
async fn a_slow_answer_has_sent_its_message_even_if_nobody_waits_for_it() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.control("/faults", json!({ "fault": { "kind": "delay", "ms": 600_000 } })).await;
    let path = scene.url(&format!("/v26.0/{NUMBER}/messages"));
    let impatient =
        scene.http.post(path).bearer_auth("any").json(&text()).timeout(std::time::Duration::from_millis(300));
    assert!(impatient.send().await.is_err_and(|error| error.is_timeout()));
    let statuses = scene.host.updates("statuses", 2).await;
    assert_eq!(statuses[1]["status"], "delivered");
}

#[tokio::test]
async fn a_gateway_may_answer_in_graphs_place() {
    let scene = Scene::start().await;
    scene.budi().await;
    for (kind, sends) in [("answer_before_accept", 0), ("answer_after_accept", 1)] {
        let fault = json!({ "kind": kind, "http_status": 502, "body": "<html>Bad gateway</html>" });
        scene.control("/faults", json!({ "fault": fault })).await;
        let path = scene.url(&format!("/v26.0/{NUMBER}/messages"));
        let answer = scene.http.post(path).bearer_auth("any").json(&text()).send().await.unwrap();
        assert_eq!(answer.status(), 502);
        assert_eq!(answer.text().await.unwrap(), "<html>Bad gateway</html>");
        assert_eq!(scene.look("/stats").await["sends"], sends, "{kind}");
    }
}

#[tokio::test]
async fn receipts_uploads_reads_and_templates_have_faults_of_their_own() {
    let scene = Scene::start().await;
    let wamid = scene.budi().await;
    let get = |path: &str| scene.http.get(scene.url(path)).bearer_auth("any").send();
    for on in ["receipts", "reads", "templates"] {
        scene.control("/faults", json!({ "on": on, "fault": { "kind": "error", "code": 131_005 } })).await;
    }
    assert_eq!(scene.graph(text()).await.0, 200, "messages are spared");
    let receipt = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": wamid });
    assert_eq!(scene.graph(receipt.clone()).await.0, 403);
    assert_eq!(scene.graph(receipt).await.0, 200);
    for path in [format!("/v26.0/{NUMBER}"), "/v26.0/102290129340398/message_templates".to_owned()] {
        assert_eq!(get(&path).await.unwrap().status(), 403);
        assert_eq!(get(&path).await.unwrap().status(), 200);
    }
    for wrong in [
        json!({ "on": "reads", "fault": { "kind": "failed_status", "code": 1 } }),
        json!({ "on": "reads", "customer": "budi", "fault": { "kind": "drop_before_accept" } }),
        json!({ "probability": 0.0, "fault": { "kind": "drop_before_accept" } }),
        json!({ "fault": { "kind": "error", "code": 1, "http_status": 99 } }),
    ] {
        assert_eq!(scene.control_refuses("/faults", wrong.clone()).await.0, 400, "{wrong}");
    }
}
