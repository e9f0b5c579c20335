//! One spelling for letters that look alike: lower case, no accents, no fancy alphabets.

/// What a character is once it is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Folded {
    /// A plain character.
    One(char),
    /// A character that stands for two letters, such as `æ`.
    Two(char, char),
    /// Nothing that a reader sees: a combining mark, a joiner.
    Nothing,
}

/// Folds a character as Unicode's compatibility forms do (NFKC, without accents), and beyond them for
/// what people dress words up with: small capitals, letters in circles and boxes, Cyrillic and Greek
/// letters that look Latin.
pub(crate) fn fold(c: char) -> Folded {
    if c.is_ascii() {
        return Folded::One(c.to_ascii_lowercase());
    }
    match u32::from(c) {
        0xAD
        | 0x300..=0x36F
        | 0x180E
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x2064
        | 0x20D0..=0x20F0
        | 0xFE00..=0xFE0F
        | 0xFEFF
        | 0xE0100..=0xE01EF => Folded::Nothing,
        0xA0 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => Folded::One(' '),
        0x2010..=0x2015 | 0x2212 => Folded::One('-'),
        0xB4 | 0x2BC | 0x2018 | 0x2019 | 0x201B => Folded::One('\''),
        0x201C..=0x201F => Folded::One('"'),
        0x2028 | 0x2029 | 0x85 => Folded::One('\n'),
        code @ 0xFF01..=0xFF5E => fold(offset('!', code - 0xFF01)),
        code @ 0x24B6..=0x24CF => Folded::One(offset('a', code - 0x24B6)),
        code @ 0x24D0..=0x24E9 => Folded::One(offset('a', code - 0x24D0)),
        code @ 0x2460..=0x2468 => Folded::One(offset('1', code - 0x2460)),
        code @ (0x1F130..=0x1F149 | 0x1F150..=0x1F169 | 0x1F170..=0x1F189) => {
            Folded::One(offset('a', (code - 0x1F130) % 32))
        }
        code @ 0x1D400..=0x1D6A3 => Folded::One(offset('a', (code - 0x1D400) % 26)),
        code @ 0x1D7CE..=0x1D7FF => Folded::One(offset('0', (code - 0x1D7CE) % 10)),
        _ => fold_letter(c),
    }
}

/// The character `steps` after `first`; all callers stay within ASCII.
fn offset(first: char, steps: u32) -> char {
    char::from_u32(u32::from(first) + steps).unwrap_or(first)
}

fn fold_letter(c: char) -> Folded {
    let lower = c.to_lowercase().next().unwrap_or(c);
    let plain = match lower {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' | 'ᴀ' | 'а' | 'α' | 'ª' | 'ᵃ' => 'a',
        'ʙ' | 'ᵇ' | 'ℬ' => 'b',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' | 'ᴄ' | 'с' | 'ᶜ' | 'ℂ' | 'ℭ' => 'c',
        'ď' | 'đ' | 'ᴅ' | 'ԁ' | 'ᵈ' | 'ⅆ' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ' | 'ẻ' | 'ẽ' | 'ᴇ' | 'е' | 'ё' | 'ᵉ' | 'ℯ' | 'ℰ' => {
            'e'
        }
        'ꜰ' | 'ᶠ' | 'ℱ' => 'f',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'ɢ' | 'ᵍ' | 'ℊ' => 'g',
        'ĥ' | 'ħ' | 'ʜ' | 'һ' | 'ʰ' | 'ℎ' | 'ℋ' | 'ℌ' | 'ℍ' => 'h',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ị' | 'ɪ' | 'і' | 'ι' | 'ⁱ' | 'ℐ' | 'ℑ' => 'i',
        'ĵ' | 'ᴊ' | 'ј' | 'ʲ' => 'j',
        'ķ' | 'ĸ' | 'ᴋ' | 'к' | 'κ' | 'ᵏ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' | 'ʟ' | 'ˡ' | 'ℓ' | 'ℒ' => 'l',
        'ᴍ' | 'м' | 'ᵐ' | 'ℳ' => 'm',
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ɴ' | 'ⁿ' | 'ℕ' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ọ' | 'ỏ' | 'ᴏ' | 'о' | 'ο' | 'º' | 'ᵒ' | 'ℴ' => 'o',
        'ᴘ' | 'р' | 'ρ' | 'ᵖ' | 'ℙ' => 'p',
        'ǫ' | 'ℚ' => 'q',
        'ŕ' | 'ŗ' | 'ř' | 'ʀ' | 'ʳ' | 'ℛ' | 'ℜ' | 'ℝ' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' | 'ꜱ' | 'ѕ' | 'ˢ' => 's',
        'ţ' | 'ť' | 'ŧ' | 'ț' | 'ᴛ' | 'т' | 'τ' | 'ᵗ' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ụ' | 'ủ' | 'ᴜ' | 'υ' | 'ᵘ' => 'u',
        'ᴠ' | 'ν' | 'ᵛ' => 'v',
        'ŵ' | 'ᴡ' | 'ʷ' => 'w',
        'х' | 'χ' | 'ˣ' => 'x',
        'ý' | 'ÿ' | 'ŷ' | 'ʏ' | 'у' | 'ʸ' => 'y',
        'ź' | 'ż' | 'ž' | 'ᴢ' | 'ᶻ' | 'ℤ' | 'ℨ' => 'z',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        'æ' => return Folded::Two('a', 'e'),
        'œ' => return Folded::Two('o', 'e'),
        'ß' => return Folded::Two('s', 's'),
        other => other,
    };
    Folded::One(plain)
}

/// Whether a character is a picture rather than a letter or a mark.
pub(crate) fn is_emoji(c: char) -> bool {
    matches!(u32::from(c),
        0x203C | 0x2049 | 0x2139 | 0x231A..=0x231B | 0x23E9..=0x23FA | 0x2600..=0x27BF | 0x2B1B..=0x2B1C | 0x2B50 | 0x2B55
        | 0x1F1E6..=0x1F1FF | 0x1F300..=0x1FAFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            match fold(c) {
                Folded::One(a) => out.push(a),
                Folded::Two(a, b) => out.extend([a, b]),
                Folded::Nothing => {}
            }
        }
        out
    }

    #[test]
    fn every_dress_of_a_word_is_the_same_word() {
        for dressed in
            ["STOP", "ＳＴＯＰ", "𝓢𝓽𝓸𝓹", "𝕤𝕥𝕠𝕡", "𝚂𝚃𝙾𝙿", "ⓢⓣⓞⓟ", "🅂🅃🄾🄿", "🆂🆃🅾🅿", "ꜱᴛᴏᴘ", "s\u{200b}t\u{301}óp", "ѕтор"]
        {
            assert_eq!(folded(dressed), "stop", "{dressed}");
        }
    }

    #[test]
    fn digits_and_double_letters_are_plain() {
        assert_eq!(folded("𝟏𝟐③ Æß“x”"), "123 aess\"x\"");
    }
}
