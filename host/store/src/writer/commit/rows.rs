//! The rows that a step becomes, sealed.

use santun_core::conversation::{ConsentChange, Conversation, Disclosure, Owner, Request};
use santun_core::delivery::OutboxState;
use santun_core::draft::{Author, StoredDraft};
use santun_core::effects::{Effects, RequestChange, TimerChange};
use santun_core::ids::{ConversationId, RequestId, StepId, TurnId};
use santun_core::time::Timestamp;
use santun_core::turn::{News, Speaker, Turn, TurnBody};
use santun_core::verdict::StateScope;
use santun_core::world::World;

use super::{SharedWrite, step_event};
use crate::error::StoreError;
use crate::events::NewEvent;
use crate::history::{SealedTurn, place as turn_place, trace_place};
use crate::lease::{Shared, shared_place, state_place};
use crate::listing::priority_number;
use crate::lookup::LookUp;
use crate::plugin_state::{self, SHARED, row_name};
use crate::requests::place as request_place;
use crate::rows::{Value, write_rows};
use crate::seal::SealKey;
use crate::sqlite::Connection;

pub(in crate::writer) type TurnRow = [Value; 9];
pub(super) type OutboxRow = [Value; 10];

const TURN_UNDECIDED: usize = 6;
pub(super) const OUTBOX_POSITION: usize = 3;
pub(super) const CONVERSATION_FENCE: usize = 1;
pub(super) const CONVERSATION_POSITION: usize = 2;

/// A request that was taken or closed.
#[derive(Clone)]
pub(super) enum RequestEnding {
    Taken { id: RequestId, by: Option<Vec<u8>>, at: Timestamp },
    Closed { id: RequestId, at: Timestamp },
}

impl RequestEnding {
    pub(super) async fn write(self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        const TAKEN: &str = "UPDATE requests SET taken_at = $2, taken_by = $3 WHERE id = $1 AND taken_at IS NULL";
        const CLOSED: &str = "UPDATE requests SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL";
        let query = match self {
            Self::Taken { id, by, at } => {
                sqlx::query(TAKEN).bind(id.as_uuid().as_bytes().to_vec()).bind(at.as_millis()).bind(by)
            }
            Self::Closed { id, at } => sqlx::query(CLOSED).bind(id.as_uuid().as_bytes().to_vec()).bind(at.as_millis()),
        };
        query.execute(connection).await.map(|_| ())
    }
}

