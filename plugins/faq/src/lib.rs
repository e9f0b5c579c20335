//! Answers the questions that a business has written answers for.
//!
//! The entries come as CSV or YAML. A message is read into the concepts that it is about (see
//! `santun_concepts`), scored against every way to ask, and then answered, met with the likeliest three
//! to choose from, or left to the next plugin.

mod asked;
mod courtesy;
pub mod entries;
pub mod index;
pub mod matching;
mod reply;
#[cfg(not(target_arch = "wasm32"))]
pub mod scoring;
mod settings;

use santun_language::{asks_what_you_do, words_of};
use santun_plugin::prelude::*;

use asked::Asked;
use index::{Blob, Index, Scored};
use matching::Match;
pub use settings::Settings;

/// What the ids of offered entries begin with.
const CHOICE: &str = "faq:";
/// Messages longer than this are a story for a human, and no question of a FAQ. In bytes.
const LONGEST: usize = 2_000;

/// Score, margin and score to offer from, unless an operator sets others: calibrated on the sets under
/// `tests/language/faq/`.
pub const THRESHOLDS: [f32; 3] = [0.9, 0.5, 0.11];

/// Answers what is in the FAQ.
pub struct Faq;

#[plugin(
    name = "faq",
    purpose(
        id = "Menjawab pertanyaan yang sering diajukan dari daftar tanya jawab toko",
        en = "Answers common questions from the shop's own list of answers"
    ),
    languages("id", "en")
)]
impl Plugin for Faq {
    type Config = Settings;

    fn prepare(settings: Settings) -> Result<Prepared, Error> {
        let entries = entries::parse(&settings.entries).map_err(|error| Error::new(error.to_string()))?;
        let thresholds = [settings.answer_at, settings.margin, settings.offer_at];
        let mut left: Vec<String> = settings.leave_wishes.iter().map(|wish| words_of(wish).join(" ")).collect();
        left.retain(|wish| !wish.is_empty());
        Ok(Prepared::from_bytes(index::build(&entries, &thresholds, &left.join("\n"))?))
    }

    fn handle(event: &Event, context: &Context, host: &dyn Host) -> Result<Verdict, Error> {
        if event.messages().is_empty() {
            return Ok(Verdict::pass("the customer wrote nothing"));
        }
        if let Some(choice) = event.choice() {
            let Some(key) = choice.id.strip_prefix(CHOICE) else {
                return Ok(Verdict::pass("a tap on another plugin's choice"));
            };
            Asked::recall(host, context.now).forget(host);
            return Ok(reply::chosen(&open(host)?, key, context));
        }
        if event.needs_eyes() {
            return Ok(Verdict::pass("something came that somebody must look at"));
        }
        let text = event.text();
        if text.is_empty() || text.len() > LONGEST {
            return Ok(Verdict::pass("no question in words, or a whole story"));
        }
        let words = words_of(&text);
        let for_the_bot = asks_what_you_do(&words);
        let asked = Asked::recall(host, context.now);
        if !for_the_bot && let Some(key) = asked.meant(&words) {
            let chosen = reply::chosen(&open(host)?, key, context);
            asked.forget(host);
            return Ok(chosen);
        }
        if courtesy::is_all(&words) {
            return Ok(Verdict::pass("courtesy, and no question"));
        }
        if courtesy::goes_about(&words) {
            return Ok(Verdict::pass("goes about in a menu, and asks nothing"));
        }
        if courtesy::drops_it(&words) {
            return Ok(Verdict::pass("the customer drops it, and asks nothing"));
        }
        let index = open(host)?;
        let left = index.left_wishes();
        if !left.is_empty() && courtesy::wishes(&text, &words) && courtesy::names(&left, &words) {
            return Ok(Verdict::pass("a wish that is left to another plugin"));
        }
        let asked_of_them = courtesy::without_the_admin(&text);
        let message = santun_concepts::understand(asked_of_them);
        let way = matching::way(asked_of_them, &message.meaning);
        let in_these_words =
            |scored: &Scored| index.entry(scored.entry).is_some_and(|entry| words_of(&entry.question) == words);
        Ok(match matching::decide(&index, &message, way, &context.language) {
            Match::Answer(scored) if for_the_bot && !in_these_words(&scored) => Verdict::pass(ASKS_THE_BOT),
            Match::Answer(scored) => {
                asked.forget(host);
                reply::answer(&index, scored)
            }
            Match::Offer(_) if for_the_bot => Verdict::pass(ASKS_THE_BOT),
            Match::Offer(scored) => {
                if let Some(exactly) = scored.iter().find(|scored| in_these_words(scored)) {
                    asked.forget(host);
                    return Ok(reply::answer(&index, Scored { score: 1.0, ..*exactly }));
                }
                let entries = scored.iter().filter_map(|scored| index.entry(scored.entry));
                let entries = entries.map(|entry| (entry.key, entry.question)).collect();
                asked.remember(entries, host, context.now)?;
                reply::offer(&index, &scored, asked.times, context)?
            }
            Match::Nothing(best) => Verdict::pass(format!("no entry fits (best score {best:.2})")).confidence(best),
        })
    }
}

/// Why a question about the bot itself is passed on.
const ASKS_THE_BOT: &str = "asks what the bot can do";

/// The host as the place where the index lies.
struct InHost<'h>(&'h dyn Host);

impl Blob for InHost<'_> {
    fn read(&self, offset: u64, length: u32) -> Vec<u8> {
        self.0.prepared_read(offset, length)
    }
}

fn open<'h>(host: &'h dyn Host) -> Result<Index<InHost<'h>>, Error> {
    Index::open(InHost(host))
        .ok_or_else(|| Error::new("the index is of another version: apply the configuration again"))
}
