//! What is admitted, and what is refused with which words.

use santun_core::bot::CustomerGrant;
use santun_engine::*;
use serde_json::json;

use crate::support::*;

#[test]
fn a_manifest_is_read_without_running_anything() {
    let manifest = Engine::inspect(&guest("hostile")).unwrap();
    assert_eq!((manifest.name.as_str(), manifest.contract.as_str()), ("hostile", "0.1"));
    assert!(manifest.asks_for("http") && !manifest.asks_for("history"));
}

#[tokio::test]
async fn corrupt_truncated_and_mistyped_files_are_refused_in_a_sentence() {
    let engine = engine();
    let whole = guest("hostile");
    let mut flipped = whole.clone();
    // Somewhere in the code, where only compiling notices.
    let middle = flipped.len() / 3;
    flipped[middle..middle + 64].fill(0xff);
    for (bytes, code) in [
        (whole[..whole.len() / 2].to_vec(), "corrupt"),
        (Vec::new(), "corrupt"),
        (b"#!/bin/sh\necho".to_vec(), "corrupt"),
        (flipped, "corrupt"),
        (b"\0asm\x01\0\0\0".to_vec(), "core-module"),
    ] {
        let refused = engine.admit(&bytes).await.unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
    }
}

#[tokio::test]
async fn components_of_another_world_are_refused_with_what_they_lack_or_want() {
    for (text, code, says) in [
        ("(component)", "missing-export", "santun:plugin/behaviour"),
        ("(component (import \"wasi:http/types@0.2.0\" (instance)))", "import", "santun:plugin/http"),
        ("(component (import \"wasi:cli/environment@0.3.0\" (instance)))", "import", "WASI 0.2"),
        ("(component (import \"acme:door/open@1.0.0\" (instance)))", "import", "acme:door/open"),
        ("(component (import \"santun:plugin/history@0.2.0\" (instance)))", "contract", "supports 0.1"),
    ] {
        let refused = Engine::inspect(&wat::parse_str(text).unwrap()).unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
        assert!(refused.to_string().contains(says), "{refused}");
    }
}

#[tokio::test]
async fn a_configuration_that_does_not_fit_is_refused_with_the_place() {
    let engine = engine();
    let revision = engine.admit(&guest("hostile")).await.unwrap();
    let refused = engine.ready(revision.clone(), config(json!({"note": 7}))).await.unwrap_err();
    assert!(refused.to_string().contains("config.note must be string"), "{refused}");
    let refused = engine.ready(revision, config(json!({"prepare": "error"}))).await.unwrap_err();
    assert_eq!(refused.code(), "config");
    assert!(refused.to_string().contains("line 3"), "{refused}");
}

#[tokio::test]
async fn a_plugin_that_fails_its_own_example_is_refused() {
    let engine = engine();
    let revision = engine.admit(&guest("hostile")).await.unwrap();
    let refused = engine.ready(revision, config(json!({"check": "trap"}))).await.unwrap_err();
    assert_eq!(refused.code(), "check");
    assert!(refused.to_string().contains("the check was told to"), "{refused}");
}

#[tokio::test]
async fn compiled_code_is_kept_and_a_forged_file_is_never_mapped() {
    let folder = tempfile::tempdir().unwrap();
    let settings = || EngineSettings { cache: Some(folder.path().into()), ..settings() };
    let bytes = guest("hostile");
    Engine::new(settings()).unwrap().admit(&bytes).await.unwrap();
    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let kept = std::fs::read(&file).unwrap();
    let mut forged = kept.clone();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    std::fs::write(&file, &forged).unwrap();
    let engine = Engine::new(settings()).unwrap();
    let revision = engine.admit(&bytes).await.unwrap();
    assert_ne!(std::fs::read(&file).unwrap(), forged, "it is compiled again and replaced");
    assert!(engine.ready(revision, setup("again")).await.is_ok());
    let other = Engine::new(EngineSettings { cache_key: [9; 32], ..settings() }).unwrap();
    assert!(other.admit(&bytes).await.is_ok(), "another host's key: compiled again");
}

#[tokio::test]
async fn an_operator_is_told_of_grants_that_are_missing_or_useless() {
    let engine = engine();
    let mut setup = setup("granted");
    setup.grants.customer = vec![CustomerGrant::Name];
    let plugin = hostile(&engine, setup).await;
    assert!(plugin.notes().iter().any(|note| note.contains("customer.phone")), "{:?}", plugin.notes());
    assert!(!plugin.notes().iter().any(|note| note.contains("customer.name")));
}
