//! Who may speak.

use uuid::Uuid;

use super::scene::*;
use crate::conversation::{Owner, Request};
use crate::draft::{Draft, Voice};
use crate::gate::SecondLook;
use crate::ids::RequestId;
use crate::outgoing::Outgoing;
use crate::texts::TextKey;
use crate::trace::Rule;
use crate::verdict::{Outcome, Priority};

fn owners() -> [Owner; 4] {
    [
        Owner::Bot,
        Owner::Queue { division: "cs".into() },
        Owner::Agent { user: agent(7), name: "Shinta".into() },
        Owner::Phone { until: at("2026-11-23T14:00:00+07:00") },
    ]
}

/// For each owner in turn, whether the draft may be said.
fn may_be_said(draft: impl Fn(&Scene) -> Draft) -> [bool; 4] {
    owners().map(|owner| {
        let mut scene = Scene::introduced().owned_by(owner);
        let look = scene.look(vec![draft(&scene)]);
        assert!(look.refused.iter().all(|refusal| refusal.rule == Rule::Ownership));
        !look.stored.is_empty()
    })
}

#[test]
fn plugins_speak_only_while_the_bot_owns_the_conversation() {
    let allowed = may_be_said(|_| plugin(Outcome::Answer, Outgoing::text("Ongkir Rp10.000.")));
    assert_eq!(allowed, [true, false, false, false]);
}

#[test]
fn the_hosts_words_follow_their_voice() {
    let said_as = |voice| may_be_said(move |scene| scene.host(TextKey::HandoverPresent, voice));
    assert_eq!(said_as(Voice::Bot), [true, false, false, false]);
    assert_eq!(said_as(Voice::Waiting), [true, true, false, false]);
    assert_eq!(said_as(Voice::Queued), [false, true, false, false], "nobody has asked for a human");
    assert_eq!(said_as(Voice::Always), [true, true, true, true]);
}

#[test]
fn words_about_the_wait_for_a_human_are_not_sent_once_an_agent_has_given_the_conversation_back() {
    let mut scene = Scene::introduced().owned_by(Owner::Queue { division: "cs".into() });
    scene.conversation.request = Some(Request {
        id: RequestId::from_uuid(Uuid::from_u128(9)),
        opened_at: scene.now,
        reason: "asked".to_owned(),
        priority: Priority::Normal,
        division: "cs".into(),
        summary: String::new(),
        facts: Vec::new(),
        promised: None,
        attended: false,
    });
    let words = scene.host(TextKey::HandoverStillWaiting, Voice::Queued);
    let stored = scene.look(vec![words]).stored.remove(0);
    assert!(matches!(scene.look_again(stored.clone()), SecondLook::Cleared(_)), "they wait");
    scene.conversation.owner = Owner::Bot;
    assert!(matches!(scene.look_again(stored.clone()), SecondLook::Cleared(_)), "the bot helps while they wait");
    scene.conversation.request = None;
    let SecondLook::Refused(refusal, _) = scene.look_again(stored) else { panic!("nobody waits any more") };
    assert_eq!(refusal.rule, Rule::Ownership);
}

#[test]
fn agents_take_first() {
    assert_eq!(may_be_said(|_| by_agent(agent(7), "Halo kak")), [false, false, true, false]);
    assert_eq!(may_be_said(|_| by_agent(agent(8), "Halo kak")), [false; 4], "a colleague's conversation");
}
