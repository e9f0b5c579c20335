//! Order numbers as customers write them.

use santun_plugin::Error;

/// What an order number looks like: letters stand for themselves, `#` for a digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    written: Vec<char>,
    /// Only letters, digits and `#`.
    bare: Vec<char>,
}

impl Pattern {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let written: Vec<char> = text.trim().to_uppercase().chars().collect();
        let bare: Vec<char> = written.iter().copied().filter(|c| c.is_alphanumeric() || *c == '#').collect();
        if bare.iter().filter(|c| **c == '#').count() < 3 {
            return Err("`pattern` needs at least three `#`, each for a digit, such as `TC-#####`".into());
        }
        if text.len() > 40 {
            return Err("`pattern` is longer than 40 characters".into());
        }
        Ok(Self { written, bare })
    }

    /// As the operator wrote it.
    pub(crate) fn written(&self) -> String {
        self.written.iter().collect()
    }

    /// An example, for asking.
    pub(crate) fn example(&self) -> String {
        let digits = "1023456789".chars().cycle();
        let mut digits = digits;
        self.written.iter().map(|c| if *c == '#' { digits.next().unwrap_or('0') } else { *c }).collect()
    }

    /// The order numbers in a text, in their order and each once, as the pattern writes them. `bare_digits` takes the
    /// digits without their letters, too; joined to another number they always count: "TC-10234 sama 10235".
    pub(crate) fn find(&self, text: &str, bare_digits: BareDigits) -> Vec<String> {
        // Every pattern has digits.
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return Vec::new();
        }
        let text: Vec<char> = text.to_uppercase().chars().collect();
        let mut all = self.candidates(&text);
        let mut taken: Vec<bool> = all.iter().map(|one| one.whole).collect();
        if bare_digits == BareDigits::Taken && !taken.contains(&true) && !taken.is_empty() {
            taken[0] = true;
        }
        for n in 1..all.len() {
            taken[n] |= taken[n - 1] && joins(&text[all[n - 1].end..all[n].start]);
        }
        for n in (1..all.len()).rev() {
            taken[n - 1] |= taken[n] && joins(&text[all[n - 1].end..all[n].start]);
        }
        let mut taken = taken.into_iter();
        all.retain(|_| taken.next().unwrap_or(false));
        let mut found: Vec<String> = Vec::with_capacity(all.len());
        for one in all {
            if !found.contains(&one.number) {
                found.push(one.number);
            }
        }
        found
    }

    /// Whether a customer who writes this number can be understood.
    pub(crate) fn matches(&self, number: &str) -> bool {
        self.find(number, BareDigits::Refused).iter().any(|found| key(found) == key(number))
    }

    /// Everything that may be an order number, from left to right.
    fn candidates(&self, text: &[char]) -> Vec<Candidate> {
        let digits: Vec<char> = self.bare.iter().copied().skip_while(|c| *c != '#').collect();
        let letters = &self.bare[..self.bare.len() - digits.len()];
        let bare_too = !letters.is_empty() && digits.iter().all(|c| *c == '#');
        let (mut all, mut at) = (Vec::new(), 0);
        while at < text.len() {
            if at > 0 && text[at - 1].is_alphanumeric() {
                at += 1;
                continue;
            }
            let whole = read(&text[at..], &self.bare).map(|(found, length)| (found, length, true));
            let bare = || read(&text[at..], &digits).filter(|_| bare_too);
            let any = whole.or_else(|| bare().map(|(found, length)| ([letters, &found].concat(), length, false)));
            match any {
                Some((found, length, whole)) => {
                    all.push(Candidate { number: self.write(&found), start: at, end: at + length, whole });
                    at += length;
                }
                None => at += 1,
            }
        }
        all
    }

    fn write(&self, found: &[char]) -> String {
        let mut found = found.iter();
        let next = |c: &char| if c.is_alphanumeric() || *c == '#' { found.next().copied().unwrap_or(*c) } else { *c };
        self.written.iter().map(next).collect()
    }
}

/// What may be an order number.
struct Candidate {
    number: String,
    /// Where it stands in the text.
    start: usize,
    end: usize,
    /// Whether its letters were written, too.
    whole: bool,
}

/// Whether what stands between two numbers only joins them.
fn joins(between: &[char]) -> bool {
    let between: String = between.iter().collect();
    let mut words = between.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| {
        ["SAMA", "SM", "DAN", "DGN", "DENGAN", "JUGA", "PLUS", "AND", "ATAU", "NO", "NOMOR", "YANG", "YG"]
            .contains(&word)
    })
}

