//! What customers type to a menu: greetings, thanks, numbers, and names with typos.

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

const PLAIN: &[&str] = &[
    "halo",
    "hallo",
    "hlo",
    "alo",
    "hello",
    "helo",
    "hi",
    "hai",
    "hay",
    "hei",
    "hey",
    "hy",
    "hola",
    "permisi",
    "misi",
    "punten",
    "p",
    "ping",
    "tes",
    "test",
    "tess",
    "shalom",
    "salam",
    "swastiastu",
    "namo",
    "budaya",
    "sugeng",
    "greetings",
    "yo",
];
const SALAM: &[&str] = &[
    "assalamualaikum",
    "asalamualaikum",
    "assalamuallaikum",
    "asalamualaikum",
    "assalamu",
    "alaikum",
    "askum",
    "samlekum",
    "samlikum",
    "asslmkm",
    "assalamualaykum",
    "assalamuailkum",
    "ass",
    "aslmkm",
    "alaykum",
    "wr",
    "wb",
    "warahmatullahi",
    "wabarakatuh",
    "mikum",
];
const MORNING: &[&str] = &["pagi", "morning", "enjing", "pg"];
const MIDDAY: &[&str] = &["siang", "noon"];
const AFTERNOON: &[&str] = &["sore", "afternoon", "sonten", "petang"];
const EVENING: &[&str] = &["malam", "malem", "evening", "mlm", "dalu", "night"];
const VOCATIVES: &[&str] = &[
    "kak", "kaka", "kakak", "ka", "min", "mimin", "admin", "gan", "agan", "sis", "sist", "bro", "om", "tante", "bu",
    "ibu", "pak", "bapak", "mas", "mbak", "mba", "bang", "bos", "boss", "kk", "ci", "koh", "teh", "cs", "there", "sir",
    "team", "tim", "semua", "all", "dear", "sayang", "say", "cantik", "bestie", "bund", "bunda",
];
const FILLERS: &[&str] = &[
    "selamat",
    "slamat",
    "met",
    "good",
    "mau",
    "mo",
    "tanya",
    "nanya",
    "nnya",
    "tnya",
    "bertanya",
    "dong",
    "donk",
    "ya",
    "yaa",
    "nih",
    "ni",
    "boleh",
    "bisa",
    "izin",
    "ijin",
    "numpang",
    "dulu",
    "sebentar",
    "sih",
    "lagi",
    "saya",
    "aku",
    "ada",
    "orang",
    "apa",
    "kabar",
    "i",
    "a",
    "have",
    "question",
    "the",
    "to",
    "can",
    "ask",
    "salam",
    "sejahtera",
];
const THANKS: &[&str] = &[
    "makasih",
    "makasi",
    "mksh",
    "mksih",
    "makasiih",
    "terimakasih",
    "trimakasih",
    "kasih",
    "terima",
    "trima",
    "trims",
    "thx",
    "thanks",
    "thank",
    "thankyou",
    "tq",
    "ty",
    "tengkyu",
    "nuhun",
    "suwun",
    "nuwun",
    "maturnuwun",
    "hatur",
    "matur",
    "tks",
    "trm",
    "ksh",
    "maaci",
    "maacih",
    "macih",
    "thnks",
    "tengs",
    "appreciate",
];
const FINE: &[&str] = &[
    "oke", "ok", "okey", "okay", "okee", "oki", "okok", "okedeh", "sip", "siip", "sipp", "siap", "baik", "baiklah",
    "mantap", "mantab", "mantul", "noted", "iya", "iy", "y", "yup", "yoi", "yes", "ya", "yaa", "betul", "jos", "joss",
    "great", "nice", "cool", "good", "fine", "perfect", "aman", "clear", "lah", "deh", "paham", "ngerti", "mengerti",
];
const CLOSING_FILLERS: &[&str] = &[
    "banyak",
    "bnyk",
    "banget",
    "bgt",
    "ya",
    "yaa",
    "yah",
    "deh",
    "dah",
    "sudah",
    "udah",
    "atas",
    "info",
    "infonya",
    "informasinya",
    "bantuannya",
    "bantuan",
    "you",
    "so",
    "much",
    "very",
    "lot",
    "for",
    "your",
    "help",
    "the",
    "a",
    "dulu",
    "kalau",
    "begitu",
    "kalo",
    "gitu",
    "sekali",
    "loh",
    "lho",
    "nya",
    "jawabannya",
    "responnya",
    "it",
];
/// Kind words about who answers; they ask for nothing.
const PRAISE: &[&str] = &["ramah", "ramahnya", "friendly", "helpful", "membantu", "sopan", "terbantu"];
/// What is said over an answer, rather than asked.
const MUSING: &[&str] = &[
    "hmm", "hm", "hem", "ehm", "oh", "ohh", "ooh", "oo", "o", "oalah", "owalah", "ah", "aha", "eh", "wah", "wih",
    "wow", "nah", "gitu", "gituu", "gt", "begitu", "asik", "asyik", "lucu", "kirain", "cie", "lol", "lmao", "ngakak",
    "see", "i", "haha", "canda", "bercanda",
];
const ABILITY: &[&str] = &[
    "kamu",
    "kmu",
    "km",
    "kau",
    "lu",
    "lo",
    "elu",
    "anda",
    "you",
    "u",
    "bot",
    "botnya",
    "ini",
    "bisa",
    "bs",
    "dapat",
    "bantu",
    "bantuin",
    "dibantu",
    "membantu",
    "ngebantu",
    "apa",
    "apaan",
    "aja",
    "saja",
    "aj",
    "sih",
    "ngapain",
    "fitur",
    "fiturnya",
    "fungsi",
    "fungsinya",
    "layanan",
    "layanannya",
    "what",
    "can",
    "could",
    "do",
    "does",
    "help",
    "me",
    "with",
    "for",
    "features",
    "things",
    "kak",
    "soal",
    "tentang",
    "sama",
    "are",
    "your",
    "about",
    "this",
    "itu",
];
const ABILITY_ASKS: &[&str] =
    &["apa", "apaan", "ngapain", "what", "fitur", "fiturnya", "fungsi", "fungsinya", "features"];
