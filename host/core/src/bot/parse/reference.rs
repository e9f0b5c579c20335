//! References to secrets: `env:NAME`, `file:path` or `credential:NAME`, never the secret itself.

use crate::bot::reading::Value;

/// A reference to a secret. What was written in its place is not repeated: it may be the secret.
pub(super) fn read(value: &Value<'_, '_>) -> Option<String> {
    let text = value.filled_text()?;
    let named = match text.split_once(':') {
        Some(("env", name)) => {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        }
        Some(("file", path)) => !path.trim().is_empty(),
        Some(("credential", name)) => !name.trim().is_empty() && !name.starts_with('.') && !name.contains('/'),
        _ => false,
    };
    if !named {
        value.problem(
            "a secret is given by reference, as `env:NAME`, `file:path` or `credential:NAME`, never by itself",
        );
        return None;
    }
    Some(text)
}
