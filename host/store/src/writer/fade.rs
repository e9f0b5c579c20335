//! Fading: whoever has not written for long enough keeps nothing but what consent hangs on.

use santun_core::ids::ContactId;
use santun_core::time::Timestamp;
use sqlx::Row as _;

use super::Writer;
use crate::contacts::{SealedPerson, person_place};
use crate::error::StoreError;
use crate::lease::{Shared, shared_place};
use crate::retention::Faded;
use crate::rows::{id_at, uuid};

/// Conversations that one run looks at, at most: the writer is not to be kept from its work.
const AT_ONCE: i64 = 200;

// In the order of the last turns, beyond what has faded already. What waits for a step is not idle.
const IDLE: &str = "SELECT id, contact, last_turn_at FROM conversations
    WHERE (last_turn_at, id) > ((SELECT faded_at FROM host), (SELECT faded_id FROM host)) AND last_turn_at < $1
    ORDER BY last_turn_at, id LIMIT $2";
const FORGET_STATE: &str = "DELETE FROM plugin_state WHERE conversation = $1 AND NOT EXISTS
    (SELECT 1 FROM turns WHERE turns.conversation = $1 AND turns.undecided = 1
        AND turns.seq >= (SELECT MIN(seq) FROM turns WHERE undecided = 1))";
const IDLE_PERSON: &str = "SELECT person, shared FROM contacts WHERE id = $1 AND person IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM conversations WHERE contact = $1 AND (last_turn_at >= $2 OR EXISTS
        (SELECT 1 FROM turns WHERE turns.conversation = conversations.id AND turns.undecided = 1
            AND turns.seq >= (SELECT MIN(seq) FROM turns WHERE undecided = 1))))";
const FADE: &str = "UPDATE contacts SET person = $2, shared = $3, shared_version = shared_version + 1 WHERE id = $1";
const FADED: &str = "UPDATE host SET faded_at = $1, faded_id = $2 WHERE only_row = 1";

impl Writer {
    /// Fades conversations whose last turn was before that time.
    pub(super) async fn fade(&mut self, before: Timestamp) -> Result<Faded, StoreError> {
        let query = sqlx::query(IDLE).bind(before.as_millis()).bind(AT_ONCE);
        let rows = query.fetch_all(&mut self.connection).await?;
        let mut faded = Faded { contacts: 0, more: rows.len() as i64 >= AT_ONCE };
        for row in &rows {
            let conversation = id_at(row, 0)?;
            sqlx::query(FORGET_STATE).bind(conversation.to_vec()).execute(&mut self.connection).await?;
            let contact = ContactId::from_uuid(uuid(id_at(row, 1)?));
            faded.contacts += u64::from(self.fade_person(contact, before).await?);
        }
        if let Some(last) = rows.last() {
            let query = sqlx::query(FADED).bind(last.try_get::<i64, _>(2)?).bind(id_at(last, 0)?.to_vec());
            query.execute(&mut self.connection).await?;
        }
        Ok(faded)
    }

    /// The person loses name and attributes, unless another conversation of theirs goes on. What they agreed to, and
    /// how they are known by it, stays. Tells whether there was anything to lose.
    async fn fade_person(&mut self, contact: ContactId, before: Timestamp) -> Result<bool, StoreError> {
        let id = contact.as_uuid().as_bytes();
        let query = sqlx::query(IDLE_PERSON).bind(id.to_vec()).bind(before.as_millis());
        let Some(row) = query.fetch_optional(&mut self.connection).await? else { return Ok(false) };
        let Some(key) = self.keys.ring.find(contact).await? else { return Ok(false) };
        let mut person: SealedPerson = key.open_json(person_place(id), &row.try_get::<Vec<u8>, _>(0)?)?;
        let mut shared: Shared = match row.try_get::<Option<Vec<u8>>, _>(1)? {
            Some(sealed) => key.open_json(shared_place(id), &sealed)?,
            None => Shared::default(),
        };
        if person.name.is_none() && shared.attributes.is_empty() {
            return Ok(false);
        }
        person.name = None;
        shared.attributes.clear();
        let person = key.seal_json(&*self.world, person_place(id), &person)?;
        let shared = key.seal_json(&*self.world, shared_place(id), &shared)?;
        let query = sqlx::query(FADE).bind(id.to_vec()).bind(person).bind(shared);
        query.execute(&mut self.connection).await?;
        self.people.refresh(contact);
        Ok(true)
    }
}
