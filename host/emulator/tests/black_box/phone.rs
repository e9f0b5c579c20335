//! The phone in the browser: what can be tested of it without one.

use std::path::Path;
use std::process::Command;

#[test]
fn the_phones_own_tests_pass_in_node() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/phone");
    let ran = Command::new("node").args(["--test", "order.test.js"]).current_dir(folder).output();
    let ran = ran.expect("Node.js runs the phone's tests: install it (20.19 or newer)");
    let said = [ran.stdout, ran.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).join("\n");
    assert!(ran.status.success() && !said.contains("tests 0"), "{said}");
}
