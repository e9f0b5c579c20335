//! `idle_memory`: what a host with four plugins holds while nobody writes.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;

use super::shop::{Chain, Shop, free_address};
use super::{Asked, BenchError, Failure, Measured, Row};

/// How long a process is left alone before it is looked at.
const QUIET: Duration = Duration::from_secs(3);

/// How long it may take to become ready.
const READY: Duration = Duration::from_secs(60);

/// Measures.
pub(super) async fn measure(asked: &Asked) -> Result<Measured, Failure> {
    let listen = free_address()?;
    let shop = Shop::new(asked, "http://127.0.0.1:9", listen)?;
    let host = shop.open().await?;
    shop.apply(&host, Chain::Four, 1_200).await?;
    host.store.close().await;
    drop(host);
    let serve = {
        let settings = shop.settings_file();
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--config").arg(settings).arg("serve");
        Process::start(command)?
    };
    ready(listen).await?;
    tokio::time::sleep(QUIET).await;
    let host = serve.memory()?;
    drop(serve);
    let empty = {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["bench", "--empty-server"]);
        Process::start(command)?
    };
    tokio::time::sleep(QUIET).await;
    let bare = empty.memory()?;
    let notes = vec![format!(
        "idle_memory: resident set of `santun serve` {} s after it is ready; of it {:.1} MB are its own (anonymous), the \
         rest is mapped files, mostly the program. The baseline is the same program as an empty axum server: {:.1} MB of \
         its own.",
        QUIET.as_secs(),
        host.own,
        bare.own
    )];
    Ok(Measured { rows: vec![Row::new("idle_memory", "MB", host.all, bare.all)], notes })
}

/// A process of this program; it ends with this value.
struct Process(Child);

/// Resident megabytes (10⁶ bytes).
struct Memory {
    all: f64,
    own: f64,
}

impl Process {
    fn start(mut command: Command) -> Result<Self, Failure> {
        Ok(Self(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?))
    }

    fn memory(&self) -> Result<Memory, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let megabytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let kib: f64 = line.trim_start_matches(':').trim().strip_suffix("kB")?.trim().parse().ok()?;
            Some(kib * 1_024.0 / 1e6)
        };
        let all = megabytes("VmRSS").ok_or("the process has ended")?;
        Ok(Memory { all, own: megabytes("RssAnon").unwrap_or(0.0) })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing of it is needed afterwards.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn ready(address: SocketAddr) -> Result<(), Failure> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let begun = Instant::now();
    loop {
        let answer = client.get(format!("http://{address}/readyz")).send().await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(());
        }
        if begun.elapsed() > READY {
            return Err("`santun serve` did not become ready in time".into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// An axum server that knows one word: what the runtime and the program cost alone. Runs until it is
/// killed.
pub async fn empty_server() -> Result<(), BenchError> {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await;
    let listener = listener.map_err(BenchError::Empty)?;
    // Whoever started it may not listen.
    let _ = writeln!(std::io::stdout(), "listening");
    let router = Router::new().route("/", get(|| async { "empty\n" }));
    axum::serve(listener, router).await.map_err(BenchError::Empty)
}
