//! A shop on a Monday at 10:00 in Jakarta, open, and a customer who has just written.

use std::sync::atomic::{AtomicU8, Ordering};

use uuid::Uuid;

use crate::bot::Bot;
use crate::conversation::{Conversation, Disclosure, Owner, Request};
use crate::draft::StoredDraft;
use crate::ears::Heard;
use crate::effects::{Effects, RequestChange, Timer, TimerChange};
use crate::facts::{Facts, Presence};
use crate::flow::{self, Action, ActionError, Actor, Plan};
use crate::ids::{ContactId, ConversationId, DivisionName, RevisionId, StepId, TurnId, UserId};
use crate::language::Language;
use crate::message::{Content, Media, MediaKind, Message, MessageBody};
use crate::outgoing::Outgoing;
use crate::templates::Stopped;
use crate::texts::{TextKey, Texts};
use crate::time::Timestamp;
use crate::turn::{Happening, News, Turn, TurnBody};
use crate::verdict::{Context, Decision, Event, Failure, HandoverCall, Outcome, Ruled, Verdict};
use crate::world::World;

const BOT: &str = r#"
[bot]
name = "Sari"
business = "Toko Contoh"
about = "pesanan, ongkir, dan retur"
[[channel]]
name = "utama"
phone_number_id = "106540352242922"
chain = ["faq", "menu"]
[[plugin]]
name = "faq"
source = "file:faq.wasm"
[[plugin]]
name = "menu"
source = "file:menu.wasm"
on_failure = "handover"
[[division]]
name = "cs"
answer_minutes = 10
[[division]]
name = "gudang"
[office]
timezone = "Asia/Jakarta"
hours = { mon-fri = "09:00-17:00" }
[policy]
session_gap_hours = 24
fallbacks_before_handover = 2
no_agent_minutes = 5
phone_release_minutes = 240
stale_minutes = 60
[purpose.promo]
id = "info promo"
en = "promotions"
"#;

pub(super) const OPEN: &str = "2026-11-23T10:00:00+07:00";
pub(super) const CLOSED: &str = "2026-11-23T20:00:00+07:00";

struct Still(AtomicU8);

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

pub(super) fn cs() -> DivisionName {
    "cs".into()
}

pub(super) fn queue() -> Owner {
    Owner::Queue { division: cs() }
}

pub(super) fn actor(name: &str) -> Actor {
    let number = name.bytes().map(u128::from).sum();
    Actor {
        user: UserId::from_uuid(Uuid::from_u128(number)),
        name: name.to_owned(),
        oversees: false,
        divisions: Vec::new(),
    }
}

pub(super) fn overseer(name: &str) -> Actor {
    Actor { oversees: true, ..actor(name) }
}

pub(super) fn of_division(name: &str, division: &str) -> Actor {
    Actor { divisions: vec![division.into()], ..actor(name) }
}

pub(super) fn held_by(actor: &Actor) -> Owner {
    Owner::Agent { user: actor.user, name: actor.name.clone() }
}

pub(super) fn text(words: &str) -> Content {
    Content::Text { text: words.to_owned() }
}

pub(super) fn file(media: MediaKind) -> Content {
    Content::Media(Media {
        media,
        meta_id: "1".to_owned(),
        mime_type: "application/octet-stream".to_owned(),
        sha256: None,
        caption: None,
        filename: None,
    })
}

pub(super) fn other(name: &str) -> Content {
    Content::Other { other: name.to_owned(), json: "{}".to_owned() }
}

pub(super) fn verdict(decision: Decision) -> Verdict {
    Verdict {
        decision,
        labels: Vec::new(),
        attributes: Vec::new(),
        facts: Vec::new(),
        confidence: None,
        why: String::new(),
    }
}

pub(super) fn ruled(plugin: &str, result: Result<Verdict, Failure>) -> Ruled {
    Ruled { plugin: plugin.into(), revision: RevisionId::of(plugin.as_bytes()), result, micros: 1 }
}

pub(super) fn pass(plugin: &str) -> Ruled {
    ruled(plugin, Ok(verdict(Decision::Pass)))
}

pub(super) fn fails(plugin: &str) -> Ruled {
    ruled(plugin, Err(Failure { code: "trap".to_owned(), message: "unreachable".to_owned() }))
}

pub(super) fn says(plugin: &str, outcome: Outcome, words: &str) -> Ruled {
    ruled(plugin, Ok(verdict(Decision::Reply { messages: vec![Outgoing::text(words)], outcome })))
}

