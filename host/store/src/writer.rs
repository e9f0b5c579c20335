//! The one task that writes.

mod commit;
mod fade;
mod forget;
mod moments;
mod news;
mod people;
mod receive;
mod settle;

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use metrics::{counter, gauge, histogram};
use santun_core::ids::ContactId;
use santun_core::time::Timestamp;
use santun_core::world::World;
use tokio::sync::{mpsc, oneshot, watch};

pub(crate) use commit::CommitJob;
pub(crate) use receive::IngestJob;
pub(crate) use settle::{OutboxChange, OutboxJob};

use crate::error::StoreError;
use crate::events::NewEvent;
use crate::keys::KeyWriter;
use crate::lease::Leases;
use crate::lookup::LookUp;
use crate::retention::Faded;
use crate::sqlite::{self, Connection, Folding};
use people::People;

/// Jobs of one batch at most: enough to make the cost of a commit vanish, few enough to keep the wait
/// of the first short.
const MOST_JOBS: usize = 512;

/// Updates of one batch at most, over all its jobs: one webhook can bring a thousand.
const MOST_UPDATES: usize = 2_048;

/// A future that borrows the connection.
pub(crate) type Running<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A write of any kind. It may run more than once before it counts. If it answers an error other than
/// [`StoreError::Database`], it must not have written anything.
pub(crate) trait Work<T>: for<'c> FnMut(&'c mut Connection) -> Running<'c, T> + Send + 'static {}
impl<T, F: for<'c> FnMut(&'c mut Connection) -> Running<'c, T> + Send + 'static> Work<T> for F {}

/// What waits for the writer.
pub(crate) enum Job {
    Ingest(IngestJob),
    Commit(Box<CommitJob>),
    Outbox(OutboxJob),
    Forget(ContactId, oneshot::Sender<Result<(), StoreError>>),
    Fade(FadeJob),
    Event(NewEvent, oneshot::Sender<Result<(), StoreError>>),
    Other(Box<dyn AnyWork>),
}

impl Job {
    pub(crate) fn of<T: Send + 'static>(work: impl Work<T>, reply: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self::Other(Box::new(Typed { work, result: None, reply }))
    }

    fn updates(&self) -> usize {
        if let Self::Ingest(job) = self { job.updates.len() } else { 1 }
    }
}

/// Conversations that were idle for long fade.
pub(crate) struct FadeJob {
    pub(crate) before: Timestamp,
    pub(crate) faded: Faded,
    pub(crate) reply: oneshot::Sender<Result<Faded, StoreError>>,
}

pub(crate) trait AnyWork: Send {
    fn run<'a>(&'a mut self, connection: &'a mut Connection) -> Running<'a, ()>;
    fn answer(self: Box<Self>, batch: Result<(), StoreError>);
}

struct Typed<T, W> {
    work: W,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send + 'static, W: Work<T>> AnyWork for Typed<T, W> {
    fn run<'a>(&'a mut self, connection: &'a mut Connection) -> Running<'a, ()> {
        Box::pin(async move {
            match (self.work)(connection).await {
                Err(error @ StoreError::Database(_)) => Err(error),
                result => {
                    self.result = Some(result);
                    Ok(())
                }
            }
        })
    }

    fn answer(self: Box<Self>, batch: Result<(), StoreError>) {
        let result = match batch {
            Ok(()) => self.result.unwrap_or(Err(StoreError::Closed)),
            Err(error) => Err(error),
        };
        self.reply.send(result).ok();
    }
}

/// The jobs of one transaction, by kind, in the order in which they came.
#[derive(Default)]
struct Batch {
    ingest: Vec<IngestJob>,
    commits: Vec<CommitJob>,
    outbox: Vec<OutboxJob>,
    forget: Vec<(ContactId, oneshot::Sender<Result<(), StoreError>>)>,
    fade: Vec<FadeJob>,
    events: Vec<(NewEvent, oneshot::Sender<Result<(), StoreError>>)>,
    other: Vec<Box<dyn AnyWork>>,
}

impl Batch {
    fn add(&mut self, job: Job) {
        match job {
            Job::Ingest(job) => self.ingest.push(job),
            Job::Commit(job) => self.commits.push(*job),
            Job::Outbox(job) => self.outbox.push(job),
            Job::Forget(contact, reply) => self.forget.push((contact, reply)),
            Job::Fade(job) => self.fade.push(job),
            Job::Event(event, reply) => self.events.push((event, reply)),
            Job::Other(work) => self.other.push(work),
        }
    }

