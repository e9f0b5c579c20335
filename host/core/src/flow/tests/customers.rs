//! Customers write: sessions, and what the host's own ears hear.

use super::scene::{
    CLOSED, OPEN, Scene, actor, happened, held_by, other, pass, queue, requests, says, text, timer, with_fronts,
    wordings, words,
};
use crate::conversation::{ConsentChange, Disclosure, Owner};
use crate::ears::Heard;
use crate::effects::Timer;
use crate::flow::{self, Plan};
use crate::language::Language;
use crate::message::Content;
use crate::texts::TextKey;
use crate::turn::Happening;
use crate::verdict::Outcome;

fn phone(scene: &Scene) -> Owner {
    Owner::Phone { until: scene.now.plus_minutes(240) }
}

#[test]
fn the_first_message_is_answered_in_the_first_session_by_a_bot_that_says_so() {
    let mut scene = Scene::new();
    let context = scene.context(&[scene.message(text("halo kak"))]);
    assert_eq!((context.counters.sessions, context.counters.customer_messages), (1, 0));
    let effects = scene.conclude(vec![says("faq", Outcome::Answer, "Ongkir ke Bandung Rp9.000.")]);
    assert!(effects.outbox[0].discloses);
    assert_eq!(effects.conversation.session.ordinal, 1);
    assert_eq!(effects.conversation.session.customer_messages, 1);
}

#[test]
fn a_new_session_begins_after_the_gap_and_not_before() {
    let mut scene = Scene::talking(OPEN);
    scene.conversation.session.customer_messages = 3;
    scene.conversation.session.bot_replies = 2;
    scene.later(24 * 60 - 1);
    let (same, _) = scene.receive(&[scene.message(text("halo"))]);
    assert_eq!((same.session.ordinal, same.session.customer_messages), (1, 4));
    scene.later(1);
    let (fresh, _) = scene.receive(&[scene.message(text("halo"))]);
    assert_eq!((fresh.session.ordinal, fresh.session.customer_messages), (2, 1));
    assert_eq!(fresh.session.disclosure, Disclosure::Due);
}

#[test]
fn no_session_begins_while_a_human_has_the_conversation() {
    let mut scene = Scene::owned_by(held_by(&actor("Rina")), OPEN);
    scene.later(48 * 60);
    let (conversation, plan) = scene.receive(&[scene.message(text("halo"))]);
    assert_eq!(plan, Plan::Keep);
    assert_eq!(conversation.session.ordinal, 1);
}

#[test]
fn an_older_message_that_comes_late_moves_nothing_back() {
    let scene = Scene::talking(OPEN);
    let mut late = scene.message(text("halo"));
    late.sent_at = scene.now - std::time::Duration::from_secs(1_800);
    let (conversation, _) = scene.receive(&[late]);
    assert_eq!(conversation.last_customer_at, Some(scene.now));
    assert_eq!(conversation.session.last_turn_at, scene.now);
}

#[test]
fn a_message_from_the_future_opens_no_longer_window() {
    let scene = Scene::talking(OPEN);
    let mut early = scene.message(text("halo"));
    early.sent_at = scene.now.plus_hours(5);
    let (conversation, _) = scene.receive(&[early]);
    assert_eq!(conversation.last_customer_at, Some(scene.now));
}

#[test]
fn the_host_answers_in_the_language_that_the_customer_writes_in() {
    let mut scene = Scene::talking(OPEN);
    scene.asked(vec![text("where is my order please")], vec![pass("faq"), pass("menu")]);
    assert_eq!(scene.conversation.language, Language::En);
    let effects = scene.hear(&Heard::AreYouABot);
    assert!(super::scene::words(&effects)[0].contains("bot"), "{effects:?}");
    assert_eq!(scene.conversation.language, Language::En, "a word or two tell nothing");
    scene.asked(vec![text("paketku kok belum sampai ya kak")], vec![pass("faq"), pass("menu")]);
    assert_eq!(scene.conversation.language, Language::Id);
}

#[test]
fn a_greeting_tells_the_language_only_of_somebody_new() {
    let hello = |scene: &Scene| scene.receive(&[scene.message(text("hello"))]).0.language;
    assert_eq!(hello(&Scene::new()), Language::En);
    assert_eq!(hello(&Scene::talking(OPEN)), Language::Id, "who has written before is known");
}

