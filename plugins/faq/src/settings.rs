//! What an operator sets.

use santun_plugin::prelude::*;

/// How the FAQ answers.
#[derive(Config)]
pub struct Settings {
    /// The questions and answers, as CSV or YAML: usually `file:faq.csv`.
    #[config(file)]
    pub entries: String,
    /// From this score on the best entry is given as the answer, if it leads by `margin`.
    #[config(default = 0.9, min = 0.0, max = 1.0)]
    pub answer_at: f32,
    /// How far the best entry must lead the second for it to be the answer.
    #[config(default = 0.5, min = 0.0, max = 1.0)]
    pub margin: f32,
    /// From this score on the likeliest entries are offered to choose from.
    #[config(default = 0.11, min = 0.0, max = 1.0)]
    pub offer_at: f32,
    /// What another plugin of the chain serves, such as `grosir` or `partai besar`: a wish for it (“mau grosir dong”)
    /// is left to that plugin, a question about it is answered.
    #[config(default)]
    pub leave_wishes: Vec<String>,
}
