//! Who wrote: from numbers and user ids to persons and conversations.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use santun_core::identity::{Identity, PersonName};
use santun_core::ids::{ChannelId, ContactId, ConversationId};
use santun_core::time::Timestamp;
use sqlx::Row as _;

use super::Writer;
use crate::cache::Recent;
use crate::contacts::{SealedPerson, person_place};
use crate::error::StoreError;
use crate::lookup::{Hash, IdentityHashes};
use crate::rows::{Value, id_at, read_keys, uuid, write_rows};
use crate::seal::SealKey;

/// Persons, numbers and conversations in memory: twice that many at most, some 400 bytes each in all.
const CACHED: usize = 16_384;

/// A person whose key is at hand.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) contact: ContactId,
    pub(crate) key: Arc<SealKey>,
    known: SealedPerson,
}

/// The persons and conversations that were met lately. What a batch adds counts once it is committed.
pub(crate) struct People {
    identities: Recent<Hash, ContactId>,
    persons: Recent<ContactId, Arc<Person>>,
    conversations: Recent<(ContactId, ChannelId), ConversationId>,
    pending: Pending,
}

/// What the batch that is being written knows, and has to write.
#[derive(Default)]
struct Pending {
    identities: HashMap<Hash, ContactId>,
    persons: HashMap<ContactId, Arc<Person>>,
    conversations: HashMap<(ContactId, ChannelId), ConversationId>,
    begun: HashSet<ConversationId>,
}

/// Somebody who is met in a batch.
pub(crate) struct Subject<'a> {
    pub(crate) channel: &'a ChannelId,
    pub(crate) identity: &'a Identity,
    pub(crate) hashes: IdentityHashes,
    pub(crate) name: Option<&'a PersonName>,
    pub(crate) at: Timestamp,
}

/// Who a subject turned out to be.
#[derive(Clone)]
pub(crate) struct Met {
    pub(crate) person: Arc<Person>,
    pub(crate) conversation: ConversationId,
    /// Whether this batch began the conversation.
    pub(crate) begins: bool,
}

impl People {
    pub(crate) fn new() -> Self {
        Self {
            identities: Recent::new(CACHED),
            persons: Recent::new(CACHED),
            conversations: Recent::new(CACHED),
            pending: Pending::default(),
        }
    }

    /// The batch is durable: what it learnt counts.
    pub(crate) fn keep(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        pending.identities.into_iter().for_each(|(hash, contact)| self.identities.insert(hash, contact));
        pending.persons.into_iter().for_each(|(contact, person)| self.persons.insert(contact, person));
        pending.conversations.into_iter().for_each(|(key, id)| self.conversations.insert(key, id));
    }

    /// The batch failed: what it learnt never was.
    pub(crate) fn discard(&mut self) {
        self.pending = Pending::default();
    }

    /// Reads a person anew when they are met again.
    pub(crate) fn refresh(&mut self, contact: ContactId) {
        self.persons.remove(&contact);
        self.pending.persons.remove(&contact);
    }

    /// Forgets a person; their numbers and conversations go with everybody's, being rare.
    pub(crate) fn forget(&mut self, contact: ContactId) {
        self.persons.remove(&contact);
        self.identities.clear();
        self.conversations.clear();
    }

    fn person(&mut self, contact: ContactId) -> Option<Arc<Person>> {
        self.pending.persons.get(&contact).cloned().or_else(|| self.persons.get(&contact))
    }

    fn by_hash(&mut self, hash: Option<Hash>) -> Option<Arc<Person>> {
        let hash = hash?;
        let contact = self.pending.identities.get(&hash).copied().or_else(|| self.identities.get(&hash))?;
        self.person(contact)
    }

    /// Who a subject is: by number if there is one, else by user id. A user id never overrules a number,
    /// so that two persons are never merged.
    fn who(&mut self, subject: &Subject<'_>) -> Option<Arc<Person>> {
        if let Some(person) = self.by_hash(subject.hashes.phone) {
            return Some(person);
        }
        let person = self.by_hash(subject.hashes.bsuid)?;
        (subject.identity.phone.is_none() || person.known.identity.phone.is_none()).then_some(person)
    }

    /// Notes what a subject tells about a person; the person as they are known now, if that is news.
    fn learn(&mut self, person: &Arc<Person>, subject: &Subject<'_>) -> Option<Arc<Person>> {
        let hashes = subject.hashes;
        let of_another = self.by_hash(hashes.bsuid).is_some_and(|other| other.contact != person.contact);
        let identity = match of_another {
            true => &Identity { bsuid: None, parent_bsuid: None, ..subject.identity.clone() },
            false => subject.identity,
        };
        let known = learn(&person.known, identity, subject.name)?;
        let person = Arc::new(Person { known, ..(**person).clone() });
        self.pending.persons.insert(person.contact, person.clone());
        let bsuid = hashes.bsuid.filter(|_| !of_another);
        for hash in hashes.phone.into_iter().chain(bsuid) {
            self.pending.identities.insert(hash, person.contact);
        }
        Some(person)
    }

