//! Waits, hours, and humans to come.

use super::scene::*;
use crate::language::Language;
use crate::outgoing::Outgoing;
use crate::texts::TextKey;
use crate::trace::{Effect, Rule};
use crate::verdict::Outcome;

#[test]
fn hours_are_filled_from_the_office() {
    let look = Scene::introduced().answer("Kami buka {office.hours} ya kak.");
    assert_eq!(said(&look), ["Kami buka Senin–Jumat 09.00–17.00, Sabtu 09.00–13.00 ya kak."]);
    assert_eq!(effect_of(&look, Rule::Promises), Effect::Changed);
}

#[test]
fn the_next_opening_is_said_as_people_say_it() {
    let mut scene = Scene::introduced();
    scene.now = at("2026-11-23T18:00:00+07:00");
    assert_eq!(said(&scene.answer("Buka lagi {office.next-opening}.")), ["Buka lagi besok pukul 09.00."]);
}

#[test]
fn a_wait_is_stated_only_if_it_was_measured_and_somebody_is_there() {
    let mut scene = Scene::introduced();
    let unknown = scene.words(TextKey::WaitUnknown, &[]);
    assert_eq!(said(&scene.answer("Waktu tunggu: {queue.wait}")), [format!("Waktu tunggu: {unknown}")]);
    scene.presence.wait_minutes.insert("cs".into(), 4);
    assert_eq!(said(&scene.answer("Waktu tunggu kini: {queue.wait}")), [format!("Waktu tunggu kini: {unknown}")]);
    scene.presence.available.insert("cs".into(), 1);
    let measured = scene.words(TextKey::WaitAbout, &[("minutes", "4")]);
    assert_eq!(
        said(&scene.answer("Waktu tunggu sekarang: {queue.wait}")),
        [format!("Waktu tunggu sekarang: {measured}")]
    );
}

#[test]
fn an_unknown_placeholder_is_refused_by_name() {
    let look = Scene::introduced().answer("Halo {nama}!");
    assert_refused(&look, Rule::Promises);
    assert!(look.refused[0].why.contains("{nama}"), "{}", look.refused[0].why);
}

#[test]
fn other_braces_are_just_braces() {
    for text in ["Kode: {\"a\": 1}", "{}", "{", "a } b { c", "{ nama }"] {
        assert_eq!(said(&Scene::introduced().answer(text)), [text]);
    }
}

#[test]
fn a_sentence_that_promises_is_taken_out() {
    let look =
        Scene::introduced().answer("Pesanan sudah dikirim. Agen kami akan segera menghubungi Anda. Terima kasih!");
    assert_eq!(said(&look), ["Pesanan sudah dikirim. Terima kasih!"]);
    assert_eq!(effect_of(&look, Rule::Promises), Effect::Changed);
}

#[test]
fn a_message_that_only_promises_is_refused() {
    for text in ["Mohon tunggu 5 menit.", "An agent is coming.", "Saya sambungkan ke admin ya."] {
        assert_refused(&Scene::introduced().answer(text), Rule::Promises);
    }
}

#[test]
fn hours_of_a_plugins_own_give_way_to_the_true_ones() {
    let mut scene = Scene::introduced();
    let look = scene.answer("Toko di Bandung. Kami buka jam 8 pagi. Datang ya!");
    assert_eq!(said(&look), ["Toko di Bandung. Jam buka kami: Senin–Jumat 09.00–17.00, Sabtu 09.00–13.00. Datang ya!"]);
    scene.conversation.language = Language::En;
    let look = scene.answer("We open at 8am.");
    assert_eq!(said(&look), ["Our opening hours: Monday–Friday 09:00–17:00, Saturday 09:00–13:00."]);
}

#[test]
fn a_button_that_promises_is_refused() {
    let look = Scene::introduced().say(Outcome::Answer, buttons("Halo", &["Tunggu 5 menit"]));
    assert_refused(&look, Rule::Promises);
}

#[test]
fn deliveries_are_the_businesss_own_to_promise() {
    let text = "Estimasi pengiriman 2-3 hari. Kurir akan menghubungi Anda.";
    assert_eq!(said(&Scene::introduced().answer(text)), [text]);
}

#[test]
fn captions_are_read_too() {
    let content = Outgoing::Link {
        body: "Lihat katalog. Admin akan membalas dalam 5 menit.".into(),
        label: "Katalog".into(),
        url: "https://toko.example".into(),
    };
    assert_eq!(said(&Scene::introduced().say(Outcome::Answer, content)), ["Lihat katalog."]);
}
