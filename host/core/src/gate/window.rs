//! Rule 5, window: outside WhatsApp's 24 hours only approved templates.
//!
//! Source: Meta's messaging policy and the Cloud API, which refuses anything else with error 131047. The
//! window opens and refreshes with each message of the customer. It binds everybody, and is asked again
//! in the moment of sending.

use super::piece::Why;
use crate::conversation::Conversation;
use crate::outgoing::Outgoing;
use crate::time::Timestamp;

/// Whether WhatsApp takes this message at that time.
pub(super) fn rule(content: &Outgoing, conversation: &Conversation, now: Timestamp) -> Result<(), Why> {
    if matches!(content, Outgoing::Template(_)) || conversation.window_open(now) {
        return Ok(());
    }
    Err("the customer last wrote more than 24 hours ago; only an approved template may be sent".to_owned())
}
