//! Messages on their way to customers.

use santun_core::delivery::{GraphError, OutboxState, Progress};
use santun_core::draft::{Initiative, StoredDraft};
use santun_core::identity::{Identity, Wamid};
use santun_core::ids::{ChannelId, ContactId, ConversationId, StepId, TurnId};
use santun_core::time::Timestamp;
use santun_core::turn::{News, TurnBody};
use sqlx::Row as _;

use crate::contacts::{SealedPerson, person_place};
use crate::error::StoreError;
use crate::history::{SealedTurn, place as turn_place};
use crate::rows::{id_at, some_id_at, uuid};
use crate::seal::Place;
use crate::store::Store;
use crate::writer::{Job, OutboxChange, OutboxJob};

/// The first message of a conversation that nothing final has become of: the only one that may be
/// sent, since order inside a conversation holds.
#[derive(Clone, Debug)]
pub struct OutboxRow {
    /// The message.
    pub draft: StoredDraft,
    /// The conversation.
    pub conversation: ConversationId,
    /// The number that it is sent from.
    pub channel: ChannelId,
    /// Whom it goes to.
    pub recipient: Identity,
    /// Its state: `queued`, `sending` or `unknown`.
    pub state: OutboxState,
    /// Attempts that were begun.
    pub attempts: u32,
    /// Not to be tried before.
    pub not_before: Timestamp,
    /// Until when an `unknown` blocks the rows behind it.
    pub settle_by: Option<Timestamp>,
}

/// An outbox row that nothing final has become of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenRow {
    /// Its id.
    pub turn: TurnId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// `sending` or `unknown`.
    pub state: OutboxState,
    /// Attempts that were begun.
    pub attempts: u32,
    /// Until when an `unknown` blocks the rows behind it.
    pub settle_by: Option<Timestamp>,
}

/// How the delivery of a message went so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryView {
    /// The state of its outbox row.
    pub state: OutboxState,
    /// Attempts that were begun.
    pub attempts: u32,
    /// When its state became final.
    pub settled_at: Option<Timestamp>,
    /// How far it came, as status webhooks tell.
    pub progress: Option<Progress>,
    /// When that was.
    pub progress_at: Option<Timestamp>,
    /// What went wrong last, in Meta's words or (code 0) in the gate's.
    pub errors: Vec<GraphError>,
}

/// What became of an attempt to send.
#[derive(Clone, Debug, PartialEq)]
pub enum Settlement {
    /// The Graph took it.
    Accepted {
        /// Meta's id of it.
        wamid: Wamid,
    },
    /// It certainly was not sent: it is queued again.
    Again {
        /// Not to be tried before.
        not_before: Timestamp,
        /// Why.
        error: GraphError,
    },
    /// It certainly was not sent, or is given up.
    Failed {
        /// Why.
        error: GraphError,
    },
    /// It may have been sent.
    Unknown {
        /// Until when it blocks the rows behind it.
        until: Timestamp,
        /// Why that is not known.
        error: GraphError,
    },
    /// Nobody waits any longer to learn whether it was sent: it blocks no more, and stays counted as unknown.
    GivenUp,
    /// The gate's second look refused it.
    Refused {
        /// Why, in a sentence.
        why: String,
    },
}

/// How a row stands after it was settled.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// Its conversation.
    pub conversation: ConversationId,
    /// Its state now. A status webhook may have been faster: an attempt whose outcome was unknown to
    /// the sender can be `accepted` all the same.
    pub state: OutboxState,
    /// Attempts that were begun.
    pub attempts: u32,
    /// Whether it tells the customer that a bot is speaking.
    pub discloses: bool,
    /// The turn that tells of its failure: a step must take note of it.
    pub news: Option<News>,
}

/// A conversation with work left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The conversation.
    pub conversation: ConversationId,
    /// Turns that no step has decided about.
    pub undecided: bool,
    /// Messages that are not sent yet.
    pub outbox: bool,
}

pub(crate) const fn wamid_place(turn: &[u8; 16]) -> Place<'_> {
    Place { table: "outbox", column: "wamid", row: turn }
}

pub(crate) const fn errors_place(turn: &[u8; 16]) -> Place<'_> {
    Place { table: "outbox", column: "errors", row: turn }
}

