//! Keyed hashes: how a person or a message is found without its number standing anywhere.

use std::collections::HashSet;

use santun_core::identity::{Bsuid, Identity, Phone, Wamid};
use santun_core::time::Timestamp;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::master_key::{MasterKey, keyed};

/// The first 16 bytes of HMAC-SHA256 under the look-up key. Numbers are few enough to be tried all:
/// only the key, which is not in the database, keeps a hash from telling its number.
pub(crate) type Hash = [u8; 16];

/// Persons whom one kept update is noted for, at most: a history out of a phone can name thousands.
const NAMED_AT_MOST: usize = 4_096;

#[derive(Clone)]
pub(crate) struct LookUp(Zeroizing<[u8; 32]>);

impl LookUp {
    pub(crate) fn new(master: &MasterKey) -> Self {
        Self(master.derive("santun look-up 1"))
    }

    fn hash(&self, kind: &str, parts: &[&[u8]]) -> Hash {
        let mut all: [&[u8]; 4] = [kind.as_bytes(), b"\0", b"", b""];
        all[2..2 + parts.len()].copy_from_slice(parts);
        let mut hash = [0; 16];
        hash.copy_from_slice(&keyed(&self.0, &all)[..16]);
        hash
    }

    pub(crate) fn phone(&self, phone: &Phone) -> Hash {
        self.hash("phone", &[phone.expose().as_bytes()])
    }

    pub(crate) fn bsuid(&self, bsuid: &Bsuid) -> Hash {
        self.hash("bsuid", &[bsuid.expose().as_bytes()])
    }

    pub(crate) fn wamid(&self, wamid: &Wamid) -> Hash {
        self.hash("wamid", &[wamid.expose().as_bytes()])
    }

    /// Of a change of a setting, which has no id of Meta's.
    pub(crate) fn preference(&self, who: &Identity, wanted: bool, at: Timestamp) -> Hash {
        let phone = who.phone.as_ref().map(Phone::expose);
        let who = phone.or(who.bsuid.as_ref().map(Bsuid::expose)).unwrap_or_default();
        let what = format!("{wanted} {}", at.as_millis());
        self.hash("preference", &[who.as_bytes(), what.as_bytes()])
    }

    /// Of a key of a plugin's state.
    pub(crate) fn state_key(&self, key: &str) -> Hash {
        self.hash("state", &[key.as_bytes()])
    }

    /// Of everybody whom an update names, whatever its shape: every value that is a phone number or a user id by its
    /// looks. What is none (a time, an id of a channel) is a hash of nobody.
    pub(crate) fn named_in(&self, json: &str) -> Vec<Hash> {
        let mut named = HashSet::new();
        if let Ok(value) = serde_json::from_str(json) {
            self.collect(&value, &mut named);
        }
        named.into_iter().collect()
    }

    fn collect(&self, value: &Value, named: &mut HashSet<Hash>) {
        if named.len() >= NAMED_AT_MOST {
            return;
        }
        match value {
            Value::Object(members) => members.values().for_each(|value| self.collect(value, named)),
            Value::Array(values) => values.iter().for_each(|value| self.collect(value, named)),
            Value::String(text) => named.extend(self.person_like(text)),
            Value::Number(number) => named.extend(self.person_like(&number.to_string())),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn person_like(&self, text: &str) -> Option<Hash> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        if (5..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(self.phone(&Phone::new(digits)));
        }
        let (country, rest) = text.split_once('.')?;
        let is_bsuid = country.len() == 2
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
            && (1..=160).contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        is_bsuid.then(|| self.bsuid(&Bsuid::new(text)))
    }

    pub(crate) fn identity(&self, identity: &Identity) -> IdentityHashes {
        IdentityHashes {
            phone: identity.phone.as_ref().map(|phone| self.phone(phone)),
            bsuid: identity.bsuid.as_ref().map(|bsuid| self.bsuid(bsuid)),
        }
    }
}

/// The hashes that a person may be found by.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct IdentityHashes {
    pub(crate) phone: Option<Hash>,
    pub(crate) bsuid: Option<Hash>,
}

impl IdentityHashes {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Hash> {
        self.phone.into_iter().chain(self.bsuid)
    }
}
