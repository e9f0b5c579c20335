//! `santun doctor` on real set-ups: all is well, or something is truly wrong, and the line about it names the fix.

mod damage;
mod webhooks;

use std::os::unix::fs::PermissionsExt as _;

use reqwest::Method;
use santun_tests::lab::{Lab, NUMBER, Plan, Said, bot, eventually, revision};
use serde_json::{Value, json};

const ACCOUNT: &str = "102290129340398";

/// A set-up in which nothing is wrong.
async fn sound() -> Lab {
    let lab = Lab::serving(Plan { bot: bot(0), ..Plan::default() }).await;
    furnish(&lab).await;
    lab
}

async fn furnish(lab: &Lab) {
    for command in [&["user", "add", "rina", "--name", "Rina"][..], &["agent", "available", "--as", "rina"]] {
        let said = lab.santun(command).await;
        assert_eq!(said.code, 0, "{said:?}");
    }
    mode(lab, "access-token", 0o600);
    subscribed(lab).await;
}

/// WhatsApp asks the host for the handshake in its own time.
async fn subscribed(lab: &Lab) {
    eventually("the app is subscribed", async || {
        let said = lab.santun(&["doctor"]).await;
        said.out
            .lines()
            .any(|line| line.starts_with("ok ") && line[6..].trim().starts_with("subscription"))
            .then_some(())
    })
    .await;
}

fn mode(lab: &Lab, file: &str, mode: u32) {
    let path = lab.folder.join(file);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("the mode is set");
}

/// Puts something else into santun.toml.
fn change(lab: &Lab, from: &str, to: &str) {
    let text = std::fs::read_to_string(lab.folder.join("santun.toml")).expect("santun.toml");
    assert!(text.contains(from), "{text}");
    lab.write("santun.toml", text.replace(from, to));
}

fn public_url(lab: &Lab) -> String {
    format!("public_url = \"http://{}\"", lab.listen)
}

/// The line about a check that is not well.
fn line<'a>(said: &'a Said, state: &str, check: &str, words: &str) -> &'a str {
    let found = said
        .out
        .lines()
        .find(|line| line.starts_with(state) && line[6..].trim().starts_with(check) && line.contains(words));
    found.unwrap_or_else(|| panic!("no line {state} {check} with {words:?}:\n{}\n{}", said.out, said.err))
}

/// The doctor finds a fault there, says so with these words, and names this fix.
async fn finds(lab: &Lab, check: &str, words: &str, fix: &str) {
    let said = lab.santun(&["doctor"]).await;
    let line = line(&said, "FAULT", check, words);
    println!("{line}");
    let (_, named) = line.split_once("Fix: ").unwrap_or_else(|| panic!("it names no fix: {line}"));
    assert!(named.contains(fix), "another fix: {line}");
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("fault"), "{said:?}");
}

/// The doctor warns there, and names this fix; that alone is no failure.
async fn warns(lab: &Lab, check: &str, words: &str, fix: &str) {
    let said = lab.santun(&["doctor"]).await;
    let line = line(&said, "warn", check, words);
    println!("{line}");
    assert!(line.split_once("Fix: ").is_some_and(|(_, named)| named.contains(fix)), "{line}");
    assert_eq!(said.code, 0, "{said:?}");
}

async fn well(lab: &Lab) {
    let said = lab.santun(&["doctor"]).await;
    assert!(said.out.lines().count() > 8, "{said:?}");
    for line in said.out.lines() {
        assert!(line.starts_with("ok "), "{line}");
    }
    assert_eq!((said.code, said.err.as_str()), (0, ""));
}

