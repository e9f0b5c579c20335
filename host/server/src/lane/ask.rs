//! The chain of plugins is asked, in order, until one has an answer.

use std::sync::Arc;

use futures_util::FutureExt as _;
use santun_core::bot::OnFailure;
use santun_core::flow;
use santun_core::identity::{Identity, PersonName};
use santun_core::ids::{ContactId, PluginName, StepId, TurnId};
use santun_core::message::Message;
use santun_core::verdict::{Context, Decision, Event, Failure, Ruled, StateWrite, Verdict};
use santun_engine::{Behaviour, Call, ContactView, Recall};
use santun_whatsapp::graph::Typing;

use super::recall::StepRecall;
use super::{Ended, Lane};
use crate::host::Host;
use crate::live::Live;
use crate::spans::timeline::Timeline;

/// What the chain is asked about. It may be asked more than once: whoever runs it again keeps the step.
pub(super) struct Question {
    /// The step that is decided.
    pub(super) step: StepId,
    /// What has happened.
    pub(super) event: Event,
    /// Turns that are decided with it and that nobody is asked about.
    pub(super) besides: Vec<TurnId>,
    /// When it was asked.
    pub(super) asked: When,
}

/// When the customer asked what the chain is asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Just now.
    Now,
    /// While a human was waited for.
    Meanwhile,
}

impl Question {
    /// The messages that it is about.
    pub(super) fn messages(&self) -> &[Message] {
        match &self.event {
            Event::Messages(messages) => messages,
            Event::HandedBack { .. } => &[],
        }
    }
}

/// What the chain said.
pub(super) struct Asked {
    /// The version whose plugins were asked.
    pub(super) live: Arc<Live>,
    /// What they were asked about.
    pub(super) question: Question,
    /// Their verdicts, in order.
    pub(super) ruled: Vec<Ruled>,
    /// What they want to remember.
    pub(super) writes: Vec<StateWrite>,
    /// When what was done, if anybody wants spans.
    pub(super) timeline: Timeline,
}

/// The customer, as plugins with grants and the Graph know them.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) contact: ContactId,
    pub(super) identity: Identity,
    pub(super) name: Option<PersonName>,
}

impl Lane {
    /// Begins to ask the chain.
    pub(super) async fn ask(&mut self, question: Question, context: Context, live: &Arc<Live>) -> Result<(), Ended> {
        let person = self.person().await?;
        let own = question.messages().iter().map(|message| message.id).chain(question.besides.iter().copied());
        let recall = StepRecall::new(self.host.store.clone(), self.memory.clone(), self.conversation.id, own.collect());
        let live = live.clone();
        let channel = live.bot.channel(&self.conversation.channel);
        let chain = Chain {
            host: self.host.clone(),
            behaviours: channel.map(|channel| live.chain(channel, &self.conversation)).unwrap_or_default(),
            asker: self.conversation.session.asked_by.clone(),
            live,
            person,
            recall: Arc::new(recall),
            timeline: std::mem::take(&mut self.timeline),
        };
        self.asking = Some(chain.ask(question, context).boxed());
        Ok(())
    }

    /// Shows the customer that their message was read and an answer is being written, if the channel
    /// does so.
    pub(super) fn mark_read(&mut self, live: &Arc<Live>) {
        let Some(wamid) = self.unread.take() else { return };
        let channel = self.conversation.channel.clone();
        if !live.bot.channel(&channel).is_some_and(|channel| channel.typing) {
            return;
        }
        let host = self.host.clone();
        let token = host.token(live, &channel);
        tokio::spawn(async move {
            // A courtesy: nothing depends on it.
            if let Err(error) = host.graph.mark_read(&token, &channel, &wamid, Typing::Show).await {
                tracing::debug!(%channel, %error, "a message could not be marked as read");
            }
        });
    }

    /// Begins to ask the chain as things stand now.
    pub(super) async fn ask_again(&mut self, question: Question, live: &Arc<Live>) -> Result<(), Ended> {
        let scene = self.scene(live);
        let context = flow::context_now(&self.conversation, &scene.borrow().facts);
        self.ask(question, context, live).await
    }

