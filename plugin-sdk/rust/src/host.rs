//! What a plugin can ask of the host.

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::bindings::santun::plugin::state::Scope;
use crate::http::{Failure, Request, Response};
use crate::{Error, Level, Turn};

/// The host, as a plugin sees it. In a component it is the real one; in unit tests it is a
/// `TestHost`. Most plugins use the typed methods on `dyn Host`.
pub trait Host {
    /// The last `n` turns before this event, the oldest first; fewer if there are fewer, or fewer granted.
    fn history(&self, n: u32) -> Vec<Turn>;

    /// The bytes of a key of the plugin's state, writes of this call included.
    fn state_get(&self, scope: Scope, key: &str) -> Option<Vec<u8>>;

    /// Sets a key of the plugin's state; kept only if the call returns a verdict.
    fn state_set(&self, scope: Scope, key: &str, value: &[u8]);

    /// Forgets a key of the plugin's state; kept only if the call returns a verdict.
    fn state_delete(&self, scope: Scope, key: &str);

    /// The length of what `prepare` made, in bytes.
    fn prepared_size(&self) -> u64;

    /// `length` bytes from `offset` of what `prepare` made; fewer at the end.
    fn prepared_read(&self, offset: u64, length: u32) -> Vec<u8>;

    /// Writes a line of at most 1,024 bytes to the operator's log. Do not log what the customer wrote.
    fn log(&self, level: Level, line: &str);

    /// Sends a request to a host that the operator has granted.
    ///
    /// # Errors
    ///
    /// If there is no answer at all; an answer of any status is no error.
    fn send(&self, request: &Request) -> Result<Response, Failure>;
}

impl dyn Host + '_ {
    /// What `prepare` made, if it was [`Prepared::of`](crate::Prepared::of) one value.
    ///
    /// # Errors
    ///
    /// If it is not such a value.
    pub fn prepared<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let size = u32::try_from(self.prepared_size()).unwrap_or(u32::MAX);
        crate::prepared::decoded(&self.prepared_read(0, size))
    }

    /// What the plugin remembers of this conversation under `key`; nothing if it was never set, or was set
    /// by a revision that stored something of another shape.
    pub fn recall<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        postcard::from_bytes(&self.state_get(Scope::Conversation, key)?).ok()
    }

    /// Remembers a value in this conversation.
    ///
    /// # Errors
    ///
    /// If the value cannot be stored.
    pub fn remember<T: Serialize>(&self, key: &str, value: &T) -> Result<(), Error> {
        self.state_set(Scope::Conversation, key, &encoded(value)?);
        Ok(())
    }

    /// Forgets a key of this conversation.
    pub fn forget(&self, key: &str) {
        self.state_delete(Scope::Conversation, key);
    }

    /// What the plugin remembers for all conversations under `key`.
    pub fn recall_shared<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        postcard::from_bytes(&self.state_get(Scope::Shared, key)?).ok()
    }

    /// Remembers a value for all conversations. Nothing personal belongs here.
    ///
    /// # Errors
    ///
    /// If the value cannot be stored.
    pub fn remember_shared<T: Serialize>(&self, key: &str, value: &T) -> Result<(), Error> {
        self.state_set(Scope::Shared, key, &encoded(value)?);
        Ok(())
    }
}

fn encoded<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    postcard::to_allocvec(value).map_err(|_| Error::new("a value to be remembered has a shape that cannot be stored"))
}
