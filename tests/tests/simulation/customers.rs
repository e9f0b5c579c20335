//! Customers: what they wrote, what they got, and what they must not get.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use santun_core::ids::{ConversationId, TurnId};
use serde_json::Value;

use crate::forgetting::Forgotten;
use crate::witness::Seen;

/// Words by which a message says that a bot is speaking.
const DISCLOSES: [&str; 2] = ["asisten virtual", "Aku bot"];

/// The host's words that may be said whoever owns the conversation: what answers stop, start and my-data, and
/// announces a human who comes or goes.
const ALWAYS: [&str; 7] = [
    "tidak akan kirim promo",
    "memang tidak kirim promo",
    "boleh kirim kabar lagi",
    "isi chat ini paling lama",
    "soal data kakak aku teruskan",
    "dari tim kami sudah di sini",
    "sudah ditutup ya kak",
];

/// What the business starts begins so.
pub(crate) const PROMO: &str = "Promo: ";

/// Words by which a customer is told how to come to a human.
const OFFERS: [&str; 2] = ["ketik ", "Bicara dengan Agen"];

/// The host's words where nobody knows an answer.
const FALLBACK: &str = "belum paham maksudnya";

/// WhatsApp's window: after so many milliseconds without a word of the customer only templates go out.
const WINDOW: i64 = 24 * 3_600 * 1_000;

/// What the host asks Meta to show.
pub(crate) struct Words<'a> {
    /// What is read first.
    pub(crate) text: &'a str,
    /// The request, with its buttons.
    pub(crate) whole: &'a Value,
    /// The host's clock, or what it showed before it jumped.
    pub(crate) clock: i64,
}

/// All customers.
#[derive(Default)]
pub(crate) struct Customers {
    pub(crate) forgotten: Forgotten,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    phones: BTreeMap<String, Phone>,
    written: BTreeMap<String, Written>,
    /// What agents were told will be sent.
    promised: Vec<(ConversationId, TurnId)>,
    /// Counts whatever happens to messages, so that it can be said what came before what.
    moments: u64,
}

#[derive(Default)]
struct Phone {
    /// What reached it: the id, the text, and the session.
    got: Vec<(String, String, Option<i64>)>,
    /// Sessions in which it was told that a bot is speaking.
    disclosed: BTreeSet<i64>,
    /// Whether it was told that what the business starts has stopped, and has not asked for it since.
    stopped: bool,
    /// Whether what its owner last said of that was to start: a confirmation that comes later is of an earlier stop.
    lets_start: bool,
}

/// A message of a customer.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) by: String,
    pub(crate) tag: String,
    pub(crate) sent_at: i64,
    /// When it was first handed in at the host.
    tried: Option<u64>,
    /// When the host acknowledged it.
    pub(crate) acknowledged: Option<u64>,
}

impl Customers {
    /// A customer writes.
    pub(crate) fn writes(&self, by: &str, wamid: &str, text: &str, sent_at: i64) {
        let mut known = self.known.lock().unwrap();
        let tag = tags(text).into_iter().next().unwrap_or_default();
        let written = Written { by: by.to_owned(), tag, sent_at, tried: None, acknowledged: None };
        known.written.insert(wamid.to_owned(), written);
    }

    /// A customer lets the business start again, or lets it no more.
    pub(crate) fn lets_start(&self, by: &str, lets_start: bool) {
        let mut known = self.known.lock().unwrap();
        let phone = known.phones.entry(by.to_owned()).or_default();
        phone.lets_start = lets_start;
        phone.stopped &= !lets_start;
    }

    /// A message is handed in at the host.
    pub(crate) fn tried(&self, wamid: &str) {
        let mut known = self.known.lock().unwrap();
        known.moments += 1;
        let moment = known.moments;
        if let Some(written) = known.written.get_mut(wamid) {
            written.tried.get_or_insert(moment);
        }
    }

    /// The host has acknowledged it.
    pub(crate) fn acknowledged(&self, wamid: &str) {
        let mut known = self.known.lock().unwrap();
        known.moments += 1;
        let moment = known.moments;
        if let Some(written) = known.written.get_mut(wamid) {
            written.acknowledged.get_or_insert(moment);
        }
    }

    /// An agent was told that their words will be sent.
    pub(crate) fn promised(&self, conversation: ConversationId, turn: TurnId) {
        self.known.lock().unwrap().promised.push((conversation, turn));
    }

    /// All that agents were told will be sent.
    pub(crate) fn all_promised(&self) -> Vec<TurnId> {
        let known = self.known.lock().unwrap();
        let kept = known.promised.iter().filter(|(conversation, _)| !self.forgotten.held(*conversation));
        kept.map(|(_, turn)| *turn).collect()
    }

    /// All that was written, by Meta's id.
    pub(crate) fn written(&self) -> BTreeMap<String, Written> {
        self.known.lock().unwrap().written.clone()
    }

    /// When each was written, by its tag.
    pub(crate) fn sent_at(&self) -> BTreeMap<String, i64> {
        let known = self.known.lock().unwrap();
        known.written.values().map(|written| (written.tag.clone(), written.sent_at)).collect()
    }

