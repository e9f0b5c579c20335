//! What an operator sets.

use std::collections::BTreeMap;

use santun_plugin::prelude::*;

/// When a human is called, and which.
#[derive(Config)]
pub struct Settings {
    /// Words and phrases that always call a human, such as `komplain` or `ganti rugi`.
    #[config(default)]
    pub keywords: Vec<String>,
    /// How often the same question may come again before a human is called.
    #[config(default = 2, min = 1, max = 10)]
    pub repeats: u32,
    /// After how many messages of the customer about one matter a human is called; 0 for never.
    #[config(default = 8, min = 0, max = 50)]
    pub turns: u32,
    /// After how many answers in a row that did not understand a human is called; 0 for never.
    #[config(default = 2, min = 0, max = 10)]
    pub fallbacks: u32,
    /// Rules that are switched off, by their name in the verdict's why, such as `bargaining`.
    #[config(default)]
    pub off: Vec<String>,
    /// The division for each reason, such as `money = "keuangan"`; `risk` stands for `self-harm`, `injury` and
    /// `grief` too, where they have none of their own.
    #[config(default)]
    pub divisions: BTreeMap<String, String>,
    /// The language of the agents' summaries: `id` or `en`.
    #[config(default = "id")]
    pub summary_language: String,
}
