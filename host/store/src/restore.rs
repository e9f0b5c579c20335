//! Data and keys that come back from copies of different times are brought to agree, before a host serves them.

use std::collections::HashSet;
use std::sync::Arc;

use santun_core::ids::ContactId;
use santun_core::world::World;
use sqlx::Row as _;

use crate::error::{OpenError, StoreError};
use crate::keys;
use crate::rows::{id_at, uuid};
use crate::settings::StoreSettings;
use crate::sqlite::{self, Address, BEGIN_WRITE, Connection, MIGRATIONS};

/// What it took to bring data and keys to agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reunited {
    /// Persons whose data can be read.
    pub contacts: u64,
    /// Persons in the data without a key: forgotten after the data was copied, or newer than the keys. Their data is
    /// removed.
    pub without_key: u64,
    /// Persons who were forgotten after the keys were copied. Their keys are destroyed again.
    pub forgotten_again: u64,
    /// Messages that waited to be sent when the data was copied. The host may have sent them since, so they are
    /// treated like those that a crash left half sent: never sent again, settled by a status or told to a human.
    pub perhaps_sent: u64,
}

/// Why data and keys were not brought to agree.
#[derive(Debug, thiserror::Error)]
pub enum ReuniteError {
    /// One of them cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// One of them cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whose data there is.
struct Persons {
    known: HashSet<ContactId>,
    forgotten: HashSet<ContactId>,
}

/// Opens data and keys (both must be there; no host may serve them), migrates them, and brings them to agree: whoever
/// was forgotten in one of them is forgotten in the other.
///
/// # Errors
/// When one of them cannot be opened, was written by a newer version, or the master key is another.
pub async fn reunite(settings: &StoreSettings, world: Arc<dyn World>) -> Result<Reunited, ReuniteError> {
    let data = Address::parse(&settings.url)?;
    let keys = Address::parse(&settings.keys_url)?;
    for address in [&data, &keys] {
        sqlite::close(address.visitor().await?).await;
    }
    let mut keys = keys::open(keys, &settings.master_key, world.clone()).await?;
    let mut connection = data.writer(&MIGRATIONS).await?;
    let reunited = agree(&mut connection, &mut keys, &*world).await;
    sqlite::close(connection).await;
    keys.close().await;
    Ok(reunited?)
}

async fn agree(
    connection: &mut Connection,
    keys: &mut keys::KeyWriter,
    world: &dyn World,
) -> Result<Reunited, StoreError> {
    let persons = persons(connection).await?;
    let keyed = keys.all().await?;
    let mut reunited = Reunited::default();
    // Keys first, as whenever somebody is forgotten.
    let again: HashSet<ContactId> = persons.forgotten.intersection(&keyed).copied().collect();
    for contact in &again {
        keys.destroy(*contact).await?;
        reunited.forgotten_again += 1;
    }
    keys.removed(&again).await?;
    sqlx::query(BEGIN_WRITE).execute(&mut *connection).await?;
    for contact in &persons.known {
        if keyed.contains(contact) {
            reunited.contacts += 1;
        } else {
            crate::contacts::scrub(connection, *contact, world.now()).await?;
            reunited.without_key += 1;
        }
    }
    const PERHAPS_SENT: &str = "UPDATE outbox SET state = 'sending' WHERE state = 'queued'";
    reunited.perhaps_sent = sqlx::query(PERHAPS_SENT).execute(&mut *connection).await?.rows_affected();
    sqlx::query("COMMIT").execute(&mut *connection).await?;
    Ok(reunited)
}

async fn persons(connection: &mut Connection) -> Result<Persons, StoreError> {
    let mut persons = Persons { known: HashSet::new(), forgotten: HashSet::new() };
    for row in sqlx::query("SELECT id, forgotten_at FROM contacts").fetch_all(connection).await? {
        let contact = ContactId::from_uuid(uuid(id_at(&row, 0)?));
        match row.try_get::<Option<i64>, _>(1)? {
            Some(_) => persons.forgotten.insert(contact),
            None => persons.known.insert(contact),
        };
    }
    Ok(persons)
}
