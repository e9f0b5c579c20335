//! Collects what a step does, and has the gate rule on its words at the end.

use std::borrow::Cow;

use crate::conversation::{ConsentEntry, Conversation};
use crate::draft::{Author, Draft, Initiative, Voice};
use crate::effects::{Effects, RequestChange, Timer, TimerChange};
use crate::facts::Facts;
use crate::gate::{self, Refusal};
use crate::ids::{AppliedId, StepId, TurnId};
use crate::outgoing::{Button, Outgoing};
use crate::texts::{TextKey, Values, WordingRef};
use crate::time::Timestamp;
use crate::trace::Trace;
use crate::turn::{Happening, Speaker, Turn, TurnBody};
use crate::verdict::StateWrite;
use crate::world::World;

/// Where and when a step is decided.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// What is true now.
    pub facts: Facts<'a>,
    /// Time and chance.
    pub world: &'a dyn World,
    /// The applied configuration that is decided under.
    pub applied: Option<AppliedId>,
    /// The step's id.
    pub step: StepId,
    /// The latest turns, the oldest first, for whoever is to take over; none where nobody is.
    pub past: &'a [Turn],
}

impl Scene<'_> {
    /// The time of the decision.
    pub fn now(&self) -> Timestamp {
        self.facts.now
    }
}

/// A step in the making.
pub(super) struct Composer<'a> {
    pub(super) scene: Scene<'a>,
    pub(super) conversation: Conversation,
    pub(super) trace: Trace,
    pub(super) requests: Vec<RequestChange>,
    pub(super) consents: Vec<ConsentEntry>,
    pub(super) state: Vec<StateWrite>,
    decided: Vec<TurnId>,
    turns: Vec<Turn>,
    timers: Vec<TimerChange>,
    drafts: Vec<Draft>,
    /// What the customer had been promised before.
    promised: Option<String>,
}

