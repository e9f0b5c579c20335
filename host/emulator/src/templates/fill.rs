//! Filling in a template's variables, with the errors that WhatsApp gives for what does not fit.

use serde_json::{Map, Value, json};

use super::definition::{Action, Button, Definition, Header, Text};
use crate::graph::error::GraphError;

/// The most characters of a filled body.
const BODY: usize = 1_024;
/// The most characters of a filled header.
const HEADER: usize = 60;

/// What the customer sees. `components` are those of the message, in valid form, or null.
pub(super) fn fill(definition: &Definition, components: &Value) -> Result<Value, GraphError> {
    let components = components.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut shown = Map::new();
    if let Some(header) = header(definition, parameters(components, "header"))? {
        shown.insert("header".into(), header);
    }
    let body = text("body", &definition.body, definition.named, parameters(components, "body"), BODY)?;
    shown.insert("body".into(), body.into());
    if let Some(footer) = &definition.footer {
        shown.insert("footer".into(), footer.as_str().into());
    }
    let buttons = buttons(&definition.buttons, components)?;
    if !buttons.is_empty() {
        shown.insert("buttons".into(), buttons.into());
    }
    Ok(Value::Object(shown))
}

/// The parameters of the component of this type.
fn parameters<'a>(components: &'a [Value], kind: &str) -> &'a [Value] {
    let is = |component: &&Value| component["type"].as_str().is_some_and(|one| one.eq_ignore_ascii_case(kind));
    components.iter().find(is).map(parameters_of).unwrap_or_default()
}

