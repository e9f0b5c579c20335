//! People who are forgotten while everything else goes on.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use santun::host::Host;
use santun_core::ids::{ContactId, ConversationId};
use santun_store::ConversationFilter;

use crate::life::Plan;
use crate::simulation::Sim;
use crate::witness::Witness;

/// Who was to be forgotten. What was theirs may be gone from that moment on, whether anybody was told so or not: a host
/// that dies over it goes on with it.
#[derive(Default)]
pub(crate) struct Forgotten(Mutex<Known>);

#[derive(Default)]
struct Known {
    numbers: BTreeSet<String>,
    conversations: BTreeSet<ConversationId>,
    /// Whose forgetting was said to be done.
    done: BTreeSet<ContactId>,
}

impl Forgotten {
    /// Whether a customer was ever to be forgotten.
    pub(crate) fn holds(&self, number: &str) -> bool {
        self.0.lock().unwrap().numbers.contains(number)
    }

    /// Whether a conversation was its customer's who was to be forgotten.
    pub(crate) fn held(&self, conversation: ConversationId) -> bool {
        self.0.lock().unwrap().conversations.contains(&conversation)
    }

    /// Whether nobody was.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.lock().unwrap().numbers.is_empty()
    }

    /// Those whose forgetting was said to be done.
    pub(crate) fn done(&self) -> BTreeSet<ContactId> {
        self.0.lock().unwrap().done.clone()
    }
}

/// Somebody is forgotten, and nobody waits until it is done.
pub(crate) async fn one(sim: &Arc<Sim>, plan: &mut Plan, host: &Arc<Host>) {
    let Ok(mut rows) = host.store.conversations(&ConversationFilter::default(), None, 50).await else { return };
    rows.sort_by_key(|row| row.id);
    if rows.is_empty() {
        return;
    }
    let row = &rows[usize::try_from(sim.plan.between(0, rows.len() as u64)).unwrap()];
    let (contact, conversation) = (row.contact, row.id);
    let Some(number) = row.identity.phone.as_ref().map(|phone| phone.expose().trim_start_matches('+').to_owned())
    else {
        return;
    };
    plan.count("forgotten");
    sim.log.line(sim.world.truth(), format!("{number} ({contact}) is to be forgotten"));
    {
        let mut known = sim.meta.customers.forgotten.0.lock().unwrap();
        known.numbers.insert(number);
        known.conversations.insert(conversation);
    }
    let (sim, host) = (sim.clone(), host.clone());
    tokio::spawn(async move {
        let done = host.store.forget(contact).await;
        if sim.fate.is_dead() {
            return;
        }
        sim.log.line(sim.world.truth(), format!("{contact} is forgotten: {done:?}"));
        if done.is_ok() {
            sim.meta.customers.forgotten.0.lock().unwrap().done.insert(contact);
        }
    });
}

/// Nothing is left of those whose forgetting was said to be done, in the data and in the keys.
pub(crate) fn nothing_is_left(sim: &Sim, wrong: &dyn Fn(String)) {
    let done = sim.meta.customers.forgotten.done();
    if done.is_empty() {
        return;
    }
    let mut witness = Witness::of(sim.folder.path());
    for contact in done {
        for what in witness.left_of(sim.folder.path(), contact) {
            wrong(format!("{contact} was forgotten, and there is {what} of them"));
        }
    }
}