const ABILITY_KEYS: &[&str] = &[
    "bisa",
    "bs",
    "dapat",
    "bantu",
    "bantuin",
    "dibantu",
    "membantu",
    "ngebantu",
    "can",
    "could",
    "fitur",
    "fiturnya",
    "fungsi",
    "fungsinya",
    "features",
    "ngapain",
];
const MENU: &[&str] = &[
    "menu",
    "mnu",
    "menunya",
    "bantuan",
    "help",
    "opsi",
    "pilihan",
    "daftar",
    "start",
    "mulai",
    "options",
    "utama",
    "awal",
    "lihat",
    "liat",
    "tampilkan",
    "show",
    "main",
    "home",
];
const MENU_KEYS: &[&str] = &["menu", "mnu", "menunya", "help", "opsi", "bantuan", "options", "start"];
const BACK: &[&str] = &["kembali", "kmbali", "balik", "back", "kembli", "sebelumnya"];
const CANCEL: &[&str] = &[
    "batal",
    "cancel",
    "gajadi",
    "gakjadi",
    "gkjadi",
    "udahan",
    "nevermind",
    "nvm",
    "jadi",
    "jd",
    "ga",
    "gak",
    "gk",
    "ngga",
    "nggak",
    "ngg",
    "engga",
    "enggak",
    "tidak",
    "tdk",
    "never",
    "mind",
];
const CANCEL_KEYS: &[&str] = &["batal", "cancel", "gajadi", "gakjadi", "gkjadi", "udahan", "nevermind", "nvm"];
const NOT: &[&str] = &["ga", "gak", "gk", "ngga", "nggak", "ngg", "engga", "enggak", "tidak", "tdk"];

/// A text as words: lower case, without punctuation and emoji, letters repeated three times and more
/// written once.
pub(crate) fn words_of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for raw in text.split(|c: char| !c.is_alphanumeric()) {
        if raw.is_empty() {
            continue;
        }
        words.push(unstretched(&raw.to_lowercase()));
    }
    words
}

/// "haloooo" as "halo", "kakkk" as "kak"; two letters alike stay.
fn unstretched(word: &str) -> String {
    let mut short = String::with_capacity(word.len());
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        let mut run = 1;
        while rest.peek() == Some(&c) {
            rest.next();
            run += 1;
        }
        short.push(c);
        if run == 2 || (c.is_ascii_digit() && run > 2) {
            (1..run).for_each(|_| short.push(c));
        }
    }
    short
}

fn all_in(words: &[String], lists: &[&[&str]]) -> bool {
    words.iter().all(|word| lists.iter().any(|list| has(list, word)))
}

fn has(list: &[&str], word: &str) -> bool {
    list.contains(&word)
}

