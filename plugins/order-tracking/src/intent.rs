//! Whether a customer asks where an order is.

use santun_language::{normalise, root, topics};

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
const PARCEL: [&str; 13] = [
    "paket",
    "pesan",
    "order",
    "barang",
    "kirim",
    "belanja",
    "parcel",
    "package",
    "delivery",
    "orders",
    "shipment",
    "pesen",
    "belanjaan",
];
/// How somebody asks where it is, by root or word.
const WHERE: [&str; 21] = [
    "mana",
    "dimana",
    "status",
    "posisi",
    "sampai",
    "tiba",
    "datang",
    "lacak",
    "cek",
    "terima",
    "nyangkut",
    "telat",
    "lambat",
    "terlambat",
    "where",
    "track",
    "arrive",
    "arrived",
    "late",
    "lama",
    "update",
];
/// Marks of something under way rather than in general.
const OPEN: [&str; 8] = ["belum", "kapan", "sudah", "kok", "masih", "when", "yet", "still"];
/// Marks of one's own.
const OWN: [&str; 8] = ["saya", "aku", "kami", "gue", "my", "mine", "punya", "punyaku"];

/// What a text is after.
pub(crate) fn intent(text: &str) -> Intent {
    let text = normalise(text);
    let about = topics(&text);
    // A root takes longer to find than to compare.
    let words: Vec<(&str, &str)> = text.words().map(|word| (word, root(word))).collect();
    let has = |list: &[&str]| words.iter().any(|(word, root)| list.contains(word) || list.contains(root));
    let parcel = has(&PARCEL);
    if about.iter().any(|topic| NOT_OURS.contains(topic)) {
        return Intent::Other;
    }
    if about.contains(&"lacak") {
        return Intent::Track;
    }
    let asks_where = has(&WHERE);
    let open = has(&OPEN);
    // "berapa lama kirim ke Papua", "bisa kirim ke Papua": in general, before there is an order.
    let general =
        (has(&["berapa", "bisa", "how", "can"]) && !open && !has(&OWN)) || has(&["toko", "cara", "gimana pesan"]);
    if general {
        return Intent::None;
    }
    let shipping = about.contains(&"kirim");
    let asks = (parcel && (asks_where || open)) || (shipping && (open || (asks_where && has(&OWN))));
    if asks { Intent::Track } else { Intent::None }
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
        ] {
            assert_ne!(intent(text), Intent::Track, "{text}");
        }
    }
}
