//! The menu itself: its levels, as buttons where they are few and as a list where they are many.

use santun_language::words_of;
use santun_plugin::prelude::*;

use crate::config::{Item, Settings};
use crate::guide;
use crate::place::{BACK, Place};
use crate::texts;
use crate::words::{Hello, alike};

/// The menu of one conversation.
pub(crate) struct Tree<'c> {
    pub settings: Settings,
    pub context: &'c Context,
}

/// One option: its id, its title, and a few more words.
type Option3 = (String, String, Option<String>);

impl Tree<'_> {
    /// The item of this id.
    pub(crate) fn item(&self, id: &str) -> Option<&Item> {
        self.settings.items.iter().find(|item| item.id == id)
    }

    /// Whether items stand under this one.
    pub(crate) fn has_under(&self, id: &str) -> bool {
        self.settings.children(Some(id)).next().is_some()
    }

    /// An item's text in the customer's language.
    pub(crate) fn text(&self, item: &Item) -> Option<String> {
        let text =
            if self.context.english() { item.text_en.as_ref().or(item.text.as_ref()) } else { item.text.as_ref() };
        text.map(|text| self.filled(text))
    }

    /// An item's title in the customer's language.
    pub(crate) fn title(&self, item: &Item) -> String {
        let english = item.title_en.as_ref().filter(|_| self.context.english());
        english.unwrap_or(&item.title).clone()
    }

    fn filled(&self, text: &str) -> String {
        let bot = &self.context.bot;
        let text = text.replace("{bot}", &bot.name).replace("{business}", &bot.business);
        text.replace("{about}", &bot.about)
    }

    /// The words that answer a greeting.
    pub(crate) fn greeting(&self, hello: Hello) -> String {
        let own = self.context.say(&self.settings.greeting, &self.settings.greeting_en);
        if !own.trim().is_empty() {
            return self.filled(own);
        }
        texts::greeting(self.context, hello)
    }

    /// Answers a greeting with what the bot can do.
    pub(crate) fn greet(&self, place: &mut Place, body: String) -> Result<Verdict, Error> {
        place.guide = None;
        let message = self.offer(None, body, place)?;
        Ok(Verdict::reply(Reply::greeting(message), "a greeting"))
    }

    /// The main menu.
    pub(crate) fn main(&self, place: &mut Place, body: String, why: &str) -> Result<Verdict, Error> {
        place.guide = None;
        let message = self.offer(None, body, place)?;
        Ok(Verdict::reply(Reply::question(message), why))
    }

    /// The items under an item, or the main menu.
    pub(crate) fn level(&self, parent: Option<&Item>, place: &mut Place) -> Result<Verdict, Error> {
        let body = parent.and_then(|parent| self.text(parent));
        let body = body.unwrap_or_else(|| texts::pick(self.context).to_owned());
        let message = self.offer(parent, body, place)?;
        let title = parent.map_or("menu", |parent| parent.title.as_str());
        Ok(Verdict::reply(Reply::question(message), format!("opened `{title}`")))
    }

    /// An item's answer, with the ways on from it.
    pub(crate) fn answer(&self, item: &Item, text: String, place: &mut Place) -> Result<Verdict, Error> {
        place.up = item.under.clone();
        place.offered = vec![BACK.to_owned()];
        let buttons = [
            Button::new(format!("menu:{BACK}"), texts::back(self.context))?,
            Button::human(texts::human(self.context)),
        ];
        let message = Buttons::new(text, buttons)?;
        Ok(Verdict::reply(Reply::answer(message), format!("answered `{}`", item.title)).fact("menu", &item.title))
    }

    /// Admits that the text was not understood, and offers what there is.
    pub(crate) fn fallback(&self, place: &mut Place) -> Result<Verdict, Error> {
        let message = self.offer(None, texts::fallback(self.context), place)?;
        Ok(Verdict::reply(Reply::fallback(message), "not understood: no greeting, no thanks, no item of the menu"))
    }

    /// The item that words name, typos included; none if it names several equally well.
    pub(crate) fn named(&self, typed: &[String]) -> Option<String> {
        if typed.is_empty() || typed.len() > 8 {
            return None;
        }
        let mut best: Option<(&Item, usize)> = None;
        let mut tied = false;
        for item in &self.settings.items {
            let Some(score) = self.names(item, typed) else { continue };
            match best {
                Some((_, known)) if known > score => {}
                Some((_, known)) if known == score => tied = true,
                _ => (best, tied) = (Some((item, score)), false),
            }
        }
        best.filter(|_| !tied).map(|(item, _)| item.id.clone())
    }

    /// The item, of those offered last or else of those right under them, that a text names by a part of what it is
    /// called.
    pub(crate) fn named_of_offered(&self, typed: &[String], place: &Place) -> Option<String> {
        if typed.len() > 8 {
            return None;
        }
        let offered: Vec<&Item> = place.offered.iter().filter_map(|id| self.item(id)).collect();
        let under: Vec<&Item> = offered.iter().flat_map(|item| self.settings.children(Some(&item.id))).collect();
        [offered, under].iter().find_map(|items| {
            let options: Vec<(&Item, Vec<&str>)> = items.iter().map(|item| (*item, item.called())).collect();
            guide::named(&options, typed).map(|item| item.id.clone())
        })
    }

    /// How many letters of words name an item; nothing if it does not.
    fn names(&self, item: &Item, typed: &[String]) -> Option<usize> {
        let letters = item.called().into_iter().filter_map(|title| {
            let meant = words_of(title);
            let meant: Vec<&String> =
                meant.iter().filter(|word| !["dan", "atau", "and", "or"].contains(&word.as_str())).collect();
            let found = |word: &&String| typed.iter().any(|typed| alike(typed, word));
            (!meant.is_empty() && meant.iter().all(found)).then(|| meant.iter().map(|word| word.len()).sum())
        });
        letters.max()
    }

    /// A message that offers a level: the items, the way back, and a human.
    fn offer(&self, parent: Option<&Item>, body: String, place: &mut Place) -> Result<Outgoing, Error> {
        place.up = parent.and_then(|parent| parent.under.clone());
        let mut options: Vec<Option3> = Vec::new();
        for item in self.settings.children(parent.map(|parent| parent.id.as_str())) {
            let english = item.description_en.as_ref().filter(|_| self.context.english());
            let description = english.or(item.description.as_ref()).cloned();
            options.push((item.id.clone(), self.title(item), description));
        }
        place.offered = options.iter().map(|(id, ..)| id.clone()).collect();
        if parent.is_some() {
            place.offered.push(BACK.to_owned());
        }
        offer(self.context, body, options, parent.is_some())
    }
}

