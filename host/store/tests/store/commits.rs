use std::time::Duration;

use santun_core::conversation::{ConsentChange, ConsentEntry, Owner, Request};
use santun_core::effects::{RequestChange, Timer, TimerChange};
use santun_core::ids::{DivisionName, PluginName, RequestId, UserId};
use santun_core::time::Timestamp;
use santun_core::verdict::{Priority, StateScope, StateWrite};
use santun_store::{CommitError, ConversationFilter, OwnerKind};

use crate::support::*;

fn write(key: &str, value: &str, read_version: Option<u64>) -> StateWrite {
    let scope = if read_version.is_some() { StateScope::Shared } else { StateScope::Conversation };
    let (plugin, value) = (PluginName::from("faq"), Some(value.as_bytes().to_vec()));
    StateWrite { plugin, scope, key: key.to_owned(), value, read_version }
}

#[tokio::test]
async fn a_step_is_there_as_a_whole() {
    let home = Home::new().await;
    let asked = home.hears("628111", "Di mana pesanan saya?").await;
    let (lease, loaded) = home.leased(asked.conversation).await;
    let mut effects = home.step(&loaded, &["Sebentar", "Sudah dikirim"]);
    effects.conversation.labels.insert("order".to_owned());
    effects.conversation.attributes.insert("city".to_owned(), "Bandung".to_owned());
    effects.state.push(write("step", "2", None));
    effects.consents.push(ConsentEntry {
        change: ConsentChange::Withdrawn,
        purpose: None,
        wording: None,
        evidence: "word".to_owned(),
        turn: Some(asked.id),
        at: effects.trace.at,
    });
    effects.conversation.consents.opted_out_at = Some(effects.trace.at);
    let (step, written) = (effects.step, effects.conversation.clone());
    let drafts = effects.outbox.clone();
    let trace = effects.trace.clone();
    home.store.commit(&lease, effects, None).await.unwrap();

    let home = home.reopened().await;
    let (_, loaded) = home.leased(asked.conversation).await;
    assert_eq!(loaded.conversation, written);
    assert!(loaded.undecided.is_empty());
    assert_eq!(home.store.trace(step).await.unwrap(), Some(trace));
    let history = home.store.history(asked.conversation, 10, None).await.unwrap();
    let words: Vec<_> = history.iter().map(|view| view.turn.body.words()).collect();
    assert_eq!(words, ["Di mana pesanan saya?", "Sebentar", "Sudah dikirim"]);
    assert_eq!(history[0].turn.step, Some(step));
    let before = home.store.history(asked.conversation, 1, Some(history[2].turn.id)).await.unwrap();
    assert_eq!(before, history[1..2]);
    let due = home.store.outbox_due(asked.conversation).await.unwrap().unwrap();
    assert_eq!((due.draft, due.recipient), (drafts[0].clone(), by_phone("628111")));
    let plugin = PluginName::from("faq");
    let state = home.store.state_get(&plugin, StateScope::Conversation, asked.conversation, "step").await.unwrap();
    assert_eq!(state.map(|(value, _)| value), Some(b"2".to_vec()));
    let ledger = home.store.consent_ledger(written.contact).await.unwrap();
    assert_eq!((ledger.len(), ledger[0].entry.evidence.as_str()), (1, "word"));
}

#[tokio::test]
async fn a_stale_step_is_left_out_while_its_neighbours_commit() {
    let home = Home::new().await;
    let mut steps = Vec::new();
    for nth in 0..20 {
        let asked = home.hears(&format!("62811{nth}"), "Halo").await;
        let (lease, loaded) = home.leased(asked.conversation).await;
        let effects = home.step(&loaded, &["Halo juga"]);
        steps.push((asked.conversation, lease, effects));
    }
    // Somebody else takes over two of them.
    let _thieves = [home.store.lease(steps[3].0).await.unwrap(), home.store.lease(steps[11].0).await.unwrap()];
    let mut commits = tokio::task::JoinSet::new();
    for (nth, (_, lease, effects)) in steps.into_iter().enumerate() {
        let store = home.store.clone();
        commits.spawn(async move { (nth, store.commit(&lease, effects, None).await) });
    }
    let mut stale = Vec::new();
    for (nth, result) in commits.join_all().await {
        match result {
            Ok(()) => {}
            Err(CommitError::StaleFence) => stale.push(nth),
            Err(error) => panic!("{nth}: {error}"),
        }
    }
    stale.sort_unstable();
    assert_eq!(stale, [3, 11]);
    let undecided = home.store.pending_conversations().await.unwrap().into_iter().filter(|pending| pending.undecided);
    assert_eq!(undecided.count(), 2);
}

