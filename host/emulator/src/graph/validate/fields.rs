//! Members of a JSON object, read with errors that name the way to them.

use serde_json::{Map, Value};

use super::longer_than;
use crate::graph::error::GraphError;

/// An object inside a request, and where it is.
pub(crate) struct Fields<'a> {
    members: &'a Map<String, Value>,
    path: String,
}

impl<'a> Fields<'a> {
    /// The whole body.
    pub(crate) fn root(body: &'a Value) -> Result<Self, GraphError> {
        let members = body.as_object().ok_or_else(|| GraphError::explained(100, "The body must be a JSON object"))?;
        Ok(Self { members, path: String::new() })
    }

    fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}['{name}']", self.path) }
    }

    /// The error that a member is missing (131008).
    pub(crate) fn missing(&self, name: &str) -> GraphError {
        if self.path.is_empty() {
            return GraphError::required(name);
        }
        GraphError::explained(131_008, format!("Required parameter is missing: {}", self.at(name)))
    }

    /// The error that a member's value is wrong (131009).
    pub(crate) fn invalid(&self, name: &str, why: &str) -> GraphError {
        GraphError::explained(131_009, format!("{} {why}", self.at(name)))
    }

    /// A member, unless it is missing or null.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// A member that must be there.
    pub(crate) fn required_value(&self, name: &str) -> Result<&'a Value, GraphError> {
        self.value(name).ok_or_else(|| self.missing(name))
    }

    /// A text, if it is there.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, GraphError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(GraphError::explained(100, format!("{} must be a string", self.at(name)))),
        }
    }

    /// A text with a bound, if it is there.
    pub(crate) fn text_up_to(&self, name: &str, most: usize) -> Result<Option<&'a str>, GraphError> {
        let text = self.text(name)?;
        if text.is_some_and(|text| longer_than(text, most)) {
            if self.path.is_empty() {
                return Err(GraphError::too_long(name, most));
            }
            return Err(self.invalid(name, &format!("is too long: at most {most} characters")));
        }
        Ok(text)
    }

    /// A text that must be there, with 1 to `most` characters.
    pub(crate) fn required_text(&self, name: &str, most: usize) -> Result<&'a str, GraphError> {
        let text = self.text_up_to(name, most)?.ok_or_else(|| self.missing(name))?;
        if text.trim().is_empty() {
            return Err(self.invalid(name, "must not be empty"));
        }
        Ok(text)
    }

    /// True or false, also as the strings that the API takes.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, GraphError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(Value::String(text)) if text == "true" => Ok(Some(true)),
            Some(Value::String(text)) if text == "false" => Ok(Some(false)),
            Some(_) => Err(GraphError::explained(100, format!("{} must be a boolean", self.at(name)))),
        }
    }

    /// A number, also as a string.
    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>, GraphError> {
        let number = match self.value(name) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        number.filter(|n| n.is_finite()).map(Some).ok_or_else(|| self.invalid(name, "must be a number"))
    }

    /// An object, if it is there.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Fields<'a>>, GraphError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Fields { members, path: self.at(name) })),
            Some(_) => Err(GraphError::explained(100, format!("{} must be an object", self.at(name)))),
        }
    }

    /// An object that must be there.
    pub(crate) fn required_object(&self, name: &str) -> Result<Fields<'a>, GraphError> {
        self.object(name)?.ok_or_else(|| self.missing(name))
    }

    /// The objects of an array that must be there and have 1 to `most` members.
    pub(crate) fn required_objects(&self, name: &str, most: usize) -> Result<Vec<Fields<'a>>, GraphError> {
        let value = self.required_value(name)?;
        let Value::Array(items) = value else {
            return Err(GraphError::explained(100, format!("{} must be an array", self.at(name))));
        };
        if items.is_empty() || items.len() > most {
            return Err(self.invalid(name, &format!("must have 1 to {most} members, has {}", items.len())));
        }
        let object = |(at, item): (usize, &'a Value)| match item {
            Value::Object(members) => Ok(Fields { members, path: format!("{}[{at}]", self.at(name)) }),
            _ => Err(GraphError::explained(100, format!("{}[{at}] must be an object", self.at(name)))),
        };
        items.iter().enumerate().map(object).collect()
    }

    /// An address on the web that must be there.
    pub(crate) fn required_url(&self, name: &str) -> Result<&'a str, GraphError> {
        let url = self.required_text(name, 2_000)?;
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        if rest.is_none_or(|rest| rest.is_empty() || rest.starts_with('/') || url.contains(char::is_whitespace)) {
            return Err(self.invalid(name, "must be a URL that begins with https:// or http://"));
        }
        Ok(url)
    }
}
