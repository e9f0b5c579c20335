//! A crowd of customers who number their messages, and what must be true of what becomes of these, whatever
//! happens to the host meanwhile.

mod kept;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::RngExt as _;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use self::kept::{Kept, Trouble, heard, tags};
use super::{Lab, Phone};

/// How long a message of which nobody knows whether it was sent may hold up what is behind it, and then some.
const SETTLED_BY: Duration = Duration::from_secs(120);

/// Messages after which a customer makes room for somebody new. One contact gets 45 answers at once and then one in six
/// seconds, so that a crowd which goes on for long would be answered long after it has stopped.
const AT_ONCE: u32 = 40;

/// Whether WhatsApp keeps the order of what it delivers. It does not of what it has to deliver again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The host was out of reach, or answered 200.
    Kept,
    /// The host has refused webhooks for a while.
    NotKept,
}

/// Customers, and how many messages each has written.
pub struct Crowd {
    name: String,
    prefix: u32,
    phone: Phone,
    customers: Vec<String>,
    written: Vec<u32>,
    /// Those who write now.
    active: Vec<usize>,
}

/// A crowd that is writing.
pub struct Writing {
    stop: Arc<AtomicBool>,
    task: JoinHandle<Crowd>,
}

/// What became of a crowd's messages, beside answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Messages in all.
    pub written: u32,
    /// Answers of which nobody knows whether they were sent.
    pub unknown: usize,
    /// Conversations in which a human was called.
    pub called: usize,
}

impl Crowd {
    /// So many customers. Crowds of one lab need names and prefixes (at most four digits) of their own.
    pub async fn of(lab: &Lab, size: usize, name: &str, prefix: u32) -> Self {
        let (name, phone) = (name.to_owned(), lab.phone.clone());
        let (customers, written, active) = (Vec::new(), Vec::new(), Vec::new());
        let mut crowd = Self { name, prefix, phone, customers, written, active };
        for _ in 0..size {
            let at = crowd.joined().await;
            crowd.active.push(at);
        }
        crowd
    }

    /// Somebody new.
    async fn joined(&mut self) -> usize {
        let at = self.customers.len();
        let number = format!("628{:04}{at:06}", self.prefix);
        self.customers.push(self.phone.customer(&format!("{} {at}", self.name), &number).await);
        self.written.push(0);
        at
    }

    /// One of them writes one to three messages.
    pub async fn writes(&mut self, rng: &mut StdRng) {
        let place = rng.random_range(0..self.active.len());
        if self.written[self.active[place]] >= AT_ONCE {
            self.active[place] = self.joined().await;
        }
        let at = self.active[place];
        for _ in 0..rng.random_range(1..4) {
            self.phone.writes(&self.customers[at], &format!("pesan k{at}m{}", self.written[at])).await;
            self.written[at] += 1;
        }
    }

    /// Each of them writes one message.
    pub async fn all_write(&mut self) {
        for at in 0..self.customers.len() {
            self.phone.writes(&self.customers[at], &format!("pesan k{at}m{}", self.written[at])).await;
            self.written[at] += 1;
        }
    }