async fn stands(lab: &Lab, what: &str, how: Value) {
    lab.phone.call(Method::PUT, &format!("/standing/{what}"), Some(how)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sound_set_up_is_all_well() {
    let mut lab = sound().await;
    well(&lab).await;
    let said = lab.santun(&["doctor", "--json", "--deep"]).await;
    let report: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!((&report["faults"], &report["warnings"]), (&json!(0), &json!(0)), "{report}");
    let checks: Vec<&str> =
        report["findings"].as_array().expect("findings").iter().filter_map(|f| f["check"].as_str()).collect();
    for check in [
        "secrets",
        "host",
        "disk",
        "database",
        "keys",
        "master key",
        "bot",
        "staff",
        "plugin",
        "clock",
        "token",
        "app secret",
        "number",
        "subscription",
        "webhook",
    ] {
        assert!(checks.contains(&check), "{check} was not looked at: {checks:?}");
    }
    // Without a host, what only a host can show is left open, and the rest is looked at all the same.
    lab.stop().await;
    warns(&lab, "host", "none is running", "santun serve").await;
    let said = lab.santun(&["doctor"]).await;
    assert!(line(&said, "ok", "plugin", "echo").contains("compiles"), "{said:?}");
    assert!(line(&said, "ok", "token", "utama").contains("does not expire"), "{said:?}");
    let before = std::fs::read_dir(&lab.folder).expect("the folder").count();
    lab.santun(&["doctor"]).await;
    assert_eq!(std::fs::read_dir(&lab.folder).expect("the folder").count(), before, "it leaves nothing behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_does_not_work_or_will_not_is_found() {
    let lab = sound().await;
    let clock = lab.phone.call(Method::GET, "/clock", None).await;
    let now = clock["now_ms"].as_i64().expect("a time") / 1_000;
    stands(&lab, "token", json!({ "expires_at": now + 3 * 3_600 })).await;
    warns(&lab, "token", "for 2 hours more", "System users").await;
    stands(&lab, "token", json!({ "scopes": ["whatsapp_business_management"] })).await;
    finds(&lab, "token", "lacks the permission whatsapp_business_messaging", "Generate token").await;
    stands(&lab, "token", json!({ "expires_at": now - 60 })).await;
    finds(&lab, "token", "Session has expired", "never expires").await;
    stands(&lab, "token", json!({})).await;
    lab.set_access_token("another");
    finds(&lab, "token", "code 190", "put it into file:access-token").await;
    std::fs::remove_file(lab.folder.join("access-token")).expect("it was there");
    finds(&lab, "secrets", "whatsapp.access_token", "write the secret into").await;
    lab.restore_access_token();
    mode(&lab, "access-token", 0o644);
    warns(&lab, "secrets", "can be read by others", "chmod 600").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_secrets_are_found() {
    let lab = sound().await;
    let said = lab.santun_with(&["doctor"], &[("LAB_APP_SECRET", "of another app")]).await;
    let app = line(&said, "FAULT", "app secret", "env:LAB_APP_SECRET is not the secret");
    assert!(app.contains("Fix: copy it from Meta's dashboard"), "{app}");
    assert!(line(&said, "FAULT", "webhook", "401").contains("X-Hub-Signature-256"), "{said:?}");
    let said = lab.santun_with(&["doctor"], &[("LAB_VERIFY_TOKEN", "another")]).await;
    assert!(line(&said, "FAULT", "webhook", "403").contains("restart the host if whatsapp.verify_token"), "{said:?}");
    let said = lab.santun_with(&["doctor"], &[("LAB_APP_SECRET", "")]).await;
    assert!(line(&said, "FAULT", "secrets", "LAB_APP_SECRET").contains("set LAB_APP_SECRET"), "{said:?}");
    assert_eq!(said.code, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_stands_badly_is_found() {
    let lab = sound().await;
    let number = format!("numbers/{NUMBER}");
    stands(&lab, &number, json!({ "status": "DISCONNECTED" })).await;
    finds(&lab, "number", "not connected: DISCONNECTED", "register the number").await;
    stands(&lab, &number, json!({ "status": "BANNED" })).await;
    finds(&lab, "number", "not connected: BANNED", "ask for a review").await;
    stands(&lab, &number, json!({ "quality_rating": "RED" })).await;
    warns(&lab, "number", "quality RED", "what customers block").await;
    stands(&lab, &number, json!({ "name_status": "DECLINED" })).await;
    warns(&lab, "number", "display name (Toko Contoh) is DECLINED", "choose a display name").await;
    stands(&lab, &number, json!({})).await;
    let faster = bot(0).replace("typing = false", "typing = false\nmessages_per_second = 200");
    lab.write("bot.toml", &faster);
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    warns(&lab, "number", "bot.toml says 200", "messages_per_second to 80").await;
    lab.write("bot.toml", bot(0).replace(NUMBER, "100000000000001"));
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    finds(&lab, "number", "does not exist", "compare the channel's phone_number_id").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graph_that_is_not_there_and_a_clock_that_is_wrong_are_found() {
    let lab = sound().await;
    lab.phone.call(Method::POST, "/clock", Some(json!({ "seconds": 20 }))).await;
    warns(&lab, "clock", "behind the Graph's", "set-ntp").await;
    lab.phone.call(Method::POST, "/clock", Some(json!({ "minutes": 10 }))).await;
    finds(&lab, "clock", "behind the Graph's", "timedatectl").await;
    let graph = lab.graph_address();
    change(&lab, &graph, "http://127.0.0.1:1");
    finds(&lab, "token", "cannot be reached", "let this machine reach http://127.0.0.1:1").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plugins_that_are_gone_or_rest_are_found() {
    let mut lab = sound().await;
    let echo = std::fs::read(lab.folder.join("plugins/dist/echo.wasm")).expect("the plugin");
    std::fs::remove_file(lab.folder.join("plugins/dist/echo.wasm")).expect("it was there");
    warns(&lab, "plugin", "echo.wasm is gone from", "put it back").await;
    lab.write("plugins/dist/echo.wasm", echo);

    lab.write("trap.wasm", revision('T'));
    let installed = lab.santun(&["plugin", "install", "trap.wasm", "--name", "echo"]).await;
    assert_eq!(installed.code, 0, "{installed:?}");
    // Whoever met a plugin that failed may be waiting for a human by now: each message is another customer's.
    for nth in 0..12 {
        let customer = lab.phone.customer("Budi", &format!("62812345670{nth:02}")).await;
        lab.phone.writes(&customer, "halo").await;
    }
    eventually("the breaker opens", async || {
        lab.metrics().await.contains("santun_plugin_breaker_open{plugin=\"echo\"} 1").then_some(())
    })
    .await;
    finds(&lab, "plugin", "its breaker is open", "santun plugin rollback echo").await;
    lab.stop().await;

    lab.run_in("santun.db", "DELETE FROM blobs").await;
    finds(&lab, "plugin", "is not kept", "santun apply bot.toml").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_before_the_first_start_is_found() {
    let lab = Lab::at_rest(Plan::default()).await;
    mode(&lab, "access-token", 0o600);
    finds(&lab, "bot", "nothing is applied yet", "santun apply").await;
    let said = lab.santun(&["doctor"]).await;
    line(&said, "warn", "database", "there is no");
    line(&said, "warn", "master key", "there is no");
    line(&said, "ok", "plugin", "echo is there and compiles");
    assert!(!lab.folder.join("santun.db").exists() && !lab.folder.join("master.key").exists(), "it makes nothing");
    lab.write("plugins/dist/echo.wasm", "no component");
    finds(&lab, "plugin", "echo", "build it again").await;
    std::fs::remove_file(lab.folder.join("plugins/dist/echo.wasm")).expect("it was there");
    finds(&lab, "plugin", "echo.wasm is not in", "put it there").await;
    std::fs::remove_file(lab.folder.join("bot.toml")).expect("it was there");
    finds(&lab, "bot", "nothing is applied yet", "write a bot.toml").await;
    let taken = std::net::TcpListener::bind(lab.listen).expect("a free port");
    finds(&lab, "host", "none could start", "change `server.listen`").await;
    drop(taken);
    std::fs::remove_file(lab.folder.join("santun.toml")).expect("it was there");
    let said = lab.santun(&["doctor"]).await;
    assert!(said.code == 1 && said.err.contains("santun.toml"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_office_without_agents_is_found() {
    let lab = Lab::serving(Plan::default()).await;
    mode(&lab, "access-token", 0o600);
    subscribed(&lab).await;
    warns(&lab, "staff", "there are no users", "santun user add").await;
    assert_eq!(lab.santun(&["user", "add", "rina", "--name", "Rina"]).await.code, 0);
    warns(&lab, "staff", "none of 1 users is there", "santun agent available").await;
}
