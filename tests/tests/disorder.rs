//! Webhooks in disorder, limits that are met, and a Graph that is not there: nothing is lost, nothing comes twice.

use rand::RngExt as _;
use reqwest::Method;
use santun_tests::lab::{Crowd, Lab, Order, Plan, bot, eventually, seeded};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_shuffled_updates_in_one_webhook_that_comes_twice_are_each_taken_once() {
    const CUSTOMERS: usize = 100;
    const EACH: usize = 10;
    let mut rng = seeded();
    let lab = Lab::serving(Plan { bot: bot(300), ..Plan::default() }).await;
    let mut crowd = Crowd::of(&lab, CUSTOMERS, "Acak", 6100).await;
    lab.phone.call(Method::POST, "/webhooks/hold", None).await;
    for _ in 0..EACH {
        crowd.all_write().await;
    }
    let before = lab.phone.stats().await;
    let how = json!({ "order": "shuffled", "seed": rng.random::<u32>(), "batch": 1_000, "duplicate": 1 });
    let released = lab.phone.call(Method::POST, "/webhooks/release", Some(how)).await;
    assert_eq!(released, json!({ "updates": 2 * CUSTOMERS * EACH, "webhooks": 2 }), "the same one again");
    let outcome = crowd.check(&lab, Order::NotKept).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!((outcome.unknown, outcome.called), (0, 0), "{outcome:?}");
    let after = lab.phone.stats().await;
    assert_eq!(after["failed_attempts"], 0, "two POSTs of a thousand, and two 200: {after}");
    let of = |stats: &Value, what: &str| stats[what].as_u64().expect("a count");
    assert!(of(&after, "updates_delivered") >= of(&before, "updates_delivered") + 2_000, "{after}");
    // What comes together is answered together.
    assert!((CUSTOMERS..=CUSTOMERS * EACH).contains(&usize::try_from(of(&after, "sends")).expect("few")), "{after}");
}

/// A customer who writes a lot, and another.
struct Flood {
    lab: Lab,
    rina: String,
    written: usize,
    /// Minutes by which the emulator's clock and the host's are ahead.
    ahead: i64,
}

/// What one customer gets at once, by WhatsApp's word.
const AT_ONCE: usize = 45;

impl Flood {
    /// So many messages are written and decided about, where WhatsApp has this limit for one customer.
    async fn of(written: usize, pair: Value) -> Self {
        let lab = Lab::serving(Plan::default()).await;
        let limits = json!({ "number_per_second": 80, "pair": pair });
        lab.phone.call(Method::PUT, "/limits", Some(limits)).await;
        let rina = lab.phone.customer("Rina", "628116200001").await;
        const DECIDED: &str = "SELECT COUNT(*) FROM turns WHERE speaker = 'customer' AND undecided = 0";
        for nth in 0..written {
            lab.phone.writes(&rina, &format!("pesan nomor {nth}.")).await;
            // Each is answered by itself.
            let decided = i64::try_from(nth + 1).expect("a few");
            eventually("it is decided", async || (lab.number_in("santun.db", DECIDED).await >= decided).then_some(()))
                .await;
        }
        Self { lab, rina, written, ahead: 0 }
    }

    /// The numbers of the messages that were answered, in the order of the answers.
    async fn heard(&self) -> Vec<usize> {
        let answers = self.lab.phone.answers(&self.rina).await;
        let number = |text: &str| text.rsplit(' ').next()?.strip_suffix('.')?.parse().ok();
        answers.iter().filter_map(|answer| number(answer.text())).collect()
    }

    /// Somebody else is answered, though the first waits.
    async fn others_are_answered(&self) {
        let dodi = self.lab.phone.customer("Dodi", "628116200002").await;
        self.lab.phone.writes(&dodi, "aku juga.").await;
        self.lab.phone.hears(&dodi, "Gema A: aku juga.").await;
        assert!(self.heard().await.len() < self.written, "the first still waits");
    }

    /// A minute passes for both, at WhatsApp first.
    async fn a_minute_passes(&mut self) {
        self.ahead += 1;
        self.lab.phone.call(Method::POST, "/clock", Some(json!({ "minutes": 1 }))).await;
        self.lab.set_clock(self.ahead);
    }

    async fn refused(&self) -> u64 {
        self.lab.phone.stats().await["refused"].as_u64().expect("a count")
    }

    async fn all_came_once_and_in_order(&self) {
        assert_eq!(self.heard().await, (0..self.written).collect::<Vec<_>>());
        let stats = self.lab.phone.stats().await;
        assert_eq!((&stats["sends"], &stats["duplicate_sends"]), (&json!(self.written + 1), &json!(0)), "{stats}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_writes_sixty_at_once_is_answered_as_fast_as_whatsapp_allows_and_never_faster() {
    let mut flood = Flood::of(60, json!({ "borrowing": "refills" })).await;
    eventually("a burst comes", async || (flood.heard().await.len() >= AT_ONCE).then_some(())).await;
    flood.others_are_answered().await;
    while flood.heard().await.len() < flood.written {
        assert!(flood.ahead < 5, "one in six seconds, so that fifteen need two minutes: {:?}", flood.heard().await);
        let before = flood.heard().await.len();
        flood.a_minute_passes().await;
        let allowed = (before + 10).min(flood.written);
        eventually("ten more come", async || (flood.heard().await.len() >= allowed).then_some(())).await;
    }
    flood.all_came_once_and_in_order().await;
    assert_eq!(flood.refused().await, 0, "WhatsApp never had to say that it is too fast");
}

/// By the harder reading of Meta's page, nothing goes until a burst is paid back. A burst is smaller and sooner paid
/// back here. What is refused counts towards the host's own pace too, so that 30 messages with 15 refusals are as many
/// as go without it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_burst_must_be_paid_back_all_come_in_order_after_few_refusals() {
    let flood = Flood::of(30, json!({ "every_ms": 200, "burst": 5, "borrowing": "repaid" })).await;
    flood.others_are_answered().await;
    eventually("all come", async || (flood.heard().await.len() >= flood.written).then_some(())).await;
    flood.all_came_once_and_in_order().await;
    let refused = flood.refused().await;
    println!("{refused} refusals");
    assert!((1..=15).contains(&refused), "{refused} refusals of {} messages", flood.written);
}
