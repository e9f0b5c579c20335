//! Backups: taken while customers write, restored onto a machine that has lost everything.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use reqwest::Method;
use santun_tests::lab::{Crowd, Lab, Plan, Said, bot, eventually, seeded};
use serde_json::{Value, json};
use tokio::time::sleep;

/// Everything that a disk held, but for what operators keep elsewhere: the settings and their secrets.
const LOST: [&str; 8] = [
    "santun.db",
    "santun.db-wal",
    "santun.db-shm",
    "santun-keys.db",
    "santun-keys.db-wal",
    "santun-keys.db-shm",
    "bot.toml",
    "plugins/dist/echo.wasm",
];

fn lose(lab: &Lab, names: &[&str]) {
    for name in names {
        let _ = std::fs::remove_file(lab.folder.join(name));
    }
}

fn refused(said: &Said, because: &str) {
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains(because), "{said:?}");
}

fn done(said: &Said) -> &Said {
    assert_eq!(said.code, 0, "{said:?}");
    said
}

/// Id and words of everything that customers have written.
async fn written(lab: &Lab) -> Vec<(String, String)> {
    let mut written = Vec::new();
    for whole in lab.conversations().await {
        for turn in whole["turns"].as_array().into_iter().flatten().filter(|turn| turn["by"] == "customer") {
            written.push((turn["id"].to_string(), turn["text"].to_string()));
        }
    }
    written
}

fn of_contact(conversation: &Value) -> String {
    conversation["conversation"]["contact"].as_str().expect("the contact's id").to_owned()
}

