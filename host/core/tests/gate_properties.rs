//! Whatever plugins propose, in whatever order, with whatever happening in between: nothing undisclosed,
//! unconsented, out of the window, over-long or over a human gets out.
//!
//! The test keeps its own book of what WhatsApp has accepted and judges every cleared message by it. A
//! failure prints its seed and the shortest story that shows it.

#[path = "gate_properties/hostile.rs"]
mod hostile;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use hostile::{Event, Story, story};
use proptest::prelude::*;
use santun_core::bot::Bot;
use santun_core::conversation::{Conversation, Disclosure, Owner, Session};
use santun_core::draft::{Author, Draft, Initiative, StoredDraft, Voice};
use santun_core::ears::reserved;
use santun_core::facts::{Facts, Presence};
use santun_core::gate::{FirstLook, SecondLook, first_look, second_look};
use santun_core::identity::{Bsuid, Identity};
use santun_core::ids::{ContactId, ConversationId, StepId, TurnId};
use santun_core::language::Language;
use santun_core::outgoing::Outgoing;
use santun_core::templates::Stopped;
use santun_core::texts::{TextKey, Texts};
use santun_core::time::Timestamp;
use santun_core::trace::Rule;
use santun_core::verdict::Outcome;
use santun_core::world::World;

static PRESENCE: LazyLock<Presence> = LazyLock::new(Presence::default);
static STOPPED: LazyLock<Stopped> = LazyLock::new(Stopped::default);
static TEXTS: LazyLock<Texts> = LazyLock::new(Texts::built_in);
static BOT: LazyLock<Bot> = LazyLock::new(|| {
    Bot::parse(
        r#"
        [bot]
        name = "Sari"
        business = "Toko Contoh"
        about = "pesanan dan ongkir"
        [[channel]]
        name = "utama"
        phone_number_id = "1"
        [[division]]
        name = "cs"
        [office]
        timezone = "Asia/Jakarta"
        hours = { mon-sat = "09:00-17:00" }
        [purpose.promo]
        id = "info promo"
        en = "promotions"
        "#,
    )
    .unwrap()
});

struct Counting(AtomicU64);

impl World for Counting {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(0)
    }

    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes();
        for (byte, number) in bytes.iter_mut().zip(number.into_iter().cycle()) {
            *byte = number;
        }
    }
}

/// The host around the gate, as small as it can be, with a book of its own.
struct Host {
    world: Counting,
    now: Timestamp,
    conversation: Conversation,
    outbox: Vec<StoredDraft>,
    /// Whether WhatsApp accepted, in this session, a message that says that a bot is speaking.
    told: bool,
}

impl Host {
    fn new(story: &Story) -> Self {
        let now = Timestamp::from_seconds(1_795_000_000);
        let id = uuid::Uuid::from_u128(1);
        let (conversation, contact) = (ConversationId::from_uuid(id), ContactId::from_uuid(id));
        let mut conversation = Conversation::new(conversation, "1".into(), contact, story.language, now);
        conversation.last_customer_at = Some(now);
        Self { world: Counting(AtomicU64::new(1)), now, conversation, outbox: Vec::new(), told: false }
    }

