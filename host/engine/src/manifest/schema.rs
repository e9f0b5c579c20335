//! The part of JSON Schema that plugin configurations need, with errors for people.
//!
//! Supported: `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`,
//! `minItems`, `maxItems`, `minLength`, `maxLength`, `minimum`, `maximum`, `exclusiveMinimum`,
//! `exclusiveMaximum`, `allOf`, `anyOf`, `oneOf`, `not`, and `$ref` into the same document. Notes such
//! as `title`, `description`, `default`, `examples` and `format` are read by people and tools; one format is
//! known here: `division`, a text that names a team of `bot.toml`. A schema that uses another word is refused when the
//! plugin is admitted, so that no rule of an author is ever silently left out.

use serde_json::{Map, Value};

/// Words without a rule in them; so are all that begin with `x-`.
const NOTES: &[&str] = &[
    "$schema",
    "$id",
    "$defs",
    "definitions",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "format",
    "deprecated",
    "readOnly",
    "writeOnly",
    "contentMediaType",
    "contentEncoding",
];
const RULES: &[&str] = &[
    "type",
    "enum",
    "const",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "$ref",
];
/// Deeper schemas and references that go in circles end here.
const DEPTH: usize = 64;

/// Whether every word of a schema is supported; if not, where and which.
pub(crate) fn supported(schema: &Value) -> Result<(), String> {
    supported_at(schema, "config_schema")
}

fn supported_at(schema: &Value, at: &str) -> Result<(), String> {
    let words = match schema {
        Value::Bool(_) => return Ok(()),
        Value::Object(words) => words,
        _ => return Err(format!("has no schema at {at}: an object or a boolean is expected")),
    };
    for (word, value) in words {
        let at = format!("{at}.{word}");
        match word.as_str() {
            "properties" | "$defs" | "definitions" => {
                let Value::Object(members) = value else { return Err(format!("has no object at {at}")) };
                members.iter().try_for_each(|(name, member)| supported_at(member, &format!("{at}.{name}")))?;
            }
            "allOf" | "anyOf" | "oneOf" => {
                let Value::Array(members) = value else { return Err(format!("has no list at {at}")) };
                members.iter().enumerate().try_for_each(|(i, member)| supported_at(member, &format!("{at}[{i}]")))?;
            }
            "items" | "additionalProperties" | "not" => supported_at(value, &at)?,
            word if RULES.contains(&word) || NOTES.contains(&word) || word.starts_with("x-") => {}
            _ => return Err(format!("uses `{word}` at {at}, a word of JSON Schema that this host does not know")),
        }
    }
    Ok(())
}

/// Everything in `value` that does not fit `schema`, each with its place.
pub(crate) fn misfits(schema: &Value, value: &Value) -> Vec<String> {
    Check::of(schema, value).found
}

/// A division that a configuration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedDivision {
    /// Where, such as `config.items[2].division`.
    pub at: String,
    /// The name.
    pub name: String,
}

/// The divisions that `value` names, by the word of `schema`.
pub(crate) fn divisions(schema: &Value, value: &Value) -> Vec<NamedDivision> {
    Check::of(schema, value).divisions
}

struct Check<'a> {
    root: &'a Value,
    found: Vec<String>,
    divisions: Vec<NamedDivision>,
}

impl<'a> Check<'a> {
    fn of(schema: &'a Value, value: &Value) -> Self {
        let mut check = Self::new(schema);
        check.value(schema, value, "config", 0);
        check
    }

    const fn new(root: &'a Value) -> Self {
        Self { root, found: Vec::new(), divisions: Vec::new() }
    }

