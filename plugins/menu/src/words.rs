//! What customers type to a menu: greetings, thanks, numbers, and names with typos.

mod lists;

use santun_language::{Words, asks_what_you_do, closes, normalise, words};

use lists::{
    AFTERNOON, BACK, CANCEL, CANCEL_KEYS, CLOSING_FILLERS, EVENING, FILLERS, FINE, MENU, MENU_KEYS, MIDDAY, MORNING,
    MUSING, NOT, PLAIN, PRAISE, SALAM, THANKS, VOCATIVES,
};

/// What a text says, as far as a menu understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Nothing but a greeting.
    Greeting(Hello),
    /// Thanks.
    Thanks,
    /// A nod: "oke", "sip", a thumb.
    Fine,
    /// Small talk that asks nothing: laughter, "hmm", "oh gitu".
    Chat,
    /// What the bot can do is asked for.
    Abilities,
    /// The menu is wanted.
    Menu,
    /// One level up.
    Back,
    /// Whatever is under way should end.
    Cancel,
    /// A number alone.
    Number(u32),
    /// Anything else.
    Else,
}

/// How somebody said hello.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hello {
    Plain,
    Salam,
    Morning,
    Midday,
    Afternoon,
    Evening,
}

fn all_in(words: &[String], lists: &[Words]) -> bool {
    words.iter().all(|word| lists.iter().any(|list| list.has(word)))
}

fn any(words: &[String], list: Words) -> bool {
    words.iter().any(|word| list.has(word))
}

/// What a text says, given its words too.
pub(crate) fn understand(text: &str, words: &[String]) -> Said {
    if words.is_empty() {
        return if nods(text) { Said::Fine } else { Said::Else };
    }
    if let [only] = words
        && only.len() <= 2
        && let Ok(number) = only.parse()
    {
        return Said::Number(number);
    }
    if words.len() > 10 {
        return Said::Else;
    }
    if any(words, MENU_KEYS) && all_in(words, &[MENU, VOCATIVES, FILLERS, CLOSING_FILLERS]) {
        return Said::Menu;
    }
    if any(words, BACK) && all_in(words, &[BACK, MENU, VOCATIVES, CLOSING_FILLERS, words!("ke")]) {
        return Said::Back;
    }
    let not_so =
        words.windows(2).any(|pair| NOT.has(&pair[0]) && words!("jadi jd").has(&pair[1]) || pair == ["never", "mind"]);
    if (any(words, CANCEL_KEYS) || not_so) && all_in(words, &[CANCEL, VOCATIVES, CLOSING_FILLERS]) {
        return Said::Cancel;
    }
    if asks_what_you_do(words) {
        return Said::Abilities;
    }
    let greeted = without_introduction(words);
    if let Some(hello) = hello(greeted)
        && all_in(
            greeted,
            &[PLAIN, SALAM, MORNING, MIDDAY, AFTERNOON, EVENING, VOCATIVES, FILLERS, words!("mualaikum laikum")],
        )
    {
        return Said::Greeting(hello);
    }
    let closing = [THANKS, FINE, VOCATIVES, CLOSING_FILLERS, PRAISE];
    if (any(words, THANKS) || any(words, PRAISE)) && all_in(words, &closing) && !text.contains('?') {
        return Said::Thanks;
    }
    if any(words, FINE) && all_in(words, &closing) {
        return Said::Fine;
    }
    let muses = |word: &String| MUSING.has(word) || laughs(word);
    if words.iter().any(muses)
        && words.iter().all(|word| muses(word) || closing.iter().any(|list| list.has(word)))
        && !text.contains('?')
    {
        return Said::Chat;
    }
    if all_in(words, &[VOCATIVES, FILLERS]) && (any(words, VOCATIVES) || any(words, words!("tanya nanya ask"))) {
        return Said::Greeting(Hello::Plain);
    }
    if closes(&normalise(text)) { Said::Fine } else { Said::Else }
}

/// "wkwkwk", "hahaha", "hehe", "xixi".
fn laughs(word: &str) -> bool {
    let of = |letters: &str| word.chars().all(|c| letters.contains(c)) && letters.chars().all(|c| word.contains(c));
    word.len() >= 3 && ["wk", "ha", "he", "hi", "xi", "awok"].iter().any(|letters| of(letters)) || word == "wk"
}

/// A greeting without the name that may follow it: "saya ibu Tuti dari Solo", "nama saya Andi".
fn without_introduction(words: &[String]) -> &[String] {
    const SELF: Words = words!("saya aku ini");
    const TITLES: Words = words!("ibu bu bapak pak mama bunda");
    const WISHES: Words = words!(
        "\
        mau mo ingin tanya nanya pesan pesen beli order cek minta kirim bisa ada apa berapa brp kapan belum sudah udah"
    );
    let begins = |at: usize| {
        let rest = &words[at..];
        let [first, second, ..] = rest else { return false };
        let titled = SELF.has(first) && TITLES.has(second);
        let named = words!("nama perkenalkan kenalkan").has(first);
        (titled || named) && rest.len() <= 7 && !any(rest, WISHES)
    };
    match (1..words.len()).find(|at| begins(*at)) {
        Some(at) => &words[..at],
        None => words,
    }
}

fn hello(words: &[String]) -> Option<Hello> {
    let kinds = [
        (SALAM, Hello::Salam),
        (MORNING, Hello::Morning),
        (MIDDAY, Hello::Midday),
        (AFTERNOON, Hello::Afternoon),
        (EVENING, Hello::Evening),
        (PLAIN, Hello::Plain),
    ];
    kinds.into_iter().find(|(list, _)| any(words, *list)).map(|(_, hello)| hello)
}

/// Whether a text without words is a friendly nod: thumbs, folded hands, smiles, hearts.
fn nods(text: &str) -> bool {
    const NODS: &[char] = &[
        '👍', '🙏', '👌', '😊', '😁', '😄', '😃', '😀', '🙂', '☺', '❤', '🥰', '😍', '🤗', '✅', '✔', '💯', '🤝', '🫶',
        '💕', '💖', '😉', '🎉', '👏', '🤙', '🔥', '🙌', '😇', '😘', '💪',
    ];
    // Skin tones, variation selectors and joiners say nothing by themselves.
    let mute =
        |c: &char| c.is_whitespace() || ('\u{1F3FB}'..='\u{1F3FF}').contains(c) || ['\u{FE0F}', '\u{200D}'].contains(c);
    let mut said = text.chars().filter(|c| !mute(c) && !c.is_ascii_punctuation()).peekable();
    said.peek().is_some() && said.all(|c| NODS.contains(&c))
}

/// Whether a typed word means a word of a title, one or two slips allowed in a long one.
pub(crate) fn alike(typed: &str, meant: &str) -> bool {
    if typed == meant {
        return true;
    }
    let slips = match meant.chars().count() {
        0..=3 => return false,
        4..=6 => 1,
        _ => 2,
    };
    // A different first letter is rarely a slip and often another word.
    typed.chars().next() == meant.chars().next() && strsim::osa_distance(typed, meant) <= slips
}

#[cfg(test)]
mod tests;
