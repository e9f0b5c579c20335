//! Meta: takes what the host sends, in every way that it can go wrong, and knows what reached whom.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use santun_core::world::World as _;
use santun_whatsapp::graph::{CallError, Carried, Carrier};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::chance::Chance;
use crate::customers::{Customers, Words, tags};
use crate::post::Post;
use crate::witness::Witness;
use crate::world::{Fate, Log, SimWorld};

/// How the Graph is today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It takes everything and says so.
    Calm,
    /// Everything that can happen happens.
    Stormy,
    /// It cannot be reached.
    Away,
    /// The token is not good any more.
    Halted,
}

/// What becomes of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Taken, and said so.
    Taken,
    /// Taken, and the connection breaks before the answer.
    TakenLost,
    /// Taken, and no answer comes in time.
    TakenSlow,
    /// Taken, and the answer is no JSON.
    TakenGarbled,
    /// An error after which nobody knows; taken, or not.
    Ambiguous { status: u16, code: i64, taken: bool },
    /// Refused for certain.
    Refused { status: u16, code: i64 },
    /// The connection breaks before the Graph has it.
    Lost,
    /// No connection.
    Unreachable,
}

impl Outcome {
    const fn taken(self) -> bool {
        matches!(
            self,
            Self::Taken | Self::TakenLost | Self::TakenSlow | Self::TakenGarbled | Self::Ambiguous { taken: true, .. }
        )
    }

    /// Whether the host can know for certain that it was not taken.
    const fn certainly_not(self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Unreachable)
    }
}

/// Codes after which a message certainly was not sent: each row of the error table, and one that it lacks.
const REFUSALS: [(u16, i64); 20] = [
    (400, 130_429),
    (429, 80_007),
    (400, 131_056),
    (401, 190),
    (403, 10),
    (400, 131_031),
    (400, 131_042),
    (400, 131_048),
    (400, 131_026),
    (400, 131_047),
    (400, 131_049),
    (400, 131_050),
    (400, 131_051),
    (400, 131_052),
    (400, 131_053),
    (400, 132_001),
    (400, 100),
    (400, 131_009),
    (400, 987_654),
    (429, 987_654),
];

/// Codes after which nobody knows.
const AMBIGUITIES: [(u16, i64); 6] =
    [(500, 131_000), (400, 131_016), (500, 1), (503, 2), (502, 987_654), (408, 987_654)];

/// Meta.
pub(crate) struct Meta {
    pub(crate) customers: Customers,
    pub(crate) post: Post,
    world: Arc<SimWorld>,
    fate: Arc<Fate>,
    log: Arc<Log>,
    chance: Chance,
    graph: Mutex<Graph>,
}

struct Graph {
    mood: Mood,
    /// How each request for a message ended, by the message's id.
    attempts: BTreeMap<String, Vec<Outcome>>,
    recipients: BTreeMap<String, String>,
    taken: u64,
    witness: Option<Witness>,
}

impl Meta {
    pub(crate) fn new(seed: u64, world: Arc<SimWorld>, fate: Arc<Fate>, log: Arc<Log>) -> Self {
        let graph =
            Graph { mood: Mood::Calm, attempts: BTreeMap::new(), recipients: BTreeMap::new(), taken: 0, witness: None };
        Self {
            customers: Customers::default(),
            post: Post::new(seed),
            world,
            fate,
            log,
            chance: Chance::of(seed, 3),
            graph: Mutex::new(graph),
        }
    }

    pub(crate) fn watch_with(&self, witness: Option<Witness>) {
        self.graph.lock().unwrap().witness = witness;
    }

    pub(crate) fn is(&self, mood: Mood) {
        self.graph.lock().unwrap().mood = mood;
    }

    /// Ids of messages that Meta took, and whom each was for.
    pub(crate) fn taken(&self) -> Vec<(String, String)> {
        let graph = self.graph.lock().unwrap();
        let taken = graph.attempts.iter().filter(|(_, attempts)| attempts.iter().any(|attempt| attempt.taken()));
        taken.map(|(id, _)| (id.clone(), graph.recipients[id].clone())).collect()
    }

    /// How many requests ended so that the host could not know.
    pub(crate) fn ambiguous(&self) -> usize {
        let graph = self.graph.lock().unwrap();
        let all = graph.attempts.values().flatten();
        all.filter(|attempt| !attempt.certainly_not() && **attempt != Outcome::Taken).count()
    }

    fn outcome(&self, mood: Mood) -> Outcome {
        let (status, code) = self.chance.pick(&REFUSALS);
        let (ambiguous, unclear) = self.chance.pick(&AMBIGUITIES);
        let taken = self.chance.one_in(2);
        match mood {
            Mood::Calm => Outcome::Taken,
            Mood::Away => Outcome::Unreachable,
            Mood::Halted => Outcome::Refused { status: 401, code: 190 },
            Mood::Stormy => self.chance.weighed(&[
                (10, Outcome::Taken),
                (2, Outcome::TakenLost),
                (1, Outcome::TakenSlow),
                (1, Outcome::TakenGarbled),
                (2, Outcome::Ambiguous { status: ambiguous, code: unclear, taken }),
                (5, Outcome::Refused { status, code }),
                (1, Outcome::Lost),
                (2, Outcome::Unreachable),
            ]),
        }
    }