fn any(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| has(list, word))
}

/// What a text says.
pub(crate) fn understand(text: &str) -> Said {
    let words = words_of(text);
    if words.is_empty() {
        return if nods(text) { Said::Fine } else { Said::Else };
    }
    if let [only] = &words[..]
        && only.len() <= 2
        && let Ok(number) = only.parse()
    {
        return Said::Number(number);
    }
    if words.len() > 10 {
        return Said::Else;
    }
    if any(&words, MENU_KEYS) && all_in(&words, &[MENU, VOCATIVES, FILLERS, CLOSING_FILLERS]) {
        return Said::Menu;
    }
    if any(&words, BACK) && all_in(&words, &[BACK, MENU, VOCATIVES, CLOSING_FILLERS, &["ke"]]) {
        return Said::Back;
    }
    let not_so = words
        .windows(2)
        .any(|pair| NOT.contains(&&*pair[0]) && ["jadi", "jd"].contains(&&*pair[1]) || pair == ["never", "mind"]);
    if (any(&words, CANCEL_KEYS) || not_so) && all_in(&words, &[CANCEL, VOCATIVES, CLOSING_FILLERS]) {
        return Said::Cancel;
    }
    if any(&words, ABILITY_ASKS)
        && any(&words, ABILITY_KEYS)
        && all_in(&words, &[ABILITY, VOCATIVES, PLAIN, &["ya", "dong", "halo", "nih"]])
    {
        return Said::Abilities;
    }
    let greeted = without_introduction(&words);
    if let Some(hello) = hello(greeted)
        && all_in(
            greeted,
            &[PLAIN, SALAM, MORNING, MIDDAY, AFTERNOON, EVENING, VOCATIVES, FILLERS, &["mualaikum", "laikum"]],
        )
    {
        return Said::Greeting(hello);
    }
    let closing = [THANKS, FINE, VOCATIVES, CLOSING_FILLERS, PRAISE];
    if (any(&words, THANKS) || any(&words, PRAISE)) && all_in(&words, &closing) && !text.contains('?') {
        return Said::Thanks;
    }
    if any(&words, FINE) && all_in(&words, &closing) {
        return Said::Fine;
    }
    let muses = |word: &String| has(MUSING, word) || laughs(word);
    if words.iter().any(muses)
        && words.iter().all(|word| muses(word) || closing.iter().any(|list| has(list, word)))
        && !text.contains('?')
    {
        return Said::Chat;
    }
    if all_in(&words, &[VOCATIVES, FILLERS]) && (any(&words, VOCATIVES) || any(&words, &["tanya", "nanya", "ask"])) {
        return Said::Greeting(Hello::Plain);
    }
    Said::Else
}

/// "wkwkwk", "hahaha", "hehe", "xixi".
fn laughs(word: &str) -> bool {
    let of = |letters: &str| word.chars().all(|c| letters.contains(c)) && letters.chars().all(|c| word.contains(c));
    word.len() >= 3 && ["wk", "ha", "he", "hi", "xi", "awok"].iter().any(|letters| of(letters)) || word == "wk"
}

