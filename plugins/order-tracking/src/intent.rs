//! Whether a customer asks where an order is.

use santun_language::{Words, normalise, root, topics_of, words};

/// What somebody is after, as far as orders go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    /// Where an order is.
    Track,
    /// An order should change, or something is wrong with it: not for this plugin.
    Other,
    /// Nothing about orders.
    None,
}

/// What is done to an order rather than asked about it, or asked before there is one.
const NOT_OURS: [&str; 14] = [
    "batal",
    "ubah",
    "retur",
    "uang-kembali",
    "rusak",
    "kurang",
    "garansi",
    "ongkir",
    "stok",
    "diskon",
    "preorder",
    "reseller",
    "data",
    "struk",
];
/// What somebody waits for, by root.
const PARCEL: Words = words!(
    "\
    paket pesan order barang kirim belanja parcel package delivery orders shipment pesen belanjaan"
);
/// How somebody asks where it is, by root or word.
const WHERE: Words = words!(
    "\
    mana dimana status posisi sampai tiba datang lacak cek terima nyangkut telat lambat terlambat where track arrive \
    arrived late lama update"
);
/// An order, as one speaks of one's own.
const THINGS: Words = words!(
    "\
    pesanan paket barang belanjaan kiriman order orders orderan parcel package delivery shipment purchase purchases"
);
/// What may stand beside one's own order in a message that asks for nothing else: "halo kak, pesananku gimana ya".
const BESIDE: Words = words!(
    "\
    bagaimana mana dimana di kabar kabarnya apa apakah ya yah sih dong deh kok nih tuh itu ini yang nya lah kah kan \
    kak kakak ka min admin mimin gan agan sis bro om tante bu ibu pak bapak mas mbak mba bang halo hallo hai hi \
    hello hey permisi pagi siang sore malam selamat assalamualaikum mau tanya nanya bertanya numpang tolong bantu \
    dibantu cek dicek lihat list daftar show check see ada soal tentang mengenai info minta boleh dulu lagi terakhir \
    kemarin tadi saja dari atas nama semua how is are it going about what up with of the please any news update on \
    to me last latest recent all there and"
);
/// How one says that one buys.
const BUY: Words = words!("beli membeli pesan memesan order checkout co buy purchase ambil");
/// What makes a supposition of it.
const SUPPOSE: Words = words!("kalau jika misal misalnya misalkan seandainya apabila if andai");
/// Marks of what was bought already.
const PAST: Words = words!("kemarin tadi barusan sudah belum lalu yesterday ordered already ago");
/// Marks of something under way rather than in general.
const OPEN: Words = words!("belum kapan sudah kok masih when yet still");
/// Marks of one's own.
const OWN: Words = words!("saya aku kami gue my mine punya punyaku");

/// What a text is after.
pub(crate) fn intent(text: &str) -> Intent {
    let text = normalise(text);
    let words: Vec<(&str, &str)> = text.words().map(|word| (word, root(word))).collect();
    let about = topics_of(&text, &words);
    if about.iter().any(|topic| NOT_OURS.contains(topic)) {
        return Intent::Other;
    }
    let words_alone: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    if asks_for_the_way(&words_alone) || before_buying(&words_alone) || is_of_the_shop(&words_alone) {
        return Intent::None;
    }
    if about.contains(&"lacak") || nothing_but_ones_own(&words_alone) {
        return Intent::Track;
    }
    let has = |list: Words| words.iter().any(|(word, root)| list.has(word) || list.has(root));
    let parcel = has(PARCEL);
    let asks_where = has(WHERE);
    let open = has(OPEN);
    // "berapa lama kirim ke Papua", "bisa kirim ke Papua": in general, before there is an order.
    let general = (has(words!("berapa bisa how can")) && !open && !has(OWN)) || has(words!("toko"));
    if general {
        return Intent::None;
    }
    let shipping = about.contains(&"kirim");
    let asks = (parcel && (asks_where || open)) || (shipping && (open || (asks_where && has(OWN))));
    if asks { Intent::Track } else { Intent::None }
}

/// "cara melacak pesanan", "how do I track my order": how it is done, and not where it is.
fn asks_for_the_way(words: &[&str]) -> bool {
    let cara = |word: &&str| ["cara", "caranya"].contains(word);
    let how = |pair: &[&str]| pair[0] == "how" && ["do", "to", "can", "could", "would", "should"].contains(&pair[1]);
    words.iter().any(cara) || words.windows(2).any(how)
}

/// "kalau beli sekarang sampainya kapan": before there is an order.
fn before_buying(words: &[&str]) -> bool {
    if words.iter().any(|word| PAST.has(word) || ["mana", "dimana", "where"].contains(word)) {
        return false;
    }
    let at = |n: usize| words.get(n).copied().unwrap_or_default();
    let buys = |n: &usize| {
        let before = n.checked_sub(1).map(at).unwrap_or_default();
        // "order saya", "my order": a thing and no deed.
        BUY.has(at(*n)) && !OWN.has(at(n + 1)) && !["my", "our", "the"].contains(&before)
    };
    (0..words.len()).filter(buys).any(|n| {
        let supposed = words[..n].iter().any(|word| SUPPOSE.has(word));
        let wanted = n > 0 && ["mau", "ingin", "rencana", "want", "wanna"].contains(&words[n - 1]);
        let wanted = wanted || n > 1 && words[n - 1] == "to" && ["want", "like"].contains(&words[n - 2]);
        let soon = ["sekarang", "besok", "today", "now", "tomorrow"].contains(&at(n + 1));
        let today = at(n + 1) == "hari" && at(n + 2) == "ini";
        supposed || wanted || soon || today
    })
}

