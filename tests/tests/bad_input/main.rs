//! What is wrong is refused clearly, whoever sends it, and nothing is lost by it.

mod api;
mod commands;
mod signals;
mod webhooks;
