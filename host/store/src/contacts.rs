//! Persons: what is known of them, what they consented to, and how they are forgotten.

use std::collections::BTreeMap;

use santun_core::conversation::{ConsentChange, ConsentEntry, Consents};
use santun_core::identity::{Identity, PersonName};
use santun_core::ids::{ContactId, ConversationId, Purpose, TurnId};
use santun_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use crate::error::StoreError;
use crate::lease::{Shared, shared_place};
use crate::rows::{id_at, some_id_at, uuid};
use crate::seal::Place;
use crate::sqlite::Connection;
use crate::store::Store;
use crate::writer::Job;

/// A person, opened.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactView {
    /// Its id.
    pub id: ContactId,
    /// When they first wrote.
    pub created_at: Timestamp,
    /// How WhatsApp knows them.
    pub identity: Identity,
    /// The name in their profile.
    pub name: Option<PersonName>,
    /// What is known of them.
    pub attributes: BTreeMap<String, String>,
    /// What they consented to.
    pub consents: Consents,
    /// Their conversations, the latest first.
    pub conversations: Vec<ConversationId>,
}

/// One line of the consent ledger, as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentLine {
    /// Its place in the ledger.
    pub seq: u64,
    /// In which conversation.
    pub conversation: ConversationId,
    /// What was recorded.
    pub entry: ConsentEntry,
}

/// What is sealed of a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct SealedPerson {
    pub(crate) identity: Identity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<PersonName>,
}

pub(crate) const fn person_place(contact: &[u8; 16]) -> Place<'_> {
    Place { table: "contacts", column: "person", row: contact }
}

impl Store {
    /// A person; `None` if there is none, or they were forgotten.
    pub async fn contact(&self, id: ContactId) -> Result<Option<ContactView>, StoreError> {
        let bytes = *id.as_uuid().as_bytes();
        let (row, conversations) = {
            let mut reader = self.reader().await?;
            let row = sqlx::query("SELECT created_at, person, shared FROM contacts WHERE id = $1");
            let row = row.bind(bytes.to_vec()).fetch_optional(&mut *reader).await?;
            let conversations =
                sqlx::query("SELECT id FROM conversations WHERE contact = $1 ORDER BY last_turn_at DESC");
            (row, conversations.bind(bytes.to_vec()).fetch_all(&mut *reader).await?)
        };
        let Some(row) = row else { return Ok(None) };
        let Some(key) = self.inner.keys.find(id).await? else { return Ok(None) };
        let person: SealedPerson = match row.try_get::<Option<Vec<u8>>, _>(1)? {
            Some(sealed) => key.open_json(person_place(&bytes), &sealed)?,
            None => return Ok(None),
        };
        let shared: Shared = match row.try_get::<Option<Vec<u8>>, _>(2)? {
            Some(sealed) => key.open_json(shared_place(&bytes), &sealed)?,
            None => Shared::default(),
        };
        let conversations = conversations.iter().map(|row| Ok(ConversationId::from_uuid(uuid(id_at(row, 0)?))));
        Ok(Some(ContactView {
            id,
            created_at: Timestamp::from_millis(row.try_get(0)?),
            identity: person.identity,
            name: person.name,
            attributes: shared.attributes,
            consents: shared.consents,
            conversations: conversations.collect::<Result<_, StoreError>>()?,
        }))
    }

    /// The person whom WhatsApp knows so: by phone number if there is one, else by user id.
    pub async fn find_contact(&self, identity: &Identity) -> Result<Option<ContactId>, StoreError> {
        let hashes = self.inner.lookup.identity(identity);
        let Some(hash) = hashes.phone.or(hashes.bsuid) else { return Ok(None) };
        let mut reader = self.reader().await?;
        let row = sqlx::query("SELECT contact FROM identities WHERE hash = $1");
        let row = row.bind(hash.to_vec()).fetch_optional(&mut *reader).await?;
        row.map(|row| Ok(ContactId::from_uuid(uuid(id_at(&row, 0)?)))).transpose()
    }