    fn len(&self) -> usize {
        self.ingest.len()
            + self.commits.len()
            + self.outbox.len()
            + self.forget.len()
            + self.fade.len()
            + self.events.len()
            + self.other.len()
    }

    /// Every job as a batch of its own.
    fn singly(self) -> impl Iterator<Item = Self> {
        let alone = |add: fn(&mut Self, Job), job| {
            let mut batch = Self::default();
            add(&mut batch, job);
            batch
        };
        let jobs = self.ingest.into_iter().map(Job::Ingest);
        let jobs = jobs.chain(self.commits.into_iter().map(|job| Job::Commit(Box::new(job))));
        let jobs = jobs.chain(self.outbox.into_iter().map(Job::Outbox));
        let jobs = jobs.chain(self.forget.into_iter().map(|(contact, reply)| Job::Forget(contact, reply)));
        let jobs = jobs.chain(self.fade.into_iter().map(Job::Fade));
        let jobs = jobs.chain(self.events.into_iter().map(|(event, reply)| Job::Event(event, reply)));
        let jobs = jobs.chain(self.other.into_iter().map(Job::Other));
        jobs.map(move |job| alone(Self::add, job))
    }

    fn answer(self, result: &Result<(), StoreError>) {
        self.ingest.into_iter().for_each(|job| job.answer(result.clone()));
        self.commits.into_iter().for_each(|job| job.answer(result.clone()));
        self.outbox.into_iter().for_each(|job| job.answer(result.clone()));
        self.forget.into_iter().for_each(|(_, reply)| drop(reply.send(result.clone())));
        self.fade.into_iter().for_each(|job| drop(job.reply.send(result.clone().map(|()| job.faded))));
        self.events.into_iter().for_each(|(_, reply)| drop(reply.send(result.clone())));
        self.other.into_iter().for_each(|work| work.answer(result.clone()));
    }
}

/// The one task that writes, with all that it needs.
pub(crate) struct Writer {
    connection: Connection,
    /// `None` where statements are let through one by one.
    folding: Option<Folding>,
    keys: KeyWriter,
    lookup: LookUp,
    world: Arc<dyn World>,
    leases: Arc<Leases>,
    people: People,
    waited_for: receive::WaitedFor,
    /// Whose keys are destroyed, and whose data goes with the next batch that can be written.
    forgetting: HashSet<ContactId>,
    /// Events of the batch that is being written.
    events: Vec<NewEvent>,
    /// What WhatsApp told in it.
    news: Vec<commit::TurnRow>,
    last_event: watch::Sender<u64>,
}

impl Writer {
    #[expect(clippy::too_many_arguments, reason = "the parts of a store, each made once")]
    pub(crate) fn new(
        connection: Connection,
        folding: Option<Folding>,
        keys: KeyWriter,
        lookup: LookUp,
        world: Arc<dyn World>,
        leases: Arc<Leases>,
        forgetting: HashSet<ContactId>,
        last_event: watch::Sender<u64>,
    ) -> Self {
        Self {
            connection,
            folding,
            keys,
            lookup,
            world,
            leases,
            people: People::new(),
            waited_for: None,
            forgetting,
            events: Vec::new(),
            news: Vec::new(),
            last_event,
        }
    }

    /// Begins to work, on a thread of its own; tells when it has ended.
    ///
    /// A batch is a dozen statements, one after the other. As a task among those of connections and lanes the
    /// writer waited for its turn after each of them, behind dozens of others: most of the time that a webhook took.
    pub(crate) fn begin(self, jobs: mpsc::Receiver<Job>) -> oneshot::Receiver<()> {
        let (ended, end) = oneshot::channel();
        let runtime = tokio::runtime::Handle::current();
        let work = move || {
            runtime.block_on(self.run(jobs));
            // Whoever closes the store may not wait for it.
            ended.send(()).ok();
        };
        if let Err(error) = std::thread::Builder::new().name("santun-writer".to_owned()).spawn(work) {
            tracing::error!(%error, "the writer of the store cannot have a thread; nothing will be written");
        }
        end
    }

