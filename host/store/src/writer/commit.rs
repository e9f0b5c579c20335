//! Effects of steps: all of a step is written, or nothing of it.

mod rows;
mod statements;

use std::collections::{HashMap, HashSet};

use santun_core::effects::Effects;
use santun_core::ids::{ContactId, ConversationId, PluginName, TurnId};
use santun_core::world::World;
use sqlx::Row as _;
use tokio::sync::oneshot;

use rows::{Sealed, seal};
pub(super) use rows::{TurnRow, draft_rows, insert_outbox, insert_turns, news_row};

use super::Writer;
use crate::error::{CommitError, StoreError};
use crate::events::NewEvent;
use crate::lease::{Lease, SharedSeen, fingerprint};
use crate::lookup::{Hash, LookUp};
use crate::plugin_state::SHARED;
use crate::rows::{Value, id_at, read_keys, uuid, write_rows};
use crate::seal::SealKey;
use crate::sqlite::Connection;

/// Room between two outbox rows of a conversation, for what must go in between.
const POSITION_STEP: i64 = 1024;

/// What a step wants to do to what the contact's conversations share.
pub(crate) struct SharedChange {
    contact: ContactId,
    seen_version: i64,
    sealed: Vec<u8>,
}

/// One write to shared state, checked against the version that was read.
struct SharedWrite {
    plugin: PluginName,
    key: String,
    key_hash: Hash,
    read_version: Option<u64>,
    sealed: Option<Vec<u8>>,
}

/// The effects of one step, sealed, and where they may be written.
pub(crate) struct CommitJob {
    conversation: ConversationId,
    fence: u64,
    sealed: Sealed,
    shared: Option<SharedChange>,
    shared_afterwards: SharedSeen,
    shared_state: Vec<SharedWrite>,
    result: Result<(), CommitError>,
    reply: oneshot::Sender<Result<(), CommitError>>,
}

impl CommitJob {
    /// Seals everything, on the caller's own thread.
    #[expect(clippy::too_many_arguments, reason = "the parts of a store, of which the caller has more")]
    pub(crate) fn new(
        lease: &Lease,
        seen: SharedSeen,
        effects: Effects,
        sending: Option<TurnId>,
        key: &SealKey,
        host: &SealKey,
        lookup: &LookUp,
        world: &dyn World,
        reply: oneshot::Sender<Result<(), CommitError>>,
    ) -> Result<Self, StoreError> {
        let conversation = &effects.conversation;
        let now = fingerprint(&conversation.attributes, &conversation.consents);
        let mut shared_afterwards = seen;
        let mut shared = None;
        if now != seen.fingerprint {
            shared_afterwards = SharedSeen { version: seen.version + 1, fingerprint: now };
            let sealed = rows::seal_shared(conversation, key, world)?;
            shared = Some(SharedChange { contact: conversation.contact, seen_version: seen.version, sealed });
        }
        let shared_state = rows::seal_shared_state(&effects, host, lookup, world)?;
        Ok(Self {
            conversation: lease.conversation(),
            fence: lease.fence(),
            shared,
            shared_afterwards,
            shared_state,
            sealed: seal(effects, sending, key, lookup, world)?,
            result: Ok(()),
            reply,
        })
    }

    /// What the contact's conversations share once this is committed.
    pub(crate) const fn shared_afterwards(&self) -> SharedSeen {
        self.shared_afterwards
    }

    pub(super) fn answer(self, batch: Result<(), StoreError>) {
        self.reply.send(batch.map_err(CommitError::from).and(self.result)).ok();
    }
}

/// A conversation's row, as far as a commit must know it.
struct Standing {
    fence: u64,
    position: i64,
}

