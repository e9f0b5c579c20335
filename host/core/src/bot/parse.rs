//! From the text of `bot.toml` to a [`Bot`], or to everything that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::DeTable;

use super::reading::{Reader, Section, did_you_mean};
use super::{Bot, BotError, Division};
use crate::ids::Purpose;
use crate::language::Language;

mod channel;
mod office;
mod plugin;
mod policy;
mod reference;

impl Bot {
    /// Reads and checks a `bot.toml`.
    ///
    /// # Errors
    /// Everything that is wrong in the document, in its order, each with its line and column.
    pub fn parse(text: &str) -> Result<Self, BotError> {
        let reader = Reader::new(text);
        let (document, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            for error in errors {
                reader.problem(
                    error.span().map_or(0, |span| span.start),
                    format!("not TOML: {}", error.message().trim()),
                );
            }
            return Err(BotError { problems: reader.problems() });
        }
        let root = Section::new(&reader, "the document", document.get_ref(), 0..0);
        let bot = read(root);
        let problems = reader.problems();
        if problems.is_empty() { Ok(bot) } else { Err(BotError { problems }) }
    }
}

/// Reads the whole document. What is wrong is noted in the reader, and stands in the result as a
/// placeholder that nobody will see.
fn read(root: Section<'_, '_>) -> Bot {
    let mut bot = Bot {
        name: String::new(),
        business: String::new(),
        language: Language::default(),
        about: String::new(),
        about_in: BTreeMap::new(),
        privacy_notice: None,
        texts: None,
        channels: channel::read_all(&root),
        plugins: plugin::read_all(&root),
        divisions: divisions(&root),
        office: office::read(&root),
        policy: policy::read(&root),
        purposes: purposes(&root),
    };
    introduce(&root, &mut bot);
    check_chains(&root, &bot);
    root.finish();
    bot
}

/// Reads `[bot]`.
fn introduce(root: &Section<'_, '_>, bot: &mut Bot) {
    let Some(section) = root.section("bot", "[bot]") else {
        root.problem("`[bot]` is missing: it says the bot's name, its business, and what it can help with");
        return;
    };
    bot.name = short(&section, "name", 40);
    bot.business = short(&section, "business", 80);
    bot.about = short(&section, "about", 200);
    if let Some(others) = section.section("about_in", "`about_in`") {
        for (language, code) in [(Language::Id, "id"), (Language::En, "en")] {
            if others.value(code).is_some() {
                bot.about_in.insert(language, short(&others, code, 200));
            }
        }
        others.finish();
    }
    bot.language = section
        .value("language")
        .and_then(|value| value.one_of(&[("id", Language::Id), ("en", Language::En)]))
        .unwrap_or_default();
    if let Some(value) = section.value("privacy_notice")
        && let Some(url) = value.filled_text()
    {
        if !is_https(&url) {
            value.problem(format!("`privacy_notice` must be an address that begins with https://, not `{url}`"));
        }
        bot.privacy_notice = Some(url);
    }
    bot.texts = section.value("texts").and_then(|value| value.filled_text());
    section.finish();
}

/// A text that the host's own words carry: one line, and short enough to leave them room.
fn short(section: &Section<'_, '_>, key: &'static str, most: usize) -> String {
    let text = section.required_text(key);
    if text.chars().count() > most || text.contains(['\n', '{', '}']) {
        section.problem(format!(
            "`{key}` in {} must be one line of at most {most} characters, without braces",
            section.name()
        ));
    }
    if let Some((_, promise)) = crate::gate::promised(&text).next() {
        section.problem(format!(
            "`{key}` in {} {}: only the office's real state can make that true; the host says it by itself",
            section.name(),
            promise.in_words()
        ));
    }
    text
}

fn is_https(url: &str) -> bool {
    url.strip_prefix("https://")
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace))
}

/// Reads `[[division]]`: the way to a human, without which nothing is served.
fn divisions(root: &Section<'_, '_>) -> Vec<Division> {
    let sections = root.sections("division");
    if sections.is_empty() {
        root.problem("there must be at least one `[[division]]`: a bot without a way to a human is not served");
    }
    let mut names = Names::of("division");
    sections
        .into_iter()
        .map(|section| {
            let name = names.read(&section);
            let answer_minutes = section.number_or("answer_minutes", 10, 1..=1_440);
            section.finish();
            Division { name: name.into(), answer_minutes }
        })
        .collect()
}

/// Reads `[purpose.…]`: what the business may ask consent for, in each language.
fn purposes(root: &Section<'_, '_>) -> BTreeMap<Purpose, BTreeMap<Language, String>> {
    let Some(section) = root.section("purpose", "[purpose]") else { return BTreeMap::new() };
    let mut purposes = BTreeMap::new();
    for (key, value) in section.entries() {
        if !is_name(&key.text) {
            key.problem(format!("the purpose `{}` needs a name of letters, digits, `-` and `_`, at most 64", key.text));
        }
        let Some(words) = value.section(format!("[purpose.{}]", key.text)) else { continue };
        let by_language = [(Language::Id, "id"), (Language::En, "en")]
            .map(|(language, code)| (language, short(&words, code, 80)))
            .into_iter()
            .collect();
        words.finish();
        purposes.insert(Purpose::from(key.text), by_language);
    }
    purposes
}

/// Checks that chains name plugins that exist, and each only once.
fn check_chains(root: &Section<'_, '_>, bot: &Bot) {
    let known: Vec<&str> = bot.plugins.iter().map(|plugin| plugin.name.as_str()).collect();
    for section in root.sections("channel") {
        let mut seen = BTreeSet::new();
        for value in section.list("chain") {
            let Some(name) = value.text() else { continue };
            if !known.contains(&name.as_str()) {
                value.problem(format!(
                    "the chain names a plugin `{name}` that does not exist; {}",
                    did_you_mean(&name, &known)
                ));
            }
            if !seen.insert(name.clone()) {
                value.problem(format!("the chain names `{name}` twice"));
            }
        }
    }
}

/// The names of things of one kind: well formed, and each used once.
struct Names {
    kind: &'static str,
    seen: BTreeSet<String>,
}

impl Names {
    fn of(kind: &'static str) -> Self {
        Self { kind, seen: BTreeSet::new() }
    }

    /// The `name` of a section.
    fn read(&mut self, section: &Section<'_, '_>) -> String {
        let name = section.required_text("name");
        if name.is_empty() {
            return name;
        }
        if !is_name(&name) {
            section.problem(format!(
                "the {} `{name}` needs a name of letters, digits, `-` and `_`, at most 64",
                self.kind
            ));
        }
        if !self.seen.insert(name.clone()) {
            section.problem(format!("there are two {}s named `{name}`; give each its own name", self.kind));
        }
        name
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