    /// The customer, as the store knows them.
    pub(super) async fn person(&mut self) -> Result<Arc<Person>, Ended> {
        if let Some(person) = &self.person {
            return Ok(person.clone());
        }
        let contact = self.conversation.contact;
        let known = self.host.store.contact(contact).await?;
        let (identity, name) = known.map(|known| (known.identity, known.name)).unwrap_or_default();
        let person = Arc::new(Person { contact, identity, name });
        self.person = Some(person.clone());
        Ok(person)
    }
}

/// The plugins in the order in which they are asked, and what they are asked with.
struct Chain {
    host: Arc<Host>,
    live: Arc<Live>,
    behaviours: Vec<Arc<Behaviour>>,
    /// Whoever of them waits for an answer of the customer.
    asker: Option<PluginName>,
    person: Arc<Person>,
    recall: Arc<dyn Recall>,
    timeline: Timeline,
}

impl Chain {
    async fn ask(mut self, question: Question, context: Context) -> Asked {
        let (ruled, writes) = self.verdicts(&question, &context).await;
        Asked { live: self.live, question, ruled, writes, timeline: self.timeline }
    }

    /// What each said that was asked, and what they want to remember.
    async fn verdicts(&mut self, question: &Question, context: &Context) -> (Vec<Ruled>, Vec<StateWrite>) {
        let Question { step, event, .. } = question;
        let step = *step;
        let seed = step.as_uuid().as_u64_pair().1;
        let Person { contact, identity, name } = &*self.person;
        let contact = ContactView { id: *contact, name: name.as_ref(), phone: identity.phone.as_ref() };
        let (mut ruled, mut writes) = (Vec::new(), Vec::new());
        let mut given_way = None;
        let mut decided = false;
        for behaviour in &self.behaviours {
            let began = self.host.spans.begin();
            let answer =
                behaviour.handle(Call { step, seed, event, context, contact, recall: self.recall.clone() }).await;
            let name = behaviour.name();
            measure(name.as_str(), &behaviour.revision().short(), &answer.result, answer.micros);
            if let Some(began) = began {
                self.timeline.asked(behaviour, &answer.result, began);
            }
            if let Err(failure) = &answer.result {
                let (plugin, revision) = (name.as_str(), behaviour.revision().short());
                tracing::warn!(plugin, revision, %step, code = failure.code, micros = answer.micros, "a plugin failed");
            }
            let (result, micros) = (answer.result, answer.micros);
            let gives_way = given_way.is_none()
                && result.as_ref().is_ok_and(|verdict| match question.asked {
                    When::Now => flow::gives_way(name, verdict, self.asker.as_ref()),
                    When::Meanwhile => flow::gives_way_meanwhile(verdict),
                });
            decided = match &result {
                Ok(verdict) => !gives_way && !matches!(verdict.decision, Decision::Pass),
                Err(_) => self.live.bot.plugin(name).is_some_and(|plugin| plugin.on_failure == OnFailure::Handover),
            };
            let one = Ruled { plugin: name.clone(), revision: behaviour.revision(), result, micros };
            if gives_way {
                given_way = Some((one, answer.writes));
                continue;
            }
            writes.extend(answer.writes);
            ruled.push(one);
            if decided {
                break;
            }
        }
        if let Some((one, its_writes)) = given_way {
            // Whoever was better understood has spoken: what it would remember of its own words never was.
            if !decided {
                writes.extend(its_writes);
            }
            ruled.push(one);
        }
        (ruled, writes)
    }
}

fn measure(plugin: &str, revision: &str, result: &Result<Verdict, Failure>, micros: u64) {
    let outcome = match result {
        Ok(verdict) => verdict.decision.name().to_owned(),
        Err(failure) => failure.code.clone(),
    };
    let labels = [("plugin", plugin.to_owned()), ("revision", revision.to_owned()), ("outcome", outcome)];
    metrics::counter!("santun_verdicts_total", &labels).increment(1);
    metrics::histogram!("santun_verdict_seconds", &labels).record(micros as f64 / 1e6);
}
