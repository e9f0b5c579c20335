//! The open request, held against the one that was expected.

use serde_json::Value;

use super::words::has;
use crate::story::expect::RequestShape;

pub(super) fn request_fits(request: &Value, shape: &RequestShape) -> Result<(), String> {
    let named = [
        ("reason", &shape.reason),
        ("division", &shape.division),
        ("priority", &shape.priority),
        ("promised", &shape.promised),
    ];
    for (key, wanted) in named {
        if let Some(wanted) = wanted
            && request[key] != wanted.as_str()
        {
            return Err(format!("the request's {key} is {}, not `{wanted}`", request[key]));
        }
    }
    let summary = request["summary"].as_str().unwrap_or_default();
    if let Some(text) = shape.summary.0.iter().find(|text| !has(summary, text)) {
        return Err(format!("no “{text}” in the request's summary: “{summary}”"));
    }
    let facts = request["facts"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (name, text) in &shape.facts {
        let fits =
            |fact: &Value| fact["name"] == name.as_str() && has(fact["value"].as_str().unwrap_or_default(), text);
        if !facts.iter().any(fits) {
            return Err(format!("no fact `{name}` with “{text}”; the facts are {}", request["facts"]));
        }
    }
    Ok(())
}