    fn facts(&self) -> Facts<'static> {
        Facts { now: self.now, bot: &BOT, texts: &TEXTS, presence: &PRESENCE, stopped: &STOPPED }
    }

    fn play(&mut self, event: &Event) {
        match event {
            Event::Step(drafts) => self.decide(drafts),
            Event::Deliver(accepted) => self.deliver(accepted),
            Event::CustomerWrites => self.conversation.last_customer_at = Some(self.now),
            Event::TimePasses(minutes) => self.now = self.now.plus_minutes(*minutes),
            Event::OwnerBecomes(owner) => self.conversation.owner = owner.clone(),
            Event::HandBack => {
                self.conversation.owner = Owner::Bot;
                self.conversation.session = Session::begun(self.conversation.session.ordinal + 1, self.now);
                self.conversation.session.after_hand_back = true;
                self.told = false;
            }
            Event::Consents => {
                self.conversation.consents.granted.insert("promo".into(), self.now);
            }
            Event::Stops => self.conversation.consents.opted_out_at = Some(self.now),
        }
    }

    fn decide(&mut self, drafts: &[(Author, Initiative, Outgoing)]) {
        let drafts: Vec<Draft> = drafts
            .iter()
            .map(|(author, initiative, content)| Draft {
                id: TurnId::new(&self.world),
                author: author.clone(),
                initiative: initiative.clone(),
                content: content.clone(),
            })
            .collect();
        let ids: Vec<TurnId> = drafts.iter().map(|draft| draft.id).collect();
        let step = StepId::new(&self.world);
        let facts = self.facts();
        let look = first_look(drafts, step, &mut self.conversation, &facts, &self.world);
        assert_accounted_for(&ids, &look);
        self.assert_fallbacks_offer_a_human(&look);
        self.outbox.extend(look.stored);
    }

    fn assert_fallbacks_offer_a_human(&self, look: &FirstLook) {
        let is_fallback =
            |draft: &StoredDraft| matches!(draft.author, Author::Plugin { outcome: Outcome::Fallback, .. });
        if !look.stored.iter().any(is_fallback) {
            return;
        }
        let (word, _) = TEXTS.say(TextKey::HumanWord, self.conversation.language, &[]);
        let (offer, _) = TEXTS.say(TextKey::HumanPathOffer, self.conversation.language, &[("human_word", &word)]);
        let offered = look.stored.iter().any(|draft| {
            tap_ids(&draft.content).contains(&reserved::HUMAN) || draft.content.words().contains(offer.trim())
        });
        assert!(offered, "a fallback without a way to a human");
    }

    fn deliver(&mut self, accepted: &[bool]) {
        let mut accepted = accepted.iter().copied().cycle();
        for draft in std::mem::take(&mut self.outbox) {
            let accepts = accepted.next().unwrap_or(true);
            match self.look(draft.clone()) {
                SecondLook::Cleared(message) => self.send(&draft, message.content(), accepts),
                SecondLook::Refused(..) => {}
                SecondLook::DiscloseFirst(introduction) => {
                    if let SecondLook::Cleared(message) = self.look(introduction.clone()) {
                        self.send(&introduction, message.content(), accepts);
                    }
                    if let SecondLook::Cleared(message) = self.look(draft.clone()) {
                        self.send(&draft, message.content(), accepts);
                    }
                }
            }
        }
    }

    fn look(&self, draft: StoredDraft) -> SecondLook {
        let recipient = Identity { bsuid: Some(Bsuid::new("ID.1")), ..Identity::default() };
        second_look(draft, recipient, &self.conversation, &self.facts(), &self.world)
    }

    fn send(&mut self, draft: &StoredDraft, content: &Outgoing, accepts: bool) {
        self.judge(draft, content);
        if accepts && draft.discloses {
            self.told = true;
            self.conversation.session.disclosure = Disclosure::Made { at: self.now };
        }
    }

    /// Judges a message that is about to be sent, by the book and not by the gate's own notes.
    fn judge(&self, draft: &StoredDraft, content: &Outgoing) {
        let owner = &self.conversation.owner;
        let as_bot = match &draft.author {
            Author::Plugin { .. } | Author::Host { voice: Voice::Bot, .. } => {
                assert_eq!(*owner, Owner::Bot, "the bot speaks over a human");
                true
            }
            Author::Host { voice: Voice::Waiting, .. } => {
                assert!(matches!(owner, Owner::Bot | Owner::Queue { .. }), "the bot speaks over a human");
                true
            }
            Author::Host { voice: Voice::Queued, .. } => {
                assert!(matches!(owner, Owner::Bot | Owner::Queue { .. }), "the bot speaks over a human");
                let waits = *owner != Owner::Bot || self.conversation.request.is_some();
                assert!(waits, "nobody waits for a human any more: {content:?}");
                true
            }
            Author::Host { voice: Voice::Answer, .. } => matches!(owner, Owner::Bot | Owner::Queue { .. }),
            Author::Host { voice: Voice::Always, .. } => false,
            Author::Agent { user } => {
                assert!(matches!(owner, Owner::Agent { user: owner, .. } if owner == user), "another agent speaks");
                false
            }
        };
        if as_bot {
            let says_so = draft.discloses && content.words().contains("Sari");
            assert!(self.told || says_so, "the customer was not told that a bot is speaking: {content:?}");
        }
        let open = self.conversation.last_customer_at.is_some_and(|last| self.now < last.plus_hours(24));
        assert!(open || matches!(content, Outgoing::Template(_)), "outside the window: {content:?}");
        if let Initiative::Business { purpose } = &draft.initiative {
            let consents = &self.conversation.consents;
            let granted = consents.granted.get(purpose).expect("without consent");
            assert!(consents.opted_out_at.is_none_or(|out| out < *granted), "after a stop");
        }
        assert_fits(content);
        if matches!(draft.author, Author::Plugin { .. }) {
            assert_true(content);
        }
    }
}

/// Every draft is stored or refused, and every rule ruled on it.
fn assert_accounted_for(ids: &[TurnId], look: &FirstLook) {
    for id in ids {
        let stored = look.stored.iter().filter(|draft| draft.id == *id).count();
        let refused = look.refused.iter().filter(|refusal| refusal.turn == *id).count();
        assert_eq!(stored + refused, 1, "a draft is stored or refused, once");
        let rules: Vec<Rule> =
            look.rulings.iter().filter(|ruling| ruling.turn == *id).map(|ruling| ruling.rule).collect();
        assert_eq!(rules, Rule::ALL);
    }
    assert_eq!(look.nothing_left(), !ids.is_empty() && look.stored.is_empty());
}

