//! Customers and chat entries as the control API shows them.

use serde_json::{Map, Value, json};

use super::customer_message::Content;
use crate::chat::Entry;
use crate::customers::Customer;
use crate::emulator::Emulator;

/// A customer, with the newest entry of each chat.
pub(super) fn customer(emulator: &Emulator, customer: &Customer) -> Value {
    let state = customer.lock();
    let chats = state.chats.iter().zip(&emulator.settings.numbers).map(|(chat, number)| {
        json!({
            "phone_number_id": number.phone_number_id,
            "last": chat.last().map(entry),
            "last_seq": chat.last_seq(),
        })
    });
    let mut view = json!({ "id": customer.id, "chats": chats.collect::<Vec<_>>() });
    if let Some(marketing) = state.marketing {
        view["marketing"] = json!(marketing);
    }
    if let (Value::Object(view), Ok(Value::Object(profile))) = (&mut view, serde_json::to_value(&state.profile)) {
        view.extend(profile);
    }
    view
}

/// An entry of a chat.
pub(super) fn entry(entry: &Entry) -> Value {
    let message: Value = serde_json::from_str(&entry.message).unwrap_or_default();
    let mut view = json!({
        "seq": entry.seq,
        "version": entry.version,
        "wamid": entry.wamid,
        "from": entry.side,
        "at_ms": entry.at_ms,
        "status": entry.status,
    });
    if let Value::Object(view) = &mut view {
        describe(view, &message);
        if let Some(callback) = &entry.callback {
            view.insert("biz_opaque_callback_data".into(), callback.as_ref().into());
        }
        if let Some(text) = &entry.edited {
            view.insert("text".into(), text.as_ref().into());
            view.insert("edited".into(), true.into());
        }
        if entry.revoked {
            view.insert("revoked".into(), true.into());
        }
        if let Some(reaction) = &entry.reaction {
            view.insert("reacted".into(), reaction.as_ref().into());
        }
    }
    view
}

fn describe(view: &mut Map<String, Value>, message: &Value) {
    let kind = message["type"].as_str().unwrap_or("preference");
    let content = &message[kind];
    if let Some(quoted) = message["context"]["id"].as_str() {
        view.insert("reply_to".into(), quoted.into());
    }
    let (kind, text) = match kind {
        "text" => ("text", content["body"].as_str()),
        "interactive" => {
            view.extend(interactive(content));
            (interactive_kind(content), interactive_text(content))
        }
        "button" => ("button_reply", content["text"].as_str()),
        "image" | "video" | "audio" | "document" | "sticker" => {
            view.insert("media".into(), content.clone());
            let voice = content["voice"] == true;
            (if voice { "voice" } else { kind }, content["caption"].as_str())
        }
        "reaction" => {
            view.insert("reaction".into(), content.clone());
            (kind, content["emoji"].as_str())
        }
        "system" => (kind, content["body"].as_str()),
        "template" => {
            view.insert("template".into(), content.clone());
            let shown = &message["shown"];
            for part in ["header", "footer"] {
                if let Some(value) = shown.get(part) {
                    view.insert(part.into(), value.clone());
                }
            }
            let links: Vec<_> =
                items(&shown["buttons"]).into_iter().filter(|button| button["type"] != "quick_reply").collect();
            if !links.is_empty() {
                view.insert("links".into(), links.into());
            }
            (kind, shown["body"].as_str().or(content["name"].as_str()))
        }
        "preference" => (kind, message["detail"].as_str()),
        other => {
            view.insert(other.into(), content.clone());
            (other, None)
        }
    };
    view.insert("kind".into(), kind.into());
    if let Some(text) = text {
        view.insert("text".into(), text.into());
    }
    let choices = choices_in(message);
    let of = |place: Place| -> Vec<Value> { choices.iter().filter(|c| c.place == place).map(Choice::view).collect() };
    for (name, shown) in [("buttons", [of(Place::Button), of(Place::Template)].concat()), ("rows", of(Place::Row))] {
        if !shown.is_empty() {
            view.insert(name.into(), shown.into());
        }
    }
}

fn items(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn interactive_kind(content: &Value) -> &str {
    match content["type"].as_str().unwrap_or_default() {
        "button" => "buttons",
        "cta_url" => "link",
        "nfm_reply" => "form_reply",
        other => other,
    }
}

fn interactive_text(content: &Value) -> Option<&str> {
    let reply = ["button_reply", "list_reply"].iter().find_map(|reply| content[reply]["title"].as_str());
    reply.or_else(|| content["nfm_reply"]["response_json"].as_str()).or_else(|| content["body"]["text"].as_str())
}

fn interactive(content: &Value) -> Map<String, Value> {
    let mut view = Map::new();
    let mut put = |name: &str, value: &Value| {
        if !value.is_null() {
            view.insert(name.into(), value.clone());
        }
    };
    put("header", &content["header"]);
    put("footer", &content["footer"]["text"]);
    put("list_button", &content["action"]["button"]);
    put("link", &content["action"]["parameters"]["url"]);
    put("link_text", &content["action"]["parameters"]["display_text"]);
    put("form_button", &content["action"]["parameters"]["flow_cta"]);
    for reply in ["button_reply", "list_reply"] {
        put("choice", &content[reply]);
    }
    view
}

/// Where a choice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Button,
    Row,
    /// An answer button of a template.
    Template,
}

/// A button or row that can be tapped.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) id: String,
    pub(super) title: String,
    description: Option<String>,
    section: Option<String>,
    place: Place,
}

impl Choice {
    /// What tapping it sends.
    pub(super) fn as_reply(&self) -> Content {
        let (id, title) = (self.id.clone(), self.title.clone());
        match self.place {
            Place::Button => Content::ButtonReply { id, title },
            Place::Row => Content::ListReply { id, title, description: self.description.clone() },
            Place::Template => Content::TemplateButton { text: title, payload: Some(id) },
        }
    }

    fn view(&self) -> Value {
        let mut view = json!({ "id": self.id, "title": self.title });
        if let Some(description) = &self.description {
            view["description"] = description.as_str().into();
        }
        if let Some(section) = &self.section {
            view["section"] = section.as_str().into();
        }
        view
    }
}

/// The buttons and rows of a message.
pub(super) fn choices(message: &str) -> Vec<Choice> {
    serde_json::from_str(message).map(|message| choices_in(&message)).unwrap_or_default()
}

fn choices_in(message: &Value) -> Vec<Choice> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let action = &message["interactive"]["action"];
    let button = |button: &Value| {
        let reply = &button["reply"];
        Some(Choice {
            id: text(&reply["id"])?,
            title: text(&reply["title"])?,
            description: None,
            section: None,
            place: Place::Button,
        })
    };
    let row = |row: &Value, section: &Value| {
        Some(Choice {
            id: text(&row["id"])?,
            title: text(&row["title"])?,
            description: text(&row["description"]).filter(|text| !text.is_empty()),
            section: text(section).filter(|text| !text.is_empty()),
            place: Place::Row,
        })
    };
    let template = |button: &Value| {
        let title = text(&button["title"]).filter(|_| button["type"] == "quick_reply")?;
        Some(Choice { id: text(&button["id"])?, title, description: None, section: None, place: Place::Template })
    };
    let mut choices: Vec<_> = items(&action["buttons"]).iter().filter_map(button).collect();
    for section in items(&action["sections"]) {
        choices.extend(items(&section["rows"]).iter().filter_map(|item| row(item, &section["title"])));
    }
    choices.extend(items(&message["shown"]["buttons"]).iter().filter_map(template));
    choices
}
