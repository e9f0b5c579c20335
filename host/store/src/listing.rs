//! Conversations as lists show them.

use santun_core::identity::{Identity, PersonName};
use santun_core::ids::{ChannelId, ContactId, ConversationId, DivisionName, UserId};
use santun_core::time::Timestamp;
use santun_core::verdict::Priority;
use sqlx::{QueryBuilder, Row as _};

use crate::contacts::{SealedPerson, person_place};
use crate::error::StoreError;
use crate::rows::{id_at, some_id_at, uuid};
use crate::sqlite::{Db, DbRow};
use crate::store::Store;

/// Who speaks for the business, in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OwnerKind {
    /// The plugins and the host's own words.
    Bot,
    /// Nobody yet.
    Queue,
    /// A human agent.
    Agent,
    /// A human with the WhatsApp app.
    Phone,
}

impl OwnerKind {
    /// `bot`, `queue`, `agent` or `phone`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Queue => "queue",
            Self::Agent => "agent",
            Self::Phone => "phone",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Bot, Self::Queue, Self::Agent, Self::Phone].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Which conversations to list; what is not said is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// On this channel.
    pub channel: Option<ChannelId>,
    /// With this owner.
    pub owner: Option<OwnerKind>,
    /// Of this agent.
    pub user: Option<UserId>,
    /// Waiting for, or called to, this division.
    pub division: Option<DivisionName>,
    /// With an open request.
    pub requested: Option<bool>,
}

/// Where a page begins: after this row. Whoever waits for a human stands before everybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStart {
    /// A row that waits for a human.
    Waiting {
        /// How pressing it is.
        priority: Priority,
        /// Since when it waits.
        since: Timestamp,
        /// Its id.
        conversation: ConversationId,
    },
    /// Any other row.
    Latest {
        /// Its last turn.
        last_turn_at: Timestamp,
        /// Its id.
        conversation: ConversationId,
    },
}

/// A conversation in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationRow {
    /// Its id.
    pub id: ConversationId,
    /// The business's number.
    pub channel: ChannelId,
    /// The person.
    pub contact: ContactId,
    /// The name in their profile.
    pub name: Option<PersonName>,
    /// How WhatsApp knows them.
    pub identity: Identity,
    /// Who speaks for the business.
    pub owner: OwnerKind,
    /// The division that it waits for, if it is in a queue.
    pub owner_division: Option<DivisionName>,
    /// The agent, if one owns it.
    pub owner_user: Option<UserId>,
    /// The open request: division, priority, and when it was opened.
    pub request: Option<(DivisionName, Priority, Timestamp)>,
    /// When anybody last said something.
    pub last_turn_at: Timestamp,
}

impl ConversationRow {
    /// Where the page after this row begins.
    pub fn next(&self) -> PageStart {
        let conversation = self.id;
        match &self.request {
            Some((_, priority, since)) if matches!(self.owner, OwnerKind::Queue | OwnerKind::Bot) => {
                PageStart::Waiting { priority: *priority, since: *since, conversation }
            }
            _ => PageStart::Latest { last_turn_at: self.last_turn_at, conversation },
        }
    }
}

pub(crate) const fn priority_number(priority: Priority) -> i64 {
    match priority {
        Priority::Low => 0,
        Priority::Normal => 1,
        Priority::High => 2,
        Priority::Urgent => 3,
    }
}

const fn priority_of(number: i64) -> Priority {
    match number {
        0 => Priority::Low,
        2 => Priority::High,
        3 => Priority::Urgent,
        _ => Priority::Normal,
    }
}

const COLUMNS: &str = "SELECT conversations.id, channel, contact, owner, owner_division, owner_user, request_division,
        request_priority, request_at, last_turn_at, contacts.person
    FROM conversations JOIN contacts ON contacts.id = conversations.contact WHERE contacts.person IS NOT NULL";

// In the words of the index `conversations_waiting`. Whoever has a human already does not wait.
const WAITING: &str = " AND request_at IS NOT NULL AND owner IN ('queue', 'bot')";
const NOT_WAITING: &str = " AND (request_at IS NULL OR owner NOT IN ('queue', 'bot'))";