    fn value(&mut self, schema: &'a Value, value: &Value, at: &str, depth: usize) {
        let words = match schema {
            Value::Bool(true) => return,
            Value::Object(words) if depth < DEPTH => words,
            Value::Object(_) => return self.found.push(format!("{at} is nested too deeply")),
            _ => return self.found.push(format!("{at} is not allowed")),
        };
        if let Some(target) = words.get("$ref").and_then(Value::as_str) {
            match target.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer)) {
                Some(target) => self.value(target, value, at, depth + 1),
                None => self.found.push(format!("{at}: the schema refers to `{target}`, which it does not have")),
            }
        }
        self.kind(words, value, at);
        self.size(words, value, at);
        match value {
            Value::Object(members) => self.members(words, members, at, depth),
            Value::Array(items) => {
                if let Some(schema) = words.get("items") {
                    for (i, item) in items.iter().enumerate() {
                        self.value(schema, item, &format!("{at}[{i}]"), depth + 1);
                    }
                }
            }
            Value::String(name) if words.get("format").and_then(Value::as_str) == Some("division") => {
                self.divisions.push(NamedDivision { at: at.to_owned(), name: name.clone() });
            }
            _ => {}
        }
        self.combined(words, value, at, depth);
    }

    fn kind(&mut self, words: &Map<String, Value>, value: &Value, at: &str) {
        let kinds: Vec<&str> = match words.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if !kinds.is_empty() && !kinds.iter().any(|kind| is_kind(kind, value)) {
            self.found.push(format!("{at} must be {}, not {}", kinds.join(" or "), kind_of(value)));
        }
        if let Some(Value::Array(allowed)) = words.get("enum")
            && !allowed.contains(value)
        {
            let allowed: Vec<_> = allowed.iter().map(Value::to_string).collect();
            self.found.push(format!("{at} must be one of {}", allowed.join(", ")));
        }
        if let Some(only) = words.get("const")
            && only != value
        {
            self.found.push(format!("{at} must be {only}"));
        }
    }

    fn size(&mut self, words: &Map<String, Value>, value: &Value, at: &str) {
        let (least, most, size, what) = match value {
            Value::String(text) => ("minLength", "maxLength", text.chars().count(), "characters"),
            Value::Array(items) => ("minItems", "maxItems", items.len(), "entries"),
            Value::Number(number) => return self.number(words, number.as_f64().unwrap_or(f64::NAN), at),
            _ => return,
        };
        if let Some(least) = words.get(least).and_then(Value::as_u64)
            && (size as u64) < least
        {
            self.found.push(format!("{at} must have at least {least} {what}"));
        }
        if let Some(most) = words.get(most).and_then(Value::as_u64)
            && size as u64 > most
        {
            self.found.push(format!("{at} must have at most {most} {what}"));
        }
    }

    fn number(&mut self, words: &Map<String, Value>, number: f64, at: &str) {
        type Holds = fn(f64, f64) -> bool;
        let rules: [(&str, &str, Holds); 4] = [
            ("minimum", "at least", |n, bound| n >= bound),
            ("maximum", "at most", |n, bound| n <= bound),
            ("exclusiveMinimum", "more than", |n, bound| n > bound),
            ("exclusiveMaximum", "less than", |n, bound| n < bound),
        ];
        for (word, phrase, holds) in rules {
            if let Some(bound) = words.get(word).and_then(Value::as_f64)
                && !holds(number, bound)
            {
                self.found.push(format!("{at} must be {phrase} {bound}"));
            }
        }
    }

    fn members(&mut self, words: &'a Map<String, Value>, members: &Map<String, Value>, at: &str, depth: usize) {
        let known = words.get("properties").and_then(Value::as_object);
        for name in words.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                self.found.push(format!("{at}.{name} is missing"));
            }
        }
        for (name, member) in members {
            let at = format!("{at}.{name}");
            if let Some(schema) = known.and_then(|known| known.get(name)) {
                self.value(schema, member, &at, depth + 1);
            } else if words.get("additionalProperties") == Some(&Value::Bool(false)) {
                let names: Vec<_> = known.into_iter().flat_map(Map::keys).map(String::as_str).collect();
                self.found.push(format!("{at} is not known; {}", santun_core::bot::did_you_mean(name, &names)));
            } else if let Some(schema) = words.get("additionalProperties") {
                self.value(schema, member, &at, depth + 1);
            }
        }
    }

    fn combined(&mut self, words: &'a Map<String, Value>, value: &Value, at: &str, depth: usize) {
        let list = |word| words.get(word).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for schema in list("allOf") {
            self.value(schema, value, at, depth + 1);
        }
        for (word, exactly_one) in [("anyOf", false), ("oneOf", true)] {
            let schemas = list(word);
            if schemas.is_empty() {
                continue;
            }
            let attempts: Vec<_> = schemas.iter().map(|schema| self.attempt(schema, value, at, depth)).collect();
            let fitting = attempts.iter().filter(|attempt| attempt.found.is_empty()).count();
            if fitting == 0 {
                let ways: Vec<_> = attempts.iter().map(|attempt| attempt.found.join(" and ")).collect();
                self.found.push(format!("{at} fits none of its forms: {}", ways.join(", or ")));
            } else if exactly_one && fitting > 1 {
                self.found.push(format!("{at} fits more than one of its forms"));
            }
            let fit = attempts.into_iter().find(|attempt| attempt.found.is_empty());
            self.divisions.extend(fit.into_iter().flat_map(|attempt| attempt.divisions));
        }
        if let Some(schema) = words.get("not")
            && self.attempt(schema, value, at, depth).found.is_empty()
        {
            self.found.push(format!("{at} has a value that is excluded"));
        }
    }

    fn attempt(&self, schema: &'a Value, value: &Value, at: &str, depth: usize) -> Self {
        let mut check = Self::new(self.root);
        check.value(schema, value, at, depth + 1);
        check
    }
}

fn is_kind(kind: &str, value: &Value) -> bool {
    match kind {
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        kind => kind == kind_of(value),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests;
