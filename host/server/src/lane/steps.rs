//! The steps of a conversation: what comes, what it leads to, and when.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use santun_core::conversation::Owner;
use santun_core::ears::Heard;
use santun_core::effects::Timer;
use santun_core::facts::{Facts, Presence};
use santun_core::flow::{self, Action, Actor, Plan, Scene};
use santun_core::ids::{StepId, TurnId};
use santun_core::message::{Amendment, Message};
use santun_core::templates::Stopped;
use santun_core::turn::{News, Turn};
use santun_core::verdict::{Decision, Event, Ruled, Verdict};
use santun_core::world::World;
use santun_store::faults::{Point, pass};
use tokio::time::Instant;

use super::ask::{Asked, Question, When};
use super::commit::Committed;
use super::deliver::Queued;
use super::{ActError, Ended, Lane};
use crate::live::Live;
use crate::refusals;
use crate::spans::timeline::Timeline;

/// How many times `settle_ms` a step waits at most for a customer who goes on typing.
const SETTLE_AT_MOST: u32 = 4;

/// Turns among which what was asked meanwhile is looked for.
const REACHES_BACK: u32 = 32;

/// Turns that a summary is made of, at most.
const TOLD_AT_MOST: u32 = 8;

impl Lane {
    /// Something has changed: a version was applied, a channel works again, or a person has another number.
    pub(super) async fn wake(&mut self) -> Result<(), Ended> {
        self.outbox.iter_mut().for_each(Queued::hold_no_longer);
        self.person = None;
        if self.settle_at.is_some() || self.host.live().is_none() {
            return Ok(());
        }
        let waiting = std::mem::take(&mut self.waiting);
        self.arrived_together(waiting.into()).await
    }

    /// Messages that were found together, in order. What a later one corrects or takes back is not heard as it was
    /// first written.
    pub(super) async fn arrived_together(&mut self, messages: Vec<Message>) -> Result<(), Ended> {
        let amends = |message: &Message| message.reply_to.filter(|_| message.body.content.amendment().is_some());
        let overtaken: HashSet<TurnId> = messages.iter().filter_map(amends).collect();
        // A correction may be found before its message: it is heard as what it makes of it.
        let (amending, others): (Vec<_>, Vec<_>) = messages.into_iter().partition(|message| amends(message).is_some());
        for message in others.into_iter().chain(amending) {
            if overtaken.contains(&message.id) && self.host.live().is_some() {
                self.memory.arrived(&message);
                self.host.fetch_media(&self.conversation, &message);
                self.waiting.push_back(message);
            } else {
                self.arrived(message).await?;
            }
        }
        Ok(())
    }

    /// A customer message that comes behind what corrects it, or takes it back.
    pub(super) async fn arrived_behind(&mut self, message: Message, amending: Vec<Message>) -> Result<(), Ended> {
        self.waiting.retain(|waiting| amending.iter().all(|amending| amending.id != waiting.id));
        // They are remembered without what they belong to.
        self.memory.forget_turns();
        self.arrived_together([vec![message], amending].concat()).await
    }

    /// A customer message: the ears take it at once, or it waits for the rest of what is being typed.
    pub(super) async fn arrived(&mut self, message: Message) -> Result<(), Ended> {
        pass(Point::Arrived);
        let Some(live) = self.host.live() else {
            self.waiting.push_back(message);
            return Ok(());
        };
        self.memory.arrived(&message);
        self.host.fetch_media(&self.conversation, &message);
        let corrected = self.corrected_by(&message);
        let said = corrected.as_ref().unwrap_or(&message);
        let content = &said.body.content;
        let typed = || flow::typed(&self.conversation, content, &live.texts);
        let chosen = || live.ears.hear(&flow::chosen(&self.conversation, content)?);
        // *Lanjut sama bot aja* to a queue is sure; the ears would weigh it.
        let heard = typed().or_else(|| live.ears.hear(content)).or_else(chosen);
        let heard = heard.filter(|heard| flow::concerns_host(&self.conversation, content, heard));
        if self.conversation.owner == Owner::Bot && (heard.is_some() || content.wants_answer()) {
            self.mark_read(&live);
        }
        if let Some(heard) = heard {
            metrics::counter!("santun_ears_total", "heard" => heard.name()).increment(1);
            let scene = match heard {
                Heard::Human | Heard::MyData | Heard::KeepWaiting | Heard::BotMeanwhile => {
                    self.scene_with_past(&live).await?
                }
                _ => self.scene(&live),
            };
            let mut effects = flow::hear(scene.borrow(), self.conversation.clone(), said, &heard);
            if said.id != message.id {
                self.waiting.retain(|waiting| waiting.id != said.id);
                effects.decided.push(message.id);
            }
            self.commit(effects).await?;
            return self.ask_meanwhile(&live).await;
        }
        let settle = Duration::from_millis(u64::from(live.bot.policy.settle_ms));
        let now = Instant::now();
        let place = self.waiting.iter().rposition(|other| other.sent_at <= message.sent_at).map_or(0, |at| at + 1);
        self.waiting.insert(place, message);
        let latest = *self.settle_by.get_or_insert(now + settle * SETTLE_AT_MOST);
        self.settle_at = Some((now + settle).min(latest));
        if settle.is_zero() && self.asking.is_none() {
            return self.decide().await;
        }
        Ok(())
    }

