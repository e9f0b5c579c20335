//! How somebody feels who writes so.

use crate::normalise::{Kind, Normalised};
use crate::root::root;
use crate::table::table;
use crate::topics::contains_words;

table!(MOOD_WORDS, "mood.txt");

/// One sign of a mood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cue {
    /// An insult or a swear word.
    Insult,
    /// Anger by name: *kesel*, *emosi*, *furious*.
    Anger,
    /// Disappointment: *kecewa*, *kapok*, *disappointed*.
    Disappointment,
    /// A word of complaint: *parah*, *lemot*, *terrible*.
    Complaint,
    /// Talk of fraud: *penipuan*, *bohong*, *scam*.
    Fraud,
    /// A threat: police, a lawyer, going viral.
    Threat,
    /// Waiting long, or again and again: *udah 3 minggu*, *dari kemarin*, *masih belum*.
    LongWait,
    /// Mostly capital letters.
    Capitals,
    /// `!!!`, `???`.
    Marks,
    /// An angry, or a crying, face.
    Emoji,
    /// Praise beside a grievance: *hebat ya, 3 minggu ga nyampe*.
    Sarcasm,
    /// Stretched letters: *lamaaaa*.
    Stretched,
    /// Something kind.
    Positive,
}

/// What a message tells of its writer's mood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mood {
    /// How frustrated, from 0 (not at all) to 1. From about 0.5 on, people would say: upset.
    pub frustration: f32,
    /// Why, each sign once.
    pub cues: Vec<Cue>,
}

const ANGRY: [char; 13] = ['😠', '😡', '🤬', '😤', '👎', '🖕', '💢', '😾', '👿', '😒', '🙄', '😑', '🤮'];
const SAD: [char; 9] = ['😭', '😢', '😞', '😔', '😣', '😩', '😫', '🥲', '☹'];

/// Words of praise that turn bitter beside a grievance.
const BITTER: [&str; 17] = [
    "hebat",
    "mantap",
    "mantul",
    "bagus",
    "keren",
    "luar",
    "makasih",
    "terima",
    "salut",
    "selamat",
    "cepat",
    "profesional",
    "pintar",
    "great",
    "nice",
    "amazing",
    "wow",
];

/// Grievances that need no strong word.
const GRIEVANCES: [&str; 30] = [
    "tidak sampai",
    "belum sampai",
    "tidak datang",
    "belum datang",
    "tidak dibalas",
    "belum dibalas",
    "tidak direspon",
    "tidak respon",
    "belum direspon",
    "tidak ada kabar",
    "belum ada kabar",
    "tanpa kabar",
    "tidak jelas",
    "tidak dikirim",
    "belum dikirim",
    "belum diproses",
    "tidak diproses",
    "tidak ada kejelasan",
    "tidak kunjung",
    "tidak bisa dihubungi",
    "tidak sesuai",
    "tidak membantu",
    "tidak nyambung",
    "still waiting",
    "still not",
    "not arrived",
    "no response",
    "no reply",
    "never arrived",
    "not working",
];

/// Ways to say that it has lasted.
const LASTING: [&str; 16] = [
    "dari kemarin",
    "dari tadi",
    "dari minggu",
    "masih belum",
    "belum juga",
    "sampai sekarang",
    "sampai kapan",
    "berapa kali",
    "berkali kali",
    "lama banget",
    "lama sekali",
    "lama amat",
    "how long",
    "so long",
    "how many times",
    "again and again",
];

impl Mood {
    /// The mood of a message: `text` as it was typed, `normalised` what
    /// [`normalise`](crate::normalise) made of it.
    pub fn of(text: &str, normalised: &Normalised) -> Self {
        let mut signs = Signs::default();
        signs.words(normalised);
        signs.phrases(normalised);
        signs.looks(text);
        signs.mood()
    }

    /// Whether a sign was seen.
    pub fn has(&self, cue: Cue) -> bool {
        self.cues.contains(&cue)
    }
}

#[derive(Default)]
struct Signs {
    seen: Vec<(Cue, f32)>,
    bitter: bool,
}

impl Signs {
    fn add(&mut self, cue: Cue, weight: f32) {
        if !self.seen.iter().any(|(seen, _)| *seen == cue) {
            self.seen.push((cue, weight));
        }
    }

    fn has(&self, cues: &[Cue]) -> bool {
        self.seen.iter().any(|(seen, _)| cues.contains(seen))
    }

    fn words(&mut self, text: &Normalised) {
        let mut denied = 0_u8;
        for token in text.tokens().filter(|token| token.kind == Kind::Word) {
            let word = token.word;
            self.bitter |= BITTER.contains(&word) || BITTER.contains(&token.written);
            let kind = MOOD_WORDS.get(word).or_else(|| MOOD_WORDS.get(root(word)));
            // *ga marah*, *not angry*: within two words, a denial takes the word's force.
            if let (Some(kind), 0) = (kind, denied) {
                match kind {
                    "insult" => self.add(Cue::Insult, 0.6),
                    "anger" => self.add(Cue::Anger, 0.55),
                    "disappointed" => self.add(Cue::Disappointment, 0.5),
                    "complaint" => self.add(Cue::Complaint, 0.3),
                    "scam" => self.add(Cue::Fraud, 0.5),
                    "threat" => self.add(Cue::Threat, 0.4),
                    "positive" => self.add(Cue::Positive, -0.2),
                    _ => {}
                }
            }
            denied = match word {
                "tidak" | "bukan" | "jangan" | "not" | "never" => 2,
                _ => denied.saturating_sub(1),
            };
        }
    }

