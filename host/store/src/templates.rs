//! Message templates that are not sent any more.

use santun_core::templates::{Stop, Stopped, TemplateName};
use santun_core::time::Timestamp;
use santun_core::webhook::TemplateUpdate;
use sqlx::Row as _;

use crate::error::StoreError;
use crate::events::NewEvent;
use crate::sqlite::{Connection, DbRow};
use crate::store::Store;

const STOPPED: &str =
    "SELECT account, name, language, stopped_at, code, why FROM templates WHERE stopped_at IS NOT NULL";

/// Whoever is stopped already stays so for the first reason.
const STOP: &str =
    "INSERT INTO templates (account, name, language, stopped_at, code, why) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (account, name, language) DO UPDATE
    SET stopped_at = excluded.stopped_at, code = excluded.code, why = excluded.why WHERE templates.stopped_at IS NULL";

const RELEASE: &str = "UPDATE templates SET stopped_at = NULL, code = NULL, why = ''
    WHERE account = $1 AND name = $2 AND language = $3 AND stopped_at IS NOT NULL";

/// A word of Meta's counts unless a later one has come before it.
const TOLD: &str =
    "INSERT INTO templates (account, name, language, told_at, stopped_at, why) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (account, name, language) DO UPDATE
    SET told_at = COALESCE(excluded.told_at, templates.told_at), stopped_at = excluded.stopped_at, code = NULL,
        why = excluded.why
    WHERE templates.told_at IS NULL OR excluded.told_at IS NULL OR excluded.told_at >= templates.told_at";

impl Store {
    /// The templates that are not sent any more.
    pub async fn templates_stopped(&self) -> Result<Stopped, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query(STOPPED).fetch_all(&mut *reader).await?;
        rows.iter().map(stopped).collect()
    }

    /// A template is not sent any more. Gives whether that is new.
    pub async fn template_stop(&self, template: TemplateName, stop: Stop) -> Result<bool, StoreError> {
        let event = event_of(&template, true, stop.since);
        let stopped = self.write(move |connection| {
            let (template, stop) = (template.clone(), stop.clone());
            Box::pin(async move {
                let query = sqlx::query(STOP).bind(template.account).bind(template.name).bind(template.language);
                let query = query.bind(stop.since.as_millis()).bind(stop.code).bind(stop.why);
                Ok(query.execute(connection).await?.rows_affected() > 0)
            })
        });
        let is_new = stopped.await?;
        if is_new {
            self.append_event(event).await?;
        }
        Ok(is_new)
    }

    /// A template is sent again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if it is not stopped.
    pub async fn template_release(&self, template: TemplateName) -> Result<(), StoreError> {
        let event = event_of(&template, false, self.inner.world.now());
        self.write(move |connection| {
            let template = template.clone();
            Box::pin(async move {
                let id = template.to_string();
                let query = sqlx::query(RELEASE).bind(template.account).bind(template.name).bind(template.language);
                match query.execute(connection).await?.rows_affected() {
                    0 => Err(StoreError::NotFound { what: "stopped template", id }),
                    _ => Ok(()),
                }
            })
        })
        .await?;
        self.append_event(event).await
    }
}

/// Takes down where a template stands by Meta's own word; gives what happened, or `None` if a later word has come before.
pub(crate) async fn told(
    connection: &mut Connection,
    told: &TemplateUpdate,
    arrived_at: Timestamp,
) -> Result<Option<NewEvent>, StoreError> {
    let TemplateUpdate { template, stopped, at } = told;
    let since = stopped.as_ref().map(|_| arrived_at.as_millis());
    let query = sqlx::query(TOLD).bind(template.account.clone()).bind(template.name.clone());
    let query = query.bind(template.language.clone()).bind(at.map(Timestamp::as_millis)).bind(since);
    let query = query.bind(stopped.clone().unwrap_or_default());
    let counts = query.execute(connection).await?.rows_affected() > 0;
    Ok(counts.then(|| event_of(template, stopped.is_some(), arrived_at)))
}

/// What the feed of events tells of it: a template's name is the business's own.
fn event_of(template: &TemplateName, stopped: bool, at: Timestamp) -> NewEvent {
    let body = serde_json::json!({ "template": template.name, "language": template.language, "stopped": stopped });
    NewEvent { kind: "template", conversation: None, at, body: body.to_string() }
}

fn stopped(row: &DbRow) -> Result<(TemplateName, Stop), StoreError> {
    let template = TemplateName { account: row.try_get(0)?, name: row.try_get(1)?, language: row.try_get(2)? };
    let since = Timestamp::from_millis(row.try_get(3)?);
    Ok((template, Stop { since, code: row.try_get(4)?, why: row.try_get(5)? }))
}
