//! What words are to the ears. A word's classes say what part it can play in a request to the host.

use std::collections::HashMap;

use santun_language::{alike, is_known, normalise, root};

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Class(u64);

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $bit:literal: $words:literal;)*) => {
        impl Class {
            $($(#[$doc])* pub(super) const $name: Self = Self(1 << $bit);)*
        }

        /// The built-in words of each class, standard forms or roots.
        const WORDS: &[(Class, &str)] = &[$((Class::$name, $words),)*];
    };
}

classes! {
    /// Says nothing here: address, politeness, particles.
    FILLER = 0: "kak min gan sis bang mas mbak mba bro pak bapak bu ibu om tante bun bunda bos cik ko dong deh sih kok ya nih tuh lah loh eh aduh oke \
                 maaf terima kasih banget saja dulu sekali lho ih hmm hehe haha ayo ah oh deh so the a an just well um uh dear sir madam guys team \
                 now sekarang langsung segera cepat secepatnya asap thanks thank very much asal pun kan nya begitu aja plis us any";
    /// A greeting: before the name of a role it makes that an address.
    GREETING = 1: "halo selamat pagi siang sore malam permisi assalamualaikum hi hello hey good morning afternoon evening";
    /// Asks for something.
    DESIRE = 2: "mau ingin minta tolong mohon bisa boleh butuh perlu coba harus please want need can could would may get give let wish prefer like mending \
                 cara bagaimana how must rather carikan lebih suka berharap bersedia";
    /// A role of a human who answers.
    HUMAN = 3: "manusia admin operator petugas staf karyawan pegawai cs manajer supervisor atasan human humans agen agent agents representative rep staff manager \
                 owner pemilik helpdesk hotline resepsionis";
    /// A human of any kind.
    PERSON = 4: "orang person someone somebody people anyone anybody seseorang";
    /// Exchanging words.
    TALK = 5: "bicara chat hubungi kontak telepon ketemu diskusi konsultasi ngobrol obrol hubung konsul tanya curhat bertemu berhubungan berkomunikasi komunikasi video talk speak talking speaking contact call \
               reach chatting discuss ask telpon telfon nelpon menelepon komplain lapor negosiasi";
    /// Passing somebody on.
    CONNECT = 6: "sambungkan sambung alih alihkan teruskan panggil panggilkan hubungkan oper pindahkan pindah escalate eskalasi connect transfer forward redirect switch \
                  put pass lempar ganti limpahkan arahkan diarahkan";
    /// Being helped.
    HELP = 7: "bantu layan jawab balas tangani ditangani respon urus handle diurus helped assist assisted answered answer handled reply help";
    /// Denies.
    NEG = 8: "tidak bukan jangan belum tanpa not no never dont stop nggausah";
    /// Says that it is over and done.
    PAST = 9: "sudah tadi kemarin katanya kata pernah barusan kenapa mengapa why yesterday already was told said";
    /// A machine that answers.
    BOT = 10: "bot robot chatbot ai otomatis automated automatic chatgpt gpt bots robots autoreply autobot botnya virtual";
    /// A machine of any kind.
    MACHINE = 11: "mesin komputer program sistem machine computer software aplikasi";
    /// Whoever is answering here.
    YOU = 12: "kamu anda ini you this kalian lawan dirimu it u";
    /// Turns a sentence into a question.
    ASK = 13: "apa apakah atau r are is am or apaan benarkah kah betul memang emang ataukah do does did bukannya entah tahu nanya penasaran";
    /// Really one.
    REAL = 14: "asli benar beneran betulan sungguhan sungguh real actual live nyata living";
    /// Small words that join.
    JOIN = 15: "ke dengan sama oleh pada dari to with by from of for untuk di yang through via pakai lewat through si be being dan and";
    /// The one who writes.
    MINE = 16: "saya aku me my mine i kita kami diri pribadi milik our we punya personal gue";
    /// Ends something.
    STOP = 17: "stop berhenti henti hentikan setop matikan cukup quit end cease mute nonaktifkan unfollow opt blokir block off";
    /// Bringing something to somebody.
    SEND = 18: "kirim terima dapat hubungi chat whatsapp sms spam ganggu kirimi mengirimi send sending sends sent receive receiving get getting message messaging text texting \
                contact contacting email spamming bother bothering disturb kontak telepon dihubungi dikirim dikirimi broadcast tag teror teroran blast";
    /// What a business sends unasked.
    PROMO = 19: "promo iklan broadcast spam newsletter penawaran notifikasi marketing ads promos promotions promotion promotional offers offer advert brosur promosi langganan \
                 subscription reklame advertising list newsletters bcast diskon katalog notifications notification reminder flyer deals deal selebaran advertisements advertisement";
    /// Messages of any kind.
    MESSAGE = 20: "pesan informasi kabar whatsapp message messages texts text update updates chat sms info email kiriman beginian ginian gituan";
    /// Once more.
    AGAIN = 21: "lagi again kembali more anymore back";
    /// Begins something.
    START = 22: "mulai start resume subscribe aktifkan aktif nyalakan lanjutkan resubscribe unstop unmute hidupkan nyala restart reactivate ikut gabung join";
    /// Takes something away.
    DELETE = 23: "hapus lupakan delete erase remove forget hilangkan musnahkan wipe bersihkan dihapus buang coret keluarkan keluar cabut purge tarik";
    /// Keeps or uses something.
    KEEP = 24: "simpan kumpul catat rekam pegang punya store stored keep kept hold holding collect collected know have save saved tahu tau record records retain share sell pakai gunakan guna \
                bagikan bagi jual sebar bocor aman use used safe secure lindung olah proses ambil secured protect leak leaked diapain akses";
    /// What is known of a person.
    DATA = 25: "data privasi privacy gdpr pdp";
    /// To look into something.
    VIEW = 26: "lihat salinan salin copy export ekspor unduh download akses access see view minta tahu cek periksa show request";
    /// What.
    WHAT = 27: "apa mana siapa what which where berapa bagaimana how why kenapa";
    /// What shops sell and do: not about who answers.
    SHOP = 28: "harga tersedia stok beli jual ukuran warna kirim berapa vacuum mainan cuci jahit kopi cukur garansi anak kado diskon ongkir gambar motif kaos baju \
                bahan merek remote rakit mobil motor lego toy price stock buy order pesan pesanan cleaner figure arduino paket produk barang blender cash atm edc bor las pompa \
                jahitan obras cetak print sablon kaus topi poster stiker figur gundam transformer baterai batre servis rusak kurir transfer pembayaran bayar tiket potong cuka";
    /// Had enough.
    TIRED = 29: "lelah bosan malas muak benci kesal capai tired sick hate fed jengkel sebal ogah males";
    /// Whether somebody is there.
    THERE = 30: "ada mana online aktif standby jaga hadir siaga ready tersedia there here available on offline kemana sini sana";
    /// A list of addressees.
    LIST = 31: "daftar list grup group kontak database sistem nomor mailing broadcast langganan member system contacts number";
    /// When.
    WHEN = 32: "kapan when tanggal jam berapa sampai till until";
    /// Parcels and orders: what can be stopped or sent without the business starting anything.
    ORDER = 33: "pesanan order orders paket barang kiriman pengiriman produksi produk alamat resi kurir proses package parcel shipment shipping item delivery pembayaran transfer invoice \
                 ongkir checkout kontak kran keran kopling lamp lampu bus watch motor mobil mesin";
}

/// Words whose root would mislead: each with the classes that it has as it stands.
const AS_IT_STANDS: &[(&str, Class)] = &[
    ("pesanan", Class::ORDER),
    ("pelanggan", Class(0)),
    ("dihubungi", Class::SEND),
    ("kekurangan", Class(0)),
    ("hubungan", Class(0)),
    ("menerima", Class::SEND),
    ("diterima", Class::SEND),
    ("penjual", Class::HUMAN),
    ("penjualnya", Class::HUMAN),
    ("keadaan", Class(0)),
    ("seorang", Class::JOIN),
    ("orangtua", Class(0)),
    ("perorangan", Class(0)),
    ("kemanusiaan", Class(0)),
    ("pertanyaan", Class(0)),
    ("permintaan", Class(0)),
    ("bekal", Class(0)),
    ("kebutuhan", Class(0)),
    ("balasan", Class::HELP),
    ("jawaban", Class::HELP),
];

impl Class {
    /// Both sets together.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the sets share a class.
    pub(super) const fn is(self, any_of: Self) -> bool {
        self.0 & any_of.0 != 0
    }
}

/// The classes of all words that the ears know.
#[derive(Clone, Debug)]
pub(super) struct Lexicon {
    words: HashMap<Box<str>, Class>,
    /// Words long enough that a slip in them can be forgiven.
    forgiving: Vec<(Box<str>, Class)>,
}

/// The shortest word in which a slip is forgiven.
const FORGIVING: usize = 5;

impl Lexicon {
    /// The built-in words, and an operator's own words for a human.
    pub(super) fn new(own_human: &[String]) -> Self {
        let mut words: HashMap<Box<str>, Class> = HashMap::new();
        for (class, list) in WORDS {
            for word in list.split_whitespace() {
                let known = words.entry(word.into()).or_default();
                *known = known.or(*class);
            }
        }
        for own in own_human {
            let normalised = normalise(own);
            if let (Some(word), 1) = (normalised.words().next(), normalised.words().count()) {
                let known = words.entry(word.into()).or_default();
                *known = known.or(Class::HUMAN);
            }
        }
        for (word, class) in AS_IT_STANDS {
            words.insert((*word).into(), *class);
        }
        let key = Class::HUMAN
            .or(Class::BOT)
            .or(Class::STOP)
            .or(Class::PROMO)
            .or(Class::CONNECT)
            .or(Class::TALK)
            .or(Class::START);
        let mut forgiving: Vec<_> = words
            .iter()
            .filter(|(word, class)| word.len() >= FORGIVING && class.is(key))
            .map(|(word, class)| (word.clone(), *class))
            .collect();
        forgiving.sort_by(|a, b| a.0.cmp(&b.0));
        Self { words, forgiving }
    }

    /// The classes of a standard word: its own, else those of its root, else those of the word that it was
    /// probably meant to be.
    pub(super) fn class(&self, word: &str) -> Class {
        if let Some(class) = self.words.get(word) {
            return *class;
        }
        let root = root(word);
        if root != word
            && let Some(class) = self.words.get(root)
        {
            return *class;
        }
        if word.len() + 1 < FORGIVING || is_known(word) {
            return Class::default();
        }
        self.forgiving.iter().find(|(known, _)| alike(word, known)).map_or_else(Class::default, |(_, class)| *class)
    }
}
