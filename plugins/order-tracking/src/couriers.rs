//! Waybill numbers, told apart by their shape. Couriers publish no grammar; these are the shapes that their
//! labels carry, and a number of another shape is looked up all the same when it stands in the orders.

/// A waybill number in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waybill {
    /// Letters and digits, in capitals.
    pub number: String,
    /// Whose it looks like.
    pub courier: &'static str,
}

/// No waybill number has fewer letters and digits.
const SHORTEST: usize = 11;

/// The waybill numbers in a text, in their order and each once.
pub(crate) fn find(text: &str) -> Vec<Waybill> {
    let mut found: Vec<Waybill> = Vec::new();
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
        if word.len() < SHORTEST {
            continue;
        }
        let number: String = word.chars().filter(|c| *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        let Some(courier) = courier(&number) else { continue };
        if !found.iter().any(|known| known.number == number) {
            found.push(Waybill { number, courier });
        }
    }
    found
}

fn courier(number: &str) -> Option<&'static str> {
    let letters = number.bytes().take_while(u8::is_ascii_uppercase).count();
    let (prefix, rest) = number.split_at(letters);
    let digits = rest.len();
    let plain = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    match prefix {
        "JP" | "JX" | "JO" | "JZ" | "JD" | "JB" | "JT" if plain && (10..=12).contains(&digits) => Some("J&T"),
        "JNE" | "CGK" | "BDO" | "SUB" | "TJR" | "CM" | "BT" if plain && (9..=16).contains(&digits) => Some("JNE"),
        "NLIDAP" | "NVID" | "NV" | "NVIDJ" | "SHP" if (9..=16).contains(&digits) => Some("Ninja Xpress"),
        "IDE" | "ID" | "IDS" if plain && (10..=14).contains(&digits) => Some("ID Express"),
        "P" if plain && (10..=13).contains(&digits) => Some("Pos Indonesia"),
        "TSA" | "AA" if plain && (9..=14).contains(&digits) => Some("AnterAja"),
        "" if plain && digits == 12 && number.starts_with("00") => Some("SiCepat"),
        "" if plain && digits == 14 && number.starts_with("10") => Some("AnterAja"),
        "" if plain && (15..=16).contains(&digits) => Some("JNE"),
        // The Universal Postal Union's S10: two letters, nine digits, the country.
        _ if letters == 2 && number.len() == 13 && number.ends_with("ID") => {
            number[2..11].bytes().all(|byte| byte.is_ascii_digit()).then_some("Pos Indonesia")
        }
        _ if number.starts_with("NLID") && number.len() >= 12 => Some("Ninja Xpress"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_couriers_numbers_are_recognised() {
        for (text, courier) in [
            ("resi JP1234567890 kak", "J&T"),
            ("jx3456789012", "J&T"),
            ("002345678901", "SiCepat"),
            ("resi 10008765432109 udah sampe mana", "AnterAja"),
            ("0412345678901234", "JNE"),
            ("cgk1234567890", "JNE"),
            ("P2211220001234", "Pos Indonesia"),
            ("EE123456789ID", "Pos Indonesia"),
            ("NLIDAP1234567890", "Ninja Xpress"),
            ("IDE702012345678", "ID Express"),
        ] {
            let couriers: Vec<_> = find(text).iter().map(|waybill| waybill.courier).collect();
            assert_eq!(couriers, [courier], "{text}");
        }
    }

    #[test]
    fn phones_prices_and_order_numbers_are_no_waybills() {
        for text in ["081234567890", "628123456789", "TC-10234", "1500000", "Rp185.000", "2026-11-22", "halo"] {
            assert!(find(text).is_empty(), "{text}");
        }
    }
}
