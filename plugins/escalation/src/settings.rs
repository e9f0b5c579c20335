//! What an operator sets, and how a call reads it: in place, without decoding.
//!
//! `prepare` lays it out as: repeats, turns, fallbacks, language (a byte each); the rules that are off, a bit for
//! each of [`RULES`] (`u64`, little-endian); then the division for each reason and the keywords, a line each:
//! `money\tkeuangan`, and ` ganti rugi ` with a space at both ends.

use std::collections::BTreeMap;

use santun_plugin::prelude::*;

use crate::cues::Cues;

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
    pub divisions: BTreeMap<String, Division>,
    /// The language of the agents' summaries: `id`, `en`, or `auto` for the one that the bot's `about` is written in.
    #[config(default = "auto")]
    pub summary_language: String,
}

/// The names of all rules.
pub(crate) const RULES: [&str; 36] = [
    "keyword",
    "self-harm",
    "threat",
    "safety",
    "data-leak",
    "harassment",
    "legal",
    "fraud",
    "sensitive",
    "double-payment",
    "wrong-payment",
    "money-missing",
    "paid-not-processed",
    "refund",
    "complaint",
    "lost",
    "wrong-item",
    "missing-item",
    "damaged",
    "dissatisfied",
    "fallbacks",
    "language",
    "frustration",
    "asked-again",
    "repetition",
    "no-progress",
    "cancel-order",
    "change-order",
    "bargaining",
    "bulk",
    "closing",
    "unusual",
    "sudden-problem",
    "risk",
    "money",
    "stuck",
];
/// Rules that the model alone has.
const MORE_RULES: [&str; 2] = ["creative", "complex"];
/// The reasons that a division can be named for.
const REASONS: [&str; 14] = [
    "asked",
    "complaint",
    "frustration",
    "repetition",
    "no-progress",
    "not-understood",
    "money",
    "risk",
    "self-harm",
    "injury",
    "grief",
    "negotiation",
    "order-change",
    "unusual",
];

const LANGUAGES: [&str; 3] = ["auto", "id", "en"];
const HEAD: usize = 4 + 8;

fn rules() -> impl Iterator<Item = &'static str> {
    RULES.into_iter().chain(MORE_RULES)
}

impl Settings {
    /// Lays the settings out for calls.
    ///
    /// # Errors
    ///
    /// Says which value is none, and what to write instead.
    pub(crate) fn laid_out(&self) -> Result<Prepared, Error> {
        let language = LANGUAGES.iter().position(|known| *known == self.summary_language);
        let language = language.ok_or_else(|| {
            Error::new(format!("`summary_language` is `{}`: write `id`, `en` or `auto`", self.summary_language))
        })?;
        let mut off = 0_u64;
        for name in &self.off {
            let rule = rules().position(|rule| rule == name).ok_or_else(|| {
                Error::new(format!("`off` names `{name}`, which is no rule; the rules are {}", listed(rules())))
            })?;
            off |= 1 << rule;
        }
        let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
        let mut bytes = vec![small(self.repeats), small(self.turns), small(self.fallbacks), small(language as u32)];
        bytes.extend(off.to_le_bytes());
        let mut line = |line: String| bytes.extend(line.bytes().chain([b'\n']));
        for (reason, division) in &self.divisions {
            if !REASONS.iter().chain(&["complex"]).any(|known| known == reason) {
                let known = listed(REASONS.into_iter().chain(["complex"]));
                return Err(Error::new(format!("`divisions` names `{reason}`, which is no reason; they are {known}")));
            }
            line(format!("{reason}\t{}", division.replace(['\t', '\n'], " ")));
        }
        for keyword in &self.keywords {
            let folded = Cues::of(keyword);
            if folded.text().is_empty() {
                return Err(Error::new(format!("the keyword `{keyword}` has no letters: write a word")));
            }
            line(format!(" {} ", folded.text()));
        }
        Ok(Prepared::from_bytes(bytes))
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The settings of a call.
pub(crate) struct Set {
    bytes: Vec<u8>,
}

impl Set {
    /// Reads what [`Settings::laid_out`] made.
    ///
    /// # Errors
    ///
    /// If it is something else.
    pub(crate) fn of(host: &dyn Host) -> Result<Self, Error> {
        let bytes = host.prepared_read(0, u32::MAX);
        if bytes.len() < HEAD || std::str::from_utf8(&bytes[HEAD..]).is_err() {
            return Err("what was prepared is not of this plugin: apply the configuration again".into());
        }
        Ok(Self { bytes })
    }

    /// See [`Settings::repeats`].
    pub(crate) fn repeats(&self) -> u32 {
        u32::from(self.bytes[0])
    }

    /// See [`Settings::turns`].
    pub(crate) fn turns(&self) -> u32 {
        u32::from(self.bytes[1])
    }

    /// See [`Settings::fallbacks`].
    pub(crate) fn fallbacks(&self) -> u32 {
        u32::from(self.bytes[2])
    }

    /// Whether agents read English.
    pub(crate) fn english(&self, about: &str) -> bool {
        match self.bytes[3] {
            0 => santun_language::detect(&santun_language::normalise(about)) == Some(santun_language::Language::En),
            language => language == 2,
        }
    }

    /// Whether a rule is switched off.
    pub(crate) fn is_off(&self, rule: &str) -> bool {
        let mut off = [0; 8];
        off.copy_from_slice(&self.bytes[4..HEAD]);
        let off = u64::from_le_bytes(off);
        off != 0 && rules().zip(0..).any(|(known, bit)| known == rule && off >> bit & 1 == 1)
    }

    fn lines(&self) -> impl Iterator<Item = &str> {
        std::str::from_utf8(&self.bytes[HEAD..]).unwrap_or_default().lines()
    }

    /// The division for a reason.
    pub(crate) fn division(&self, reason: &str) -> Option<&str> {
        self.lines().find_map(|line| line.strip_prefix(reason)?.strip_prefix('\t'))
    }

    /// The first keyword that stands in folded words.
    pub(crate) fn keyword(&self, words: &str) -> Option<&str> {
        let mut keywords = self.lines().filter(|line| line.starts_with(' ')).peekable();
        keywords.peek()?;
        let padded = format!(" {words} ");
        keywords.find(|keyword| padded.contains(*keyword)).map(str::trim)
    }
}
