//! Message templates as Meta keeps them, and whether what fills one fits.
//!
//! Source: Meta's pages “Message templates” and “Components”. Placeholders are `{{1}}`, `{{2}}`, or `{{name}}`.

use serde::Deserialize;
use serde_json::Value;

/// A message template of an account.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct MessageTemplate {
    /// Its name.
    pub name: String,
    /// Its language, such as `id` or `en_US`.
    pub language: String,
    /// `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED` and others. Only an approved one can be sent.
    pub status: String,
    /// Why it is rejected, in Meta's word; `NONE` if it is not.
    pub rejected_reason: Option<String>,
    /// `UTILITY`, `AUTHENTICATION`, `MARKETING`.
    pub category: String,
    /// Its parts: each an object with a `type` such as `BODY`.
    pub components: Vec<Value>,
}

/// What fills a template does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("its {part} takes {} and is given {given}", parameters(*.takes))]
pub struct Misfit {
    /// `body` or `header`.
    pub part: &'static str,
    /// Parameters that it takes.
    pub takes: usize,
    /// Parameters that it is given.
    pub given: usize,
}

fn parameters(count: usize) -> String {
    if count == 1 { "1 parameter".to_owned() } else { format!("{count} parameters") }
}

impl MessageTemplate {
    /// Whether it can be sent, as far as Meta has told.
    pub fn is_approved(&self) -> bool {
        self.status == "APPROVED"
    }

    /// Whether it goes only to whom the business may write of its own accord: marketing, and whatever else Meta should
    /// think of. The other two answer what the customer wants.
    pub fn starts_something(&self) -> bool {
        !matches!(self.category.as_str(), "UTILITY" | "AUTHENTICATION")
    }

    /// Its body with placeholders; `None` where Meta words it itself.
    pub fn body(&self) -> Option<&str> {
        self.text_of("body")
    }

    /// Its body as the customer reads it with these components of the Cloud API.
    ///
    /// # Errors
    /// [`Misfit`] if body or header are given more or fewer parameters than they take.
    pub fn filled(&self, components: &[Value]) -> Result<String, Misfit> {
        for part in ["header", "body"] {
            let Some(text) = self.text_of(part) else { continue };
            let (takes, given) = (placeholders(text).len(), given(components, part).len());
            if takes != given {
                return Err(Misfit { part, takes, given });
            }
        }
        Ok(self.body().map(|body| fill(body, given(components, "body"))).unwrap_or_default())
    }

    fn text_of(&self, part: &str) -> Option<&str> {
        self.components.iter().find(|component| is(component, part))?["text"].as_str()
    }
}

fn is(component: &Value, part: &str) -> bool {
    component["type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case(part))
}

/// The parameters that a part is given.
fn given<'a>(components: &'a [Value], part: &str) -> &'a [Value] {
    let component = components.iter().find(|component| is(component, part));
    component.and_then(|component| component["parameters"].as_array()).map(Vec::as_slice).unwrap_or_default()
}

/// The placeholders of a text in their order, each once.
fn placeholders(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for part in text.split("{{").skip(1) {
        if let Some((name, _)) = part.split_once("}}")
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
    found
}

/// `text` with its placeholders filled: by name where parameters have one, else in their order.
fn fill(text: &str, parameters: &[Value]) -> String {
    let mut filled = text.to_owned();
    for (at, name) in placeholders(text).into_iter().enumerate() {
        let named = parameters.iter().find(|parameter| parameter["parameter_name"].as_str() == Some(name.trim()));
        if let Some(words) = named.or_else(|| parameters.get(at)).and_then(words_of) {
            filled = filled.replace(&format!("{{{{{name}}}}}"), words);
        }
    }
    filled
}

/// What a parameter puts in.
fn words_of(parameter: &Value) -> Option<&str> {
    let fallback = |kind: &str| parameter[kind]["fallback_value"].as_str();
    parameter["text"].as_str().or_else(|| fallback("currency")).or_else(|| fallback("date_time"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(components: Value) -> MessageTemplate {
        let components = serde_json::from_value(components).unwrap();
        MessageTemplate { name: "pesanan".to_owned(), components, ..MessageTemplate::default() }
    }

    fn body(parameters: Value) -> Vec<Value> {
        vec![json!({"type": "body", "parameters": parameters})]
    }

    #[test]
    fn its_body_is_filled_in_order_or_by_name() {
        let numbered = template(json!([{"type": "BODY", "text": "Halo Kak {{1}}, pesanan {{2}} ({{1}}) dikirim."}]));
        let given = body(json!([
            {"type": "text", "text": "Dewi"},
            {"type": "currency", "currency": {"fallback_value": "Rp10.000", "code": "IDR"}},
        ]));
        assert_eq!(numbered.filled(&given).unwrap(), "Halo Kak Dewi, pesanan Rp10.000 (Dewi) dikirim.");

        let named = template(json!([{"type": "BODY", "text": "Halo {{nama}}, potongan {{potongan}}."}]));
        let given = body(json!([
            {"type": "text", "parameter_name": "potongan", "text": "20%"},
            {"type": "text", "parameter_name": "nama", "text": "Dewi"},
        ]));
        assert_eq!(named.filled(&given).unwrap(), "Halo Dewi, potongan 20%.");
    }

    #[test]
    fn more_or_fewer_parameters_than_it_takes_do_not_fit() {
        let greeting = template(json!([{"type": "HEADER", "format": "TEXT", "text": "Halo"},
            {"type": "BODY", "text": "Halo Kak {{1}}."}]));
        let misfit = greeting.filled(&[]).unwrap_err();
        assert_eq!(misfit.to_string(), "its body takes 1 parameter and is given 0");
        let mut given = body(json!([{"type": "text", "text": "Dewi"}]));
        assert!(greeting.filled(&given).is_ok());
        given.push(json!({"type": "header", "parameters": [{"type": "text", "text": "x"}]}));
        assert_eq!(greeting.filled(&given).unwrap_err(), Misfit { part: "header", takes: 0, given: 1 });
    }

    #[test]
    fn what_meta_words_itself_is_not_counted() {
        let code = template(json!([{"type": "BODY", "add_security_recommendation": true}]));
        assert_eq!(code.filled(&body(json!([{"type": "text", "text": "123456"}]))).unwrap(), "");
    }

    #[test]
    fn what_nobody_knows_needs_consent() {
        let of = |category: &str| MessageTemplate { category: category.to_owned(), ..MessageTemplate::default() };
        let start = ["UTILITY", "AUTHENTICATION", "MARKETING", "TOMORROW"].map(|one| of(one).starts_something());
        assert_eq!(start, [false, false, true, true]);
    }
}
