//! A conversation's outbox is sent, strictly in order; the gate is asked again before each message.

use std::time::{Duration, SystemTime};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use santun_core::conversation::Disclosure;
use santun_core::delivery::{Attempt, Consequence, GraphError, OutboxState, Wait};
use santun_core::draft::StoredDraft;
use santun_core::flow;
use santun_core::gate::{self, ClearedMessage, SecondLook};
use santun_core::ids::TurnId;
use santun_core::outgoing::{MediaSource, Outgoing};
use santun_core::time::Timestamp;
use santun_core::trace::Rule;
use santun_store::faults::{Point, pass};
use santun_store::{OutboxRow, Settlement};
use santun_whatsapp::pacing::Permit;
use tokio::time::Instant;

use super::{Ended, Lane};
use crate::live::Live;
use crate::paces::Paces;
use crate::spans::{Origin, timeline};

/// How long a message of which nobody knows whether it was sent holds back what is behind it. Status
/// webhooks usually settle it within seconds; a customer who has written again should not wait longer.
const UNKNOWN_BLOCKS: Duration = Duration::from_secs(30);

/// Attempts after which a message is given up. With the back-off's growth that is about an hour.
const ATTEMPTS_AT_MOST: u32 = 12;

/// The longest that a message is held back between two attempts, by [`Paces::back_off`].
const LONGEST_BACK_OFF: Duration = Duration::from_secs(4_096);

/// How long a row waits when something but its own back-off holds it: a wake usually comes before.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// A message that waits to be sent.
pub(super) struct Queued {
    draft: StoredDraft,
    state: OutboxState,
    attempts: u32,
    hold_until: Option<Instant>,
    /// Whether it is noted as being sent already, and has its place in the pace.
    noted: bool,
    /// The message that may not come without this one, which tells that a bot is speaking.
    opens: Option<TurnId>,
    /// The trace that it belongs to, if anybody wants spans.
    origin: Option<Origin>,
}

/// What one attempt came to.
pub(super) struct Sent {
    draft: StoredDraft,
    attempts: u32,
    attempt: Attempt,
    /// When the request was made, if anybody wants spans.
    began: Option<SystemTime>,
}

impl Queued {
    /// A message that a step has just committed.
    pub(super) fn new(draft: StoredDraft, origin: Option<Origin>) -> Self {
        Self { draft, state: OutboxState::Queued, attempts: 0, hold_until: None, noted: false, opens: None, origin }
    }

    /// One that its step has committed as being sent.
    pub(super) fn noted(draft: StoredDraft, origin: Option<Origin>) -> Self {
        Self { noted: true, ..Self::new(draft, origin) }
    }

    /// A message that tells the customer that a bot is speaking, before one that may not come without it.
    fn opening(draft: StoredDraft, opens: TurnId, origin: Option<Origin>) -> Self {
        Self { opens: Some(opens), ..Self::new(draft, origin) }
    }

    fn stored(row: OutboxRow, now: Timestamp, origin: Option<Origin>) -> Self {
        // No longer than either ever is: the clock may have been set back since.
        let hold = match row.state {
            OutboxState::Unknown => row.settle_by.unwrap_or(now).since(now).min(UNKNOWN_BLOCKS),
            _ if row.attempts == 0 => Duration::ZERO,
            _ => row.not_before.since(now).min(LONGEST_BACK_OFF),
        };
        let hold_until = (!hold.is_zero()).then(|| Instant::now() + hold);
        let (state, attempts) = (row.state, row.attempts);
        Self { draft: row.draft, state, attempts, hold_until, noted: false, opens: None, origin }
    }

    /// Its turn, if it is noted as being sent and certainly was not.
    pub(super) fn noted_only(&self) -> Option<TurnId> {
        self.noted.then_some(self.draft.id)
    }

    /// When it is to be looked at, if not now.
    pub(super) fn due(&self) -> Option<Instant> {
        self.hold_until
    }

    /// What held it may be gone: look at it now.
    pub(super) fn hold_no_longer(&mut self) {
        if self.state == OutboxState::Queued {
            self.hold_until = None;
        }
    }

    fn held(&self) -> bool {
        self.hold_until.is_some_and(|until| until > Instant::now())
    }
}

