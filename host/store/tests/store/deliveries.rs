use santun_core::conversation::Disclosure;
use santun_core::delivery::{GraphError, OutboxState, Progress};
use santun_core::identity::{Identity, Wamid};
use santun_core::ids::{ConversationId, StepId, TurnId};
use santun_core::language::Language;
use santun_core::turn::{Happening, News};
use santun_core::webhook::{StatusUpdate, Update};
use santun_store::{Ingested, Settlement, StoreError};

use crate::support::*;

fn error(code: i64) -> GraphError {
    GraphError { code, title: "trouble".to_owned(), details: None }
}

fn status(home: &Home, turn: Option<TurnId>, wamid: &str, progress: Progress) -> Update {
    Update::Status(StatusUpdate {
        channel: channel(),
        wamid: Wamid::new(wamid),
        recipient: Identity::default(),
        progress,
        at: home.world.now(),
        turn,
        errors: Vec::new(),
        pricing: None,
    })
}

#[tokio::test]
async fn a_conversations_messages_go_out_strictly_in_order() {
    let home = Home::new().await;
    let (conversation, said) = home.answers("628111", "Halo", &["satu", "dua"]).await;
    let next = async || home.store.outbox_due(conversation).await.unwrap().map(|row| (row.draft.id, row.state));
    assert_eq!(next().await, Some((said[0], OutboxState::Queued)));
    assert_eq!(home.store.outbox_sending(said[0]).await.unwrap().attempts, 1);
    let twice = home.store.outbox_sending(said[0]).await;
    assert!(matches!(twice, Err(StoreError::WrongState { .. })), "{twice:?}");
    assert_eq!(next().await, Some((said[0], OutboxState::Sending)));
    let home = home.reopened().await;
    let open = home.store.unsettled().await.unwrap();
    assert_eq!((open.len(), open[0].turn, open[0].state), (1, said[0], OutboxState::Sending));
    let again = Settlement::Again { not_before: home.world.now().plus_minutes(1), error: error(130_429) };
    assert_eq!(home.store.outbox_settle(said[0], again).await.unwrap().state, OutboxState::Queued);
    home.store.outbox_sending(said[0]).await.unwrap();
    let accepted = Settlement::Accepted { wamid: Wamid::new("wamid.out") };
    let settled = home.store.outbox_settle(said[0], accepted).await.unwrap();
    assert_eq!((settled.state, settled.attempts), (OutboxState::Accepted, 2));
    assert_eq!(home.store.outbox_due(conversation).await.unwrap().unwrap().draft.id, said[1]);
    assert_eq!(home.store.outbox_counts().await.unwrap(), [(OutboxState::Queued, 1)]);
    let refused = home.store.outbox_settle(said[1], Settlement::Refused { why: "opted out".to_owned() }).await.unwrap();
    assert_eq!(refused.state, OutboxState::Refused);
    assert!(home.store.outbox_due(conversation).await.unwrap().is_none());
    let history = home.store.history(conversation, 1, None).await.unwrap();
    assert_eq!(history[0].delivery.as_ref().unwrap().errors[0].title, "opted out");
}

#[tokio::test]
async fn statuses_move_forward_only_and_quotes_of_our_messages_are_known() {
    let home = Home::new().await;
    let (conversation, said) = home.answers("628111", "Halo", &["satu"]).await;
    home.store.outbox_sending(said[0]).await.unwrap();
    home.store.outbox_settle(said[0], Settlement::Accepted { wamid: Wamid::new("wamid.out") }).await.unwrap();
    let read = home.ingest(vec![status(&home, None, "wamid.out", Progress::Read)]).await;
    assert!(
        matches!(read[0], Ingested::Status { turn, progress: Progress::Read, settled: None, .. } if turn == said[0])
    );
    home.ingest(vec![status(&home, Some(said[0]), "wamid.out", Progress::Delivered)]).await;
    let history = home.store.history(conversation, 1, None).await.unwrap();
    assert_eq!(history[0].delivery.as_ref().unwrap().progress, Some(Progress::Read));
    assert_eq!(home.store.wamid(said[0]).await.unwrap(), Some(Wamid::new("wamid.out")));
    let Update::Message(mut quoting) = arrival("628111", "wamid.q", "itu?") else { unreachable!() };
    quoting.quotes = Some(Wamid::new("wamid.out"));
    let quoting = home.ingest(vec![Update::Message(quoting)]).await;
    assert!(matches!(&quoting[0], Ingested::Message { message, .. } if message.reply_to == Some(said[0])));
    assert_eq!(home.ingest(vec![status(&home, None, "wamid.stranger", Progress::Sent)]).await, [Ingested::Kept]);
}

