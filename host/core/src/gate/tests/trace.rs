//! What is recorded.

use super::scene::*;
use crate::conversation::Owner;
use crate::outgoing::Outgoing;
use crate::trace::{Effect, Rule};
use crate::verdict::Outcome;

#[test]
fn every_rule_is_recorded_in_order_for_every_draft() {
    let mut scene = Scene::new();
    let drafts = vec![
        plugin(Outcome::Answer, Outgoing::text("Ongkir Rp10.000.")),
        plugin(Outcome::Answer, Outgoing::text("Saya manusia.")),
    ];
    let ids: Vec<_> = drafts.iter().map(|draft| draft.id).collect();
    let look = scene.look(drafts);
    for id in ids {
        let rules: Vec<Rule> =
            look.rulings.iter().filter(|ruling| ruling.turn == id).map(|ruling| ruling.rule).collect();
        assert_eq!(rules, Rule::ALL);
    }
}

#[test]
fn what_does_not_bind_an_agent_says_so() {
    let mut scene = Scene::new().owned_by(Owner::Agent { user: agent(7), name: "Shinta".into() });
    let look = scene.look(vec![by_agent(agent(7), "Halo kak")]);
    assert_eq!(effect_of(&look, Rule::Disclosure), Effect::NotBound);
    assert_eq!(effect_of(&look, Rule::Form), Effect::Passed);
}

#[test]
fn words_that_a_rule_added_are_named_with_their_version() {
    let look = Scene::new().answer("Ongkir Rp10.000.");
    let ruling = look.rulings.iter().find(|ruling| ruling.rule == Rule::Disclosure).unwrap();
    assert!(ruling.why.contains("disclosure.inline.id@"), "{}", ruling.why);
}

#[test]
fn reasons_repeat_nothing_of_a_message() {
    let secret = "4111111111111111";
    let look = Scene::introduced().answer(&format!("Kartu rahasia {secret}"));
    assert!(look.rulings.iter().all(|ruling| !ruling.why.contains(secret) && !ruling.why.contains("rahasia")));
}