impl Writer {
    pub(super) async fn commit(&mut self, jobs: &mut [CommitJob]) -> Result<(), StoreError> {
        let standing = self.standing(jobs).await?;
        let contacts = self.contact_versions(jobs).await?;
        let states = self.state_versions(jobs).await?;
        let mut admitted = Admitted { standing, contacts, states };
        let mut all = Sealed::default();
        let mut contacts = Vec::new();
        let mut shared = Vec::new();
        for job in jobs {
            job.result = self.admit(job, &admitted);
            if job.result.is_err() {
                continue;
            }
            let Some(standing) = admitted.standing.get_mut(&job.conversation) else { continue };
            let mut position = standing.position;
            // Taken, not copied, would leave nothing for a second try: a batch can fail.
            let mut sealed = job.sealed.clone();
            for row in &mut sealed.outbox {
                position += POSITION_STEP;
                row[rows::OUTBOX_POSITION] = position.into();
            }
            for row in &mut sealed.conversation {
                row[rows::CONVERSATION_FENCE] = i64::try_from(job.fence).unwrap_or(i64::MAX).into();
                row[rows::CONVERSATION_POSITION] = position.into();
            }
            standing.position = position;
            standing.fence = job.fence;
            if let Some(change) = &job.shared {
                let id = *change.contact.as_uuid().as_bytes();
                contacts.push([Value::from(id), change.sealed.clone().into(), (change.seen_version + 1).into()]);
                admitted.contacts.insert(id, change.seen_version + 1);
            }
            for write in &job.shared_state {
                let version = admitted.state_version(write) + 1;
                admitted.states.insert((write.plugin.clone(), write.key_hash), (version, write.sealed.is_some()));
                let plugin = write.plugin.as_str().into();
                let none = Value::from(SHARED.to_vec());
                shared.push([plugin, none, Value::from(write.key_hash), version.into(), write.sealed.clone().into()]);
            }
            all.append(sealed);
        }
        self.write_effects(all, contacts, shared).await
    }

    /// Whether a step may be written, or why not.
    fn admit(&self, job: &CommitJob, admitted: &Admitted) -> Result<(), CommitError> {
        let Some(standing) = admitted.standing.get(&job.conversation) else {
            let id = job.conversation.to_string();
            return Err(StoreError::NotFound { what: "conversation", id }.into());
        };
        if !self.leases.holds(job.conversation, job.fence) || standing.fence > job.fence {
            return Err(CommitError::StaleFence);
        }
        if let Some(change) = &job.shared {
            let version = admitted.contacts.get(change.contact.as_uuid().as_bytes()).copied();
            if version != Some(change.seen_version) {
                return Err(CommitError::ContactChanged);
            }
        }
        for write in &job.shared_state {
            let Some(read) = write.read_version else { continue };
            if admitted.seen_version(write) != read {
                return Err(CommitError::StateConflict { plugin: write.plugin.clone(), key: write.key.clone() });
            }
        }
        Ok(())
    }

    async fn standing(&mut self, jobs: &[CommitJob]) -> Result<HashMap<ConversationId, Standing>, StoreError> {
        // A process that has begun to work after this one has the last word on everything.
        const STANDING: &str =
            "SELECT id, fence, outbox_position, (SELECT epoch FROM host) FROM conversations WHERE id IN ";
        let ids: HashSet<[u8; 16]> = jobs.iter().map(|job| *job.conversation.as_uuid().as_bytes()).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let ours = self.leases.epoch();
        let mut standing = HashMap::with_capacity(ids.len());
        for row in read_keys(&mut self.connection, STANDING, &ids, "").await? {
            let epoch = row.try_get::<i64, _>(3)?.unsigned_abs();
            let fence = if Some(epoch) == ours { row.try_get::<i64, _>(1)?.unsigned_abs() } else { u64::MAX };
            let id = ConversationId::from_uuid(uuid(id_at(&row, 0)?));
            standing.insert(id, Standing { fence, position: row.try_get(2)? });
        }
        Ok(standing)
    }

    async fn contact_versions(&mut self, jobs: &[CommitJob]) -> Result<HashMap<[u8; 16], i64>, StoreError> {
        const VERSIONS: &str = "SELECT id, shared_version FROM contacts WHERE person IS NOT NULL AND id IN ";
        let ids: Vec<_> =
            jobs.iter().filter_map(|job| Some(*job.shared.as_ref()?.contact.as_uuid().as_bytes())).collect();
        let rows = read_keys(&mut self.connection, VERSIONS, &ids, "").await?;
        rows.iter().map(|row| Ok((id_at(row, 0)?, row.try_get(1)?))).collect()
    }