pub(crate) fn state_named(name: &str) -> Result<OutboxState, StoreError> {
    use OutboxState::{Accepted, Failed, Queued, Refused, Sending, Unknown};
    [Queued, Sending, Accepted, Failed, Unknown, Refused].into_iter().find(|state| state.as_str() == name).ok_or_else(
        || StoreError::Damaged {
            table: "outbox",
            column: "state",
            row: name.to_owned(),
            problem: "there is no such state",
        },
    )
}

pub(crate) fn progress_named(name: &str) -> Result<Progress, StoreError> {
    use Progress::{Delivered, Failed, Played, Read, Sent};
    [Sent, Delivered, Read, Played, Failed].into_iter().find(|progress| progress.as_str() == name).ok_or_else(|| {
        StoreError::Damaged {
            table: "outbox",
            column: "progress",
            row: name.to_owned(),
            problem: "there is no such progress",
        }
    })
}

const DUE: &str = "
    SELECT outbox.id, outbox.channel, outbox.state, outbox.attempts, outbox.not_before, outbox.settle_by,
           outbox.initiative, outbox.discloses, outbox.session, turns.step, turns.body, contacts.id, contacts.person
    FROM outbox
    JOIN turns ON turns.id = outbox.id
    JOIN conversations ON conversations.id = outbox.conversation
    JOIN contacts ON contacts.id = conversations.contact
    WHERE outbox.conversation = $1 AND outbox.state IN ('queued', 'sending', 'unknown')
      AND (outbox.state <> 'unknown' OR outbox.settle_by IS NOT NULL)
    ORDER BY outbox.position, outbox.id LIMIT 1";

impl Store {
    /// The message that is next in a conversation, whether or not its time has come; `None` if none
    /// waits. An `unknown` one blocks the others until it is [given up](Settlement::GivenUp).
    pub async fn outbox_due(&self, conversation: ConversationId) -> Result<Option<OutboxRow>, StoreError> {
        let row = {
            let mut reader = self.reader().await?;
            let query = sqlx::query(DUE).bind(conversation.as_uuid().as_bytes().to_vec());
            query.fetch_optional(&mut *reader).await?
        };
        let Some(row) = row else { return Ok(None) };
        let turn = id_at(&row, 0)?;
        let contact = id_at(&row, 11)?;
        let key = self.inner.keys.need(ContactId::from_uuid(uuid(contact))).await?;
        let sealed: SealedTurn = key.open_json(turn_place(&turn), &row.try_get::<Vec<u8>, _>(10)?)?;
        let damaged = |column, problem| Place { table: "outbox", column, row: &turn }.damaged(problem);
        let TurnBody::Said { author, content } = sealed.body else {
            return Err(damaged("id", "its turn is not a message to the customer"));
        };
        let person: SealedPerson = match row.try_get::<Option<Vec<u8>>, _>(12)? {
            Some(person) => key.open_json(person_place(&contact), &person)?,
            None => return Err(StoreError::NotFound { what: "contact", id: uuid(contact).to_string() }),
        };
        let initiative: Initiative = serde_json::from_str(&row.try_get::<String, _>(6)?)
            .map_err(|_| damaged("initiative", "its content is not understood"))?;
        let step = some_id_at(&row, 9)?.ok_or_else(|| damaged("id", "its turn came from no step"))?;
        Ok(Some(OutboxRow {
            draft: StoredDraft {
                id: TurnId::from_uuid(uuid(turn)),
                step: StepId::from_uuid(uuid(step)),
                author,
                initiative,
                content,
                discloses: row.try_get::<i64, _>(7)? == 1,
                session: u32::try_from(row.try_get::<i64, _>(8)?).unwrap_or(u32::MAX),
            },
            conversation,
            channel: ChannelId::from(row.try_get::<String, _>(1)?),
            recipient: person.identity,
            state: state_named(&row.try_get::<String, _>(2)?)?,
            attempts: u32::try_from(row.try_get::<i64, _>(3)?).unwrap_or(u32::MAX),
            not_before: Timestamp::from_millis(row.try_get(4)?),
            settle_by: row.try_get::<Option<i64>, _>(5)?.map(Timestamp::from_millis),
        }))
    }

    /// Notes that a request to the Graph is about to be made. Only a `queued` row may be sent; once this
    /// has returned, a crash leaves the row `sending`, which nobody takes for unsent.
    pub async fn outbox_sending(&self, turn: TurnId) -> Result<Settled, StoreError> {
        self.outbox_change(turn, OutboxChange::Sending).await
    }