    fn phrases(&mut self, text: &Normalised) {
        let words = text.as_str();
        let lasting = LASTING.iter().any(|phrase| contains_words(words, phrase)) || says_how_long(text);
        let grievance = GRIEVANCES.iter().any(|phrase| contains_words(words, phrase));
        match (lasting, grievance) {
            (true, true) => self.add(Cue::LongWait, 0.5),
            (true, false) => self.add(Cue::LongWait, 0.35),
            (false, true) => self.add(Cue::Complaint, 0.2),
            (false, false) => {}
        }
        let aggrieved = lasting || grievance || self.has(&[Cue::Complaint, Cue::Fraud, Cue::Disappointment]);
        if self.bitter && aggrieved && (lasting || grievance) {
            self.seen.retain(|(cue, _)| *cue != Cue::Positive);
            self.add(Cue::Sarcasm, 0.3);
        }
    }

    fn looks(&mut self, text: &str) {
        let (mut upper, mut lower, mut run, mut last) = (0_u32, 0_u32, 0_u32, '\0');
        let (mut marks, mut stretched) = (0_u32, false);
        for c in text.chars() {
            run = if c == last { run + 1 } else { 1 };
            last = c;
            upper += u32::from(c.is_uppercase());
            lower += u32::from(c.is_lowercase());
            stretched |= run >= 4 && c.is_alphabetic();
            marks += u32::from(matches!(c, '!' | '?'));
            if ANGRY.contains(&c) {
                self.add(Cue::Emoji, 0.45);
            } else if SAD.contains(&c) {
                self.add(Cue::Emoji, 0.2);
            }
        }
        if upper >= 8 && upper > 3 * lower {
            self.add(Cue::Capitals, 0.3);
        }
        if marks >= 3 {
            self.add(Cue::Marks, 0.2);
        }
        if stretched {
            self.add(Cue::Stretched, 0.05);
        }
    }

    fn mood(self) -> Mood {
        // Praise softens only what is not an open grievance.
        let open = self.has(&[Cue::Insult, Cue::Anger, Cue::Fraud, Cue::Threat, Cue::LongWait, Cue::Disappointment]);
        let mut calm = 1.0_f32;
        let mut kindness = 0.0_f32;
        for (_, weight) in &self.seen {
            if *weight > 0.0 {
                calm *= 1.0 - weight;
            } else if !open {
                kindness -= weight;
            }
        }
        Mood {
            frustration: (1.0 - calm - kindness).clamp(0.0, 1.0),
            cues: self.seen.into_iter().map(|(cue, _)| cue).collect(),
        }
    }
}

/// *3 minggu*, *seminggu*, *two weeks*, said of something that lasts: after *sudah*, or beside a denial.
fn says_how_long(text: &Normalised) -> bool {
    let tokens: Vec<_> = text.tokens().collect();
    let is_span = |word: &str| {
        matches!(
            word,
            "hari" | "minggu" | "bulan" | "jam" | "tahun" | "days" | "weeks" | "months" | "week" | "month" | "hours"
        )
    };
    let whole =
        tokens.iter().any(|token| matches!(token.word, "seminggu" | "sebulan" | "berhari" | "berminggu" | "seharian"));
    let counted = tokens
        .windows(2)
        .any(|pair| is_span(pair[1].word) && (pair[0].kind == Kind::Number || is_numeral(pair[0].word)));
    let lasts = tokens.iter().any(|token| {
        matches!(token.word, "sudah" | "tidak" | "belum" | "masih" | "been" | "still" | "not" | "already")
    });
    (whole || counted) && lasts
}

fn is_numeral(word: &str) -> bool {
    matches!(
        word,
        "dua"
            | "tiga"
            | "empat"
            | "lima"
            | "enam"
            | "tujuh"
            | "beberapa"
            | "two"
            | "three"
            | "four"
            | "five"
            | "several"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise;

    fn mood(text: &str) -> Mood {
        Mood::of(text, &normalise(text))
    }

    #[test]
    fn upset_customers_are_told_from_calm_ones() {
        for text in [
            "KENAPA BARANG SAYA BELUM SAMPAI!!!",
            "udah 3 minggu ga nyampe2, gmn sih",
            "hebat ya 3 minggu ga nyampe",
            "kecewa bgt sama pelayanannya 😡",
            "dasar penipu, balikin uang saya",
            "goblok banget sih",
            "this is ridiculous, I've been waiting for two weeks",
            "saya kesel bgt",
        ] {
            assert!(mood(text).frustration >= 0.5, "{text}: {:?}", mood(text));
        }
        for text in [
            "halo kak mau tanya stok",
            "makasih kak, barangnya bagus",
            "paketnya sampai 3 hari lagi ya?",
            "ga marah kok kak",
            "Great product, thank you!",
            "ukuran L ready?",
        ] {
            assert!(mood(text).frustration < 0.3, "{text}: {:?}", mood(text));
        }
    }

    #[test]
    fn praise_beside_a_grievance_is_bitter() {
        assert!(mood("hebat ya 3 minggu ga nyampe").has(Cue::Sarcasm));
        assert!(!mood("hebat, cepet sampai").has(Cue::Sarcasm));
    }
}
