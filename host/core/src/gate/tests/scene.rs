//! A conversation in a shop that is open, on a Monday at 10:00 in Jakarta.

use std::sync::atomic::{AtomicU8, Ordering};

use uuid::Uuid;

use crate::bot::Bot;
use crate::conversation::{Conversation, Disclosure, Owner};
use crate::draft::{Author, Draft, Initiative, StoredDraft, Voice};
use crate::facts::{Facts, Presence};
use crate::gate::{FirstLook, SecondLook, first_look, second_look};
use crate::identity::{Identity, Phone};
use crate::ids::{ContactId, ConversationId, Purpose, RevisionId, StepId, TurnId, UserId};
use crate::language::Language;
use crate::outgoing::{Button, Outgoing};
use crate::templates::Stopped;
use crate::texts::{TextKey, Texts};
use crate::time::Timestamp;
use crate::trace::{Effect, Rule};
use crate::verdict::Outcome;
use crate::world::World;

const BOT: &str = r#"
[bot]
name = "Sari"
business = "Toko Contoh"
about = "pesanan, ongkir, dan retur"
[[channel]]
name = "utama"
phone_number_id = "106540352242922"
[[division]]
name = "cs"
[office]
timezone = "Asia/Jakarta"
hours = { mon-fri = "09:00-17:00", sat = "09:00-13:00" }
[policy]
quiet_hours = "21:00-08:00"
business_messages_per_week = 2
[purpose.promo]
id = "info promo"
en = "promotions"
"#;

/// A world in which everything is the same each time, and every random byte another.
pub(super) struct Still(AtomicU8);

impl World for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(0)
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
    }
}

pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

pub(super) fn agent(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn turn(number: u128) -> TurnId {
    TurnId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn step() -> StepId {
    StepId::from_uuid(Uuid::from_u128(1))
}

pub(super) fn promo() -> Initiative {
    Initiative::Business { purpose: Purpose::from("promo") }
}

pub(super) struct Scene {
    pub(super) bot: Bot,
    pub(super) texts: Texts,
    pub(super) presence: Presence,
    pub(super) stopped: Stopped,
    pub(super) now: Timestamp,
    pub(super) conversation: Conversation,
    world: Still,
}

impl Scene {
    /// The customer has just written for the first time.
    pub(super) fn new() -> Self {
        let now = at("2026-11-23T10:00:00+07:00");
        let mut conversation = Conversation::new(
            ConversationId::from_uuid(Uuid::from_u128(2)),
            "106540352242922".into(),
            ContactId::from_uuid(Uuid::from_u128(3)),
            Language::Id,
            now,
        );
        conversation.last_customer_at = Some(now);
        Self {
            bot: Bot::parse(BOT).unwrap(),
            texts: Texts::built_in(),
            presence: Presence::default(),
            stopped: Stopped::default(),
            now,
            conversation,
            world: Still(AtomicU8::new(100)),
        }
    }

    /// The bot has introduced itself already.
    pub(super) fn introduced() -> Self {
        let mut scene = Self::new();
        scene.conversation.session.disclosure = Disclosure::Made { at: scene.now };
        scene
    }

    pub(super) fn owned_by(mut self, owner: Owner) -> Self {
        self.conversation.owner = owner;
        self
    }

    pub(super) fn look(&mut self, drafts: Vec<Draft>) -> FirstLook {
        let facts = Facts {
            now: self.now,
            bot: &self.bot,
            texts: &self.texts,
            presence: &self.presence,
            stopped: &self.stopped,
        };
        first_look(drafts, step(), &mut self.conversation, &facts, &self.world)
    }

    pub(super) fn look_again(&self, draft: StoredDraft) -> SecondLook {
        let facts = Facts {
            now: self.now,
            bot: &self.bot,
            texts: &self.texts,
            presence: &self.presence,
            stopped: &self.stopped,
        };
        let recipient = Identity { phone: Some(Phone::new("628123456789")), ..Identity::default() };
        second_look(draft, recipient, &self.conversation, &facts, &self.world)
    }

    /// What the plugin's one message became.
    pub(super) fn say(&mut self, outcome: Outcome, content: Outgoing) -> FirstLook {
        self.look(vec![plugin(outcome, content)])
    }

    pub(super) fn answer(&mut self, text: &str) -> FirstLook {
        self.say(Outcome::Answer, Outgoing::text(text))
    }

    pub(super) fn words(&self, key: TextKey, values: &[(&str, &str)]) -> String {
        self.texts.say(key, self.conversation.language, values).0
    }

    /// A host text of that key.
    pub(super) fn host(&self, key: TextKey, voice: Voice) -> Draft {
        let values: Vec<(&str, &str)> = key.placeholders().iter().map(|name| (*name, "x")).collect();
        let (text, wording) = self.texts.say(key, self.conversation.language, &values);
        draft(Author::Host { wording, voice }, Outgoing::Text { text })
    }
}

pub(super) fn draft(author: Author, content: Outgoing) -> Draft {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1_000);
    Draft { id: turn(NEXT.fetch_add(1, Ordering::Relaxed).into()), author, initiative: Initiative::Answer, content }
}

pub(super) fn plugin(outcome: Outcome, content: Outgoing) -> Draft {
    draft(Author::Plugin { plugin: "faq".into(), revision: RevisionId::of(b"faq"), outcome }, content)
}

pub(super) fn by_agent(user: UserId, text: &str) -> Draft {
    draft(Author::Agent { user }, Outgoing::text(text))
}

pub(super) fn buttons(body: &str, titles: &[&str]) -> Outgoing {
    let buttons = titles.iter().map(|title| Button { id: format!("id-{title}"), title: (*title).to_owned() }).collect();
    Outgoing::Buttons { body: body.to_owned(), footer: None, buttons }
}

/// The words that the customer would read, message by message.
pub(super) fn said(look: &FirstLook) -> Vec<&str> {
    look.stored.iter().map(|draft| draft.content.words()).collect()
}

#[track_caller]
pub(super) fn assert_refused(look: &FirstLook, rule: Rule) {
    assert!(look.nothing_left(), "something is left: {:?}", said(look));
    assert_eq!(look.refused[0].rule, rule, "{}", look.refused[0].why);
    let ruling = look.rulings.iter().find(|ruling| ruling.effect == Effect::Refused).unwrap();
    assert_eq!(ruling.rule, rule);
}

#[track_caller]
pub(super) fn assert_passed(look: &FirstLook) {
    assert!(look.refused.is_empty(), "{:?}", look.refused);
    assert!(!look.stored.is_empty());
}

pub(super) fn effect_of(look: &FirstLook, rule: Rule) -> Effect {
    look.rulings.iter().find(|ruling| ruling.rule == rule).unwrap().effect
}
