//! Rule 3, ownership: only the owner's side speaks.
//!
//! Source: a house rule, from what hurts most in other systems (a bot that talks on after a handover, or
//! over a human who answers from the phone). It binds everybody, and is asked again in the moment of
//! sending.
//!
//! | owner | plugins | the host's own words | agents |
//! |---|---|---|---|
//! | the bot | yes | yes | take first |
//! | a queue | no | about waiting | take first |
//! | an agent | no | what answers stop, start and my-data, or announces a human | that agent |
//! | the phone | no | as above | take first |
//!
//! What the host says of the wait for a human is said by nobody once none is asked for any more: an agent may have given
//! the conversation back while it waited to be sent.

use super::piece::Why;
use crate::conversation::{Conversation, Owner};
use crate::draft::{Author, Voice};

/// Whether the author may speak in the conversation as it is now.
pub(super) fn rule(author: &Author, conversation: &Conversation) -> Result<(), Why> {
    let owner = &conversation.owner;
    match (author, owner) {
        (Author::Plugin { .. }, Owner::Bot) => Ok(()),
        (Author::Plugin { .. }, _) => Err(format!("the conversation belongs to {}, not to the bot", whose(owner))),
        (Author::Host { voice: Voice::Queued, .. }, Owner::Bot) if conversation.request.is_none() => {
            Err("no human is asked for any more: nobody waits for one".to_owned())
        }
        (Author::Host { voice: Voice::Answer | Voice::Always, .. }, _) | (Author::Host { .. }, Owner::Bot) => Ok(()),
        (Author::Host { voice: Voice::Waiting | Voice::Queued, .. }, Owner::Queue { .. }) => Ok(()),
        (Author::Host { .. }, _) => Err(format!("the conversation belongs to {}: the bot is silent", whose(owner))),
        (Author::Agent { user }, Owner::Agent { user: owner, .. }) if user == owner => Ok(()),
        (Author::Agent { .. }, Owner::Agent { .. }) => {
            Err("the conversation belongs to another agent; ask for a transfer".to_owned())
        }
        (Author::Agent { .. }, _) => {
            Err(format!("the conversation belongs to {}; take it before you write", whose(owner)))
        }
    }
}

fn whose(owner: &Owner) -> &'static str {
    match owner {
        Owner::Bot => "the bot",
        Owner::Queue { .. } => "the queue",
        Owner::Agent { .. } => "an agent",
        Owner::Phone { .. } => "a human on the phone",
    }
}
