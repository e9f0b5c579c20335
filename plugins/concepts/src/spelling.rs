//! Words as customers spell them: cut out of a text, folded, hashed, and freed of their affixes.

/// A hash of a word or a phrase. Thirty-two bits tell some ten thousand phrases apart from all the
/// rest with a chance of confusion of about two in a million.
pub type Hash = u32;

/// The hash of a folded word.
pub fn hash(word: &[u8]) -> Hash {
    mix(spelt(BEGUN, word))
}

/// A hash of no letters yet.
const BEGUN: Hash = 0x811c_9dc5;

/// A hash of some letters, with some more of them.
#[inline]
fn spelt(begun: Hash, letters: &[u8]) -> Hash {
    letters.iter().fold(begun, |h, byte| (h ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
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
    let mut reader = Reader { words: [[0; WORD_MAX]; 2], now: 0, len: 0, before: 0, run: 0 };
    for ch in text.chars() {
        match fold(ch) {
            Some(folded) => reader.push(folded),
            None if is_inside(ch) => {}
            None => reader.finish(&mut each),
        }
    }
    reader.finish(&mut each);
}

/// Apostrophes and marks that join what they stand between.
fn is_inside(ch: char) -> bool {
    matches!(ch, '\'' | '’' | '‘' | '`' | '´' | '\u{200d}' | '\u{200b}' | '\u{ad}')
        || matches!(ch, '\u{300}'..='\u{36f}')
}

#[inline]
fn fold(ch: char) -> Option<u8> {
    if ch.is_ascii_alphanumeric() {
        return Some(ch.to_ascii_lowercase() as u8);
    }
    if ch.is_ascii() { (ch == '&').then_some(b'&') } else { folded(ch) }
}

/// The plain letter that one beyond ASCII stands for.
fn folded(ch: char) -> Option<u8> {
    Some(match ch {
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

/// The word that is read, and the one before it. They change places: WebAssembly copies bytes by a call of the host.
struct Reader {
    words: [[u8; WORD_MAX]; 2],
    /// Which of them is read.
    now: usize,
    len: usize,
    /// The length of the one before.
    before: usize,
    /// How often the last letter has come in a row.
    run: usize,
}

impl Reader {
    #[inline]
    fn push(&mut self, byte: u8) {
        let word = &mut self.words[self.now & 1];
        let last = self.len.checked_sub(1).and_then(|at| word.get(at)).copied();
        self.run = if last == Some(byte) { self.run + 1 } else { 1 };
        if self.run > 2 && byte.is_ascii_alphabetic() {
            // "bangettt" is "banget"; a plain double letter may be right ("free").
            if self.run == 3 {
                self.len -= 1;
            }
            return;
        }
        if let Some(place) = word.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
    }

    #[inline]
    fn finish(&mut self, each: &mut impl FnMut(&[u8])) {
        let mut len = self.len;
        if len == 0 {
            return;
        }
        let [one, other] = &self.words;
        let (now, before) = if self.now & 1 == 0 { (one, other) } else { (other, one) };
        // "macam2" is "macam-macam".
        if len > 3 && now[len - 1] == b'2' && now[..len - 1].iter().all(u8::is_ascii_alphabetic) {
            len -= 1;
        }
        let word = &now[..len];
        (self.len, self.run) = (0, 0);
        if !is_same(word, &before[..self.before]) || word[0].is_ascii_digit() {
            each(word);
            (self.now, self.before) = (self.now ^ 1, len);
        }
    }
}

/// `==` for letters, of which there are few: a comparison by the C library's function costs more than reading them.
#[inline]
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one == other)
}

#[inline]
fn without_end<'w>(word: &'w [u8], ending: &[u8]) -> Option<&'w [u8]> {
    let (rest, end) = word.split_at_checked(word.len().checked_sub(ending.len())?)?;
    is_same(end, ending).then_some(rest)
}

/// A word with a mark at each end, in the place that is given for it: pieces of it tell where a word begins and ends.
pub fn framed<'f>(word: &[u8], place: &'f mut [u8; WORD_MAX + 2]) -> &'f [u8] {
    let len = word.len().min(WORD_MAX);
    place[0] = b'^';
    for (place, letter) in place[1..].iter_mut().zip(word) {
        *place = *letter;
    }
    place[len + 1] = b'$';
    &place[..len + 2]
}

/// What an Indonesian word may stand for once an ending is taken off, shortest cut first, by its last letter.
fn endings(word: &[u8]) -> &'static [&'static [u8]] {
    match word.last() {
        Some(b'a') => &[b"nya", b"innya", b"annya"],
        Some(b'h') => &[b"lah", b"kah"],
        Some(b'i') => &[b"i"],
        Some(b'n') => &[b"in", b"kan", b"an", b"pun"],
        Some(b's') => &[b"s"],
        Some(b'u') => &[b"ku", b"mu"],
        Some(b'x') => &[b"x"],
        Some(b'y') => &[b"ny"],
        _ => &[],
    }
}

