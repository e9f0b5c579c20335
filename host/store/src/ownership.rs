//! Whose files are: an operator who works as root must not leave files behind that the host, which does not run as
//! root, cannot open.

use std::path::Path;

/// Gives a new file to whoever owns the folder that it is in. Without the right to do so nothing happens: then
/// the file belongs to who made it, as files do.
pub fn as_the_folder(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, chown};
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (Ok(folder), Ok(file)) = (std::fs::metadata(folder), std::fs::metadata(path)) else { return };
        if (folder.uid(), folder.gid()) != (file.uid(), file.gid())
            && let Err(error) = chown(path, Some(folder.uid()), Some(folder.gid()))
        {
            tracing::debug!(path = %path.display(), %error, "the file keeps the owner that it has");
        }
    }
}
