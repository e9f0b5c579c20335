//! What the conversation so far says: the same question again, many turns and no result, a question of the bot's
//! that is being answered.

use santun_plugin::Turn;

use crate::gist::Gist;
use crate::sketch::Sketch;

/// From here on two questions are the same.
const SAME: f32 = 0.5;
/// A text says enough to be repeated if it tells this much: greetings and thanks do not.
const SAYS_SOMETHING: f32 = 0.5;
/// From here on nothing new is asked.
const COVERED: f32 = 0.72;
/// Texts of the same letters are spelt at least as much alike.
const SPELT_THE_SAME: f32 = 0.8;
/// How many of the customer's messages a new one is compared with.
const COMPARED: usize = 6;

/// What went before, as far as it tells something of a new message.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Past {
    /// How many messages of the customer there were.
    pub messages: u32,
    /// Whether the bot spoke last.
    pub answered: bool,
    /// Whether the bot's last words were a question.
    pub asked: bool,
    /// How often the customer has asked the same before, in whatever words.
    pub alike: u32,
    /// How often with nothing new in it, although the bot had answered: the answer was none.
    pub unanswered: u32,
    /// The bot's last answers, in a row, that say that it did not understand.
    pub lost: u32,
    /// Whether the bot's last answer had already been given, word for word.
    pub same_answer: bool,
    /// The largest share of the message that an answered one told already, in twentieths.
    pub said: u8,
    /// How alike the likest answered message is spelt, in twentieths.
    pub spelt: u8,
    /// How many answered messages are spelt much alike.
    pub echoes: u8,
    /// How many words are new against the likest.
    pub fresh: u8,
}

impl Past {
    /// Of the turns before a text.
    pub fn of(text: &str, turns: &[Turn]) -> Self {
        let mut past = Self::default();
        let turns = since_the_bot_answers(turns);
        if turns.is_empty() {
            return past;
        }
        past.messages = count(turns.iter().filter(|turn| turn.by == "customer"));
        past.answered = turns.last().is_some_and(|turn| turn.by == "bot");
        past.lost = not_understood(turns);
        past.same_answer = answer_repeated(turns);
        past.asked = past.answered && turns.last().is_some_and(|turn| turn.text.contains('?'));
        past.compare(text, turns);
        past
    }

    fn compare(&mut self, text: &str, turns: &[Turn]) {
        let (new, sketch) = (Gist::of(text), Sketch::of(text));
        let (mut said, mut spelt, mut fresh) = (0.0_f32, 0.0_f32, usize::MAX);
        let (mut answered, mut compared) = (false, 0);
        for turn in turns.iter().rev() {
            if turn.by != "customer" {
                answered |= turn.by == "bot";
                continue;
            }
            if compared == COMPARED || turn.text.is_empty() {
                continue;
            }
            compared += 1;
            let alike = sketch.alike(&Sketch::of(&turn.text));
            if answered {
                spelt = spelt.max(alike);
                self.echoes += u8::from(alike >= 0.4);
            }
            if alike >= SPELT_THE_SAME && same_letters(&turn.text, text) {
                self.alike += 1;
                self.unanswered += u32::from(answered);
                (said, fresh) = (1.0, 0);
                continue;
            }
            let old = Gist::of(&turn.text);
            let differs = new.differs(&old);
            if answered {
                said = said.max(new.covered(&old));
                fresh = fresh.min(new.fresh(&old) + usize::from(differs));
            }
            if differs || new.tells() < SAYS_SOMETHING {
                continue;
            }
            self.alike += u32::from(new.resembles(&old) >= SAME);
            self.unanswered += u32::from(answered && new.covered(&old) >= COVERED);
        }
        let twentieths = |share: f32| (share * 20.0) as u8;
        (self.said, self.spelt) = (twentieths(said), twentieths(spelt));
        self.fresh = u8::try_from(fresh).unwrap_or(u8::MAX);
    }
}

fn count<T>(them: impl Iterator<Item = T>) -> u32 {
    u32::try_from(them.count()).unwrap_or(u32::MAX)
}

/// The turns since the bot has the conversation: what was asked while a human had it, or while the customer waited
/// for one, the bot was not to answer.
fn since_the_bot_answers(turns: &[Turn]) -> &[Turn] {
    const GIVEN_TO_THE_BOT: [&str; 4] = ["bot_meanwhile", "handed_back", "released_by_phone", "resolved"];
    let given = turns.iter().rposition(|turn| turn.by == "system" && GIVEN_TO_THE_BOT.contains(&&*turn.kind));
    given.map_or(turns, |at| &turns[at + 1..])
}

/// What a bot says that did not understand.
const LOST: [&str; 9] = [
    "belum paham",
    "kurang paham",
    "tidak paham",
    "belum mengerti",
    "kurang mengerti",
    "tidak mengerti",
    "kurang menangkap",
    "didn't understand",
    "don't understand",
];