/// What may stand before, by the word's first letter, with the letter that it swallowed.
fn beginnings(word: &[u8]) -> &'static [(&'static [u8], &'static [u8])] {
    match word.first() {
        Some(b'b') => &[(b"ber", b""), (b"be", b"")],
        Some(b'd') => &[(b"di", b"")],
        Some(b'k') => &[(b"ke", b""), (b"ku", b"")],
        Some(b'm') => &[
            (b"mem", b"p"),
            (b"mem", b""),
            (b"men", b"t"),
            (b"men", b""),
            (b"meng", b"k"),
            (b"meng", b""),
            (b"meny", b"s"),
            (b"meny", b"c"),
            (b"me", b""),
            (b"m", b"p"),
            (b"m", b""),
        ],
        Some(b'n') => {
            &[(b"nge", b""), (b"ng", b"k"), (b"ng", b""), (b"ny", b"s"), (b"ny", b"c"), (b"n", b"t"), (b"n", b"")]
        }
        Some(b'p') => &[
            (b"pem", b"p"),
            (b"pem", b""),
            (b"pen", b"t"),
            (b"pen", b""),
            (b"peng", b"k"),
            (b"peng", b""),
            (b"peny", b"s"),
            (b"per", b""),
            (b"pe", b""),
        ],
        Some(b's') => &[(b"se", b"")],
        Some(b't') => &[(b"ter", b"")],
        _ => &[],
    }
}

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
    for (beginning, swallowed) in beginnings(word) {
        let Some((begins, rest)) = word.split_at_checked(beginning.len()) else { continue };
        if !is_same(begins, beginning) || rest.len() < 3 {
            continue;
        }
        let found = match swallowed {
            [] if beginning.len() == 1 && !starts_with_consonant(rest) => continue,
            [] => wanted(rest).or_else(|| without_ending(rest, &mut wanted)),
            swallowed => {
                let mut form = [0_u8; WORD_MAX + 2];
                let len = swallowed.len() + rest.len();
                form[..swallowed.len()].copy_from_slice(swallowed);
                form[swallowed.len()..len].copy_from_slice(rest);
                let form = &form[..len];
                wanted(form).or_else(|| without_ending(form, &mut wanted))
            }
        };
        if found.is_some() {
            return found;
        }
    }
    squeezed(word, &mut wanted)
}

fn starts_with_consonant(word: &[u8]) -> bool {
    word.first().is_some_and(|letter| !is_vowel(*letter))
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'i' | b'u' | b'e' | b'o')
}

fn without_ending<T>(word: &[u8], wanted: &mut impl FnMut(&[u8]) -> Option<T>) -> Option<T> {
    endings(word).iter().find_map(|ending| {
        let rest = without_end(word, ending)?;
        if rest.len() < 3 {
            return None;
        }
        wanted(rest).or_else(|| {
            // "hargany" + "a", "kirimkannya": one ending more, but only after the possessive.
            if ending.starts_with(b"ny") {
                [&b"in"[..], b"kan", b"an"].iter().find_map(|inner| {
                    let rest = without_end(rest, inner)?;
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

/// The keys under which a word is found although it is misspelt: the word with each letter but the first left out.
/// Short words have none: "kolam" is near "klaim" and means nothing like it.
pub fn near_keys(word: &[u8]) -> impl Iterator<Item = Hash> {
    let word = if (6..=WORD_MAX).contains(&word.len()) { word } else { &[] };
    let whole = word.first().map(|_| hash(word));
    // What stands before the gap is hashed once for all of them.
    let before = word.iter().scan(BEGUN, |begun, byte| Some(std::mem::replace(begun, spelt(*begun, &[*byte]))));
    let gaps = word.iter().zip(before).enumerate().skip(1);
    // Leaving out either of two equal letters gives the same form.
    let gaps = gaps.filter(|(gap, (letter, _))| word[gap - 1] != **letter);
    let forms = gaps.map(|(gap, (_, before))| mix(spelt(before, &word[gap + 1..])));
    whole.into_iter().chain(forms).map(|hash| hash ^ 0x5bd1_e995)
}

/// The key of a word's consonants, for words typed without vowels ("pngrmn"); `None` for words with
/// fewer than three.
pub fn consonants_key(word: &[u8]) -> Option<Hash> {
    let consonants = word.iter().copied().filter(|byte| byte.is_ascii_alphabetic() && !is_vowel(*byte));
    let (hash, len) =
        consonants.take(WORD_MAX).fold((BEGUN, 0), |(hash, len), letter| (spelt(hash, &[letter]), len + 1));
    if len < 3 { None } else { Some(mix(hash) ^ 0x1b87_3593) }
}

/// Whether a word looks typed without its vowels.
pub fn looks_shortened(word: &[u8]) -> bool {
    let vowels = word.iter().filter(|byte| is_vowel(**byte)).count();
    word.len() >= 3 && vowels * 4 <= word.len()
}
