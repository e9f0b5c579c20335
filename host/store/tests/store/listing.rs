use santun_core::conversation::{Owner, Request};
use santun_core::ids::{ConversationId, RequestId, UserId};
use santun_core::time::Timestamp;
use santun_core::verdict::Priority;
use santun_store::ConversationFilter;

use crate::support::*;

/// A conversation that waits since so many minutes, or that somebody has already.
async fn called(home: &Home, phone: &str, priority: Priority, minutes: u32, owner: Owner) -> ConversationId {
    let asked = home.hears(phone, "Mau bicara dengan orang").await;
    let (lease, loaded) = home.leased(asked.conversation).await;
    let mut effects = home.step(&loaded, &[]);
    effects.conversation.owner = owner;
    effects.conversation.request = Some(Request {
        id: RequestId::new(&*home.world),
        opened_at: Timestamp::from_millis(START).plus_minutes(600 - minutes),
        reason: "asked".to_owned(),
        priority,
        division: "cs".into(),
        summary: String::new(),
        facts: Vec::new(),
        promised: None,
        attended: false,
    });
    home.store.commit(&lease, effects, None).await.unwrap();
    asked.conversation
}

#[tokio::test]
async fn who_waits_for_a_human_is_listed_first_by_priority_and_then_by_how_long() {
    let home = Home::new().await;
    let queue = || Owner::Queue { division: "cs".into() };
    let held = Owner::Agent { user: UserId::new(&*home.world), name: "Rina".to_owned() };
    let quiet = home.answers("628111", "Halo", &["Hai"]).await.0;
    let short = called(&home, "628112", Priority::Normal, 5, queue()).await;
    let long = called(&home, "628113", Priority::Normal, 50, Owner::Bot).await;
    let urgent = called(&home, "628114", Priority::Urgent, 1, queue()).await;
    let taken = called(&home, "628115", Priority::Urgent, 90, held).await;
    let last = home.answers("628116", "Halo", &["Hai"]).await.0;
    let low = called(&home, "628117", Priority::Low, 99, queue()).await;
    let expected = [urgent, long, short, low, last, taken, quiet];

    let all = ConversationFilter::default();
    let listed = home.store.conversations(&all, None, 20).await.unwrap();
    assert_eq!(listed.iter().map(|row| row.id).collect::<Vec<_>>(), expected);
    for size in 1..4 {
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let page = home.store.conversations(&all, after, size).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.next());
            paged.extend(page.iter().map(|row| row.id));
        }
        assert_eq!(paged, expected, "in pages of {size}");
    }
}
