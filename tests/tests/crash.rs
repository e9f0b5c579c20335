//! The host is killed, again and again, in the middle of its work.

use std::time::{Duration, Instant};

use rand::RngExt as _;
use santun_tests::lab::{Crowd, Lab, Order, Plan, bot, seeded};
use tokio::time::sleep;

/// Kills, unless `SANTUN_KILLS` says otherwise.
const KILLS: u32 = 50;

/// Kills after which everything is looked through, and the next crowd begins.
const ROUND: u32 = 25;

const CUSTOMERS: usize = 24;

/// As slow as a restart may be, by the host's own bar. Only printed: a machine that does other things is slower.
const READY_WITHIN: Duration = Duration::from_secs(2);

fn kills() -> u32 {
    let asked = std::env::var("SANTUN_KILLS").ok();
    asked.map_or(KILLS, |asked| asked.parse().expect("SANTUN_KILLS is a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_under_load_lose_nothing_repeat_nothing_and_keep_the_order() {
    let mut rng = seeded();
    let mut slow = 0;
    let mut slowest = Duration::ZERO;
    let kills = kills();
    for round in 0..kills.div_ceil(ROUND) {
        let settle_ms = [0, 20, 100][rng.random_range(0..3)];
        let delivery_delay = Duration::from_millis(rng.random_range(0..30));
        let mut lab = Lab::serving(Plan { bot: bot(settle_ms), delivery_delay, ..Plan::default() }).await;
        let crowd = Crowd::of(&lab, CUSTOMERS, "Pelanggan", 1120).await;
        let writing = crowd.keep_writing(&mut rng);
        let mut cut_off = 0;
        for _ in 0..ROUND.min(kills - round * ROUND) {
            sleep(Duration::from_millis(rng.random_range(20..700))).await;
            lab.kill().await;
            cut_off += lab.being_sent().await;
            let began = Instant::now();
            lab.serve().await;
            lab.ready().await;
            slow += u32::from(began.elapsed() > READY_WITHIN);
            slowest = slowest.max(began.elapsed());
        }
        let crowd = writing.stop().await;
        match crowd.check(&lab, Order::Kept).await {
            Ok(outcome) => {
                println!("round {round}, settle_ms = {settle_ms}: {outcome:?}; the kills met {cut_off} being sent");
                assert!(outcome.unknown <= cut_off, "round {round}: nobody knows of more than was being sent");
            }
            Err(wrong) => panic!("round {round}: {wrong}"),
        }
        lab.stop().await;
    }
    println!("{kills} kills; the slowest restart took {slowest:.2?}, {slow} took more than {READY_WITHIN:?}");
}
