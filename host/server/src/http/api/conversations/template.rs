//! A message made of a template, which may be sent whenever the customer last wrote.

use axum::http::StatusCode;
use santun_core::bot::did_you_mean;
use santun_core::flow::Action;
use santun_core::ids::Purpose;
use santun_core::outgoing::{Outgoing, Template};
use santun_core::templates::TemplateName;
use santun_whatsapp::templates::MessageTemplate;
use serde_json::Value;

use super::acting::Acting;
use crate::http::api::{Problem, templates};
use crate::live::Live;

/// Names that are worth listing to somebody who has named none of them.
const NAMES: usize = 20;

/// What an agent asks to be sent.
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) language: String,
    pub(super) components: Vec<Value>,
    pub(super) purpose: Option<String>,
}

impl Wanted {
    /// What is to be done in the conversation, if there is such a template and Meta takes it.
    pub(super) async fn action(self, acting: &Acting) -> Result<Action, Problem> {
        let host = &acting.host;
        let live = templates::served(host)?;
        let channel = live.bot.channel(&acting.channel).ok_or_else(|| {
            Problem::invalid("bot.toml does not name this conversation's number any more: nothing can be sent over it")
        })?;
        templates::has_account(channel)?;
        let purpose = self.purpose(&live)?;
        let (account, name, language) = (channel.account().to_owned(), self.name.clone(), self.language.clone());
        if let Some(stop) = host.templates.stopped().why(&TemplateName { account, name, language }) {
            let message = format!("the template {} is {stop}", self.called());
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "template_stopped", message));
        }
        let remembered = host.templates_remembered(channel).and_then(|list| self.fit(&list).ok());
        let fit = match remembered {
            Some(fit) => fit,
            None => self.fit(&host.templates_now(&live, channel).await.map_err(templates::not_told)?)?,
        };
        if purpose.is_none() && fit.starts_something {
            let known: Vec<&str> = live.bot.purposes.keys().map(Purpose::as_str).collect();
            let known = if known.is_empty() { "bot.toml has none yet".to_owned() } else { known.join(", ") };
            return Err(Problem::invalid(format!(
                "the template {} is {}: say as `purpose` what the customer has agreed to ({known})",
                self.called(),
                fit.category
            )));
        }
        let Self { name, language, components, .. } = self;
        let content = Outgoing::Template(Template { name, language, components, text: fit.text });
        Ok(match purpose {
            Some(purpose) => Action::Start { content, purpose },
            None => Action::Reply(content),
        })
    }

    fn called(&self) -> String {
        format!("`{}` in `{}`", self.name, self.language)
    }

    /// The purpose that is named, if bot.toml has it.
    fn purpose(&self, live: &Live) -> Result<Option<Purpose>, Problem> {
        let Some(named) = &self.purpose else { return Ok(None) };
        let purpose = Purpose::from(named.as_str());
        if live.bot.purposes.contains_key(&purpose) {
            return Ok(Some(purpose));
        }
        let known: Vec<&str> = live.bot.purposes.keys().map(Purpose::as_str).collect();
        let hint = did_you_mean(named, &known);
        Err(Problem::invalid(format!("bot.toml has no `[purpose.{named}]`; {hint}")))
    }

    /// The template among those of the account, filled in.
    fn fit(&self, templates: &[MessageTemplate]) -> Result<Fit, Problem> {
        let same_name: Vec<_> = templates.iter().filter(|template| template.name == self.name).collect();
        let Some(template) = same_name.iter().find(|template| template.language == self.language) else {
            return Err(Problem::invalid(self.nearby(templates, &same_name)));
        };
        let called = self.called();
        if !template.is_approved() {
            let reason = templates::reason(template).map(|reason| format!(" ({reason})")).unwrap_or_default();
            let status = &template.status;
            return Err(Problem::invalid(format!(
                "the template {called} is {status}{reason}: only one that Meta has approved may be sent"
            )));
        }
        let text = template.filled(&self.components);
        let text = text.map_err(|misfit| Problem::invalid(format!("the template {called} does not fit: {misfit}")))?;
        Ok(Fit { text, starts_something: template.starts_something(), category: template.category.clone() })
    }

    /// What there is in place of a template that there is not.
    fn nearby(&self, templates: &[MessageTemplate], same_name: &[&MessageTemplate]) -> String {
        let Self { name, language, .. } = self;
        if !same_name.is_empty() {
            let known: Vec<&str> = same_name.iter().map(|template| template.language.as_str()).collect();
            return format!("the template `{name}` is not there in `{language}`, but in: {}", known.join(", "));
        }
        let mut known: Vec<&str> = templates.iter().map(|template| template.name.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        let hint = did_you_mean(name, &known);
        let hint = if known.len() > NAMES && !hint.contains('?') {
            "`santun template list` shows what there is".to_owned()
        } else {
            hint
        };
        format!("the account has no template `{name}`; {hint}")
    }
}

/// A template that may be sent, filled in.
struct Fit {
    text: String,
    starts_something: bool,
    category: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wanted(name: &str, language: &str) -> Wanted {
        let components = vec![json!({"type": "body", "parameters": [{"type": "text", "text": "Dewi"}]})];
        Wanted { name: name.to_owned(), language: language.to_owned(), components, purpose: None }
    }

    fn account() -> Vec<MessageTemplate> {
        let template = |name: &str, language: &str, status: &str| MessageTemplate {
            name: name.to_owned(),
            language: language.to_owned(),
            status: status.to_owned(),
            category: "UTILITY".to_owned(),
            components: vec![json!({"type": "BODY", "text": "Halo Kak {{1}}."})],
            ..MessageTemplate::default()
        };
        let mut rejected = template("ditolak", "id", "REJECTED");
        rejected.rejected_reason = Some("INVALID_FORMAT".to_owned());
        vec![template("salam", "id", "APPROVED"), template("salam", "en_US", "APPROVED"), rejected]
    }

    fn refusal(wanted: &Wanted) -> String {
        wanted.fit(&account()).map(|fit| fit.text).unwrap_err().message
    }

    #[test]
    fn what_is_there_and_fits_is_filled_in() {
        assert_eq!(wanted("salam", "id").fit(&account()).map(|fit| fit.text).unwrap(), "Halo Kak Dewi.");
    }

    #[test]
    fn what_is_not_there_or_does_not_fit_is_said_in_words() {
        assert_eq!(refusal(&wanted("salam", "fr")), "the template `salam` is not there in `fr`, but in: id, en_US");
        assert_eq!(refusal(&wanted("salm", "id")), "the account has no template `salm`; did you mean `salam`?");
        assert_eq!(
            refusal(&wanted("sesuatu_lain", "id")),
            "the account has no template `sesuatu_lain`; known are ditolak, salam"
        );
        assert_eq!(
            refusal(&wanted("ditolak", "id")),
            "the template `ditolak` in `id` is REJECTED (INVALID_FORMAT): only one that Meta has approved may be sent"
        );
        let empty = Wanted { components: Vec::new(), ..wanted("salam", "id") };
        assert_eq!(
            refusal(&empty),
            "the template `salam` in `id` does not fit: its body takes 1 parameter and is given 0"
        );
    }
}
