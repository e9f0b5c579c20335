//! Acts a story out against a host that runs.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Method;
use santun_core::ids::{ConversationId, TurnId};
use serde::Deserialize;
use tokio::time::{Instant, sleep};

use super::failure::{StoryError, Unmet};
use super::format::{Step, Story};
use super::phone::{CallError, Lines};
use super::shown::Shown;
use crate::http::api::views::{ConversationLine, ConversationWhole};
use crate::transcript;

/// How long the host may take until it has nothing left to do.
const QUIET_WITHIN: Duration = Duration::from_secs(30);

/// How long something that needs no answer, such as a changed preference, may take to show.
const SHOWS_WITHIN: Duration = Duration::from_secs(3);

/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Where stories are played.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The emulator's address, such as `http://127.0.0.1:8081`.
    pub emulator: String,
    /// The host's address, such as `http://127.0.0.1:8080`.
    pub host: String,
    /// A token of the host that may act for its users.
    pub token: String,
    /// The file that sets the host's clock: see [`crate::world`]. Without one no time can pass in a story.
    pub clock: Option<PathBuf>,
}

/// Plays one story.
pub struct Player<'a> {
    pub(super) story: &'a Story,
    pub(super) lines: Lines,
    name: String,
    pub(super) customer: String,
    pub(super) conversation: Option<ConversationId>,
    pub(super) whole: Option<ConversationWhole>,
    /// Turns that were there before the step.
    before: HashSet<TurnId>,
    /// How much later it is in the story than outside.
    pub(super) later: Duration,
    /// Messages that the history has told of as sent.
    seen: HashSet<TurnId>,
    /// Whether the host may know of less than it has sent: time has passed, or the customer was forgotten.
    pub(super) forgets: bool,
}

/// A page of the host's list.
#[derive(Deserialize)]
struct Page {
    conversations: Vec<ConversationLine>,
}

impl<'a> Player<'a> {
    /// Plays a whole story; the conversation, if it came true.
    ///
    /// # Errors
    /// What did not come true, with the conversation so far.
    pub async fn play(stage: Stage, story: &'a Story) -> Result<Option<ConversationWhole>, StoryError> {
        let mut player = Self::begin(stage, story).await?;
        for step in &story.steps {
            player.step(step).await?;
        }
        Ok(player.whole)
    }

    /// Makes the customer.
    ///
    /// # Errors
    /// When the emulator cannot make them.
    pub async fn begin(stage: Stage, story: &'a Story) -> Result<Self, StoryError> {
        let broken = |error: CallError| StoryError::Broken {
            file: story.file.clone(),
            line: 1,
            what: error.to_string(),
            transcript: String::new(),
        };
        let name = story.customer.name.clone().unwrap_or_else(|| "Pelanggan".to_owned());
        let lines = Lines::new(stage).map_err(broken)?;
        let mut who = story.customer.clone();
        if who.phone.is_none() && who.user_id.is_none() {
            who.phone = Some("+6281355550199".to_owned());
        }
        let customer = lines.customer(&who, &name).await.map_err(broken)?;
        Ok(Self {
            story,
            lines,
            name,
            customer,
            conversation: None,
            whole: None,
            before: HashSet::new(),
            later: Duration::ZERO,
            seen: HashSet::new(),
            forgets: false,
        })
    }

    /// The conversation as it was after the last step; `None` until there is one.
    pub fn whole(&self) -> Option<&ConversationWhole> {
        self.whole.as_ref()
    }

