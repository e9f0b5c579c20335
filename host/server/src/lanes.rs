//! Who works on which conversation: one lane a conversation, one task a lane, while there is work.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, fence};

use parking_lot::Mutex;
use santun_core::delivery::OutboxState;
use santun_core::effects::Timer;
use santun_core::flow::{Action, Actor};
use santun_core::identity::Wamid;
use santun_core::ids::{ConversationId, TurnId};
use santun_core::message::Message;
use santun_core::turn::News;
use tokio::sync::{mpsc, oneshot};

use crate::host::Host;
use crate::lane::{self, ActError};

/// What a lane is given to do.
///
/// What is rare and large is boxed: a lane's mailbox has room for 32 of these from its first on.
#[derive(Debug)]
pub enum Work {
    /// The customer has written. The message is durable.
    Arrived {
        /// What.
        message: Box<Message>,
        /// What corrects it, or takes it back, and came before it.
        amending: Vec<Message>,
        /// Meta's id of it, for the read receipt.
        wamid: Option<Wamid>,
    },
    /// A human has answered from the WhatsApp app.
    Echoed(TurnId),
    /// WhatsApp has told something beside messages. It is durable.
    News(Box<News>),
    /// A timer has gone off.
    Tick(Timer),
    /// An agent does something.
    Act {
        /// Who.
        actor: Actor,
        /// What.
        action: Box<Action>,
        /// Where the outcome goes: the turn of a reply, if it was one.
        reply: oneshot::Sender<Result<Option<TurnId>, ActError>>,
    },
    /// A status webhook has settled a message that was not known to have been sent.
    Settled {
        /// Which.
        turn: TurnId,
        /// `accepted` or `failed`.
        state: OutboxState,
    },
    /// There is work in the store: after a start, or when something that held it back is gone.
    Wake,
}

/// The lanes that are open.
#[derive(Default)]
pub struct Lanes {
    open: Mutex<HashMap<ConversationId, Open>>,
}

struct Open {
    mailbox: mpsc::UnboundedSender<Work>,
    rest: Arc<Rest>,
}

/// Whether a lane only stays open in case there is more work: it holds nothing that waits for a change.
#[derive(Default)]
pub(crate) struct Rest(AtomicBool);

impl Rest {
    /// The lane goes to rest, or is at work again. What it then sees of a change is after this.
    pub(crate) fn set(&self, rests: bool) {
        self.0.store(rests, SeqCst);
        // Either the lane sees the change, or whoever made it sees that the lane is at work.
        fence(SeqCst);
    }
}

impl Lanes {
    /// Gives work to a conversation's lane, and opens one if there is none.
    pub fn give(&self, host: &Arc<Host>, conversation: ConversationId, work: Work) {
        let mut open = self.open.lock();
        let work = match open.get(&conversation) {
            Some(lane) => match lane.mailbox.send(work) {
                Ok(()) => return,
                // The lane has ended by itself a moment ago: open another.
                Err(mpsc::error::SendError(work)) => work,
            },
            None => work,
        };
        if host.draining() {
            // What is durable is found again at the next start; of an action its caller sees the reply
            // dropped.
            return;
        }
        let (lane, mailbox) = mpsc::unbounded_channel();
        // A channel just made has its receiver.
        let _ = lane.send(work);
        let rest = Arc::<Rest>::default();
        open.insert(conversation, Open { mailbox: lane, rest: rest.clone() });
        drop(open);
        host.tasks.spawn(lane::run(host.clone(), conversation, mailbox, rest));
    }

    /// Closes a lane that has nothing left to do. `false`: work has come meanwhile.
    pub(crate) fn close(&self, conversation: ConversationId, mailbox: &mpsc::UnboundedReceiver<Work>) -> bool {
        let mut open = self.open.lock();
        if !mailbox.is_empty() {
            return false;
        }
        open.remove(&conversation);
        true
    }

    /// Removes a lane that cannot go on, so that the next work opens another.
    pub(crate) fn abandon(&self, conversation: ConversationId) {
        self.open.lock().remove(&conversation);
    }

    /// Tells every open lane that something has changed.
    pub fn wake_all(&self) {
        self.wake(|_| true);
    }

    /// Tells the lanes that may wait for it that something has changed: a version was applied, a channel works again.
    ///
    /// A lane stays open for a while after its work: twelve thousand customers who write in turn, a thousand a second,
    /// keep as many open. Woken, each would forget who its customer is, and read that anew with their next message.
    pub fn wake_waiting(&self) {
        fence(SeqCst);
        self.wake(|lane| !lane.rest.0.load(SeqCst));
    }

    fn wake(&self, is_woken: impl Fn(&Open) -> bool) {
        let open = self.open.lock();
        // In an order that is the same each time, for whoever plays a run again.
        let mut lanes: Vec<_> = open.iter().filter(|(_, lane)| is_woken(lane)).collect();
        lanes.sort_unstable_by_key(|(conversation, _)| **conversation);
        for (_, lane) in lanes {
            let _ = lane.mailbox.send(Work::Wake);
        }
    }

    /// How many are open.
    pub fn len(&self) -> usize {
        self.open.lock().len()
    }

    /// Whether none is open.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_wakes_who_may_wait_for_it_and_leaves_the_others_at_rest() {
        let lanes = Lanes::default();
        let mut mailboxes = [false, true].map(|rests| {
            let (lane, mailbox) = mpsc::unbounded_channel();
            let rest = Arc::<Rest>::default();
            rest.set(rests);
            lanes.open.lock().insert(ConversationId::new(&crate::world::SystemWorld), Open { mailbox: lane, rest });
            mailbox
        });
        let mut woken = || mailboxes.each_mut().map(|mailbox| mailbox.try_recv().is_ok());
        lanes.wake_waiting();
        assert_eq!(woken(), [true, false]);
        lanes.wake_all();
        assert_eq!(woken(), [true, true]);
    }
}
