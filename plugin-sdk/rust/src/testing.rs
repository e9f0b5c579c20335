//! A host for unit tests: everything that a plugin can ask, with answers that the test sets.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

use crate::bindings::santun::plugin::types as wit;
use crate::http::{Failure, Request, Response};
use crate::{Content, Context, Error, Event, Fact, Host, Level, Message, Plugin, Prepared, Scope, Turn, Verdict};

/// A host of one conversation. State lasts from one question to the next, but what a call that failed has
/// written is dropped, as the real host does.
///
/// ```
/// # use santun_plugin::prelude::*;
/// let host = TestHost::new().english().at("2026-11-22T10:00");
/// assert!(host.context().english());
/// ```
#[derive(Debug)]
pub struct TestHost {
    context: RefCell<Context>,
    prepared: Vec<u8>,
    history: RefCell<Vec<Turn>>,
    kept: RefCell<BTreeMap<Key, Vec<u8>>>,
    staged: RefCell<BTreeMap<Key, Option<Vec<u8>>>>,
    scripted: RefCell<Vec<Scripted>>,
    requests: RefCell<Vec<(String, String)>>,
    lines: RefCell<Vec<String>>,
    messages: Cell<u32>,
}

/// Whether the key is shared, and its name.
type Key = (bool, String);

#[derive(Debug)]
struct Scripted {
    method: String,
    url: String,
    answers: VecDeque<Result<Response, Failure>>,
}

/// 2026-11-22, 10:00 in Jakarta.
const NOW: u64 = 1_795_316_400_000;

impl Default for TestHost {
    fn default() -> Self {
        let context = Context {
            now: NOW,
            channel: "utama".to_owned(),
            language: "id".to_owned(),
            bot: wit::Bot {
                name: "Sari".to_owned(),
                business: "Toko Contoh".to_owned(),
                about: "pesanan, ongkir, dan retur".to_owned(),
            },
            contact: wit::Contact { key: "contact-1".to_owned(), name: None, phone: None },
            counters: wit::Counters { sessions: 1, customer_messages: 0, bot_replies: 0, fallbacks_in_a_row: 0 },
            office: wit::Office { open: true, next_opening: None, agents_present: 1, wait_minutes: None },
            attributes: Vec::new(),
        };
        Self {
            context: RefCell::new(context),
            prepared: Vec::new(),
            history: RefCell::default(),
            kept: RefCell::default(),
            staged: RefCell::default(),
            scripted: RefCell::default(),
            requests: RefCell::default(),
            lines: RefCell::default(),
            messages: Cell::new(0),
        }
    }
}

impl TestHost {
    /// A host on 2026-11-22 at 10:00 in Jakarta, Indonesian, within opening hours, with nothing granted.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs the plugin's `prepare` with a configuration (JSON), as the host does once.
    ///
    /// # Errors
    ///
    /// The sentence that an operator would read.
    pub fn configure<P: Plugin>(mut self, config: &str) -> Result<Self, Error> {
        self.prepared = crate::glue::prepare::<P>(config)?;
        Ok(self)
    }

    /// With prepared bytes of the test's own.
    #[must_use]
    pub fn with_prepared(mut self, prepared: Prepared) -> Self {
        self.prepared = prepared.into_bytes();
        self
    }

    /// Answers in English.
    #[must_use]
    pub fn english(self) -> Self {
        self.change(|context| context.language = "en".to_owned())
    }

    /// At this time in Jakarta, such as `2026-11-22T10:00`.
    ///
    /// # Panics
    ///
    /// If the time is written in another way.
    #[must_use]
    pub fn at(self, time: &str) -> Self {
        let (day, clock) = time.split_once('T').expect("a time such as 2026-11-22T10:00");
        let (hours, minutes) = clock.split_once(':').expect("a time such as 2026-11-22T10:00");
        let day: crate::calendar::Day = day.parse().expect("a day such as 2026-11-22");
        let epoch = crate::calendar::Day::of(0, 0);
        let minutes: i64 = hours.parse::<i64>().expect("hours") * 60 + minutes.parse::<i64>().expect("minutes");
        let millis = (i64::from(day.days_after(epoch)) * 1_440 + minutes - i64::from(crate::calendar::WIB)) * 60_000;
        self.change(|context| context.now = u64::try_from(millis).expect("a time after 1970"))
    }

