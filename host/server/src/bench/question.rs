//! What plugins are asked when they are measured alone: a message, a context, ten turns of history.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use santun_core::ids::{ContactId, ConversationId, PluginName, StepId, TurnId};
use santun_core::language::Language;
use santun_core::message::{Content, Message, MessageBody};
use santun_core::turn::{Speaker, Turn, TurnBody};
use santun_core::verdict::{Context, Counters, Event, OfficeView, StateScope};
use santun_core::world::World;
use santun_engine::{Call, ContactView, Recall, RecallError};

use crate::world::SystemWorld;

/// Two hundred bytes that none of the four plugins has an answer for, so that a chain asks them all.
pub(super) const TEXT: &str = "tadi pagi saya lewat taman kota sama keponakan, banyak anak main layangan di lapangan \
                               sebelah utara, terus kami duduk lama di bawah pohon sambil menonton kucing oranye \
                               tidur di atas tembok bata merah";

/// Turns that plugins may look up: five of the customer, five of the bot.
pub(super) const TURNS: usize = 10;

/// What the customer has said before.
pub(super) const SAID: &str = "pagi kak, hari ini cerah sekali ya di taman sebelah utara";

/// The customer's messages of this session before this one.
pub(super) const MESSAGES: u32 = 5;

/// Everything that a call borrows.
pub(super) struct Question {
    event: Event,
    context: Context,
    contact: ContactId,
    step: StepId,
    recall: Arc<dyn Recall>,
}

impl Question {
    pub(super) fn new(text: &str) -> Self {
        let world = &SystemWorld;
        let said = |text: &str| MessageBody {
            content: Content::Text { text: text.to_owned() },
            forwarded: false,
            referral: None,
        };
        let turn = |_| Turn {
            reply_to: None,
            id: TurnId::new(world),
            at: world.now(),
            by: Speaker::Customer,
            step: None,
            body: TurnBody::Received(said(SAID)),
        };
        let message = Message {
            id: TurnId::new(world),
            conversation: ConversationId::new(world),
            sent_at: world.now(),
            arrived_at: world.now(),
            reply_to: None,
            body: said(text),
        };
        let context = Context {
            now: world.now(),
            channel: "utama".into(),
            language: Language::Id,
            bot_name: "Sari".into(),
            business: "Toko Contoh".into(),
            about: "pesanan, ongkir, dan retur".into(),
            counters: Counters {
                sessions: 1,
                customer_messages: MESSAGES,
                bot_replies: MESSAGES,
                fallbacks_in_a_row: 0,
            },
            office: OfficeView { open: true, agents_present: 1, ..OfficeView::default() },
            attributes: BTreeMap::new(),
        };
        Self {
            event: Event::Messages(vec![message]),
            context,
            contact: ContactId::new(world),
            step: StepId::new(world),
            recall: Arc::new(Ten(Arc::new((0..TURNS).map(turn).collect()))),
        }
    }

    /// One call. The step is the same in each: drawing its id asks the kernel for chance, which a step does once and
    /// the plugins of a chain do not.
    pub(super) fn call(&self) -> Call<'_> {
        Call {
            step: self.step,
            seed: 1,
            event: &self.event,
            context: &self.context,
            contact: ContactView { id: self.contact, name: None, phone: None },
            recall: self.recall.clone(),
        }
    }
}

/// History without a database, and no state.
struct Ten(Arc<Vec<Turn>>);

#[async_trait]
impl Recall for Ten {
    async fn history(&self, _: u32) -> Result<Arc<Vec<Turn>>, RecallError> {
        Ok(self.0.clone())
    }

    async fn state(&self, _: &PluginName, _: StateScope, _: &str) -> Result<Option<(Vec<u8>, u64)>, RecallError> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_has_two_hundred_bytes() {
        assert!((195..=205).contains(&TEXT.len()), "{}", TEXT.len());
    }
}
