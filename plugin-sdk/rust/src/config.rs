//! What operators set: typed, and described by a JSON Schema that is written while the plugin compiles.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A plugin's configuration: a struct with `#[derive(Config)]`, which also makes it readable from JSON.
///
/// - The doc comment of a field is its description. A field is required, unless it is an `Option`, or says
///   `#[config(default)]` or `#[config(default = …)]`.
/// - `#[config(min = …, max = …)]` bounds a number; both bounds are allowed values.
/// - A [`Division`](crate::Division) is a team of `bot.toml`; the host refuses one that is not there.
/// - `#[config(file)]` on a `String` says that `file:name` is customary: the plugin gets the file's text.
/// - An enum of plain variants becomes a choice of words in kebab-case.
/// - Keys that no field has are errors.
pub trait Config: Schema + Serialize + DeserializeOwned {}

/// A type that knows its JSON Schema.
pub trait Schema {
    /// The members of its schema, without the braces around them.
    const SCHEMA: Node;
}

/// A text put together from pieces while compiling.
#[derive(Clone, Copy, Debug)]
pub enum Node {
    /// A piece.
    Text(&'static str),
    /// Pieces in order.
    Parts(&'static [Node]),
}

impl Node {
    /// Its length in bytes.
    pub const fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Parts(parts) => {
                let (mut n, mut total) = (0, 0);
                while n < parts.len() {
                    total += parts[n].len();
                    n += 1;
                }
                total
            }
        }
    }

    /// Whether it has no text at all.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its bytes; `N` is its length.
    pub const fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        let end = self.write(&mut bytes, 0);
        assert!(end == N, "a text's length is not what was said");
        bytes
    }

    const fn write(&self, bytes: &mut [u8], mut at: usize) -> usize {
        match self {
            Self::Text(text) => {
                let text = text.as_bytes();
                let mut n = 0;
                while n < text.len() {
                    bytes[at] = text[n];
                    at += 1;
                    n += 1;
                }
            }
            Self::Parts(parts) => {
                let mut n = 0;
                while n < parts.len() {
                    at = parts[n].write(bytes, at);
                    n += 1;
                }
            }
        }
        at
    }
}

/// The schema as a JSON document.
pub fn schema_of<T: Schema>() -> String {
    let mut document = String::from("{");
    push(&T::SCHEMA, &mut document);
    document.push('}');
    document
}

fn push(node: &Node, document: &mut String) {
    match node {
        Node::Text(text) => document.push_str(text),
        Node::Parts(parts) => parts.iter().for_each(|part| push(part, document)),
    }
}

macro_rules! schemas {
    ($($type:ty => $members:literal;)*) => {$(
        impl Schema for $type {
            const SCHEMA: Node = Node::Text($members);
        }
    )*};
}

schemas! {
    String => r#""type":"string""#;
    bool => r#""type":"boolean""#;
    f32 => r#""type":"number""#;
    f64 => r#""type":"number""#;
    u8 => r#""type":"integer","minimum":0,"maximum":255"#;
    u16 => r#""type":"integer","minimum":0,"maximum":65535"#;
    u32 => r#""type":"integer","minimum":0,"maximum":4294967295"#;
    u64 => r#""type":"integer","minimum":0"#;
    i32 => r#""type":"integer""#;
    i64 => r#""type":"integer""#;
}

impl<T: Schema> Schema for Option<T> {
    const SCHEMA: Node = T::SCHEMA;
}