    async fn state_versions(&mut self, jobs: &[CommitJob]) -> Result<StateVersions, StoreError> {
        const VERSION: &str = "SELECT version, value IS NOT NULL FROM plugin_state
            WHERE conversation = $1 AND plugin = $2 AND key_hash = $3";
        let mut versions = HashMap::new();
        for write in jobs.iter().flat_map(|job| &job.shared_state) {
            let query = sqlx::query(VERSION).bind(SHARED.to_vec()).bind(write.plugin.as_str().to_owned());
            let row = query.bind(write.key_hash.to_vec()).fetch_optional(&mut self.connection).await?;
            let Some(row) = row else { continue };
            versions.insert((write.plugin.clone(), write.key_hash), (row.try_get(0)?, row.try_get(1)?));
        }
        Ok(versions)
    }

    async fn write_effects(
        &mut self,
        all: Sealed,
        contacts: Vec<[Value; 3]>,
        shared: Vec<[Value; 5]>,
    ) -> Result<(), StoreError> {
        let connection = &mut self.connection;
        write_rows(connection, statements::DECIDE, all.decided, statements::DECIDED).await?;
        insert_turns(connection, all.turns).await?;
        insert_outbox(connection, all.outbox).await?;
        write_rows(connection, statements::CONVERSATIONS, all.conversation, statements::CONVERSATIONS_SET).await?;
        write_rows(connection, "INSERT OR FAIL INTO traces (step, conversation, at, body) VALUES ", all.traces, "")
            .await?;
        write_rows(connection, statements::CONSENTS, all.consents, "").await?;
        write_rows(connection, statements::STATE, all.state, statements::STATE_OVER).await?;
        write_rows(connection, statements::STATE, shared, statements::STATE_OVER).await?;
        write_rows(connection, statements::CONTACTS, contacts, statements::CONTACTS_SET).await?;
        write_rows(connection, statements::TIMERS, all.timers, statements::TIMERS_OVER).await?;
        for (conversation, kind) in all.timers_cleared {
            clear_timer(connection, conversation, kind).await?;
        }
        write_rows(connection, statements::REQUESTS, all.requests, statements::REQUESTS_OVER).await?;
        for ending in all.request_endings {
            ending.write(connection).await?;
        }
        self.events.extend(all.events);
        Ok(())
    }
}

type StateVersions = HashMap<(PluginName, Hash), (i64, bool)>;

/// Where things stand, with the members of the batch that were admitted so far.
struct Admitted {
    standing: HashMap<ConversationId, Standing>,
    contacts: HashMap<[u8; 16], i64>,
    states: StateVersions,
}

impl Admitted {
    fn state_version(&self, write: &SharedWrite) -> i64 {
        self.states.get(&(write.plugin.clone(), write.key_hash)).map_or(0, |(version, _)| *version)
    }

    /// The version that a reader sees: that of a forgotten key is 0, though its row goes on counting.
    fn seen_version(&self, write: &SharedWrite) -> u64 {
        match self.states.get(&(write.plugin.clone(), write.key_hash)) {
            Some((version, true)) => version.unsigned_abs(),
            _ => 0,
        }
    }
}

async fn clear_timer(connection: &mut Connection, conversation: ConversationId, kind: &str) -> Result<(), sqlx::Error> {
    let query = sqlx::query("DELETE FROM timers WHERE conversation = $1 AND kind = $2");
    let query = query.bind(conversation.as_uuid().as_bytes().to_vec()).bind(kind.to_owned());
    query.execute(connection).await.map(|_| ())
}

fn step_event(effects: &Effects) -> NewEvent {
    let conversation = &effects.conversation;
    let body = format!(r#"{{"step":"{}","owner":"{}"}}"#, effects.step, conversation.owner.name());
    NewEvent { kind: "step", conversation: Some(conversation.id), at: effects.trace.at, body }
}
