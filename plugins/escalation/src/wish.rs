//! An everyday wish: *i want to buy a shirt*, *tolong bantu saya*, *please send me the invoice*.
//!
//! The model has met such beginnings mostly before a complaint, and would take the wish itself for one. A wish to buy
//! wholesale is one of them as long as no number is named and nothing is bargained over: *mau grosir dong* is for
//! whoever of the chain serves it, *mau 200 pcs, bisa kurang?* for a human.

use santun_language::{Words, words};

use crate::cues::{Cue, Cues};

/// What a wish is told with.
const WISHES: Words = words!(
    "\
    want wanna need like please pls plz can could may mau ingin pengen tolong minta boleh bisa jadi agen \
    reseller dropship"
);

/// What may stand beside it, and is no trouble by itself.
const EVERYDAY: Words = words!(
    "\
    i id im ill would to you me us we my the a an some one two this that these it do have get see know ask about \
    for on of with in at what where which how when much is are and more help send give show tell make place \
    order orders buy pay receive continue track check update updates status package parcel delivery shipping \
    price prices list invoice receipt catalog catalogue menu product products item items size color colour shirt \
    shoes info information details address location payment hi hello hey ya kak kakak min gan sis dong deh nih \
    kok tanya bantu bantuin dibantu beli pesan bayar kirim kirimin lihat liat cek tahu infonya harga harganya \
    katalog katalognya ukuran warna kalian toko ini itu yang yg ada produk batik kaos \
    kemeja jaket sepatu tas bag dress jacket barang invoicenya rekening alamat ongkir stok ready aku saya"
);

/// Wholesale by its name: a wish by itself, *grosir dong kak*.
const WHOLESALE: Words = words!("grosir grosiran grosirnya wholesale bulk borongan reseller dropship dropshipper");

/// Cues of what is wished for, rather than of trouble.
const NEUTRAL: [Cue; 5] = [Cue::Product, Cue::PriceAsk, Cue::Want, Cue::Greeting, Cue::Delivery];

/// Words beyond the lexicon that no everyday wish has.
const GRAVE: Words = words!(
    "\
    scream cry die end hurt kill human person someone manager owner boss speak talk report sue orang manusia"
);

/// Whether a message is a wish, and every word of it is an everyday one but at most so many, of which nothing is
/// known.
pub(crate) fn is_plain(cues: &Cues, strange: usize) -> bool {
    let words = || cues.text().split(' ').filter(|word| !word.is_empty());
    let wholesale = words().any(|word| WHOLESALE.has(word));
    if wholesale && words().any(|word| word.bytes().any(|byte| byte.is_ascii_digit())) {
        return false;
    }
    let wishes = wholesale || words().any(|word| WISHES.has(word));
    let (mut unknown, mut others) = (0, 0);
    for (word, _, meant) in cues.each() {
        if [WISHES, EVERYDAY, WHOLESALE].iter().any(|list| list.has(word)) {
            continue;
        }
        match meant.is_empty() && !GRAVE.has(word) {
            true => unknown += 1,
            false if !meant.is_empty() && Cues::means_only(meant, &NEUTRAL) => {}
            false => others += 1,
        }
    }
    wishes && others == 0 && unknown <= strange
}
