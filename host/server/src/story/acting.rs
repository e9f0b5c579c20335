//! How what is done in a story is done: as the customer through the emulator, as the people of the business through
//! the host, and as time.

use std::time::Duration;

use jiff::tz::TimeZone;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::act::{Act, AgentAct, AgentDoes, Reads};
use super::phone::CallError;
use super::player::Player;
use super::time::ago;

/// By how much the emulator's clock goes forward at once, at most.
const ADVANCES_AT_MOST: Duration = Duration::from_secs(40 * 24 * 3_600);

/// How long the host may take to look at its clock: its timers do once a second.
const NOTICES_WITHIN: Duration = Duration::from_millis(1_500);

impl Player<'_> {
    /// Does what a step says.
    ///
    /// # Errors
    /// What went wrong.
    pub(super) async fn act(&mut self, act: &Act) -> Result<(), String> {
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
            Act::Wait(long) => return self.wait(*long).await,
            Act::Clock(time) => {
                let place = self.office().map_err(|error| error.to_string())?;
                let long =
                    time.wait_from(self.now().await.map_err(said)?, &place).map_err(|error| error.to_string())?;
                return self.wait(long).await;
            }
            Act::Fault(fault) => self.fault(fault.as_ref()).await.map_err(said)?,
            Act::Read(reads) => {
                let path = format!("/customers/{}/read", self.customer);
                let body = json!({ "keep_open": *reads == Reads::Always });
                let _: Value = self.lines.emulator(Method::POST, &path, Some(&body)).await.map_err(said)?;
            }
            Act::Forget(login) => return self.forget(login).await,
        }
        Ok(())
    }

    /// What time it is in the story: WhatsApp's.
    async fn now(&self) -> Result<jiff::Timestamp, CallError> {
        let clock: Value = self.lines.emulator(Method::GET, "/clock", None).await?;
        let millis = clock["now_ms"].as_i64().unwrap_or_default();
        Ok(jiff::Timestamp::from_millisecond(millis).unwrap_or_default())
    }

    /// The office's place on earth.
    fn office(&self) -> Result<TimeZone, jiff::Error> {
        let own = self.story.config.get("office").and_then(|office| office.get("timezone"));
        TimeZone::get(own.and_then(toml::Value::as_str).unwrap_or("Asia/Jakarta"))
    }

    /// Time passes: first for the host, so that it never sees a message from its future, then for WhatsApp.
    async fn wait(&mut self, long: Duration) -> Result<(), String> {
        let file = self.lines.clock().ok_or(
            "no time can pass here: the host must be a build with debug assertions, started with SANTUN_CLOCK=FILE",
        )?;
        self.later += long;
        self.forgets = true;
        // In one move, so that the host never reads a half.
        let new = file.with_extension("new");
        let written = std::fs::write(&new, self.later.as_millis().to_string());
        let set = written.and_then(|()| std::fs::rename(&new, file));
        set.map_err(|error| format!("cannot set the host's clock in {}: {error}", file.display()))?;
        let mut left = long.as_secs();
        while left > 0 {
            let seconds = left.min(ADVANCES_AT_MOST.as_secs());
            let by = json!({ "seconds": seconds });
            let moved: Result<Value, _> = self.lines.emulator(Method::POST, "/clock", Some(&by)).await;
            moved.map_err(|error| error.to_string())?;
            left -= seconds;
        }
        sleep(NOTICES_WITHIN).await;
        Ok(())
    }

    async fn fault(&self, fault: Option<&Value>) -> Result<(), CallError> {
        let Some(fault) = fault else {
            return self.lines.emulator::<Value>(Method::DELETE, "/faults", None).await.map(drop);
        };
        let mut body = fault.clone();
        body["customer"] = self.customer.as_str().into();
        self.lines.emulator::<Value>(Method::POST, "/faults", Some(&body)).await.map(drop)
    }

    async fn forget(&mut self, login: &str) -> Result<(), String> {
        let contact = self.whole.as_ref().and_then(|whole| whole.conversation["contact"].as_str());
        let Some(contact) = contact else { return Err("there is nobody to forget yet".to_owned()) };
        let path = format!("/contacts/{contact}");
        let done: Result<Value, _> = self.lines.host(Method::DELETE, &path, Some(login), None).await;
        done.map_err(|error| error.to_string())?;
        self.forgets = true;
        (self.conversation, self.whole) = (None, None);
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
                *value = (self.now().await?.as_second() - at.as_secs().cast_signed()).into();
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

    pub(super) async fn chat(&self) -> Result<Value, CallError> {
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
}