    /// Begins to work beside everything else, for a simulation on one thread.
    pub(crate) fn begin_as_a_task(self, jobs: mpsc::Receiver<Job>) -> oneshot::Receiver<()> {
        let (ended, end) = oneshot::channel();
        tokio::spawn(async move {
            self.run(jobs).await;
            ended.send(()).ok();
        });
        end
    }

    /// Works until nobody can bring jobs any more and none is left.
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(MOST_JOBS);
        while jobs.recv_many(&mut waiting, MOST_JOBS).await > 0 {
            gauge!("santun_store_queue").set(jobs.len() as f64);
            let mut batch = Batch::default();
            let mut updates = 0;
            for job in waiting.drain(..) {
                updates += job.updates();
                batch.add(job);
                if updates >= MOST_UPDATES {
                    self.write(std::mem::take(&mut batch)).await;
                    updates = 0;
                }
            }
            if batch.len() > 0 {
                self.write(batch).await;
            }
        }
        self.keys.close().await;
        if let Some(folding) = self.folding {
            folding.end().await;
        }
        sqlite::close(self.connection).await;
    }

    async fn write(&mut self, mut batch: Batch) {
        let Err(error) = self.try_write(&mut batch).await else { return batch.answer(&Ok(())) };
        let one_is_at_fault = match &error {
            StoreError::Database(error) => !sqlite::concerns_everybody(error),
            _ => true,
        };
        if batch.len() < 2 || !one_is_at_fault {
            tracing::error!(%error, jobs = batch.len(), "a batch could not be written");
            counter!("santun_store_failures_total").increment(1);
            return batch.answer(&Err(error));
        }
        tracing::warn!(%error, jobs = batch.len(), "a batch could not be written; trying its members one by one");
        for mut alone in batch.singly() {
            let result = self.try_write(&mut alone).await;
            if let Err(error) = &result {
                tracing::error!(%error, "one member of a batch could not be written");
                counter!("santun_store_failures_total").increment(1);
            }
            alone.answer(&result);
        }
    }

    /// One transaction: all of it is durable, or nothing of it is there.
    async fn try_write(&mut self, batch: &mut Batch) -> Result<(), StoreError> {
        let began = Instant::now();
        self.events.clear();
        self.news.clear();
        // Keys first: once they are gone nothing else matters, and nothing can bring them back.
        for (contact, _) in &batch.forget {
            self.people.forget(*contact);
            self.keys.destroy(*contact).await?;
            self.forgetting.insert(*contact);
        }
        if let Some(folding) = &self.folding {
            folding.finish(&mut self.connection).await;
        }
        self.connection.begin();
        let written = async {
            self.write_all(batch).await?;
            batch.written();
            let last_event = crate::events::append_and_commit(&mut self.connection, &mut self.events).await?;
            batch.committed();
            Ok::<_, StoreError>(last_event)
        }
        .await;
        let last_event = match written {
            Ok(last_event) => last_event,
            Err(error) => {
                self.connection.roll_back().await;
                self.people.discard();
                return Err(error);
            }
        };
        if let Some(folding) = &self.folding {
            folding.committed();
        }
        self.people.keep();
        self.forgotten().await;
        if let Some(last_event) = last_event {
            self.last_event.send_replace(last_event);
        }
        histogram!("santun_store_batch_jobs").record(batch.len() as f64);
        histogram!("santun_store_commit_micros").record(began.elapsed().as_micros() as f64);
        Ok(())
    }

    async fn write_all(&mut self, batch: &mut Batch) -> Result<(), StoreError> {
        for contact in &self.forgetting {
            crate::contacts::scrub(&mut self.connection, *contact, self.world.now()).await?;
        }
        if !batch.ingest.is_empty() {
            self.receive(&mut batch.ingest).await?;
        }
        if !batch.commits.is_empty() {
            self.commit(&mut batch.commits).await?;
        }
        if !batch.outbox.is_empty() || batch.ingest.iter().any(IngestJob::has_statuses) {
            self.settle(&mut batch.outbox, &mut batch.ingest).await?;
        }
        commit::insert_turns(&mut self.connection, std::mem::take(&mut self.news)).await?;
        for job in &mut batch.fade {
            job.faded = self.fade(job.before).await?;
        }
        for work in &mut batch.other {
            work.run(&mut self.connection).await?;
        }
        self.events.extend(batch.events.iter().map(|(event, _)| event.clone()));
        Ok(())
    }
}
