//! "A human, please."

use super::lexicon::Class;
use super::utterance::Utterance;

/// Words after a role that make it something else: an agent of a courier, an admin fee, family.
const NOT_BEFORE: &[&str] = &[
    "fee",
    "jne",
    "jnt",
    "sicepat",
    "anteraja",
    "tiki",
    "pos",
    "ninja",
    "reseller",
    "distributor",
    "resmi",
    "terdekat",
    "rumah",
    "tua",
    "lain",
    "kantor",
    "gudang",
    "kartu",
    "seluler",
    "pulsa",
    "telkomsel",
    "travel",
    "properti",
    "asuransi",
    "kuat",
    "counter",
    "strike",
    "dapur",
    "dewasa",
    "gila",
    "banyak",
    "pengiriman",
    "ekspedisi",
    "gas",
    "pertama",
    "kedua",
    "lapangan",
    "kebersihan",
    "forklift",
    "produksi",
    "jahit",
    "mesin",
    "super",
    "purba",
    "salju",
    "mod",
    "judi",
    "slot",
    "dropship",
    "sembako",
];

/// Words before a role that make it something else.
const NOT_AFTER: &[&str] = &[
    "biaya",
    "fee",
    "jadi",
    "menjadi",
    "lowongan",
    "loker",
    "gaji",
    "harga",
    "kantor",
    "bus",
    "per",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "daftar",
    "beberapa",
    "banyak",
    "untuk",
    "buat",
    "tubuh",
    "semua",
    "kerja",
    "melamar",
    "lamar",
    "seragam",
    "baju",
    "kaos",
    "kemeja",
    "for",
    "shipping",
    "travel",
    "each",
    "anatomi",
    "game",
    "main",
    "mobile",
    "potongan",
    "rp",
    "tarif",
    "setiap",
    "tiap",
    "kebutuhan",
    "akun",
    "patung",
    "estate",
];

/// What may stand between a wish and whom it is for.
const LINK: Class = WISH_LINK.or(Class::CONNECT).or(Class::TALK);

/// The same between a wish and a role, with no verb of talking: what is wished for is the role.
const WISH_LINK: Class =
    Class::JOIN.or(Class::REAL).or(Class::FILLER).or(Class::MINE).or(Class::DESIRE).or(Class::PERSON);

pub(super) fn is_asked_for(said: &Utterance<'_>) -> bool {
    rejects_the_bot(said)
        || asks_to_be_passed_on(said)
        || said.places(Class::HUMAN.or(Class::PERSON)).any(|place| {
            is_role(said, place)
                && (calls_by_name(said, place)
                    || wants_to_talk(said, place)
                    || wants_one(said, place)
                    || wants_help_from(said, place)
                    || asks_who_is_there(said, place)
                    || wants_the_number(said, place))
        })
}

/// *sambungin dong*: to whom goes without saying.
fn asks_to_be_passed_on(said: &Utterance<'_>) -> bool {
    said.words.iter().any(|word| matches!(word.text, "sambungkan" | "hubungkan" | "alihkan" | "disambungkan"))
        && said.words.len() <= 5
        && said.beside(Class::FILLER.or(Class::DESIRE).or(Class::MINE).or(Class::CONNECT).or(Class::GREETING)) == 0
}

/// Whether a word really is a role here.
fn is_role(said: &Utterance<'_>, place: usize) -> bool {
    let next = said.after(place).find(|word| !word.class.is(Class::FILLER));
    let before = said.before(place).find(|word| !word.class.is(Class::FILLER));
    let spoilt = next.is_some_and(|word| NOT_BEFORE.contains(&word.text))
        || before.is_some_and(|word| NOT_AFTER.contains(&word.text) || NOT_AFTER.contains(&word.written));
    // *bot atau manusia*, *kamu manusia?*: that is a question about the bot.
    !spoilt
}

/// The whole message is the role, with courtesies: *admin*, *cs dong*, *human please*. After a greeting it
/// is only an address.
fn calls_by_name(said: &Utterance<'_>, place: usize) -> bool {
    let role = said.words[place].class;
    let courtesy = Class::FILLER.or(Class::DESIRE).or(Class::REAL).or(Class::JOIN).or(Class::MINE);
    let alone = said.beside(courtesy.or(Class::HUMAN).or(Class::PERSON).or(Class::CONNECT).or(Class::GREETING)) == 0;
    if !alone || said.words.len() > 9 {
        return false;
    }
    let called = said.any(Class::DESIRE.or(Class::CONNECT)) || said.says(&["dong"]);
    if said.any(Class::GREETING) || role.is(Class::PERSON) && !role.is(Class::HUMAN) {
        return called && !said.says(&["bagaimana", "cara", "how"]) || said.any(Class::CONNECT);
    }
    // *maaf admin*, *makasih admin*: an address too.
    called || !said.says(&["maaf", "terima", "oke", "thanks", "thank"])
}

