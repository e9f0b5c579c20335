//! What a template consists of, read from its components.

use crate::graph::error::GraphError;
use crate::graph::validate::Fields;
use crate::media::MediaKind;

use super::Category;

/// A component is missing something or is not as it must be.
const MALFORMED: u32 = 2_388_043;
/// A variable at the beginning or the end of a text.
const AT_THE_EDGE: u32 = 2_388_299;

/// A template's parts.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) header: Option<Header>,
    pub(super) body: Text,
    pub(super) footer: Option<String>,
    pub(super) buttons: Vec<Button>,
    /// Whether variables have names rather than numbers.
    pub(super) named: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Header {
    Text(Text),
    Media(MediaKind),
    Location,
}

/// A text with variables: `{{1}}`, `{{2}}`, or `{{name}}`.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) text: String,
    /// In order, each once.
    pub(super) variables: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Button {
    pub(super) title: String,
    pub(super) action: Action,
}

/// What a button does.
#[derive(Clone, Debug)]
pub(super) enum Action {
    QuickReply,
    Url(Text),
    Phone(String),
    CopyCode,
    /// A one-time password: it is copied or filled in.
    Otp,
    Flow,
    /// Another kind, which takes no parameters here.
    Other,
}

/// The error that a template is not as it must be.
pub(super) fn bad(details: impl Into<String>) -> GraphError {
    GraphError::bad_template(MALFORMED, details)
}

impl Definition {
    /// Reads `components` and `parameter_format`.
    pub(super) fn read(fields: &Fields<'_>, category: Category, language: &str) -> Result<Self, GraphError> {
        let worded = |error: GraphError| bad(error.sentence());
        let components = fields.required_objects("components", 10).map_err(worded)?;
        let mut definition =
            Self { header: None, body: Text::default(), footer: None, buttons: Vec::new(), named: false };
        for component in &components {
            let kind = component.required_text("type", 32).map_err(worded)?.to_ascii_uppercase();
            match kind.as_str() {
                "HEADER" => definition.header = Some(header(component).map_err(worded)?),
                "BODY" if category == Category::Authentication => definition.body = code_text(language),
                "BODY" => definition.body = body(component)?,
                "FOOTER" => definition.footer = component.text_up_to("text", 60).map_err(worded)?.map(str::to_owned),
                "BUTTONS" => {
                    let buttons = component.required_objects("buttons", 10).map_err(worded)?;
                    definition.buttons = buttons.iter().map(button).collect::<Result<_, _>>().map_err(worded)?;
                }
                "LIMITED_TIME_OFFER" | "CAROUSEL" | "CALL_PERMISSION_REQUEST" => {}
                _ => return Err(bad("component type must be one of HEADER, BODY, FOOTER, BUTTONS")),
            }
        }
        if definition.body.text.is_empty() {
            return Err(bad("A template needs a component of type BODY with a text"));
        }
        definition.named = match fields.text("parameter_format").map_err(worded)? {
            Some(format) => format.eq_ignore_ascii_case("named"),
            None => definition.body.variables.iter().any(|name| name.parse::<u32>().is_err()),
        };
        definition.check_variables()?;
        Ok(definition)
    }

    fn check_variables(&self) -> Result<(), GraphError> {
        let header = match &self.header {
            Some(Header::Text(text)) => Some(text),
            _ => None,
        };
        for text in header.into_iter().chain([&self.body]) {
            for (at, name) in text.variables.iter().enumerate() {
                let right = if self.named {
                    name.starts_with(|c: char| c.is_ascii_lowercase())
                        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
                } else {
                    *name == (at + 1).to_string()
                };
                if !right {
                    let must = if self.named { "lower-case names" } else { "numbers from 1 without gaps" };
                    return Err(bad(format!("Variables must be {must}; found {{{{{name}}}}}")));
                }
            }
        }
        Ok(())
    }
}

