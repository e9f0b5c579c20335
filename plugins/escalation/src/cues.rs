//! The cues of `cues.txt` and the classes of `classes.txt` in a customer's words, and how loud the words are.

use santun_concepts::{Found, find, lexicon};
use santun_language::same;

lexicon!(CUES);

macro_rules! cues {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// A cue that rules ask for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "their words in `cues.txt` say what they are")]
        pub enum Cue { $($name),* }

        impl Cue {
            const ALL: &'static [(Cue, &'static str)] = &[$((Cue::$name, $text)),*];
        }
    };
}

cues! {
    Not = "not", Can = "q-can", Suppose = "suppose", HowTo = "howto", How = "how", Worry = "worry", Joke = "joke",
    Thanks = "thanks", Greeting = "greeting", Insult = "insult", Swear = "swear", ThreatPerson = "threat-person",
    Anger = "anger", Disappointed = "disappointed", BadService = "bad-service", Sarcasm = "sarcasm",
    Complaint = "complaint-word", Damaged = "damaged", WrongItem = "wrong-item", MissingItem = "missing-item",
    Late = "late", Lost = "lost", LongWait = "long-wait", Refund = "refund", RefundDemand = "refund-demand",
    MoneyLost = "money-lost", DoublePay = "double-pay", WrongPay = "wrong-pay", PaidNothing = "paid-nothing",
    Fraud = "fraud", Legal = "legal", Leak = "leak", Injury = "injury", Grief = "grief", SelfHarm = "selfharm",
    Harassment = "harassment", Nego = "nego", Bulk = "bulk", Closing = "closing", PriceAsk = "price-ask",
    Want = "want", OwnOrder = "own-order", Change = "change", Cancel = "cancel", CancelDemand = "cancel-demand",
    NotThat = "not-that", NoHelp = "no-help", Round = "round", AskedBefore = "asked-before", Again = "again", BotDumb = "bot-dumb",
    Beyond = "beyond", Sudden = "sudden", Urgent = "urgent", Product = "product", Delivery = "delivery",
    Service = "service", Report = "report", Positive = "positive", Directed = "directed",
    Denial = "c-denial", Yet = "c-yet", Still = "c-still", Progress = "c-progress", Money = "c-money", Return = "c-return", Paid = "c-paid", Done = "c-done", Enter = "c-enter", Although = "c-although", Protest = "c-protest", Ordered = "c-ordered", Got = "c-got", Endless = "c-endless", Forever = "c-forever", PutOff = "c-put-off", Answer = "c-answer", Faulty = "c-faulty", Asking = "c-asking", Mine = "c-mine", Alter = "c-alter", Appointment = "c-appointment", Settled = "c-settled", Staff = "c-staff", Misconduct = "c-misconduct", Private = "c-private", Leave = "c-leave", Without = "c-without", Others = "c-others", Known = "c-known", Tell = "c-tell", Kin = "c-kin", Delicate = "c-delicate", Odd = "c-odd", OddPay = "c-odd-pay", Split = "c-split", Idea = "c-idea", Craft = "c-craft", Assist = "c-assist", Hyperbole = "c-hyperbole", Waiting = "c-waiting", Site = "c-site", Broken = "c-broken", Opens = "c-opens", Disaster = "c-disaster", Shut = "c-shut", Deadline = "c-deadline", Rival = "c-rival", Match = "c-match", Deal = "c-deal", Take = "c-take", After = "c-after", Work = "c-work", State = "c-state", Where = "c-where", Insist = "c-insist", Outcome = "c-outcome", Buying = "c-buying", Occasion = "c-occasion", Contrast = "c-contrast", May = "c-may", Flaw = "c-flaw", Should = "c-should", Reference = "c-reference", Mistake = "c-mistake", Botched = "c-error-thing", Public = "c-public", Eat = "c-eat", Ill = "c-ill", Foreign = "c-foreign", Find = "c-found", Made = "c-made", Ruin = "c-ruin", Reproach = "c-reproach", Here = "c-here", Price = "c-price", Less = "c-less", AccountNo = "c-account-no", Partner = "c-partner", Duty = "c-responsible", Ignored = "c-seen",
    Regional = "s-regional", Abroad = "s-abroad",
}

