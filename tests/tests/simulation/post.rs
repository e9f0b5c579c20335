//! The post between Meta and the host: webhooks on their way, late, twice, out of order, several in one.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use santun::host::Host;
use santun::receive::receive;
use santun_tests::lab::{APP_SECRET, NUMBER, signature};
use santun_whatsapp::signature::AppSecrets;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::simulation::Sim;

/// Webhooks on their way.
pub(crate) struct Post {
    chance: Chance,
    under_way: Mutex<UnderWay>,
}

#[derive(Default)]
struct UnderWay {
    letters: Vec<Letter>,
    posted: u64,
    /// Handed in, and not answered yet.
    handed_in: usize,
}

/// One update on its way.
#[derive(Clone, Debug)]
struct Letter {
    due: i64,
    nth: u64,
    list: &'static str,
    update: Value,
}

impl Letter {
    fn wamid(&self) -> Option<&str> {
        if self.list == "messages" { self.update["id"].as_str() } else { None }
    }

    fn change(&self) -> Value {
        let mut value = json!({"messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "628111000", "phone_number_id": NUMBER}});
        value[self.list] = json!([self.update]);
        if self.list == "messages" {
            value["contacts"] = json!([{"wa_id": self.update["from"], "profile": {"name": "Dewi"}}]);
        }
        let field = match self.list {
            "message_echoes" => "smb_message_echoes",
            "user_preferences" => "user_preferences",
            _ => "messages",
        };
        json!({"value": value, "field": field})
    }
}

impl Post {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: Chance::of(seed, 4), under_way: Mutex::default() }
    }

    /// Sends an update, to arrive at that time.
    pub(crate) fn send(&self, list: &'static str, update: Value, due: i64) {
        let mut under_way = self.under_way.lock().unwrap();
        under_way.posted += 1;
        let nth = under_way.posted;
        under_way.letters.push(Letter { due, nth, list, update });
    }

    /// Whether everything that is due has been handed in, and answered.
    pub(crate) fn is_idle(&self, now: i64) -> bool {
        let under_way = self.under_way.lock().unwrap();
        under_way.handed_in == 0 && under_way.letters.iter().all(|letter| letter.due > now)
    }

    /// When the next update is due, if one is on its way.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.under_way.lock().unwrap().letters.iter().map(|letter| letter.due).min()
    }

    /// Takes out what is due at that time, in webhooks of one to three updates.
    fn due(&self, now: i64) -> Vec<Vec<Letter>> {
        let mut due = Vec::new();
        {
            let mut under_way = self.under_way.lock().unwrap();
            let (ripe, rest) = std::mem::take(&mut under_way.letters).into_iter().partition(|letter| letter.due <= now);
            under_way.letters = rest;
            due.extend::<Vec<Letter>>(ripe);
        }
        due.sort_by_key(|letter| (letter.due, letter.nth));
        let mut webhooks = Vec::new();
        while !due.is_empty() {
            let size = self.chance.weighed(&[(5, 1_usize), (1, 2), (1, 3)]).min(due.len());
            webhooks.push(due.drain(..size).collect());
        }
        webhooks
    }

    /// Hands in at the host what is due.
    pub(crate) fn hand_in(&self, sim: &Arc<Sim>, host: &Arc<Host>) {
        for webhook in self.due(sim.world.truth()) {
            tokio::spawn(Round::of(sim, webhook).walk(host.clone()));
        }
    }
}

/// One webhook's way to the host. If that dies meanwhile, Meta tries again.
struct Round {
    sim: Arc<Sim>,
    letters: Vec<Letter>,
    tried_at: i64,
}

impl Round {
    fn of(sim: &Arc<Sim>, letters: Vec<Letter>) -> Self {
        sim.meta.post.under_way.lock().unwrap().handed_in += 1;
        Self { sim: sim.clone(), letters, tried_at: sim.world.truth() }
    }

    async fn walk(mut self, host: Arc<Host>) {
        let sim = self.sim.clone();
        let changes: Vec<Value> = self.letters.iter().map(Letter::change).collect();
        let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]});
        let body = body.to_string().into_bytes();
        let signed = signature(&body);
        let secrets = AppSecrets::new([APP_SECRET]).expect("a secret");
        let what: Vec<&str> = self.letters.iter().map(|letter| letter.wamid().unwrap_or(letter.list)).collect();
        let what = what.join(" ");
        self.letters.iter().filter_map(Letter::wamid).for_each(|wamid| sim.meta.customers.tried(wamid));
        let taken = receive(&host, &secrets, Bytes::from(body), Some(&signed)).await;
        if sim.fate.is_dead() {
            return;
        }
        let now = sim.world.truth();
        match taken {
            Ok(()) => {
                sim.log.line(now, format!("webhook {what}: acknowledged"));
                for letter in std::mem::take(&mut self.letters) {
                    letter.wamid().into_iter().for_each(|wamid| sim.meta.customers.acknowledged(wamid));
                    if sim.meta.post.chance.one_in(8) {
                        let later = i64::try_from(sim.meta.post.chance.between(1, 90_000)).unwrap();
                        sim.meta.post.send(letter.list, letter.update, now + later);
                    }
                }
            }
            // It comes back to the post with the others.
            Err(error) => sim.log.line(now, format!("webhook {what}: refused: {error}")),
        }
    }
}

impl Drop for Round {
    fn drop(&mut self) {
        let post = &self.sim.meta.post;
        let mut under_way = post.under_way.lock().unwrap();
        under_way.handed_in -= 1;
        // Each keeps its number: in which order a dying runtime lets go of them is chance.
        let again = self.tried_at + 3_000;
        under_way.letters.extend(self.letters.drain(..).map(|letter| Letter { due: again, ..letter }));
    }
}
