//! What plugins remember.

use std::collections::HashMap;

use santun_core::ids::{ConversationId, PluginName};
use santun_core::verdict::{StateScope, StateWrite};
use sqlx::Row as _;

use crate::error::StoreError;
use crate::lookup::Hash;
use crate::rows::id_at;
use crate::seal::Place;
use crate::store::Store;

/// Stands for "no conversation" in the key of shared state.
pub(crate) const SHARED: [u8; 0] = [];

/// The row of a plugin's value, as it is authenticated: plugin, conversation, hash of the key.
pub(crate) fn row_name(plugin: &PluginName, conversation: &[u8], key_hash: &[u8; 16]) -> Vec<u8> {
    [plugin.as_str().as_bytes(), b"\0", conversation, key_hash].concat()
}

pub(crate) const fn place(row: &[u8]) -> Place<'_> {
    Place { table: "plugin_state", column: "value", row }
}

/// What plugins remember of one conversation, as a whole.
#[derive(Clone, Debug, Default)]
pub struct ConversationState {
    values: HashMap<(PluginName, Hash), Vec<u8>>,
}

impl Store {
    /// Reads what plugins remember of a conversation.
    pub async fn conversation_state(&self, conversation: ConversationId) -> Result<ConversationState, StoreError> {
        const ALL: &str = "SELECT plugin, key_hash, value FROM plugin_state
            WHERE conversation = $1 AND value IS NOT NULL";
        let of = conversation.as_uuid().as_bytes();
        let rows = {
            let mut reader = self.reader().await?;
            sqlx::query(ALL).bind(of.to_vec()).fetch_all(&mut *reader).await?
        };
        let mut state = ConversationState::default();
        if rows.is_empty() {
            return Ok(state);
        }
        let (_, key) = self.key_of(conversation).await?;
        for row in &rows {
            let (plugin, hash) = (PluginName::from(row.try_get::<String, _>(0)?), id_at(row, 1)?);
            let name = row_name(&plugin, of, &hash);
            let value = key.open(place(&name), &row.try_get::<Vec<u8>, _>(2)?)?;
            state.values.insert((plugin, hash), value.to_vec());
        }
        Ok(state)
    }

    /// A value out of it.
    pub fn state_in(&self, state: &ConversationState, plugin: &PluginName, key: &str) -> Option<Vec<u8>> {
        state.values.get(&(plugin.clone(), self.inner.lookup.state_key(key))).cloned()
    }

    /// Notes what a committed step has written, so that it need not be read again.
    pub fn state_written(&self, state: &mut ConversationState, write: &StateWrite) {
        let key = (write.plugin.clone(), self.inner.lookup.state_key(&write.key));
        match &write.value {
            Some(value) => state.values.insert(key, value.clone()),
            None => state.values.remove(&key),
        };
    }

    /// A value that a plugin remembers, with its version (which only shared state is checked by).
    pub async fn state_get(
        &self,
        plugin: &PluginName,
        scope: StateScope,
        conversation: ConversationId,
        key: &str,
    ) -> Result<Option<(Vec<u8>, u64)>, StoreError> {
        const GET: &str = "SELECT value, version FROM plugin_state
            WHERE conversation = $1 AND plugin = $2 AND key_hash = $3 AND value IS NOT NULL";
        let hash = self.inner.lookup.state_key(key);
        let of = match scope {
            StateScope::Conversation => conversation.as_uuid().as_bytes().as_slice(),
            StateScope::Shared => SHARED.as_slice(),
        };
        let row = {
            let mut reader = self.reader().await?;
            let query = sqlx::query(GET).bind(of.to_vec()).bind(plugin.as_str().to_owned()).bind(hash.to_vec());
            query.fetch_optional(&mut *reader).await?
        };
        let Some(row) = row else { return Ok(None) };
        let sealed: Vec<u8> = row.try_get(0)?;
        let name = row_name(plugin, of, &hash);
        let value = match scope {
            StateScope::Conversation => self.key_of(conversation).await?.1.open(place(&name), &sealed)?,
            StateScope::Shared => self.inner.keys.host().open(place(&name), &sealed)?,
        };
        Ok(Some((value.to_vec(), row.try_get::<i64, _>(1)?.unsigned_abs())))
    }
}
