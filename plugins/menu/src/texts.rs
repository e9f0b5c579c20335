//! The plugin's own words.

use santun_plugin::prelude::*;

use crate::words::{Hello, Said};

pub(crate) fn human(context: &Context) -> Title {
    if context.english() { title!("Talk to a human") } else { title!("Bicara dengan Agen") }
}

pub(crate) fn human_row(context: &Context) -> RowTitle {
    if context.english() { row_title!("Talk to a human") } else { row_title!("Bicara dengan Agen") }
}

pub(crate) fn opener(context: &Context) -> Title {
    if context.english() { title!("See options") } else { title!("Lihat pilihan") }
}

pub(crate) fn back(context: &Context) -> Title {
    if context.english() { title!("Back") } else { title!("Kembali") }
}

pub(crate) fn back_row(context: &Context) -> RowTitle {
    if context.english() { row_title!("Back") } else { row_title!("Kembali") }
}

pub(crate) fn main_menu(context: &Context) -> String {
    context
        .say("Ini yang bisa aku bantu, kak. Silakan pilih ya:", "Here's what I can help with. Please choose:")
        .to_owned()
}

pub(crate) fn pick(context: &Context) -> &'static str {
    context.say("Silakan pilih ya, kak:", "Please choose:")
}

/// Answers a greeting. Before the session's first bot message the host says hello and who is speaking, so
/// that one only asks; a salam is answered all the same.
pub(crate) fn greeting(context: &Context, said: Hello) -> String {
    let first = context.counters.bot_replies == 0;
    let name = context.contact.name.as_deref().and_then(|name| name.split_whitespace().next());
    match (first, said, context.english(), name) {
        (true, Hello::Salam, false, _) => "Waalaikumsalam, kak. Mau dibantu soal apa?".to_owned(),
        (true, Hello::Salam, true, _) => "Waalaikumsalam. What can I help you with?".to_owned(),
        (true, _, false, _) => "Mau dibantu soal apa, kak?".to_owned(),
        (true, _, true, _) => "What can I help you with?".to_owned(),
        (false, _, false, Some(name)) => format!("{} kak {name}! Ada yang bisa aku bantu?", hello(context, said)),
        (false, _, false, None) => format!("{} kak! Ada yang bisa aku bantu?", hello(context, said)),
        (false, _, true, Some(name)) => format!("{}, {name}! How can I help?", hello(context, said)),
        (false, _, true, None) => format!("{}! How can I help?", hello(context, said)),
    }
}

fn hello(context: &Context, hello: Hello) -> &'static str {
    match (hello, context.english()) {
        (Hello::Salam, _) => "Waalaikumsalam",
        (Hello::Morning, false) => "Selamat pagi",
        (Hello::Midday, false) => "Selamat siang",
        (Hello::Afternoon, false) => "Selamat sore",
        (Hello::Evening, false) => "Selamat malam",
        (Hello::Morning, true) => "Good morning",
        (Hello::Midday | Hello::Afternoon, true) => "Good afternoon",
        (Hello::Evening, true) => "Good evening",
        (Hello::Plain, false) => "Halo",
        (Hello::Plain, true) => "Hello",
    }
}

/// A short warm word; the second and the third one differ, so that nobody reads the same twice in a row.
pub(crate) fn closing(context: &Context, thanks: bool, count: u32) -> &'static str {
    match (thanks, context.english(), count % 3) {
        (true, false, 1) => "Sama-sama, kak 🙏 Kalau ada yang lain, tulis saja ya.",
        (true, false, 2) => "Dengan senang hati, kak 😊",
        (true, false, _) => "Siap, kak. Sama-sama 🙏",
        (false, false, 1) => "Siap, kak 👍 Kalau ada yang lain, tulis saja ya.",
        (false, false, 2) => "Baik, kak 😊",
        (false, false, _) => "Sip, kak 👍",
        (true, true, 1) => "You're welcome 🙏 If there is anything else, just write.",
        (true, true, 2) => "My pleasure 😊",
        (true, true, _) => "Any time 🙏",
        (false, true, 1) => "Great 👍 If there is anything else, just write.",
        (false, true, 2) => "All right 😊",
        (false, true, _) => "Sure 👍",
    }
}