impl Store {
    /// Conversations, at most that many: those that wait for a human first, the most pressing and then the longest
    /// waiting before the others; then the rest, the latest first. Those of forgotten persons do not show.
    pub async fn conversations(
        &self,
        filter: &ConversationFilter,
        after: Option<PageStart>,
        most: u32,
    ) -> Result<Vec<ConversationRow>, StoreError> {
        let mut rows = Vec::new();
        if !matches!(after, Some(PageStart::Latest { .. })) {
            rows = self.fetch(waiting(filter, after, most)).await?;
        }
        let left = most.saturating_sub(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        if left > 0 {
            rows.extend(self.fetch(latest(filter, after, left)).await?);
        }
        let contacts: Result<Vec<_>, StoreError> =
            rows.iter().map(|row| Ok(ContactId::from_uuid(uuid(id_at(row, 2)?)))).collect();
        let contacts = contacts?;
        let keys = self.inner.keys.find_all(&contacts).await?;
        let mut found = Vec::with_capacity(rows.len());
        for (row, contact) in rows.iter().zip(contacts) {
            let Some(key) = keys.get(&contact) else { continue };
            let place = person_place(contact.as_uuid().as_bytes());
            let person: SealedPerson = key.open_json(place, &row.try_get::<Vec<u8>, _>(10)?)?;
            found.push(conversation_row(row, contact, person)?);
        }
        Ok(found)
    }

    async fn fetch(&self, mut query: QueryBuilder<Db>) -> Result<Vec<DbRow>, StoreError> {
        let mut reader = self.reader().await?;
        Ok(query.build().fetch_all(&mut *reader).await?)
    }
}

/// Those that wait for a human, after a row of theirs.
fn waiting(filter: &ConversationFilter, after: Option<PageStart>, most: u32) -> QueryBuilder<Db> {
    let mut query = filtered(filter, WAITING);
    if let Some(PageStart::Waiting { priority, since, conversation }) = after {
        // Negative, so that one comparison serves all three.
        query.push(" AND (-request_priority, request_at, conversations.id) > (").push_bind(-priority_number(priority));
        query.push(", ").push_bind(since.as_millis());
        query.push(", ").push_bind(conversation.as_uuid().as_bytes().to_vec()).push(")");
    }
    query.push(" ORDER BY -request_priority, request_at, conversations.id LIMIT ").push_bind(i64::from(most));
    query
}

/// The others, after a row of theirs.
fn latest(filter: &ConversationFilter, after: Option<PageStart>, most: u32) -> QueryBuilder<Db> {
    let mut query = filtered(filter, NOT_WAITING);
    if let Some(PageStart::Latest { last_turn_at, conversation }) = after {
        query.push(" AND (last_turn_at, conversations.id) < (").push_bind(last_turn_at.as_millis());
        query.push(", ").push_bind(conversation.as_uuid().as_bytes().to_vec()).push(")");
    }
    query.push(" ORDER BY last_turn_at DESC, conversations.id DESC LIMIT ").push_bind(i64::from(most));
    query
}

fn filtered(filter: &ConversationFilter, which: &'static str) -> QueryBuilder<Db> {
    let mut query = QueryBuilder::<Db>::new(COLUMNS);
    query.push(which);
    if let Some(channel) = &filter.channel {
        query.push(" AND channel = ").push_bind(channel.as_str().to_owned());
    }
    if let Some(owner) = filter.owner {
        query.push(" AND owner = ").push_bind(owner.as_str());
    }
    if let Some(user) = filter.user {
        query.push(" AND owner_user = ").push_bind(user.as_uuid().as_bytes().to_vec());
    }
    if let Some(division) = &filter.division {
        query.push(" AND COALESCE(owner_division, request_division) = ").push_bind(division.as_str().to_owned());
    }
    match filter.requested {
        Some(true) => drop(query.push(" AND request_at IS NOT NULL")),
        Some(false) => drop(query.push(" AND request_at IS NULL")),
        None => {}
    }
    query
}

fn conversation_row(row: &DbRow, contact: ContactId, person: SealedPerson) -> Result<ConversationRow, StoreError> {
    let id = id_at(row, 0)?;
    let owner: String = row.try_get(3)?;
    let owner = OwnerKind::from_name(&owner).ok_or_else(|| StoreError::Damaged {
        table: "conversations",
        column: "owner",
        row: hex::encode(id),
        problem: "there is no such owner",
    })?;
    let division = row.try_get::<Option<String>, _>(6)?.map(DivisionName::from);
    let priority = row.try_get::<Option<i64>, _>(7)?.map(priority_of);
    let opened_at = row.try_get::<Option<i64>, _>(8)?.map(Timestamp::from_millis);
    let request = division.zip(priority).zip(opened_at);
    Ok(ConversationRow {
        id: ConversationId::from_uuid(uuid(id)),
        channel: ChannelId::from(row.try_get::<String, _>(1)?),
        contact,
        name: person.name,
        identity: person.identity,
        owner,
        owner_division: row.try_get::<Option<String>, _>(4)?.map(DivisionName::from),
        owner_user: some_id_at(row, 5)?.map(|user| UserId::from_uuid(uuid(user))),
        request: request.map(|((division, priority), at)| (division, priority, at)),
        last_turn_at: Timestamp::from_millis(row.try_get(9)?),
    })
}
