//! A folder for a row's databases, beside the figures, so that it is on a real disk.

use std::path::Path;

use super::{Asked, Failure};

/// Makes it; it goes when it is dropped.
pub(super) fn folder(asked: &Asked) -> Result<tempfile::TempDir, Failure> {
    let parent = match asked.out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(parent)?;
    // Settings hold paths, and a child process may start elsewhere.
    Ok(tempfile::Builder::new().prefix("bench-").tempdir_in(parent.canonicalize()?)?)
}

/// Reads a file, and says how to get it if it is not there.
pub(super) fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| format!("{}: {error} (`make bench` builds it)", path.display()).into())
}
