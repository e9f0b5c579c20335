//! WhatsApp's limits.

use super::scene::*;
use crate::ids::TurnId;
use crate::message::{ContactCard, Location, MediaKind};
use crate::outgoing::{Button, MediaSource, Outgoing, ProductSection, Row, Section};
use crate::trace::{Effect, Rule};
use crate::verdict::Outcome;

#[track_caller]
fn assert_form(content: Outgoing, words: &str) {
    let look = Scene::introduced().say(Outcome::Answer, content);
    assert_refused(&look, Rule::Form);
    assert!(look.refused[0].why.contains(words), "`{words}` is not in: {}", look.refused[0].why);
}

#[track_caller]
fn assert_fine(content: Outgoing) {
    assert_passed(&Scene::introduced().say(Outcome::Answer, content));
}

fn button(id: &str, title: &str) -> Button {
    Button { id: id.to_owned(), title: title.to_owned() }
}

fn with_buttons(buttons: Vec<Button>) -> Outgoing {
    Outgoing::Buttons { body: "Halo".into(), footer: None, buttons }
}

fn list(sections: Vec<Section>) -> Outgoing {
    Outgoing::List { body: "Halo".into(), footer: None, button: "Pilih".into(), sections }
}

fn section(title: Option<&str>, rows: usize) -> Section {
    let row = |at| Row { id: format!("{title:?}{at}"), title: format!("Baris {at}"), description: None };
    Section { title: title.map(str::to_owned), rows: (0..rows).map(row).collect() }
}

#[test]
fn a_long_text_is_split_at_sentence_ends_and_nothing_is_lost() {
    let text = "Ini sebuah kalimat yang cukup panjang untuk diulang berkali-kali. ".repeat(200);
    let look = Scene::introduced().answer(&text);
    assert!(look.stored.len() >= 4);
    assert!(said(&look).iter().all(|part| part.chars().count() <= 4_096 && part.ends_with('.')));
    assert_eq!(said(&look).join(" "), text.trim());
    assert_eq!(effect_of(&look, Rule::Form), Effect::Changed);
    let ids: std::collections::BTreeSet<_> = look.stored.iter().map(|draft| draft.id).collect();
    assert_eq!(ids.len(), look.stored.len(), "every message has an id of its own");
}

#[test]
fn texts_that_are_empty_or_cannot_be_split_are_refused() {
    assert_form(Outgoing::text("  \n "), "empty");
    assert_form(Outgoing::text("a".repeat(4_097)), "cannot be split");
    assert_fine(Outgoing::text("a".repeat(4_096)));
}

#[test]
fn buttons_keep_to_whatsapps_limits() {
    assert_fine(with_buttons(vec![button("a", &"a".repeat(20)), button("b", "B"), button("c", "C")]));
    assert_form(with_buttons(vec![]), "1 to 3 buttons");
    assert_form(with_buttons((0..4).map(|at| button(&at.to_string(), &at.to_string())).collect()), "1 to 3 buttons");
    assert_form(with_buttons(vec![button("a", &"a".repeat(21))]), "21 characters");
    assert_form(with_buttons(vec![button("a", "A"), button("b", "A")]), "same title");
    assert_form(with_buttons(vec![button("a", "A"), button("a", "B")]), "same id");
    assert_form(with_buttons(vec![button(&"a".repeat(201), "A")]), "200 bytes");
    assert_form(with_buttons(vec![button("a", " ")]), "must not be empty");
    assert_form(buttons(&"a".repeat(1_025), &["A"]), "1025 characters");
    let footer = Some("a".repeat(61));
    assert_form(Outgoing::Buttons { body: "Halo".into(), footer, buttons: vec![button("a", "A")] }, "footer");
}

#[test]
fn lists_keep_to_whatsapps_limits() {
    assert_fine(list(vec![section(None, 10)]));
    assert_fine(list(vec![section(Some("A"), 5), section(Some("B"), 5)]));
    assert_form(list(vec![section(None, 11)]), "10 rows");
    assert_form(list(vec![]), "10 rows");
    assert_form(list(vec![section(None, 1), section(Some("B"), 1)]), "needs a title");
    assert_form(list(vec![section(Some("A"), 1), section(Some("B"), 0)]), "without rows");
    let mut long = section(None, 1);
    long.rows[0].title = "a".repeat(25);
    assert_form(list(vec![long]), "25 characters");
    let mut described = section(None, 1);
    described.rows[0].description = Some("a".repeat(73));
    assert_form(list(vec![described]), "73 characters");
}

