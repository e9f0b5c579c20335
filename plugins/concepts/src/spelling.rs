//! Words as customers spell them: cut out of a text, folded, hashed, and freed of their affixes.

/// A hash of a word or a phrase. Thirty-two bits tell some ten thousand phrases apart from all the
/// rest with a chance of confusion of about two in a million.
pub type Hash = u32;

/// The hash of a folded word.
pub fn hash(word: &[u8]) -> Hash {
    let mut h: u32 = 0x811c_9dc5;
    for &byte in word {
        h = (h ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    mix(h)
}

/// The hash of a phrase that goes on with one more word.
pub fn extend(phrase: Hash, word: Hash) -> Hash {
    mix(phrase.rotate_left(7) ^ word.wrapping_mul(0x9e37_79b1))
}

fn mix(mut h: u32) -> u32 {
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^= h >> 13;
    h = h.wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

/// The longest word that is looked at; longer ones are cut. In bytes.
pub const WORD_MAX: usize = 40;

/// Calls `each` with every word of a text, folded: lower case, plain Latin letters, runs of three and
/// more letters made one, a doubling "2" and a repeated word (`macam-macam`) dropped.
pub fn words(text: &str, mut each: impl FnMut(&[u8])) {
    let mut word = Folded::default();
    let mut before = Folded::default();
    for ch in text.chars() {
        match fold(ch) {
            Some(folded) => word.push(folded),
            None if is_inside(ch) => {}
            None => word.finish(&mut before, &mut each),
        }
    }
    word.finish(&mut before, &mut each);
}

/// Apostrophes and marks that join what they stand between.
fn is_inside(ch: char) -> bool {
    matches!(ch, '\'' | '’' | '‘' | '`' | '´' | '\u{200d}' | '\u{200b}' | '\u{ad}')
        || matches!(ch, '\u{300}'..='\u{36f}')
}

fn fold(ch: char) -> Option<u8> {
    if ch.is_ascii_alphanumeric() {
        return Some(ch.to_ascii_lowercase() as u8);
    }
    Some(match ch {
        '&' => b'&',
        'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' | 'À' | 'Á' => b'a',
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' => b'e',
        'ì' | 'í' | 'î' | 'ï' => b'i',
        'ò' | 'ó' | 'ô' | 'ö' | 'õ' => b'o',
        'ù' | 'ú' | 'û' | 'ü' => b'u',
        'ñ' => b'n',
        'ç' => b'c',
        '\u{ff21}'..='\u{ff3a}' => (ch as u32 - 0xff21) as u8 + b'a',
        '\u{ff41}'..='\u{ff5a}' => (ch as u32 - 0xff41) as u8 + b'a',
        '\u{ff10}'..='\u{ff19}' => (ch as u32 - 0xff10) as u8 + b'0',
        _ => return None,
    })
}

/// A word while it is read.
#[derive(Clone, Copy)]
struct Folded {
    bytes: [u8; WORD_MAX],
    len: usize,
    /// How often the last letter has come in a row.
    run: usize,
}

impl Default for Folded {
    fn default() -> Self {
        Self { bytes: [0; WORD_MAX], len: 0, run: 0 }
    }
}

impl Folded {
    fn push(&mut self, byte: u8) {
        let last = self.len.checked_sub(1).map(|at| self.bytes[at]);
        self.run = if last == Some(byte) { self.run + 1 } else { 1 };
        if byte.is_ascii_alphabetic() && self.run > 2 {
            // "bangettt" is "banget"; a plain double letter may be right ("free").
            if self.run == 3 {
                self.len -= 1;
            }
            return;
        }
        if self.len < WORD_MAX {
            self.bytes[self.len] = byte;
            self.len += 1;
        }
    }

    fn finish(&mut self, before: &mut Self, each: &mut impl FnMut(&[u8])) {
        let mut len = self.len;
        if len == 0 {
            return;
        }
        // "macam2" is "macam-macam".
        if len > 3 && self.bytes[len - 1] == b'2' && self.bytes[..len - 1].iter().all(u8::is_ascii_alphabetic) {
            len -= 1;
        }
        let word = &self.bytes[..len];
        if word != &before.bytes[..before.len] || word[0].is_ascii_digit() {
            each(word);
            before.bytes = self.bytes;
            before.len = len;
        }
        self.len = 0;
        self.run = 0;
    }
}

/// What an Indonesian word may stand for once an ending is taken off, shortest cut first.
const ENDINGS: [&[u8]; 15] =
    [b"nya", b"ny", b"in", b"kan", b"an", b"i", b"ku", b"mu", b"lah", b"kah", b"pun", b"innya", b"annya", b"s", b"x"];

/// What may stand before, with the letter that it swallowed.
const BEGINNINGS: [(&[u8], &[u8]); 34] = [
    (b"di", b""),
    (b"nge", b""),
    (b"mem", b"p"),
    (b"mem", b""),
    (b"men", b"t"),
    (b"men", b""),
    (b"meng", b"k"),
    (b"meng", b""),
    (b"meny", b"s"),
    (b"meny", b"c"),
    (b"me", b""),
    (b"ng", b"k"),
    (b"ng", b""),
    (b"ny", b"s"),
    (b"ny", b"c"),
    (b"n", b"t"),
    (b"n", b""),
    (b"m", b"p"),
    (b"m", b""),
    (b"ber", b""),
    (b"be", b""),
    (b"ter", b""),
    (b"ke", b""),
    (b"se", b""),
    (b"pem", b"p"),
    (b"pem", b""),
    (b"pen", b"t"),
    (b"pen", b""),
    (b"peng", b"k"),
    (b"peng", b""),
    (b"peny", b"s"),
    (b"per", b""),
    (b"pe", b""),
    (b"ku", b""),
];

/// Tries the forms that a word may be made of, the likeliest first, until one is `wanted`.
///
/// Nothing is cut off blindly: what a form means is for the caller's vocabulary to say, which is why
/// "buku" never becomes "bu" and "dikirimin" finds "kirim".
pub fn first_form<T>(word: &[u8], mut wanted: impl FnMut(&[u8]) -> Option<T>) -> Option<T> {
    if let Some(found) = wanted(word) {
        return Some(found);
    }
    if word.len() < 4 {
        return squeezed(word, &mut wanted);
    }
    if let Some(found) = without_ending(word, &mut wanted) {
        return Some(found);
    }
    let mut form = [0_u8; WORD_MAX + 2];
    for (beginning, swallowed) in BEGINNINGS {
        let Some(rest) = word.strip_prefix(beginning) else { continue };
        if rest.len() < 3 || (beginning.len() == 1 && swallowed.is_empty() && !starts_with_consonant(rest)) {
            continue;
        }
        let len = swallowed.len() + rest.len();
        form[..swallowed.len()].copy_from_slice(swallowed);
        form[swallowed.len()..len].copy_from_slice(rest);
        let form = &form[..len];
        if let Some(found) = wanted(form).or_else(|| without_ending(form, &mut wanted)) {
            return Some(found);
        }
    }
    squeezed(word, &mut wanted)
}

fn starts_with_consonant(word: &[u8]) -> bool {
    word.first().is_some_and(|letter| !b"aiueo".contains(letter))
}

fn without_ending<T>(word: &[u8], wanted: &mut impl FnMut(&[u8]) -> Option<T>) -> Option<T> {
    ENDINGS.iter().find_map(|ending| {
        let rest = word.strip_suffix(*ending)?;
        if rest.len() < 3 {
            return None;
        }
        wanted(rest).or_else(|| {
            // "hargany" + "a", "kirimkannya": one ending more, but only after the possessive.
            if ending.starts_with(b"ny") {
                [&b"in"[..], b"kan", b"an"].iter().find_map(|inner| {
                    let rest = rest.strip_suffix(*inner)?;
                    if rest.len() < 3 { None } else { wanted(rest) }
                })
            } else {
                None
            }
        })
    })
}

/// "yaa", "kakk", "ongkirr": every doubled letter made one.
fn squeezed<T>(word: &[u8], wanted: &mut impl FnMut(&[u8]) -> Option<T>) -> Option<T> {
    if !word.windows(2).any(|pair| pair[0] == pair[1] && pair[0].is_ascii_alphabetic()) {
        return None;
    }
    let mut form = [0_u8; WORD_MAX];
    let mut len = 0;
    for &byte in word {
        if len == 0 || form[len - 1] != byte {
            form[len] = byte;
            len += 1;
        }
    }
    wanted(&form[..len]).or_else(|| without_ending(&form[..len], wanted))
}

/// Calls `each` with the keys under which a word is found although it is misspelt: the word with each
/// letter but the first left out. Short words have none: "kolam" is near "klaim" and means nothing like it.
pub fn near_keys(word: &[u8], mut each: impl FnMut(Hash)) {
    if word.len() < 6 || word.len() > WORD_MAX {
        return;
    }
    each(hash(word) ^ 0x5bd1_e995);
    let mut form = [0_u8; WORD_MAX];
    for gap in 1..word.len() {
        // Leaving out either of two equal letters gives the same form.
        if word[gap] == word[gap - 1] {
            continue;
        }
        form[..gap].copy_from_slice(&word[..gap]);
        form[gap..word.len() - 1].copy_from_slice(&word[gap + 1..]);
        each(hash(&form[..word.len() - 1]) ^ 0x5bd1_e995);
    }
}

/// The key of a word's consonants, for words typed without vowels ("pngrmn"); `None` for words with
/// fewer than three.
pub fn consonants_key(word: &[u8]) -> Option<Hash> {
    let mut form = [0_u8; WORD_MAX];
    let mut len = 0;
    for &byte in word.iter().filter(|byte| byte.is_ascii_alphabetic() && !b"aiueo".contains(byte)).take(WORD_MAX) {
        form[len] = byte;
        len += 1;
    }
    if len < 3 { None } else { Some(hash(&form[..len]) ^ 0x1b87_3593) }
}

/// Whether a word looks typed without its vowels.
pub fn looks_shortened(word: &[u8]) -> bool {
    let vowels = word.iter().filter(|byte| b"aiueo".contains(byte)).count();
    word.len() >= 3 && vowels * 4 <= word.len()
}
