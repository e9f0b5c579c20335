//! The phone in the browser: what can be tested of it without one.

use std::path::Path;
use std::process::Command;

use crate::support::Scene;

#[tokio::test]
async fn the_phones_own_tests_pass_in_node() {
    let scene = Scene::start().await;
    scene.budi().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/phone");
    let mut node = Command::new("node");
    node.args(["--test", "order.test.js", "plan.test.js"]).current_dir(folder).env("EMULATOR", scene.url(""));
    let ran = tokio::task::spawn_blocking(move || node.output()).await.expect("a thread");
    let ran = ran.expect("Node.js runs the phone's tests: install it (20.19 or newer)");
    let said = [ran.stdout, ran.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).join("\n");
    assert!(ran.status.success() && said.contains("tests 4"), "{said}");
}
