//! Faults that a test asks for: how the next sends to a customer (or to everybody) go wrong.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

/// The key of faults that meet everybody.
pub(crate) const EVERYBODY: &str = "*";

/// What goes wrong with a send that is otherwise valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Fault {
    /// Refused with a code; nothing is sent.
    Error {
        /// WhatsApp's code.
        code: u32,
        /// The HTTP status; WhatsApp's usual one for the code if missing.
        #[serde(default)]
        http_status: Option<u16>,
    },
    /// Accepted, then a `failed` status with a code follows.
    FailedStatus {
        /// WhatsApp's code.
        code: u32,
    },
    /// Accepted and delivered, but the connection closes without an answer.
    DropAfterAccept,
    /// The connection closes without an answer and nothing is sent.
    DropBeforeAccept,
    /// Answered as usual, this much later.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Planned {
    pub(crate) fault: Fault,
    /// How many sends it still meets.
    pub(crate) remaining: u32,
}

/// The faults that wait for sends.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    planned: Mutex<HashMap<String, VecDeque<Planned>>>,
    /// So that a send with no faults about takes no lock.
    waiting: AtomicUsize,
}

impl Faults {
    /// The next `times` sends to a customer (by id), or to [`EVERYBODY`], meet this fault, after those already planned.
    pub(crate) fn plan(&self, customer: &str, fault: Fault, times: u32) {
        if times == 0 {
            return;
        }
        let mut planned = self.planned.lock();
        planned.entry(customer.to_owned()).or_default().push_back(Planned { fault, remaining: times });
        self.waiting.fetch_add(1, Ordering::Release);
    }

    /// The fault that this send meets, if any; it is used up.
    pub(crate) fn meet(&self, customer: &str) -> Option<Fault> {
        if self.waiting.load(Ordering::Acquire) == 0 {
            return None;
        }
        let mut planned = self.planned.lock();
        for key in [customer, EVERYBODY] {
            let Some(queue) = planned.get_mut(key) else { continue };
            let Some(front) = queue.front_mut() else { continue };
            front.remaining -= 1;
            let fault = front.fault.clone();
            if front.remaining == 0 {
                queue.pop_front();
                self.waiting.fetch_sub(1, Ordering::Release);
            }
            return Some(fault);
        }
        None
    }

    /// What is planned.
    pub(crate) fn all(&self) -> HashMap<String, VecDeque<Planned>> {
        self.planned.lock().clone()
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

    #[test]
    fn a_fault_meets_as_many_sends_as_planned_and_its_own_customer_first() {
        let faults = Faults::default();
        faults.plan(EVERYBODY, Fault::DropAfterAccept, 1);
        faults.plan("c1", Fault::Delay { ms: 5 }, 2);
        assert_eq!(faults.meet("c1"), Some(Fault::Delay { ms: 5 }));
        assert_eq!(faults.meet("c1"), Some(Fault::Delay { ms: 5 }));
        assert_eq!(faults.meet("c1"), Some(Fault::DropAfterAccept));
        assert_eq!(faults.meet("c1"), None);
    }
}
