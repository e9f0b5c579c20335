//! Plugins change while messages flow.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Method;
use santun_tests::lab::{Lab, Phone, Plan, echo, eventually, revision};
use santun_tests::shipped;
use serde_json::{Value, json};
use tokio::time::sleep;

/// Which revision answered: the letter after `Gema`.
fn letter(text: &str) -> Option<char> {
    text.split_once("Gema ").and_then(|(_, rest)| rest.chars().next())
}

async fn write_until(stop: Arc<AtomicBool>, phone: Phone, customer: String) -> u32 {
    let mut written = 0;
    while !stop.load(Ordering::Relaxed) && written < 30 {
        phone.writes(&customer, &format!("nomor {written}.")).await;
        written += 1;
        sleep(Duration::from_millis(150)).await;
    }
    written
}

/// The revision that is served, as its SHA-256.
async fn served(lab: &Lab) -> String {
    let (status, plugins) = lab.api(Method::GET, "/plugins", None).await;
    assert_eq!(status, 200, "{plugins}");
    plugins[0]["revision"].as_str().expect("a revision").to_owned()
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_traffic_answers_change_between_two_steps_and_none_is_lost() {
    let lab = Lab::serving(Plan::default()).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for at in 0..6 {
        let customer = lab.phone.customer(&format!("Pelanggan {at}"), &format!("62811300{at:05}")).await;
        writers.push((customer.clone(), tokio::spawn(write_until(stop.clone(), lab.phone.clone(), customer))));
    }
    lab.phone.hears(&writers[0].0, "Gema A").await;
    lab.write("b.wasm", revision('B'));
    let installed = lab.santun(&["plugin", "install", "b.wasm", "--name", "echo"]).await;
    assert_eq!(installed.code, 0, "{installed:?}");
    lab.phone.hears(&writers[0].0, "Gema B").await;
    sleep(Duration::from_millis(300)).await;
    let back = lab.santun(&["plugin", "rollback", "echo"]).await;
    assert_eq!(back.code, 0, "{back:?}");
    sleep(Duration::from_millis(500)).await;
    stop.store(true, Ordering::Relaxed);
    for (customer, writer) in writers {
        let written = writer.await.expect("the customer wrote");
        let last = format!("nomor {}.", written - 1);
        lab.phone.hears(&customer, &last).await;
        let answers = lab.phone.answers(&customer).await;
        for number in 0..written {
            let of_it = answers.iter().filter(|entry| entry.text().contains(&format!("nomor {number}."))).count();
            assert_eq!(of_it, 1, "number {number} of {customer} is answered once");
        }
        let mut letters: Vec<char> = answers.iter().filter_map(|entry| letter(entry.text())).collect();
        letters.dedup();
        assert_eq!(letters, ['A', 'B', 'A'], "{customer}: each revision until the next");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_serve_is_rejected_with_the_reason_and_the_old_one_goes_on() {
    let lab = Lab::serving(Plan::default()).await;
    let customer = lab.phone.customer("Rina", "628113100001").await;
    let cut = echo()[..echo().len() / 2].to_vec();
    let files: [(&str, Vec<u8>, &str); 5] = [
        ("cut.wasm", cut, "not a valid WebAssembly component"),
        ("text.wasm", b"not wasm at all".to_vec(), "not a valid WebAssembly component"),
        ("module.wasm", b"\0asm\x01\0\0\0".to_vec(), "core module"),
        ("world.wasm", b"\0asm\x0d\0\x01\0".to_vec(), "not a Santun plugin"),
        ("refuses.wasm", revision('X'), "the check before activation failed"),
    ];
    for (at, (file, bytes, reason)) in files.into_iter().enumerate() {
        lab.write(file, &bytes);
        let refused = lab.santun(&["plugin", "install", file, "--name", "echo"]).await;
        assert_eq!(refused.code, 1, "{file}: {refused:?}");
        assert!(refused.err.contains(reason), "{file}: {refused:?}");
        let words = format!("setelah {at}.");
        lab.phone.writes(&customer, &words).await;
        assert_eq!(letter(lab.phone.hears(&customer, &words).await.text()), Some('A'));
    }
    let unknown = lab.santun(&["plugin", "install", "cut.wasm", "--name", "ekho"]).await;
    assert!(unknown.code == 1 && unknown.err.contains("there are: echo"), "{unknown:?}");
    assert_eq!(served(&lab).await, sha256(echo()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roll_back_and_what_is_served_survive_a_restart_whatever_lies_in_the_folder() {
    let mut lab = Lab::serving(Plan::default()).await;
    let customer = lab.phone.customer("Rina", "628113200001").await;
    let nothing = lab.santun(&["plugin", "rollback", "echo"]).await;
    assert!(nothing.code == 1 && nothing.err.contains("no earlier revision"), "{nothing:?}");
    for letter in ['B', 'C'] {
        lab.write("next.wasm", revision(letter));
        let installed = lab.santun(&["plugin", "install", "next.wasm", "--name", "echo"]).await;
        assert_eq!(installed.code, 0, "{installed:?}");
    }
    let back = lab.santun(&["plugin", "rollback", "echo"]).await;
    assert_eq!(back.code, 0, "{back:?}");
    assert_eq!(served(&lab).await, sha256(&revision('B')));
    lab.write("plugins/dist/echo.wasm", revision('D'));
    lab.stop().await;
    lab.serve().await;
    lab.ready().await;
    assert_eq!(served(&lab).await, sha256(&revision('B')));
    std::fs::remove_file(lab.folder.join("plugins/dist/echo.wasm")).expect("it was there");
    lab.kill().await;
    lab.serve().await;
    lab.ready().await;
    lab.phone.writes(&customer, "masih ada.").await;
    assert_eq!(letter(lab.phone.hears(&customer, "masih ada.").await.text()), Some('B'));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_file_is_served_only_if_it_is_watched_and_right() {
    let watched = Plan { settings: "[plugins]\nwatch = true\n".to_owned(), ..Plan::default() };
    let lab = Lab::serving(watched).await;
    let customer = lab.phone.customer("Rina", "628113300001").await;
    lab.write("plugins/dist/echo.wasm", revision('B'));
    let b = sha256(&revision('B'));
    eventually("B is served", async || (served(&lab).await == b).then_some(())).await;
    lab.write("plugins/dist/echo.wasm", b"half a file");
    eventually("the rejection is logged", async || lab.log().contains("was rejected").then_some(())).await;
    assert_eq!(served(&lab).await, b);
    lab.phone.writes(&customer, "halo kawan.").await;
    assert_eq!(letter(lab.phone.hears(&customer, "halo kawan.").await.text()), Some('B'));
    lab.write("plugins/dist/echo.wasm", revision('C'));
    let c = sha256(&revision('C'));
    eventually("C is served", async || (served(&lab).await == c).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_rolled_back_comes_back_only_when_its_own_file_changes() {
    let watched = Plan { settings: "[plugins]\nwatch = true\n".to_owned(), ..Plan::default() };
    let lab = Lab::serving(watched).await;
    let serves = async |letter| {
        let whole = sha256(&revision(letter));
        eventually(&format!("{letter} is served"), async || (served(&lab).await == whole).then_some(())).await;
    };
    lab.write("plugins/dist/echo.wasm", revision('B'));
    serves('B').await;
    let back = lab.santun(&["plugin", "rollback", "echo"]).await;
    assert_eq!(back.code, 0, "{back:?}");
    lab.write("plugins/dist/other.wasm", revision('C'));
    // Longer than it takes to look at the folder.
    sleep(Duration::from_secs(1)).await;
    assert_eq!(served(&lab).await, sha256(echo()));
    lab.write("plugins/dist/echo.wasm", revision('D'));
    serves('D').await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_applies_from_an_old_version_is_told_that_it_has_moved_on() {
    let lab = Lab::serving(Plan::default()).await;
    let (_, versions) = lab.api(Method::GET, "/applied", None).await;
    let first = versions[0]["id"].as_str().expect("an id").to_owned();
    lab.write("next.wasm", revision('B'));
    let installed = lab.santun(&["plugin", "install", "next.wasm", "--name", "echo"]).await;
    assert_eq!(installed.code, 0, "{installed:?}");
    let document = versions[0]["document"].as_str().expect("a document");
    let changed = document.replace("Toko Contoh", "Toko Lain");
    let body = json!({ "document": changed, "base": first });
    let (status, problem) = lab.api(Method::POST, "/applied", Some(body)).await;
    assert_eq!((status, &problem["code"]), (409, &Value::from("moved_on")), "{problem}");
    let refused = lab.santun(&["apply", "--base", &first]).await;
    assert!(refused.code == 1 && refused.err.contains("moved on"), "{refused:?}");
    assert_eq!(served(&lab).await, sha256(&revision('B')));
    let (status, restored) = lab.api(Method::POST, &format!("/applied/{first}/restore"), None).await;
    assert_eq!(status, 200, "{restored}");
    assert_eq!(served(&lab).await, sha256(echo()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_exported_names_what_is_served_and_applying_it_changes_nothing() {
    let lab = Lab::serving(Plan::default()).await;
    let (b, c) = (sha256(&revision('B')), sha256(&revision('C')));
    lab.write("next.wasm", revision('B'));
    let installed = lab.santun(&["plugin", "install", "next.wasm", "--name", "echo"]).await;
    assert_eq!(installed.code, 0, "{installed:?}");
    let exported = lab.santun(&["export"]).await;
    assert!(exported.out.contains(&format!("\"sha256:{b}\"")), "{exported:?}");
    let written = lab.santun(&["export", "--as-written"]).await;
    assert!(written.out.contains("file:echo.wasm") && !written.out.contains(&b), "{written:?}");
    // The folder still has A: `file:` would bring it back.
    lab.write("exported.toml", &exported.out);
    let (_, before) = lab.api(Method::GET, "/applied", None).await;
    let applied = lab.santun(&["apply", "exported.toml", "--json"]).await;
    assert_eq!(applied.code, 0, "{applied:?}");
    let applied: Value = serde_json::from_str(&applied.out).expect("JSON");
    assert_eq!((&applied["changes"], &applied["version"]), (&json!([]), &before[0]["id"]), "{applied}");
    assert_eq!(served(&lab).await, b);

    lab.write("exported.toml", exported.out.replace("Toko Contoh", "Toko Lain"));
    let applied = lab.santun(&["apply", "exported.toml"]).await;
    assert!(applied.code == 0 && applied.out.contains("Toko Lain") && !applied.out.contains("sha256"), "{applied:?}");
    assert_eq!(served(&lab).await, b);
    lab.write("next.wasm", revision('C'));
    let installed = lab.santun(&["plugin", "install", "next.wasm", "--name", "echo"]).await;
    assert_eq!(installed.code, 0, "a document that names a revision names the next one: {installed:?}");
    assert_eq!(served(&lab).await, c);
    assert!(lab.santun(&["export", "--as-written"]).await.out.contains(&c));
    let back = lab.santun(&["plugin", "rollback", "echo"]).await;
    assert_eq!(back.code, 0, "{back:?}");
    assert_eq!(served(&lab).await, b);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_no_roll_back_needs_are_not_kept() {
    let lab = Lab::serving(Plan::default()).await;
    let (_, versions) = lab.api(Method::GET, "/applied", None).await;
    let first = versions[0]["id"].as_str().expect("an id").to_owned();
    for letter in ['B', 'C', 'D', 'E', 'F'] {
        lab.write("next.wasm", revision(letter));
        let installed = lab.santun(&["plugin", "install", "next.wasm", "--name", "echo"]).await;
        assert_eq!(installed.code, 0, "{installed:?}");
    }
    assert_eq!(lab.number_in("santun.db", "SELECT COUNT(*) FROM blobs").await, 5);
    let (status, problem) = lab.api(Method::POST, &format!("/applied/{first}/restore"), None).await;
    assert_eq!((status, &problem["code"]), (409, &Value::from("no_longer_kept")), "{problem}");
    for letter in ['E', 'D', 'C', 'B'] {
        let back = lab.santun(&["plugin", "rollback", "echo"]).await;
        assert_eq!(back.code, 0, "{back:?}");
        assert_eq!(served(&lab).await, sha256(&revision(letter)));
    }
    let further = lab.santun(&["plugin", "rollback", "echo"]).await;
    assert!(further.code == 1 && further.err.contains("the last five are"), "{further:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_customers_the_host_tidies_up_once_what_is_served_stays() {
    let lab = Lab::serving(Plan::default()).await;
    let customer = lab.phone.customer("Rina", "628113700001").await;
    lab.phone.writes(&customer, "halo kawan.").await;
    lab.phone.hears(&customer, "Gema A").await;
    for letter in ['B', 'C', 'D', 'E', 'F', 'G'] {
        lab.write("next.wasm", revision(letter));
        let installed = lab.santun(&["plugin", "install", "next.wasm", "--name", "echo"]).await;
        assert_eq!(installed.code, 0, "{installed:?}");
    }
    let compiled = || {
        let files = std::fs::read_dir(lab.folder.join("var/compiled")).into_iter().flatten().flatten();
        files.map(|file| file.file_name().to_string_lossy().into_owned()).collect::<Vec<_>>()
    };
    let served = served(&lab).await;
    eventually("the last five are kept, and the served one's code", async || {
        let blobs = lab.number_in("santun.db", "SELECT COUNT(*) FROM blobs").await;
        (blobs == 5 && compiled().iter().any(|name| name.starts_with(&served))).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_another_plugin_is_remarked_upon_with_the_way_back() {
    let lab = Lab::serving(Plan::default()).await;
    lab.write("next.wasm", revision('B'));
    let same = lab.santun(&["plugin", "install", "next.wasm", "--name", "echo"]).await;
    assert!(same.code == 0 && !same.out.contains('!'), "{same:?}");
    let menu = shipped().join("menu.wasm");
    let other = lab.santun(&["plugin", "install", &menu.to_string_lossy(), "--name", "echo"]).await;
    assert!(other.code == 0, "{other:?}");
    for word in ["! plugin `echo`", "calls itself `echo`", "calls itself `menu`", "santun plugin rollback echo"] {
        assert!(other.out.contains(word), "{word}: {other:?}");
    }
}
