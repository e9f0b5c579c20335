//! What a step decides, as pure functions of its inputs.
//!
//! Each function takes the conversation as it stood and gives the step's whole [`Effects`](crate::effects::Effects), which the
//! store commits at once. Every word for the customer goes through the gate on its way in here, so
//! that nothing that leaves this module has not been ruled on.
//!
//! - [`receive`]: customer messages have come; what to do with them ([`Plan`]).
//! - [`settled`], [`amended_by`], [`taken_back`], [`as_they_read`]: what the customer corrects or deletes, before it is
//!   answered and after.
//! - [`typed`], [`chosen`]: a button of the host's own, or an option that a plugin has offered, answered in words.
//! - [`hear`]: the host's own ears have understood one message.
//! - [`order`], [`gives_way`], [`conclude`]: in which order the chain of plugins is asked, and what follows.
//! - [`asked_meanwhile`], [`conclude_meanwhile`]: what was asked while a human was waited for, once the bot goes on.
//! - [`keep`]: messages that nobody but a human answers.
//! - [`act`]: an agent does something.
//! - [`tick`]: a timer has gone off.
//! - [`echo`]: a human has answered from the WhatsApp app.
//! - [`news`]: WhatsApp has told something beside messages.
//! - [`refused_on_the_way`], [`undeliverable`]: what became of a message, where the conversation has to know.

mod act;
mod amend;
mod arrival;
mod chain;
mod composer;
mod consent;
mod echo;
mod handover;
mod hear;
mod meanwhile;
mod my_data;
mod news;
mod settle;
mod summary;
mod tick;
mod typed;
mod waiting;

pub use act::{Action, ActionError, Actor, act};
pub use amend::{Settled, amended_by, as_they_read, settled, taken_back};
pub use arrival::{Plan, context_now, keep, receive, stale};
pub use chain::{conclude, gives_way, order};
pub use composer::Scene;
pub use consent::concerns_host;
pub use echo::echo;
pub use hear::hear;
pub use meanwhile::{asked_meanwhile, conclude_meanwhile, gives_way_meanwhile};
pub use news::news;
pub use settle::{refused_on_the_way, undeliverable};
pub use tick::tick;
pub use typed::{chosen, typed};

#[cfg(test)]
mod tests;
