//! References to secrets: `env:NAME` or `file:path`, never the secret itself.

use crate::bot::reading::Value;

/// A reference to a secret. What was written in its place is not repeated: it may be the secret.
pub(super) fn read(value: &Value<'_, '_>) -> Option<String> {
    let text = value.filled_text()?;
    let named = match text.split_once(':') {
        Some(("env", name)) => {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        }
        Some(("file", path)) => !path.trim().is_empty(),
        _ => false,
    };
    if !named {
        value.problem("a secret is given by reference, as `env:NAME` or `file:path`, never by itself");
        return None;
    }
    Some(text)
}