#[test]
fn a_word_that_both_languages_use_changes_no_language() {
    let scene = Scene::talking(OPEN);
    for words in ["STOP", "cancel order", "ok thanks"] {
        assert_eq!(scene.receive(&[scene.message(text(words))]).0.language, Language::Id, "{words}");
    }
    let tap = Content::Choice { id: "1".to_owned(), title: "Where is my order".to_owned() };
    assert_eq!(scene.receive(&[scene.message(tap)]).0.language, Language::Id);
}

#[test]
fn stop_start_and_my_data_are_answered_whoever_owns_the_conversation() {
    let scene = Scene::new();
    for owner in [Owner::Bot, queue(), held_by(&actor("Rina")), phone(&scene)] {
        let mut scene = Scene::owned_by(owner.clone(), OPEN);
        assert_eq!(wordings(&scene.hear(&Heard::Stop)), [Some(TextKey::StopDone)], "{owner:?}");
        assert_eq!(wordings(&scene.hear(&Heard::Stop)), [Some(TextKey::StopAlready)], "{owner:?}");
        assert_eq!(wordings(&scene.hear(&Heard::Start)), [Some(TextKey::StartDone)], "{owner:?}");
        assert_eq!(wordings(&scene.hear(&Heard::MyData)), [Some(TextKey::MyDataNoNotice)], "{owner:?}");
        assert_eq!(scene.conversation.owner, owner, "and nobody loses it");
    }
}

#[test]
fn are_you_a_bot_is_answered_by_the_bot_or_left_to_the_human() {
    let scene = Scene::new();
    for (owner, answered) in
        [(Owner::Bot, true), (queue(), true), (held_by(&actor("Rina")), false), (phone(&scene), false)]
    {
        let mut scene = Scene::owned_by(owner.clone(), OPEN);
        let effects = scene.hear(&Heard::AreYouABot);
        let waits = matches!(owner, Owner::Queue { .. });
        let answer = if waits { TextKey::DisclosureAskedWaiting } else { TextKey::DisclosureAsked };
        let expected: &[_] = if answered { &[Some(answer)] } else { &[] };
        assert_eq!(wordings(&effects), expected, "{owner:?}");
    }
}

#[test]
fn who_are_you_is_answered_with_the_name_and_that_it_is_a_bot() {
    let effects = Scene::talking(OPEN).hear(&Heard::WhoAreYou);
    let said = super::scene::words(&effects);
    assert!(said[0].contains("Sari") && said[0].contains("bot") && said[0].contains("bukan manusia"), "{said:?}");
}

#[test]
fn a_human_is_called_once_and_a_customer_who_asks_again_hears_that_they_wait() {
    let mut scene = Scene::talking(OPEN);
    let effects = scene.hear(&Heard::Human);
    assert_eq!(scene.conversation.owner, queue());
    assert_eq!(requests(&effects), ["opened"]);
    let first = scene.request().id;
    let effects = scene.hear(&Heard::Human);
    assert_eq!(wordings(&effects), [Some(TextKey::HandoverStillWaiting)]);
    assert_eq!(requests(&effects), ["changed"]);
    assert_eq!(scene.request().id, first);
    assert_eq!(scene.request().promised.as_deref(), Some("handover.still_waiting"));
}

#[test]
fn a_human_is_not_called_where_one_is_already() {
    let scene = Scene::new();
    for owner in [held_by(&actor("Rina")), phone(&scene)] {
        let mut scene = Scene::owned_by(owner.clone(), OPEN);
        let effects = scene.hear(&Heard::Human);
        assert!(effects.outbox.is_empty() && effects.requests.is_empty(), "{owner:?}");
        assert_eq!(scene.conversation.owner, owner);
        assert!(scene.conversation.waiting_since.is_some(), "the human owes an answer: {owner:?}");
    }
}