pub(super) fn calls(reason: &str, division: Option<&str>) -> HandoverCall {
    HandoverCall {
        reason: reason.to_owned(),
        priority: crate::verdict::Priority::Normal,
        division: division.map(DivisionName::from),
        summary: String::new(),
        facts: Vec::new(),
    }
}

pub(super) struct Scene {
    pub(super) bot: Bot,
    pub(super) texts: Texts,
    pub(super) presence: Presence,
    pub(super) stopped: Stopped,
    pub(super) now: Timestamp,
    pub(super) conversation: Conversation,
    pub(super) past: Vec<Turn>,
    world: Still,
}

impl Scene {
    /// Nothing has been said.
    pub(super) fn new() -> Self {
        Self::at(OPEN)
    }

    pub(super) fn at(time: &str) -> Self {
        let now = at(time);
        let conversation = Conversation::new(
            ConversationId::from_uuid(Uuid::from_u128(2)),
            "106540352242922".into(),
            ContactId::from_uuid(Uuid::from_u128(3)),
            Language::Id,
            now,
        );
        let (bot, texts) = (Bot::parse(BOT).unwrap(), Texts::built_in());
        Self {
            bot,
            texts,
            presence: Presence::default(),
            stopped: Stopped::default(),
            now,
            conversation,
            past: Vec::new(),
            world: Still(AtomicU8::new(1)),
        }
    }

    /// The customer has written just now, and the bot has introduced itself.
    pub(super) fn talking(time: &str) -> Self {
        let mut scene = Self::at(time);
        scene.conversation.last_customer_at = Some(scene.now);
        scene.conversation.session.disclosure = Disclosure::Made { at: scene.now };
        scene
    }

    /// The same, owned by somebody, with an open request unless that is the bot.
    pub(super) fn owned_by(owner: Owner, time: &str) -> Self {
        let mut scene = Self::talking(time);
        if owner != Owner::Bot {
            scene.conclude(vec![ruled("faq", Ok(verdict(Decision::Handover(calls("asked", None)))))]);
            scene.conversation.owner = owner;
        }
        scene
    }

    pub(super) fn later(&mut self, minutes: u32) -> &mut Self {
        self.now = self.now.plus_minutes(minutes);
        self
    }

    pub(super) fn scene(&self) -> flow::Scene<'_> {
        flow::Scene {
            facts: Facts {
                now: self.now,
                bot: &self.bot,
                texts: &self.texts,
                presence: &self.presence,
                stopped: &self.stopped,
            },
            world: &self.world,
            applied: None,
            step: StepId::new(&self.world),
            past: &self.past,
        }
    }

    pub(super) fn message(&self, content: Content) -> Message {
        Message {
            id: TurnId::new(&self.world),
            conversation: self.conversation.id,
            sent_at: self.now,
            arrived_at: self.now,
            reply_to: None,
            body: MessageBody { content, forwarded: false, referral: None },
        }
    }

    /// The effects are committed.
    fn kept(&mut self, effects: Effects) -> Effects {
        self.conversation = effects.conversation.clone();
        effects
    }

    pub(super) fn receive(&self, messages: &[Message]) -> (Conversation, Plan) {
        let mut conversation = self.conversation.clone();
        let plan = flow::receive(&mut conversation, messages, &self.scene().facts);
        (conversation, plan)
    }

    pub(super) fn context(&self, messages: &[Message]) -> Context {
        match self.receive(messages).1 {
            Plan::Ask(context) => *context,
            other => panic!("not asked: {other:?}"),
        }
    }

    /// The customer writes, and the chain is asked.
    pub(super) fn asked(&mut self, contents: Vec<Content>, verdicts: Vec<Ruled>) -> Effects {
        let messages: Vec<Message> = contents.into_iter().map(|content| self.message(content)).collect();
        let (conversation, plan) = self.receive(&messages);
        assert!(matches!(plan, Plan::Ask(_)), "not asked: {plan:?}");
        let effects = flow::conclude(self.scene(), conversation, &Event::Messages(messages), verdicts, Vec::new());
        self.kept(effects)
    }

    pub(super) fn conclude(&mut self, verdicts: Vec<Ruled>) -> Effects {
        self.asked(vec![text("ongkir ke bandung berapa")], verdicts)
    }

    pub(super) fn handed_back(&mut self, verdicts: Vec<Ruled>) -> Effects {
        let event = Event::HandedBack { note: None };
        let effects = flow::conclude(self.scene(), self.conversation.clone(), &event, verdicts, Vec::new());
        self.kept(effects)
    }

    pub(super) fn hands_over(&mut self, division: Option<&str>) -> Effects {
        self.conclude(vec![ruled("faq", Ok(verdict(Decision::Handover(calls("complaint", division)))))])
    }

    pub(super) fn keep(&mut self, contents: Vec<Content>) -> Effects {
        let messages: Vec<Message> = contents.into_iter().map(|content| self.message(content)).collect();
        let (conversation, plan) = self.receive(&messages);
        assert_eq!(plan, Plan::Keep);
        let effects = flow::keep(self.scene(), conversation, &messages);
        self.kept(effects)
    }

    pub(super) fn hear(&mut self, heard: &Heard) -> Effects {
        let message = self.message(text("…"));
        let effects = flow::hear(self.scene(), self.conversation.clone(), &message, heard);
        self.kept(effects)
    }

    pub(super) fn act(&mut self, actor: &Actor, action: Action) -> Result<Effects, ActionError> {
        let effects = flow::act(self.scene(), self.conversation.clone(), actor, action)?;
        Ok(self.kept(effects))
    }

    pub(super) fn tick(&mut self, timer: Timer) -> Effects {
        let effects = flow::tick(self.scene(), self.conversation.clone(), timer);
        self.kept(effects)
    }

    pub(super) fn news(&self, what: Happening) -> News {
        News { id: TurnId::new(&self.world), at: self.now, what }
    }

    /// WhatsApp has told something.
    pub(super) fn note(&mut self, news: &News) -> Effects {
        let effects = flow::news(self.scene(), self.conversation.clone(), news);
        self.kept(effects)
    }

    pub(super) fn echo(&mut self) -> Effects {
        let effects = flow::echo(self.scene(), self.conversation.clone());
        self.kept(effects)
    }

    pub(super) fn request(&self) -> &Request {
        self.conversation.request.as_ref().expect("a request is open")
    }
}

