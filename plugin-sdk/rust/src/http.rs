//! Requests to the hosts that the operator has granted.

use std::fmt::{self, Write as _};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bindings::santun::plugin::http as wit;
use crate::{Error, Host};

/// A request. Secrets are added by the host, as the operator has set: never put one here.
#[derive(Clone, Debug)]
pub struct Request(wit::Request);

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Response {
    /// For example 200.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// `not-granted`, `invalid-request`, `address-refused`, `unreachable`, `timeout`, `too-large`,
    /// `too-many`.
    pub code: String,
    /// The same in a sentence.
    pub message: String,
}

/// A GET request.
pub fn get(url: impl Into<String>) -> Request {
    Request::new("GET", url)
}

/// A POST request with a JSON body.
///
/// # Errors
///
/// If the body cannot be written as JSON.
pub fn post<T: Serialize>(url: impl Into<String>, body: &T) -> Result<Request, Error> {
    let body = serde_json::to_vec(body).map_err(|_| Error::new("the body of a request cannot be written as JSON"))?;
    Ok(Request::new("POST", url).header("content-type", "application/json").body(body))
}

/// A piece of a path or a value of a query, with everything but letters, digits and `-._~` escaped.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

impl Request {
    /// A request with another method: `PUT`, `PATCH`, `DELETE` or `HEAD`.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        let headers = Vec::new();
        Self(wit::Request { method: method.into(), url: url.into(), headers, body: None, timeout_ms: None })
    }

    /// With a header field.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.headers.push(wit::Header { name: name.into(), value: value.into() });
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: Vec<u8>) -> Self {
        self.0.body = Some(body);
        self
    }

    /// With a time, in milliseconds, to wait for the answer; the operator may allow less.
    #[must_use]
    pub fn timeout_ms(mut self, timeout: u32) -> Self {
        self.0.timeout_ms = Some(timeout);
        self
    }

    /// Sends it.
    ///
    /// # Errors
    ///
    /// If there is no answer at all.
    pub fn send(&self, host: &dyn Host) -> Result<Response, Failure> {
        host.send(self)
    }

    /// Its method.
    pub fn method(&self) -> &str {
        &self.0.method
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// The shape of the contract.
    pub fn as_wit(&self) -> &wit::Request {
        &self.0
    }
}

impl Response {
    /// An answer.
    pub fn new(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Self {
        Self { status, headers, body }
    }

    /// Takes an answer out of the contract's shape.
    pub fn from_wit(response: wit::Response) -> Self {
        let headers = response.headers.into_iter().map(|header| (header.name, header.value)).collect();
        Self { status: response.status, headers, body: response.body }
    }

    /// Whether the status is 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header field, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The body, read as JSON.
    ///
    /// # Errors
    ///
    /// If it is not the JSON that was expected.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        // Not the parser's own words: they can quote the body.
        serde_json::from_slice(&self.body)
            .map_err(|error| Error::new(format!("an answer is not the JSON expected (line {})", error.line())))
    }
}

impl Failure {
    /// Takes a failure out of the contract's shape.
    pub fn from_wit(failure: wit::Failure) -> Self {
        Self { code: failure.code, message: failure.message }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a request failed: {} ({})", self.message, self.code)
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_customer_typed_cannot_leave_its_place_in_an_address() {
        assert_eq!(escaped("TC-10234"), "TC-10234");
        assert_eq!(escaped("../a?b=c#é"), "..%2Fa%3Fb%3Dc%23%C3%A9");
    }

    #[test]
    fn an_answer_of_another_shape_is_not_quoted_in_the_error() {
        let response = Response::new(200, Vec::new(), b"{\"name\": \"Budi\"}".to_vec());
        let error = response.json::<Vec<u32>>().unwrap_err();
        assert!(!error.sentence().contains("Budi"));
    }
}
