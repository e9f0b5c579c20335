//! Amounts, orders and spans of time that a customer names, for the agent's eye.

/// What a text names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Sums of money, as written: `250rb`, `Rp 1.250.000`.
    pub amounts: Vec<String>,
    /// What looks like an order or a waybill: `TC-1042`, `#88213`.
    pub orders: Vec<String>,
    /// Spans: `3 minggu`, `2 hari`.
    pub spans: Vec<String>,
    /// The largest number of pieces that is named: `200 pcs`.
    pub pieces: u32,
    /// The largest plain number before a word: `200` of "200 snack box". No price, span, size or order.
    pub most: u32,
    /// How many times something was done: `4x`, `3 kali`.
    pub times: u32,
    /// A price is named by the customer: "pas 500 ya".
    pub offered: bool,
}

const MONEY: [&str; 8] = ["rb", "ribu", "k", "jt", "juta", "rupiah", "perak", "m"];
const SPANS: [&str; 15] = [
    "hari", "hr", "minggu", "mgg", "bulan", "bln", "jam", "menit", "tahun", "days", "day", "weeks", "week", "hours",
    "months",
];
const PIECES: [&str; 16] = [
    "pcs", "pc", "biji", "buah", "lusin", "kodi", "pieces", "unit", "box", "karton", "set", "pack", "dus", "potong",
    "item", "orang",
];

/// What stands before a price that a customer names.
const OFFERS: [&str; 5] = ["pas", "net", "nett", "deal", "segini"];
const NO_OFFER: [&str; 8] = ["hari", "jam", "orang", "bulan", "tahun", "minggu", "menit", "siang"];
/// What is measured and not bought.
const MEASURES: [&str; 24] = [
    "cm", "mm", "m", "meter", "kg", "gram", "gr", "g", "ml", "l", "liter", "gb", "watt", "persen", "km", "inch",
    "inci", "thn", "th", "kali", "x", "ya", "kak", "bulan",
];
/// What a number may be the name of.
const NAMED: [&str; 20] = [
    "no", "nomor", "nomer", "order", "pesanan", "orderan", "invoice", "inv", "resi", "jl", "jalan", "jam", "tanggal",
    "tgl", "rt", "rw", "blok", "size", "ukuran", "iphone",
];

/// Whether a word may be something that is counted.
fn counts(next: &str) -> bool {
    !MEASURES.contains(&next) && !SPANS.contains(&next) && next.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn names_something(before: &str) -> bool {
    let before = before.to_ascii_lowercase();
    NAMED.contains(&&*before) || before.bytes().any(|byte| byte.is_ascii_digit())
}

impl Figures {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        let mut figures = Self::default();
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return figures;
        }
        let words: Vec<&str> = text.split_whitespace().map(trimmed).collect();
        for (at, word) in words.iter().enumerate() {
            if !word.bytes().any(|byte| byte.is_ascii_digit()) {
                continue;
            }
            let next = words.get(at + 1).map(|next| next.to_ascii_lowercase()).unwrap_or_default();
            figures.word(word, &next, at.checked_sub(1).and_then(|before| words.get(before)).copied());
        }
        figures
    }

    fn word(&mut self, word: &str, next: &str, before: Option<&str>) {
        let lower = word.to_ascii_lowercase();
        if lower.strip_prefix("h+").is_some_and(|days| days.bytes().all(|byte| byte.is_ascii_digit())) {
            return push(&mut self.spans, word.to_owned());
        }
        let digits = lower.bytes().take_while(|byte| byte.is_ascii_digit() || b".,".contains(byte)).count();
        let (number, unit) = lower.split_at(digits);
        let whole = if unit.is_empty() { next } else { unit };
        let shown = if unit.is_empty() { format!("{word} {next}") } else { word.to_owned() };
        let after_rp = before.is_some_and(|before| before.eq_ignore_ascii_case("rp"));
        if lower.starts_with("rp") || after_rp || (digits > 0 && MONEY.contains(&whole)) {
            push(
                &mut self.amounts,
                if after_rp {
                    format!("Rp{word}")
                } else if lower.starts_with("rp") {
                    word.to_owned()
                } else {
                    shown
                },
            );
        } else if digits > 0 && ["x", "kali", "times"].contains(&whole) {
            self.times = self.times.max(number.parse().unwrap_or(0));
        } else if digits > 0 && SPANS.contains(&whole) {
            push(&mut self.spans, shown);
        } else if digits > 0 && PIECES.contains(&whole) {
            let per = match whole {
                "lusin" => 12,
                "kodi" => 20,
                _ => 1,
            };
            let count: u32 = number.replace(['.', ','], "").parse().unwrap_or(0);
            self.pieces = self.pieces.max(count.saturating_mul(per));
        } else if digits > 0 && unit.is_empty() && number.len() >= 7 && number.contains(['.', ',']) {
            push(&mut self.amounts, word.to_owned());
        } else if digits > 0
            && unit.is_empty()
            && before.is_some_and(|before| OFFERS.contains(&&*before.to_ascii_lowercase()))
        {
            self.offered = !NO_OFFER.contains(&next);
        } else if is_order(word) {
            push(&mut self.orders, word.trim_start_matches('#').to_owned());
        } else if digits > 0
            && unit.is_empty()
            && !next.is_empty()
            && counts(next)
            && !before.is_some_and(names_something)
        {
            self.most = self.most.max(number.replace(['.', ','], "").parse().unwrap_or(0));
        }
    }
}

/// An order's name has digits, and letters or a hash before them, or is a long number.
fn is_order(word: &str) -> bool {
    let bare = word.trim_start_matches('#');
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    let fits = bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-/".contains(&byte)) && bare.len() <= 32;
    let led = word.starts_with('#') || bare.as_bytes().first().is_some_and(u8::is_ascii_uppercase);
    fits && ((led && digits >= 3) || (digits >= 5 && digits == bare.len() && !bare.starts_with("08")))
}

fn push(list: &mut Vec<String>, what: String) {
    if list.len() < 3 && !list.contains(&what) {
        list.push(what);
    }
}

fn trimmed(word: &str) -> &str {
    word.trim_matches(|ch: char| !ch.is_alphanumeric() && ch != '#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_orders_spans_and_pieces_are_found() {
        let figures = Figures::of("pesanan TC-1042 sudah 3 minggu, saya bayar 250rb dan Rp 1.250.000, mau 20 lusin");
        assert_eq!(figures.orders, ["TC-1042"]);
        assert_eq!(figures.spans, ["3 minggu"]);
        assert_eq!(figures.amounts, ["250rb", "Rp1.250.000"]);
        assert_eq!(figures.pieces, 240);
        assert_eq!(Figures::of("no #88213").orders, ["88213"]);
        assert_eq!(Figures::of("hp saya 081234567890"), Figures::default());
    }
}
