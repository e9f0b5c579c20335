//! What must be true at the end, whatever happened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use santun::host::Host;
use santun_core::delivery::OutboxState;
use santun_core::ids::{ConversationId, PluginName, StepId, TurnId};
use santun_core::outgoing::Outgoing;
use santun_core::trace::Trace;
use santun_core::turn::{Happening, Speaker, TurnBody};
use santun_core::verdict::{Decision, StateScope};
use santun_store::{ConversationFilter, OwnerKind, StoreError, TurnView};

use crate::customers::tags;
use crate::forgetting;
use crate::simulation::Sim;
use crate::witness::Witness;

/// Turns of one conversation, at most: more than any simulation makes.
const ALL: u32 = 100_000;

/// `stale_minutes`, unless a bot says otherwise, and a second, since WhatsApp tells times by the second.
const STALE: i64 = 60 * 60_000 + 1_000;

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
    forgetting::nothing_is_left(sim, &wrong);
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
    let mut counted: BTreeSet<StepId> = BTreeSet::new();
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
        counted.extend(traces.values().filter(|trace| counts(trace)).map(|trace| trace.step));
        let story = Story { id: row.id, turns, traces, human };
        story.check(&wrong);
        story.no_late_message_gets_an_ordinary_answer(sim, &wrong);
    }
    counted.extend(decided_once(sim, host).await?.iter().filter(|trace| counts(trace)).map(|trace| trace.step));
    let seen_by_the_plugin = counted.len();
    let remembered = remembered_by_the_plugin(host).await?;
    // Of whom is forgotten no step is left that could tell.
    let all = sim.meta.customers.forgotten.is_empty();
    if remembered < seen_by_the_plugin || (all && remembered != seen_by_the_plugin) {
        wrong(format!("the plugin remembers {remembered} messages, and {seen_by_the_plugin} steps have counted one"));
    }
    for (wamid, written) in sim.meta.customers.written() {
        let there = wamids.get(&wamid).copied().unwrap_or(0);
        if there > 1 {
            wrong(format!("{wamid} is in the history {there} times"));
        }
        if there == 0 && written.acknowledged.is_some() && !sim.meta.customers.forgotten.holds(&written.by) {
            wrong(format!("{wamid} of {} was acknowledged, and is lost", written.by));
        }
    }
    for (taken, to) in sim.meta.taken() {
        let state = taken.parse::<TurnId>().ok().and_then(|turn| sent.get(&turn).copied());
        if state.is_none() && sim.meta.customers.forgotten.holds(&to) {
            continue;
        }
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

/// Whether the plugin has counted in this step: it says back what it was told, the word for it included.
fn counts(trace: &Trace) -> bool {
    let replies = trace.verdicts.iter().filter_map(|record| match &record.verdict.as_ref()?.decision {
        Decision::Reply { messages, .. } => Some(messages),
        _ => None,
    });
    let texts = replies.flatten().filter_map(|message| match message {
        Outgoing::Text { text } => Some(text.as_str()),
        _ => None,
    });
    texts.into_iter().any(|text| text.starts_with("Gema ") && text.contains("#hitung"))
}

/// What the plugin remembers for all conversations: how often it has counted.
async fn remembered_by_the_plugin(host: &Host) -> Result<usize, StoreError> {
    let (plugin, nobodys) = (PluginName::from("echo"), ConversationId::from_uuid(uuid::Uuid::nil()));
    let kept = host.store.state_get(&plugin, StateScope::Shared, nobodys, "seen").await?;
    // As the plugin's own library writes a number: seven bits a byte, the least first.
    let bytes = kept.map(|(bytes, _)| bytes).unwrap_or_default();
    Ok(bytes.iter().rev().fold(0, |number, byte| (number << 7) | usize::from(byte & 0x7f)))
}

/// A step whose decision was committed twice leaves two traces, and no message of a customer names the first. Gives
/// the traces that none names.
async fn decided_once(sim: &Sim, host: &Host) -> Result<Vec<Trace>, StoreError> {
    let mut all = Vec::new();
    let mut witness = Witness::of(sim.folder.path());
    for step in witness.steps_without_a_customer() {
        let Some(trace) = host.store.trace(StepId::from_uuid(step)).await? else { continue };
        if matches!(trace.trigger.as_str(), "messages" | "ear") {
            sim.log
                .wrong(sim.world.truth(), format!("{step} has decided about messages that another step decided about"));
        }
        all.push(trace);
    }
    Ok(all)
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

    /// What is older than `stale_minutes` is apologised for, and never answered as if it had just come.
    fn no_late_message_gets_an_ordinary_answer(&self, sim: &Sim, wrong: &dyn Fn(String)) {
        let sent_at = sim.meta.customers.sent_at();
        for view in self.turns.iter().filter(|view| view.turn.by == Speaker::Bot) {
            let Some(trace) = view.turn.step.and_then(|step| self.traces.get(&step)) else { continue };
            let words = view.turn.body.words();
            let ordinary = words.contains("Gema ") && trace.trigger == "messages";
            let oldest = tags(words).iter().filter_map(|tag| sent_at.get(tag)).min().copied();
            let decided = sim.world.before_jumps(trace.at.as_millis());
            if ordinary && oldest.is_some_and(|sent_at| decided - sent_at > STALE) {
                wrong(format!("{}: {} answers a message of {oldest:?} at {:?}", self.id, view.turn.id, trace.at));
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