/// A message with options under it and, always, the way to a human.
pub(crate) fn offer(context: &Context, body: String, options: Vec<Option3>, back: bool) -> Result<Outgoing, Error> {
    let few = options.len() + usize::from(back) <= 2;
    let short = options.iter().all(|(_, title, _)| Title::new(title.clone()).is_ok());
    if few && short {
        let mut buttons = Vec::with_capacity(3);
        for (id, title, _) in options {
            buttons.push(Button::new(format!("menu:{id}"), Title::new(title)?)?);
        }
        if back {
            buttons.push(Button::new(format!("menu:{BACK}"), texts::back(context))?);
        }
        buttons.push(Button::human(texts::human(context)));
        return Ok(Buttons::from_vec(body, buttons)?.into());
    }
    let mut rows = Vec::with_capacity(options.len() + 2);
    for (id, title, description) in options {
        let row = Row::new(format!("menu:{id}"), RowTitle::new(title)?)?;
        rows.push(match description {
            Some(description) => row.description(RowDescription::new(description)?),
            None => row,
        });
    }
    if back {
        rows.push(Row::new(format!("menu:{BACK}"), texts::back_row(context))?);
    }
    rows.push(Row::human(texts::human_row(context)));
    Ok(List::new(body, texts::opener(context), rows)?.into())
}
