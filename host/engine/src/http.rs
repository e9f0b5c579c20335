//! Outgoing HTTP of plugins: only to granted origins, and never to an address that they have no
//! business with.

mod addresses;
mod client;
mod origin;

pub use addresses::{LookUp, LookedUp};
pub(crate) use client::{Ask, Client, Refusal};
pub(crate) use origin::Access;
