//! Who may speak.

use super::scene::*;
use crate::conversation::Owner;
use crate::draft::{Draft, Voice};
use crate::outgoing::Outgoing;
use crate::texts::TextKey;
use crate::trace::Rule;
use crate::verdict::Outcome;

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
    assert_eq!(said_as(Voice::Always), [true, true, true, true]);
}

#[test]
fn agents_take_first() {
    assert_eq!(may_be_said(|_| by_agent(agent(7), "Halo kak")), [false, false, true, false]);
    assert_eq!(may_be_said(|_| by_agent(agent(8), "Halo kak")), [false; 4], "a colleague's conversation");
}