#[test]
fn links_and_files_need_https() {
    let link = |url: &str| Outgoing::Link { body: "Halo".into(), label: "Buka".into(), url: url.into() };
    assert_fine(link("https://toko.example/a?b=c"));
    for url in ["http://toko.example", "javascript:alert(1)", "https://", "https:///x", "https://a b"] {
        assert_form(link(url), "https://");
    }
    let image = |url: &str| Outgoing::Media {
        media: MediaKind::Image,
        source: MediaSource::Url(url.into()),
        caption: None,
        filename: None,
    };
    assert_fine(image("https://toko.example/a.jpg"));
    assert_form(image("file:///etc/passwd"), "https://");
}

#[test]
fn captions_go_only_where_whatsapp_shows_them() {
    let media = |media, caption: String| Outgoing::Media {
        media,
        source: MediaSource::Turn(turn(1)),
        caption: Some(caption),
        filename: None,
    };
    assert_fine(media(MediaKind::Image, "a".repeat(1_024)));
    assert_form(media(MediaKind::Image, "a".repeat(1_025)), "1025 characters");
    assert_form(media(MediaKind::Audio, "a".into()), "under audio");
}

#[test]
fn places_are_on_earth() {
    let place = |latitude| Location { latitude, longitude: 106.8, name: None, address: None };
    assert_fine(Outgoing::Location(place(-6.2)));
    assert_form(Outgoing::Location(place(91.0)), "degrees");
    assert_form(Outgoing::Location(place(f64::NAN)), "degrees");
}

#[test]
fn contact_cards_have_a_name_and_a_number() {
    let cards = |name: &str, phones: &[&str]| Outgoing::Contacts {
        cards: vec![ContactCard {
            name: name.to_owned(),
            phones: phones.iter().map(|phone| (*phone).to_owned()).collect(),
        }],
    };
    assert_fine(cards("Rina", &["+62 812-9000-1122"]));
    assert_form(cards(" ", &["+62 812"]), "name");
    assert_form(cards("Rina", &[]), "without a number");
    assert_form(cards("Rina", &["call me"]), "digits");
    assert_form(Outgoing::Contacts { cards: Vec::new() }, "1 to 257");
}

#[test]
fn a_reaction_is_one_emoji_or_none() {
    let to = TurnId::from_uuid(uuid::Uuid::nil());
    let reaction = |emoji: &str| Outgoing::Reaction { to, emoji: Some(emoji.to_owned()) };
    for emoji in ["🙏", "❤️", "👩🏽‍⚕️", "1️⃣", "🅰️", "🇮🇩"] {
        assert_fine(reaction(emoji));
    }
    assert_fine(Outgoing::Reaction { to, emoji: None });
    for words in ["ok", "", " ", "é", "🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏"] {
        assert_form(reaction(words), "one emoji");
    }
}

#[test]
fn a_form_has_an_id_a_button_and_a_screen_for_what_it_is_given() {
    let form = |label: &str, form_id: &str, screen: Option<&str>, given: bool| Outgoing::Form {
        body: "Isi datanya ya kak".into(),
        footer: None,
        label: label.into(),
        form_id: form_id.into(),
        screen: screen.map(str::to_owned),
        data: given.then(|| ("kota".to_owned(), "Solo".into())).into_iter().collect(),
    };
    assert_fine(form("Isi formulir", "8812", None, false));
    assert_fine(form("Isi formulir", "8812", Some("ALAMAT"), true));
    assert_form(form(&"x".repeat(31), "8812", None, false), "31 characters");
    assert_form(form("Isi formulir", " ", None, false), "id of the form");
    assert_form(form("Isi formulir", "8812", None, true), "needs the screen");
}

#[test]
fn products_are_named_and_not_too_many() {
    let list = |sections: Vec<(Option<&str>, usize)>| Outgoing::ProductList {
        header: "Kemeja".into(),
        body: "Pilih ya kak".into(),
        footer: None,
        catalog_id: "1948".into(),
        sections: sections
            .into_iter()
            .map(|(title, products)| ProductSection {
                title: title.map(str::to_owned),
                products: (0..products).map(|at| format!("KB-{at}")).collect(),
            })
            .collect(),
    };
    assert_fine(list(vec![(None, 30)]));
    assert_fine(list(vec![(Some("Batik"), 15), (Some("Polos"), 15)]));
    assert_form(list(vec![(Some("Batik"), 16), (Some("Polos"), 15)]), "30 products");
    assert_form(list(vec![(Some("Batik"), 1), (None, 1)]), "needs a title");
    assert_form(list(vec![(Some("Batik"), 1), (Some("Polos"), 0)]), "without products");
    assert_form(list(Vec::new()), "1 to 30");
    let product = |product_id: &str| Outgoing::Product {
        body: None,
        footer: None,
        catalog_id: "1948".into(),
        product_id: product_id.into(),
    };
    assert_fine(product("KB-01"));
    assert_form(product(""), "id of a product");
}