    /// Whoever goes on with the bot while they wait for a human need not ask again what they asked meanwhile.
    pub(super) async fn ask_meanwhile(&mut self, live: &Arc<Live>) -> Result<(), Ended> {
        let waits = self.conversation.owner != Owner::Bot || self.conversation.session.asked_meanwhile.is_empty();
        if waits || self.asking.is_some() {
            return Ok(());
        }
        let turns = self.memory.last(&self.host.store, self.conversation.id, REACHES_BACK).await?;
        let messages = flow::asked_meanwhile(&self.conversation, &turns);
        let ids: Vec<TurnId> = messages.iter().map(|message| message.id).collect();
        // Not the step that kept them, and the same one after a crash.
        let Some(step) = StepId::about(ids.iter().copied(), &ids) else { return Ok(()) };
        let question = Question { step, event: Event::Messages(messages), besides: Vec::new(), asked: When::Meanwhile };
        self.ask_again(question, live).await
    }

    /// The message that waits and that this one corrects, with its new words.
    fn corrected_by(&mut self, message: &Message) -> Option<Message> {
        let Amendment::Says(words) = message.body.content.amendment()? else { return None };
        let waiting = self.waiting.make_contiguous();
        let mut corrected = waiting[flow::amended_by(message, waiting)?].clone();
        corrected.body.content.say_instead(&words);
        Some(corrected)
    }

    pub(super) async fn note_echoes(&mut self, turns: Vec<TurnId>) -> Result<(), Ended> {
        let Some(live) = self.host.live() else { return Ok(()) };
        self.memory.forget_turns();
        let mut effects = flow::echo(self.scene(&live).borrow(), self.conversation.clone());
        effects.decided = turns;
        self.commit(effects).await
    }

    /// WhatsApp has told something that concerns the conversation.
    pub(super) async fn note_news(&mut self, news: &News) -> Result<(), Ended> {
        let Some(live) = self.host.live() else { return Ok(()) };
        self.memory.forget_turns();
        refusals::of_template(&self.host, &live, &self.conversation.channel, &news.what).await?;
        let scene = self.scene_with_past(&live).await?;
        let effects = flow::news(scene.borrow(), self.conversation.clone(), news);
        self.commit(effects).await
    }

    pub(super) async fn tick(&mut self, timer: Timer) -> Result<(), Ended> {
        let Some(live) = self.host.live() else { return Ok(()) };
        // A step that came before it may have put it off or cleared it.
        let at = self.host.store.timer_at(self.conversation.id, timer).await?;
        if at.is_none_or(|at| at > self.host.world.now()) {
            return Ok(());
        }
        pass(Point::Ticked);
        let scene = self.scene_with_past(&live).await?;
        let effects = flow::tick(scene.borrow(), self.conversation.clone(), timer);
        self.commit(effects).await
    }

