//! What promises, and what only looks like it.

use super::{Promise, promise};

#[track_caller]
fn assert_promises(what: Promise, texts: &[&str]) {
    for text in texts {
        assert_eq!(promise(text), Some(what), "{text}");
    }
}

#[test]
fn waiting_times_are_recognised() {
    assert_promises(
        Promise::Wait,
        &[
            "Mohon tunggu 5 menit ya kak.",
            "Tunggu sebentar ya",
            "Waktu tunggu sekitar 10 menit.",
            "Please wait a few minutes.",
            "Estimated waiting time: 5 minutes",
            "Anda di antrean nomor 3.",
            "Tunggu 5mnt",
            "tunggu lima menit",
        ],
    );
}

#[test]
fn the_coming_of_a_human_is_recognised() {
    assert_promises(
        Promise::Human,
        &[
            "Agen kami akan segera menghubungi Anda.",
            "Admin akan membalas dalam 10 menit.",
            "CS kami segera bantu kak",
            "Kami akan segera menghubungi Anda.",
            "Anda akan segera dihubungi.",
            "Saya sambungkan ke agen ya.",
            "Saya akan meneruskan ini ke tim kami.",
            "An agent is coming.",
            "An agent will be with you shortly.",
            "A colleague is on the way.",
            "Our team will contact you soon.",
            "We will get back to you within 24 hours.",
            "I'm transferring you to a human.",
            "Chat ini sudah diteruskan ke admin",
        ],
    );
}

#[test]
fn opening_hours_are_recognised() {
    assert_promises(
        Promise::Hours,
        &[
            "Kami buka jam 9 pagi.",
            "Toko buka setiap hari pukul 08.00-20.00.",
            "Jam operasional: 09.00–17.00 WIB",
            "Buka 24 jam",
            "Jam buka kami Senin sampai Jumat 09.00-17.00",
            "We are open from 9am to 5pm.",
            "Opening hours: Monday-Friday 09:00-17:00",
            "We close at 17:00.",
            "Layanan 24/7",
            "Admin online jam 9",
        ],
    );
}

#[test]
fn look_alikes_promise_nothing() {
    for text in [
        "Estimasi pengiriman 2-3 hari.",
        "Paket tiba dalam 3 hari kerja.",
        "Refund diproses dalam 7 hari.",
        "Status: menunggu pembayaran, batas 24 jam.",
        "Kurir akan menghubungi Anda sebelum tiba.",
        "Pesan sebelum jam 14.00 dikirim hari ini.",
        "Buka aplikasi lalu pilih menu 2.",
        "Buka link ini ya kak.",
        "Ketik AGEN untuk bicara dengan admin.",
        "Ketik agen untuk disambungkan ke CS.",
        "Mau saya sambungkan ke agen?",
        "Hubungi admin kalau ada kendala.",
        "Harga agen reseller mulai Rp10.000.",
        "Garansi berlaku 12 bulan.",
        "Tim kami mengemas pesanan dengan rapi.",
        "Delivery takes 2 to 3 days.",
        "You can talk to a human at any time.",
        "Kami buka {office.hours}.",
        "Waktu tunggu saat ini {queue.wait}.",
        "Kembali dibuka {office.next-opening}.",
        "Ukuran sepatu 40 tersedia.",
        "Retur bisa dalam 1x24 jam setelah barang diterima.",
        "Please open the link to pay.",
    ] {
        assert_eq!(promise(text), None, "{text}");
    }
}
