//! The words that customers type to a menu, with spaces between.

use santun_language::{Words, words};

/// How somebody says hello.
pub(super) const PLAIN: Words = words!(
    "\
    halo hallo hlo alo hello helo hi hai hay hei hey hy hola permisi misi punten p ping tes test tess shalom salam \
    swastiastu namo budaya sugeng greetings yo"
);
/// The salam, as it is spelt.
pub(super) const SALAM: Words = words!(
    "\
    assalamualaikum asalamualaikum assalamuallaikum assalamu alaikum askum samlekum samlikum asslmkm assalamualaykum \
    assalamuailkum ass aslmkm alaykum wr wb warahmatullahi wabarakatuh mikum"
);
/// The morning.
pub(super) const MORNING: Words = words!("pagi morning enjing pg");
/// Midday.
pub(super) const MIDDAY: Words = words!("siang noon");
/// The afternoon.
pub(super) const AFTERNOON: Words = words!("sore afternoon sonten petang");
/// The evening.
pub(super) const EVENING: Words = words!("malam malem evening mlm dalu night");
/// Who is spoken to.
pub(super) const VOCATIVES: Words = words!(
    "\
    kak kaka kakak ka min mimin admin gan agan sis sist bro om tante bu ibu pak bapak mas mbak mba bang bos boss kk \
    ci koh teh cs there sir team tim semua all dear sayang say cantik bestie bund bunda"
);
/// What stands beside a greeting.
pub(super) const FILLERS: Words = words!(
    "\
    selamat slamat met good mau mo tanya nanya nnya tnya bertanya dong donk ya yaa nih ni boleh bisa izin ijin \
    numpang dulu sebentar sih lagi saya aku ada orang apa kabar i a have question the to can ask salam sejahtera"
);
/// Thanks.
pub(super) const THANKS: Words = words!(
    "\
    makasih makasi mksh mksih makasiih terimakasih trimakasih kasih terima trima trims thx thanks thank thankyou tq \
    ty tengkyu nuhun suwun nuwun maturnuwun hatur matur tks trm ksh maaci maacih macih thnks tengs appreciate"
);
/// Nods.
pub(super) const FINE: Words = words!(
    "\
    oke ok okey okay okee oki okok okedeh sip siip sipp siap baik baiklah mantap mantab mantul noted iya iy y yup \
    yoi yes ya yaa betul jos joss great nice cool good fine perfect aman clear lah deh paham ngerti mengerti"
);
/// What stands beside thanks and nods.
pub(super) const CLOSING_FILLERS: Words = words!(
    "\
    banyak bnyk banget bgt ya yaa yah deh dah sudah udah atas info infonya informasinya bantuannya bantuan you so \
    much very lot for your help the a dulu kalau begitu kalo gitu sekali loh lho nya jawabannya responnya it"
);
/// Kind words about who answers; they ask for nothing.
pub(super) const PRAISE: Words = words!("ramah ramahnya friendly helpful membantu sopan terbantu");
/// What is said over an answer, rather than asked.
pub(super) const MUSING: Words = words!(
    "\
    hmm hm hem ehm oh ohh ooh oo o oalah owalah ah aha eh wah wih wow nah gitu gituu gt begitu asik asyik lucu \
    kirain cie lol lmao ngakak see i haha canda bercanda"
);
/// What stands beside a wish for the menu.
pub(super) const MENU: Words = words!(
    "\
    menu mnu menunya bantuan help opsi pilihan daftar start mulai options utama awal lihat liat tampilkan show main \
    home"
);
/// The menu is wanted.
pub(super) const MENU_KEYS: Words = words!("menu mnu menunya help opsi bantuan options start");
/// One level up.
pub(super) const BACK: Words = words!("kembali kmbali balik back kembli sebelumnya");
/// What stands beside a wish to end it.
pub(super) const CANCEL: Words = words!(
    "\
    batal cancel gajadi gakjadi gkjadi udahan nevermind nvm jadi jd ga gak gk ngga nggak ngg engga enggak tidak tdk \
    never mind"
);
/// Whatever is under way should end.
pub(super) const CANCEL_KEYS: Words = words!("batal cancel gajadi gakjadi gkjadi udahan nevermind nvm");
/// Says no.
pub(super) const NOT: Words = words!("ga gak gk ngga nggak ngg engga enggak tidak tdk");
