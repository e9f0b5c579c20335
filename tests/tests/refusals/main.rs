//! WhatsApp refuses, halts, limits and does not answer: what customers and operators see of it.

mod answers;
mod pace;
mod statuses;
mod table;
mod templates;
