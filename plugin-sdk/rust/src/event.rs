//! Reading what happened.

use crate::bindings::santun::plugin::types::{Choice, Content, Context, Event, Message};

impl Event {
    /// The customer's messages; empty after a hand-back.
    pub fn messages(&self) -> &[Message] {
        match self {
            Self::Messages(messages) => messages,
            Self::HandedBack(_) => &[],
        }
    }

    /// Everything that the customer typed, messages joined by line breaks: texts, words under pictures,
    /// words beside a cart, and the titles of what was tapped.
    pub fn text(&self) -> String {
        let mut all = String::new();
        for words in self.messages().iter().filter_map(|message| message.content.words()) {
            if !all.is_empty() {
                all.push('\n');
            }
            all.push_str(words);
        }
        all
    }

    /// The last button or row that the customer tapped, if any. A tap is never ambiguous: look here first.
    pub fn choice(&self) -> Option<&Choice> {
        self.messages().iter().rev().find_map(|message| match &message.content {
            Content::Choice(choice) => Some(choice),
            _ => None,
        })
    }

    /// Whether something came that words do not tell: a picture, a recording, a document, a cart, a place, a contact
    /// card or a form. Whoever answers only the words beside it has not answered the customer; if you cannot use it,
    /// pass, and the host calls a human.
    pub fn needs_eyes(&self) -> bool {
        self.messages().iter().any(|message| match &message.content {
            Content::Media(media) => media.kind != "sticker",
            Content::Order(_) | Content::Location(_) | Content::Contacts(_) | Content::Form(_) => true,
            _ => false,
        })
    }
}

impl Content {
    /// The customer's words in it, if it has any.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Choice(choice) => Some(&choice.title),
            Self::Media(media) => media.caption.as_deref(),
            Self::Order(order) => order.text.as_deref(),
            _ => None,
        }
    }
}

impl Context {
    /// Whether to answer in English; otherwise in Indonesian.
    pub fn english(&self) -> bool {
        self.language == "en"
    }

    /// The text in the customer's language.
    pub fn say<T>(&self, indonesian: T, english: T) -> T {
        if self.english() { english } else { indonesian }
    }

    /// What is known of the contact under this name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|fact| fact.name == name).map(|fact| &*fact.value)
    }
}
