//! `/{version}/{waba_id}/message_templates` and `POST /{version}/{template_id}`.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::emulator::Emulator;
use crate::graph::error::GraphError;
use crate::templates::{Template, TemplateStatus};
use crate::webhook::{Place, Update};

/// The most templates on a page, unless asked for fewer.
const PAGE: usize = 100;

/// Which templates are asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Question {
    name: Option<String>,
    /// A part of the name or of the content.
    name_or_content: Option<String>,
    content: Option<String>,
    language: Option<String>,
    status: Option<String>,
    category: Option<String>,
    quality_score: Option<String>,
    fields: Option<String>,
    summary: Option<String>,
    limit: Option<usize>,
    /// The cursor of the page before.
    after: Option<String>,
    /// Of a deletion: which language's.
    hsm_id: Option<String>,
}

impl Question {
    fn asks_for(&self, template: &Template, view: &Value) -> bool {
        let same = |asked: &Option<String>, member: &Value| {
            asked.as_deref().is_none_or(|asked| {
                let is = |one: &str| member.as_str().is_some_and(|member| member.eq_ignore_ascii_case(one.trim()));
                asked.trim_matches(['[', ']']).split(',').any(|one| is(one.trim().trim_matches('"')))
            })
        };
        let holds = |asked: &Option<String>, text: &str| asked.as_deref().is_none_or(|asked| text.contains(asked));
        let content = view["components"].to_string();
        same(&self.language, &view["language"])
            && same(&self.status, &view["status"])
            && same(&self.category, &view["category"])
            && same(&self.quality_score, &view["quality_score"]["score"])
            && holds(&self.name, &template.name)
            && holds(&self.content, &content)
            && self
                .name_or_content
                .as_deref()
                .is_none_or(|asked| template.name.contains(asked) || content.contains(asked))
    }

    /// Only what was asked for; the id always.
    fn narrow(&self, view: Value) -> Value {
        let (Some(fields), Value::Object(members)) = (&self.fields, &view) else { return view };
        let asked: Vec<_> = fields.split(',').map(str::trim).collect();
        let keep = |name: &&String| asked.contains(&name.as_str()) || name.as_str() == "id";
        let kept = members.keys().filter(keep).map(|name| (name.clone(), members[name].clone()));
        Value::Object(kept.collect::<Map<_, _>>())
    }
}

/// Those of an account, a page at a time.
pub(super) async fn list(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    Query(question): Query<Question>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    emulator.check_account("get", &id)?;
    let found: Vec<_> = emulator
        .templates
        .of_account(&id)
        .iter()
        .map(|template| (template, template.view()))
        .filter(|(template, view)| question.asks_for(template, view))
        .map(|(_, view)| view)
        .collect();
    let from = question.after.as_deref().and_then(|after| after.parse::<usize>().ok()).unwrap_or_default();
    let most = question.limit.unwrap_or(PAGE).clamp(1, 1_000);
    let to = found.len().min(from.saturating_add(most));
    let page: Vec<_> =
        found.get(from..to).unwrap_or_default().iter().cloned().map(|one| question.narrow(one)).collect();
    let mut answer = json!({ "data": page });
    if !page.is_empty() {
        answer["paging"] = json!({ "cursors": { "before": from.to_string(), "after": to.to_string() } });
    }
    if question.summary.is_some() {
        answer["summary"] = json!({
            "total_count": found.len(),
            "message_template_count": emulator.templates.of_account(&id).len(),
            "message_template_limit": 250,
            "are_translations_complete": false,
        });
    }
    if to < found.len() {
        let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        let next = format!("http://{host}/{version}/{id}/message_templates?limit={most}&after={to}");
        answer["paging"]["next"] = next.into();
    }
    Ok(Json(answer))
}

/// Makes one; it waits for review.
pub(super) async fn create(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    emulator.check_account("post", &id)?;
    let made = emulator.templates.add(&id, &json_body(body)?, TemplateStatus::Pending, emulator.clock.now_ms())?;
    emulator.tell_world();
    Ok(Json(json!({ "id": made.id, "status": made.status, "category": made.category })))
}

/// Edits one; it is reviewed again.
pub(super) async fn edit(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    let edited = emulator.templates.edit(&id, &json_body(body)?)?;
    emulator.tell_world();
    Ok(Json(json!({ "success": true, "id": edited.id, "name": edited.name, "category": edited.category })))
}

fn json_body(body: Result<Json<Value>, JsonRejection>) -> Result<Value, GraphError> {
    body.map(|Json(body)| body).map_err(|_| GraphError::explained(100, "The body must be a JSON object"))
}

/// Deletes those of a name, in all languages unless `hsm_id` names one.
pub(super) async fn delete(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    Query(question): Query<Question>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    emulator.check_account("delete", &id)?;
    let name = question.name.as_deref().ok_or_else(|| GraphError::required("name"))?;
    let gone = emulator.templates.remove(&id, name, question.hsm_id.as_deref());
    if gone.is_empty() {
        return Err(GraphError::bad_template(2_593_002, "Message Template Not Found: there is none of this name"));
    }
    for template in &gone {
        tell_status(&emulator, template, "PENDING_DELETION", &Value::Null);
    }
    emulator.tell_world();
    Ok(Json(json!({ "success": true })))
}

/// Tells the host in the field `message_template_status_update`. Source: Meta's reference of that webhook.
pub(crate) fn tell_status(emulator: &Emulator, template: &Template, event: &str, extra: &Value) {
    // Its reference: the reason is null for a template that goes, and NONE where there is nothing to say.
    let reason = match event {
        "PENDING_DELETION" | "DELETED" => Value::Null,
        _ => template.reason.as_deref().unwrap_or("NONE").into(),
    };
    let mut value = json!({
        "event": event,
        "message_template_id": template.id.parse::<u64>().unwrap_or_default(),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "message_template_category": template.category,
        "reason": reason,
    });
    if let (Value::Object(value), Value::Object(extra)) = (&mut value, extra) {
        value.extend(extra.clone());
    }
    emulator.tell_account(&template.waba_id, "message_template_status_update", &value);
}

impl Emulator {
    /// Tells the host something about an account.
    pub(crate) fn tell_account(&self, waba_id: &str, field: &'static str, value: &Value) {
        let Some(number) = self.settings.numbers.iter().position(|number| number.waba_id == waba_id) else { return };
        let update = Update { number, place: Place::Account(field), contact: None, json: value.to_string() };
        self.outbound.push(waba_id, [update]);
    }
}