#[tokio::test]
async fn a_step_that_cannot_be_written_fails_alone() {
    let home = Home::new().await;
    let mut commits = tokio::task::JoinSet::new();
    let mut first = None;
    for nth in 0..8 {
        let asked = home.hears(&format!("62811{nth}"), "Halo").await;
        let (lease, loaded) = home.leased(asked.conversation).await;
        let mut effects = home.step(&loaded, &["Halo juga"]);
        // Two steps claim the same message: the second violates what the database guards.
        let taken = *first.get_or_insert(effects.outbox[0].id);
        if nth == 5 {
            effects.outbox[0].id = taken;
        }
        let store = home.store.clone();
        commits.spawn(async move { store.commit(&lease, effects, None).await.is_ok() });
    }
    assert_eq!(commits.join_all().await.into_iter().filter(|ok| *ok).count(), 7);
    home.answers("628999", "Masih hidup?", &["Ya"]).await;
}

#[tokio::test]
async fn who_takes_over_sees_what_the_one_before_may_still_write() {
    let home = Home::new().await;
    let mut written = [0; 2];
    for nth in 0..240_u32 {
        let asked = home.hears(&format!("62811{nth}"), "Halo").await;
        let (lease, loaded) = home.leased(asked.conversation).await;
        let effects = home.step(&loaded, &["Halo juga"]);
        let store = home.store.clone();
        let commit = tokio::spawn(async move { store.commit(&lease, effects, None).await });
        // Somebody takes over while the step is on its way, each time a little later, and every other time because
        // whoever had the conversation is gone.
        tokio::task::yield_now().await;
        std::thread::sleep(Duration::from_micros(u64::from(nth / 2) * 5));
        let gone = nth % 2 == 1;
        if gone {
            commit.abort();
        }
        let (_lease, loaded) = home.leased(asked.conversation).await;
        if let Ok(result) = commit.await {
            assert_eq!(result.is_ok(), loaded.backlog, "{result:?} with a delay of {nth}");
        }
        home.hears(&format!("62811{nth}"), "Halo?").await;
        let durable = home.store.outbox_due(asked.conversation).await.unwrap().is_some();
        assert_eq!(durable, loaded.backlog, "what was loaded is not what became of the step, with a delay of {nth}");
        written[usize::from(durable)] += 1;
    }
    println!("{written:?} steps were too late and in time");
}

#[tokio::test]
async fn a_lease_of_an_earlier_process_is_stale() {
    let home = Home::new().await;
    let asked = home.hears("628111", "Halo").await;
    let (old, loaded) = home.leased(asked.conversation).await;
    let other = santun_store::Store::open(settings(home.folder.path()), home.world.clone()).await.unwrap();
    let _new = other.lease(asked.conversation).await.unwrap();
    let stale = home.store.commit(&old, home.step(&loaded, &["Halo"]), None).await;
    assert!(matches!(stale, Err(CommitError::StaleFence)), "{stale:?}");
    other.close().await;
}

#[tokio::test]
async fn shared_state_that_has_moved_on_sends_the_step_back() {
    let home = Home::new().await;
    let (a, b) = (home.hears("628111", "a").await, home.hears("628222", "b").await);
    let (lease_a, loaded_a) = home.leased(a.conversation).await;
    let (lease_b, loaded_b) = home.leased(b.conversation).await;
    let mut first = home.step(&loaded_a, &[]);
    first.state.push(write("stock", "9", Some(0)));
    home.store.commit(&lease_a, first, None).await.unwrap();
    let mut second = home.step(&loaded_b, &["never said"]);
    second.state.push(write("stock", "8", Some(0)));
    let conflict = home.store.commit(&lease_b, second.clone(), None).await;
    assert!(matches!(&conflict, Err(CommitError::StateConflict { key, .. }) if key == "stock"), "{conflict:?}");
    assert!(home.store.outbox_due(b.conversation).await.unwrap().is_none());
    let plugin = PluginName::from("faq");
    let read = home.store.state_get(&plugin, StateScope::Shared, b.conversation, "stock").await.unwrap();
    let (value, version) = read.unwrap();
    assert_eq!(value, b"9");
    second.state[0].read_version = Some(version);
    home.store.commit(&lease_b, second, None).await.unwrap();
    assert!(home.store.outbox_due(b.conversation).await.unwrap().is_some());
}