/// "libur sampe kapan", "malem masih ngirim ga", "kapan dateng lagi yang ijo": what the shop does, and not where a
/// parcel is.
fn is_of_the_shop(words: &[&str]) -> bool {
    const STILL_DOES: Words = words!("bisa boleh terima menerima nerima kirim mengirim ngirim antar nganter mengantar");
    let thing = |word: &&str| THINGS.has(word.strip_suffix("ku").or_else(|| word.strip_suffix("nya")).unwrap_or(word));
    if words.iter().any(thing) {
        return false;
    }
    words.windows(2).any(|pair| match pair {
        ["sampai", "kapan"] => true,
        ["masih", does] => STILL_DOES.has(does),
        ["datang" | "masuk" | "ada", "lagi"] => words.contains(&"kapan"),
        _ => false,
    })
}

/// "pesananku gimana", "my order?": one's own order, and nothing that would make another question of it.
fn nothing_but_ones_own(words: &[&str]) -> bool {
    let thing = |word: &str| THINGS.has(word);
    let at = |n: usize| words.get(n).copied().unwrap_or_default();
    let asked = words.iter().any(|word| ["bagaimana", "kabar", "kabarnya"].contains(word));
    let own = (0..words.len()).any(|n| {
        let mine = thing(at(n)) && (OWN.has(at(n + 1)) || n > 0 && ["my", "our"].contains(&at(n - 1)));
        let ku = at(n).strip_suffix("ku").is_some_and(thing);
        let nya = asked && at(n).strip_suffix("nya").is_some_and(thing);
        mine || ku || nya
    });
    let of_it = |word: &&str| {
        let stem = word.strip_suffix("ku").or_else(|| word.strip_suffix("nya")).unwrap_or(word);
        thing(stem) || OWN.has(word) || ["our"].contains(word) || BESIDE.has(word)
    };
    own && words.iter().all(of_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyday_questions_for_a_parcel_are_understood() {
        for text in [
            "kak pesanan aku kok blm nyampe sih",
            "paket gw dmn",
            "cek resi",
            "cek resi dong kak",
            "kapan dikirim",
            "kapan dikirim ya kak?",
            "where is my order",
            "Lacak pesanan",
            "Track my order",
            "brg sy udh dikirim blm",
            "pesanan saya mana",
            "orderan gue sampe mana ya",
            "paketku kok lama bgt",
            "status pesanan saya",
            "udah 5 hari blm dateng juga paketnya",
            "kirimannya belum sampai",
            "posisi paket saya",
            "when will my package arrive",
            "min, order aku nyampe kpn?",
            "paket belum diterima",
            "resinya mana kak",
            "mau tanya pesanan saya sudah sampai mana",
            "has my order been shipped yet",
            "pesananku gmn",
            "pesanan aku",
            "pesanan saya gimana ya",
            "halo kak, mau tanya orderan gw gmn ya",
            "paketku gimana kabarnya",
            "pesanannya gimana kak",
            "my order?",
            "how about my order",
            "kalau pesanan saya kapan sampainya",
            "kalau order saya kapan sampai",
            "saya beli kemarin kapan nyampe",
            "mau tanya order sampai mana",
            "kalau gitu jadi kapan sampai paketnya",
            "paketku sampe kapan kak",
            "barangnya masih dikirim kan kak, kapan sampai",
        ] {
            assert_eq!(intent(text), Intent::Track, "{text}");
        }
    }

    #[test]
    fn questions_for_something_else_are_left_alone() {
        for text in [
            "ongkir ke Surabaya berapa",
            "bisa kirim ke Papua ga",
            "berapa lama pengiriman ke Bali",
            "jam buka toko?",
            "batalin pesanan saya dong",
            "ganti alamat pesanan",
            "barangnya rusak pas sampai",
            "mau refund, barang ga sesuai",
            "barang ready ga kak",
            "cara pesan gimana",
            "halo kak",
            "makasih",
            "toko di mana",
            "harga kemeja berapa",
            "can you ship to Malaysia",
            "cara melacak pesanan",
            "gimana cara cek pesanan saya",
            "how do I track my order",
            "mau pesan",
            "saya mau pesen kak",
            "saya mau order",
            "pesanan bisa diubah?",
            "pesanan saya mau ditambah satu",
            "pesanan saya ga jadi",
            "klo beli skrg sampe nya kpn",
            "kalo order hari ini kapan nyampe",
            "beli sekarang sampai kapan",
            "mau beli sepatu, sampainya kapan ya",
            "if I order today when will it arrive",
            "libur sampe kapan bu",
            "nyimpen di kulkas sampe kapan",
            "malem masih ngirim ga bu",
            "kirim sore ini masih bisa?",
            "kapan dateng lagi yang ijo",
        ] {
            assert_ne!(intent(text), Intent::Track, "{text}");
        }
    }
}
