//! The store as others hold it.

use std::sync::Arc;

use parking_lot::Mutex;
use santun_core::ids::{ContactId, ConversationId};
use santun_core::world::World;
use tokio::sync::{mpsc, oneshot, watch};

use crate::cache::Recent;
use crate::error::{OpenError, StoreError};
use crate::keys::{self, KeyRing};
use crate::lease::Leases;
use crate::lookup::LookUp;
use crate::settings::StoreSettings;
use crate::sqlite::{Address, MIGRATIONS, Reader, Readers};
use crate::steps::Steps;
use crate::writer::{Job, Work, Writer};

/// Jobs that wait for the writer at most; who brings more waits.
const QUEUE: usize = 8_192;

/// Conversations whose contact is known without reading: twice that many at most, some 100 bytes each.
const CONTACTS: usize = 16_384;

/// Connections that read. Two cores serve few more at a time, and each costs a thread and its cache.
const READERS: u32 = 4;

/// Everything that lasts. Cheap to clone; all clones are one store.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    /// `None` once the store is closing.
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    /// Told when the writer has ended.
    writer: Mutex<Option<oneshot::Receiver<()>>>,
    pub(crate) readers: Readers,
    pub(crate) keys: Arc<KeyRing>,
    /// Whose conversations were read lately: that never changes.
    pub(crate) contacts: Mutex<Recent<ConversationId, ContactId>>,
    pub(crate) lookup: LookUp,
    pub(crate) world: Arc<dyn World>,
    pub(crate) leases: Arc<Leases>,
    pub(crate) last_event: watch::Receiver<u64>,
}

impl Store {
    /// Opens the store, makes and migrates its databases where needed, and starts its writer.
    pub async fn open(settings: StoreSettings, world: Arc<dyn World>) -> Result<Self, OpenError> {
        Self::open_with(settings, world, None).await
    }

    /// Opens the store as [`Store::open`] does, for a simulation on one thread: all its statements go through
    /// `steps`, and the thread is held until each is done.
    pub async fn open_stepped(
        settings: StoreSettings,
        world: Arc<dyn World>,
        steps: Arc<dyn Steps>,
    ) -> Result<Self, OpenError> {
        Self::open_with(settings, world, Some(steps)).await
    }

    async fn open_with(
        settings: StoreSettings,
        world: Arc<dyn World>,
        steps: Option<Arc<dyn Steps>>,
    ) -> Result<Self, OpenError> {
        let data = Address::parse(&settings.url)?.stepped(steps.clone());
        let keys = Address::parse(&settings.keys_url)?.stepped(steps);
        let alone = data.is_stepped();
        let mut keys = keys::open(keys, &settings.master_key, world.clone()).await?;
        let mut connection = data.writer(&MIGRATIONS).await?;
        let folding = if alone { None } else { Some(data.fold_beside(&mut connection).await?) };
        let readers = data.readers(READERS).await?;
        let ring = keys.ring.clone();
        let forgetting = keys.forgetting().await.map_err(|source| data.database_error(source))?;
        let lookup = LookUp::new(&settings.master_key);
        let leases = Arc::new(Leases::default());
        let last_event = crate::events::latest(&mut connection).await.map_err(|source| data.database_error(source))?;
        let (event_sender, last_event) = watch::channel(last_event);
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (known, there) = (lookup.clone(), world.clone());
        let writer = Writer::new(connection, folding, keys, known, there, leases.clone(), forgetting, event_sender);
        let writer = if alone { writer.begin_as_a_task(jobs) } else { writer.begin(jobs) };
        Ok(Self {
            inner: Arc::new(Inner {
                queue: Mutex::new(Some(queue)),
                writer: Mutex::new(Some(writer)),
                readers,
                keys: ring,
                contacts: Mutex::new(Recent::new(CONTACTS)),
                lookup,
                world,
                leases,
                last_event,
            }),
        })
    }

    /// Takes nothing more, finishes what was taken, and closes the databases.
    pub async fn close(&self) {
        self.inner.queue.lock().take();
        let writer = self.inner.writer.lock().take();
        if let Some(writer) = writer
            && writer.await.is_err()
        {
            tracing::error!("the writer of the store ended badly");
        }
        self.inner.readers.close().await;
    }

    /// Whether the writer is alive and takes work, for `/readyz`.
    pub fn is_open(&self) -> bool {
        self.inner.queue.lock().as_ref().is_some_and(|queue| !queue.is_closed())
    }

    /// Proves that a write becomes durable, for `/readyz`.
    pub async fn probe(&self) -> Result<(), StoreError> {
        self.write(|connection| {
            Box::pin(async move {
                sqlx::query("UPDATE host SET epoch = epoch WHERE only_row = 1").execute(connection).await?;
                Ok(())
            })
        })
        .await
    }

    pub(crate) async fn submit<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Job,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(job(reply)).await?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    pub(crate) async fn enqueue(&self, job: Job) -> Result<(), StoreError> {
        let queue = self.inner.queue.lock().clone().ok_or(StoreError::Closed)?;
        queue.send(job).await.map_err(|_| StoreError::Closed)
    }

    /// Queues a write of its own. It may run more than once before it counts: only what it wrote in
    /// the run that was committed lasts.
    pub(crate) async fn write<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T, StoreError> {
        self.submit(|reply| Job::of(work, reply)).await
    }

    pub(crate) async fn reader(&self) -> Result<Reader, StoreError> {
        self.inner.readers.acquire().await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rand::Rng as _;
    use santun_core::time::Timestamp;
    use santun_core::webhook::Update;
    use santun_core::world::World;

    use super::*;
    use crate::{Ingested, MasterKey};

    struct Fixed;

    impl World for Fixed {
        fn now(&self) -> Timestamp {
            Timestamp::from_seconds(1_790_000_000)
        }

        fn fill(&self, bytes: &mut [u8]) {
            rand::rng().fill_bytes(bytes);
        }
    }

    async fn most_pages(store: &Store, pages: u32) {
        let limit = store.write(move |connection| {
            Box::pin(async move {
                let limit = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
                sqlx::query(limit).fetch_all(connection).await?;
                Ok(())
            })
        });
        limit.await.unwrap();
    }

    #[tokio::test]
    async fn a_full_disk_fails_those_who_asked_and_the_writer_lives_on() {
        let folder = tempfile::tempdir().unwrap();
        let url = |file| format!("sqlite:{}", folder.path().join(file).display());
        let settings =
            StoreSettings { url: url("data.db"), keys_url: url("keys.db"), master_key: MasterKey::from_bytes([1; 32]) };
        let store = Store::open(settings, Arc::new(Fixed)).await.unwrap();
        let long = || vec![Update::Kept { channel: None, field: "x".to_owned(), json: "long ".repeat(20_000) }];
        // As few as there are: no page can be added, as on a full disk.
        most_pages(&store, 1).await;
        let failed = store.ingest(long(), Fixed.now()).await;
        assert!(matches!(failed, Err(StoreError::Database(_))), "{failed:?}");
        most_pages(&store, 1_000_000).await;
        assert_eq!(store.ingest(long(), Fixed.now()).await.unwrap(), [Ingested::Kept]);
        store.close().await;
    }
}