/// What was found in a customer's words.
#[derive(Clone, Debug, Default)]
pub struct Cues {
    found: Found,
    /// A bit for each concept.
    present: [u64; 4],
    /// How loud they are.
    pub loudness: Loudness,
    /// Whether they end as "… ga?" does: a question whether, and no denial.
    pub asks_whether: bool,
}

/// What is seen of a mood without reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loudness {
    /// Nearly all letters are capitals, and there are some words of them.
    pub capitals: bool,
    /// Three or more exclamation or question marks in a row.
    pub marks: bool,
    /// An angry emoji.
    pub angry: bool,
    /// A sad emoji.
    pub sad: bool,
    /// A laughing emoji.
    pub laughing: bool,
    /// Applause, an upside-down smile, rolling eyes: often meant the other way.
    pub ironic: bool,
    /// Most letters are of another script than this bot reads.
    pub other_script: bool,
}

impl Cues {
    /// Reads the words.
    pub fn of(text: &str) -> Self {
        let found = find(&CUES, text);
        let mut present = [0_u64; 4];
        let mut put = |concept: u8| present[usize::from(concept >> 6)] |= 1 << (concept & 63);
        found.hits.iter().flat_map(|hit| hit.concepts).for_each(|[concept, _]| put(*concept));
        let classes = found.alone.iter().copied().flatten().filter(|[concept, _]| is_class(*concept));
        classes.for_each(|[concept, _]| put(*concept));
        let last = found.words.rsplit(' ').find(|word| !["ya", "kak", "sih", "min", "dong"].contains(word));
        let tag = ["ga", "gak", "g", "ngga", "nggak", "engga", "enggak", "tidak", "kah", "kan", "gk", "gaa", "ndak"];
        let asks_whether = last.is_some_and(|last| tag.contains(&last) || last.ends_with("kah"));
        Self { found, present, loudness: Loudness::of(text), asks_whether }
    }

    /// Whether a cue is there.
    pub fn has(&self, cue: Cue) -> bool {
        number(cue).is_some_and(|number| self.present[usize::from(number >> 6)] >> (number & 63) & 1 == 1)
    }

    /// The numbers of the concepts that are there.
    pub fn concepts(&self) -> impl Iterator<Item = u8> + '_ {
        self.present.iter().zip(0_u8..).flat_map(|(bits, high)| {
            let mut bits = *bits;
            std::iter::from_fn(move || {
                let low = bits.trailing_zeros();
                bits &= bits.wrapping_sub(1);
                (low < 64).then_some(high << 6 | low as u8)
            })
        })
    }

    /// The words in order: folded, with the hash of the form that the lexicon knows, and what each means alone.
    pub fn each(&self) -> impl Iterator<Item = (&str, u32, &'static [[u8; 2]])> + '_ {
        let forms = self.found.forms.iter().zip(&self.found.alone);
        self.found.each_word().zip(forms).map(|(word, (form, alone))| (word, *form, *alone))
    }

    /// Whether what a word means is one of these cues, or nothing.
    pub(crate) fn means_only(meant: &[[u8; 2]], cues: &[Cue]) -> bool {
        meant.iter().all(|[concept, _]| cues.iter().any(|cue| number(*cue) == Some(*concept)))
    }

    /// Whether any of these cues is there.
    pub fn any(&self, cues: &[Cue]) -> bool {
        cues.iter().any(|cue| self.has(*cue))
    }

    /// The customer's words for the first of these cues that is there.
    pub fn words(&self, cues: &[Cue]) -> &str {
        let says = |cue: &Cue| {
            let wanted = number(*cue)?;
            self.found.hits.iter().find(|hit| hit.concepts.iter().any(|[concept, _]| *concept == wanted))
        };
        cues.iter().find_map(says).map_or("", |hit| self.found.words_of(hit))
    }

    /// Whether a word of one class stands before one of another, with at most `gap` words between.
    pub fn before(&self, one: Cue, other: Cue, gap: usize) -> bool {
        if !self.has(one) || !self.has(other) {
            return false;
        }
        let alone = &self.found.alone;
        alone.iter().enumerate().any(|(at, first)| {
            within(first, one) && alone[at + 1..].iter().take(gap + 1).any(|second| within(second, other))
        })
    }

    /// Whether words of two classes stand by each other, with at most `gap` words between.
    pub fn near(&self, one: Cue, other: Cue, gap: usize) -> bool {
        self.before(one, other, gap) || self.before(other, one, gap)
    }

    /// How many words are of a class.
    pub fn count(&self, class: Cue) -> usize {
        if self.has(class) { self.found.alone.iter().filter(|word| within(word, class)).count() } else { 0 }
    }

    /// The words as they were read: folded, a space between.
    pub fn text(&self) -> &str {
        &self.found.words
    }

    /// How many words there are; 1 if there is none.
    pub fn length(&self) -> usize {
        self.found.lengths.len().max(1)
    }

    /// The words in order, folded.
    pub(crate) fn each_word(&self) -> impl Iterator<Item = &str> {
        self.found.each_word()
    }
}

