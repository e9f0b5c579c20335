//! What an operator sets.

use santun_plugin::limited::{Limited, RowTitle};
use santun_plugin::prelude::*;

/// The greeting and the menu.
#[derive(Clone, Debug, Config)]
pub struct Settings {
    /// The answer to a greeting. `{bot}`, `{business}` and `{about}` are filled in. Empty: built-in words.
    #[config(default = "")]
    pub greeting: String,
    /// The same in English.
    #[config(default = "")]
    pub greeting_en: String,
    /// The items of the menu, in order.
    #[config(default)]
    pub items: Vec<Item>,
}

/// One item. It has a text, or items under it, or steps, or is answered elsewhere.
#[derive(Clone, Debug, Config)]
pub struct Item {
    /// A short name, unique here: letters, digits, hyphens.
    pub id: String,
    /// What the customer sees: at most 24 characters, or 20 where up to two items stand as buttons.
    pub title: String,
    /// The same in English; without it, the title.
    pub title_en: Option<String>,
    /// A few more words in a list: at most 72 characters.
    pub description: Option<String>,
    /// The same in English.
    pub description_en: Option<String>,
    /// The answer, or the words above the items under it, or before the first of the steps.
    pub text: Option<String>,
    /// The same in English; without it, the text.
    pub text_en: Option<String>,
    /// The id of the item that this one stands under; without it, it stands in the main menu.
    pub under: Option<String>,
    /// Other words by which customers call it.
    #[config(default)]
    pub words: Vec<String>,
    /// Another plugin of the chain answers the title, such as "Lacak pesanan".
    #[config(default)]
    pub elsewhere: bool,
    /// Questions to be asked one by one; at the end a human takes over with the answers.
    #[config(default)]
    pub steps: Vec<Step>,
    /// What that human reads, with the answers in it: `Mau grosir: {interest}, {quantity}, kirim ke {city}.` Without it,
    /// the title and the answers.
    pub summary: Option<String>,
    /// The division that takes over after the steps.
    pub division: Option<Division>,
}

/// One question of a guided item.
#[derive(Clone, Debug, Config)]
pub struct Step {
    /// What is learnt, such as `city`: lower case, words joined by hyphens. What is known already is not
    /// asked again.
    pub attribute: String,
    /// The question.
    pub question: String,
    /// The same in English.
    pub question_en: Option<String>,
    /// Answers to choose from, at most eight of at most 24 characters; without them, the customer writes.
    #[config(default)]
    pub options: Vec<String>,
}

/// Rows of a list that items may take: one is for a human, one for going back.
const MOST_ITEMS: usize = 8;

impl Settings {
    /// Finds what would fail in front of a customer.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for (n, item) in self.items.iter().enumerate() {
            let wrong = |what: &str| Err(Error::new(format!("item `{}`: {what}", item.id)));
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
            if item.id.is_empty() || item.id.len() > 64 || !item.id.chars().all(plain) {
                return wrong("its id needs 1 to 64 letters, digits or hyphens");
            }
            if [crate::place::BACK, crate::place::MAIN].contains(&item.id.as_str()) {
                return wrong("this id is the menu's own: choose another");
            }
            if self.items[..n].iter().any(|other| other.id == item.id) {
                return wrong("two items have this id");
            }
            item.check_titles()?;
            let children = self.children(Some(&item.id)).count();
            let kinds = [!item.steps.is_empty(), children > 0, item.elsewhere];
            match kinds.iter().filter(|kind| **kind).count() {
                0 if item.text.is_none() => {
                    return wrong("it leads nowhere: give it `text`, `steps`, items with `under`, or `elsewhere`");
                }
                0 | 1 => {}
                _ => return wrong("it can have only one of `steps`, items under it, and `elsewhere`"),
            }
            if children > MOST_ITEMS {
                return wrong("more than eight items stand under it: WhatsApp's lists have ten rows");
            }
            self.check_way_up(item)?;
            item.check_summary()?;
            item.steps.iter().try_for_each(|step| step.check(item))?;
        }
        if self.children(None).count() > MOST_ITEMS {
            return Err("the main menu has more than eight items: put some `under` others".into());
        }
        self.check_levels()
    }

    /// The items under an item, or of the main menu.
    pub(crate) fn children<'a>(&'a self, parent: Option<&'a str>) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(move |item| item.under.as_deref() == parent)
    }

    fn check_way_up(&self, item: &Item) -> Result<(), Error> {
        let mut at = item;
        for _ in 0..=self.items.len() {
            let Some(parent) = at.under.as_deref() else { return Ok(()) };
            let Some(found) = self.items.iter().find(|other| other.id == parent) else {
                return Err(Error::new(format!("item `{}`: there is no item `{parent}` to stand under", at.id)));
            };
            at = found;
        }
        Err(Error::new(format!("item `{}` stands under itself", item.id)))
    }

    /// Titles that stand together must differ.
    fn check_levels(&self) -> Result<(), Error> {
        for (n, item) in self.items.iter().enumerate() {
            let beside = |other: &&Item| other.under == item.under;
            for other in self.items[..n].iter().filter(beside) {
                let english = |item: &Item| item.title_en.clone().unwrap_or_else(|| item.title.clone());
                if other.title == item.title || english(other) == english(item) {
                    return Err(Error::new(format!("items `{}` and `{}` have one title", other.id, item.id)));
                }
            }
        }
        Ok(())
    }
}

