//! Everything that the store reads back, out of any bytes: what fuzzing calls.

use santun_core::conversation::{Conversation, Request};
use santun_core::delivery::GraphError;
use santun_core::draft::Initiative;
use santun_core::identity::Wamid;
use santun_core::trace::Trace;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::contacts::SealedPerson;
use crate::history::SealedTurn;
use crate::lease::Shared;
use crate::seal::{Place, SealKey};

/// Opens and reads a value as each kind of value that the store keeps. None may do worse than fail, and what
/// was read must read the same once it is written again.
pub fn read_as_everything(bytes: &[u8]) {
    let place = Place { table: "any", column: "any", row: b"any" };
    // Ciphertext of any length and format: whoever has only the database has no key.
    assert!(SealKey::new(Zeroizing::new([3; 32])).open(place, bytes).is_err(), "a value nobody sealed has opened");
    reads_back::<SealedTurn>(bytes);
    reads_back::<SealedPerson>(bytes);
    reads_back::<Shared>(bytes);
    reads_back::<Conversation>(bytes);
    reads_back::<Request>(bytes);
    reads_back::<Trace>(bytes);
    reads_back::<Initiative>(bytes);
    reads_back::<Vec<GraphError>>(bytes);
    reads_back::<Wamid>(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = (crate::outbox::state_named(text), crate::outbox::progress_named(text));
        let _ = crate::lease::speaker_named(text);
    }
}

fn reads_back<T: Serialize + DeserializeOwned>(bytes: &[u8]) {
    let Ok(read) = serde_json::from_slice::<T>(bytes) else { return };
    let Ok(written) = serde_json::to_vec(&read) else { return };
    let again = serde_json::from_slice::<T>(&written).ok().and_then(|again| serde_json::to_vec(&again).ok());
    assert!(again.as_ref() == Some(&written), "what was read is not read again as it was");
}