#[test]
fn stop_is_in_the_ledger_once_with_its_evidence_and_start_takes_it_back() {
    let mut scene = Scene::talking(OPEN);
    let effects = scene.hear(&Heard::Stop);
    let [line] = effects.consents.as_slice() else { panic!("{:?}", effects.consents) };
    assert_eq!((line.change, line.evidence.as_str()), (ConsentChange::Withdrawn, "word"));
    assert_eq!(line.turn, Some(effects.decided[0]));
    assert!(scene.conversation.consents.opted_out_at.is_some());
    assert!(scene.hear(&Heard::Stop).consents.is_empty());
    let effects = scene.hear(&Heard::Start);
    assert_eq!(effects.consents[0].change, ConsentChange::Given);
    assert!(scene.conversation.consents.opted_out_at.is_none());
    assert_eq!(happened(&effects), ["consent_changed"]);
}

#[test]
fn consent_counts_for_its_purpose_until_stop_and_may_be_given_anew() {
    let mut scene = Scene::talking(OPEN);
    let yes = Heard::Consent { purpose: "promo".into(), given: true, wording: "consent.ask.id@1".to_owned() };
    let effects = scene.hear(&yes);
    assert_eq!(effects.consents[0].wording.as_deref(), Some("consent.ask.id@1"));
    assert!(scene.conversation.consents.allows(&"promo".into()));
    scene.later(1).hear(&Heard::Stop);
    assert!(!scene.conversation.consents.allows(&"promo".into()));
    scene.later(1).hear(&yes);
    assert!(scene.conversation.consents.allows(&"promo".into()));
    let no = Heard::Consent { purpose: "promo".into(), given: false, wording: "consent.ask.id@1".to_owned() };
    let effects = scene.later(1).hear(&no);
    assert_eq!(wordings(&effects), [Some(TextKey::ConsentRefused)]);
    assert!(!scene.conversation.consents.allows(&"promo".into()));
}

#[test]
fn whatsapps_own_setting_is_kept_like_a_word_without_an_answer() {
    let mut scene = Scene::talking(OPEN);
    let told = scene.news(Happening::PreferenceChanged { wanted: false });
    let effects = scene.note(&told);
    assert!(effects.outbox.is_empty());
    assert_eq!((effects.consents[0].evidence.as_str(), effects.consents[0].turn), ("preference", Some(told.id)));
    assert_eq!(effects.decided, [told.id]);
    assert!(scene.conversation.consents.opted_out_at.is_some());
    let told = scene.news(Happening::PreferenceChanged { wanted: true });
    scene.note(&told);
    assert!(scene.conversation.consents.opted_out_at.is_none());
}

#[test]
fn the_button_of_an_older_message_still_does_what_it_says() {
    let mut scene = Scene::talking(OPEN);
    scene.hear(&Heard::KeepWaiting);
    assert_eq!(scene.conversation.owner, queue(), "who wants to wait for a human gets one");
    let mut scene = Scene::talking(OPEN);
    let effects = scene.hear(&Heard::BotMeanwhile);
    assert_eq!(scene.conversation.owner, Owner::Bot);
    assert!(happened(&effects).is_empty() && effects.requests.is_empty());
    let mut scene = Scene::owned_by(held_by(&actor("Rina")), OPEN);
    for heard in [Heard::KeepWaiting, Heard::BotMeanwhile] {
        let effects = scene.hear(&heard);
        assert!(effects.outbox.is_empty());
        assert_eq!(scene.conversation.owner, held_by(&actor("Rina")));
    }
}

#[test]
fn who_keeps_waiting_is_told_what_is_true_and_looked_after_again() {
    let mut scene = Scene::owned_by(queue(), OPEN);
    let effects = scene.hear(&Heard::KeepWaiting);
    assert_eq!(wordings(&effects), [Some(TextKey::KeepsWaiting)]);
    assert_eq!(timer(&effects, Timer::NobodyThere), Some(scene.now.plus_minutes(5)));
    let mut scene = Scene::owned_by(queue(), CLOSED);
    let effects = scene.hear(&Heard::KeepWaiting);
    assert_eq!(wordings(&effects), [Some(TextKey::HandoverStillClosed)]);
}

