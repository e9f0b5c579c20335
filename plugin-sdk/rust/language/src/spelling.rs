//! Words as they are typed, one by one.

use crate::letters::{without_begin, without_end};
use crate::normalise::Kind;
use crate::root::known_root;
use crate::vocabulary::{everyday, stands};

/// Words after which a digit is a number rather than a sign of reduplication.
const NUMBERED: [&str; 16] = [
    "jam", "tgl", "tanggal", "no", "nomor", "uk", "ukuran", "size", "lantai", "lt", "tahap", "hari", "part", "kode",
    "jl", "rp",
];

/// Endings of inflected everyday spellings, with what they stand for.
const ENDINGS: [(&str, &str); 9] = [
    ("nya", "nya"),
    ("ny", "nya"),
    ("ku", "ku"),
    ("mu", "mu"),
    ("lah", "lah"),
    ("kah", "kah"),
    ("kan", "kan"),
    ("in", "kan"),
    ("an", "an"),
];

/// What customers write together with the next word: *gakbisa*, *udahbayar*.
const GLUED: [(&str, &str); 13] = [
    ("nggak", "tidak"),
    ("ngga", "tidak"),
    ("enggak", "tidak"),
    ("gak", "tidak"),
    ("ga", "tidak"),
    ("tdk", "tidak"),
    ("tidak", "tidak"),
    ("blm", "belum"),
    ("belum", "belum"),
    ("udah", "sudah"),
    ("udh", "sudah"),
    ("sdh", "sudah"),
    ("sudah", "sudah"),
];

/// Passes on the standard words that letters alone stand for.
pub(crate) fn standard(word: &str, out: &mut dyn FnMut(&str)) {
    if let Some(standard) = resolved(word) {
        return out(standard);
    }
    let mut buffer = String::new();
    if shortened(word, &mut buffer) {
        let known = resolved(&buffer);
        return out(known.unwrap_or(&buffer));
    }
    if inflected(word, &mut buffer) {
        return out(&buffer);
    }
    for (glued, standard) in GLUED {
        if let Some(second) = without_begin(word, glued).filter(|rest| rest.len() >= 4).and_then(resolved) {
            out(standard);
            return out(second);
        }
    }
    out(word);
}

/// The standard form of a spelling, or the word itself if it is known as it stands.
fn resolved(word: &str) -> Option<&str> {
    everyday(word).or_else(|| known_root(word).map(|_| word))
}

/// Whether a word is in the vocabulary, or an everyday spelling, just so.
fn is_written(word: &str) -> bool {
    everyday(word).is_some() || stands(word).is_some()
}

/// Writes the word without its stretched letters to `buffer`; `false` if nothing is stretched.
fn shortened(word: &str, buffer: &mut String) -> bool {
    let longest = longest_run(word);
    if longest < 2 {
        return false;
    }
    // A letter may be rightly doubled (*maaf*, *stroller*): two are tried before one.
    // A word as it stands in the vocabulary is better than a form of another: *mulaiii* is `mulai`.
    for derived in [false, true] {
        for keep in [2, 1] {
            if keep >= longest {
                continue;
            }
            squeeze(word, keep, buffer);
            if is_written(buffer) || (derived && resolved(buffer).is_some()) {
                return true;
            }
        }
    }
    if longest > 2 {
        squeeze(word, 1, buffer);
        return true;
    }
    false
}

fn longest_run(word: &str) -> usize {
    let (mut longest, mut run, mut last) = (0, 0, None);
    for c in word.chars() {
        run = if Some(c) == last { run + 1 } else { 1 };
        longest = longest.max(run);
        last = Some(c);
    }
    longest
}

fn squeeze(word: &str, keep: usize, buffer: &mut String) {
    buffer.clear();
    let (mut run, mut last) = (0, None);
    for c in word.chars() {
        run = if Some(c) == last { run + 1 } else { 1 };
        last = Some(c);
        if run <= keep {
            buffer.push(c);
        }
    }
}

/// Writes the standard form of an inflected everyday spelling to `buffer`: *brgny* is `barangnya`,
/// *dibls* is `dibalas`.
fn inflected(word: &str, buffer: &mut String) -> bool {
    for (ending, standard_ending) in ENDINGS {
        if let Some(standard) = without_end(word, ending).filter(|stem| stem.len() >= 2).and_then(single) {
            buffer.clear();
            buffer.push_str(standard);
            buffer.push_str(standard_ending);
            return true;
        }
    }
    for prefix in ["di", "ke", "se"] {
        if let Some(standard) = without_begin(word, prefix).filter(|stem| stem.len() >= 3).and_then(single) {
            buffer.clear();
            buffer.push_str(prefix);
            buffer.push_str(standard);
            return true;
        }
    }
    false
}

/// The standard form of a spelling, if it is one word.
fn single(word: &str) -> Option<&'static str> {
    everyday(word).filter(|standard| !standard.contains(' '))
}