    /// The host asks Meta to show a message: may it?
    pub(crate) fn hears(&self, to: &str, words: &Words<'_>, seen: &Seen, wrong: &dyn Fn(String)) {
        let text = words.text;
        let mut known = self.known.lock().unwrap();
        let handed_in = known.written.values().filter(|written| written.by == to && written.tried.is_some());
        let last = handed_in.map(|written| written.sent_at).max();
        let open = last.is_some_and(|last| words.clock - last <= WINDOW);
        if !open && words.whole["type"] != "template" {
            wrong(format!("outside the window: it is {}, and the customer last wrote at {last:?}", words.clock));
        }
        let phone = known.phones.entry(to.to_owned()).or_default();
        if seen.business {
            if phone.stopped && !self.forgotten.holds(to) {
                wrong("the business starts something after it was told to stop".to_owned());
            }
            return;
        }
        if seen.speaker != "bot" || ALWAYS.iter().any(|words| text.contains(words)) {
            return;
        }
        let discloses = DISCLOSES.iter().any(|words| text.contains(words));
        // Who is forgotten begins anew, while what was under way to them may still come.
        let begins_anew = self.forgotten.holds(to);
        if !discloses && !begins_anew && phone.disclosed.range(seen.session..).next().is_none() {
            wrong(format!("the bot speaks in session {} before it says that it is one", seen.session));
        }
        let opens = discloses || text.contains(FALLBACK);
        let on_the_way = seen.owner != "bot" || seen.human_called;
        let whole = words.whole.to_string();
        if opens && !on_the_way && !OFFERS.iter().any(|words| whole.contains(words)) {
            wrong("no way to a human is named".to_owned());
        }
        let by_a_plugin = text.contains("Gema ") || text.contains("Dua ");
        let human = matches!(seen.owner.as_str(), "agent" | "phone");
        if human || (by_a_plugin && seen.owner != "bot") {
            wrong(format!("the bot speaks while the conversation belongs to {}", seen.owner));
        }
    }

    /// A message reaches a customer.
    pub(crate) fn gets(&self, to: &str, id: &str, text: &str, session: Option<i64>) {
        let mut known = self.known.lock().unwrap();
        let phone = known.phones.entry(to.to_owned()).or_default();
        phone.got.push((id.to_owned(), text.to_owned(), session));
        if DISCLOSES.iter().any(|words| text.contains(words)) {
            phone.disclosed.extend(session);
        }
        if text.contains(ALWAYS[0]) || text.contains(ALWAYS[1]) {
            phone.stopped = !phone.lets_start;
        }
    }

    /// What is wrong with what the customers got: something twice, or in another order than they wrote it.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let known = self.known.lock().unwrap();
        let by_tag: BTreeMap<&str, &Written> =
            known.written.values().map(|written| (written.tag.as_str(), written)).collect();
        let mut all = Vec::new();
        for (number, phone) in &known.phones {
            let ids: BTreeSet<&String> = phone.got.iter().map(|(id, ..)| id).collect();
            if ids.len() != phone.got.len() {
                all.push(format!("{number} got a message twice: {:?}", phone.got));
            }
            // Who is forgotten begins anew: the same session, and the same message once more, are others now.
            if self.forgotten.holds(number) {
                continue;
            }
            let mut said = BTreeSet::new();
            let of_plugins = phone.got.iter().filter(|(_, text, _)| text.contains("Gema "));
            for (_, text, session) in of_plugins.filter(|(.., session)| session.is_some()) {
                if !said.insert((session, text)) {
                    all.push(format!("{number} got the same answer twice in session {session:?}: {text:?}"));
                }
            }
            let answers = phone.got.iter().filter(|(_, text, _)| text.contains("Gema "));
            let answered: Vec<String> = answers.flat_map(|(_, text, _)| tags(text)).collect();
            for (at, later) in answered.iter().enumerate() {
                let before = &answered[..at];
                if before.contains(later) {
                    all.push(format!("{number} got two answers to {later}"));
                }
                let Some(later) = by_tag.get(later.as_str()) else { continue };
                let overtook = before.iter().filter_map(|tag| by_tag.get(tag.as_str())).find(|earlier| {
                    // `later` was answered after `earlier`: was it there before that was?
                    later.acknowledged.is_some_and(|there| earlier.tried.is_some_and(|tried| there < tried))
                        && later.sent_at / 1000 < earlier.sent_at / 1000
                });
                if let Some(earlier) = overtook {
                    all.push(format!("{number}: {} was answered before {}", earlier.tag, later.tag));
                }
            }
        }
        all
    }
}

/// Which messages a text is or answers: `k3m17` is the customer 3's message 17.
pub(crate) fn tags(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_tag = |word: &&str| {
        let numbers = word.strip_prefix('k').and_then(|rest| rest.split_once('m'));
        numbers.is_some_and(|(k, m)| k.parse::<u32>().is_ok() && m.parse::<u32>().is_ok())
    };
    words.filter(is_tag).map(str::to_owned).collect()
}