/// The last answers of the bot, in a row, that say that it did not understand.
fn not_understood(turns: &[Turn]) -> u32 {
    let answers = turns.iter().rev().filter(|turn| turn.by == "bot" && !turn.text.is_empty());
    count(answers.take_while(|turn| LOST.iter().any(|words| contains(&turn.text, words))))
}

/// Whether a text contains words, capitals aside.
fn contains(text: &str, words: &str) -> bool {
    let (text, words) = (text.as_bytes(), words.as_bytes());
    text.windows(words.len()).any(|window| window.eq_ignore_ascii_case(words))
}

/// Whether the bot's last answer had already been given, word for word.
fn answer_repeated(turns: &[Turn]) -> bool {
    let mut answers = turns.iter().rev().filter(|turn| turn.by == "bot").map(|turn| turn.text.trim());
    answers.next().is_some_and(|last| last.len() >= 20 && answers.any(|earlier| earlier == last))
}

/// Whether the conversation has gone round one matter: at least half of the last `many` texts of the customer are
/// about what this one is about, or say nothing.
pub fn without_progress(text: &str, turns: &[Turn], many: usize) -> bool {
    let turns = since_the_bot_answers(turns);
    let earlier: Vec<&str> =
        turns.iter().filter(|turn| turn.by == "customer" && !turn.text.is_empty()).map(|turn| &*turn.text).collect();
    if many == 0 || earlier.len() + 1 < many {
        return false;
    }
    let new = Gist::of(text);
    let last = &earlier[earlier.len() + 1 - many..];
    let stuck = last.iter().filter(|known| {
        let old = Gist::of(known);
        !old.is_empty() && (new.related(&old) || old.tells() < 0.3)
    });
    stuck.count() * 2 >= last.len()
}

/// The same words, and enough of them to be a question: "halo" twice is a greeting.
fn same_letters(one: &str, other: &str) -> bool {
    let letters = |text: &str| {
        let letters = text.chars().filter(|ch| ch.is_alphanumeric()).map(|ch| ch.to_ascii_lowercase());
        letters.fold((0_usize, 0xCBF2_9CE4_8422_2325_u64), |(length, hash), ch| {
            (length + ch.len_utf8(), (hash ^ u64::from(u32::from(ch))).wrapping_mul(0x0100_0000_01B3))
        })
    };
    let (one, other) = (letters(one), letters(other));
    one.0 >= 8 && one == other
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(texts: &[&str]) -> Vec<Turn> {
        use santun_plugin::prelude::TestHost;
        let turns: Vec<(&str, &str)> = texts
            .iter()
            .map(|text| text.strip_prefix("bot:").map_or(("customer", *text), |text| ("bot", text)))
            .collect();
        santun_plugin::Host::history(&TestHost::new().with_history(&turns), 30)
    }

    #[test]
    fn the_same_question_in_other_words_counts_and_another_question_does_not() {
        let earlier = turns(&["paket saya kok belum sampai", "halo", "ada warna merah?"]);
        assert_eq!(Past::of("pesanan sy blm nyampe juga", &earlier).alike, 1);
        assert_eq!(Past::of("bisa cod ga", &earlier).alike, 0);
        assert_eq!(Past::of("halo", &earlier).alike, 0);
    }

    #[test]
    fn the_same_question_about_another_place_is_another_question() {
        let earlier = turns(&["ongkir ke bandung berapa", "bot:Cek di sini ya."]);
        let asked = |text: &str| {
            let past = Past::of(text, &earlier);
            (past.alike, past.unanswered)
        };
        assert_eq!(asked("ongkir ke medan berapa"), (0, 0));
        assert_eq!(asked("ongkir ke bandung brp?"), (1, 1));
    }

    #[test]
    fn a_bot_that_repeats_itself_asks_or_does_not_understand_is_noticed() {
        let same =
            Past::of("c", &turns(&["a", "bot:Silakan lihat katalog, kak.", "b", "bot:Silakan lihat katalog, kak."]));
        assert!(same.same_answer && !same.asked && same.answered);
        let other = Past::of("c", &turns(&["a", "bot:Silakan lihat katalog, kak.", "b", "bot:Ukurannya apa, kak?"]));
        assert!(!other.same_answer && other.asked);
        let lost = turns(&["x", "bot:Maaf, aku belum paham.", "y", "bot:Aku Kurang Mengerti, kak."]);
        assert_eq!(Past::of("z", &lost).lost, 2);
    }

    #[test]
    fn going_round_one_matter_is_no_progress() {
        let earlier =
            turns(&["paket saya belum sampai", "resi saya mana", "cek paket dong", "statusnya apa", "kapan sampai"]);
        assert!(without_progress("jadi paket saya kapan sampai", &earlier, 6));
        let browsing = turns(&["ada warna merah", "bisa cod", "alamat toko dimana", "halal ga", "ada promo"]);
        assert!(!without_progress("garansinya berapa lama", &browsing, 6));
    }
}
