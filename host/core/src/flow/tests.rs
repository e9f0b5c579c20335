//! What a step decides: as a customer, an agent and a clock would see it.

mod agents;
mod amendments;
mod chain;
mod customers;
mod delivery;
mod handovers;
mod meanwhile;
mod scene;
mod timers;
