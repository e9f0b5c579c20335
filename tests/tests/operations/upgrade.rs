//! Databases that an earlier version of the program left behind: this one goes on with them.
//!
//! Each folder of `tests/databases` was written by `keep_database` (see tests/README.md) before a migration was added,
//! and is never changed afterwards.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use reqwest::Method;
use santun_tests::lab::{Lab, Plan};
use serde_json::Value;

/// What a kept database consists of, beside `kept.json`: what must be found in it.
const FILES: [&str; 3] = ["santun.db", "santun-keys.db", "master.key"];

fn kept() -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("databases");
    let entries = std::fs::read_dir(all).expect("tests/databases").map(|entry| entry.expect("an entry").path());
    let mut kept: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    kept.sort();
    kept
}

fn said(conversation: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let turns = conversation["turns"].as_array().expect("turns").iter();
    turns.map(|turn| (text(&turn["by"]), text(&turn["text"]))).collect()
}

/// What databases have held since more of it was kept: a refusal, a file, a token, applied versions.
async fn kept_the_rest(lab: &Lab, expected: &Value) {
    if let Some(name) = expected["stopped"].as_str() {
        let whole = lab.conversation(name).await.expect("the conversation");
        let stopped = whole["turns"].as_array().expect("turns").iter().any(|turn| turn["text"] == "STOP");
        let consents = lab.number_in("santun.db", "SELECT COUNT(*) FROM consents").await;
        assert!(stopped && consents > 0, "{name} has stopped: {whole}");
    }
    if let Some(name) = expected["photo"].as_str() {
        let whole = lab.conversation(name).await.expect("the conversation");
        let photo = whole["turns"].as_array().expect("turns").iter().find(|turn| turn["kind"] == "image");
        let turn = photo.and_then(|turn| turn["id"].as_str()).expect("the photo");
        let (status, _) = lab.api(Method::GET, &format!("/turns/{turn}/media"), None).await;
        assert_eq!(status, 200, "the photo of {name} can be looked at");
    }
    if let Some(token) = expected["token"].as_str() {
        let answer = lab.request(Method::GET, "/api/v1/conversations").bearer_auth(token).send().await;
        assert_eq!(answer.expect("an answer").status(), 200, "the token is still good");
    }
    if let Some(versions) = expected["versions"].as_i64() {
        assert_eq!(lab.number_in("santun.db", "SELECT COUNT(*) FROM applied").await, versions);
    }
}

/// Otherwise the next migration would meet no database of the version before it.
#[test]
fn a_database_of_the_latest_migration_but_one_is_kept() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host/store/migrations/sqlite");
    let names = std::fs::read_dir(folder).expect("migrations").map(|entry| entry.expect("an entry").file_name());
    let numbers = names.filter_map(|name| name.to_str()?.split('_').next()?.parse::<i64>().ok());
    let latest = numbers.max().expect("a migration");
    let newest = kept().last().map(|folder| std::fs::read(folder.join("kept.json")).expect("kept.json"));
    let newest: Value = serde_json::from_slice(&newest.expect("a kept database")).expect("JSON");
    let migration = newest["migration"].as_i64().expect("the last migration that it has been through");
    assert!(migration >= latest - 1, "migration {latest} is there, and the newest kept database is of {migration}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_database_of_an_earlier_version_is_gone_on_with() {
    let kept = kept();
    assert!(!kept.is_empty());
    for folder in kept {
        println!("{}", folder.display());
        let mut lab = Lab::at_rest(Plan::default()).await;
        for name in FILES {
            std::fs::copy(folder.join(name), lab.folder.join(name)).expect(name);
        }
        std::fs::set_permissions(lab.folder.join("master.key"), PermissionsExt::from_mode(0o600)).expect("its mode");
        // It serves what it served before, of which nothing lies around any more.
        for lost in ["bot.toml", "plugins/dist/echo.wasm"] {
            std::fs::remove_file(lab.folder.join(lost)).expect(lost);
        }
        lab.serve().await;
        lab.ready().await;
        let expected = std::fs::read(folder.join("kept.json")).expect("kept.json");
        let expected: Value = serde_json::from_slice(&expected).expect("JSON");
        for before in expected["conversations"].as_array().expect("conversations") {
            let name = before["name"].as_str().expect("a name");
            let now = lab.conversation(name).await.unwrap_or_else(|| panic!("the conversation with {name} is gone"));
            // A timer may have gone off since.
            assert!(said(&now).starts_with(&said(before)), "{name}: {now}");
            assert_eq!(now["line"]["owner"], before["line"]["owner"], "{name}");
        }
        let gone = expected["forgotten"].as_str().expect("a name");
        assert!(lab.conversation(gone).await.is_none(), "{gone} was forgotten");
        kept_the_rest(&lab, &expected).await;
        let users = lab.santun(&["user", "list"]).await;
        assert!(users.out.contains("rina"), "{users:?}");

        let name = expected["writes"]["name"].as_str().expect("a name");
        let before = lab.conversation(name).await.expect("the conversation")["line"]["id"].clone();
        let customer = lab.phone.customer(name, expected["writes"]["phone"].as_str().expect("a number")).await;
        lab.phone.writes(&customer, "masih ingat saya?").await;
        lab.phone.hears(&customer, "masih ingat saya?").await;
        let now = lab.conversation(name).await.expect("the conversation");
        assert_eq!(now["line"]["id"], before, "the same person, the same conversation");
        lab.stop().await;
        // The next start finds nothing left to do.
        lab.serve().await;
        lab.ready().await;
        lab.stop().await;
    }
}
