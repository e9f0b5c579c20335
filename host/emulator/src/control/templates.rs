//! `/emulator/v1/templates`: being Meta's reviewer, who approves, rejects, pauses and rates templates.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::{Body, ControlError};
use crate::emulator::Emulator;
use crate::graph::tell_status;
use crate::templates::{Category, Quality, Template, TemplateStatus};

/// All templates, of all accounts.
pub(super) async fn list(State(emulator): State<Arc<Emulator>>) -> Json<Value> {
    let all: Vec<_> = emulator.templates.all().iter().map(view).collect();
    Json(json!({ "templates": all }))
}

fn view(template: &Template) -> Value {
    let mut view = template.view();
    view["waba_id"] = template.waba_id.as_str().into();
    view
}

/// Makes a template that is approved at once, as if it had always been there: no webhook. The body is that of Graph's
/// own call, and perhaps `waba_id`.
pub(super) async fn add(
    State(emulator): State<Arc<Emulator>>,
    Body(body): Body<Value>,
) -> Result<(StatusCode, Json<Value>), ControlError> {
    let waba_id = body["waba_id"].as_str().unwrap_or(&emulator.number(0).waba_id);
    if !emulator.settings.numbers.iter().any(|number| number.waba_id == waba_id) {
        return Err(ControlError::Unknown("account"));
    }
    let made = emulator.templates.add(waba_id, &body, TemplateStatus::Approved, emulator.clock.now_ms());
    let made = made.map_err(|error| ControlError::Invalid(error.sentence().to_owned()))?;
    emulator.tell_world();
    Ok((StatusCode::CREATED, Json(view(&made))))
}

/// What happens to a template. Source: Meta's reference of the webhook `message_template_status_update`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Event {
    Approved,
    Rejected,
    Pending,
    Flagged,
    Paused,
    Unpaused,
    Disabled,
    Reinstated,
    InAppeal,
    Locked,
    Unlocked,
    Archived,
    Unarchived,
    LimitExceeded,
}

impl Event {
    /// Where the template stands after it; `None`: where it stood.
    fn status(self) -> Option<TemplateStatus> {
        Some(match self {
            Self::Approved | Self::Unpaused | Self::Reinstated | Self::Unarchived => TemplateStatus::Approved,
            Self::Rejected => TemplateStatus::Rejected,
            Self::Pending => TemplateStatus::Pending,
            Self::Paused => TemplateStatus::Paused,
            Self::Disabled => TemplateStatus::Disabled,
            Self::InAppeal => TemplateStatus::InAppeal,
            Self::Archived => TemplateStatus::Archived,
            Self::Flagged | Self::Locked | Self::Unlocked | Self::LimitExceeded => return None,
        })
    }

    /// The name that the webhook has for it.
    fn name(self) -> Value {
        // It has none of its own for the end of a pause, and tells that as an approval.
        if self == Self::Unpaused { "APPROVED".into() } else { json!(self) }
    }
}

/// A ruling.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ruling {
    event: Option<Event>,
    /// Why it is rejected, such as `INVALID_FORMAT`.
    reason: Option<String>,
    quality: Option<Quality>,
    category: Option<Category>,
}

/// Rules on a template and tells the host: one webhook for each member.
pub(super) async fn rule(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
    Body(ruling): Body<Ruling>,
) -> Result<Json<Value>, ControlError> {
    if ruling.event.is_none() && ruling.quality.is_none() && ruling.category.is_none() {
        return Err(ControlError::Invalid("say what happens: `event`, `quality` or `category`".into()));
    }
    let before = emulator.templates.get(&id).ok_or(ControlError::Unknown("template"))?;
    let after = emulator.templates.change(&id, |template| {
        if let Some(event) = ruling.event {
            template.status = event.status().unwrap_or(template.status);
            template.reason = if event == Event::Rejected {
                Some(ruling.reason.clone().unwrap_or_else(|| "INVALID_FORMAT".into()))
            } else {
                None
            };
        }
        if let Some(quality) = ruling.quality {
            template.quality = quality;
            template.rated_at_s = emulator.clock.now_ms() / 1_000;
        }
        template.category = ruling.category.unwrap_or(template.category);
    });
    let after = after.ok_or(ControlError::Unknown("template"))?;
    if let Some(event) = ruling.event {
        let name = event.name();
        tell_status(&emulator, &after, name.as_str().unwrap_or_default(), &explained(event, &emulator));
    }
    tell_changes(&emulator, &before, &after);
    emulator.tell_world();
    Ok(Json(view(&after)))
}

/// What some events carry besides.
fn explained(event: Event, emulator: &Emulator) -> Value {
    let titled =
        |title: &str, description: &str| json!({ "other_info": { "title": title, "description": description } });
    match event {
        Event::Paused => {
            titled("FIRST_PAUSE", "Your WhatsApp message template has been paused for 3 hours because it had issues.")
        }
        Event::Unpaused => titled("UNPAUSE", "Your WhatsApp message template has been unpaused."),
        Event::Disabled => json!({ "disable_info": { "disable_date": emulator.clock.now_ms() / 1_000 } }),
        Event::Rejected => json!({ "rejection_info": {
            "reason": "The template does not follow WhatsApp's guidelines.",
            "recommendation": "Edit the template and send it for review again.",
        } }),
        _ => Value::Null,
    }
}

fn tell_changes(emulator: &Emulator, before: &Template, after: &Template) {
    let told = |extra: Value| {
        let mut value = json!({
            "message_template_id": after.id.parse::<u64>().unwrap_or_default(),
            "message_template_name": after.name,
            "message_template_language": after.language,
        });
        if let (Value::Object(value), Value::Object(extra)) = (&mut value, extra) {
            value.extend(extra);
        }
        value
    };
    if before.quality != after.quality {
        let value = told(json!({ "previous_quality_score": before.quality, "new_quality_score": after.quality }));
        emulator.tell_account(&after.waba_id, "message_template_quality_update", &value);
    }
    if before.category != after.category {
        let value = told(json!({ "previous_category": before.category, "new_category": after.category }));
        emulator.tell_account(&after.waba_id, "template_category_update", &value);
    }
}

/// Forgets a template without a word to the host.
pub(super) async fn remove(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
) -> Result<StatusCode, ControlError> {
    let template = emulator.templates.get(&id).ok_or(ControlError::Unknown("template"))?;
    emulator.templates.remove(&template.waba_id, &template.name, Some(&id));
    emulator.tell_world();
    Ok(StatusCode::NO_CONTENT)
}