impl<'a> Composer<'a> {
    pub(super) fn new(scene: Scene<'a>, conversation: Conversation, trigger: &str) -> Self {
        let trace = Trace {
            step: scene.step,
            at: scene.now(),
            trigger: trigger.to_owned(),
            applied: scene.applied,
            heard: None,
            verdicts: Vec::new(),
            rulings: Vec::new(),
            notes: Vec::new(),
        };
        let promised = conversation.request.as_ref().and_then(|request| request.promised.clone());
        Self {
            scene,
            promised,
            conversation,
            trace,
            requests: Vec::new(),
            consents: Vec::new(),
            state: Vec::new(),
            decided: Vec::new(),
            turns: Vec::new(),
            timers: Vec::new(),
            drafts: Vec::new(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.scene.now()
    }

    pub(super) fn decided(&mut self, turns: impl IntoIterator<Item = TurnId>) {
        self.decided.extend(turns);
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.trace.notes.push(note.into());
    }

    pub(super) fn happened(&mut self, happening: Happening) {
        self.turn(Speaker::System, TurnBody::Happened(happening));
    }

    pub(super) fn turn(&mut self, by: Speaker, body: TurnBody) {
        self.turns.push(Turn {
            reply_to: None,
            id: TurnId::new(self.scene.world),
            at: self.now(),
            by,
            step: Some(self.scene.step),
            body,
        });
    }

    pub(super) fn set(&mut self, timer: Timer, at: Timestamp) {
        self.change(TimerChange::Set(timer, at));
    }

    pub(super) fn clear(&mut self, timer: Timer) {
        self.change(TimerChange::Clear(timer));
    }

    /// The last word on a timer counts, and is the only one that is kept.
    fn change(&mut self, change: TimerChange) {
        self.timers.retain(|earlier| earlier.timer() != change.timer());
        self.timers.push(change);
    }

    /// The conversation's request was opened or has changed: one line for it, as it stands at the end.
    pub(super) fn request_stands(&mut self, is_new: bool) {
        let Some(request) = self.conversation.request.clone() else { return };
        for change in &mut self.requests {
            match change {
                RequestChange::Opened(earlier) | RequestChange::Changed(earlier) if earlier.id == request.id => {
                    *earlier = request;
                    return;
                }
                _ => {}
            }
        }
        self.requests.push(if is_new { RequestChange::Opened(request) } else { RequestChange::Changed(request) });
    }

    /// The words of a wording, in the conversation's language.
    pub(super) fn words(&self, key: TextKey, values: &Values<'_>) -> (String, WordingRef) {
        self.scene.facts.texts.say(key, self.conversation.language, values)
    }

    /// Drafts a text of the host.
    pub(super) fn say(&mut self, key: TextKey, voice: Voice, values: &Values<'_>) {
        self.say_with_buttons(key, voice, values, &[]);
    }

    /// Drafts a text of the host with buttons: their ids, and the keys of their titles.
    pub(super) fn say_with_buttons(
        &mut self,
        key: TextKey,
        voice: Voice,
        values: &Values<'_>,
        buttons: &[(Cow<'static, str>, TextKey)],
    ) {
        self.say_after(None, key, voice, values, buttons);
    }

    /// The same, with another text in front of it.
    pub(super) fn say_after(
        &mut self,
        before: Option<TextKey>,
        key: TextKey,
        voice: Voice,
        values: &Values<'_>,
        buttons: &[(Cow<'static, str>, TextKey)],
    ) {
        let (mut body, wording) = self.words(key, values);
        if let Some(before) = before {
            let (words, front) = self.words(before, &[]);
            body = format!("{words}\n\n{body}");
            self.note(format!("in front of {wording}: {front}"));
        }
        let content = if buttons.is_empty() {
            Outgoing::Text { text: body }
        } else {
            let buttons = buttons
                .iter()
                .map(|(id, title)| Button { id: id.clone().into_owned(), title: self.words(*title, &[]).0 })
                .collect();
            Outgoing::Buttons { body, footer: None, buttons }
        };
        self.draft(Author::Host { wording, voice }, content);
    }

    /// Drafts a message that answers, or goes on with, what the customer began.
    pub(super) fn draft(&mut self, author: Author, content: Outgoing) {
        self.draft_as(author, Initiative::Answer, content);
    }

    /// Drafts a message.
    pub(super) fn draft_as(&mut self, author: Author, initiative: Initiative, content: Outgoing) {
        let id = TurnId::new(self.scene.world);
        self.drafts.push(Draft { id, author, initiative, content });
    }

    /// Whether anything is drafted.
    pub(super) fn has_drafts(&self) -> bool {
        !self.drafts.is_empty()
    }

    /// Has the gate rule on what was drafted so far, and keeps what it let through.
    pub(super) fn look(&mut self) -> Looked {
        let drafts = std::mem::take(&mut self.drafts);
        let mut conversation = self.conversation.clone();
        let look = gate::first_look(drafts, self.scene.step, &mut conversation, &self.scene.facts, self.scene.world);
        Looked { conversation, look }
    }

    /// The step's effects, with these words for the customer.
    pub(super) fn into_effects(mut self, looked: Looked) -> (Effects, Vec<Refusal>) {
        let Looked { mut conversation, look } = looked;
        if !look.stored.is_empty() || !self.turns.is_empty() {
            conversation.session.last_turn_at = self.scene.now();
        }
        if look.nothing_left()
            && let Some(request) = &mut conversation.request
        {
            // Nothing was said: nothing was promised.
            request.promised = self.promised;
            for change in &mut self.requests {
                match change {
                    RequestChange::Opened(told) | RequestChange::Changed(told) if told.id == request.id => {
                        told.promised.clone_from(&request.promised);
                    }
                    _ => {}
                }
            }
        }
        self.trace.rulings.extend(look.rulings);
        let effects = Effects {
            step: self.scene.step,
            conversation,
            decided: self.decided,
            turns: self.turns,
            outbox: look.stored,
            requests: self.requests,
            consents: self.consents,
            timers: self.timers,
            state: self.state,
            trace: self.trace,
        };
        (effects, look.refused)
    }

    /// The step's effects. What the gate refused is in the trace.
    pub(super) fn finish(mut self) -> Effects {
        let looked = self.look();
        self.into_effects(looked).0
    }
}

/// What the gate made of a step's words, not yet part of its effects.
pub(super) struct Looked {
    conversation: Conversation,
    look: gate::FirstLook,
}

impl Looked {
    /// Whether nothing that was drafted may reach the customer.
    pub(super) fn silenced(&self) -> bool {
        self.look.stored.is_empty() && !self.look.refused.is_empty()
    }

    /// How the rules ruled.
    pub(super) fn rulings(&self) -> &[crate::trace::Ruling] {
        &self.look.rulings
    }
}
