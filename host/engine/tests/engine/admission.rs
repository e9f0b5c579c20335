//! What is admitted, and what is refused with which words.

use std::path::{Path, PathBuf};

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
async fn compiled_code_that_no_kept_revision_needs_is_dropped_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let settings = || EngineSettings { cache: Some(folder.path().into()), ..settings() };
    let engine = Engine::new(settings()).unwrap();
    let (kept, gone) = (guest("hostile"), guest("looping-start"));
    let revision = engine.admit(&kept).await.unwrap();
    engine.admit(&gone).await.unwrap();
    let of_another_engine = folder.path().join(format!("{}-0123456789abcdef.compiled", revision.id()));
    let of_somebody_else = folder.path().join("README");
    for file in [&of_another_engine, &of_somebody_else] {
        std::fs::write(file, "x").unwrap();
    }
    let dropped = engine.tidy_cache([revision.id()].into()).await.unwrap();
    assert_eq!(dropped, 2);
    assert!(!of_another_engine.exists() && of_somebody_else.exists());
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(files.iter().any(|name| name.to_string_lossy().starts_with(&revision.id().to_string())), "{files:?}");
    assert_eq!(files.len(), 2, "{files:?}");
    let again = Engine::new(settings()).unwrap();
    assert!(again.admit(&gone).await.is_ok(), "what comes back is compiled again");
}

#[tokio::test]
async fn every_plugin_that_ships_fits_the_world_and_its_own_schema() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("SANTUN_PLUGINS").map_or_else(|| root.join("plugins/dist"), PathBuf::from);
    let entries = std::fs::read_to_string(root.join("plugins/demo/faq.csv")).unwrap();
    let engine = engine();
    for (name, config) in [
        ("escalation", json!({})),
        ("order-tracking", json!({ "pattern": "TC-#####", "service": "http://127.0.0.1:8090" })),
        ("faq", json!({ "entries": entries })),
        ("menu", json!({})),
    ] {
        let path = folder.join(format!("{name}.wasm"));
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path:?}: {error}; run `make plugins`"));
        let manifest = Engine::inspect(&bytes).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert_eq!(manifest.name, name);
        let revision = engine.admit(&bytes).await.unwrap_or_else(|refused| panic!("{name}: {refused}"));
        // The types of what it exports are compared when it is first instantiated, before it runs.
        let ready = engine.ready(revision, Setup { config, ..setup(name) }).await;
        assert!(ready.is_ok(), "{name}: {}", ready.unwrap_err());
    }
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
