//! The store as the rest of the host uses it, on real databases.

mod arrivals;
mod commits;
mod deliveries;
mod durability;
mod listing;
mod people;
mod records;
mod retention;
mod support;
mod templates;
