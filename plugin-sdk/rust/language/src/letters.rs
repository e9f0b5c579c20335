//! Beginnings and endings of words. They have a few letters: comparing those where they stand costs less than a call of
//! the C library, which a plugin's code would make of it, and dozens of them are tried for a word.

/// `==` for the letters of two words.
#[inline]
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one == other)
}

/// A word without its ending, if it ends so.
#[inline]
pub(crate) fn without_end<'w>(word: &'w str, ending: &str) -> Option<&'w str> {
    let at = word.len().checked_sub(ending.len())?;
    if is_same(&word.as_bytes()[at..], ending.as_bytes()) { word.get(..at) } else { None }
}

/// A word without its beginning, if it begins so.
#[inline]
pub(crate) fn without_begin<'w>(word: &'w str, beginning: &str) -> Option<&'w str> {
    let begins = word.as_bytes().get(..beginning.len())?;
    if is_same(begins, beginning.as_bytes()) { word.get(beginning.len()..) } else { None }
}
