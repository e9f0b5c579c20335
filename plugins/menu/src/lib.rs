//! The menu: says hello, says what the bot can do, guides step by step, answers thanks, and admits what it
//! does not understand. It belongs at the end of a chain: whatever the plugins before it leave, it takes.

pub mod config;
mod guide;
mod place;
mod summary;
mod texts;
mod tree;
mod words;

use santun_language::words_of;
use santun_plugin::prelude::*;

use config::Settings;
use place::Place;
use words::Said;

/// The plugin.
pub struct Menu;

#[plugin(
    name = "menu",
    purpose(
        id = "Menyapa, menunjukkan apa yang bisa dibantu, memandu langkah demi langkah, dan jujur bila tidak paham",
        en = "Greets, shows what the bot can do, guides step by step, and admits what it does not understand",
    ),
    languages("id", "en"),
    examples(
        "halo kak" => reply,
        "assalamualaikum" => reply,
        "menu" => reply,
        "makasih kak" => reply,
        "xyzzy plugh" => reply,
    ),
)]
impl Plugin for Menu {
    type Config = Settings;

    fn prepare(config: Settings) -> Result<Prepared, Error> {
        config.check()?;
        Prepared::of(&config)
    }

    fn handle(event: &Event, context: &Context, host: &dyn Host) -> Result<Verdict, Error> {
        if matches!(event, Event::HandedBack(_)) {
            return Ok(Verdict::pass("the customer has written nothing since the hand-back"));
        }
        if let Some(why) = nothing_to_read(event) {
            return Ok(Verdict::pass(why));
        }
        let menu = tree::Tree { settings: host.prepared()?, context };
        let mut place = Place::recall(host, context.now);
        let verdict = decide(event, &menu, &mut place)?;
        place.remember(host, context.now)?;
        Ok(verdict)
    }
}

/// Why there is nothing here that words could answer, if so.
fn nothing_to_read(event: &Event) -> Option<&'static str> {
    let messages = event.messages();
    if messages.iter().all(|message| matches!(message.content, Content::Reaction(_))) {
        return Some("a reaction asks for nothing");
    }
    if event.needs_eyes() {
        return Some("something that somebody must look at");
    }
    let sticker = |content: &Content| matches!(content, Content::Media(media) if media.caption.is_none());
    let unread = |content: &Content| sticker(content) || matches!(content, Content::Other(_) | Content::Reaction(_));
    messages.iter().all(|message| unread(&message.content)).then_some("nothing in words")
}

fn decide(event: &Event, menu: &tree::Tree<'_>, place: &mut Place) -> Result<Verdict, Error> {
    let text = event.text();
    let typed = words_of(&text);
    let said = words::understand(&text, &typed);
    let tapped = event.choice().and_then(|choice| choice.id.strip_prefix("menu:"));

    if let Some(tapped) = tapped {
        if let Some(verdict) = tap(tapped, menu, place)? {
            return Ok(verdict);
        }
    } else if place.guide.is_some() && !matches!(said, Said::Menu | Said::Back | Said::Cancel | Said::Abilities) {
        return match texts::still_here(said, menu.context) {
            Some(before) => guide::remind(before, menu, place),
            None => guide::answer(&text, menu, place),
        };
    }

    match said {
        Said::Menu => menu.main(place, texts::main_menu(menu.context), "asked for the menu"),
        Said::Back | Said::Cancel => back(menu, place),
        Said::Number(number) if place.offered(number).is_some() => {
            let id = place.offered(number).unwrap_or_default().to_owned();
            match id.as_str() {
                place::BACK => back(menu, place),
                id => open(id, menu, place),
            }
        }
        Said::Greeting(hello) => {
            let body = menu.greeting(hello);
            menu.greet(place, body)
        }
        Said::Abilities => {
            place.told += 1;
            menu.main(place, texts::abilities(menu.context, place.told), "asked what the bot can do")
        }
        Said::Chat => {
            place.chatted += 1;
            let words = texts::chat(menu.context, place.chatted);
            Ok(Verdict::reply(Reply::answer(words), "small talk: nothing is asked"))
        }
        Said::Thanks | Said::Fine => {
            place.thanked += 1;
            let words = texts::closing(menu.context, said == Said::Thanks, place.thanked);
            Ok(Verdict::reply(Reply::answer(words), "thanks or a nod: nothing is open"))
        }
        _ => match menu.named(&typed).or_else(|| menu.named_of_offered(&typed, place)) {
            Some(id) => open(&id, menu, place),
            None => menu.fallback(place),
        },
    }
}

/// What a tapped option of this plugin leads to; nothing if there is no such option any more, or if another
/// plugin was to answer it and none did.
fn tap(id: &str, menu: &tree::Tree<'_>, place: &mut Place) -> Result<Option<Verdict>, Error> {
    if id == place::BACK {
        return back(menu, place).map(Some);
    }
    if id == place::MAIN {
        return menu.main(place, texts::main_menu(menu.context), "asked for the menu").map(Some);
    }
    if let Some(option) = id.strip_prefix("step:") {
        return guide::choose(option, menu, place);
    }
    if menu.item(id).is_none() {
        return Ok(None);
    }
    open(id, menu, place).map(Some)
}

/// Opens an item: its text, the items under it, or its first question.
fn open(id: &str, menu: &tree::Tree<'_>, place: &mut Place) -> Result<Verdict, Error> {
    let Some(item) = menu.item(id) else { return menu.fallback(place) };
    place.guide = None;
    if !item.steps.is_empty() {
        return guide::begin(item, menu, place);
    }
    if menu.has_under(id) {
        return menu.level(Some(item), place);
    }
    match menu.text(item) {
        Some(text) => menu.answer(item, text, place),
        // Another plugin of the chain answers it, and none did.
        None => menu.fallback(place),
    }
}

/// One level up; out of a guide, to where it began.
fn back(menu: &tree::Tree<'_>, place: &mut Place) -> Result<Verdict, Error> {
    place.guide = None;
    match place.up.as_deref().and_then(|up| menu.item(up)) {
        Some(parent) => menu.level(Some(parent), place),
        None => menu.main(place, texts::main_menu(menu.context), "went back to the menu"),
    }
}

#[cfg(test)]
mod tests;
