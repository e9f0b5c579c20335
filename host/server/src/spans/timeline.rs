//! When what was done, noted where it is done, and told once it is durable.

use std::sync::Arc;
use std::time::SystemTime;

use santun_core::delivery::{Attempt, OutboxState};
use santun_core::effects::Effects;
use santun_core::ids::{ConversationId, StepId, TurnId};
use santun_core::message::Message;
use santun_core::verdict::{Failure, Verdict};
use santun_engine::Behaviour;
use santun_store::Ingested;

use super::{Ended, Origin, Part, Spans, at, made, now};
use crate::host::Host;

/// The times of a step, until it is durable. Empty where nobody wants spans.
#[derive(Debug, Default)]
pub struct Timeline {
    settled: Option<(SystemTime, SystemTime)>,
    asked: Vec<Asked>,
    gate: Option<(SystemTime, Option<SystemTime>)>,
}

#[derive(Debug)]
struct Asked {
    plugin: String,
    revision: String,
    outcome: String,
    failed: bool,
    began: SystemTime,
    ended: SystemTime,
}

impl Timeline {
    /// A step's messages have settled.
    pub fn settled(spans: &Spans, messages: &[Message]) -> Self {
        let first = messages.iter().map(|message| message.arrived_at).min();
        Self { settled: first.map(at).zip(spans.begin()), ..Self::default() }
    }

    /// A plugin has answered.
    pub fn asked(&mut self, behaviour: &Behaviour, result: &Result<Verdict, Failure>, began: SystemTime) {
        let outcome = match result {
            Ok(verdict) => verdict.decision.name().to_owned(),
            Err(failure) => failure.code.clone(),
        };
        self.asked.push(Asked {
            plugin: behaviour.name().to_string(),
            revision: behaviour.revision().short(),
            outcome,
            failed: result.is_err(),
            began,
            ended: now(),
        });
    }

    /// The host begins to make a step of what it was told.
    pub fn gate_begins(&mut self, spans: &Spans) {
        self.gate = spans.begin().map(|began| (began, None));
    }

    /// It knows what it will say.
    pub fn gate_ends(&mut self, spans: &Spans) {
        if let Some((_, ended)) = &mut self.gate {
            *ended = spans.begin();
        }
    }

    /// The step is given to the store.
    pub fn commits(self, spans: &Spans, effects: &Effects) -> Committing {
        let Some(began) = spans.begin() else { return Committing(None) };
        let by_message = matches!(effects.trace.trigger.as_str(), "messages" | "ear");
        let origin = match effects.decided.first() {
            Some(turn) if by_message => Origin::Message(*turn),
            _ => Origin::Step(effects.step),
        };
        // What a step of several messages was decided with: each of them began a trace of its own.
        let others = effects.decided.iter().skip(1).filter(|_| by_message);
        Committing(Some(Box::new(Step {
            origin,
            others: others.map(|turn| Origin::Message(*turn)).collect(),
            step: effects.step,
            conversation: effects.conversation.id,
            trigger: effects.trace.trigger.clone(),
            messages: effects.outbox.len(),
            timeline: self,
            began,
        })))
    }
}

/// A step on its way into the store.
#[derive(Debug)]
pub struct Committing(Option<Box<Step>>);

#[derive(Debug)]
struct Step {
    origin: Origin,
    others: Vec<Origin>,
    step: StepId,
    conversation: ConversationId,
    trigger: String,
    messages: usize,
    timeline: Timeline,
    began: SystemTime,
}