#[test]
fn the_agents_clock_runs_from_the_first_message_without_an_answer() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(held_by(&rina), OPEN);
    let due = scene.now.plus_minutes(10);
    assert_eq!(timer(&scene.keep(vec![text("halo?")]), Timer::AnswerLate), Some(due));
    scene.later(4);
    assert_eq!(timer(&scene.keep(vec![text("kak?")]), Timer::AnswerLate), Some(due));
    scene.act(&rina, flow::Action::Reply(crate::outgoing::Outgoing::text("Sebentar ya kak"))).unwrap();
    scene.later(3);
    assert_eq!(timer(&scene.keep(vec![text("jadi gimana kak")]), Timer::AnswerLate), Some(scene.now.plus_minutes(10)));
}

#[test]
fn a_thumb_up_or_a_correction_asks_nothing_of_an_agent() {
    let mut scene = Scene::owned_by(held_by(&actor("Rina")), OPEN);
    for content in [Content::Reaction { emoji: Some("👍".to_owned()) }, other("edit"), other("revoke")] {
        let effects = scene.keep(vec![content]);
        assert!(effects.timers.is_empty() && effects.outbox.is_empty());
        assert_eq!(effects.decided.len(), 1);
    }
}

#[test]
fn who_writes_out_of_hours_while_waiting_is_told_once_when_somebody_will_be_there() {
    let mut scene = Scene::owned_by(queue(), CLOSED);
    scene.later(1);
    assert_eq!(wordings(&scene.keep(vec![text("halo?")])), [Some(TextKey::HandoverStillClosed)]);
    assert!(scene.later(1).keep(vec![text("kak?")]).outbox.is_empty());
    assert!(Scene::owned_by(queue(), OPEN).later(1).keep(vec![text("kak?")]).outbox.is_empty());
}

#[test]
fn what_was_written_before_the_handover_is_answered_by_the_handover() {
    let mut scene = Scene::talking(CLOSED);
    let before = scene.message(text("ongkir ke bandung berapa"));
    scene.later(1).hear(&Heard::Human);
    let (conversation, plan) = scene.receive(std::slice::from_ref(&before));
    assert_eq!(plan, Plan::Keep);
    let effects = flow::keep(scene.scene(), conversation, &[before]);
    assert!(effects.outbox.is_empty(), "{:?}", wordings(&effects));
}

#[test]
fn a_message_that_waited_too_long_is_apologised_for_and_a_human_called() {
    let mut scene = Scene::talking(OPEN);
    let message = scene.message(text("halo"));
    scene.later(60);
    assert!(matches!(scene.receive(std::slice::from_ref(&message)).1, Plan::Ask(_)));
    scene.later(1);
    let (conversation, plan) = scene.receive(std::slice::from_ref(&message));
    assert_eq!(plan, Plan::Stale);
    let effects = flow::stale(scene.scene(), conversation, &[message]);
    assert_eq!(with_fronts(&effects), [Some(TextKey::Stale), Some(TextKey::HandoverNobodyYet)]);
    assert_eq!(requests(&effects), ["opened"]);
    assert_eq!(effects.conversation.request.unwrap().reason, "late");
}

#[test]
fn an_old_thumb_up_is_not_apologised_for() {
    let mut scene = Scene::talking(OPEN);
    let message = scene.message(Content::Reaction { emoji: None });
    scene.later(120);
    assert!(matches!(scene.receive(&[message]).1, Plan::Ask(_)));
}

#[test]
fn a_message_redelivered_after_the_window_opens_a_request_without_a_word() {
    let mut scene = Scene::new();
    let message = scene.message(text("halo"));
    scene.later(25 * 60);
    let (conversation, plan) = scene.receive(std::slice::from_ref(&message));
    assert_eq!(plan, Plan::Stale);
    let effects = flow::stale(scene.scene(), conversation, &[message]);
    assert!(effects.outbox.is_empty());
    assert_eq!(effects.conversation.owner, queue());
}

#[test]
fn a_stop_redelivered_after_the_window_counts_and_says_why_it_is_not_confirmed() {
    let mut scene = Scene::new();
    let message = scene.message(text("stop"));
    scene.later(25 * 60);
    let effects = flow::hear(scene.scene(), scene.conversation.clone(), &message, &Heard::Stop);
    assert!(effects.outbox.is_empty() && effects.requests.is_empty());
    assert!(effects.conversation.consents.opted_out_at.is_some());
    assert!(effects.trace.notes.iter().any(|note| note.contains("counts all the same")), "{:?}", effects.trace.notes);
}

