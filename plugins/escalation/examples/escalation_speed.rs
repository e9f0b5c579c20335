//! How long a call takes natively, in microseconds: `cargo run --release -p santun-plugin-escalation --example escalation_speed`.
//!
//! The least and the median of many rounds: alone, and with ten turns of history, for a short message and a long one.

use std::error::Error;
use std::time::Instant;

use santun_plugin::prelude::*;
use santun_plugin_escalation::Escalation;

const TEXTS: [(&str, &str); 4] = [
    ("short question", "ongkir ke malang brp kak"),
    ("late parcel", "kak pesanan aku kok blm nyampe sih, padahal udah seminggu"),
    (
        "200 bytes that call for nobody",
        "tadi pagi saya lewat taman kota sama keponakan, banyak anak main layangan di lapangan sebelah utara, terus \
         kami duduk lama di bawah pohon sambil menonton kucing oranye tidur di atas tembok bata merah",
    ),
    ("damage", "kak barangnya pecah semua pas dibuka, gimana ini 😭"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let turns = [
        ("customer", "pagi kak, hari ini cerah sekali ya di taman sebelah utara"),
        ("bot", "Pagi kak! Ada yang bisa aku bantu?"),
        ("customer", "ukuran kemeja batik apa aja"),
        ("bot", "Ukurannya S sampai XXL kak."),
        ("customer", "bisa cod ga"),
        ("bot", "Bisa kak, sampai Rp500.000."),
        ("customer", "oke siap"),
        ("bot", "Sama-sama kak."),
        ("customer", "kalau mau tukar ukuran gimana"),
        ("bot", "Bisa ditukar dalam 7 hari kak."),
    ];
    for (name, text) in TEXTS {
        for history in [&turns[..0], &turns[..]] {
            let host = TestHost::new().configure::<Escalation>("{}")?.with_history(history).change(|context| {
                context.counters.customer_messages = history.len() as u32 / 2;
            });
            let event = Event::Messages(vec![host.message(Content::Text(text.to_owned()))]);
            let context = host.context();
            let mut kind = "";
            let mut micros: Vec<f64> = (0..400)
                .map(|_| {
                    let begun = Instant::now();
                    for _ in 0..50 {
                        kind = Escalation::handle(&event, &context, &host).map_or("error", |verdict| verdict.kind());
                    }
                    begun.elapsed().as_nanos() as f64 / 50_000.0
                })
                .collect();
            micros.sort_by(f64::total_cmp);
            let (least, median) = (micros[0], micros[micros.len() / 2]);
            println!("{name}, {} turns: least {least:.1} µs, median {median:.1} µs ({kind})", history.len());
        }
    }
    Ok(())
}
