//! Customers who write: signed webhooks over kept connections, from a thread of their own.
//!
//! The client is as small as it can be, so that on a machine with few cores little of what is measured
//! is the one who measures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Failure;
use super::shop::{APP_SECRET, number};

/// One message of the run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writing {
    /// Who writes.
    pub(super) customer: u64,
    /// What.
    pub(super) text: &'static str,
}

/// What is sent, by its number from 0 on; `None` ends the run.
pub(super) type Script = Arc<dyn Fn(u64) -> Option<Writing> + Send + Sync>;

/// How a run is driven and watched.
#[derive(Default)]
pub(super) struct Progress {
    /// Messages that were begun.
    pub(super) begun: AtomicU64,
    /// Messages that may be begun; whoever drives raises it. `u64::MAX` for no bound.
    pub(super) allowed: AtomicU64,
    /// Ends the run.
    pub(super) stop: AtomicBool,
}

/// One acknowledgement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ack {
    pub(super) at: Instant,
    pub(super) took: Duration,
}

/// Customers at work.
pub(super) struct Load {
    pub(super) progress: Arc<Progress>,
    thread: std::thread::JoinHandle<Result<Vec<Ack>, Failure>>,
}

impl Load {
    /// Begins to write to that address over so many connections.
    pub(super) fn start(
        address: SocketAddr,
        connections: usize,
        allowed: u64,
        script: Script,
    ) -> Result<Self, Failure> {
        let progress = Arc::new(Progress { allowed: AtomicU64::new(allowed), ..Progress::default() });
        let shared = progress.clone();
        let thread = std::thread::Builder::new().name("bench-load".to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(all(address, connections, script, shared))
        })?;
        Ok(Self { progress, thread })
    }

    /// Ends the run: every acknowledgement.
    pub(super) async fn finish(self) -> Result<Vec<Ack>, Failure> {
        self.progress.stop.store(true, Relaxed);
        let thread = self.thread;
        let joined = tokio::task::spawn_blocking(move || thread.join()).await?;
        joined.map_err(|_| Failure::from("the load generator panicked"))?
    }
}

async fn all(
    address: SocketAddr,
    connections: usize,
    script: Script,
    progress: Arc<Progress>,
) -> Result<Vec<Ack>, Failure> {
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..connections {
        writers.spawn(write(address, script.clone(), progress.clone()));
    }
    let mut acks = Vec::new();
    while let Some(written) = writers.join_next().await {
        match written? {
            Ok(written) => acks.extend(written),
            Err(error) => {
                progress.stop.store(true, Relaxed);
                return Err(error);
            }
        }
    }
    Ok(acks)
}

async fn write(address: SocketAddr, script: Script, progress: Arc<Progress>) -> Result<Vec<Ack>, Failure> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let key = Hmac::<Sha256>::new_from_slice(APP_SECRET.as_bytes())?;
    let (mut request, mut answer) = (Vec::new(), vec![0; 4_096]);
    let mut acks = Vec::new();
    while !progress.stop.load(Relaxed) {
        if progress.begun.load(Relaxed) >= progress.allowed.load(Relaxed) {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        let nth = progress.begun.fetch_add(1, Relaxed);
        let Some(writing) = script(nth) else { break };
        render(nth, writing, &key, &mut request);
        let begun = Instant::now();
        stream.write_all(&request).await?;
        read_ok(&mut stream, &mut answer).await?;
        let at = Instant::now();
        acks.push(Ack { at, took: at - begun });
    }
    Ok(acks)
}

/// The customer's number.
pub(super) fn phone(customer: u64) -> String {
    format!("62812{customer:08}")
}

/// A webhook as Meta sends them: one text message, about 600 bytes.
#[expect(clippy::disallowed_methods, reason = "a load generator is the outside world: it has the real clock")]
fn render(nth: u64, writing: Writing, key: &Hmac<Sha256>, request: &mut Vec<u8>) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let (phone, number) = (phone(writing.customer), number(writing.customer));
    let body = format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"102290129340398","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"6281110002000","phone_number_id":"{number}"}},"contacts":[{{"profile":{{"name":"Pelanggan {}"}},"wa_id":"{phone}"}}],"messages":[{{"from":"{phone}","id":"wamid.HBgNNjI4MTIzNDU2Nzg5MBUCABIYFjNFQjBD{nth:016}","timestamp":"{now}","text":{{"body":"{}"}},"type":"text"}}]}},"field":"messages"}}]}}]}}"#,
        writing.customer, writing.text,
    );
    let mut mac = key.clone();
    mac.update(body.as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    request.clear();
    request.extend_from_slice(b"POST /webhooks/whatsapp HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n");
    let headers = format!("x-hub-signature-256: sha256={signature}\r\ncontent-length: {}\r\n\r\n", body.len());
    request.extend_from_slice(headers.as_bytes());
    request.extend_from_slice(body.as_bytes());
}

/// Reads one answer. Anything but 200 ends the run: nothing may be measured that did not work.
async fn read_ok(stream: &mut TcpStream, answer: &mut [u8]) -> Result<(), Failure> {
    let mut length = 0;
    loop {
        let read = stream.read(&mut answer[length..]).await?;
        if read == 0 {
            return Err("the server closed a connection".into());
        }
        length += read;
        let text = &answer[..length];
        let Some(end) = text.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&text[..end])?;
        if !head.starts_with("HTTP/1.1 200") {
            return Err(format!("a webhook was answered with {}", head.lines().next().unwrap_or_default()).into());
        }
        let body: usize = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok())
            .unwrap_or(0);
        if length >= end + 4 + body {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_a_webhook_that_the_host_understands() {
        let key = Hmac::<Sha256>::new_from_slice(APP_SECRET.as_bytes()).unwrap();
        let mut request = Vec::new();
        render(7, Writing { customer: 3, text: "halo kak" }, &key, &mut request);
        let request = String::from_utf8(request).unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let signature = head.lines().find_map(|line| line.strip_prefix("x-hub-signature-256: ")).unwrap();
        let secrets = santun_whatsapp::signature::AppSecrets::new([APP_SECRET]).unwrap();
        santun_whatsapp::signature::verify(&secrets, body.as_bytes(), Some(signature)).unwrap();
        let updates = santun_whatsapp::webhook::parse(&bytes::Bytes::from(body.to_owned())).unwrap();
        assert!(matches!(&updates[..], [santun_core::webhook::Update::Message(_)]));
        assert!((500..700).contains(&body.len()), "{}", body.len());
    }
}
