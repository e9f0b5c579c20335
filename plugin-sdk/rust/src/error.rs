use std::borrow::Cow;
use std::fmt;

/// Why a plugin gave no verdict, in a sentence for the operator. Name no customer and quote no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Cow<'static, str>);

impl Error {
    /// An error that says this.
    pub fn new(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self(sentence.into())
    }

    /// The sentence.
    pub fn sentence(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<&'static str> for Error {
    fn from(sentence: &'static str) -> Self {
        Self::new(sentence)
    }
}

impl From<String> for Error {
    fn from(sentence: String) -> Self {
        Self::new(sentence)
    }
}

impl From<crate::limited::Forbidden> for Error {
    fn from(forbidden: crate::limited::Forbidden) -> Self {
        Self::new(forbidden.to_string())
    }
}

impl From<crate::http::Failure> for Error {
    fn from(failure: crate::http::Failure) -> Self {
        Self::new(failure.to_string())
    }
}

impl From<Error> for String {
    fn from(error: Error) -> Self {
        error.0.into_owned()
    }
}
