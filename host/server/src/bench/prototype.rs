//! The least that a durable acknowledgement can be: axum, an HMAC, typed JSON, and one writer that
//! commits batches to SQLite with `synchronous=FULL`. What the host does beyond it is what its ratio
//! shows.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha256;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::Failure;
use super::shop::APP_SECRET;

/// Rows that one statement takes at most. Statements of all smaller powers of two are kept prepared.
const ROWS: usize = 256;

/// Messages that one transaction takes at most.
const BATCH: usize = 1_024;

/// A prototype that serves.
pub(super) struct Prototype {
    pub(super) address: SocketAddr,
    server: JoinHandle<()>,
    writer: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    key: Hmac<Sha256>,
    writer: mpsc::UnboundedSender<Job>,
}

struct Job {
    wamid: String,
    body: Bytes,
    done: oneshot::Sender<()>,
}

#[derive(Deserialize)]
struct Webhook {
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    value: Value,
}

#[derive(Deserialize)]
struct Value {
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    id: String,
}

impl Prototype {
    /// Serves from a database in that folder.
    pub(super) async fn start(folder: &Path) -> Result<Self, Failure> {
        let mut connection = SqliteConnectOptions::new()
            .filename(folder.join("prototype.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .connect()
            .await?;
        sqlx::query("CREATE TABLE message (id INTEGER PRIMARY KEY, wamid TEXT NOT NULL UNIQUE, body BLOB NOT NULL)")
            .execute(&mut connection)
            .await?;
        let (writer, jobs) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared { key: Hmac::new_from_slice(APP_SECRET.as_bytes())?, writer });
        let writer = tokio::spawn(async move {
            // An error drops the waiting answers, and their requests fail with it.
            let _ = write(&mut connection, jobs).await;
            let _ = connection.close().await;
        });
        let router = Router::new().route("/webhooks/whatsapp", post(receive)).with_state(shared);
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            // It ends by being aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, server, writer })
    }

    /// Stops it.
    pub(super) async fn stop(self) {
        self.server.abort();
        self.writer.abort();
        let _ = (self.server.await, self.writer.await);
    }
}

async fn receive(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut expected = [0; 32];
    let signature = headers.get("x-hub-signature-256").and_then(|value| value.as_bytes().strip_prefix(b"sha256="));
    if signature.is_none_or(|digits| hex::decode_to_slice(digits, &mut expected).is_err()) {
        return StatusCode::UNAUTHORIZED;
    }
    let mut mac = shared.key.clone();
    mac.update(&body);
    if mac.verify_slice(&expected).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(webhook) = serde_json::from_slice::<Webhook>(&body) else { return StatusCode::BAD_REQUEST };
    for message in webhook.entry.into_iter().flat_map(|entry| entry.changes).flat_map(|change| change.value.messages) {
        let (done, written) = oneshot::channel();
        let job = Job { wamid: message.id, body: body.clone(), done };
        if shared.writer.send(job).is_err() || written.await.is_err() {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    StatusCode::OK
}

async fn write(connection: &mut SqliteConnection, mut jobs: mpsc::UnboundedReceiver<Job>) -> Result<(), sqlx::Error> {
    let mut batch = Vec::with_capacity(BATCH);
    let statements: Vec<(usize, String)> = std::iter::successors(Some(ROWS), |rows| (*rows > 1).then_some(rows / 2))
        .map(|rows| {
            (
                rows,
                format!(
                    "INSERT INTO message (wamid, body) VALUES (?, ?){} ON CONFLICT DO NOTHING",
                    ", (?, ?)".repeat(rows - 1)
                ),
            )
        })
        .collect();
    while jobs.recv_many(&mut batch, BATCH).await > 0 {
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
        let mut rest = &batch[..];
        for (rows, statement) in &statements {
            while rest.len() >= *rows {
                let (chunk, after) = rest.split_at(*rows);
                rest = after;
                let mut query = sqlx::query(sqlx::AssertSqlSafe(statement.as_str()));
                for job in chunk {
                    query = query.bind(&job.wamid).bind(&job.body[..]);
                }
                query.execute(&mut *connection).await?;
            }
        }
        sqlx::query("COMMIT").execute(&mut *connection).await?;
        for job in batch.drain(..) {
            // Whoever asked may have gone away.
            let _ = job.done.send(());
        }
    }
    Ok(())
}