impl<T: Schema> Schema for Vec<T> {
    const SCHEMA: Node = Node::Parts(&[Node::Text(r#""type":"array","items":{"#), T::SCHEMA, Node::Text("}")]);
}

impl<T: Schema> Schema for BTreeMap<String, T> {
    const SCHEMA: Node =
        Node::Parts(&[Node::Text(r#""type":"object","additionalProperties":{"#), T::SCHEMA, Node::Text("}")]);
}

/// A plugin that has nothing to set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, santun_plugin_macros::Config)]
pub struct Nothing {}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// How it answers.
    #[derive(Debug, PartialEq, santun_plugin_macros::Config)]
    struct Settings {
        /// What it says to "halo".
        #[config(default = "Halo kak")]
        greeting: String,
        /// From this score on it answers.
        #[config(default = 0.62, min = 0.0, max = 1.0)]
        answer_at: f64,
        /// Up to how many it offers.
        #[config(default = 3, min = 1)]
        offers: u8,
        /// The tone.
        #[config(default)]
        tone: Tone,
        /// The entries as CSV.
        #[config(file)]
        entries: String,
        /// An address, if there is one.
        url: Option<String>,
        /// The team for complaints.
        complaints: Option<crate::Division>,
        /// The offices.
        #[config(default)]
        offices: Vec<Office>,
    }

    #[derive(Debug, Default, PartialEq, santun_plugin_macros::Config)]
    enum Tone {
        #[default]
        Warm,
        VeryFormal,
    }

    /// Where people sit.
    #[derive(Debug, PartialEq, santun_plugin_macros::Config)]
    struct Office {
        /// In which city.
        city: String,
    }

    impl Config for Nested {}
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Nested;
    impl Schema for Nested {
        const SCHEMA: Node = Node::Parts(&[Node::Text("a"), Node::Parts(&[Node::Text("b"), Node::Text("c")])]);
    }

    #[test]
    fn pieces_join_while_compiling() {
        const BYTES: [u8; 3] = Nested::SCHEMA.bytes();
        assert_eq!(&BYTES, b"abc");
    }

    #[test]
    fn a_schema_says_what_the_fields_say() {
        let schema: Value = serde_json::from_str(&schema_of::<Settings>()).unwrap();
        assert_eq!(
            schema,
            json!({
                "type": "object",
                "additionalProperties": false,
                "description": "How it answers.",
                "required": ["entries"],
                "properties": {
                    "greeting": { "type": "string", "description": "What it says to \"halo\".", "default": "Halo kak" },
                    "answer_at": {
                        "type": "number", "description": "From this score on it answers.",
                        "default": 0.62, "minimum": 0.0, "maximum": 1.0,
                    },
                    "offers": {
                        "type": "integer", "description": "Up to how many it offers.",
                        "default": 3, "minimum": 1, "maximum": 255,
                    },
                    "tone": { "type": "string", "enum": ["warm", "very-formal"], "description": "The tone." },
                    "entries": { "type": "string", "x-santun-file": true, "description": "The entries as CSV." },
                    "url": { "type": "string", "description": "An address, if there is one." },
                    "complaints": {
                        "type": "string", "format": "division", "description": "The team for complaints.",
                    },
                    "offices": {
                        "type": "array", "description": "The offices.",
                        "items": {
                            "type": "object", "additionalProperties": false, "description": "Where people sit.",
                            "required": ["city"],
                            "properties": { "city": { "type": "string", "description": "In which city." } },
                        },
                    },
                },
            })
        );
    }

    #[test]
    fn what_is_left_out_takes_its_default() {
        let settings: Settings = serde_json::from_str(r#"{"entries": "a,b"}"#).unwrap();
        assert_eq!(
            settings,
            Settings {
                greeting: "Halo kak".to_owned(),
                answer_at: 0.62,
                offers: 3,
                tone: Tone::Warm,
                entries: "a,b".to_owned(),
                url: None,
                complaints: None,
                offices: Vec::new(),
            }
        );
    }

    #[test]
    fn a_wrong_configuration_is_refused_with_the_key() {
        let refused = |json: &str| serde_json::from_str::<Settings>(json).unwrap_err().to_string();
        assert!(
            refused(r#"{"entries": "", "answer_at": 1.5}"#).contains("`answer_at` is above 1"),
            "{}",
            refused(r#"{"entries": "", "answer_at": 1.5}"#)
        );
        assert!(refused(r#"{"entries": "", "offers": 0}"#).contains("`offers` is below 1"));
        assert!(refused(r#"{"entries": "", "tonne": "warm"}"#).contains("`tonne`"));
        assert!(refused("{}").contains("`entries`"));
    }

    #[test]
    fn a_configuration_stores_and_reads_back_as_a_prepared_value() {
        let settings: Settings = serde_json::from_str(
            r#"{"entries": "x", "url": "https://a.example", "complaints": "cs", "offices": [{"city": "Bandung"}]}"#,
        )
        .unwrap();
        let bytes = postcard::to_allocvec(&settings).unwrap();
        assert_eq!(postcard::from_bytes::<Settings>(&bytes).unwrap(), settings);
    }
}