fn header(component: &Fields<'_>) -> Result<Header, GraphError> {
    let format = component.required_text("format", 16)?;
    match format.to_ascii_uppercase().as_str() {
        "TEXT" => {
            let text = Text::read(component.required_text("text", 60)?)?;
            if text.variables.len() > 1 {
                return Err(bad("A header takes one variable at most"));
            }
            Ok(Header::Text(text))
        }
        "IMAGE" => Ok(Header::Media(MediaKind::Image)),
        "VIDEO" => Ok(Header::Media(MediaKind::Video)),
        "DOCUMENT" => Ok(Header::Media(MediaKind::Document)),
        "LOCATION" => Ok(Header::Location),
        _ => Err(bad("format must be one of TEXT, IMAGE, VIDEO, DOCUMENT, LOCATION")),
    }
}

fn body(component: &Fields<'_>) -> Result<Text, GraphError> {
    let text = component.required_text("text", 1_024).map_err(|error| bad(error.sentence()))?;
    if text.trim().starts_with("{{") || text.trim().ends_with("}}") {
        return Err(GraphError::bad_template(AT_THE_EDGE, "Variables can't be at the start or end of the template"));
    }
    let text = Text::read(text)?;
    let example = component.value("example").is_some();
    if !text.variables.is_empty() && !example {
        return Err(bad("A body with variables needs an example: body_text or body_text_named_params"));
    }
    Ok(text)
}

/// The words that Meta has fixed for codes.
fn code_text(language: &str) -> Text {
    let text = if language.starts_with("id") {
        "*{{1}}* adalah kode verifikasi Anda. Demi keamanan, jangan bagikan kode ini."
    } else {
        "*{{1}}* is your verification code. For your security, do not share this code."
    };
    Text { text: text.into(), variables: vec!["1".into()] }
}

fn button(button: &Fields<'_>) -> Result<Button, GraphError> {
    let kind = button.required_text("type", 32)?.to_ascii_uppercase();
    let action = match kind.as_str() {
        "QUICK_REPLY" => Action::QuickReply,
        "URL" => Action::Url(Text::read(button.required_text("url", 2_000)?)?),
        "PHONE_NUMBER" => Action::Phone(button.required_text("phone_number", 20)?.to_owned()),
        "COPY_CODE" => Action::CopyCode,
        "OTP" => Action::Otp,
        "FLOW" => Action::Flow,
        "CATALOG" | "MPM" | "SPM" | "VOICE_CALL" => Action::Other,
        _ => {
            return Err(bad(
                "button type must be one of QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE, OTP, FLOW, CATALOG",
            ));
        }
    };
    let title = match action {
        // Their titles are Meta's, unless given.
        Action::CopyCode | Action::Otp => button.text_up_to("text", 25)?.unwrap_or("Copy code"),
        _ => button.required_text("text", 25)?,
    };
    Ok(Button { title: title.to_owned(), action })
}

impl Text {
    /// Finds the variables.
    fn read(text: &str) -> Result<Self, GraphError> {
        let mut variables: Vec<String> = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            let Some((name, after)) = rest[at + 2..].split_once("}}") else {
                return Err(bad("A variable begins with {{ and never ends with }}"));
            };
            let name = name.trim();
            if name.is_empty() {
                return Err(bad("A variable has neither number nor name"));
            }
            if !variables.iter().any(|known| known == name) {
                variables.push(name.to_owned());
            }
            rest = after;
        }
        Ok(Self { text: text.to_owned(), variables })
    }

    /// The text with each variable's value; `value` gets its place and its name.
    pub(super) fn with(&self, value: impl Fn(usize, &str) -> String) -> String {
        let (mut filled, mut rest) = (String::with_capacity(self.text.len()), self.text.as_str());
        while let Some(at) = rest.find("{{") {
            let Some((name, after)) = rest[at + 2..].split_once("}}") else { break };
            let name = name.trim();
            let place = self.variables.iter().position(|known| known == name).unwrap_or_default();
            filled.push_str(&rest[..at]);
            filled.push_str(&value(place, name));
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}
