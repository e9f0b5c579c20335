//! Write plugins for Santun in Rust.
//!
//! A plugin is one behaviour of a WhatsApp bot. It reads what a customer wrote and proposes what should
//! happen: answer, hand over to a human, or leave it to the next plugin. The host rules on the proposal.
//!
//! ```
//! use santun_plugin::prelude::*;
//!
//! /// How the greeter greets.
//! #[derive(Config)]
//! pub struct Settings {
//!     /// What it says to whoever says hello.
//!     #[config(default = "Halo kak, ada yang bisa dibantu?")]
//!     greeting: String,
//! }
//!
//! /// Says hello back.
//! pub struct Greeter;
//!
//! #[plugin(
//!     name = "greeter",
//!     purpose(id = "Membalas salam", en = "Says hello back"),
//!     languages("id", "en"),
//!     examples("halo" => reply, "pesanan saya mana" => pass),
//! )]
//! impl Plugin for Greeter {
//!     type Config = Settings;
//!
//!     fn handle(event: &Event, _context: &Context, host: &dyn Host) -> Result<Verdict, Error> {
//!         if !event.text().eq_ignore_ascii_case("halo") {
//!             return Ok(Verdict::pass("no greeting"));
//!         }
//!         let settings: Settings = host.prepared()?;
//!         Ok(Verdict::reply(Reply::greeting(settings.greeting), "a greeting"))
//!     }
//! }
//!
//! // In a unit test, natively:
//! let greeter = TestHost::new().configure::<Greeter>(r#"{}"#).unwrap();
//! let verdict = greeter.ask::<Greeter>("Halo").unwrap();
//! assert_eq!(verdict.words(), "Halo kak, ada yang bisa dibantu?");
//! assert_eq!(greeter.ask::<Greeter>("pesanan saya mana").unwrap().kind(), "pass");
//! ```
//!
//! Built with `cargo build --profile plugin --target wasm32-wasip2`, the crate (a `cdylib`) is a component
//! that `santun plugin install` takes. Everything here also compiles natively, where nothing links to
//! the host's functions: unit tests are ordinary ones.

extern crate self as santun_plugin;

#[cfg(target_arch = "wasm32")]
mod alloc;
#[doc(hidden)]
pub mod bindings;
pub mod calendar;
pub mod config;
mod division;
mod error;
mod event;
#[doc(hidden)]
pub mod glue;
#[cfg(target_arch = "wasm32")]
mod guest;
mod host;
pub mod http;
pub mod limited;
#[cfg(any(target_arch = "wasm32", test))]
mod lines;
#[doc(hidden)]
pub mod manifest;
pub mod outgoing;
pub mod prepared;
#[cfg(target_arch = "wasm32")]
mod printed;
#[cfg(any(target_arch = "wasm32", test))]
mod size_classes;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
mod verdict;

pub use bindings::santun::plugin::history::Turn;
pub use bindings::santun::plugin::log::Level;
pub use bindings::santun::plugin::types::{
    Bot, Choice, Contact, ContactCard, Content, Context, Counters, Event, Fact, Form, HandBack, Location, Media,
    Message, Office, Order, OrderItem, Other, Reaction,
};
pub use division::Division;
pub use error::Error;
pub use host::{Host, Scope};
pub use prepared::Prepared;
pub use santun_plugin_macros::{Config, plugin};
pub use verdict::{Decision, Handover, Outcome, Priority, Reason, Reply, Verdict};

/// One behaviour of a bot. Implement it on a type without fields and put [`macro@plugin`] on the
/// implementation.
pub trait Plugin {
    /// What an operator sets in `bot.toml`.
    type Config: config::Config;

    /// Checks the configuration and builds from it whatever should not be built for each message. It runs
    /// once for a revision and a configuration; `prepared` of [`Host`] reads it back.
    ///
    /// Unless written, the configuration itself is stored.
    ///
    /// # Errors
    ///
    /// A sentence for the operator: what is wrong in the configuration, where, and what to do.
    fn prepare(config: Self::Config) -> Result<Prepared, Error> {
        Prepared::of(&config)
    }

    /// Decides about one event. Each call may run in a new instance: keep nothing in global variables.
    ///
    /// # Errors
    ///
    /// A sentence for the operator; the conversation goes on without this plugin, or with a human.
    fn handle(event: &Event, context: &Context, host: &dyn Host) -> Result<Verdict, Error>;
}

/// What nearly every plugin needs.
pub mod prelude {
    #[cfg(not(target_arch = "wasm32"))]
    pub use crate::testing::TestHost;
    pub use crate::{
        Config, Content, Context, Division, Error, Event, Fact, Handover, Host, Outcome, Plugin, Prepared, Priority,
        Reason, Reply, Verdict, outgoing::*, plugin,
    };
}

/// What the macros' output refers to; no part of the public surface.
#[doc(hidden)]
pub mod __private {
    pub use serde;
}