    /// They write, one after the other with small pauses, until [`Writing::stop`].
    pub fn keep_writing(mut self, rng: &mut StdRng) -> Writing {
        let stop = Arc::new(AtomicBool::new(false));
        let mut rng = StdRng::seed_from_u64(rng.random());
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            while !stopped.load(Ordering::Relaxed) {
                self.writes(&mut rng).await;
                sleep(Duration::from_millis(rng.random_range(5..60))).await;
            }
            self
        });
        Writing { stop, task }
    }

    /// The ids of the customers.
    pub fn customers(&self) -> &[String] {
        &self.customers
    }

    /// How many messages they have written in all.
    pub fn messages(&self) -> u32 {
        self.written.iter().sum()
    }

    /// Which of their messages are not in the history: lost, if the host has acknowledged them all. The error is the
    /// host's own, if it cannot tell.
    pub async fn missing(&self, lab: &Lab) -> Result<Vec<String>, String> {
        let kept = self.kept(lab.try_conversations().await?);
        let there: Vec<String> = kept.values().flat_map(Kept::asked).collect();
        let written = (0..self.written.len()).flat_map(|at| self.tags_of(at));
        Ok(written.filter(|tag| !there.contains(tag)).collect())
    }

    fn tags_of(&self, at: usize) -> Vec<String> {
        (0..self.written[at]).map(|message| format!("k{at}m{message}")).collect()
    }

    fn kept(&self, conversations: Vec<Value>) -> HashMap<usize, Kept> {
        let prefix = format!("{} ", self.name);
        let of_crowd = |whole: Value| {
            let at = whole["name"].as_str()?.strip_prefix(&prefix)?.parse().ok()?;
            Some((at, Kept { whole }))
        };
        conversations.into_iter().filter_map(of_crowd).collect()
    }

    async fn answered(&self) -> Vec<Vec<String>> {
        let mut all = Vec::with_capacity(self.customers.len());
        for customer in &self.customers {
            let answers = self.phone.answers(customer).await;
            all.push(answers.iter().flat_map(|entry| tags(entry.text())).collect());
        }
        all
    }

    /// Waits until every message is in the history and answered, save by answers of which nobody knows whether they
    /// were sent and for which a human was called, and then checks that each is there once, in order, that none is
    /// answered twice, and that a human was called only for such answers. The error says what is not so.
    pub async fn check(&self, lab: &Lab, order: Order) -> Result<Outcome, String> {
        let until = Instant::now() + SETTLED_BY;
        loop {
            match self.look(lab, order).await {
                Err(Trouble::NotYet(what)) if Instant::now() > until => {
                    return Err(format!("waited in vain: {what}\n{}", self.where_it_may_be(lab).await));
                }
                Err(Trouble::NotYet(_)) => sleep(Duration::from_millis(200)).await,
                Err(Trouble::Wrong(what)) => return Err(what),
                Ok(outcome) => return Ok(outcome),
            }
        }
    }

    /// What tells somebody who waits in vain whether WhatsApp still has it, or the host has it under no name.
    async fn where_it_may_be(&self, lab: &Lab) -> String {
        let all = lab.conversations().await;
        let nameless: Vec<_> = all.iter().filter(|whole| !whole["name"].is_string()).collect();
        let log = lab.log();
        let last: Vec<&str> = log.lines().rev().take(40).collect();
        format!(
            "webhooks that wait: {}\n{}\n{} conversations, without a name: {nameless:?}\nthe log, backwards:\n{}",
            self.phone.webhooks().await,
            self.phone.stats().await,
            all.len(),
            last.join("\n"),
        )
    }

    async fn look(&self, lab: &Lab, order: Order) -> Result<Outcome, Trouble> {
        let (kept, answered) = (self.kept(lab.conversations().await), self.answered().await);
        let mut outcome = Outcome { written: self.messages(), ..Outcome::default() };
        let mut not_yet = None;
        for (at, answered) in answered.iter().enumerate() {
            let who = format!("{} {at}", self.name);
            let written = self.tags_of(at);
            if written.is_empty() {
                continue;
            }
            let told = |what: &str| format!("{who}: {what}");
            let looked = heard(answered, order).and_then(|()| match kept.get(&at) {
                Some(kept) => kept.compare(&written, answered),
                None => Err(Trouble::NotYet("a conversation".to_owned())),
            });
            match looked {
                Ok(()) => {}
                Err(Trouble::NotYet(what)) => not_yet = Some(told(&what)),
                Err(Trouble::Wrong(what)) => return Err(Trouble::Wrong(told(&what))),
            }
            if let Some(kept) = kept.get(&at) {
                outcome.unknown += kept.unknown();
                outcome.called += usize::from(kept.human_called());
            }
        }
        if let Some(what) = not_yet {
            return Err(Trouble::NotYet(what));
        }
        let duplicates = &lab.phone.stats().await["duplicate_sends"];
        if duplicates != 0 {
            return Err(Trouble::Wrong(format!("{duplicates} messages reached WhatsApp twice")));
        }
        Ok(outcome)
    }
}

impl Writing {
    /// They stop to write.
    pub async fn stop(self) -> Crowd {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.expect("the customers wrote")
    }
}