/// A greeting without the name that may follow it: "saya ibu Tuti dari Solo", "nama saya Andi".
fn without_introduction(words: &[String]) -> &[String] {
    const SELF: &[&str] = &["saya", "aku", "ini"];
    const TITLES: &[&str] = &["ibu", "bu", "bapak", "pak", "mama", "bunda"];
    const WISHES: &[&str] = &[
        "mau", "mo", "ingin", "tanya", "nanya", "pesan", "pesen", "beli", "order", "cek", "minta", "kirim", "bisa",
        "ada", "apa", "berapa", "brp", "kapan", "belum", "sudah", "udah",
    ];
    let begins = |at: usize| {
        let rest = &words[at..];
        let [first, second, ..] = rest else { return false };
        let titled = has(SELF, first) && has(TITLES, second);
        let named = has(&["nama", "perkenalkan", "kenalkan"], first);
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
    kinds.into_iter().find(|(list, _)| any(words, list)).map(|(_, hello)| hello)
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
mod tests {
    use super::*;

    #[test]
    fn everyday_greetings_are_greetings() {
        for (text, hello) in [
            ("halo kak", Hello::Plain),
            ("Haloooo kakkk", Hello::Plain),
            ("hai min", Hello::Plain),
            ("p", Hello::Plain),
            ("P", Hello::Plain),
            ("permisi kak mau tanya dong", Hello::Plain),
            ("kak", Hello::Plain),
            ("min mau nanya", Hello::Plain),
            ("assalamualaikum", Hello::Salam),
            ("Assalamu'alaikum kak", Hello::Salam),
            ("assalamualaikum wr wb", Hello::Salam),
            ("pagi min", Hello::Morning),
            ("met pagi kak 🙏", Hello::Morning),
            ("selamat siang", Hello::Midday),
            ("sore kak", Hello::Afternoon),
            ("malem gan", Hello::Evening),
            ("good morning", Hello::Morning),
            ("hi there", Hello::Plain),
            ("halo\nkak", Hello::Plain),
            ("hlo kk", Hello::Plain),
            ("Assalamualaikum, selamat siang. Saya ibu Tuti dari Solo.", Hello::Salam),
            ("halo kak nama saya Andi", Hello::Plain),
        ] {
            assert_eq!(understand(text), Said::Greeting(hello), "{text}");
        }
    }

    #[test]
    fn thanks_and_nods_are_told_apart_from_questions() {
        for text in [
            "makasih kak",
            "terima kasih banyak ya",
            "oke makasih",
            "thx min",
            "Thank you so much",
            "sip makasih infonya kak",
            "makasihhhh 🙏🙏",
        ] {
            assert_eq!(understand(text), Said::Thanks, "{text}");
        }
        for text in ["oke", "sip", "siap kak", "👍", "👍🏽", "🙏🙏", "❤️", "ok deh", "iya kak", "baik kak", "okeee"]
        {
            assert_eq!(understand(text), Said::Fine, "{text}");
        }
        for text in [
            "makasih tapi barangnya rusak",
            "oke tapi ongkirnya berapa",
            "😡",
            "???",
            "pagi ini bisa kirim ga",
            "halo saya mau beli dari solo bisa",
            "halo ini ibu mau tanya ongkir",
            "halo kak nama saya belum ada di pesanan",
            "",
            "🤔",
        ] {
            assert_eq!(understand(text), Said::Else, "{text}");
        }
    }

    #[test]
    fn the_way_around_the_menu_is_understood() {
        for text in ["menu", "Menu dong kak", "lihat menu", "help", "menu utama"] {
            assert_eq!(understand(text), Said::Menu, "{text}");
        }
        for text in ["kembali", "balik", "back", "kembali ke menu sebelumnya"] {
            assert!(matches!(understand(text), Said::Back | Said::Menu), "{text}");
        }
        for text in ["batal", "ga jadi kak", "gak jadi deh", "gk jd deh", "gajadi", "never mind"] {
            assert_eq!(understand(text), Said::Cancel, "{text}");
        }
        assert_eq!(understand("2"), Said::Number(2));
        assert_eq!(understand(" 2. "), Said::Number(2));
        assert_eq!(understand("batal pesanan saya"), Said::Else);
        assert_eq!(understand("10234"), Said::Else);
    }

    #[test]
    fn small_talk_and_questions_for_what_the_bot_can_do_are_heard() {
        for text in
            ["wkwkwk", "hmm", "hmmmm", "oh gitu", "oh gitu ya kak", "hahaha iya", "wkwk oke", "hehehe", "oh I see"]
        {
            assert_eq!(understand(text), Said::Chat, "{text}");
        }
        for text in ["cs nya ramah ya makasih", "adminnya... makasih, ramah banget", "ramah banget kak"] {
            let expected = if text.starts_with("adminnya") { Said::Else } else { Said::Thanks };
            assert_eq!(understand(text), expected, "{text}");
        }
        assert_eq!(understand("ok sip"), Said::Fine);
        for text in [
            "kamu bisa apa aja",
            "bisa bantu apa",
            "what can you do",
            "halo kak, bisa bantu apa aja?",
            "bisa ngapain aja kak",
        ] {
            assert_eq!(understand(text), Said::Abilities, "{text}");
        }
        for text in
            ["oh gitu, terus ongkirnya?", "hmm mahal", "bisa cod apa ga", "wkwk lama banget", "apa bisa retur", "gitu?"]
        {
            assert_eq!(understand(text), Said::Else, "{text}");
        }
    }

    #[test]
    fn a_slip_of_the_finger_still_means_the_word() {
        assert!(alike("pngiriman", "pengiriman"));
        assert!(alike("prodk", "produk"));
        assert!(!alike("cod", "com"));
        assert!(!alike("barang", "garang"));
    }
}