    pub(super) async fn act(
        &mut self,
        actor: &Actor,
        action: Action,
    ) -> Result<Result<Option<TurnId>, ActError>, Ended> {
        let Some(live) = self.host.live() else { return Ok(Err(ActError::NothingApplied)) };
        let replies = matches!(action, Action::Reply(_) | Action::Start { .. });
        let handed_back = match &action {
            Action::HandBack(note) => Some(note.clone()),
            _ => None,
        };
        let scene = match action {
            Action::Transfer(_) => self.scene_with_past(&live).await?,
            _ => self.scene(&live),
        };
        let effects = match flow::act(scene.borrow(), self.conversation.clone(), actor, action) {
            Ok(effects) => effects,
            Err(refused) => return Ok(Err(refused.into())),
        };
        let turn = if replies { effects.outbox.first().map(|draft| draft.id) } else { None };
        self.commit(effects).await?;
        pass(Point::Acted);
        // A step that is being asked goes on: its messages would be lost with it.
        if let Some(note) = handed_back
            && self.asking.is_none()
        {
            let step = StepId::new(&*self.host.world);
            let question = Question { step, event: Event::HandedBack { note }, besides: Vec::new(), asked: When::Now };
            self.ask_again(question, &live).await?;
        }
        Ok(Ok(turn))
    }

    /// What waits has settled: its membership is fixed now, and it is decided.
    pub(super) async fn decide(&mut self) -> Result<(), Ended> {
        self.settle_at = None;
        self.settle_by = None;
        let Some(live) = self.host.live() else { return Ok(()) };
        // A correction that came before its message may stand before it, and is decided with it.
        let ids: Vec<TurnId> = self.waiting.iter().map(|message| message.id).collect();
        let first = self.waiting.iter().find(|message| !amends(message, &ids)).or_else(|| self.waiting.front());
        let Some(first) = first.map(|message| message.id) else { return Ok(()) };
        let messages: Vec<Message> = if live.bot.policy.settle_ms == 0 {
            let (own, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting)
                .into_iter()
                .partition(|message| message.id == first || amends(message, &[first]));
            self.waiting = others.into();
            own
        } else {
            self.waiting.drain(..).collect()
        };
        pass(Point::Decided);
        self.timeline = Timeline::settled(&self.host.spans, &messages);
        if !self.waiting.is_empty() {
            self.settle_at = Some(Instant::now());
        }
        self.decide_about(messages, Vec::new(), &live).await
    }

    /// These messages are one step: what they ask is decided now. `besides` was decided with them before.
    async fn decide_about(
        &mut self,
        messages: Vec<Message>,
        mut besides: Vec<TurnId>,
        live: &Arc<Live>,
    ) -> Result<(), Ended> {
        let mut settled = flow::settled(messages);
        // Beside other messages a word is a part of what is said.
        if let [only] = settled.messages.as_mut_slice()
            && let Some(chosen) = flow::chosen(&self.conversation, &only.body.content)
        {
            only.body.content = chosen;
        }
        besides.extend(settled.besides);
        let mut conversation = self.conversation.clone();
        let mut scene = self.scene(live);
        let ids = settled.messages.iter().map(|message| message.id);
        let step = StepId::about(ids, &besides).unwrap_or_else(|| StepId::new(&*self.host.world));
        scene.step = Some(step);
        let scene = scene.borrow();
        if settled.messages.is_empty() {
            return self.commit(flow::taken_back(scene, conversation, &besides)).await;
        }
        let messages = settled.messages;
        let mut effects = match flow::receive(&mut conversation, &messages, &scene.facts) {
            Plan::Ask(context) => {
                let question = Question { step, event: Event::Messages(messages), besides, asked: When::Now };
                return self.ask(question, *context, live).await;
            }
            Plan::Keep => flow::keep(scene, conversation, &messages),
            Plan::Stale => flow::stale(scene, conversation, &messages),
        };
        effects.decided.extend(besides);
        self.commit(effects).await
    }

