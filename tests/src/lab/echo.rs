//! The plugin that says back what it is told, and other revisions of it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const MARK: &[u8] = b"santun-test-echo-mark-";

/// Its bytes, built from source if that has changed. Its answers begin with `Gema A: `.
pub fn echo() -> &'static [u8] {
    static BUILT: OnceLock<Vec<u8>> = OnceLock::new();
    BUILT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--profile", "plugin", "--target", "wasm32-wasip2", "-p", "santun-test-echo"])
            .current_dir(&root)
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo runs");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        std::fs::read(target.join("wasm32-wasip2/plugin/santun_test_echo.wasm")).expect("the plugin was built")
    })
}

/// Another revision, whose answers begin with `Gema <letter>: `; `X` fails its check, and `L`, `T` and `M` pass it
/// and then loop, trap, and take all memory.
pub fn revision(letter: char) -> Vec<u8> {
    let mut bytes = echo().to_vec();
    let mut marks = 0;
    for at in 0..bytes.len().saturating_sub(MARK.len()) {
        if bytes[at..].starts_with(MARK) {
            bytes[at + MARK.len()] = letter as u8;
            marks += 1;
        }
    }
    assert!(marks > 0, "the plugin holds its mark");
    bytes
}
