//! Message templates: what a business may say without being written to first, once Meta has approved it.
//!
//! Source: Meta, "Message templates" and its pages on components, categories, quality and status webhooks.

mod definition;
mod fill;
mod seeds;

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::graph::error::GraphError;
use crate::graph::validate::Fields;
use crate::ids;
use definition::Definition;

/// The content of this name and language exists.
const EXISTS: u32 = 2_388_024;

/// What a template is for; it decides what it costs and who may get it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Category {
    Marketing,
    Utility,
    Authentication,
}

/// Where a template stands with Meta. Only an approved one can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum TemplateStatus {
    Approved,
    Pending,
    Rejected,
    Paused,
    Disabled,
    InAppeal,
    PendingDeletion,
    Archived,
}

/// How customers take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Quality {
    Unknown,
    Green,
    Yellow,
    Red,
}

/// A template.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    /// Digits.
    pub(crate) id: String,
    pub(crate) waba_id: String,
    pub(crate) name: String,
    pub(crate) language: String,
    pub(crate) category: Category,
    pub(crate) status: TemplateStatus,
    pub(crate) quality: Quality,
    /// When it was last rated. Seconds since the epoch.
    pub(crate) rated_at_s: i64,
    /// Why it was rejected.
    pub(crate) reason: Option<String>,
    /// As they were given.
    components: Value,
    definition: Definition,
}

/// A message made of a template.
#[derive(Clone, Debug)]
pub(crate) struct Filled {
    pub(crate) category: Category,
    /// What the customer sees: `header`, `body`, `footer`, `buttons`.
    pub(crate) shown: Value,
}

impl Template {
    /// As Graph shows it.
    pub(crate) fn view(&self) -> Value {
        let mut view = json!({
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "category": self.category,
            "status": self.status,
            "parameter_format": if self.definition.named { "NAMED" } else { "POSITIONAL" },
            "components": self.components,
            "quality_score": { "score": self.quality, "date": self.rated_at_s },
        });
        if let Some(reason) = &self.reason {
            view["rejected_reason"] = reason.as_str().into();
        }
        view
    }

    fn check_status(&self) -> Result<(), GraphError> {
        match self.status {
            TemplateStatus::Approved => Ok(()),
            TemplateStatus::Paused => Err(GraphError::explained(
                132_015,
                format!("Template {} is paused due to low quality so it cannot be sent", self.name),
            )),
            TemplateStatus::Disabled => Err(GraphError::explained(
                132_016,
                format!("Template {} has been paused too many times and is permanently disabled", self.name),
            )),
            _ => Err(GraphError::explained(
                132_001,
                format!("template name ({}) is not approved in {}", self.name, self.language),
            )),
        }
    }
}

/// All templates, of all accounts.
#[derive(Debug, Default)]
pub(crate) struct Templates {
    all: RwLock<Vec<Template>>,
}

impl Templates {
    /// Those that every account begins with.
    pub(crate) fn seeded<'a>(accounts: impl IntoIterator<Item = &'a str>, now_ms: i64) -> Self {
        let templates = Self::default();
        for account in accounts {
            for seed in seeds::all() {
                // Two numbers may share an account; what it has already is refused, as it should be.
                let _ = templates.add(account, &seed, TemplateStatus::Approved, now_ms);
            }
        }
        templates
    }

    /// Makes a template of an account. Errors as Graph words them.
    pub(crate) fn add(
        &self,
        waba_id: &str,
        body: &Value,
        status: TemplateStatus,
        now_ms: i64,
    ) -> Result<Template, GraphError> {
        let fields = Fields::root(body)?;
        let name = fields.required_text("name", 512)?;
        if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            return Err(definition::bad("name must be made of lower-case letters, digits and underscores"));
        }
        let language = fields.required_text("language", 16)?;
        let category = category(&fields)?;
        let definition = Definition::read(&fields, category, language)?;
        let template = Template {
            id: ids::media_id(),
            waba_id: waba_id.to_owned(),
            name: name.to_owned(),
            language: language.to_owned(),
            category,
            status,
            quality: Quality::Unknown,
            rated_at_s: now_ms / 1_000,
            reason: None,
            components: fields.required_value("components")?.clone(),
            definition,
        };
        let mut all = self.all.write();
        if all.iter().any(|one| one.waba_id == waba_id && one.name == name && one.language == language) {
            return Err(GraphError::bad_template(
                EXISTS,
                format!("Content in this language already exists: there is {language} content for {name} already"),
            ));
        }
        all.push(template.clone());
        Ok(template)
    }

    /// Gives a template other components or another category; it is reviewed again.
    pub(crate) fn edit(&self, id: &str, body: &Value) -> Result<Template, GraphError> {
        let fields = Fields::root(body)?;
        let mut all = self.all.write();
        let unknown = || GraphError::unknown_object("post", id);
        let template = all.iter_mut().find(|template| template.id == id).ok_or_else(unknown)?;
        let category = if fields.value("category").is_some() { category(&fields)? } else { template.category };
        if let Some(components) = fields.value("components") {
            template.definition = Definition::read(&fields, category, &template.language)?;
            template.components = components.clone();
        }
        template.category = category;
        template.status = TemplateStatus::Pending;
        Ok(template.clone())
    }

    /// Those of an account, in the order that they were made.
    pub(crate) fn of_account(&self, waba_id: &str) -> Vec<Template> {
        self.all.read().iter().filter(|template| template.waba_id == waba_id).cloned().collect()
    }

    /// All.
    pub(crate) fn all(&self) -> Vec<Template> {
        self.all.read().clone()
    }

    /// The one with this id.
    pub(crate) fn get(&self, id: &str) -> Option<Template> {
        self.all.read().iter().find(|template| template.id == id).cloned()
    }

    /// Changes where one stands.
    pub(crate) fn change(&self, id: &str, change: impl FnOnce(&mut Template)) -> Option<Template> {
        let mut all = self.all.write();
        let template = all.iter_mut().find(|template| template.id == id)?;
        change(template);
        Some(template.clone())
    }

    /// Forgets those of a name, in all languages, or the one with an id; returns them.
    pub(crate) fn remove(&self, waba_id: &str, name: &str, id: Option<&str>) -> Vec<Template> {
        let goes = |template: &Template| {
            template.waba_id == waba_id && template.name == name && id.is_none_or(|id| template.id == id)
        };
        let mut all = self.all.write();
        let gone = all.iter().filter(|template| goes(template)).cloned().collect();
        all.retain(|template| !goes(template));
        gone
    }

    /// The message that a valid template message makes. `content` is its member `template`.
    pub(crate) fn fill(&self, waba_id: &str, content: &Value) -> Result<Filled, GraphError> {
        let name = content["name"].as_str().unwrap_or_default();
        let language = content["language"]["code"].as_str().unwrap_or_default();
        let all = self.all.read();
        let named = |template: &&Template| template.waba_id == waba_id && template.name == name;
        let template = all.iter().filter(named).find(|template| template.language == language).ok_or_else(|| {
            GraphError::explained(132_001, format!("template name ({name}) does not exist in {language}"))
        })?;
        template.check_status()?;
        let shown = fill::fill(&template.definition, &content["components"])?;
        Ok(Filled { category: template.category, shown })
    }
}

fn category(fields: &Fields<'_>) -> Result<Category, GraphError> {
    match fields.required_text("category", 32)? {
        "MARKETING" => Ok(Category::Marketing),
        "UTILITY" => Ok(Category::Utility),
        "AUTHENTICATION" => Ok(Category::Authentication),
        _ => Err(definition::bad("category must be one of AUTHENTICATION, MARKETING, UTILITY")),
    }
}