fn tap_ids(content: &Outgoing) -> Vec<&str> {
    match content {
        Outgoing::Buttons { buttons, .. } => buttons.iter().map(|button| button.id.as_str()).collect(),
        Outgoing::List { sections, .. } => {
            sections.iter().flat_map(|section| &section.rows).map(|row| row.id.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// WhatsApp's limits, written down a second time.
fn assert_fits(content: &Outgoing) {
    let chars = |text: &str| text.chars().count();
    match content {
        Outgoing::Text { text } => assert!((1..=4_096).contains(&chars(text))),
        Outgoing::Buttons { body, footer, buttons } => {
            assert!((1..=1_024).contains(&chars(body)));
            assert!(footer.iter().all(|footer| chars(footer) <= 60));
            assert!((1..=3).contains(&buttons.len()));
            assert!(buttons.iter().all(|button| (1..=20).contains(&chars(&button.title)) && button.id.len() <= 256));
            let titles: std::collections::BTreeSet<_> = buttons.iter().map(|button| &button.title).collect();
            assert_eq!(titles.len(), buttons.len());
        }
        Outgoing::List { body, button, sections, .. } => {
            assert!((1..=4_096).contains(&chars(body)) && (1..=20).contains(&chars(button)));
            let rows: Vec<_> = sections.iter().flat_map(|section| &section.rows).collect();
            assert!((1..=10).contains(&rows.len()));
            assert!(rows.iter().all(|row| (1..=24).contains(&chars(&row.title)) && row.id.len() <= 200));
            assert!(rows.iter().flat_map(|row| &row.description).all(|description| chars(description) <= 72));
        }
        Outgoing::Media { caption, .. } => assert!(caption.iter().all(|caption| chars(caption) <= 1_024)),
        Outgoing::Location(place) => assert!(place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0),
        Outgoing::Link { body, label, url } => {
            assert!((1..=1_024).contains(&chars(body)) && (1..=20).contains(&chars(label)));
            assert!(url.starts_with("https://"));
        }
        Outgoing::AskConsent { .. } => panic!("a question for consent without words"),
        Outgoing::Template(_) => {}
        Outgoing::Contacts { cards } => {
            assert!((1..=257).contains(&cards.len()));
            assert!(cards.iter().all(|card| !card.name.trim().is_empty() && !card.phones.is_empty()));
        }
        Outgoing::Reaction { emoji, .. } => assert!(emoji.iter().all(|emoji| (1..=16).contains(&chars(emoji)))),
        Outgoing::Product { body, product_id, .. } => {
            assert!(body.iter().all(|body| (1..=1_024).contains(&chars(body))) && !product_id.is_empty());
        }
        Outgoing::ProductList { header, body, sections, .. } => {
            assert!((1..=60).contains(&chars(header)) && (1..=1_024).contains(&chars(body)));
            assert!((1..=30).contains(&sections.iter().map(|section| section.products.len()).sum::<usize>()));
        }
        Outgoing::Catalogue { body, .. } | Outgoing::AskLocation { body } => {
            assert!((1..=1_024).contains(&chars(body)));
        }
        Outgoing::Form { body, label, form_id, .. } => {
            assert!((1..=1_024).contains(&chars(body)) && (1..=30).contains(&chars(label)) && !form_id.is_empty());
        }
    }
}

/// Nothing of what hostile plugins try is left in a plugin's message.
fn assert_true(content: &Outgoing) {
    let words = content.words();
    for lie in hostile::LIES {
        assert!(!words.contains(lie), "`{lie}` got out");
    }
    let is_question = tap_ids(content).iter().filter(|id| id.starts_with("santun:consent:promo:")).count() == 2;
    for id in tap_ids(content) {
        assert!(!id.starts_with(reserved::PREFIX) || id == reserved::HUMAN || is_question, "`{id}` was forged");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(proptest::test_runner::FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::with_cases(1_000)
    })]

    #[test]
    fn no_story_gets_a_forbidden_message_out(story in story()) {
        let mut host = Host::new(&story);
        for event in &story.events {
            host.play(event);
        }
        host.deliver(&[true]);
    }

    #[test]
    fn any_text_is_said_whole_or_refused(text in "\\PC{0,60}", times in 1_usize..200) {
        let mut host = Host::new(&Story { language: Language::En, events: Vec::new() });
        host.conversation.session.disclosure = Disclosure::Made { at: host.now };
        let text = format!("{text} ").repeat(times);
        let author = Author::Plugin {
            plugin: "faq".into(),
            revision: santun_core::ids::RevisionId::of(b""),
            outcome: Outcome::Answer,
        };
        host.decide(&[(author, Initiative::Answer, Outgoing::text(text.clone()))]);
        if text.contains('{') || host.outbox.is_empty() {
            return Ok(());
        }
        let squeeze = |text: &str| text.split_whitespace().collect::<String>();
        let said: String = host.outbox.iter().map(|draft| squeeze(draft.content.words())).collect();
        prop_assert_eq!(said, squeeze(&text));
    }
}
