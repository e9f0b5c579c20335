//! The keys of contacts: in a database of their own, wrapped, and few of them in memory.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parking_lot::Mutex;
use santun_core::ids::ContactId;
use santun_core::time::Timestamp;
use santun_core::world::World;
use sqlx::Row as _;
use zeroize::Zeroizing;

use crate::cache::Recent;
use crate::error::{OpenError, StoreError};
use crate::faults::{Point, pass};
use crate::master_key::MasterKey;
use crate::rows::{Value, id_at, read_keys, uuid, write_rows_and_commit};
use crate::seal::{Place, SealKey};
use crate::sqlite::{self, Address, Connection, KEY_MIGRATIONS, Readers};

/// Unwrapped keys in memory: twice that many at most, some 100 bytes each.
const CACHED: usize = 32_768;

/// What every part of the store reads keys with.
pub(crate) struct KeyRing {
    wrap: SealKey,
    host: SealKey,
    readers: Readers,
    cache: Mutex<Recent<ContactId, Arc<SealKey>>>,
}

/// The only way to make and to destroy keys; the writer has it.
pub(crate) struct KeyWriter {
    pub(crate) ring: Arc<KeyRing>,
    connection: Connection,
    world: Arc<dyn World>,
}

/// What contacts' keys are wrapped by.
pub(crate) fn wrapping(master: &MasterKey) -> SealKey {
    SealKey::new(master.derive("santun wrap 1"))
}

pub(crate) const fn place(contact: &[u8; 16]) -> Place<'_> {
    Place { table: "contact_keys", column: "wrapped", row: contact }
}

/// Opens the key database and checks that the master key is the one it was made with.
pub(crate) async fn open(address: Address, master: &MasterKey, world: Arc<dyn World>) -> Result<KeyWriter, OpenError> {
    let mut connection = address.writer(&KEY_MIGRATIONS).await?;
    let proof = master.proof();
    let known = async {
        sqlx::query("INSERT INTO master_key (only_row, proof) VALUES (1, $1) ON CONFLICT DO NOTHING")
            .bind(proof.to_vec())
            .execute(&mut connection)
            .await?;
        sqlx::query("SELECT proof FROM master_key").fetch_one(&mut connection).await?.try_get::<Vec<u8>, _>(0)
    }
    .await
    .map_err(|source| address.database_error(source))?;
    if !bool::from(subtle::ConstantTimeEq::ct_eq(known.as_slice(), proof.as_slice())) {
        return Err(address.other_master_key());
    }
    let ring = KeyRing {
        wrap: wrapping(master),
        host: SealKey::new(master.derive("santun host 1")),
        readers: address.readers(2).await?,
        cache: Mutex::new(Recent::new(CACHED)),
    };
    Ok(KeyWriter { ring: Arc::new(ring), connection, world })
}

impl KeyRing {
    /// The host's own key: for what belongs to no contact.
    pub(crate) const fn host(&self) -> &SealKey {
        &self.host
    }

    /// A contact's key; `None` if it was destroyed.
    pub(crate) async fn find(&self, contact: ContactId) -> Result<Option<Arc<SealKey>>, StoreError> {
        if let Some(key) = self.cache.lock().get(&contact) {
            return Ok(Some(key));
        }
        Ok(self.find_all(&[contact]).await?.remove(&contact))
    }

    /// A contact's key, or an error that says that the contact was forgotten.
    pub(crate) async fn need(&self, contact: ContactId) -> Result<Arc<SealKey>, StoreError> {
        let key = self.find(contact).await?;
        key.ok_or_else(|| StoreError::NotFound { what: "contact", id: contact.to_string() })
    }