#[tokio::test]
async fn what_a_contacts_conversations_share_is_never_lost_between_them() {
    let home = Home::new().await;
    let one = home.hears("628111", "a").await;
    let santun_core::webhook::Update::Message(mut elsewhere) = arrival("628111", "w.other", "b") else {
        unreachable!()
    };
    elsewhere.channel = "another".into();
    let other = home.ingest(vec![santun_core::webhook::Update::Message(elsewhere)]).await.remove(0);
    let santun_store::Ingested::Message { message: other, .. } = other else { unreachable!() };
    assert_ne!(one.conversation, other.conversation);
    let (lease_one, loaded_one) = home.leased(one.conversation).await;
    let (lease_other, loaded_other) = home.leased(other.conversation).await;
    let mut stops = home.step(&loaded_one, &[]);
    stops.conversation.consents.opted_out_at = Some(Timestamp::from_millis(START));
    home.store.commit(&lease_one, stops, None).await.unwrap();
    let mut learns = home.step(&loaded_other, &[]);
    learns.conversation.attributes.insert("size".to_owned(), "XL".to_owned());
    let refused = home.store.commit(&lease_other, learns, None).await;
    assert!(matches!(refused, Err(CommitError::ContactChanged)), "{refused:?}");
    // Read again, the step sees the opt-out, and both last. A second commit under one lease needs no load.
    let loaded = home.store.load(&lease_other, Default::default()).await.unwrap();
    let mut learns = home.step(&loaded, &[]);
    learns.conversation.attributes.insert("size".to_owned(), "XL".to_owned());
    home.store.commit(&lease_other, learns.clone(), None).await.unwrap();
    let mut again = home.step(&loaded, &[]);
    again.conversation = learns.conversation;
    again.conversation.attributes.insert("city".to_owned(), "Solo".to_owned());
    home.store.commit(&lease_other, again, None).await.unwrap();
    let contact = home.store.contact(loaded.conversation.contact).await.unwrap().unwrap();
    assert!(contact.consents.opted_out_at.is_some());
    assert_eq!(contact.attributes.len(), 2);
    assert_eq!(contact.conversations.len(), 2);
}

#[tokio::test]
async fn a_handed_over_conversation_is_listed_with_its_request_and_its_wait_is_measured() {
    let home = Home::new().await;
    let division = DivisionName::from("cs");
    for nth in 0..5_u32 {
        let asked = home.hears(&format!("62811{nth}"), "Mau bicara dengan orang").await;
        let (lease, loaded) = home.leased(asked.conversation).await;
        let at = home.world.now();
        let request = Request {
            id: RequestId::new(&*home.world),
            opened_at: at,
            reason: "asked".to_owned(),
            priority: Priority::High,
            division: division.clone(),
            summary: "Wants a human".to_owned(),
            facts: Vec::new(),
            promised: None,
            attended: false,
        };
        let mut effects = home.step(&loaded, &[]);
        effects.conversation.owner = Owner::Queue { division: division.clone() };
        effects.conversation.request = Some(request.clone());
        effects.requests.push(RequestChange::Opened(request.clone()));
        // The last word on a timer counts.
        effects.timers.push(TimerChange::Clear(Timer::NobodyThere));
        effects.timers.push(TimerChange::Set(Timer::NobodyThere, at.plus_minutes(5)));
        home.store.commit(&lease, effects, None).await.unwrap();
        let open = home.store.requests_open().await.unwrap();
        assert_eq!((open.len(), &open[0].request, open[0].taken), (1, &request, None));
        let due = home.store.timers_due(at.plus_minutes(6)).await.unwrap();
        assert_eq!((due.len(), due[0].timer), (1, Timer::NobodyThere));
        let waiting = ConversationFilter { owner: Some(OwnerKind::Queue), ..ConversationFilter::default() };
        let listed = home.store.conversations(&waiting, None, 10).await.unwrap();
        assert_eq!((listed.len(), listed[0].id), (1, asked.conversation));
        assert_eq!(listed[0].request, Some((division.clone(), Priority::High, at)));
        assert!(home.store.wait_minutes(|_, _| true).await.unwrap().is_empty(), "fewer than five are no measure");

        let (lease, loaded) = home.leased(asked.conversation).await;
        let mut effects = home.step(&loaded, &[]);
        let user = UserId::new(&*home.world);
        effects.conversation.owner = Owner::Agent { user, name: "Rina".to_owned() };
        effects.conversation.request = None;
        effects.requests.push(RequestChange::Taken { id: request.id, user: Some(user), at: at.plus_minutes(nth + 1) });
        effects.requests.push(RequestChange::Closed { id: request.id, at: at.plus_minutes(30) });
        effects.timers.push(TimerChange::Clear(Timer::NobodyThere));
        home.store.commit(&lease, effects, None).await.unwrap();
    }
    assert_eq!(home.store.wait_minutes(|_, _| true).await.unwrap().get(&division), Some(&3));
    assert!(home.store.requests_open().await.unwrap().is_empty());
    assert!(home.store.timers_due(home.world.now().plus_minutes(600)).await.unwrap().is_empty());
    let first = home.store.conversations(&ConversationFilter::default(), None, 3).await.unwrap();
    let rest = home.store.conversations(&ConversationFilter::default(), Some(first[2].next()), 10).await.unwrap();
    assert_eq!((first.len(), rest.len()), (3, 2));
}
