//! Sealing: personal data at rest is ciphertext under a key of its contact.

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{KeyInit as _, Tag, XChaCha20Poly1305, XNonce};
use santun_core::world::World;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::error::StoreError;

const FORMAT: u8 = 1;
const NONCE: usize = 24;
const TAG: usize = 16;
const HEAD: usize = 1 + NONCE + TAG;

/// Where a sealed value lives. It is authenticated with the value: moved to another row or column, the
/// value no longer opens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    pub(crate) row: &'a [u8],
}

impl Place<'_> {
    fn aad(&self) -> Vec<u8> {
        [self.table.as_bytes(), b".", self.column.as_bytes(), b":", self.row].concat()
    }

    pub(crate) fn damaged(&self, problem: &'static str) -> StoreError {
        StoreError::Damaged { table: self.table, column: self.column, row: hex::encode(self.row), problem }
    }
}

/// A key that seals and opens: a contact's, or the host's own.
pub(crate) struct SealKey(Zeroizing<[u8; 32]>);

impl SealKey {
    pub(crate) fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    pub(crate) fn random(world: &dyn World) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        world.fill(bytes.as_mut_slice());
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }

    /// Format, nonce, tag, ciphertext.
    pub(crate) fn seal(&self, world: &dyn World, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let mut sealed = vec![0; HEAD + plain.len()];
        sealed[0] = FORMAT;
        let mut nonce = [0; NONCE];
        world.fill(&mut nonce);
        sealed[1..=NONCE].copy_from_slice(&nonce);
        sealed[HEAD..].copy_from_slice(plain);
        #[expect(clippy::expect_used, reason = "fails only beyond 256 GB, which no value reaches")]
        let tag = self
            .cipher()
            .encrypt_inout_detached(&XNonce::from(nonce), &place.aad(), sealed[HEAD..].as_mut().into())
            .expect("the value is short enough to be sealed");
        sealed[1 + NONCE..HEAD].copy_from_slice(&tag);
        sealed
    }

    pub(crate) fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        if sealed.len() < HEAD || sealed[0] != FORMAT {
            return Err(place.damaged("it is not a sealed value"));
        }
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&sealed[1..=NONCE]);
        let mut tag = [0; TAG];
        tag.copy_from_slice(&sealed[1 + NONCE..HEAD]);
        let mut plain = Zeroizing::new(sealed[HEAD..].to_vec());
        self.cipher()
            .decrypt_inout_detached(&XNonce::from(nonce), &place.aad(), plain.as_mut_slice().into(), &Tag::from(tag))
            .map_err(|_| place.damaged("it does not open under its key"))?;
        Ok(plain)
    }

    pub(crate) fn seal_json(
        &self,
        world: &dyn World,
        place: Place<'_>,
        value: &impl Serialize,
    ) -> Result<Vec<u8>, StoreError> {
        let plain =
            Zeroizing::new(serde_json::to_vec(value).map_err(|_| place.damaged("it cannot be written as JSON"))?);
        Ok(self.seal(world, place, &plain))
    }

    pub(crate) fn open_json<T: DeserializeOwned>(&self, place: Place<'_>, sealed: &[u8]) -> Result<T, StoreError> {
        let plain = self.open(place, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| place.damaged("its content is not understood"))
    }
}