/// Passes on the words and numbers that letters and digits together stand for.
pub(crate) fn with_digits(word: &str, out: &mut dyn FnMut(&str, Kind)) {
    if let Some(standard) = everyday(word) {
        return out(standard, Kind::Word);
    }
    let letters_end = word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len());
    let (letters, after_letters) = word.split_at(letters_end);
    if NUMBERED.contains(&letters) && is_number(after_letters) {
        standard(letters, &mut |word| out(word, Kind::Word));
        return out(after_letters, Kind::Number);
    }
    if reduplicated(letters, after_letters, out) {
        return;
    }
    let mut buffer = String::new();
    if read_as_letters(word, &mut buffer) {
        return standard(&buffer, &mut |word| out(word, Kind::Word));
    }
    let digits_end = word.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(word.len());
    let (digits, unit) = word.split_at(digits_end);
    if !digits.is_empty() && unit.chars().all(char::is_alphabetic) && is_unit(unit) {
        out(digits, Kind::Number);
        return if unit == "k" { out("ribu", Kind::Word) } else { standard(unit, &mut |word| out(word, Kind::Word)) };
    }
    if letters.len() >= 2 && is_number(after_letters) && after_letters.len() <= 3 && resolved(letters).is_some() {
        standard(letters, &mut |word| out(word, Kind::Word));
        return out(after_letters, Kind::Number);
    }
    out(word, Kind::Code);
}

fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
}

/// *barang2*, *barang2nya*, *jalan2an*.
fn reduplicated(letters: &str, rest: &str, out: &mut dyn FnMut(&str, Kind)) -> bool {
    let Some(ending) =
        rest.strip_prefix('2').filter(|ending| matches!(*ending, "" | "nya" | "ny" | "an" | "in" | "ku" | "mu"))
    else {
        return false;
    };
    if letters.len() < 3 && (everyday(letters).is_none() || letters == "k") {
        return false;
    }
    standard(letters, &mut |word| out(word, Kind::Word));
    let mut again = String::new();
    standard(letters, &mut |word| {
        if !again.is_empty() {
            again.push(' ');
        }
        again.push_str(word);
    });
    again.push_str(if ending == "ny" { "nya" } else { ending });
    out(&again, Kind::Word);
    true
}

/// Reads digits and signs as the letters that they resemble, if that makes a known word.
fn read_as_letters(word: &str, buffer: &mut String) -> bool {
    let signs = word.chars().filter(|c| !c.is_alphabetic()).count();
    let letters = word.chars().count() - signs;
    if letters < 2 || signs > letters {
        return false;
    }
    buffer.clear();
    for c in word.chars() {
        buffer.push(match c {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '6' | '9' => 'g',
            '7' => 't',
            '8' => 'b',
            c if c.is_alphabetic() => c,
            _ => return false,
        });
    }
    // A short word between digits is more often a size, a unit or a code: `5in`, `1kg`.
    buffer.len() >= 3
        && resolved(buffer).is_some()
        && !(word.starts_with(|c: char| c.is_ascii_digit()) && is_unit(&word[1..]))
}

fn is_unit(text: &str) -> bool {
    matches!(
        text,
        "k" | "x"
            | "g"
            | "gr"
            | "l"
            | "m"
            | "cm"
            | "mm"
            | "ml"
            | "pc"
            | "pcs"
            | "lt"
            | "gb"
            | "tb"
            | "mb"
            | "xl"
            | "in"
    ) || (text.len() >= 2 && resolved(text).is_some())
}

#[cfg(test)]
mod tests {
    use crate::{Kind, normalise};

    #[test]
    fn everyday_spellings_become_standard_words() {
        for (typed, expected) in [
            ("gmn cara pesen nya kak", "bagaimana cara pesan nya kak"),
            ("brg yg kmrn blm nyampe2", "barang yang kemarin belum sampai sampai"),
            ("dmn resinya min", "di mana resi min"),
            ("TOLOOONG dooong kaaak", "tolong dong kak"),
            ("bangeettt", "banget"),
            ("b3rhenti l4ngganan", "berhenti langganan"),
            ("@dmin t0long", "admin tolong"),
            ("barang2nya rusak", "barang barangnya rusak"),
            ("barang-barang", "barang barang"),
            ("ongkir 50rb? mahal amat", "ongkir 50 ribu mahal amat"),
            ("udah 3minggu gakdateng", "sudah 3 minggu tidak datang"),
            ("brgny ga dibls2", "barangnya tidak dibalas dibalas"),
            ("I don't want it", "i do not want it"),
            ("maaf ya", "maaf ya"),
            ("tf ke BCA brp?", "transfer ke bca berapa"),
            ("jam2 buka?", "jam 2 buka"),
        ] {
            assert_eq!(normalise(typed).as_str(), expected, "{typed}");
        }
    }

    #[test]
    fn numbers_codes_and_emoji_are_told_from_words() {
        let text = normalise("resi JP1234567890 total 1.500.000 😡 https://a.example/x?y=1 INV-2024-01");
        let kinds: Vec<_> = text.tokens().map(|token| (token.word, token.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("resi", Kind::Word),
                ("jp1234567890", Kind::Code),
                ("total", Kind::Word),
                ("1.500.000", Kind::Number),
                ("😡", Kind::Emoji),
                ("https://a.example/x?y=1", Kind::Code),
                ("inv-2024-01", Kind::Code),
            ]
        );
    }

    #[test]
    fn clauses_are_counted() {
        let text = normalise("halo kak, stok ada?\nmakasih");
        let clauses: Vec<_> = text.tokens().map(|token| token.clause).collect();
        assert_eq!(clauses, [0, 0, 1, 1, 2, 2]);
        assert!(text.asks());
    }

    #[test]
    fn any_bytes_are_survived() {
        for text in ["", " ", "\u{0}", "''''", "@", "$$$", "2", "k2", "🇮🇩👨‍👩‍👧", "ﷺ", "a\u{301}\u{301}", "--1--2..3,,"]
        {
            let _ = normalise(text).as_str();
        }
        assert!(normalise(&"ä".repeat(20_000)).as_str().len() <= 20_000);
    }
}
