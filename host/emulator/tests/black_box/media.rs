//! Media: up, down, and when it ends.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{NUMBER, Scene};

async fn upload(scene: &Scene, bytes: &[u8], mime_type: &str) -> (u16, Value) {
    let file = Part::bytes(bytes.to_vec()).file_name("a").mime_str(mime_type).unwrap();
    let form = Form::new().text("messaging_product", "whatsapp").part("file", file);
    let path = scene.url(&format!("/v26.0/{NUMBER}/media"));
    let answer = scene.http.post(path).bearer_auth("any").multipart(form).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn get(scene: &Scene, url: &str) -> reqwest::Response {
    scene.http.get(url).bearer_auth("any").send().await.unwrap()
}

#[tokio::test]
async fn an_upload_can_be_sent_looked_up_downloaded_and_deleted() {
    let scene = Scene::start().await;
    scene.budi().await;
    let (status, body) = upload(&scene, b"not really a png", "image/png").await;
    assert_eq!(status, 200, "{body}");
    let id = body["id"].as_str().unwrap();
    scene.send(json!({ "type": "image", "image": { "id": id } })).await;
    let object = scene.url(&format!("/v26.0/{id}"));
    let about: Value = get(&scene, &object).await.json().await.unwrap();
    assert_eq!((&about["mime_type"], &about["file_size"]), (&json!("image/png"), &json!(16)));
    let file = get(&scene, about["url"].as_str().unwrap()).await;
    assert_eq!(file.headers()["content-type"], "image/png");
    assert_eq!(file.bytes().await.unwrap(), "not really a png");
    let deleted: Value = scene.http.delete(&object).bearer_auth("any").send().await.unwrap().json().await.unwrap();
    assert_eq!(deleted, json!({ "success": true }));
    assert_eq!(get(&scene, &object).await.status(), 400);
    assert_eq!(scene.refused(json!({ "type": "image", "image": { "id": id } })).await, (400, 131_009));
}

#[tokio::test]
async fn the_address_of_a_file_works_for_five_minutes_and_needs_the_bearer() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.control("/customers/budi/send", json!({ "type": "image" })).await;
    let messages = scene.host.updates("messages", 2).await;
    let object = scene.url(&format!("/v26.0/{}", messages[1]["image"]["id"].as_str().unwrap()));
    let about: Value = get(&scene, &object).await.json().await.unwrap();
    let url = about["url"].as_str().unwrap();
    assert_eq!(scene.http.get(url).send().await.unwrap().status(), 401);
    assert_eq!(get(&scene, url).await.status(), 200);
    assert_eq!(get(&scene, &url.replace("hash=", "hash=0")).await.status(), 404);
    scene.control("/clock", json!({ "minutes": 5 })).await;
    assert_eq!(get(&scene, url).await.status(), 404);
    assert_eq!(get(&scene, &object).await.status(), 200, "the id still lives");
    scene.control("/clock", json!({ "hours": 7 * 24 })).await;
    assert_eq!(get(&scene, &object).await.status(), 400, "a customer's file lives seven days");
}

#[tokio::test]
async fn files_that_whatsapp_does_not_take_are_refused() {
    let scene = Scene::start().await;
    scene.budi().await;
    assert_eq!(upload(&scene, b"x", "application/x-msdownload").await.1["error"]["code"], 100);
    assert_eq!(upload(&scene, b"", "image/png").await.1["error"]["code"], 131_053);
    let large = vec![0; 5 * 1024 * 1024 + 1];
    assert_eq!(upload(&scene, &large, "image/png").await.1["error"]["code"], 131_053);
    let (_, audio) = upload(&scene, b"x", "audio/ogg").await;
    assert_eq!(scene.refused(json!({ "type": "image", "image": { "id": audio["id"] } })).await, (400, 131_053));
}

#[tokio::test]
async fn what_belongs_to_an_upload_may_stand_in_its_address() {
    let scene = Scene::start().await;
    let file = || Part::bytes(b"x".to_vec()).file_name("a");
    let path = scene.url(&format!("/v26.0/{NUMBER}/media?messaging_product=whatsapp&type=image/png"));
    let up = async |path: &str| {
        let form = Form::new().part("file", file());
        scene.http.post(path).bearer_auth("any").multipart(form).send().await.unwrap().status()
    };
    assert_eq!(up(&path).await, 200);
    assert_eq!(up(path.split('?').next().unwrap()).await, 400, "nowhere");
}