    /// Plays one step: acts, waits until the host is quiet, and looks.
    ///
    /// # Errors
    /// What did not come true, with the conversation so far.
    pub async fn step(&mut self, step: &Step) -> Result<(), StoryError> {
        let turns = self.whole.iter().flat_map(|whole| &whole.turns);
        self.before = turns.map(|turn| turn.id).collect();
        if let Some(act) = &step.act
            && let Err(what) = self.act(act).await
        {
            // Whatever came of it helps to understand.
            let _ = self.quiet().await;
            return Err(self.broken(step.line, what));
        }
        let deadline = Instant::now() + SHOWS_WITHIN;
        loop {
            if let Err(what) = self.quiet().await {
                return Err(self.broken(step.line, what));
            }
            let unmet = self.unmet(step).await.map_err(|error| self.broken(step.line, error.to_string()))?;
            if unmet.is_empty() {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(StoryError::Unmet(Box::new(Unmet {
                    file: self.story.file.clone(),
                    title: self.story.title.clone(),
                    unmet,
                    transcript: self.transcript(),
                })));
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    fn broken(&self, line: u64, what: String) -> StoryError {
        StoryError::Broken { file: self.story.file.clone(), line, what, transcript: self.transcript() }
    }

    fn transcript(&self) -> String {
        self.whole.as_ref().map(transcript::of).unwrap_or_default()
    }

    /// Waits until the host has nothing left to do: everything was delivered to it, every message of the
    /// customer is decided, and every message to the customer is on their phone or never will be.
    async fn quiet(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + QUIET_WITHIN;
        loop {
            let unfinished = self.unfinished().await.map_err(|error| error.to_string())?;
            let Some(unfinished) = unfinished else { return Ok(()) };
            if Instant::now() > deadline {
                return Err(format!("the host does not come to rest: {unfinished}"));
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    /// What the host has still to do, if anything.
    async fn unfinished(&mut self) -> Result<Option<&'static str>, CallError> {
        if !self.lines.all_delivered().await? {
            return Ok(Some("webhooks wait for it"));
        }
        self.look().await?;
        let Some(whole) = &self.whole else { return Ok(None) };
        let decided = |by: &str, step: bool| by != "customer" || step;
        if !whole.turns.iter().all(|turn| decided(&turn.by, turn.step.is_some())) {
            return Ok(Some("a message of the customer is not decided"));
        }
        let on_its_way = whole.turns.iter().filter_map(|turn| turn.delivery.as_ref());
        if on_its_way.into_iter().any(|delivery| matches!(delivery.state.as_str(), "queued" | "sending")) {
            return Ok(Some("a message to the customer is not sent"));
        }
        // What was sent meanwhile has brought statuses.
        Ok(if self.lines.all_delivered().await? { None } else { Some("statuses wait for it") })
    }

    async fn look(&mut self) -> Result<(), CallError> {
        if self.conversation.is_none() {
            let page: Page = self.lines.host(Method::GET, "/conversations?limit=200", None, None).await?;
            let line = page.conversations.iter().find(|line| line.name.as_ref() == Some(&self.name));
            self.conversation = line.map(|line| line.id);
        }
        let Some(id) = self.conversation else { return Ok(()) };
        let path = format!("/conversations/{id}?turns=1000");
        self.whole = Some(self.lines.host(Method::GET, &path, None, None).await?);
        Ok(())
    }

    /// Messages of the business that the phone has.
    async fn arrived(&self) -> Result<usize, CallError> {
        let chat = self.chat().await?;
        let entries = chat["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(entries.iter().filter(|entry| entry["from"] == "business").count())
    }

    async fn unmet(&mut self, step: &Step) -> Result<Vec<(u64, String)>, CallError> {
        let shown = Shown::look(&self.lines, self.whole.as_ref(), self.conversation, &self.before).await?;
        let mut replies = 0;
        let mut unmet = Vec::new();
        for expected in &step.expect {
            if let Err(what) = shown.check(&expected.what, &mut replies) {
                unmet.push((expected.line, what));
            }
        }
        // Whatever a story expects: the phone shows what the history says was sent, each message once.
        let arrived = self.arrived().await?;
        let sent: HashSet<TurnId> = shown.sent().collect();
        self.seen.extend(&sent);
        let sent = if self.forgets { self.seen.len() } else { sent.len() };
        if arrived != sent {
            unmet.push((step.line, format!("the history tells of {sent} messages sent, and the phone has {arrived}")));
        }
        Ok(unmet)
    }
}
