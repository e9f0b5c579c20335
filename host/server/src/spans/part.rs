//! The ids of traces and spans, out of ids that are durable.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{SpanId, SpanKind, TraceId};
use santun_core::ids::{StepId, TurnId};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// What a trace began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A customer's message, which a webhook brought.
    Message(TurnId),
    /// A step that no message led to.
    Step(StepId),
}

impl Origin {
    fn uuid(self) -> Uuid {
        match self {
            Self::Message(turn) => *turn.as_uuid(),
            Self::Step(step) => *step.as_uuid(),
        }
    }

    /// The id of the trace.
    pub fn trace(self) -> TraceId {
        TraceId::from_bytes(*self.uuid().as_bytes())
    }
}

/// What a span is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A webhook brought the message.
    Webhook,
    /// It was decided about.
    Step,
    /// It waited for the rest of what was being typed.
    Settle,
    /// A plugin was asked.
    Plugin(&'a str),
    /// What the host makes of the verdicts.
    Gate,
    /// Until the step was durable.
    Commit,
    /// A message to the customer, from the outbox until it was settled.
    Send(TurnId),
    /// One attempt to send it, begun then.
    Graph(TurnId, SystemTime),
    /// A status webhook about it, received then.
    Status(TurnId, &'a str, SystemTime),
}

impl Part<'_> {
    /// What the span is called. Few names, so that they can be searched for.
    pub(super) fn name(self) -> Cow<'static, str> {
        match self {
            Self::Webhook => "webhook".into(),
            Self::Step => "step".into(),
            Self::Settle => "settle".into(),
            Self::Plugin(name) => format!("plugin {name}").into(),
            Self::Gate => "gate".into(),
            Self::Commit => "commit".into(),
            Self::Send(_) => "send".into(),
            Self::Graph(..) => "graph".into(),
            Self::Status(_, progress, _) => format!("status {progress}").into(),
        }
    }

    pub(super) const fn kind(self) -> SpanKind {
        match self {
            Self::Webhook | Self::Status(..) => SpanKind::Server,
            Self::Graph(..) => SpanKind::Client,
            _ => SpanKind::Internal,
        }
    }

    /// The id of the span of this part in that trace.
    pub(super) fn id(self, origin: Origin) -> SpanId {
        let mut hash = Sha256::new_with_prefix(origin.uuid().as_bytes());
        hash.update(self.name().as_bytes());
        match self {
            Self::Send(turn) => hash.update(turn.as_uuid().as_bytes()),
            Self::Graph(turn, began) | Self::Status(turn, _, began) => {
                hash.update(turn.as_uuid().as_bytes());
                hash.update(began.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos().to_be_bytes());
            }
            _ => {}
        }
        let mut id = [0; 8];
        id.copy_from_slice(&hash.finalize()[..8]);
        // Nought is no id.
        id[7] |= 1;
        SpanId::from_bytes(id)
    }

    /// The span that it is part of.
    pub(super) fn parent(self, origin: Origin) -> SpanId {
        match (self, origin) {
            (Self::Webhook, _) | (Self::Step, Origin::Step(_)) => SpanId::INVALID,
            (Self::Step, Origin::Message(_)) => Self::Webhook.id(origin),
            (Self::Graph(turn, _) | Self::Status(turn, ..), _) => Part::Send(turn).id(origin),
            _ => Self::Step.id(origin),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_part_has_an_id_of_its_own_and_a_parent_that_is_one_of_them() {
        let turn = |byte| TurnId::from_uuid(Uuid::from_bytes([byte; 16]));
        let origin = Origin::Message(turn(1));
        let parts = [
            Part::Webhook,
            Part::Step,
            Part::Settle,
            Part::Plugin("faq"),
            Part::Plugin("menu"),
            Part::Gate,
            Part::Commit,
            Part::Send(turn(2)),
            Part::Send(turn(3)),
            Part::Graph(turn(2), UNIX_EPOCH),
            Part::Graph(turn(2), UNIX_EPOCH + Duration::from_millis(1)),
            Part::Status(turn(2), "sent", UNIX_EPOCH),
            Part::Status(turn(2), "read", UNIX_EPOCH),
        ];
        let ids: std::collections::HashSet<_> = parts.iter().map(|part| part.id(origin)).collect();
        assert_eq!(ids.len(), parts.len());
        for part in &parts[1..] {
            assert!(ids.contains(&part.parent(origin)), "{part:?}");
        }
        assert_eq!(Part::Webhook.parent(origin), SpanId::INVALID);
        assert_eq!(Part::Step.parent(Origin::Step(StepId::from_uuid(Uuid::from_bytes([9; 16])))), SpanId::INVALID);
    }
}
