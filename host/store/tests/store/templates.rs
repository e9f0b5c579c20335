//! Message templates that are not sent any more.

use santun_core::templates::{Stop, TemplateName};
use santun_core::time::Timestamp;
use santun_core::webhook::{TemplateUpdate, Update};
use santun_store::{Ingested, StoreError};

use crate::support::Home;

fn promo(language: &str) -> TemplateName {
    TemplateName { account: "102290129340398".into(), name: "promo".into(), language: language.into() }
}

fn told(stopped: Option<&str>, at: i64) -> Update {
    let at = Some(Timestamp::from_seconds(at));
    Update::Template(TemplateUpdate { template: promo("id"), stopped: stopped.map(str::to_owned), at })
}

/// What is said of why the template is stopped.
async fn why(home: &Home, template: &TemplateName) -> Option<String> {
    home.store.templates_stopped().await.unwrap().why(template).map(|stop| stop.why.clone())
}

#[tokio::test]
async fn a_template_stays_stopped_for_the_first_reason_until_it_is_released() {
    let home = Home::new().await;
    let stop = |why: &str| Stop { since: home.world.now(), code: Some(132_015), why: why.into() };
    assert!(home.store.template_stop(promo("id"), stop("paused")).await.unwrap());
    assert!(!home.store.template_stop(promo("id"), stop("disabled")).await.unwrap());
    let home = home.reopened().await;
    assert_eq!(why(&home, &promo("id")).await.as_deref(), Some("paused"));
    assert_eq!(why(&home, &promo("en")).await, None, "another language is another one");
    home.store.template_release(promo("id")).await.unwrap();
    assert_eq!(why(&home, &promo("id")).await, None);
    let again = home.store.template_release(promo("id")).await;
    assert!(matches!(again, Err(StoreError::NotFound { .. })), "{again:?}");
    let events = home.store.events_after(0, 10).await.unwrap();
    let bodies: Vec<&str> = events.iter().map(|event| event.body.as_str()).collect();
    assert_eq!(
        bodies,
        [
            r#"{"language":"id","stopped":true,"template":"promo"}"#,
            r#"{"language":"id","stopped":false,"template":"promo"}"#
        ]
    );
}

#[tokio::test]
async fn metas_latest_word_counts_in_whatever_order_they_come() {
    let home = Home::new().await;
    assert_eq!(home.ingest(vec![told(Some("paused"), 100)]).await, [Ingested::Template]);
    assert_eq!(why(&home, &promo("id")).await.as_deref(), Some("paused"));
    assert_eq!(home.ingest(vec![told(None, 300)]).await, [Ingested::Template]);
    assert_eq!(why(&home, &promo("id")).await, None);
    let late = home.ingest(vec![told(Some("paused"), 200), told(Some("paused"), 100)]).await;
    assert_eq!(late, [Ingested::Duplicate, Ingested::Duplicate]);
    assert_eq!(why(&home, &promo("id")).await, None, "it was approved after that");

    // What a refusal has stopped goes again with any approval, even one that came twice.
    let stop = Stop { since: home.world.now(), code: Some(132_001), why: "missing".into() };
    home.store.template_stop(promo("id"), stop).await.unwrap();
    home.ingest(vec![told(None, 300)]).await;
    assert_eq!(why(&home, &promo("id")).await, None);
}

#[tokio::test]
async fn a_word_without_a_time_counts_when_it_comes() {
    let home = Home::new().await;
    let untimed = |stopped: Option<&str>| {
        Update::Template(TemplateUpdate { template: promo("id"), stopped: stopped.map(str::to_owned), at: None })
    };
    home.ingest(vec![told(None, 300), untimed(Some("disabled"))]).await;
    assert_eq!(why(&home, &promo("id")).await.as_deref(), Some("disabled"));
    home.ingest(vec![told(Some("paused"), 200)]).await;
    assert_eq!(why(&home, &promo("id")).await.as_deref(), Some("disabled"), "an older word than the latest timed one");
    home.ingest(vec![untimed(None)]).await;
    assert_eq!(why(&home, &promo("id")).await, None);
}