    /// With the contact's name granted and known.
    #[must_use]
    pub fn with_name(self, name: &str) -> Self {
        self.change(|context| context.contact.name = Some(name.to_owned()))
    }

    /// With the contact's phone number (E.164) granted and known.
    #[must_use]
    pub fn with_phone(self, phone: &str) -> Self {
        self.change(|context| context.contact.phone = Some(phone.to_owned()))
    }

    /// With something known of the contact.
    #[must_use]
    pub fn with_attribute(self, name: &str, value: &str) -> Self {
        let fact = Fact { name: name.to_owned(), value: value.to_owned() };
        self.change(|context| context.attributes.push(fact))
    }

    /// With earlier turns: who (`customer`, `bot`, `agent`, `system`) and their words, a minute apart.
    #[must_use]
    pub fn with_history(self, turns: &[(&str, &str)]) -> Self {
        let now = self.context.borrow().now;
        let first = now.saturating_sub(60_000 * turns.len() as u64);
        let turns = turns.iter().zip(0..).map(|((by, text), n)| Turn {
            at: first + 60_000 * n,
            by: (*by).to_owned(),
            kind: "text".to_owned(),
            text: (*text).to_owned(),
            plugin: None,
        });
        *self.history.borrow_mut() = turns.collect();
        self
    }

    /// Changes anything else in the context.
    #[must_use]
    pub fn change(self, change: impl FnOnce(&mut Context)) -> Self {
        change(&mut self.context.borrow_mut());
        self
    }

    /// Answers requests of this method and exact address. Called again for the same, the answers come one
    /// after the other; the last one stays.
    #[must_use]
    pub fn answers(self, method: &str, url: &str, status: u16, body: &str) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        self.script(method, url, Ok(Response::new(status, headers, body.as_bytes().to_vec())))
    }

    /// Fails requests of this method and exact address, with a code of the contract such as `timeout`.
    #[must_use]
    pub fn fails(self, method: &str, url: &str, code: &str) -> Self {
        self.script(method, url, Err(Failure { code: code.to_owned(), message: "as the test asked".to_owned() }))
    }

    fn script(self, method: &str, url: &str, answer: Result<Response, Failure>) -> Self {
        let mut scripted = self.scripted.borrow_mut();
        match scripted.iter_mut().find(|known| known.method == method && known.url == url) {
            Some(known) => known.answers.push_back(answer),
            None => scripted.push(Scripted {
                method: method.to_owned(),
                url: url.to_owned(),
                answers: VecDeque::from([answer]),
            }),
        }
        drop(scripted);
        self
    }

    /// Asks the plugin about one text.
    ///
    /// # Errors
    ///
    /// The sentence that an operator would read.
    pub fn ask<P: Plugin>(&self, text: &str) -> Result<Verdict, Error> {
        self.decide::<P>(&Event::Messages(vec![self.message(Content::Text(text.to_owned()))]))
    }

    /// Asks the plugin about a tap.
    ///
    /// # Errors
    ///
    /// The sentence that an operator would read.
    pub fn tap<P: Plugin>(&self, id: &str, title: &str) -> Result<Verdict, Error> {
        let choice = wit::Choice { id: id.to_owned(), title: title.to_owned() };
        self.decide::<P>(&Event::Messages(vec![self.message(Content::Choice(choice))]))
    }

    /// Asks the plugin about any event. Its writes to state are kept if it returns a verdict that fits the
    /// contract, and dropped otherwise.
    ///
    /// # Errors
    ///
    /// The sentence that an operator would read.
    pub fn decide<P: Plugin>(&self, event: &Event) -> Result<Verdict, Error> {
        let context = self.context();
        let verdict = P::handle(event, &context, self).and_then(|verdict| {
            verdict.clone().into_wit()?;
            Ok(verdict)
        });
        let staged = std::mem::take(&mut *self.staged.borrow_mut());
        if let Ok(verdict) = &verdict {
            let mut kept = self.kept.borrow_mut();
            for (key, value) in staged {
                match value {
                    Some(value) => kept.insert(key, value),
                    None => kept.remove(&key),
                };
            }
            self.count(event, verdict);
        }
        verdict
    }

    /// Counts as the host does, for the next question.
    fn count(&self, event: &Event, verdict: &Verdict) {
        let mut context = self.context.borrow_mut();
        let counters = &mut context.counters;
        counters.customer_messages += u32::try_from(event.messages().len()).unwrap_or(u32::MAX);
        if let Some(reply) = verdict.as_reply() {
            counters.bot_replies += 1;
            let fallback = reply.outcome() == crate::Outcome::Fallback;
            counters.fallbacks_in_a_row = if fallback { counters.fallbacks_in_a_row + 1 } else { 0 };
        }
        for name in ["name", "city", "size", "interest"] {
            if let Some(value) = verdict.learnt(name) {
                context.attributes.retain(|fact| fact.name != name);
                context.attributes.push(Fact { name: name.to_owned(), value: value.to_owned() });
            }
        }
    }

    /// A message of the customer with this content, sent now.
    pub fn message(&self, content: Content) -> Message {
        self.messages.set(self.messages.get() + 1);
        Message {
            id: format!("message-{}", self.messages.get()),
            at: self.context.borrow().now,
            content,
            reply_to: None,
            forwarded: false,
            referral: None,
        }
    }

    /// The context of the next question.
    pub fn context(&self) -> Context {
        self.context.borrow().clone()
    }

    /// The requests that were sent, as method and address, the oldest first.
    pub fn requests(&self) -> Vec<(String, String)> {
        self.requests.borrow().clone()
    }

    /// The lines that were logged.
    pub fn lines(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }

    fn change_state(&self, scope: Scope, key: &str, value: Option<Vec<u8>>) {
        self.staged.borrow_mut().insert((scope == Scope::Shared, key.to_owned()), value);
    }
}

