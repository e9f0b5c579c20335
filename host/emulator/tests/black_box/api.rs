//! The control API's own description.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::Scene;

/// The routes that the source names, as `method path`.
fn served() -> BTreeSet<String> {
    let source = include_str!("../../src/control.rs");
    let mut served = BTreeSet::new();
    for route in source.split(".route(").skip(1) {
        let path = route.split('"').nth(1).unwrap();
        for method in ["get", "post", "put", "patch", "delete"] {
            let handled = route.split(".route(").next().unwrap();
            if handled.contains(&format!("{method}(")) {
                served.insert(format!("{method} {path}"));
            }
        }
    }
    served
}

#[tokio::test]
async fn the_openapi_document_describes_every_call_and_no_other() {
    let scene = Scene::start().await;
    let document = scene.look("/openapi.json").await;
    let mut described: BTreeSet<_> = BTreeSet::from(["get /emulator/v1/openapi.json".to_owned()]);
    for (path, methods) in document["paths"].as_object().unwrap() {
        described.extend(methods.as_object().unwrap().keys().map(|method| format!("{method} {path}")));
    }
    assert_eq!(described, served());
    let mut references = Vec::new();
    find_references(&document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

fn find_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|value| find_references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| find_references(value, found)),
        _ => {}
    }
}

#[test]
fn the_readme_names_every_call() {
    let readme = include_str!("../../README.md");
    for call in served() {
        let path = call.split(' ').nth(1).unwrap().trim_start_matches("/emulator/v1");
        assert!(path.is_empty() || readme.contains(path), "{call}");
    }
}
