//! Keeps a database of today's version, for the tests of later ones to go on with:
//! `cargo run -p santun-tests --example keep_database -- tests/databases/NAME`, after `make build`.

use std::path::PathBuf;

use santun_tests::lab::{Lab, Plan, bot, eventually};
use serde_json::{Value, json};

const WRITES: (&str, &str) = ("Ayu", "628115000001");
const WAITS: (&str, &str) = ("Bima", "628115000002");
const FORGOTTEN: (&str, &str) = ("Dewa", "628115000003");
const STOPPED: (&str, &str) = ("Cinta", "628115000004");
const SENDS_FILES: (&str, &str) = ("Eka", "628115000005");

macro_rules! counted {
    ($($table:literal)*) => { [$(concat!("SELECT COUNT(*) FROM ", $table)),*] };
}

/// Tables that a later migration may have to take along: each has something in it.
const FILLED: [&str; 17] = counted!(
    "applied" "blobs" "consents" "contacts" "conversations" "events" "identities" "kept" "kept_of" "media" "outbox"
    "plugin_state" "requests" "tokens" "traces" "turns" "users"
);

#[tokio::main]
async fn main() {
    let to = PathBuf::from(std::env::args().nth(1).expect("a new folder, such as tests/databases/0003-labels"));
    std::fs::create_dir(&to).expect("the folder is new");
    // For ten years nothing of it expires.
    let policy = "retention_days = { turns = 3650, media = 3650, recordings = 3650 }\n";
    let mut lab = Lab::serving(Plan { bot: bot(0) + policy, ..Plan::default() }).await;
    assert_eq!(lab.santun(&["user", "add", "rina", "--name", "Rina"]).await.code, 0);
    let token = lab.santun(&["user", "token", "rina"]).await;
    assert_eq!(token.code, 0, "{token:?}");
    let token = token.out.split_whitespace().max_by_key(|word| word.len()).expect("the token").to_owned();
    let mut last = String::new();
    for ((name, number), words) in [
        (WRITES, ["halo kak.", "ada ukuran XL?"].as_slice()),
        (WAITS, &["mau bicara dengan manusia"]),
        (FORGOTTEN, &["lupakan saya."]),
        (STOPPED, &["halo.", "STOP"]),
        (SENDS_FILES, &["#hitung satu."]),
    ] {
        let customer = lab.phone.customer(name, number).await;
        for words in words {
            let before = lab.phone.answers(&customer).await.len();
            lab.phone.writes(&customer, words).await;
            eventually("it is answered", async || (lab.phone.answers(&customer).await.len() > before).then_some(()))
                .await;
        }
        last = customer;
    }
    lab.phone.sends(&last, json!({ "type": "image", "caption": "ini fotonya." })).await;
    lab.phone.sends(&last, json!({ "type": "text", "text": "halo semua.", "group_id": "120363012345678901" })).await;
    lab.write("bot.toml", (bot(0) + policy).replace("Sari", "Sari Dua"));
    assert_eq!(lab.santun(&["apply"]).await.code, 0, "a second version");
    for counted in FILLED {
        eventually(&format!("{counted} finds something"), async || {
            (lab.number_in("santun.db", counted).await > 0).then_some(())
        })
        .await;
    }
    let gone = lab.conversation(FORGOTTEN.0).await.expect("the conversation");
    let contact = gone["conversation"]["contact"].as_str().expect("the contact");
    assert_eq!(lab.santun(&["contact", "forget", contact, "--yes"]).await.code, 0);
    // What becomes of the answers is known before the host ends.
    eventually("nothing is on its way", async || {
        (lab.number_in("santun.db", "SELECT COUNT(*) FROM outbox WHERE state <> 'accepted'").await == 0).then_some(())
    })
    .await;
    let kept = |whole: &Value| {
        let turns = whole["turns"].as_array().expect("turns").iter();
        let turns: Vec<Value> = turns.map(|turn| json!({ "by": turn["by"], "text": turn["text"] })).collect();
        json!({ "name": whole["name"], "line": { "owner": whole["line"]["owner"] }, "turns": turns })
    };
    let conversations: Vec<Value> = lab.conversations().await.iter().map(kept).collect();
    let kept = json!({
        "santun": env!("CARGO_PKG_VERSION"),
        "conversations": conversations,
        "forgotten": FORGOTTEN.0,
        "stopped": STOPPED.0,
        "photo": SENDS_FILES.0,
        "token": token,
        "versions": 2,
        "migration": lab.number_in("santun.db", "SELECT MAX(version) FROM _sqlx_migrations").await,
        "writes": { "name": WRITES.0, "phone": WRITES.1 },
    });
    lab.stop().await;
    for name in ["santun.db", "santun-keys.db", "master.key"] {
        std::fs::copy(lab.folder.join(name), to.join(name)).expect(name);
    }
    let text = serde_json::to_string_pretty(&kept).expect("JSON") + "\n";
    std::fs::write(to.join("kept.json"), text).expect("kept.json");
    println!("{} is kept", to.display());
}