/// Whether a word is of a class.
fn within(concepts: &[[u8; 2]], class: Cue) -> bool {
    number(class).is_some_and(|class| concepts.iter().any(|[concept, _]| *concept == class))
}

/// Classes are the concepts with a weight below 0.
fn is_class(concept: u8) -> bool {
    CONCEPTS.get(usize::from(concept)).is_some_and(|(_, weight)| *weight < 0.0)
}

/// The cue's number in the lexicon.
fn number(cue: Cue) -> Option<u8> {
    NUMBERS.get(cue as usize).copied().filter(|number| *number != ABSENT)
}

/// No concept has this number: there are at most 255.
const ABSENT: u8 = u8::MAX;

/// Every cue's number, looked up while compiling: rules ask for dozens of cues for each message.
static NUMBERS: [u8; Cue::ALL.len()] = {
    let mut numbers = [ABSENT; Cue::ALL.len()];
    let mut cue = 0;
    while cue < numbers.len() {
        let mut concept = 0;
        while concept < CONCEPTS.len() {
            if same(CONCEPTS[concept].0, Cue::ALL[cue].1) {
                numbers[cue] = concept as u8;
            }
            concept += 1;
        }
        cue += 1;
    }
    numbers
};

impl Loudness {
    fn of(text: &str) -> Self {
        let (mut upper, mut lower, mut other, mut run, mut longest) = (0_u32, 0_u32, 0_u32, 0_u32, 0_u32);
        let mut loudness = Self::default();
        for ch in text.chars() {
            match ch {
                'A'..='Z' => upper += 1,
                'a'..='z' => lower += 1,
                '😠' | '😡' | '🤬' | '😤' | '🖕' | '💢' | '👿' | '😾' | '👎' => loudness.angry = true,
                '😭' | '😢' | '😞' | '😔' | '😩' | '😫' | '😣' => loudness.sad = true,
                '😂' | '🤣' | '😁' | '😆' | '😅' | '😜' => loudness.laughing = true,
                '👏' | '🙃' | '🙄' | '😒' | '😑' => loudness.ironic = true,
                _ if ch.is_alphabetic() && !ch.is_ascii() && (ch as u32) > 0x24f => other += 1,
                _ => {}
            }
            run = if matches!(ch, '!' | '?') { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        loudness.capitals = upper >= 10 && lower * 4 < upper && text.trim().contains(' ');
        loudness.marks = longest >= 3;
        loudness.other_script = other >= 4 && other > upper + lower;
        loudness
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cue_that_a_rule_asks_for_is_in_the_lexicon_and_fits_the_set() {
        assert!(CONCEPTS.len() < 255, "{} cues", CONCEPTS.len());
        for (cue, name) in Cue::ALL {
            assert!(number(*cue).is_some(), "{name}");
        }
    }

    #[test]
    fn loud_words_are_seen() {
        assert!(Cues::of("MANA BARANG SAYA WOI").loudness.capitals);
        assert!(!Cues::of("COD JNE BCA").loudness.capitals);
        assert!(Cues::of("kok gini???").loudness.marks);
        assert!(Cues::of("我想退货谢谢你").loudness.other_script);
    }
}