#[tokio::test]
async fn a_status_settles_what_was_unknown_even_before_the_sender_knows() {
    let home = Home::new().await;
    let (conversation, said) = home.answers("628111", "Halo", &["satu", "dua"]).await;
    home.store.outbox_sending(said[0]).await.unwrap();
    let until = home.world.now().plus_minutes(2);
    home.store.outbox_settle(said[0], Settlement::Unknown { until, error: error(131_000) }).await.unwrap();
    let due = home.store.outbox_due(conversation).await.unwrap().unwrap();
    assert_eq!((due.state, due.settle_by), (OutboxState::Unknown, Some(until)));
    let settled = home.ingest(vec![status(&home, Some(said[0]), "w.1", Progress::Sent)]).await;
    assert!(matches!(settled[0], Ingested::Status { settled: Some(OutboxState::Accepted), .. }), "{settled:?}");
    // The other way round: the status is here before the sender gives up waiting.
    home.store.outbox_sending(said[1]).await.unwrap();
    home.ingest(vec![status(&home, Some(said[1]), "w.2", Progress::Delivered)]).await;
    let late = home.store.outbox_settle(said[1], Settlement::Unknown { until, error: error(131_000) }).await.unwrap();
    assert_eq!(late.state, OutboxState::Accepted);
    assert!(home.store.unsettled().await.unwrap().is_empty());
}

fn failed(home: &Home, turn: TurnId, code: i64) -> Update {
    let Update::Status(mut failed) = status(home, Some(turn), "wamid.f", Progress::Failed) else { unreachable!() };
    failed.errors.push(error(code));
    Update::Status(failed)
}

/// What no step has taken note of.
async fn news_of(home: &Home, conversation: ConversationId) -> Vec<News> {
    home.leased(conversation).await.1.news
}

#[tokio::test]
async fn that_a_message_never_arrived_is_a_turn_which_waits_for_a_step_and_comes_once() {
    let home = Home::new().await;
    let (conversation, said) = home.answers("628111", "Halo", &["satu", "dua"]).await;
    for turn in &said {
        home.store.outbox_sending(*turn).await.unwrap();
        let wamid = Wamid::new(format!("wamid.{turn}"));
        home.store.outbox_settle(*turn, Settlement::Accepted { wamid }).await.unwrap();
    }
    let told = home.ingest(vec![failed(&home, said[0], 131_026)]).await;
    let Ingested::Status { news: Some(news), settled: None, .. } = &told[0] else { panic!("{told:?}") };
    assert!(matches!(&news.what, Happening::NotDelivered { turn, code: 131_026, .. } if *turn == said[0]));
    let again = home.ingest(vec![failed(&home, said[0], 131_026)]).await;
    assert!(matches!(&again[0], Ingested::Status { news: None, .. }), "{again:?}");
    home.ingest(vec![failed(&home, said[1], 131_050)]).await;
    let (lease, loaded) = home.leased(conversation).await;
    assert_eq!(loaded.news.len(), 2);
    assert_eq!((&loaded.news[0].what, &loaded.news[1].what), (&news.what, &Happening::StoppedMarketing));
    let mut effects = home.step(&loaded, &[]);
    effects.decided = vec![news.id];
    home.store.commit(&lease, effects, None).await.unwrap();
    assert_eq!(news_of(&home, conversation).await.len(), 1, "what a step has noted is done");
    let history = home.store.history(conversation, 10, None).await.unwrap();
    let happened: Vec<_> = history.iter().map(|view| view.turn.body.kind()).collect();
    assert!(happened.ends_with(&["not_delivered", "stopped_marketing"]), "{happened:?}");
}

#[tokio::test]
async fn what_whatsapp_refuses_to_take_is_told_in_the_same_breath() {
    let home = Home::new().await;
    let (conversation, said) = home.answers("628111", "Halo", &["satu"]).await;
    home.store.outbox_sending(said[0]).await.unwrap();
    let settled = home.store.outbox_settle(said[0], Settlement::Failed { error: error(131_026) }).await.unwrap();
    let news = settled.news.unwrap();
    assert!(matches!(&news.what, Happening::NotSent { turn, code: 131_026, .. } if *turn == said[0]));
    assert_eq!(news_of(&home, conversation).await, [news]);
}

