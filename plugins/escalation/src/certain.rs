//! What means one thing, whatever the model makes of the message around it.

use santun_language::{Words, words};
use santun_plugin::{Priority, Reason};

use crate::cues::{Cue, Cues};
use crate::reading::Reading;
use crate::triggers::Trigger;

/// To make something go viral: nobody says so of what they are content with.
const MAKE_VIRAL: Words = words!(
    "\
    viralin viralkan viralkn viralinn ngeviralin memviralkan diviralin diviralkan viralken"
);
/// Words of a business that wants its own goods to go viral.
const ADVERTISES: Words = words!("endorse endors kol paid promote promosi promosiin jasa konten iklan ads");
/// What hurts somebody.
const HURT: Words = words!(
    "\
    luka lukanya terluka memar lebam cedera cidera keseleo berdarah hurt injured injury wounded bleeding"
);
/// What it is put down to.
const CAUSE: Words = words!("gara gegara karena karna krn akibat kena by because from due after");
/// Who is hurt, beside those whom the lexicon knows.
const SOMEBODY: Words = words!("i me my saya aku gue son daughter kid child baby");

/// The trigger in words that call a human at once, if they do.
pub(crate) fn in_words(reading: &Reading<'_>) -> Option<Trigger> {
    let cues = &reading.cues;
    let asks = cues.asks_whether || reading.text.contains('?');
    if cues.any(&[Cue::HowTo, Cue::How, Cue::Joke]) || cues.loudness.laughing || (asks && cues.has(Cue::Can)) {
        return None;
    }
    let supposed = cues.any(&[Cue::Suppose, Cue::Worry, Cue::Want, Cue::Can]);
    let caused = || cues.each_word().any(|word| CAUSE.has(word));
    goes_viral(cues).or_else(|| if supposed || !caused() { None } else { injury(cues) })
}

fn goes_viral(cues: &Cues) -> Option<Trigger> {
    let viral = cues.each_word().find(|word| MAKE_VIRAL.has(word))?;
    let advertises = cues.each_word().any(|word| ADVERTISES.has(word));
    (!advertises).then(|| Trigger {
        reason: Reason::Risk,
        priority: Priority::High,
        rule: "legal",
        words: viral.to_owned(),
        says: ["mengancam akan memviralkan", "threatens to make it go viral"],
    })
}

/// Somebody's injury, in words of which it is known that they are about something grave.
pub(crate) fn injury(cues: &Cues) -> Option<Trigger> {
    let hurt = cues.each_word().find(|word| HURT.has(word))?;
    let somebody = cues.any(&[Cue::Kin, Cue::Mine]) || cues.each_word().any(|word| SOMEBODY.has(word));
    somebody.then(|| Trigger {
        reason: Reason::Injury,
        priority: Priority::Urgent,
        rule: "safety",
        words: hurt.to_owned(),
        says: ["melaporkan bahaya atau cedera", "reports danger or injury"],
    })
}
