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

    /// An example, for asking.
    pub(crate) fn example(&self) -> String {
        let digits = "1023456789".chars().cycle();
        let mut digits = digits;
        self.written.iter().map(|c| if *c == '#' { digits.next().unwrap_or('0') } else { *c }).collect()
    }

    /// The first order number in a text, as the pattern writes it. `bare_digits` takes the digits without
    /// their letters, too.
    pub(crate) fn find(&self, text: &str, bare_digits: BareDigits) -> Option<String> {
        let text: Vec<char> = text.to_uppercase().chars().collect();
        let starts = |at: usize| at == 0 || !text[at - 1].is_alphanumeric();
        let whole = (0..text.len()).filter(|at| starts(*at)).find_map(|at| read(&text[at..], &self.bare));
        if let Some(found) = whole {
            return Some(self.write(&found));
        }
        let digits: Vec<char> = self.bare.iter().copied().skip_while(|c| *c != '#').collect();
        if bare_digits == BareDigits::Refused || digits.len() == self.bare.len() || digits.iter().any(|c| *c != '#') {
            return None;
        }
        let found = (0..text.len()).filter(|at| starts(*at)).find_map(|at| read(&text[at..], &digits))?;
        let letters = self.bare.len() - digits.len();
        let all: Vec<char> = self.bare[..letters].iter().copied().chain(found).collect();
        Some(self.write(&all))
    }

    fn write(&self, found: &[char]) -> String {
        let mut found = found.iter();
        let next = |c: &char| if c.is_alphanumeric() || *c == '#' { found.next().copied().unwrap_or(*c) } else { *c };
        self.written.iter().map(next).collect()
    }
}

/// Whether digits alone may be an order number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BareDigits {
    Taken,
    Refused,
}

/// Reads a number at the beginning of a text. Between its parts one or two separators may stand.
fn read(text: &[char], pattern: &[char]) -> Option<Vec<char>> {
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
    ends.then_some(found)
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
                assert_eq!(found, None, "three separators are too many");
            } else {
                assert_eq!(found.as_deref(), Some("TC-10234"), "{text}");
            }
        }
    }

    #[test]
    fn digits_alone_count_only_where_a_number_is_awaited() {
        assert_eq!(pattern().find("10234 kak", BareDigits::Taken).as_deref(), Some("TC-10234"));
        assert_eq!(pattern().find("10234 kak", BareDigits::Refused), None);
        assert_eq!(pattern().find("102345", BareDigits::Taken), None);
        assert_eq!(pattern().find("rp10234", BareDigits::Taken), None);
        assert_eq!(pattern().find("xtc10234", BareDigits::Taken), None);
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