#[tokio::test]
async fn a_setting_that_changed_waits_for_a_step_and_comes_once() {
    let home = Home::new().await;
    let (conversation, _) = home.answers("628111", "Halo", &["satu"]).await;
    let Update::Message(arrival) = arrival("628111", "wamid.x", "") else { unreachable!() };
    let at = home.world.now();
    let changed = Update::Preference { channel: arrival.channel, who: arrival.sender, wanted: false, at };
    let told = home.ingest(vec![changed.clone()]).await;
    let Ingested::News { conversation: told_in, news } = &told[0] else { panic!("{told:?}") };
    assert_eq!((*told_in, &news.what), (conversation, &Happening::PreferenceChanged { wanted: false }));
    assert_eq!(home.ingest(vec![changed]).await, [Ingested::Duplicate]);
    assert_eq!(news_of(&home, conversation).await, std::slice::from_ref(news));
}

#[tokio::test]
async fn an_unknown_message_lets_the_others_pass_when_it_is_given_up_and_not_before() {
    let home = Home::new().await;
    let (conversation, said) = home.answers("628111", "Halo", &["satu", "dua"]).await;
    let unknown = async |turn| {
        home.store.outbox_sending(turn).await.unwrap();
        let until = home.world.now();
        home.store.outbox_settle(turn, Settlement::Unknown { until, error: error(131_000) }).await.unwrap();
        // Its time is over, but a restart may come before anybody is told.
        assert_eq!(home.store.outbox_due(conversation).await.unwrap().unwrap().draft.id, turn);
        assert!(home.store.pending_conversations().await.unwrap()[0].outbox);
        home.store.outbox_settle(turn, Settlement::GivenUp).await.unwrap();
    };
    unknown(said[0]).await;
    assert_eq!(home.store.outbox_due(conversation).await.unwrap().unwrap().draft.id, said[1]);
    unknown(said[1]).await;
    assert!(home.store.outbox_due(conversation).await.unwrap().is_none());
    assert!(home.store.pending_conversations().await.unwrap().is_empty());
    assert_eq!(home.store.outbox_counts().await.unwrap(), [(OutboxState::Unknown, 2)], "they stay counted");
    home.ingest(vec![status(&home, Some(said[0]), "w.1", Progress::Sent)]).await;
    assert_eq!(home.store.outbox_counts().await.unwrap(), [(OutboxState::Unknown, 1)], "a late status settles one");
}

#[tokio::test]
async fn a_status_spares_a_message_that_was_queued_again() {
    let home = Home::new().await;
    let (conversation, said) = home.answers("628111", "Halo", &["satu"]).await;
    home.store.outbox_sending(said[0]).await.unwrap();
    home.store.outbox_requeue(said[0], home.world.now()).await.unwrap();
    home.ingest(vec![status(&home, Some(said[0]), "w.1", Progress::Sent)]).await;
    assert!(home.store.outbox_due(conversation).await.unwrap().is_none());
}

#[tokio::test]
async fn a_session_counts_as_disclosed_when_the_message_that_says_so_was_accepted() {
    let home = Home::new().await;
    let asked = home.hears("628111", "Halo").await;
    let (lease, loaded) = home.leased(asked.conversation).await;
    let mut effects = home.step(&loaded, &["Saya Sari, asisten virtual", "Ada yang bisa dibantu?"]);
    effects.outbox[0].discloses = true;
    let (first, second) = (effects.outbox[0].id, effects.outbox[1].id);
    effects.conversation.session.disclosure = Disclosure::OnItsWay { turn: first };
    home.store.commit(&lease, effects, None).await.unwrap();
    let now = async || home.store.conversation(asked.conversation, Language::Id).await.unwrap().session.disclosure;
    assert_eq!(now().await, Disclosure::OnItsWay { turn: first });
    home.store.outbox_sending(first).await.unwrap();
    let failed = home.store.outbox_settle(first, Settlement::Failed { error: error(131_026) }).await.unwrap();
    assert!(failed.discloses);
    assert_eq!(now().await, Disclosure::Due, "a message that failed told nobody");
    let mut again = home.draft(StepId::new(&*home.world), &loaded.conversation, "Saya Sari, asisten virtual");
    again.discloses = true;
    home.store.outbox_insert_before(second, again.clone()).await.unwrap();
    assert_eq!(now().await, Disclosure::OnItsWay { turn: again.id });
    assert_eq!(home.store.outbox_due(asked.conversation).await.unwrap().unwrap().draft, again);
    home.store.outbox_sending(again.id).await.unwrap();
    home.store.outbox_settle(again.id, Settlement::Accepted { wamid: Wamid::new("w") }).await.unwrap();
    assert!(matches!(now().await, Disclosure::Made { .. }));
    // A step that read the conversation before all this: the customer is rather told twice than never.
    home.store.commit(&lease, home.step(&loaded, &[]), None).await.unwrap();
    let (_, loaded) = home.leased(asked.conversation).await;
    assert_eq!(loaded.conversation.session.disclosure, Disclosure::Due);
}