    /// Records what became of a row.
    pub async fn outbox_settle(&self, turn: TurnId, what: Settlement) -> Result<Settled, StoreError> {
        self.outbox_change(turn, OutboxChange::Settle(what)).await
    }

    /// Queues a row again whose outcome is unknown (or which a crash left as `sending`), because policy
    /// says so: the customer may get it twice.
    pub async fn outbox_requeue(&self, turn: TurnId, not_before: Timestamp) -> Result<Settled, StoreError> {
        self.outbox_change(turn, OutboxChange::Requeue(not_before)).await
    }

    /// Puts a message that discloses the bot in front of a queued one.
    pub async fn outbox_insert_before(&self, before: TurnId, draft: StoredDraft) -> Result<Settled, StoreError> {
        self.outbox_change(before, OutboxChange::InsertBefore(Box::new(draft))).await
    }

    async fn outbox_change(&self, turn: TurnId, change: OutboxChange) -> Result<Settled, StoreError> {
        let at = self.inner.world.now();
        self.submit(|reply| Job::Outbox(OutboxJob::new(turn, change, at, reply))).await
    }

    /// How many rows are in each state that is not final, for metrics.
    pub async fn outbox_counts(&self) -> Result<Vec<(OutboxState, u64)>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query(
            "SELECT state, COUNT(*) FROM outbox WHERE state IN ('queued', 'sending', 'unknown') GROUP BY state",
        );
        let rows = rows.fetch_all(&mut *reader).await?;
        rows.iter()
            .map(|row| Ok((state_named(&row.try_get::<String, _>(0)?)?, row.try_get::<i64, _>(1)?.unsigned_abs())))
            .collect()
    }

    /// Rows that may or may not have been sent: those that a crash left as `sending`, and `unknown` ones.
    pub async fn unsettled(&self) -> Result<Vec<OpenRow>, StoreError> {
        const UNSETTLED: &str = "SELECT id, conversation, state, attempts, settle_by FROM outbox
            WHERE state IN ('queued', 'sending', 'unknown') AND state <> 'queued' ORDER BY conversation, position";
        let mut reader = self.reader().await?;
        let rows = sqlx::query(UNSETTLED).fetch_all(&mut *reader).await?;
        let open = |row| {
            Ok(OpenRow {
                turn: TurnId::from_uuid(uuid(id_at(row, 0)?)),
                conversation: ConversationId::from_uuid(uuid(id_at(row, 1)?)),
                state: state_named(&row.try_get::<String, _>(2)?)?,
                attempts: u32::try_from(row.try_get::<i64, _>(3)?).unwrap_or(u32::MAX),
                settle_by: row.try_get::<Option<i64>, _>(4)?.map(Timestamp::from_millis),
            })
        };
        rows.iter().map(open).collect()
    }

    /// Conversations with work left over, for the start: undecided turns, messages not sent yet.
    /// Timers are asked for by [`Store::timers_due`]. An `unknown` message that was given up is no work.
    pub async fn pending_conversations(&self) -> Result<Vec<Pending>, StoreError> {
        const PENDING: &str = "
            SELECT conversation, MAX(undecided), MAX(outbox) FROM (
                SELECT DISTINCT conversation, 1 AS undecided, 0 AS outbox
                FROM turns INDEXED BY turns_undecided WHERE undecided = 1
                UNION ALL
                SELECT DISTINCT conversation, 0, 1 FROM outbox
                WHERE state IN ('queued', 'sending', 'unknown') AND (state <> 'unknown' OR settle_by IS NOT NULL)
            ) AS work GROUP BY conversation";
        let mut reader = self.reader().await?;
        let rows = sqlx::query(PENDING).fetch_all(&mut *reader).await?;
        let pending = |row| {
            Ok(Pending {
                conversation: ConversationId::from_uuid(uuid(id_at(row, 0)?)),
                undecided: row.try_get::<i64, _>(1)? == 1,
                outbox: row.try_get::<i64, _>(2)? == 1,
            })
        };
        rows.iter().map(pending).collect()
    }

    /// When the oldest turn that no step has decided about reached the host, for metrics.
    pub async fn oldest_undecided(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut reader = self.reader().await?;
        let row = sqlx::query("SELECT MIN(arrived_at) FROM turns WHERE undecided = 1").fetch_one(&mut *reader).await?;
        Ok(row.try_get::<Option<i64>, _>(0)?.map(Timestamp::from_millis))
    }
}