/// Whether digits alone may be an order number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BareDigits {
    Taken,
    Refused,
}

/// Reads a number at the beginning of a text: the number, and how far it reaches. Between its parts one or two
/// separators may stand.
fn read(text: &[char], pattern: &[char]) -> Option<(Vec<char>, usize)> {
    let mut found = Vec::with_capacity(pattern.len());
    let mut at = 0;
    for (n, wanted) in pattern.iter().enumerate() {
        let joint = n > 0 && (*wanted == '#') != (pattern[n - 1] == '#');
        let separators = text[at..].iter().take_while(|c| "-_ .:/#".contains(**c)).count();
        if joint && separators <= 2 {
            at += separators;
        }
        let c = *text.get(at)?;
        if if *wanted == '#' { !c.is_ascii_digit() } else { c != *wanted } {
            return None;
        }
        found.push(c);
        at += 1;
    }
    let ends = text.get(at).is_none_or(|c| !c.is_alphanumeric());
    ends.then_some((found, at))
}

/// A number as it is looked up: letters and digits only, in capitals.
pub(crate) fn key(number: &str) -> String {
    number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// A phone number as it is looked up: digits with the country's code, an Indonesian one if it has none.
pub(crate) fn phone_key(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let whole = match digits.strip_prefix('0') {
        Some(national) => format!("62{national}"),
        None if digits.starts_with('8') && !phone.trim_start().starts_with('+') => format!("62{digits}"),
        None => digits,
    };
    (8..=15).contains(&whole.len()).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern() -> Pattern {
        Pattern::parse("TC-#####").unwrap()
    }

    #[test]
    fn an_order_number_is_read_however_it_is_written() {
        for text in [
            "TC-10234",
            "tc10234",
            "pesanan tc 10234 kak",
            "no. TC#10234?",
            "tc-10234.",
            "(Tc_10234)",
            "nomor:tc - 10234",
        ] {
            let found = pattern().find(text, BareDigits::Refused);
            if text.contains(" - ") {
                assert!(found.is_empty(), "three separators are too many");
            } else {
                assert_eq!(found, ["TC-10234"], "{text}");
            }
        }
    }

    #[test]
    fn digits_alone_count_only_where_a_number_is_awaited() {
        assert_eq!(pattern().find("10234 kak", BareDigits::Taken), ["TC-10234"]);
        for text in ["102345", "rp10234", "xtc10234"] {
            assert!(pattern().find(text, BareDigits::Taken).is_empty(), "{text}");
        }
        assert!(pattern().find("10234 kak", BareDigits::Refused).is_empty());
    }

    #[test]
    fn all_numbers_of_a_text_are_read_and_amounts_are_not() {
        let both = ["TC-10234", "TC-10235"];
        for text in [
            "TC-10234 sama TC-10235 dong",
            "tc10234, 10235",
            "10234 sama tc-10235",
            "TC-10234 belum sampai, kalau yang TC-10235 gimana? TC-10234 lama bgt",
        ] {
            assert_eq!(pattern().find(text, BareDigits::Refused), both, "{text}");
        }
        assert_eq!(pattern().find("10234 dan 10235", BareDigits::Taken), both);
        assert_eq!(pattern().find("cek 10234 yang totalnya 15000", BareDigits::Taken), ["TC-10234"]);
        assert_eq!(pattern().find("TC-10234 totalnya 15000", BareDigits::Taken), ["TC-10234"]);
    }

    #[test]
    fn a_number_of_another_shape_is_none_of_the_patterns() {
        assert!(pattern().matches("TC-10234") && pattern().matches("tc10234"));
        for number in ["10234", "TC-1023", "TC-102345", "INV/10234", "TC-10234 "] {
            assert_eq!(pattern().matches(number), number.trim() == "TC-10234", "{number}");
        }
    }

    #[test]
    fn a_pattern_without_digits_is_refused() {
        assert!(Pattern::parse("TC").is_err());
        assert_eq!(pattern().example(), "TC-10234");
    }

    #[test]
    fn phones_meet_whichever_way_they_are_written() {
        for phone in ["+62 812-3456-789", "08123456789", "8123456789", "628123456789"] {
            assert_eq!(phone_key(phone).as_deref(), Some("628123456789"), "{phone}");
        }
        assert_eq!(phone_key("+81312345678").as_deref(), Some("81312345678"));
        assert_eq!(phone_key("-"), None);
    }
}
