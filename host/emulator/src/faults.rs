//! Faults that a test asks for: how calls to the Graph side go wrong, in order or by chance.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The key of faults that meet everybody.
pub(crate) const EVERYBODY: &str = "*";

/// Which calls a fault meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Call {
    /// Messages to customers.
    #[default]
    Messages,
    /// Read receipts and typing indicators.
    Receipts,
    /// Uploads of files.
    Uploads,
    /// Looking at a number, an account or a file, and downloading the file.
    Reads,
    /// Everything about templates.
    Templates,
}

/// What goes wrong with a call that is otherwise valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Fault {
    /// Refused with a code; nothing happens.
    Error {
        /// WhatsApp's code.
        code: u32,
        /// The HTTP status; WhatsApp's usual one for the code if missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        http_status: Option<u16>,
    },
    /// Accepted, then a `failed` status with a code follows. Messages only.
    FailedStatus {
        /// WhatsApp's code.
        code: u32,
    },
    /// Done, but the connection closes without an answer.
    DropAfterAccept,
    /// The connection closes without an answer and nothing happens.
    DropBeforeAccept,
    /// Done at once, answered as usual this much later.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Nothing happens for so long; then it is done and answered as usual.
    Stall {
        /// Milliseconds.
        ms: u64,
    },
    /// Done, but answered with something else, such as a gateway's page.
    AnswerAfterAccept {
        /// The HTTP status.
        http_status: u16,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// Nothing happens, and something else answers.
    AnswerBeforeAccept {
        /// The HTTP status.
        http_status: u16,
        /// The body.
        #[serde(default)]
        body: String,
    },
}

/// A fault as it was asked for.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) on: Call,
    pub(crate) fault: Fault,
    /// How many calls it meets; `None` for all until it is cleared.
    pub(crate) times: Option<u32>,
    /// The chance of each call to meet it, 0 to 1; `None` for certainty.
    pub(crate) probability: Option<f64>,
    /// With the same seed, the same calls meet it.
    pub(crate) seed: u64,
}

/// A fault that waits for calls.
#[derive(Debug, Serialize)]
pub(crate) struct Planned {
    /// Its name in the control API.
    pub(crate) id: u64,
    on: Call,
    pub(crate) fault: Fault,
    /// How many calls it still meets; `null` for all.
    pub(crate) remaining: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    /// How many calls it has met.
    met: u64,
    #[serde(skip)]
    chance: StdRng,
}

impl Planned {
    fn strikes(&mut self, call: Call) -> bool {
        self.on == call && self.probability.is_none_or(|p| self.chance.random_bool(p))
    }
}

/// The faults that wait for calls.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    planned: Mutex<HashMap<String, VecDeque<Planned>>>,
    made: AtomicUsize,
    /// So that a call with no faults about takes no lock.
    waiting: AtomicUsize,
}

impl Faults {
    /// Plans a fault for calls about a customer (by id), or about [`EVERYBODY`], after those already planned. Its id.
    pub(crate) fn plan(&self, customer: &str, plan: Plan) -> u64 {
        let id = self.made.fetch_add(1, Ordering::Relaxed) as u64 + 1;
        if plan.times == Some(0) {
            return id;
        }
        let planned = Planned {
            id,
            on: plan.on,
            fault: plan.fault,
            remaining: plan.times,
            probability: plan.probability,
            seed: plan.probability.map(|_| plan.seed),
            met: 0,
            chance: StdRng::seed_from_u64(plan.seed),
        };
        self.planned.lock().entry(customer.to_owned()).or_default().push_back(planned);
        self.waiting.fetch_add(1, Ordering::Release);
        id
    }

    /// The fault that this call meets, if any: a customer's own come first, older ones before newer ones.
    pub(crate) fn meet(&self, call: Call, customer: Option<&str>) -> Option<Fault> {
        if self.waiting.load(Ordering::Acquire) == 0 {
            return None;
        }
        let mut planned = self.planned.lock();
        for key in customer.into_iter().chain([EVERYBODY]) {
            let Some(queue) = planned.get_mut(key) else { continue };
            let Some(at) = queue.iter_mut().position(|one| one.strikes(call)) else { continue };
            let met = &mut queue[at];
            met.met += 1;
            let fault = met.fault.clone();
            if let Some(remaining) = &mut met.remaining {
                *remaining -= 1;
                if *remaining == 0 {
                    queue.remove(at);
                    self.waiting.fetch_sub(1, Ordering::Release);
                }
            }
            return Some(fault);
        }
        None
    }

    /// What is planned, by customer.
    pub(crate) fn all(&self) -> Value {
        let planned = self.planned.lock();
        let waiting = planned.iter().filter(|(_, queue)| !queue.is_empty());
        json!(waiting.collect::<BTreeMap<_, _>>())
    }

    /// Forgets one fault; whether there was one.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut planned = self.planned.lock();
        for queue in planned.values_mut() {
            if let Some(at) = queue.iter().position(|one| one.id == id) {
                queue.remove(at);
                self.waiting.fetch_sub(1, Ordering::Release);
                return true;
            }
        }
        false
    }

    /// Forgets everything planned.
    pub(crate) fn clear(&self) {
        let mut planned = self.planned.lock();
        planned.clear();
        self.waiting.store(0, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(fault: Fault, times: u32) -> Plan {
        Plan { on: Call::Messages, fault, times: Some(times), probability: None, seed: 0 }
    }

    #[test]
    fn a_fault_meets_as_many_calls_as_planned_and_its_own_customer_first() {
        let faults = Faults::default();
        faults.plan(EVERYBODY, plan(Fault::DropAfterAccept, 1));
        faults.plan("c1", plan(Fault::Delay { ms: 5 }, 2));
        assert_eq!(faults.meet(Call::Receipts, Some("c1")), None);
        assert_eq!(faults.meet(Call::Messages, Some("c1")), Some(Fault::Delay { ms: 5 }));
        assert_eq!(faults.meet(Call::Messages, Some("c1")), Some(Fault::Delay { ms: 5 }));
        assert_eq!(faults.meet(Call::Messages, Some("c1")), Some(Fault::DropAfterAccept));
        assert_eq!(faults.meet(Call::Messages, Some("c1")), None);
    }

    #[test]
    fn with_the_same_seed_chance_strikes_the_same_calls() {
        let struck = || {
            let faults = Faults::default();
            let often = Plan { times: None, probability: Some(0.3), seed: 7, ..plan(Fault::DropAfterAccept, 1) };
            faults.plan(EVERYBODY, often);
            (0..1_000).filter(|_| faults.meet(Call::Messages, None).is_some()).count()
        };
        assert_eq!(struck(), struck());
        assert!((230..370).contains(&struck()), "{}", struck());
    }
}