    /// A request to send a message. What must be true in this moment is looked at here.
    fn begins(&self, body: &Value, id: &str, to: &str, text: &str) -> Outcome {
        let now = self.world.truth();
        let mut graph = self.graph.lock().unwrap();
        let wrong = |what: String| self.log.wrong(now, format!("{what}: {id} to {to}: {text:?}"));
        if graph.attempts.get(id).is_some_and(|attempts| attempts.iter().any(|attempt| !attempt.certainly_not())) {
            wrong("sent again, though it may have been sent".to_owned());
        }
        match graph.witness.as_mut().map(|witness| witness.sees(id)) {
            Some(Some(seen)) => {
                if seen.state != "sending" {
                    wrong(format!("requested while it was durably {}", seen.state));
                }
                if seen.before > 0 {
                    wrong(format!("requested before {} that stand before it", seen.before));
                }
                let clock = self.world.before_jumps(self.world.now().as_millis());
                self.customers.hears(to, &Words { text, whole: body, clock }, &seen, &wrong);
            }
            // What was theirs may go in the moment between.
            Some(None) if self.customers.forgotten.holds(to) => {}
            Some(None) => wrong("requested, and not durable".to_owned()),
            None => wrong("requested by a host that nobody watches".to_owned()),
        }
        let outcome = self.outcome(graph.mood);
        graph.attempts.entry(id.to_owned()).or_default().push(outcome);
        graph.recipients.insert(id.to_owned(), to.to_owned());
        self.log.line(now, format!("graph: {id} to {to}: {text:?}: {outcome:?}"));
        outcome
    }

    /// A message is taken: it reaches the customer, and statuses tell so, or not.
    fn takes(&self, id: &str, to: &str, text: &str) -> String {
        let now = self.world.truth();
        let nth = {
            let mut graph = self.graph.lock().unwrap();
            graph.taken += 1;
            graph.taken
        };
        let wamid = format!("wamid.OUT{nth:06}");
        let session = self.graph.lock().unwrap().witness.as_mut().and_then(|w| w.sees(id)).map(|seen| seen.session);
        self.customers.gets(to, id, text, session);
        self.log.line(now, format!("phone {to} gets {id} {:?}", tags(text)));
        let status = |status: &str| {
            let mut told = json!({"id": wamid, "status": status, "timestamp": (now / 1000).to_string(),
                "recipient_id": to, "biz_opaque_callback_data": id});
            if status == "failed" {
                told["errors"] =
                    json!([{"code": self.chance.pick(&[131_026_i64, 131_049, 131_050, 131_000]), "title": "Failed"}]);
            }
            told
        };
        let all: &[&str] = match self.chance.between(0, 12) {
            0 => &[],
            1 => &["sent"],
            2 => &["sent", "failed"],
            3 => &["failed"],
            _ => &["sent", "delivered", "read"],
        };
        for (nth, name) in all.iter().enumerate() {
            let wait = self.chance.weighed(&[(6, (10, 800)), (2, (1_000, 20_000)), (1, (20_000, 120_000))]);
            let wait = i64::try_from(self.chance.between(wait.0, wait.1)).unwrap() * (nth as i64 + 1);
            self.post.send("statuses", status(name), now + wait);
        }
        wamid
    }

    async fn answer(self: Arc<Self>, body: Value) -> Result<http::Response<Bytes>, CallError> {
        if body["status"] == "read" {
            return Ok(said(200, json!({"success": true})));
        }
        let id = body["biz_opaque_callback_data"].as_str().unwrap_or_default().to_owned();
        let to = body["to"].as_str().unwrap_or_default().trim_start_matches('+').to_owned();
        let text = text_of(&body);
        let outcome = self.begins(&body, &id, &to, &text);
        sleep(Duration::from_millis(self.chance.between(1, 150))).await;
        if self.fate.is_dead() {
            return std::future::pending().await;
        }
        let wamid = if outcome.taken() { self.takes(&id, &to, &text) } else { String::new() };
        sleep(Duration::from_millis(self.chance.between(1, 300))).await;
        if self.fate.is_dead() {
            return std::future::pending().await;
        }
        let lost = || CallError::Interrupted("the connection broke".to_owned());
        match outcome {
            Outcome::Taken => {
                let answer = json!({"messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to}],
                    "messages": [{"id": wamid}]});
                Ok(said(200, answer))
            }
            Outcome::TakenLost | Outcome::Lost => Err(lost()),
            Outcome::TakenSlow => {
                sleep(Duration::from_secs(30)).await;
                Err(CallError::Interrupted("the time was up".to_owned()))
            }
            Outcome::TakenGarbled => Ok(said(200, json!("<html>"))),
            Outcome::Ambiguous { status, code, .. } | Outcome::Refused { status, code } => {
                Ok(said(status, json!({"error": {"message": format!("(#{code}) No"), "code": code}})))
            }
            Outcome::Unreachable => Err(CallError::Unreachable("nobody there".to_owned())),
        }
    }
}

/// The way to Meta that the host has.
pub(crate) struct Line(pub(crate) Arc<Meta>);

impl Carrier for Line {
    fn carry(&self, request: http::Request<Bytes>) -> Carried {
        let meta = self.0.clone();
        if meta.fate.is_dead() {
            return Box::pin(std::future::pending());
        }
        if request.method() == http::Method::GET {
            let halted = meta.graph.lock().unwrap().mood == Mood::Halted;
            let answer = if halted { said(401, json!({"error": {"code": 190}})) } else { said(200, json!({})) };
            return Box::pin(async move { Ok(answer) });
        }
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        Box::pin(meta.answer(body))
    }
}

fn said(status: u16, body: Value) -> http::Response<Bytes> {
    let mut response = http::Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
    response
}

/// What the customer reads.
fn text_of(body: &Value) -> String {
    let of = |value: &Value| value.as_str().map(str::to_owned);
    of(&body["text"]["body"]).or_else(|| of(&body["interactive"]["body"]["text"])).unwrap_or_else(|| body.to_string())
}
