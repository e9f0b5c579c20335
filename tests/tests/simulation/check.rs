//! What must be true at the end, whatever happened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use santun::host::Host;
use santun_core::delivery::OutboxState;
use santun_core::ids::{ConversationId, StepId, TurnId};
use santun_core::trace::Trace;
use santun_core::turn::{Happening, Speaker, TurnBody};
use santun_store::{ConversationFilter, OwnerKind, StoreError, TurnView};

use crate::simulation::Sim;
use crate::witness::Witness;

/// Turns of one conversation, at most: more than any simulation makes.
const ALL: u32 = 100_000;

/// Statements that count what must not be there, and what it would mean.
const NONE: [(&str, &str); 6] = [
    ("turns that no step has decided about", "SELECT COUNT(*) FROM turns WHERE undecided = 1"),
    (
        "messages of which nothing final has become",
        "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending') OR (state = 'unknown' AND settle_by IS NOT NULL)",
    ),
    (
        "turns of a step that left no trace",
        "SELECT COUNT(*) FROM turns WHERE step IS NOT NULL AND step NOT IN (SELECT step FROM traces)",
    ),
    ("customers' messages without a step", "SELECT COUNT(*) FROM turns WHERE speaker = 'customer' AND step IS NULL"),
    (
        "conversations in a queue without an open request",
        "SELECT COUNT(*) FROM conversations WHERE owner = 'queue' AND request_at IS NULL",
    ),
    (
        "requests that are open twice for one conversation",
        "SELECT COUNT(*) FROM (SELECT conversation FROM requests WHERE closed_at IS NULL GROUP BY conversation HAVING COUNT(*) > 1)",
    ),
];

/// Looks through everything that is left.
pub(crate) async fn all(sim: &Arc<Sim>, host: &Host) {
    let wrong = |what: String| sim.log.wrong(sim.world.truth(), what);
    let mut witness = Witness::of(sim.folder.path());
    for (what, query) in NONE {
        let count = witness.counts(query);
        if count > 0 {
            wrong(format!("{count} {what}"));
        }
    }
    sim.meta.customers.complaints().into_iter().for_each(wrong);
    if let Err(error) = look_through(sim, host).await {
        wrong(format!("the store cannot be read: {error}"));
    }
}

async fn look_through(sim: &Sim, host: &Host) -> Result<(), StoreError> {
    let wrong = |what: String| sim.log.wrong(sim.world.truth(), what);
    let mut rows = host.store.conversations(&ConversationFilter::default(), None, 1_000).await?;
    rows.sort_by_key(|row| row.id);
    let mut wamids: BTreeMap<String, u32> = BTreeMap::new();
    let mut sent: BTreeMap<TurnId, OutboxState> = BTreeMap::new();
    for row in rows {
        let turns = host.store.history(row.id, ALL, None).await?;
        for view in turns.iter().filter(|view| view.turn.by == Speaker::Customer) {
            let wamid = host.store.wamid(view.turn.id).await?;
            *wamids.entry(wamid.map(|wamid| wamid.expose().to_owned()).unwrap_or_default()).or_default() += 1;
        }
        sent.extend(turns.iter().filter_map(|view| Some((view.turn.id, view.delivery.as_ref()?.state))));
        let states: Vec<&str> = turns.iter().filter_map(|view| Some(view.delivery.as_ref()?.state.as_str())).collect();
        sim.log
            .line(sim.world.truth(), format!("{} is with {:?}: {} turns, {states:?}", row.id, row.owner, turns.len()));
        let mut traces = BTreeMap::new();
        for step in turns.iter().filter_map(|view| view.turn.step) {
            if let Some(trace) = host.store.trace(step).await? {
                traces.insert(step, trace);
            }
        }
        let human = row.owner != OwnerKind::Bot || row.request.is_some();
        let story = Story { id: row.id, turns, traces, human };
        story.check(&wrong);
    }
    decided_once(sim, host).await?;
    for (wamid, written) in sim.meta.customers.written() {
        let there = wamids.get(&wamid).copied().unwrap_or(0);
        if there > 1 {
            wrong(format!("{wamid} is in the history {there} times"));
        }
        if there == 0 && written.acknowledged.is_some() {
            wrong(format!("{wamid} of {} was acknowledged, and is lost", written.by));
        }
    }
    for taken in sim.meta.taken() {
        let state = taken.parse::<TurnId>().ok().and_then(|turn| sent.get(&turn).copied());
        if !matches!(state, Some(OutboxState::Accepted | OutboxState::Unknown | OutboxState::Failed)) {
            wrong(format!("{taken} reached Meta, and the host has it as {state:?}"));
        }
    }
    let promised = sim.meta.customers.all_promised();
    for turn in promised.iter().filter(|turn| !sent.contains_key(turn)) {
        wrong(format!("an agent was told that {turn} will be sent, and it is lost"));
    }
    Ok(())
}