fn parameters_of(component: &Value) -> &[Value] {
    component["parameters"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn kind_of(parameter: &Value) -> String {
    parameter["type"].as_str().unwrap_or("unknown").to_ascii_uppercase()
}

fn count(place: &str, given: usize, expected: usize) -> Result<(), GraphError> {
    if given == expected {
        return Ok(());
    }
    Err(GraphError::explained(
        132_000,
        format!(
            "{place}: number of localizable_params ({given}) does not match the expected number of params ({expected})"
        ),
    ))
}

fn mismatch(place: &str, expected: &str, parameter: &Value) -> GraphError {
    let received = kind_of(parameter);
    GraphError::explained(132_012, format!("{place}: Format mismatch, expected {expected}, received {received}"))
}

fn header(definition: &Definition, given: &[Value]) -> Result<Option<Value>, GraphError> {
    let media = |name: &str| {
        count("header", given.len(), 1)?;
        let (parameter, expected) = (&given[0], name.to_ascii_uppercase());
        if kind_of(parameter) != expected {
            return Err(mismatch("header", &expected, parameter));
        }
        Ok(Some(json!({ "type": name, name: parameter[name] })))
    };
    match &definition.header {
        None => count("header", given.len(), 0).map(|()| None),
        Some(Header::Text(part)) => {
            let text = text("header", part, definition.named, given, HEADER)?;
            Ok(Some(json!({ "type": "text", "text": text })))
        }
        Some(Header::Media(kind)) => media(kind.name()),
        Some(Header::Location) => {
            count("header", given.len(), 1)?;
            match kind_of(&given[0]).as_str() {
                "LOCATION" => Ok(Some(json!({ "type": "location", "location": given[0]["location"] }))),
                _ => Err(mismatch("header", "LOCATION", &given[0])),
            }
        }
    }
}

fn text(place: &str, text: &Text, named: bool, given: &[Value], most: usize) -> Result<String, GraphError> {
    count(place, given.len(), text.variables.len())?;
    let mut values = Vec::with_capacity(given.len());
    for (at, name) in text.variables.iter().enumerate() {
        let parameter = if named {
            let is = |parameter: &&Value| parameter["parameter_name"].as_str() == Some(name);
            given.iter().find(is).ok_or_else(|| {
                GraphError::explained(132_000, format!("{place}: no parameter has the parameter_name {name}"))
            })?
        } else {
            &given[at]
        };
        values.push(value(place, parameter)?);
    }
    let filled = text.with(|at, _| values[at].clone());
    if filled.chars().count() > most {
        return Err(GraphError::explained(
            132_005,
            format!("{place}: Translated text too long: at most {most} characters"),
        ));
    }
    Ok(filled)
}

fn value(place: &str, parameter: &Value) -> Result<String, GraphError> {
    let text = match kind_of(parameter).as_str() {
        "TEXT" => match &parameter["text"] {
            Value::String(text) => text.clone(),
            // Meta's own examples have booleans and numbers here.
            other => other.to_string(),
        },
        "CURRENCY" => parameter["currency"]["fallback_value"].as_str().unwrap_or_default().to_owned(),
        "DATE_TIME" => parameter["date_time"]["fallback_value"].as_str().unwrap_or_default().to_owned(),
        _ => return Err(mismatch(place, "TEXT", parameter)),
    };
    if text.contains(['\n', '\t', '\r']) || text.contains("     ") {
        return Err(GraphError::explained(
            100,
            "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
        ));
    }
    Ok(text)
}

fn index_of(component: &Value) -> Option<usize> {
    match &component["index"] {
        Value::String(text) => text.parse().ok(),
        number => usize::try_from(number.as_u64()?).ok(),
    }
}

fn buttons(defined: &[Button], components: &[Value]) -> Result<Vec<Value>, GraphError> {
    let is_button = |one: &&Value| one["type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("button"));
    let given: Vec<_> = components.iter().filter(is_button).collect();
    for component in &given {
        let at = index_of(component).unwrap_or(usize::MAX);
        if at >= defined.len() {
            return Err(GraphError::explained(131_009, format!("buttons: Button at index {at} doesn't exist")));
        }
    }
    let show = |(at, button): (usize, &Button)| {
        let component = given.iter().find(|component| index_of(component) == Some(at));
        show(at, button, component.copied())
    };
    defined.iter().enumerate().map(show).collect()
}

fn show(at: usize, button: &Button, component: Option<&Value>) -> Result<Value, GraphError> {
    let parameter = component.and_then(|component| parameters_of(component).first());
    let (kind, sub_type) = match button.action {
        Action::QuickReply => ("quick_reply", "quick_reply"),
        Action::Url(_) => ("url", "url"),
        Action::Phone(_) => ("phone_number", "voice_call"),
        Action::CopyCode => ("copy_code", "copy_code"),
        Action::Otp => ("otp", "url"),
        Action::Flow => ("flow", "flow"),
        Action::Other => ("other", ""),
    };
    let found = component.and_then(|component| component["sub_type"].as_str());
    if let Some(found) = found.filter(|found| !sub_type.is_empty() && !found.eq_ignore_ascii_case(sub_type)) {
        let details = format!("buttons: Button at index {at} is of type {kind}, not {found}");
        return Err(GraphError::explained(132_012, details));
    }
    let needed = |name: &str| {
        let text = parameter.and_then(|parameter| parameter[name].as_str()).filter(|text| !text.is_empty());
        let missing = || {
            GraphError::explained(131_008, format!("buttons: Button at index {at} of type {kind} requires a parameter"))
        };
        text.map(str::to_owned).ok_or_else(missing)
    };
    let mut shown = json!({ "type": kind, "title": button.title });
    match &button.action {
        Action::QuickReply => {
            let payload = parameter.and_then(|parameter| parameter["payload"].as_str());
            shown["id"] = payload.unwrap_or(&button.title).into();
        }
        Action::Url(url) if url.variables.is_empty() => {
            count(&format!("buttons: Button at index {at}"), usize::from(parameter.is_some()), 0)?;
            shown["url"] = url.text.as_str().into();
        }
        Action::Url(url) => {
            let suffix = needed("text")?;
            shown["url"] = url.with(|_, _| suffix.clone()).into();
        }
        Action::Phone(phone) => shown["phone_number"] = phone.as_str().into(),
        Action::CopyCode => shown["code"] = needed("coupon_code")?.into(),
        Action::Otp => shown["code"] = needed("text")?.into(),
        Action::Flow | Action::Other => {}
    }
    Ok(shown)
}
