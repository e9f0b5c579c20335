//! What a plugin says of itself, readable without running it.

pub(crate) mod schema;
mod sections;

use std::collections::BTreeMap;

use santun_core::language::Language;
use serde::{Deserialize, Serialize};

use crate::rejected::Rejected;

pub use schema::NamedDivision;

/// The custom section that holds the manifest.
pub(crate) const SECTION: &str = "santun:manifest";
/// The contract that this host supports.
pub(crate) const SUPPORTED: &str = "0.1";

/// A plugin's manifest. Its JSON form is described by `wit/0.1.0/manifest.schema.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the contract that it was written for, such as `0.1`.
    pub contract: String,
    /// Its own name: lower case, words joined by hyphens. An operator may install it under another.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// What it is for, in one sentence a language.
    pub purpose: Purpose,
    /// The languages that it answers in.
    pub languages: Vec<Language>,
    /// The JSON Schema of its configuration; `true` if anything will do.
    #[serde(default = "anything")]
    pub config_schema: serde_json::Value,
    /// What it asks to be granted.
    #[serde(default)]
    pub asks: Vec<Ask>,
    /// Messages that it is checked with before it is activated.
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// One sentence, by language.
pub type Purpose = BTreeMap<Language, String>;

/// A capability that a plugin asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// `http`, `customer.name`, `customer.phone`, `history`, or `warm`.
    pub capability: String,
    /// Why, for the operator who decides.
    pub reason: String,
}

/// A message that shows what a plugin does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What a customer writes.
    pub text: String,
    /// The decision to expect with the default configuration: `pass`, `reply` or `handover`. It
    /// documents; what is checked is that a valid verdict comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
}

fn anything() -> serde_json::Value {
    serde_json::Value::Bool(true)
}

impl Manifest {
    /// Reads and checks the manifest of a component and the names of what it imports and exports.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Rejected> {
        let sections = sections::read(bytes)?;
        sections.check()?;
        let json = sections.manifest.ok_or_else(|| {
            Rejected::Manifest(
                "is missing; the SDK writes it, or see `manifest.schema.json` beside the WIT files".into(),
            )
        })?;
        let manifest: Self =
            serde_json::from_slice(json).map_err(|error| Rejected::Manifest(format!("cannot be read: {error}")))?;
        manifest.check()?;
        Ok(manifest)
    }

    /// Whether it asks for a capability.
    pub fn asks_for(&self, capability: &str) -> bool {
        self.asks.iter().any(|ask| ask.capability == capability)
    }

    /// The divisions that a configuration names, by this manifest's schema.
    pub fn divisions_in(&self, config: &serde_json::Value) -> Vec<NamedDivision> {
        schema::divisions(&self.config_schema, config)
    }

    fn check(&self) -> Result<(), Rejected> {
        let wrong = |what: String| Err(Rejected::Manifest(what));
        if self.contract != SUPPORTED && !self.contract.starts_with("0.1.") {
            return Err(contract(&self.contract));
        }
        let named = !self.name.is_empty()
            && self.name.len() <= 64
            && self.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !named {
            return wrong("has a `name` that is not lower-case words joined by hyphens, at most 64 bytes".into());
        }
        if self.version.is_empty() || self.version.len() > 64 {
            return wrong("has a `version` that is empty or longer than 64 bytes".into());
        }
        if self.purpose.is_empty() || self.languages.is_empty() {
            return wrong("needs a `purpose` and `languages`, at least in one language".into());
        }
        for ask in &self.asks {
            if !matches!(ask.capability.as_str(), "http" | "customer.name" | "customer.phone" | "history" | "warm") {
                return wrong(format!(
                    "asks for `{}`; there are: http, customer.name, customer.phone, history, warm",
                    ask.capability
                ));
            }
            if ask.reason.trim().is_empty() {
                return wrong(format!(
                    "asks for `{}` without a reason; the operator wants to know why",
                    ask.capability
                ));
            }
        }
        for example in &self.examples {
            let known = example.expect.as_deref().is_none_or(|word| matches!(word, "pass" | "reply" | "handover"));
            if !known || example.text.is_empty() {
                return wrong(
                    "has an example without text, or with an `expect` other than pass, reply, handover".into(),
                );
            }
        }
        schema::supported(&self.config_schema).map_err(Rejected::Manifest)
    }
}

/// The refusal of a contract version.
fn contract(found: &str) -> Rejected {
    let number = |part: Option<&str>| part.and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    let mut parts = found.split('.');
    let newer = (number(parts.next()), number(parts.next())) > (0, 1);
    let advice = if newer {
        "update the host, or build the plugin against an older contract"
    } else {
        "build the plugin against contract 0.1"
    };
    Rejected::Contract { found: found.to_owned(), supported: "0.1", advice }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(json: serde_json::Value) -> Result<(), Rejected> {
        serde_json::from_value::<Manifest>(json).map_err(|e| Rejected::Manifest(e.to_string()))?.check()
    }

    fn whole() -> serde_json::Value {
        serde_json::json!({"contract": "0.1", "name": "faq", "version": "1.0.0", "purpose": {"id": "Menjawab."},
            "languages": ["id"]})
    }

    #[test]
    fn a_newer_contract_is_refused_with_what_to_do() {
        let mut json = whole();
        assert_eq!(manifest(json.clone()), Ok(()));
        json["contract"] = "0.2".into();
        let refused = manifest(json).unwrap_err().to_string();
        assert!(refused.contains("0.2") && refused.contains("supports 0.1") && refused.contains("update the host"));
    }

    #[test]
    fn an_ask_needs_a_known_capability_and_a_reason() {
        let mut json = whole();
        json["asks"] = serde_json::json!([{"capability": "files", "reason": "x"}]);
        assert!(manifest(json.clone()).unwrap_err().to_string().contains("`files`"));
        json["asks"] = serde_json::json!([{"capability": "http", "reason": " "}]);
        assert!(manifest(json).unwrap_err().to_string().contains("without a reason"));
    }
}