fn modes(folder: &Path) -> Vec<(String, u32)> {
    let entries = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry"));
    let mode = |entry: &std::fs::DirEntry| entry.metadata().expect("its mode").permissions().mode() & 0o777;
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), mode(&entry))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_traffic_brings_back_all_that_was_acknowledged_before_it() {
    let mut rng = seeded();
    let mut lab = Lab::serving(Plan::default()).await;
    let witness = lab.phone.customer("Saksi", "628114000001").await;
    lab.phone.writes(&witness, "sebelum.").await;
    lab.phone.hears(&witness, "sebelum.").await;
    // Of two answers one is being sent, and one waits behind it, when the backup is taken. Both arrive afterwards.
    let patient = lab.phone.customer("Sabar", "628114000002").await;
    lab.phone.fault(&patient, 1, json!({ "kind": "stall", "ms": 4_000 })).await;
    lab.phone.writes(&patient, "satu.").await;
    lab.phone.writes(&patient, "dua.").await;
    eventually("one answer waits for another", async || {
        let waiting = "SELECT COUNT(*) FROM outbox WHERE state = 'queued'";
        (lab.number_in("santun.db", waiting).await > 0).then_some(())
    })
    .await;
    let crowd = Crowd::of(&lab, 12, "Ramai", 4100).await;
    let writing = crowd.keep_writing(&mut rng);
    sleep(Duration::from_millis(500)).await;

    let before = written(&lab).await;
    let taken = lab.santun(&["backup", "copies/data", "--keys", "copies/keys"]).await;
    assert!(done(&taken).out.contains("never copied: the master key"), "{taken:?}");

    lab.phone.hears(&patient, "dua.").await;
    writing.stop().await;
    let answers = lab.phone.answers(&patient).await.len();
    lab.kill().await;
    let master_key = std::fs::read(lab.folder.join("master.key")).expect("the master key");
    lose(&lab, &LOST);
    lose(&lab, &["master.key"]);

    let whole = ["restore", "copies/data", "--keys", "copies/keys"];
    refused(&lab.santun(&whole).await, "the master key is missing");
    assert!(!lab.folder.join("master.key").exists(), "restoring makes no new one");
    lab.write("master.key", &master_key);
    refused(&lab.santun(&whole).await, "chmod 600");
    std::fs::set_permissions(lab.folder.join("master.key"), PermissionsExt::from_mode(0o600)).expect("its mode");
    refused(&lab.santun(&whole[..2]).await, "the keys are missing");
    let restored = lab.santun(&whole).await;
    assert!(done(&restored).out.contains("persons are back"), "{restored:?}");

    lab.serve().await;
    lab.ready().await;
    let after = written(&lab).await;
    assert!(before.len() > 3, "{before:?}");
    for turn in &before {
        assert!(after.contains(turn), "{turn:?} was acknowledged before the backup, and is not there:\n{after:?}");
    }
    let conversation = lab.conversation("Saksi").await.expect("the conversation")["line"]["id"].clone();
    lab.phone.writes(&witness, "sesudah.").await;
    lab.phone.hears(&witness, "sesudah.").await;
    assert_eq!(lab.conversation("Saksi").await.expect("the conversation")["line"]["id"], conversation);
    // What waited when the backup was taken was sent since: it is not sent again.
    sleep(Duration::from_secs(2)).await;
    assert_eq!(lab.phone.answers(&patient).await.len(), answers);
    assert_eq!(lab.phone.stats().await["duplicate_sends"], 0);
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_forgotten_stays_forgotten_whichever_copy_is_older() {
    let mut lab = Lab::serving(Plan::default()).await;
    let known = lab.phone.customer("Tetap", "628114000011").await;
    let customer = lab.phone.customer("Pergi", "628114000012").await;
    for who in [&known, &customer] {
        lab.phone.writes(who, "rahasia.").await;
        lab.phone.hears(who, "rahasia.").await;
    }
    let before = lab.conversation("Pergi").await.expect("the conversation");
    done(&lab.santun(&["backup", "old", "--keys", "old-keys"]).await);
    done(&lab.santun(&["contact", "forget", &of_contact(&before), "--yes"]).await);
    done(&lab.santun(&["backup", "new"]).await);

    lab.stop().await;
    // Older data, and the keys of this machine: they know.
    let restored = lab.santun(&["restore", "old", "--replace"]).await;
    assert!(done(&restored).out.contains("1 persons in the data have no key"), "{restored:?}");
    gone(&mut lab, &before).await;

    lab.stop().await;
    // Newer data, and older keys: the data knows.
    lose(&lab, &["santun-keys.db", "santun-keys.db-wal", "santun-keys.db-shm"]);
    let restored = lab.santun(&["restore", "new", "--keys", "old-keys", "--replace"]).await;
    assert!(done(&restored).out.contains("forgotten again"), "{restored:?}");
    gone(&mut lab, &before).await;
    lab.phone.writes(&customer, "halo lagi.").await;
    lab.phone.hears(&customer, "halo lagi.").await;
    let now = lab.conversation("Pergi").await.expect("a new conversation");
    assert_ne!(of_contact(&now), of_contact(&before), "whoever writes again is somebody new");
    lab.stop().await;
}

/// The host serves, knows everybody else, and nothing of this conversation is there.
async fn gone(lab: &mut Lab, conversation: &Value) {
    lab.serve().await;
    lab.ready().await;
    assert!(lab.conversation("Tetap").await.is_some(), "who was not forgotten is there");
    assert!(lab.conversation("Pergi").await.is_none());
    let (status, _) = lab.api(Method::GET, &format!("/contacts/{}", of_contact(conversation)), None).await;
    assert_eq!(status, 404);
    let persons = "SELECT COUNT(*) FROM contacts WHERE person IS NOT NULL";
    assert_eq!(lab.number_in("santun.db", persons).await, 1, "nothing of them is left in the data");
    assert_eq!(lab.number_in("santun-keys.db", "SELECT COUNT(*) FROM contact_keys").await, 1, "nor their key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_holds_no_keys_and_is_for_its_owner_alone() {
    let mut lab = Lab::serving(Plan { bot: bot(0), ..Plan::default() }).await;
    let customer = lab.phone.customer("Rahma", "628114000021").await;
    lab.phone.writes(&customer, "halo.").await;
    lab.phone.hears(&customer, "halo.").await;
    for keys in ["data/keys", "."] {
        let said = lab.santun(&["backup", "data", "--keys", keys]).await;
        assert_eq!(said.code, 1, "the keys lie with the data, or with something else: {said:?}");
        let _ = std::fs::remove_dir_all(lab.folder.join("data"));
    }
    done(&lab.santun(&["backup", "data", "--keys", "keys"]).await);
    refused(&lab.santun(&["backup", "data"]).await, "is not empty");
    let mut files = modes(&lab.folder.join("data"));
    files.sort();
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["manifest.json", "santun.db", "santun.toml"]);
    assert!(files.iter().all(|(_, mode)| *mode == 0o600), "{files:?}");
    let keys = "SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE '%key%'";
    assert_eq!(lab.number_in("data/santun.db", keys).await, 0);
    let manifest = std::fs::read(lab.folder.join("data/manifest.json")).expect("the manifest");
    let manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
    assert_eq!(manifest["santun"], env!("CARGO_PKG_VERSION"));
    assert!(manifest["migration"].as_i64().is_some_and(|migration| migration >= 1), "{manifest}");

    // Of the keys there is the latest copy alone.
    done(&lab.santun(&["backup", "data-2", "--keys", "keys"]).await);
    let files = modes(&lab.folder.join("keys"));
    assert_eq!(files.iter().filter(|(name, _)| name.ends_with(".db")).count(), 1, "{files:?}");
    assert!(files.iter().all(|(_, mode)| *mode == 0o600), "{files:?}");
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_that_would_do_harm_is_refused_and_changes_nothing() {
    let mut lab = Lab::serving(Plan::default()).await;
    let customer = lab.phone.customer("Yani", "628114000031").await;
    lab.phone.writes(&customer, "halo.").await;
    lab.phone.hears(&customer, "halo.").await;
    done(&lab.santun(&["backup", "data", "--keys", "keys"]).await);

    refused(&lab.santun(&["restore", "data", "--replace"]).await, "another host serves");
    lab.stop().await;
    refused(&lab.santun(&["restore", "data"]).await, "--replace");
    refused(&lab.santun(&["restore", "data", "--keys", "keys", "--replace"]).await, "there are keys at");
    refused(&lab.santun(&["restore", "keys"]).await, "holds keys, and not data");
    refused(&lab.santun(&["restore", "."]).await, "holds no whole backup");
    let master_key = std::fs::read(lab.folder.join("master.key")).expect("the master key");
    std::fs::write(lab.folder.join("master.key"), "ab".repeat(32)).expect("another one");
    refused(&lab.santun(&["restore", "data", "--replace"]).await, "is another one");
    std::fs::write(lab.folder.join("master.key"), master_key).expect("the right one");
    let mut bytes = std::fs::read(lab.folder.join("data/santun.db")).expect("the data");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(lab.folder.join("data/santun.db"), bytes).expect("damage");
    refused(&lab.santun(&["restore", "data", "--replace"]).await, "SHA-256");

    lab.serve().await;
    lab.ready().await;
    assert!(lab.conversation("Yani").await.is_some(), "what was there is there");
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_that_makes_way_is_put_aside_and_secrets_that_are_missing_are_named() {
    let mut lab = Lab::serving(Plan::default()).await;
    done(&lab.santun(&["backup", "data"]).await);
    lab.stop().await;
    let restored = lab.santun_with(&["restore", "data", "--replace"], &[("LAB_APP_SECRET", "")]).await;
    assert!(done(&restored).out.contains("missing before a host can serve it: whatsapp.app_secret"), "{restored:?}");
    let aside = modes(&lab.folder).into_iter().filter(|(name, _)| name.starts_with("santun.db.replaced-")).count();
    assert_eq!(aside, 1, "{restored:?}");
    lab.serve().await;
    lab.ready().await;
    lab.stop().await;
}
