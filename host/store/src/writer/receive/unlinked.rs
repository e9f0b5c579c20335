//! Corrections that came before what they correct: they are joined to it as soon as it comes.
//!
//! Webhooks come in any order. A correction that comes first has been decided by itself, and is answered by nobody;
//! when its message comes, it is undecided again, so that a step decides about both.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use santun_core::ids::TurnId;
use santun_core::message::Message;
use santun_core::time::Timestamp;
use santun_core::turn::TurnBody;
use sqlx::Row as _;

use super::{Said, What};
use crate::error::StoreError;
use crate::history::{SealedTurn, place};
use crate::lookup::Hash;
use crate::rows::{Value, id_at, uuid, write_rows};
use crate::writer::Writer;

/// WhatsApp brings a webhook for seven days: what has not come by then never comes.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(8 * 24 * 3_600);

const WAITED_FOR: &str = "SELECT DISTINCT quotes FROM unlinked";
const OF_MESSAGE: &str = "SELECT turns.id, turns.body, turns.sent_at, turns.arrived_at FROM unlinked
    JOIN turns ON turns.id = unlinked.turn WHERE unlinked.quotes = $1 AND turns.conversation = $2 ORDER BY turns.seq";
const JOIN: &str = "UPDATE turns SET reply_to = $1, undecided = 1
    WHERE conversation = $2 AND id IN (SELECT turn FROM unlinked WHERE quotes = $3)";

/// What corrections wait for, so that no batch asks the database in vain: it may hold too much, never too little.
/// `None`: not known.
pub(in crate::writer) type WaitedFor = Option<HashSet<Hash>>;

impl Writer {
    /// Notes which of these corrections wait for their message, and gives those that waited for one of these
    /// messages, by its turn. Those in `old` were here already.
    pub(super) async fn join_amendments(
        &mut self,
        said: &[Said<'_>],
        old: &HashSet<[u8; 16]>,
        quoted: &HashMap<Hash, TurnId>,
    ) -> Result<HashMap<TurnId, Vec<Message>>, StoreError> {
        let new = || said.iter().filter(|said| !old.contains(said.id.as_uuid().as_bytes()));
        let mut joined = HashMap::new();
        let waited_for = match self.waited_for.take() {
            Some(waited_for) => waited_for,
            None => self.read_waited_for().await?,
        };
        let awaited: Vec<_> = new().filter(|said| waited_for.contains(&said.hash)).collect();
        if awaited.is_empty() {
            self.waited_for = Some(waited_for);
        }
        for original in awaited {
            joined.insert(original.id, self.join_to(original).await?);
        }
        let waits = |said: &&Said<'_>| {
            let amends = matches!(said.what, What::Message(body) if body.content.amendment().is_some());
            amends && said.quotes.is_some_and(|hash| !quoted.contains_key(&hash))
        };
        let waiting: Vec<_> = new().filter(waits).collect();
        let Some(first) = waiting.first() else { return Ok(joined) };
        let too_old = first.arrived_at - GIVEN_UP_AFTER;
        sqlx::query("DELETE FROM unlinked WHERE at < $1")
            .bind(too_old.as_millis())
            .execute(&mut self.connection)
            .await?;
        if let Some(waited_for) = &mut self.waited_for {
            waited_for.extend(waiting.iter().filter_map(|said| said.quotes));
        }
        let rows = waiting.iter().map(|said| {
            [said.quotes.into(), Value::from(*said.id.as_uuid().as_bytes()), said.arrived_at.as_millis().into()]
        });
        write_rows(&mut self.connection, "INSERT INTO unlinked (quotes, turn, at) VALUES ", rows.collect(), "").await?;
        Ok(joined)
    }

    async fn read_waited_for(&mut self) -> Result<HashSet<Hash>, StoreError> {
        let rows = sqlx::query(WAITED_FOR).fetch_all(&mut self.connection).await?;
        rows.iter().map(|row| id_at(row, 0)).collect()
    }

    /// The corrections that waited for this message: undecided again, and joined to it.
    async fn join_to(&mut self, original: &Said<'_>) -> Result<Vec<Message>, StoreError> {
        let conversation = original.met.conversation;
        let (hash, of) = (original.hash.to_vec(), conversation.as_uuid().as_bytes().to_vec());
        let query = sqlx::query(OF_MESSAGE).bind(hash.clone()).bind(of.clone());
        let rows = query.fetch_all(&mut self.connection).await?;
        let query = sqlx::query(JOIN).bind(original.id.as_uuid().as_bytes().to_vec()).bind(of).bind(hash.clone());
        query.execute(&mut self.connection).await?;
        sqlx::query("DELETE FROM unlinked WHERE quotes = $1").bind(hash).execute(&mut self.connection).await?;
        let mut messages = Vec::with_capacity(rows.len());
        for row in &rows {
            let id = id_at(row, 0)?;
            let sealed: SealedTurn = original.met.person.key.open_json(place(&id), &row.try_get::<Vec<u8>, _>(1)?)?;
            let TurnBody::Received(body) = sealed.body else { continue };
            messages.push(Message {
                id: TurnId::from_uuid(uuid(id)),
                conversation,
                sent_at: Timestamp::from_millis(row.try_get(2)?),
                arrived_at: Timestamp::from_millis(row.try_get(3)?),
                reply_to: Some(original.id),
                body,
            });
        }
        Ok(messages)
    }
}
