//! Acts a story out against a host that runs.

use std::collections::HashSet;
use std::time::Duration;

use reqwest::Method;
use santun_core::ids::{ConversationId, TurnId};
use santun_core::world::World as _;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::failure::{StoryError, Unmet};
use super::format::{Act, AgentAct, AgentDoes, Step, Story};
use super::phone::{CallError, Lines};
use super::shown::Shown;
use crate::http::api::views::{ConversationLine, ConversationWhole};
use crate::transcript;
use crate::world::SystemWorld;

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
}

/// Plays one story.
pub struct Player<'a> {
    story: &'a Story,
    lines: Lines,
    name: String,
    customer: String,
    conversation: Option<ConversationId>,
    whole: Option<ConversationWhole>,
    /// Turns that were there before the step.
    before: HashSet<TurnId>,
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
        Ok(Self { story, lines, name, customer, conversation: None, whole: None, before: HashSet::new() })
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

    async fn act(&mut self, act: &Act) -> Result<(), String> {
        let said = |error: CallError| error.to_string();
        match act {
            Act::Write(texts) => {
                for text in texts {
                    self.send(&json!({ "type": "text", "text": text })).await.map_err(said)?;
                }
            }
            Act::Tap(title) => self.tap(title).await.map_err(said)?,
            Act::Send(bodies) => {
                for body in bodies {
                    let mut body = body.clone();
                    self.fill(&mut body).await.map_err(said)?;
                    self.send(&body).await.map_err(said)?;
                }
            }
            Act::Prefer(value) => {
                self.send(&json!({ "type": "marketing_preference", "value": value })).await.map_err(said)?;
            }
            Act::Echo(text) => {
                let echo = json!({ "customer": self.customer, "type": "text", "text": text });
                let _: Value = self.lines.emulator(Method::POST, "/echo", Some(&echo)).await.map_err(said)?;
            }
            Act::Agent(agent) => return self.agent(agent).await,
        }
        Ok(())
    }

    async fn send(&self, body: &Value) -> Result<(), CallError> {
        let path = format!("/customers/{}/send", self.customer);
        self.lines.emulator::<Value>(Method::POST, &path, Some(body)).await.map(drop)
    }

    async fn tap(&self, title: &str) -> Result<(), CallError> {
        let path = format!("/customers/{}/tap", self.customer);
        self.lines.emulator::<Value>(Method::POST, &path, Some(&json!({ "title": title }))).await.map(drop)
    }

    /// Puts message ids where a story says `{last}` (the business's last message) or `{mine}` (the
    /// customer's own last one), and a time where it says `25 hours ago`.
    async fn fill(&self, body: &mut Value) -> Result<(), CallError> {
        let Some(members) = body.as_object_mut() else { return Ok(()) };
        for (key, value) in members {
            if let Some(at) = value.as_str().filter(|_| key == "timestamp").and_then(ago) {
                *value = at.into();
                continue;
            }
            let from: &[&str] = match value.as_str() {
                Some("{last}") => &["business", "business_phone"],
                Some("{mine}") => &["customer"],
                _ => continue,
            };
            let chat: Value = self.chat().await?;
            let entries = chat["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
            let entry = entries.iter().rev().find(|entry| entry["from"].as_str().is_some_and(|by| from.contains(&by)));
            *value = entry.map(|entry| entry["wamid"].clone()).unwrap_or_default();
        }
        Ok(())
    }

    async fn chat(&self) -> Result<Value, CallError> {
        self.lines.emulator(Method::GET, &format!("/customers/{}/chat?after=0", self.customer), None).await
    }

    async fn agent(&mut self, act: &AgentAct) -> Result<(), String> {
        let login = Some(act.login.as_str());
        let done: Result<Value, CallError> = match &act.does {
            AgentDoes::Available | AgentDoes::Away => {
                let body = json!({ "available": matches!(act.does, AgentDoes::Available) });
                self.lines.host(Method::PUT, "/me/availability", login, Some(&body)).await
            }
            does => {
                let Some(id) = self.conversation else {
                    return Err("there is no conversation yet: let the customer write first".to_owned());
                };
                let (what, body) = match does {
                    AgentDoes::Reply(text) => ("reply", json!({ "text": text })),
                    AgentDoes::Note(text) => ("note", json!({ "text": text })),
                    AgentDoes::Transfer(division) => ("transfer", json!({ "division": division })),
                    AgentDoes::HandBack(note) => ("hand-back", json!({ "note": note })),
                    AgentDoes::Resolve => ("resolve", Value::Null),
                    AgentDoes::Take | AgentDoes::Available | AgentDoes::Away => ("take", Value::Null),
                };
                let body = (!body.is_null()).then_some(&body);
                self.lines.host(Method::POST, &format!("/conversations/{id}/{what}"), login, body).await
            }
        };
        match (done, &act.refused) {
            (Ok(_), None) => Ok(()),
            (Ok(_), Some(code)) => Err(format!("{} was to be refused with `{code}`, and was not", act.login)),
            (Err(CallError::Refused { code, .. }), Some(expected)) if code == *expected => Ok(()),
            (Err(error), None) => Err(error.to_string()),
            (Err(error), Some(code)) => Err(format!("{} was to be refused with `{code}`; instead: {error}", act.login)),
        }
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

    async fn unmet(&self, step: &Step) -> Result<Vec<(u64, String)>, CallError> {
        let shown = Shown::look(&self.lines, self.whole.as_ref(), self.conversation, &self.before).await?;
        let mut replies = 0;
        let mut unmet = Vec::new();
        for expected in &step.expect {
            if let Err(what) = shown.check(&expected.what, &mut replies) {
                unmet.push((expected.line, what));
            }
        }
        // Whatever a story expects: the phone shows what the history says was sent, each message once.
        let chat = self.chat().await?;
        let entries = chat["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
        let arrived = entries.iter().filter(|entry| entry["from"] == "business").count();
        let sent = shown.sent();
        if arrived != sent {
            unmet.push((step.line, format!("the history tells of {sent} messages sent, and the phone has {arrived}")));
        }
        Ok(unmet)
    }
}

/// Seconds since 1970 at a time such as `25 hours ago`.
fn ago(text: &str) -> Option<i64> {
    let (number, unit) = text.strip_suffix(" ago")?.split_once(' ')?;
    let seconds = match unit {
        "hour" | "hours" => 3_600,
        "minute" | "minutes" => 60,
        _ => return None,
    };
    let now = SystemWorld.now().as_millis() / 1_000;
    Some(now - number.parse::<i64>().ok()? * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_how_long_ago_it_was() {
        let now = SystemWorld.now().as_millis() / 1_000;
        let day = ago("24 hours ago").unwrap();
        assert!((now - day - 24 * 3_600).abs() < 60, "{day}");
        assert_eq!(ago("yesterday"), None);
    }
}
