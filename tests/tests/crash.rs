//! The host is killed, again and again, in the middle of its work.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::RngExt as _;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use santun_tests::lab::{Lab, Phone, Plan, bot, seeded, within};
use serde_json::Value;
use tokio::time::sleep;

const KILLS: u32 = 10;
const CUSTOMERS: usize = 24;

/// How long a message of which nobody knows whether it was sent may hold up what is behind it, and then
/// some.
const SETTLED_BY: Duration = Duration::from_secs(90);

/// Which question a message is or answers: `k3m17` is the customer 3's message 17.
fn tags(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let tag = |word: &&str| {
        let numbers = word.strip_prefix('k').and_then(|rest| rest.split_once('m'));
        numbers.is_some_and(|(k, m)| k.parse::<u32>().is_ok() && m.parse::<u32>().is_ok())
    };
    words.filter(tag).map(str::to_owned).collect()
}

fn number(tag: &str) -> u32 {
    tag.split_once('m').and_then(|(_, number)| number.parse().ok()).expect("a tag")
}

async fn write_until(stop: Arc<AtomicBool>, phone: Phone, customers: Vec<String>, mut rng: StdRng) -> Vec<u32> {
    let mut written = vec![0; customers.len()];
    while !stop.load(Ordering::Relaxed) {
        let customer = rng.random_range(0..customers.len());
        for _ in 0..rng.random_range(1..4) {
            phone.writes(&customers[customer], &format!("pesan k{customer}m{}", written[customer])).await;
            written[customer] += 1;
        }
        sleep(Duration::from_millis(rng.random_range(5..60))).await;
    }
    written
}

/// A conversation as the host remembers it.
struct Kept {
    whole: Value,
}

impl Kept {
    fn turns(&self) -> impl Iterator<Item = &Value> {
        self.whole["turns"].as_array().expect("turns").iter()
    }

    fn asked(&self) -> Vec<String> {
        let customers = self.turns().filter(|turn| turn["by"] == "customer");
        customers.flat_map(|turn| tags(turn["text"].as_str().unwrap_or_default())).collect()
    }

    fn said_in(&self, state: &str) -> usize {
        self.turns().filter(|turn| turn["delivery"]["state"] == state).count()
    }

    /// Whether a human was called.
    fn is_in_human_hands(&self) -> bool {
        !self.whole["line"]["request"].is_null()
    }
}

async fn kept(lab: &Lab) -> HashMap<String, Kept> {
    let all = lab.conversations().await.into_iter();
    all.map(|whole| (whole["name"].as_str().expect("a name").to_owned(), Kept { whole })).collect()
}

/// What every customer's phone shows as answered, in order.
async fn answered(lab: &Lab, customers: &[String]) -> Vec<Vec<String>> {
    let mut all = Vec::with_capacity(customers.len());
    for customer in customers {
        let answers = lab.phone.answers(customer).await;
        all.push(answers.iter().flat_map(|entry| tags(entry.text())).collect());
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_kills_under_load_lose_nothing_repeat_nothing_and_keep_the_order() {
    let mut rng = seeded();
    let settle_ms = [0, 20, 100][rng.random_range(0..3)];
    let delivery_delay = Duration::from_millis(rng.random_range(0..30));
    let mut lab = Lab::serving(Plan { bot: bot(settle_ms), delivery_delay, ..Plan::default() }).await;
    let mut customers = Vec::new();
    for at in 0..CUSTOMERS {
        customers.push(lab.phone.customer(&format!("Pelanggan {at}"), &format!("62811200{at:05}")).await);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let writer = StdRng::seed_from_u64(rng.random());
    let writer = tokio::spawn(write_until(stop.clone(), lab.phone.clone(), customers.clone(), writer));
    for _ in 0..KILLS {
        sleep(Duration::from_millis(rng.random_range(50..700))).await;
        lab.kill().await;
        lab.serve().await;
        lab.ready().await;
    }
    stop.store(true, Ordering::Relaxed);
    let written = writer.await.expect("the customers wrote");
    println!("{} messages, settle_ms = {settle_ms}", written.iter().sum::<u32>());

    // Everything is answered, or a human was called.
    let everything = async || {
        let answered = answered(&lab, &customers).await;
        let complete = |at: usize| answered[at].len() >= written[at] as usize;
        let open: Vec<usize> = (0..CUSTOMERS).filter(|at| !complete(*at)).collect();
        if open.is_empty() {
            return Some(());
        }
        let kept = kept(&lab).await;
        let with_human = |at: &usize| {
            let kept = kept.get(&format!("Pelanggan {at}"));
            kept.is_some_and(|kept| kept.is_in_human_hands() && kept.asked().len() == written[*at] as usize)
        };
        open.iter().all(with_human).then_some(())
    };
    within(SETTLED_BY, "every message is answered or in a human's hands", everything).await;
    // Late statuses settle what they can.
    let waits = async || (!lab.metrics().await.contains("santun_outbox{state=\"sending\"} 1")).then_some(());
    within(SETTLED_BY, "nothing is under way", waits).await;

    let kept = kept(&lab).await;
    let answered = answered(&lab, &customers).await;
    let unknown: usize = kept.values().map(|kept| kept.said_in("unknown")).sum();
    let called = kept.values().filter(|kept| kept.is_in_human_hands()).count();
    println!("{unknown} unknown, {called} in human hands");
    for (at, answered) in answered.iter().enumerate() {
        let all: Vec<String> = (0..written[at]).map(|message| format!("k{at}m{message}")).collect();
        if all.is_empty() {
            continue;
        }
        let name = format!("Pelanggan {at}");
        let mut asked = kept[&name].asked();
        asked.sort_by_key(|tag| number(tag));
        assert_eq!(asked, all, "{name}: every message is in the history, once");
        let mut times: BTreeMap<&String, u32> = BTreeMap::new();
        answered.iter().for_each(|tag| *times.entry(tag).or_default() += 1);
        let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "{name}: answered more than once: {twice:?}");
        let numbers: Vec<u32> = answered.iter().map(|tag| number(tag)).collect();
        assert!(numbers.is_sorted(), "{name}: answered out of order: {numbers:?}");
    }
    assert!(called <= unknown, "a human is called only for what nobody can know");
    let duplicates = &lab.phone.stats().await["duplicate_sends"];
    assert_eq!(duplicates, 0, "no message reached WhatsApp twice");
    lab.stop().await;
}