impl Committing {
    /// It is durable. Gives the trace that its messages belong to.
    pub fn committed(self, spans: &Spans) -> Option<Origin> {
        let Step { origin, others, step, conversation, trigger, messages, timeline, began } = *self.0?;
        if !spans.keeps(origin) {
            return Some(origin);
        }
        let commit = Ended::now(origin, Part::Commit, began);
        let Timeline { settled, asked, gate } = timeline;
        let first = [settled.map(|(began, _)| began), asked.first().map(|asked| asked.began), gate.map(|gate| gate.0)];
        let whole = Ended {
            began: first.into_iter().flatten().min().unwrap_or(began),
            ended: commit.ended,
            links: others,
            ..Ended::now(origin, Part::Step, began)
        };
        let whole = whole.with("santun.step", step.to_string()).with("santun.conversation", conversation.to_string());
        spans.end(whole.with("santun.trigger", trigger).with("santun.messages", messages as i64));
        if let Some((began, ended)) = settled {
            spans.end(Ended { ended, ..Ended::now(origin, Part::Settle, began) });
        }
        for Asked { plugin, revision, outcome, failed, began, ended } in asked {
            let error = failed.then(|| outcome.clone());
            let span = Ended { ended, error, ..Ended::now(origin, Part::Plugin(&plugin), began) };
            spans.end(
                span.with("santun.plugin", plugin.clone())
                    .with("santun.revision", revision)
                    .with("santun.outcome", outcome),
            );
        }
        if let Some((began, Some(ended))) = gate {
            spans.end(Ended { ended, ..Ended::now(origin, Part::Gate, began) });
        }
        spans.end(commit);
        Some(origin)
    }
}

/// A webhook's updates are durable.
pub fn received(host: &Arc<Host>, ingested: &[Ingested], began: SystemTime) {
    for one in ingested {
        match one {
            Ingested::Message { message, .. } => {
                let span = Ended::now(Origin::Message(message.id), Part::Webhook, began);
                host.spans.end(
                    span.with("santun.turn", message.id.to_string())
                        .with("santun.conversation", message.conversation.to_string())
                        .with("santun.updates", ingested.len() as i64),
                );
            }
            Ingested::Status { turn, progress, .. } => {
                let (host, turn, progress, ended) = (host.clone(), *turn, progress.as_str(), now());
                // Whose trace it is must be read, and Meta is not to wait for that.
                tokio::spawn(async move {
                    let Some(origin) = origin_of_sent(&host, turn).await else { return };
                    let span = Ended { ended, ..Ended::now(origin, Part::Status(turn, progress, began), began) };
                    host.spans.end(span.with("santun.turn", turn.to_string()));
                });
            }
            _ => {}
        }
    }
}

/// The trace that a message from the store belongs to, if anybody wants spans.
pub async fn origin_of(host: &Host, turn: TurnId, step: StepId) -> Option<Origin> {
    if !host.spans.on() {
        return None;
    }
    Some(origin_of_sent(host, turn).await.unwrap_or(Origin::Step(step)))
}

async fn origin_of_sent(host: &Host, turn: TurnId) -> Option<Origin> {
    match host.store.led_to(turn).await {
        Ok(Some((_, Some(message)))) => Some(Origin::Message(message)),
        Ok(Some((step, None))) => Some(Origin::Step(step)),
        // Without it a span is missing, and nothing else.
        Ok(None) | Err(_) => None,
    }
}

/// An attempt to send a message has come to something.
pub fn attempted(
    spans: &Spans,
    origin: Option<Origin>,
    turn: TurnId,
    nth: u32,
    attempt: &Attempt,
    began: Option<SystemTime>,
) {
    let Some((origin, began)) = origin.zip(began).filter(|(origin, _)| spans.keeps(*origin)) else { return };
    let (outcome, error) = match attempt {
        Attempt::Accepted { .. } => ("accepted", None),
        Attempt::Again { error, .. } => ("again", Some(error)),
        Attempt::Halted { error } => ("halted", Some(error)),
        Attempt::Unknown { error } => ("unknown", Some(error)),
        Attempt::Never { error, .. } => ("never", Some(error)),
    };
    let mut span = Ended::now(origin, Part::Graph(turn, began), began);
    span = span.with("santun.turn", turn.to_string()).with("santun.attempt", i64::from(nth));
    if let Some(error) = error {
        span.error = Some(format!("code {}", error.code));
        span = span.with("santun.code", error.code);
    }
    spans.end(span.with("santun.outcome", outcome));
}

/// A message is settled, or nobody waits any longer to learn what became of it.
pub fn sent(spans: &Spans, origin: Option<Origin>, turn: TurnId, state: OutboxState, attempts: u32) {
    let Some(origin) = origin.filter(|origin| spans.keeps(*origin)) else { return };
    let mut span = Ended::now(origin, Part::Send(turn), made(turn));
    if state != OutboxState::Accepted {
        span.error = Some(state.as_str().to_owned());
    }
    let span = span.with("santun.turn", turn.to_string()).with("santun.state", state.as_str());
    spans.end(span.with("santun.retries", i64::from(attempts)));
}