impl Lane {
    /// Begins to send the next message, if there is one and its time has come.
    pub(super) async fn begin_sending(&mut self) -> Result<(), Ended> {
        while self.sending.is_none() {
            self.fetch_backlog().await?;
            let Some(front) = self.outbox.front() else { return Ok(()) };
            if front.held() {
                return Ok(());
            }
            match front.state {
                OutboxState::Sending => self.now_unknown().await?,
                OutboxState::Unknown => {
                    let Some(live) = self.host.live() else { return Ok(()) };
                    self.give_up_waiting(&live).await?;
                }
                _ => {
                    let Some(live) = self.host.live() else { return Ok(()) };
                    if !self.look_and_send(&live).await? {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// After an opening, rows of an earlier time are in the store alone: they come first, one by one.
    async fn fetch_backlog(&mut self) -> Result<(), Ended> {
        if !self.backlog || !self.outbox.is_empty() {
            return Ok(());
        }
        match self.host.store.outbox_due(self.conversation.id).await? {
            Some(row) => {
                let origin = timeline::origin_of(&self.host, row.draft.id, row.draft.step).await;
                self.outbox.push_back(Queued::stored(row, self.host.world.now(), origin));
            }
            None => self.backlog = false,
        }
        Ok(())
    }

    /// A crash came between the note that a request is made and its outcome: it may have been sent.
    async fn now_unknown(&mut self) -> Result<(), Ended> {
        let Some(front) = self.outbox.front_mut() else { return Ok(()) };
        let until = self.host.world.now() + UNKNOWN_BLOCKS;
        let error = GraphError { code: 0, title: "the host stopped while sending".to_owned(), details: None };
        let settled = self.host.store.outbox_settle(front.draft.id, Settlement::Unknown { until, error }).await?;
        if settled.state == OutboxState::Unknown {
            front.state = OutboxState::Unknown;
            front.hold_until = Some(Instant::now() + until.since(self.host.world.now()));
            metrics::counter!("santun_outbox_unknown_total").increment(1);
        } else {
            self.finish_front(settled.state);
        }
        Ok(())
    }

    /// No status came in time. It is not sent again, since the customer may have it already; it stays
    /// counted as unknown, a human is told, and what is behind it goes on.
    async fn give_up_waiting(&mut self, live: &Live) -> Result<(), Ended> {
        let Some(Queued { draft, attempts, origin, .. }) = self.outbox.pop_front() else { return Ok(()) };
        timeline::sent(&self.host.spans, origin, draft.id, OutboxState::Unknown, attempts);
        tracing::warn!(conversation = %self.conversation.id, turn = %draft.id, "never learnt whether this message was sent; going on without it");
        self.undisclose(&draft);
        let reason = "WhatsApp never told whether it was sent";
        self.tell_undeliverable(&draft, reason, live).await?;
        // Only now: a host that stops before gives it up again after its next start.
        self.host.store.outbox_settle(draft.id, Settlement::GivenUp).await?;
        Ok(())
    }

    /// Asks the gate and begins to send. `false`: not now.
    async fn look_and_send(&mut self, live: &std::sync::Arc<Live>) -> Result<bool, Ended> {
        let Some(front) = self.outbox.front_mut() else { return Ok(false) };
        if !front.noted {
            let now = self.host.world.now();
            let wait = match self.host.paces.permit(&self.conversation.channel, self.conversation.contact, now) {
                Permit::Go => None,
                Permit::WaitUntil(at) => Some(at.since(now).max(Duration::from_millis(1))),
                Permit::Halted => Some(LOOK_AGAIN),
            };
            if let Some(wait) = wait {
                front.hold_until = Some(Instant::now() + wait);
                return Ok(false);
            }
        }
        // It stays so until its request is made: a lane that ends before queues it again.
        let noted = front.noted;
        let draft = front.draft.clone();
        let attempts = front.attempts + 1;
        let person = self.person().await?;
        let look = {
            let scene = self.scene(live);
            let scene = scene.borrow();
            gate::second_look(draft.clone(), person.identity.clone(), &self.conversation, &scene.facts, scene.world)
        };
        match look {
            SecondLook::Cleared(cleared) => {
                if !noted {
                    self.host.store.outbox_sending(draft.id).await?;
                }
                if let Some(front) = self.outbox.front_mut() {
                    front.noted = false;
                }
                pass(Point::Noted);
                self.sending = Some(self.send(cleared, draft, attempts, live));
            }
            SecondLook::DiscloseFirst(disclosure) => {
                if noted {
                    self.host.store.outbox_requeue(draft.id, self.host.world.now()).await?;
                }
                if let Some(front) = self.outbox.front_mut() {
                    front.noted = false;
                }
                self.host.store.outbox_insert_before(draft.id, disclosure.clone()).await?;
                self.memory.forget_turns();
                self.conversation.session.disclosure = Disclosure::OnItsWay { turn: disclosure.id };
                let origin = self.outbox.front().and_then(|front| front.origin);
                self.outbox.push_front(Queued::opening(disclosure, draft.id, origin));
            }
            SecondLook::Refused(refusal, _rulings) => {
                metrics::counter!("santun_gate_refusals_total", "rule" => refusal.rule.as_str()).increment(1);
                let scene = self.scene_with_past(live).await?;
                let effects = flow::refused_on_the_way(scene.borrow(), self.conversation.clone(), &draft, &refusal);
                self.commit(effects).await?;
                // Only now: a host that stops before refuses it again after its next start, and tells of it.
                self.host.store.outbox_settle(draft.id, Settlement::Refused { why: refusal.why }).await?;
                let opened = self.finish_front(OutboxState::Refused);
                // Who has the conversation now decides by itself whether what is behind needs an introduction.
                if refusal.rule != Rule::Ownership {
                    self.lose(opened, live).await?;
                }
            }
        }
        Ok(true)
    }

    fn send(
        &self,
        cleared: ClearedMessage,
        draft: StoredDraft,
        attempts: u32,
        live: &std::sync::Arc<Live>,
    ) -> BoxFuture<'static, Sent> {
        let host = self.host.clone();
        let token = host.token(live, &self.conversation.channel);
        let (began, asked_at) = (std::time::Instant::now(), host.spans.begin());
        async move {
            let media = match cleared.content() {
                Outgoing::Media { source: MediaSource::Turn(turn), filename, .. } => {
                    let filename = filename.clone().unwrap_or_else(|| "file".to_owned());
                    match upload(&host, &token, &cleared, *turn, &filename).await {
                        Ok(id) => Some(id),
                        Err(attempt) => return Sent { draft, attempts, attempt, began: asked_at },
                    }
                }
                _ => None,
            };
            let about = match cleared.content() {
                Outgoing::Reaction { to, .. } => match host.store.wamid(*to).await {
                    Ok(wamid) => wamid,
                    Err(error) => return Sent { draft, attempts, attempt: not_read(&error), began: asked_at },
                },
                _ => None,
            };
            let attempt = host.graph.send(&token, cleared, about.as_ref(), media.as_ref()).await;
            pass(Point::GraphAnswered);
            metrics::histogram!("santun_graph_seconds").record(began.elapsed().as_secs_f64());
            Sent { draft, attempts, attempt, began: asked_at }
        }
        .boxed()
    }

    /// Records what an attempt came to, and what follows from it.
    pub(super) async fn sent(&mut self, sent: Sent) -> Result<(), Ended> {
        let Sent { draft, attempts, attempt, began } = sent;
        if let Some(front) = self.outbox.front() {
            timeline::attempted(&self.host.spans, front.origin, draft.id, attempts, &attempt, began);
        }
        let now = self.host.world.now();
        self.host.paces.after(&self.conversation.channel, self.conversation.contact, &attempt, now, &*self.host.world);
        match attempt {
            Attempt::Accepted { wamid } => {
                self.host.store.outbox_settle(draft.id, Settlement::Accepted { wamid }).await?;
                self.finish_front(OutboxState::Accepted);
            }
            Attempt::Again { error, .. } if attempts >= ATTEMPTS_AT_MOST => {
                self.failed(&draft, error, Consequence::None).await?;
            }
            Attempt::Again { wait, error } => {
                let not_before = now + Paces::back_off(wait, attempts, &*self.host.world);
                self.host.store.outbox_settle(draft.id, Settlement::Again { not_before, error }).await?;
                if let Some(front) = self.outbox.front_mut() {
                    front.attempts = attempts;
                    front.hold_until = Some(Instant::now() + not_before.since(now));
                }
                if wait == Wait::Unreachable {
                    metrics::counter!("santun_graph_unreachable_total").increment(1);
                }
            }
            Attempt::Halted { error } => {
                let not_before = now + LOOK_AGAIN;
                tracing::error!(channel = %self.conversation.channel, code = error.code, "the channel cannot send: {}", error.title);
                self.host.store.outbox_settle(draft.id, Settlement::Again { not_before, error }).await?;
                if let Some(front) = self.outbox.front_mut() {
                    // A halt is no fault of the message.
                    front.hold_until = Some(Instant::now() + LOOK_AGAIN);
                }
            }
            Attempt::Unknown { error } => {
                let until = now + UNKNOWN_BLOCKS;
                let settled = self.host.store.outbox_settle(draft.id, Settlement::Unknown { until, error }).await?;
                if settled.state == OutboxState::Unknown {
                    metrics::counter!("santun_outbox_unknown_total").increment(1);
                    if let Some(front) = self.outbox.front_mut() {
                        front.state = OutboxState::Unknown;
                        front.attempts = attempts;
                        front.hold_until = Some(Instant::now() + until.since(now));
                    }
                } else {
                    self.finish_front(settled.state);
                }
            }
            Attempt::Never { error, follows } => self.failed(&draft, error, follows).await?,
        }
        Ok(())
    }

    async fn failed(&mut self, draft: &StoredDraft, error: GraphError, follows: Consequence) -> Result<(), Ended> {
        if matches!(follows, Consequence::Ours | Consequence::StopTemplate) {
            tracing::error!(conversation = %self.conversation.id, turn = %draft.id, code = error.code, "a message was refused for its form: {}", error.title);
        }
        let settled = self.host.store.outbox_settle(draft.id, Settlement::Failed { error }).await?;
        let opened = self.finish_front(settled.state);
        if let Some(news) = &settled.news {
            self.note_news(news).await?;
        }
        let Some(live) = self.host.live() else { return Ok(()) };
        if settled.state == OutboxState::Failed { self.lose(opened, &live).await } else { Ok(()) }
    }

    /// What should have told the customer that a bot is speaking will not reach them, and so the message
    /// behind it must not either.
    async fn lose(&mut self, opened: Option<TurnId>, live: &std::sync::Arc<Live>) -> Result<(), Ended> {
        let front = self.outbox.front().filter(|front| Some(front.draft.id) == opened);
        let Some(draft) = front.map(|front| front.draft.clone()) else { return Ok(()) };
        let why = "the message that tells the customer that a bot is speaking could not be sent before it".to_owned();
        self.tell_undeliverable(&draft, &why, live).await?;
        self.host.store.outbox_settle(draft.id, Settlement::Refused { why }).await?;
        self.finish_front(OutboxState::Refused);
        Ok(())
    }

    /// A message will not reach the customer: humans get to know.
    async fn tell_undeliverable(&mut self, draft: &StoredDraft, why: &str, live: &Live) -> Result<(), Ended> {
        let scene = self.scene_with_past(live).await?;
        let effects = flow::undeliverable(scene.borrow(), self.conversation.clone(), draft, why);
        self.commit(effects).await
    }

    /// A status webhook has told what became of a message that was not known to have been sent.
    pub(super) async fn settled_by_status(&mut self, turn: TurnId, state: OutboxState) -> Result<(), Ended> {
        if self.sending.is_some() || self.outbox.front().is_none_or(|front| front.draft.id != turn) {
            return Ok(());
        }
        let opened = self.finish_front(state);
        match self.host.live() {
            Some(live) if state == OutboxState::Failed => self.lose(opened, &live).await,
            _ => Ok(()),
        }
    }

    /// The first message of the outbox is settled for good. Gives the message that it was to introduce.
    fn finish_front(&mut self, state: OutboxState) -> Option<TurnId> {
        let front = self.outbox.pop_front()?;
        timeline::sent(&self.host.spans, front.origin, front.draft.id, state, front.attempts);
        metrics::counter!("santun_outbox_settled_total", "state" => state.as_str()).increment(1);
        if state == OutboxState::Accepted {
            if front.draft.discloses && self.conversation.session.ordinal == front.draft.session {
                self.conversation.session.disclosure = Disclosure::Made { at: self.host.world.now() };
            }
        } else {
            self.undisclose(&front.draft);
        }
        front.opens
    }

    /// A message that should have told the customer that a bot is speaking did not reach WhatsApp: the
    /// next one must.
    fn undisclose(&mut self, draft: &StoredDraft) {
        if self.conversation.session.disclosure == (Disclosure::OnItsWay { turn: draft.id }) {
            self.conversation.session.disclosure = Disclosure::Due;
        }
    }
}

/// What is needed for sending could not be read just now. Nothing was sent.
fn not_read(error: &santun_store::StoreError) -> Attempt {
    Attempt::Again {
        wait: Wait::Unreachable,
        error: GraphError { code: 0, title: format!("the store could not be read: {error}"), details: None },
    }
}

async fn upload(
    host: &crate::host::Host,
    token: &santun_whatsapp::graph::AccessToken,
    cleared: &ClearedMessage,
    turn: TurnId,
    filename: &str,
) -> Result<santun_whatsapp::graph::UploadedMediaId, Attempt> {
    let gone = |title: &str| Attempt::Never {
        error: GraphError { code: 0, title: title.to_owned(), details: None },
        follows: Consequence::Ours,
    };
    match host.store.media(turn).await {
        Ok(Some(media)) => {
            let uploaded =
                host.graph.upload_media(token, cleared.channel(), media.bytes.into(), &media.mime_type, filename).await;
            // Nothing was sent to the customer yet: whatever went wrong, trying again is safe.
            uploaded.map_err(|error| Attempt::Again {
                wait: Wait::Unreachable,
                error: GraphError { code: 0, title: error.to_string(), details: None },
            })
        }
        Ok(None) => Err(gone("the file is not kept any more")),
        Err(_) => Err(gone("the file could not be read from the store")),
    }
}