/// *mau ngomong sama admin*, *sambungin ke cs*, *can I talk to a human*.
fn wants_to_talk(said: &Utterance<'_>, place: usize) -> bool {
    let weak = !said.words[place].class.is(Class::HUMAN);
    let verbs = said.places(Class::TALK.or(Class::CONNECT)).filter(|verb| *verb < place && place - verb <= 7);
    for verb in verbs {
        let word = &said.words[verb];
        let joined_at = said.words[place - 1].class.is(Class::JOIN);
        let most = if word.class.is(Class::CONNECT) && joined_at { 3 } else { usize::from(!weak) };
        if said.strangers(verb, place, LINK) > most || is_told(said, verb) || is_refused(said, verb) {
            continue;
        }
        let joined = said.words[verb + 1..place].iter().any(|word| word.class.is(Class::JOIN.or(Class::CONNECT)));
        if is_asking(word.text) {
            let rest = said.after(place).filter(|word| !word.class.is(Class::FILLER.or(Class::REAL))).count();
            if joined && rest <= 1 {
                return true;
            }
            continue;
        }
        let wished = said.words[..place].iter().any(|word| word.class.is(Class::DESIRE));
        let first = said.words[..verb].iter().all(|word| {
            word.class.is(Class::FILLER.or(Class::GREETING).or(Class::MINE).or(Class::DESIRE).or(Class::CONNECT))
        });
        if (word.class.is(Class::CONNECT) && joined_or_near(said, verb, place)) || wished || first {
            return true;
        }
    }
    false
}

fn joined_or_near(said: &Utterance<'_>, verb: usize, place: usize) -> bool {
    place - verb <= 3 || said.words[verb + 1..place].iter().any(|word| word.class.is(Class::JOIN))
}

/// Asking, complaining and calling for a role need a joining word: *tanya admin* is but an opening.
fn is_asking(verb: &str) -> bool {
    matches!(verb, "tanya" | "ask" | "bertanya" | "komplain" | "lapor" | "menanyakan" | "transfer" | "negosiasi")
}

/// It is told of, not asked for: *kemarin sudah chat admin*.
fn is_told(said: &Utterance<'_>, verb: usize) -> bool {
    // *udah deh sambungin ke cs aja*: an order, whatever stands before it.
    let ordered = said.words[verb].class.is(Class::CONNECT) && !said.words[verb].text.starts_with("di");
    if ordered && !said.before(verb).any(|word| matches!(word.text, "tadi" | "kemarin" | "kata" | "katanya" | "kenapa"))
    {
        return false;
    }
    for word in said.before(verb) {
        if word.class.is(Class::DESIRE) {
            return false;
        }
        if word.class.is(Class::PAST) {
            return true;
        }
    }
    false
}

/// *jangan hubungi admin*, *ga mau bicara dengan admin*.
fn is_refused(said: &Utterance<'_>, verb: usize) -> bool {
    let mut near = said.before(verb).take(3).map(|word| word.text);
    let (one, two) = (near.next(), near.next());
    // *bisa ga sambungin*: that is how one asks.
    if matches!((two, one), (Some("bisa" | "boleh" | "mau" | "dapat"), Some("tidak"))) {
        return false;
    }
    matches!(one, Some("jangan" | "tidak" | "belum" | "usah"))
        || matches!((two, one), (Some("tidak" | "not"), Some("mau" | "perlu" | "usah" | "want" | "need" | "to")))
}

/// *butuh manusia*, *minta cs*, *I need a real person*: the role ends the clause, or its purpose follows.
fn wants_one(said: &Utterance<'_>, place: usize) -> bool {
    let weak = !said.words[place].class.is(Class::HUMAN);
    let near: Vec<_> = said.before(place).take(5).collect();
    let Some(wish) = near.iter().position(|word| word.class.is(Class::DESIRE) && !is_manner(word.text)) else {
        return false;
    };
    if near[..wish].iter().any(|word| !word.class.is(WISH_LINK))
        || near.get(wish + 1).is_some_and(|word| matches!(word.text, "tidak" | "jangan" | "not"))
    {
        return false;
    }
    let real = near[..wish].iter().any(|word| word.class.is(Class::REAL))
        || said.at(place, 1).is_some_and(|word| word.class.is(Class::REAL));
    let mut rest: Vec<_> =
        said.after(place).filter(|word| !word.class.is(Class::FILLER.or(Class::REAL).or(Class::GREETING))).collect();
    // *boleh minta admin ga?*
    if rest.len() == 1 && rest[0].text == "tidak" {
        rest.clear();
    }
    let clause = said.before(place).count();
    let ends = match rest.first() {
        None => true,
        Some(word) => {
            word.class.is(Class::NEG) && said.any(Class::BOT)
                || matches!(
                    word.text,
                    "untuk" | "buat" | "yang" | "about" | "to" | "who" | "that" | "not" | "bukan" | "soal" | "karena"
                ) && !weak
        }
    };
    ends && (!weak
        || real
        || (rest.is_empty() && clause <= 5 && said.before(place).all(|word| word.class.is(LINK.or(Class::GREETING)))))
}

