//! Where the programs are that tests run.

use std::path::{Path, PathBuf};

/// A program that tests run is not built.
#[derive(Debug, thiserror::Error)]
#[error("there is no program `{name}` at {path}: build it with `make build`, or name it with {variable}")]
pub struct MissingProgram {
    name: String,
    path: PathBuf,
    variable: String,
}

/// The path of a program of this workspace: what `SANTUN_BIN` (for `santun`) and its like name, or what
/// lies in the folder that tests are built into.
///
/// # Errors
/// When it is not there.
pub fn program(name: &str) -> Result<PathBuf, MissingProgram> {
    let variable = match name {
        "santun" => "SANTUN_BIN".to_owned(),
        other => format!("{}_BIN", other.replace('-', "_").to_uppercase()),
    };
    let path = std::env::var_os(&variable).map_or_else(|| beside_the_tests().join(name), PathBuf::from);
    if path.is_file() { Ok(path) } else { Err(MissingProgram { name: name.to_owned(), path, variable }) }
}

/// The folder of the plugins that ship, built: what `SANTUN_PLUGINS` names, or `plugins/dist`.
pub fn shipped() -> PathBuf {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins/dist");
    std::env::var_os("SANTUN_PLUGINS").map_or(dist, PathBuf::from)
}

/// `target/debug`: tests run from `target/debug/deps`.
fn beside_the_tests() -> PathBuf {
    let test = std::env::current_exe().unwrap_or_default();
    let folder = test.parent().filter(|folder| folder.ends_with("deps")).and_then(|folder| folder.parent());
    folder.or_else(|| test.parent()).map(PathBuf::from).unwrap_or_default()
}