/// The wordings of the host that go out, in order; `None` for a plugin's or an agent's words.
pub(super) fn wordings(effects: &Effects) -> Vec<Option<TextKey>> {
    let key = |author: &crate::draft::Author| match author {
        crate::draft::Author::Host { wording, .. } => Some(wording.key),
        _ => None,
    };
    effects.outbox.iter().map(|draft| key(&draft.author)).collect()
}

/// The same, each after the wording that stands in front of it in its message, if one does.
pub(super) fn with_fronts(effects: &Effects) -> Vec<Option<TextKey>> {
    let texts = Texts::built_in();
    let front = |draft: &StoredDraft| {
        let (front, _) = draft.content.words().split_once("\n\n")?;
        TextKey::ALL.iter().copied().find(|key| texts.say(*key, Language::Id, &[]).0 == front)
    };
    let each = effects.outbox.iter().zip(wordings(effects));
    each.flat_map(|(draft, key)| front(draft).map(Some).into_iter().chain([key])).collect()
}

pub(super) fn words(effects: &Effects) -> Vec<&str> {
    effects.outbox.iter().map(|draft| draft.content.words()).collect()
}

/// What happened, by name.
pub(super) fn happened(effects: &Effects) -> Vec<&str> {
    effects
        .turns
        .iter()
        .filter(|turn| matches!(turn.body, TurnBody::Happened(_)))
        .map(|turn| turn.body.kind())
        .collect()
}

/// What becomes of a timer: the time that it is set to, or `None` if it is cleared. Panics if it is left
/// alone.
#[track_caller]
pub(super) fn timer(effects: &Effects, timer: Timer) -> Option<Timestamp> {
    let changes: Vec<_> = effects.timers.iter().filter(|change| change.timer() == timer).collect();
    match changes.as_slice() {
        [TimerChange::Set(_, at)] => Some(*at),
        [TimerChange::Clear(_)] => None,
        other => panic!("{timer:?}: {other:?}"),
    }
}

/// What happened to requests, by name.
pub(super) fn requests(effects: &Effects) -> Vec<&'static str> {
    let name = |change: &RequestChange| match change {
        RequestChange::Opened(_) => "opened",
        RequestChange::Changed(_) => "changed",
        RequestChange::Taken { .. } => "taken",
        RequestChange::Closed { .. } => "closed",
    };
    effects.requests.iter().map(name).collect()
}