/// Says how, and wishes for nothing by itself.
fn is_manner(word: &str) -> bool {
    matches!(
        word,
        "bagaimana"
            | "how"
            | "cara"
            | "boleh"
            | "bisa"
            | "can"
            | "could"
            | "may"
            | "would"
            | "coba"
            | "like"
            | "harus"
            | "must"
            | "let"
            | "lebih"
            | "suka"
    )
}

/// *mau dibantu admin langsung*, *bisa dilayani manusia ga*.
fn wants_help_from(said: &Utterance<'_>, place: usize) -> bool {
    said.places(Class::HELP).filter(|verb| *verb < place && place - verb <= 4).any(|verb| {
        said.strangers(verb, place, LINK) == 0
            && !is_told(said, verb)
            && !is_refused(said, verb)
            && (said.words[..verb].iter().any(|word| word.class.is(Class::DESIRE))
                || said.after(place).take(3).any(|word| matches!(word.text, "bisa" | "boleh" | "dong")))
            && !said.words[..verb].iter().any(|word| word.class.is(Class::PAST))
    })
}

/// *ada orang?*, *adminnya mana*, *is anyone there*, with little else.
fn asks_who_is_there(said: &Utterance<'_>, place: usize) -> bool {
    let word = &said.words[place];
    if word.text == "agen"
        || !said.any(Class::THERE)
        || said.any(Class::BOT.or(Class::SHOP)) && !said.says(&["tersedia"])
    {
        return false;
    }
    let small = Class::FILLER
        .or(Class::THERE)
        .or(Class::HUMAN)
        .or(Class::PERSON)
        .or(Class::JOIN)
        .or(Class::REAL)
        .or(Class::HELP)
        .or(Class::NEG)
        .or(Class::DESIRE)
        .or(Class::MINE)
        .or(Class::ASK)
        .or(Class::TALK)
        .or(Class::GREETING);
    let weak = !word.class.is(Class::HUMAN);
    said.beside(small) == 0
        && said.words.len() <= if weak { 10 } else { 9 }
        && !said.says(&["agen"])
        && !said.any(Class::YOU)
}

/// *minta nomor admin*: they want to reach one.
fn wants_the_number(said: &Utterance<'_>, place: usize) -> bool {
    said.words[place].class.is(Class::HUMAN)
        && !matches!(said.words[place].text, "agen" | "pemilik" | "owner")
        && said.before(place).take(3).any(|word| matches!(word.text, "nomor" | "no" | "number" | "kontak"))
        && said.words.len() <= 8
        && !said.any(Class::PAST)
        && !said.words.iter().any(|word| word.class.is(Class::SHOP) && word.text != "berapa")
}

/// *capek ngomong sama bot*, *jangan robot terus*, *I don't want a bot*.
fn rejects_the_bot(said: &Utterance<'_>) -> bool {
    said.places(Class::BOT.or(Class::MACHINE)).any(|place| {
        if said.any(Class::SHOP) || said.says(&["otomatis", "virtual"]) {
            return false;
        }
        let near: Vec<_> = said.before(place).take(6).collect();
        let tired = near.iter().any(|word| word.class.is(Class::TIRED));
        let talking = near.iter().any(|word| word.class.is(Class::TALK.or(Class::HELP)));
        let unwanted = near.windows(2).any(|pair| {
            matches!(
                (pair[1].text, pair[0].text),
                ("tidak", "mau" | "ingin" | "suka" | "butuh") | ("not", "want" | "like" | "need")
            )
        }) || near.iter().take(3).any(|word| matches!(word.text, "jangan" | "no" | "stop"))
            && !near.iter().any(|word| word.class.is(Class::YOU));
        let human = said.any(Class::HUMAN.or(Class::PERSON))
            && said.any(Class::DESIRE)
            && near.first().is_some_and(|word| matches!(word.text, "bukan" | "not" | "a"));
        let bot = said.words[place].class.is(Class::BOT);
        (bot && (tired || unwanted || human && !said.any(Class::YOU))) || (tired && talking)
    })
}