    fn conversation(&mut self, contact: ContactId, channel: &ChannelId) -> Option<ConversationId> {
        let key = (contact, channel.clone());
        self.pending.conversations.get(&key).copied().or_else(|| self.conversations.get(&key))
    }
}

impl Writer {
    /// Finds or makes the person and the conversation of every subject, in order.
    pub(super) async fn meet(&mut self, subjects: &[Subject<'_>]) -> Result<Vec<Met>, StoreError> {
        self.recall(subjects.iter().flat_map(|subject| subject.hashes.iter())).await?;
        let mut persons = Vec::with_capacity(subjects.len());
        let mut changed: HashMap<ContactId, Timestamp> = HashMap::new();
        let mut new_keys = Vec::new();
        for subject in subjects {
            let known = self.people.who(subject);
            let person = known.unwrap_or_else(|| {
                let (contact, key) = (ContactId::new(&*self.world), Arc::new(SealKey::random(&*self.world)));
                new_keys.push((contact, key.clone()));
                Arc::new(Person { contact, key, known: SealedPerson::default() })
            });
            let person = match self.people.learn(&person, subject) {
                Some(person) => {
                    changed.insert(person.contact, subject.at);
                    person
                }
                None => person,
            };
            persons.push(person);
        }
        // Before any data refers to them.
        self.keys.add(&new_keys, self.world.now()).await?;
        self.write_persons(changed).await?;
        self.find_conversations(subjects, persons).await
    }

    /// Brings the persons with these numbers into memory.
    async fn recall(&mut self, hashes: impl Iterator<Item = Hash>) -> Result<(), StoreError> {
        let unknown: HashSet<Hash> = hashes.filter(|hash| self.people.by_hash(Some(*hash)).is_none()).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let unknown: Vec<Hash> = unknown.into_iter().collect();
        const FIND: &str = "SELECT identities.hash, contacts.id, contacts.person FROM identities
            JOIN contacts ON contacts.id = identities.contact WHERE contacts.person IS NOT NULL AND identities.hash IN ";
        let rows = read_keys(&mut self.connection, FIND, &unknown, "").await?;
        let mut found = HashMap::new();
        for row in &rows {
            let contact = ContactId::from_uuid(uuid(id_at(row, 1)?));
            found.insert(id_at(row, 0)?, (contact, row.try_get::<Vec<u8>, _>(2)?));
        }
        let contacts: Vec<_> = found.values().map(|(contact, _)| *contact).collect();
        let keys = self.keys.ring.find_all(&contacts).await?;
        for (hash, (contact, sealed)) in found {
            // Without a key the person was forgotten: whoever has the number now is somebody new.
            let Some(key) = keys.get(&contact) else { continue };
            let known = key.open_json(person_place(contact.as_uuid().as_bytes()), &sealed)?;
            self.people.identities.insert(hash, contact);
            self.people.persons.insert(contact, Arc::new(Person { contact, key: key.clone(), known }));
        }
        Ok(())
    }

    async fn write_persons(&mut self, changed: HashMap<ContactId, Timestamp>) -> Result<(), StoreError> {
        if changed.is_empty() {
            return Ok(());
        }
        let mut contacts = Vec::with_capacity(changed.len());
        for (contact, at) in &changed {
            let Some(person) = self.people.pending.persons.get(contact) else { continue };
            let id = contact.as_uuid().as_bytes();
            let sealed = person.key.seal_json(&*self.world, person_place(id), &person.known)?;
            contacts.push([Value::from(*id), at.as_millis().into(), sealed.into()]);
        }
        const CONTACTS: &str = "INSERT INTO contacts (id, created_at, person) VALUES ";
        const OVER: &str = " ON CONFLICT (id) DO UPDATE SET person = excluded.person";
        write_rows(&mut self.connection, CONTACTS, contacts, OVER).await?;
        let identities = &self.people.pending.identities;
        let rows =
            identities.iter().map(|(hash, contact)| [Value::from(*hash), Value::uuid(contact.as_uuid())]).collect();
        const IDENTITIES: &str = "INSERT INTO identities (hash, contact) VALUES ";
        const MOVED: &str = " ON CONFLICT (hash) DO UPDATE SET contact = excluded.contact";
        write_rows(&mut self.connection, IDENTITIES, rows, MOVED).await?;
        Ok(())
    }

    async fn find_conversations(
        &mut self,
        subjects: &[Subject<'_>],
        persons: Vec<Arc<Person>>,
    ) -> Result<Vec<Met>, StoreError> {
        let unknown: HashSet<[u8; 16]> = subjects
            .iter()
            .zip(&persons)
            .filter(|(subject, person)| self.people.conversation(person.contact, subject.channel).is_none())
            .map(|(_, person)| *person.contact.as_uuid().as_bytes())
            .collect();
        if !unknown.is_empty() {
            let unknown: Vec<_> = unknown.into_iter().collect();
            const FIND: &str = "SELECT id, contact, channel FROM conversations WHERE contact IN ";
            for row in read_keys(&mut self.connection, FIND, &unknown, "").await? {
                let contact = ContactId::from_uuid(uuid(id_at(&row, 1)?));
                let channel = ChannelId::from(row.try_get::<String, _>(2)?);
                let id = ConversationId::from_uuid(uuid(id_at(&row, 0)?));
                self.people.conversations.insert((contact, channel), id);
            }
        }
        let mut rows = Vec::new();
        let mut met = Vec::with_capacity(persons.len());
        for (subject, person) in subjects.iter().zip(persons) {
            let conversation = match self.people.conversation(person.contact, subject.channel) {
                Some(conversation) => conversation,
                None => {
                    let id = ConversationId::new(&*self.world);
                    let at = subject.at.as_millis();
                    let contact = Value::uuid(person.contact.as_uuid());
                    rows.push([id.into(), subject.channel.as_str().into(), contact, at.into(), at.into()]);
                    self.people.pending.conversations.insert((person.contact, subject.channel.clone()), id);
                    self.people.pending.begun.insert(id);
                    id
                }
            };
            let begins = self.people.pending.begun.contains(&conversation);
            met.push(Met { person, conversation, begins });
        }
        const BEGIN: &str = "INSERT INTO conversations (id, channel, contact, created_at, last_turn_at) VALUES ";
        write_rows(&mut self.connection, BEGIN, rows, "").await?;
        Ok(met)
    }

    /// Notes that a person's number or user id changed: what they are known by now points to who they
    /// were. `None` if they were not known.
    pub(super) async fn identity_changed(
        &mut self,
        before: &Identity,
        after: &Identity,
        at: Timestamp,
    ) -> Result<Option<ContactId>, StoreError> {
        let (old, new) = (self.lookup.identity(before), self.lookup.identity(after));
        self.recall(old.iter().chain(new.iter())).await?;
        let known = self.people.by_hash(old.phone).or_else(|| self.people.by_hash(old.bsuid));
        let Some(person) = known else { return Ok(None) };
        // Whoever is known by the new number already stays who they are: never merged.
        if new.iter().any(|hash| self.people.by_hash(Some(hash)).is_some_and(|other| other.contact != person.contact)) {
            return Ok(Some(person.contact));
        }
        let mut known = person.known.clone();
        known.identity.phone = after.phone.clone().or(known.identity.phone);
        known.identity.bsuid = after.bsuid.clone().or(known.identity.bsuid);
        known.identity.parent_bsuid = after.parent_bsuid.clone().or(known.identity.parent_bsuid);
        let contact = person.contact;
        self.people.pending.persons.insert(contact, Arc::new(Person { known, ..(*person).clone() }));
        self.people.pending.identities.extend(new.iter().map(|hash| (hash, contact)));
        self.write_persons(HashMap::from([(contact, at)])).await?;
        const KEPT_TOO: &str = "INSERT INTO kept_of (hash, seq) SELECT $2, seq FROM kept_of WHERE hash = $1
            ON CONFLICT (hash, seq) DO NOTHING";
        // A number that was given up may be somebody else's one day.
        let given_up = [(old.phone, new.phone), (old.bsuid, new.bsuid)];
        for hash in given_up.into_iter().filter_map(|(old, new)| old.filter(|old| new.is_some_and(|new| new != *old))) {
            let query = sqlx::query("DELETE FROM identities WHERE hash = $1 AND contact = $2");
            let query = query.bind(hash.to_vec()).bind(contact.as_uuid().as_bytes().to_vec());
            query.execute(&mut self.connection).await?;
            // What was kept of them under it is still theirs.
            for new in new.iter() {
                let query = sqlx::query(KEPT_TOO).bind(hash.to_vec()).bind(new.to_vec());
                query.execute(&mut self.connection).await?;
            }
            self.people.identities.remove(&hash);
            self.people.pending.identities.remove(&hash);
        }
        Ok(Some(contact))
    }
}

/// What a person is known as after this, if that is news.
fn learn(known: &SealedPerson, identity: &Identity, name: Option<&PersonName>) -> Option<SealedPerson> {
    let same = |known: bool, new: bool| known || !new;
    let nothing_new = same(known.identity.phone.is_some(), identity.phone.is_some())
        && same(known.identity.bsuid == identity.bsuid, identity.bsuid.is_some())
        && same(known.identity.parent_bsuid == identity.parent_bsuid, identity.parent_bsuid.is_some())
        && same(known.name.as_ref() == name, name.is_some());
    if nothing_new {
        return None;
    }
    let known = known.clone();
    Some(SealedPerson {
        identity: Identity {
            phone: known.identity.phone.or_else(|| identity.phone.clone()),
            bsuid: identity.bsuid.clone().or(known.identity.bsuid),
            parent_bsuid: identity.parent_bsuid.clone().or(known.identity.parent_bsuid),
        },
        name: name.cloned().or(known.name),
    })
}