    /// A person's lines in the consent ledger, the oldest first. They outlive forgetting, naming nobody.
    pub async fn consent_ledger(&self, contact: ContactId) -> Result<Vec<ConsentLine>, StoreError> {
        const LINES: &str = "SELECT seq, conversation, at, change, purpose, wording, evidence, turn FROM consents
            WHERE contact = $1 ORDER BY seq";
        let mut reader = self.reader().await?;
        let rows = sqlx::query(LINES).bind(contact.as_uuid().as_bytes().to_vec()).fetch_all(&mut *reader).await?;
        let line = |row| {
            let change = match row_text(row, 3)?.as_str() {
                "given" => ConsentChange::Given,
                _ => ConsentChange::Withdrawn,
            };
            Ok(ConsentLine {
                seq: row.try_get::<i64, _>(0)?.unsigned_abs(),
                conversation: ConversationId::from_uuid(uuid(id_at(row, 1)?)),
                entry: ConsentEntry {
                    change,
                    purpose: row.try_get::<Option<String>, _>(4)?.map(Purpose::from),
                    wording: row.try_get(5)?,
                    evidence: row_text(row, 6)?,
                    turn: some_id_at(row, 7)?.map(|turn| TurnId::from_uuid(uuid(turn))),
                    at: Timestamp::from_millis(row.try_get(2)?),
                },
            })
        };
        rows.iter().map(line).collect()
    }

    /// Forgets a person: their key is destroyed, so that nothing that was sealed under it can be read
    /// again, here or in any backup of the data; what points to them is removed. Should they write
    /// again, they are somebody new.
    pub async fn forget(&self, contact: ContactId) -> Result<(), StoreError> {
        self.submit(|reply| Job::Forget(contact, reply)).await
    }
}

fn row_text(row: &crate::sqlite::DbRow, column: usize) -> Result<String, StoreError> {
    Ok(row.try_get(column)?)
}

/// Removes what points to a person, and what can no longer be read.
pub(crate) async fn scrub(connection: &mut Connection, contact: ContactId, at: Timestamp) -> Result<(), sqlx::Error> {
    const OF_CONTACT: [&str; 13] = [
        // By their numbers, which go with them.
        "DELETE FROM kept WHERE seq IN (SELECT seq FROM kept_of WHERE hash IN
             (SELECT hash FROM identities WHERE contact = $1))",
        "DELETE FROM kept_of WHERE seq IN (SELECT seq FROM kept_of WHERE hash IN
             (SELECT hash FROM identities WHERE contact = $1))",
        "DELETE FROM identities WHERE contact = $1",
        "DELETE FROM outbox WHERE conversation IN (SELECT id FROM conversations WHERE contact = $1)",
        "DELETE FROM unlinked WHERE turn IN
             (SELECT id FROM turns WHERE conversation IN (SELECT id FROM conversations WHERE contact = $1))",
        "DELETE FROM turns WHERE conversation IN (SELECT id FROM conversations WHERE contact = $1)",
        "DELETE FROM requests WHERE conversation IN (SELECT id FROM conversations WHERE contact = $1)",
        "DELETE FROM timers WHERE conversation IN (SELECT id FROM conversations WHERE contact = $1)",
        "DELETE FROM traces WHERE conversation IN (SELECT id FROM conversations WHERE contact = $1)",
        "DELETE FROM plugin_state WHERE conversation IN (SELECT id FROM conversations WHERE contact = $1)",
        "DELETE FROM media WHERE conversation IN (SELECT id FROM conversations WHERE contact = $1)",
        "DELETE FROM events WHERE conversation IN (SELECT id FROM conversations WHERE contact = $1)",
        "DELETE FROM conversations WHERE contact = $1",
    ];
    let id = contact.as_uuid().as_bytes().to_vec();
    for statement in OF_CONTACT {
        sqlx::query(statement).bind(id.clone()).execute(&mut *connection).await?;
    }
    sqlx::query("UPDATE contacts SET person = NULL, shared = NULL, forgotten_at = $2 WHERE id = $1")
        .bind(id)
        .bind(at.as_millis())
        .execute(connection)
        .await?;
    Ok(())
}
