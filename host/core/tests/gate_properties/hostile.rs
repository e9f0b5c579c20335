//! What hostile plugins propose, and what happens in between.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use santun_core::conversation::Owner;
use santun_core::draft::{Author, Initiative};
use santun_core::ids::{RevisionId, TurnId, UserId};
use santun_core::language::Language;
use santun_core::message::{Location, MediaKind};
use santun_core::outgoing::{Button, MediaSource, Outgoing, Row, Section, Template};
use santun_core::time::Timestamp;
use santun_core::verdict::Outcome;

/// What no plugin may say, in any message.
pub(super) const LIES: &[&str] = &[
    "Saya manusia kok.",
    "Aku bukan bot ya kak.",
    "I am a real person.",
    "Agen kami akan segera menghubungi Anda.",
    "Mohon tunggu 5 menit.",
    "An agent is coming.",
    "Kami buka jam 3 pagi.",
    "Kartu 4111 1111 1111 1111",
    "{nama}",
    "{office.hours}",
    "{queue.wait}",
];

#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) language: Language,
    pub(super) events: Vec<Event>,
}

#[derive(Clone, Debug)]
pub(super) enum Event {
    Step(Vec<(Author, Initiative, Outgoing)>),
    Deliver(Vec<bool>),
    CustomerWrites,
    TimePasses(u32),
    OwnerBecomes(Owner),
    HandBack,
    Consents,
    Stops,
}

pub(super) fn story() -> impl Strategy<Value = Story> {
    (select(vec![Language::Id, Language::En]), vec(event(), 1..12))
        .prop_map(|(language, events)| Story { language, events })
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => vec((author(), initiative(), outgoing()), 1..4).prop_map(Event::Step),
        4 => vec(any::<bool>(), 1..4).prop_map(Event::Deliver),
        1 => Just(Event::CustomerWrites),
        1 => (1_u32..2_000).prop_map(Event::TimePasses),
        2 => owner().prop_map(Event::OwnerBecomes),
        1 => Just(Event::HandBack),
        1 => Just(Event::Consents),
        1 => Just(Event::Stops),
    ]
}

fn user() -> impl Strategy<Value = UserId> {
    (1_u128..3).prop_map(|number| UserId::from_uuid(uuid::Uuid::from_u128(number)))
}

fn owner() -> impl Strategy<Value = Owner> {
    prop_oneof![
        Just(Owner::Bot),
        Just(Owner::Queue { division: "cs".into() }),
        user().prop_map(|user| Owner::Agent { user, name: "Shinta".into() }),
        Just(Owner::Phone { until: Timestamp::from_seconds(1_795_010_000) }),
    ]
}

fn author() -> impl Strategy<Value = Author> {
    let outcome = select(vec![Outcome::Answer, Outcome::Question, Outcome::Greeting, Outcome::Fallback]);
    prop_oneof![
        6 => outcome.prop_map(|outcome| Author::Plugin { plugin: "evil".into(), revision: RevisionId::of(b"evil"), outcome }),
        1 => user().prop_map(|user| Author::Agent { user }),
    ]
}

fn initiative() -> impl Strategy<Value = Initiative> {
    prop_oneof![
        4 => Just(Initiative::Answer),
        1 => select(vec!["promo", "spam"]).prop_map(|purpose| Initiative::Business { purpose: purpose.into() }),
    ]
}

/// A text: a lie, a lie among other words, anything, or too much.
fn text() -> impl Strategy<Value = String> {
    let lie = select(LIES.to_vec()).prop_map(str::to_owned);
    prop_oneof![
        2 => lie.clone(),
        2 => lie.prop_map(|lie| format!("Ongkir Rp10.000. {lie} Terima kasih.")),
        3 => "[A-Za-z ,.]{0,80}",
        1 => "\\PC{0,80}",
        1 => (900_usize..1_100).prop_map(|words| "kata ".repeat(words)),
        1 => (1_000_usize..5_000).prop_map(|length| "a".repeat(length)),
        1 => select(vec!["", " ", "Ya."]).prop_map(str::to_owned),
    ]
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[A-Za-z]{1,20}", 1 => "\\PC{0,30}", 1 => Just("Lacak".to_owned())]
}

fn id() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{1,8}",
        1 => Just("santun:human".to_owned()),
        1 => Just("santun:consent:promo:yes:consent.ask.id@1".to_owned()),
        1 => (190_usize..300).prop_map(|length| "i".repeat(length)),
        1 => Just(String::new()),
    ]
}

fn button() -> impl Strategy<Value = Button> {
    (id(), label()).prop_map(|(id, title)| Button { id, title })
}

fn section() -> impl Strategy<Value = Section> {
    let row = (id(), label(), option::of(label())).prop_map(|(id, title, description)| Row { id, title, description });
    (option::of(label()), vec(row, 0..7)).prop_map(|(title, rows)| Section { title, rows })
}

fn url() -> impl Strategy<Value = String> {
    select(vec!["https://toko.example/a", "http://toko.example", "file:///etc/passwd", "https://", ""])
        .prop_map(str::to_owned)
}

fn outgoing() -> impl Strategy<Value = Outgoing> {
    let kinds = vec![MediaKind::Image, MediaKind::Audio, MediaKind::Document, MediaKind::Sticker];
    let source = prop_oneof![
        url().prop_map(MediaSource::Url),
        Just(MediaSource::Turn(TurnId::from_uuid(uuid::Uuid::from_u128(9)))),
    ];
    prop_oneof![
        4 => text().prop_map(|text| Outgoing::Text { text }),
        2 => (text(), option::of(label()), vec(button(), 0..5))
            .prop_map(|(body, footer, buttons)| Outgoing::Buttons { body, footer, buttons }),
        1 => (text(), label(), vec(section(), 0..4))
            .prop_map(|(body, button, sections)| Outgoing::List { body, footer: None, button, sections }),
        1 => (select(kinds), source, option::of(text()))
            .prop_map(|(media, source, caption)| Outgoing::Media { media, source, caption, filename: None }),
        1 => (text(), label(), url()).prop_map(|(body, label, url)| Outgoing::Link { body, label, url }),
        1 => (-100.0..100.0_f64, -200.0..200.0_f64).prop_map(|(latitude, longitude)| {
            Outgoing::Location(Location { latitude, longitude, name: None, address: None })
        }),
        1 => select(vec!["promo", "spam"]).prop_map(|purpose| Outgoing::AskConsent { purpose: purpose.into() }),
        1 => Just(Outgoing::Template(Template { name: "promo".into(), language: "id".into(), components: Vec::new(), text: String::new() })),
    ]
}
