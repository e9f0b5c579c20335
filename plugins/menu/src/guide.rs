//! Guided items: questions one by one, and a human at the end who has the answers.

use santun_language::{Words, normalise, topics, words, words_of};
use santun_plugin::prelude::*;

use crate::config::{Item, Step};
use crate::place::{Guide, Place};
use crate::summary;
use crate::texts;
use crate::tree::{Tree, offer};
use crate::words::alike;

/// The longest answer that is taken as one, in characters.
const LONGEST: usize = 200;

/// Opens a guided item at the first question whose answer is not known.
pub(crate) fn begin(item: &Item, menu: &Tree<'_>, place: &mut Place) -> Result<Verdict, Error> {
    place.up = item.under.clone();
    place.guide = Some(Guide { item: item.id.clone(), step: 0, answers: Vec::new() });
    proceed(item, menu, place, None)
}

/// A typed answer to the open question. What is none is a fallback: another plugin may know what it means.
pub(crate) fn answer(text: &str, menu: &Tree<'_>, place: &mut Place) -> Result<Verdict, Error> {
    let Some((item, step)) = open_step(menu, place) else {
        place.guide = None;
        return menu.fallback(place);
    };
    let text = text.trim();
    if !step.options.is_empty() {
        return match chosen(step, text) {
            Some(option) => take(item, step, option, menu, place),
            None => ask(item, step, menu, place, Some(texts::not_an_option(menu.context)), Reply::fallback),
        };
    }
    if text.is_empty() || text.chars().count() > LONGEST {
        return ask(item, step, menu, place, Some(texts::shorter(menu.context)), Reply::fallback);
    }
    if asks_something_else(text) {
        return ask(item, step, menu, place, Some(texts::not_known(menu.context)), Reply::fallback);
    }
    take(item, step, text.to_owned(), menu, place)
}

/// Whether a text asks about something rather than answers: "ongkirnya brp", but not "ke Solo bisa kan?".
fn asks_something_else(text: &str) -> bool {
    let words = normalise(text);
    let asks = words.asks() || words.words().any(|word| QUESTIONS.has(word));
    asks && !topics(&words).is_empty()
}

const QUESTIONS: Words = words!("berapa bagaimana kapan how when");

/// Asks the open question again after these words: nothing was answered.
pub(crate) fn remind(before: &str, menu: &Tree<'_>, place: &mut Place) -> Result<Verdict, Error> {
    match open_step(menu, place) {
        Some((item, step)) => ask(item, step, menu, place, Some(before), Reply::question),
        None => {
            place.guide = None;
            menu.fallback(place)
        }
    }
}

/// A tapped answer, `<step>:<option>`; nothing if that question is no longer open.
pub(crate) fn choose(tapped: &str, menu: &Tree<'_>, place: &mut Place) -> Result<Option<Verdict>, Error> {
    let Some((item, step)) = open_step(menu, place) else { return Ok(None) };
    let open = place.guide.as_ref().map(|guide| guide.step);
    let Some((number, option)) = tapped.split_once(':') else { return Ok(None) };
    if number.parse().ok() != open {
        return Ok(None);
    }
    let option = option.parse::<usize>().ok().and_then(|option| step.options.get(option));
    match option {
        Some(option) => take(item, step, option.clone(), menu, place).map(Some),
        None => Ok(None),
    }
}

fn open_step<'m>(menu: &'m Tree<'_>, place: &Place) -> Option<(&'m Item, &'m Step)> {
    let guide = place.guide.as_ref()?;
    let item = menu.item(&guide.item)?;
    Some((item, item.steps.get(guide.step as usize)?))
}

/// The option that a text names: by number, by its words, typos included.
fn chosen(step: &Step, text: &str) -> Option<String> {
    let typed = words_of(text);
    if let [only] = &typed[..]
        && let Ok(number) = only.parse::<usize>()
        && let Some(option) = number.checked_sub(1).and_then(|place| step.options.get(place))
        && !step.options.iter().any(|option| option.trim() == only)
    {
        return Some(option.clone());
    }
    let options: Vec<(&String, Vec<&str>)> =
        step.options.iter().map(|option| (option, vec![option.as_str()])).collect();
    named(&options, &typed).cloned()
}