impl Item {
    /// All that customers call it: its titles in both languages, and other words.
    pub(crate) fn called(&self) -> Vec<&str> {
        let titles = [Some(&self.title), self.title_en.as_ref()].into_iter().flatten();
        titles.chain(&self.words).map(String::as_str).collect()
    }

    fn check_titles(&self) -> Result<(), Error> {
        let wrong = |error: Forbidden| Error::new(format!("item `{}`: {error}", self.id));
        for title in [Some(&self.title), self.title_en.as_ref()].into_iter().flatten() {
            RowTitle::new(title.clone()).map_err(wrong)?;
        }
        for words in [&self.description, &self.description_en].into_iter().flatten() {
            RowDescription::new(words.clone()).map_err(wrong)?;
        }
        for text in [&self.text, &self.text_en].into_iter().flatten() {
            // What stands above buttons and lists.
            Limited::<1000>::new(text.clone()).map_err(wrong)?;
        }
        Ok(())
    }
}

impl Item {
    /// Each step has its place in the summary, and nothing else has one.
    fn check_summary(&self) -> Result<(), Error> {
        let Some(summary) = &self.summary else { return Ok(()) };
        let wrong = |what: String| Err(Error::new(format!("item `{}`: {what}", self.id)));
        let placed: Vec<&str> = summary.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
        if let Some(name) = placed.iter().find(|name| !self.steps.iter().any(|step| step.attribute == **name)) {
            return wrong(format!("`summary` has `{{{name}}}`, and no step asks for it"));
        }
        match self.steps.iter().find(|step| !placed.contains(&step.attribute.as_str())) {
            Some(step) => wrong(format!("`summary` leaves out `{{{}}}`: give it a place", step.attribute)),
            None => Ok(()),
        }
    }
}

impl Step {
    fn check(&self, item: &Item) -> Result<(), Error> {
        let wrong = |what: String| Err(Error::new(format!("item `{}`, step `{}`: {what}", item.id, self.attribute)));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.attribute.is_empty() || self.attribute.len() > 64 || !self.attribute.chars().all(plain) {
            return wrong("`attribute` needs lower-case letters, digits or hyphens".to_owned());
        }
        if self.options.len() > MOST_ITEMS {
            return wrong("more than eight options".to_owned());
        }
        let mut titles: Vec<&String> = self.options.iter().collect();
        titles.sort();
        titles.dedup();
        if titles.len() < self.options.len() {
            return wrong("two options are the same".to_owned());
        }
        for text in [Some(&self.question), self.question_en.as_ref()].into_iter().flatten() {
            if let Err(error) = Limited::<1000>::new(text.clone()) {
                return wrong(error.to_string());
            }
        }
        match self.options.iter().find_map(|option| RowTitle::new(option.clone()).err()) {
            Some(error) => wrong(error.to_string()),
            None => Ok(()),
        }
    }
}
