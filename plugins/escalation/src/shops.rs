//! What people write to shops every day, as messages that call nobody: `../concepts/shops`, where `#` begins a shop,
//! `=` an entry of its FAQ, and below that stands what is answered with it, below `!` what no entry answers.
//!
//! They are chosen by entry: what its question is about is known, what each message is about is not. Below an entry
//! about opening hours nearly all are calm; below one about damage some tell of a thing that is broken and some ask
//! what would be if it were.

use std::path::{Path, PathBuf};

/// Of so many shops one is never learnt from: how calm the plugin is is measured on those.
const HELD_OUT: usize = 5;
/// Of so many messages to the others one is learnt from: some thirteen thousand. The more, the calmer, and the more of
/// what needs a human is missed: of half as many shops with one of four recall was 0.774 and 0.071 of the shops held out
/// called, with all 0.754 and 0.053.
const EVERY: usize = 4;

/// How words begin that make an entry one below which people may need a human. Whole words end with `.`.
const GRAVE: &str = "\
    keluh komplain kritik saran. masukan lapor melapor dilapor menyampaikan aduan pengaduan mengadu kecewa puas \
    kepuasan ulasan penilaian kekerasan buruk \
    cacat robek sobek lecet penyok basi. busuk layu mencair meleleh tumpah hancur error gagal masalah bermasalah \
    mengelupas luntur bau. kotor noda. melempem kedaluwarsa kadaluarsa kadaluwarsa hangus gosong mentah berjamur \
    salah kesalah keliru tertukar kurang kekurang berkurang hilang kehilang bukan. berbeda berubah sesuai kelebihan \
    selisih nyangkut tersisa sisa. \
    refund kembali pengembali mengembali dikembali retur klaim ganti kompensasi garansi bergaransi dobel ganda \
    ditolak penolakan denda beku dibeku blokir diblokir sengketa tanggung bertanggung menanggung ditanggung risiko \
    resiko uangku duit. \
    batal pembatal dibatal membatal ubah mengubah merubah diubah perubah ralat mengganti diganti pengganti tukar \
    menukar ditukar penukar pindah memindah dipindah tunda menunda ditunda penunda mundur geser ulang. reschedule \
    menghentikan berhenti stop lupa terlanjur cuti menambah tambah ditambah mengurangi dikurangi nyusul menyusul ingin \
    jadi. \
    terlambat keterlambat telat lambat belum. mengapa kenapa tidak. tak. gak. ga. nggak sering terus kok. molor \
    menunggu antre jika. bila. apabila. kalau. padahal setelah sesudah pasca tiba. diterima terjadi terkena lacak \
    melacak menanyakan \
    tawar menawar ditawar penawar nego diskon potongan keringanan grosir jumlah banyak partai. borong kerja kerjasama \
    reseller mitra kemitra sponsor endorse pemasok suplier supplier franchise waralaba perusahaan instansi kantor \
    custom kustom request permintaan khusus ide. inspirasi rekomendasi konsep merancang rancang \
    aman keamanan keselamat bahaya berbahaya efek alergi hamil luka. sakit nyeri pusing iritasi infeksi kecelaka cedera \
    darurat racun keracun mabuk demam muntah diare sesak kejang gejala depresi sedih kesedih cemas psikolog konseling \
    meninggal duka. kematian kremasi tilang polisi hukum palsu asli. keaslian penipu tipu curiga hoaks curi pencuri \
    kemaling tabrak banjir kebakar bencana \
    privasi data. rahasia dirahasia kerahasia rekam akun sandi. pin. otp. cctv \
    pegawai staf petugas kasir pelayan penangan sikap perilaku sopan kasar. ramah penjaga satpam instruktur pengemudi \
    sopir kurir manajer pemilik atasan \
    ketinggal tertinggal ditinggal tersangkut bukti";

/// What is wrong with a thing: a matter for a human if the shop sold it, and its trade if the shop mends it.
const WRONG: &str = "\
    rusak kerusak pecah bocor retak patah mati. mogok macet";

/// A question about mending.
const MENDS: &str = "perbaik memperbaiki diperbaiki servis service tambal reparasi bengkel";

/// A message to a shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The number of the shop.
    pub shop: usize,
    /// What was written.
    pub text: String,
}

/// The messages below entries of which it is known that nearly all are calm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// What is learnt from.
    pub learnt: Vec<Message>,
    /// What is measured with: of other shops.
    pub held_out: Vec<Message>,
}

/// Reads them, in the order of the files.
///
/// # Errors
///
/// If the folder or one of its files cannot be read.
pub fn calm() -> std::io::Result<Messages> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../concepts/shops");
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    let mut shops = 0;
    let mut messages = Messages::default();
    for file in files {
        let (held_out, mut learnt): (Vec<_>, Vec<_>) = of_file(&std::fs::read_to_string(file)?, &mut shops)
            .into_iter()
            .partition(|message| message.shop % HELD_OUT == 0);
        messages.held_out.extend(held_out);
        let mut at = 0..;
        learnt.retain(|_| at.next().is_some_and(|at| at % EVERY == 0));
        messages.learnt.extend(learnt);
    }
    Ok(messages)
}

/// The calm messages of a file; `shops` counts on.
fn of_file(text: &str, shops: &mut usize) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut calm = false;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with('#') {
            (*shops, calm) = (*shops + 1, false);
        } else if line == "!" {
            calm = false;
        } else if let Some(question) = line.strip_prefix('=') {
            calm = is_calm(question);
        } else if calm {
            messages.push(Message { shop: *shops, text: line.to_owned() });
        }
    }
    messages
}

/// Whether what is written below an entry with this question is nearly all calm.
fn is_calm(question: &str) -> bool {
    let about = |stems: &str| {
        let lower = question.to_lowercase();
        let mut words = lower.split(|ch: char| !ch.is_alphanumeric());
        words.any(|word| {
            stems.split_whitespace().any(|stem| match stem.strip_suffix('.') {
                Some(whole) => word == whole,
                None => word.starts_with(stem),
            })
        })
    };
    !about(GRAVE) && (!about(WRONG) || about(MENDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_chosen_by_what_their_entry_is_about() {
        let shops = "# a shop\n= Jam buka?\nbuka jam brp\n= Barang rusak\npecah nih\n= Apakah servis kulkas bocor?\n\
                     kulkas netes\n!\napa kabar\n# another\n= Garansi servis AC\nrusak lagi\n= Ongkir\nongkir dong\n";
        let mut count = 0;
        let found = of_file(shops, &mut count);
        let found: Vec<(usize, &str)> = found.iter().map(|message| (message.shop, &*message.text)).collect();
        assert_eq!(found, [(1, "buka jam brp"), (1, "kulkas netes"), (2, "ongkir dong")]);
    }
}