#[test]
fn thanks_after_an_answer_are_nobodys_wait() {
    let rina = actor("Rina");
    for words in ["makasih kak Rina 🙏", "oke", "sip", "thanks a lot"] {
        let mut scene = Scene::owned_by(held_by(&rina), OPEN);
        let effects = scene.keep(vec![text(words)]);
        assert!(effects.timers.is_empty() && scene.conversation.waiting_since.is_none(), "{words}");
        let mut scene = Scene::owned_by(held_by(&rina), OPEN);
        scene.conversation.owner = phone(&scene);
        scene.keep(vec![text(words)]);
        assert!(scene.conversation.waiting_since.is_none(), "{words}");
        let mut scene = Scene::owned_by(queue(), CLOSED);
        assert!(scene.later(1).keep(vec![text(words)]).outbox.is_empty(), "{words}");
    }
    let mut scene = Scene::owned_by(held_by(&rina), OPEN);
    scene.keep(vec![text("ready kak?")]);
    let since = scene.conversation.waiting_since;
    scene.later(1).keep(vec![text("makasih")]);
    assert_eq!(scene.conversation.waiting_since, since, "who waits already goes on waiting");
}

#[test]
fn nobody_is_introduced_to_a_bot_for_thanking_the_human_who_left() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(held_by(&rina), OPEN);
    scene.act(&rina, flow::Action::Resolve).unwrap();
    scene.later(1);
    let plan = |words| scene.receive(&[scene.message(text(words))]).1;
    assert_eq!(plan("oke makasih mbak"), Plan::Keep);
    assert!(matches!(plan("oke, ongkir berapa?"), Plan::Ask(_)), "a question is answered");
    let mut days = Scene::talking(OPEN);
    days.later(25 * 60);
    let plan = days.receive(&[days.message(text("makasih kak, sudah sampai"))]).1;
    assert!(matches!(plan, Plan::Ask(_)), "days later, thanks are answered");
}

#[test]
fn what_answers_a_stop_is_said_by_the_bot_unless_a_human_has_the_conversation() {
    for heard in [Heard::Stop, Heard::Start, Heard::MyData] {
        let effects = Scene::new().hear(&heard);
        assert!(words(&effects)[0].starts_with("Halo kak, aku Sari"), "{:?}", words(&effects));
        assert_eq!(effects.outbox.len(), 1);
        let effects = Scene::owned_by(held_by(&actor("Rina")), OPEN).hear(&heard);
        assert!(!words(&effects)[0].contains("Sari"), "{:?}", words(&effects));
    }
}

#[test]
fn no_guess_takes_a_stop_back() {
    let mut scene = Scene::new();
    let typed = text("mulai");
    assert!(!flow::concerns_host(&scene.conversation, &typed, &Heard::Start), "nothing was stopped");
    scene.hear(&Heard::Stop);
    assert!(flow::concerns_host(&scene.conversation, &typed, &Heard::StartPerhaps));
    let effects = scene.hear(&Heard::StartPerhaps);
    assert_eq!(wordings(&effects), [Some(TextKey::StartAsk)]);
    assert!(effects.consents.is_empty() && scene.conversation.consents.opted_out_at.is_some());
    let yes = flow::chosen(&scene.conversation, &text("iya"));
    assert!(matches!(yes, Some(Content::Choice { id, .. }) if id == crate::ears::reserved::START));
    scene.hear(&Heard::Start);
    assert!(scene.conversation.consents.opted_out_at.is_none());
}

#[test]
fn yes_that_is_tapped_a_second_time_is_answered_and_changes_nothing() {
    let mut scene = Scene::new();
    scene.hear(&Heard::Stop);
    assert_eq!(scene.hear(&Heard::Start).consents.len(), 1);
    let tap = Content::Choice { id: crate::ears::reserved::START.to_owned(), title: "Ya".to_owned() };
    assert!(flow::concerns_host(&scene.conversation, &tap, &Heard::Start), "no plugin knows the host's buttons");
    let again = scene.hear(&Heard::Start);
    assert_eq!(wordings(&again), [Some(TextKey::StartDone)]);
    assert!(again.consents.is_empty() && again.turns.is_empty(), "{again:?}");
}