    /// The keys of many contacts; those that were destroyed are left out.
    pub(crate) async fn find_all(
        &self,
        contacts: &[ContactId],
    ) -> Result<HashMap<ContactId, Arc<SealKey>>, StoreError> {
        let mut found = HashMap::with_capacity(contacts.len());
        let mut missing = Vec::new();
        {
            let mut cache = self.cache.lock();
            for contact in contacts {
                match cache.get(contact) {
                    Some(key) => {
                        found.insert(*contact, key);
                    }
                    None => missing.push(*contact.as_uuid().as_bytes()),
                }
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let mut connection = self.readers.acquire().await?;
        let rows =
            read_keys(&mut connection, "SELECT contact, wrapped FROM contact_keys WHERE contact IN ", &missing, "")
                .await?;
        drop(connection);
        for row in rows {
            let id = id_at(&row, 0)?;
            let plain = self.wrap.open(place(&id), &row.try_get::<Vec<u8>, _>(1)?)?;
            let mut bytes = Zeroizing::new([0; 32]);
            if plain.len() != bytes.len() {
                return Err(place(&id).damaged("a key must have 32 bytes"));
            }
            bytes.copy_from_slice(&plain);
            let key = Arc::new(SealKey::new(bytes));
            let contact = ContactId::from_uuid(uuid(id));
            self.cache.lock().insert(contact, key.clone());
            found.insert(contact, key);
        }
        Ok(found)
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
    }
}

impl KeyWriter {
    /// Keeps the keys of new contacts. They are durable when this returns.
    pub(crate) async fn add(&mut self, new: &[(ContactId, Arc<SealKey>)], at: Timestamp) -> Result<(), StoreError> {
        if new.is_empty() {
            return Ok(());
        }
        let rows = new.iter().map(|(contact, key)| {
            let id = contact.as_uuid().as_bytes();
            let wrapped = self.ring.wrap.seal(&*self.world, place(id), key.as_bytes());
            [Value::from(*id), wrapped.into(), at.as_millis().into()]
        });
        let rows = rows.collect();
        const ADD: &str = "INSERT OR FAIL INTO contact_keys (contact, wrapped, created_at) VALUES ";
        self.connection.begin();
        let added = write_rows_and_commit(&mut self.connection, ADD, rows).await;
        if added.is_err() {
            self.connection.roll_back().await;
        }
        added?;
        pass(Point::KeysAdded);
        let mut cache = self.ring.cache.lock();
        new.iter().for_each(|(contact, key)| cache.insert(*contact, key.clone()));
        Ok(())
    }

    /// Destroys a contact's key, in the file and in its log, and notes that their data is to be removed
    /// ([`KeyWriter::removed`]).
    pub(crate) async fn destroy(&mut self, contact: ContactId) -> Result<(), StoreError> {
        const DESTROY: [&str; 2] = [
            "INSERT INTO forgetting (contact) VALUES ($1) ON CONFLICT (contact) DO NOTHING",
            "DELETE FROM contact_keys WHERE contact = $1",
        ];
        sqlx::query(sqlite::BEGIN_WRITE).execute(&mut self.connection).await?;
        let destroyed = async {
            for statement in DESTROY {
                let query = sqlx::query(statement).bind(contact.as_uuid().as_bytes().to_vec());
                query.execute(&mut self.connection).await?;
            }
            sqlx::query("COMMIT").execute(&mut self.connection).await
        }
        .await;
        if destroyed.is_err() {
            // Fails harmlessly if the database has rolled back already.
            sqlx::query("ROLLBACK").execute(&mut self.connection).await.ok();
        }
        destroyed?;
        pass(Point::KeyDestroyed);
        self.ring.cache.lock().remove(&contact);
        sqlite::empty_log(&mut self.connection).await?;
        pass(Point::LogEmptied);
        // A reader may have put it back into memory between the deletion and now.
        self.ring.cache.lock().remove(&contact);
        Ok(())
    }

    /// Whose data is still to be removed, though their key is destroyed. Nothing of a key is left standing
    /// in the log, should a crash have come before that was emptied.
    pub(crate) async fn forgetting(&mut self) -> Result<HashSet<ContactId>, sqlx::Error> {
        let rows = sqlx::query("SELECT contact FROM forgetting").fetch_all(&mut self.connection).await?;
        if !rows.is_empty() {
            sqlite::empty_log(&mut self.connection).await?;
        }
        let ids = rows.iter().filter_map(|row| id_at(row, 0).ok());
        Ok(ids.map(|id| ContactId::from_uuid(uuid(id))).collect())
    }

    /// Whose keys there are.
    pub(crate) async fn all(&mut self) -> Result<HashSet<ContactId>, sqlx::Error> {
        let rows = sqlx::query("SELECT contact FROM contact_keys").fetch_all(&mut self.connection).await?;
        let ids = rows.iter().filter_map(|row| id_at(row, 0).ok());
        Ok(ids.map(|id| ContactId::from_uuid(uuid(id))).collect())
    }

    /// The data of these contacts is removed.
    pub(crate) async fn removed(&mut self, contacts: &HashSet<ContactId>) -> Result<(), sqlx::Error> {
        for contact in contacts {
            let query = sqlx::query("DELETE FROM forgetting WHERE contact = $1");
            query.bind(contact.as_uuid().as_bytes().to_vec()).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    pub(crate) async fn close(self) {
        self.ring.close().await;
        sqlite::close(self.connection).await;
    }
}
