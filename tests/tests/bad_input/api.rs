//! Callers of the API who may not, or cannot be understood.

use reqwest::Method;
use santun_tests::lab::{Lab, Plan};
use serde_json::{Value, json};

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

/// The operations of the API, by the document that it describes itself with.
async fn operations(lab: &Lab) -> Vec<(Method, String)> {
    let answer = lab.request(Method::GET, "/api/openapi.json").send().await.expect("the host answers");
    let document: Value = answer.json().await.expect("JSON");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let Some(path) = path.strip_prefix("/api/v1") else { continue };
        for method in item.as_object().expect("operations").keys() {
            let method = method.to_uppercase().parse().expect("a method");
            operations
                .push((method, path.replace("{name}", "echo").replace("{login}", "budi").replace("{id}", "no-id")));
        }
    }
    operations
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_not_is_told_so_whatever_they_send() {
    let lab = Lab::serving(Plan::default()).await;
    assert_eq!(lab.santun(&["user", "add", "budi", "--name", "Budi"]).await.code, 0);
    let agent = lab.santun(&["user", "token", "budi"]).await.out.trim().to_owned();
    let nobodys = lab.token();
    let asked = async |token: &str, method: &Method, path: &str| {
        let request = lab.request(method.clone(), &format!("/api/v1{path}")).bearer_auth(token);
        let request = request.header("content-type", "application/json").body("{ no json");
        request.send().await.expect("the host answers").status().as_u16()
    };
    let operations = operations(&lab).await;
    assert!(operations.len() > 20, "{operations:?}");
    for (method, path) in operations {
        assert_eq!(asked("santun_wrong", &method, &path).await, 401, "{method} {path}");
        let acts = path.starts_with("/conversations/no-id/") || path.starts_with("/me/");
        let for_agents =
            acts || path.starts_with("/turns") || (method == Method::GET && path != "/applied" && path != "/kept");
        if !for_agents {
            assert_eq!(asked(&agent, &method, &path).await, 403, "an agent's {method} {path}");
        }
        if acts {
            assert_eq!(asked(&nobodys, &method, &path).await, 403, "nobody's {method} {path}");
        }
    }
}
