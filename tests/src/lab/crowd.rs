//! A crowd of customers who number their messages, and what must be true of what becomes of these, whatever
//! happens to the host meanwhile.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::RngExt as _;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

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

/// A conversation as the host remembers it.
struct Kept {
    whole: Value,
}

impl Kept {
    fn turns(&self) -> impl Iterator<Item = &Value> {
        self.whole["turns"].as_array().into_iter().flatten()
    }

    fn asked(&self) -> Vec<String> {
        let customers = self.turns().filter(|turn| turn["by"] == "customer");
        customers.flat_map(|turn| tags(turn["text"].as_str().unwrap_or_default())).collect()
    }

    fn said_in(&self, state: &str) -> usize {
        self.turns().filter(|turn| turn["delivery"]["state"] == state).count()
    }

    /// Why a human was called, if one was.
    fn human_called_for(&self) -> Option<&str> {
        self.whole["conversation"]["request"]["reason"].as_str()
    }
}

/// Which questions a message is or answers: `k3m17` is the customer 3's message 17.
fn tags(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let tag = |word: &&str| {
        let numbers = word.strip_prefix('k').and_then(|rest| rest.split_once('m'));
        numbers.is_some_and(|(k, m)| k.parse::<u32>().is_ok() && m.parse::<u32>().is_ok())
    };
    words.filter(tag).map(str::to_owned).collect()
}

fn number(tag: &str) -> u32 {
    tag.split_once('m').and_then(|(_, number)| number.parse().ok()).unwrap_or(u32::MAX)
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

    async fn kept(&self, lab: &Lab) -> HashMap<usize, Kept> {
        let prefix = format!("{} ", self.name);
        let of_crowd = |whole: Value| {
            let at = whole["name"].as_str()?.strip_prefix(&prefix)?.parse().ok()?;
            Some((at, Kept { whole }))
        };
        lab.conversations().await.into_iter().filter_map(of_crowd).collect()
    }

    async fn answered(&self) -> Vec<Vec<String>> {
        let mut all = Vec::with_capacity(self.customers.len());
        for customer in &self.customers {
            let answers = self.phone.answers(customer).await;
            all.push(answers.iter().flat_map(|entry| tags(entry.text())).collect());
        }
        all
    }

    /// Waits until every message is in the history and answered, or a human was called, and then checks that
    /// each is there once, in order, that none is answered twice, and that a human was called only for messages
    /// of which WhatsApp did not tell in time whether it took them. The error says what is not so.
    pub async fn check(&self, lab: &Lab, order: Order) -> Result<Outcome, String> {
        self.check_within(SETTLED_BY, lab, order).await
    }

    /// As [`Crowd::check`], with another patience.
    pub async fn check_within(&self, limit: Duration, lab: &Lab, order: Order) -> Result<Outcome, String> {
        let until = Instant::now() + limit;
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
        let (kept, answered) = (self.kept(lab).await, self.answered().await);
        let mut outcome = Outcome { written: self.messages(), ..Outcome::default() };
        let mut not_yet = None;
        for (at, answered) in answered.iter().enumerate() {
            let who = format!("{} {at}", self.name);
            let written: Vec<String> = (0..self.written[at]).map(|message| format!("k{at}m{message}")).collect();
            if written.is_empty() {
                continue;
            }
            let mut times: BTreeMap<&String, u32> = BTreeMap::new();
            answered.iter().for_each(|tag| *times.entry(tag).or_default() += 1);
            let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
            if !twice.is_empty() {
                return Err(Trouble::Wrong(format!("{who}: answered more than once: {twice:?}")));
            }
            let numbers: Vec<u32> = answered.iter().map(|tag| number(tag)).collect();
            if order == Order::Kept && !numbers.is_sorted() {
                return Err(Trouble::Wrong(format!("{who}: answered out of order: {numbers:?}")));
            }
            let Some(kept) = kept.get(&at) else {
                not_yet = Some(format!("{who}: a conversation"));
                continue;
            };
            let mut asked = kept.asked();
            asked.sort_by_key(|tag| number(tag));
            let before = asked.len();
            asked.dedup();
            if asked.len() != before {
                return Err(Trouble::Wrong(format!("{who}: in the history more than once: {asked:?}")));
            }
            let human = kept.human_called_for();
            // What WhatsApp never told about, or told too late.
            if let Some(reason) = human.filter(|reason| *reason != "undeliverable") {
                return Err(Trouble::Wrong(format!("{who}: a human was called for another reason: {reason}")));
            }
            let human = human.is_some();
            outcome.unknown += kept.said_in("unknown");
            outcome.called += usize::from(human);
            if asked != written {
                let missing: Vec<_> = written.iter().filter(|tag| !asked.contains(tag)).collect();
                not_yet = Some(format!("{who}: {missing:?} in the history"));
            } else if answered.len() < written.len() && !human {
                let missing: Vec<_> = written.iter().filter(|tag| !answered.contains(tag)).collect();
                not_yet = Some(format!("{who}: {missing:?} answered, or a human called\n{}", kept.whole));
            } else if kept.said_in("sending") > 0 {
                not_yet = Some(format!("{who}: nothing under way"));
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

enum Trouble {
    NotYet(String),
    Wrong(String),
}

impl Writing {
    /// They stop to write.
    pub async fn stop(self) -> Crowd {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.expect("the customers wrote")
    }
}
