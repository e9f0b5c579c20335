//! The host lacks what it needs: space, a disk that writes, files, connections, patience, the right time. It loses
//! nothing that it acknowledged, says what is wrong, and goes on by itself once it has what it needs.
#![cfg(target_os = "linux")]

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Method;
use santun_tests::lab::{Crowd, Disk, DiskTrouble, Lab, Order, Plan, bot, eventually, seeded, signature};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

/// Connections that bring nothing.
const IDLE: usize = 10_000;

/// Files that this test needs beside those connections.
const BESIDE: u64 = 1_000;

/// Say `SANTUN_WITHOUT=files` where so many cannot be open: that is a decision, which nobody takes by accident.
fn there_are_too_few_files() -> bool {
    let files = rlimit::increase_nofile_limit(u64::MAX).expect("the limit of open files");
    let needed = u64::try_from(IDLE).expect("a number") + BESIDE;
    if files >= needed {
        return false;
    }
    let without = std::env::var("SANTUN_WITHOUT").unwrap_or_default();
    assert!(
        without.split(',').any(|what| what == "files"),
        "only {files} files may be open, and {needed} are needed: raise the limit (ulimit -n), or set SANTUN_WITHOUT=files"
    );
    println!("NOT TESTED: only {files} files may be open, and SANTUN_WITHOUT says to go without");
    true
}

/// What the metrics say of this series.
async fn metric(lab: &Lab, series: &str) -> u64 {
    let metrics = lab.metrics().await;
    let shown =
        metrics.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.trim().parse::<f64>().ok());
    shown.unwrap_or_else(|| panic!("no {series} in\n{metrics}")) as u64
}

/// Few enough files for a test to use up.
const FEW_FILES: &str = "--nofile=256:256";

async fn readiness(lab: &Lab) -> Option<(u16, String)> {
    let answer = lab.request(Method::GET, "/readyz").send().await.ok()?;
    Some((answer.status().as_u16(), answer.text().await.ok()?))
}

