//! Recognising card numbers and credentials.

/// Whether the text holds the full number of a payment card: 13 to 19 digits, in one piece or in groups,
/// with an issuer's prefix and a right check digit (Luhn). The prefix keeps waybill and account numbers,
/// of which one in ten has a right check digit by chance, out of it.
pub(super) fn has_card_number(text: &str) -> bool {
    let mut digits: Vec<u8> = Vec::new();
    let mut gap = 0;
    for char in text.chars().chain(std::iter::once('\u{0}')) {
        match char.to_digit(10) {
            Some(digit) => {
                gap = 0;
                digits.push(u8::try_from(digit).unwrap_or(0));
            }
            None if matches!(char, ' ' | '-' | '.' | '\u{a0}') && gap == 0 && !digits.is_empty() => gap = 1,
            None => {
                if holds_card(&digits) {
                    return true;
                }
                digits.clear();
                gap = 0;
            }
        }
    }
    false
}

/// Numbers that stand side by side run together, so that a card number may begin anywhere among them; but
/// a long number by itself is only read as a whole.
fn holds_card(digits: &[u8]) -> bool {
    (13..=19).contains(&digits.len()) && is_card(digits)
}

fn is_card(digits: &[u8]) -> bool {
    is_issued(digits) && luhn(digits)
}

/// Prefixes and lengths of Visa, Mastercard, American Express, Discover, JCB, Diners and UnionPay.
fn is_issued(digits: &[u8]) -> bool {
    let prefix =
        |length: usize| digits.iter().take(length).fold(0_u32, |prefix, digit| prefix * 10 + u32::from(*digit));
    match digits.len() {
        13 => prefix(1) == 4,
        14 => matches!(prefix(2), 36 | 38 | 39) || matches!(prefix(3), 300..=305),
        15 => matches!(prefix(2), 34 | 37),
        16 => {
            prefix(1) == 4
                || matches!(prefix(2), 51..=55 | 62 | 65 | 35)
                || matches!(prefix(4), 2221..=2720 | 6011)
                || matches!(prefix(3), 644..=649)
        }
        17..=19 => prefix(1) == 4 || prefix(2) == 62,
        _ => false,
    }
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the text holds a private key, a token or a key of a well-known form.
pub(super) fn has_credential(text: &str) -> bool {
    if text.contains("-----BEGIN") && text.contains("PRIVATE KEY") {
        return true;
    }
    text.split(|char: char| {
        char.is_whitespace() || matches!(char, '"' | '\'' | '`' | '=' | ',' | ';' | '<' | '>' | '(' | ')')
    })
    .any(is_credential)
}

fn is_credential(word: &str) -> bool {
    let body = |prefix: &str| {
        word.strip_prefix(prefix).map_or(0, |rest| {
            rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')).count()
        })
    };
    body("sk_live_") >= 16
        || body("sk-") >= 32
        || body("rk_live_") >= 16
        || body("AKIA") == 16
        || body("ghp_") >= 30
        || body("github_pat_") >= 30
        || body("xoxb-") >= 20
        || body("AIza") >= 30
        || body("EAA") >= 60
        || (body("eyJ") >= 40 && word.matches('.').count() == 2)
}

#[cfg(test)]
mod tests {
    use super::{has_card_number, has_credential};

    #[test]
    fn card_numbers_are_recognised() {
        for text in [
            "Kartu 4111111111111111 ya",
            "4111 1111 1111 1111",
            "5555-5555-5555-4444",
            "378282246310005",
            "6011 1111 1111 1117.",
        ] {
            assert!(has_card_number(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not() {
        for text in [
            "Resi 8829123456789012",
            "Kartu berakhiran 1111",
            "4111111111111112",
            "Telepon +62 812-3456-7890",
            "Transfer ke BCA 1234567890",
            "Pesanan 20261123000123",
            "Rp1.250.000.000",
        ] {
            assert!(!has_card_number(text), "{text}");
        }
    }

    #[test]
    fn credentials_are_recognised() {
        assert!(has_credential("-----BEGIN RSA PRIVATE KEY-----"));
        assert!(has_credential(&format!("token: EAA{}", "aB3".repeat(30))));
        assert!(has_credential("key=AKIAIOSFODNN7EXAMPLE"));
        assert!(has_credential("sk_live_51HxyzABCDEFGHijkl"));
    }

    #[test]
    fn order_numbers_and_links_are_no_credentials() {
        for text in ["INV-2026-000123", "https://toko.example/p?ref=EAA123", "Kode promo SK-HEMAT", "eyJ"] {
            assert!(!has_credential(text), "{text}");
        }
    }
}