/// The option that words name, each option with all it is called: one of which every word was typed, or, if there is no
/// such, the only one in which every typed word is found, as "kemeja" is in "Kemeja batik".
pub(crate) fn named<T: Copy>(options: &[(T, Vec<&str>)], typed: &[String]) -> Option<T> {
    let in_list = |word: &String, list: &[String]| list.iter().any(|other| alike(other, word) || alike(word, other));
    let telling: Vec<String> = typed.iter().filter(|word| !BESIDE.has(word)).cloned().collect();
    let wholly = |title: &&str| {
        let meant = words_of(title);
        !meant.is_empty() && meant.iter().all(|word| in_list(word, typed))
    };
    let partly = |title: &&str| {
        let meant = words_of(title);
        !telling.is_empty() && telling.iter().all(|word| in_list(word, &meant))
    };
    let of = |fits: &dyn Fn(&&str) -> bool| -> Vec<T> {
        options.iter().filter(|(_, titles)| titles.iter().any(fits)).map(|(option, _)| *option).collect()
    };
    match (&of(&wholly)[..], &of(&partly)[..]) {
        ([only], _) | ([], [only]) => Some(*only),
        _ => None,
    }
}

/// What stands beside a choice: "yang kemeja aja kak".
const BESIDE: Words = words!(
    "\
    yang yg kak kakak min dong aja saja ya deh mau pilih itu ini please the one aku saya nya sih i want kalau kalo \
    klo gimana gmn ada jual punya lihat liat info tentang soal minta apa ga gak nggak kan beli do you sell have any \
    what about show me is are there a some buy to see id like"
);

fn take(item: &Item, step: &Step, value: String, menu: &Tree<'_>, place: &mut Place) -> Result<Verdict, Error> {
    if let Some(guide) = &mut place.guide {
        guide.answers.push((step.attribute.clone(), value.clone()));
        guide.step += 1;
    }
    proceed(item, menu, place, Some((step.attribute.clone(), value)))
}

/// The next question whose answer is not known, or the end.
fn proceed(
    item: &Item,
    menu: &Tree<'_>,
    place: &mut Place,
    learnt: Option<(String, String)>,
) -> Result<Verdict, Error> {
    loop {
        let Some(guide) = &mut place.guide else { return menu.fallback(place) };
        let Some(step) = item.steps.get(guide.step as usize) else { break };
        match menu.context.attribute(&step.attribute) {
            Some(known) => {
                guide.answers.push((step.attribute.clone(), known.to_owned()));
                guide.step += 1;
            }
            None => {
                let before = if learnt.is_none() { menu.text(item) } else { None };
                let verdict = ask(item, step, menu, place, before.as_deref(), Reply::question)?;
                return Ok(match learnt {
                    Some((name, value)) => verdict.attribute(name, value),
                    None => verdict,
                });
            }
        }
    }
    let answers = place.guide.take().map(|guide| guide.answers).unwrap_or_default();
    place.offered.clear();
    Ok(hand_over(item, &answers, learnt))
}

fn ask(
    item: &Item,
    step: &Step,
    menu: &Tree<'_>,
    place: &mut Place,
    before: Option<&str>,
    reply: fn(Outgoing) -> Reply,
) -> Result<Verdict, Error> {
    let english = step.question_en.as_ref().filter(|_| menu.context.english());
    let mut question = english.unwrap_or(&step.question).clone();
    if let Some(before) = before {
        question = format!("{before} {question}");
    }
    let number = place.guide.as_ref().map_or(0, |guide| guide.step);
    let options = step.options.iter().enumerate();
    let options: Vec<_> = options.map(|(n, option)| (format!("step:{number}:{n}"), option.clone(), None)).collect();
    place.offered.clear();
    let message = offer(menu.context, question, options, true)?;
    let why = format!("asks for `{}` of `{}`", step.attribute, item.title);
    Ok(Verdict::reply(reply(message), why))
}

fn hand_over(item: &Item, answers: &[(String, String)], learnt: Option<(String, String)>) -> Verdict {
    let mut call = Handover::new(Reason::Negotiation, summary::of(item, answers));
    if let Some(division) = &item.division {
        call = call.division(division.clone());
    }
    for (name, value) in answers {
        call = call.fact(name, value);
    }
    let why = format!("all questions of `{}` are answered: a human closes it", item.title);
    let verdict = Verdict::handover(call, why).label("lead");
    match learnt {
        Some((name, value)) => verdict.attribute(name, value),
        None => verdict,
    }
}
