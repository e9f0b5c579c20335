//! "What do you know of me? Delete it."

use super::lexicon::Class;
use super::utterance::Utterance;

/// Data of other things than the writer.
const OTHERS: &[&str] = &[
    "rekening",
    "produk",
    "ukuran",
    "penerima",
    "pesanan",
    "pengiriman",
    "order",
    "kuota",
    "paket",
    "internet",
    "sheet",
    "barang",
    "alamat",
    "toko",
    "seller",
    "kabel",
    "usb",
    "center",
    "analis",
    "roaming",
    "spesifikasi",
    "plan",
    "penjualan",
    "invoice",
    "resi",
    "stok",
    "harga",
    "reseller",
    "mesin",
];

/// Privacy of other things.
const NOT_PRIVACY: &[&str] = &[
    "glass",
    "kaca",
    "screen",
    "protector",
    "antigores",
    "filter",
    "tempered",
    "kamar",
    "packing",
    "bungkus",
    "tirai",
    "gorden",
    "kotak",
    "case",
    "laptop",
    "layar",
    "film",
    "anti",
    "spy",
    "kado",
    "paket",
];

pub(super) fn is_meant(said: &Utterance<'_>) -> bool {
    forgets_me(said)
        || is_kept(said)
        || knows_of_me(said)
        || where_from(said)
        || privacy(said)
        || said.places(Class::DATA).any(|place| about_data(said, place))
}

/// *chat ini disimpan?*, *my data*, *the right to be forgotten*.
fn is_kept(said: &Utterance<'_>) -> bool {
    let kept = said.says(&["disimpan", "direkam", "dicatat", "tersimpan", "recorded", "stored", "saved"]);
    let of_mine = said.says(&["nomor", "chat", "percakapan", "number", "conversation", "chats"])
        && (mine(said) || said.says(&["ini", "this"]));
    let whole = said.says(&["data"])
        && mine(said)
        && said.words.len() <= 3
        && said.beside(Class::DATA.or(Class::MINE).or(Class::FILLER)) == 0;
    (kept && of_mine && said.is_question() && !said.any(Class::ORDER))
        || whole
        || said.says(&["forgotten"]) && said.says(&["right"])
}

/// Whether the writer is meant: *saya*, *my*, *dataku*.
fn mine(said: &Utterance<'_>) -> bool {
    said.any(Class::MINE)
        || said
            .words
            .iter()
            .any(|word| word.text.len() > 5 && (word.text.ends_with("ku") || word.written.ends_with("ku")))
}

/// *hapus data saya*, *data apa aja yang disimpan tentang aku*, *is my data safe*.
fn about_data(said: &Utterance<'_>, place: usize) -> bool {
    let word = &said.words[place];
    if !matches!(word.text, "data" | "gdpr" | "pdp") && santun_language::root(word.text) != "data" {
        return false;
    }
    if word.text != "data" && matches!(word.text, "gdpr" | "pdp") {
        return true;
    }
    let next: Vec<_> = said.after(place).take(2).collect();
    let other =
        next.iter().any(|word| OTHERS.contains(&word.text) || OTHERS.contains(&word.root) || word.root == "pesan")
            || said.at(place, -1).is_some_and(|word| matches!(word.text, "kuota" | "paket" | "kabel" | "lembar"));
    if other || said.says(&["kuota", "kabel", "penerima"]) {
        return false;
    }
    let personal = mine(said) || said.says(&["pribadi", "personal", "pelanggan", "customer", "pengguna", "user"]);
    let deletes = said.words.iter().any(|word| word.class.is(Class::DELETE) && !matches!(word.text, "keluar"));
    let keeps = said.words.iter().enumerate().any(|(at, word)| word.class.is(Class::KEEP) && at != place);
    let views = said.words.iter().any(|word| word.class.is(Class::VIEW));
    let asks = said.is_question() || said.any(Class::WHAT);
    let told = said
        .words
        .iter()
        .enumerate()
        .any(|(at, word)| at < place && matches!(word.text, "sudah" | "ini" | "berikut" | "tadi" | "already"))
        && !asks
        && !deletes;
    let changes =
        said.says(&["ubah", "ganti", "edit", "salah", "isi", "mengisi", "lengkapi", "kirim"]) && !deletes && !keeps;
    if told || changes {
        return false;
    }
    (deletes && (personal || said.words.len() <= 5))
        || (keeps
            && (personal || said.says(&["apa", "what"]))
            && (asks || views || said.says(&["jangan", "tolong", "not", "mau", "want"])))
        || (views && personal && (said.any(Class::DESIRE) || asks || said.words.len() <= 8) && !said.any(Class::ORDER))
        || (personal
            && said.says(&[
                "aman",
                "safe",
                "bocor",
                "diapakan",
                "diapain",
                "dipakai",
                "secure",
                "kebijakan",
                "policy",
                "disalahgunakan",
                "rahasia",
                "hilang",
                "kemana",
                "hak",
                "right",
                "rights",
            ]))
        || (personal
            && asks
            && said.says(&["apa", "what"])
            && said.words.len() <= 7
            && !said.any(Class::ORDER)
            && said.says(&["punya", "have", "tentang", "about", "buat", "untuk", "for"]))
}

