//! Databases that an earlier version of the program left behind: this one goes on with them.
//!
//! Each folder of `tests/databases` was written by `keep_database` (see tests/README.md) before a migration was added,
//! and is never changed afterwards.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

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