/// A step whose decision was committed twice leaves two traces, and no message of a customer names the first.
async fn decided_once(sim: &Sim, host: &Host) -> Result<(), StoreError> {
    let mut witness = Witness::of(sim.folder.path());
    for step in witness.steps_without_a_customer() {
        let Some(trace) = host.store.trace(StepId::from_uuid(step)).await? else { continue };
        if matches!(trace.trigger.as_str(), "messages" | "ear") {
            sim.log
                .wrong(sim.world.truth(), format!("{step} has decided about messages that another step decided about"));
        }
    }
    Ok(())
}

/// One conversation, as it is kept.
struct Story {
    id: ConversationId,
    turns: Vec<TurnView>,
    traces: BTreeMap<StepId, Trace>,
    /// Whether a human has it, or is called.
    human: bool,
}

impl Story {
    fn check(&self, wrong: &dyn Fn(String)) {
        self.nobody_waits_in_vain(wrong);
        self.what_did_not_arrive_is_told(wrong);
    }

    /// Each message that asks for an answer has one, or a reason why not.
    fn nobody_waits_in_vain(&self, wrong: &dyn Fn(String)) {
        let followed = |view: &&TurnView| view.delivery.is_some() || matches!(view.turn.body, TurnBody::Happened(_));
        let answered: BTreeSet<StepId> = self.turns.iter().filter(followed).filter_map(|view| view.turn.step).collect();
        for view in self.turns.iter().filter(|view| view.turn.by == Speaker::Customer) {
            let Some(step) = view.turn.step else { continue };
            let Some(trace) = self.traces.get(&step) else { continue };
            if !answered.contains(&step) && trace.notes.is_empty() && !self.human {
                let id = self.id;
                wrong(format!(
                    "{id}: {} ({:?}) has neither an answer nor a reason: {trace:?}",
                    view.turn.id,
                    view.turn.body.words()
                ));
            }
        }
    }

    /// What did not reach the customer, or may not have, is in the history as such.
    fn what_did_not_arrive_is_told(&self, wrong: &dyn Fn(String)) {
        let told: BTreeSet<TurnId> = self.turns.iter().filter_map(|view| about(&view.turn.body)).collect();
        let opted_out =
            self.turns.iter().any(|view| matches!(view.turn.body, TurnBody::Happened(Happening::StoppedMarketing)));
        for view in &self.turns {
            let Some(delivery) = &view.delivery else { continue };
            let lost = matches!(delivery.state, OutboxState::Failed | OutboxState::Refused | OutboxState::Unknown);
            if lost && !told.contains(&view.turn.id) && !opted_out {
                wrong(format!("{}: {} is {:?}, and nobody is told", self.id, view.turn.id, delivery.state));
            }
        }
    }
}

/// The message that a turn says has not arrived.
fn about(body: &TurnBody) -> Option<TurnId> {
    match body {
        TurnBody::Happened(Happening::NotSent { turn, .. } | Happening::NotDelivered { turn, .. }) => Some(*turn),
        _ => None,
    }
}