/// Everything that a step, or a batch of them, writes.
#[derive(Clone, Default)]
pub(super) struct Sealed {
    pub(super) conversation: Vec<[Value; 13]>,
    pub(super) decided: Vec<[Value; 2]>,
    pub(super) turns: Vec<TurnRow>,
    pub(super) outbox: Vec<OutboxRow>,
    pub(super) traces: Vec<[Value; 4]>,
    pub(super) consents: Vec<[Value; 8]>,
    pub(super) state: Vec<[Value; 5]>,
    pub(super) timers: Vec<[Value; 3]>,
    pub(super) timers_cleared: Vec<(ConversationId, &'static str)>,
    pub(super) requests: Vec<[Value; 6]>,
    pub(super) request_endings: Vec<RequestEnding>,
    pub(super) events: Vec<NewEvent>,
}

impl Sealed {
    pub(super) fn append(&mut self, other: Self) {
        self.conversation.extend(other.conversation);
        self.decided.extend(other.decided);
        self.turns.extend(other.turns);
        self.outbox.extend(other.outbox);
        self.traces.extend(other.traces);
        self.consents.extend(other.consents);
        self.state.extend(other.state);
        self.timers.extend(other.timers);
        self.timers_cleared.extend(other.timers_cleared);
        self.requests.extend(other.requests);
        self.request_endings.extend(other.request_endings);
        self.events.extend(other.events);
    }
}

pub(super) fn seal(
    effects: Effects,
    sending: Option<TurnId>,
    key: &SealKey,
    lookup: &LookUp,
    world: &dyn World,
) -> Result<Sealed, StoreError> {
    let mut sealed = Sealed { events: vec![step_event(&effects)], ..Sealed::default() };
    let conversation = effects.conversation.id;
    let channel = effects.conversation.channel.clone();
    let at = effects.trace.at;
    let step = step_value(effects.step);
    sealed.decided = effects.decided.iter().map(|turn| [Value::from(*turn), step.clone()]).collect();
    for turn in effects.turns {
        sealed.turns.push(turn_row(turn, conversation, channel.as_str(), at, key, world)?);
    }
    for draft in &effects.outbox {
        // Its position is known only when it is written.
        let state = if sending == Some(draft.id) { OutboxState::Sending } else { OutboxState::Queued };
        let (turn, outbox) = draft_rows(draft, state, conversation, channel.as_str(), 0, at, key, world)?;
        sealed.turns.push(turn);
        sealed.outbox.push(outbox);
    }
    let id = *effects.step.as_uuid().as_bytes();
    let trace = key.seal_json(world, trace_place(&id), &effects.trace)?;
    sealed.traces.push([step, conversation.into(), at.as_millis().into(), trace.into()]);
    let contact = Value::uuid(effects.conversation.contact.as_uuid());
    for entry in effects.consents {
        let change = match entry.change {
            ConsentChange::Given => "given",
            ConsentChange::Withdrawn => "withdrawn",
        };
        sealed.consents.push([
            contact.clone(),
            conversation.into(),
            entry.at.as_millis().into(),
            change.into(),
            entry.purpose.map(|purpose| purpose.as_str().to_owned()).into(),
            entry.wording.into(),
            entry.evidence.into(),
            entry.turn.into(),
        ]);
    }
    for write in effects.state.iter().filter(|write| write.scope == StateScope::Conversation) {
        let (of, hash) = (conversation.as_uuid().as_bytes(), lookup.state_key(&write.key));
        let name = row_name(&write.plugin, of, &hash);
        let value = write.value.as_ref().map(|value| key.seal(world, plugin_state::place(&name), value));
        // Nobody checks the version of what only one conversation writes.
        sealed.state.push([write.plugin.as_str().into(), (*of).into(), hash.into(), 1_i64.into(), value.into()]);
    }
    for (nth, change) in effects.timers.iter().enumerate() {
        // What is cleared is written after what is set: only the last word on each timer may be written.
        if effects.timers[nth + 1..].iter().any(|later| later.timer() == change.timer()) {
            continue;
        }
        match *change {
            TimerChange::Set(timer, at) => {
                sealed.timers.push([conversation.into(), timer.as_str().into(), at.as_millis().into()]);
            }
            TimerChange::Clear(timer) => sealed.timers_cleared.push((conversation, timer.as_str())),
        }
    }
    for change in effects.requests {
        match change {
            RequestChange::Opened(request) | RequestChange::Changed(request) => {
                sealed.requests.push(request_row(&request, conversation, key, world)?);
            }
            RequestChange::Taken { id, user, at } => {
                let by = user.map(|user| user.as_uuid().as_bytes().to_vec());
                sealed.request_endings.push(RequestEnding::Taken { id, by, at });
            }
            RequestChange::Closed { id, at } => sealed.request_endings.push(RequestEnding::Closed { id, at }),
        }
    }
    sealed.conversation.push(conversation_row(effects.conversation, key, world)?);
    Ok(sealed)
}

/// The turn and the outbox row of a message to the customer.
#[expect(clippy::too_many_arguments, reason = "the parts of a row, of which the caller has more")]
pub(in crate::writer) fn draft_rows(
    draft: &StoredDraft,
    state: OutboxState,
    conversation: ConversationId,
    channel: &str,
    position: i64,
    at: Timestamp,
    key: &SealKey,
    world: &dyn World,
) -> Result<(TurnRow, OutboxRow), StoreError> {
    let by = match draft.author {
        Author::Agent { .. } => Speaker::Agent,
        Author::Plugin { .. } | Author::Host { .. } => Speaker::Bot,
    };
    let body = TurnBody::Said { author: draft.author.clone(), content: draft.content.clone() };
    let turn = Turn { id: draft.id, at, by, step: Some(draft.step), reply_to: None, body };
    let initiative = serde_json::to_string(&draft.initiative)
        .map_err(|_| turn_place(draft.id.as_uuid().as_bytes()).damaged("its initiative cannot be written as JSON"))?;
    let outbox = [
        Value::from(draft.id),
        conversation.into(),
        channel.into(),
        position.into(),
        state.as_str().into(),
        i64::from(state == OutboxState::Sending).into(),
        at.as_millis().into(),
        initiative.into(),
        draft.discloses.into(),
        draft.session.into(),
    ];
    Ok((turn_row(turn, conversation, channel, at, key, world)?, outbox))
}

/// The turn of news. No step has decided about it.
pub(in crate::writer) fn news_row(
    news: &News,
    conversation: ConversationId,
    channel: &str,
    key: &SealKey,
    world: &dyn World,
) -> Result<TurnRow, StoreError> {
    let body = TurnBody::Happened(news.what.clone());
    let turn = Turn { id: news.id, at: news.at, by: Speaker::System, step: None, reply_to: None, body };
    let mut row = turn_row(turn, conversation, channel, news.at, key, world)?;
    row[TURN_UNDECIDED] = 1_i64.into();
    Ok(row)
}

fn turn_row(
    turn: Turn,
    conversation: ConversationId,
    channel: &str,
    at: Timestamp,
    key: &SealKey,
    world: &dyn World,
) -> Result<TurnRow, StoreError> {
    let id = *turn.id.as_uuid().as_bytes();
    let sealed = key.seal_json(world, turn_place(&id), &SealedTurn { body: turn.body, wamid: None })?;
    Ok([
        id.into(),
        conversation.into(),
        channel.into(),
        turn.by.as_str().into(),
        turn.at.as_millis().into(),
        at.as_millis().into(),
        0_i64.into(),
        turn.step.map(|step| *step.as_uuid().as_bytes()).into(),
        sealed.into(),
    ])
}

fn conversation_row(
    mut conversation: Conversation,
    key: &SealKey,
    world: &dyn World,
) -> Result<[Value; 13], StoreError> {
    // These are the contact's.
    conversation.attributes.clear();
    conversation.consents = Default::default();
    let id = *conversation.id.as_uuid().as_bytes();
    let sealed = key.seal_json(world, state_place(&id), &conversation)?;
    let (division, user) = match &conversation.owner {
        Owner::Queue { division } => (Some(division.as_str().to_owned()), None),
        Owner::Agent { user, .. } => (None, Some(user.as_uuid().as_bytes().to_vec())),
        Owner::Bot | Owner::Phone { .. } => (None, None),
    };
    let disclosing = match conversation.session.disclosure {
        Disclosure::OnItsWay { turn } => Some(turn),
        Disclosure::Due | Disclosure::Made { .. } => None,
    };
    let request = conversation.request.as_ref();
    Ok([
        id.into(),
        // Fence and position are known only when it is written.
        0_i64.into(),
        0_i64.into(),
        conversation.owner.name().into(),
        division.into(),
        user.into(),
        request.map(|request| request.division.as_str().to_owned()).into(),
        request.map(|request| priority_number(request.priority)).into(),
        request.map(|request| request.opened_at.as_millis()).into(),
        conversation.last_customer_at.map(Timestamp::as_millis).into(),
        conversation.session.last_turn_at.as_millis().into(),
        disclosing.into(),
        sealed.into(),
    ])
}

fn request_row(
    request: &Request,
    conversation: ConversationId,
    key: &SealKey,
    world: &dyn World,
) -> Result<[Value; 6], StoreError> {
    let id = *request.id.as_uuid().as_bytes();
    Ok([
        id.into(),
        conversation.into(),
        request.division.as_str().into(),
        priority_number(request.priority).into(),
        request.opened_at.as_millis().into(),
        key.seal_json(world, request_place(&id), request)?.into(),
    ])
}

pub(super) fn seal_shared(
    conversation: &Conversation,
    key: &SealKey,
    world: &dyn World,
) -> Result<Vec<u8>, StoreError> {
    let shared = Shared { attributes: conversation.attributes.clone(), consents: conversation.consents.clone() };
    key.seal_json(world, shared_place(conversation.contact.as_uuid().as_bytes()), &shared)
}

pub(super) fn seal_shared_state(
    effects: &Effects,
    host: &SealKey,
    lookup: &LookUp,
    world: &dyn World,
) -> Result<Vec<SharedWrite>, StoreError> {
    let shared = effects.state.iter().filter(|write| write.scope == StateScope::Shared).map(|write| {
        let key_hash = lookup.state_key(&write.key);
        let name = row_name(&write.plugin, &SHARED, &key_hash);
        SharedWrite {
            plugin: write.plugin.clone(),
            key: write.key.clone(),
            key_hash,
            read_version: write.read_version,
            sealed: write.value.as_ref().map(|value| host.seal(world, plugin_state::place(&name), value)),
        }
    });
    Ok(shared.collect())
}

pub(in crate::writer) async fn insert_turns(
    connection: &mut Connection,
    rows: Vec<TurnRow>,
) -> Result<(), sqlx::Error> {
    const INSERT: &str = "INSERT OR FAIL INTO turns (id, conversation, channel, speaker, sent_at, arrived_at, undecided, \
                          step, body) VALUES ";
    write_rows(connection, INSERT, rows, "").await
}

pub(in crate::writer) async fn insert_outbox(
    connection: &mut Connection,
    rows: Vec<OutboxRow>,
) -> Result<(), sqlx::Error> {
    const INSERT: &str = "INSERT OR FAIL INTO outbox (id, conversation, channel, position, state, attempts, not_before, \
                          initiative, discloses, session) VALUES ";
    write_rows(connection, INSERT, rows, "").await
}

fn step_value(step: StepId) -> Value {
    Value::from(*step.as_uuid().as_bytes())
}
