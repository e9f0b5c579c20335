//! Texts and lists, compared and told.

use serde_json::Value;

/// Whether a text contains another, whatever their case.
pub(super) fn has(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

/// Whether all of these are there in this order, perhaps with others between them.
pub(super) fn in_order(expected: &[String], is: &[&str], fits: impl Fn(&str, &str) -> bool) -> bool {
    let mut rest = is.iter();
    expected.iter().all(|expected| rest.any(|is| fits(expected, is)))
}

pub(super) fn strings(value: &Value) -> Vec<&str> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str).collect()
}

pub(super) fn list<T: AsRef<str>>(words: &[T]) -> String {
    if words.is_empty() {
        return "none".to_owned();
    }
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_whatever_their_case_and_in_their_order() {
        assert!(has("Halo Kak", "halo"));
        let expected = ["a".to_owned(), "c".to_owned()];
        assert!(in_order(&expected, &["a", "b", "c"], |expected, is| expected == is));
        assert!(!in_order(&expected, &["c", "a"], |expected, is| expected == is));
    }
}