/// *forget me*, *hapus nomor saya dari sistem*, *hapus riwayat chat saya*.
fn forgets_me(said: &Utterance<'_>) -> bool {
    said.places(Class::DELETE).any(|place| {
        let word = &said.words[place];
        let near: Vec<_> = said.after(place).filter(|word| !word.class.is(Class::FILLER)).take(5).collect();
        let me = said.says(&["akun"]) && mine(said)
            || near.iter().any(|word| word.class.is(Class::MINE) || word.text.ends_with("ku"));
        if said.says(&[
            "keranjang",
            "cart",
            "list",
            "broadcast",
            "promo",
            "wishlist",
            "alamat",
            "pesanan",
            "order",
            "ulasan",
            "review",
            "produk",
        ]) || !me
        {
            return false;
        }
        let all_of_me = said.words.windows(2).any(|pair| pair[0].text == "about" && pair[1].class.is(Class::MINE));
        let forgets =
            matches!(word.text, "lupakan" | "forget") && near.first().is_some_and(|word| word.class.is(Class::MINE));
        let kept = near.iter().any(|word| {
            matches!(
                word.text,
                "nomor"
                    | "chat"
                    | "riwayat"
                    | "history"
                    | "information"
                    | "info"
                    | "informasi"
                    | "details"
                    | "akun"
                    | "account"
                    | "number"
                    | "conversation"
                    | "percakapan"
                    | "identitas"
                    | "kontak"
                    | "foto"
                    | "messages"
                    | "jejak"
                    | "nama"
                    | "profil"
            ) || word.class.is(Class::DATA)
        });
        all_of_me
            || forgets && !said.says(&["not", "jangan"])
            || kept && word.class.is(Class::DELETE) && !matches!(word.text, "keluar" | "keluarkan" | "forget")
    })
}

/// *apa yang kamu tahu tentang saya*, *what info do you have on me*.
fn knows_of_me(said: &Utterance<'_>) -> bool {
    let about_me = said.words.windows(2).any(|pair| {
        matches!(pair[0].text, "tentang" | "about" | "on" | "soal" | "mengenai" | "of") && pair[1].class.is(Class::MINE)
    });
    let keeps =
        said.words.iter().any(|word| word.class.is(Class::KEEP) || matches!(word.text, "tersimpan" | "have" | "got"));
    about_me
        && keeps
        && said.any(Class::WHAT.or(Class::ASK).or(Class::VIEW).or(Class::DESIRE))
        && !said.any(Class::ORDER.or(Class::BOT))
}

/// *kok tau nomor saya*, *dapat nomor saya dari mana*, *how did you get my number*.
fn where_from(said: &Utterance<'_>) -> bool {
    let number = said.says(&["nomor", "kontak", "number", "contact", "no", "nomorku"]) && mine(said);
    let got = said.words.iter().any(|word| {
        matches!(
            word.text,
            "dapat" | "tahu" | "dapatkan" | "get" | "got" | "know" | "punya" | "simpan" | "ambil" | "have"
        )
    });
    let asks = said.words.windows(2).any(|pair| pair[0].text == "dari" && matches!(pair[1].text, "mana" | "siapa"))
        || said.says(&["kok", "kenapa", "how", "where", "bagaimana", "why"]);
    number && got && asks && !said.any(Class::ORDER) && !said.says(&["resi", "tracking"])
}

/// *kebijakan privasi*, *privacy policy*, *privasi saya aman?*.
fn privacy(said: &Utterance<'_>) -> bool {
    said.means(&["privasi", "privacy", "kerahasiaan", "rahasia"])
        && (said.means(&["privasi", "privacy"]) || said.means(&["data"]))
        && !said.says(NOT_PRIVACY)
        && (said.means(&[
            "bijak",
            "kebijakan",
            "policy",
            "notice",
            "data",
            "aman",
            "pemberitahuan",
            "aturan",
            "statement",
            "hak",
            "rights",
            "terjaga",
            "jaga",
            "dijaga",
            "soal",
            "tentang",
            "about",
            "pelanggan",
            "jaminan",
            "ketentuan",
            "concerns",
        ]) || mine(said)
            || said.words.len() <= 2)
}
