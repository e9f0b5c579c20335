//! What a step does, all at once: the store commits it whole or not at all.

use crate::conversation::{ConsentEntry, Conversation, Request};
use crate::draft::StoredDraft;
use crate::ids::{RequestId, StepId, TurnId, UserId};
use crate::time::Timestamp;
use crate::trace::Trace;
use crate::turn::Turn;
use crate::verdict::StateWrite;

/// The whole effect of a step on one conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Effects {
    /// The step.
    pub step: StepId,
    /// The conversation as it stands afterwards.
    pub conversation: Conversation,
    /// Customer turns that this step has decided about.
    pub decided: Vec<TurnId>,
    /// New turns other than messages to the customer: notes and happenings, in order.
    pub turns: Vec<Turn>,
    /// Messages to the customer, in order. Each becomes a turn and an outbox row.
    pub outbox: Vec<StoredDraft>,
    /// What happened to requests.
    pub requests: Vec<RequestChange>,
    /// Lines for the consent ledger.
    pub consents: Vec<ConsentEntry>,
    /// Timers to set or to clear, at most one change of each kind.
    pub timers: Vec<TimerChange>,
    /// What plugins remember.
    pub state: Vec<StateWrite>,
    /// The record of it all.
    pub trace: Trace,
}

/// What happened to a request.
#[derive(Clone, Debug, PartialEq)]
pub enum RequestChange {
    /// It was opened.
    Opened(Request),
    /// Something about it changed (division, summary, promise).
    Changed(Request),
    /// An agent took it; the wait that ended is what waits are measured by.
    Taken {
        /// Which.
        id: RequestId,
        /// By whom; `None` if by the phone app.
        user: Option<UserId>,
        /// When.
        at: Timestamp,
    },
    /// It was closed.
    Closed {
        /// Which.
        id: RequestId,
        /// When.
        at: Timestamp,
    },
}

/// A timer of a conversation: at most one of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Nobody has taken the open request for `policy.no_agent_minutes`.
    NobodyThere,
    /// The agent has not answered the customer for the division's `answer_minutes`.
    AnswerLate,
    /// Nobody has written from the phone app for `policy.phone_release_minutes`.
    PhoneRelease,
}

impl Timer {
    /// Its name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NobodyThere => "nobody_there",
            Self::AnswerLate => "answer_late",
            Self::PhoneRelease => "phone_release",
        }
    }

    /// The timer of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::NobodyThere, Self::AnswerLate, Self::PhoneRelease].into_iter().find(|timer| timer.as_str() == name)
    }
}

/// A timer to set or to clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerChange {
    /// Go off at that time, instead of whatever time was set before.
    Set(Timer, Timestamp),
    /// Never go off.
    Clear(Timer),
}

impl TimerChange {
    /// Which timer.
    pub const fn timer(self) -> Timer {
        match self {
            Self::Set(timer, _) | Self::Clear(timer) => timer,
        }
    }
}