    /// The chain has answered. What has happened meanwhile counts: if a human owns the conversation
    /// now, the plugins' words are not said.
    pub(super) async fn conclude(&mut self, asked: Asked) -> Result<(), Ended> {
        pass(Point::Asked);
        let Asked { live, question, ruled, writes, mut timeline } = asked;
        let ids: Vec<TurnId> = question.messages().iter().map(|message| message.id).collect();
        if self.waiting.iter().any(|message| amends(message, &ids)) {
            // What was asked is not what the customer wants to know any more.
            return self.ask_anew(question, &ids, &live).await;
        }
        let event = &question.event;
        let mut conversation = self.conversation.clone();
        let mut scene = self.scene(&live);
        scene.step = Some(question.step);
        let replied = |ruled: &Ruled| matches!(&ruled.result, Ok(Verdict { decision: Decision::Reply { .. }, .. }));
        if !ruled.iter().any(replied) {
            // A human may have to take over.
            scene.past = self.latest().await?;
        }
        let scene = scene.borrow();
        timeline.gate_begins(&self.host.spans);
        let keep = match event {
            Event::Messages(_) if question.asked == When::Meanwhile => conversation.owner != Owner::Bot,
            Event::Messages(messages) => flow::receive(&mut conversation, messages, &scene.facts) == Plan::Keep,
            Event::HandedBack { .. } => conversation.owner != Owner::Bot,
        };
        let mut effects = match (event, keep) {
            (Event::HandedBack { .. }, true) => return Ok(()),
            // They were kept when they came.
            (Event::Messages(_), true) if question.asked == When::Meanwhile => return Ok(()),
            (Event::Messages(messages), true) => flow::keep(scene, conversation, messages),
            (Event::Messages(messages), false) if question.asked == When::Meanwhile => {
                flow::conclude_meanwhile(scene, conversation, messages, ruled, writes)
            }
            (_, false) => flow::conclude(scene, conversation, event, ruled, writes),
        };
        effects.decided.extend(&question.besides);
        timeline.gate_ends(&self.host.spans);
        self.timeline = timeline;
        match self.try_commit(effects).await? {
            Committed::Done => Ok(()),
            // Another conversation has written to the same shared state: the step runs again.
            Committed::Conflict => self.ask_again(question, &live).await,
        }
    }

    /// The customer has corrected, or taken back, what the chain was being asked: it is decided again.
    async fn ask_anew(&mut self, question: Question, ids: &[TurnId], live: &Arc<Live>) -> Result<(), Ended> {
        let Question { event: Event::Messages(mut messages), besides, .. } = question else { return Ok(()) };
        let (amending, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|message| amends(message, ids));
        self.waiting = others.into();
        messages.extend(amending);
        self.decide_about(messages, besides, live).await
    }

    /// The latest turns, for whoever takes over.
    async fn latest(&mut self) -> Result<Vec<Turn>, Ended> {
        let turns = self.memory.last(&self.host.store, self.conversation.id, TOLD_AT_MOST).await?;
        let mut turns = flow::as_they_read(turns);
        let excess = turns.len().saturating_sub(TOLD_AT_MOST as usize);
        turns.drain(..excess);
        Ok(turns)
    }

    /// The scene with the latest turns, for whoever takes over.
    pub(super) async fn scene_with_past<'a>(&mut self, live: &'a Live) -> Result<SceneHolder<'a>, Ended> {
        let past = self.latest().await?;
        Ok(SceneHolder { past, ..self.scene(live) })
    }

    pub(super) fn scene<'a>(&self, live: &'a Live) -> SceneHolder<'a> {
        SceneHolder {
            live,
            presence: self.host.presence(),
            stopped: self.host.templates.stopped(),
            world: self.host.world.clone(),
            past: Vec::new(),
            step: None,
        }
    }
}

/// Whether a message corrects, or takes back, one of these.
fn amends(message: &Message, ids: &[TurnId]) -> bool {
    message.body.content.amendment().is_some() && message.reply_to.is_some_and(|original| ids.contains(&original))
}

/// Keeps alive what a [`Scene`] borrows.
pub(super) struct SceneHolder<'a> {
    live: &'a Live,
    presence: Arc<Presence>,
    stopped: Arc<Stopped>,
    world: Arc<dyn World>,
    past: Vec<Turn>,
    /// The step, if it is known already: what runs again is the same step.
    step: Option<StepId>,
}

impl SceneHolder<'_> {
    pub(super) fn borrow(&self) -> Scene<'_> {
        Scene {
            facts: Facts {
                now: self.world.now(),
                bot: &self.live.bot,
                texts: &self.live.texts,
                presence: &self.presence,
                stopped: &self.stopped,
            },
            world: &*self.world,
            applied: Some(self.live.applied),
            step: self.step.unwrap_or_else(|| StepId::new(&*self.world)),
            past: &self.past,
        }
    }
}
