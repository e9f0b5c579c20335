//! Open calls for humans, and how long customers waited for them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use santun_core::conversation::Request;
use santun_core::facts::Presence;
use santun_core::ids::{ContactId, ConversationId, DivisionName, RequestId, UserId};
use santun_core::time::Timestamp;
use sqlx::Row as _;

use crate::error::StoreError;
use crate::rows::{id_at, some_id_at, uuid};
use crate::seal::Place;
use crate::sqlite::DbRow;
use crate::store::Store;

/// A wait is stated only once that many were measured.
const ENOUGH_WAITS: usize = 5;

/// Waits that count: the latest.
const LATEST_WAITS: usize = 50;

/// Requests of a division that are looked at for them.
const LOOKED_AT: i64 = 200;

/// How long a wait is a measure.
const MEASURED_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

/// An open call for a human.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestRow {
    /// Its conversation.
    pub conversation: ConversationId,
    /// The call.
    pub request: Request,
    /// Who took it, and when; the user is absent if it was taken from the phone app.
    pub taken: Option<(Option<UserId>, Timestamp)>,
}

/// Conversations of a division that wait for a human.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The division.
    pub division: String,
    /// How many.
    pub conversations: u64,
    /// Since when the oldest waits.
    pub since: Timestamp,
}

pub(crate) const fn place(request: &[u8; 16]) -> Place<'_> {
    Place { table: "requests", column: "body", row: request }
}

impl Store {
    /// The open calls for a human, the most pressing first, then the oldest.
    pub async fn requests_open(&self) -> Result<Vec<RequestRow>, StoreError> {
        const OPEN: &str = "SELECT requests.id, requests.conversation, conversations.contact, requests.body,
                requests.taken_at, requests.taken_by
            FROM requests JOIN conversations ON conversations.id = requests.conversation
            WHERE requests.closed_at IS NULL ORDER BY requests.priority DESC, requests.opened_at";
        let rows = {
            let mut reader = self.reader().await?;
            sqlx::query(OPEN).fetch_all(&mut *reader).await?
        };
        let contacts: Result<Vec<_>, StoreError> =
            rows.iter().map(|row| Ok(ContactId::from_uuid(uuid(id_at(row, 2)?)))).collect();
        let contacts = contacts?;
        let keys = self.inner.keys.find_all(&contacts).await?;
        let mut open = Vec::with_capacity(rows.len());
        for (row, contact) in rows.iter().zip(&contacts) {
            let Some(key) = keys.get(contact) else { continue };
            let id = id_at(row, 0)?;
            let taken_by = some_id_at(row, 5)?.map(|user| UserId::from_uuid(uuid(user)));
            let taken_at = row.try_get::<Option<i64>, _>(4)?;
            open.push(RequestRow {
                conversation: ConversationId::from_uuid(uuid(id_at(row, 1)?)),
                request: key.open_json(place(&id), &row.try_get::<Vec<u8>, _>(3)?)?,
                taken: taken_at.map(|at| (taken_by, Timestamp::from_millis(at))),
            });
        }
        Ok(open)
    }

    /// The conversations that wait for a human, by division; divisions without any are left out.
    pub async fn waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        const WAITING: &str = "SELECT owner_division, COUNT(*), MIN(COALESCE(request_at, last_turn_at))
            FROM conversations WHERE owner = 'queue' GROUP BY owner_division";
        let mut reader = self.reader().await?;
        let rows = sqlx::query(WAITING).fetch_all(&mut *reader).await?;
        let waiting = |row: &DbRow| {
            Ok(Waiting {
                division: row.try_get::<Option<String>, _>(0)?.unwrap_or_default(),
                conversations: row.try_get::<i64, _>(1)?.unsigned_abs(),
                since: Timestamp::from_millis(row.try_get(2)?),
            })
        };
        rows.iter().map(waiting).collect()
    }

    /// The conversation that a request is of.
    pub async fn request_conversation(&self, request: RequestId) -> Result<ConversationId, StoreError> {
        let mut reader = self.reader().await?;
        let query = sqlx::query("SELECT conversation FROM requests WHERE id = $1");
        let row = query.bind(request.as_uuid().as_bytes().to_vec()).fetch_optional(&mut *reader).await?;
        let row = row.ok_or_else(|| StoreError::NotFound { what: "request", id: request.to_string() })?;
        Ok(ConversationId::from_uuid(uuid(id_at(&row, 0)?)))
    }

    /// The typical wait by division, in minutes rounded up: the median of the latest 50, once at least 5
    /// were measured.
    ///
    /// Only what `counts` says of opening and taking is a measure: who asked at night waited for the morning, not
    /// for an agent. What is older than a month measures another team.
    pub async fn wait_minutes(
        &self,
        counts: impl Fn(Timestamp, Timestamp) -> bool,
    ) -> Result<BTreeMap<DivisionName, u32>, StoreError> {
        const WAITS: &str = "SELECT division, opened_at, taken_at FROM (
                SELECT division, taken_at, opened_at,
                       ROW_NUMBER() OVER (PARTITION BY division ORDER BY taken_at DESC) AS nth
                FROM requests WHERE taken_at > $2
            ) AS latest WHERE nth <= $1 ORDER BY taken_at DESC";
        let mut reader = self.reader().await?;
        let since = (self.inner.world.now() - MEASURED_FOR).as_millis();
        let rows = sqlx::query(WAITS).bind(LOOKED_AT).bind(since).fetch_all(&mut *reader).await?;
        let mut waits: BTreeMap<DivisionName, Vec<i64>> = BTreeMap::new();
        for row in &rows {
            let (opened, taken) = (row.try_get::<i64, _>(1)?, row.try_get::<i64, _>(2)?);
            let waits = waits.entry(DivisionName::from(row.try_get::<String, _>(0)?)).or_default();
            if waits.len() < LATEST_WAITS && counts(Timestamp::from_millis(opened), Timestamp::from_millis(taken)) {
                waits.push(taken - opened);
            }
        }
        Ok(waits.into_iter().filter_map(|(division, waits)| Some((division, typical_minutes(waits)?))).collect())
    }

    /// The humans who are there, and the waits that were measured. An agent of no division in particular
    /// counts for every one of `divisions`. For `counts` see [`Store::wait_minutes`].
    pub async fn presence(
        &self,
        divisions: &[DivisionName],
        counts: impl Fn(Timestamp, Timestamp) -> bool,
    ) -> Result<Presence, StoreError> {
        let mut presence = Presence { available: BTreeMap::new(), wait_minutes: self.wait_minutes(counts).await? };
        for user in self.users().await? {
            if !user.available || user.disabled_at.is_some() {
                continue;
            }
            let of: BTreeSet<_> = if user.divisions.is_empty() {
                divisions.iter().cloned().collect()
            } else {
                user.divisions.iter().cloned().collect()
            };
            of.into_iter().for_each(|division| *presence.available.entry(division).or_default() += 1);
        }
        Ok(presence)
    }
}

fn typical_minutes(mut waits: Vec<i64>) -> Option<u32> {
    if waits.len() < ENOUGH_WAITS {
        return None;
    }
    waits.sort_unstable();
    let median = waits.get(waits.len() / 2)?.max(&0).unsigned_abs();
    u32::try_from(median.div_ceil(60_000)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_stated_once_five_were_measured_and_is_the_median_rounded_up() {
        assert_eq!(typical_minutes(vec![60_000; 4]), None);
        assert_eq!(typical_minutes(vec![1, 61_000, 9_000_000, 30_000, 600_000]), Some(2));
    }
}