/// A friendly word to laughter and musing, in other words each time.
pub(crate) fn chat(context: &Context, count: u32) -> &'static str {
    match (context.english(), count % 3) {
        (false, 1) => "Hehe iya, kak 😊 Kalau ada yang mau ditanyakan, tulis saja ya.",
        (false, 2) => "Siap, kak 😄",
        (false, _) => "Santai saja, kak. Ada lagi yang mau ditanyakan?",
        (true, 1) => "😊 If there is anything you'd like to ask, just write.",
        (true, 2) => "All good 😄",
        (true, _) => "No rush. Is there anything else you'd like to ask?",
    }
}

/// What the bot can do, above the menu; in other words each time.
pub(crate) fn abilities(context: &Context, count: u32) -> String {
    let about = context.bot.about.trim();
    match (context.english(), about.is_empty(), count % 2) {
        (_, true, 1) => main_menu(context),
        (false, false, 1) => format!("Aku bisa bantu soal {about}, kak. Silakan pilih, atau langsung tulis saja ya:"),
        (true, false, 1) => format!("I can help with {about}. Please choose, or just write:"),
        (false, ..) => "Kakak bisa pilih di bawah ini, atau langsung tulis pertanyaannya ya:".to_owned(),
        (true, ..) => "You can choose below, or just write what you'd like to know:".to_owned(),
    }
}

/// What goes before the open question of guided steps when nothing was answered and nothing asked.
pub(crate) fn still_here(said: Said, context: &Context) -> Option<&'static str> {
    let (id, en) = match said {
        Said::Chat => ("Hehe, siap kak 😊", "😊"),
        Said::Greeting(Hello::Salam) => ("Waalaikumsalam 😊", "Waalaikumsalam 😊"),
        Said::Greeting(_) => ("Iya kak, aku masih di sini 😊", "Yes, I'm still here 😊"),
        Said::Thanks => ("Sama-sama kak 😊", "You're welcome 😊"),
        _ => return None,
    };
    Some(context.say(id, en))
}

/// Before a question with options whose answer named none of them.
pub(crate) fn not_an_option(context: &Context) -> &str {
    context.say("Maaf kak, aku belum paham pilihannya.", "Sorry, I didn't catch which one you meant.")
}

/// Before a question whose answer was too long.
pub(crate) fn shorter(context: &Context) -> &str {
    context.say("Boleh ditulis singkat saja, kak?", "Could you put it in a few words?")
}

/// Before a question that was answered by another, which nobody of the chain knows. No promise: those are the host's.
pub(crate) fn not_known(context: &Context) -> &str {
    context.say("Yang itu aku belum tahu, kak.", "I don't know that one yet.")
}

pub(crate) fn fallback(context: &Context) -> String {
    let about = context.bot.about.trim();
    let again = context.counters.fallbacks_in_a_row > 0;
    // The host's introduction has just said what the bot can help with.
    let said = about.is_empty() || context.counters.bot_replies == 0;
    match (context.english(), again, said) {
        (false, false, false) => format!(
            "Maaf kak, aku belum paham maksudnya 🙏 Aku bisa bantu soal {about}. Boleh dijelaskan lagi, atau pilih \
             di bawah ini ya."
        ),
        (false, false, true) => {
            "Maaf kak, aku belum paham maksudnya 🙏 Boleh dijelaskan lagi, atau pilih di bawah ini ya.".to_owned()
        }
        (false, true, _) => "Maaf kak, yang ini aku juga belum paham 🙏 Supaya tidak bolak-balik, kakak bisa minta \
                             dibantu tim kami, atau pilih di bawah ini ya."
            .to_owned(),
        (true, false, false) => format!(
            "Sorry, I didn't understand that. I can help with {about}. Could you put it another way, or choose below?"
        ),
        (true, false, true) => {
            "Sorry, I didn't understand that. Could you put it another way, or choose below?".to_owned()
        }
        (true, true, _) => {
            "Sorry, I didn't get that one either. So that we don't go in circles: our team can help, or choose below."
                .to_owned()
        }
    }
}
