//! WhatsApp's 24 hours.

use super::scene::*;
use crate::draft::Draft;
use crate::outgoing::{Outgoing, Template};
use crate::trace::Rule;
use crate::verdict::Outcome;

fn template() -> Outgoing {
    Outgoing::Template(Template {
        name: "promo".into(),
        language: "id".into(),
        components: Vec::new(),
        text: String::new(),
    })
}

#[test]
fn after_24_hours_only_a_template_may_be_sent() {
    let mut scene = Scene::introduced();
    scene.conversation.last_customer_at = Some(at("2026-11-22T10:00:00+07:00"));
    assert_refused(&scene.answer("Halo"), Rule::Window);
    assert_passed(&scene.say(Outcome::Answer, template()));
}

#[test]
fn a_second_before_24_hours_are_over_anything_may_be_sent() {
    let mut scene = Scene::introduced();
    scene.conversation.last_customer_at = Some(at("2026-11-22T10:00:01+07:00"));
    assert_passed(&scene.answer("Halo"));
}

#[test]
fn the_window_of_a_customer_who_never_wrote_is_closed() {
    let mut scene = Scene::introduced();
    scene.conversation.last_customer_at = None;
    assert_refused(&scene.answer("Halo"), Rule::Window);
}

#[test]
fn a_template_of_the_bot_that_nothing_can_introduce_is_refused() {
    let mut scene = Scene::new();
    scene.conversation.last_customer_at = None;
    scene.conversation.consents.granted.insert("promo".into(), scene.now);
    let draft = Draft { initiative: promo(), ..plugin(Outcome::Answer, template()) };
    assert_refused(&scene.look(vec![draft]), Rule::Disclosure);
}