/// Under a disk's trouble the host says so, refuses what it cannot keep, and goes on when it is over.
async fn disk_trouble(trouble: DiskTrouble, prefix: u32) {
    let mut rng = seeded();
    let mut lab = Lab::at_rest(Plan { bot: bot(20), ..Plan::default() }).await;
    let disk = Disk::under(&mut lab);
    lab.serve().await;
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    lab.ready().await;
    let crowd = Crowd::of(&lab, 8, "Penuh", prefix).await;
    let writing = crowd.keep_writing(&mut rng);
    for _ in 0..2 {
        sleep(Duration::from_millis(300)).await;
        let failures = metric(&lab, "santun_store_failures_total").await;
        disk.has(trouble);
        let told = eventually("the host says that it is not ready", async || {
            let (status, words) = readiness(&lab).await?;
            (status == 503).then_some(words)
        })
        .await;
        println!("{told}");
        assert!(told.contains("the store takes no writes"), "{told}");
        let refused = lab.phone.stats().await["failed_attempts"].as_u64();
        eventually("webhooks are refused, and not lost", async || {
            let now = lab.phone.stats().await["failed_attempts"].as_u64();
            (now > refused).then_some(())
        })
        .await;
        assert!(metric(&lab, "santun_store_failures_total").await > failures, "it is counted");
        assert!(lab.log().contains("a batch could not be written"), "{}", lab.log());
        sleep(Duration::from_millis(500)).await;
        disk.has(DiskTrouble::None);
        lab.ready().await;
    }
    let crowd = writing.stop().await;
    let outcome = crowd.check(&lab, Order::NotKept).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    println!("{trouble:?}: {outcome:?}");
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_costs_nothing_that_was_acknowledged() {
    disk_trouble(DiskTrouble::Full, 5000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_turns_read_only_costs_nothing_that_was_acknowledged() {
    disk_trouble(DiskTrouble::ReadOnly, 5001).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_whose_syncs_fail_costs_nothing_that_was_acknowledged() {
    disk_trouble(DiskTrouble::SyncsFail, 5002).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_holds_nothing_up_and_loses_nothing() {
    let mut rng = seeded();
    let mut lab = Lab::serving(Plan { bot: bot(20), ..Plan::default() }).await;
    let crowd = Crowd::of(&lab, 8, "Jam", 5003).await;
    let writing = crowd.keep_writing(&mut rng);
    for minutes in [50, -180, 0, 45, -60, 30, 0] {
        sleep(Duration::from_millis(400)).await;
        lab.set_clock(minutes);
    }
    assert!(lab.log().contains("the clock was set"), "{}", lab.log());
    lab.kill().await;
    lab.set_clock(-90);
    lab.serve().await;
    lab.ready().await;
    sleep(Duration::from_millis(400)).await;
    let crowd = writing.stop().await;
    let outcome = crowd.check(&lab, Order::NotKept).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    println!("{outcome:?}");
    lab.stop().await;
}

async fn connections(to: SocketAddr, how_many: usize, first_words: &[u8]) -> Vec<TcpStream> {
    let mut all = Vec::with_capacity(how_many);
    for _ in 0..how_many {
        let Ok(mut one) = TcpStream::connect(to).await else { break };
        if one.write_all(first_words).await.is_ok() {
            all.push(one);
        }
    }
    all
}

async fn closed_by_the_host(mut connection: TcpStream) -> bool {
    let mut bytes = [0; 256];
    loop {
        match connection.read(&mut bytes).await {
            Ok(0) | Err(_) => return true,
            Ok(_) => {}
        }
    }
}

/// Brings a byte of a head each second, until the host closes the connection; gives after how long that was.
async fn trickles(to: SocketAddr) -> Duration {
    let begun = Instant::now();
    let connection = TcpStream::connect(to).await.expect("a place");
    let (mut from, mut into) = connection.into_split();
    let trickle = async {
        while into.write_all(b"x").await.is_ok() {
            sleep(Duration::from_secs(1)).await;
        }
    };
    let mut answer = [0; 256];
    let closed = async { while from.read(&mut answer).await.is_ok_and(|bytes| bytes > 0) {} };
    tokio::select! { () = trickle => {}, () = closed => {} }
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_idle_connections_are_nobodys_trouble() {
    if there_are_too_few_files() {
        return;
    }
    let mut rng = seeded();
    let mut lab = Lab::serving(Plan::default()).await;
    let begun = Instant::now();
    let held = connections(lab.listen, IDLE, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(held.len(), IDLE, "the host takes them all");
    let mut crowd = Crowd::of(&lab, 8, "Ramai", 5004).await;
    for _ in 0..10 {
        crowd.writes(&mut rng).await;
    }
    crowd.all_write().await;
    let outcome = crowd.check(&lab, Order::Kept).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    println!("{outcome:?}");
    assert_eq!(outcome.unknown, 0, "{outcome:?}");
    // The host closes an idle one after 75 s: these were open all the while.
    let open = metric(&lab, "santun_connections{listener=\"public\"}").await;
    println!("{open} connections are open, the first for {:.1?}", begun.elapsed());
    assert!(usize::try_from(open).is_ok_and(|open| open >= IDLE), "{open}, after {:.1?}", begun.elapsed());
    let memory = std::fs::read_to_string(format!("/proc/{}/status", lab.process())).expect("its memory");
    println!("{}", memory.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default());
    drop(held);
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_are_sent_away_and_hold_nobody_up() {
    let mut rng = seeded();
    let mut lab = Lab::at_rest(Plan::default()).await;
    lab.wrapper = vec!["prlimit".to_owned(), FEW_FILES.to_owned()];
    lab.serve().await;
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    lab.ready().await;
    assert!(lab.log().contains("few files may be open"), "{}", lab.log());
    let head = "POST /webhooks/whatsapp HTTP/1.1\r\nhost: x\r\nx-slow: ";
    let with_body = "POST /webhooks/whatsapp HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n\r\n{";
    // More than there are places: heads, bodies and nothing at all, none of which ever ends.
    let mut crowd = Crowd::of(&lab, 8, "Pelan", 5005).await;
    let kinds = [head, with_body, "", "PRI * HT"];
    let mut slow = kinds.map(|_| Vec::new());
    for _ in 0..4 {
        for (words, slow) in kinds.iter().zip(&mut slow) {
            slow.extend(connections(lab.listen, 12, words.as_bytes()).await);
            crowd.writes(&mut rng).await;
        }
    }
    let taken: usize = slow.iter().map(Vec::len).sum();
    println!("{taken} slow connections");
    assert!(taken > 100, "the host goes on taking connections");
    crowd.all_write().await;
    let outcome = crowd.check(&lab, Order::Kept).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    println!("{outcome:?}");
    assert_eq!(outcome.unknown, 0, "{outcome:?}");
    assert!(metric(&lab, "santun_connections_closed_total{why=\"crowded\"}").await > 0);
    // The first of each kind had to make room. Those who still have a place lose it by themselves, though nobody else
    // knocks: whoever brings no whole head within 15 s, a byte each second or none. (A body has 75 s for its next byte.)
    let trickling = tokio::spawn(trickles(lab.listen));
    let mut closing = Vec::new();
    for (words, mut of_kind) in kinds.into_iter().zip(slow) {
        closing.push((words, "first", of_kind.remove(0)));
        if words != with_body {
            closing.push((words, "last", of_kind.pop().expect("the last of them")));
        }
    }
    for (words, which, connection) in closing {
        let closed = tokio::time::timeout(Duration::from_secs(30), closed_by_the_host(connection)).await;
        assert_eq!(closed, Ok(true), "the {which} that brings {words:?} is closed");
    }
    let trickled = tokio::time::timeout(Duration::from_secs(30), trickling).await;
    let lasted = trickled.expect("whoever trickles is sent away").expect("it trickled");
    println!("whoever brought a byte each second was sent away after {lasted:.1?}");
    assert!(lasted > Duration::from_secs(5), "and not before it had its time");
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_without_files_left_says_so_and_goes_on_when_it_has_some() {
    let mut rng = seeded();
    let mut lab = Lab::serving(Plan { bot: bot(20), ..Plan::default() }).await;
    let crowd = Crowd::of(&lab, 8, "Habis", 5006).await;
    let writing = crowd.keep_writing(&mut rng);
    sleep(Duration::from_millis(500)).await;
    let open = std::fs::read_dir(format!("/proc/{}/fd", lab.process())).expect("its files").count();
    let limit = |files: usize| {
        let process = lab.process().to_string();
        let set =
            std::process::Command::new("prlimit").args(["--pid", &process, &format!("--nofile={files}:")]).status();
        assert!(set.is_ok_and(|status| status.success()), "prlimit");
    };
    let refused = metric(&lab, "santun_accept_failures_total").await;
    limit(open + 8);
    let mut held = Vec::new();
    eventually("the host says that it can take no connection", async || {
        held.extend(connections(lab.listen, 4, b"").await);
        lab.log().contains("no connection can be taken").then_some(())
    })
    .await;
    let told = eventually("whoever gets through is told of it", async || {
        held.extend(connections(lab.listen, 4, b"").await);
        let (status, words) = readiness(&lab).await?;
        words.contains("no files are left").then_some((status, words))
    })
    .await;
    assert_eq!(told.0, 503, "{}", told.1);
    sleep(Duration::from_secs(1)).await;
    limit(20_000);
    drop(held);
    lab.ready().await;
    assert!(metric(&lab, "santun_accept_failures_total").await > refused, "it is counted");
    let crowd = writing.stop().await;
    let outcome = crowd.check(&lab, Order::NotKept).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    println!("{outcome:?}");
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_is_kept_alive_is_answered_and_a_stop_does_not_wait_for_idle_ones() {
    let mut lab = Lab::serving(Plan::default()).await;
    let held = connections(lab.listen, 20, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let trickling = connections(lab.listen, 5, b"POST /webhooks/whatsapp HTTP/1.1\r\ncontent-le").await;
    let body = r#"{"object":"whatsapp_business_account","entry":[]}"#;
    for _ in 0..3 {
        let request = lab.request(Method::POST, "/webhooks/whatsapp").body(body);
        let answer = request.header("x-hub-signature-256", signature(body.as_bytes())).send().await;
        assert_eq!(answer.expect("an answer").status(), 200);
    }
    lab.stop().await;
    assert!(!lab.log().contains("not every connection ended in time"), "{}", lab.log());
    drop((held, trickling));
}
