//! Templates: listing, making, reviewing, sending.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{BUDI, Scene};

const ACCOUNT: &str = "/v26.0/102290129340398/message_templates";

fn shipped(parameters: &[&str], suffix: Option<&str>) -> Value {
    let texts: Vec<_> = parameters.iter().map(|text| json!({ "type": "text", "text": text })).collect();
    let mut components = vec![json!({ "type": "body", "parameters": texts })];
    if let Some(suffix) = suffix {
        let parameter = json!({ "type": "text", "text": suffix });
        components.push(json!({ "type": "button", "sub_type": "url", "index": "0", "parameters": [parameter] }));
    }
    template("pesanan_dikirim", "id", json!(components))
}

fn template(name: &str, language: &str, components: Value) -> Value {
    json!({ "type": "template", "template": { "name": name, "language": { "code": language }, "components": components } })
}

#[tokio::test]
async fn templates_are_listed_by_what_is_asked() {
    let scene = Scene::start().await;
    let (status, all) = scene.graph_call(Method::GET, ACCOUNT, None).await;
    assert_eq!(status, 200);
    let all = all["data"].as_array().unwrap().clone();
    assert!(all.len() >= 5);
    assert!(all.iter().all(|one| one["status"] == "APPROVED" && one["components"].is_array()));
    let of = async |query: &str| scene.graph_call(Method::GET, &format!("{ACCOUNT}?{query}"), None).await.1;
    let english = of("name=pesanan_dikirim&language=en").await;
    assert_eq!(english["data"].as_array().unwrap().len(), 1);
    let narrow = of("fields=name,status&category=MARKETING").await;
    let first = narrow["data"][0].as_object().unwrap();
    let mut members: Vec<_> = first.keys().cloned().collect();
    members.sort();
    assert_eq!(members, ["id", "name", "status"]);
    let mut names = Vec::new();
    let mut next = Some(scene.url(&format!("{ACCOUNT}?limit=2")));
    while let Some(url) = next {
        let page: Value = scene.http.get(url).bearer_auth("any").send().await.unwrap().json().await.unwrap();
        names.extend(page["data"].as_array().unwrap().iter().map(|one| one["id"].clone()));
        next = page["paging"]["next"].as_str().map(str::to_owned);
    }
    assert_eq!(names, all.iter().map(|one| one["id"].clone()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_filled_template_is_what_the_customer_reads_and_taps() {
    let scene = Scene::start().await;
    scene.control("/customers", json!({ "id": "budi", "phone": BUDI })).await;
    let wamid = scene.send(shipped(&["Budi", "TC-10234", "Kamis"], Some("TC-10234"))).await;
    let chat = scene.look("/customers/budi/chat").await;
    let entry = &chat["entries"][0];
    assert_eq!(entry["text"], "Halo Kak Budi, pesanan TC-10234 sudah kami kirim. Perkiraan sampai Kamis ya.");
    assert_eq!(entry["links"][0]["url"], "https://toko.example/lacak/TC-10234");
    assert_eq!(entry["buttons"][0]["title"], "Tanya pesanan");
    scene.control("/customers/budi/tap", json!({ "title": "tanya pesanan" })).await;
    let messages = scene.host.updates("messages", 1).await;
    assert_eq!(messages[0]["button"], json!({ "text": "Tanya pesanan", "payload": "Tanya pesanan" }));
    assert_eq!(messages[0]["context"]["id"], wamid.as_str());
    let statuses = scene.host.updates("statuses", 1).await;
    assert_eq!(statuses[0]["pricing"]["category"], "utility");
    assert_eq!(statuses[0]["pricing"]["billable"], true, "outside the window a utility template is billed");
}

#[tokio::test]
async fn what_does_not_fit_a_template_is_refused_with_its_code() {
    let scene = Scene::start().await;
    scene.budi().await;
    let long = "x".repeat(1_000);
    let image = json!([{ "type": "header", "parameters": [{ "type": "text", "text": "x" }] }]);
    let named = |name: &str| {
        let parameters = ["nama", name].map(|name| json!({ "type": "text", "parameter_name": name, "text": "x" }));
        json!([{ "type": "body", "parameters": parameters }])
    };
    let button = |index: u32, sub_type: &str| {
        json!([
            { "type": "body", "parameters": [{ "type": "text", "text": "a" }, { "type": "text", "text": "b" }, { "type": "text", "text": "c" }] },
            { "type": "button", "sub_type": sub_type, "index": index, "parameters": [{ "type": "text", "text": "x" }] },
        ])
    };
    let cases = [
        (template("belum_ada", "id", json!([])), 132_001, "no such template"),
        (template("pesanan_dikirim", "fr", json!([])), 132_001, "not in this language"),
        (shipped(&["Budi"], Some("x")), 132_000, "too few"),
        (shipped(&["a", "b", "c", "d"], Some("x")), 132_000, "too many"),
        (shipped(&["a", "b", "c"], None), 131_008, "no suffix for the button"),
        (shipped(&["a", "b\nb", "c"], Some("x")), 100, "a new line"),
        (shipped(&["a", &long, "c"], Some("x")), 132_005, "too long"),
        (template("katalog_baru", "id", image), 132_012, "a text for a picture"),
        (template("promo_bulanan", "id", named("diskon")), 132_000, "another name"),
        (template("pesanan_dikirim", "id", button(7, "url")), 131_009, "no such button"),
        (template("pesanan_dikirim", "id", button(0, "quick_reply")), 132_012, "another kind of button"),
    ];
    for (message, code, why) in cases {
        let (_, found) = scene.refused(message).await;
        assert_eq!(found, code, "{why}");
    }
    scene.send(template("promo_bulanan", "id", named("potongan"))).await;
}

#[tokio::test]
async fn a_new_template_waits_for_review_and_the_host_is_told() {
    let scene = Scene::start().await;
    scene.budi().await;
    let new = json!({
        "name": "stok_kembali", "language": "id", "category": "MARKETING",
        "components": [{ "type": "BODY", "text": "Kak {{1}}, barangnya ada lagi.", "example": { "body_text": [["Budi"]] } }],
    });
    let (status, made) = scene.graph_call(Method::POST, ACCOUNT, Some(new.clone())).await;
    assert_eq!((status, &made["status"]), (200, &json!("PENDING")));
    let (status, again) = scene.graph_call(Method::POST, ACCOUNT, Some(new)).await;
    assert_eq!((status, &again["error"]["error_subcode"]), (400, &json!(2_388_024)));
    let message = || {
        let body = json!([{ "type": "body", "parameters": [{ "type": "text", "text": "Budi" }] }]);
        template("stok_kembali", "id", body)
    };
    assert_eq!(scene.refused(message()).await.1, 132_001);
    let id = made["id"].as_str().unwrap();
    scene.control(&format!("/templates/{id}"), json!({ "event": "APPROVED" })).await;
    let told = scene.host.changes("message_template_status_update", 1).await;
    assert_eq!(told[0]["event"], "APPROVED");
    assert_eq!(told[0]["message_template_name"], "stok_kembali");
    assert_eq!(told[0]["message_template_id"].to_string(), id);
    scene.send(message()).await;
    for (event, code) in [("PAUSED", 132_015), ("DISABLED", 132_016), ("REJECTED", 132_001)] {
        scene.control(&format!("/templates/{id}"), json!({ "event": event })).await;
        assert_eq!(scene.refused(message()).await.1, code, "{event}");
    }
    let told = scene.host.changes("message_template_status_update", 4).await;
    assert_eq!(told[1]["other_info"]["title"], "FIRST_PAUSE");
    assert!(told[2]["disable_info"]["disable_date"].is_number());
    assert_eq!(told[3]["reason"], "INVALID_FORMAT");
    let (status, shown) = scene.graph_call(Method::GET, &format!("/v26.0/{id}"), None).await;
    assert_eq!((status, &shown["rejected_reason"]), (200, &json!("INVALID_FORMAT")));
}

#[tokio::test]
async fn quality_category_and_deletion_are_told_too() {
    let scene = Scene::start().await;
    let all = scene.look("/templates").await;
    let promo = all["templates"].as_array().unwrap().iter().find(|one| one["name"] == "promo_bulanan").unwrap().clone();
    let id = promo["id"].as_str().unwrap();
    scene.control(&format!("/templates/{id}"), json!({ "quality": "RED", "category": "UTILITY" })).await;
    let quality = scene.host.changes("message_template_quality_update", 1).await;
    assert_eq!(
        (&quality[0]["previous_quality_score"], &quality[0]["new_quality_score"]),
        (&json!("UNKNOWN"), &json!("RED"))
    );
    let category = scene.host.changes("template_category_update", 1).await;
    assert_eq!(category[0]["new_category"], "UTILITY");
    let (status, _) = scene.graph_call(Method::DELETE, &format!("{ACCOUNT}?name=promo_bulanan"), None).await;
    assert_eq!(status, 200);
    let told = scene.host.changes("message_template_status_update", 1).await;
    assert_eq!((&told[0]["event"], &told[0]["reason"]), (&json!("PENDING_DELETION"), &Value::Null));
    assert_eq!(scene.graph_call(Method::DELETE, &format!("{ACCOUNT}?name=promo_bulanan"), None).await.0, 400);
}

#[tokio::test]
async fn a_template_that_breaks_the_rules_is_not_made() {
    let scene = Scene::start().await;
    let with_body = |text: &str| {
        let body = json!({ "type": "BODY", "text": text, "example": { "body_text": [["x"]] } });
        json!({ "name": "coba", "language": "id", "category": "UTILITY", "components": [body] })
    };
    let nameless = json!({ "name": "Coba Ini", "language": "id", "category": "UTILITY", "components": [] });
    let cases = [
        nameless,
        with_body("{{1}} di depan"),
        with_body("di belakang {{1}}"),
        with_body("bolong {{1}} dan {{3}} ya"),
        with_body(&"x".repeat(1_025)),
        json!({ "name": "coba", "language": "id", "category": "SPAM", "components": [] }),
        json!({ "name": "coba", "language": "id", "category": "UTILITY", "components": [{ "type": "FOOTER", "text": "x" }] }),
    ];
    for case in cases {
        let (status, answer) = scene.graph_call(Method::POST, ACCOUNT, Some(case.clone())).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(100)), "{case}");
    }
}

#[tokio::test]
async fn marketing_stops_where_the_customer_said_so() {
    let scene = Scene::start().await;
    scene.budi().await;
    let promotion = || {
        let parameters =
            ["nama", "potongan"].map(|name| json!({ "type": "text", "parameter_name": name, "text": "x" }));
        template("promo_bulanan", "id", json!([{ "type": "body", "parameters": parameters }]))
    };
    scene.send(promotion()).await;
    scene.control("/customers/budi/send", json!({ "type": "marketing_preference", "value": "stop" })).await;
    assert_eq!(scene.look("/customers/budi").await["marketing"], "stop");
    assert_eq!(scene.refused(promotion()).await.1, 131_050);
    scene.send(shipped(&["a", "b", "c"], Some("x"))).await;
    scene.control("/customers/budi/send", json!({ "type": "marketing_preference", "value": "resume" })).await;
    scene.send(promotion()).await;
}

#[tokio::test]
async fn a_code_needs_a_phone_number() {
    let scene = Scene::start().await;
    let made = scene.control("/customers", json!({ "phone": BUDI, "user_id": "auto" })).await;
    let code = |recipient: Value| {
        let parameter = json!([{ "type": "text", "text": "123456" }]);
        let components = json!([
            { "type": "body", "parameters": parameter },
            { "type": "button", "sub_type": "url", "index": "0", "parameters": parameter },
        ]);
        let mut message = template("kode_masuk", "id", components);
        message["messaging_product"] = "whatsapp".into();
        message.as_object_mut().unwrap().extend(recipient.as_object().unwrap().clone());
        message
    };
    let (_, refused) = scene.graph(code(json!({ "recipient": made["user_id"] }))).await;
    assert_eq!(refused["error"]["code"], 131_062);
    assert_eq!(scene.graph(code(json!({ "to": BUDI }))).await.0, 200);
}