impl Host for TestHost {
    fn history(&self, n: u32) -> Vec<Turn> {
        let history = self.history.borrow();
        history[history.len().saturating_sub(n as usize)..].to_vec()
    }

    fn state_get(&self, scope: Scope, key: &str) -> Option<Vec<u8>> {
        let key = (scope == Scope::Shared, key.to_owned());
        match self.staged.borrow().get(&key) {
            Some(staged) => staged.clone(),
            None => self.kept.borrow().get(&key).cloned(),
        }
    }

    fn state_set(&self, scope: Scope, key: &str, value: &[u8]) {
        self.change_state(scope, key, Some(value.to_vec()));
    }

    fn state_delete(&self, scope: Scope, key: &str) {
        self.change_state(scope, key, None);
    }

    fn prepared_size(&self) -> u64 {
        self.prepared.len() as u64
    }

    fn prepared_read(&self, offset: u64, length: u32) -> Vec<u8> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.prepared.len());
        let end = start.saturating_add(length as usize).min(self.prepared.len());
        self.prepared[start..end].to_vec()
    }

    fn log(&self, _level: Level, line: &str) {
        self.lines.borrow_mut().push(line.to_owned());
    }

    fn send(&self, request: &Request) -> Result<Response, Failure> {
        self.requests.borrow_mut().push((request.method().to_owned(), request.url().to_owned()));
        let mut scripted = self.scripted.borrow_mut();
        let known = scripted.iter_mut().find(|known| known.method == request.method() && known.url == request.url());
        let Some(known) = known else {
            let message = "no test answers this address".to_owned();
            return Err(Failure { code: "not-granted".to_owned(), message });
        };
        if known.answers.len() > 1 { known.answers.pop_front() } else { known.answers.front().cloned() }
            .unwrap_or_else(|| Err(Failure { code: "unreachable".to_owned(), message: String::new() }))
    }
}
